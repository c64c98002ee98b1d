use super::address::{CellAddress, CellRefusal};
use super::cell::{Cell, Content};
use super::form::OfficialForm;
use super::labels::{
    ApplicantColumn, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow, RequestRow, TableName,
};
use super::sections::{Paragraph, Section, Sections};
use super::table::{ProactiveTable, RemediesTable, RequestsTable};

/// 政府信息公开工作年度报告 — the annual report. 《条例》第四十九条、第五十条.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// 行政机关 — the name as the report gives it.
    pub agency: Option<String>,
    /// The year reported on, not the year of publication.
    pub year: Option<i16>,
    /// The paragraphs between title and part 一: basis, period, contact.
    pub lead: Vec<Paragraph>,
    pub sections: Sections,
    pub proactive: ProactiveTable,
    pub requests: RequestsTable,
    pub remedies: RemediesTable,
}

/// One cell as a console shows it.
#[derive(Debug, Clone, Copy)]
pub struct CellView<'a> {
    pub address: CellAddress,
    pub cell: &'a Cell,
    /// True for totals, which follow from other cells.
    pub derived: bool,
}

impl Report {
    /// A report in the form of its year with an explicit zero in every cell, to be filled from the ledger.
    pub fn new(agency: impl Into<String>, year: i16) -> Self {
        let form = OfficialForm::for_year(year);
        let mut proactive = ProactiveTable::filled(form, Content::Count(0));
        for column in [ProactiveColumn::Amount10kCny, ProactiveColumn::Amount] {
            for row in [ProactiveRow::AdministrativeFees, ProactiveRow::Procurement] {
                proactive.put(row, column, Cell::new(Content::Amount("0".to_owned())));
            }
        }
        Self {
            agency: Some(agency.into()),
            year: Some(year),
            lead: Vec::new(),
            sections: Sections::default(),
            proactive,
            requests: RequestsTable::filled(form, Content::Count(0)),
            remedies: RemediesTable::filled(form, Content::Count(0)),
        }
    }

    /// Whether the report is older than the official forms: no one laid down its parts, and it has no tables.
    pub fn precedes_the_forms(&self) -> bool {
        let without_tables = TableName::ALL.iter().all(|&table| self.form(table).is_none());
        without_tables && self.year.is_some_and(|year| year < OfficialForm::FIRST_YEAR)
    }

    pub fn form(&self, table: TableName) -> Option<OfficialForm> {
        match table {
            TableName::Proactive => self.proactive.form,
            TableName::Requests => self.requests.form,
            TableName::Remedies => self.remedies.form,
        }
    }

    pub fn get(&self, address: CellAddress) -> Option<&Cell> {
        match address {
            CellAddress::Proactive(row, column) => self.proactive.get(row, column),
            CellAddress::Requests(row, column) => self.requests.get(row, column),
            CellAddress::Remedies(row, column) => self.remedies.get(row, column),
        }
    }

    /// Sets a cell that is not a total.
    pub fn set(&mut self, address: CellAddress, content: Content) -> Result<(), CellRefusal> {
        if address.is_derived() {
            return Err(CellRefusal::DerivedTotal(address));
        }
        if self.put(address, Cell::new(content)) { Ok(()) } else { Err(CellRefusal::NotInForm(address)) }
    }

    pub fn set_count(&mut self, address: CellAddress, count: i64) -> Result<(), CellRefusal> {
        self.set(address, Content::Count(count))
    }

    pub fn set_section(&mut self, section: Section, text: &str) {
        self.sections.set_text(section, text);
    }

    /// Puts a cell as somebody else's report has it, totals too; says whether the form has the cell.
    pub fn put(&mut self, address: CellAddress, cell: Cell) -> bool {
        match address {
            CellAddress::Proactive(row, column) => self.proactive.put(row, column, cell),
            CellAddress::Requests(row, column) => self.requests.put(row, column, cell),
            CellAddress::Remedies(row, column) => self.remedies.put(row, column, cell),
        }
    }

    /// Computes every total from its parts. A total over a part that is not known is blank, not a guess.
    pub fn derive_totals(&mut self) {
        let rows: Vec<RequestRow> = self.requests.rows().collect();
        for &column in ApplicantColumn::KINDS {
            let outcomes = rows.iter().filter(|row| row.is_outcome());
            let total = sum(outcomes.map(|&row| self.requests.count(row, column)));
            self.requests.put(RequestRow::Total, column, Cell::new(total));
        }
        for &row in &rows {
            let total = sum(ApplicantColumn::KINDS.iter().map(|&column| self.requests.count(row, column)));
            self.requests.put(row, ApplicantColumn::Total, Cell::new(total));
        }
        for &row in RemedyRow::ALL {
            let total = sum(RemedyColumn::RESULTS.iter().map(|&column| self.remedies.count(row, column)));
            self.remedies.put(row, RemedyColumn::Total, Cell::new(total));
        }
    }

    /// Every cell of the three tables, in the order of the form.
    pub fn cells(&self) -> impl Iterator<Item = CellView<'_>> {
        let proactive = self.proactive.cells().map(|(r, c, cell)| (CellAddress::Proactive(r, c), cell));
        let requests = self.requests.cells().map(|(r, c, cell)| (CellAddress::Requests(r, c), cell));
        let remedies = self.remedies.cells().map(|(r, c, cell)| (CellAddress::Remedies(r, c), cell));
        let all = proactive.chain(requests).chain(remedies);
        all.map(|(address, cell)| CellView { address, cell, derived: address.is_derived() })
    }
}

fn sum(mut parts: impl Iterator<Item = Option<i64>>) -> Content {
    let total = parts.try_fold(0_i64, |total, part| total.checked_add(part?));
    total.map_or(Content::Blank, Content::Count)
}
