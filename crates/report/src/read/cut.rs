//! A text that ends in the middle: where, and what is missing for no other reason.

use super::skeleton::Skeleton;
use crate::lint::{At, Finding};
use crate::model::{Cell, Content, Position, Report, Section, TableName};

/// The part in which the text ends.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    pub(super) section: Section,
    /// The row of its table in which the text ends, and all below it.
    rows: Vec<(TableName, &'static str)>,
}
impl Cut {
    /// The end of the text, with the row that may have lost its end. What stands last in it is given up: the cut may
    /// have gone through the number.
    pub(super) fn of(skeleton: &Skeleton, report: &mut Report) -> Option<(Self, Position)> {
        let is_open = |section| {
            section == Section::Remedies && report.remedies.cells().any(|(.., cell)| !cell.is_known())
        };
        if report.precedes_the_forms() {
            return None;
        }
        let (section, at) = skeleton.cut_off(is_open)?;
        let table = TableName::ALL.iter().copied().find(|&table| part_of(table) == section);
        let placed =
            report.cells().filter(|view| Some(view.address.table()) == table && view.cell.is_known());
        let last = placed.max_by_key(|view| view.cell.at).map(|view| view.address);
        let later = TableName::ALL.iter().filter(|&&other| part_of(other) > section);
        if later.into_iter().any(|&other| report.form(other).is_some()) {
            return None;
        }
        let of_table = report.cells().map(|view| view.address).filter(|cell| Some(cell.table()) == table);
        let below = of_table.skip_while(|cell| last.is_some_and(|last| last.row_code() != cell.row_code()));
        let mut rows: Vec<_> = below.map(|cell| (cell.table(), cell.row_code())).collect();
        rows.dedup();
        if let Some(last) = last.filter(|_| skeleton.ends_in_table()) {
            let row = report.cells().filter(|view| view.address.row_code() == last.row_code());
            let values: Vec<Option<i64>> = row.map(|view| view.cell.count()).collect();
            let adds_up = match &values[..] {
                [parts @ .., Some(total)] => parts.iter().copied().sum::<Option<i64>>() == Some(*total),
                _ => false,
            };
            if !adds_up || last.table() == TableName::Proactive {
                let at = report.get(last).and_then(|cell| cell.at);
                report.put(last, Cell::at(Content::Lost, at));
            }
        }
        Some((Self { section, rows }, at))
    }

    /// Whether the finding only says what a text that ends too early must lack: the parts and tables after its end, the
    /// rows below it and the rest of its last row, and statements that may stand in what is gone.
    pub(super) fn explains(&self, finding: &Finding) -> bool {
        match (&finding.at, finding.rule) {
            (At::Text { section: Some(section), .. }, "section-missing") => *section > self.section,
            (At::Text { .. }, "overview-incomplete") => self.section == Section::Overview,
            (At::Text { .. }, "supervision-results-missing" | "fee-statement-missing") => true,
            (At::Text { .. }, "table-missing") => self.section <= Section::Proactive,
            (At::Table { table, .. }, "table-missing") => part_of(*table) >= self.section,
            // The headings of the last table, and then the end.
            (At::Table { table: TableName::Remedies, .. }, "table-values-lost" | "row-jammed") => {
                self.section == Section::Remedies
            }
            (At::Table { table, row: Some(row), .. }, "row-missing" | "cell-missing" | "cell-invalid") => {
                self.rows.contains(&(*table, *row))
            }
            _ => false,
        }
    }
}

fn part_of(table: TableName) -> Section {
    match table {
        TableName::Proactive => Section::Proactive,
        TableName::Requests => Section::Requests,
        TableName::Remedies => Section::Remedies,
    }
}
