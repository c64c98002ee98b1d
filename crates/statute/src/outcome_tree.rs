//! 判断树 — the questions that lead from a request to its one decision, and so to its one row of table three.
//!
//! One table: each question with its provision and its answers; an answer leads to the next question or to a
//! [`Decision`]. It is a tree in the strict sense: every question is led to by one answer, every decision by one path, and
//! tests prove it. So the answers given are the reason why the request counts where it counts.
//!
//! ```
//! use gongkai_statute::decisions::Decision;
//! use gongkai_statute::outcome_tree::{Question, Scope, Step, path_to, walk};
//! let walked = walk(Scope::Whole, ["goes_on.yes", "clear.yes", "kind.petition"]).unwrap();
//! assert_eq!(walked.at, Step::Decided(Decision::PetitionOrComplaint));
//! let begun = walk(Scope::Whole, ["goes_on.yes"]).unwrap();
//! assert_eq!(begun.at, Step::Ask(Question::Clear));
//! assert_eq!(path_to(Decision::NotHeld, Scope::Whole).last().unwrap().code, "held.no");
//! ```
//!
//! The order follows the steps of 《江苏省政府信息公开申请办理答复规范》, which was sent to all provinces as a reference:
//! is it clear, is it a request, who answers for it, is it there, may it be given. Where the regulations leave the order
//! open, it is our reading.

use std::fmt::Write;

use crate::citation::Citation;
use crate::cite;
use crate::decisions::Decision;
use crate::lists::closed_list;
use crate::severance;

closed_list! {
    /// 判断问题 — one question of the tree, in the order they are asked.
    pub enum Question {
        /// 《条例》第三十条、《信息处理费管理办法》第六条.
        GoesOn = "goes_on", "申请是否应当继续办理并答复？";
        /// 《条例》第二十九条第二款、第三十条.
        Clear = "clear", "申请的内容是否明确，可以据以查找？";
        /// 《条例》第三十九条.
        Kind = "kind", "申请人要的是政府信息，还是别的？";
        /// 《条例》第三十六条第六项.
        Earlier = "earlier", "同一申请人的相同申请，是否已经答复过？";
        /// 《条例》第三十五条.
        Frequency = "frequency", "申请的数量、频次是否明显超过合理范围？";
        /// 《条例》第十条、第三十六条第五项.
        Responsible = "responsible", "是否由本机关负责公开？";
        /// 《条例》第三十六条第一项.
        AlreadyPublic = "public", "信息是否已经主动公开？";
        /// 《条例》第三十六条第七项.
        OwnProcedure = "procedure", "法律、行政法规对获取这类信息是否另有规定？";
        /// 《条例》第三十六条第四项.
        Held = "held", "经检索，本机关是否制作或者保存了这一信息？";
        /// 《条例》第三十八条.
        Ready = "ready", "是否有现成的信息，不需要另行加工、分析？";
        /// 《条例》第十三条第一款、第三十六条第三项.
        Withheld = "withheld", "其中有没有依法不予公开的内容？";
        /// 《条例》第三十六条第二项、第三十七条.
        Complete = "complete", "所申请的内容能否全部提供？";
        /// 《条例》第三十七条.
        Severable = "severable", "不予公开的内容能否与可以公开的内容区分开？";
        /// 《条例》第十四条至第十六条.
        Ground = "ground", "不予公开的是哪一类信息？";
        /// 《条例》第十五条.
        ThirdParty = "third_party", "会损害第三方的哪一种权益？";
    }
}

/// 下一步 — what an answer leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The next question.
    Ask(Question),
    /// 处理决定.
    Decided(Decision),
}

/// 回答 — one answer to a question.
#[derive(Debug, PartialEq, Eq)]
pub struct Choice {
    /// Code of the question, point, own word; stored with the decision.
    pub code: &'static str,
    pub label: &'static str,
    pub then: Step,
}

/// 判断环节 — a question with what it rests on and its answers.
#[derive(Debug)]
pub struct Branch {
    pub question: Question,
    pub citation: Citation,
    /// What to look at before answering.
    pub hint: &'static str,
    pub choices: &'static [Choice],
}

/// 判断范围 — whether the whole request is judged or one part of it, where parts are answered differently. 《条例》第三十七条.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Whole,
    /// A part is given or not; what is about the applicant or the procedure is about the whole.
    /// See [`severance::can_answer_a_part`].
    Part,
}

const fn ask(code: &'static str, label: &'static str, next: Question) -> Choice {
    Choice { code, label, then: Step::Ask(next) }
}

const fn decided(code: &'static str, label: &'static str, decision: Decision) -> Choice {
    Choice { code, label, then: Step::Decided(decision) }
}

/// 判断树 — the table. The first question is asked first.
pub const TREE: &[Branch] = &[
    Branch {
        question: Question::GoesOn,
        citation: cite!(Ogi, 30),
        hint: "补正、缴费的期限还没有到的，继续等待，不在这里处理。",
        choices: &[
            ask("goes_on.yes", "应当继续办理", Question::Clear),
            decided("goes_on.withdrawn", "申请人已经撤回申请", Decision::Withdrawn),
            decided(
                "goes_on.not_supplemented",
                "已告知补正，申请人无正当理由逾期不补正",
                Decision::NotSupplementedInTime,
            ),
            decided("goes_on.fee_unpaid", "已通知缴费，申请人逾期未缴纳", Decision::FeeNotPaidInTime),
            decided(
                "goes_on.other",
                "因其他原因不再办理，例如申请人死亡或者终止、没有承继人",
                Decision::Other,
            ),
        ],
    },
    Branch {
        question: Question::Clear,
        citation: cite!(Ogi, 30),
        hint: "不明确又没有告知过补正的，先告知补正，不能直接答复。",
        choices: &[
            ask("clear.yes", "明确，或者补正后已经明确", Question::Kind),
            decided("clear.no", "已告知补正，补正后仍不明确", Decision::StillUnclear),
        ],
    },
    Branch {
        question: Question::Kind,
        citation: cite!(Ogi, 39),
        hint: "看申请的实质内容，不看用的是什么表格；不能因为申请人的身份、用途不予处理。",
        choices: &[
            ask("kind.information", "要求提供政府信息", Question::Earlier),
            decided(
                "kind.petition",
                "以申请公开的形式进行信访、投诉、举报等活动",
                Decision::PetitionOrComplaint,
            ),
            decided(
                "kind.publication",
                "要求提供政府公报、报刊、书籍等公开出版物",
                Decision::PublicPublication,
            ),
            decided("kind.confirm", "要求确认或者重新出具已经获取的信息", Decision::ConfirmOrReissue),
        ],
    },
    Branch {
        question: Question::Earlier,
        citation: cite!(Ogi, 36, (6)),
        hint: "申请人和所申请的信息都相同，并且已经答复的，才是重复申请。",
        choices: &[
            ask("earlier.no", "没有答复过，或者不是相同的信息", Question::Frequency),
            decided("earlier.yes", "已经答复过相同的申请", Decision::Repeated),
        ],
    },
    Branch {
        question: Question::Frequency,
        citation: cite!(Ogi, 35),
        hint: "先告知申请人说明理由；没有告知过的，不能以此不予处理。",
        choices: &[
            ask("frequency.ordinary", "没有超过，或者申请人说明的理由合理", Question::Responsible),
            decided("frequency.excessive", "明显超过，要求说明理由后，认为理由不合理", Decision::Excessive),
        ],
    },
    Branch {
        question: Question::Responsible,
        citation: cite!(Ogi, 10),
        hint: "谁制作谁公开；从公民、法人处获取的，由保存的机关公开；从其他机关获取的，由制作或者最初获取的机关公开。",
        choices: &[
            ask("responsible.yes", "由本机关负责公开", Question::AlreadyPublic),
            decided("responsible.no", "不属于本机关负责公开", Decision::NotResponsible),
        ],
    },
    Branch {
        question: Question::AlreadyPublic,
        citation: cite!(Ogi, 36, (1)),
        hint: "所申请的内容都能在公开的版本里找到，才算已经主动公开。",
        choices: &[
            ask("public.no", "没有主动公开，或者公开的不是所申请的全部内容", Question::OwnProcedure),
            decided("public.yes", "已经主动公开", Decision::AlreadyPublic),
        ],
    },
    Branch {
        question: Question::OwnProcedure,
        citation: cite!(Ogi, 36, (7)),
        hint: "例如工商、不动产登记资料的查询，依照有关法律、行政法规办理。",
        choices: &[
            ask("procedure.no", "没有另外的规定", Question::Held),
            decided("procedure.yes", "另有规定，依照该规定查询", Decision::OwnInquiryProcedure),
        ],
    },
    Branch {
        question: Question::Held,
        citation: cite!(Ogi, 36, (4)),
        hint: "把检索的范围、方法记下来，答复信息不存在的要写明。",
        choices: &[
            ask("held.yes", "制作了，或者保存着", Question::Ready),
            decided("held.no", "经检索没有", Decision::NotHeld),
        ],
    },
    Branch {
        question: Question::Ready,
        citation: cite!(Ogi, 38),
        hint: "遮盖、分割、摘出原有内容是区分处理，不是加工、分析。",
        choices: &[
            ask("ready.yes", "有现成的信息", Question::Withheld),
            decided("ready.no", "没有现成的，需要加工、分析", Decision::NeedsCreation),
        ],
    },
    Branch {
        question: Question::Withheld,
        citation: cite!(Ogi, 13, 1),
        hint: "第三方同意公开的，或者不公开会对公共利益造成重大影响的，不算不予公开的内容；内部事务、过程性信息和执法案卷，法律、法规、规章规定应当公开的，也不算。",
        choices: &[
            ask("withheld.none", "没有", Question::Complete),
            ask("withheld.some", "有", Question::Severable),
        ],
    },
    Branch {
        question: Question::Complete,
        citation: cite!(Ogi, 36, (2)),
        hint: "一部分有、一部分没有的，按部分公开答复。",
        choices: &[
            decided("complete.all", "全部可以提供", Decision::Provided),
            decided(
                "complete.part",
                "提供一部分，其余不属于政府信息或者无法提供",
                Decision::PartlyUnavailable,
            ),
        ],
    },
    Branch {
        question: Question::Severable,
        citation: cite!(Ogi, 37),
        hint: "能够作区分处理的，应当提供可以公开的部分。",
        choices: &[
            decided("severable.yes", "能够区分，提供可以公开的部分", Decision::PartlyWithheld),
            ask("severable.no", "不能区分，全部不予公开", Question::Ground),
        ],
    },
    Branch {
        question: Question::Ground,
        citation: cite!(Ogi, 36, (3)),
        hint: "不能确定可否公开的，报有关主管部门或者保密行政管理部门确定（《条例》第十七条第三款）。",
        choices: &[
            decided("ground.state_secret", "国家秘密", Decision::StateSecret),
            decided("ground.other_law", "法律、行政法规禁止公开的其他信息", Decision::OtherLaw),
            decided(
                "ground.security_or_stability",
                "公开后可能危及国家安全、公共安全、经济安全、社会稳定的信息",
                Decision::SecurityOrStability,
            ),
            ask("ground.third_party", "公开会损害第三方合法权益的信息", Question::ThirdParty),
            decided(
                "ground.internal_affairs",
                "人事管理、后勤管理、内部工作流程等内部事务信息",
                Decision::InternalAffairs,
            ),
            decided(
                "ground.process",
                "讨论记录、过程稿、磋商信函、请示报告等过程性信息",
                Decision::ProcessInformation,
            ),
            decided("ground.enforcement_file", "行政执法案卷信息", Decision::EnforcementFile),
        ],
    },
    Branch {
        question: Question::ThirdParty,
        citation: cite!(Ogi, 15),
        hint: "应当书面征求过第三方的意见（《条例》第三十二条）。",
        choices: &[
            decided("third_party.trade_secret", "商业秘密", Decision::TradeSecret),
            decided("third_party.personal_privacy", "个人隐私", Decision::PersonalPrivacy),
            decided("third_party.other", "其他合法权益", Decision::OtherThirdPartyInterest),
        ],
    },
];

impl Question {
    /// The line of the table.
    pub fn branch(self) -> &'static Branch {
        // A test proves that every question has its line; the first is never reached for another.
        TREE.iter().find(|branch| branch.question == self).unwrap_or(&TREE[0])
    }
}

/// Whether this can still end in a decision.
fn leads_somewhere(step: Step, scope: Scope) -> bool {
    match (step, scope) {
        (_, Scope::Whole) => true,
        (Step::Decided(decision), Scope::Part) => severance::can_answer_a_part(decision),
        (Step::Ask(question), Scope::Part) => !question.branch().choices(scope).is_empty(),
    }
}

impl Branch {
    /// The answers that can be given.
    pub fn choices(&self, scope: Scope) -> Vec<&'static Choice> {
        self.choices.iter().filter(|choice| leads_somewhere(choice.then, scope)).collect()
    }
}

/// Passes over questions that leave only one answer.
fn settled(step: Step, scope: Scope) -> Step {
    match step {
        Step::Ask(question) => match question.branch().choices(scope).as_slice() {
            [only] => settled(only.then, scope),
            _ => step,
        },
        Step::Decided(_) => step,
    }
}

/// 判断过程 — the answers given so far, and where they lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walked {
    /// Each answer with the question it was given to.
    pub answered: Vec<(Question, &'static Choice)>,
    pub at: Step,
}

impl Walked {
    /// The decision, once the questions are answered.
    pub fn decision(&self) -> Option<Decision> {
        match self.at {
            Step::Decided(decision) => Some(decision),
            Step::Ask(_) => None,
        }
    }

    /// The codes of the answers: what is stored.
    pub fn codes(&self) -> Vec<&'static str> {
        self.answered.iter().map(|(_, choice)| choice.code).collect()
    }
}

/// Follows answers from the first question; `None` when one of them is no answer to the question it stands at.
pub fn walk<'a>(scope: Scope, codes: impl IntoIterator<Item = &'a str>) -> Option<Walked> {
    let mut walked = Walked { answered: Vec::new(), at: settled(Step::Ask(Question::GoesOn), scope) };
    for code in codes {
        let Step::Ask(question) = walked.at else { return None };
        let choice = question.branch().choices(scope).into_iter().find(|choice| choice.code == code)?;
        walked.answered.push((question, choice));
        walked.at = settled(choice.then, scope);
    }
    Some(walked)
}

/// The one path that ends in a decision. For a part, without the questions that leave it only one answer.
pub fn path_to(decision: Decision, scope: Scope) -> Vec<&'static Choice> {
    let mut path = Vec::new();
    let mut at = Step::Decided(decision);
    while let Some((branch, choice)) = TREE
        .iter()
        .flat_map(|branch| branch.choices.iter().map(move |choice| (branch, choice)))
        .find(|(_, choice)| choice.then == at)
    {
        if branch.choices(scope).len() > 1 {
            path.push(choice);
        }
        at = Step::Ask(branch.question);
    }
    path.reverse();
    path
}

/// 判断树 as a page, for `docs/outcome-tree.md`: drawn, and as a list with every provision.
pub fn tree_markdown() -> String {
    let mut page = String::from(
        "# 判断树\n\n本页由 `crates/statute/src/outcome_tree.rs` 生成，不要手改。从第一个问题开始，每个回答通向下一个问题或者一项处理决定；\
         每项处理决定只有一条路径，只计入年度报告附表三的一行。\n\n```mermaid\nflowchart TD\n",
    );
    for branch in TREE {
        let question = branch.question;
        let _ = writeln!(page, "    {}{{\"{}\"}}", question.code(), question.label());
        for choice in branch.choices {
            let to = match choice.then {
                Step::Ask(next) => next.code().to_owned(),
                Step::Decided(decision) => format!("d_{}[\"{}\"]", decision.code(), row(decision)),
            };
            let _ = writeln!(page, "    {} -->|\"{}\"| {to}", question.code(), choice.label);
        }
    }
    page.push_str("```\n\n");
    for (at, branch) in (1..).zip(TREE) {
        let _ = writeln!(
            page,
            "## {at}. {}\n\n{}。{}\n\n| 回答 | 接着 | 依据 | 年度报告 |\n|---|---|---|---|",
            branch.question.label(),
            branch.citation,
            branch.hint
        );
        for choice in branch.choices {
            let _ = match choice.then {
                Step::Ask(next) => {
                    let number = TREE.iter().position(|branch| branch.question == next).unwrap_or_default();
                    writeln!(page, "| {} | 问题{} |  |  |", choice.label, number + 1)
                }
                Step::Decided(decision) => writeln!(
                    page,
                    "| {} | {} | {} | {} |",
                    choice.label,
                    decision.label(),
                    decision.citation(),
                    row(decision)
                ),
            };
        }
        page.push('\n');
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

/// 不予公开：属于国家秘密; 予以公开.
fn row(decision: Decision) -> String {
    let outcome = decision.outcome();
    match outcome.head().label() {
        head if head == outcome.label() => head.to_owned(),
        head => format!("{head}：{}", outcome.label()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::citation::resolve;

    /// Every path from the first question to its end, by going all ways. A cycle would never end: the depth is watched.
    fn ends(scope: Scope) -> Vec<(Vec<&'static str>, Decision)> {
        fn go(scope: Scope, codes: &[&'static str], ends: &mut Vec<(Vec<&'static str>, Decision)>) {
            assert!(codes.len() <= TREE.len(), "a cycle: {codes:?}");
            let walked = walk(scope, codes.iter().copied()).expect("every answer offered can be given");
            match walked.at {
                Step::Decided(decision) => ends.push((codes.to_vec(), decision)),
                Step::Ask(question) => {
                    let choices = question.branch().choices(scope);
                    assert!(choices.len() >= 2, "{question:?} is no question");
                    for choice in choices {
                        let mut further = codes.to_vec();
                        further.push(choice.code);
                        go(scope, &further, ends);
                    }
                }
            }
        }
        let mut found = Vec::new();
        go(scope, &[], &mut found);
        found
    }

    #[test]
    fn every_path_ends_in_one_decision_and_every_decision_has_one_path() {
        let ends = ends(Scope::Whole);
        let mut paths: BTreeMap<&str, Vec<&Vec<&str>>> = BTreeMap::new();
        for (path, decision) in &ends {
            paths.entry(decision.code()).or_default().push(path);
        }
        for decision in Decision::ALL {
            let there = paths.get(decision.code()).map_or(&[][..], Vec::as_slice);
            assert_eq!(there.len(), 1, "{decision:?}: {there:?}");
            let codes: Vec<_> = path_to(*decision, Scope::Whole).iter().map(|choice| choice.code).collect();
            assert_eq!(*there[0], codes);
        }
        assert_eq!(ends.len(), Decision::ALL.len());
    }

    /// Together with the test above: no row can be reached in which no decision counts, and none is left out.
    #[test]
    fn every_row_of_table_three_is_reached() {
        let rows: std::collections::BTreeSet<_> =
            ends(Scope::Whole).into_iter().map(|(_, decision)| decision.outcome()).collect();
        assert_eq!(rows.len(), crate::decisions::Outcome::ALL.len());
    }

    #[test]
    fn a_part_reaches_what_can_answer_a_part_and_nothing_else() {
        let mut reached: Vec<Decision> =
            ends(Scope::Part).into_iter().map(|(_, decision)| decision).collect();
        reached.sort();
        let able: Vec<Decision> =
            Decision::ALL.iter().copied().filter(|one| severance::can_answer_a_part(*one)).collect();
        assert_eq!(reached, able);
        for decision in able {
            let codes = path_to(decision, Scope::Part).into_iter().map(|choice| choice.code);
            assert_eq!(walk(Scope::Part, codes).unwrap().decision(), Some(decision));
        }
    }

    #[test]
    fn every_question_has_one_line_is_led_to_once_and_rests_on_a_provision() {
        assert_eq!(TREE.len(), Question::ALL.len());
        for (branch, question) in TREE.iter().zip(Question::ALL) {
            assert_eq!(branch.question, *question, "the order of the list");
            assert_eq!(question.branch().choices, branch.choices);
            assert!(resolve(&branch.citation).is_some(), "{question:?}");
            let led =
                TREE.iter().flat_map(|branch| branch.choices).filter(|c| c.then == Step::Ask(*question));
            assert_eq!(led.count(), usize::from(*question != Question::GoesOn), "{question:?}");
            for choice in branch.choices {
                let (of, own) = choice.code.split_once('.').expect("question, point, own word");
                assert_eq!(of, question.code());
                assert!(!own.is_empty());
            }
        }
    }

    #[test]
    fn a_stranger_is_no_answer() {
        assert_eq!(walk(Scope::Whole, ["clear.yes"]), None, "not the first question");
        assert_eq!(
            walk(Scope::Whole, ["goes_on.withdrawn", "clear.yes"]),
            None,
            "nothing follows a decision"
        );
        assert_eq!(walk(Scope::Part, ["goes_on.withdrawn"]), None, "a part is not withdrawn");
        assert_eq!(walk(Scope::Whole, [""]), None);
        assert_eq!(walk(Scope::Whole, []).unwrap().decision(), None);
    }

    #[test]
    fn the_page_shows_every_question_and_every_decision() {
        let page = tree_markdown();
        for question in Question::ALL {
            assert!(page.contains(question.label()), "{question:?}");
        }
        for decision in Decision::ALL {
            assert!(page.contains(&format!("| {} |", decision.label())), "{decision:?}");
        }
        assert!(page.ends_with("|\n"));
    }
}
