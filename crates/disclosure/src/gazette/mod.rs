//! 政府公报 — issues assembled from what is public already. Only governments keep one; departments, towns and
//! sub-districts do not. 国办发〔2018〕22号.
//!
//! An issue adds nothing to its entries but an order and a number, so it goes past no review; and what is withdrawn
//! is gone from it, too.

pub mod actions;
mod refusal;
mod store;
#[cfg(test)]
mod tests;

pub use refusal::GazetteRefusal;
pub use store::{
    Issue, Item, PublicIssue, PublicItem, candidates, issue, issues, items, public_issue, public_issues,
    public_items,
};

use crate::accounts::{Agency, AgencyKind};

/// Whether an agency of this kind keeps a gazette.
pub fn keeps_one(agency: &Agency) -> bool {
    matches!(AgencyKind::from_code(&agency.kind), Some(AgencyKind::Government | AgencyKind::DistrictOffice))
}
