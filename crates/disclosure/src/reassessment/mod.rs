//! 定期评估审查 — what is not disclosed is looked at again: keep it so, or convert it. 《条例》第十八条.

pub mod actions;
mod store;
#[cfg(test)]
mod tests;

use std::fmt;

use gongkai_statute::closed_list;
use jiff::ToSpan;
use jiff::civil::Date;
pub use store::{Assessment, Withheld, history, withheld};

use crate::error::Refusal;

closed_list! {
    /// 评估结论.
    pub enum Verdict {
        /// 维持原公开属性.
        Keep = "keep", "维持原来的公开属性";
        /// 转为主动公开.
        Convert = "convert", "转为主动公开";
    }
}

/// Looked at again after so many months, unless a nearer day is set.
pub const MONTHS: i32 = 12;

/// Why an assessment was not recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReassessmentRefusal {
    Missing,
    Forbidden,
    /// It is public, or a new edition is being worked at.
    NotWithheld,
    NoVerdict,
    NoReason,
    TooLong,
    NextUnreadable,
    NextTooLate {
        latest: Date,
    },
    Publishing(String),
}

impl fmt::Display for ReassessmentRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("没有这条信息，请从列表重新进入。"),
            Self::Forbidden => f.write_str("您没有评估该机关信息的权限。"),
            Self::NotWithheld => f.write_str("这条信息现在不是已签发的不公开信息，不需要评估。"),
            Self::NoVerdict => f.write_str("请选择评估结论。"),
            Self::NoReason => f.write_str("请写明评估理由，例如依据和情形有没有变化。"),
            Self::TooLong => f.write_str("评估理由不能超过 500 个字，请精简。"),
            Self::NextUnreadable => f.write_str("下次评估日期不是日期，请写成 2027-03-01 的样子，晚于今天。"),
            Self::NextTooLate { latest } => write!(f, "下次评估最迟在 {latest}，请写早一些。"),
            Self::Publishing(words) => f.write_str(words),
        }
    }
}

impl Refusal for ReassessmentRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NoVerdict => Some("verdict"),
            Self::NoReason | Self::TooLong => Some("reason"),
            Self::NextUnreadable | Self::NextTooLate { .. } => Some("next_due_on"),
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

impl Withheld {
    /// The day it is to be looked at again: as set last time, else a year after it was signed or assessed.
    pub fn due_on(&self) -> anyhow::Result<Date> {
        if let Some(next) = &self.next_due_on {
            return Ok(next.parse()?);
        }
        let since = self.assessed_on.as_deref().unwrap_or(&self.signed_on);
        Ok(since.get(..10).unwrap_or(since).parse::<Date>()?.checked_add(MONTHS.months())?)
    }
}
