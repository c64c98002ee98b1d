use super::Subscription;
use crate::db::Conn;

macro_rules! subscriptions {
    ($rest:literal) => {
        concat!(
            "SELECT id, email, query, address, words, site, token, confirmed_at, told_to FROM subscriptions WHERE ",
            $rest
        )
    };
}

pub(super) async fn insert(
    conn: &mut Conn,
    one: &Subscription,
    email_match: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO subscriptions (id, email, query, address, words, site, token, asked_at, told_to, email_match) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&one.id)
    .bind(&one.email)
    .bind(&one.query)
    .bind(&one.address)
    .bind(&one.words)
    .bind(&one.site)
    .bind(&one.token)
    .bind(now)
    .bind(one.told_to)
    .bind(email_match)
    .execute(conn)
    .await?;
    Ok(())
}

/// The subscription with this token.
pub async fn by_token(conn: &mut Conn, token: &str) -> sqlx::Result<Option<Subscription>> {
    sqlx::query_as(subscriptions!("token = $1")).bind(token).fetch_optional(conn).await
}

pub(super) async fn by_id(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Subscription>> {
    sqlx::query_as(subscriptions!("id = $1")).bind(id).fetch_optional(conn).await
}

/// All subscriptions of an address, by its keyed hash.
pub(super) async fn matching(conn: &mut Conn, email_match: &str) -> sqlx::Result<Vec<Subscription>> {
    sqlx::query_as(subscriptions!("email_match = $1")).bind(email_match).fetch_all(conn).await
}

/// Every subscription, for tests.
#[cfg(any(test, feature = "testing"))]
pub async fn all(conn: &mut Conn) -> sqlx::Result<Vec<Subscription>> {
    sqlx::query_as(subscriptions!("1 = 1 ORDER BY id")).fetch_all(conn).await
}

/// Confirmed, and not told yet of what stands at this position.
pub(super) async fn confirmed_before(conn: &mut Conn, position: i64) -> sqlx::Result<Vec<Subscription>> {
    sqlx::query_as(subscriptions!("confirmed_at IS NOT NULL AND told_to < $1 ORDER BY id"))
        .bind(position)
        .fetch_all(conn)
        .await
}

pub(super) async fn update_confirmed(conn: &mut Conn, id: &str, now: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE subscriptions SET confirmed_at = $1 WHERE id = $2")
        .bind(now)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn update_told(conn: &mut Conn, id: &str, position: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE subscriptions SET told_to = $1 WHERE id = $2")
        .bind(position)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// What other keys than `active` hold.
pub(super) async fn sealed_otherwise(
    conn: &mut Conn,
    active: &str,
    most: i64,
) -> sqlx::Result<Vec<Subscription>> {
    sqlx::query_as(subscriptions!("email NOT LIKE $1 ORDER BY id LIMIT $2"))
        .bind(format!("{active}:%"))
        .bind(most)
        .fetch_all(conn)
        .await
}

pub(super) async fn update_email(conn: &mut Conn, id: &str, sealed: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE subscriptions SET email = $1 WHERE id = $2")
        .bind(sealed)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn delete(conn: &mut Conn, id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM subscriptions WHERE id = $1").bind(id).execute(conn).await?;
    Ok(())
}

/// Asked for before then, and never confirmed.
pub(super) async fn unconfirmed(conn: &mut Conn, before: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT id FROM subscriptions WHERE confirmed_at IS NULL AND asked_at < $1 ORDER BY id",
    )
    .bind(before)
    .fetch_all(conn)
    .await
}
