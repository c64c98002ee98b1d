//! Reads the public views only: what is not public cannot be indexed.

use crate::db::Conn;

/// An entry as the public may read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    pub id: String,
    pub index_number: String,
    pub agency_code: String,
    pub agency_name: String,
    pub category: String,
    /// Code of [`crate::publishing::Theme`].
    pub theme: String,
    pub title: String,
    pub summary: String,
    pub body_html: String,
    pub document_number: Option<String>,
    pub genre: String,
    pub keywords: String,
    pub validity: Option<String>,
    pub made_on: String,
    pub first_released_at: String,
    /// How many files come with it.
    pub attachments: i64,
}

/// Entries that are public, and how far the change log went when they were read.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub rows: Vec<Row>,
    /// Unknown when none of them is public.
    pub head: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct RowAt {
    #[sqlx(flatten)]
    row: Row,
    head: i64,
}

/// An attachment of a public entry and what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct AttachmentText {
    pub entry_id: String,
    pub id: String,
    pub name: String,
    pub file_sha256: String,
    /// JSON of [`crate::files::Passage`]s.
    pub passages: String,
}

macro_rules! rows {
    ($also:literal, $rest:literal) => {
        concat!(
            "SELECT id, index_number, agency_code, agency_name, category, theme, title, summary, body_html, document_number, \
             genre, keywords, validity, made_on, first_released_at, attachments",
            $also,
            " FROM public_entries WHERE ",
            $rest
        )
    };
}

pub(super) async fn public_row(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Row>> {
    sqlx::query_as(rows!("", "id = $1")).bind(id).fetch_optional(conn).await
}

pub(super) async fn public_after(conn: &mut Conn, id: &str, limit: i64) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as(rows!("", "id > $1 ORDER BY id LIMIT $2")).bind(id).bind(limit).fetch_all(conn).await
}

/// How many entries one [`public_rows`] reads.
pub(super) const PAGE: usize = 20;

/// Those of these entries that are public now, in any order. The position is read in the same statement: it costs no
/// second way to the database.
pub(super) async fn public_rows(conn: &mut Conn, ids: &[String]) -> sqlx::Result<Rows> {
    let mut found = Rows::default();
    for page in ids.chunks(PAGE) {
        let mut query = sqlx::query_as(rows!(
            ", (SELECT seq FROM audit_head WHERE id = 1) AS head",
            "id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
        ));
        for at in 0..PAGE {
            query = query.bind(page.get(at).map_or("", String::as_str));
        }
        let rows: Vec<RowAt> = query.fetch_all(&mut *conn).await?;
        found.head = found.head.max(rows.first().map(|row| row.head));
        found.rows.extend(rows.into_iter().map(|row| row.row));
    }
    Ok(found)
}

/// The entries of a catalogue line that are public now.
pub(super) async fn public_ids_of_line(conn: &mut Conn, line_id: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("SELECT id FROM public_entries WHERE line_id = $1").bind(line_id).fetch_all(conn).await
}

/// What the attachments of these entries say; at most [`PAGE`] of them.
pub(super) async fn attachment_texts_of(conn: &mut Conn, ids: &[&str]) -> sqlx::Result<Vec<AttachmentText>> {
    let mut query = sqlx::query_as(
        "SELECT entry_id, id, name, file_sha256, passages FROM public_attachment_texts \
         WHERE entry_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) \
         ORDER BY entry_id, position, id",
    );
    for at in 0..PAGE {
        query = query.bind(ids.get(at).copied().unwrap_or_default());
    }
    query.fetch_all(conn).await
}

/// What the attachments of these entries say, from the first id to the last.
pub(super) async fn attachment_texts(
    conn: &mut Conn,
    first: &str,
    last: &str,
) -> sqlx::Result<Vec<AttachmentText>> {
    sqlx::query_as(
        "SELECT entry_id, id, name, file_sha256, passages FROM public_attachment_texts \
         WHERE entry_id >= $1 AND entry_id <= $2 ORDER BY entry_id, position, id",
    )
    .bind(first)
    .bind(last)
    .fetch_all(conn)
    .await
}

/// Names of agencies and of lines of the catalogue.
pub(super) async fn names(conn: &mut Conn) -> sqlx::Result<(Vec<String>, Vec<String>)> {
    let agencies =
        sqlx::query_scalar("SELECT name FROM public_agencies ORDER BY code").fetch_all(&mut *conn).await?;
    let lines: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT title, elements FROM public_catalogue_lines ORDER BY 1, 2 LIMIT 5000",
    )
    .fetch_all(conn)
    .await?;
    Ok((agencies, lines.into_iter().flat_map(|(title, elements)| [title, elements]).collect()))
}

/// The agency with this code and those below it; the code alone when there is no such agency, so that nothing is found.
pub(super) async fn codes_below(conn: &mut Conn, code: &str) -> sqlx::Result<Vec<String>> {
    let mut codes: Vec<String> = sqlx::query_scalar(
        "WITH RECURSIVE below (id, code) AS (SELECT id, code FROM public_agencies WHERE code = $1 \
         UNION SELECT a.id, a.code FROM public_agencies a JOIN below b ON a.parent_id = b.id) \
         SELECT code FROM below ORDER BY code",
    )
    .bind(code)
    .fetch_all(conn)
    .await?;
    if codes.is_empty() {
        codes.push(code.to_owned());
    }
    Ok(codes)
}
