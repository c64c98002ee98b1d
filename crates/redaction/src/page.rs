//! Pages as they look, and the text on them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use hayro::hayro_interpret::font::{FontData, FontQuery};
use hayro::hayro_interpret::hayro_cmap::CidFamily;
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{Context, InterpreterSettings, InterpreterWarning, interpret_page};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::kurbo::{Affine, Rect};
use hayro::{RenderCache, RenderSettings, render};
use image::RgbImage;

use crate::device::{Reader, TooMuch};
use crate::{Kind, MOST_PAGES, Refusal, picture};

/// Larger pages than a sheet of A0 are no documents.
const LARGEST_POINTS: f32 = 3_400.0;
/// The most pixels of one page: A3 at 200 to the inch.
pub(crate) const MOST_PIXELS: f32 = 8_000_000.0;

/// Typefaces that stand in for those a file does not bring along; the first is used.
#[derive(Clone, Default)]
pub struct Faces(pub Vec<Arc<Vec<u8>>>);

/// What was opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Pages {
    /// Width and height of each, in points; pixels for a picture.
    pub sizes: Vec<(f32, f32)>,
}

/// A character and where it stands, in parts of the page's width and height.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    pub text: String,
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
    /// Whether it is drawn; recognised text behind a scan is not.
    pub is_visible: bool,
}

impl Glyph {
    pub(crate) fn is_at(&self, other: &Glyph) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() < 0.001;
        near(self.left, other.left) && near(self.top, other.top)
    }
}

/// The text of a page, in the order it is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageText {
    pub glyphs: Vec<Glyph>,
}

/// Opens a file and measures it.
pub fn open(kind: Kind, bytes: &[u8]) -> Result<Pages, Refusal> {
    match kind {
        Kind::Pdf => Ok(Pages { sizes: sizes(&pdf(bytes)?)? }),
        _ => {
            let picture = picture::decoded(kind, bytes)?;
            Ok(Pages { sizes: vec![(picture.width() as f32, picture.height() as f32)] })
        }
    }
}

/// A page as a picture of about this width, as PNG.
pub fn picture_of(
    kind: Kind,
    bytes: &[u8],
    page: u32,
    width: u32,
    faces: &Faces,
) -> Result<Vec<u8>, Refusal> {
    let picture = match kind {
        Kind::Pdf => {
            let pdf = pdf(bytes)?;
            let sizes = sizes(&pdf)?;
            let index = index(&sizes, page)?;
            let drawer = Drawer::new(&pdf, faces);
            drawer.picture(index, width as f32 / sizes[index].0)?
        }
        _ => {
            let whole = picture::decoded(kind, bytes)?;
            if page != 1 {
                return Err(Refusal::AreaOff { page });
            }
            if whole.width() > width {
                let height = (u64::from(whole.height()) * u64::from(width) / u64::from(whole.width())).max(1);
                image::imageops::thumbnail(&whole, width, height as u32)
            } else {
                whole
            }
        }
    };
    picture::png(&picture)
}

/// The text on every page; none on a picture.
pub fn text_of(kind: Kind, bytes: &[u8], faces: &Faces) -> Result<Vec<PageText>, Refusal> {
    if kind != Kind::Pdf {
        return open(kind, bytes).map(|_| vec![PageText::default()]);
    }
    let pdf = pdf(bytes)?;
    let sizes = sizes(&pdf)?;
    let drawer = Drawer::new(&pdf, faces);
    (0..sizes.len()).map(|index| drawer.text(index)).collect()
}

pub(crate) fn index(sizes: &[(f32, f32)], page: u32) -> Result<usize, Refusal> {
    let index = (page as usize).wrapping_sub(1);
    if index < sizes.len() { Ok(index) } else { Err(Refusal::AreaOff { page }) }
}

pub(crate) fn pdf(bytes: &[u8]) -> Result<Pdf, Refusal> {
    Pdf::new(bytes.to_vec()).map_err(|why| match why {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected | _) => Refusal::Encrypted,
        LoadPdfError::Invalid => Refusal::Broken,
    })
}

pub(crate) fn sizes(pdf: &Pdf) -> Result<Vec<(f32, f32)>, Refusal> {
    let pages = pdf.pages();
    match pages.len() {
        0 => return Err(Refusal::NoPages),
        many if many > MOST_PAGES => return Err(Refusal::TooManyPages(many)),
        _ => {}
    }
    let mut sizes = Vec::with_capacity(pages.len());
    for (at, page) in pages.iter().enumerate() {
        let (width, height) = page.render_dimensions();
        let fits = |side: f32| side.is_finite() && (1.0..=LARGEST_POINTS).contains(&side);
        if !fits(width) || !fits(height) {
            return Err(Refusal::TooLarge { page: at as u32 + 1 });
        }
        sizes.push((width, height));
    }
    Ok(sizes)
}

/// What went wrong while a page was drawn.
#[derive(Default)]
struct Trouble(Mutex<Vec<String>>);

impl Trouble {
    fn note(&self, words: String) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.contains(&words) {
            all.push(words);
        }
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Draws the pages of one file.
pub(crate) struct Drawer<'a> {
    pdf: &'a Pdf,
    cache: RenderCache<'a>,
    settings: InterpreterSettings,
    trouble: Arc<Trouble>,
}

impl<'a> Drawer<'a> {
    pub(crate) fn new(pdf: &'a Pdf, faces: &Faces) -> Drawer<'a> {
        let trouble = Arc::new(Trouble::default());
        let (fonts, images) = (trouble.clone(), trouble.clone());
        let face = faces.0.first().cloned();
        let settings = InterpreterSettings {
            font_resolver: Arc::new(move |query| match query {
                FontQuery::Standard(standard) => Some(standard.get_font_data()),
                FontQuery::Fallback(wanted) => {
                    let name = wanted.post_script_name.clone().unwrap_or_else(|| "（无名称）".into());
                    match wanted.character_collection.as_ref().map(|collection| &collection.family) {
                        // Its codes say which characters are meant, so another typeface shows the same text.
                        Some(
                            CidFamily::AdobeGB1
                            | CidFamily::AdobeCNS1
                            | CidFamily::AdobeJapan1
                            | CidFamily::AdobeKorea1,
                        ) => match &face {
                            Some(face) => Some((face.clone() as FontData, 0)),
                            None => {
                                fonts.note(format!("用了没有嵌入的字体“{name}”"));
                                None
                            }
                        },
                        // Its codes mean nothing without the typeface itself.
                        Some(_) => {
                            fonts.note(format!("用了没有嵌入的字体“{name}”"));
                            None
                        }
                        None => Some(wanted.pick_standard_font().get_font_data()),
                    }
                }
            }),
            warning_sink: Arc::new(move |warning| {
                images.note(match warning {
                    InterpreterWarning::UnsupportedFont => "用了不能显示的字体".to_owned(),
                    InterpreterWarning::ImageDecodeFailure => "有不能显示的图片".to_owned(),
                });
            }),
            ..InterpreterSettings::default()
        };
        Drawer { pdf, cache: RenderCache::new(), settings, trouble }
    }

    fn page(&self, index: usize) -> &'a Page<'a> {
        &self.pdf.pages()[index]
    }

    /// The page, drawn at this scale to the point; less where that were too many pixels.
    pub(crate) fn picture(&self, index: usize, scale: f32) -> Result<RgbImage, Refusal> {
        // Whether all of it can be drawn is known from reading it.
        self.text(index)?;
        let page = self.page(index);
        let (width, height) = page.render_dimensions();
        let scale = scale.min((MOST_PIXELS / (width * height)).sqrt());
        let (across, down) = ((width * scale).round().max(1.0), (height * scale).round().max(1.0));
        let settings = RenderSettings {
            x_scale: across / width,
            y_scale: down / height,
            width: Some(across as u16),
            height: Some(down as u16),
            bg_color: WHITE,
        };
        let pixels = render(page, &self.cache, &self.settings, &settings);
        self.faithful(index)?;
        let bytes = pixels.data_as_u8_slice();
        let mut rgb = Vec::with_capacity(bytes.len() / 4 * 3);
        for pixel in bytes.chunks_exact(4) {
            rgb.extend_from_slice(&pixel[..3]);
        }
        RgbImage::from_raw(u32::from(pixels.width()), u32::from(pixels.height()), rgb).ok_or(Refusal::Broken)
    }

    pub(crate) fn text(&self, index: usize) -> Result<PageText, Refusal> {
        let page = self.page(index);
        let (width, height) = page.render_dimensions();
        let size = (f64::from(width), f64::from(height));
        let mut context = Context::new(
            Affine::IDENTITY * page.initial_transform(true).to_kurbo(),
            Rect::new(0.0, 0.0, size.0, size.1),
            &hayro::hayro_interpret::InterpreterCache::new(),
            page.xref(),
            self.settings.clone(),
        );
        let mut reader = Reader::new(size);
        let read = catch_unwind(AssertUnwindSafe(|| interpret_page(page, &mut context, &mut reader)));
        if let Err(thrown) = read {
            return Err(if thrown.is::<TooMuch>() { Refusal::TooSlow } else { Refusal::Broken });
        }
        if reader.missing > 0 {
            self.trouble.note(format!("有{}个字显示不出来", reader.missing));
        }
        self.faithful(index)?;
        Ok(PageText { glyphs: reader.glyphs })
    }

    fn faithful(&self, index: usize) -> Result<(), Refusal> {
        let trouble = self.trouble.take();
        if trouble.is_empty() {
            return Ok(());
        }
        Err(Refusal::NotFaithful { page: index as u32 + 1, why: trouble.join("，") })
    }
}
