use super::{At, Context, Finding, Severity, form_basis};
use crate::model::{OfficialForm, TableName};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let absent: Vec<TableName> =
        TableName::ALL.iter().copied().filter(|&table| context.report.form(table).is_none()).collect();
    if let Some(year) = context.report.year.filter(|_| context.report.precedes_the_forms()) {
        return vec![Finding {
            rule: "table-missing",
            severity: Severity::Info,
            message: format!(
                "{year} 年度报告早于统一格式（2019 年度起用），没有三张表可以核对，只核对了正文；表中各数记为缺，不等于零"
            ),
            at: At::document(),
            found: None,
            expected: None,
            basis: OfficialForm::F2019.official().to_owned(),
        }];
    }
    if absent.len() == TableName::ALL.len() {
        // None at all is one matter: the tables are pictures, or were not copied.
        return vec![Finding {
            rule: "table-missing",
            severity: Severity::Warning,
            message: "三张表一张也没有找到，表中各数无从得知（不等于零）；如果原件有表，可能是图片，或者复制成文本时丢失了"
                .to_owned(),
            at: At::document(),
            found: None,
            expected: None,
            basis: super::contents_basis(),
        }];
    }
    absent
        .into_iter()
        .map(|table| Finding {
            rule: "table-missing",
            severity: Severity::Warning,
            message: format!(
                "没有找到“{}”表，表中各数无从得知（不等于零）；如果原件有表，可能是复制成文本时丢失了",
                table.official()
            ),
            at: At::Table { table, row: None, column: None, position: None },
            found: None,
            expected: None,
            basis: form_basis(None, table),
        })
        .collect()
}
