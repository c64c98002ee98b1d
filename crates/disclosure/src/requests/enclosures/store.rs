use super::Enclosure;
use crate::db::Conn;

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    request_id: String,
    name: String,
    sha256: String,
    size: i64,
    media_type: String,
}

impl From<Row> for Enclosure {
    fn from(row: Row) -> Enclosure {
        let Row { id, request_id, name, sha256, size, media_type } = row;
        Enclosure { id, request_id, name, sha256, size, media_type }
    }
}

/// In the order they were added; one that was destroyed has no name.
pub async fn of_request(conn: &mut Conn, request_id: &str) -> sqlx::Result<Vec<Enclosure>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT e.id, e.request_id, e.name, f.sha256, f.size, f.media_type FROM enclosures e \
         JOIN files f ON f.sha256 = e.file_sha256 WHERE e.request_id = $1 AND e.name <> '' \
         ORDER BY e.position",
    )
    .bind(request_id)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Enclosure::from).collect())
}

pub(crate) async fn by_id(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Enclosure>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT e.id, e.request_id, e.name, f.sha256, f.size, f.media_type FROM enclosures e \
         JOIN files f ON f.sha256 = e.file_sha256 WHERE e.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Enclosure::from))
}

pub(super) async fn last_position(conn: &mut Conn, request_id: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT COALESCE(MAX(position), 0) FROM enclosures WHERE request_id = $1")
        .bind(request_id)
        .fetch_one(conn)
        .await
}

pub(super) async fn insert(
    conn: &mut Conn,
    one: &Enclosure,
    position: i64,
    by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO enclosures (id, request_id, position, name, file_sha256, added_by, added_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&one.id)
    .bind(&one.request_id)
    .bind(position)
    .bind(&one.name)
    .bind(&one.sha256)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Another file in its place: the redacted one.
pub(crate) async fn replace(conn: &mut Conn, id: &str, name: &str, sha256: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE enclosures SET name = $1, file_sha256 = $2 WHERE id = $3")
        .bind(name)
        .bind(sha256)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn delete(conn: &mut Conn, id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM enclosures WHERE id = $1").bind(id).execute(conn).await?;
    Ok(())
}

/// Whether these bytes are the sealed original of a file redacted for this request.
pub async fn was_redacted(conn: &mut Conn, request_id: &str, sha256: &str) -> sqlx::Result<bool> {
    let found: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM redactions WHERE place_id = $1 AND original_sha256 = $2 AND applied_at IS NOT NULL",
    )
    .bind(request_id)
    .bind(sha256)
    .fetch_one(conn)
    .await?;
    Ok(found > 0)
}
