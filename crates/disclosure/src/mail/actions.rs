//! Posting a letter, and noting that it went.

use serde_json::json;

use super::store::To;
use super::{Letter, store};
use crate::audit::Act;
use crate::db::Tx;
use crate::jobs;
use crate::privacy::Particulars;

/// Puts a letter into the outbox, with the job that sends it.
///
/// The subject is fixed text: mail servers on the way log it, so nothing of a person or a case can be in it.
pub async fn post(tx: &mut Tx, recipient: &str, subject: &'static str, body: &str) -> anyhow::Result<()> {
    put(tx, To::Address(recipient), subject, body).await
}

/// The same to a subscriber; the address is looked up when it is sent.
pub(crate) async fn post_to_subscriber(
    tx: &mut Tx,
    subscription_id: &str,
    subject: &'static str,
    body: &str,
) -> anyhow::Result<()> {
    put(tx, To::Subscriber(subscription_id), subject, body).await
}

/// The same to an applicant who left an address among their sealed particulars; it is looked up when the letter is sent,
/// and stands in no outbox.
pub(crate) async fn post_to_applicant(
    tx: &mut Tx,
    (request_id, particulars): (&str, &str),
    subject: &'static str,
    body: &str,
) -> anyhow::Result<()> {
    let particulars = Particulars::opened(tx.keys(), request_id, particulars)?;
    match particulars.is_some_and(|own| !own.email.is_empty()) {
        true => put(tx, To::Applicant(request_id), subject, body).await,
        false => Ok(()),
    }
}

async fn put(tx: &mut Tx, to: To<'_>, subject: &'static str, body: &str) -> anyhow::Result<()> {
    let (now, now_text) = (tx.now(), tx.now_text());
    let id = tx.new_id();
    store::insert(tx.conn(), &id, to, subject, body, &now_text).await?;
    jobs::actions::add(tx, jobs::Kind::DeliverMail, &id, &format!("mail:{id}"), now).await?;
    tx.record(Act::new("mail", "posted", "", &id, json!({"subject": subject})));
    Ok(())
}

/// Notes that a mail server has taken the letter.
pub(crate) async fn note_sent(tx: &mut Tx, letter: &Letter) -> anyhow::Result<()> {
    let now = tx.now_text();
    store::update_sent(tx.conn(), &letter.id, &now).await?;
    tx.record(Act::new("mail", "sent", "", &letter.id, json!({})));
    Ok(())
}
