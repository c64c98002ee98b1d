use super::Progress;
use crate::db::Conn;

/// An article on its way to an account.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AccountPost {
    pub id: String,
    pub entry_id: String,
    pub edition_id: String,
    pub agency_id: String,
    pub agency_code: String,
    /// Code of [`crate::publishing::postings::PostingChannel`].
    pub channel: String,
    /// `waiting`, `sending`, `published`, `failed`, `uncertain`.
    pub state: String,
    pub progress: String,
    pub link: String,
    pub failure: String,
    pub asked_by: String,
    pub asked_by_name: String,
    pub asked_at: String,
}

impl AccountPost {
    pub fn so_far(&self) -> anyhow::Result<Progress> {
        Ok(serde_json::from_str(&self.progress)?)
    }
}

macro_rules! posts {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.entry_id, p.edition_id, p.agency_id, a.code AS agency_code, p.channel, p.state, p.progress, \
             p.link, p.failure, p.asked_by, u.name AS asked_by_name, p.asked_at \
             FROM account_posts p JOIN agencies a ON a.id = p.agency_id JOIN users u ON u.id = p.asked_by ",
            $rest
        )
    };
}

pub(in crate::publishing) async fn post(conn: &mut Conn, id: &str) -> sqlx::Result<Option<AccountPost>> {
    sqlx::query_as(posts!("WHERE p.id = $1")).bind(id).fetch_optional(conn).await
}

/// What was asked for about an entry, newest first.
pub async fn of_entry(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Vec<AccountPost>> {
    sqlx::query_as(posts!("WHERE p.entry_id = $1 ORDER BY p.asked_at DESC, p.id DESC"))
        .bind(entry_id)
        .fetch_all(conn)
        .await
}

/// The edition of an entry that everyone reads, and its agency.
pub(super) async fn live(
    conn: &mut Conn,
    entry_id: &str,
) -> sqlx::Result<Option<(String, String, String, String)>> {
    sqlx::query_as("SELECT edition_id, agency_id, agency_code, title FROM public_entries WHERE id = $1")
        .bind(entry_id)
        .fetch_optional(conn)
        .await
}

pub(super) struct NewPost<'a> {
    pub id: &'a str,
    pub entry_id: &'a str,
    pub edition_id: &'a str,
    pub agency_id: &'a str,
    pub channel: &'a str,
    pub progress: &'a str,
    pub asked_by: &'a str,
    pub now: &'a str,
}

pub(super) async fn insert(conn: &mut Conn, p: &NewPost<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO account_posts (id, entry_id, edition_id, agency_id, channel, state, progress, link, failure, \
         asked_by, asked_at, updated_at) VALUES ($1, $2, $3, $4, $5, 'waiting', $6, '', '', $7, $8, $8)",
    )
    .bind(p.id)
    .bind(p.entry_id)
    .bind(p.edition_id)
    .bind(p.agency_id)
    .bind(p.channel)
    .bind(p.progress)
    .bind(p.asked_by)
    .bind(p.now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether an edition is on its way to a channel, or there already.
pub(super) async fn is_asked(conn: &mut Conn, edition_id: &str, channel: &str) -> sqlx::Result<bool> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM account_posts WHERE edition_id = $1 AND channel = $2 AND state <> 'failed'",
    )
    .bind(edition_id)
    .bind(channel)
    .fetch_one(conn)
    .await?;
    Ok(count > 0)
}

pub(super) async fn set(
    conn: &mut Conn,
    id: &str,
    state: &str,
    (progress, link, failure): (&str, &str, &str),
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE account_posts SET state = $1, progress = $2, link = $3, failure = $4, updated_at = $5 WHERE id = $6",
    )
    .bind(state)
    .bind(progress)
    .bind(link)
    .bind(failure)
    .bind(now)
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}
