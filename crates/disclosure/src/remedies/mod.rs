//! 行政复议、行政诉讼 — cases against decisions on requests, as table four of the report counts them.

pub mod actions;
mod store;
#[cfg(test)]
mod tests;

pub use store::{RemedyFilter, by_id, list, of_request};

use gongkai_statute::closed_list;
use jiff::civil::Date;

use crate::error::Refusal;

closed_list! {
    /// 案件种类 — the three parts of the table. 国办公开办函〔2021〕30号 附表三.
    pub enum RemedyKind {
        /// 行政复议.
        Reconsideration = "reconsideration", "行政复议";
        /// 未经复议直接起诉.
        DirectLitigation = "direct_litigation", "行政诉讼（未经复议直接起诉）";
        /// 复议后起诉.
        LitigationAfterReconsideration = "litigation_after_reconsideration", "行政诉讼（复议后起诉）";
    }
}

closed_list! {
    /// 审理结果 — the columns of the table, in its order.
    pub enum RemedyResult {
        /// 结果维持.
        Upheld = "upheld", "结果维持";
        /// 结果纠正.
        Corrected = "corrected", "结果纠正";
        /// 其他结果.
        OtherResult = "other_result", "其他结果";
        /// 尚未审结.
        Pending = "pending", "尚未审结";
    }
}

/// 复议、诉讼案件 — one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemedyCase {
    pub id: String,
    pub agency_id: String,
    pub agency_name: String,
    pub request_id: Option<String>,
    /// The number of the request it is about, when it is about one.
    pub request_number: Option<String>,
    pub kind: RemedyKind,
    pub case_number: String,
    /// 复议机关或者法院.
    pub body: String,
    pub accepted_on: Date,
    pub result: RemedyResult,
    pub concluded_on: Option<Date>,
    pub note: String,
    /// 结果纠正: what follows from it.
    pub demand: Option<Demand>,
}

/// 责令的事项 — what the decision or judgment asks of the agency, and how that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    pub words: String,
    /// `None`: no day was set.
    pub until: Option<Date>,
    pub carried_out: Option<(Date, String)>,
}

impl RemedyCase {
    /// What is still to be done.
    pub fn open_demand(&self) -> Option<&Demand> {
        self.demand.as_ref().filter(|demand| demand.carried_out.is_none())
    }
}

/// Why a case was not registered or concluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemedyRefusal {
    NotFound,
    Forbidden,
    /// 没有待履行的事项.
    NothingDemanded,
    Field {
        field: &'static str,
        words: String,
    },
}

impl std::fmt::Display for RemedyRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RemedyRefusal::NotFound => f.write_str("没有这件案件，请核对。"),
            RemedyRefusal::Forbidden => f.write_str("您的角色不能登记复议和诉讼，请由政务公开专干办理。"),
            RemedyRefusal::NothingDemanded => {
                f.write_str("这件案件没有待履行的事项。结果为“结果纠正”的，请先登记要求本机关做什么。")
            }
            RemedyRefusal::Field { words, .. } => f.write_str(words),
        }
    }
}

impl Refusal for RemedyRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            RemedyRefusal::Field { field, .. } => Some(field),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, RemedyRefusal::NotFound)
    }

    fn is_forbidden(&self) -> bool {
        matches!(self, RemedyRefusal::Forbidden)
    }
}
