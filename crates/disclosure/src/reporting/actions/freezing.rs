//! 年终快照 — freezing the figures of a finished year.

use serde_json::json;

use super::super::government::members;
use super::super::snapshot::{differences, sha256, written};
use super::super::{Period, ReportingRefusal as Refusal, gather, gather_now, store};
use super::subject_of;
use crate::accounts::{self, Agency, Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};

/// Freezes a finished year as its records stand; returns the hash. The second time it needs a reason and
/// something that changed, and is refused once the next year has begun from it.
pub async fn freeze(
    tx: &mut Tx,
    staff: &Staff,
    agency: &Agency,
    year: i16,
    reason: &str,
) -> Result<String, Refusal> {
    if !staff.may(Permission::CompileReport, &agency.id) {
        return refuse(Refusal::Forbidden);
    }
    let today = tx.today();
    let Some(period) = Period::of(year, today) else { return refuse(Refusal::NoSuchYear(year)) };
    let mut reasons = Vec::new();
    if !period.is_over(today) {
        reasons.push(Refusal::StillRunning(year));
    }
    if agency.is_government() {
        let members = members(tx.conn(), agency, year).await?;
        if members.iter().all(|member| member.accepted.is_none()) {
            reasons.push(Refusal::NothingToSum(year));
        }
    }
    let before = store::snapshot(tx.conn(), &agency.id, year).await?;
    if before.is_some() {
        if store::snapshot(tx.conn(), &agency.id, year + 1).await?.is_some() {
            reasons.push(Refusal::NextYearFrozen(year + 1));
        }
        if reason.trim().is_empty() {
            reasons.push(Refusal::AlreadyFrozen);
        }
        let frozen = gather(tx.conn(), agency, year, today).await?;
        let now = gather_now(tx.conn(), agency, year, today).await?;
        if frozen.zip(now).is_none_or(|(frozen, now)| differences(&frozen, &now).is_empty()) {
            reasons.push(Refusal::NothingChanged);
        }
    }
    if !reasons.is_empty() {
        return Err(Failure::Refused(reasons));
    }
    let ordinal = before.map_or(1, |snapshot| snapshot.head.ordinal + 1);
    Ok(add(tx, agency, year, ordinal, reason.trim(), Some(&staff.user_id)).await?)
}

/// Freezes the year for every agency that has not done so: the program, at year end. Returns how many.
pub async fn freeze_all(tx: &mut Tx, year: i16) -> anyhow::Result<usize> {
    let today = tx.today();
    if Period::of(year, today).is_none_or(|period| !period.is_over(today)) {
        return Ok(0);
    }
    let mut frozen = 0;
    for agency in accounts::agencies(tx.conn()).await? {
        // A government's year is closed when the reports below are there, not at midnight.
        if agency.is_government() {
            continue;
        }
        if store::snapshot(tx.conn(), &agency.id, year).await?.is_none() {
            add(tx, &agency, year, 1, "", None).await?;
            frozen += 1;
        }
    }
    Ok(frozen)
}

async fn add(
    tx: &mut Tx,
    agency: &Agency,
    year: i16,
    ordinal: i64,
    reason: &str,
    by: Option<&str>,
) -> anyhow::Result<String> {
    let today = tx.today();
    let ledger = gather_now(tx.conn(), agency, year, today).await?;
    let ledger = ledger.ok_or_else(|| anyhow::anyhow!("{year} cannot be frozen"))?;
    let body = written(&ledger)?;
    let hash = sha256(&body);
    let (id, frozen_at) = (tx.new_id(), tx.now_text());
    let snapshot = store::NewSnapshot {
        id: &id,
        agency_id: &agency.id,
        year,
        ordinal,
        body: &body,
        sha256: &hash,
        reason,
        frozen_by: by,
        frozen_on: today.to_string(),
        frozen_at,
    };
    store::insert_snapshot(tx.conn(), &snapshot).await?;
    tx.record(Act::new(
        "reporting",
        "year_frozen",
        &agency.id,
        &subject_of(&agency.id, year),
        json!({"ordinal": ordinal, "sha256": hash, "reason": reason}),
    ));
    Ok(hash)
}
