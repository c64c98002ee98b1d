use super::StoredFile;
use crate::db::Conn;

/// Notes a kept file in the ledger; the same bytes are noted once.
pub(crate) async fn note(conn: &mut Conn, file: &StoredFile, now: &str) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO files (sha256, size, media_type, stored_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(&file.sha256)
    .bind(file.size)
    .bind(&file.media_type)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
