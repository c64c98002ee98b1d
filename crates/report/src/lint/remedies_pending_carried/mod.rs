use super::{At, Context, Finding, Severity, form_basis, previous_report};
use crate::model::{CellAddress, RemedyColumn, RemedyRow, TableName};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let Some(previous) = previous_report::comparable(context) else { return Vec::new() };
    let report = context.report;
    let mut findings = Vec::new();
    for &row in RemedyRow::ALL {
        let (Some(pending), Some(total)) = (
            previous.remedies.count(row, RemedyColumn::Pending),
            report.remedies.count(row, RemedyColumn::Total),
        ) else {
            continue;
        };
        if total < pending {
            findings.push(Finding {
                rule: "remedies-pending-carried",
                severity: Severity::Warning,
                message: format!(
                    "“{}”本年总计填 {total}，而上一年度报告尚未审结的有 {pending} 件；这些案件本年应当有结果或者仍未审结，请核对（撤回等不计入的请说明）",
                    row.official()
                ),
                at: At::cell(report, CellAddress::Remedies(row, RemedyColumn::Total)),
                found: Some(total.into()),
                expected: None,
                basis: form_basis(report.remedies.form, TableName::Remedies),
            });
        }
    }
    findings
}
