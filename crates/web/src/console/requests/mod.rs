//! 申请 — what the office does with requests: the list, one request on one screen, registration, decision.

mod acts;
mod decision;
mod list;
mod offers;
mod outcome;
mod place;
mod portions;
mod register;
mod seals;
mod show;

pub use acts::ActForm;
pub(crate) use acts::{
    approve_extension, archive, close_fee_unpaid, close_not_supplemented, confirm, consult, correct_receipt,
    decline_extension, hand_over, issue, merge, notice_delay, notice_fee, notice_override, notice_reasons,
    notice_supplement, propose_extension, record_delivery, record_opinion, record_payment, record_reasons,
    record_supplement, split, take_up, withdraw,
};
pub use decision::{DecisionFormPage, DecisionListPage};
pub(crate) use decision::{choose as choose_decision, decide};
pub use list::RequestListPage;
pub(crate) use list::{Chosen, list};
pub use offers::OffersPage;
pub(crate) use offers::offers;
pub(crate) use outcome::judged;
pub use outcome::{AnsweredLine, Judged, QuestionPage};
pub use portions::PortionsPage;
pub(crate) use portions::{decide as decide_portions, form as portions_form};
pub use register::RegisterPage;
pub(crate) use register::{form as register_form, register};
pub(crate) use seals::add as add_seal;
pub use show::{LetterPage, RequestPage};
pub(crate) use show::{letter, letter_file, page, show};

use gongkai_disclosure::accounts::{Permission, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::requests::{Dossier, by_number};

use crate::errors::PageError;
use crate::html::PageContext;
use crate::page::{Chrome, Section};

/// Working days left from which a due date is marked.
pub(crate) const SOON: i64 = 3;

fn chrome(page: &PageContext) -> Chrome {
    page.chrome(Section::ConsoleRequests).crumb("工作台", "/console").crumb("申请", "/console/requests")
}

/// The dossier, for someone who may read it.
async fn readable(conn: &mut Conn, staff: &Staff, number: &str) -> Result<Dossier, PageError> {
    match by_number(conn, number).await? {
        Some(dossier) if staff.may(Permission::ReadRequests, &dossier.request.agency_id) => Ok(dossier),
        _ => Err(PageError::NotFound),
    }
}
