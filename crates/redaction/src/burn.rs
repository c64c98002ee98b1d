//! 烧录 — every page drawn, the areas painted over, and a new file made of the pictures alone.

use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{Rgb, RgbImage};
use lopdf::xref::XrefType;
use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use std::io::Write;

use crate::page::{Drawer, pdf, sizes};
use crate::{Area, Faces, Kind, Refusal, picture};

/// Pixels to the inch of a page that goes out.
const DENSITY: f32 = 200.0;
const POINTS: f32 = 72.0;
/// The whole of one file.
const TIME: Duration = Duration::from_secs(240);

/// What goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Burned {
    pub bytes: Vec<u8>,
    pub pages: u32,
}

/// The file anew, as pictures of its pages with the areas black. Not proved yet: see [`crate::prove`].
pub fn burn(kind: Kind, bytes: &[u8], areas: &[Area], faces: &Faces) -> Result<Burned, Refusal> {
    match kind {
        Kind::Pdf => burn_pdf(bytes, areas, faces),
        _ => {
            let mut whole = picture::decoded(kind, bytes)?;
            sound(areas, 1)?;
            paint(&mut whole, areas, 1);
            let bytes = match kind {
                Kind::Png => picture::png(&whole)?,
                _ => picture::jpeg(&whole)?,
            };
            Ok(Burned { bytes, pages: 1 })
        }
    }
}

fn sound(areas: &[Area], pages: u32) -> Result<(), Refusal> {
    match areas.iter().find(|area| !area.is_sound(pages)) {
        Some(area) => Err(Refusal::AreaOff { page: area.page }),
        None => Ok(()),
    }
}

fn paint(picture: &mut RgbImage, areas: &[Area], page: u32) {
    let (width, height) = picture.dimensions();
    for area in areas.iter().filter(|area| area.page == page) {
        let (left, top, right, bottom) = area.pixels(width, height);
        for y in top..bottom {
            for x in left..right {
                picture.put_pixel(x, y, Rgb([0, 0, 0]));
            }
        }
    }
}

fn burn_pdf(bytes: &[u8], areas: &[Area], faces: &Faces) -> Result<Burned, Refusal> {
    let began = Instant::now();
    let pdf = pdf(bytes)?;
    let sizes = sizes(&pdf)?;
    let pages = sizes.len() as u32;
    sound(areas, pages)?;
    let drawer = Drawer::new(&pdf, faces);
    let mut document = Document::with_version("1.4");
    // A table in plain text: nothing but the root stands beside it.
    document.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
    let parent = document.new_object_id();
    let mut kids = Vec::with_capacity(sizes.len());
    for (index, size) in sizes.iter().enumerate() {
        if began.elapsed() > TIME {
            return Err(Refusal::TooSlow);
        }
        let mut drawn = drawer.picture(index, DENSITY / POINTS)?;
        paint(&mut drawn, areas, index as u32 + 1);
        kids.push(add_page(&mut document, parent, &drawn, *size)?.into());
    }
    let all = dictionary! { "Type" => "Pages", "Count" => i64::from(pages), "Kids" => Object::Array(kids) };
    document.objects.insert(parent, all.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => parent });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).map_err(|_| Refusal::Broken)?;
    Ok(Burned { bytes, pages })
}

/// The one thing a page does; [`crate::prove`] knows it by heart.
pub(crate) fn content((width, height): (f32, f32)) -> String {
    format!("q {width:.2} 0 0 {height:.2} 0 0 cm /P Do Q")
}

fn add_page(
    document: &mut Document,
    parent: lopdf::ObjectId,
    drawn: &RgbImage,
    size: (f32, f32),
) -> Result<lopdf::ObjectId, Refusal> {
    let (filter, space, pixels) = match picture::grey(drawn) {
        Some(grey) => ("FlateDecode", "DeviceGray", packed(&grey)?),
        None => ("DCTDecode", "DeviceRGB", picture::jpeg(drawn)?),
    };
    let header: Dictionary = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => i64::from(drawn.width()),
        "Height" => i64::from(drawn.height()),
        "BitsPerComponent" => 8,
        "ColorSpace" => space,
        "Filter" => filter,
    };
    let picture = document.add_object(Stream::new(header, pixels).with_compression(false));
    let does = Stream::new(Dictionary::new(), content(size).into_bytes()).with_compression(false);
    let does = document.add_object(does);
    Ok(document.add_object(dictionary! {
        "Type" => "Page",
        "Parent" => parent,
        "MediaBox" => vec![0.into(), 0.into(), Object::Real(size.0), Object::Real(size.1)],
        "Resources" => dictionary! { "XObject" => dictionary! { "P" => picture } },
        "Contents" => does,
    }))
}

fn packed(pixels: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(pixels.len() / 8), Compression::default());
    encoder.write_all(pixels).and_then(|()| encoder.finish()).map_err(|_| Refusal::Broken)
}
