//! What a file is, by its content alone. Nothing is executed, unpacked or drawn here.

use std::io::Cursor;

use super::{EvidenceRefusal as R, FORMATS, LARGEST};
use crate::files::{FileKind, sanitised};

/// The kind and a safe name of a file whose content is what its name says, and nothing besides.
pub(super) fn examined(name: &str, bytes: &[u8]) -> Result<(FileKind, String), R> {
    let name = plain(name).ok_or(R::NameMissing)?;
    let of = |make: fn(String) -> R| make(name.clone());
    if bytes.is_empty() {
        return Err(of(|name| R::Empty { name }));
    }
    if bytes.len() > LARGEST {
        return Err(of(|name| R::TooLarge { name }));
    }
    let Some(named) = FileKind::of_name(&name).filter(|kind| FORMATS.contains(kind)) else {
        return Err(of(|name| R::FormatNotAccepted { name }));
    };
    let members = members(bytes);
    let found = match (FileKind::of_head(bytes), &members) {
        (Some(kind), None) => kind,
        // A picture or a PDF that is an archive as well.
        (Some(_), Some(_)) => return Err(of(|name| R::Carries { name })),
        (None, Some(members)) if bytes.starts_with(b"PK\x03\x04") => {
            if members.iter().any(|member| member.to_ascii_lowercase().ends_with("vbaproject.bin")) {
                return Err(of(|name| R::HasMacros { name }));
            }
            FileKind::of_zip(members)
        }
        _ => return Err(of(|name| R::NotWhatItSays { name })),
    };
    if found != named {
        return Err(of(|name| R::NotWhatItSays { name }));
    }
    match ends_well(found, bytes) {
        Ending::Whole => Ok((found, name)),
        Ending::Cut => Err(of(|name| R::Damaged { name })),
        Ending::GoesOn => Err(of(|name| R::Carries { name })),
    }
}

/// A name without folders, and with one extension only: `a.pdf.exe` stays refused, `a.exe.pdf` becomes `a_exe.pdf`.
fn plain(name: &str) -> Option<String> {
    let name = sanitised(name)?;
    let (stem, extension) = name.rsplit_once('.')?;
    let stem = stem.trim().replace('.', "_");
    Some(format!("{}.{extension}", if stem.is_empty() { "文件" } else { &stem }))
}

/// The names in an archive, wherever in the bytes it stands; `None` when there is none.
fn members(bytes: &[u8]) -> Option<Vec<String>> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    Some(archive.file_names().map(|name| name.map(|n| n.into_owned()).unwrap_or_default()).collect())
}

enum Ending {
    Whole,
    Cut,
    /// Something follows the end.
    GoesOn,
}

fn ends_well(kind: FileKind, bytes: &[u8]) -> Ending {
    let tail = &bytes[bytes.len().saturating_sub(2048)..];
    match kind {
        FileKind::Pdf => match last(tail, b"%%EOF") {
            None if last(bytes, b"%%EOF").is_some() => Ending::GoesOn,
            None => Ending::Cut,
            Some(_) => Ending::Whole,
        },
        FileKind::Png => match last(bytes, b"IEND\xaeB\x60\x82") {
            None => Ending::Cut,
            Some(end) if end == bytes.len() => Ending::Whole,
            Some(_) => Ending::GoesOn,
        },
        // Cameras write more after the picture: previews, depth, a second exposure.
        FileKind::Jpeg => match last(bytes, b"\xff\xd9") {
            None => Ending::Cut,
            Some(_) => Ending::Whole,
        },
        _ => Ending::Whole,
    }
}

/// Where the last of these ends.
fn last(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).rposition(|window| window == mark).map(|at| at + mark.len())
}
