//! Where a request stands and what may happen next: one `match`, for every surface.
//!
//! The machine knows order, not days. Whether an act comes in time is a matter of law and asked of
//! `gongkai_statute` by the action.

mod page;

use gongkai_statute::closed_list;

pub use page::page_markdown;

use super::RequestRefusal as R;

closed_list! {
    /// 办理状态 — where a request stands.
    pub enum RequestState {
        /// 待确认 — sent, but not yet received in the sense of 《条例》第三十一条.
        Submitted = "submitted", "待确认";
        /// 已登记.
        Registered = "registered", "已登记";
        /// 待补正. 《条例》第三十条.
        SupplementNoticed = "supplement_noticed", "待补正";
        /// 办理中.
        InProgress = "in_progress", "办理中";
        /// 征求意见中. 《条例》第三十二条、第三十四条.
        Consulting = "consulting", "征求意见中";
        /// 待缴费. 《条例》第四十二条.
        FeeNoticed = "fee_noticed", "待缴费";
        /// 答复审签中 — decided, the letter waits for its signature.
        Decided = "decided", "答复审签中";
        /// 已答复.
        Replied = "replied", "已答复";
        /// 已终止 — withdrawn, not supplemented in time, fee not paid in time.
        Closed = "closed", "已终止";
        /// 已归档. 《条例》第四十五条.
        Archived = "archived", "已归档";
    }
}

impl RequestState {
    /// Whether nothing is decided any more.
    pub fn is_over(self) -> bool {
        matches!(self, RequestState::Replied | RequestState::Closed | RequestState::Archived)
    }
}

closed_list! {
    /// 办理环节 — what can happen to a request.
    pub enum Event {
        /// 提交申请 — by the applicant.
        Submit = "submitted", "提交申请";
        /// 登记申请 — by the office, for what came on paper or in person.
        Register = "registered", "登记申请";
        /// 重新办理 — a decision or judgment has it decided afresh. 《行政复议法》第六十四条、《行政诉讼法》第七十条.
        Renew = "renewed", "按决定、判决重新办理";
        /// 双方确认. 《条例》第三十一条.
        Confirm = "confirmed", "确认收到申请";
        /// 更正收件情况 — channel or evidence of receipt were wrong: the clock moves. 《条例》第三十一条.
        CorrectReceipt = "receipt_corrected", "更正收件情况";
        /// 进入办理.
        TakeUp = "taken_up", "进入办理";
        /// 移交承办 — to a colleague.
        HandOver = "handed_over", "移交承办";
        /// 拆分 — one matter, one request.
        Split = "split", "拆分申请";
        /// 补正告知. 《条例》第三十条.
        NoticeSupplement = "supplement_noticed", "告知补正";
        /// 收到补正.
        RecordSupplement = "supplemented", "收到补正";
        /// 要求说明理由. 《条例》第三十五条.
        NoticeReasons = "reasons_noticed", "要求说明理由";
        /// 收到理由说明. 《条例》第三十五条.
        RecordReasons = "reasons_stated", "收到理由说明";
        /// 告知延迟答复. 《条例》第三十五条.
        NoticeDelay = "delay_noticed", "告知延迟答复";
        /// 提请延长. 《条例》第三十三条第二款.
        ProposeExtension = "extension_proposed", "提请延长答复期限";
        /// 同意延长并告知申请人. 《条例》第三十三条第二款.
        ApproveExtension = "extension_approved", "同意延长并告知申请人";
        /// 不同意延长.
        DeclineExtension = "extension_declined", "不同意延长";
        /// 征求意见. 《条例》第三十二条、第三十四条.
        Consult = "consulted", "征求意见";
        /// 意见答复.
        RecordOpinion = "opinion_recorded", "登记意见答复";
        /// 告知第三方决定公开. 《条例》第三十二条.
        NoticeOverride = "override_noticed", "告知第三方决定公开";
        /// 收费通知. 《信息处理费管理办法》第六条.
        NoticeFee = "fee_noticed", "通知缴费";
        /// 缴费.
        RecordPayment = "fee_paid", "收到缴费";
        /// 作出处理决定，拟定答复送审.
        Decide = "decided", "拟定答复送审";
        /// 发出答复.
        IssueReply = "replied", "发出答复";
        /// 登记送达 — how and when the reply reached the applicant, with its proof.
        RecordDelivery = "delivered", "登记送达";
        /// 申请人撤回.
        Withdraw = "withdrawn", "申请人撤回申请";
        /// 并案 — answered with an earlier one.
        Merge = "merged", "并入另一件申请";
        /// 逾期不补正. 《条例》第三十条.
        CloseNotSupplemented = "closed_not_supplemented", "逾期不补正，终止办理";
        /// 逾期未缴费. 《信息处理费管理办法》第六条.
        CloseFeeUnpaid = "closed_fee_unpaid", "逾期未缴费，终止办理";
        /// 归档. 《条例》第四十五条.
        Archive = "archived", "归档";
    }
}

/// 延长的进展.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExtensionStanding {
    #[default]
    None,
    Proposed,
    Approved,
}

/// 答复书的进展.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LetterStanding {
    #[default]
    None,
    InReview,
    /// Sent back or taken back: to be written anew.
    Returned,
    Signed,
}

/// What the order of events depends on besides the state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether the day of receipt is known.
    pub is_received: bool,
    /// 重新办理: how it came and what it asks for stand since the first time.
    pub is_renewal: bool,
    pub is_supplement_noticed: bool,
    /// The applicant's time for the supplement is over.
    pub is_supplement_overdue: bool,
    pub is_reasons_noticed: bool,
    pub is_reasons_stated: bool,
    /// The applicant was told of a later day.
    pub is_delayed: bool,
    pub extension: ExtensionStanding,
    pub open_consultations: usize,
    /// Third parties that object and were not told that the information is disclosed all the same.
    pub unanswered_objections: usize,
    pub is_fee_noticed: bool,
    /// The time for paying is over.
    pub is_fee_overdue: bool,
    pub letter: LetterStanding,
    /// There is proof of when the reply reached the applicant.
    pub is_delivered: bool,
}

/// The state after `event`, or the reason why it cannot happen now. `None` is a request not filed yet.
pub fn next(from: Option<RequestState>, event: Event, now: &Standing) -> Result<RequestState, R> {
    step(from, event, now).unwrap_or_else(|| {
        Err(match from {
            Some(state) => R::NotNow { state, event, possible: possible(state, now) },
            None => R::NotFiled,
        })
    })
}

/// What can happen now, in the order of the procedure.
pub fn possible(state: RequestState, now: &Standing) -> Vec<Event> {
    Event::ALL.iter().copied().filter(|event| matches!(step(Some(state), *event, now), Some(Ok(_)))).collect()
}

/// Every line of the machine: the state before (none: not filed yet) and the event, whatever the standing.
pub fn lines() -> impl Iterator<Item = (Option<RequestState>, Event)> {
    let states = std::iter::once(None).chain(RequestState::ALL.iter().copied().map(Some));
    states
        .flat_map(|from| Event::ALL.iter().map(move |event| (from, *event)))
        .filter(|(from, event)| step(*from, *event, &Standing::default()).is_some())
}

/// The machine. A pair that has no line gives `None`; one that has, the state after or why not now.
fn step(from: Option<RequestState>, event: Event, now: &Standing) -> Option<Result<RequestState, R>> {
    use Event::*;
    use RequestState::*;
    let when = |allowed: bool, to: RequestState, reason: R| if allowed { Ok(to) } else { Err(reason) };

    Some(match (from, event) {
        (None, Submit) => Ok(Submitted),
        (None, Register) => Ok(if now.is_received { Registered } else { Submitted }),
        (None, Renew) => Ok(Registered),
        (Some(Submitted), Confirm) => Ok(Registered),
        (Some(Submitted), CorrectReceipt) => Ok(if now.is_received { Registered } else { Submitted }),
        (
            Some(state @ (Registered | SupplementNoticed | InProgress | Consulting | FeeNoticed)),
            CorrectReceipt,
        ) => match now.is_renewal {
            true => Err(R::NotInRenewal),
            false => when(now.is_received, state, R::NotReceived),
        },
        (Some(Registered), TakeUp) => Ok(InProgress),

        (
            Some(state @ (Registered | SupplementNoticed | InProgress | Consulting | FeeNoticed | Decided)),
            HandOver,
        ) => Ok(state),
        (Some(state @ (Registered | InProgress)), Split) => when(!now.is_renewal, state, R::NotInRenewal),
        (Some(Registered | InProgress), Merge) => when(!now.is_renewal, Closed, R::NotInRenewal),

        (Some(Registered | InProgress), NoticeSupplement) => {
            when(!now.is_supplement_noticed, SupplementNoticed, R::SupplementedBefore)
        }
        (Some(SupplementNoticed), RecordSupplement) => Ok(InProgress),
        (Some(SupplementNoticed), CloseNotSupplemented) => {
            when(now.is_supplement_overdue, Closed, R::SupplementNotOverdue)
        }

        (Some(state @ (Registered | InProgress | Consulting)), NoticeReasons) => {
            when(!now.is_reasons_noticed, state, R::ReasonsNoticedBefore)
        }
        (Some(state @ (Registered | InProgress | Consulting)), RecordReasons) => {
            when(now.is_reasons_noticed && !now.is_reasons_stated, state, R::NoReasonsAwaited)
        }

        (Some(state @ (Registered | InProgress | Consulting | Decided)), NoticeDelay) => {
            when(now.is_reasons_stated && !now.is_delayed, state, R::NoDelayNow)
        }

        (Some(state @ (Registered | InProgress | Consulting | Decided)), ProposeExtension) => {
            match now.extension {
                ExtensionStanding::None => Ok(state),
                ExtensionStanding::Proposed => Err(R::ExtensionPending),
                ExtensionStanding::Approved => Err(R::ExtendedBefore),
            }
        }
        (
            Some(state @ (Registered | InProgress | Consulting | Decided)),
            ApproveExtension | DeclineExtension,
        ) => when(now.extension == ExtensionStanding::Proposed, state, R::NoExtensionProposed),

        (Some(Registered | InProgress | Consulting), Consult) => Ok(Consulting),
        (Some(Consulting), RecordOpinion) if now.open_consultations > 1 => Ok(Consulting),
        (Some(Consulting), RecordOpinion) => Ok(InProgress),

        (Some(state @ (InProgress | Decided)), NoticeOverride) => {
            when(now.unanswered_objections > 0, state, R::NoObjection)
        }

        (Some(Registered | InProgress), NoticeFee) => {
            when(!now.is_fee_noticed, FeeNoticed, R::FeeNoticedBefore)
        }
        (Some(FeeNoticed), RecordPayment) => Ok(InProgress),
        (Some(FeeNoticed), CloseFeeUnpaid) => when(now.is_fee_overdue, Closed, R::FeeNotOverdue),

        (Some(Registered | InProgress), Decide) => Ok(Decided),
        (Some(Decided), Decide) => when(now.letter == LetterStanding::Returned, Decided, R::LetterInReview),
        (Some(Decided), IssueReply) => {
            when(now.letter == LetterStanding::Signed, Replied, R::LetterNotSigned)
        }

        (
            Some(Submitted | Registered | SupplementNoticed | InProgress | Consulting | FeeNoticed),
            Withdraw,
        ) => Ok(Closed),
        (Some(Decided), Withdraw) => when(now.letter == LetterStanding::Returned, Closed, R::ReplyUnderway),
        (Some(Replied), RecordDelivery) => when(!now.is_delivered, Replied, R::DeliveredBefore),
        (Some(Replied), Archive) => when(now.is_delivered, Archived, R::NotDelivered),
        (Some(Closed), Archive) => Ok(Archived),

        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::page::after;
    use super::*;

    #[test]
    fn every_state_is_reached_and_every_event_has_a_line() {
        let mut reached = BTreeSet::new();
        let mut todo = vec![None];
        while let Some(from) = todo.pop() {
            for (_, event) in lines().filter(|(state, _)| *state == from) {
                for to in after(from, event) {
                    if reached.insert(to) {
                        todo.push(Some(to));
                    }
                }
            }
        }
        assert_eq!(reached, RequestState::ALL.iter().copied().collect());
        let events: BTreeSet<Event> = lines().map(|(_, event)| event).collect();
        assert_eq!(events, Event::ALL.iter().copied().collect());
    }

    #[test]
    fn every_line_can_be_taken_and_nothing_follows_the_archive() {
        for (from, event) in lines() {
            assert!(!after(from, event).is_empty(), "{from:?} {event:?}");
            assert_ne!(from, Some(RequestState::Archived), "{event:?}");
        }
        assert_eq!(possible(RequestState::Archived, &Standing::default()), []);
    }

    #[test]
    fn from_every_state_before_the_end_there_is_a_way_to_the_end() {
        for state in RequestState::ALL.iter().copied().filter(|s| *s != RequestState::Archived) {
            let onwards = lines().filter(|(from, _)| *from == Some(state));
            let left: BTreeSet<_> = onwards.flat_map(|(from, event)| after(from, event)).collect();
            assert!(left.iter().any(|to| *to != state), "{state:?}");
        }
    }

    /// The machine as a table; a change of it is seen here.
    #[test]
    fn the_table_is_this_one() {
        let mut table = String::new();
        for (from, event) in lines() {
            let to: Vec<_> = after(from, event).into_iter().map(RequestState::code).collect();
            let from = from.map_or("-", RequestState::code);
            table += &format!("{from} + {} = {}\n", event.code(), to.join(" or "));
        }
        assert_eq!(table, include_str!("machine.txt"));
    }
}
