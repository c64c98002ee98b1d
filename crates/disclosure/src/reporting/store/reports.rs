//! What is kept of a year's report beside the ledger: texts, snapshots, and its entry.

use std::collections::BTreeMap;

use crate::db::Conn;
use crate::publishing::Genre;
use crate::reporting::TextPart;
use crate::reporting::snapshot::{Snapshot, SnapshotHead};

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

pub(in crate::reporting) async fn upsert_text(
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

/// The templates of an agency that hold for a year: of each part the newest that has begun by then.
pub(in crate::reporting) async fn templates(
    conn: &mut Conn,
    agency_id: &str,
    year: i16,
) -> sqlx::Result<BTreeMap<TextPart, String>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT t.section, t.body FROM report_templates t WHERE t.agency_id = $1 AND t.since_year <= $2 \
         AND NOT EXISTS (SELECT 1 FROM report_templates n WHERE n.agency_id = t.agency_id \
         AND n.section = t.section AND n.since_year <= $2 AND n.since_year > t.since_year)",
    )
    .bind(agency_id)
    .bind(i64::from(year))
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(section, body)| Some((TextPart::from_code(&section)?, body)))
        .filter(|(_, body)| !body.is_empty())
        .collect())
}

pub(in crate::reporting) async fn upsert_template(
    conn: &mut Conn,
    agency_id: &str,
    part: TextPart,
    since_year: i16,
    body: &str,
    by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO report_templates (agency_id, section, since_year, body, updated_by, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (agency_id, section, since_year) \
         DO UPDATE SET body = EXCLUDED.body, updated_by = EXCLUDED.updated_by, updated_at = EXCLUDED.updated_at",
    )
    .bind(agency_id)
    .bind(part.code())
    .bind(i64::from(since_year))
    .bind(body)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
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

// Snapshots ----------------------------------------------------------------------------------------

/// The newest snapshot of a year.
pub async fn snapshot(conn: &mut Conn, agency_id: &str, year: i16) -> sqlx::Result<Option<Snapshot>> {
    sqlx::query_as(
        "SELECT s.id, s.ordinal, s.sha256, s.reason, u.name AS frozen_by, s.frozen_at, s.body \
         FROM report_snapshots s LEFT JOIN users u ON u.id = s.frozen_by \
         WHERE s.agency_id = $1 AND s.year = $2 ORDER BY s.ordinal DESC LIMIT 1",
    )
    .bind(agency_id)
    .bind(i64::from(year))
    .fetch_optional(conn)
    .await
}

/// All snapshots of a year, newest first.
pub async fn snapshots(conn: &mut Conn, agency_id: &str, year: i16) -> sqlx::Result<Vec<SnapshotHead>> {
    sqlx::query_as(
        "SELECT s.id, s.ordinal, s.sha256, s.reason, u.name AS frozen_by, s.frozen_at \
         FROM report_snapshots s LEFT JOIN users u ON u.id = s.frozen_by \
         WHERE s.agency_id = $1 AND s.year = $2 ORDER BY s.ordinal DESC",
    )
    .bind(agency_id)
    .bind(i64::from(year))
    .fetch_all(conn)
    .await
}

/// A new snapshot as it is stored.
pub(in crate::reporting) struct NewSnapshot<'a> {
    pub id: &'a str,
    pub agency_id: &'a str,
    pub year: i16,
    pub ordinal: i64,
    pub body: &'a str,
    pub sha256: &'a str,
    pub reason: &'a str,
    pub frozen_by: Option<&'a str>,
    pub frozen_on: String,
    pub frozen_at: String,
}

pub(in crate::reporting) async fn insert_snapshot(conn: &mut Conn, s: &NewSnapshot<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO report_snapshots (id, agency_id, year, ordinal, body, sha256, reason, frozen_by, frozen_on, \
         frozen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(s.id)
    .bind(s.agency_id)
    .bind(i64::from(s.year))
    .bind(s.ordinal)
    .bind(s.body)
    .bind(s.sha256)
    .bind(s.reason)
    .bind(s.frozen_by)
    .bind(&s.frozen_on)
    .bind(&s.frozen_at)
    .execute(conn)
    .await?;
    Ok(())
}
