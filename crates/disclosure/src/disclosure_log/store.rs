use crate::db::Conn;

/// The entry that tells of a request, when there is one.
pub async fn entry_of(conn: &mut Conn, request_id: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT entry_id FROM disclosure_log WHERE request_id = $1")
        .bind(request_id)
        .fetch_optional(conn)
        .await
}

pub(super) async fn insert(
    conn: &mut Conn,
    request_id: &str,
    entry_id: &str,
    (decision, answered_on): (&str, &str),
    (by, now): (&str, &str),
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO disclosure_log (request_id, entry_id, decision, answered_on, proposed_by, proposed_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(request_id)
    .bind(entry_id)
    .bind(decision)
    .bind(answered_on)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
