//! Taking files in, giving them to a request, opening them.

use jiff::Timestamp;
use serde_json::json;

use super::{Evidence, EvidenceKind, EvidenceRefusal as R, FORMATS, KEPT, MOST, content, store};
use crate::accounts::Staff;
use crate::audit::{Act, Actor};
use crate::db::{Db, Tx};
use crate::error::{Result, refuse};
use crate::files::{FileKind, FileStore};
use crate::privacy::{self, PrivacyRefusal, Purpose, Seen};
use crate::secrets;
use crate::time::stored;

const BOOKKEEPER: Actor = Actor::Program("evidence");

/// Examines a file, seals it, and lets it wait under the token of its form.
pub async fn stage(
    db: &Db,
    files: &FileStore,
    now: Timestamp,
    token: &str,
    kind: EvidenceKind,
    name: &str,
    bytes: &[u8],
) -> Result<(), R> {
    let (format, name) = match content::examined(name, bytes) {
        Ok(good) => good,
        Err(reason) => return refuse(reason),
    };
    debug_assert!(FORMATS.contains(&format));
    let keys = db.keys().clone();
    if super::staged(&mut *db.read().await?, token).await?.len() >= MOST {
        return refuse(R::TooMany);
    }
    let id = secrets::new_id(now);
    let place = Evidence::place(&id);
    let sealed = keys.seal_bytes(&place, bytes).map_err(anyhow::Error::from)?;
    // The bytes first: a row without bytes would be a loss, bytes without a row are rubbish.
    files.put_sealed(&id, sealed).await?;
    let mut tx = db.begin(&BOOKKEEPER, now).await?;
    let new = store::New {
        id: &id,
        stage_hash: &secrets::digest(token),
        kind: kind.code(),
        name: &keys.seal_text(&place, &name).map_err(anyhow::Error::from)?,
        media_type: format.media_type(),
        size: i64::try_from(bytes.len()).map_err(anyhow::Error::from)?,
        digest: &hex::encode(keys.hash("request_files", bytes).map_err(anyhow::Error::from)?),
        added_at: &stored(now),
        kept_until: &stored(now + KEPT),
    };
    store::insert(tx.conn(), &new).await?;
    tx.commit_bookkeeping().await?;
    Ok(())
}

/// Takes back a file that waits.
pub async fn forget(db: &Db, files: &FileStore, now: Timestamp, token: &str, id: &str) -> anyhow::Result<()> {
    let waits = super::staged(&mut *db.read().await?, token).await?;
    if waits.iter().any(|one| one.id == id) {
        let mut tx = db.begin(&BOOKKEEPER, now).await?;
        store::delete_waiting(tx.conn(), id).await?;
        tx.commit_bookkeeping().await?;
        files.remove_sealed(id).await?;
    }
    Ok(())
}

/// Removes some of what nobody sent in time.
pub async fn sweep(db: &Db, files: &FileStore, now: Timestamp) -> anyhow::Result<()> {
    const SOME: i64 = 20;
    let expired = store::expired(&mut *db.read().await?, &stored(now), SOME).await?;
    if expired.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin(&BOOKKEEPER, now).await?;
    for id in &expired {
        store::delete_waiting(tx.conn(), id).await?;
    }
    tx.commit_bookkeeping().await?;
    for id in &expired {
        files.remove_sealed(id).await?;
    }
    Ok(())
}

/// Gives what waits to a request, in the transaction that takes the request in.
pub async fn attach(tx: &mut Tx, token: &str, request_id: &str) -> sqlx::Result<u64> {
    if token.is_empty() {
        return Ok(0);
    }
    let by = tx.by().user_id().map(str::to_owned);
    store::attach(tx.conn(), &secrets::digest(token), request_id, by.as_deref()).await
}

/// 补充材料 — the office adds what came later: the envelope, the fax, a proof of identity.
pub async fn add(tx: &mut Tx, staff: &Staff, number: &str, token: &str) -> Result<u64, PrivacyRefusal> {
    let sealed = privacy::actions::readable(tx, staff, number).await?;
    let added = attach(tx, token, &sealed.id).await?;
    if added > 0 {
        let detail = json!({"number": number, "files": added});
        tx.record(Act::new("privacy", "evidence_added", &sealed.agency_id, &sealed.id, detail));
    }
    Ok(added)
}

/// A file that was opened.
pub struct Opened {
    pub name: String,
    pub format: FileKind,
    pub bytes: Vec<u8>,
}

/// 打开材料 — by someone who handles requests at its agency, for a purpose that stays on record.
pub async fn open(
    tx: &mut Tx,
    files: &FileStore,
    staff: &Staff,
    number: &str,
    file_id: &str,
    purpose: Option<Purpose>,
    reason: &str,
) -> Result<Opened, PrivacyRefusal> {
    let sealed = privacy::actions::readable(tx, staff, number).await?;
    let Some(file) =
        super::within_reach(tx.conn(), &sealed.id).await?.into_iter().find(|one| one.id == file_id)
    else {
        return refuse(PrivacyRefusal::NotFound);
    };
    let purpose = privacy::actions::why(tx, staff, &sealed.id, purpose, reason).await?;
    let keys = tx.keys().clone();
    let Some(opened) = read(&keys, files, &file).await? else { return refuse(PrivacyRefusal::Destroyed) };
    let label = file.kind.label();
    privacy::actions::note(tx, staff, &sealed, Seen::File, label, purpose, reason, None).await?;
    let detail = json!({"number": number, "file": file.kind.code(), "purpose": purpose.code()});
    tx.record(Act::new("privacy", "file_opened", &sealed.agency_id, &sealed.id, detail));
    Ok(opened)
}

/// What is in a file; `None` once it was destroyed. Whoever calls this puts it on record.
pub(crate) async fn read(
    keys: &privacy::Keyring,
    files: &FileStore,
    file: &Evidence,
) -> anyhow::Result<Option<Opened>> {
    if file.sealed_name.is_empty() {
        return Ok(None);
    }
    let bytes = keys.open_bytes(&Evidence::place(&file.id), &files.sealed(&file.id).await?)?;
    Ok(Some(Opened { name: file.name(keys)?, format: file.format, bytes }))
}

/// 更换密钥 — seals files again with the key in use. As many as `most` at a time; returns how many.
pub async fn seal_again(tx: &mut Tx, files: &FileStore, most: i64) -> anyhow::Result<usize> {
    let keys = tx.keys().clone();
    let (active, _) = keys.ids()?;
    let old = store::sealed_otherwise(tx.conn(), &active, most).await?;
    for (id, name) in &old {
        let place = Evidence::place(id);
        // Opened by the key it names itself: a run that was interrupted is simply done again.
        let bytes = keys.open_bytes(&place, &files.sealed(id).await?)?;
        files.put_sealed(id, keys.seal_bytes(&place, &bytes)?).await?;
        let name = keys.seal_text(&place, &keys.open_text(&place, name)?)?;
        store::put_name(tx.conn(), id, &name).await?;
    }
    if !old.is_empty() {
        let detail = json!({"key": active, "files": old.len()});
        tx.record(Act::new("privacy", "sealed_again", "", "", detail));
    }
    Ok(old.len())
}
