use std::collections::BTreeMap;

use super::TextPart;
use super::figures::Period;
use crate::db::Conn;
use crate::publishing::Genre;
use crate::time::start_of_day;

/// A document of the register. 《条例》第二十条第一项.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct NormativeDocument {
    pub id: String,
    pub agency_id: String,
    pub kind: String,
    pub title: String,
    pub document_number: String,
    pub issued_on: String,
    pub ended_on: Option<String>,
    pub end_kind: Option<String>,
    pub entry_id: Option<String>,
}

/// A decision of the register. 《条例》第二十条第五项、第六项.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EnforcementDecision {
    pub id: String,
    pub agency_id: String,
    pub kind: String,
    pub reference: String,
    pub subject: String,
    pub decided_on: String,
}

/// A collection of the register. 《条例》第二十条第八项.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FeeCollection {
    pub id: String,
    pub agency_id: String,
    pub item: String,
    pub amount_fen: i64,
    pub collected_on: String,
}

// The registers, for the console ------------------------------------------------------------------

/// Documents of an agency, newest first, with their number in all.
pub async fn documents(
    conn: &mut Conn,
    agency_id: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<(Vec<NormativeDocument>, i64)> {
    let rows = sqlx::query_as(
        "SELECT * FROM normative_documents WHERE agency_id = $1 ORDER BY issued_on DESC, id LIMIT $2 OFFSET $3",
    )
    .bind(agency_id)
    .bind(limit)
    .bind(offset)
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar("SELECT COUNT(*) FROM normative_documents WHERE agency_id = $1")
        .bind(agency_id)
        .fetch_one(conn)
        .await?;
    Ok((rows, total))
}

pub async fn document(conn: &mut Conn, id: &str) -> sqlx::Result<Option<NormativeDocument>> {
    sqlx::query_as("SELECT * FROM normative_documents WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// Decisions of an agency, newest first, with their number in all; every kind when `kind` is empty.
pub async fn decisions(
    conn: &mut Conn,
    agency_id: &str,
    kind: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<(Vec<EnforcementDecision>, i64)> {
    let rows = sqlx::query_as(
        "SELECT * FROM enforcement_decisions WHERE agency_id = $1 AND ($2 = '' OR kind = $2) \
         ORDER BY decided_on DESC, id LIMIT $3 OFFSET $4",
    )
    .bind(agency_id)
    .bind(kind)
    .bind(limit)
    .bind(offset)
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar(
        "SELECT COUNT(*) FROM enforcement_decisions WHERE agency_id = $1 AND ($2 = '' OR kind = $2)",
    )
    .bind(agency_id)
    .bind(kind)
    .fetch_one(conn)
    .await?;
    Ok((rows, total))
}

/// Fees of an agency, newest first, with their number in all.
pub async fn fees(
    conn: &mut Conn,
    agency_id: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<(Vec<FeeCollection>, i64)> {
    let rows = sqlx::query_as(
        "SELECT * FROM fee_collections WHERE agency_id = $1 ORDER BY collected_on DESC, id LIMIT $2 OFFSET $3",
    )
    .bind(agency_id)
    .bind(limit)
    .bind(offset)
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar("SELECT COUNT(*) FROM fee_collections WHERE agency_id = $1")
        .bind(agency_id)
        .fetch_one(conn)
        .await?;
    Ok((rows, total))
}

pub(super) async fn insert_document(conn: &mut Conn, d: &NormativeDocument) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO normative_documents (id, agency_id, kind, title, document_number, issued_on, ended_on, \
         end_kind, entry_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&d.id)
    .bind(&d.agency_id)
    .bind(&d.kind)
    .bind(&d.title)
    .bind(&d.document_number)
    .bind(&d.issued_on)
    .bind(&d.ended_on)
    .bind(&d.end_kind)
    .bind(&d.entry_id)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn update_document_end(
    conn: &mut Conn,
    id: &str,
    end_kind: &str,
    ended_on: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE normative_documents SET end_kind = $1, ended_on = $2 WHERE id = $3")
        .bind(end_kind)
        .bind(ended_on)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn insert_decision(conn: &mut Conn, d: &EnforcementDecision) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO enforcement_decisions (id, agency_id, kind, reference, subject, decided_on) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&d.id)
    .bind(&d.agency_id)
    .bind(&d.kind)
    .bind(&d.reference)
    .bind(&d.subject)
    .bind(&d.decided_on)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn insert_fee(conn: &mut Conn, f: &FeeCollection) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO fee_collections (id, agency_id, item, amount_fen, collected_on) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&f.id)
    .bind(&f.agency_id)
    .bind(&f.item)
    .bind(f.amount_fen)
    .bind(&f.collected_on)
    .execute(conn)
    .await?;
    Ok(())
}

// Texts ------------------------------------------------------------------------------------------

/// What people wrote for a year's report; an empty text counts as not written.
pub async fn texts(conn: &mut Conn, agency_id: &str, year: i16) -> sqlx::Result<BTreeMap<TextPart, String>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT section, body FROM report_texts WHERE agency_id = $1 AND year = $2 ORDER BY section",
    )
    .bind(agency_id)
    .bind(i64::from(year))
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(section, body)| Some((TextPart::from_code(&section)?, body)))
        .filter(|(_, body)| !body.trim().is_empty())
        .collect())
}

pub(super) async fn upsert_text(
    conn: &mut Conn,
    agency_id: &str,
    year: i16,
    part: TextPart,
    body: &str,
    by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO report_texts (agency_id, year, section, body, updated_by, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (agency_id, year, section) \
         DO UPDATE SET body = EXCLUDED.body, updated_by = EXCLUDED.updated_by, updated_at = EXCLUDED.updated_at",
    )
    .bind(agency_id)
    .bind(i64::from(year))
    .bind(part.code())
    .bind(body)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

// The year's records -------------------------------------------------------------------------------

pub(super) async fn documents_alive_in(
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

pub(super) async fn decisions_between(
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

pub(super) async fn fees_between(
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
pub(super) struct RequestRow {
    pub number: String,
    pub description: String,
    pub applicant_kind: String,
    pub received_on: String,
    pub closed_on: Option<String>,
    pub decision: Option<String>,
}

/// Requests received by the end of the year and not closed before it began.
pub(super) async fn requests_open_in(
    conn: &mut Conn,
    agency_id: &str,
    period: &Period,
) -> sqlx::Result<Vec<RequestRow>> {
    sqlx::query_as(
        "SELECT number, description, applicant_kind, received_on, closed_on, decision FROM requests \
         WHERE agency_id = $1 AND received_on <= $2 \
         AND (closed_on IS NULL OR decision IS NULL OR closed_on >= $3 OR received_on >= $3)",
    )
    .bind(agency_id)
    .bind(period.until.to_string())
    .bind(period.from.to_string())
    .fetch_all(conn)
    .await
}

pub(super) async fn requests_without_receipt(conn: &mut Conn, agency_id: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM requests WHERE agency_id = $1 AND received_on IS NULL AND closed_on IS NULL",
    )
    .bind(agency_id)
    .fetch_one(conn)
    .await
}

#[derive(sqlx::FromRow)]
pub(super) struct FeeNoticeRow {
    pub number: String,
    pub amount_yuan: i64,
    pub noticed_on: String,
    pub paid_on: Option<String>,
}

pub(super) async fn fee_notices_in(
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
pub(super) struct RemedyCaseRow {
    pub id: String,
    pub kind: String,
    pub case_number: String,
    pub body: String,
    pub accepted_on: String,
    pub result: String,
    pub concluded_on: Option<String>,
}

/// Cases accepted by the end of the year and not concluded before it began.
pub(super) async fn remedies_open_in(
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
pub(super) struct ReleaseRow {
    pub entry_id: String,
    pub index_number: Option<String>,
    pub title: String,
    pub genre: String,
    pub released_on: String,
}

/// First releases of the agency's entries, with the edition that was released first.
pub(super) async fn releases_between(
    conn: &mut Conn,
    agency_id: &str,
    period: &Period,
) -> sqlx::Result<Vec<ReleaseRow>> {
    sqlx::query_as(
        "SELECT e.id AS entry_id, e.index_number, d.title, d.genre, e.first_released_on AS released_on \
         FROM entries e JOIN releases r ON r.entry_id = e.id JOIN editions d ON d.id = r.edition_id \
         WHERE e.agency_id = $1 AND e.first_released_on >= $2 AND e.first_released_on <= $3 \
         AND NOT EXISTS (SELECT 1 FROM releases o WHERE o.entry_id = e.id AND o.released_at < r.released_at)",
    )
    .bind(agency_id)
    .bind(period.from.to_string())
    .bind(period.until.to_string())
    .fetch_all(conn)
    .await
}

/// 年度报告 as an entry: drafted, under review or published.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ReportEntry {
    pub entry_id: String,
    pub index_number: Option<String>,
    pub title: String,
    /// Code of the newest edition's `publishing::EditionState`.
    pub state: String,
}

/// The annual reports of an agency among its entries, by their newest editions.
pub async fn report_entries(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<ReportEntry>> {
    sqlx::query_as(
        "SELECT e.id AS entry_id, e.index_number, d.title, d.state FROM entries e \
         JOIN editions d ON d.entry_id = e.id \
         WHERE e.agency_id = $1 AND d.genre = $2 AND e.withdrawn_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM editions n WHERE n.entry_id = e.id AND n.ordinal > d.ordinal) \
         ORDER BY e.created_at",
    )
    .bind(agency_id)
    .bind(Genre::AnnualReport.code())
    .fetch_all(conn)
    .await
}

#[derive(sqlx::FromRow)]
pub(super) struct CaseRow {
    pub id: String,
    pub number: String,
    pub kind: String,
    pub subject: String,
    pub received_at: String,
    pub replied_at: Option<String>,
}

pub(super) async fn cases_between(
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
pub(super) async fn first_day(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT MIN(day) FROM (SELECT MIN(received_on) AS day FROM requests WHERE agency_id = $1 \
         UNION ALL SELECT MIN(decided_on) FROM enforcement_decisions WHERE agency_id = $1 \
         UNION ALL SELECT MIN(first_released_on) FROM entries WHERE agency_id = $1) AS days",
    )
    .bind(agency_id)
    .fetch_one(conn)
    .await
}
