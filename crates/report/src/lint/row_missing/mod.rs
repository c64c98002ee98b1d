use super::{At, Context, Finding, Severity, form_basis};
use crate::model::{CellAddress, Content, Position, Report, TableName};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let report = context.report;
    if !report.cells().any(|view| is_absent(view.cell)) {
        return Vec::new();
    }
    TableName::ALL
        .iter()
        .filter(|&&table| report.form(table).is_some())
        .flat_map(|&table| missing_runs(report, table))
        .map(|run| {
            let names: Vec<String> =
                run.rows.iter().map(|address| format!("“{}”", address.row_label())).collect();
            let message = match &names[..] {
                [only] => format!("表中缺少{only}一行，这一行的数无从得知（不等于零）"),
                [first, .., last] => {
                    format!("表中从{first}到{last}缺少 {} 行，这些行的数无从得知（不等于零）", names.len())
                }
                [] => String::new(),
            };
            Finding {
                rule: "row-missing",
                severity: Severity::Warning,
                message,
                at: At::Table {
                    table: run.table,
                    row: run.rows.first().map(|address| address.row_code()),
                    column: None,
                    position: run.after,
                },
                found: None,
                expected: None,
                basis: form_basis(report.form(run.table), run.table),
            }
        })
        .collect()
}

/// Rows that follow each other in the form and are all absent: one gap, told once.
struct Run {
    table: TableName,
    /// The first cell of each row.
    rows: Vec<CellAddress>,
    /// Where the last row before the gap stands.
    after: Option<Position>,
}

fn missing_runs(report: &Report, table: TableName) -> Vec<Run> {
    let mut rows: Vec<(CellAddress, bool, Option<Position>)> = Vec::new();
    for view in report.cells().filter(|view| view.address.table() == table) {
        let absent = is_absent(view.cell);
        match rows.last_mut().filter(|(first, ..)| first.row_code() == view.address.row_code()) {
            Some((_, all_absent, _)) => *all_absent &= absent,
            None => rows.push((view.address, absent, view.cell.at)),
        }
    }
    let mut runs: Vec<Run> = Vec::new();
    let mut after = None;
    let mut open = false;
    for (first, absent, at) in rows {
        match (absent, open.then(|| runs.last_mut()).flatten()) {
            (true, Some(run)) => run.rows.push(first),
            (true, None) => runs.push(Run { table, rows: vec![first], after }),
            (false, _) => after = at.or(after),
        }
        open = absent;
    }
    runs
}

/// A lost cell without a place: nothing of it stood in the source.
pub(super) fn is_absent(cell: &crate::model::Cell) -> bool {
    cell.content == Content::Lost && cell.at.is_none() && cell.printed.is_none()
}
