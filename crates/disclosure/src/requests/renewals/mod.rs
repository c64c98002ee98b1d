//! 重新办理 — a request decided afresh, because a decision on reconsideration or a judgment says so. It is a dossier of its
//! own with a number of its own, opened by the same query code; the earlier one stays as it was. The annual report counts
//! the request once, where it was first answered: `docs/decisions/0010`.

mod actions;
mod store;
#[cfg(test)]
mod tests;

pub use actions::{Ordered, renew};
pub use store::number_of_case;
pub(crate) use store::open_orders;
pub(super) use store::{of_request, renewed_as};

use gongkai_statute::deadlines::{Order, OrderedBy};
use jiff::civil::Date;

use super::Answer;

/// 重新办理的依据 — what is decided afresh, and what says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// The number under which it was decided before.
    pub of_number: String,
    pub case_id: String,
    pub by: OrderedBy,
    pub case_number: String,
    /// 复议机关或者法院.
    pub body: String,
    pub decided_on: Date,
    /// 收到决定书、判决书之日.
    pub received_on: Date,
    /// 规定的期限.
    pub until: Option<Date>,
    /// 因违反法定程序被撤销: the same decision may come again.
    pub is_procedural: bool,
    /// The reply that is replaced: number and day.
    pub earlier_reply: Option<(String, Date)>,
    /// What it said; empty in words once destroyed.
    pub earlier_answer: Option<Answer>,
}

impl Renewal {
    /// What the law counts with.
    pub fn order(&self) -> Order {
        Order { by: self.by, received_on: self.received_on, until: self.until }
    }

    /// Whether an answer is the earlier one over again, which a decision on the merits forbids. 《行政复议法》第六十四条第二款、
    /// 《行政诉讼法》第七十一条.
    pub fn is_the_same(&self, answer: &Answer) -> bool {
        let said = |answer: &Answer| {
            let portions: Vec<_> = answer
                .portions
                .iter()
                .map(|one| (one.asked.clone(), one.decision, one.reason.clone(), one.parts.clone()))
                .collect();
            (answer.decision, answer.ground, answer.reason.clone(), answer.parts.clone(), portions)
        };
        !self.is_procedural
            && self.earlier_answer.as_ref().is_some_and(|earlier| said(earlier) == said(answer))
    }
}
