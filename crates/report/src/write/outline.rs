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

/// How many bytes at the start of a paragraph are a heading of the second level, （一）主动公开。, which has a typeface
/// of its own.
pub fn subheading(text: &str) -> usize {
    const LONGEST: usize = 30;
    let numbered = text.strip_prefix('（').is_some_and(|after| {
        let after_number = after.trim_start_matches(|c| "一二三四五六七八九十".contains(c));
        after_number.len() < after.len() && after_number.starts_with('）')
    });
    let end = text.find('。').map_or(text.len(), |at| at + '。'.len_utf8());
    let is_short = text[..end].chars().count() <= LONGEST && !text[..end].contains('\n');
    if numbered && is_short { end } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_the_second_level() {
        let heading = |text: &'static str| &text[..subheading(text)];
        assert_eq!(heading("（一）主动公开。全年公开。"), "（一）主动公开。");
        assert_eq!(heading("（十二）监督保障"), "（十二）监督保障");
        assert_eq!(heading("（注）主动公开。"), "");
        assert_eq!(heading("一是加强。"), "");
        assert_eq!(
            heading("（一）本年度在全区范围内围绕重点领域持续推进政府信息主动公开各项工作并取得了成效。"),
            ""
        );
    }
}
