//! Word 97–2003 documents (also the `.wps` that are such documents): the text by its piece table, table rows by the
//! properties of their paragraphs.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use cfb::CompoundFile;
use encoding_rs::WINDOWS_1252;

use super::block::{self, Block};
use super::docx::row;
use super::glyphs::sound;

const BROKEN: &str = "文件损坏，不是完好的 doc。请用 Word 或 WPS 打开后另存为 docx 再试";
const OTHER: &str =
    "是旧版二进制文件，但不是 Word 文档（doc）。请用 Word、WPS 或 Excel 打开后另存为 docx 或 xlsx 再试";
const ENCRYPTED: &str = "文件有密码，打不开。请用密码打开后另存一份没有密码的 docx 再试";
const TOO_LARGE: &str = "doc 文件过大，不像年度报告，没有读取。请用 Word 或 WPS 打开后另存为 docx 再试";
const OLD: &str = "是 Word 95 或更早的文档，读不了。请用 Word 或 WPS 打开后另存为 docx 再试";

/// The operators that matter: whether a paragraph lies in a table, ends its row, or keeps its properties elsewhere.
const IN_TABLE: u16 = 0x2416;
const ENDS_ROW: u16 = 0x2417;
const ELSEWHERE: u16 = 0x6646;

const LARGEST_FILE: usize = 60 * 1024 * 1024;
/// Bytes of properties that are looked through: many paragraphs can name the same ones.
const MOST_PROPERTIES: usize = 16 * 1024 * 1024;

/// The document as blocks; the line of a position is the number of the paragraph or row, its column the cell.
pub(super) fn blocks(bytes: &[u8]) -> Result<Vec<Block>, &'static str> {
    if bytes.len() > LARGEST_FILE {
        return Err(TOO_LARGE);
    }
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(|_| BROKEN)?;
    if file.exists("/EncryptedPackage") {
        return Err(ENCRYPTED);
    }
    let mut stream = |name: &str| {
        let mut content = Vec::new();
        let limit = bytes.len() as u64 + 1;
        file.open_stream(name).ok()?.take(limit).read_to_end(&mut content).ok()?;
        Some(content)
    };
    let document = stream("/WordDocument").ok_or(OTHER)?;
    if u16_at(&document, 0) != Some(0xa5ec) {
        return Err(if document.len() > 2 { OLD } else { BROKEN });
    }
    let flags = u16_at(&document, 0x0a).ok_or(BROKEN)?;
    if flags & 0x0100 != 0 {
        return Err(ENCRYPTED);
    }
    let table = stream(if flags & 0x0200 != 0 { "/1Table" } else { "/0Table" }).ok_or(BROKEN)?;
    let data = stream("/Data").unwrap_or_default();
    let part = |at: usize| {
        let (start, length) = (u32_at(&document, at)? as usize, u32_at(&document, at + 4)? as usize);
        table.get(start..start.checked_add(length)?)
    };
    let pieces = part(0x1a2).and_then(pieces).ok_or(BROKEN)?;
    let marks = match part(0x102) {
        Some(runs) => marks(runs, &document, &data).ok_or(TOO_LARGE)?,
        None => Marks::default(),
    };
    // Pieces may name the same text; no text is longer than what holds it.
    let length = (u32_at(&document, 0x4c).ok_or(BROKEN)? as usize).min(document.len());
    let mut reader = Reading::default();
    let mut read = 0;
    for piece in pieces {
        let width = if piece.narrow { 1 } else { 2 };
        for index in 0..piece.length {
            if read >= length {
                break;
            }
            read += 1;
            let at = piece.start + index * width;
            let c = if piece.narrow {
                let Some(byte) = document.get(at) else { break };
                WINDOWS_1252.decode_without_bom_handling(&[*byte]).0.chars().next().unwrap_or('\u{fffd}')
                    as u32
            } else {
                match u16_at(&document, at) {
                    Some(unit) => u32::from(unit),
                    None => break,
                }
            };
            reader.unit(c, at + width, &marks);
        }
    }
    reader.paragraph();
    Ok(reader.blocks)
}

struct Piece {
    start: usize,
    /// In characters.
    length: usize,
    /// One byte a character instead of two.
    narrow: bool,
}

/// The pieces of the text in their order.
fn pieces(clx: &[u8]) -> Option<Vec<Piece>> {
    let mut at = 0;
    while clx.get(at)? == &1 {
        at += 3 + u16_at(clx, at + 1)? as usize;
    }
    if clx.get(at)? != &2 {
        return None;
    }
    let plc = clx.get(at + 5..)?;
    let size = u32_at(clx, at + 1)? as usize;
    let plc = plc.get(..size.min(plc.len()))?;
    let count = plc.len().checked_sub(4)? / 12;
    (0..count)
        .map(|index| {
            let (from, to) = (u32_at(plc, index * 4)?, u32_at(plc, index * 4 + 4)?);
            let place = u32_at(plc, (count + 1) * 4 + index * 8 + 2)?;
            let narrow = place & 0x4000_0000 != 0;
            let place = (place & 0x3fff_ffff) as usize;
            let start = if narrow { place / 2 } else { place };
            Some(Piece { start, length: to.checked_sub(from)? as usize, narrow })
        })
        .collect()
}

/// Where paragraphs end that lie in a table, and that end a row, as offsets into the document.
#[derive(Default)]
struct Marks {
    in_table: HashSet<usize>,
    row_ends: HashSet<usize>,
    /// Bytes of properties looked through.
    looked_through: usize,
}

/// `None`: the properties go on without end.
fn marks(runs: &[u8], document: &[u8], data: &[u8]) -> Option<Marks> {
    let mut marks = Marks::default();
    let mut known = HashSet::new();
    let count = runs.len().saturating_sub(4) / 8;
    for index in 0..count {
        let Some(page) = u32_at(runs, (count + 1) * 4 + index * 4) else { break };
        let start = (page & 0x003f_ffff) as usize * 512;
        if !known.insert(start) {
            continue;
        }
        if let Some(page) = document.get(start..start.saturating_add(512)) {
            marks_of_page(page, data, &mut marks);
        }
        if marks.looked_through > MOST_PROPERTIES {
            return None;
        }
    }
    Some(marks)
}

fn marks_of_page(page: &[u8], data: &[u8], marks: &mut Marks) {
    let runs = usize::from(page[511]);
    for run in 0..runs {
        let (Some(end), Some(&offset)) = (u32_at(page, run * 4 + 4), page.get((runs + 1) * 4 + run * 13))
        else {
            return;
        };
        let at = usize::from(offset) * 2;
        if at == 0 {
            continue;
        }
        let (from, length) = match page.get(at) {
            Some(0) => (at + 2, usize::from(page.get(at + 1).copied().unwrap_or_default()) * 2),
            Some(words) => (at + 1, usize::from(*words) * 2 - 1),
            None => continue,
        };
        let properties = page.get(from + 2..(from + length).min(511)).unwrap_or_default();
        note(properties, data, end as usize, marks, true);
    }
}

fn note(properties: &[u8], data: &[u8], end: usize, marks: &mut Marks, may_follow: bool) {
    if marks.looked_through > MOST_PROPERTIES {
        return;
    }
    marks.looked_through += properties.len();
    let mut at = 0;
    while let Some(operator) = u16_at(properties, at) {
        at += 2;
        let size = match operator >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            // The definition of a table has a longer length.
            _ if operator == 0xd608 => usize::from(u16_at(properties, at).unwrap_or_default()) + 1,
            _ => usize::from(properties.get(at).copied().unwrap_or_default()) + 1,
        };
        let set = properties.get(at).is_some_and(|value| *value != 0);
        match operator {
            IN_TABLE if set => drop(marks.in_table.insert(end)),
            ENDS_ROW if set => drop(marks.row_ends.insert(end)),
            ELSEWHERE if may_follow => {
                let elsewhere = u32_at(properties, at).map(|offset| offset as usize);
                let found = elsewhere.and_then(|offset| {
                    let length = usize::from(u16_at(data, offset)?);
                    data.get(offset + 2..(offset + 2).checked_add(length)?)
                });
                note(found.unwrap_or_default(), data, end, marks, false);
            }
            _ => {}
        }
        at += size;
    }
}

/// The text as it is put together.
#[derive(Default)]
struct Reading {
    blocks: Vec<Block>,
    number: usize,
    /// The paragraph, or the cell so far.
    text: String,
    cells: Vec<String>,
    /// The first half of a character of two units.
    high: Option<u16>,
    /// Fields within fields, each with whether its instruction goes on, which is no text.
    fields: Vec<bool>,
    instructions: usize,
}

impl Reading {
    fn unit(&mut self, unit: u32, end: usize, marks: &Marks) {
        match unit {
            0x13 => {
                self.fields.push(true);
                self.instructions += 1;
            }
            0x14 => {
                if let Some(instruction) = self.fields.last_mut() {
                    self.instructions -= usize::from(*instruction);
                    *instruction = false;
                }
            }
            0x15 => self.instructions -= usize::from(self.fields.pop().unwrap_or_default()),
            0x07 if marks.row_ends.contains(&end) => self.row(),
            0x07 => {
                let text = std::mem::take(&mut self.text);
                self.cells.push(sound(text.trim_matches(block::is_space)).into_owned());
            }
            // A paragraph within a cell.
            0x0d if marks.in_table.contains(&end) => self.text.push(' '),
            0x0d | 0x0c => self.paragraph(),
            0x0b => self.text.push('\n'),
            0x09 => self.text.push('\t'),
            0x1e => self.text.push('-'),
            0..=0x1f => {}
            _ if self.instructions > 0 => {}
            unit => self.push(unit as u16),
        }
    }

    fn push(&mut self, unit: u16) {
        let units = match self.high.take() {
            Some(high) => vec![high, unit],
            None if (0xd800..0xdc00).contains(&unit) => {
                self.high = Some(unit);
                return;
            }
            None => vec![unit],
        };
        self.text.extend(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')));
    }

    fn row(&mut self) {
        self.text.clear();
        let cells = std::mem::take(&mut self.cells);
        self.number += 1;
        if cells.iter().any(|text| !text.is_empty()) {
            self.blocks.push(row(cells, self.number));
        }
    }

    fn paragraph(&mut self) {
        // Cells without the end of their row: a row whose properties were lost.
        if !self.cells.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.row();
            self.text = text;
        }
        let text = std::mem::take(&mut self.text);
        self.number += 1;
        self.blocks.extend(block::lines(&sound(&text), self.number));
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes([pair[0], pair[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}
