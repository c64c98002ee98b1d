use super::{At, Context, Finding, Scalar, Severity, contents_basis};
use crate::model::Report;

/// Last year's report, when it is the right one for the rules that lead from year to year.
pub(super) fn comparable<'a>(context: &Context<'a>) -> Option<&'a Report> {
    context.previous.filter(|previous| objection(context.report, previous).is_none())
}

fn objection(report: &Report, previous: &Report) -> Option<(String, Scalar, Scalar)> {
    if let (Some(year), Some(before)) = (report.year, previous.year)
        && before != year - 1
    {
        let message =
            format!("作为上一年度对照的报告是 {before} 年的，本报告是 {year} 年的，没有进行年度间的核对");
        return Some((message, Scalar::Number(before.into()), Scalar::Number((year - 1).into())));
    }
    if let (Some(agency), Some(other)) = (&report.agency, &previous.agency)
        && !same_agency(agency, other)
    {
        let message =
            format!("作为上一年度对照的报告属于“{other}”，本报告属于“{agency}”，没有进行年度间的核对");
        return Some((message, Scalar::from(other.as_str()), Scalar::from(agency.as_str())));
    }
    None
}

/// Titles name an agency shorter or longer: 白露镇, 青禾区白露镇人民政府.
fn same_agency(one: &str, other: &str) -> bool {
    let core = |name: &str| name.trim_end_matches("人民政府").trim_end_matches("办事处").to_owned();
    let (one, other) = (core(one), core(other));
    one.ends_with(&other) || other.ends_with(&one)
}

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let Some(previous) = context.previous else { return Vec::new() };
    let Some((message, found, expected)) = objection(context.report, previous) else { return Vec::new() };
    vec![Finding {
        rule: "previous-report",
        severity: Severity::Info,
        message,
        at: At::document(),
        found: Some(found),
        expected: Some(expected),
        basis: contents_basis(),
    }]
}
