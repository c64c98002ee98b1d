//! Pictures: decoded within bounds, turned upright, written without anything beside the pixels.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, Limits, RgbImage};

use crate::{Kind, Refusal};

/// A photograph of a good camera.
const MOST_PIXELS: u64 = 60_000_000;
const QUALITY: u8 = 90;

/// The picture as it is seen: upright, on white.
pub(crate) fn decoded(kind: Kind, bytes: &[u8]) -> Result<RgbImage, Refusal> {
    match kind {
        Kind::Png => upright(PngDecoder::new(Cursor::new(bytes)).map_err(|_| Refusal::Broken)?),
        Kind::Jpeg => upright(JpegDecoder::new(Cursor::new(bytes)).map_err(|_| Refusal::Broken)?),
        Kind::Pdf => Err(Refusal::Broken),
    }
}

fn upright(mut decoder: impl ImageDecoder) -> Result<RgbImage, Refusal> {
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(Refusal::Broken);
    }
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Refusal::TooLarge { page: 1 });
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(512 * 1024 * 1024);
    decoder.set_limits(limits).map_err(|_| Refusal::TooLarge { page: 1 })?;
    let orientation = decoder.orientation().map_err(|_| Refusal::Broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Refusal::Broken)?;
    picture.apply_orientation(orientation);
    if !picture.color().has_alpha() {
        return Ok(picture.into_rgb8());
    }
    // What shows through is white, as on a page.
    let seen = picture.into_rgba8();
    let mut rgb = Vec::with_capacity(seen.as_raw().len() / 4 * 3);
    for pixel in seen.pixels() {
        let alpha = u16::from(pixel.0[3]);
        for channel in &pixel.0[..3] {
            rgb.push(((u16::from(*channel) * alpha + 255 * (255 - alpha)) / 255) as u8);
        }
    }
    RgbImage::from_raw(seen.width(), seen.height(), rgb).ok_or(Refusal::Broken)
}

pub(crate) fn png(picture: &RgbImage) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive);
    let (pixels, color) = match grey(picture) {
        Some(grey) => (grey, ExtendedColorType::L8),
        None => (picture.as_raw().clone(), ExtendedColorType::Rgb8),
    };
    encoder.write_image(&pixels, picture.width(), picture.height(), color).map_err(|_| Refusal::Broken)?;
    Ok(bytes)
}

pub(crate) fn jpeg(picture: &RgbImage) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .map_err(|_| Refusal::Broken)?;
    Ok(bytes)
}

/// The pixels, one byte each, when no colour is in them.
pub(crate) fn grey(picture: &RgbImage) -> Option<Vec<u8>> {
    let pixels = picture.as_raw().chunks_exact(3);
    pixels.map(|p| (p[0] == p[1] && p[1] == p[2]).then_some(p[0])).collect()
}
