//! 遮盖 — a page on which areas are marked with a ground each, and the certificate of what was burned out.
//!
//! The page works as a form: areas are ticked boxes, added by coordinates or by looking up words. A script draws the same
//! boxes with mouse, finger and keys.

mod certificate;
mod enclosures;
mod show;

pub(crate) use certificate::download as certificate;
pub(crate) use enclosures::{
    EnclosureBox, add as add_enclosure, download as enclosure, remove as remove_enclosure,
};
pub use show::{AreaRow, PageLink, RedactionPage};
pub(crate) use show::{begin, page_picture, show, submit};

use gongkai_disclosure::redaction::{Redaction, Subject};
use gongkai_disclosure::requests;

use crate::errors::PageError;
use crate::state::App;

/// Where the file lies: the words of the link back, and its address.
async fn place(app: &App, one: &Redaction) -> Result<(String, String), PageError> {
    Ok(match one.subject {
        Subject::Enclosure => {
            let number = requests::number_of(&mut *app.db.read().await?, &one.place_id).await?;
            let number = number.ok_or(PageError::NotFound)?;
            (format!("返回申请 {number}"), format!("/console/requests/{number}#enclosures"))
        }
        Subject::Attachment => {
            ("返回信息".to_owned(), format!("/console/entries/{}#attachments", one.place_id))
        }
    })
}
