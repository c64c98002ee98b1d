use super::{Context, Finding, previous_report, prose};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    // What the report says of both years itself.
    let mut findings = context.prose_findings("prose-change");
    if let Some(previous) = previous_report::comparable(context) {
        findings.extend(prose::changes(context.report, context.prose(), previous));
    }
    findings
}
