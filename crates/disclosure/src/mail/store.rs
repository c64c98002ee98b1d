use super::Letter;
use crate::db::Conn;

/// Whom a letter goes to.
#[derive(Clone, Copy)]
pub(super) enum To<'a> {
    Address(&'a str),
    /// Of a subscription, by its id.
    Subscriber(&'a str),
    /// Of a request, by its id.
    Applicant(&'a str),
}

pub(super) async fn insert(
    conn: &mut Conn,
    id: &str,
    to: To<'_>,
    subject: &str,
    body: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO mails (id, recipient, subject, body, created_at, subscription_id, request_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(match to {
        To::Address(recipient) => recipient,
        To::Subscriber(_) | To::Applicant(_) => "",
    })
    .bind(subject)
    .bind(body)
    .bind(now)
    .bind(match to {
        To::Subscriber(id) => Some(id),
        _ => None,
    })
    .bind(match to {
        To::Applicant(id) => Some(id),
        _ => None,
    })
    .execute(conn)
    .await?;
    Ok(())
}

/// One letter.
pub async fn letter(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Letter>> {
    sqlx::query_as(
        "SELECT id, recipient, subscription_id, request_id, subject, body, sent_at FROM mails WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

pub(super) async fn update_sent(conn: &mut Conn, id: &str, now: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE mails SET sent_at = $1 WHERE id = $2").bind(now).bind(id).execute(conn).await?;
    Ok(())
}

/// Forgets what was written to a subscriber.
pub(crate) async fn delete_of_subscription(conn: &mut Conn, subscription_id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM mails WHERE subscription_id = $1").bind(subscription_id).execute(conn).await?;
    Ok(())
}

/// Every letter, for tests.
#[cfg(test)]
pub(crate) async fn all(conn: &mut Conn) -> sqlx::Result<Vec<Letter>> {
    sqlx::query_as(
        "SELECT id, recipient, subscription_id, request_id, subject, body, sent_at FROM mails ORDER BY id",
    )
    .fetch_all(conn)
    .await
}

/// How many letters are still in the outbox.
pub async fn unsent(conn: &mut Conn) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT COUNT(*) FROM mails WHERE sent_at IS NULL").fetch_one(conn).await
}
