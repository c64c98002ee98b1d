//! Word documents: paragraphs, and tables with merged cells whose text stands once, at their origin.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::block::{self, Block, RawCell};
use crate::model::{Position, PositionKind};

/// Tables within tables are laid out pages, not deeper than this.
const DEPTH: usize = 16;
const SPAN: usize = 64;
/// Of one row; what stands beyond belongs to no table of a report.
const COLUMNS: usize = 256;

#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
    /// Paragraphs and inner tables in their order, for a table that only lays out the page.
    content: Vec<Block>,
    holds_table: bool,
    span: usize,
    continues: bool,
    text: String,
    paragraphs: usize,
}

/// The document as blocks; the line of a position is the number of the paragraph or row, its column the cell.
pub(super) fn blocks(document: &str) -> Result<Vec<Block>, &'static str> {
    const BROKEN: &str = "文件损坏，Word 文档的内容不完整。请用 Word 或 WPS 打开后重新保存再试";
    let mut reader = Reader::from_str(document);
    let mut blocks = Vec::new();
    let mut number = 0;
    let mut tables: Vec<Table> = Vec::new();
    let mut paragraph = String::new();
    // Inside deleted text, a fallback picture of a drawing, or field codes.
    let mut skipped = 0_usize;
    let mut in_text = false;
    loop {
        let event = reader.read_event().map_err(|_| BROKEN)?;
        let (open, name) = match &event {
            Event::Start(tag) => (true, tag.name()),
            Event::Empty(tag) => {
                if skipped == 0 {
                    empty(tag, &mut paragraph, &mut tables);
                }
                continue;
            }
            Event::End(tag) => (false, tag.name()),
            Event::Text(text) => {
                if in_text && skipped == 0 {
                    paragraph.push_str(&text.xml10_content());
                }
                continue;
            }
            Event::CData(text) => {
                if in_text && skipped == 0 {
                    paragraph.push_str(text);
                }
                continue;
            }
            Event::GeneralRef(entity) => {
                if in_text && skipped == 0 {
                    paragraph.extend(character(entity));
                }
                continue;
            }
            Event::Eof => break,
            _ => continue,
        };
        match name.as_ref() {
            "w:del" | "w:moveFrom" | "mc:Fallback" | "w:instrText" | "w:delText" => {
                skipped = if open { skipped + 1 } else { skipped.saturating_sub(1) };
            }
            _ if skipped > 0 => {}
            "w:t" => in_text = open,
            "w:gridSpan" | "w:vMerge" | "w:gridBefore" => {
                if let Event::Start(tag) = &event {
                    empty(tag, &mut paragraph, &mut tables);
                }
            }
            "w:p" if !open => {
                number += 1;
                let text = std::mem::take(&mut paragraph);
                match tables.last_mut() {
                    None => blocks.extend(block::lines(&text, number)),
                    Some(table) => {
                        if table.paragraphs > 0 && !text.is_empty() && !table.text.is_empty() {
                            table.text.push(' ');
                        }
                        table.paragraphs += 1;
                        table.text.push_str(&text);
                        table.content.extend(block::lines(&text, number));
                    }
                }
            }
            "w:tbl" if open => {
                if tables.len() >= DEPTH {
                    return Err("文件中表格嵌套过深，没有读取。请另存为 txt 或网页后再试");
                }
                tables.push(Table::default());
            }
            "w:tbl" => {
                let Some(table) = tables.pop() else { continue };
                let is_layout = table.holds_table || table.rows.iter().all(|row| row.len() < 2);
                let made = if is_layout {
                    table.content
                } else {
                    table
                        .rows
                        .into_iter()
                        .map(|texts| {
                            number += 1;
                            row(texts, number)
                        })
                        .collect()
                };
                match tables.last_mut() {
                    None => blocks.extend(made),
                    Some(outer) => {
                        outer.holds_table = true;
                        outer.content.extend(made);
                    }
                }
            }
            "w:tr" if open => {
                if let Some(table) = tables.last_mut() {
                    table.rows.push(Vec::new());
                }
            }
            "w:tc" => {
                let Some(table) = tables.last_mut() else { continue };
                if open {
                    (table.span, table.continues, table.paragraphs) = (1, false, 0);
                    table.text.clear();
                } else {
                    let text = std::mem::take(&mut table.text);
                    let text = if table.continues { String::new() } else { text };
                    let span = table.span;
                    if let Some(row) = table.rows.last_mut().filter(|row| row.len() < COLUMNS) {
                        row.push(text.trim_matches(block::is_space).to_owned());
                        row.extend(std::iter::repeat_n(String::new(), span - 1));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(blocks)
}

/// A row of a grid: every cell in its column.
pub(super) fn row(texts: Vec<String>, number: usize) -> Block {
    let place = |column| Position { line: number, column, kind: PositionKind::Block };
    let cells = texts.into_iter().enumerate();
    let cells = cells.map(|(column, text)| RawCell { text, at: place(column + 1) });
    Block::Row { cells: cells.collect(), at: place(1), in_grid: true }
}

/// Elements without content.
fn empty(tag: &BytesStart, paragraph: &mut String, tables: &mut [Table]) {
    let value = || {
        let value = tag.try_get_attribute("w:val").ok().flatten()?;
        Some(value.value.to_string())
    };
    let number = || value().and_then(|value| value.parse::<usize>().ok()).unwrap_or(1).clamp(1, SPAN);
    match tag.name().as_ref() {
        "w:tab" => paragraph.push('\t'),
        "w:br" | "w:cr" => paragraph.push('\n'),
        "w:noBreakHyphen" => paragraph.push('-'),
        "w:gridSpan" => tables.iter_mut().next_back().into_iter().for_each(|table| table.span = number()),
        "w:vMerge" => {
            let continues = value().as_deref() != Some("restart");
            tables.iter_mut().next_back().into_iter().for_each(|table| table.continues = continues);
        }
        "w:gridBefore" => {
            let row = tables.last_mut().and_then(|table| table.rows.last_mut());
            if let Some(row) = row.filter(|row| row.len() < COLUMNS) {
                row.extend(std::iter::repeat_n(String::new(), number()));
            }
        }
        _ => {}
    }
}

fn character(entity: &quick_xml::events::BytesRef) -> Option<char> {
    if let Ok(Some(c)) = entity.resolve_char_ref() {
        return Some(c);
    }
    Some(match &**entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}
