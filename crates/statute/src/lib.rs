//! The law of government information disclosure as pure functions.

pub mod applicants;
pub mod calendar;
pub mod channels;
pub mod citation;
pub mod decisions;
pub mod grounds;
mod lists;
