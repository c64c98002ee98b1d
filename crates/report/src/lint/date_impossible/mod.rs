use super::dates::dates;
use super::prose::at_phrase;
use super::{Context, Finding, Severity, contents_basis};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for passage in &context.prose().passages {
        for day in dates(&passage.text).into_iter().filter(|day| day.is_impossible()) {
            let message = format!("日历上没有“{}”这一天", passage.quote(day.range.clone()));
            let at = passage.at(day.range);
            findings.push(at_phrase("date-impossible", Severity::Error, at, message, contents_basis()));
        }
    }
    findings
}
