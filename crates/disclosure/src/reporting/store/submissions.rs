//! Verdicts, submissions, and the models of published reports.

use crate::db::Conn;
use crate::reporting::{ReportEdition, Submission, Verdict};

pub(in crate::reporting) async fn verdicts(
    conn: &mut Conn,
    agency_id: &str,
    year: i16,
) -> sqlx::Result<Vec<Verdict>> {
    sqlx::query_as(
        "SELECT v.fingerprint, v.verdict, v.reason, u.name AS decided_by, v.decided_at FROM report_verdicts v \
         JOIN users u ON u.id = v.decided_by WHERE v.agency_id = $1 AND v.year = $2",
    )
    .bind(agency_id)
    .bind(i64::from(year))
    .fetch_all(conn)
    .await
}

/// A decision about a finding as it is stored.
pub(in crate::reporting) struct NewVerdict<'a> {
    pub agency_id: &'a str,
    pub year: i16,
    pub fingerprint: &'a str,
    pub rule: &'a str,
    pub message: &'a str,
    pub verdict: &'a str,
    pub reason: &'a str,
    pub decided_by: &'a str,
    pub decided_at: &'a str,
}

pub(in crate::reporting) async fn upsert_verdict(conn: &mut Conn, v: &NewVerdict<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO report_verdicts (agency_id, year, fingerprint, rule, message, verdict, reason, decided_by, \
         decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (agency_id, year, fingerprint) \
         DO UPDATE SET verdict = EXCLUDED.verdict, reason = EXCLUDED.reason, decided_by = EXCLUDED.decided_by, \
         decided_at = EXCLUDED.decided_at",
    )
    .bind(v.agency_id)
    .bind(i64::from(v.year))
    .bind(v.fingerprint)
    .bind(v.rule)
    .bind(v.message)
    .bind(v.verdict)
    .bind(v.reason)
    .bind(v.decided_by)
    .bind(v.decided_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// The submissions of a year's report, newest first.
pub async fn submissions(conn: &mut Conn, agency_id: &str, year: i16) -> sqlx::Result<Vec<Submission>> {
    sqlx::query_as(
        "SELECT s.*, p.name AS preparer, a.name AS approver, d.name AS decider FROM report_submissions s \
         JOIN users p ON p.id = s.prepared_by LEFT JOIN users a ON a.id = s.approved_by \
         LEFT JOIN users d ON d.id = s.decided_by WHERE s.agency_id = $1 AND s.year = $2 ORDER BY s.ordinal DESC",
    )
    .bind(agency_id)
    .bind(i64::from(year))
    .fetch_all(conn)
    .await
}

/// The submissions of all agencies for a year, newest first.
pub async fn submissions_of_year(conn: &mut Conn, year: i16) -> sqlx::Result<Vec<Submission>> {
    sqlx::query_as(
        "SELECT s.*, p.name AS preparer, a.name AS approver, d.name AS decider FROM report_submissions s \
         JOIN users p ON p.id = s.prepared_by LEFT JOIN users a ON a.id = s.approved_by \
         LEFT JOIN users d ON d.id = s.decided_by WHERE s.year = $1 ORDER BY s.agency_id, s.ordinal DESC",
    )
    .bind(i64::from(year))
    .fetch_all(conn)
    .await
}

/// The submissions that wait for someone, of every agency and year.
pub(in crate::reporting) async fn open_submissions(conn: &mut Conn) -> sqlx::Result<Vec<Submission>> {
    sqlx::query_as(
        "SELECT s.*, p.name AS preparer, a.name AS approver, d.name AS decider FROM report_submissions s \
         JOIN users p ON p.id = s.prepared_by LEFT JOIN users a ON a.id = s.approved_by \
         LEFT JOIN users d ON d.id = s.decided_by WHERE s.state IN ('prepared', 'submitted') \
         ORDER BY s.prepared_at",
    )
    .fetch_all(conn)
    .await
}

pub async fn submission(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Submission>> {
    sqlx::query_as(
        "SELECT s.*, p.name AS preparer, a.name AS approver, d.name AS decider FROM report_submissions s \
         JOIN users p ON p.id = s.prepared_by LEFT JOIN users a ON a.id = s.approved_by \
         LEFT JOIN users d ON d.id = s.decided_by WHERE s.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

/// A new submission as it is stored.
pub(in crate::reporting) struct NewSubmission<'a> {
    pub id: &'a str,
    pub agency_id: &'a str,
    pub year: i16,
    pub ordinal: i64,
    pub snapshot_id: &'a str,
    pub body: &'a str,
    pub sha256: &'a str,
    pub prepared_by: &'a str,
    pub prepared_at: &'a str,
}

pub(in crate::reporting) async fn insert_submission(
    conn: &mut Conn,
    s: &NewSubmission<'_>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO report_submissions (id, agency_id, year, ordinal, snapshot_id, body, sha256, state, \
         prepared_by, prepared_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'prepared', $8, $9)",
    )
    .bind(s.id)
    .bind(s.agency_id)
    .bind(i64::from(s.year))
    .bind(s.ordinal)
    .bind(s.snapshot_id)
    .bind(s.body)
    .bind(s.sha256)
    .bind(s.prepared_by)
    .bind(s.prepared_at)
    .execute(conn)
    .await?;
    Ok(())
}

pub(in crate::reporting) async fn send_submission(
    conn: &mut Conn,
    id: &str,
    by: &str,
    at: &str,
    on: &str,
    receipt_number: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE report_submissions SET state = 'submitted', approved_by = $1, submitted_at = $2, \
         submitted_on = $3, receipt_number = $4 WHERE id = $5",
    )
    .bind(by)
    .bind(at)
    .bind(on)
    .bind(receipt_number)
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}

pub(in crate::reporting) async fn decide_submission(
    conn: &mut Conn,
    id: &str,
    state: &str,
    by: &str,
    at: &str,
    opinion: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE report_submissions SET state = $1, decided_by = $2, decided_at = $3, opinion = $4 WHERE id = $5",
    )
    .bind(state)
    .bind(by)
    .bind(at)
    .bind(opinion)
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}

/// The models behind the editions of a year's report, oldest first.
pub async fn report_editions(
    conn: &mut Conn,
    agency_id: &str,
    year: i16,
) -> sqlx::Result<Vec<ReportEdition>> {
    sqlx::query_as(
        "SELECT r.edition_id, d.entry_id, d.ordinal, d.state, r.body, r.sha256, r.reason, r.changes, r.created_at \
         FROM report_editions r JOIN editions d ON d.id = r.edition_id \
         WHERE r.agency_id = $1 AND r.year = $2 ORDER BY d.ordinal",
    )
    .bind(agency_id)
    .bind(i64::from(year))
    .fetch_all(conn)
    .await
}

/// The model of an edition as it is stored.
pub(in crate::reporting) struct NewReportEdition<'a> {
    pub edition_id: &'a str,
    pub agency_id: &'a str,
    pub year: i16,
    pub submission_id: &'a str,
    pub body: &'a str,
    pub sha256: &'a str,
    pub reason: &'a str,
    pub changes: &'a str,
    pub created_at: &'a str,
}

pub(in crate::reporting) async fn insert_report_edition(
    conn: &mut Conn,
    r: &NewReportEdition<'_>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO report_editions (edition_id, agency_id, year, submission_id, body, sha256, reason, changes, \
         created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(r.edition_id)
    .bind(r.agency_id)
    .bind(i64::from(r.year))
    .bind(r.submission_id)
    .bind(r.body)
    .bind(r.sha256)
    .bind(r.reason)
    .bind(r.changes)
    .bind(r.created_at)
    .execute(conn)
    .await?;
    Ok(())
}

pub(in crate::reporting) async fn delete_report_edition(
    conn: &mut Conn,
    edition_id: &str,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM report_editions WHERE edition_id = $1").bind(edition_id).execute(conn).await?;
    Ok(())
}

/// Whether the text of this edition was compiled, and so is not written by hand.
pub(crate) async fn is_compiled(conn: &mut Conn, edition_id: &str) -> sqlx::Result<bool> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM report_editions WHERE edition_id = $1")
        .bind(edition_id)
        .fetch_one(conn)
        .await?;
    Ok(count > 0)
}
