use crate::accounts::{Permission, Staff};
use crate::db::Conn;

/// A posting as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Posting {
    pub id: String,
    pub agency_id: String,
    pub agency_name: String,
    pub entry_id: Option<String>,
    pub title: String,
    /// Code of [`super::PostingChannel`].
    pub channel: String,
    pub posted_on: String,
    pub until_on: Option<String>,
    pub place: String,
    pub owner: String,
    pub link: String,
    pub photo_sha256: Option<String>,
    pub note: String,
    pub recorded_by_name: String,
    pub recorded_at: String,
    pub voided_at: Option<String>,
    pub void_reason: Option<String>,
}

/// One thing shown in one kind of channel: however many boards it hung on, it is one.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PostedItem {
    /// The first posting of it.
    pub id: String,
    pub channel: String,
    /// The entry, or the title of what is no entry.
    pub item: String,
    pub title: String,
    pub first_on: String,
    pub postings: i64,
}

macro_rules! postings {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.agency_id, a.name AS agency_name, p.entry_id, p.title, p.channel, p.posted_on, p.until_on, \
             p.place, p.owner, p.link, p.photo_sha256, p.note, u.name AS recorded_by_name, p.recorded_at, \
             p.voided_at, p.void_reason FROM postings p JOIN agencies a ON a.id = p.agency_id \
             JOIN users u ON u.id = p.recorded_by ",
            $rest
        )
    };
}

pub async fn posting(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Posting>> {
    sqlx::query_as(postings!("WHERE p.id = $1")).bind(id).fetch_optional(conn).await
}

/// Where an entry was shown, newest first.
pub async fn of_entry(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Vec<Posting>> {
    sqlx::query_as(postings!("WHERE p.entry_id = $1 ORDER BY p.posted_on DESC, p.id DESC"))
        .bind(entry_id)
        .fetch_all(conn)
        .await
}

/// The postings of an agency in a year, newest first; an empty channel is every channel.
pub async fn list(
    conn: &mut Conn,
    staff: &Staff,
    agency_id: &str,
    year: &str,
    channel: &str,
) -> sqlx::Result<Vec<Posting>> {
    if !staff.may(Permission::ReadDrafts, agency_id) {
        return Ok(Vec::new());
    }
    sqlx::query_as(postings!(
        "WHERE p.agency_id = $1 AND ($2 = '' OR SUBSTR(p.posted_on, 1, 4) = $2) AND ($3 = '' OR p.channel = $3) \
         ORDER BY p.posted_on DESC, p.id DESC LIMIT 500"
    ))
    .bind(agency_id)
    .bind(year)
    .bind(channel)
    .fetch_all(conn)
    .await
}

/// What was shown by an agency between two days, each thing once per channel.
pub async fn items_between(
    conn: &mut Conn,
    agency_id: &str,
    from: &str,
    until: &str,
) -> sqlx::Result<Vec<PostedItem>> {
    sqlx::query_as(
        "SELECT MIN(id) AS id, channel, COALESCE(entry_id, title) AS item, MIN(title) AS title, \
         MIN(posted_on) AS first_on, COUNT(*) AS postings FROM postings \
         WHERE agency_id = $1 AND posted_on >= $2 AND posted_on <= $3 AND voided_at IS NULL \
         GROUP BY channel, COALESCE(entry_id, title) ORDER BY MIN(posted_on), MIN(id)",
    )
    .bind(agency_id)
    .bind(from)
    .bind(until)
    .fetch_all(conn)
    .await
}

/// Of an agency's year: things shown (each once, wherever it was shown), and postings.
pub async fn counts(conn: &mut Conn, agency_id: &str, year: &str) -> sqlx::Result<(i64, i64)> {
    sqlx::query_as(
        "SELECT COUNT(DISTINCT COALESCE(entry_id, title)), COUNT(*) FROM postings \
         WHERE agency_id = $1 AND SUBSTR(posted_on, 1, 4) = $2 AND voided_at IS NULL",
    )
    .bind(agency_id)
    .bind(year)
    .fetch_one(conn)
    .await
}

/// The photograph of a posting that this person may read: hash and media type.
pub async fn photo_for(
    conn: &mut Conn,
    staff: &Staff,
    posting_id: &str,
) -> sqlx::Result<Option<(String, String)>> {
    let found: Option<(String, String, String)> = sqlx::query_as(
        "SELECT p.agency_id, f.sha256, f.media_type FROM postings p JOIN files f ON f.sha256 = p.photo_sha256 \
         WHERE p.id = $1",
    )
    .bind(posting_id)
    .fetch_optional(conn)
    .await?;
    Ok(found
        .filter(|(agency_id, _, _)| staff.may(Permission::ReadDrafts, agency_id))
        .map(|(_, hash, kind)| (hash, kind)))
}

/// The title of an entry that everyone reads, at this agency.
pub(super) async fn public_title(
    conn: &mut Conn,
    entry_id: &str,
    agency_id: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT title FROM public_entries WHERE id = $1 AND agency_id = $2")
        .bind(entry_id)
        .bind(agency_id)
        .fetch_optional(conn)
        .await
}

pub(super) struct Row<'a> {
    pub id: &'a str,
    pub agency_id: &'a str,
    pub entry_id: Option<&'a str>,
    pub title: &'a str,
    pub channel: &'a str,
    pub posted_on: &'a str,
    pub until_on: Option<&'a str>,
    pub place: &'a str,
    pub owner: &'a str,
    pub link: &'a str,
    pub photo: Option<&'a str>,
    pub note: &'a str,
}

pub(super) async fn insert(conn: &mut Conn, row: &Row<'_>, by: &str, now: &str) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO postings (id, agency_id, entry_id, title, channel, posted_on, until_on, place, owner, link, \
         photo_sha256, note, recorded_by, recorded_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(row.id)
    .bind(row.agency_id)
    .bind(row.entry_id)
    .bind(row.title)
    .bind(row.channel)
    .bind(row.posted_on)
    .bind(row.until_on)
    .bind(row.place)
    .bind(row.owner)
    .bind(row.link)
    .bind(row.photo)
    .bind(row.note)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn set_void(conn: &mut Conn, id: &str, reason: &str, now: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE postings SET voided_at = $1, void_reason = $2 WHERE id = $3")
        .bind(now)
        .bind(reason)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}
