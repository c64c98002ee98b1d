//! Asking for an exception, agreeing to it, putting the right form in place, keeping the lists.

use serde_json::json;

use super::words::Word;
use super::{Found, Weight, WordCheckRefusal as R, WordKind, check, store};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::{Tx, is_taken};
use crate::error::{Failure, Result, refuse, unless_refused};
use crate::publishing::{self, Edition, PublishingRefusal};

/// 申请例外 — says why something found may stay. A second person has to agree.
pub async fn ask(
    tx: &mut Tx,
    staff: &Staff,
    edition_id: &str,
    fingerprint: &str,
    reason: &str,
) -> Result<(), R> {
    let (edition, found) = found(tx, staff, edition_id, fingerprint).await?;
    let reason = reason.trim();
    let mut reasons = Vec::new();
    if reason.is_empty() {
        reasons.push(R::ReasonMissing);
    }
    if reason.chars().count() > 200 {
        reasons.push(R::ReasonTooLong);
    }
    if found.exception.is_some() {
        reasons.push(R::AlreadyAsked);
    }
    unless_refused(reasons)?;
    let (id, now) = (tx.new_id(), tx.now_text());
    let what = (fingerprint, found.kind, found.shown.as_str());
    match store::insert_exception(tx.conn(), &id, &edition.entry_id, what, reason, &staff.user_id, &now).await
    {
        Err(e) if is_taken(&e) => return refuse(R::AlreadyAsked),
        other => other?,
    }
    tx.record(Act::new(
        "word_check",
        "exception_asked",
        &edition.agency_id,
        &edition.entry_id,
        json!({"exception": id, "kind": found.kind.code(), "shown": found.shown, "reason": reason}),
    ));
    Ok(())
}

/// 同意例外 — by someone who neither asked for it nor wrote at the text.
pub async fn agree(tx: &mut Tx, staff: &Staff, exception_id: &str) -> Result<(), R> {
    let (exception, agency_id) = open_exception(tx, exception_id).await?;
    if !staff.may(Permission::SignOff, &agency_id) && !staff.may(Permission::DraftEntries, &agency_id) {
        return refuse(R::Forbidden);
    }
    let authors = store::authors(tx.conn(), &exception.entry_id).await?;
    if exception.asked_by == staff.user_id || authors.contains(&staff.user_id) {
        return refuse(R::OwnText);
    }
    let now = tx.now_text();
    store::set_agreed(tx.conn(), exception_id, &staff.user_id, &now).await?;
    tx.record(Act::new(
        "word_check",
        "exception_agreed",
        &agency_id,
        &exception.entry_id,
        json!({"exception": exception_id, "kind": exception.kind, "shown": exception.shown}),
    ));
    Ok(())
}

/// Takes an exception back, or declines it; what was found then holds up 送审 again.
pub async fn end(tx: &mut Tx, staff: &Staff, exception_id: &str) -> Result<(), R> {
    let (exception, agency_id) = match store::exception(tx.conn(), exception_id).await? {
        Some(exception) => {
            let agency_id = publishing::store::agency_of_entry(tx.conn(), &exception.entry_id).await?;
            (exception, agency_id.unwrap_or_default())
        }
        None => return refuse(R::Missing),
    };
    if !staff.may(Permission::SignOff, &agency_id) && !staff.may(Permission::DraftEntries, &agency_id) {
        return refuse(R::Forbidden);
    }
    store::delete_exception(tx.conn(), exception_id).await?;
    tx.record(Act::new(
        "word_check",
        "exception_ended",
        &agency_id,
        &exception.entry_id,
        json!({"exception": exception_id, "kind": exception.kind, "shown": exception.shown,
               "was_agreed": exception.is_agreed(), "reason": exception.reason}),
    ));
    Ok(())
}

/// Puts the masked or right form in the place of what was found, everywhere in the text.
pub async fn replace(tx: &mut Tx, staff: &Staff, edition_id: &str, fingerprint: &str) -> Result<(), R> {
    let (edition, found) = found(tx, staff, edition_id, fingerprint).await?;
    let Some(instead) = found.instead.as_deref().filter(|_| found.is_replaceable()) else {
        return refuse(R::NotReplaceable);
    };
    let put = |text: &str| text.replace(&found.quote, instead);
    let mut draft = edition.draft();
    draft.body = edition.body_html.clone();
    for text in [
        &mut draft.title,
        &mut draft.summary,
        &mut draft.body,
        &mut draft.keywords,
        &mut draft.change_note,
        &mut draft.co_issuers,
        &mut draft.subtheme,
        &mut draft.contact,
    ] {
        *text = put(text);
    }
    let after = Edition { body_html: draft.body.clone(), title: draft.title.clone(), ..edition.clone() };
    let after = Edition {
        summary: draft.summary.clone(),
        keywords: draft.keywords.clone(),
        change_note: draft.change_note.clone(),
        co_issuers: draft.co_issuers.clone(),
        subtheme: draft.subtheme.clone(),
        contact: draft.contact.clone(),
        ..after
    };
    let still = check(tx.conn(), &after).await?;
    let stays = |one: &Found| {
        one.fingerprint() == fingerprint
            && one.quote == found.quote
            && one.places.iter().any(|p| !p.is_attachment)
    };
    if still.iter().any(stays) {
        return refuse(R::NotReplaceable);
    }
    let version = edition.version;
    match publishing::actions::save_draft(tx, staff, edition_id, version, &draft).await {
        Ok(()) => Ok(()),
        Err(Failure::Unexpected(error)) => Err(Failure::Unexpected(error)),
        Err(Failure::Refused(reasons)) => refuse(match reasons.first() {
            Some(PublishingRefusal::Forbidden) => R::Forbidden,
            Some(PublishingRefusal::Missing) => R::Missing,
            _ => R::NotEditable,
        }),
    }
}

/// A word as it is typed into the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedWord {
    /// Code of [`WordKind`].
    pub kind: String,
    pub word: String,
    pub instead: String,
    /// Code of [`Weight`], or `off`.
    pub weight: String,
    pub why: String,
}

impl TypedWord {
    fn read(&self) -> std::result::Result<Word, Vec<R>> {
        let mut reasons = Vec::new();
        let kind = WordKind::from_code(&self.kind);
        if kind.is_none() {
            reasons.push(R::NotInList { field: "kind", label: "类别" });
        }
        if self.weight != "off" && Weight::from_code(&self.weight).is_none() {
            reasons.push(R::NotInList { field: "weight", label: "处理方式" });
        }
        let (word, instead) = (self.word.trim(), self.instead.trim());
        if super::words::folded(word).is_empty() {
            reasons.push(R::WordMissing);
        }
        if [word, instead, self.why.trim()].iter().any(|text| text.chars().count() > 60) {
            reasons.push(R::TooLong);
        }
        if kind == Some(WordKind::Leader) && instead.is_empty() && self.weight != "off" {
            reasons.push(R::TitleMissing);
        }
        match kind {
            Some(kind) if reasons.is_empty() => Ok(Word {
                kind,
                word: word.to_owned(),
                instead: instead.to_owned(),
                weight: Weight::from_code(&self.weight),
                why: self.why.trim().to_owned(),
            }),
            _ => Err(reasons),
        }
    }
}

/// Adds words to the agency's list, or changes those that are there: all of them or none.
pub async fn put_words(tx: &mut Tx, staff: &Staff, agency_id: &str, typed: &[TypedWord]) -> Result<(), R> {
    if !staff.may(Permission::DraftEntries, agency_id) {
        return refuse(R::Forbidden);
    }
    let mut words = Vec::new();
    let mut reasons = Vec::new();
    for (row, typed_word) in (1..).zip(typed) {
        match typed_word.read() {
            Ok(word) => words.push(word),
            Err(wrong) if typed.len() == 1 => reasons.extend(wrong),
            Err(wrong) => reasons.extend(wrong.iter().map(|r| R::Row(row, r.to_string()))),
        }
    }
    unless_refused(reasons)?;
    let now = tx.now_text();
    for word in &words {
        store::put_word(tx.conn(), agency_id, word, &staff.user_id, &now).await?;
    }
    let noted: Vec<&str> = words.iter().map(|word| word.word.as_str()).take(50).collect();
    tx.record(Act::new(
        "word_check",
        "words_put",
        agency_id,
        agency_id,
        json!({"count": words.len(), "words": noted}),
    ));
    Ok(())
}

/// Takes a word off the agency's own list; a starting word then counts again as it came.
pub async fn remove_word(tx: &mut Tx, staff: &Staff, agency_id: &str, word: &str) -> Result<(), R> {
    if !staff.may(Permission::DraftEntries, agency_id) {
        return refuse(R::Forbidden);
    }
    if !store::delete_word(tx.conn(), agency_id, word).await? {
        return refuse(R::Missing);
    }
    tx.record(Act::new("word_check", "word_removed", agency_id, agency_id, json!({"word": word})));
    Ok(())
}

/// The edition and what was found in it under this fingerprint, for someone who may write at it.
async fn found(
    tx: &mut Tx,
    staff: &Staff,
    edition_id: &str,
    fingerprint: &str,
) -> Result<(Edition, Found), R> {
    let Some(edition) = publishing::store::edition(tx.conn(), edition_id).await? else {
        return refuse(R::Missing);
    };
    if !staff.may(Permission::DraftEntries, &edition.agency_id) {
        return refuse(R::Forbidden);
    }
    if !edition.state()?.is_open() {
        return refuse(R::NotEditable);
    }
    let all = check(tx.conn(), &edition).await?;
    match all.into_iter().find(|one| one.fingerprint() == fingerprint) {
        Some(found) => Ok((edition, found)),
        None => refuse(R::NotFound),
    }
}

async fn open_exception(tx: &mut Tx, id: &str) -> Result<(store::Exception, String), R> {
    let Some(exception) = store::exception(tx.conn(), id).await? else {
        return refuse(R::Missing);
    };
    if exception.is_agreed() {
        return refuse(R::NotFound);
    }
    match publishing::store::agency_of_entry(tx.conn(), &exception.entry_id).await? {
        Some(agency_id) => Ok((exception, agency_id)),
        None => refuse(R::Missing),
    }
}
