use super::{Line, LineContent, PublicLine};
use crate::db::Conn;

pub(super) async fn last_position(conn: &mut Conn, agency_id: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT COALESCE(MAX(position), 0) FROM catalogue_lines WHERE agency_id = $1")
        .bind(agency_id)
        .fetch_one(conn)
        .await
}

macro_rules! line_columns {
    ($rest:literal) => {
        concat!(
            "SELECT l.id, l.agency_id, l.code, l.category, l.title, l.elements, l.basis, l.time_limit, l.period_days, \
             l.channels, l.responsible_office, l.position, l.topic, l.audience, l.method, l.levels, l.retired_on, \
             l.retired_reason, l.version, p.entries, p.newest_on \
             FROM catalogue_lines l JOIN public_catalogue_lines p ON p.id = l.id ",
            $rest
        )
    };
}

/// An agency's catalogue in its own order, with what is public under each line. Without the lines that are retired.
pub async fn lines(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Line>> {
    sqlx::query_as(line_columns!("WHERE l.agency_id = $1 AND l.retired_on IS NULL ORDER BY l.position"))
        .bind(agency_id)
        .fetch_all(conn)
        .await
}

/// The same with the lines that are retired, after the others.
pub async fn all_lines(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Line>> {
    sqlx::query_as(line_columns!(
        "WHERE l.agency_id = $1 ORDER BY CASE WHEN l.retired_on IS NULL THEN 0 ELSE 1 END, l.position"
    ))
    .bind(agency_id)
    .fetch_all(conn)
    .await
}

pub async fn line(conn: &mut Conn, line_id: &str) -> sqlx::Result<Option<Line>> {
    sqlx::query_as(line_columns!("WHERE l.id = $1")).bind(line_id).fetch_optional(conn).await
}

/// The catalogue as everyone reads it.
pub async fn public_lines(conn: &mut Conn, agency_code: &str) -> sqlx::Result<Vec<PublicLine>> {
    sqlx::query_as(
        "SELECT id, agency_code, code, category, title, elements, basis, time_limit, channels, entries, newest_on \
         FROM public_catalogue_lines WHERE agency_code = $1 ORDER BY position",
    )
    .bind(agency_code)
    .fetch_all(conn)
    .await
}

pub(super) async fn insert_line(
    conn: &mut Conn,
    id: &str,
    agency_id: &str,
    line: &LineContent,
    position: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO catalogue_lines (id, agency_id, code, category, title, elements, basis, time_limit, period_days, \
         channels, responsible_office, position, topic, audience, method, levels) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(id)
    .bind(agency_id)
    .bind(&line.code)
    .bind(&line.category)
    .bind(&line.title)
    .bind(&line.elements)
    .bind(&line.basis)
    .bind(&line.time_limit)
    .bind(line.period_days)
    .bind(&line.channels)
    .bind(&line.office)
    .bind(position)
    .bind(&line.topic)
    .bind(&line.audience)
    .bind(&line.method)
    .bind(&line.levels)
    .execute(conn)
    .await?;
    Ok(())
}

/// Puts other content into a line that still has this version; `false`: someone else changed it.
pub(super) async fn update_content(
    conn: &mut Conn,
    id: &str,
    version: i64,
    line: &LineContent,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE catalogue_lines SET code = $3, category = $4, title = $5, elements = $6, basis = $7, time_limit = $8, \
         period_days = $9, channels = $10, responsible_office = $11, topic = $12, audience = $13, method = $14, \
         levels = $15, version = version + 1 WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(version)
    .bind(&line.code)
    .bind(&line.category)
    .bind(&line.title)
    .bind(&line.elements)
    .bind(&line.basis)
    .bind(&line.time_limit)
    .bind(line.period_days)
    .bind(&line.channels)
    .bind(&line.office)
    .bind(&line.topic)
    .bind(&line.audience)
    .bind(&line.method)
    .bind(&line.levels)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// `None` takes it back into use.
pub(super) async fn set_retired(
    conn: &mut Conn,
    id: &str,
    retired: Option<(&str, &str)>,
) -> sqlx::Result<()> {
    let (on, reason) = retired.map_or((None, ""), |(on, reason)| (Some(on), reason));
    sqlx::query("UPDATE catalogue_lines SET retired_on = $2, retired_reason = $3, version = version + 1 WHERE id = $1")
        .bind(id)
        .bind(on)
        .bind(reason)
        .execute(conn)
        .await?;
    Ok(())
}

/// 历史版本 — how a line was until someone changed it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LineVersion {
    pub version: i64,
    /// JSON of [`LineContent`].
    pub body: String,
    /// Why it was changed.
    pub note: String,
    pub changed_by_name: String,
    pub changed_at: String,
}

/// What a line was before, the latest first.
pub async fn versions(conn: &mut Conn, line_id: &str) -> sqlx::Result<Vec<LineVersion>> {
    sqlx::query_as(
        "SELECT v.version, v.body, v.note, u.name AS changed_by_name, v.changed_at FROM catalogue_line_versions v \
         JOIN users u ON u.id = v.changed_by WHERE v.line_id = $1 ORDER BY v.version DESC",
    )
    .bind(line_id)
    .fetch_all(conn)
    .await
}

pub(super) async fn insert_version(
    conn: &mut Conn,
    line_id: &str,
    version: i64,
    (body, note): (&str, &str),
    by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO catalogue_line_versions (line_id, version, body, note, changed_by, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(line_id)
    .bind(version)
    .bind(body)
    .bind(note)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
