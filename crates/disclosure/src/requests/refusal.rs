use std::fmt;

use jiff::civil::Date;

use super::machine::{Event, RequestState};
use crate::error::{Failure, Refusal};
use crate::review::ReviewRefusal;

/// Why a request was not taken in or not carried on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestRefusal {
    NotFound,
    Forbidden,
    /// One message for a wrong number and a wrong code: it tells no one which numbers exist.
    WrongNumberOrCode,
    NoSuchAgency,
    /// A field of a form, with what to do about it.
    Field {
        field: &'static str,
        words: String,
    },
    /// The same for one of several parts of a request, numbered from 0.
    Portion {
        at: usize,
        field: &'static str,
        words: String,
    },
    /// What the law says against it, in the words of `gongkai_statute`.
    Law(String),
    NotFiled,
    /// Work has begun, so a correction must leave a day of receipt.
    NotReceived,
    NotNow {
        state: RequestState,
        event: Event,
        possible: Vec<Event>,
    },
    SupplementedBefore,
    SupplementNotOverdue,
    ReasonsNoticedBefore,
    NoReasonsAwaited,
    /// 延迟答复 follows reasons that were stated, and once.
    NoDelayNow,
    /// An answer that rests on the reasons procedure of which nothing is on record.
    NoReasonsProcedure,
    /// The applicant still has time to state reasons.
    ReasonsAwaited {
        due_on: Date,
    },
    NoObjection,
    /// A third party objects and does not know yet.
    ObjectionUnanswered {
        party: String,
    },
    ExtendedBefore,
    ExtensionPending,
    NoExtensionProposed,
    OwnProposal,
    NotAnApprover,
    FeeNoticedBefore,
    FeeNotOverdue,
    LetterInReview,
    LetterNotSigned,
    ReplyUnderway,
    DeliveredBefore,
    /// Nothing shows that the reply reached the applicant.
    NotDelivered,
    /// The letter no longer says what the dossier says.
    LetterOutdated,
    /// 重新办理 takes up what was asked, as it was asked.
    NotInRenewal,
    /// The case orders no fresh reply.
    NothingOrdered,
    RenewedBefore {
        number: String,
    },
    /// The earlier dossier was destroyed.
    Destroyed,
    NoSuchConsultation,
    ConsultationAnswered,
    ConsultationRunning {
        due_on: Date,
    },
    /// What the review said.
    Review(String),
}

impl RequestRefusal {
    pub(crate) fn field(field: &'static str, words: impl Into<String>) -> Self {
        RequestRefusal::Field { field, words: words.into() }
    }
}

impl fmt::Display for RequestRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use RequestRefusal as R;
        match self {
            R::NotFound => f.write_str("没有这件申请，或者它不归您的机关办理，请核对编号。"),
            R::Forbidden => f.write_str("您的角色不能办理这一步，请由本机关有权限的人员办理。"),
            R::WrongNumberOrCode => f.write_str(
                "申请编号与查询码不相符，请核对后重新输入；查询码遗失的，请带身份证明到受理机关查询。",
            ),
            R::NoSuchAgency => f.write_str("请选择受理申请的机关。"),
            R::Field { words, .. } | R::Law(words) | R::Review(words) => f.write_str(words),
            R::Portion { at, words, .. } => write!(f, "第{}部分：{words}", at + 1),
            R::NotFiled => f.write_str("申请尚未提交或者登记。"),
            R::NotReceived => f.write_str(
                "照这样更正，收到申请之日就不能确定（《条例》第三十一条）。请填写签收或者双方确认的日期。",
            ),
            R::NotNow { state, event, possible } => {
                write!(f, "申请现处于“{}”，不能“{}”。", state.label(), event.label())?;
                let now: Vec<_> = possible.iter().map(|event| format!("“{}”", event.label())).collect();
                match now.is_empty() {
                    true => f.write_str("这件申请已经没有后续环节。"),
                    false => write!(f, "现在可以{}。", now.join("、")),
                }
            }
            R::SupplementedBefore => f.write_str(
                "已经告知过补正。补正应当一次性告知（《条例》第三十条），请按现有内容办理；仍不明确的，可以答复“补正后申请内容仍不明确”。",
            ),
            R::SupplementNotOverdue => f.write_str("补正期限尚未届满，请等待申请人补正。"),
            R::ReasonsNoticedBefore => f.write_str("已经要求过申请人说明理由。"),
            R::NoReasonsAwaited => f.write_str("没有等待申请人说明的理由，请先发出说明理由告知书。"),
            R::NoDelayNow => f.write_str(
                "申请人说明理由以后，才能确定延迟答复的期限，而且只确定一次（《条例》第三十五条）。",
            ),
            R::NoReasonsProcedure => f.write_str(
                "没有要求申请人说明理由，不能以“理由不合理”不予处理（《条例》第三十五条），请先发出说明理由告知书。",
            ),
            R::ReasonsAwaited { due_on } => {
                write!(f, "申请人可以在{due_on}前说明理由，此前不能以“理由不合理”不予处理；已经收到说明的，请先登记。")
            }
            R::NoObjection => f.write_str("没有不同意公开而尚未告知的第三方。"),
            R::ObjectionUnanswered { party } => write!(
                f,
                "{party}不同意公开，决定公开前应当把公开的内容和理由书面告知（《条例》第三十二条），请先办理“告知第三方决定公开”。"
            ),
            R::ExtendedBefore => {
                f.write_str("答复期限已经延长过一次，不能再次延长（《条例》第三十三条第二款），请尽快答复。")
            }
            R::ExtensionPending => f.write_str("已提请延长答复期限，正等待负责人同意。"),
            R::NoExtensionProposed => f.write_str("没有待同意的延长，请先由经办人提请。"),
            R::OwnProposal => f.write_str("不能同意自己提请的延长，请由科室负责人或者分管领导同意。"),
            R::NotAnApprover => {
                f.write_str("延长答复期限应当经政府信息公开工作机构负责人同意（《条例》第三十三条第二款），请由科室负责人或者分管领导办理。")
            }
            R::FeeNoticedBefore => f.write_str("这件申请已经通知过缴费，一件申请只收一次。"),
            R::FeeNotOverdue => f.write_str("缴费期限尚未届满，请等待申请人缴费。"),
            R::LetterInReview => f.write_str("答复书正在审签或者已经签发，退回后才能重新拟定。"),
            R::LetterNotSigned => f.write_str("答复书还没有签发，签发后才能发出。"),
            R::ReplyUnderway => f.write_str("答复书已经拟定送审，撤回申请请先撤回送审；申请人请联系受理机关办理。"),
            R::DeliveredBefore => f.write_str("已经登记过送达。"),
            R::NotDelivered => f.write_str("还没有登记送达，请先写明送达的日期和凭据，再归档（《条例》第四十五条）。"),
            R::LetterOutdated => {
                f.write_str("答复书的内容与登记的情况不再一致（可能是规定有了变化），请由签发人退回后重新拟定。")
            }
            R::NotInRenewal => f.write_str(
                "按决定、判决重新办理的申请，照原来的申请办理，不能更正收件情况、拆分或者并案。",
            ),
            R::NothingOrdered => f.write_str(
                "这件案件没有责令重新答复。请先在“登记结果”中登记“结果纠正”和要求本机关做什么，并写明所涉申请的编号。",
            ),
            R::RenewedBefore { number } => write!(f, "已经按这件案件重新办理，编号 {number}。"),
            R::Destroyed => f.write_str("原申请已经按销毁清册销毁，请联系申请人后登记为新的申请，并在登记履行时写明。"),
            R::NoSuchConsultation => f.write_str("没有这次征求意见，请刷新页面。"),
            R::ConsultationAnswered => f.write_str("这次征求意见已经登记过答复。"),
            R::ConsultationRunning { due_on } => {
                write!(f, "征求意见的期限到{due_on}届满，此前不能登记为未答复。")
            }
        }
    }
}

impl Refusal for RequestRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            RequestRefusal::Field { field, .. } => Some(field),
            RequestRefusal::NoSuchAgency => Some("agency"),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, RequestRefusal::NotFound)
    }

    fn is_forbidden(&self) -> bool {
        matches!(self, RequestRefusal::Forbidden)
    }
}

/// What a review refuses is said in its own words.
pub(super) fn of_review(failure: Failure<ReviewRefusal>) -> Failure<RequestRefusal> {
    match failure {
        Failure::Refused(reasons) => Failure::Refused(
            reasons.iter().map(|reason| RequestRefusal::Review(reason.to_string())).collect(),
        ),
        Failure::Unexpected(error) => Failure::Unexpected(error),
    }
}
