use super::starting::StartingLine;
use super::{Line, PublicLine};
use crate::db::Conn;

pub(super) async fn last_position(conn: &mut Conn, agency_id: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT COALESCE(MAX(position), 0) FROM catalogue_lines WHERE agency_id = $1")
        .bind(agency_id)
        .fetch_one(conn)
        .await
}

pub(super) async fn insert_line(
    conn: &mut Conn,
    id: &str,
    agency_id: &str,
    line: &StartingLine,
    position: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO catalogue_lines (id, agency_id, code, category, title, elements, basis, time_limit, period_days, \
         channels, responsible_office, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
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
    .execute(conn)
    .await?;
    Ok(())
}

macro_rules! line_columns {
    ($rest:literal) => {
        concat!(
            "SELECT l.id, l.agency_id, l.code, l.category, l.title, l.elements, l.basis, l.time_limit, l.period_days, \
             l.channels, l.responsible_office, l.position, p.entries, p.newest_on \
             FROM catalogue_lines l JOIN public_catalogue_lines p ON p.id = l.id ",
            $rest
        )
    };
}

/// An agency's catalogue in its own order, with what is public under each line.
pub async fn lines(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Line>> {
    sqlx::query_as(line_columns!("WHERE l.agency_id = $1 ORDER BY l.position"))
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
