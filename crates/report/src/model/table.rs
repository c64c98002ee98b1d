use std::ops::Range;

use super::cell::{Cell, Content, Position};
use super::form::OfficialForm;
use super::labels::{ApplicantColumn, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow, RequestRow};

/// A kind of row: which columns it has in which form.
pub trait TableRow: Copy + Ord + 'static {
    type Column: Copy + Ord + 'static;

    /// Every row of either form, in order.
    fn rows() -> &'static [Self];
    /// Its place in [`TableRow::rows`].
    fn index(self) -> usize;
    fn columns_in(self, form: OfficialForm) -> &'static [Self::Column];
}

impl TableRow for ProactiveRow {
    type Column = ProactiveColumn;

    fn rows() -> &'static [Self] {
        Self::ALL
    }

    fn index(self) -> usize {
        self as usize
    }

    fn columns_in(self, form: OfficialForm) -> &'static [ProactiveColumn] {
        self.columns(form)
    }
}

impl TableRow for RequestRow {
    type Column = ApplicantColumn;

    fn rows() -> &'static [Self] {
        Self::ALL
    }

    fn index(self) -> usize {
        self as usize
    }

    fn columns_in(self, form: OfficialForm) -> &'static [ApplicantColumn] {
        if self.is_in(form) { ApplicantColumn::ALL } else { &[] }
    }
}

impl TableRow for RemedyRow {
    type Column = RemedyColumn;

    fn rows() -> &'static [Self] {
        Self::ALL
    }

    fn index(self) -> usize {
        self as usize
    }

    fn columns_in(self, _form: OfficialForm) -> &'static [RemedyColumn] {
        RemedyColumn::ALL
    }
}

/// One table of the report. Every cell of its form is there, even when nothing could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<R: TableRow> {
    /// The form the table follows; `None` when no such table was found. The cells are then those of the
    /// form in force for the year, all lost.
    pub form: Option<OfficialForm>,
    /// Row by row, column by column.
    cells: Vec<(R, R::Column, Cell)>,
    /// Where each row of [`TableRow::rows`] begins in `cells`, and where the last one ends.
    starts: Vec<usize>,
}

pub type ProactiveTable = Table<ProactiveRow>;
pub type RequestsTable = Table<RequestRow>;
pub type RemediesTable = Table<RemedyRow>;

impl<R: TableRow> Table<R> {
    /// A table of `form` with the same content in every cell.
    pub fn filled(form: OfficialForm, content: Content) -> Self {
        let (mut cells, mut starts) = (Vec::with_capacity(180), Vec::with_capacity(R::rows().len() + 1));
        for &row in R::rows() {
            starts.push(cells.len());
            let columns = row.columns_in(form).iter();
            cells.extend(columns.map(|&column| (row, column, Cell::new(content.clone()))));
        }
        starts.push(cells.len());
        Self { form: Some(form), cells, starts }
    }

    /// The table a report should have and has not: every cell lost, no form.
    pub fn absent(expected: OfficialForm) -> Self {
        Self { form: None, ..Self::filled(expected, Content::Lost) }
    }

    fn place(&self, row: R, column: R::Column) -> Option<usize> {
        let range = self.range(row);
        let within = self.cells[range.clone()].iter().position(|(_, has, _)| *has == column)?;
        Some(range.start + within)
    }

    fn range(&self, row: R) -> Range<usize> {
        self.starts[row.index()]..self.starts[row.index() + 1]
    }

    pub fn get(&self, row: R, column: R::Column) -> Option<&Cell> {
        self.place(row, column).map(|place| &self.cells[place].2)
    }

    pub fn count(&self, row: R, column: R::Column) -> Option<i64> {
        self.get(row, column).and_then(Cell::count)
    }

    /// Puts a cell where the form has one; says whether it has.
    pub fn put(&mut self, row: R, column: R::Column, cell: Cell) -> bool {
        let place = self.place(row, column);
        place.map(|place| self.cells[place].2 = cell).is_some()
    }

    pub fn cells(&self) -> impl Iterator<Item = (R, R::Column, &Cell)> {
        self.cells.iter().map(|(row, column, cell)| (*row, *column, cell))
    }

    /// The rows this table has, in the order of the form.
    pub fn rows(&self) -> impl Iterator<Item = R> {
        R::rows().iter().copied().filter(|row| !self.range(*row).is_empty())
    }

    /// The cells of one row, in the order of the form.
    pub fn row(&self, row: R) -> impl Iterator<Item = (R::Column, &Cell)> {
        self.cells[self.range(row)].iter().map(|(_, column, cell)| (*column, cell))
    }

    /// Where the table begins in the source.
    pub fn first_at(&self) -> Option<Position> {
        self.cells.iter().filter_map(|(_, _, cell)| cell.at).min()
    }

    /// Where the row stands in the source.
    pub fn row_at(&self, row: R) -> Option<Position> {
        self.row(row).find_map(|(_, cell)| cell.at)
    }
}
