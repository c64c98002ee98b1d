use super::grid::{Grid, grid};
use crate::model::{Report, Section, TableName};

/// The title by the form: agency, year, 政府信息公开工作年度报告.
pub fn title(report: &Report) -> String {
    let year = report.year.map(|year| format!("{year}年")).unwrap_or_default();
    format!("{}{year}政府信息公开工作年度报告", report.agency.as_deref().unwrap_or_default())
}

/// The report as plain text with tab-separated tables, the layout agencies publish and [`crate::read`] reads.
///
/// A part without a heading in the source is left out, so that reading the text gives the same report again.
pub fn text(report: &Report) -> String {
    let mut out = title(report);
    out.push('\n');
    for paragraph in &report.lead {
        out.push('\n');
        out.push_str(&paragraph.text);
        out.push('\n');
    }
    for section in Section::ALL {
        let paragraphs = report.sections.paragraphs(section);
        let table = match section {
            Section::Proactive => Some(TableName::Proactive),
            Section::Requests => Some(TableName::Requests),
            Section::Remedies => Some(TableName::Remedies),
            _ => None,
        };
        let table = table.filter(|&table| report.form(table).is_some());
        if paragraphs.is_none() && table.is_none() {
            continue;
        }
        out.push('\n');
        out.push_str(section.official());
        out.push('\n');
        for paragraph in paragraphs.unwrap_or_default() {
            out.push('\n');
            out.push_str(&paragraph.text);
            out.push('\n');
        }
        if let Some(table) = table {
            out.push('\n');
            lay_out(&mut out, &grid(report, table));
        }
    }
    out
}

/// Writes every row over the full width; a place covered by a span is an empty cell.
fn lay_out(out: &mut String, grid: &Grid) {
    let mut covered = vec![0_usize; grid.columns];
    for row in &grid.rows {
        let mut cells = row.iter();
        let mut at = 0;
        while at < grid.columns {
            if at > 0 {
                out.push('\t');
            }
            if covered[at] > 0 {
                covered[at] -= 1;
                at += 1;
                continue;
            }
            let Some(cell) = cells.next() else {
                at += 1;
                continue;
            };
            out.push_str(&cell.text);
            for (offset, below) in covered.iter_mut().skip(at).take(cell.colspan).enumerate() {
                *below = cell.rowspan - 1;
                if offset > 0 {
                    out.push('\t');
                }
            }
            at += cell.colspan;
        }
        out.push('\n');
    }
}
