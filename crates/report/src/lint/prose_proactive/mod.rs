use super::{Context, Finding};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    context.prose_findings("prose-proactive")
}
