//! The citizens' side: one file per room. Its pages need no script.
//!
//! Each file holds the typed context of its pages, with a `sample()` that a test renders; words and dates are
//! already formatted when they get there.

pub mod agencies;
pub mod annual_reports;
pub mod catalogue;
pub mod data;
pub mod disclosure_log;
pub mod display;
pub mod documents;
pub mod entries;
pub mod gazette;
pub mod grievances;
pub mod help;
pub mod home;
pub mod interaction;
pub(crate) mod machines;
mod narrowing;
pub mod policies;
pub mod report_check;
pub mod report_figures;
pub mod request_papers;
pub mod requests;
pub mod rules;
pub mod search;
pub mod sign_in;
pub mod site_map;
pub mod static_copy;
pub mod subscriptions;
pub(crate) mod wording;
