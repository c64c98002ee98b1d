use super::{BROKEN, HiddenKind, Outcome, Removed};

/// Takes Exif, XMP, IPTC and comments out of a JPEG; the pixels are not touched. How it is to be turned stays.
pub(super) fn strip_jpeg(bytes: &[u8]) -> Outcome {
    let mut kept = bytes.get(..2).ok_or(BROKEN)?.to_vec();
    let mut found = 0;
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1).ok_or(BROKEN)?;
        if bytes[at] != 0xff {
            return Err(BROKEN);
        }
        if marker == 0xff {
            // Fill bytes before a marker.
            at += 1;
            continue;
        }
        if marker == 0xda {
            // From here on come the pixels, to the end.
            kept.extend(&bytes[at..]);
            break;
        }
        let length = match bytes.get(at + 2..at + 4) {
            Some([high, low]) => usize::from(*high) << 8 | usize::from(*low),
            _ => return Err(BROKEN),
        };
        let segment = bytes.get(at..at + 2 + length).ok_or(BROKEN)?;
        at += 2 + length;
        match marker {
            // Exif and XMP, IPTC, a comment; APP0 and the colour profile stay.
            0xe1 => match turned(segment) {
                Some(orientation) if segment == exif_of(orientation) => kept.extend(segment),
                Some(orientation) => {
                    found += 1;
                    kept.extend(exif_of(orientation));
                }
                None => found += 1,
            },
            0xe3..=0xed | 0xfe => found += 1,
            _ => kept.extend(segment),
        }
    }
    outcome(kept, found)
}

fn outcome(kept: Vec<u8>, found: usize) -> Outcome {
    if found == 0 {
        return Ok(None);
    }
    let mut removed = Removed::default();
    removed.note(HiddenKind::Photograph, found);
    Ok(Some((kept, removed)))
}

/// 方向 — the orientation that Exif gives, when it is another than upright.
fn turned(segment: &[u8]) -> Option<u8> {
    let tiff = segment.get(4..)?.strip_prefix(b"Exif\0\0")?;
    let is_big = tiff.starts_with(b"MM");
    let two = |at: usize| -> Option<u16> {
        let bytes: [u8; 2] = tiff.get(at..at + 2)?.try_into().ok()?;
        Some(if is_big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let four: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let first = if is_big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) };
    let first = usize::try_from(first).ok()?;
    for entry in 0..usize::from(two(first)?) {
        let at = first.checked_add(2 + entry * 12)?;
        if two(at)? == 0x0112 {
            let value = u8::try_from(two(at + 8)?).ok()?;
            return (2..=8).contains(&value).then_some(value);
        }
    }
    None
}

/// An Exif segment that says nothing but how the picture is turned.
fn exif_of(orientation: u8) -> Vec<u8> {
    let mut segment = vec![0xff, 0xe1, 0, 34];
    segment.extend(b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.extend([orientation, 0, 0, 0, 0, 0, 0]);
    segment
}

/// Takes texts, times and Exif out of a PNG.
pub(super) fn strip_png(bytes: &[u8]) -> Outcome {
    let mut kept = bytes.get(..8).ok_or(BROKEN)?.to_vec();
    let mut found = 0;
    let mut at = 8;
    while at < bytes.len() {
        let length: [u8; 4] = bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).ok_or(BROKEN)?;
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(|_| BROKEN)?;
        let end = at.checked_add(12).and_then(|start| start.checked_add(length)).ok_or(BROKEN)?;
        let chunk = bytes.get(at..end).ok_or(BROKEN)?;
        at = end;
        match &chunk[4..8] {
            b"tEXt" | b"zTXt" | b"iTXt" | b"eXIf" | b"tIME" => found += 1,
            b"IEND" => {
                kept.extend(chunk);
                // What follows the end is shown by no program.
                found += usize::from(at < bytes.len());
                break;
            }
            _ => kept.extend(chunk),
        }
    }
    outcome(kept, found)
}
