//! The report laid out with every finding marked where it stands.
//!
//! A finding in a table marks its cell, its row or the table; one in the text marks the words it quotes. What
//! names no place marks the title. Each mark is numbered, leads to its finding and is led to from it.

use std::collections::HashMap;
use std::ops::Range;

use gongkai_report::model::{CellAddress, Paragraph, TableName};
use gongkai_report::write::{Grid, grid, title};
use gongkai_report::{At, Finding, Report, Section, Severity};

/// Where a finding is marked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Spot {
    Title,
    Heading(Section),
    /// A paragraph, by part (`None`: before the first) and number.
    Paragraph(Option<Section>, usize),
    Table(TableName),
    Row(TableName, &'static str),
    Cell(CellAddress),
}

/// The findings by place, and the words meant in a paragraph (in characters).
struct Marks<'a> {
    findings: &'a [Finding],
    at: HashMap<Spot, Vec<usize>>,
    words: HashMap<usize, Range<usize>>,
}

/// The laid-out report as HTML. Finding `n` (from 1) is marked `id="m{n}"` and expects to be listed as `#f{n}`.
pub(super) fn laid_out(report: &Report, findings: &[Finding]) -> String {
    let marks = Marks::of(report, findings);
    let mut out = String::with_capacity(64 * 1024);
    out.push_str("<h2 class=\"document-title\">");
    let name = title(report);
    escape(
        &mut out,
        if report.agency.is_none() && report.year.is_none() { "（没有找到标题）" } else { &name },
    );
    marks.refer(&mut out, &Spot::Title, true);
    out.push_str("</h2>\n");
    marks.paragraphs(&mut out, None, &report.lead);
    for section in Section::ALL {
        out.push_str("<section>\n<h3>");
        escape(&mut out, section.official());
        marks.refer(&mut out, &Spot::Heading(section), true);
        out.push_str("</h3>\n");
        match report.sections.paragraphs(section) {
            Some(paragraphs) => marks.paragraphs(&mut out, Some(section), paragraphs),
            None => out.push_str("<p class=\"muted no-indent\">（没有找到这一部分）</p>\n"),
        }
        if let Some(table) = table_of(section) {
            marks.table(&mut out, report, table);
        }
        out.push_str("</section>\n");
    }
    out
}

fn table_of(section: Section) -> Option<TableName> {
    match section {
        Section::Proactive => Some(TableName::Proactive),
        Section::Requests => Some(TableName::Requests),
        Section::Remedies => Some(TableName::Remedies),
        _ => None,
    }
}

impl<'a> Marks<'a> {
    fn of(report: &Report, findings: &'a [Finding]) -> Self {
        let mut marks = Self { findings, at: HashMap::new(), words: HashMap::new() };
        for (index, finding) in findings.iter().enumerate() {
            let (spot, words) = spot(report, &finding.at);
            if let Some(words) = words {
                marks.words.insert(index, words);
            }
            marks.at.entry(spot).or_default().push(index);
        }
        marks
    }

    /// The numbers of the findings at a place; `anchor` when nothing else carries their ids.
    fn refer(&self, out: &mut String, spot: &Spot, anchor: bool) {
        for &index in self.at.get(spot).into_iter().flatten() {
            self.number(out, index, anchor);
        }
    }

    fn number(&self, out: &mut String, index: usize, anchor: bool) {
        let (number, level) = (index + 1, self.findings[index].severity);
        let id = if anchor { format!(" id=\"m{number}\"") } else { String::new() };
        out.push_str(&format!(
            "<a class=\"mark-number {}\"{id} href=\"#f{number}\" aria-label=\"第 {number} 处，{}\">{number}</a>",
            class(level),
            level.official()
        ));
    }

    fn paragraphs(&self, out: &mut String, section: Option<Section>, paragraphs: &[Paragraph]) {
        for (number, paragraph) in paragraphs.iter().enumerate() {
            out.push_str("<p>");
            match self.at.get(&Spot::Paragraph(section, number)) {
                Some(indices) => self.marked(out, &paragraph.text, indices),
                None => escape(out, &paragraph.text),
            }
            out.push_str("</p>\n");
        }
    }

    /// A paragraph cut where a mark begins or ends; the number stands after the first piece of its mark.
    fn marked(&self, out: &mut String, text: &str, indices: &[usize]) {
        let chars: Vec<char> = text.chars().collect();
        let whole = 0..chars.len();
        let ranges: Vec<(usize, Range<usize>)> = indices
            .iter()
            .map(|&index| (index, self.words.get(&index).cloned().unwrap_or_else(|| whole.clone())))
            .collect();
        let mut cuts: Vec<usize> = ranges.iter().flat_map(|(_, range)| [range.start, range.end]).collect();
        cuts.extend([0, chars.len()]);
        cuts.retain(|&cut| cut <= chars.len());
        cuts.sort_unstable();
        cuts.dedup();
        for piece in cuts.windows(2) {
            let (start, end) = (piece[0], piece[1]);
            let here: Vec<usize> = ranges
                .iter()
                .filter(|(_, range)| range.start <= start && end <= range.end)
                .map(|(index, _)| *index)
                .collect();
            let words: String = chars[start..end].iter().collect();
            let Some(&gravest) = here.iter().min_by_key(|&&index| self.findings[index].severity) else {
                escape(out, &words);
                continue;
            };
            out.push_str(&format!("<mark class=\"{}\">", class(self.findings[gravest].severity)));
            escape(out, &words);
            out.push_str("</mark>");
            for (index, _) in ranges.iter().filter(|(_, range)| range.start == start) {
                self.number(out, *index, true);
            }
        }
    }

    fn table(&self, out: &mut String, report: &Report, table: TableName) {
        if report.form(table).is_none() {
            out.push_str("<p class=\"muted no-indent\">（没有找到这张表）");
            self.everything_in(out, table);
            out.push_str("</p>\n");
            return;
        }
        let grid = grid(report, table);
        out.push_str(&format!(
            "<div class=\"table-region\" role=\"region\" aria-label=\"{}\" tabindex=\"0\"><table class=\"statutory\">\n<caption>{}",
            table.official(),
            table.official()
        ));
        self.refer(out, &Spot::Table(table), true);
        out.push_str("</caption>\n");
        self.rows(out, &grid, table);
        out.push_str("</tbody>\n</table></div>\n");
    }

    fn rows(&self, out: &mut String, grid: &Grid, table: TableName) {
        let mut told: Vec<&'static str> = Vec::new();
        for (number, row) in grid.rows.iter().enumerate() {
            if number == 0 {
                out.push_str(if grid.header_rows > 0 { "<thead>\n" } else { "<tbody>\n" });
            } else if number == grid.header_rows {
                out.push_str("</thead>\n<tbody>\n");
            }
            let heads_columns = row.iter().all(|cell| cell.header);
            let label = row.iter().rposition(|cell| cell.header);
            out.push_str("<tr>");
            for (index, cell) in row.iter().enumerate() {
                let tag = if cell.header { "th" } else { "td" };
                let mut open = format!("<{tag}");
                if cell.header {
                    let scope = match (heads_columns, cell.colspan > 1, cell.rowspan > 1) {
                        (true, true, _) => "colgroup",
                        (true, false, _) => "col",
                        (false, _, true) => "rowgroup",
                        (false, _, false) => "row",
                    };
                    open.push_str(&format!(" scope=\"{scope}\""));
                }
                if cell.colspan > 1 {
                    open.push_str(&format!(" colspan=\"{}\"", cell.colspan));
                }
                if cell.rowspan > 1 {
                    open.push_str(&format!(" rowspan=\"{}\"", cell.rowspan));
                }
                // A row is marked at its label; in a row without one, at its first value.
                let mut spots: Vec<Spot> = cell.address.map(Spot::Cell).into_iter().collect();
                let address = match cell.address {
                    Some(address) => Some(address),
                    None if label == Some(index) => row.iter().find_map(|cell| cell.address),
                    None => None,
                };
                if let Some(code) = address.map(CellAddress::row_code)
                    && !told.contains(&code)
                {
                    told.push(code);
                    spots.push(Spot::Row(table, code));
                }
                let gravest = spots.iter().filter_map(|spot| self.gravest(spot)).min();
                if let Some(level) = gravest {
                    open.push_str(&format!(" class=\"marked {}\"", class(level)));
                }
                out.push_str(&open);
                out.push('>');
                escape(out, &cell.text);
                for spot in &spots {
                    self.refer(out, spot, true);
                }
                out.push_str(&format!("</{tag}>"));
            }
            out.push_str("</tr>\n");
        }
    }

    fn gravest(&self, spot: &Spot) -> Option<Severity> {
        self.at.get(spot)?.iter().map(|&index| self.findings[index].severity).min()
    }

    /// What is said about a table that is not there.
    fn everything_in(&self, out: &mut String, table: TableName) {
        let mut all: Vec<usize> = self
            .at
            .iter()
            .filter(|(spot, _)| match spot {
                Spot::Table(of) | Spot::Row(of, _) => *of == table,
                Spot::Cell(address) => address.table() == table,
                Spot::Title | Spot::Heading(_) | Spot::Paragraph(..) => false,
            })
            .flat_map(|(_, indices)| indices.iter().copied())
            .collect();
        all.sort_unstable();
        for index in all {
            self.number(out, index, true);
        }
    }
}

fn class(level: Severity) -> &'static str {
    level.code()
}

/// Where the place of a finding is in the layout, and for words in a paragraph which ones.
fn spot(report: &Report, at: &At) -> (Spot, Option<Range<usize>>) {
    match at {
        At::Table { table, row: Some(row), .. } => {
            let spot = match at.address() {
                Some(address) if report.get(address).is_some() => Spot::Cell(address),
                _ if has_row(report, *table, row) => Spot::Row(*table, row),
                _ => Spot::Table(*table),
            };
            (spot, None)
        }
        At::Table { table, row: None, .. } => (Spot::Table(*table), None),
        At::Text { section, position, quote } => {
            let parts: Vec<Option<Section>> = match section {
                Some(section) => vec![Some(*section)],
                None if position.is_some() || quote.is_some() => {
                    std::iter::once(None).chain(Section::ALL.map(Some)).collect()
                }
                None => Vec::new(),
            };
            let mut candidates: Vec<(Option<Section>, usize, &Paragraph)> = Vec::new();
            for part in parts {
                let paragraphs = match part {
                    Some(section) => report.sections.paragraphs(section).unwrap_or_default(),
                    None => &report.lead,
                };
                candidates.extend(paragraphs.iter().enumerate().map(|(number, p)| (part, number, p)));
            }
            let line = position.map(|position| position.line);
            let in_line = |p: &Paragraph| line.is_some() && p.at.map(|at| at.line) == line;
            let from = |p: &Paragraph| {
                let column = position.map_or(1, |position| position.column);
                p.at.filter(|_| in_line(p)).map_or(0, |at| column.saturating_sub(at.column))
            };
            // The line named, then any paragraph that has the words.
            let quoted = quote.as_deref().filter(|quote| !quote.is_empty()).and_then(|quote| {
                let find = |(part, number, p): &(Option<Section>, usize, &Paragraph)| {
                    Some((Spot::Paragraph(*part, *number), words(&p.text, quote, from(p))?))
                };
                let named = candidates.iter().filter(|(_, _, p)| in_line(p)).find_map(find);
                named.or_else(|| candidates.iter().find_map(find))
            });
            if let Some((spot, words)) = quoted {
                return (spot, Some(words));
            }
            if let Some((part, number, _)) = candidates.iter().find(|(_, _, p)| in_line(p)) {
                return (Spot::Paragraph(*part, *number), None);
            }
            (section.map_or(Spot::Title, Spot::Heading), None)
        }
    }
}

fn has_row(report: &Report, table: TableName, row: &str) -> bool {
    report.cells().any(|view| view.address.table() == table && view.address.row_code() == row)
}

/// The quotation in the text, in characters: at or after `from`, else anywhere. A quotation may run on into the
/// next paragraph; what stands in this one counts.
fn words(text: &str, quote: &str, from: usize) -> Option<Range<usize>> {
    let text: Vec<char> = text.chars().collect();
    let quote: Vec<char> = quote.chars().collect();
    let find = |from: usize| {
        let rest = text.get(from..)?;
        rest.windows(quote.len()).position(|window| window == quote).map(|at| from + at)
    };
    if let Some(start) = find(from).or_else(|| find(0)) {
        return Some(start..start + quote.len());
    }
    let rest = text.get(from..).filter(|rest| rest.len() >= 4 && quote.starts_with(rest))?;
    Some(from..from + rest.len())
}

pub(super) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gongkai_report::{Position, Severity, read};

    const TEXT: &str = "青禾区白露镇2031年政府信息公开工作年度报告\n一、总体情况\n\
        全年公开信息64条，其中文件12条、动态50条<b>。收到申请3件。\n五、存在的主要问题及改进情况\n无\n";

    fn finding(at: At, severity: Severity) -> Finding {
        Finding {
            rule: "prose-sum",
            severity,
            message: String::new(),
            at,
            found: None,
            expected: None,
            basis: String::new(),
        }
    }

    fn quote(text: &str, line: usize, column: usize) -> At {
        At::Text {
            section: Some(Section::Overview),
            position: Some(Position::new(line, column)),
            quote: Some(text.to_owned()),
        }
    }

    #[test]
    fn words_are_marked_where_they_stand_and_nothing_is_let_through() {
        let report = read(TEXT.as_bytes(), "x").unwrap().report;
        let findings = [
            finding(quote("公开信息64条", 3, 3), Severity::Error),
            finding(quote("64条，其中", 3, 7), Severity::Warning),
            finding(At::document(), Severity::Info),
            finding(
                At::Text { section: Some(Section::OtherMatters), position: None, quote: None },
                Severity::Warning,
            ),
        ];
        let html = laid_out(&report, &findings);
        assert!(html.contains("全年<mark class=\"error\">公开信息</mark>"), "{html}");
        assert!(html.contains("<mark class=\"error\">64条</mark>"), "{html}");
        assert!(html.contains("<mark class=\"warning\">，其中</mark>"), "{html}");
        assert!(html.contains("动态50条&lt;b&gt;"), "{html}");
        for number in 1..=findings.len() {
            assert_eq!(html.matches(&format!("id=\"m{number}\"")).count(), 1, "{number}: {html}");
        }
        let heading = html.split("<h3>").find(|part| part.starts_with("六、")).unwrap();
        assert!(heading.contains("id=\"m4\""));
    }

    #[test]
    fn every_finding_of_a_bad_report_has_its_one_mark() {
        let mut bad = Report::new("青禾区白露镇", 2031);
        let everywhere: Vec<CellAddress> = bad.cells().map(|view| view.address).collect();
        for (index, &address) in everywhere.iter().enumerate() {
            let content = match index % 4 {
                0 => gongkai_report::Content::Count(index as i64),
                1 => gongkai_report::Content::Lost,
                2 => gongkai_report::Content::Blank,
                _ => gongkai_report::Content::Count(-1),
            };
            bad.put(address, gongkai_report::Cell::new(content));
        }
        let without_tables = read(TEXT.as_bytes(), "x").unwrap();
        for (report, findings) in
            [(&bad, gongkai_report::check(&bad, None)), (&without_tables.report, without_tables.check(None))]
        {
            assert!(findings.len() > 3);
            let html = laid_out(report, &findings);
            for number in 1..=findings.len() {
                assert_eq!(
                    html.matches(&format!("id=\"m{number}\"")).count(),
                    1,
                    "{:?}",
                    findings[number - 1]
                );
            }
        }
    }
}
