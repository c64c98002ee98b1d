use crate::db::Conn;

/// 督促整改 — a demand to put something right. 《条例》第四十七条第一款.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Rectification {
    pub id: String,
    pub agency_id: String,
    pub agency_name: String,
    pub concerns: String,
    /// The one record it is about; empty when it is about the figure as a whole.
    pub subject_id: String,
    pub demand: String,
    pub due_on: String,
    pub opened_by: String,
    pub opened_at: String,
    pub answer: Option<String>,
    pub answered_at: Option<String>,
    pub closed_at: Option<String>,
}

/// Demands, open ones first; of every agency when `agency_id` is empty.
pub async fn rectifications(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Rectification>> {
    sqlx::query_as(
        "SELECT r.id, r.agency_id, a.name AS agency_name, r.concerns, r.subject_id, r.demand, r.due_on, \
         u.name AS opened_by, r.opened_at, r.answer, r.answered_at, r.closed_at FROM rectifications r \
         JOIN agencies a ON a.id = r.agency_id JOIN users u ON u.id = r.opened_by \
         WHERE $1 = '' OR r.agency_id = $1 \
         ORDER BY CASE WHEN r.closed_at IS NULL THEN 0 ELSE 1 END, r.due_on, r.id",
    )
    .bind(agency_id)
    .fetch_all(conn)
    .await
}

pub async fn rectification(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Rectification>> {
    sqlx::query_as(
        "SELECT r.id, r.agency_id, a.name AS agency_name, r.concerns, r.subject_id, r.demand, r.due_on, \
         u.name AS opened_by, r.opened_at, r.answer, r.answered_at, r.closed_at FROM rectifications r \
         JOIN agencies a ON a.id = r.agency_id JOIN users u ON u.id = r.opened_by WHERE r.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

pub(super) struct RectificationRow<'a> {
    pub id: &'a str,
    pub agency_id: &'a str,
    pub concerns: &'a str,
    pub subject_id: &'a str,
    pub demand: &'a str,
    pub due_on: String,
    pub opened_by: &'a str,
    pub opened_at: String,
}

pub(super) async fn insert(conn: &mut Conn, row: &RectificationRow<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO rectifications (id, agency_id, concerns, subject_id, demand, due_on, opened_by, opened_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(row.id)
    .bind(row.agency_id)
    .bind(row.concerns)
    .bind(row.subject_id)
    .bind(row.demand)
    .bind(&row.due_on)
    .bind(row.opened_by)
    .bind(&row.opened_at)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn update_answer(conn: &mut Conn, id: &str, answer: &str, at: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE rectifications SET answer = $1, answered_at = $2 WHERE id = $3")
        .bind(answer)
        .bind(at)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Sends the answer back: the agency answers anew.
pub(super) async fn clear_answer(conn: &mut Conn, id: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE rectifications SET answered_at = NULL WHERE id = $1").bind(id).execute(conn).await?;
    Ok(())
}

pub(super) async fn update_closed(conn: &mut Conn, id: &str, at: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE rectifications SET closed_at = $1 WHERE id = $2")
        .bind(at)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

// What stands open, of every agency ------------------------------------------------------------------

#[derive(sqlx::FromRow)]
pub(super) struct OpenRequest {
    pub agency_id: String,
    pub number: String,
    pub submitted_on: String,
    pub received_on: Option<String>,
    pub reply_due_on: Option<String>,
}

pub(super) async fn open_requests(conn: &mut Conn) -> sqlx::Result<Vec<OpenRequest>> {
    sqlx::query_as(
        "SELECT agency_id, number, submitted_on, received_on, reply_due_on FROM requests \
         WHERE closed_on IS NULL",
    )
    .fetch_all(conn)
    .await
}

#[derive(sqlx::FromRow)]
pub(super) struct OpenReview {
    pub id: String,
    pub agency_id: String,
    pub opened_at: String,
    pub title: Option<String>,
    pub letter_number: Option<String>,
}

pub(super) async fn open_reviews(conn: &mut Conn) -> sqlx::Result<Vec<OpenReview>> {
    sqlx::query_as(
        "SELECT v.id, v.agency_id, v.opened_at, d.title, x.number AS letter_number FROM reviews v \
         LEFT JOIN editions d ON d.id = v.edition_id LEFT JOIN letters x ON x.id = v.letter_id \
         WHERE v.state = 'open'",
    )
    .fetch_all(conn)
    .await
}

#[derive(sqlx::FromRow)]
pub(super) struct UnansweredLetter {
    pub id: String,
    pub agency_id: String,
    pub number: String,
    pub subject: String,
    pub received_at: String,
}

pub(super) async fn unanswered_letters(conn: &mut Conn) -> sqlx::Result<Vec<UnansweredLetter>> {
    sqlx::query_as(
        "SELECT id, agency_id, number, subject, received_at FROM interaction_cases WHERE replied_at IS NULL",
    )
    .fetch_all(conn)
    .await
}

/// A request that was closed after its day.
#[derive(sqlx::FromRow)]
pub(super) struct LateReply {
    pub agency_id: String,
    pub number: String,
    pub reply_due_on: String,
    pub closed_on: String,
}

/// Requests closed from one day to another, each later than it was due.
pub(super) async fn late_replies(conn: &mut Conn, from: &str, to: &str) -> sqlx::Result<Vec<LateReply>> {
    sqlx::query_as(
        "SELECT agency_id, number, reply_due_on, closed_on FROM requests WHERE closed_on >= $1 AND closed_on <= $2 \
         AND reply_due_on IS NOT NULL AND closed_on > reply_due_on AND decision IS NOT NULL ORDER BY closed_on, number",
    )
    .bind(from)
    .bind(to)
    .fetch_all(conn)
    .await
}
