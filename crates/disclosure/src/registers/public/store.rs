use super::{Counterpart, DocumentFilter, PublicDocument};
use crate::db::Conn;

macro_rules! matching {
    ($head:literal, $tail:literal) => {
        concat!(
            $head,
            " FROM public_normative_documents WHERE ($1 = '' OR agency_code = $1) \
              AND ($2 = '' OR ($2 = 'in_force' AND ended_on IS NULL) OR ($2 = 'ended' AND ended_on IS NOT NULL)) ",
            $tail
        )
    };
}

/// Documents, newest first.
pub async fn documents(
    conn: &mut Conn,
    filter: &DocumentFilter,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<PublicDocument>> {
    sqlx::query_as(matching!(
        "SELECT agency_name, title, document_number, issued_on, valid_until, amended_on, amendment, ended_on, \
         end_kind, index_number, notice_index_number",
        "ORDER BY issued_on DESC, document_number LIMIT $3 OFFSET $4"
    ))
    .bind(&filter.agency_code)
    .bind(&filter.standing)
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await
}

/// How many are in force and how many have ended, under the agency of the filter.
pub async fn document_counts(conn: &mut Conn, agency_code: &str) -> sqlx::Result<(i64, i64)> {
    let count = |standing: &'static str| {
        sqlx::query_scalar(matching!("SELECT COUNT(*)", "")).bind(agency_code.to_owned()).bind(standing)
    };
    let in_force = count("in_force").fetch_one(&mut *conn).await?;
    Ok((in_force, count("ended").fetch_one(conn).await?))
}

/// What explains a document.
pub async fn explained_by(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Vec<Counterpart>> {
    sqlx::query_as(
        "SELECT index_number, title, form FROM public_interpretations WHERE document_id = $1 ORDER BY index_number",
    )
    .bind(entry_id)
    .fetch_all(conn)
    .await
}

/// Which documents an entry explains.
pub async fn explains(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Vec<Counterpart>> {
    sqlx::query_as(
        "SELECT document_index_number AS index_number, document_title AS title, form FROM public_interpretations \
         WHERE entry_id = $1 ORDER BY document_index_number",
    )
    .bind(entry_id)
    .fetch_all(conn)
    .await
}

/// The publicity period of a public entry: how many, of what, from when.
pub(super) async fn publicity_of(
    conn: &mut Conn,
    entry_id: &str,
) -> sqlx::Result<Option<(i64, String, String)>> {
    sqlx::query_as("SELECT days, unit, first_released_on FROM public_publicity_periods WHERE entry_id = $1")
        .bind(entry_id)
        .fetch_optional(conn)
        .await
}
