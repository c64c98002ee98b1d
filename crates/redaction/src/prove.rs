//! 核验 — the result read again. It knows what such a file may hold and calls everything else residue.

use std::collections::BTreeSet;
use std::io::Read;

use flate2::read::ZlibDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::{DynamicImage, RgbImage};
use lopdf::{Dictionary, Document, Object, ObjectId};
use serde::{Deserialize, Serialize};
use std::io::Cursor;

use crate::burn::content;
use crate::page::{Faces, PageText, text_of};
use crate::{Area, Kind, Refusal, open, picture};

/// JPEG leaves a shimmer in the black.
const BLACK: u8 = 40;
/// Pixels at the edge of an area that a JPEG may blend with what stands beside it.
const EDGE: u32 = 8;

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    Pages,
    Pixels,
    TextLayer,
    Layers,
    Annotations,
    Metadata,
    EmbeddedFiles,
    EarlierStates,
    Objects,
    Words,
}

impl CheckKind {
    pub const fn label(self) -> &'static str {
        match self {
            CheckKind::Pages => "页数与原件一致",
            CheckKind::Pixels => "标记的区域全部为黑色",
            CheckKind::TextLayer => "没有文字层",
            CheckKind::Layers => "没有隐藏的图层",
            CheckKind::Annotations => "没有批注和表单",
            CheckKind::Metadata => "没有作者、软件、拍摄地点等信息",
            CheckKind::EmbeddedFiles => "没有嵌入的文件和脚本",
            CheckKind::EarlierStates => "没有此前的版本",
            CheckKind::Objects => "没有页面图像以外的内容",
            CheckKind::Words => "文件里找不到被遮盖的文字",
        }
    }
}

/// A finding that something is not there, and in how many places it was looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub kind: CheckKind,
    pub looked_at: usize,
}

/// Reads what was burned and says what it was found free of.
///
/// # Errors
/// [`Refusal::Residue`] with everything that is left.
pub fn prove(
    kind: Kind,
    original: &[u8],
    result: &[u8],
    areas: &[Area],
    texts: &[PageText],
) -> Result<Vec<Check>, Refusal> {
    let expected = open(kind, original)?.sizes.len();
    let mut proof = Proof::default();
    match kind {
        Kind::Pdf => proof.of_pdf(result, expected, areas),
        _ => proof.of_picture(kind, result, areas),
    }
    proof.words(result, &crate::covered(texts, areas));
    if proof.residue.is_empty() { Ok(proof.checks) } else { Err(Refusal::Residue(proof.residue)) }
}

#[derive(Default)]
struct Proof {
    checks: Vec<Check>,
    residue: Vec<String>,
}

impl Proof {
    fn note(&mut self, kind: CheckKind, looked_at: usize) {
        self.checks.push(Check { kind, looked_at });
    }

    fn left(&mut self, words: impl Into<String>) {
        let words = words.into();
        if !self.residue.contains(&words) {
            self.residue.push(words);
        }
    }

    fn of_pdf(&mut self, bytes: &[u8], expected: usize, areas: &[Area]) {
        let Ok(document) = Document::load_mem(bytes) else { return self.left("文件不能重新打开") };
        let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
        if pages.len() != expected {
            self.left(format!("页数为{}，原件为{expected}", pages.len()));
        }
        self.note(CheckKind::Pages, pages.len());

        self.frame(bytes, &document);
        let mut known: BTreeSet<ObjectId> = pages.iter().copied().collect();
        let mut pixels = 0;
        for (index, id) in pages.iter().enumerate() {
            pixels += self.page(&document, *id, index as u32 + 1, areas, &mut known);
        }
        self.note(CheckKind::Pixels, pixels);
        // What no page needs has no business in the file.
        for (id, object) in &document.objects {
            let kind = object.type_name().unwrap_or_default();
            if !known.contains(id) && kind != b"Catalog" && kind != b"Pages" {
                self.left(format!("页面用不到的对象{}", id.0));
            }
        }
        self.note(CheckKind::Objects, document.objects.len());

        // Read once more by what draws pages.
        match text_of(Kind::Pdf, bytes, &Faces::default()) {
            Ok(texts) => {
                let found: usize = texts.iter().map(|text| text.glyphs.len()).sum();
                if found > 0 {
                    self.left(format!("文字层有{found}个字"));
                }
                self.note(CheckKind::TextLayer, texts.len());
            }
            Err(why) => self.left(why.to_string()),
        }
    }

    /// Everything around the pages.
    fn frame(&mut self, bytes: &[u8], document: &Document) {
        let ends = bytes.windows(9).filter(|nine| *nine == b"startxref").count();
        let tail = bytes.trim_ascii_end();
        if ends != 1 || !tail.ends_with(b"%%EOF") {
            self.left("此前的版本");
        }
        self.note(CheckKind::EarlierStates, ends);
        let is_plain = |key: &[u8]| matches!(key, b"Root" | b"Size");
        for (key, _) in document.trailer.iter().filter(|(key, _)| !is_plain(key)) {
            self.left(format!("文件属性（{}）", String::from_utf8_lossy(key)));
        }
        self.note(CheckKind::Metadata, document.trailer.len());
        match document.catalog() {
            Ok(catalog) => {
                for (key, _) in catalog.iter() {
                    match key.as_slice() {
                        b"Type" | b"Pages" => {}
                        b"OCProperties" => self.left("隐藏的图层"),
                        b"AcroForm" => self.left("表单"),
                        b"Names" | b"AF" | b"OpenAction" | b"AA" => self.left("嵌入的文件或者脚本"),
                        other => self.left(format!("文件属性（{}）", String::from_utf8_lossy(other))),
                    }
                }
                self.note(CheckKind::Layers, catalog.len());
                self.note(CheckKind::EmbeddedFiles, catalog.len());
            }
            Err(_) => self.left("文件没有目录"),
        }
    }

    /// One page: its own keys, the one thing it does, and the pixels of its picture. Says how many it looked at.
    fn page(
        &mut self,
        document: &Document,
        id: ObjectId,
        number: u32,
        areas: &[Area],
        known: &mut BTreeSet<ObjectId>,
    ) -> usize {
        let Ok(page) = document.get_dictionary(id) else {
            self.left(format!("第{number}页不能读取"));
            return 0;
        };
        for (key, _) in page.iter() {
            match key.as_slice() {
                b"Type" | b"Parent" | b"MediaBox" | b"Resources" | b"Contents" => {}
                b"Annots" => self.left(format!("第{number}页的批注")),
                other => self.left(format!("第{number}页的{}", String::from_utf8_lossy(other))),
            }
        }
        if number == 1 {
            self.note(CheckKind::Annotations, document.get_pages().len());
        }
        match self.only_picture(document, page, known) {
            Some(picture) => self.black(&picture, areas, number),
            None => {
                self.left(format!("第{number}页有图像以外的内容"));
                0
            }
        }
    }

    /// The picture of a page that does nothing but show it.
    fn only_picture(
        &mut self,
        document: &Document,
        page: &Dictionary,
        known: &mut BTreeSet<ObjectId>,
    ) -> Option<RgbImage> {
        let does = page.get(b"Contents").and_then(Object::as_reference).ok()?;
        known.insert(does);
        let media = page.get(b"MediaBox").and_then(Object::as_array).ok()?;
        let size = (media.get(2)?.as_float().ok()?, media.get(3)?.as_float().ok()?);
        let does = document.get_object(does).and_then(Object::as_stream).ok()?;
        if does.content != content(size).as_bytes() || does.dict.len() > 1 {
            return None;
        }
        let resources = page.get(b"Resources").and_then(Object::as_dict).ok()?;
        let pictures = resources.get(b"XObject").and_then(Object::as_dict).ok()?;
        if resources.len() != 1 || pictures.len() != 1 {
            return None;
        }
        let id = pictures.get(b"P").and_then(Object::as_reference).ok()?;
        known.insert(id);
        let stream = document.get_object(id).and_then(Object::as_stream).ok()?;
        const PLAIN: [&[u8]; 8] = [
            b"Type",
            b"Subtype",
            b"Width",
            b"Height",
            b"BitsPerComponent",
            b"ColorSpace",
            b"Filter",
            b"Length",
        ];
        if stream.dict.iter().any(|(key, _)| !PLAIN.contains(&key.as_slice())) {
            return None;
        }
        let side = |key: &[u8]| {
            stream.dict.get(key).and_then(Object::as_i64).ok().and_then(|n| u32::try_from(n).ok())
        };
        let (width, height) = (side(b"Width")?, side(b"Height")?);
        match stream.dict.get(b"Filter").and_then(Object::as_name).ok()? {
            b"FlateDecode" => {
                let most = u64::from(width) * u64::from(height);
                let mut grey = Vec::new();
                let mut decoder = ZlibDecoder::new(stream.content.as_slice()).take(most + 1);
                decoder.read_to_end(&mut grey).ok()?;
                let is_exact = grey.len() as u64 == most;
                let rgb = grey.iter().flat_map(|one| [*one; 3]).collect();
                is_exact.then(|| RgbImage::from_raw(width, height, rgb)).flatten()
            }
            b"DCTDecode" => {
                if !is_plain_jpeg(&stream.content) {
                    self.left("图像里的拍摄信息");
                }
                let decoder = JpegDecoder::new(Cursor::new(stream.content.as_slice())).ok()?;
                let picture = DynamicImage::from_decoder(decoder).ok()?.into_rgb8();
                (picture.dimensions() == (width, height)).then_some(picture)
            }
            _ => None,
        }
    }

    fn black(&mut self, picture: &RgbImage, areas: &[Area], number: u32) -> usize {
        let (width, height) = picture.dimensions();
        let is_exact = picture::grey(picture).is_some();
        let mut looked_at = 0;
        for area in areas.iter().filter(|area| area.page == number) {
            let (left, top, right, bottom) = area.pixels(width, height);
            // The edge of a small area is looked at too, only less strictly.
            for y in top..bottom {
                for x in left..right {
                    looked_at += 1;
                    let pixel = picture.get_pixel(x, y).0;
                    let at_edge =
                        x - left < EDGE || right - x <= EDGE || y - top < EDGE || bottom - y <= EDGE;
                    let most = if is_exact {
                        0
                    } else if at_edge {
                        3 * BLACK
                    } else {
                        BLACK
                    };
                    if pixel.iter().any(|channel| *channel > most) {
                        self.left(format!("第{number}页标记的区域没有全部涂黑"));
                        return looked_at;
                    }
                }
            }
        }
        looked_at
    }

    fn of_picture(&mut self, kind: Kind, bytes: &[u8], areas: &[Area]) {
        let Ok(picture) = picture::decoded(kind, bytes) else { return self.left("图片不能重新打开") };
        self.note(CheckKind::Pages, 1);
        let looked_at = self.black(&picture, areas, 1);
        self.note(CheckKind::Pixels, looked_at);
        let is_plain = match kind {
            Kind::Png => is_plain_png(bytes),
            _ => is_plain_jpeg(bytes),
        };
        if !is_plain {
            self.left("图片里像素以外的信息");
        }
        self.note(CheckKind::Metadata, 1);
    }

    /// The covered words are in the bytes in none of the ways text is written down.
    fn words(&mut self, bytes: &[u8], covered: &[(u32, String)]) {
        let mut looked_for = BTreeSet::new();
        for (_, run) in covered.iter().filter(|(_, run)| run.chars().count() >= 3) {
            if !looked_for.insert(run) {
                continue;
            }
            let wide: Vec<u8> = run.encode_utf16().flat_map(u16::to_be_bytes).collect();
            for written in [run.as_bytes(), &wide] {
                if written.len() >= 6 && bytes.windows(written.len()).any(|part| part == written) {
                    self.left("被遮盖的文字");
                }
            }
        }
        self.note(CheckKind::Words, looked_for.len());
    }
}

/// Nothing but what decodes the pixels.
fn is_plain_jpeg(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some([0xff, marker]) = bytes.get(at..at + 2) {
        match marker {
            0xda => return bytes.trim_ascii_end().ends_with(&[0xff, 0xd9]) || bytes.ends_with(&[0xff, 0xd9]),
            // JFIF, tables, frame headers.
            0xe0 | 0xdb | 0xc0..=0xc4 | 0xdd => {}
            _ => return false,
        }
        let Some([high, low]) = bytes.get(at + 2..at + 4) else { return false };
        at += 2 + (usize::from(*high) << 8 | usize::from(*low));
    }
    false
}

fn is_plain_png(bytes: &[u8]) -> bool {
    let mut at = 8;
    while let Some(length) = bytes.get(at..at + 4).and_then(|four| <[u8; 4]>::try_from(four).ok()) {
        let Some(name) = bytes.get(at + 4..at + 8) else { return false };
        at += 12 + u32::from_be_bytes(length) as usize;
        match name {
            b"IHDR" | b"IDAT" => {}
            b"IEND" => return at == bytes.len(),
            _ => return false,
        }
    }
    false
}
