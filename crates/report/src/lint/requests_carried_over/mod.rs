use super::{At, Context, Finding, Severity, form_basis, previous_report};
use crate::model::{ApplicantColumn, CellAddress, Report, RequestRow, TableName};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let Some(previous) = previous_report::comparable(context) else { return Vec::new() };
    let report = context.report;
    let pair = |column| {
        let carried_in = of_its_row(report, RequestRow::CarriedFromLastYear, column)?;
        let carried_out = of_its_row(previous, RequestRow::CarriedToNextYear, column)?;
        (carried_in != carried_out).then_some((carried_in, carried_out))
    };
    let difference = |column| pair(column).map_or(0, |(found, expected)| found - expected);
    let by_kind: i64 = ApplicantColumn::KINDS.iter().map(|&column| difference(column)).sum();
    let mut findings = Vec::new();
    for &column in ApplicantColumn::ALL {
        // A total that only adds up the differences of the kinds is the same contradiction again.
        if column == ApplicantColumn::Total && difference(column) == by_kind {
            continue;
        }
        if let Some((found, expected)) = pair(column) {
            findings.push(Finding {
                rule: "requests-carried-over",
                severity: Severity::Error,
                message: format!(
                    "“{}”一列：上年结转填 {found}，而上一年度报告的“结转下年度继续办理”是 {expected}，应当相等",
                    column.official()
                ),
                at: At::cell(report, CellAddress::Requests(RequestRow::CarriedFromLastYear, column)),
                found: Some(found.into()),
                expected: Some(expected.into()),
                basis: form_basis(report.requests.form, TableName::Requests),
            });
        }
    }
    findings
}

/// The number, unless only its place says that it is of this row: two rows may have changed places.
fn of_its_row(report: &Report, row: RequestRow, column: ApplicantColumn) -> Option<i64> {
    let cell = report.get(CellAddress::Requests(row, column))?;
    cell.count().filter(|_| !cell.by_position)
}
