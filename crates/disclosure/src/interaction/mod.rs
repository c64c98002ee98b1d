//! 互动交流 — letters from the public: the mailbox, the hotline, and errors found on the site.

pub mod actions;
mod clock;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

pub use clock::{ReplyClock, SITE_MESSAGES};
pub use store::{InteractionCase, case, cases, counts, error_report_times, error_reports, tracked};

use crate::error::Refusal;
use crate::time::day_in_china;

/// 答复提醒 — days after which an unanswered letter is called overdue here. The office's own rule; the
/// inspection of government websites fails a site at three months (国办秘函〔2019〕19号).
pub const REPLY_WITHIN_DAYS: i32 = 30;

/// How a letter came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CaseKind {
    /// 网上信箱 — written on the portal.
    Mailbox,
    /// 热线电话 — taken down by staff.
    Hotline,
    /// 我为政府网站找错 — site error report.
    ErrorReport,
}

impl CaseKind {
    pub const ALL: [CaseKind; 3] = [CaseKind::Mailbox, CaseKind::Hotline, CaseKind::ErrorReport];

    pub const fn code(self) -> &'static str {
        match self {
            CaseKind::Mailbox => "mailbox",
            CaseKind::Hotline => "hotline",
            CaseKind::ErrorReport => "error_report",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            CaseKind::Mailbox => "网上信箱",
            CaseKind::Hotline => "热线电话",
            CaseKind::ErrorReport => "网站找错",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl InteractionCase {
    pub fn kind_label(&self) -> &'static str {
        CaseKind::from_code(&self.kind).map_or("来信", CaseKind::label)
    }

    /// The day by which it should be answered.
    pub fn reply_due_on(&self) -> Option<Date> {
        let received: Timestamp = self.received_at.parse().ok()?;
        day_in_china(received).checked_add(REPLY_WITHIN_DAYS.days()).ok()
    }

    /// The last day on which an answer passes the inspection of government websites.
    pub fn last_day(&self) -> Option<Date> {
        let received: Timestamp = self.received_at.parse().ok()?;
        let day = day_in_china(received);
        ReplyClock::on(day)?.last_day(day)
    }

    pub fn is_overdue(&self, today: Date) -> bool {
        self.replied_at.is_none() && self.reply_due_on().is_some_and(|due| due < today)
    }
}

/// Whether a letter reads like a request for documents, which has its own procedure, dates and remedies.
pub fn reads_like_a_request(text: &str) -> bool {
    const PHRASES: [&str; 8] = [
        "申请公开",
        "信息公开申请",
        "依申请公开",
        "请求公开",
        "要求公开",
        "申请获取",
        "提供复印件",
        "复制件",
    ];
    PHRASES.iter().any(|phrase| text.contains(phrase))
}

/// Why a letter was not taken or not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InteractionRefusal {
    Forbidden,
    Missing,
    Blank {
        field: &'static str,
        label: &'static str,
    },
    TooLong {
        field: &'static str,
        label: &'static str,
        limit: usize,
    },
    NotInList {
        field: &'static str,
        label: &'static str,
    },
    ContactUnreadable,
    /// The letter asks for documents; sent again as a letter only when the writer says so.
    IsARequest,
    AlreadyAnswered,
    WrongNumberOrCode,
}

impl std::fmt::Display for InteractionRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Forbidden => f.write_str("您没有办理该机关来信的权限，请联系该机关的政务公开专干。"),
            Self::Missing => f.write_str("没有这封来信，请返回列表重新选择。"),
            Self::Blank { label, .. } => write!(f, "请填写{label}。"),
            Self::TooLong { label, limit, .. } => write!(f, "{label}超过 {limit} 字，请精简。"),
            Self::NotInList { label, .. } => write!(f, "请从列表中选择{label}。"),
            Self::ContactUnreadable => {
                f.write_str("联系方式应是电话号码或者电子邮箱，请核对，以便我们答复您。")
            }
            Self::IsARequest => f.write_str(
                "这封信像是要获取政府文件。请改用“依申请公开”提交，答复有法定期限，不服可以复议；如果只是咨询，请勾选“这不是政府信息公开申请”后再次提交。",
            ),
            Self::AlreadyAnswered => f.write_str("这封来信已经答复，答复不能更改。"),
            Self::WrongNumberOrCode => f.write_str("编号或者查询码不正确，请与回执核对后重新输入。"),
        }
    }
}

impl Refusal for InteractionRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Blank { field, .. } | Self::TooLong { field, .. } | Self::NotInList { field, .. } => {
                Some(field)
            }
            Self::ContactUnreadable => Some("contact"),
            Self::IsARequest => Some("not_a_request"),
            Self::AlreadyAnswered => Some("reply"),
            Self::WrongNumberOrCode => Some("number"),
            Self::Forbidden | Self::Missing => None,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    fn is_forbidden(&self) -> bool {
        matches!(self, Self::Forbidden)
    }
}
