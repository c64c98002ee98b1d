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
    pub recipient: String,
    pub subject: String,
    pub body: String,
    pub sent_at: Option<String>,
}
