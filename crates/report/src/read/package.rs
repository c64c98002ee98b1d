//! Office files are zip archives; a small archive can unpack to a giant, so every part is read with a limit.

use std::collections::HashSet;
use std::io::{Cursor, Read, Write};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
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
    let mut parts: Vec<(String, String)> = Vec::new();
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
        let content = String::from_utf8(content).map_err(|_| BROKEN)?;
        parts.push((if is_document { lower } else { name }, content));
    }
    if let Some(at) = parts.iter().rposition(|(name, _)| name == "word/document.xml") {
        return Ok(Office::Docx(parts.swap_remove(at).1));
    }
    if parts.iter().any(|(name, _)| name.eq_ignore_ascii_case("xl/workbook.xml")) {
        return packed(parts).map(Office::Xlsx).ok_or(BROKEN);
    }
    Err("是压缩包，但不是 docx 或 xlsx。请解压后选取年度报告本身再试")
}

/// A workbook tells how many texts it has, and readers take memory for as many; they also find out by themselves.
fn without_count(content: &str) -> String {
    content.replace("uniqueCount", "xniqueCount")
}

/// The library reckons with the places of cells as they are written, beyond all bounds. Nothing where one is on no
/// sheet; what a sheet says of its own extent, which nobody needs, gets a name that is not looked for.
fn within_bounds(mut content: String) -> Option<String> {
    const EXTENT: &str = "dimension";
    let mut reader = Reader::from_str(&content);
    // What the library lets pass is to be seen here too.
    reader.config_mut().check_end_names = false;
    let mut extents = Vec::new();
    loop {
        let begin = reader.buffer_position() as usize;
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => match tag.local_name().as_ref() {
                "c" | "row" if !is_on_a_sheet(&tag) => return None,
                EXTENT => extents.push(begin + 1 + tag.name().as_ref().len() - EXTENT.len()),
                _ => {}
            },
            // The library goes no further either.
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    extents.into_iter().for_each(|at| content.replace_range(at..at + EXTENT.len(), "dimensiox"));
    Some(content)
}

/// Columns have up to three letters, rows up to seven digits.
fn is_on_a_sheet(tag: &BytesStart) -> bool {
    tag.attributes().with_checks(false).all(|attribute| {
        attribute.is_ok_and(|attribute| {
            let (letters, digits) = attribute.value.chars().fold((0, 0), |(letters, digits), c| {
                (letters + usize::from(c.is_ascii_alphabetic()), digits + usize::from(c.is_ascii_digit()))
            });
            attribute.key.local_name().as_ref() != "r" || letters <= 3 && digits <= 7
        })
    })
}

fn packed(parts: Vec<(String, String)>) -> Option<Vec<u8>> {
    let size: usize = parts.iter().map(|(_, content)| content.len() + 256).sum();
    let mut archive = ZipWriter::new(Cursor::new(Vec::with_capacity(size)));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut known = HashSet::new();
    // Of parts with one name, the last counts.
    for (name, content) in parts.into_iter().rev() {
        if known.insert(name.clone()) {
            archive.start_file(name.as_str(), stored).ok()?;
            archive.write_all(within_bounds(without_count(&content))?.as_bytes()).ok()?;
        }
    }
    Some(archive.finish().ok()?.into_inner())
}
