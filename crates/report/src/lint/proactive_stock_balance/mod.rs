use super::{At, Context, Finding, Severity, form_basis};
use crate::model::{CellAddress, ProactiveColumn, ProactiveRow, TableName};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let report = context.report;
    let mut findings = Vec::new();
    for row in [ProactiveRow::Rules, ProactiveRow::NormativeDocuments] {
        let of = |column| report.proactive.count(row, column);
        let (Some(issued), Some(repealed), Some(in_force)) =
            (of(ProactiveColumn::Issued), of(ProactiveColumn::Repealed), of(ProactiveColumn::InForce))
        else {
            continue;
        };
        if issued > in_force + repealed {
            findings.push(Finding {
                rule: "proactive-stock-balance",
                severity: Severity::Warning,
                message: format!(
                    "“{}”本年制发 {issued} 件，多于现行有效 {in_force} 件与本年废止 {repealed} 件之和 {}",
                    row.official(),
                    in_force + repealed
                ),
                at: At::cell(report, CellAddress::Proactive(row, ProactiveColumn::InForce)),
                found: Some(in_force.into()),
                expected: None,
                basis: form_basis(report.proactive.form, TableName::Proactive),
            });
        }
    }
    findings
}
