//! 年度报告 — the registers behind table two, and the compiler.
//!
//! A figure is never typed. The year's records are fetched once, each is put into the figures it counts in
//! ([`figures::counted_in`]), and a figure is the number (or the sum) of exactly those records. So a figure
//! and the list behind it cannot disagree, and a zero can say which question gave it. 《条例》第五十条.
//!
//! When a year is over, its figures and lists are frozen ([`snapshot`]); the next year begins with what they
//! carried on.

pub mod actions;
mod activity;
mod adjustment;
#[cfg(test)]
mod adjustment_tests;
pub mod check;
mod compile;
pub mod correction;
mod figures;
#[cfg(test)]
mod freezing_tests;
pub mod government;
#[cfg(test)]
mod government_tests;
mod ledger;
pub mod linked;
mod parts;
mod prose;
pub mod public;
mod refusal;
mod snapshot;
pub(crate) mod store;
pub(crate) mod stored;
mod submission;
#[cfg(test)]
mod submission_tests;
mod tasks;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
mod texts_tests;
pub mod typed;
#[cfg(test)]
mod typed_tests;
mod words;

use jiff::civil::Date;

pub use activity::{ActivityForm, ActivityKind};
pub use adjustment::{Adjustment, AdjustmentState};
pub use check::{CheckItem, OwnCheck, Verdict, VerdictKind, copied_share, last_year, own_check};
pub use figures::{Figure, FigureAddress, OutcomeHead, Period, ProseFigure};
pub use ledger::{Doubt, YearLedger, compile, gather, gather_now, records_behind};
pub use linked::{Moved, Piece};
pub use parts::TextPart;
pub use refusal::ReportingRefusal;
pub use snapshot::{Difference, Snapshot, SnapshotHead, differences, sha256};
pub use store::{
    Activity, EnforcementDecision, FeeCollection, NormativeDocument, ReportEntry, activities, adjustment,
    adjustments, decisions, document, documents, fees, report_editions, report_entries, snapshot, snapshots,
    submission, submissions, submissions_of_year, texts,
};
pub use stored::totals;
pub use submission::{ReportEdition, Submission, SubmissionState, accepts_for, due_of, report_of};
pub use tasks::{ReportTask, ReportTaskKind, tasks};

use crate::accounts::{Agency, AgencyKind, Permission, Staff};
use crate::db::Conn;

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
                AgencyKind::DistrictOffice
                | AgencyKind::Government
                | AgencyKind::Bureau
                | AgencyKind::Town
                | AgencyKind::Subdistrict,
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
