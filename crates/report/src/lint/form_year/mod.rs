use super::{At, Context, Finding, Scalar, Severity};
use crate::model::{OfficialForm, TableName};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let report = context.report;
    let Some(year) = report.year else { return Vec::new() };
    let expected = OfficialForm::for_year(year);
    // The third table is the same in both forms.
    [TableName::Proactive, TableName::Requests]
        .into_iter()
        .filter_map(|table| Some((table, report.form(table).filter(|&form| form != expected)?)))
        .map(|(table, found)| Finding {
            rule: "form-year",
            severity: Severity::Warning,
            message: format!(
                "“{}”表用的是 {} 年格式，{year} 年度报告应当用 {} 年格式（{}）",
                table.official(),
                found.code(),
                expected.code(),
                expected.official()
            ),
            at: At::Table { table, row: None, column: None, position: None },
            found: Some(Scalar::from(found.code())),
            expected: Some(Scalar::from(expected.code())),
            basis: expected.official().to_owned(),
        })
        .collect()
}
