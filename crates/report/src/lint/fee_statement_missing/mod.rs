use gongkai_statute::cite;

use super::{At, Context, Finding, Severity};
use crate::model::{OfficialForm, Section};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let report = context.report;
    if report.year.is_none_or(|year| OfficialForm::for_year(year) != OfficialForm::F2021) {
        return Vec::new();
    }
    let passages = &context.prose().passages;
    let Some(last) = passages.iter().find(|passage| passage.section == Some(Section::OtherMatters)) else {
        return Vec::new();
    };
    // A heading without its text is told elsewhere.
    if last.text.trim().is_empty() {
        return Vec::new();
    }
    let said = passages.iter().any(|passage| {
        let text = passage.text.replace("行政事业性收费", "");
        let in_part_six = passage.section == Some(Section::OtherMatters);
        text.contains("处理费")
            || text.contains("收费通知")
            || in_part_six && ["收费", "收取", "费用"].iter().any(|word| text.contains(word))
    });
    if said {
        return Vec::new();
    }
    let position = last.position(0);
    vec![Finding {
        rule: "fee-statement-missing",
        severity: Severity::Warning,
        message: "第六部分没有写信息处理费的收取情况；没有收取的，也要写明发出收费通知0件、未收取信息处理费"
            .to_owned(),
        at: At::Text { section: Some(Section::OtherMatters), position, quote: None },
        found: None,
        expected: None,
        basis: format!("{}；{}", cite!(ReportForm2021), cite!(FeeMeasure)),
    }]
}
