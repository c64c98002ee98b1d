//! 开放接口 — what is public, as data for other programs, and the way in for the office's own systems.
//!
//! [`operations`] is the one table of what can be asked: the reader of requests ([`asked`]), the OpenAPI document
//! ([`openapi`]) and the tests that send nonsense all go by it. Answers are JSON; what goes wrong is
//! `application/problem+json` in Chinese ([`problem`]).

pub(crate) mod answers;
pub(crate) mod asked;
pub(crate) mod downloads;
pub mod openapi;
pub mod operations;
pub(crate) mod problem;
pub(crate) mod reading;
mod schemas;
pub(crate) mod writing;

pub use operations::{Operation, operations};

/// The media type of what goes wrong.
pub(crate) const PROBLEM: &str = "application/problem+json";

/// Whether an address belongs to the interface, so that what goes wrong there is told as data.
pub(crate) fn is_api(path: &str) -> bool {
    path.starts_with("/api/v1/")
}
