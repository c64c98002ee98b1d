use std::collections::BTreeMap;

use super::row_missing::is_absent;
use super::{At, Context, Finding, Severity, form_basis};
use crate::model::{CellView, Content};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let report = context.report;
    let mut findings = Vec::new();
    if !report.cells().any(|view| is_missing(&view)) {
        return findings;
    }
    let mut rows: BTreeMap<_, Vec<CellView>> = BTreeMap::new();
    for view in report.cells().filter(|view| report.form(view.address.table()).is_some()) {
        rows.entry((view.address.table(), view.address.row_code())).or_default().push(view);
    }
    for ((table, row), cells) in rows {
        if cells.iter().all(|view| is_absent(view.cell)) {
            continue; // the row as a whole is told by `row-missing`
        }
        let missing: Vec<&CellView> = cells.iter().filter(|view| is_missing(view)).collect();
        if missing.is_empty() {
            continue;
        }
        let basis = form_basis(report.form(table), table);
        if missing.len() == cells.len() && cells.len() > 1 {
            findings.push(Finding {
                rule: "cell-missing",
                severity: Severity::Warning,
                message: format!(
                    "“{}”一行没有数；没有发生的应填 0，空着无从判断",
                    missing[0].address.row_label()
                ),
                at: At::Table { table, row: Some(row), column: None, position: missing[0].cell.at },
                found: None,
                expected: None,
                basis,
            });
            continue;
        }
        for view in missing {
            let place = format!("“{}”的“{}”", view.address.row_label(), view.address.column_label());
            let message = match view.cell.content {
                Content::Blank => format!("{place}一格空白；没有发生的应填 0，空着无从判断"),
                _ => format!("{place}一格的数在文本中缺失，无从得知（不等于零），请核对原件"),
            };
            findings.push(Finding {
                rule: "cell-missing",
                severity: Severity::Warning,
                message,
                at: At::cell(report, view.address),
                found: None,
                expected: None,
                basis: basis.clone(),
            });
        }
    }
    findings
}

fn is_missing(view: &CellView) -> bool {
    matches!(view.cell.content, Content::Blank | Content::Lost) && view.cell.printed.is_none()
}
