//! 监督 — what the competent department for disclosure work sees of the agencies below it, and what it
//! demands of them. 《条例》第四十六条、第四十七条.

pub mod actions;
mod figures;
pub(crate) mod store;
#[cfg(test)]
mod tests;

pub use figures::{Concern, Oversight, REVIEW_WORKING_DAYS, gather};
pub use store::{Rectification, rectification, rectifications};

use jiff::civil::Date;

use crate::accounts::{Agency, Permission, Staff};
use crate::error::Refusal;

/// Whether this person oversees the agency: from the agency itself or from the one above it.
pub fn oversees(staff: &Staff, agency: &Agency) -> bool {
    let above = agency.parent_id.as_deref();
    [Some(agency.id.as_str()), above].into_iter().flatten().any(|at| staff.may(Permission::Oversee, at))
}

/// Whether this person answers demands made of the agency.
pub fn answers_for(staff: &Staff, agency_id: &str) -> bool {
    staff.may(Permission::AnswerRectifications, agency_id)
}

/// How far a demand has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RectificationState {
    /// The agency has not answered.
    Open,
    /// Answered; the oversight officer has not accepted it.
    Answered,
    Closed,
}

impl RectificationState {
    pub const fn label(self) -> &'static str {
        match self {
            RectificationState::Open => "待整改",
            RectificationState::Answered => "已反馈，待核实",
            RectificationState::Closed => "已办结",
        }
    }
}

impl Rectification {
    pub fn state(&self) -> RectificationState {
        match (&self.closed_at, &self.answered_at) {
            (Some(_), _) => RectificationState::Closed,
            (None, Some(_)) => RectificationState::Answered,
            (None, None) => RectificationState::Open,
        }
    }

    pub fn is_overdue(&self, today: Date) -> bool {
        self.state() == RectificationState::Open && self.due_on < today.to_string()
    }

    pub fn concern_label(&self) -> &'static str {
        Concern::from_code(&self.concerns).map_or("其他", Concern::label)
    }
}

/// Why a demand was not made, answered or closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OversightRefusal {
    Forbidden,
    Missing,
    Blank { field: &'static str, label: &'static str },
    TooLong { field: &'static str, label: &'static str, limit: usize },
    NotInList { field: &'static str, label: &'static str },
    NotADate,
    DueInPast { today: Date },
    NotAnswered,
    AlreadyAnswered,
    AlreadyClosed,
}

impl std::fmt::Display for OversightRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Forbidden => f.write_str("您没有督促或者反馈该机关整改的权限。"),
            Self::Missing => f.write_str("没有这项整改，请返回列表重新选择。"),
            Self::Blank { label, .. } => write!(f, "请填写{label}。"),
            Self::TooLong { label, limit, .. } => write!(f, "{label}超过 {limit} 字，请精简。"),
            Self::NotInList { label, .. } => write!(f, "请从列表中选择{label}。"),
            Self::NotADate => f.write_str("整改期限不是日期，请写成 2026-03-01 的样子。"),
            Self::DueInPast { today } => write!(f, "整改期限应晚于今天（{today}），请重新选择。"),
            Self::NotAnswered => f.write_str("该机关还没有反馈整改情况，不能办结。"),
            Self::AlreadyAnswered => f.write_str("已经反馈过整改情况，请等待核实。"),
            Self::AlreadyClosed => f.write_str("这项整改已经办结，不能再更改。"),
        }
    }
}

impl Refusal for OversightRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Blank { field, .. } | Self::TooLong { field, .. } | Self::NotInList { field, .. } => {
                Some(field)
            }
            Self::NotADate | Self::DueInPast { .. } => Some("due_on"),
            Self::AlreadyAnswered => Some("answer"),
            Self::Forbidden | Self::Missing | Self::NotAnswered | Self::AlreadyClosed => None,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    fn is_forbidden(&self) -> bool {
        matches!(self, Self::Forbidden)
    }
}
