use gongkai_report::model::{OfficialForm, Paragraph};
use gongkai_report::{CellAddress, Content, Report, Section};

use super::figures::Figure;
use super::ledger::YearLedger;
use super::prose;

impl YearLedger {
    /// The report: every cell from its records, totals from the cells, prose from the same figures.
    pub fn report(&self) -> Report {
        let mut report = Report::new(self.agency.name.clone(), self.period.year);
        for cell in CellAddress::all(OfficialForm::for_year(self.period.year)) {
            if cell.is_derived() {
                continue;
            }
            let content = match self.figure(&cell.into()) {
                Figure::Count(count) => Content::Count(count),
                Figure::Fen(fen) => Content::Amount(Figure::in_10k_yuan(fen)),
            };
            // Only totals and cells of another form are refused, and neither is among these.
            let _ = report.set(cell, content);
        }
        report.derive_totals();
        report.lead = prose::lead(self).into_iter().map(|text| Paragraph { text, at: None }).collect();
        report.set_section(Section::Overview, &prose::overview(self));
        report.set_section(Section::Proactive, "");
        report.set_section(Section::Requests, "");
        report.set_section(Section::Remedies, "");
        report.set_section(Section::ProblemsAndImprovements, &prose::problems(self));
        report.set_section(Section::OtherMatters, &prose::other_matters(self));
        report
    }
}
