//! 保管 — what becomes of a request after it is closed: handed over to the archive as a package, its words and files
//! destroyed when the term is over, on a list that one person proposes and two others approve. The list stays. Complaints
//! and letters that are about no request go to no archive, and are destroyed on the same lists after the same term.
//! 《条例》第四十五条;《档案法》第十四条、第十五条;《个人信息保护法》第十九条、第四十七条.

pub mod actions;
mod erasure;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use std::fmt;

use gongkai_statute::closed_list;
use jiff::civil::Date;

pub use store::{destruction, destructions, due, term, transferable_years, transfers};

use crate::error::Refusal;

/// When the agency has set nothing: the shortest class of the retention schedules of offices.
pub const USUAL_YEARS: u32 = 10;

/// 保管期限 — how long personal data of closed requests stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub years: u32,
    /// Empty: nothing was set.
    pub basis: String,
}

/// 档案移交 — one package and the archive's receipt for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    pub id: String,
    pub agency_id: String,
    pub year: i64,
    pub package_sha256: String,
    pub requests: i64,
    pub made_by: String,
    pub made_at: String,
    /// 接收编号, day, and who took it.
    pub accession: Option<(String, Date, String)>,
}

/// 销毁清册 — requests whose words and files are to be, or were, destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destruction {
    pub id: String,
    pub agency_id: String,
    pub number: String,
    pub ground: String,
    pub proposed_by_id: String,
    pub proposed_by: String,
    pub proposed_at: String,
    /// Who approved, when: two at most.
    pub approvals: Vec<(String, String, String)>,
    pub carried_out: Option<(String, String)>,
    pub items: Vec<DestructionItem>,
}

closed_list! {
    /// 清册所列 — what is destroyed.
    pub enum Matter {
        /// 政府信息公开申请.
        Request = "request", "申请";
        /// 投诉、举报、更正. 《条例》第四十一条、第五十一条.
        Grievance = "grievance", "投诉举报和更正";
        /// 来信.
        Letter = "letter", "来信";
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DestructionItem {
    pub matter: Matter,
    pub id: String,
    pub number: String,
    pub closed_on: String,
    pub files: i64,
}

/// Why an act of retention was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetentionRefusal {
    NotFound,
    Forbidden,
    NothingToTransfer,
    NothingDue,
    AcceptedBefore,
    OwnList,
    ApprovedBefore,
    NotApproved,
    CarriedOutBefore,
    /// A case of 复议 or 诉讼, or a complaint, was opened since.
    CaseOpen {
        number: String,
    },
    Field {
        field: &'static str,
        words: &'static str,
    },
}

impl fmt::Display for RetentionRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use RetentionRefusal as R;
        match self {
            R::NotFound => f.write_str("没有这条记录，请刷新页面。"),
            R::Forbidden => f.write_str("您的角色不能办理这一步，请由本机关相应的人员办理。"),
            R::NothingToTransfer => f.write_str("这一年没有已归档、尚未移交的案卷。请先在申请页面办理归档。"),
            R::NothingDue => f.write_str(
                "没有到期的案卷和来信：保管期限届满的才能列入销毁清册；申请还要档案馆已经接收，没有未审结的复议诉讼案件和未办结的投诉举报。",
            ),
            R::AcceptedBefore => f.write_str("这次移交已经登记过接收。"),
            R::OwnList => f.write_str("不能批准自己提出的销毁清册，请由另外两人批准。"),
            R::ApprovedBefore => f.write_str("您已经批准过，请由另一人批准。"),
            R::NotApproved => f.write_str("销毁清册需要两人批准，批准后才能执行。"),
            R::CarriedOutBefore => f.write_str("这份销毁清册已经执行。"),
            R::CaseOpen { number } => {
                write!(f, "申请{number}有未审结的复议、诉讼案件或者未办结的投诉举报，暂不能销毁，请办结后再办理。")
            }
            R::Field { words, .. } => f.write_str(words),
        }
    }
}

impl Refusal for RetentionRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            RetentionRefusal::Field { field, .. } => Some(field),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, RetentionRefusal::NotFound)
    }

    fn is_forbidden(&self) -> bool {
        matches!(self, RetentionRefusal::Forbidden)
    }
}
