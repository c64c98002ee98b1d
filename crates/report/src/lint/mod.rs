//! What the rules say about a report: findings, each with a place and a basis.

mod finding;

pub(crate) use finding::form_basis;
pub use finding::{At, Finding, Scalar, Severity};
