use super::{FailedJob, Job, Overview};
use crate::db::{Conn, Engine};

pub(super) async fn insert(
    conn: &mut Conn,
    id: &str,
    kind: &str,
    payload: &str,
    key: &str,
    run_at: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO jobs (id, kind, payload, unique_key, run_at, state, created_at) \
         VALUES ($1, $2, $3, $4, $5, 'ready', $6) ON CONFLICT (unique_key) DO NOTHING",
    )
    .bind(id)
    .bind(kind)
    .bind(payload)
    .bind(key)
    .bind(run_at)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn has_key(conn: &mut Conn, key: &str) -> sqlx::Result<bool> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM jobs WHERE unique_key = $1")
        .bind(key)
        .fetch_one(conn)
        .await?;
    Ok(count > 0)
}

/// Looked at before claiming, so that an idle process does not take the write lock every second.
pub(super) async fn is_any_due(conn: &mut Conn, now: &str) -> sqlx::Result<bool> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM jobs WHERE (state = 'ready' AND run_at <= $1) \
         OR (state = 'running' AND claimed_until < $1)",
    )
    .bind(now)
    .fetch_one(conn)
    .await?;
    Ok(count > 0)
}

pub(super) async fn claim(
    conn: &mut Conn,
    engine: Engine,
    now: &str,
    until: &str,
    limit: i64,
) -> sqlx::Result<Vec<Job>> {
    let ids: Vec<String> =
        sqlx::query_scalar(engine.claim_jobs()).bind(now).bind(limit).fetch_all(&mut *conn).await?;
    let mut jobs = Vec::with_capacity(ids.len());
    for id in ids {
        let job = sqlx::query_as(
            "UPDATE jobs SET state = 'running', attempts = attempts + 1, claimed_until = $1 WHERE id = $2 \
             RETURNING id, kind, payload, attempts",
        )
        .bind(until)
        .bind(id)
        .fetch_one(&mut *conn)
        .await?;
        jobs.push(job);
    }
    Ok(jobs)
}

/// Whether the job was still this claim's to finish.
pub(super) async fn finish(conn: &mut Conn, job: &Job) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE jobs SET state = 'done', claimed_until = NULL, last_error = NULL \
         WHERE id = $1 AND state = 'running' AND attempts = $2",
    )
    .bind(&job.id)
    .bind(job.attempts)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn reschedule(
    conn: &mut Conn,
    job: &Job,
    run_at: &str,
    attempts: i64,
    error: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE jobs SET state = 'ready', run_at = $1, attempts = $2, last_error = $3, claimed_until = NULL \
         WHERE id = $4 AND state = 'running' AND attempts = $5",
    )
    .bind(run_at)
    .bind(attempts)
    .bind(error)
    .bind(&job.id)
    .bind(job.attempts)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn give_up(conn: &mut Conn, job: &Job, error: &str) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE jobs SET state = 'failed', last_error = $1, claimed_until = NULL \
         WHERE id = $2 AND state = 'running' AND attempts = $3",
    )
    .bind(error)
    .bind(&job.id)
    .bind(job.attempts)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn retry_failed(conn: &mut Conn, now: &str) -> sqlx::Result<u64> {
    let done =
        sqlx::query("UPDATE jobs SET state = 'ready', attempts = 0, run_at = $1 WHERE state = 'failed'")
            .bind(now)
            .execute(conn)
            .await?;
    Ok(done.rows_affected())
}

pub(super) async fn delete_done(conn: &mut Conn, before: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM jobs WHERE state = 'done' AND run_at < $1").bind(before).execute(conn).await?;
    Ok(())
}

/// How many jobs wait, run, or wait for a person.
pub async fn overview(conn: &mut Conn) -> sqlx::Result<Overview> {
    let counts: Vec<(String, i64)> =
        sqlx::query_as("SELECT state, COUNT(*) FROM jobs GROUP BY state").fetch_all(conn).await?;
    let of = |state: &str| counts.iter().find(|(s, _)| s == state).map_or(0, |(_, count)| *count);
    Ok(Overview { waiting: of("ready"), running: of("running"), failed: of("failed") })
}

/// Jobs that failed too often, newest first.
pub async fn failed(conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<FailedJob>> {
    sqlx::query_as(
        "SELECT id, kind, attempts, last_error, created_at FROM jobs WHERE state = 'failed' \
         ORDER BY created_at DESC LIMIT $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// A request that is still open, as its handler should be told of it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct OpenRequest {
    pub agency_id: String,
    pub number: String,
    pub reply_due_on: String,
    pub region: String,
    pub handler_name: Option<String>,
    pub handler_email: Option<String>,
    pub agency_email: String,
}

/// Open requests due up to a day. Its handler may not be known yet; then the agency's own mailbox is told.
pub(super) async fn open_requests_due_by(conn: &mut Conn, day: &str) -> sqlx::Result<Vec<OpenRequest>> {
    sqlx::query_as(
        "SELECT r.agency_id, r.number, r.reply_due_on, a.region, u.name AS handler_name, u.email AS handler_email, \
         a.email AS agency_email FROM requests r JOIN agencies a ON a.id = r.agency_id \
         LEFT JOIN users u ON u.id = r.handler_id AND u.is_active = 1 \
         WHERE r.closed_on IS NULL AND r.reply_due_on IS NOT NULL AND r.reply_due_on <= $1 \
         ORDER BY r.reply_due_on, r.number",
    )
    .bind(day)
    .fetch_all(conn)
    .await
}

/// A stage under review that has a limit, with one person who can sign it.
#[derive(sqlx::FromRow)]
pub(super) struct OpenStage {
    pub region: String,
    pub title: String,
    pub stage_title: String,
    pub working_days: i64,
    pub since: String,
    pub name: String,
    pub email: Option<String>,
    pub agency_email: String,
}

/// Every open stage with a limit, once for each person whose turn it may be: by role or as a deputy, not the author, and
/// without an earlier signature in the case.
pub(super) async fn open_stages(conn: &mut Conn, now: &str) -> sqlx::Result<Vec<OpenStage>> {
    sqlx::query_as(
        "SELECT COALESCE(d.title, x.number) AS title, g.title AS stage_title, g.working_days, \
         COALESCE((SELECT MAX(s.signed_at) FROM sign_offs s WHERE s.review_id = v.id), v.opened_at) AS since, \
         u.name, u.email, a.email AS agency_email, a.region \
         FROM reviews v JOIN agencies a ON a.id = v.agency_id \
         JOIN review_stages g ON g.review_id = v.id \
              AND g.stage = (SELECT COUNT(*) + 1 FROM sign_offs s WHERE s.review_id = v.id) \
         LEFT JOIN editions d ON d.id = v.edition_id LEFT JOIN letters x ON x.id = v.letter_id \
         JOIN users u ON u.is_active = 1 AND (EXISTS (SELECT 1 FROM user_roles r WHERE r.user_id = u.id \
              AND r.agency_id = v.agency_id AND r.role = g.kind) \
              OR EXISTS (SELECT 1 FROM review_deputies p JOIN user_roles h ON h.user_id = p.principal_id \
                 AND h.agency_id = p.agency_id AND h.role = p.role WHERE p.agency_id = v.agency_id AND p.role = g.kind \
                 AND p.deputy_id = u.id AND p.ended_at IS NULL AND p.since_at <= $1 AND p.until_at > $1)) \
         WHERE v.state = 'open' AND g.working_days IS NOT NULL AND u.id <> COALESCE(d.author_id, x.drafted_by) \
           AND NOT EXISTS (SELECT 1 FROM edition_authors t WHERE t.edition_id = v.edition_id AND t.person_id = u.id) \
           AND NOT EXISTS (SELECT 1 FROM sign_offs s WHERE s.review_id = v.id AND s.person_id = u.id) \
         ORDER BY since, v.id, u.id",
    )
    .bind(now)
    .fetch_all(conn)
    .await
}
