use super::template::Template;
use super::{Letter, LetterKind, SealedCopy};
use crate::db::Conn;
use crate::requests::DeliveryWay;
use crate::review::ReviewState;
use crate::time::date;

#[derive(sqlx::FromRow)]
struct LetterRow {
    id: String,
    request_id: String,
    kind: String,
    number: String,
    body_html: String,
    request_key: String,
    content_hash: String,
    drafted_by: String,
    drafted_at: String,
    template_id: String,
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
            sealed_text: self.body_html,
            request_key: self.request_key,
            content_hash: self.content_hash,
            drafted_by: self.drafted_by,
            drafted_at: self.drafted_at,
            template_id: self.template_id,
            sealed: None,
            review_id: self.review_id,
            issued_at: self.issued_at,
        })
    }
}

/// The letters of a request, oldest first, each with its newest review.
pub async fn of_request(conn: &mut Conn, request_id: &str) -> anyhow::Result<Vec<Letter>> {
    let rows: Vec<LetterRow> = sqlx::query_as(
        "SELECT l.id, l.request_id, l.kind, l.number, l.body_html, q.request_key, l.content_hash, l.drafted_by, \
         l.drafted_at, l.template_id, \
         v.id AS review_id, v.state AS review_state, i.issued_at, i.delivery \
         FROM letters l JOIN requests q ON q.id = l.request_id \
         LEFT JOIN letter_issues i ON i.letter_id = l.id \
         LEFT JOIN reviews v ON v.id = (SELECT MAX(w.id) FROM reviews w WHERE w.letter_id = l.id) \
         WHERE l.request_id = $1",
    )
    .bind(request_id)
    .fetch_all(&mut *conn)
    .await?;
    let mut letters = rows.into_iter().map(LetterRow::typed).collect::<anyhow::Result<Vec<_>>>()?;
    for (letter_id, sealed) in sealed_of_request(conn, request_id).await? {
        if let Some(letter) = letters.iter_mut().find(|letter| letter.id == letter_id) {
            letter.sealed = Some(sealed);
        }
    }
    // Two letters of one moment stand in the order of the procedure.
    letters.sort_by(|a, b| (&a.drafted_at, a.kind, &a.id).cmp(&(&b.drafted_at, b.kind, &b.id)));
    Ok(letters)
}

pub(super) async fn insert(conn: &mut Conn, letter: &Letter) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO letters (id, request_id, kind, number, body_html, content_hash, drafted_by, drafted_at, \
         template_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&letter.id)
    .bind(&letter.request_id)
    .bind(letter.kind.code())
    .bind(&letter.number)
    .bind(&letter.sealed_text)
    .bind(&letter.content_hash)
    .bind(&letter.drafted_by)
    .bind(&letter.drafted_at)
    .bind(&letter.template_id)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn rewrite(conn: &mut Conn, letter: &Letter) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE letters SET body_html = $1, content_hash = $2, drafted_by = $3, drafted_at = $4, template_id = $5 \
         WHERE id = $6",
    )
    .bind(&letter.sealed_text)
    .bind(&letter.content_hash)
    .bind(&letter.drafted_by)
    .bind(&letter.drafted_at)
    .bind(&letter.template_id)
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

#[derive(sqlx::FromRow)]
struct SealRow {
    letter_id: String,
    name: String,
    sha256: String,
    size: i64,
    media_type: String,
    added_at: String,
}

/// 盖章件 of all letters of a request, the newest of each last; one that was destroyed has no name.
async fn sealed_of_request(conn: &mut Conn, request_id: &str) -> sqlx::Result<Vec<(String, SealedCopy)>> {
    let rows: Vec<SealRow> = sqlx::query_as(
        "SELECT s.letter_id, s.name, f.sha256, f.size, f.media_type, s.added_at FROM letter_seals s \
         JOIN letters l ON l.id = s.letter_id JOIN files f ON f.sha256 = s.file_sha256 \
         WHERE l.request_id = $1 AND s.content_hash = l.content_hash AND s.name <> '' ORDER BY s.id",
    )
    .bind(request_id)
    .fetch_all(conn)
    .await?;
    let typed = |row: SealRow| {
        let SealRow { letter_id, name, sha256, size, media_type, added_at } = row;
        (letter_id, SealedCopy { name, sha256, size, media_type, added_at })
    };
    Ok(rows.into_iter().map(typed).collect())
}

pub(super) async fn insert_seal(
    conn: &mut Conn,
    id: &str,
    letter: &Letter,
    sealed: &SealedCopy,
    by: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO letter_seals (id, letter_id, content_hash, name, file_sha256, added_by, added_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(&letter.id)
    .bind(&letter.content_hash)
    .bind(&sealed.name)
    .bind(&sealed.sha256)
    .bind(by)
    .bind(&sealed.added_at)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct TemplateRow {
    id: String,
    heading: String,
    text: String,
    signature: String,
    since: String,
    set_by_name: String,
    set_at: String,
}

/// Every wording an agency has set for a kind of letter: what holds from the latest day first, of one day the last set.
pub async fn history(conn: &mut Conn, agency_id: &str, kind: LetterKind) -> anyhow::Result<Vec<Template>> {
    let rows: Vec<TemplateRow> = sqlx::query_as(
        "SELECT t.id, t.heading, t.text, t.signature, t.since, u.name AS set_by_name, t.set_at \
         FROM letter_templates t JOIN users u ON u.id = t.set_by WHERE t.agency_id = $1 AND t.kind = $2 \
         ORDER BY t.since DESC, t.id DESC",
    )
    .bind(agency_id)
    .bind(kind.code())
    .fetch_all(conn)
    .await?;
    let typed = |row: TemplateRow| {
        Ok(Template {
            id: row.id,
            kind,
            heading: row.heading,
            text: row.text,
            signature: row.signature,
            since: Some(date(&row.since)?),
            set_by_name: row.set_by_name,
            set_at: row.set_at,
        })
    };
    rows.into_iter().map(typed).collect()
}

pub(super) async fn insert_template(
    conn: &mut Conn,
    agency_id: &str,
    template: &Template,
    by: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO letter_templates (id, agency_id, kind, heading, text, signature, since, set_by, set_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&template.id)
    .bind(agency_id)
    .bind(template.kind.code())
    .bind(&template.heading)
    .bind(&template.text)
    .bind(&template.signature)
    .bind(template.since.map(|day| day.to_string()).unwrap_or_default())
    .bind(by)
    .bind(&template.set_at)
    .execute(conn)
    .await?;
    Ok(())
}
