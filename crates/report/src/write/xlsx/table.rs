use std::collections::HashMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, Formula, XlsxError};

use super::sums::{Sum, sum_of};
use super::{LINE, Sheet, cell_format, clean, height};
use crate::model::{Cell, CellAddress, Content, Report};
use crate::write::grid::{Grid, GridCell, Placed};

/// The widths of the columns of each sheet, in half-width characters.
pub(super) const PROSE: &[u16] = &[88];
pub(super) const PROACTIVE: &[u16] = &[26, 22, 22, 22];
pub(super) const REQUESTS: &[u16] = &[5, 11, 34, 9, 9, 9, 9, 9, 9, 9];
pub(super) const REMEDIES: &[u16] = &[7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7];

/// Where the cells of the report stand on a sheet: row and column, from 0.
#[derive(Default)]
pub(super) struct Places(HashMap<CellAddress, (u32, u16)>);

impl Places {
    /// The cell as formulas name it.
    pub(super) fn name(&self, address: CellAddress) -> Option<String> {
        let &(row, column) = self.0.get(&address)?;
        Some(rust_xlsxwriter::row_col_to_cell(row, column))
    }

    /// The cells from the first to the last of a sum. Parts of a sum stand side by side.
    pub(super) fn range(&self, parts: &[CellAddress]) -> Option<String> {
        Some(format!("{}:{}", self.name(*parts.first()?)?, self.name(*parts.last()?)?))
    }
}

impl Sheet {
    pub(super) fn table(&mut self, grid: &Grid, report: &Report) -> Result<Places, XlsxError> {
        let top = self.next;
        let rows = grid.placed();
        let mut places = Places::default();
        for (row, placed) in (top..).zip(&rows) {
            let mut highest = LINE + 5.0;
            for place in placed {
                let Some(cell) = place.cell else { continue };
                if let (Some(address), Ok(column)) = (cell.address, u16::try_from(place.column)) {
                    places.0.insert(address, (row, column));
                }
                if cell.rowspan == 1 {
                    let width = self.widths.iter().skip(place.column).take(place.colspan).sum();
                    highest = highest.max(height(&cell.text, width));
                }
            }
            self.sheet.set_row_height(row, highest)?;
        }
        for (row, placed) in (top..).zip(&rows) {
            let heads_columns = grid.rows[(row - top) as usize].iter().all(|cell| cell.header);
            for place in placed {
                if let Some(cell) = place.cell {
                    self.cell(row, place, cell, heads_columns)?;
                    if let Some(address) = cell.address {
                        self.value(row, place, address, report, &places)?;
                    }
                }
            }
        }
        self.next = top + u32::try_from(rows.len()).unwrap_or(0);
        if let Some(last) = u32::try_from(grid.header_rows).ok().and_then(|rows| rows.checked_sub(1)) {
            self.sheet.set_repeat_rows(top, top + last)?;
        }
        Ok(places)
    }

    /// The frame of a cell and its label.
    fn cell(
        &mut self,
        row: u32,
        place: &Placed,
        cell: &GridCell,
        heads_columns: bool,
    ) -> Result<(), XlsxError> {
        let is_row_label = cell.header && !heads_columns && cell.rowspan == 1;
        let format = if is_row_label { cell_format().set_align(FormatAlign::Left) } else { cell_format() };
        let text = if cell.header { clean(&cell.text) } else { String::new() };
        let (first, last) = columns(place);
        if place.colspan > 1 || cell.rowspan > 1 {
            let bottom = row + u32::try_from(cell.rowspan - 1).unwrap_or(0);
            self.sheet.merge_range(row, first, bottom, last, &text, &format)?;
        } else if text.is_empty() {
            self.sheet.write_blank(row, first, &format)?;
        } else {
            self.sheet.write_string_with_format(row, first, &text, &format)?;
        }
        Ok(())
    }

    /// The figure of a cell: a number, a formula where the form says that it is a sum, or the text as it is.
    fn value(
        &mut self,
        row: u32,
        place: &Placed,
        address: CellAddress,
        report: &Report,
        places: &Places,
    ) -> Result<(), XlsxError> {
        let (column, _) = columns(place);
        let format = cell_format();
        let Some(cell) = report.get(address) else { return Ok(()) };
        if let Some(number) = number(cell) {
            let sum = sum_of(report, address);
            let formula = sum.as_ref().and_then(|sum| places.range(&sum.parts));
            match (sum, formula) {
                (Some(Sum { total: Some(total), .. }), Some(range)) if Some(total) == cell.count() => {
                    let formula = Formula::new(format!("=SUM({range})")).set_result(total.to_string());
                    self.sheet.write_formula_with_format(row, column, formula, &format)?;
                }
                (Some(Sum { total: Some(_), .. }), _) => {
                    self.sheet.write_number_with_format(row, column, number, &contradicted(format))?;
                }
                _ => {
                    self.sheet.write_number_with_format(row, column, number, &format)?;
                }
            }
            return Ok(());
        }
        let text = clean(place.cell.map_or("", |cell| cell.text.as_str()));
        if !text.is_empty() {
            self.sheet.write_string_with_format(row, column, &text, &format)?;
        }
        Ok(())
    }
}

/// A stated total that is not the sum of its parts.
fn contradicted(format: Format) -> Format {
    format.set_font_color(Color::RGB(0x00B4_2318)).set_bold()
}

fn columns(place: &Placed) -> (u16, u16) {
    let column = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    (column(place.column), column(place.column + place.colspan - 1))
}

/// The cell as a number, where a spreadsheet's number is exactly what is printed.
fn number(cell: &Cell) -> Option<f64> {
    let printed = match &cell.content {
        Content::Count(count) => count.to_string(),
        Content::Amount(amount) => amount.clone(),
        Content::Blank | Content::ExplicitNone | Content::Lost => return None,
    };
    let number: f64 = printed.parse().ok()?;
    (number.is_finite() && number.abs() < 1e15 && number.to_string() == printed).then_some(number)
}
