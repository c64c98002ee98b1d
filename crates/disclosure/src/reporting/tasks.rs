//! 年度报告待办 — what a person has to do for the reports, with the day by which they are due. 《条例》第四十九条.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Submission, SubmissionState, accepts_for, due_of, store, year_in_title};
use crate::accounts::{self, Agency, Permission, Staff};
use crate::db::Conn;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportTaskKind {
    /// 审核 — the second person in the house.
    Approve,
    /// 接收 — the district.
    Accept,
    /// 修改 — it was sent back.
    Revise,
    /// 起草公开 — it was accepted and is not among the entries yet.
    Draft,
    /// 编制.
    Compile,
    /// 重新汇总 — a report below was accepted after the government's was summed.
    SumAgain,
}

impl ReportTaskKind {
    pub const fn label(self) -> &'static str {
        match self {
            ReportTaskKind::Approve => "待审核报送",
            ReportTaskKind::Accept => "待接收",
            ReportTaskKind::Revise => "被退回，待修改",
            ReportTaskKind::Draft => "已通过，待起草公开",
            ReportTaskKind::Compile => "待编制送审",
            ReportTaskKind::SumAgain => "所属机关的报告有补报或者更正，待重新汇总",
        }
    }
}

/// One report that waits for this person.
#[derive(Clone, Debug)]
pub struct ReportTask {
    pub kind: ReportTaskKind,
    pub agency: Agency,
    pub year: i16,
    /// 1 月 31 日, or 3 月 31 日 for the government's report.
    pub due_on: Date,
    /// The submission to decide about.
    pub submission_id: Option<String>,
    /// What was said when it was sent back.
    pub opinion: String,
}

/// What waits for this person, the earliest due first.
pub async fn tasks(conn: &mut Conn, staff: &Staff, today: Date) -> anyhow::Result<Vec<ReportTask>> {
    let agencies = accounts::agencies(conn).await?;
    let last_year = today.year() - 1;
    let mut newest: BTreeMap<String, Submission> = BTreeMap::new();
    for submission in store::submissions_of_year(conn, last_year).await? {
        newest.entry(submission.agency_id.clone()).or_insert(submission);
    }
    let mut found = Vec::new();
    for submission in store::open_submissions(conn).await? {
        let Some(agency) = agencies.iter().find(|agency| agency.id == submission.agency_id) else { continue };
        let touched = [Some(&submission.prepared_by), submission.approved_by.as_ref()];
        let is_mine = touched.contains(&Some(&staff.user_id));
        let kind = match submission.state() {
            SubmissionState::Prepared if staff.may(Permission::ApproveReport, &agency.id) => {
                ReportTaskKind::Approve
            }
            SubmissionState::Submitted if accepts_for(staff, agency) => ReportTaskKind::Accept,
            _ => continue,
        };
        let year = i16::try_from(submission.year).unwrap_or_default();
        if !is_mine {
            found.push(task(kind, agency, year, Some(&submission)));
        }
    }
    for agency in agencies.iter().filter(|agency| staff.may(Permission::CompileReport, &agency.id)) {
        let submission = newest.get(&agency.id);
        let kind = match submission.map(Submission::state) {
            None => ReportTaskKind::Compile,
            Some(SubmissionState::Declined | SubmissionState::Returned) => ReportTaskKind::Revise,
            Some(SubmissionState::Accepted) if is_stale(conn, agency, last_year, today).await? => {
                ReportTaskKind::SumAgain
            }
            Some(SubmissionState::Accepted) => ReportTaskKind::Draft,
            Some(SubmissionState::Prepared | SubmissionState::Submitted) => continue,
        };
        let entries = store::report_entries(conn, &agency.id).await?;
        let is_drafted = entries.iter().any(|entry| year_in_title(&entry.title) == Some(last_year));
        // What is out needs nothing more; a correction that was sent back does.
        if !is_drafted || matches!(kind, ReportTaskKind::Revise | ReportTaskKind::SumAgain) {
            found.push(task(kind, agency, last_year, submission));
        }
    }
    found.sort_by(|a, b| (a.due_on, a.kind, &a.agency.code).cmp(&(b.due_on, b.kind, &b.agency.code)));
    Ok(found)
}

/// Whether a government's sum no longer is what was accepted below. The hashes tell most of it; only where one
/// is not among what was summed are the figures looked at.
async fn is_stale(conn: &mut Conn, agency: &Agency, year: i16, today: Date) -> anyhow::Result<bool> {
    if !agency.is_government() {
        return Ok(false);
    }
    let Some(snapshot) = store::snapshot(conn, &agency.id, year).await? else { return Ok(false) };
    let members = super::government::members(conn, agency, year).await?;
    let mut accepted = members.iter().filter_map(|member| member.accepted.as_ref());
    if accepted.all(|submission| snapshot.body.contains(&submission.sha256)) {
        return Ok(false);
    }
    let frozen = super::gather(conn, agency, year, today).await?;
    let now = super::gather_now(conn, agency, year, today).await?;
    Ok(frozen.zip(now).is_some_and(|(frozen, now)| !super::differences(&frozen, &now).is_empty()))
}

fn task(kind: ReportTaskKind, agency: &Agency, year: i16, submission: Option<&Submission>) -> ReportTask {
    ReportTask {
        kind,
        agency: agency.clone(),
        year,
        due_on: due_of(agency, year).on,
        submission_id: submission.map(|submission| submission.id.clone()),
        opinion: submission.and_then(|submission| submission.opinion.clone()).unwrap_or_default(),
    }
}
