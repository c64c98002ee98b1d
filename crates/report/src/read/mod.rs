//! From the bytes of a published report to the model. Reading never fails on content: what could not be read
//! is lost in the model and told as a problem. Every format is first brought into one stream of [`block::Block`]s.

mod block;
mod json;
mod labels;
mod number;
mod place;
mod proactive;
mod remedies;
mod requests;
mod skeleton;
mod sums;

use std::fmt;

use crate::lint::{self, At, Finding, Severity};
use crate::model::{
    Cell, CellAddress, OfficialForm, Position, ProactiveTable, RemediesTable, Report, RequestsTable,
};
use block::Block;

/// What was read: the report, and everything that stood in the way.
#[derive(Debug, Clone)]
pub struct Reading {
    pub report: Report,
    /// What could not be read, or only with doubt: each with its place.
    pub problems: Vec<Finding>,
}

impl Reading {
    /// The problems of reading and the findings of the rules, each told once, in the order of the source.
    pub fn check(&self, previous: Option<&Report>) -> Vec<Finding> {
        let mut findings = self.problems.clone();
        add_untold(&mut findings, lint::check(&self.report, previous));
        lint::sort(&mut findings);
        findings
    }
}

/// The file is no annual report, or none that can be read; says what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAReport {
    pub file: String,
    pub reason: String,
}

impl fmt::Display for NotAReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}：{}", self.file, self.reason)
    }
}

impl std::error::Error for NotAReport {}

/// Reads one report. `file_name` only names the file in messages; the format is told by the content.
pub fn read(bytes: &[u8], file_name: &str) -> Result<Reading, NotAReport> {
    let refuse = |reason: &str| NotAReport { file: file_name.to_owned(), reason: reason.to_owned() };
    if let Some(reason) = unsupported(bytes) {
        return Err(refuse(reason));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|_| refuse("文字编码不是 UTF-8，无法读取。请用记事本等软件另存为 UTF-8 编码的文本再试"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(refuse("文件是空的。请确认选对了文件"));
    }
    let mut reading = if text.trim_start().starts_with('{') {
        json::read(text).map_err(|reason| refuse(&reason))?
    } else {
        from_blocks(&block::from_text(text)).ok_or_else(|| {
            refuse("没有找到年度报告的标题、六个部分和三张表，看来不是政府信息公开工作年度报告。请确认选对了文件")
        })?
    };
    add_untold(&mut reading.problems, lint::missing(&reading.report));
    lint::sort(&mut reading.problems);
    Ok(reading)
}

/// What reading has told of a place already, with its reason, the rules do not tell again.
fn add_untold(told: &mut Vec<Finding>, findings: Vec<Finding>) {
    for finding in findings {
        if !told.iter().any(|other| other.rule == finding.rule && other.at.is_same_place(&finding.at)) {
            told.push(finding);
        }
    }
}

/// Formats that are recognised and cannot be read yet, each with the way out.
fn unsupported(bytes: &[u8]) -> Option<&'static str> {
    const WAY_OUT: &str = "目前能读取 txt、md 和 json。请打开原件，全选复制到文本文件（UTF-8 编码）后再试";
    let start = &bytes[..bytes.len().min(512)];
    let lower = String::from_utf8_lossy(start).trim_start().to_ascii_lowercase();
    let binary = start.starts_with(b"%PDF")
        || start.starts_with(b"PK\x03\x04")
        || start.starts_with(b"\xd0\xcf\x11\xe0");
    let markup =
        lower.starts_with("<!doctype html") || lower.starts_with("<html") || lower.starts_with("<?xml");
    (binary || markup || start.contains(&0)).then_some(WAY_OUT)
}

fn from_blocks(blocks: &[Block]) -> Option<Reading> {
    let skeleton = skeleton::find(blocks);
    let mut problems = Vec::new();
    let proactive = proactive::read(&skeleton, &mut problems);
    let requests = requests::read(&skeleton, &mut problems);
    let remedies = remedies::read(&skeleton, &mut problems);
    let tables = [proactive.is_some(), requests.is_some(), remedies.is_some()];
    if !skeleton.names_a_report && !tables.contains(&true) && skeleton.headings < 2 {
        return None;
    }

    // A table that the source lacks stands in the model with every cell lost, never with zeros.
    let by_year = skeleton.year.map(OfficialForm::for_year);
    let found =
        requests.as_ref().and_then(|table| table.form).or(proactive.as_ref().and_then(|table| table.form));
    let fallback = by_year.or(found).unwrap_or(OfficialForm::F2021);
    let mut remedies = remedies.unwrap_or_else(|| RemediesTable::absent(fallback));
    if remedies.form.is_some() {
        // The form of this table never changed; it follows the others.
        remedies.form = found.or(Some(fallback));
    }
    if skeleton.agency.is_none() {
        problems.push(missing_in_text("title-incomplete", "没有找到机关名称。请在标题中写明机关名称和年份"));
    }
    if skeleton.year.is_none() {
        problems.push(missing_in_text(
            "title-incomplete",
            "没有找到报告年份。请在标题中写明“××××年政府信息公开工作年度报告”",
        ));
    }
    let report = Report {
        agency: skeleton.agency.clone(),
        year: skeleton.year,
        lead: skeleton.lead.clone(),
        sections: skeleton.sections.clone(),
        proactive: proactive.unwrap_or_else(|| ProactiveTable::absent(fallback)),
        requests: requests.unwrap_or_else(|| RequestsTable::absent(fallback)),
        remedies,
    };
    Some(Reading { report, problems })
}

fn missing_in_text(rule: &'static str, message: &str) -> Finding {
    Finding {
        rule,
        severity: Severity::Warning,
        message: message.to_owned(),
        at: At::document(),
        found: None,
        expected: None,
        basis: lint::contents_basis(),
    }
}

/// A row whose values do not fit the columns of the form, for telling what was done with it.
struct Misfit<'a> {
    form: OfficialForm,
    /// The first cell of the row.
    row: CellAddress,
    at: Position,
    cells: &'a [(CellAddress, &'a Cell)],
    /// How many values the source has.
    values: usize,
    /// Whether sums of the table decided, or only what all readings agree on was taken.
    decided: bool,
}

impl Misfit<'_> {
    /// Too many values are told once for the row; too few at each cell that is missing.
    fn tell(&self, problems: &mut Vec<Finding>) {
        let name = self.row.row_label();
        let columns = self.cells.len();
        let missing: Vec<&(CellAddress, &Cell)> =
            self.cells.iter().filter(|(_, cell)| !cell.is_known()).collect();
        let finding = |rule, column: Option<&'static str>, position, message: String| Finding {
            rule,
            severity: Severity::Warning,
            message,
            at: At::Table {
                table: self.row.table(),
                row: Some(self.row.row_code()),
                column,
                position: Some(position),
            },
            found: None,
            expected: None,
            basis: lint::form_basis(Some(self.form), self.row.table()),
        };
        let values = self.values;
        if values > columns {
            let how = if missing.is_empty() {
                "与合计对照后取用能对上的"
            } else {
                "不能确定取哪些，这几格按缺失处理"
            };
            let message = format!(
                "“{name}”一行在文本中有{values}个数，比{columns}格多{}个；{how}，请核对原件",
                values - columns
            );
            problems.push(finding("row-shape", None, self.at, message));
            return;
        }
        let labels: Vec<&str> = missing.iter().map(|(address, _)| address.column_label()).collect();
        let message = format!(
            "“{name}”一行应有{columns}个数，在文本中有{values}个；{}“{}”缺失处理（不等于零），请核对原件",
            if self.decided { "从合计看，按" } else { "缺的是哪一格不能完全确定，暂按" },
            labels.join("、")
        );
        if missing.len() == columns {
            problems.push(finding("cell-missing", None, self.at, message));
            return;
        }
        for (address, cell) in missing {
            let position = cell.at.unwrap_or(self.at);
            problems.push(finding("cell-missing", Some(address.column_code()), position, message.clone()));
        }
    }
}
