use std::fmt;

use super::ReviewState;
use crate::accounts::Role;
use crate::error::Refusal;

/// Why a review was not opened, signed or returned.
#[derive(Debug, PartialEq, Eq)]
pub enum ReviewRefusal {
    Missing,
    Forbidden,
    Closed(ReviewState),
    AlreadyOpen,
    NotYourStage {
        title: String,
        role: Role,
    },
    OwnDraft,
    SecondStage(String),
    /// The subject's hash is no longer the one under review.
    ContentChanged,
    /// What the page showed is not what is under review.
    NotAsShown,
    /// Signed, but it could not go out; nothing was changed.
    NotReleased(String),
    /// Someone else acted on this stage a moment ago.
    JustSigned,
    /// A point of the stage's checklist is not ticked.
    PointsUnticked,
    /// It went out in an emergency; its review has to be carried through.
    OutAlready,
    ChainTooShort,
    ChainTooLong,
    ChainWithoutConfidentiality,
    StageTitle,
    StageRole {
        role: Role,
    },
    StageDays,
    StageChecklist,
    DeputyRole,
    DeputyPerson,
    DeputyPeriod,
    DeputyTooLong,
    DeputyReason,
    ChecklistMissing,
    ChecklistUnanswered {
        field: &'static str,
        wording: &'static str,
    },
    InvolvesSecrets {
        field: &'static str,
        wording: &'static str,
    },
    GroundMissing,
    OpinionMissing,
    /// No one at the agency could sign this stage.
    NobodyForStage {
        title: String,
        role: Role,
    },
}

impl fmt::Display for ReviewRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use ReviewRefusal as R;
        match self {
            R::Missing => f.write_str("没有这项审查，它可能已被移除，请从待办列表重新进入。"),
            R::Forbidden => f.write_str("您没有办理这项审查的权限，请联系本机关的系统管理员。"),
            R::Closed(state) => {
                write!(f, "这项审查已经结束（{}），不能再签署或退回。", state.label())
            }
            R::AlreadyOpen => f.write_str("这份内容正在审查中，不能重复送审。"),
            R::NotYourStage { title, role } => {
                write!(f, "现在轮到“{title}”环节，应由{}签署。", role.label())
            }
            R::OwnDraft => f.write_str("您起草或修改过这份内容，不能由本人审签，请由其他同事办理。"),
            R::SecondStage(title) => {
                write!(f, "您已经签过“{title}”环节，同一人不能签两个环节，请由其他同事办理。")
            }
            R::ContentChanged => {
                f.write_str("内容与送审时不一致，签署已被拒绝。请退回起草人核对后重新送审。")
            }
            R::NotAsShown => {
                f.write_str("页面上显示的内容与正在审查的内容不一致，没有签署。请重新打开，核对后再签。")
            }
            R::NotReleased(words) => f.write_str(words),
            R::JustSigned => f.write_str("这个环节刚刚已由他人办理，请刷新页面查看最新情况。"),
            R::PointsUnticked => {
                f.write_str("本环节的审校要点须逐项核对并勾选；有一项不符合的，请退回起草人。")
            }
            R::OutAlready => f.write_str(
                "这份内容已经紧急发布，审查必须办完，不能撤回送审。要撤下的，请退回或者撤回公开。",
            ),
            R::ChainTooShort => f.write_str("公开信息至少要有两个审核环节，请再加一个。"),
            R::ChainTooLong => f.write_str("审核环节最多 9 个，请合并。"),
            R::ChainWithoutConfidentiality => {
                f.write_str("公开信息的审核程序必须有保密审查环节，由保密审查员签署。《条例》第十七条")
            }
            R::StageTitle => f.write_str("请填写每个环节的名称，不超过 20 个字。"),
            R::StageRole { role } => write!(f, "{}没有审签权限，请换一个角色。", role.label()),
            R::StageDays => f.write_str("环节时限请填 1 到 30 之间的工作日数，不限时的留空。"),
            R::StageChecklist => f.write_str("每个环节的要点最多 12 条，每条不超过 60 个字。"),
            R::DeputyRole => f.write_str("请选择被代理人现有的一个审核角色。"),
            R::DeputyPerson => f.write_str("代理人须是本机关另一位有审签权限的人。"),
            R::DeputyPeriod => f.write_str("请填写代理的起止日期，截止日期不早于开始日期，也不早于今天。"),
            R::DeputyTooLong => f.write_str("一次代理最长三个月，期满可以再设。"),
            R::DeputyReason => f.write_str("请写明代理的原因，例如出差、休假，不超过 100 个字。"),
            R::ChecklistMissing => f.write_str("保密审查环节须逐项填写保密审查表。"),
            R::ChecklistUnanswered { wording, .. } => write!(f, "请选择是否{wording}。"),
            R::InvolvesSecrets { wording, .. } => {
                write!(f, "{wording}的内容不得公开，不能签署同意。请退回起草人处理。")
            }
            R::GroundMissing => f.write_str("请填写审查依据。"),
            R::OpinionMissing => f.write_str("退回时请写明理由，让起草人知道要改什么。"),
            R::NobodyForStage { title, role } => {
                write!(
                    f,
                    "“{title}”环节需要起草人以外的{}签署，本机关目前没有这样的人员，请系统管理员先授权。",
                    role.label()
                )
            }
        }
    }
}

impl Refusal for ReviewRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            ReviewRefusal::ChecklistUnanswered { field, .. }
            | ReviewRefusal::InvolvesSecrets { field, .. } => Some(field),
            ReviewRefusal::GroundMissing => Some("ground"),
            ReviewRefusal::PointsUnticked => Some("points"),
            ReviewRefusal::DeputyRole => Some("role"),
            ReviewRefusal::DeputyPerson => Some("deputy"),
            ReviewRefusal::DeputyPeriod | ReviewRefusal::DeputyTooLong => Some("until_on"),
            ReviewRefusal::DeputyReason => Some("reason"),
            ReviewRefusal::OpinionMissing => Some("opinion"),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, ReviewRefusal::Missing)
    }

    fn is_forbidden(&self) -> bool {
        matches!(self, ReviewRefusal::Forbidden)
    }
}
