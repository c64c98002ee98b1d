//! The records of a year.

use super::{Activity, EnforcementDecision, FeeCollection, NormativeDocument};
use crate::db::Conn;
use crate::reporting::figures::Period;
use crate::time::start_of_day;

pub(in crate::reporting) async fn documents_alive_in(
    conn: &mut Conn,
    agency_id: &str,
    period: &Period,
) -> sqlx::Result<Vec<NormativeDocument>> {
    sqlx::query_as(
        "SELECT * FROM normative_documents WHERE agency_id = $1 AND issued_on <= $2 \
         AND (ended_on IS NULL OR ended_on >= $3) ORDER BY issued_on, id",
    )
    .bind(agency_id)
    .bind(period.until.to_string())
    .bind(period.from.to_string())
    .fetch_all(conn)
    .await
}

pub(in crate::reporting) async fn decisions_between(
    conn: &mut Conn,
    agency_id: &str,
    period: &Period,
) -> sqlx::Result<Vec<EnforcementDecision>> {
    sqlx::query_as(
        "SELECT * FROM enforcement_decisions WHERE agency_id = $1 AND decided_on >= $2 AND decided_on <= $3",
    )
    .bind(agency_id)
    .bind(period.from.to_string())
    .bind(period.until.to_string())
    .fetch_all(conn)
    .await
}

pub(in crate::reporting) async fn fees_between(
    conn: &mut Conn,
    agency_id: &str,
    period: &Period,
) -> sqlx::Result<Vec<FeeCollection>> {
    sqlx::query_as(
        "SELECT * FROM fee_collections WHERE agency_id = $1 AND collected_on >= $2 AND collected_on <= $3",
    )
    .bind(agency_id)
    .bind(period.from.to_string())
    .bind(period.until.to_string())
    .fetch_all(conn)
    .await
}

#[derive(sqlx::FromRow)]
pub(in crate::reporting) struct RequestRow {
    pub number: String,
    pub description: String,
    pub applicant_kind: String,
    pub received_on: Option<String>,
    pub closed_on: Option<String>,
    pub decision: Option<String>,
}

/// Requests received by the end of the year and not closed before it began. One that a decision or judgment has decided
/// afresh counts once, where it was first answered.
pub(in crate::reporting) async fn requests_open_in(
    conn: &mut Conn,
    agency_id: &str,
    period: &Period,
) -> sqlx::Result<Vec<RequestRow>> {
    sqlx::query_as(
        "SELECT number, description, applicant_kind, received_on, closed_on, decision FROM requests \
         WHERE agency_id = $1 AND received_on <= $2 \
         AND (closed_on IS NULL OR decision IS NULL OR closed_on >= $3 OR received_on >= $3) \
         AND id NOT IN (SELECT n.request_id FROM request_renewals n)",
    )
    .bind(agency_id)
    .bind(period.until.to_string())
    .bind(period.from.to_string())
    .fetch_all(conn)
    .await
}

/// One request of the agency, whenever it was received.
pub(in crate::reporting) async fn request(
    conn: &mut Conn,
    agency_id: &str,
    number: &str,
) -> sqlx::Result<Option<RequestRow>> {
    sqlx::query_as(
        "SELECT number, description, applicant_kind, received_on, closed_on, decision FROM requests \
         WHERE agency_id = $1 AND number = $2",
    )
    .bind(agency_id)
    .bind(number)
    .fetch_optional(conn)
    .await
}

pub(in crate::reporting) async fn requests_without_receipt(
    conn: &mut Conn,
    agency_id: &str,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM requests WHERE agency_id = $1 AND received_on IS NULL AND closed_on IS NULL",
    )
    .bind(agency_id)
    .fetch_one(conn)
    .await
}

#[derive(sqlx::FromRow)]
pub(in crate::reporting) struct FeeNoticeRow {
    pub number: String,
    pub amount_yuan: i64,
    pub noticed_on: String,
    pub paid_on: Option<String>,
}

pub(in crate::reporting) async fn fee_notices_in(
    conn: &mut Conn,
    agency_id: &str,
    period: &Period,
) -> sqlx::Result<Vec<FeeNoticeRow>> {
    sqlx::query_as(
        "SELECT q.number, f.amount_yuan, f.noticed_on, f.paid_on \
         FROM request_fees f JOIN requests q ON q.id = f.request_id WHERE q.agency_id = $1 \
         AND ((f.noticed_on >= $2 AND f.noticed_on <= $3) OR (f.paid_on >= $2 AND f.paid_on <= $3))",
    )
    .bind(agency_id)
    .bind(period.from.to_string())
    .bind(period.until.to_string())
    .fetch_all(conn)
    .await
}

#[derive(sqlx::FromRow)]
pub(in crate::reporting) struct RemedyCaseRow {
    pub id: String,
    pub kind: String,
    pub case_number: String,
    pub body: String,
    pub accepted_on: String,
    pub result: String,
    pub concluded_on: Option<String>,
}

/// Cases accepted by the end of the year and not concluded before it began.
pub(in crate::reporting) async fn remedies_open_in(
    conn: &mut Conn,
    agency_id: &str,
    period: &Period,
) -> sqlx::Result<Vec<RemedyCaseRow>> {
    sqlx::query_as(
        "SELECT id, kind, case_number, body, accepted_on, result, concluded_on FROM remedy_cases \
         WHERE agency_id = $1 AND accepted_on <= $2 \
         AND (concluded_on IS NULL OR result = 'pending' OR concluded_on >= $3 OR accepted_on >= $3)",
    )
    .bind(agency_id)
    .bind(period.until.to_string())
    .bind(period.from.to_string())
    .fetch_all(conn)
    .await
}

#[derive(sqlx::FromRow)]
pub(in crate::reporting) struct ReleaseRow {
    pub entry_id: String,
    pub index_number: Option<String>,
    pub title: String,
    pub genre: String,
    /// Code of the duty of its catalogue line.
    pub duty: String,
    pub released_on: String,
}

/// First releases of the agency's entries, with the edition that was released first.
pub(in crate::reporting) async fn releases_between(
    conn: &mut Conn,
    agency_id: &str,
    period: &Period,
) -> sqlx::Result<Vec<ReleaseRow>> {
    sqlx::query_as(
        "SELECT e.id AS entry_id, e.index_number, d.title, d.genre, c.category AS duty, \
         e.first_released_on AS released_on FROM entries e \
         JOIN catalogue_lines c ON c.id = e.catalogue_line_id JOIN releases r ON r.entry_id = e.id JOIN editions d ON d.id = r.edition_id \
         WHERE e.agency_id = $1 AND e.first_released_on >= $2 AND e.first_released_on <= $3 \
         AND NOT EXISTS (SELECT 1 FROM releases o WHERE o.entry_id = e.id AND o.released_at < r.released_at)",
    )
    .bind(agency_id)
    .bind(period.from.to_string())
    .bind(period.until.to_string())
    .fetch_all(conn)
    .await
}

/// What the office did in the year beside entries and requests.
pub(in crate::reporting) async fn activities_between(
    conn: &mut Conn,
    agency_id: &str,
    period: &Period,
) -> sqlx::Result<Vec<Activity>> {
    sqlx::query_as("SELECT * FROM activities WHERE agency_id = $1 AND done_on >= $2 AND done_on <= $3")
        .bind(agency_id)
        .bind(period.from.to_string())
        .bind(period.until.to_string())
        .fetch_all(conn)
        .await
}

#[derive(sqlx::FromRow)]
pub(in crate::reporting) struct CaseRow {
    pub id: String,
    pub number: String,
    pub kind: String,
    pub subject: String,
    pub received_at: String,
    pub replied_at: Option<String>,
}

pub(in crate::reporting) async fn cases_between(
    conn: &mut Conn,
    agency_id: &str,
    period: &Period,
) -> sqlx::Result<Vec<CaseRow>> {
    let (from, to) = instants(period);
    sqlx::query_as(
        "SELECT id, number, kind, subject, received_at, replied_at FROM interaction_cases \
         WHERE agency_id = $1 AND received_at >= $2 AND received_at < $3",
    )
    .bind(agency_id)
    .bind(from)
    .bind(to)
    .fetch_all(conn)
    .await
}

/// Bounds around the year for stored instants, a little wider than it: the day itself decides later.
fn instants(period: &Period) -> (String, String) {
    let before = period.from.yesterday().unwrap_or(period.from);
    let after = period.until.tomorrow().and_then(|day| day.tomorrow()).unwrap_or(period.until);
    (start_of_day(before).to_string(), start_of_day(after).to_string())
}

/// The first day on which the agency's ledger holds something the report counts. Documents are left out:
/// their register goes back further than the ledger.
pub(in crate::reporting) async fn first_day(
    conn: &mut Conn,
    agency_id: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT MIN(day) FROM (SELECT MIN(received_on) AS day FROM requests WHERE agency_id = $1 \
         UNION ALL SELECT MIN(decided_on) FROM enforcement_decisions WHERE agency_id = $1 \
         UNION ALL SELECT MIN(first_released_on) FROM entries WHERE agency_id = $1) AS days",
    )
    .bind(agency_id)
    .fetch_one(conn)
    .await
}
