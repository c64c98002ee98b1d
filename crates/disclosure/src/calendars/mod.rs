//! 工作日历 — the yearly notice of days off, entered when it is announced, and what it does to the clocks that run.
//!
//! The program knows the notices up to its own release. A later one is pasted in by one person, rehearsed on every open
//! request, and adopted by another; from then on all of the office counts with it.

pub mod actions;
mod recount;
mod store;
#[cfg(test)]
mod tests;

use std::fmt;

use gongkai_statute::calendar::{Arrangement, Calendar, NoticeFault};
use gongkai_statute::closed_list;
use jiff::civil::Date;

pub use recount::{ClockChange, Rehearsal, rehearse};
pub(crate) use store::changes_of_request;
pub use store::{Moved, by_id, changes_of_notice, list};

use crate::db::Conn;
use crate::error::Refusal;

closed_list! {
    /// 放假安排的状态.
    pub enum NoticeState {
        /// 待确认 — entered by one person, counts for nothing yet.
        Proposed = "proposed", "待确认";
        /// 已启用.
        Adopted = "adopted", "已启用";
        /// 未采用.
        Dismissed = "dismissed", "未采用";
    }
}

closed_list! {
    /// 案件里的期限 — a day that depends on the working days before it.
    pub enum Clock {
        /// 《条例》第三十三条.
        Reply = "reply", "答复期限";
        /// 《条例》第三十条.
        Supplement = "supplement", "补正期限";
        /// 《条例》第三十五条.
        Reasons = "reasons", "说明理由期限";
        /// 《条例》第三十二条、第三十四条.
        Consultation = "consultation", "征求意见期限";
        /// 《政府信息公开信息处理费管理办法》第六条.
        Fee = "fee", "缴费期限";
    }
}

/// 放假安排通知, as entered.
#[derive(Clone, Debug)]
pub struct Notice {
    pub id: String,
    /// 文号.
    pub number: String,
    pub issued_on: Date,
    pub arrangement: Arrangement,
    pub state: NoticeState,
    pub proposed_by: String,
    pub proposed_by_name: String,
    pub proposed_at: String,
    pub decided_by_name: Option<String>,
    pub decided_at: Option<String>,
}

/// The working days of the State Council's notices: those the program knows, and those adopted since.
pub async fn national(conn: &mut Conn) -> anyhow::Result<Calendar> {
    let adopted = store::adopted(conn).await?;
    Ok(adopted.iter().fold(Calendar::national().clone(), |calendar, arrangement| calendar.with(arrangement)))
}

/// The same with the days off a region declares for itself. `region` is an administrative division code.
pub async fn of_region(conn: &mut Conn, region: &str) -> anyhow::Result<Calendar> {
    Ok(regional(&national(conn).await?, region))
}

pub fn regional(national: &Calendar, region: &str) -> Calendar {
    region.parse().map_or_else(|_| national.clone(), |code| national.in_region(code))
}

/// Why a notice was not taken in or adopted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarRefusal {
    Missing,
    Forbidden,
    NoYear,
    /// A year that is long over, or further off than anyone announces.
    YearOutOfReach {
        from: i16,
        to: i16,
    },
    NoNumber,
    NoIssueDay,
    Fault(NoticeFault),
    /// One notice at a time is weighed.
    AlreadyProposed,
    /// Adopted or dismissed before.
    AlreadyDecided,
    SamePerson,
    /// Requests came or went since the list was shown.
    ListChanged,
}

impl fmt::Display for CalendarRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("没有这份放假安排，请从列表重新进入。"),
            Self::Forbidden => f.write_str("您没有维护工作日历的权限，请找监督人员或者系统管理员。"),
            Self::NoYear => f.write_str("请填写通知安排的年份，如 2027。"),
            Self::YearOutOfReach { from, to } => {
                write!(f, "只能录入{from}年至{to}年的放假安排，请核对年份。")
            }
            Self::NoNumber => f.write_str("请填写通知的文号，如 国办发明电〔2026〕1号。"),
            Self::NoIssueDay => f.write_str("请填写通知印发的日期，如 2026-11-20，不晚于今天。"),
            Self::Fault(fault) => fault.fmt(f),
            Self::AlreadyProposed => f.write_str("已经有一份放假安排在等待确认，请先确认或者不采用那一份。"),
            Self::AlreadyDecided => f.write_str("这份放假安排已经处理过了。"),
            Self::SamePerson => {
                f.write_str("录入的人不能自己确认，请另一位监督人员或者系统管理员核对后启用。")
            }
            Self::ListChanged => {
                f.write_str("您查看之后又有申请登记或者办结，受影响的期限变了。请核对下面新的清单，再启用。")
            }
        }
    }
}

impl Refusal for CalendarRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NoYear | Self::YearOutOfReach { .. } => Some("year"),
            Self::NoNumber => Some("number"),
            Self::NoIssueDay => Some("issued_on"),
            Self::Fault(_) => Some("text"),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        *self == Self::Missing
    }

    fn is_forbidden(&self) -> bool {
        *self == Self::Forbidden
    }
}
