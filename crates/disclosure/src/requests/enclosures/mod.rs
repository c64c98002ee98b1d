//! 随答复提供的文件 — what goes out with a reply. It is named in the reply with its hash, so the signature over the letter
//! is over these files too, and a file changed afterwards is noticed when the letter leaves.

mod store;

pub(crate) use store::{by_id, replace};
pub use store::{of_request, was_redacted};

use gongkai_statute::decisions::Decision;
use serde_json::json;

use super::machine::LetterStanding;
use super::{Dossier, RequestRefusal as R, store as requests};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Result, refuse, unless_refused};
use crate::files::Prepared;

/// The most files with one reply.
pub const MOST: usize = 50;

/// 随附文件.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosure {
    pub id: String,
    pub request_id: String,
    pub name: String,
    pub sha256: String,
    pub size: i64,
    pub media_type: String,
}

/// Whether an answer of this kind gives information out.
pub fn gives_information(decision: Decision) -> bool {
    matches!(
        decision,
        Decision::Provided | Decision::PartlyWithheld | Decision::PartlyUnavailable | Decision::AlreadyPublic
    )
}

/// 添加 — a file whose hidden information was removed when it came in.
///
/// # Errors
/// The reply is being signed or has left; the name is taken; the file is the sealed original of a redacted one.
pub async fn add(tx: &mut Tx, staff: &Staff, number: &str, prepared: &Prepared) -> Result<String, R> {
    let dossier = writable(tx, staff, number).await?;
    let file = &prepared.file;
    let mut faults = Vec::new();
    if dossier.enclosures.iter().any(|known| known.name == file.name) {
        faults.push(R::field("files", format!("已有名为“{}”的文件，请改名后再添加。", file.name)));
    }
    if dossier.enclosures.len() >= MOST {
        faults.push(R::field("files", format!("随答复提供的文件最多{MOST}个，请合并后再添加。")));
    }
    if store::was_redacted(tx.conn(), &dossier.request.id, &file.sha256).await? {
        faults.push(R::field(
            "files",
            format!("“{}”是遮盖过的文件的原件，已经封存，不能随答复发出。", file.name),
        ));
    }
    unless_refused(faults)?;
    let now = tx.now_text();
    crate::files::note_prepared(tx.conn(), prepared, &now).await?;
    let id = tx.new_id();
    let position = store::last_position(tx.conn(), &dossier.request.id).await? + 1;
    let enclosure = Enclosure {
        id: id.clone(),
        request_id: dossier.request.id.clone(),
        name: file.name.clone(),
        sha256: file.sha256.clone(),
        size: file.size,
        media_type: file.media_type.clone(),
    };
    store::insert(tx.conn(), &enclosure, position, &staff.user_id, &now).await?;
    let detail = json!({"sha256": enclosure.sha256});
    tx.record(Act::new("enclosures", "added", &dossier.request.agency_id, &dossier.request.id, detail));
    Ok(id)
}

/// 移除.
pub async fn remove(tx: &mut Tx, staff: &Staff, number: &str, id: &str) -> Result<(), R> {
    let dossier = writable(tx, staff, number).await?;
    let Some(one) = dossier.enclosures.iter().find(|one| one.id == id) else { return refuse(R::NotFound) };
    crate::redaction::forget_draft_of(tx.conn(), id).await?;
    store::delete(tx.conn(), id).await?;
    let detail = json!({"sha256": one.sha256});
    tx.record(Act::new("enclosures", "removed", &dossier.request.agency_id, &dossier.request.id, detail));
    Ok(())
}

/// The dossier, while what goes out with its reply can still change.
pub(crate) async fn writable(tx: &mut Tx, staff: &Staff, number: &str) -> Result<Dossier, R> {
    let Some(dossier) = requests::by_number(tx.conn(), number).await? else { return refuse(R::NotFound) };
    let at = &dossier.request.agency_id;
    if !staff.may(Permission::ReadRequests, at) {
        return refuse(R::NotFound);
    }
    if !staff.may(Permission::HandleRequests, at) {
        return refuse(R::Forbidden);
    }
    if dossier.request.state.is_over() {
        return refuse(R::field("files", "申请已经办结，随答复提供的文件不能再变动。"));
    }
    if matches!(dossier.standing(tx.today()).letter, LetterStanding::InReview | LetterStanding::Signed) {
        return refuse(R::LetterInReview);
    }
    Ok(dossier)
}
