//! Reads the public view only: what is not public cannot be indexed.

use crate::db::Conn;

/// An entry as the public may read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    pub id: String,
    pub index_number: String,
    pub agency_code: String,
    pub agency_name: String,
    pub category: String,
    pub title: String,
    pub summary: String,
    pub body_html: String,
    pub document_number: Option<String>,
    pub genre: String,
    pub keywords: String,
    pub validity: Option<String>,
    pub made_on: String,
    pub first_released_at: String,
}

pub(super) async fn public_row(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Row>> {
    sqlx::query_as(
        "SELECT id, index_number, agency_code, agency_name, category, title, summary, body_html, document_number, \
         genre, keywords, validity, made_on, first_released_at FROM public_entries WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

pub(super) async fn public_after(conn: &mut Conn, id: &str, limit: i64) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as(
        "SELECT id, index_number, agency_code, agency_name, category, title, summary, body_html, document_number, \
         genre, keywords, validity, made_on, first_released_at FROM public_entries WHERE id > $1 ORDER BY id LIMIT $2",
    )
    .bind(id)
    .bind(limit)
    .fetch_all(conn)
    .await
}
