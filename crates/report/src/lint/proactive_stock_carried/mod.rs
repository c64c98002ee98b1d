use super::{At, Context, Finding, Severity, form_basis, previous_report};
use crate::model::{CellAddress, ProactiveColumn, ProactiveRow, TableName};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let Some(previous) = previous_report::comparable(context) else { return Vec::new() };
    let report = context.report;
    let mut findings = Vec::new();
    for row in [ProactiveRow::Rules, ProactiveRow::NormativeDocuments] {
        let of = |column| report.proactive.count(row, column);
        let (Some(before), Some(issued), Some(repealed), Some(found)) = (
            previous.proactive.count(row, ProactiveColumn::InForce),
            of(ProactiveColumn::Issued),
            of(ProactiveColumn::Repealed),
            of(ProactiveColumn::InForce),
        ) else {
            continue;
        };
        let expected = before + issued - repealed;
        if found != expected {
            findings.push(Finding {
                rule: "proactive-stock-carried",
                severity: Severity::Warning,
                message: format!(
                    "“{}”现行有效填 {found} 件；上一年度 {before} + 本年制发 {issued} - 本年废止 {repealed} = {expected}。\
                     如因失效、清理或机构调整而不同，请在报告中说明",
                    row.official()
                ),
                at: At::cell(report, CellAddress::Proactive(row, ProactiveColumn::InForce)),
                found: Some(found.into()),
                expected: Some(expected.into()),
                basis: form_basis(report.proactive.form, TableName::Proactive),
            });
        }
    }
    findings
}
