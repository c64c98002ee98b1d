//! Proposing a class, signing it, and asking for it at submission.

use serde_json::json;

use super::{Needed, Opinion, OpinionVerdict, store};
use crate::accounts::{Permission, Role, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse, unless_refused};
use crate::publishing::{
    DisclosureClass, Edition, EditionEvent, PublishingRefusal as R, store as publishing_store,
};

/// Sets for which information the agency wants the form; drafts that are under review already are not asked again.
pub async fn set_needed(tx: &mut Tx, staff: &Staff, agency_id: &str, needed: &str) -> Result<(), R> {
    if !staff.may(Permission::SetChains, agency_id) {
        return refuse(R::Forbidden);
    }
    let Some(needed) = Needed::from_code(needed) else {
        return refuse(R::NotInList { field: "needed", label: "要求" });
    };
    let (id, now) = (tx.new_id(), tx.now_text());
    store::insert_rule(tx.conn(), &id, agency_id, needed, &staff.user_id, &now).await?;
    tx.record(Act::new(
        "publishing",
        "class_opinion_rule_set",
        agency_id,
        agency_id,
        json!({"needed": needed.code()}),
    ));
    Ok(())
}

/// 提出 — the drafter signs the class and its reason as they stand in the draft.
pub async fn propose(tx: &mut Tx, staff: &Staff, edition_id: &str) -> Result<String, R> {
    let Some(edition) = publishing_store::edition(tx.conn(), edition_id).await? else {
        return refuse(R::Missing);
    };
    if !staff.may(Permission::DraftEntries, &edition.agency_id) {
        return refuse(R::Forbidden);
    }
    edition.state()?.after(EditionEvent::Write).map_err(|r| Failure::Refused(vec![r]))?;
    let mut reasons = Vec::new();
    match DisclosureClass::from_code(&edition.disclosure_class) {
        None => reasons.push(R::NotInList { field: "disclosure_class", label: "公开属性" }),
        Some(DisclosureClass::Proactive) => {}
        Some(_) if edition.class_reason.trim().is_empty() => reasons.push(R::ClassReasonMissing),
        Some(_) => {}
    }
    let before = store::newest(tx.conn(), &edition.entry_id).await?;
    let is_same = |one: &Opinion| {
        one.disclosure_class == edition.disclosure_class && one.class_reason == edition.class_reason
    };
    if let Some(one) = before.as_ref().filter(|one| is_same(one)) {
        match one.verdict.as_deref() {
            None => reasons.push(R::OpinionWaits),
            Some("agreed") => reasons.push(R::OpinionAgreed),
            Some(_) => {}
        }
    }
    unless_refused(reasons)?;
    let (id, now) = (tx.new_id(), tx.now_text());
    if let Some(open) = before.filter(|one| one.verdict.is_none()) {
        let replaced = (OpinionVerdict::Replaced.code(), "");
        store::decide(tx.conn(), &open.id, replaced, &staff.user_id, &now).await?;
    }
    store::insert(tx.conn(), &id, &edition, &staff.user_id, &now).await?;
    tx.record(Act::new(
        "publishing",
        "class_proposed",
        &edition.agency_id,
        &edition.entry_id,
        json!({"opinion": id, "edition": edition_id, "class": edition.disclosure_class,
               "reason": edition.class_reason}),
    ));
    Ok(id)
}

/// 签署 — the head agrees, or says why not.
pub async fn decide(
    tx: &mut Tx,
    staff: &Staff,
    opinion_id: &str,
    verdict: &str,
    words: &str,
) -> Result<(), R> {
    let Some(opinion) = store::opinion(tx.conn(), opinion_id).await? else { return refuse(R::Missing) };
    let agency_id = &opinion.agency_id;
    if !staff.may(Permission::SignOff, agency_id) {
        return refuse(R::Forbidden);
    }
    let mut reasons = Vec::new();
    let heads = [Role::SectionHead, Role::Leader, Role::PrincipalLeader];
    if !heads.iter().any(|role| staff.holds(*role, agency_id)) {
        reasons.push(R::OpinionSigner);
    }
    if opinion.proposed_by == staff.user_id {
        reasons.push(R::OpinionOwn);
    }
    if opinion.verdict.is_some() {
        reasons.push(R::OpinionDecided);
    }
    let edition = publishing_store::edition(tx.conn(), &opinion.edition_id).await?;
    let is_current = edition.is_some_and(|edition| {
        edition.disclosure_class == opinion.disclosure_class && edition.class_reason == opinion.class_reason
    });
    if !is_current {
        reasons.push(R::OpinionStale);
    }
    let verdict = OpinionVerdict::from_code(verdict).filter(|one| *one != OpinionVerdict::Replaced);
    match verdict {
        None => reasons.push(R::NotInList { field: "verdict", label: "意见" }),
        Some(OpinionVerdict::Declined) if words.trim().is_empty() => {
            reasons.push(R::Blank { field: "words", label: "不同意的原因" });
        }
        Some(_) => {}
    }
    if words.chars().count() > 200 {
        reasons.push(R::TooLong { field: "words", label: "意见", most: 200 });
    }
    unless_refused(reasons)?;
    let Some(verdict) = verdict else { return refuse(R::OpinionDecided) };
    let now = tx.now_text();
    if !store::decide(tx.conn(), opinion_id, (verdict.code(), words.trim()), &staff.user_id, &now).await? {
        return refuse(R::OpinionDecided);
    }
    tx.record(Act::new(
        "publishing",
        "class_decided",
        agency_id,
        &opinion.entry_id,
        json!({"opinion": opinion_id, "verdict": verdict.code(), "class": opinion.disclosure_class}),
    ));
    Ok(())
}

/// The opinion an edition is submitted with, or what is missing for it: one that is needed, or one that a change of class
/// has made out of date.
pub(crate) async fn for_submission(
    conn: &mut crate::db::Conn,
    edition: &Edition,
) -> anyhow::Result<std::result::Result<Option<String>, R>> {
    let newest = store::newest(conn, &edition.entry_id).await?;
    if let Some(one) = &newest
        && one.agrees_with(&edition.disclosure_class, &edition.class_reason)
    {
        return Ok(Ok(Some(one.id.clone())));
    }
    let is_needed =
        store::needed(conn, &edition.agency_id).await?.applies(edition.document_number.as_deref());
    Ok(match newest {
        // Once there is one, it has to say what the edition says.
        Some(one) if one.verdict.is_none() => Err(R::OpinionWaits),
        Some(_) => Err(R::OpinionOutOfDate),
        None if is_needed => Err(R::OpinionMissing),
        None => Ok(None),
    })
}

/// Why an edition cannot be submitted yet for want of an opinion.
pub async fn lacking(conn: &mut crate::db::Conn, edition: &Edition) -> anyhow::Result<Option<R>> {
    Ok(for_submission(conn, edition).await?.err())
}
