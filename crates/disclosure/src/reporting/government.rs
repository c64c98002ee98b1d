//! 本级政府的年度报告 — the accepted reports of the office and of the agencies below it, added up. 《条例》第四十九条
//! 第二款.
//!
//! The government is an agency of its own under the office that compiles its report. Its ledger is the sum: the
//! records behind a figure are the reports that were added, each with its number in this cell. So its report is
//! frozen, checked, adjusted, submitted, published and corrected like any other, and a report that was corrected
//! below shows as a difference that names the agency and the cell.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_report::model::OfficialForm;
use gongkai_report::{CellAddress, Content, Report};
use gongkai_statute::cite;
use jiff::civil::Date;
use serde_json::json;

use super::check::CheckItem;
use super::correction::{Change, changes};
use super::figures::{Figure, FigureAddress, Period};
use super::ledger::{Doubt, YearLedger, gather};
use super::submission::published;
use super::{Submission, SubmissionState, store};
use crate::accounts::{self, Agency, AgencyKind};
use crate::db::Conn;
use crate::records::{Record, Register};
use gongkai_report::Severity;

/// An agency whose report is part of the government's, with its newest accepted report.
#[derive(Clone, Debug)]
pub struct Member {
    pub agency: Agency,
    /// The office's own report.
    pub is_own: bool,
    pub accepted: Option<Submission>,
}

impl Agency {
    /// Whether its report is the sum over the office and the agencies below it.
    pub fn is_government(&self) -> bool {
        AgencyKind::from_code(&self.kind) == Some(AgencyKind::Government)
    }
}

/// The agencies whose reports the government's report adds up, the office first.
pub async fn members(conn: &mut Conn, government: &Agency, year: i16) -> anyhow::Result<Vec<Member>> {
    let Some(office) = &government.parent_id else { return Ok(Vec::new()) };
    let mut accepted: BTreeMap<String, Submission> = BTreeMap::new();
    for submission in store::submissions_of_year(conn, year).await? {
        if submission.state() == SubmissionState::Accepted {
            // The newest comes first.
            accepted.entry(submission.agency_id.clone()).or_insert(submission);
        }
    }
    let mut found: Vec<Member> = accounts::agencies(conn)
        .await?
        .into_iter()
        .filter(|agency| !agency.is_government())
        .filter(|agency| agency.id == *office || agency.parent_id.as_ref() == Some(office))
        .map(|agency| Member { is_own: agency.id == *office, accepted: accepted.remove(&agency.id), agency })
        .collect();
    found.sort_by_key(|member| !member.is_own);
    Ok(found)
}

/// The sum of a year as the accepted reports stand today.
pub(super) async fn sum(
    conn: &mut Conn,
    government: &Agency,
    period: Period,
    today: Date,
) -> anyhow::Result<YearLedger> {
    sum_of(conn, government, period, today, |_| true).await
}

/// The year before over the agencies that are in this year's sum: what one year carries on is held against what
/// the same agencies began with.
pub(super) async fn year_before(
    conn: &mut Conn,
    government: &Agency,
    year: i16,
    today: Date,
) -> anyhow::Result<Option<YearLedger>> {
    let Some(period) = Period::of(year - 1, today) else { return Ok(None) };
    let present: BTreeSet<String> = members(conn, government, year)
        .await?
        .into_iter()
        .filter(|member| member.accepted.is_some())
        .map(|member| member.agency.id)
        .collect();
    let ledger = sum_of(conn, government, period, today, |agency| present.contains(&agency.id)).await?;
    Ok((!ledger.behind.is_empty()).then_some(ledger))
}

async fn sum_of(
    conn: &mut Conn,
    government: &Agency,
    period: Period,
    today: Date,
    is_in: impl Fn(&Agency) -> bool,
) -> anyhow::Result<YearLedger> {
    let mut ledger = YearLedger::new(government.clone(), period);
    for member in members(conn, government, period.year).await? {
        if !is_in(&member.agency) {
            continue;
        }
        let Some(submission) = &member.accepted else { continue };
        add_cells(&mut ledger, &member, submission, &submission.report()?);
        // The numbers of the prose are not in the report; they come from the year it was made of.
        let Some(child) = Box::pin(gather(conn, &member.agency, period.year, today)).await? else { continue };
        for address in child.behind.keys().filter(|address| matches!(address, FigureAddress::Prose(_))) {
            let record = record_of(&member, submission, &child.said(address));
            ledger.add_part(address.clone(), child.figure(address), record);
        }
    }
    Ok(ledger)
}

fn add_cells(ledger: &mut YearLedger, member: &Member, submission: &Submission, report: &Report) {
    for cell in CellAddress::all(OfficialForm::for_year(ledger.period.year)) {
        let address = FigureAddress::from(cell);
        let like = ledger.counted(&address);
        let figure = match report.get(cell).map(|cell| &cell.content) {
            Some(Content::Count(count)) => Some(Figure::Count(*count)),
            Some(Content::Amount(amount)) => Figure::from_cell(amount, like),
            _ => None,
        };
        let said = figure.map_or_else(|| "不详".to_owned(), |figure| figure.said_of(&address));
        let record = record_of(member, submission, &said);
        match figure {
            Some(figure) => ledger.add_part(address, figure, record),
            None => ledger.doubts.push(Doubt {
                record,
                words: format!(
                    "通过的报告里没有“{}，{}”的数，合计不含它。",
                    cell.row_label(),
                    cell.column_label()
                ),
            }),
        }
    }
}

fn record_of(member: &Member, submission: &Submission, said: &str) -> Record {
    Record {
        register: Register::Reports,
        id: format!("{}/{}/submissions/{}", member.agency.code, submission.year, submission.id),
        title: format!("{}：{said}", member.agency.name),
        detail: format!(
            "第 {} 次报送，回执 {}，SHA-256 {}",
            submission.ordinal,
            submission.receipt_number.as_deref().unwrap_or_default(),
            submission.sha256
        ),
        date: submission.submitted_on.clone().unwrap_or_default(),
    }
}

/// What stands against a government's report beyond the ordinary check: agencies without an accepted report, and
/// accepted reports that say otherwise than the published ones.
pub(super) async fn against(conn: &mut Conn, ledger: &YearLedger) -> anyhow::Result<Vec<CheckItem>> {
    let year = ledger.period.year;
    let mut items = Vec::new();
    for member in members(conn, &ledger.agency, year).await? {
        let name = &member.agency.name;
        let Some(accepted) = &member.accepted else {
            items.push(CheckItem {
                basis: cite!(Ogi, 49, 2).to_string(),
                ..CheckItem::new(
                    "member-missing",
                    Severity::Warning,
                    format!("{name}还没有通过的 {year} 年度报告，合计不含它。请催报，或者写明原因。"),
                    json!([member.agency.code, year]),
                )
            });
            continue;
        };
        let Some(out) = published(conn, &member.agency.code, year).await? else { continue };
        let differing: Vec<Change> = changes(&out.report()?, &accepted.report()?)
            .into_iter()
            .filter(|change| change.place.contains('/'))
            .collect();
        let Some(first) = differing.first() else { continue };
        items.push(CheckItem {
            cell: first.place.parse().ok(),
            ..CheckItem::new(
                "member-differs",
                Severity::Warning,
                format!(
                    "{name}通过的报告与其公开的报告有 {} 格不同，例如“{}”公开 {}，通过 {}。合计按通过的计。",
                    differing.len(),
                    first.label,
                    first.old,
                    first.new
                ),
                json!([member.agency.code, out.sha256, accepted.sha256]),
            )
        });
    }
    Ok(items)
}
