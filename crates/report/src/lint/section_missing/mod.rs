use super::{At, Context, Finding, Severity, contents_basis};
use crate::model::Section;

pub(super) fn check(context: &Context) -> Vec<Finding> {
    if context.report.precedes_the_forms() {
        return Vec::new();
    }
    let absent =
        Section::ALL.into_iter().filter(|&section| context.report.sections.paragraphs(section).is_none());
    absent
        .map(|section| Finding {
            rule: "section-missing",
            severity: Severity::Warning,
            message: format!("没有找到“{}”这一部分；没有内容的也应保留标题并写“无”", section.official()),
            at: At::Text { section: Some(section), position: None, quote: None },
            found: None,
            expected: None,
            basis: contents_basis(),
        })
        .collect()
}
