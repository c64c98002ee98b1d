//! Deciding about a warning of the own check.

use gongkai_report::Severity;
use serde_json::json;

use super::super::{CheckItem, ReportingRefusal as Refusal, VerdictKind, gather, own_check, store};
use super::adjusting::about_reason;
use super::subject_of;
use crate::accounts::{Agency, Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};

/// Notes what was decided about a warning, with the reason. Errors are put right, never decided away.
pub async fn judge(
    tx: &mut Tx,
    staff: &Staff,
    agency: &Agency,
    year: i16,
    fingerprint: &str,
    verdict: &str,
    reason: &str,
) -> Result<CheckItem, Refusal> {
    if !staff.may(Permission::CompileReport, &agency.id) {
        return refuse(Refusal::Forbidden);
    }
    let today = tx.today();
    let Some(ledger) = gather(tx.conn(), agency, year, today).await? else {
        return refuse(Refusal::NoSuchYear(year));
    };
    let check = own_check(tx.conn(), &ledger, today).await?;
    let Some(item) = check.items.into_iter().find(|item| item.fingerprint == fingerprint) else {
        return refuse(Refusal::NoSuchFinding);
    };
    let mut reasons: Vec<Refusal> = about_reason(reason).into_iter().collect();
    let kind = VerdictKind::from_code(verdict);
    if kind.is_none() {
        reasons.push(Refusal::NotInList { field: "verdict", label: "处理意见" });
    }
    if item.severity == Severity::Error {
        reasons.push(Refusal::ErrorStays);
    }
    let (Some(kind), true) = (kind, reasons.is_empty()) else { return Err(Failure::Refused(reasons)) };
    let now = tx.now_text();
    let new = store::NewVerdict {
        agency_id: &agency.id,
        year,
        fingerprint,
        rule: &item.rule,
        message: &item.message,
        verdict: kind.code(),
        reason: reason.trim(),
        decided_by: &staff.user_id,
        decided_at: &now,
    };
    store::upsert_verdict(tx.conn(), &new).await?;
    tx.record(Act::new(
        "reporting",
        "finding_judged",
        &agency.id,
        &subject_of(&agency.id, year),
        json!({"rule": item.rule, "fingerprint": fingerprint, "verdict": kind.code(), "reason": reason.trim()}),
    ));
    Ok(item)
}
