use crate::db::Conn;
use crate::secrets;

/// 公众来信 — a letter from the public, with its reply.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct InteractionCase {
    pub id: String,
    pub agency_id: String,
    pub agency_name: String,
    pub number: String,
    pub kind: String,
    pub person_name: String,
    pub contact: String,
    pub subject: String,
    pub body: String,
    /// 网站找错: the address on this site it is about; empty otherwise.
    pub page: String,
    pub received_at: String,
    pub reply: Option<String>,
    pub replied_at: Option<String>,
    pub replied_by: Option<String>,
}

/// A letter with its reply, for staff.
pub async fn case(conn: &mut Conn, id: &str) -> sqlx::Result<Option<InteractionCase>> {
    sqlx::query_as(
        "SELECT c.id, c.agency_id, a.name AS agency_name, c.number, c.kind, c.person_name, c.contact, c.subject, \
         c.body, c.page, c.received_at, c.reply, c.replied_at, u.name AS replied_by FROM interaction_cases c \
         JOIN agencies a ON a.id = c.agency_id LEFT JOIN users u ON u.id = c.replied_by WHERE c.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

/// Letters of an agency: unanswered oldest first, then answered newest first.
pub async fn cases(
    conn: &mut Conn,
    agency_id: &str,
    is_answered: bool,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<InteractionCase>> {
    sqlx::query_as(
        "SELECT c.id, c.agency_id, a.name AS agency_name, c.number, c.kind, c.person_name, c.contact, c.subject, \
         c.body, c.page, c.received_at, c.reply, c.replied_at, u.name AS replied_by FROM interaction_cases c \
         JOIN agencies a ON a.id = c.agency_id LEFT JOIN users u ON u.id = c.replied_by \
         WHERE c.agency_id = $1 AND CASE WHEN c.replied_at IS NULL THEN 0 ELSE 1 END = $2 \
         ORDER BY CASE WHEN c.replied_at IS NULL THEN c.received_at END, c.received_at DESC, c.id \
         LIMIT $3 OFFSET $4",
    )
    .bind(agency_id)
    .bind(i64::from(is_answered))
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await
}

/// How many letters of an agency are unanswered, and how many answered.
pub async fn counts(conn: &mut Conn, agency_id: &str) -> sqlx::Result<(i64, i64)> {
    sqlx::query_as(
        "SELECT COUNT(*) - COUNT(replied_at), COUNT(replied_at) FROM interaction_cases WHERE agency_id = $1",
    )
    .bind(agency_id)
    .fetch_one(conn)
    .await
}

/// The letter with this number, for the person who holds its query code and for no one else.
pub async fn tracked(
    conn: &mut Conn,
    number: &str,
    query_code: &str,
) -> sqlx::Result<Option<InteractionCase>> {
    let row: Option<(String, String)> =
        sqlx::query_as("SELECT id, query_code_hash FROM interaction_cases WHERE number = $1")
            .bind(number)
            .fetch_optional(&mut *conn)
            .await?;
    match row {
        Some((id, hash)) if secrets::matches(query_code, &hash) => case(conn, &id).await,
        _ => Ok(None),
    }
}

pub(super) struct CaseRow {
    pub id: String,
    pub agency_id: String,
    pub number: String,
    pub query_code_hash: String,
    pub kind: &'static str,
    pub person_name: String,
    pub contact: String,
    pub subject: String,
    pub body: String,
    pub page: String,
    pub received_at: String,
}

pub(super) async fn insert(conn: &mut Conn, row: &CaseRow) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO interaction_cases (id, agency_id, number, query_code_hash, kind, person_name, contact, \
         subject, body, page, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(&row.id)
    .bind(&row.agency_id)
    .bind(&row.number)
    .bind(&row.query_code_hash)
    .bind(row.kind)
    .bind(&row.person_name)
    .bind(&row.contact)
    .bind(&row.subject)
    .bind(&row.body)
    .bind(&row.page)
    .bind(&row.received_at)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn update_reply(
    conn: &mut Conn,
    id: &str,
    reply: &str,
    at: &str,
    by: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE interaction_cases SET reply = $1, replied_at = $2, replied_by = $3 WHERE id = $4")
        .bind(reply)
        .bind(at)
        .bind(by)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// 网站找错 of the given agencies, newest first: for those who oversee them.
pub async fn error_reports(
    conn: &mut Conn,
    is_open: bool,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<InteractionCase>> {
    sqlx::query_as(
        "SELECT c.id, c.agency_id, a.name AS agency_name, c.number, c.kind, c.person_name, c.contact, c.subject, \
         c.body, c.page, c.received_at, c.reply, c.replied_at, u.name AS replied_by FROM interaction_cases c \
         JOIN agencies a ON a.id = c.agency_id LEFT JOIN users u ON u.id = c.replied_by \
         WHERE c.kind = 'error_report' AND CASE WHEN c.replied_at IS NULL THEN 1 ELSE 0 END = $1 \
         ORDER BY c.received_at DESC, c.id LIMIT $2 OFFSET $3",
    )
    .bind(i64::from(is_open))
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await
}

/// When each 网站找错 since a moment came and was answered, with its agency.
pub async fn error_report_times(
    conn: &mut Conn,
    since: &str,
) -> sqlx::Result<Vec<(String, String, Option<String>)>> {
    sqlx::query_as(
        "SELECT agency_id, received_at, replied_at FROM interaction_cases \
         WHERE kind = 'error_report' AND received_at >= $1 ORDER BY received_at",
    )
    .bind(since)
    .fetch_all(conn)
    .await
}
