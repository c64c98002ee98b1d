//! 报送 — a report on its way: prepared, approved in the house, sent to the district, returned or accepted,
//! published. 《条例》第四十九条.

use gongkai_report::model::Paragraph;
use gongkai_report::{Report, write};
use gongkai_statute::agencies;
use gongkai_statute::deadlines::dues::{self, Due};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{sha256, store};
use crate::accounts::{Agency, AgencyKind, Permission, Staff};
use crate::db::Conn;

/// How far a submission has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmissionState {
    /// Waits for the second person in the house.
    Prepared,
    /// Sent back in the house.
    Declined,
    /// With the district.
    Submitted,
    /// Sent back by the district.
    Returned,
    Accepted,
}

impl SubmissionState {
    pub const ALL: [SubmissionState; 5] = [
        SubmissionState::Prepared,
        SubmissionState::Declined,
        SubmissionState::Submitted,
        SubmissionState::Returned,
        SubmissionState::Accepted,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            SubmissionState::Prepared => "prepared",
            SubmissionState::Declined => "declined",
            SubmissionState::Submitted => "submitted",
            SubmissionState::Returned => "returned",
            SubmissionState::Accepted => "accepted",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            SubmissionState::Prepared => "本机关审核中",
            SubmissionState::Declined => "本机关退回",
            SubmissionState::Submitted => "已报送，待接收",
            SubmissionState::Returned => "上级退回",
            SubmissionState::Accepted => "上级通过",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// 报送 — with the names of the people.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Submission {
    pub id: String,
    pub agency_id: String,
    pub year: i64,
    pub ordinal: i64,
    pub body: String,
    pub sha256: String,
    /// Code of [`SubmissionState`].
    pub state: String,
    pub prepared_by: String,
    pub preparer: String,
    pub prepared_at: String,
    pub approved_by: Option<String>,
    pub approver: Option<String>,
    pub submitted_at: Option<String>,
    pub submitted_on: Option<String>,
    pub receipt_number: Option<String>,
    pub decider: Option<String>,
    pub decided_at: Option<String>,
    pub opinion: Option<String>,
}

impl Submission {
    pub fn state(&self) -> SubmissionState {
        SubmissionState::from_code(&self.state).unwrap_or(SubmissionState::Prepared)
    }

    pub fn report(&self) -> anyhow::Result<Report> {
        read(&self.body)
    }
}

/// The model behind an edition of a published report.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ReportEdition {
    pub edition_id: String,
    pub entry_id: String,
    pub ordinal: i64,
    /// Code of `publishing::EditionState`.
    pub state: String,
    pub body: String,
    pub sha256: String,
    /// 更正原因; empty for the first.
    pub reason: String,
    /// JSON of the changes.
    pub changes: String,
    pub created_at: String,
}

/// A report as everyone may read it: the newest released edition's model.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublishedReport {
    pub agency_id: String,
    pub agency_code: String,
    pub year: i64,
    pub ordinal: i64,
    pub released_at: String,
    pub body: String,
    pub sha256: String,
    pub reason: String,
    pub changes: String,
}

impl PublishedReport {
    pub fn report(&self) -> anyhow::Result<Report> {
        read(&self.body)
    }
}

/// The newest published report of an agency for a year, from the public's view alone.
pub async fn published(
    conn: &mut Conn,
    agency_code: &str,
    year: i16,
) -> sqlx::Result<Option<PublishedReport>> {
    Ok(store::public::editions(conn, agency_code, year).await?.into_iter().next_back())
}

/// Every released edition of a report, oldest first: the corrections among them, with what they changed.
pub async fn published_editions(
    conn: &mut Conn,
    agency_code: &str,
    year: i16,
) -> sqlx::Result<Vec<PublishedReport>> {
    store::public::editions(conn, agency_code, year).await
}

#[derive(Serialize, Deserialize)]
struct Body {
    layout: u32,
    lead: Vec<String>,
    report: Value,
}

/// A report as the text that is hashed, submitted and published.
pub(crate) fn written(report: &Report) -> anyhow::Result<(String, String)> {
    let lead = report.lead.iter().map(|paragraph| paragraph.text.clone()).collect();
    let body = serde_json::to_string(&Body { layout: 1, lead, report: write::to_value(report, &[]) })?;
    let hash = sha256(&body);
    Ok((body, hash))
}

/// The report of a stored text.
pub fn report_of(body: &str) -> anyhow::Result<Report> {
    read(body)
}

pub(crate) fn read(body: &str) -> anyhow::Result<Report> {
    let body: Body = serde_json::from_str(body)?;
    let text = body.report.to_string();
    let reading = gongkai_report::read(text.as_bytes(), "report.json");
    let mut report = reading.map_err(|_| anyhow::anyhow!("a stored report cannot be read"))?.report;
    report.lead = body.lead.into_iter().map(|text| Paragraph { text, at: None }).collect();
    Ok(report)
}

/// When the report of an agency is due. 《条例》第四十九条.
pub fn due_of(agency: &Agency, year: i16) -> Due {
    let kind = match AgencyKind::from_code(&agency.kind) {
        Some(AgencyKind::Government) => agencies::AgencyKind::Government,
        Some(AgencyKind::Town) => agencies::AgencyKind::Township,
        Some(AgencyKind::Subdistrict) => agencies::AgencyKind::Subdistrict,
        Some(AgencyKind::DistrictOffice | AgencyKind::Bureau) | None => agencies::AgencyKind::Department,
    };
    dues::report_due(kind, year)
}

/// Whether this person accepts the agency's reports: the oversight officer of the agency above, or of the
/// agency itself when none is above it.
pub fn accepts_for(staff: &Staff, agency: &Agency) -> bool {
    staff.may(Permission::Oversee, agency.parent_id.as_deref().unwrap_or(&agency.id))
}
