//! 邮件 — an outbox: letters are written in the transaction of the change that wants them and handed to a
//! mail server by a job. Without a server they stay; nothing is lost and nothing pretends to be sent.

pub mod actions;
mod post_office;
pub(crate) mod store;
#[cfg(test)]
mod tests;

pub use post_office::{PostOffice, Security, SmtpSettings};
pub use store::{letter, unsent};

/// A letter of the outbox.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Letter {
    pub id: String,
    /// Empty in the outbox when it goes to a subscriber or an applicant: their addresses stand sealed elsewhere.
    pub recipient: String,
    pub subscription_id: Option<String>,
    pub request_id: Option<String>,
    pub subject: String,
    pub body: String,
    pub sent_at: Option<String>,
    /// Where mail programs end the subscription with one click (RFC 8058); empty: nothing to end.
    #[sqlx(skip)]
    pub unsubscribe: String,
}
