//! 定时发布 — a signed edition that goes out at a set moment. The gate is asked again at that moment, and the timer is a
//! row of its own, so it fires once however many processes there are.

mod store;
#[cfg(test)]
mod tests;

use gongkai_statute::calendar::Calendar;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde_json::json;

pub use store::{PublishTime, of_edition};

use super::actions::release_if_signed;
use super::{DisclosureClass, Edition, EditionState, PublishingRefusal as R, Released};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse, unless_refused};
use crate::{jobs, mail, time, word_check};

/// A moment as a form gives it: `2026-11-21T09:30`, in China.
pub fn moment(typed: &str) -> Option<Timestamp> {
    let local: DateTime = typed.trim().parse().ok()?;
    Some(local.to_zoned(time::china()).ok()?.timestamp())
}

/// The same moment as a form shows it.
pub fn typed(stored: &str) -> String {
    stored.parse::<Timestamp>().map_or_else(
        |_| String::new(),
        |at| at.to_zoned(time::china()).strftime("%Y-%m-%dT%H:%M").to_string(),
    )
}

/// The last day for publishing, when a moment lies after it. 《条例》第二十六条.
pub fn past_due(made_on: &str, time_limit: &str, release_at: &str, calendar: &Calendar) -> Option<Date> {
    let due_on = super::due::last_day(made_on.parse().ok()?, time_limit, calendar)?;
    let on = time::day_in_china(release_at.parse().ok()?);
    (on > due_on).then_some(due_on)
}

/// Sets or moves the moment. What is signed already waits for it; what is not goes out at it, if it is signed by then,
/// and with its last signature otherwise.
pub async fn set(tx: &mut Tx, staff: &Staff, edition_id: &str, typed: &str) -> Result<(), R> {
    let edition = to_time(tx, staff, edition_id).await?;
    let mut reasons = Vec::new();
    if edition.disclosure_class != DisclosureClass::Proactive.code() {
        reasons.push(R::NotForEveryone);
    }
    let at = moment(typed);
    match at {
        None => reasons.push(R::MomentUnreadable),
        Some(at) if at <= tx.now() => reasons.push(R::MomentPast),
        Some(_) => {}
    }
    unless_refused(reasons)?;
    let Some(at) = at else { return refuse(R::MomentUnreadable) };
    let (release_at, now) = (time::stored(at), tx.now_text());
    store::put(tx.conn(), edition_id, &release_at, &staff.user_id, &now).await?;
    if edition.state()? == EditionState::Signed {
        add_job(tx, edition_id, &release_at).await?;
    }
    tx.record(Act::new(
        "publishing",
        "release_time_set",
        &edition.agency_id,
        &edition.entry_id,
        json!({"edition": edition_id, "release_at": release_at}),
    ));
    Ok(())
}

/// Takes the moment away. What was only waiting for it goes out now, through the same gate.
pub async fn clear(tx: &mut Tx, staff: &Staff, edition_id: &str) -> Result<Option<Released>, R> {
    let edition = to_time(tx, staff, edition_id).await?;
    if !store::delete(tx.conn(), edition_id).await? {
        return refuse(R::NoMoment);
    }
    tx.record(Act::new(
        "publishing",
        "release_time_cleared",
        &edition.agency_id,
        &edition.entry_id,
        json!({"edition": edition_id}),
    ));
    if edition.state()? != EditionState::Signed {
        return Ok(None);
    }
    unless_refused(found_now(tx, &edition).await?)?;
    release_if_signed(tx, edition_id).await
}

/// Whether a just signed edition has to wait; then its timer is set.
pub(super) async fn waits(tx: &mut Tx, edition_id: &str) -> anyhow::Result<bool> {
    let Some(time) = store::of_edition(tx.conn(), edition_id).await? else { return Ok(false) };
    if time.release_at <= tx.now_text() {
        return Ok(false);
    }
    add_job(tx, edition_id, &time.release_at).await?;
    Ok(true)
}

/// The moment has come. What the gate refuses now stays in, and its author is told why.
pub(crate) async fn release_due(tx: &mut Tx, payload: &str) -> anyhow::Result<()> {
    let (edition_id, release_at) = payload.split_once(' ').unwrap_or((payload, ""));
    let time = store::of_edition(tx.conn(), edition_id).await?;
    if time.is_none_or(|time| time.release_at != release_at) {
        // Moved or taken away meanwhile; another timer stands for it.
        return Ok(());
    }
    let Some(edition) = super::store::edition(tx.conn(), edition_id).await? else { return Ok(()) };
    if edition.state()? != EditionState::Signed {
        return Ok(());
    }
    let mut reasons = found_now(tx, &edition).await?;
    if reasons.is_empty() {
        match release_if_signed(tx, edition_id).await {
            Ok(Some(_)) => return Ok(()),
            Ok(None) => reasons.push(R::NotForEveryone),
            Err(Failure::Refused(why)) => reasons.extend(why),
            Err(Failure::Unexpected(error)) => return Err(error),
        }
    }
    let words: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    let (refusal, now) = (words.join(""), tx.now_text());
    store::set_refused(tx.conn(), edition_id, &refusal, &now).await?;
    tx.record(Act::new(
        "publishing",
        "release_refused",
        &edition.agency_id,
        &edition.entry_id,
        json!({"edition": edition_id, "release_at": release_at, "refusal": refusal}),
    ));
    let (name, address) = store::author(tx.conn(), edition_id).await?;
    let body = format!(
        "{name}：\n\n《{}》定于 {} 发布，届时没有通过发布前的核对，没有公开：\n\n{refusal}\n\n请登录工作台处理。",
        edition.title,
        time::shown_text(release_at)
    );
    mail::actions::post(tx, &address, "定时发布没有完成", &body).await
}

/// What must not stand in the text by the lists of this moment.
async fn found_now(tx: &mut Tx, edition: &Edition) -> anyhow::Result<Vec<R>> {
    let found = word_check::check(tx.conn(), edition).await?;
    Ok(found.iter().filter(|one| one.is_open()).map(R::must_not_stand).collect())
}

async fn add_job(tx: &mut Tx, edition_id: &str, release_at: &str) -> anyhow::Result<()> {
    let run_at = release_at.parse()?;
    let payload = format!("{edition_id} {release_at}");
    let key = format!("{}:{edition_id}:{release_at}", jobs::Kind::ReleaseEdition.code());
    Ok(jobs::actions::add(tx, jobs::Kind::ReleaseEdition, &payload, &key, run_at).await?)
}

/// The edition, for someone who may say when it goes out, while it has not.
async fn to_time(tx: &mut Tx, staff: &Staff, edition_id: &str) -> Result<Edition, R> {
    let Some(edition) = super::store::edition(tx.conn(), edition_id).await? else {
        return refuse(R::Missing);
    };
    if !staff.may(Permission::DraftEntries, &edition.agency_id) {
        return refuse(R::Forbidden);
    }
    match edition.state()? {
        state @ (EditionState::Released | EditionState::Superseded) => {
            refuse(R::NotInThisState { state, wanted: "定时发布" })
        }
        _ => Ok(edition),
    }
}
