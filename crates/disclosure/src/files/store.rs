use super::{Hidden, Prepared, StoredFile};
use crate::db::Conn;

/// Notes a file that is ready to go out: its bytes, what it says, and what was removed from it.
pub(crate) async fn note_prepared(conn: &mut Conn, prepared: &Prepared, now: &str) -> anyhow::Result<()> {
    note(conn, &prepared.file, now).await?;
    let sha256 = &prepared.file.sha256;
    sqlx::query(
        "INSERT INTO file_texts (file_sha256, passages, unread) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(sha256)
    .bind(serde_json::to_string(&prepared.text.passages)?)
    .bind(prepared.text.unread.clone().unwrap_or_default())
    .execute(&mut *conn)
    .await?;
    if let Some(sealed) = &prepared.sealed {
        note(conn, &sealed.original, now).await?;
        sqlx::query(
            "INSERT INTO cleaned_files (file_sha256, original_sha256, removed) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
        )
        .bind(sha256)
        .bind(&sealed.original.sha256)
        .bind(serde_json::to_string(&sealed.removed)?)
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// What was removed from a file before it was attached; empty when nothing was.
pub async fn removed_from(conn: &mut Conn, sha256: &str) -> anyhow::Result<Vec<Hidden>> {
    let removed: Option<String> = sqlx::query_scalar(
        "SELECT removed FROM cleaned_files WHERE file_sha256 = $1 ORDER BY original_sha256 LIMIT 1",
    )
    .bind(sha256)
    .fetch_optional(conn)
    .await?;
    removed.map_or_else(|| Ok(Vec::new()), |removed| Ok(serde_json::from_str(&removed)?))
}

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
