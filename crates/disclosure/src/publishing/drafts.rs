//! 草稿 — what is kept while someone types, who else is at the same draft, and throwing a draft away.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{Attachment, Draft, Edition, EditionEvent, PublishingRefusal, content_hash, store};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::{Conn, Db, Tx};
use crate::error::{Failure, Result, refuse, unless_refused};
use crate::files::Prepared;
use crate::time;

/// How long after their last sign of life someone counts as being at a draft.
const PRESENT: SignedDuration = SignedDuration::from_secs(90);

/// 自动保存 — what a person has typed and not yet put into the draft. It is no part of the ledger: nobody else reads
/// it, and it is gone when they save or discard it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Working {
    /// The version of the draft it was typed on.
    pub version: i64,
    pub draft: Draft,
    pub saved_at: String,
}

/// Someone else who has the same draft open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    pub name: String,
    pub seen_at: String,
    /// They have typed something that is not saved yet.
    pub is_typing: bool,
}

/// Keeps what a person typed, and notes that they are there. `draft` is `None` while nothing was typed.
pub async fn keep_working(
    db: &Db,
    staff: &Staff,
    edition_id: &str,
    version: i64,
    draft: Option<&Draft>,
    now: Timestamp,
) -> Result<(), PublishingRefusal> {
    let mut tx = db.begin(&staff.actor(), now).await?;
    open(&mut tx, staff, edition_id).await?;
    let form = draft.map(serde_json::to_string).transpose().map_err(anyhow::Error::from)?;
    let now = tx.now_text();
    store::put_working(tx.conn(), edition_id, &staff.user_id, version, form.as_deref(), &now).await?;
    tx.commit_bookkeeping().await?;
    Ok(())
}

/// Forgets what this person typed and did not save.
pub async fn discard_working(
    db: &Db,
    staff: &Staff,
    edition_id: &str,
    now: Timestamp,
) -> Result<(), PublishingRefusal> {
    let mut tx = db.begin(&staff.actor(), now).await?;
    store::delete_working(tx.conn(), edition_id, &staff.user_id).await?;
    tx.commit_bookkeeping().await?;
    Ok(())
}

/// What this person typed and did not save.
pub async fn own_working(
    conn: &mut Conn,
    staff: &Staff,
    edition_id: &str,
) -> anyhow::Result<Option<Working>> {
    let Some((version, form, saved_at)) = store::working(conn, edition_id, &staff.user_id).await? else {
        return Ok(None);
    };
    Ok(Some(Working { version, draft: serde_json::from_str(&form)?, saved_at }))
}

/// Who else is at the draft.
pub async fn colleagues(
    conn: &mut Conn,
    staff: &Staff,
    edition_id: &str,
    now: Timestamp,
) -> sqlx::Result<Vec<Colleague>> {
    let since = time::stored(now - PRESENT);
    let rows = store::at_draft(conn, edition_id, &staff.user_id, &since).await?;
    Ok(rows
        .into_iter()
        .map(|(name, seen_at, typed)| Colleague { name, seen_at, is_typing: typed > 0 })
        .collect())
}

/// The version of a draft that is saved, who saved it and when.
pub async fn saved_version(conn: &mut Conn, edition_id: &str) -> sqlx::Result<Option<(i64, String, String)>> {
    let Some(edition) = store::edition(conn, edition_id).await? else { return Ok(None) };
    let (by, at) = store::last_saved(conn, edition_id).await?;
    Ok(Some((edition.version, by, at)))
}

/// 删除草稿 — throws away an edition that was never submitted; its entry too, when it was the only one. What it was is
/// in the record.
///
/// # Errors
/// It was submitted once: what others judged is kept. The text is compiled from the ledger. Someone saved meanwhile.
pub async fn delete(
    tx: &mut Tx,
    staff: &Staff,
    edition_id: &str,
    version: i64,
) -> Result<(), PublishingRefusal> {
    let edition = open(tx, staff, edition_id).await?;
    let mut reasons = Vec::new();
    if edition.submitted_at.is_some() {
        reasons.push(PublishingRefusal::SubmittedOnce);
    }
    if crate::reporting::store::is_compiled(tx.conn(), edition_id).await? {
        reasons.push(PublishingRefusal::Compiled);
    }
    if edition.version != version {
        let (by, at) = store::last_saved(tx.conn(), edition_id).await?;
        reasons.push(PublishingRefusal::ChangedMeanwhile { by, at: time::shown_text(&at) });
    }
    unless_refused(reasons)?;
    let attachments = store::attachments(tx.conn(), edition_id).await?;
    let hash = content_hash(&edition, &attachments);
    let is_whole_entry = edition.ordinal == 1;
    match store::delete_draft(tx.conn(), &edition, is_whole_entry).await {
        Err(error) if error.as_database_error().is_some_and(|e| e.is_foreign_key_violation()) => {
            return refuse(PublishingRefusal::LinkedElsewhere);
        }
        other => other?,
    }
    let files: Vec<_> =
        attachments.iter().map(|a| json!({"name": a.name, "sha256": a.file_sha256})).collect();
    tx.record(Act::new(
        "publishing",
        "draft_deleted",
        &edition.agency_id,
        &edition.entry_id,
        json!({"edition": edition.id, "ordinal": edition.ordinal, "title": edition.title,
               "document_number": edition.document_number, "content_hash": hash, "attachments": files,
               "entry_deleted": is_whole_entry}),
    ));
    Ok(())
}

/// Adds a picture for the text, and returns the address under which the text shows it. The same picture is attached
/// once; a name that is taken gets a number.
pub async fn attach_picture(
    tx: &mut Tx,
    staff: &Staff,
    edition_id: &str,
    prepared: &Prepared,
) -> Result<String, PublishingRefusal> {
    let address = format!("/pictures/{}", prepared.file.sha256);
    if !matches!(prepared.file.media_type.as_str(), "image/png" | "image/jpeg") {
        return refuse(PublishingRefusal::NoPicture { name: prepared.file.name.clone() });
    }
    let present = store::attachments(tx.conn(), edition_id).await?;
    if present.iter().any(|attachment| attachment.file_sha256 == prepared.file.sha256) {
        return Ok(address);
    }
    let mut prepared = prepared.clone();
    prepared.file.name = free_name(&prepared.file.name, &present);
    super::actions::attach(tx, staff, edition_id, &prepared).await?;
    Ok(address)
}

fn free_name(name: &str, present: &[Attachment]) -> String {
    let is_free = |name: &str| present.iter().all(|attachment| attachment.name != name);
    if is_free(name) {
        return name.to_owned();
    }
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    (2..).map(|n| format!("{stem}（{n}）.{ending}")).find(|name| is_free(name)).unwrap_or_default()
}

/// The edition, for someone who may write at it now.
async fn open(tx: &mut Tx, staff: &Staff, edition_id: &str) -> Result<Edition, PublishingRefusal> {
    let Some(edition) = store::edition(tx.conn(), edition_id).await? else {
        return refuse(PublishingRefusal::Missing);
    };
    if !staff.may(Permission::DraftEntries, &edition.agency_id) {
        return refuse(PublishingRefusal::Forbidden);
    }
    edition.state()?.after(EditionEvent::Write).map_err(|r| Failure::Refused(vec![r]))?;
    Ok(edition)
}
