use super::{FileText, StoredFile};
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

/// Notes what a kept file says; the same bytes say the same.
pub(crate) async fn note_text(conn: &mut Conn, sha256: &str, text: &FileText) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO file_texts (file_sha256, passages, unread) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(sha256)
    .bind(serde_json::to_string(&text.passages)?)
    .bind(text.unread.clone().unwrap_or_default())
    .execute(conn)
    .await?;
    Ok(())
}
