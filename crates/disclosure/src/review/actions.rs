//! Opening, signing, returning.

use serde_json::json;

use super::{
    ConfidentialityChecklist, Review, ReviewRefusal, ReviewState, Signature, Signed, Stage, Subject, Verdict,
    chains, store,
};
use crate::accounts::{Permission, Role, Staff};
use crate::audit::Act;
use crate::db::{Tx, is_taken};
use crate::error::{Failure, Gathered, Result, Together, refuse, unless_refused};
use crate::publishing::{self, PublishingRefusal, Released};

/// Opens the review of a subject whose content was just fixed under `content_hash`, with a copy of the
/// agency's chain. The caller has checked that this person may submit it.
///
/// # Errors
/// A review is open already; a stage has no one who could sign it.
pub async fn open(
    tx: &mut Tx,
    agency_id: &str,
    subject: &Subject,
    content_hash: &str,
) -> Result<String, ReviewRefusal> {
    if store::has_open_review(tx.conn(), subject).await? {
        return refuse(ReviewRefusal::AlreadyOpen);
    }
    let (stages, chain) = chains::for_case(tx.conn(), agency_id, subject).await?;
    let authors = store::authors(tx.conn(), subject).await?;
    let able = store::people_by_role(tx.conn(), agency_id).await?;
    let is_manned = |stage: &&Stage| {
        able.iter().any(|(person, role)| role == stage.role.code() && !authors.contains(person))
    };
    let reasons: Vec<ReviewRefusal> = stages
        .iter()
        .filter(|stage| !is_manned(stage))
        .map(|stage| ReviewRefusal::NobodyForStage { title: stage.title.clone(), role: stage.role })
        .collect();
    unless_refused(reasons)?;

    let id = tx.new_id();
    let now = tx.now_text();
    match store::insert_review(tx.conn(), &id, agency_id, subject, (content_hash, &chain), &now).await {
        Err(e) if is_taken(&e) => return refuse(ReviewRefusal::AlreadyOpen),
        other => other?,
    }
    for stage in &stages {
        store::insert_stage(tx.conn(), &id, stage).await?;
    }
    tx.record(Act::new(
        "review",
        "opened",
        agency_id,
        subject.id(),
        json!({"review": id, "subject": subject.kind().code(), "content_hash": content_hash, "chain": chain}),
    ));
    Ok(id)
}

/// Signs the current stage. The confidentiality stage needs its checklist; others take none.
///
/// # Errors
/// All reasons at once: not this person's turn, their own draft, a second stage, unanswered questions.
pub async fn sign(
    tx: &mut Tx,
    staff: &Staff,
    review_id: &str,
    checklist: Option<&ConfidentialityChecklist>,
    opinion: &str,
) -> Result<Signed, ReviewRefusal> {
    sign_with(tx, staff, review_id, &Signature { checklist, opinion, ..Signature::default() }).await
}

/// The same, with the points of the stage's own checklist that were ticked: all of them have to be.
pub async fn sign_with(
    tx: &mut Tx,
    staff: &Staff,
    review_id: &str,
    signature: &Signature<'_>,
) -> Result<Signed, ReviewRefusal> {
    let review = for_signing(tx, staff, review_id).await?;
    let mut reasons = review.why_not(staff, tx.now());
    let Some(current) = review.current().cloned() else { return Err(Failure::Refused(reasons)) };
    if signature.shown.is_some_and(|hash| hash != review.content_hash) {
        reasons.push(ReviewRefusal::NotAsShown);
    }
    let is_confidentiality = current.role == Role::ConfidentialityOfficer;
    let checklist = signature.checklist.filter(|_| is_confidentiality);
    if !current.checklist.iter().all(|item| signature.ticked.contains(item)) {
        reasons.push(ReviewRefusal::PointsUnticked);
    }
    match checklist {
        Some(checklist) => reasons.extend(checklist.problems()),
        None if is_confidentiality => reasons.push(ReviewRefusal::ChecklistMissing),
        None => {}
    }
    if store::subject_hash(tx.conn(), &review.subject).await?.as_deref() != Some(&*review.content_hash) {
        reasons.push(ReviewRefusal::ContentChanged);
    }
    unless_refused(reasons)?;

    let signature = Signature { checklist, ..*signature };
    put_sign_off(tx, staff, &review, &current, Verdict::Signed, &signature).await?;
    let next = review.stages.iter().map(|s| &s.stage).find(|s| s.stage > current.stage);
    if let Some(next) = next {
        return Ok(Signed::NextStage(next.clone()));
    }
    if let Some(released) = close(tx, &review, ReviewState::Signed).await? {
        return Ok(Signed::Released(released));
    }
    let time = match &review.subject {
        Subject::Edition(id) => publishing::schedule::of_edition(tx.conn(), id).await?,
        Subject::Letter(_) => None,
    };
    Ok(time.map_or(Signed::Closed, |time| Signed::Scheduled { at: time.release_at }))
}

/// One of several cases that are signed at once.
#[derive(Clone, Copy, Debug)]
pub struct OneOfMany<'a> {
    pub review_id: &'a str,
    pub signature: Signature<'a>,
}

/// 批量签署 — signs the current stage of several cases: all of them, or none.
pub async fn sign_together(
    tx: &mut Tx,
    staff: &Staff,
    cases: &[OneOfMany<'_>],
) -> Together<Signed, ReviewRefusal> {
    let mut gathered = Gathered::new();
    for case in cases {
        let answer = sign_with(tx, staff, case.review_id, &case.signature).await;
        // The database refused a row: nothing more can be asked in this change.
        let is_broken_off =
            matches!(&answer, Err(Failure::Refused(reasons)) if reasons.contains(&ReviewRefusal::JustSigned));
        gathered.take(case.review_id, answer)?;
        if is_broken_off {
            break;
        }
    }
    gathered.end()
}

/// Sends the subject back to its author with the reason why.
pub async fn return_for_revision(
    tx: &mut Tx,
    staff: &Staff,
    review_id: &str,
    opinion: &str,
) -> Result<(), ReviewRefusal> {
    let review = for_signing(tx, staff, review_id).await?;
    let mut reasons = review.why_not(staff, tx.now());
    if opinion.trim().is_empty() {
        reasons.push(ReviewRefusal::OpinionMissing);
    }
    unless_refused(reasons)?;
    let Some(current) = review.current().cloned() else {
        return refuse(ReviewRefusal::Closed(review.state));
    };
    let signature = Signature { opinion, ..Signature::default() };
    put_sign_off(tx, staff, &review, &current, Verdict::Returned, &signature).await?;
    close(tx, &review, ReviewState::Returned).await?;
    Ok(())
}

/// 撤回送审 — the office takes back what it submitted while no last signature stands.
pub async fn withdraw_from_review(tx: &mut Tx, staff: &Staff, review_id: &str) -> Result<(), ReviewRefusal> {
    let Some(review) = store::review(tx.conn(), review_id).await? else {
        return refuse(ReviewRefusal::Missing);
    };
    if !staff.may(review.subject.kind().submitters(), &review.agency_id) {
        return refuse(ReviewRefusal::Forbidden);
    }
    if review.state != ReviewState::Open {
        return refuse(ReviewRefusal::Closed(review.state));
    }
    let emergency = publishing::emergency::of_review(tx.conn(), review_id).await?;
    if emergency.is_some_and(|emergency| emergency.released_at.is_some()) {
        return refuse(ReviewRefusal::OutAlready);
    }
    close(tx, &review, ReviewState::Withdrawn).await?;
    tx.record(Act::new(
        "review",
        "withdrawn",
        &review.agency_id,
        review.subject.id(),
        json!({"review": review.id}),
    ));
    Ok(())
}

/// The case, for someone who takes part in reviews at its agency.
async fn for_signing(tx: &mut Tx, staff: &Staff, review_id: &str) -> Result<Review, ReviewRefusal> {
    let Some(review) = store::review(tx.conn(), review_id).await? else {
        return refuse(ReviewRefusal::Missing);
    };
    if !staff.may(Permission::SignOff, &review.agency_id) {
        return refuse(ReviewRefusal::Forbidden);
    }
    Ok(review)
}

async fn put_sign_off(
    tx: &mut Tx,
    staff: &Staff,
    review: &Review,
    current: &Stage,
    verdict: Verdict,
    signature: &Signature<'_>,
) -> Result<(), ReviewRefusal> {
    let principal = review.deputised(staff, tx.now());
    // Only what the stage asks for is kept of what was sent.
    let ticked: Vec<&String> =
        current.checklist.iter().filter(|item| signature.ticked.contains(item)).collect();
    let row = store::NewSignOff {
        id: tx.new_id(),
        review_id: &review.id,
        stage: current.stage,
        person_id: &staff.user_id,
        verdict,
        checklist: signature.checklist.map_or_else(|| "{}".to_owned(), |c| json!(c).to_string()),
        ticked: json!(ticked).to_string(),
        on_behalf_of: principal.map(|deputy| deputy.principal_id.as_str()),
        opinion: signature.opinion.trim(),
        content_hash: &review.content_hash,
        signed_at: tx.now_text(),
    };
    match store::insert_sign_off(tx.conn(), &row).await {
        Err(e) if is_taken(&e) => return refuse(ReviewRefusal::JustSigned),
        other => other?,
    }
    tx.record(Act::new(
        "review",
        verdict.code(),
        &review.agency_id,
        review.subject.id(),
        json!({"review": review.id, "stage": current.stage, "role": current.role.code(),
               "content_hash": review.content_hash,
               "on_behalf_of": principal.map(|deputy| &deputy.principal_id)}),
    ));
    Ok(())
}

/// Closes the case and tells its subject. A signed edition that is for everyone goes out in the same change;
/// a signed letter waits for its room to issue it.
async fn close(tx: &mut Tx, review: &Review, ending: ReviewState) -> Result<Option<Released>, ReviewRefusal> {
    let now = tx.now_text();
    if !store::close_review(tx.conn(), &review.id, ending, &now).await? {
        return refuse(ReviewRefusal::JustSigned);
    }
    match &review.subject {
        Subject::Edition(id) => {
            publishing::actions::review_closed(tx, id, &review.id, ending).await.map_err(of_publishing)
        }
        Subject::Letter(_) => Ok(None),
    }
}

fn of_publishing(failure: Failure<PublishingRefusal>) -> Failure<ReviewRefusal> {
    match failure {
        Failure::Refused(reasons) => {
            Failure::Refused(reasons.iter().map(|r| ReviewRefusal::NotReleased(r.to_string())).collect())
        }
        Failure::Unexpected(error) => Failure::Unexpected(error),
    }
}
