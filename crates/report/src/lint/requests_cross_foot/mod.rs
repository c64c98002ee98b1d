use super::balance::{Relation, consequences_in_words};
use super::{At, Context, Finding, Severity, form_basis};
use crate::model::{CellAddress, RequestRow, TableName};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let report = context.report;
    let broken = context.contradictions().iter().filter(|one| matches!(one.relation, Relation::Cross(_)));
    broken
        .map(|one| {
            let of = |row| report.requests.count(row, one.column).unwrap_or_default();
            let (received, carried) = (of(RequestRow::Received), of(RequestRow::CarriedFromLastYear));
            let (total, next) = (of(RequestRow::Total), of(RequestRow::CarriedToNextYear));
            let message = format!(
                "“{}”一列：本年新收 {received} + 上年结转 {carried} = {}，而（七）总计 {total} + 结转下年度 {next} = {}，\
                 勾稽关系不成立",
                one.column.official(),
                received + carried,
                total + next
            );
            Finding {
                rule: "requests-cross-foot",
                severity: Severity::Error,
                message: message + &consequences_in_words(one),
                at: At::cell(report, CellAddress::Requests(one.row, one.column)),
                found: Some((total + next).into()),
                expected: Some((received + carried).into()),
                basis: form_basis(report.requests.form, TableName::Requests),
            }
        })
        .collect()
}
