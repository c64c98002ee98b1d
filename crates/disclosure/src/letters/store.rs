use super::{Letter, LetterKind};
use crate::db::Conn;
use crate::requests::DeliveryWay;
use crate::review::ReviewState;

#[derive(sqlx::FromRow)]
struct LetterRow {
    id: String,
    request_id: String,
    kind: String,
    number: String,
    body_html: String,
    content_hash: String,
    drafted_by: String,
    drafted_at: String,
    review_id: Option<String>,
    review_state: Option<String>,
    issued_at: Option<String>,
    delivery: Option<String>,
}

impl LetterRow {
    fn typed(self) -> anyhow::Result<Letter> {
        Ok(Letter {
            kind: LetterKind::from_code(&self.kind)
                .ok_or_else(|| anyhow::anyhow!("letter kind {:?}", self.kind))?,
            review: self.review_state.as_deref().and_then(ReviewState::from_code),
            delivery: self.delivery.as_deref().and_then(DeliveryWay::from_code),
            id: self.id,
            request_id: self.request_id,
            number: self.number,
            body_html: self.body_html,
            content_hash: self.content_hash,
            drafted_by: self.drafted_by,
            drafted_at: self.drafted_at,
            review_id: self.review_id,
            issued_at: self.issued_at,
        })
    }
}

/// The letters of a request, oldest first, each with its newest review.
pub async fn of_request(conn: &mut Conn, request_id: &str) -> anyhow::Result<Vec<Letter>> {
    let rows: Vec<LetterRow> = sqlx::query_as(
        "SELECT l.id, l.request_id, l.kind, l.number, l.body_html, l.content_hash, l.drafted_by, l.drafted_at, \
         v.id AS review_id, v.state AS review_state, i.issued_at, i.delivery \
         FROM letters l \
         LEFT JOIN letter_issues i ON i.letter_id = l.id \
         LEFT JOIN reviews v ON v.id = (SELECT MAX(w.id) FROM reviews w WHERE w.letter_id = l.id) \
         WHERE l.request_id = $1",
    )
    .bind(request_id)
    .fetch_all(conn)
    .await?;
    let mut letters = rows.into_iter().map(LetterRow::typed).collect::<anyhow::Result<Vec<_>>>()?;
    // Two letters of one moment stand in the order of the procedure.
    letters.sort_by(|a, b| (&a.drafted_at, a.kind).cmp(&(&b.drafted_at, b.kind)));
    Ok(letters)
}

pub(super) async fn insert(conn: &mut Conn, letter: &Letter) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO letters (id, request_id, kind, number, body_html, content_hash, drafted_by, drafted_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&letter.id)
    .bind(&letter.request_id)
    .bind(letter.kind.code())
    .bind(&letter.number)
    .bind(&letter.body_html)
    .bind(&letter.content_hash)
    .bind(&letter.drafted_by)
    .bind(&letter.drafted_at)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn rewrite(conn: &mut Conn, letter: &Letter) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE letters SET body_html = $1, content_hash = $2, drafted_by = $3, drafted_at = $4 WHERE id = $5",
    )
    .bind(&letter.body_html)
    .bind(&letter.content_hash)
    .bind(&letter.drafted_by)
    .bind(&letter.drafted_at)
    .bind(&letter.id)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn issue(
    conn: &mut Conn,
    letter: &Letter,
    by: &str,
    now: &str,
    delivery: DeliveryWay,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO letter_issues (letter_id, review_id, content_hash, issued_by, issued_at, delivery) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&letter.id)
    .bind(letter.review_id.as_deref().unwrap_or_default())
    .bind(&letter.content_hash)
    .bind(by)
    .bind(now)
    .bind(delivery.code())
    .execute(conn)
    .await?;
    Ok(())
}
