//! What was read of attached reports, and which typed reports passed the check.

use crate::db::Conn;

/// What was read of a file: the report as it is stored, or why it is none. `None`: it was never read.
pub(in crate::reporting) async fn file_reading(
    conn: &mut Conn,
    sha256: &str,
) -> sqlx::Result<Option<(String, String)>> {
    sqlx::query_as("SELECT body, reason FROM report_files WHERE file_sha256 = $1")
        .bind(sha256)
        .fetch_optional(conn)
        .await
}

pub(in crate::reporting) async fn insert_file_reading(
    conn: &mut Conn,
    sha256: &str,
    body: &str,
    reason: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO report_files (file_sha256, body, reason, read_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT DO NOTHING",
    )
    .bind(sha256)
    .bind(body)
    .bind(reason)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(in crate::reporting) async fn upsert_entry_check(
    conn: &mut Conn,
    edition_id: &str,
    content_hash: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO report_entry_checks (edition_id, content_hash, passed_at) VALUES ($1, $2, $3) \
         ON CONFLICT (edition_id) DO UPDATE SET content_hash = EXCLUDED.content_hash, \
         passed_at = EXCLUDED.passed_at",
    )
    .bind(edition_id)
    .bind(content_hash)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
