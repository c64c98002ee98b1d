//! Statements of different parts that cannot both be true.

use std::ops::Range;

use super::prose::{Passage, at_phrase};
use super::words::find;
use super::{Context, Finding, Severity, contents_basis};
use crate::model::{Position, PositionKind, Section};

/// A claim of the overview, and what another part admits against it.
struct Exclusion {
    claims: fn(&str) -> bool,
    admits: fn(&str) -> bool,
    /// What the two are about.
    matter: &'static str,
}

const EXCLUSIONS: [Exclusion; 3] = [
    Exclusion {
        claims: claims_approval_first, admits: admits_approval_later, matter: "先审批、后公开"
    },
    Exclusion { claims: claims_replies_in_time, admits: admits_late_replies, matter: "申请按期答复" },
    Exclusion { claims: claims_trainings, admits: admits_no_training, matter: "开展培训" },
];

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let passages = &context.prose().passages;
    let mut findings = Vec::new();
    for exclusion in &EXCLUSIONS {
        let admission = passages
            .iter()
            .filter(|passage| passage.section == Some(Section::ProblemsAndImprovements))
            .find_map(|passage| Some((passage, clause(passage, exclusion.admits)?)));
        let Some((admitting, admission)) = admission else { continue };
        let claim = passages
            .iter()
            .filter(|passage| passage.section != Some(Section::ProblemsAndImprovements))
            .find_map(|passage| Some((passage, clause(passage, exclusion.claims)?)));
        let Some((claiming, claim)) = claim else { continue };
        let line = match admitting.position(admission.start) {
            Some(Position { line, kind: PositionKind::Line, .. }) => format!("（第{line}行）"),
            Some(Position { kind: PositionKind::Page(page), .. }) => format!("（第{page}页）"),
            _ => String::new(),
        };
        let message = format!(
            "关于{}，两处说法相反：这里写“{}”，第五部分{line}却写“{}”",
            exclusion.matter,
            claiming.quote(claim.clone()),
            admitting.quote(admission)
        );
        let at = claiming.at(claim);
        findings.push(at_phrase("prose-exclusion", Severity::Warning, at, message, contents_basis()));
    }
    findings
}

/// The first sentence that says so, without the blanks and the number before it.
fn clause(passage: &Passage, says: fn(&str) -> bool) -> Option<Range<usize>> {
    let text = &passage.text;
    let mut start = 0;
    while start < text.len() {
        let end = text[start..].find(['。', '；', '\n', '！']).map_or(text.len(), |at| start + at);
        if says(&text[start..end]) {
            return Some(start..end);
        }
        start = end + text[end..].chars().next().map_or(1, char::len_utf8);
    }
    None
}

fn any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Whether one of `first` stands before one of `then`.
fn in_order(text: &str, first: &[&str], then: &[&str]) -> bool {
    first
        .iter()
        .filter_map(|word| Some(find(text, word)? + word.len()))
        .min()
        .is_some_and(|at| any(&text[at..], then))
}

const APPROVAL: [&str; 7] = ["审批", "审核", "审查", "签字", "签发", "审签", "把关"];
const PUBLICATION: [&str; 8] = ["发布", "公布", "公开", "上传", "上网", "发出", "推送", "挂网"];

/// “凡需公开的信息都经审批后才能公布”: all of them, approval first.
fn claims_approval_first(clause: &str) -> bool {
    // What is still to be done, or for some only, is no claim.
    if any(clause, &["将", "要求", "力争", "进一步", "下一步", "计划", "重要信息", "重大"])
    {
        return false;
    }
    let all = any(
        clause,
        &["凡", "所有", "全部", "一律", "均", "都", "每条", "逐条", "严格执行", "严格落实", "未经"],
    );
    let first = any(
        clause,
        &[
            "后才能",
            "后方可",
            "后方能",
            "后才",
            "后再",
            "方可",
            "先审后发",
            "先审后公开",
            "先审核后",
            "先审批后",
            "先审查后",
            "不得发布",
            "不得公开",
        ],
    );
    all && first && any(clause, &APPROVAL) && any(clause, &PUBLICATION)
        || clause.contains("严格") && clause.contains("先审后发")
}

/// “存在先上传后签字的情况”.
fn admits_approval_later(clause: &str) -> bool {
    if any(clause, &["杜绝", "避免", "防止", "严禁", "不得", "没有", "未发生", "未出现", "不存在"])
    {
        return false;
    }
    let reversed = [
        "先发后审",
        "先公开后审",
        "先发布后审",
        "先上传后审",
        "未审先发",
        "未经审核即",
        "未经审核就",
        "未经审批即",
        "未经审批就",
        "未经审核直接",
        "未经审批直接",
        "补办审批",
        "补审批",
        "补签",
    ];
    let order = clause.find('先').is_some_and(|at| {
        // 先 once, then 后 or 再: publication stands between, approval behind.
        let rest = &clause[at + '先'.len_utf8()..];
        rest.find(['后', '再']).is_some_and(|then| {
            let (before, behind) = rest.split_at(then);
            any(before, &PUBLICATION) && !any(before, &APPROVAL) && any(behind, &APPROVAL)
        })
    });
    any(clause, &reversed) || order
}

fn claims_replies_in_time(clause: &str) -> bool {
    let all = any(clause, &["均", "全部", "都", "100%"]);
    let in_time = any(
        clause,
        &[
            "按时答复",
            "按期答复",
            "按时办结",
            "按期办结",
            "法定期限内",
            "规定期限内",
            "规定时限内",
            "法定时限内",
            "按时答复率",
            "按期答复率",
            "按时办结率",
            "按期办结率",
        ],
    );
    all && in_time
        && any(clause, &["申请", "答复"])
        && !any(clause, &["诉求", "投诉", "提案", "热线", "留言", "将", "确保"])
}

fn admits_late_replies(clause: &str) -> bool {
    any(clause, &["申请"])
        && any(
            clause,
            &[
                "超期答复",
                "逾期答复",
                "答复超期",
                "答复逾期",
                "超期办理",
                "未按期答复",
                "未按时答复",
                "超出法定期限",
                "超过法定期限",
                "超期办结",
            ],
        )
        && !any(clause, &["杜绝", "避免", "防止", "没有", "未发生", "未出现", "不存在", "确保", "防范"])
}

fn claims_trainings(clause: &str) -> bool {
    // 组织培训2次: held by the agency itself.
    in_order(clause, &["组织", "开展", "举办"], &["培训"])
        && ["次", "期", "场"].iter().any(|unit| {
            clause.match_indices(unit).any(|(at, _)| {
                clause[..at]
                    .ends_with(|c: char| ('1'..='9').contains(&c) || "一二两三四五六七八九十".contains(c))
            })
        })
}

fn admits_no_training(clause: &str) -> bool {
    any(
        clause,
        &[
            "未开展培训",
            "没有开展培训",
            "未组织培训",
            "没有组织培训",
            "未举办培训",
            "没有举办培训",
            "全年未培训",
            "未开展过培训",
            "未组织过培训",
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn approval_first_and_its_reverse() {
        for claim in [
            "凡需公开的信息都经保密专干和主要领导严格审批后才能公布",
            "所有信息均需主管领导、站办负责人审批后方可发布",
            "严格落实“先审后发”，对数量和质量严格把关",
            "未经审核的信息一律不得发布",
        ] {
            assert!(claims_approval_first(claim), "{claim}");
        }
        for other in [
            "信息公开前逐件进行审查",
            "明年要求所有信息审批后再公开",
            "重要信息由主要领导审核后发布",
            "按照谁公开谁负责的原则，加强审核",
        ] {
            assert!(!claims_approval_first(other), "{other}");
        }
        for admission in [
            "存在先让专干上传信息后让领导签字审核的情况",
            "个别信息先发后审",
            "个别站所先发布再补签审批表",
            "有的信息未经审批就发布",
        ] {
            assert!(admits_approval_later(admission), "{admission}");
        }
        for other in [
            "先审核后发布的制度执行不够严格",
            "杜绝先发后审的现象",
            "首先要及时发布信息，其次要加强审核",
            "信息审核后发布不够及时",
            "优先公开群众关注的信息，审核流程有待优化",
        ] {
            assert!(!admits_approval_later(other), "{other}");
        }
    }
}
