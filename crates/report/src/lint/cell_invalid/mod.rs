use super::{At, Context, Finding, Scalar, Severity, form_basis};
use crate::model::{CellAddress, Content, ProactiveColumn};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let report = context.report;
    let mut findings = Vec::new();
    for view in report.cells().filter(|view| report.form(view.address.table()).is_some()) {
        if matches!(view.cell.content, Content::Count(0..)) {
            continue;
        }
        let place = format!("“{}”的“{}”", view.address.row_label(), view.address.column_label());
        // 本年增/减 is the one figure with a sign.
        let may_be_negative = matches!(view.address, CellAddress::Proactive(_, ProactiveColumn::Change));
        let (severity, message, found): (_, _, Option<Scalar>) =
            match (&view.cell.content, &view.cell.printed) {
                (Content::Count(count), _) if *count < 0 && !may_be_negative => {
                    (Severity::Error, format!("{place}填 {count}，件数不能是负数"), Some((*count).into()))
                }
                (Content::Amount(amount), _) if amount.starts_with('-') => (
                    Severity::Error,
                    format!("{place}填 {amount}，金额不能是负数"),
                    Some(amount.as_str().into()),
                ),
                (Content::ExplicitNone, _) => (
                    Severity::Warning,
                    format!("{place}填的是“无”或短横；表格要求填数，没有发生的应填 0"),
                    None,
                ),
                (Content::Lost, Some(printed)) => {
                    let kind = match view.address {
                        CellAddress::Proactive(_, ProactiveColumn::Amount10kCny) => "以万元为单位的数",
                        _ => "整数",
                    };
                    (
                        Severity::Warning,
                        format!("{place}填的是“{printed}”，不是{kind}"),
                        Some(printed.as_str().into()),
                    )
                }
                _ => continue,
            };
        findings.push(Finding {
            rule: "cell-invalid",
            severity,
            message,
            at: At::cell(report, view.address),
            found,
            expected: None,
            basis: form_basis(report.form(view.address.table()), view.address.table()),
        });
    }
    findings
}
