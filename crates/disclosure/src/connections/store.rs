use super::{Delivery, StoredAnswer, Token, Webhook};
use crate::db::Conn;

macro_rules! token_columns {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.agency_id, t.name, t.hint, t.scopes, t.user_id, u.name AS user_name, t.created_at, \
             t.expires_at, t.revoked_at, t.last_used_at FROM access_tokens t JOIN users u ON u.id = t.user_id ",
            $rest
        )
    };
}

/// Tokens of an agency, newest first; also those that are no longer in force.
pub async fn tokens(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Token>> {
    sqlx::query_as(token_columns!("WHERE t.agency_id = $1 ORDER BY t.created_at DESC, t.id DESC LIMIT 200"))
        .bind(agency_id)
        .fetch_all(conn)
        .await
}

pub(super) async fn token(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Token>> {
    sqlx::query_as(token_columns!("WHERE t.id = $1")).bind(id).fetch_optional(conn).await
}

pub(super) async fn token_in_force(conn: &mut Conn, hash: &str, now: &str) -> sqlx::Result<Option<Token>> {
    sqlx::query_as(token_columns!(
        "WHERE t.token_hash = $1 AND t.expires_at > $2 AND t.revoked_at IS NULL AND u.is_active = 1"
    ))
    .bind(hash)
    .bind(now)
    .fetch_optional(conn)
    .await
}

pub(super) struct TokenRow<'a> {
    pub id: &'a str,
    pub agency_id: &'a str,
    pub name: &'a str,
    pub token_hash: &'a str,
    pub hint: &'a str,
    pub scopes: &'a str,
    pub user_id: &'a str,
    pub created_at: &'a str,
    pub expires_at: &'a str,
}

pub(super) async fn insert_token(conn: &mut Conn, row: &TokenRow<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO access_tokens (id, agency_id, name, token_hash, hint, scopes, user_id, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(row.id)
    .bind(row.agency_id)
    .bind(row.name)
    .bind(row.token_hash)
    .bind(row.hint)
    .bind(row.scopes)
    .bind(row.user_id)
    .bind(row.created_at)
    .bind(row.expires_at)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn revoke_token(conn: &mut Conn, id: &str, at: &str, by: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE access_tokens SET revoked_at = $1, revoked_by = $2 WHERE id = $3")
        .bind(at)
        .bind(by)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn note_use(conn: &mut Conn, id: &str, at: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE access_tokens SET last_used_at = $1 WHERE id = $2")
        .bind(at)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// What was answered to a request of this system with this key.
pub async fn stored_answer(conn: &mut Conn, token_id: &str, key: &str) -> sqlx::Result<Option<StoredAnswer>> {
    sqlx::query_as(
        "SELECT request_hash, status, answer FROM idempotent_answers WHERE token_id = $1 AND idempotency_key = $2",
    )
    .bind(token_id)
    .bind(key)
    .fetch_optional(conn)
    .await
}

pub(super) async fn insert_answer(
    conn: &mut Conn,
    (token_id, key): (&str, &str),
    request_hash: &str,
    status: i64,
    answer: &str,
    at: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO idempotent_answers (token_id, idempotency_key, request_hash, status, answer, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(token_id)
    .bind(key)
    .bind(request_hash)
    .bind(status)
    .bind(answer)
    .bind(at)
    .execute(conn)
    .await?;
    Ok(())
}

macro_rules! webhook_columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, agency_id, name, url, secret, followed, created_at, stopped_at FROM webhooks ",
            $rest
        )
    };
}

/// Webhooks of an agency, newest first.
pub async fn webhooks(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Webhook>> {
    sqlx::query_as(webhook_columns!("WHERE agency_id = $1 ORDER BY created_at DESC, id DESC LIMIT 200"))
        .bind(agency_id)
        .fetch_all(conn)
        .await
}

pub async fn webhook(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Webhook>> {
    sqlx::query_as(webhook_columns!("WHERE id = $1")).bind(id).fetch_optional(conn).await
}

/// Those that have not been told of everything up to this position.
pub(super) async fn webhooks_behind(conn: &mut Conn, position: i64) -> sqlx::Result<Vec<Webhook>> {
    sqlx::query_as(webhook_columns!("WHERE stopped_at IS NULL AND followed < $1 ORDER BY id"))
        .bind(position)
        .fetch_all(conn)
        .await
}

pub(super) async fn insert_webhook(conn: &mut Conn, hook: &Webhook, by: &str) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO webhooks (id, agency_id, name, url, secret, followed, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&hook.id)
    .bind(&hook.agency_id)
    .bind(&hook.name)
    .bind(&hook.url)
    .bind(&hook.secret)
    .bind(hook.followed)
    .bind(by)
    .bind(&hook.created_at)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn stop_webhook(conn: &mut Conn, id: &str, at: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE webhooks SET stopped_at = $1 WHERE id = $2").bind(at).bind(id).execute(conn).await?;
    Ok(())
}

/// Moves a webhook on; false when another process did so meanwhile.
pub(super) async fn move_on(conn: &mut Conn, id: &str, from: i64, to: i64) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE webhooks SET followed = $1 WHERE id = $2 AND followed = $3")
        .bind(to)
        .bind(id)
        .bind(from)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn insert_delivery(conn: &mut Conn, one: &Delivery) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO webhook_deliveries (id, webhook_id, seq, event, payload, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&one.id)
    .bind(&one.webhook_id)
    .bind(one.seq)
    .bind(&one.event)
    .bind(&one.payload)
    .bind(&one.created_at)
    .execute(conn)
    .await?;
    Ok(())
}

macro_rules! delivery_columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, webhook_id, seq, event, payload, created_at, attempts, delivered_at, last_error \
             FROM webhook_deliveries ",
            $rest
        )
    };
}

/// What a webhook was told last, newest first.
pub async fn deliveries(conn: &mut Conn, webhook_id: &str, limit: i64) -> sqlx::Result<Vec<Delivery>> {
    sqlx::query_as(delivery_columns!("WHERE webhook_id = $1 ORDER BY seq DESC LIMIT $2"))
        .bind(webhook_id)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(super) async fn delivery(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Delivery>> {
    sqlx::query_as(delivery_columns!("WHERE id = $1")).bind(id).fetch_optional(conn).await
}

/// Notes a try: delivered at a moment, or why not.
pub(super) async fn note_try(
    conn: &mut Conn,
    id: &str,
    delivered_at: Option<&str>,
    error: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE webhook_deliveries SET attempts = attempts + 1, delivered_at = $1, last_error = $2 WHERE id = $3",
    )
    .bind(delivered_at)
    .bind(error)
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}
