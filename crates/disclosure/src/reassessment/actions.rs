//! Recording an assessment.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;

use super::{MONTHS, ReassessmentRefusal as R, Verdict, store};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};
use crate::publishing::actions::{Drafted, revise, save_draft};
use crate::publishing::{DisclosureClass, PublishingRefusal};

/// Records an assessment. To convert starts a new edition for everyone, which then goes the usual way; it is returned.
pub async fn assess(
    tx: &mut Tx,
    staff: &Staff,
    entry_id: &str,
    verdict: &str,
    reason: &str,
    next_due_on: &str,
) -> Result<Option<Drafted>, R> {
    let Some(agency_id) = store::agency_of(tx.conn(), entry_id).await? else { return refuse(R::Missing) };
    if !staff.may(Permission::DraftEntries, &agency_id) {
        return refuse(R::Forbidden);
    }
    let Some(entry) = store::one(tx.conn(), entry_id).await? else { return refuse(R::NotWithheld) };
    let mut reasons = Vec::new();
    let verdict = Verdict::from_code(verdict);
    if verdict.is_none() {
        reasons.push(R::NoVerdict);
    }
    let reason = reason.trim();
    match reason.chars().count() {
        0 => reasons.push(R::NoReason),
        501.. => reasons.push(R::TooLong),
        _ => {}
    }
    let latest = tx.today().checked_add(MONTHS.months()).map_err(anyhow::Error::from)?;
    let next = match next_due_on.trim() {
        "" => Some(latest),
        typed => match typed.parse::<Date>() {
            Ok(day) if day <= tx.today() => None,
            Ok(day) if day > latest => {
                reasons.push(R::NextTooLate { latest });
                Some(day)
            }
            Ok(day) => Some(day),
            Err(_) => None,
        },
    };
    if next.is_none() {
        reasons.push(R::NextUnreadable);
    }
    let (Some(verdict), Some(next), true) = (verdict, next, reasons.is_empty()) else {
        return Err(Failure::Refused(reasons));
    };
    let next = (verdict == Verdict::Keep).then(|| next.to_string());
    let id = tx.new_id();
    let today = tx.today().to_string();
    store::insert(
        tx.conn(),
        &id,
        &entry,
        (verdict.code(), reason),
        (&staff.user_id, &today),
        next.as_deref(),
    )
    .await?;
    tx.record(Act::new(
        "reassessment",
        "assessed",
        &agency_id,
        entry_id,
        json!({"verdict": verdict.code(), "reason": reason, "next_due_on": next}),
    ));
    if verdict == Verdict::Keep {
        return Ok(None);
    }
    let in_words = |failure: Failure<PublishingRefusal>| match failure {
        Failure::Refused(reasons) => {
            Failure::Refused(reasons.iter().map(|reason| R::Publishing(reason.to_string())).collect())
        }
        Failure::Unexpected(error) => Failure::Unexpected(error),
    };
    let drafted = revise(tx, staff, entry_id).await.map_err(in_words)?;
    let Some(edition) = crate::publishing::store::edition(tx.conn(), &drafted.edition_id).await? else {
        return refuse(R::Missing);
    };
    let mut draft = edition.draft();
    draft.disclosure_class = DisclosureClass::Proactive.code().into();
    draft.class_reason = String::new();
    draft.change_note = format!("经定期评估审查，转为主动公开。{reason}");
    save_draft(tx, staff, &drafted.edition_id, edition.version, &draft).await.map_err(in_words)?;
    Ok(Some(drafted))
}
