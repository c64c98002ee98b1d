//! 退回件 — an edition as it was when a round of review ended without being signed: what was judged stays readable after
//! its author has gone on writing.

use crate::db::Conn;
use crate::publishing::{Attachment, Edition};

use super::store;

/// What was sent back, or taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    pub review_id: String,
    pub closed_at: String,
    pub edition: Edition,
    pub attachments: Vec<Attachment>,
}

/// What this case was about, when it ended without being signed.
pub async fn of_case(conn: &mut Conn, review_id: &str) -> anyhow::Result<Option<Round>> {
    store::ended_round(conn, review_id).await
}

/// The last round of the edition that ended before a moment: what a reviewer compares with.
pub async fn before(conn: &mut Conn, edition_id: &str, opened_at: &str) -> anyhow::Result<Option<Round>> {
    match store::last_ended_round(conn, edition_id, opened_at).await? {
        Some(review_id) => store::ended_round(conn, &review_id).await,
        None => Ok(None),
    }
}

/// Keeps it, in the change that ends the round.
pub(crate) async fn keep(
    conn: &mut Conn,
    review_id: &str,
    edition: &Edition,
    attachments: &[Attachment],
) -> anyhow::Result<()> {
    let (edition_json, files) = (serde_json::to_string(edition)?, serde_json::to_string(attachments)?);
    Ok(store::insert_ended_round(conn, review_id, &edition.id, &edition_json, &files).await?)
}
