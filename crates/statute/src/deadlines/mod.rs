//! 期限 — the clocks of a request and the other periods of the Regulations, each with its days.
//!
//! [`rule`] answers for one request: it counts from the day after receipt, leaves out consultations,
//! starts again after a supplement or a fee, adds an extension, and shows every day with its reason.
//! [`dues`] holds the single periods: publication, consultation, fee payment, remedies, annual reports.

mod count;
pub mod dues;
mod facts;
mod reading;
mod rule;
mod ruling;

pub use facts::{
    Consultation, ConsultedParty, Delay, Extension, Facts, FeeFacts, Order, OrderedBy, Supplement,
};
pub use reading::FactError;
pub use rule::rule;
pub use ruling::{CountedDay, DeadlineRuling};
