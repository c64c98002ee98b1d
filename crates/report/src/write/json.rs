use serde_json::{Map, Value, json as value};

use crate::lint::Finding;
use crate::model::{
    ApplicantColumn, Cell, Content, PositionKind, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow,
    Report, RequestRow, Section, Table, TableName, TableRow,
};

/// The words of `without_value`.
pub(crate) const BLANK: &str = "blank";
pub(crate) const NONE: &str = "none";
pub(crate) const LOST: &str = "lost";

/// Row and column codes, for the tables' common writer.
trait Codes: TableRow {
    fn row_code(self) -> &'static str;
    fn column_code(column: Self::Column) -> &'static str;
}

impl Codes for ProactiveRow {
    fn row_code(self) -> &'static str {
        self.code()
    }
    fn column_code(column: ProactiveColumn) -> &'static str {
        column.code()
    }
}

impl Codes for RequestRow {
    fn row_code(self) -> &'static str {
        self.code()
    }
    fn column_code(column: ApplicantColumn) -> &'static str {
        column.code()
    }
}

impl Codes for RemedyRow {
    fn row_code(self) -> &'static str {
        self.code()
    }
    fn column_code(column: RemedyColumn) -> &'static str {
        column.code()
    }
}

/// The report as the JSON object that scripts rely on; `problems` is what reading or checking found.
pub fn to_value(report: &Report, problems: &[Finding]) -> Value {
    let forms: Map<String, Value> = TableName::ALL
        .iter()
        .map(|&table| (table.code().to_owned(), value!(report.form(table).map(|form| form.code()))))
        .collect();
    let sections: Map<String, Value> = Section::ALL
        .into_iter()
        .map(|section| (section.code().to_owned(), value!(report.sections.text(section))))
        .collect();
    let mut object = value!({
        "agency": report.agency,
        "year": report.year,
        "form": forms,
        "sections": sections,
        "proactive": table_value(&report.proactive),
        "requests": table_value(&report.requests),
        "remedies": table_value(&report.remedies),
        "problems": problems.iter().map(Finding::to_json).collect::<Vec<_>>(),
        "lead": report.lead.iter().map(|p| p.text.as_str()).collect::<Vec<_>>(),
        "without_value": without_value(report),
    });
    let positions = positions(report);
    if !positions.is_empty() {
        object["positions"] = Value::Object(positions);
    }
    object
}

/// Where each cell was read: line and column of a text, the page of a pdf; of other files the place in the order of
/// their paragraphs and rows, and the cell in the row. Only a report that was read has any.
fn positions(report: &Report) -> Map<String, Value> {
    let placed = report.cells().filter_map(|view| {
        let at = view.cell.at?;
        let place = match at.kind {
            PositionKind::Line => value!({"line": at.line, "column": at.column}),
            PositionKind::Block => value!({"block": at.line, "cell": at.column}),
            PositionKind::Page(page) => value!({"page": page, "block": at.line, "cell": at.column}),
        };
        Some((view.address.to_string(), place))
    });
    placed.collect()
}

/// Why a cell of a table that is there is `null`: blank, an explicit none, or lost.
fn without_value(report: &Report) -> Value {
    let cells = report.cells().filter(|view| report.form(view.address.table()).is_some());
    let named = cells.filter_map(|view| {
        let state = match view.cell.content {
            Content::Blank => BLANK,
            Content::ExplicitNone => NONE,
            Content::Lost => LOST,
            Content::Count(_) | Content::Amount(_) => return None,
        };
        Some((view.address.to_string(), value!(state)))
    });
    Value::Object(named.collect())
}

/// The report as JSON text.
pub fn json(report: &Report, problems: &[Finding]) -> String {
    let mut text = format!("{:#}", to_value(report, problems));
    text.push('\n');
    text
}

fn table_value<R: Codes>(table: &Table<R>) -> Value {
    let rows = table.rows().map(|row| {
        let cells =
            table.row(row).map(|(column, cell)| (R::column_code(column).to_owned(), cell_value(cell)));
        (row.row_code().to_owned(), Value::Object(cells.collect()))
    });
    Value::Object(rows.collect())
}

fn cell_value(cell: &Cell) -> Value {
    match &cell.content {
        Content::Count(count) => value!(count),
        Content::Amount(amount) => value!(amount),
        Content::Blank | Content::ExplicitNone | Content::Lost => Value::Null,
    }
}
