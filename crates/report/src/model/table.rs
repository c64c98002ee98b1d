use std::collections::BTreeMap;

use super::cell::{Cell, Content, Position};
use super::form::OfficialForm;
use super::labels::{ApplicantColumn, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow, RequestRow};

/// A kind of row: which columns it has in which form.
pub trait TableRow: Copy + Ord + 'static {
    type Column: Copy + Ord + 'static;

    fn rows() -> &'static [Self];
    fn columns_in(self, form: OfficialForm) -> &'static [Self::Column];
}

impl TableRow for ProactiveRow {
    type Column = ProactiveColumn;

    fn rows() -> &'static [Self] {
        Self::ALL
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

    fn columns_in(self, form: OfficialForm) -> &'static [ApplicantColumn] {
        if self.is_in(form) { ApplicantColumn::ALL } else { &[] }
    }
}

impl TableRow for RemedyRow {
    type Column = RemedyColumn;

    fn rows() -> &'static [Self] {
        Self::ALL
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
    cells: BTreeMap<(R, R::Column), Cell>,
}

pub type ProactiveTable = Table<ProactiveRow>;
pub type RequestsTable = Table<RequestRow>;
pub type RemediesTable = Table<RemedyRow>;

impl<R: TableRow> Table<R> {
    /// A table of `form` with the same content in every cell.
    pub fn filled(form: OfficialForm, content: Content) -> Self {
        let mut cells = BTreeMap::new();
        for &row in R::rows() {
            for &column in row.columns_in(form) {
                cells.insert((row, column), Cell::new(content.clone()));
            }
        }
        Self { form: Some(form), cells }
    }

    /// The table a report should have and has not: every cell lost, no form.
    pub fn absent(expected: OfficialForm) -> Self {
        Self { form: None, ..Self::filled(expected, Content::Lost) }
    }

    pub fn get(&self, row: R, column: R::Column) -> Option<&Cell> {
        self.cells.get(&(row, column))
    }

    pub fn count(&self, row: R, column: R::Column) -> Option<i64> {
        self.get(row, column).and_then(Cell::count)
    }

    /// Puts a cell where the form has one; says whether it has.
    pub fn put(&mut self, row: R, column: R::Column, cell: Cell) -> bool {
        match self.cells.get_mut(&(row, column)) {
            Some(place) => {
                *place = cell;
                true
            }
            None => false,
        }
    }

    pub fn cells(&self) -> impl Iterator<Item = (R, R::Column, &Cell)> {
        self.cells.iter().map(|((row, column), cell)| (*row, *column, cell))
    }

    /// The rows this table has, in the order of the form.
    pub fn rows(&self) -> impl Iterator<Item = R> {
        R::rows().iter().copied().filter(|row| self.cells.keys().any(|(has, _)| has == row))
    }

    /// The cells of one row, in the order of the form.
    pub fn row(&self, row: R) -> impl Iterator<Item = (R::Column, &Cell)> {
        self.cells.iter().filter(move |((of, _), _)| *of == row).map(|((_, column), cell)| (*column, cell))
    }

    /// Where the table begins in the source.
    pub fn first_at(&self) -> Option<Position> {
        self.cells.values().filter_map(|cell| cell.at).min()
    }

    /// Where the row stands in the source.
    pub fn row_at(&self, row: R) -> Option<Position> {
        self.row(row).find_map(|(_, cell)| cell.at)
    }
}
