//! 紧急发布 — what cannot wait for every stage. Two people sign that it goes out now, one of them a leader; the public is
//! told; the review goes on and has to end within a fixed time. It is a record of its own on the oversight list, not a way
//! round the gate: the database asks for both signatures over exactly these bytes.

mod store;
#[cfg(test)]
mod tests;

use serde_json::json;

pub use store::{Emergency, EmergencySigner, list, of_review, signers};

use super::actions::release;
use super::{DisclosureClass, Edition, EditionState, PublishingRefusal as R, Released, WithdrawalClass};
use crate::accounts::{Permission, Role, Staff};
use crate::audit::Act;
use crate::calendars;
use crate::db::{Tx, is_taken};
use crate::error::{Result, refuse, unless_refused};
use crate::review::{self, Review, ReviewState, Subject};
use crate::word_check;

/// Working days within which the review of what went out has to end.
pub const REVIEW_DAYS: u32 = 3;

/// What asking for it and signing it need to know.
struct Case {
    review: Review,
    edition: Edition,
}

/// 申请紧急发布 — says why it cannot wait, and what the public is told.
pub async fn ask(
    tx: &mut Tx,
    staff: &Staff,
    review_id: &str,
    reason: &str,
    public_note: &str,
) -> Result<(), R> {
    let case = case(tx, staff, review_id).await?;
    let mut reasons = Vec::new();
    for (field, label, text) in
        [("emergency_reason", "不能等待的原因", reason), ("public_note", "对公众的说明", public_note)]
    {
        if text.trim().is_empty() {
            reasons.push(R::Blank { field, label });
        }
        if text.chars().count() > 200 {
            reasons.push(R::TooLong { field, label, most: 200 });
        }
    }
    unless_refused(reasons)?;
    let due_on = calendars::national(tx.conn()).await?.add_working_days(tx.today(), REVIEW_DAYS).to_string();
    let now = tx.now_text();
    let texts = (reason.trim(), public_note.trim());
    match store::insert(tx.conn(), &case.review, texts, &due_on, &staff.user_id, &now).await {
        Err(e) if is_taken(&e) => return refuse(R::EmergencyAsked),
        other => other?,
    }
    tx.record(Act::new(
        "publishing",
        "emergency_asked",
        &case.review.agency_id,
        &case.edition.entry_id,
        json!({"review": review_id, "edition": case.edition.id, "content_hash": case.review.content_hash,
               "reason": texts.0, "public_note": texts.1, "review_due_on": due_on}),
    ));
    Ok(())
}

/// 签署紧急发布 — with the second signature, one of the two a leader's, it goes out.
pub async fn sign(tx: &mut Tx, staff: &Staff, review_id: &str) -> Result<Option<Released>, R> {
    let case = case(tx, staff, review_id).await?;
    if store::of_review(tx.conn(), review_id).await?.is_none() {
        return refuse(R::EmergencyNotAsked);
    }
    let agency_id = &case.review.agency_id;
    let held = [Role::PrincipalLeader, Role::Leader, Role::ConfidentialityOfficer, Role::SectionHead];
    let mut reasons = Vec::new();
    let role = held.into_iter().find(|role| staff.holds(*role, agency_id));
    if role.is_none() {
        reasons.push(R::EmergencySigner);
    }
    if case.review.author_ids.contains(&staff.user_id) {
        reasons.push(R::Review(review::ReviewRefusal::OwnDraft));
    }
    let before = store::signers(tx.conn(), review_id).await?;
    if before.iter().any(|signer| signer.person_id == staff.user_id) {
        reasons.push(R::EmergencySigned);
    }
    let found = word_check::check(tx.conn(), &case.edition).await?;
    reasons.extend(found.iter().filter(|one| one.is_open()).map(R::must_not_stand));
    unless_refused(reasons)?;
    let Some(role) = role else { return refuse(R::EmergencySigner) };
    let now = tx.now_text();
    store::insert_signature(tx.conn(), &case.review, &staff.user_id, role.code(), &now).await?;
    tx.record(Act::new(
        "publishing",
        "emergency_signed",
        agency_id,
        &case.edition.entry_id,
        json!({"review": review_id, "role": role.code(), "content_hash": case.review.content_hash}),
    ));
    let is_leader = |code: &str| [Role::Leader, Role::PrincipalLeader].iter().any(|role| role.code() == code);
    let has_leader = is_leader(role.code()) || before.iter().any(|signer| is_leader(&signer.role));
    if before.is_empty() || !has_leader {
        return Ok(None);
    }
    let released = release(tx, &case.edition, review_id).await?;
    store::set_released(tx.conn(), review_id, &now).await?;
    Ok(Some(released))
}

/// The review of what went out already has ended: signed, it stands; sent back, it is taken off the site at once.
pub(super) async fn concluded(tx: &mut Tx, edition: &Edition, ending: ReviewState) -> Result<bool, R> {
    let Some(review_id) = store::released_review(tx.conn(), &edition.id).await? else { return Ok(false) };
    let now = tx.now_text();
    store::set_concluded(tx.conn(), &review_id, ending.code(), &now).await?;
    tx.record(Act::new(
        "publishing",
        "emergency_concluded",
        &edition.agency_id,
        &edition.entry_id,
        json!({"review": review_id, "outcome": ending.code()}),
    ));
    if ending != ReviewState::Signed {
        let class = WithdrawalClass::ReviewFailed;
        let words = "本信息经紧急程序先行发布，随后的审查没有通过，现予撤回。";
        super::store::set_withdrawn(tx.conn(), &edition.entry_id, class.code(), words, &now).await?;
        tx.record(Act::new(
            "publishing",
            "withdrawn",
            &edition.agency_id,
            &edition.entry_id,
            json!({"class": class.code(), "reason": words}),
        ));
    }
    Ok(true)
}

/// The running case, for someone who takes part in it.
async fn case(tx: &mut Tx, staff: &Staff, review_id: &str) -> Result<Case, R> {
    let Some(review) = review::review(tx.conn(), review_id).await? else { return refuse(R::Missing) };
    let Subject::Edition(edition_id) = &review.subject else { return refuse(R::Missing) };
    let Some(edition) = super::store::edition(tx.conn(), edition_id).await? else {
        return refuse(R::Missing);
    };
    let may = |permission| staff.may(permission, &review.agency_id);
    if !may(Permission::DraftEntries) && !may(Permission::SignOff) {
        return refuse(R::Forbidden);
    }
    let mut reasons = Vec::new();
    if review.state != ReviewState::Open || edition.state()? != EditionState::InReview {
        reasons.push(R::NotInThisState { state: edition.state()?, wanted: "紧急发布" });
    }
    if edition.disclosure_class != DisclosureClass::Proactive.code() {
        reasons.push(R::NotForEveryone);
    }
    unless_refused(reasons)?;
    Ok(Case { edition, review })
}
