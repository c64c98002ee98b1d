//! 盖章件 — the letter as it was sealed, scanned or with an electronic seal. Its bytes are kept as they came: cleaning would
//! break an electronic seal. It stands for exactly the text that was sealed; a letter written anew has to be sealed anew.

use serde_json::json;

use super::{SealedCopy, store};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Result, refuse};
use crate::files::{self, StoredFile};
use crate::requests::{RequestRefusal as R, by_number};
use crate::review::ReviewState;

/// What a sealed letter may be, by its content.
const KINDS: [&str; 3] = ["application/pdf", "image/png", "image/jpeg"];

/// 上传盖章件 — from then on it is what goes out. The one of a reply is there before the reply leaves; that of a notice
/// follows the notice.
///
/// # Errors
/// Not signed yet, no PDF or picture, or sealed before and gone.
pub async fn add(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    letter_id: &str,
    file: &StoredFile,
) -> Result<(), R> {
    let Some(dossier) = by_number(tx.conn(), number).await? else { return refuse(R::NotFound) };
    let at = &dossier.request.agency_id;
    let Some(letter) = dossier.letters.iter().find(|letter| letter.id == letter_id) else {
        return refuse(R::NotFound);
    };
    if !staff.may(Permission::ReadRequests, at) {
        return refuse(R::NotFound);
    }
    if !staff.may(Permission::HandleRequests, at) {
        return refuse(R::Forbidden);
    }
    if !KINDS.contains(&file.media_type.as_str()) {
        return refuse(R::field("files", "盖章件请用 PDF、PNG 或者 JPEG。"));
    }
    if letter.kind.is_reply() && letter.review != Some(ReviewState::Signed) {
        return refuse(R::field("files", "答复书还没有签发，签发后才能盖章上传。"));
    }
    if letter.issued_on().is_some() && letter.sealed.is_some() {
        return refuse(R::field("files", "这份文书已经带着盖章件发出，不能再换。"));
    }
    let now = tx.now_text();
    files::note(tx.conn(), file, &now).await?;
    let sealed = SealedCopy {
        name: file.name.clone(),
        sha256: file.sha256.clone(),
        size: file.size,
        media_type: file.media_type.clone(),
        added_at: now,
    };
    let id = tx.new_id();
    store::insert_seal(tx.conn(), &id, letter, &sealed, &staff.user_id).await?;
    let detail = json!({"number": letter.number, "sha256": sealed.sha256});
    tx.record(Act::new("letters", "sealed", at, &letter.id, detail));
    Ok(())
}
