//! Putting the compiled report among the entries.

use serde_json::json;

use super::super::{ReportingRefusal as Refusal, compile, gather, store, year_in_title};
use super::subject_of;
use crate::accounts::{Agency, Permission, Staff};
use crate::audit::Act;
use crate::catalogue;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};
use crate::publishing::actions::Drafted;
use crate::publishing::{self, DisclosureClass, Draft, Genre, PublishingRefusal};

/// 起草年度报告 — puts the compiled report into the normal review as a draft entry. Only a finished year
/// whose report passes its own check and has all its parts is drafted, and only once.
pub async fn draft_report(
    tx: &mut Tx,
    staff: &Staff,
    agency: &Agency,
    year: i16,
) -> Result<Drafted, Refusal> {
    if !staff.may(Permission::CompileReport, &agency.id) {
        return refuse(Refusal::Forbidden);
    }
    let today = tx.today();
    let Some(ledger) = gather(tx.conn(), agency, year, today).await? else {
        return refuse(Refusal::NoSuchYear(year));
    };
    let mut reasons = Vec::new();
    if !ledger.period.is_over(today) {
        reasons.push(Refusal::StillRunning(year));
    }
    reasons.extend(ledger.unwritten().into_iter().map(Refusal::Unwritten));
    let report = ledger.report();
    let before = compile(tx.conn(), agency, year - 1, today).await?;
    let findings = gongkai_report::check(&report, before.as_ref());
    match findings.iter().filter(|finding| finding.severity == gongkai_report::Severity::Error).count() {
        0 => {}
        errors => reasons.push(Refusal::HasErrors(errors)),
    }
    let entries = store::report_entries(tx.conn(), &agency.id).await?;
    if entries.iter().any(|entry| year_in_title(&entry.title) == Some(year)) {
        reasons.push(Refusal::AlreadyDrafted);
    }
    let lines = catalogue::lines(tx.conn(), &agency.id).await?;
    let line = lines.iter().find(|line| line.title.contains("年度报告"));
    if line.is_none() {
        reasons.push(Refusal::NoCatalogueLine);
    }
    let (Some(line), true) = (line, reasons.is_empty()) else { return Err(Failure::Refused(reasons)) };

    let draft = Draft {
        title: gongkai_report::write::title(&report),
        summary: format!(
            "{}{year}年主动公开、依申请公开、行政复议和行政诉讼以及存在的问题和改进情况。",
            agency.name
        ),
        body: gongkai_report::write::body_html(&report),
        genre: Genre::AnnualReport.code().into(),
        keywords: "政府信息公开 年度报告".into(),
        source: agency.name.clone(),
        made_on: today.to_string(),
        disclosure_class: DisclosureClass::Proactive.code().into(),
        ..Draft::default()
    };
    let drafted = publishing::actions::draft_entry(tx, staff, &line.id, &draft).await.map_err(said)?;
    tx.record(Act::new(
        "reporting",
        "report_drafted",
        &agency.id,
        &subject_of(&agency.id, year),
        json!({"entry": drafted.entry_id}),
    ));
    Ok(drafted)
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
