use super::Link;
use crate::db::{Conn, Engine};

pub(super) async fn lock_head(conn: &mut Conn, engine: Engine) -> sqlx::Result<(i64, String)> {
    sqlx::query_as(engine.lock_audit_head()).fetch_one(conn).await
}

pub(super) async fn head(conn: &mut Conn) -> sqlx::Result<(i64, String)> {
    sqlx::query_as("SELECT seq, hash FROM audit_head WHERE id = 1").fetch_one(conn).await
}

pub(super) async fn move_head(conn: &mut Conn, seq: i64, hash: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE audit_head SET seq = $1, hash = $2 WHERE id = 1")
        .bind(seq)
        .bind(hash)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn insert(conn: &mut Conn, link: &Link) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO audit_log (seq, at, actor_kind, actor_id, actor_name, agency_id, room, act, subject_id, \
         detail, prev_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(link.seq)
    .bind(&link.at)
    .bind(&link.actor_kind)
    .bind(&link.actor_id)
    .bind(&link.actor_name)
    .bind(&link.agency_id)
    .bind(&link.room)
    .bind(&link.act)
    .bind(&link.subject_id)
    .bind(&link.detail)
    .bind(&link.prev_hash)
    .bind(&link.hash)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn after(conn: &mut Conn, seq: i64, limit: i64) -> sqlx::Result<Vec<Link>> {
    sqlx::query_as("SELECT * FROM audit_log WHERE seq > $1 ORDER BY seq LIMIT $2")
        .bind(seq)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(super) async fn of_subject(conn: &mut Conn, subject_id: &str) -> sqlx::Result<Vec<Link>> {
    sqlx::query_as("SELECT * FROM audit_log WHERE subject_id = $1 ORDER BY seq")
        .bind(subject_id)
        .fetch_all(conn)
        .await
}

pub(super) async fn newest(
    conn: &mut Conn,
    agency_id: Option<&str>,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<Link>> {
    sqlx::query_as(
        "SELECT * FROM audit_log WHERE seq < $1 AND ($2 = '' OR agency_id = $2) ORDER BY seq DESC LIMIT $3",
    )
    .bind(before)
    .bind(agency_id.unwrap_or(""))
    .bind(limit)
    .fetch_all(conn)
    .await
}
