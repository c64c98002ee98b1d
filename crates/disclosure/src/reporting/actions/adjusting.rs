//! 调整 — proposing, confirming by a second person, ending.

use gongkai_report::CellAddress;
use serde_json::json;

use super::super::figures::Figure;
use super::super::{Adjustment, ReportingRefusal as Refusal, gather, store};
use super::subject_of;
use crate::accounts::{Agency, Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};

/// An adjustment as it was typed.
#[derive(Clone, Debug, Default)]
pub struct NewAdjustment {
    /// The address of the cell.
    pub cell: String,
    pub value: String,
    pub reason: String,
}

const LONGEST_REASON: usize = 500;

/// Proposes that a cell of a frozen year be reported otherwise than counted; returns its id.
pub async fn propose_adjustment(
    tx: &mut Tx,
    staff: &Staff,
    agency: &Agency,
    year: i16,
    new: &NewAdjustment,
) -> Result<String, Refusal> {
    if !staff.may(Permission::CompileReport, &agency.id) {
        return refuse(Refusal::Forbidden);
    }
    let today = tx.today();
    let Ok(cell) = new.cell.parse::<CellAddress>() else { return refuse(Refusal::NoSuchCell) };
    let Some(ledger) = gather(tx.conn(), agency, year, today).await? else {
        return refuse(Refusal::NoSuchYear(year));
    };
    if ledger.report().get(cell).is_none() {
        return refuse(Refusal::NoSuchCell);
    }
    let counted = ledger.counted(&cell.into());
    let mut reasons = Vec::new();
    if ledger.frozen.is_none() {
        reasons.push(Refusal::NotFrozen(year));
    }
    if cell.is_derived() {
        reasons.push(Refusal::TotalCell);
    }
    let value = Figure::from_cell(&new.value, counted);
    match value {
        None => reasons.push(Refusal::ValueUnreadable { is_money: matches!(counted, Figure::Fen(_)) }),
        Some(value) if value == counted => reasons.push(Refusal::SameAsLedger),
        Some(_) => {}
    }
    reasons.extend(about_reason(&new.reason));
    if ledger.adjustment(&cell.into()).is_some() {
        reasons.push(Refusal::AlreadyAdjusted);
    }
    let (Some(value), true) = (value, reasons.is_empty()) else { return Err(Failure::Refused(reasons)) };

    let (id, now) = (tx.new_id(), tx.now_text());
    let adjustment = store::NewAdjustment {
        id: &id,
        agency_id: &agency.id,
        year,
        cell: cell.to_string(),
        ledger_value: counted.in_cell(),
        value: value.in_cell(),
        reason: new.reason.trim(),
        proposed_by: &staff.user_id,
        proposed_at: &now,
    };
    store::insert_adjustment(tx.conn(), &adjustment).await?;
    tx.record(Act::new(
        "reporting",
        "adjustment_proposed",
        &agency.id,
        &subject_of(&agency.id, year),
        json!({"cell": adjustment.cell, "from": adjustment.ledger_value, "to": adjustment.value,
               "reason": adjustment.reason}),
    ));
    Ok(id)
}

/// Confirms an adjustment as the second person: from now on the report says it.
pub async fn confirm_adjustment(tx: &mut Tx, staff: &Staff, id: &str) -> Result<Adjustment, Refusal> {
    let Some(adjustment) = store::adjustment(tx.conn(), id).await? else {
        return refuse(Refusal::NoSuchAdjustment);
    };
    if !staff.may(Permission::ApproveReport, &adjustment.agency_id) {
        return refuse(Refusal::NotApprover);
    }
    if adjustment.proposed_by == staff.user_id {
        return refuse(Refusal::OwnAdjustment);
    }
    if adjustment.confirmed_at.is_some() || adjustment.ended_at.is_some() {
        return refuse(Refusal::AdjustmentDecided);
    }
    let now = tx.now_text();
    store::confirm_adjustment(tx.conn(), id, &staff.user_id, &now).await?;
    tx.record(act("adjustment_confirmed", &adjustment, ""));
    Ok(adjustment)
}

/// Ends an adjustment: the second person declines it, or the agency no longer needs it. It stays on record.
pub async fn end_adjustment(
    tx: &mut Tx,
    staff: &Staff,
    id: &str,
    reason: &str,
) -> Result<Adjustment, Refusal> {
    let Some(adjustment) = store::adjustment(tx.conn(), id).await? else {
        return refuse(Refusal::NoSuchAdjustment);
    };
    let may = |permission| staff.may(permission, &adjustment.agency_id);
    if !may(Permission::CompileReport) && !may(Permission::ApproveReport) {
        return refuse(Refusal::Forbidden);
    }
    let mut reasons: Vec<Refusal> = about_reason(reason).into_iter().collect();
    if adjustment.ended_at.is_some() {
        reasons.push(Refusal::AdjustmentDecided);
    }
    if !reasons.is_empty() {
        return Err(Failure::Refused(reasons));
    }
    let now = tx.now_text();
    store::end_adjustment(tx.conn(), id, &staff.user_id, &now, reason.trim()).await?;
    tx.record(act("adjustment_ended", &adjustment, reason.trim()));
    Ok(adjustment)
}

fn act(name: &'static str, adjustment: &Adjustment, reason: &str) -> Act {
    let year = i16::try_from(adjustment.year).unwrap_or_default();
    Act::new(
        "reporting",
        name,
        &adjustment.agency_id,
        &subject_of(&adjustment.agency_id, year),
        json!({"cell": adjustment.cell, "from": adjustment.ledger_value, "to": adjustment.value, "reason": reason}),
    )
}

/// What is wrong with a written reason.
pub(super) fn about_reason(reason: &str) -> Option<Refusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Some(Refusal::Blank { field: "reason", label: "原因" });
    }
    (reason.chars().count() > LONGEST_REASON).then_some(Refusal::TooLong {
        field: "reason",
        label: "原因",
        limit: LONGEST_REASON,
    })
}
