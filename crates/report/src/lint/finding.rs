use gongkai_statute::citation::Citation;
use gongkai_statute::cite;
use serde_json::{Map, Value, json};

use crate::model::{CellAddress, OfficialForm, Position, PositionKind, Report, Section, TableName};

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It cannot be true.
    Error,
    /// It is likely wrong, or something is missing.
    Warning,
    /// It cannot be decided from the report.
    Info,
}

impl Severity {
    pub fn code(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }

    /// The word shown to an officer.
    pub fn official(self) -> &'static str {
        match self {
            Self::Error => "错误",
            Self::Warning => "警告",
            Self::Info => "提示",
        }
    }
}

/// The place a person would look at first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// A cell, a whole row (no column) or a whole table (neither) of one of the three tables.
    Table {
        table: TableName,
        row: Option<&'static str>,
        column: Option<&'static str>,
        position: Option<Position>,
    },
    /// A phrase of the text, or the document as a whole when nothing is given.
    Text { section: Option<Section>, position: Option<Position>, quote: Option<String> },
}

impl At {
    /// The cell at `address`, with the place where `report` was read from.
    pub fn cell(report: &Report, address: CellAddress) -> Self {
        Self::Table {
            table: address.table(),
            row: Some(address.row_code()),
            column: Some(address.column_code()),
            position: report.get(address).and_then(|cell| cell.at),
        }
    }

    pub fn document() -> Self {
        Self::Text { section: None, position: None, quote: None }
    }

    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Table { position, .. } | Self::Text { position, .. } => *position,
        }
    }

    /// The place as line and column, where the source is a text.
    pub fn in_lines(&self) -> Option<Position> {
        self.position().filter(|position| position.kind == PositionKind::Line)
    }

    /// The page of the source, where it has pages.
    pub fn page(&self) -> Option<usize> {
        self.position().and_then(Position::page)
    }

    /// Whether both are the same cell, row, table or phrase, wherever it was read.
    pub(crate) fn is_same_place(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Table { table, row, column, .. }, Self::Table { table: t, row: r, column: c, .. }) => {
                (table, row, column) == (t, r, c)
            }
            _ => self == other,
        }
    }

    /// The address, when the finding stands at a single cell.
    pub fn address(&self) -> Option<CellAddress> {
        match self {
            Self::Table { table, row: Some(row), column: Some(column), .. } => {
                CellAddress::parse(table.code(), row, column)
            }
            _ => None,
        }
    }

    fn to_json(&self) -> Value {
        let mut at = Map::new();
        match self {
            Self::Table { table, row, column, position } => {
                at.insert("table".to_owned(), json!(table.code()));
                insert_some(&mut at, "row", *row);
                insert_some(&mut at, "column", *column);
                insert_some(&mut at, "page", position.and_then(Position::page));
                insert_some(&mut at, "line", self.in_lines().map(|p| p.line));
            }
            Self::Text { section, position, quote } => {
                insert_some(&mut at, "section", section.map(Section::code));
                insert_some(&mut at, "page", position.and_then(Position::page));
                insert_some(&mut at, "line", self.in_lines().map(|p| p.line));
                insert_some(&mut at, "column", self.in_lines().map(|p| p.column));
                insert_some(&mut at, "quote", quote.as_deref());
            }
        }
        Value::Object(at)
    }
}

fn insert_some(object: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(key.to_owned(), value.into());
    }
}

/// What was found, or what should stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    Number(i64),
    Text(String),
}

impl From<i64> for Scalar {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Scalar {
    fn to_json(&self) -> Value {
        match self {
            Self::Number(number) => json!(number),
            Self::Text(text) => json!(text),
        }
    }
}

/// One finding: a rule, a place, a sentence an officer understands, and what the rule rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable kebab-case id, documented in `docs/lints.md`.
    pub rule: &'static str,
    pub severity: Severity,
    pub message: String,
    pub at: At,
    pub found: Option<Scalar>,
    pub expected: Option<Scalar>,
    /// The provision or form the rule rests on.
    pub basis: String,
}

impl Finding {
    pub fn to_json(&self) -> Value {
        let mut finding = Map::new();
        finding.insert("rule".to_owned(), json!(self.rule));
        finding.insert("severity".to_owned(), json!(self.severity.code()));
        finding.insert("message".to_owned(), json!(self.message));
        finding.insert("at".to_owned(), self.at.to_json());
        insert_some(&mut finding, "found", self.found.as_ref().map(Scalar::to_json));
        insert_some(&mut finding, "expected", self.expected.as_ref().map(Scalar::to_json));
        finding.insert("basis".to_owned(), json!(self.basis));
        Value::Object(finding)
    }
}

/// Cites the table of the form, by the part it stands in.
pub(crate) fn form_basis(form: Option<OfficialForm>, table: TableName) -> String {
    let form = match form.unwrap_or(OfficialForm::F2021) {
        OfficialForm::F2019 => cite!(ReportForm2019),
        OfficialForm::F2021 => cite!(ReportForm2021),
    };
    let annex = match table {
        TableName::Proactive => 2,
        TableName::Requests => 3,
        TableName::Remedies => 4,
    };
    Citation { annex: Some(annex), ..form }.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gongkai_statute::citation::all_instruments;

    #[test]
    fn bases_are_provisions_on_file() {
        let records = all_instruments().iter();
        let known: Vec<String> = records
            .flat_map(|record| &record.provisions)
            .map(|provision| provision.citation.to_string())
            .collect();
        for form in OfficialForm::ALL {
            for &table in TableName::ALL {
                let basis = form_basis(Some(form), table);
                assert!(known.contains(&basis), "{basis}");
                assert!(basis.starts_with(form.official()));
            }
        }
        assert_eq!(
            form_basis(Some(OfficialForm::F2021), TableName::Requests),
            "国办公开办函〔2021〕30号 附表三"
        );
    }
}
