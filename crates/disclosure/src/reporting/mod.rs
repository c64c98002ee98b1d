//! 年度报告 — the registers behind table two, and the compiler.
//!
//! A figure is never typed. The year's records are fetched once, each is put into the figures it counts in
//! ([`figures::counted_in`]), and a figure is the number (or the sum) of exactly those records. So a figure
//! and the list behind it cannot disagree, and a zero can say which question gave it. 《条例》第五十条.
//!
//! When a year is over, its figures and lists are frozen ([`snapshot`]); the next year begins with what they
//! carried on.

pub mod actions;
mod compile;
mod figures;
#[cfg(test)]
mod freezing_tests;
mod ledger;
mod prose;
mod snapshot;
pub(crate) mod store;
#[cfg(test)]
pub(crate) mod tests;
mod words;

use jiff::civil::Date;

pub use figures::{Figure, FigureAddress, Period, ProseFigure};
pub use ledger::{Doubt, YearLedger, compile, gather, gather_now, records_behind};
pub use snapshot::{Difference, Snapshot, SnapshotHead, differences, sha256};
pub use store::{
    EnforcementDecision, FeeCollection, NormativeDocument, ReportEntry, decisions, document, documents, fees,
    report_entries, snapshot, snapshots, texts,
};

use crate::accounts::{Agency, AgencyKind, Permission, Staff};
use crate::db::Conn;
use crate::error::Refusal;
use crate::records::Register;

/// What is kept in the register of documents. 《条例》第二十条第一项.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// 规章 — government rules.
    Rules,
    /// 行政规范性文件 — administrative normative document.
    NormativeDocument,
}

impl DocumentKind {
    pub const ALL: [DocumentKind; 2] = [DocumentKind::NormativeDocument, DocumentKind::Rules];

    pub const fn code(self) -> &'static str {
        match self {
            DocumentKind::Rules => "rules",
            DocumentKind::NormativeDocument => "normative_document",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            DocumentKind::Rules => "规章",
            DocumentKind::NormativeDocument => "行政规范性文件",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// 规章 are made by departments of the State Council, provinces, cities with districts and autonomous
    /// prefectures. 《立法法》第九十一条、第九十三条. None of the kinds of agency known here is one of them.
    pub const fn is_within_power_of(self, agency: AgencyKind) -> bool {
        match (self, agency) {
            (DocumentKind::NormativeDocument, _) => true,
            (
                DocumentKind::Rules,
                AgencyKind::DistrictOffice | AgencyKind::Bureau | AgencyKind::Town | AgencyKind::Subdistrict,
            ) => false,
        }
    }
}

/// How a document ceased to have effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndKind {
    /// 废止 — repealed.
    Repealed,
    /// 失效 — lapsed.
    Lapsed,
}

impl EndKind {
    pub const ALL: [EndKind; 2] = [EndKind::Repealed, EndKind::Lapsed];

    pub const fn code(self) -> &'static str {
        match self {
            EndKind::Repealed => "repealed",
            EndKind::Lapsed => "lapsed",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            EndKind::Repealed => "废止",
            EndKind::Lapsed => "失效",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What is kept in the register of decisions. 《条例》第二十条第五项、第六项.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EnforcementKind {
    /// 行政许可 — administrative license.
    License,
    /// 行政处罚 — administrative penalty.
    Penalty,
    /// 行政强制 — administrative compulsion.
    Compulsion,
}

impl EnforcementKind {
    pub const ALL: [EnforcementKind; 3] =
        [EnforcementKind::License, EnforcementKind::Penalty, EnforcementKind::Compulsion];

    pub const fn code(self) -> &'static str {
        match self {
            EnforcementKind::License => "license",
            EnforcementKind::Penalty => "penalty",
            EnforcementKind::Compulsion => "compulsion",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            EnforcementKind::License => "行政许可",
            EnforcementKind::Penalty => "行政处罚",
            EnforcementKind::Compulsion => "行政强制",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// The parts of the report that a person writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextPart {
    /// 监督保障：工作考核、社会评议、责任追究 — goes to the end of part one. 《条例》第五十条第一款第四项.
    Supervision,
    /// 五、存在的主要问题及改进情况.
    ProblemsAndImprovements,
    /// 六、其他需要报告的事项, beside the statement of fees.
    OtherMatters,
}

impl TextPart {
    pub const ALL: [TextPart; 3] =
        [TextPart::Supervision, TextPart::ProblemsAndImprovements, TextPart::OtherMatters];

    pub const fn code(self) -> &'static str {
        match self {
            TextPart::Supervision => "supervision",
            TextPart::ProblemsAndImprovements => "problems_and_improvements",
            TextPart::OtherMatters => "other_matters",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            TextPart::Supervision => "第一部分：监督保障（工作考核、社会评议、责任追究结果）",
            TextPart::ProblemsAndImprovements => "第五部分：存在的主要问题及改进情况",
            TextPart::OtherMatters => "第六部分：信息处理费以外需要报告的事项",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.code() == code)
    }
}

/// The year an annual report is about, by its title: 青禾区松溪镇人民政府2025年政府信息公开工作年度报告.
pub fn year_in_title(title: &str) -> Option<i16> {
    title.match_indices('年').find_map(|(at, _)| {
        let digits = title.get(at.checked_sub(4)?..at)?;
        digits.parse().ok().filter(|year| *year > 1000)
    })
}

/// Whether this person may read the agency's registers and report: staff of the agency, and those who
/// oversee it.
pub fn may_read(staff: &Staff, agency: &Agency) -> bool {
    staff.may(Permission::ReadReport, &agency.id) || crate::oversight::oversees(staff, agency)
}

/// The years an agency can compile a report for, newest first: since its first record, at least this one and
/// the last.
pub async fn years(conn: &mut Conn, agency_id: &str, today: Date) -> anyhow::Result<Vec<i16>> {
    let first = store::first_day(conn, agency_id).await?;
    let first = first.and_then(|day| day.get(..4)?.parse::<i16>().ok()).unwrap_or(today.year());
    let first = first.min(today.year() - 1);
    Ok((first..=today.year()).rev().filter(|year| Period::of(*year, today).is_some()).collect())
}

/// Why a register or a text was not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportingRefusal {
    Forbidden,
    Missing(Register),
    Blank {
        field: &'static str,
        label: &'static str,
    },
    NotADate {
        field: &'static str,
        label: &'static str,
    },
    InFuture {
        field: &'static str,
        label: &'static str,
        today: Date,
    },
    NotInList {
        field: &'static str,
        label: &'static str,
    },
    RulesBeyondPower,
    AmountUnreadable,
    EndedBeforeIssued {
        issued_on: String,
    },
    AlreadyEnded {
        ended_on: String,
    },
    TextTooLong {
        limit: usize,
    },
    NoSuchYear(i16),
    StillRunning(i16),
    /// 年终快照: a second one needs a reason.
    AlreadyFrozen,
    NothingChanged,
    NextYearFrozen(i16),
    Unwritten(TextPart),
    HasErrors(usize),
    AlreadyDrafted,
    NoCatalogueLine,
    /// What publishing says against the draft.
    Publishing(String),
}

impl std::fmt::Display for ReportingRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Forbidden => f.write_str("您没有登记该机关台账、编制其年报的权限，请联系该机关的政务公开专干。"),
            Self::Missing(register) => {
                write!(f, "{}里没有这一条，可能已被移除，请返回台账重新选择。", register.label())
            }
            Self::Blank { label, .. } => write!(f, "请填写{label}。"),
            Self::NotADate { label, .. } => write!(f, "{label}不是日期，请写成 2026-03-01 的样子。"),
            Self::InFuture { label, today, .. } => write!(f, "{label}不能晚于今天（{today}），请核对。"),
            Self::NotInList { label, .. } => write!(f, "请从列表中选择{label}。"),
            Self::RulesBeyondPower => f.write_str(
                "规章由国务院部门和省、设区的市、自治州人民政府制定（《立法法》第九十一条、第九十三条），本机关无权制定，请改选“行政规范性文件”。",
            ),
            Self::AmountUnreadable => {
                f.write_str("金额应是大于零的数，以元为单位，最多两位小数，例如 1250 或 1250.50，请修改。")
            }
            Self::EndedBeforeIssued { issued_on } => {
                write!(f, "废止或者失效的日期不能早于制发日期（{issued_on}），请核对。")
            }
            Self::AlreadyEnded { ended_on } => write!(f, "该文件已于 {ended_on} 废止或者失效，不能重复登记。"),
            Self::TextTooLong { limit } => write!(f, "文字超过 {limit} 字，请精简。"),
            Self::NoSuchYear(year) => {
                write!(f, "没有 {year} 年的年报：本系统编制 2021 年及以后、已经开始的年度的年报。")
            }
            Self::StillRunning(year) => {
                write!(f, "{year} 年还没有结束，年度报告在次年 1 月 1 日以后起草公开。")
            }
            Self::AlreadyFrozen => f.write_str("这一年度已经冻结。要按现在的台账重新冻结，请写明原因。"),
            Self::NothingChanged => f.write_str("冻结以后台账没有变动，不需要重新冻结。"),
            Self::NextYearFrozen(year) => write!(
                f,
                "{year} 年度已经以本年度的结转为起点冻结，本年度不能重新冻结。确需改动的数字，请用“调整”写明。"
            ),
            Self::Unwritten(part) => write!(f, "{}还没有写，请先写好。", part.label()),
            Self::HasErrors(count) => {
                write!(f, "校验发现 {count} 处错误，请先按提示更正台账里的记录。")
            }
            Self::AlreadyDrafted => {
                f.write_str("这一年度的报告已经起草，请在“信息”中继续办理；公开以后要改的，请修订该条信息。")
            }
            Self::NoCatalogueLine => f.write_str(
                "本机关的公开目录里没有“政府信息公开工作年度报告”这一事项，请先设置公开目录。",
            ),
            Self::Publishing(words) => f.write_str(words),
        }
    }
}

impl Refusal for ReportingRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Blank { field, .. }
            | Self::NotADate { field, .. }
            | Self::InFuture { field, .. }
            | Self::NotInList { field, .. } => Some(field),
            Self::RulesBeyondPower => Some("kind"),
            Self::AmountUnreadable => Some("amount"),
            Self::EndedBeforeIssued { .. } | Self::AlreadyEnded { .. } => Some("ended_on"),
            Self::TextTooLong { .. } => Some("body"),
            Self::AlreadyFrozen | Self::NothingChanged => Some("reason"),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, Self::Missing(_) | Self::NoSuchYear(_))
    }

    fn is_forbidden(&self) -> bool {
        matches!(self, Self::Forbidden)
    }
}
