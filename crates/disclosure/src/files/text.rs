//! What a file says, passage by passage, for the check before publication and for search. Comments, deleted text and
//! hidden sheets are read too: whoever downloads the file can.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use serde::{Deserialize, Serialize};
use zip::ZipArchive;

use super::FileKind;

/// A paragraph, a row or a page, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// `第 3 页`, `第 12 段`, `工作表“名单”第 5 行`.
    pub place: String,
    pub text: String,
}

/// 文件的文字.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileText {
    pub passages: Vec<Passage>,
    /// Why not all of it could be read; what to do about it.
    pub unread: Option<String>,
}

impl FileText {
    fn unread(why: &str) -> FileText {
        FileText { passages: Vec::new(), unread: Some(why.to_owned()) }
    }
}

/// The parts of one file unpacked; a small archive can unpack to a giant.
const UNPACKED: u64 = 64 * 1024 * 1024;
/// Characters that are kept of one file.
const LONGEST: usize = 4_000_000;

/// Reads what a file of this kind says. Never fails: what cannot be read is said.
pub fn text_of(kind: FileKind, bytes: &[u8]) -> FileText {
    let text = match kind {
        FileKind::Docx => docx(bytes),
        FileKind::Xlsx => xlsx(bytes),
        FileKind::Ofd => ofd(bytes),
        FileKind::Pdf => pdf(bytes),
        FileKind::Text => Some(plain(bytes)),
        FileKind::Png | FileKind::Jpeg => Some(FileText::unread("图片里的文字无法自动检查，请逐张核对")),
        FileKind::Zip => {
            Some(FileText::unread("压缩包里的文件没有检查，请解压后逐个核对，或者直接上传其中的文件"))
        }
    };
    let mut text = text.unwrap_or_else(|| FileText::unread("文件读不出文字，请逐页核对，或者另存后重新上传"));
    text.passages.retain(|passage| !passage.text.trim().is_empty());
    let mut left = LONGEST;
    let within = text.passages.iter().position(|passage| {
        let length = passage.text.chars().count();
        let is_over = length > left;
        left = left.saturating_sub(length);
        is_over
    });
    if let Some(end) = within {
        text.passages.truncate(end);
        text.unread = Some("文件过长，后面的部分没有检查，请核对".to_owned());
    }
    text
}

fn plain(bytes: &[u8]) -> FileText {
    let text = String::from_utf8_lossy(bytes);
    let passages = (1..)
        .zip(text.lines())
        .map(|(line, text)| Passage { place: format!("第 {line} 行"), text: text.to_owned() })
        .collect();
    FileText { passages, unread: None }
}

fn pdf(bytes: &[u8]) -> Option<FileText> {
    let pages = gongkai_report::read::page_texts(bytes).ok()?;
    let blank: Vec<String> = (1..)
        .zip(&pages)
        .filter(|(_, text)| text.trim().is_empty())
        .map(|(page, _): (usize, _)| page.to_string())
        .collect();
    let unread = (!blank.is_empty()).then(|| match blank.len() == pages.len() {
        true => "是扫描件，没有文字层，无法自动检查，请逐页核对".to_owned(),
        false => format!("第 {} 页没有文字层，请核对这些页", blank.join("、")),
    });
    let passages =
        (1..).zip(pages).map(|(page, text)| Passage { place: format!("第 {page} 页"), text }).collect();
    Some(FileText { passages, unread })
}

/// The members of an archive whose names are wanted, in the order of the archive.
fn members(bytes: &[u8], is_wanted: impl Fn(&str) -> bool) -> Option<Vec<(String, String)>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut left = UNPACKED;
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).ok()?;
        let name = member.name().ok()?.replace('\\', "/");
        if !is_wanted(&name) {
            continue;
        }
        let mut content = Vec::new();
        let read = member.by_ref().take(left + 1).read_to_end(&mut content).ok()?;
        left = left.checked_sub(read as u64)?;
        found.push((name, String::from_utf8(content).ok()?));
    }
    Some(found)
}

fn local(name: &[u8]) -> &[u8] {
    name.rsplit(|b| *b == b':').next().unwrap_or(name)
}

fn attribute(start: &quick_xml::events::BytesStart<'_>, wanted: &[u8]) -> Option<String> {
    start
        .attributes()
        .filter_map(Result::ok)
        .find(|a| local(a.key.as_ref().as_bytes()) == wanted)
        .map(|a| unescaped(&a.value))
}

fn unescaped(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), |text| text.into_owned())
}

/// The text of an XML part, a line for each element `line`; only what stands in elements `runs`.
fn lines_of(xml: &str, line: &[u8], runs: &[&[u8]]) -> Option<Vec<String>> {
    let mut reader = Reader::from_str(xml);
    let mut lines = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut in_run = 0_usize;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let name = start.name();
                let name = local(name.as_ref().as_bytes());
                if name == line {
                    open.push(String::new());
                }
                in_run += usize::from(runs.contains(&name));
            }
            Event::Empty(empty) => {
                if let (Some(text), b"tab" | b"br" | b"cr") =
                    (open.last_mut(), local(empty.name().as_ref().as_bytes()))
                {
                    text.push(' ');
                }
            }
            Event::End(end) => {
                let name = end.name();
                let name = local(name.as_ref().as_bytes());
                in_run = in_run.saturating_sub(usize::from(runs.contains(&name)));
                if name == line
                    && let Some(text) = open.pop()
                {
                    lines.push(text);
                }
            }
            Event::Text(text) if in_run > 0 => {
                if let Some(open) = open.last_mut() {
                    open.push_str(&text);
                }
            }
            Event::GeneralRef(reference) if in_run > 0 => {
                if let Some(open) = open.last_mut() {
                    open.push_str(&unescaped(&format!("&{};", &*reference)));
                }
            }
            Event::CData(data) if in_run > 0 => {
                if let Some(open) = open.last_mut() {
                    open.push_str(&data);
                }
            }
            Event::Eof => return Some(lines),
            _ => {}
        }
    }
}

fn docx(bytes: &[u8]) -> Option<FileText> {
    let parts = members(bytes, |name| {
        name.strip_prefix("word/").is_some_and(|part| {
            part.ends_with(".xml")
                && ["document", "header", "footer", "footnotes", "endnotes", "comments"]
                    .iter()
                    .any(|known| part.starts_with(known))
        })
    })?;
    let mut passages = Vec::new();
    for (name, xml) in parts {
        let part = match name.trim_start_matches("word/") {
            part if part.starts_with("header") => "页眉",
            part if part.starts_with("footer") => "页脚",
            part if part.starts_with("footnotes") || part.starts_with("endnotes") => "脚注",
            part if part.starts_with("comments") => "批注",
            _ => "",
        };
        for (number, text) in (1..).zip(lines_of(&xml, b"p", &[b"t", b"delText", b"instrText"])?) {
            passages.push(Passage { place: format!("{part}第 {number} 段"), text });
        }
    }
    Some(FileText { passages, unread: None })
}

fn ofd(bytes: &[u8]) -> Option<FileText> {
    let mut pages = members(bytes, |name| name.contains("/Pages/") && name.ends_with(".xml"))?;
    let number = |name: &str| {
        name.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<usize>().ok()).next_back()
    };
    pages.sort_by_key(|(name, _)| number(name));
    let mut passages = Vec::new();
    for (page, (_, xml)) in (1..).zip(pages) {
        let text = lines_of(&xml, b"TextObject", &[b"TextCode"])?.join("\n");
        passages.push(Passage { place: format!("第 {page} 页"), text });
    }
    Some(FileText { passages, unread: None })
}

fn xlsx(bytes: &[u8]) -> Option<FileText> {
    let parts: HashMap<String, String> = members(bytes, |name| {
        matches!(name, "xl/workbook.xml" | "xl/_rels/workbook.xml.rels" | "xl/sharedStrings.xml")
            || name.starts_with("xl/worksheets/") && name.ends_with(".xml")
            || name.starts_with("xl/comments") && name.ends_with(".xml")
    })?
    .into_iter()
    .collect();
    let shared = match parts.get("xl/sharedStrings.xml") {
        Some(xml) => lines_of(xml, b"si", &[b"t"])?,
        None => Vec::new(),
    };
    let targets = relations(parts.get("xl/_rels/workbook.xml.rels")?)?;
    let mut passages = Vec::new();
    for (name, id, is_hidden) in sheets(parts.get("xl/workbook.xml")?)? {
        let Some(xml) = targets.get(&id).and_then(|path| parts.get(path)) else { continue };
        let sheet = if is_hidden { "隐藏的工作表" } else { "工作表" };
        for (row, text) in rows(xml, &shared)? {
            passages.push(Passage { place: format!("{sheet}“{name}”第 {row} 行"), text });
        }
    }
    for (name, xml) in parts.iter().filter(|(name, _)| name.starts_with("xl/comments")) {
        let _ = name;
        for text in lines_of(xml, b"comment", &[b"t"])? {
            passages.push(Passage { place: "批注".to_owned(), text });
        }
    }
    Some(FileText { passages, unread: None })
}

/// Where the relations of a workbook lead, as names in the archive.
fn relations(xml: &str) -> Option<HashMap<String, String>> {
    let mut reader = Reader::from_str(xml);
    let mut targets = HashMap::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(e) | Event::Empty(e) if local(e.name().as_ref().as_bytes()) == b"Relationship" => {
                if let (Some(id), Some(target)) = (attribute(&e, b"Id"), attribute(&e, b"Target")) {
                    let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
                    targets.insert(id, path);
                }
            }
            Event::Eof => return Some(targets),
            _ => {}
        }
    }
}

/// Name, relation and whether it is hidden, in the order of the tabs.
fn sheets(xml: &str) -> Option<Vec<(String, String, bool)>> {
    let mut reader = Reader::from_str(xml);
    let mut sheets = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(e) | Event::Empty(e) if local(e.name().as_ref().as_bytes()) == b"sheet" => {
                let hidden = attribute(&e, b"state").is_some_and(|state| state != "visible");
                sheets.push((attribute(&e, b"name")?, attribute(&e, b"id")?, hidden));
            }
            Event::Eof => return Some(sheets),
            _ => {}
        }
    }
}

/// The rows of a sheet: number, and the cells with a tab between them.
fn rows(xml: &str, shared: &[String]) -> Option<Vec<(String, String)>> {
    let mut reader = Reader::from_str(xml);
    let mut rows = Vec::new();
    let (mut row, mut cells) = (String::new(), Vec::new());
    let (mut kind, mut value, mut in_value) = (String::new(), String::new(), false);
    loop {
        match reader.read_event().ok()? {
            Event::Start(e) => match local(e.name().as_ref().as_bytes()) {
                b"row" => {
                    row = attribute(&e, b"r").unwrap_or_else(|| (rows.len() + 1).to_string());
                    cells.clear();
                }
                b"c" => {
                    kind = attribute(&e, b"t").unwrap_or_default();
                    value.clear();
                }
                b"v" | b"t" => in_value = true,
                _ => {}
            },
            Event::Text(text) if in_value => value.push_str(&text),
            Event::GeneralRef(reference) if in_value => {
                value.push_str(&unescaped(&format!("&{};", &*reference)))
            }
            Event::End(e) => match local(e.name().as_ref().as_bytes()) {
                b"v" | b"t" => in_value = false,
                b"c" if !value.is_empty() => cells.push(match kind.as_str() {
                    "s" => {
                        value.parse::<usize>().ok().and_then(|i| shared.get(i)).cloned().unwrap_or_default()
                    }
                    "" | "n" => number(&value),
                    _ => value.clone(),
                }),
                b"row" => rows.push((row.clone(), cells.join("\t"))),
                _ => {}
            },
            Event::Eof => return Some(rows),
            _ => {}
        }
    }
}

/// A telephone number kept as a number may be written 1.3800001234E10.
fn number(value: &str) -> String {
    match value.parse::<f64>() {
        Ok(number) if value.contains(['e', 'E']) && number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        _ => value.to_owned(),
    }
}
