use super::{Evidence, EvidenceKind};
use crate::db::Conn;
use crate::files::FileKind;

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    kind: String,
    name: String,
    media_type: String,
    size: i64,
    added_at: String,
}

impl Row {
    fn typed(self) -> anyhow::Result<Evidence> {
        let unknown = |code: &str| anyhow::anyhow!("stored code {code:?} is unknown");
        Ok(Evidence {
            kind: EvidenceKind::from_code(&self.kind).ok_or_else(|| unknown(&self.kind))?,
            format: FileKind::of_media_type(&self.media_type).ok_or_else(|| unknown(&self.media_type))?,
            size: u64::try_from(self.size)?,
            id: self.id,
            added_at: self.added_at,
            sealed_name: self.name,
        })
    }
}

/// What a request came with, the oldest first.
pub async fn of_request(conn: &mut Conn, request_id: &str) -> anyhow::Result<Vec<Evidence>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, kind, name, media_type, size, added_at FROM request_files WHERE request_id = $1 ORDER BY id",
    )
    .bind(request_id)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::typed).collect()
}

/// What can be opened from a request: what it came with, and, where it was split off another, what that one came with.
pub async fn within_reach(conn: &mut Conn, request_id: &str) -> anyhow::Result<Vec<Evidence>> {
    let mut files = Vec::new();
    let mut at = Some(request_id.to_owned());
    while let Some(id) = at {
        let mut own = of_request(conn, &id).await?;
        own.append(&mut files);
        files = own;
        at = split_from(conn, &id).await?;
    }
    Ok(files)
}

/// The request it was split off; each split registers later than what it comes from.
async fn split_from(conn: &mut Conn, request_id: &str) -> anyhow::Result<Option<String>> {
    let detail: Option<String> = sqlx::query_scalar(
        "SELECT detail FROM request_events WHERE request_id = $1 AND ordinal = 1 AND event = 'registered'",
    )
    .bind(request_id)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(detail) = detail else { return Ok(None) };
    let detail: serde_json::Value = serde_json::from_str(&detail)?;
    let Some(number) = detail["split_from"].as_str() else { return Ok(None) };
    Ok(sqlx::query_scalar("SELECT id FROM requests WHERE number = $1")
        .bind(number)
        .fetch_optional(conn)
        .await?)
}

/// What waits under the token of a form.
pub async fn staged(conn: &mut Conn, token: &str) -> anyhow::Result<Vec<Evidence>> {
    if token.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, kind, name, media_type, size, added_at FROM request_files \
         WHERE stage_hash = $1 AND request_id IS NULL ORDER BY id",
    )
    .bind(crate::secrets::digest(token))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::typed).collect()
}

pub(super) struct New<'a> {
    pub(super) id: &'a str,
    pub(super) stage_hash: &'a str,
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    pub(super) media_type: &'a str,
    pub(super) size: i64,
    pub(super) digest: &'a str,
    pub(super) added_at: &'a str,
    pub(super) kept_until: &'a str,
}

pub(super) async fn insert(conn: &mut Conn, new: &New<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO request_files (id, stage_hash, kind, name, media_type, size, digest, added_at, kept_until) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(new.id)
    .bind(new.stage_hash)
    .bind(new.kind)
    .bind(new.name)
    .bind(new.media_type)
    .bind(new.size)
    .bind(new.digest)
    .bind(new.added_at)
    .bind(new.kept_until)
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives what waits under a token to a request; returns how many.
pub(super) async fn attach(
    conn: &mut Conn,
    stage_hash: &str,
    request_id: &str,
    by_id: Option<&str>,
) -> sqlx::Result<u64> {
    let done = sqlx::query(
        "UPDATE request_files SET request_id = $1, added_by = $2, stage_hash = '', kept_until = NULL \
         WHERE stage_hash = $3 AND request_id IS NULL",
    )
    .bind(request_id)
    .bind(by_id)
    .bind(stage_hash)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// What nobody sent in time.
pub(super) async fn expired(conn: &mut Conn, now: &str, most: i64) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT id FROM request_files WHERE request_id IS NULL AND kept_until < $1 ORDER BY id LIMIT $2",
    )
    .bind(now)
    .bind(most)
    .fetch_all(conn)
    .await
}

/// Forgets a file that waits; a file of a request stays.
pub(super) async fn delete_waiting(conn: &mut Conn, id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM request_files WHERE id = $1 AND request_id IS NULL")
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// The sealed names under other keys than `active`: id and name.
pub(super) async fn sealed_otherwise(
    conn: &mut Conn,
    active: &str,
    most: i64,
) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as(
        "SELECT id, name FROM request_files WHERE name <> '' AND name NOT LIKE $1 ORDER BY id LIMIT $2",
    )
    .bind(format!("{active}:%"))
    .bind(most)
    .fetch_all(conn)
    .await
}

pub(super) async fn put_name(conn: &mut Conn, id: &str, name: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE request_files SET name = $1 WHERE id = $2").bind(name).bind(id).execute(conn).await?;
    Ok(())
}
