//! Office files are zip archives; a small archive can unpack to a giant, so every part is read with a limit.

use std::collections::HashSet;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Far above any report, which is some 100 KB. For all parts together; pictures are not unpacked.
const LIMIT: u64 = 40 * 1024 * 1024;
const LARGEST_FILE: usize = 60 * 1024 * 1024;
const ENTRIES: usize = 2000;

const BROKEN: &str = "文件损坏，不是完好的 docx 或 xlsx。请重新保存或下载后再试";
pub(super) const TOO_LARGE: &str = "文件解压后过大，不像年度报告，没有读取。请确认文件来源，或另存后再试";

pub(super) enum Office {
    /// The text of word/document.xml.
    Docx(String),
    /// The workbook packed anew, with nothing in it but parts that were held to the limit.
    Xlsx(Vec<u8>),
}

/// Which office format it is, with the parts that will be read held to the limit.
pub(super) fn open(bytes: &[u8]) -> Result<Office, &'static str> {
    if bytes.len() > LARGEST_FILE {
        return Err(TOO_LARGE);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
    if archive.len() > ENTRIES {
        return Err(TOO_LARGE);
    }
    let mut left = LIMIT;
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| BROKEN)?;
        let name = part.name().map_err(|_| BROKEN)?.replace('\\', "/");
        let lower = name.to_ascii_lowercase();
        let is_document = lower == "word/document.xml";
        let is_sheet = lower.starts_with("xl/") && (lower.ends_with(".xml") || lower.ends_with(".rels"))
            || matches!(lower.as_str(), "_rels/.rels" | "[content_types].xml");
        if !is_document && !is_sheet {
            continue;
        }
        let mut content = Vec::new();
        let read = part.by_ref().take(left + 1).read_to_end(&mut content).map_err(|_| BROKEN)?;
        left = left.checked_sub(read as u64).ok_or(TOO_LARGE)?;
        // Another encoding would hide what is looked for below.
        if std::str::from_utf8(&content).is_err() {
            return Err(BROKEN);
        }
        parts.push((if is_document { lower } else { name }, content));
    }
    if let Some(at) = parts.iter().rposition(|(name, _)| name == "word/document.xml") {
        return String::from_utf8(parts.swap_remove(at).1).map(Office::Docx).map_err(|_| BROKEN);
    }
    if parts.iter().any(|(name, _)| name.eq_ignore_ascii_case("xl/workbook.xml")) {
        return packed(parts).map(Office::Xlsx).ok_or(BROKEN);
    }
    Err("是压缩包，但不是 docx 或 xlsx。请解压后选取年度报告本身再试")
}

/// A workbook tells how many texts it has, and readers take memory for as many; they also find out by themselves.
fn without_count(mut content: Vec<u8>) -> Vec<u8> {
    const COUNT: &[u8] = b"uniqueCount";
    let found: Vec<usize> = content
        .windows(COUNT.len())
        .enumerate()
        .filter(|(_, part)| *part == COUNT)
        .map(|(at, _)| at)
        .collect();
    found.into_iter().for_each(|at| content[at] = b'x');
    content
}

fn packed(parts: Vec<(String, Vec<u8>)>) -> Option<Vec<u8>> {
    let size: usize = parts.iter().map(|(_, content)| content.len() + 256).sum();
    let mut archive = ZipWriter::new(Cursor::new(Vec::with_capacity(size)));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut known = HashSet::new();
    // Of parts with one name, the last counts.
    for (name, content) in parts.into_iter().rev() {
        if known.insert(name.clone()) {
            archive.start_file(name.as_str(), stored).ok()?;
            archive.write_all(&without_count(content)).ok()?;
        }
    }
    Some(archive.finish().ok()?.into_inner())
}
