//! What changes in this room: the registers, the texts, and the report on its way out.

mod adjusting;
mod checking;
mod freezing;
mod publication;
mod registers;
mod submitting;
mod texts;

pub use adjusting::{NewAdjustment, confirm_adjustment, end_adjustment, propose_adjustment};
pub use checking::judge;
pub use freezing::{freeze, freeze_all};
pub use publication::{correct_report, draft_report};
pub use registers::{
    NewActivity, NewDecision, NewDocument, NewFee, add_activity, add_decision, add_document, add_fee,
    end_document,
};
pub use submitting::{
    accept_submission, approve_submission, decline_submission, prepare_submission, return_submission,
};
pub use texts::{follow_ledger, save_template, save_text};

/// How the audit chain names the report of an agency for a year.
pub fn subject_of(agency_id: &str, year: i16) -> String {
    format!("{agency_id}/{year}")
}
