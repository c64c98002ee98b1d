use gongkai_statute::cite;

use super::agency::AgencyKind;
use super::{At, Context, Finding, Severity};
use crate::model::Section;

/// What must be told, and the words by which offices tell it.
const RESULTS: [(&str, &[&str]); 3] = [
    ("工作考核", &["考核", "考评", "绩效", "测评", "评估"]),
    (
        "社会评议",
        &[
            "评议",
            "评价",
            "满意度",
            "测评",
            "评估",
            "意见征集",
            "征集意见",
            "听取群众",
            "听取意见",
            "问卷",
            "民意",
        ],
    ),
    ("责任追究", &["追究", "追责", "问责"]),
];

pub(super) fn check(context: &Context) -> Vec<Finding> {
    if context.report.precedes_the_forms() {
        return Vec::new();
    }
    let report = context.report;
    let is_government = report.agency.as_deref().is_some_and(|agency| AgencyKind::of(agency).is_government());
    let passages = &context.prose().passages;
    let Some(overview) = passages.iter().find(|passage| passage.section == Some(Section::Overview)) else {
        return Vec::new();
    };
    // Text may have been lost, or is still to be written; then nothing can be said to lack.
    let unwritten = passages
        .iter()
        .any(|passage| passage.section == Some(Section::ProblemsAndImprovements) && passage.text.is_empty());
    if !is_government || unwritten || overview.text.chars().count() < 100 {
        return Vec::new();
    }
    let told =
        |words: &[&str]| passages.iter().any(|passage| words.iter().any(|word| passage.text.contains(word)));
    let missing: Vec<&str> =
        RESULTS.iter().filter(|(_, words)| !told(words)).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    // 监督保障 is where a reader looks for them.
    let heading =
        overview.text.rfind("监督保障").filter(|&at| overview.text[..at].ends_with(['）', '、', '.', '是']));
    let position = overview.position(heading.unwrap_or(0));
    vec![Finding {
        rule: "supervision-results-missing",
        severity: Severity::Warning,
        message: format!(
            "各级人民政府的报告应当写明工作考核、社会评议和责任追究结果，没有找到：{}",
            missing.join("、")
        ),
        at: At::Text {
            section: Some(Section::Overview),
            position,
            quote: heading.map(|_| "监督保障".to_owned()),
        },
        found: None,
        expected: Some(missing.join("、").as_str().into()),
        basis: cite!(Ogi, 50, 1, (4)).to_string(),
    }]
}
