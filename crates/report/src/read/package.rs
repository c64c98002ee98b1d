//! Office files are zip archives; a small archive can unpack to a giant, so every part is read with a limit.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// Far above any report, which is some 100 KB.
const LIMIT: u64 = 40 * 1024 * 1024;
/// The parts of all entries together; pictures are not unpacked.
const ENTRIES: usize = 2000;

const BROKEN: &str = "文件损坏，不是完好的 docx 或 xlsx。请重新保存或下载后再试";
pub(super) const TOO_LARGE: &str = "文件解压后过大，不像年度报告，没有读取。请确认文件来源，或另存后再试";

pub(super) enum Office {
    /// The text of word/document.xml.
    Docx(String),
    Xlsx,
}

/// Which office format it is, with the parts that will be read held to the limit.
pub(super) fn open(bytes: &[u8]) -> Result<Office, &'static str> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
    if archive.len() > ENTRIES {
        return Err(TOO_LARGE);
    }
    let mut left = LIMIT;
    let mut document = None;
    let mut workbook = false;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| BROKEN)?;
        let name = part.name().map_err(|_| BROKEN)?.replace('\\', "/").to_ascii_lowercase();
        workbook |= name == "xl/workbook.xml";
        let is_document = name == "word/document.xml";
        if !is_document && !(name.starts_with("xl/") && (name.ends_with(".xml") || name.ends_with(".rels"))) {
            continue;
        }
        let mut content = Vec::new();
        let read = part.by_ref().take(left + 1).read_to_end(&mut content).map_err(|_| BROKEN)?;
        left = left.checked_sub(read as u64).ok_or(TOO_LARGE)?;
        if is_document {
            document = Some(String::from_utf8(content).map_err(|_| BROKEN)?);
        }
    }
    match document {
        Some(document) => Ok(Office::Docx(document)),
        None if workbook => Ok(Office::Xlsx),
        None => Err("是压缩包，但不是 docx 或 xlsx。请解压后选取年度报告本身再试"),
    }
}
