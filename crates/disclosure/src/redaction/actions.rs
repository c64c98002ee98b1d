//! Beginning a redaction, marking, and putting the burned file in the place of the original.

use serde_json::json;

use super::{Applied, Check, Kind, MOST_AREAS, Marked, Redaction, RedactionRefusal as R, Subject, store};
use crate::accounts::{self, Permission, Staff};
use crate::audit::Act;
use crate::db::{Conn, Tx};
use crate::error::{Failure, Refusal, Result, refuse};
use crate::files::Prepared;
use crate::publishing::{self, desk};
use crate::requests::{self, enclosures};

/// The file that is to be redacted, for someone who may do so.
#[derive(Clone, Debug)]
pub struct Target {
    pub subject: Subject,
    pub id: String,
    pub agency_id: String,
    pub place_id: String,
    pub name: String,
    pub media_type: String,
    pub sha256: String,
}

impl Target {
    pub fn kind(&self) -> Result<Kind, R> {
        Kind::of_media_type(&self.media_type).map_or_else(|| refuse(R::NotPictured), Ok)
    }
}

/// Finds the file.
pub async fn target(conn: &mut Conn, staff: &Staff, subject: Subject, id: &str) -> Result<Target, R> {
    match subject {
        Subject::Enclosure => {
            let Some(one) = enclosures::by_id(conn, id).await? else { return refuse(R::NotFound) };
            let Some(number) = requests::number_of(conn, &one.request_id).await? else {
                return refuse(R::NotFound);
            };
            let Some(dossier) = requests::by_number(conn, &number).await? else { return refuse(R::NotFound) };
            let agency_id = dossier.request.agency_id;
            if !staff.may(Permission::ReadRequests, &agency_id) {
                return refuse(R::NotFound);
            }
            if !staff.may(Permission::HandleRequests, &agency_id) {
                return refuse(R::Forbidden);
            }
            let place_id = one.request_id;
            let (name, media_type, sha256) = (one.name, one.media_type, one.sha256);
            Ok(Target { subject, id: one.id, agency_id, place_id, name, media_type, sha256 })
        }
        Subject::Attachment => {
            let Some(file) = desk::attachment_for(conn, staff, id).await? else { return refuse(R::NotFound) };
            let Some((edition, _)) = desk::edition_for(conn, staff, &file.edition_id).await? else {
                return refuse(R::NotFound);
            };
            if !staff.may(Permission::DraftEntries, &edition.agency_id) {
                return refuse(R::Forbidden);
            }
            Ok(Target {
                subject,
                id: file.id,
                agency_id: edition.agency_id,
                place_id: edition.entry_id,
                name: file.name,
                media_type: file.media_type,
                sha256: file.file_sha256,
            })
        }
    }
}

/// 开始遮盖 — a draft without areas; the one that is open already when there is one.
pub async fn begin(tx: &mut Tx, staff: &Staff, target: &Target, pages: u32) -> Result<String, R> {
    target.kind()?;
    if let Some(open) = store::open_of(tx.conn(), target.subject, &target.id).await? {
        return Ok(open);
    }
    let draft = Redaction {
        id: tx.new_id(),
        agency_id: target.agency_id.clone(),
        subject: target.subject,
        subject_id: target.id.clone(),
        place_id: target.place_id.clone(),
        name: target.name.clone(),
        media_type: target.media_type.clone(),
        original_sha256: target.sha256.clone(),
        pages,
        marked: Vec::new(),
        version: 1,
        begun_by: staff.user_id.clone(),
        saved_by: staff.user_id.clone(),
        saved_at: tx.now_text(),
        applied: None,
    };
    store::insert(tx.conn(), &draft).await?;
    let detail = json!({"redaction": draft.id, "sha256": draft.original_sha256});
    tx.record(Act::new("redaction", "begun", &draft.agency_id, &draft.place_id, detail));
    Ok(draft.id)
}

/// The draft, for someone who may work on it.
pub async fn readable(conn: &mut Conn, staff: &Staff, id: &str) -> Result<Redaction, R> {
    let Some(draft) = store::by_id(conn, id).await? else { return refuse(R::NotFound) };
    let (sees, works) = match draft.subject {
        Subject::Enclosure => (Permission::ReadRequests, Permission::HandleRequests),
        Subject::Attachment => (Permission::ReadDrafts, Permission::DraftEntries),
    };
    if staff.may(works, &draft.agency_id) || (draft.applied.is_some() && staff.may(sees, &draft.agency_id)) {
        return Ok(draft);
    }
    refuse(if staff.may(sees, &draft.agency_id) { R::Forbidden } else { R::NotFound })
}

async fn open(tx: &mut Tx, staff: &Staff, id: &str, version: i64) -> Result<Redaction, R> {
    let draft = readable(tx.conn(), staff, id).await?;
    if draft.applied.is_some() {
        return refuse(R::AppliedBefore);
    }
    if draft.version != version {
        let by = accounts::staff(tx.conn(), &draft.saved_by).await?;
        let by = by.map_or_else(|| "同事".to_owned(), |by| by.name);
        return refuse(R::SavedMeanwhile { by });
    }
    // What is redacted is what lies there.
    match target(tx.conn(), staff, draft.subject, &draft.subject_id).await {
        Ok(now) if now.sha256 == draft.original_sha256 => Ok(draft),
        Ok(_) | Err(Failure::Refused(_)) => refuse(R::SubjectGone),
        Err(other) => Err(other),
    }
}

/// 保存标记 — all areas there are now.
pub async fn save(
    tx: &mut Tx,
    staff: &Staff,
    id: &str,
    version: i64,
    marked: &[Marked],
) -> Result<Vec<Marked>, R> {
    let draft = open(tx, staff, id, version).await?;
    let mut marked = marked.to_vec();
    marked.sort_unstable();
    marked.dedup();
    if marked.len() > MOST_AREAS {
        let words = format!("一个文件最多标记{MOST_AREAS}处，请把相邻的合并成一处。");
        return refuse(R::Field { field: "area", words });
    }
    if let Some(off) = marked.iter().find(|one| !one.area.is_sound(draft.pages)) {
        let words = format!("第{}页的一处标记不在页面上或者没有大小，请核对。", off.area.page);
        return refuse(R::Field { field: "area", words });
    }
    let now = tx.now_text();
    if !store::save(tx.conn(), &draft, &marked, &staff.user_id, &now).await? {
        return refuse(R::SavedMeanwhile { by: "同事".into() });
    }
    let detail = json!({"redaction": draft.id, "areas": marked.len()});
    tx.record(Act::new("redaction", "marked", &draft.agency_id, &draft.place_id, detail));
    Ok(marked)
}

/// 放弃 — the draft is taken away; the file stays as it is.
pub async fn discard(tx: &mut Tx, staff: &Staff, id: &str) -> Result<Redaction, R> {
    let draft = readable(tx.conn(), staff, id).await?;
    if draft.applied.is_some() {
        return refuse(R::AppliedBefore);
    }
    store::delete(tx.conn(), id).await?;
    let detail = json!({"redaction": draft.id});
    tx.record(Act::new("redaction", "discarded", &draft.agency_id, &draft.place_id, detail));
    Ok(draft)
}

/// 完成遮盖 — the burned and proved file takes the place of the original, which stays sealed. `prepared` is what was kept of
/// the burned bytes under the name it goes out by.
pub async fn apply(
    tx: &mut Tx,
    staff: &Staff,
    id: &str,
    version: i64,
    prepared: &Prepared,
    checks: Vec<Check>,
) -> Result<Redaction, R> {
    let mut draft = open(tx, staff, id, version).await?;
    if draft.marked.is_empty() {
        return refuse(R::NothingMarked);
    }
    let file = &prepared.file;
    let now = tx.now_text();
    match draft.subject {
        Subject::Enclosure => {
            let Some(number) = requests::number_of(tx.conn(), &draft.place_id).await? else {
                return refuse(R::SubjectGone);
            };
            enclosures::writable(tx, staff, &number).await.map_err(of_place)?;
            crate::files::note_prepared(tx.conn(), prepared, &now).await?;
            enclosures::replace(tx.conn(), &draft.subject_id, &file.name, &file.sha256).await?;
        }
        Subject::Attachment => {
            let Some(attachment) = desk::attachment_for(tx.conn(), staff, &draft.subject_id).await? else {
                return refuse(R::SubjectGone);
            };
            let edition = attachment.edition_id;
            publishing::actions::detach(tx, staff, &draft.subject_id).await.map_err(of_place)?;
            publishing::actions::attach(tx, staff, &edition, prepared).await.map_err(of_place)?;
        }
    }
    let applied = Applied {
        by: staff.user_id.clone(),
        by_name: staff.name.clone(),
        at: now,
        sha256: file.sha256.clone(),
        name: file.name.clone(),
        checks,
    };
    if !store::apply(tx.conn(), &draft, &applied).await? {
        return refuse(R::SavedMeanwhile { by: "同事".into() });
    }
    let detail = json!({
        "redaction": draft.id, "areas": draft.marked.len(), "original": draft.original_sha256,
        "result": applied.sha256,
    });
    tx.record(Act::new("redaction", "applied", &draft.agency_id, &draft.place_id, detail));
    draft.applied = Some(applied);
    Ok(draft)
}

/// What another room refuses is said in its words.
fn of_place<Other: Refusal>(failure: Failure<Other>) -> Failure<R> {
    match failure {
        Failure::Refused(reasons) => {
            Failure::Refused(reasons.iter().map(|reason| R::Place(reason.to_string())).collect())
        }
        Failure::Unexpected(error) => Failure::Unexpected(error),
    }
}
