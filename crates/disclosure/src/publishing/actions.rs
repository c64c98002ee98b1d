//! Drafting, submitting, releasing, withdrawing.

use serde_json::json;

use super::refusal::from_review;
use super::validation;
use super::{
    Attachment, DisclosureClass, Draft, Edition, EditionEvent, EditionState, PublishingRefusal, Released,
    WithdrawalClass, body, content_hash, removals, store,
};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Gathered, Result, Together, refuse, unless_refused};
use crate::files::Prepared;
use crate::reporting;
use crate::review::{self, ReviewState, Subject};
use crate::word_check;

/// More attachments than this belong into one archive.
const MOST_ATTACHMENTS: usize = 20;

/// A new entry with its first edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafted {
    pub entry_id: String,
    pub edition_id: String,
}

/// Starts an entry under a line of the agency's catalogue.
pub async fn draft_entry(
    tx: &mut Tx,
    staff: &Staff,
    line_id: &str,
    draft: &Draft,
) -> Result<Drafted, PublishingRefusal> {
    let agency_id = store::agency_of_line(tx.conn(), line_id).await?;
    let content = validation::read(draft);
    let (agency_id, content) = match (agency_id, content) {
        (Some(agency_id), Ok(content)) => (agency_id, content),
        (agency_id, content) => {
            let mut reasons = content.err().unwrap_or_default();
            if agency_id.is_none() {
                reasons.push(PublishingRefusal::LineMissing);
            }
            return Err(Failure::Refused(reasons));
        }
    };
    if !staff.may(Permission::DraftEntries, &agency_id) {
        return refuse(PublishingRefusal::Forbidden);
    }
    let (entry_id, edition_id) = (tx.new_id(), tx.new_id());
    let now = tx.now_text();
    store::insert_entry(tx.conn(), &entry_id, &agency_id, line_id, &staff.user_id, &now).await?;
    store::insert_edition(tx.conn(), &edition_id, &entry_id, 1, &content, &staff.user_id, &now).await?;
    store::insert_author(tx.conn(), &edition_id, &staff.user_id).await?;
    tx.record(Act::new(
        "publishing",
        "drafted",
        &agency_id,
        &entry_id,
        json!({"edition": edition_id, "line": line_id, "title": content.title}),
    ));
    Ok(Drafted { entry_id, edition_id })
}

/// 修订 — starts a new edition beside the newest one, with its content and attachments.
pub async fn revise(tx: &mut Tx, staff: &Staff, entry_id: &str) -> Result<Drafted, PublishingRefusal> {
    let Some(newest) = store::newest_edition(tx.conn(), entry_id).await? else {
        return refuse(PublishingRefusal::Missing);
    };
    if !staff.may(Permission::DraftEntries, &newest.agency_id) {
        return refuse(PublishingRefusal::Forbidden);
    }
    if matches!(newest.state()?, EditionState::Drafting | EditionState::InReview | EditionState::Returned) {
        return refuse(PublishingRefusal::AlreadyBeingRevised);
    }
    let content = validation::read(&Draft { change_note: String::new(), ..newest.draft() });
    let mut content = content.map_err(Failure::Refused)?;
    content.body_html.clone_from(&newest.body_html);
    let edition_id = tx.new_id();
    let now = tx.now_text();
    let ordinal = newest.ordinal + 1;
    store::insert_edition(tx.conn(), &edition_id, entry_id, ordinal, &content, &staff.user_id, &now).await?;
    store::insert_author(tx.conn(), &edition_id, &staff.user_id).await?;
    for (position, attachment) in (1..).zip(store::attachments(tx.conn(), &newest.id).await?) {
        let id = tx.new_id();
        store::insert_attachment(
            tx.conn(),
            &id,
            &edition_id,
            &attachment.file_sha256,
            &attachment.name,
            position,
        )
        .await?;
    }
    tx.record(Act::new(
        "publishing",
        "revision_started",
        &newest.agency_id,
        entry_id,
        json!({"edition": edition_id, "ordinal": ordinal}),
    ));
    Ok(Drafted { entry_id: entry_id.to_owned(), edition_id })
}

/// Moves an entry to another line of the same catalogue. Only while nothing of it was ever submitted: the line is
/// signed with the content.
pub async fn move_to_line(
    tx: &mut Tx,
    staff: &Staff,
    entry_id: &str,
    line_id: &str,
) -> Result<(), PublishingRefusal> {
    let Some(newest) = store::newest_edition(tx.conn(), entry_id).await? else {
        return refuse(PublishingRefusal::Missing);
    };
    if !staff.may(Permission::DraftEntries, &newest.agency_id) {
        return refuse(PublishingRefusal::Forbidden);
    }
    if newest.line_id == line_id {
        return Ok(());
    }
    if store::agency_of_line(tx.conn(), line_id).await?.as_deref() != Some(&*newest.agency_id) {
        return refuse(PublishingRefusal::LineMissing);
    }
    newest.state()?.after(EditionEvent::Write).map_err(|r| Failure::Refused(vec![r]))?;
    if newest.ordinal > 1 {
        return refuse(PublishingRefusal::LineSigned);
    }
    store::set_line(tx.conn(), entry_id, line_id).await?;
    tx.record(Act::new(
        "publishing",
        "moved",
        &newest.agency_id,
        entry_id,
        json!({"from": newest.line_id, "line": line_id}),
    ));
    Ok(())
}

/// Saves a draft over the `version` it was typed on. Blanks are allowed, nonsense is not.
///
/// # Errors
/// Someone else saved in between: nothing is written, and the refusal says who and when.
pub async fn save_draft(
    tx: &mut Tx,
    staff: &Staff,
    edition_id: &str,
    version: i64,
    draft: &Draft,
) -> Result<(), PublishingRefusal> {
    let edition = to_write(tx, staff, edition_id).await?;
    let mut reasons = Vec::new();
    if edition.version != version {
        reasons.push(changed_meanwhile(tx, &edition).await?);
    }
    let content = match validation::read(draft) {
        Ok(content) => content,
        Err(more) => {
            reasons.extend(more);
            return Err(Failure::Refused(reasons));
        }
    };
    let is_rewritten = content.title != edition.title || content.body_html != edition.body_html;
    if is_rewritten && reporting::store::is_compiled(tx.conn(), edition_id).await? {
        reasons.push(PublishingRefusal::Compiled);
    }
    unless_refused(reasons)?;
    let now = tx.now_text();
    let is_saved =
        store::update_content(tx.conn(), edition_id, version, &content, &staff.user_id, &now).await?;
    if !is_saved {
        return refuse(changed_meanwhile(tx, &edition).await?);
    }
    store::insert_author(tx.conn(), edition_id, &staff.user_id).await?;
    store::delete_working(tx.conn(), edition_id, &staff.user_id).await?;
    tx.record(Act::new(
        "publishing",
        "saved",
        &edition.agency_id,
        &edition.entry_id,
        json!({"edition": edition_id, "version": version + 1}),
    ));
    Ok(())
}

/// Adds a file to a draft under the name it will be downloaded by. What was hidden in it is removed already, and what
/// it says is kept for the check before publication.
pub async fn attach(
    tx: &mut Tx,
    staff: &Staff,
    edition_id: &str,
    prepared: &Prepared,
) -> Result<String, PublishingRefusal> {
    let edition = to_write(tx, staff, edition_id).await?;
    let file = &prepared.file;
    let present = store::attachments(tx.conn(), edition_id).await?;
    let mut reasons = Vec::new();
    if present.iter().any(|a| a.name == file.name) {
        reasons.push(PublishingRefusal::AttachmentNameTaken(file.name.clone()));
    }
    if present.len() >= MOST_ATTACHMENTS {
        reasons.push(PublishingRefusal::TooManyAttachments { most: MOST_ATTACHMENTS });
    }
    unless_refused(reasons)?;
    let id = tx.new_id();
    let now = tx.now_text();
    crate::files::note_prepared(tx.conn(), prepared, &now).await?;
    let position = store::last_attachment_position(tx.conn(), edition_id).await? + 1;
    store::insert_attachment(tx.conn(), &id, edition_id, &file.sha256, &file.name, position).await?;
    store::insert_author(tx.conn(), edition_id, &staff.user_id).await?;
    tx.record(Act::new(
        "publishing",
        "attached",
        &edition.agency_id,
        &edition.entry_id,
        json!({"edition": edition_id, "attachment": id, "name": file.name, "sha256": file.sha256,
               "original": prepared.sealed.as_ref().map(|sealed| &sealed.original.sha256),
               "removed": prepared.sealed.as_ref().map(|sealed| &sealed.removed)}),
    ));
    Ok(id)
}

/// Takes an attachment off a draft.
pub async fn detach(tx: &mut Tx, staff: &Staff, attachment_id: &str) -> Result<(), PublishingRefusal> {
    let Some(attachment) = store::attachment(tx.conn(), attachment_id).await? else {
        return refuse(PublishingRefusal::Missing);
    };
    let edition = to_write(tx, staff, &attachment.edition_id).await?;
    store::delete_attachment(tx.conn(), attachment_id).await?;
    tx.record(Act::new(
        "publishing",
        "detached",
        &edition.agency_id,
        &edition.entry_id,
        json!({"edition": edition.id, "attachment": attachment_id, "name": attachment.name}),
    ));
    Ok(())
}

/// 送审 — fixes the content under its hash and opens the review. Returns the review.
///
/// # Errors
/// Everything that is missing, at once; who saved in between; a stage that no one could sign.
pub async fn submit(
    tx: &mut Tx,
    staff: &Staff,
    edition_id: &str,
    version: i64,
) -> Result<String, PublishingRefusal> {
    let edition = to_write(tx, staff, edition_id).await?;
    edition.state()?.after(EditionEvent::Submit).map_err(|r| Failure::Refused(vec![r]))?;
    let attachments = store::attachments(tx.conn(), edition_id).await?;
    let mut reasons = validation::before_submission(&edition, attachments.len(), tx.today());
    if edition.version != version {
        reasons.push(changed_meanwhile(tx, &edition).await?);
    }
    let pictures = body::pictures(&edition.body_html);
    let is_attached = |hash: &String| attachments.iter().any(|file| file.file_sha256 == *hash);
    if !pictures.iter().all(is_attached) {
        reasons.push(PublishingRefusal::PictureMissing);
    }
    let opinion = match super::class_opinions::actions::for_submission(tx.conn(), &edition).await? {
        Ok(opinion) => opinion,
        Err(reason) => {
            reasons.push(reason);
            None
        }
    };
    let today = tx.today();
    reasons.extend(reporting::typed::obstacles(tx.conn(), &edition, &attachments, today).await?);
    let found = word_check::check(tx.conn(), &edition).await?;
    reasons.extend(found.iter().filter(|one| one.is_open()).map(PublishingRefusal::must_not_stand));
    unless_refused(reasons)?;

    let hash = content_hash(&edition, &attachments);
    reporting::typed::note_passed(tx, &edition, &hash).await?;
    let now = tx.now_text();
    if !store::fix_content(tx.conn(), edition_id, version, (&hash, opinion.as_deref()), &now).await? {
        return refuse(changed_meanwhile(tx, &edition).await?);
    }
    tx.record(Act::new(
        "publishing",
        "submitted",
        &edition.agency_id,
        &edition.entry_id,
        json!({"edition": edition_id, "content_hash": hash, "class_opinion": opinion}),
    ));
    let subject = Subject::Edition(edition_id.to_owned());
    review::actions::open(tx, &edition.agency_id, &subject, &hash).await.map_err(from_review)
}

/// The draft as a page shows it, to be submitted as exactly that.
#[derive(Clone, Copy, Debug)]
pub struct ShownDraft<'a> {
    pub edition_id: &'a str,
    /// [`content_hash`] of what was shown.
    pub shown: &'a str,
}

/// 批量送审 — submits several drafts: all of them, or none.
pub async fn submit_together(
    tx: &mut Tx,
    staff: &Staff,
    drafts: &[ShownDraft<'_>],
) -> Together<String, PublishingRefusal> {
    let mut gathered = Gathered::new();
    for draft in drafts {
        gathered.take(draft.edition_id, submit_shown(tx, staff, draft).await)?;
    }
    gathered.end()
}

async fn submit_shown(
    tx: &mut Tx,
    staff: &Staff,
    draft: &ShownDraft<'_>,
) -> Result<String, PublishingRefusal> {
    let edition = to_write(tx, staff, draft.edition_id).await?;
    let attachments = store::attachments(tx.conn(), draft.edition_id).await?;
    if content_hash(&edition, &attachments) != draft.shown {
        return refuse(PublishingRefusal::NotAsShown);
    }
    submit(tx, staff, draft.edition_id, edition.version).await
}

/// Follows the end of a review: signed content stays fixed, otherwise it may be written at again. What is
/// signed for everyone goes out in the same change.
pub(crate) async fn review_closed(
    tx: &mut Tx,
    edition_id: &str,
    review_id: &str,
    ending: ReviewState,
) -> Result<Option<Released>, PublishingRefusal> {
    let event = match ending {
        ReviewState::Open => return Ok(None),
        ReviewState::Signed => EditionEvent::Sign,
        ReviewState::Returned => EditionEvent::Return,
        ReviewState::Withdrawn => EditionEvent::TakeBack,
    };
    let Some(edition) = store::edition(tx.conn(), edition_id).await? else {
        return refuse(PublishingRefusal::Missing);
    };
    if edition.state()? == EditionState::Released && super::emergency::concluded(tx, &edition, ending).await?
    {
        return Ok(None);
    }
    let state = edition.state()?.after(event).map_err(|r| Failure::Refused(vec![r]))?;
    let now = tx.now_text();
    if event == EditionEvent::Sign {
        store::set_state(tx.conn(), edition_id, state, &now).await?;
        if super::schedule::waits(tx, edition_id).await? {
            return Ok(None);
        }
        return release_if_signed(tx, edition_id).await;
    }
    let attachments = store::attachments(tx.conn(), edition_id).await?;
    review::rounds::keep(tx.conn(), review_id, &edition, &attachments).await?;
    store::reopen(tx.conn(), edition_id, state, &now).await?;
    Ok(None)
}

/// 发布 — releases an edition that every stage has signed, when it is for everyone; the stored bytes must
/// still give the hash that was signed. Gives the index number at the first release.
pub async fn release_if_signed(tx: &mut Tx, edition_id: &str) -> Result<Option<Released>, PublishingRefusal> {
    let Some(edition) = store::edition(tx.conn(), edition_id).await? else {
        return refuse(PublishingRefusal::Missing);
    };
    if edition.state()? != EditionState::Signed
        || edition.disclosure_class != DisclosureClass::Proactive.code()
    {
        return Ok(None);
    }
    let attachments: Vec<Attachment> = store::attachments(tx.conn(), edition_id).await?;
    let hash = content_hash(&edition, &attachments);
    let Some(review_id) = store::signed_review(tx.conn(), edition_id, &hash).await? else {
        return refuse(PublishingRefusal::HashDiffers);
    };
    release(tx, &edition, &review_id).await.map(Some)
}

/// Lets an edition out under a review, once more over the stored bytes. The database asks again whether the review is
/// signed, or two people signed for an emergency.
pub(super) async fn release(
    tx: &mut Tx,
    edition: &Edition,
    review_id: &str,
) -> Result<Released, PublishingRefusal> {
    let edition_id = edition.id.as_str();
    let attachments: Vec<Attachment> = store::attachments(tx.conn(), edition_id).await?;
    let hash = content_hash(edition, &attachments);
    if edition.content_hash.as_deref() != Some(&*hash) {
        return refuse(PublishingRefusal::HashDiffers);
    }
    let now = tx.now_text();
    let by = tx.by().id().to_owned();
    store::insert_release(tx.conn(), edition, review_id, &hash, &by, &now).await?;
    crate::reporting::stored::released(tx, edition).await?;

    let today = tx.today();
    let index_number = super::index_numbers::actions::for_release(tx, &edition.entry_id).await?;
    store::supersede_released(tx.conn(), &edition.entry_id, &now).await?;
    store::set_state(tx.conn(), edition_id, EditionState::Released, &now).await?;
    store::set_live(tx.conn(), &edition.entry_id, edition_id, &index_number, &now, &today.to_string())
        .await?;
    tx.record(Act::new(
        "publishing",
        "released",
        &edition.agency_id,
        &edition.entry_id,
        json!({"edition": edition_id, "index_number": index_number, "review": review_id,
               "content_hash": hash, "title": edition.title}),
    ));
    tell_partners(tx, &edition.entry_id).await?;
    Ok(Released { entry_id: edition.entry_id.clone(), index_number })
}

/// 撤回 — takes an entry off the site; its address stays and says why.
pub async fn withdraw(
    tx: &mut Tx,
    staff: &Staff,
    entry_id: &str,
    class: &str,
    reason: &str,
) -> Result<(), PublishingRefusal> {
    let Some(entry) = store::withdrawable(tx.conn(), entry_id).await? else {
        return refuse(PublishingRefusal::Missing);
    };
    if !staff.may(Permission::DraftEntries, &entry.agency_id) {
        return refuse(PublishingRefusal::Forbidden);
    }
    let mut reasons = Vec::new();
    if entry.live_edition_id.is_none() {
        reasons.push(PublishingRefusal::NotReleased);
    }
    if entry.withdrawn_at.is_some() {
        reasons.push(PublishingRefusal::AlreadyWithdrawn);
    }
    let class = WithdrawalClass::from_code(class);
    if class.is_none() {
        reasons.push(PublishingRefusal::NotInList { field: "withdrawal_class", label: "撤回原因" });
    }
    let reason = reason.trim();
    if reason.is_empty() {
        reasons.push(PublishingRefusal::Blank { field: "withdrawal_reason", label: "撤回说明" });
    }
    if reason.chars().count() > 500 {
        reasons.push(PublishingRefusal::TooLong {
            field: "withdrawal_reason", label: "撤回说明", most: 500
        });
    }
    let (Some(class), true) = (class, reasons.is_empty()) else { return Err(Failure::Refused(reasons)) };
    Ok(take_down(tx, entry_id, class, reason).await?)
}

/// Takes an entry off the site, by whoever acts here: an officer who was allowed to, or the program when a publicity
/// period is over.
pub(crate) async fn take_down(
    tx: &mut Tx,
    entry_id: &str,
    class: WithdrawalClass,
    reason: &str,
) -> anyhow::Result<()> {
    let Some(entry) = store::withdrawable(tx.conn(), entry_id).await? else { return Ok(()) };
    let now = tx.now_text();
    store::set_withdrawn(tx.conn(), entry_id, class.code(), reason, &now).await?;
    if let Some(id) = &entry.live_edition_id
        && let Some(edition) = store::edition(tx.conn(), id).await?
    {
        crate::reporting::stored::withdrawn(tx, &edition).await?;
    }
    tx.record(Act::new(
        "publishing",
        "withdrawn",
        &entry.agency_id,
        entry_id,
        json!({"class": class.code(), "reason": reason}),
    ));
    tell_partners(tx, entry_id).await?;
    removals::actions::plan(tx, entry_id).await
}

/// Its title stands on the pages of what it is paired with: they are read anew, too.
async fn tell_partners(tx: &mut Tx, entry_id: &str) -> anyhow::Result<()> {
    for (partner, agency_id) in store::partners(tx.conn(), entry_id).await? {
        tx.record(Act::new(
            "publishing",
            "partner_changed",
            &agency_id,
            &partner,
            json!({"partner": entry_id}),
        ));
    }
    Ok(())
}

/// The edition, for someone who may write at it now.
async fn to_write(tx: &mut Tx, staff: &Staff, edition_id: &str) -> Result<Edition, PublishingRefusal> {
    let Some(edition) = store::edition(tx.conn(), edition_id).await? else {
        return refuse(PublishingRefusal::Missing);
    };
    if !staff.may(Permission::DraftEntries, &edition.agency_id) {
        return refuse(PublishingRefusal::Forbidden);
    }
    edition.state()?.after(EditionEvent::Write).map_err(|r| Failure::Refused(vec![r]))?;
    Ok(edition)
}

async fn changed_meanwhile(tx: &mut Tx, edition: &Edition) -> anyhow::Result<PublishingRefusal> {
    let (by, at) = store::last_saved(tx.conn(), &edition.id).await?;
    Ok(PublishingRefusal::ChangedMeanwhile { by, at: crate::time::shown_text(&at) })
}
