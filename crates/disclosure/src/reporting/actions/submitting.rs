//! 报送 — preparing, approving in the house, returning or accepting above.

use serde_json::json;

use super::super::submission::written;
use super::super::{
    ReportingRefusal as Refusal, Submission, SubmissionState, YearLedger, accepts_for, gather, own_check,
    store,
};
use super::adjusting::about_reason;
use super::subject_of;
use crate::accounts::{self, Agency, Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};

/// 送审 — fixes the report as it stands and gives it to the second person in the house; returns its id.
///
/// # Errors
/// Everything that keeps the report in the house: errors, warnings without an accepted reason, parts not
/// written, a year that is not over or not frozen.
pub async fn prepare_submission(
    tx: &mut Tx,
    staff: &Staff,
    agency: &Agency,
    year: i16,
) -> Result<String, Refusal> {
    if !staff.may(Permission::CompileReport, &agency.id) {
        return refuse(Refusal::Forbidden);
    }
    let today = tx.today();
    let Some(ledger) = gather(tx.conn(), agency, year, today).await? else {
        return refuse(Refusal::NoSuchYear(year));
    };
    let mut reasons = obstacles(tx, &ledger).await?;
    let (body, hash) = written(&ledger.report())?;
    let earlier = store::submissions(tx.conn(), &agency.id, year).await?;
    match earlier.first().map(|newest| (newest.state(), &newest.sha256)) {
        Some((SubmissionState::Prepared | SubmissionState::Submitted, _)) => {
            reasons.push(Refusal::SubmissionOpen);
        }
        Some((SubmissionState::Accepted, accepted)) if *accepted == hash => {
            reasons.push(Refusal::AlreadyAccepted);
        }
        _ => {}
    }
    let (Some(snapshot), true) = (&ledger.frozen, reasons.is_empty()) else {
        return Err(Failure::Refused(reasons));
    };
    let (id, now) = (tx.new_id(), tx.now_text());
    let new = store::NewSubmission {
        id: &id,
        agency_id: &agency.id,
        year,
        ordinal: i64::try_from(earlier.len()).unwrap_or(i64::MAX) + 1,
        snapshot_id: &snapshot.id,
        body: &body,
        sha256: &hash,
        prepared_by: &staff.user_id,
        prepared_at: &now,
    };
    store::insert_submission(tx.conn(), &new).await?;
    tx.record(Act::new(
        "reporting",
        "submission_prepared",
        &agency.id,
        &subject_of(&agency.id, year),
        json!({"submission": id, "sha256": hash}),
    ));
    Ok(id)
}

/// What keeps a report in the house.
pub(super) async fn obstacles(tx: &mut Tx, ledger: &YearLedger) -> anyhow::Result<Vec<Refusal>> {
    let (year, today) = (ledger.period.year, tx.today());
    let mut reasons = Vec::new();
    if !ledger.period.is_over(today) {
        reasons.push(Refusal::StillRunning(year));
    } else if ledger.frozen.is_none() {
        reasons.push(Refusal::NotFrozen(year));
    }
    reasons.extend(ledger.unwritten().into_iter().map(Refusal::Unwritten));
    let check = own_check(tx.conn(), ledger, today).await?;
    let is_said = |rule: &str| matches!(rule, "part-unwritten" | "year-not-frozen");
    let errors = check
        .items
        .iter()
        .filter(|item| item.severity == gongkai_report::Severity::Error && !is_said(&item.rule))
        .count();
    if errors > 0 {
        reasons.push(Refusal::HasErrors(errors));
    }
    match check.open_warnings() {
        0 => {}
        open => reasons.push(Refusal::OpenWarnings(open)),
    }
    Ok(reasons)
}

/// The submission and its agency, in the state in which it can be acted on.
async fn to_decide(tx: &mut Tx, id: &str) -> Result<(Submission, Agency), Refusal> {
    let Some(submission) = store::submission(tx.conn(), id).await? else {
        return refuse(Refusal::NoSuchSubmission);
    };
    let Some(agency) = accounts::agency(tx.conn(), &submission.agency_id).await? else {
        return refuse(Refusal::NoSuchSubmission);
    };
    Ok((submission, agency))
}

/// 审核同意并报送 — the second person lets it go; returns the receipt's number.
pub async fn approve_submission(tx: &mut Tx, staff: &Staff, id: &str) -> Result<String, Refusal> {
    let (submission, agency) = to_decide(tx, id).await?;
    may_approve(staff, &submission, SubmissionState::Prepared)?;
    let year = i16::try_from(submission.year).unwrap_or_default();
    let today = tx.today();
    let Some(ledger) = gather(tx.conn(), &agency, year, today).await? else {
        return refuse(Refusal::NoSuchYear(year));
    };
    let mut reasons = obstacles(tx, &ledger).await?;
    if written(&ledger.report())?.1 != submission.sha256 {
        reasons.push(Refusal::ChangedSincePrepared);
    }
    if !reasons.is_empty() {
        return Err(Failure::Refused(reasons));
    }
    let serial = tx.next_number(&format!("report-receipt/{}", today.year())).await?;
    let receipt = format!("NB-{}-{serial:04}", today.year());
    let now = tx.now_text();
    store::send_submission(tx.conn(), id, &staff.user_id, &now, &today.to_string(), &receipt).await?;
    tx.record(act("submission_sent", &submission, json!({"receipt": receipt, "sha256": submission.sha256})));
    Ok(receipt)
}

/// 本机关退回 — the second person sends it back to the compiler.
pub async fn decline_submission(tx: &mut Tx, staff: &Staff, id: &str, opinion: &str) -> Result<(), Refusal> {
    let (submission, _) = to_decide(tx, id).await?;
    may_approve(staff, &submission, SubmissionState::Prepared)?;
    decide(tx, staff, &submission, SubmissionState::Declined, opinion).await
}

/// 退回 — the district sends it back with what is to be changed.
pub async fn return_submission(tx: &mut Tx, staff: &Staff, id: &str, opinion: &str) -> Result<(), Refusal> {
    let (submission, agency) = to_decide(tx, id).await?;
    may_accept(staff, &submission, &agency)?;
    decide(tx, staff, &submission, SubmissionState::Returned, opinion).await
}

/// 通过 — the district accepts it; now it may be published.
pub async fn accept_submission(tx: &mut Tx, staff: &Staff, id: &str, opinion: &str) -> Result<(), Refusal> {
    let (submission, agency) = to_decide(tx, id).await?;
    may_accept(staff, &submission, &agency)?;
    decide(tx, staff, &submission, SubmissionState::Accepted, opinion).await
}

fn may_approve(staff: &Staff, submission: &Submission, wanted: SubmissionState) -> Result<(), Refusal> {
    if !staff.may(Permission::ApproveReport, &submission.agency_id) {
        return refuse(Refusal::NotApprover);
    }
    if submission.prepared_by == staff.user_id {
        return refuse(Refusal::OwnSubmission);
    }
    if submission.state() == wanted { Ok(()) } else { refuse(Refusal::SubmissionDecided) }
}

fn may_accept(staff: &Staff, submission: &Submission, agency: &Agency) -> Result<(), Refusal> {
    if !accepts_for(staff, agency) {
        return refuse(Refusal::NotOverseer);
    }
    let touched = [Some(&submission.prepared_by), submission.approved_by.as_ref()];
    if touched.contains(&Some(&staff.user_id)) {
        return refuse(Refusal::OwnSubmission);
    }
    match submission.state() {
        SubmissionState::Submitted => Ok(()),
        _ => refuse(Refusal::SubmissionDecided),
    }
}

async fn decide(
    tx: &mut Tx,
    staff: &Staff,
    submission: &Submission,
    state: SubmissionState,
    opinion: &str,
) -> Result<(), Refusal> {
    let opinion = opinion.trim();
    let needs_words = state != SubmissionState::Accepted;
    if let Some(refusal) = about_reason(opinion).filter(|_| needs_words || !opinion.is_empty()) {
        let about_opinion = match refusal {
            Refusal::TooLong { limit, .. } => Refusal::TooLong { field: "opinion", label: "意见", limit },
            _ => Refusal::Blank { field: "opinion", label: "退回意见" },
        };
        return refuse(about_opinion);
    }
    let now = tx.now_text();
    store::decide_submission(tx.conn(), &submission.id, state.code(), &staff.user_id, &now, opinion).await?;
    let name = match state {
        SubmissionState::Accepted => "submission_accepted",
        SubmissionState::Returned => "submission_returned",
        _ => "submission_declined",
    };
    tx.record(act(name, submission, json!({"opinion": opinion, "sha256": submission.sha256})));
    Ok(())
}

fn act(name: &'static str, submission: &Submission, detail: serde_json::Value) -> Act {
    let year = i16::try_from(submission.year).unwrap_or_default();
    let subject = subject_of(&submission.agency_id, year);
    Act::new("reporting", name, &submission.agency_id, &subject, detail)
}
