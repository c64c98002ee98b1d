//! What a file is, by its content.

use opendal::Operator;

/// The kinds of files an entry may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    Pdf,
    Docx,
    Xlsx,
    Ofd,
    Png,
    Jpeg,
    Text,
    Zip,
}

impl FileKind {
    pub const ALL: [FileKind; 8] = [
        FileKind::Pdf,
        FileKind::Ofd,
        FileKind::Docx,
        FileKind::Xlsx,
        FileKind::Png,
        FileKind::Jpeg,
        FileKind::Text,
        FileKind::Zip,
    ];

    pub const fn media_type(self) -> &'static str {
        match self {
            FileKind::Pdf => "application/pdf",
            FileKind::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            FileKind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            FileKind::Ofd => "application/ofd",
            FileKind::Png => "image/png",
            FileKind::Jpeg => "image/jpeg",
            FileKind::Text => "text/plain; charset=utf-8",
            FileKind::Zip => "application/zip",
        }
    }

    /// How people call it.
    pub const fn label(self) -> &'static str {
        match self {
            FileKind::Pdf => "PDF",
            FileKind::Docx => "Word 文档（docx）",
            FileKind::Xlsx => "Excel 表格（xlsx）",
            FileKind::Ofd => "OFD",
            FileKind::Png => "PNG 图片",
            FileKind::Jpeg => "JPEG 图片",
            FileKind::Text => "文本文件",
            FileKind::Zip => "ZIP 压缩包",
        }
    }

    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            FileKind::Pdf => &["pdf"],
            FileKind::Docx => &["docx"],
            FileKind::Xlsx => &["xlsx"],
            FileKind::Ofd => &["ofd"],
            FileKind::Png => &["png"],
            FileKind::Jpeg => &["jpg", "jpeg"],
            FileKind::Text => &["txt"],
            FileKind::Zip => &["zip"],
        }
    }

    /// For the `accept` of a file field.
    pub fn accepted() -> String {
        let extensions: Vec<String> =
            FileKind::ALL.iter().flat_map(|kind| kind.extensions()).map(|ext| format!(".{ext}")).collect();
        extensions.join(",")
    }

    pub fn of_media_type(media_type: &str) -> Option<FileKind> {
        FileKind::ALL.into_iter().find(|kind| kind.media_type() == media_type)
    }

    /// What the name says it is.
    pub(crate) fn of_name(name: &str) -> Option<FileKind> {
        let extension = name.rsplit_once('.')?.1.to_lowercase();
        FileKind::ALL.into_iter().find(|kind| kind.extensions().contains(&extension.as_str()))
    }

    pub(crate) fn of_head(head: &[u8]) -> Option<FileKind> {
        match head {
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(FileKind::Pdf),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(FileKind::Png),
            [0xff, 0xd8, 0xff, ..] => Some(FileKind::Jpeg),
            _ => None,
        }
    }

    pub(crate) fn of_zip(members: &[String]) -> FileKind {
        let has = |name: &str| members.iter().any(|member| member == name);
        if has("word/document.xml") {
            FileKind::Docx
        } else if has("xl/workbook.xml") {
            FileKind::Xlsx
        } else if has("OFD.xml") {
            FileKind::Ofd
        } else {
            FileKind::Zip
        }
    }

    pub(super) fn is_archive(self) -> bool {
        matches!(self, FileKind::Zip | FileKind::Docx | FileKind::Xlsx | FileKind::Ofd)
    }
}

pub(super) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// The names in the archive's directory; `None` when there is none to be read.
pub(super) async fn zip_members(
    operator: &Operator,
    path: &str,
    size: u64,
) -> anyhow::Result<Option<Vec<String>>> {
    /// The record that ends an archive, with the longest comment.
    const LONGEST_END: u64 = 22 + 65_535;
    const LARGEST_DIRECTORY: u64 = 8 * 1024 * 1024;
    let tail_from = size.saturating_sub(LONGEST_END);
    let tail = operator.read_with(path).range(tail_from..size).await?.to_vec();
    let Some(end) = tail.windows(4).rposition(|w| w == b"PK\x05\x06") else { return Ok(None) };
    let number = |bytes: &[u8], at: usize, width: usize| -> Option<u64> {
        let bytes = bytes.get(at..at + width)?;
        Some(bytes.iter().rev().fold(0, |sum, b| (sum << 8) | u64::from(*b)))
    };
    let (Some(length), Some(start)) = (number(&tail, end + 12, 4), number(&tail, end + 16, 4)) else {
        return Ok(None);
    };
    if length > LARGEST_DIRECTORY || start.checked_add(length).is_none_or(|until| until > size) {
        return Ok(None);
    }
    let directory = operator.read_with(path).range(start..start + length).await?.to_vec();
    let mut members = Vec::new();
    let mut at = 0;
    while directory.get(at..at + 4) == Some(b"PK\x01\x02") {
        let (Some(name), Some(extra), Some(comment)) =
            (number(&directory, at + 28, 2), number(&directory, at + 30, 2), number(&directory, at + 32, 2))
        else {
            return Ok(None);
        };
        let from = at + 46;
        let Some(bytes) = directory.get(from..from + usize::try_from(name)?) else { return Ok(None) };
        members.push(String::from_utf8_lossy(bytes).into_owned());
        at = from + usize::try_from(name + extra + comment)?;
    }
    Ok(Some(members))
}

/// Whether everything seen so far is text in UTF-8, chunk by chunk.
#[derive(Default)]
pub(super) struct TextCheck {
    is_broken: bool,
    /// A character cut by the end of a chunk.
    rest: Vec<u8>,
}

impl TextCheck {
    pub(super) fn look_at(&mut self, chunk: &[u8]) {
        if self.is_broken {
            return;
        }
        let mut bytes = std::mem::take(&mut self.rest);
        bytes.extend_from_slice(chunk);
        let good = match std::str::from_utf8(&bytes) {
            Ok(_) => bytes.len(),
            Err(e) if e.error_len().is_none() => e.valid_up_to(),
            Err(_) => {
                self.is_broken = true;
                return;
            }
        };
        self.rest = bytes.split_off(good);
        self.is_broken = bytes.iter().any(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c));
    }

    pub(super) fn is_text(&self) -> bool {
        !self.is_broken && self.rest.is_empty()
    }
}
