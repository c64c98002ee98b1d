//! Workbooks: every visible row of every sheet. The text of merged cells stands once, at their origin.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetVisible, Xlsx};

use super::block::{self, Block};
use super::docx::row;
use super::labels::fold;
use crate::model::{ProactiveRow, RequestRow};

const BROKEN: &str = "文件损坏，不是完好的 xlsx。请用 Excel 或 WPS 打开后重新保存再试";
/// Beyond this no report has cells.
const COLUMNS: u32 = 64;
const CELLS: usize = 200_000;
const SHEETS: usize = 100;
/// The same sheet can be listed any number of times.
const LARGEST: usize = 512 * 1024 * 1024;
const TOO_LARGE: &str = "工作簿过大，不像年度报告，没有读取。请只保留年度报告的工作表再试";

/// The sheets as blocks; the line of a position counts rows over all sheets, its column is the cell. Should the library
/// panic on a file that nobody thought of, the file is refused.
pub(super) fn blocks(bytes: &[u8]) -> Result<Vec<Block>, &'static str> {
    catch_unwind(AssertUnwindSafe(|| sheets(bytes))).unwrap_or(Err(BROKEN))
}

fn sheets(bytes: &[u8]) -> Result<Vec<Block>, &'static str> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
    let sheets = workbook.sheets_metadata().to_vec();
    if sheets.len() > SHEETS || sheets.len() * bytes.len() > LARGEST {
        return Err(TOO_LARGE);
    }
    let visible = sheets.iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let mut blocks = Vec::new();
    let mut number = 0;
    let mut cells = 0;
    for sheet in visible {
        let Ok(mut reader) = workbook.worksheet_cells_reader(&sheet.name) else { continue };
        let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
        while let Some(cell) = reader.next_cell().map_err(|_| BROKEN)? {
            let (line, column) = cell.get_position();
            cells += 1;
            if cells > CELLS {
                return Err(TOO_LARGE);
            }
            if column < COLUMNS {
                rows.entry(line).or_default().insert(column, text(cell.get_value()));
            }
        }
        let width = rows.values().filter_map(|row| row.keys().next_back()).max().map_or(0, |last| last + 1);
        for row_cells in rows.into_values() {
            number += 1;
            let filled = row_cells.values().filter(|text| !text.is_empty()).count();
            let first = row_cells.values().find(|text| !text.is_empty());
            match (filled, first) {
                (0, _) | (_, None) => {}
                // A heading or prose in a merged cell over the whole width; a label with its cells is a row all the same.
                (1, Some(only)) if row_cells.len() == 1 || !is_row_label(only) => {
                    blocks.extend(block::lines(only, number))
                }
                _ => {
                    let mut row_cells = row_cells;
                    let texts = (0..width).map(|column| row_cells.remove(&column).unwrap_or_default());
                    blocks.push(row(texts.collect(), number));
                }
            }
        }
    }
    Ok(blocks)
}

/// The very words of a row of part 二 or 三.
fn is_row_label(text: &str) -> bool {
    let folded = fold(text);
    let is_said = |official: &str| fold(official) == folded;
    RequestRow::ALL.iter().any(|row| is_said(row.official()))
        || ProactiveRow::ALL.iter().any(|row| is_said(row.official()))
        || is_said("规范性文件")
}

fn text(value: &DataRef) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Empty => String::new(),
        // Dates and errors are never figures of a report.
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        _ => "?".to_owned(),
    }
}
