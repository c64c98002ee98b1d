use super::{At, Context, Finding, Severity, form_basis};
use crate::model::{CellAddress, ProactiveColumn, ProactiveRow, TableName};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let report = context.report;
    let mut findings = Vec::new();
    for row in [ProactiveRow::Rules, ProactiveRow::NormativeDocuments] {
        let of = |column| report.proactive.count(row, column);
        let (Some(new), Some(total)) =
            (of(ProactiveColumn::NewlyDisclosed), of(ProactiveColumn::TotalDisclosed))
        else {
            continue;
        };
        if new > total {
            findings.push(Finding {
                rule: "proactive-new-exceeds-total",
                severity: Severity::Warning,
                message: format!("“{}”本年新公开 {new} 件，多于对外公开总数量 {total} 件", row.official()),
                at: At::cell(report, CellAddress::Proactive(row, ProactiveColumn::TotalDisclosed)),
                found: Some(total.into()),
                expected: None,
                basis: form_basis(report.proactive.form, TableName::Proactive),
            });
        }
    }
    findings
}
