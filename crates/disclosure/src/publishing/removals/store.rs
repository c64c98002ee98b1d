use crate::accounts::{Permission, Staff};
use crate::db::Conn;

/// A copy elsewhere, and whether it is taken back.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Removal {
    pub id: String,
    pub entry_id: String,
    pub agency_id: String,
    pub agency_code: String,
    pub agency_name: String,
    /// `None`: it is not certain that it went out.
    pub posting_id: Option<String>,
    /// What the program itself sent.
    pub post_id: Option<String>,
    /// Code of [`super::PostingChannel`].
    pub channel: String,
    pub title: String,
    pub place: String,
    pub link: String,
    /// 责任人.
    pub owner: String,
    /// Code of [`super::RemovalState`].
    pub state: String,
    /// Why a person must do it.
    pub failure: String,
    pub asked_at: String,
    pub done_at: Option<String>,
    pub done_by_name: Option<String>,
    pub note: String,
}

macro_rules! removals {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.entry_id, r.agency_id, a.code AS agency_code, a.name AS agency_name, r.posting_id, r.post_id, \
             r.channel, r.title, r.place, r.link, r.owner, r.state, r.failure, r.asked_at, r.done_at, \
             u.name AS done_by_name, r.note FROM copy_removals r JOIN agencies a ON a.id = r.agency_id \
             LEFT JOIN users u ON u.id = r.done_by LEFT JOIN postings p ON p.id = r.posting_id ",
            $rest
        )
    };
}

pub(super) async fn removal(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Removal>> {
    sqlx::query_as(removals!("WHERE r.id = $1")).bind(id).fetch_optional(conn).await
}

/// The copies of a withdrawn entry; without those whose record turned out to be a mistake.
pub async fn of_entry(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Vec<Removal>> {
    sqlx::query_as(removals!("WHERE r.entry_id = $1 AND p.voided_at IS NULL ORDER BY r.asked_at, r.id"))
        .bind(entry_id)
        .fetch_all(conn)
        .await
}

pub async fn of_posting(conn: &mut Conn, posting_id: &str) -> sqlx::Result<Option<Removal>> {
    sqlx::query_as(removals!("WHERE r.posting_id = $1 AND p.voided_at IS NULL"))
        .bind(posting_id)
        .fetch_optional(conn)
        .await
}

/// What is not taken back yet where this person may do something about it, the oldest first.
pub async fn open(conn: &mut Conn, staff: &Staff) -> sqlx::Result<Vec<Removal>> {
    let all: Vec<Removal> = sqlx::query_as(removals!(
        "WHERE r.state IN ('waiting', 'by_hand') AND p.voided_at IS NULL ORDER BY r.asked_at, r.id"
    ))
    .fetch_all(conn)
    .await?;
    Ok(all.into_iter().filter(|one| staff.may(Permission::DraftEntries, &one.agency_id)).collect())
}

/// A posting of an entry that nobody was asked to take back.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Unplanned {
    pub posting_id: Option<String>,
    /// What the program itself sent there.
    pub post_id: Option<String>,
    pub agency_id: String,
    pub channel: String,
    pub title: String,
    pub place: String,
    pub link: String,
    pub owner: String,
    pub until_on: Option<String>,
}

/// The postings of an entry without a removal, whether they still stand or not.
pub async fn unplanned(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Vec<Unplanned>> {
    sqlx::query_as(
        "SELECT p.id AS posting_id, (SELECT MIN(x.id) FROM account_posts x WHERE x.entry_id = p.entry_id \
           AND x.channel = p.channel AND x.link = p.link AND x.state = 'published') AS post_id, \
         p.agency_id, p.channel, p.title, p.place, p.link, p.owner, p.until_on FROM postings p \
         WHERE p.entry_id = $1 AND p.voided_at IS NULL \
           AND NOT EXISTS (SELECT 1 FROM copy_removals r WHERE r.posting_id = p.id) ORDER BY p.id",
    )
    .bind(entry_id)
    .fetch_all(conn)
    .await
}

/// What may have gone out on an account without anyone having recorded it.
pub(super) async fn uncertain(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Vec<Unplanned>> {
    sqlx::query_as(
        "SELECT NULL AS posting_id, x.id AS post_id, x.agency_id, x.channel, d.title, '' AS place, x.link, \
         u.name AS owner, NULL AS until_on FROM account_posts x JOIN editions d ON d.id = x.edition_id \
         JOIN users u ON u.id = x.asked_by WHERE x.entry_id = $1 AND x.state = 'uncertain' \
           AND NOT EXISTS (SELECT 1 FROM copy_removals r WHERE r.post_id = x.id) \
           AND NOT EXISTS (SELECT 1 FROM postings p WHERE p.entry_id = x.entry_id AND p.channel = x.channel \
                           AND p.voided_at IS NULL) ORDER BY x.id",
    )
    .bind(entry_id)
    .fetch_all(conn)
    .await
}

pub(super) async fn is_withdrawn(conn: &mut Conn, entry_id: &str) -> sqlx::Result<bool> {
    let count: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM entries WHERE id = $1 AND withdrawn_at IS NOT NULL")
            .bind(entry_id)
            .fetch_one(conn)
            .await?;
    Ok(count > 0)
}

pub(super) async fn insert(
    conn: &mut Conn,
    id: &str,
    entry_id: &str,
    one: &Unplanned,
    (state, failure): (&str, &str),
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO copy_removals (id, entry_id, agency_id, posting_id, post_id, channel, title, place, link, owner, \
         state, failure, asked_at, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '')",
    )
    .bind(id)
    .bind(entry_id)
    .bind(&one.agency_id)
    .bind(&one.posting_id)
    .bind(&one.post_id)
    .bind(&one.channel)
    .bind(&one.title)
    .bind(&one.place)
    .bind(&one.link)
    .bind(&one.owner)
    .bind(state)
    .bind(failure)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// `by`: a person, or nobody when the platform did it.
pub(super) async fn set(
    conn: &mut Conn,
    id: &str,
    state: &str,
    failure: &str,
    done: Option<(&str, Option<&str>, &str)>,
) -> sqlx::Result<()> {
    let (at, by, note) = done.map_or((None, None, ""), |(at, by, note)| (Some(at), by, note));
    sqlx::query(
        "UPDATE copy_removals SET state = $1, failure = $2, done_at = $3, done_by = $4, note = $5 WHERE id = $6",
    )
    .bind(state)
    .bind(failure)
    .bind(at)
    .bind(by)
    .bind(note)
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}
