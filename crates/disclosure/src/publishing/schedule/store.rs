use crate::db::Conn;

/// When an edition goes out.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublishTime {
    pub edition_id: String,
    pub release_at: String,
    pub set_by_name: String,
    pub set_at: String,
    /// When the gate refused it, and why.
    pub refused_at: Option<String>,
    pub refusal: Option<String>,
}

pub async fn of_edition(conn: &mut Conn, edition_id: &str) -> sqlx::Result<Option<PublishTime>> {
    sqlx::query_as(
        "SELECT t.edition_id, t.release_at, u.name AS set_by_name, t.set_at, t.refused_at, t.refusal \
         FROM publish_times t JOIN users u ON u.id = t.set_by WHERE t.edition_id = $1",
    )
    .bind(edition_id)
    .fetch_optional(conn)
    .await
}

pub(super) async fn put(
    conn: &mut Conn,
    edition_id: &str,
    release_at: &str,
    by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO publish_times (edition_id, release_at, set_by, set_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (edition_id) DO UPDATE SET release_at = excluded.release_at, set_by = excluded.set_by, \
         set_at = excluded.set_at, refused_at = NULL, refusal = NULL",
    )
    .bind(edition_id)
    .bind(release_at)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether there was one to take away.
pub(super) async fn delete(conn: &mut Conn, edition_id: &str) -> sqlx::Result<bool> {
    let done =
        sqlx::query("DELETE FROM publish_times WHERE edition_id = $1").bind(edition_id).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn set_refused(
    conn: &mut Conn,
    edition_id: &str,
    refusal: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE publish_times SET refused_at = $1, refusal = $2 WHERE edition_id = $3")
        .bind(now)
        .bind(refusal)
        .bind(edition_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Name and mailbox of who wrote the edition; the agency's mailbox where they have none.
pub(super) async fn author(conn: &mut Conn, edition_id: &str) -> sqlx::Result<(String, String)> {
    sqlx::query_as(
        "SELECT u.name, CASE WHEN COALESCE(u.email, '') = '' THEN a.email ELSE u.email END \
         FROM editions d JOIN users u ON u.id = d.author_id JOIN entries e ON e.id = d.entry_id \
         JOIN agencies a ON a.id = e.agency_id WHERE d.id = $1",
    )
    .bind(edition_id)
    .fetch_one(conn)
    .await
}
