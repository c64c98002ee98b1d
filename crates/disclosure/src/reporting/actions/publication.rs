//! 公开和更正 — the accepted report among the entries, and its corrected editions.

use gongkai_report::Report;
use gongkai_report::model::Paragraph;
use serde_json::json;

use super::super::correction::{Change, changes, statement};
use super::super::submission::{read, written};
use super::super::{
    ReportEdition, ReportingRefusal as Refusal, SubmissionState, YearLedger, gather, store, year_in_title,
};
use super::adjusting::about_reason;
use super::subject_of;
use super::submitting::obstacles;
use crate::accounts::{Agency, Permission, Staff};
use crate::audit::Act;
use crate::catalogue;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};
use crate::publishing::actions::{Drafted, draft_entry, revise, save_draft};
use crate::publishing::{self, DisclosureClass, Draft, EditionState, Genre, PublishingRefusal};

/// 起草公开 — puts the report that the district accepted into the normal review as an entry. A draft that came
/// back from the review is filled anew once a changed report was accepted.
pub async fn draft_report(
    tx: &mut Tx,
    staff: &Staff,
    agency: &Agency,
    year: i16,
) -> Result<Drafted, Refusal> {
    let ledger = to_compile(tx, staff, agency, year).await?;
    let mut reasons = obstacles(tx, &ledger).await?;
    let report = ledger.report();
    let (body, hash) = written(&report)?;
    let submissions = store::submissions(tx.conn(), &agency.id, year).await?;
    let accepted = submissions.iter().find(|s| s.state() == SubmissionState::Accepted);
    match accepted {
        None => reasons.push(Refusal::NotAccepted),
        Some(accepted) if accepted.sha256 != hash => reasons.push(Refusal::ChangedSinceAccepted),
        Some(_) => {}
    }
    let editions = store::report_editions(tx.conn(), &agency.id, year).await?;
    let unfinished = editions.last().filter(|last| {
        let state = EditionState::from_code(&last.state);
        matches!(state, Some(EditionState::Drafting | EditionState::Returned)) && last.sha256 != hash
    });
    let entries = store::report_entries(tx.conn(), &agency.id).await?;
    if unfinished.is_none() && entries.iter().any(|entry| year_in_title(&entry.title) == Some(year)) {
        reasons.push(Refusal::AlreadyDrafted);
    }
    let lines = catalogue::lines(tx.conn(), &agency.id).await?;
    let line = lines.iter().find(|line| line.title.contains("年度报告"));
    if line.is_none() {
        reasons.push(Refusal::NoCatalogueLine);
    }
    let (Some(line), Some(accepted), true) = (line, accepted, reasons.is_empty()) else {
        return Err(Failure::Refused(reasons));
    };
    let draft = draft_of(&report, agency, year, tx.today().to_string());
    let drafted = match unfinished {
        None => draft_entry(tx, staff, &line.id, &draft).await.map_err(said)?,
        Some(edition) => {
            store::delete_report_edition(tx.conn(), &edition.edition_id).await?;
            fill(tx, staff, &edition.edition_id, draft).await?;
            Drafted { entry_id: edition.entry_id.clone(), edition_id: edition.edition_id.clone() }
        }
    };
    let model = Model { body: &body, hash: &hash, submission_id: &accepted.id, reason: "", changes: &[] };
    keep(tx, agency, year, &drafted, &model).await?;
    tx.record(Act::new(
        "reporting",
        "report_drafted",
        &agency.id,
        &subject_of(&agency.id, year),
        json!({"entry": drafted.entry_id, "sha256": hash}),
    ));
    Ok(drafted)
}

/// 更正 — starts a corrected edition of a published report: what it says now, with every changed figure named
/// beside the published one and the reason. It goes out through the normal review.
pub async fn correct_report(
    tx: &mut Tx,
    staff: &Staff,
    agency: &Agency,
    year: i16,
    reason: &str,
) -> Result<Drafted, Refusal> {
    let ledger = to_compile(tx, staff, agency, year).await?;
    let editions = store::report_editions(tx.conn(), &agency.id, year).await?;
    let is_out = |edition: &&ReportEdition| edition.state == EditionState::Released.code();
    let Some(published) = editions.iter().rev().find(is_out) else { return refuse(Refusal::NotPublished) };
    let mut reasons = obstacles(tx, &ledger).await?;
    reasons.extend(about_reason(reason));
    let mut report = ledger.report();
    let changed = changes(&read(&published.body)?, &report);
    if changed.is_empty() {
        reasons.push(Refusal::NothingToCorrect);
    }
    let submissions = store::submissions(tx.conn(), &agency.id, year).await?;
    // What is corrected was sent to the district again and accepted: the receipt stands behind the new edition.
    let hash = written(&report)?.1;
    let accepted = submissions.iter().find(|s| s.state() == SubmissionState::Accepted);
    let accepted = accepted.filter(|accepted| accepted.sha256 == hash);
    if accepted.is_none() && !changed.is_empty() {
        reasons.push(Refusal::NotSentAgain);
    }
    let (Some(accepted), true) = (accepted, reasons.is_empty()) else {
        return Err(Failure::Refused(reasons));
    };
    let today = tx.today().to_string();
    let reason = reason.trim();
    // Earlier corrections stay in sight.
    let earlier = read(&published.body)?.lead.into_iter().filter(|p| p.text.starts_with("更正说明"));
    report.lead.extend(earlier);
    report.lead.push(Paragraph { text: statement(&changed, reason, &today), at: None });
    let (body, hash) = written(&report)?;
    let drafted = revise(tx, staff, &published.entry_id).await.map_err(said)?;
    let draft = Draft { change_note: format!("更正：{reason}"), ..draft_of(&report, agency, year, today) };
    fill(tx, staff, &drafted.edition_id, draft).await?;
    let model = Model { body: &body, hash: &hash, submission_id: &accepted.id, reason, changes: &changed };
    keep(tx, agency, year, &drafted, &model).await?;
    tx.record(Act::new(
        "reporting",
        "correction_drafted",
        &agency.id,
        &subject_of(&agency.id, year),
        json!({"entry": drafted.entry_id, "sha256": hash, "reason": reason, "changes": changed}),
    ));
    Ok(drafted)
}

async fn to_compile(tx: &mut Tx, staff: &Staff, agency: &Agency, year: i16) -> Result<YearLedger, Refusal> {
    if !staff.may(Permission::CompileReport, &agency.id) {
        return refuse(Refusal::Forbidden);
    }
    let today = tx.today();
    match gather(tx.conn(), agency, year, today).await? {
        Some(ledger) => Ok(ledger),
        None => refuse(Refusal::NoSuchYear(year)),
    }
}

fn draft_of(report: &Report, agency: &Agency, year: i16, made_on: String) -> Draft {
    Draft {
        title: gongkai_report::write::title(report),
        summary: format!(
            "{}{year}年主动公开、依申请公开、行政复议和行政诉讼以及存在的问题和改进情况。",
            agency.name
        ),
        body: gongkai_report::write::body_html(report),
        genre: Genre::AnnualReport.code().into(),
        keywords: "政府信息公开 年度报告".into(),
        source: agency.name.clone(),
        made_on,
        disclosure_class: DisclosureClass::Proactive.code().into(),
        ..Draft::default()
    }
}

/// Writes the draft into an edition that stands open.
async fn fill(tx: &mut Tx, staff: &Staff, edition_id: &str, draft: Draft) -> Result<(), Refusal> {
    let edition = publishing::store::edition(tx.conn(), edition_id).await?;
    let edition = edition.ok_or_else(|| anyhow::anyhow!("the edition {edition_id} is gone"))?;
    save_draft(tx, staff, edition_id, edition.version, &draft).await.map_err(said)
}

/// What is kept of an edition's report.
struct Model<'a> {
    body: &'a str,
    hash: &'a str,
    submission_id: &'a str,
    reason: &'a str,
    changes: &'a [Change],
}

async fn keep(
    tx: &mut Tx,
    agency: &Agency,
    year: i16,
    drafted: &Drafted,
    model: &Model<'_>,
) -> anyhow::Result<()> {
    let (changes, now) = (serde_json::to_string(model.changes)?, tx.now_text());
    let new = store::NewReportEdition {
        edition_id: &drafted.edition_id,
        agency_id: &agency.id,
        year,
        submission_id: model.submission_id,
        body: model.body,
        sha256: model.hash,
        reason: model.reason,
        changes: &changes,
        created_at: &now,
    };
    Ok(store::insert_report_edition(tx.conn(), &new).await?)
}

/// What publishing refuses, in its own words.
fn said(failure: Failure<PublishingRefusal>) -> Failure<Refusal> {
    match failure {
        Failure::Unexpected(error) => Failure::Unexpected(error),
        Failure::Refused(reasons) => {
            Failure::Refused(reasons.iter().map(|reason| Refusal::Publishing(reason.to_string())).collect())
        }
    }
}
