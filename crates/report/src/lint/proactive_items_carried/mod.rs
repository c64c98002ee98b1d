use super::{At, Context, Finding, Severity, form_basis, previous_report};
use crate::model::{CellAddress, ProactiveColumn, ProactiveRow, TableName};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let Some(previous) = previous_report::comparable(context) else { return Vec::new() };
    let report = context.report;
    let mut findings = Vec::new();
    for &row in ProactiveRow::ALL {
        let (Some(before), Some(change), Some(found)) = (
            previous.proactive.count(row, ProactiveColumn::ItemsLastYear),
            previous.proactive.count(row, ProactiveColumn::Change),
            report.proactive.count(row, ProactiveColumn::ItemsLastYear),
        ) else {
            continue;
        };
        let expected = before + change;
        if found != expected {
            findings.push(Finding {
                rule: "proactive-items-carried",
                severity: Severity::Warning,
                message: format!(
                    "“{}”上一年项目数量填 {found}；上一年度报告为 {before}，当年增减 {change}，应为 {expected}",
                    row.official()
                ),
                at: At::cell(report, CellAddress::Proactive(row, ProactiveColumn::ItemsLastYear)),
                found: Some(found.into()),
                expected: Some(expected.into()),
                basis: form_basis(report.proactive.form, TableName::Proactive),
            });
        }
    }
    findings
}
