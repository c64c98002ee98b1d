//! Findings in print: for a person, and as JSON by the contract.

use serde_json::{Value, json};

use super::{At, Finding, Severity};
use crate::model::{CellAddress, Report, Section};

/// The findings of one file as the object that `report check --format json` lists.
pub fn findings_json(file: &str, report: &Report, findings: &[Finding]) -> Value {
    json!({
        "file": file,
        "agency": report.agency,
        "year": report.year,
        "findings": findings.iter().map(Finding::to_json).collect::<Vec<_>>(),
    })
}

/// The findings of one file for a person: the quoted line with a mark below the place, the sentence, the basis.
/// `source` is the text the report was read from, when it is text.
pub fn human(file: &str, source: Option<&str>, findings: &[Finding]) -> String {
    let lines: Vec<&str> = source.map(|text| text.lines().collect()).unwrap_or_default();
    let mut out = String::new();
    for finding in findings {
        let line = finding.at.in_lines().map(|p| format!(":{}:{}", p.line, p.column));
        let page = finding.at.page().map(|page| format!("，第{page}页"));
        let place = line.or(page).unwrap_or_default();
        out.push_str(&format!("{}[{}] {file}{place}\n", finding.severity.official(), finding.rule));
        if let Some(name) = place_in_words(&finding.at) {
            out.push_str(&format!("  {name}\n"));
        }
        let quoted = finding.at.in_lines().and_then(|p| Some((p, *lines.get(p.line.checked_sub(1)?)?)));
        if let Some((position, line)) = quoted {
            let (shown, indent, width) = excerpt(line, position.column);
            let number = position.line.to_string();
            out.push_str(&format!("  {number} │ {shown}\n"));
            let gutter = " ".repeat(number.len());
            out.push_str(&format!("  {gutter} │ {}{}\n", " ".repeat(indent), "^".repeat(width)));
        }
        out.push_str(&format!("  {}\n  依据：{}\n\n", finding.message, finding.basis));
    }
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings, infos) = (count(Severity::Error), count(Severity::Warning), count(Severity::Info));
    if findings.is_empty() {
        out.push_str(&format!("{file}：没有发现问题\n"));
    } else {
        out.push_str(&format!("{file}：错误 {errors} 处，警告 {warnings} 处，提示 {infos} 处\n"));
    }
    out
}

/// The place in the words of the form: part, row, column. `None`: the document as a whole.
pub fn place_in_words(at: &At) -> Option<String> {
    match at {
        At::Table { table, row, .. } => {
            let mut words = table.official().to_owned();
            match (at.address(), row) {
                (Some(address), _) => {
                    words += &format!(" · {} · {}", row_in_words(address), address.column_label())
                }
                (None, Some(row)) => {
                    let form = crate::model::OfficialForm::ALL;
                    let all = form.into_iter().flat_map(CellAddress::all);
                    let named =
                        all.into_iter().find(|cell| cell.table() == *table && cell.row_code() == *row);
                    words += &named.map_or(String::new(), |cell| format!(" · {}", row_in_words(cell)));
                }
                (None, None) => {}
            }
            Some(words)
        }
        At::Text { section, .. } => section.map(|section| Section::official(section).to_owned()),
    }
}

fn row_in_words(address: CellAddress) -> String {
    match address.group_label() {
        Some(group) => format!("{group} · {}", address.row_label()),
        None => address.row_label().to_owned(),
    }
}

/// The part of the line around the place, tabs as blanks, with indent and width of the mark in columns of a
/// terminal, where a Chinese character takes two.
fn excerpt(line: &str, column: usize) -> (String, usize, usize) {
    const REACH: usize = 36;
    let chars: Vec<char> = line.chars().collect();
    let at = (column.max(1) - 1).min(chars.len());
    let start = at.saturating_sub(REACH);
    let end = (at + REACH).min(chars.len());
    let mut shown = String::from(if start > 0 { "…" } else { "" });
    let mut indent = if start > 0 { 1 } else { 0 };
    for (index, &c) in chars.iter().enumerate().take(end).skip(start) {
        let c = if c == '\t' { ' ' } else { c };
        shown.push(c);
        if index < at {
            indent += columns(c);
        }
    }
    if end < chars.len() {
        shown.push('…');
    }
    let token = chars[at..end].iter().take_while(|c| !c.is_whitespace() && **c != '|');
    (shown, indent, token.map(|&c| columns(c)).sum::<usize>().clamp(1, 40))
}

fn columns(c: char) -> usize {
    if matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}')
    {
        2
    } else {
        1
    }
}
