use super::balance::{Relation, consequences_in_words};
use super::{At, Context, Finding, Severity, form_basis};
use crate::model::{ApplicantColumn, CellAddress, TableName};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let report = context.report;
    let broken = context.contradictions().iter().filter(|one| matches!(one.relation, Relation::Row(_)));
    broken
        .map(|one| {
            let row = one.row.official();
            let found = one.found;
            let message = if one.column == ApplicantColumn::Total {
                let parts: Vec<String> = ApplicantColumn::KINDS
                    .iter()
                    .filter_map(|&column| report.requests.count(one.row, column))
                    .map(|count| count.to_string())
                    .collect();
                let sum = one.expected;
                format!("“{row}”一行：各类申请人相加 {} = {sum}，总计却填 {found}", parts.join("+"))
            } else {
                let column = one.column.official();
                format!("“{row}”一行的“{column}”填 {found}，按本行和本列的总计应为 {}", one.expected)
            };
            Finding {
                rule: "requests-row-total",
                severity: Severity::Error,
                message: message + &consequences_in_words(one),
                at: At::cell(report, CellAddress::Requests(one.row, one.column)),
                found: Some(found.into()),
                expected: Some(one.expected.into()),
                basis: form_basis(report.requests.form, TableName::Requests),
            }
        })
        .collect()
}
