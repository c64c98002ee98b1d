//! What everyone reads of the answered requests.

mod store;

pub use store::{count, list, years};

/// An answered request that has been published.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LogLine {
    pub index_number: String,
    pub title: String,
    pub summary: String,
    pub agency_name: String,
    pub first_released_on: String,
    pub answered_on: String,
    /// Code of a decision.
    pub decision: String,
}

/// What to list; an empty field is no restriction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    pub agency_code: String,
    /// Of the answer.
    pub year: String,
}
