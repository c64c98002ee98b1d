use super::balance::{Relation, consequences_in_words};
use super::{At, Context, Finding, Severity, form_basis};
use crate::model::{CellAddress, TableName};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let report = context.report;
    let broken = context.contradictions().iter().filter(|one| matches!(one.relation, Relation::Column(_)));
    broken
        .map(|one| {
            let message = format!(
                "“{}”一列：三（一）至（六）各项办理结果相加 = {}，（七）总计却填 {}",
                one.column.official(),
                one.expected,
                one.found
            );
            Finding {
                rule: "requests-column-total",
                severity: Severity::Error,
                message: message + &consequences_in_words(one),
                at: At::cell(report, CellAddress::Requests(one.row, one.column)),
                found: Some(one.found.into()),
                expected: Some(one.expected.into()),
                basis: form_basis(report.requests.form, TableName::Requests),
            }
        })
        .collect()
}
