use super::grid::{Grid, grid};
use crate::model::{Paragraph, Report, Section, TableName};

/// The title by the form: agency, year, 政府信息公开工作年度报告.
pub fn title(report: &Report) -> String {
    let year = report.year.map(|year| format!("{year}年")).unwrap_or_default();
    format!("{}{year}政府信息公开工作年度报告", report.agency.as_deref().unwrap_or_default())
}

/// One of the six parts as every format prints it: heading, prose, table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    pub section: Section,
    pub paragraphs: &'a [Paragraph],
    pub grid: Option<Grid>,
}

impl Part<'_> {
    /// The heading of the official form.
    pub fn heading(&self) -> &'static str {
        self.section.official()
    }
}

/// The parts in the order of the form. One that the source lacks is left out, so that reading what was printed
/// gives the same report again.
pub fn parts(report: &Report) -> Vec<Part<'_>> {
    let part = |section| {
        let table = table_of(section).filter(|&table| report.form(table).is_some());
        let paragraphs = report.sections.paragraphs(section);
        if paragraphs.is_none() && table.is_none() {
            return None;
        }
        let grid = table.map(|table| grid(report, table));
        Some(Part { section, paragraphs: paragraphs.unwrap_or_default(), grid })
    };
    Section::ALL.into_iter().filter_map(part).collect()
}

fn table_of(section: Section) -> Option<TableName> {
    match section {
        Section::Proactive => Some(TableName::Proactive),
        Section::Requests => Some(TableName::Requests),
        Section::Remedies => Some(TableName::Remedies),
        Section::Overview | Section::ProblemsAndImprovements | Section::OtherMatters => None,
    }
}
