use super::{At, Context, Finding, Severity, form_basis};
use crate::model::{CellAddress, RemedyColumn, RemedyRow, TableName};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let report = context.report;
    let table = &report.remedies;
    let mut findings = Vec::new();
    for &row in RemedyRow::ALL {
        let parts: Option<Vec<i64>> =
            RemedyColumn::RESULTS.iter().map(|&column| table.count(row, column)).collect();
        let (Some(parts), Some(found)) = (parts, table.count(row, RemedyColumn::Total)) else { continue };
        let expected: i64 = parts.iter().sum();
        if found != expected {
            let parts: Vec<String> = parts.iter().map(i64::to_string).collect();
            findings.push(Finding {
                rule: "remedies-block-total",
                severity: Severity::Error,
                message: format!(
                    "“{}”：维持、纠正、其他结果、尚未审结相加 {} = {expected}，总计却填 {found}",
                    row.official(),
                    parts.join("+")
                ),
                at: At::cell(report, CellAddress::Remedies(row, RemedyColumn::Total)),
                found: Some(found.into()),
                expected: Some(expected.into()),
                basis: form_basis(table.form, TableName::Remedies),
            });
        }
    }
    findings
}
