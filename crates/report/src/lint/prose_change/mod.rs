use super::{Context, Finding, previous_report, prose};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let Some(previous) = previous_report::comparable(context) else { return Vec::new() };
    prose::changes(context.report, context.prose(), previous)
}
