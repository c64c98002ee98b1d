use gongkai_statute::cite;

use super::{At, Context, Finding, Severity};
use crate::model::{OfficialForm, Section};

/// The matters of the overview, and the words by which offices tell them.
const MATTERS: [(&str, &[&str]); 5] = [
    (
        "主动公开",
        &["主动公开", "公开信息", "发布信息", "信息发布", "公开政府信息", "公开各类", "发布各类", "公开"],
    ),
    ("依申请公开", &["申请"]),
    ("政府信息管理", &["信息管理", "审核", "审查", "审校", "管理", "三审", "规范性文件", "目录", "保密"]),
    ("平台建设", &["平台", "网站", "公众号", "新媒体", "专栏", "栏目", "公开栏", "专区", "微博", "网页"]),
    ("监督保障", &["监督", "考核", "培训", "评议", "保障", "领导小组", "追究", "专人", "检查", "组织领导"]),
];

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let report = context.report;
    if report.year.is_none_or(|year| OfficialForm::for_year(year) != OfficialForm::F2021) {
        return Vec::new();
    }
    let passages = &context.prose().passages;
    let Some(overview) = passages.iter().find(|passage| passage.section == Some(Section::Overview)) else {
        return Vec::new();
    };
    // The overview may have lost its text; then nothing can be said to lack.
    if overview.text.chars().count() < 100 {
        return Vec::new();
    }
    let missing: Vec<&str> = MATTERS
        .iter()
        .filter(|(_, words)| !words.iter().any(|word| overview.text.contains(word)))
        .map(|(name, _)| *name)
        .collect();
    if missing.is_empty() {
        return Vec::new();
    }
    // The other three may hide behind words we do not know.
    let is_plain = missing.iter().any(|name| name.ends_with("公开"));
    vec![Finding {
        rule: "overview-incomplete",
        severity: if is_plain { Severity::Warning } else { Severity::Info },
        message: format!(
            "第一部分应当概述主动公开、依申请公开、政府信息管理、平台建设、监督保障五项，没有找到：{}",
            missing.join("、")
        ),
        at: At::Text { section: Some(Section::Overview), position: overview.position(0), quote: None },
        found: None,
        expected: Some(missing.join("、").as_str().into()),
        basis: cite!(ReportForm2021).to_string(),
    }]
}
