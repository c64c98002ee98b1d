use super::{Keyring, Particulars, Purpose, Seen};
use crate::db::Conn;

/// A request with what is sealed in it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Sealed {
    pub(crate) id: String,
    pub(crate) agency_id: String,
    pub(crate) particulars: String,
    pub(crate) applicant_name: String,
    pub(crate) agent_name: Option<String>,
    pub(crate) request_key: String,
}

pub(crate) async fn sealed(conn: &mut Conn, number: &str) -> sqlx::Result<Option<Sealed>> {
    sqlx::query_as(
        "SELECT id, agency_id, particulars, applicant_name, agent_name, request_key FROM requests WHERE number = $1",
    )
    .bind(number)
    .fetch_optional(conn)
    .await
}

/// What is sealed of the applicant of a request, by its id.
pub(super) async fn particulars(conn: &mut Conn, request_id: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT particulars FROM requests WHERE id = $1")
        .bind(request_id)
        .fetch_optional(conn)
        .await
}

/// What other keys than `active` hold.
pub(super) async fn sealed_otherwise(conn: &mut Conn, active: &str, most: i64) -> sqlx::Result<Vec<Sealed>> {
    sqlx::query_as(
        "SELECT id, agency_id, particulars, applicant_name, agent_name, request_key FROM requests \
         WHERE (particulars <> '' AND particulars NOT LIKE $1) OR (applicant_name <> '' AND applicant_name NOT LIKE $1) \
         OR (agent_name IS NOT NULL AND agent_name NOT LIKE $1) \
         OR (request_key <> '' AND request_key NOT LIKE $1) ORDER BY id LIMIT $2",
    )
    .bind(format!("{active}:%"))
    .bind(most)
    .fetch_all(conn)
    .await
}

pub(super) async fn put_sealed(conn: &mut Conn, sealed: &Sealed) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE requests SET particulars = $1, applicant_name = $2, agent_name = $3, request_key = $4 WHERE id = $5",
    )
    .bind(&sealed.particulars)
    .bind(&sealed.applicant_name)
    .bind(&sealed.agent_name)
    .bind(&sealed.request_key)
    .bind(&sealed.id)
    .execute(conn)
    .await?;
    Ok(())
}

/// A key and how many values it seals.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KeyUse {
    pub key: String,
    pub sealed: i64,
    /// One of the requests it seals; empty when it seals files only.
    pub example: String,
}

/// Which keys the values in the database need.
pub async fn key_uses(conn: &mut Conn) -> sqlx::Result<Vec<KeyUse>> {
    sqlx::query_as(
        "SELECT key, COUNT(*) AS sealed, MAX(example) AS example FROM ( \
         SELECT SUBSTR(particulars, 1, 9) AS key, id AS example FROM requests WHERE particulars <> '' \
         UNION ALL SELECT SUBSTR(applicant_name, 1, 9), '' FROM requests WHERE applicant_name LIKE 'k________:%' \
         UNION ALL SELECT SUBSTR(agent_name, 1, 9), '' FROM requests WHERE agent_name LIKE 'k________:%' \
         UNION ALL SELECT SUBSTR(request_key, 1, 9), '' FROM requests WHERE request_key <> '' \
         UNION ALL SELECT SUBSTR(contact, 1, 9), '' FROM grievances WHERE contact <> '' \
         UNION ALL SELECT SUBSTR(email, 1, 9), '' FROM subscriptions \
         UNION ALL SELECT SUBSTR(name, 1, 9), '' FROM request_files WHERE name <> '') AS sealed_values \
         GROUP BY key ORDER BY key",
    )
    .fetch_all(conn)
    .await
}

/// Opens the request named by [`KeyUse::example`] and says nothing of what is in it: whether the keys are the right ones.
pub async fn opens(conn: &mut Conn, keys: &Keyring, request_id: &str) -> anyhow::Result<()> {
    if request_id.is_empty() {
        return Ok(());
    }
    let (sealed, hash): (String, String) =
        sqlx::query_as("SELECT particulars, identity_match FROM requests WHERE id = $1")
            .bind(request_id)
            .fetch_one(conn)
            .await?;
    if let Some(particulars) = Particulars::opened(keys, request_id, &sealed)? {
        let expected = keys.matching("identity", &particulars.identity_number)?;
        anyhow::ensure!(
            hash == expected,
            "匹配用的密钥与数据库不符，同一申请人的申请对不上。请从备份恢复密钥文件"
        );
    }
    Ok(())
}

pub(super) struct NewViewing<'a> {
    pub(super) id: String,
    pub(super) agency_id: &'a str,
    pub(super) request_id: &'a str,
    pub(super) by_id: &'a str,
    pub(super) seen: &'a str,
    pub(super) file_kind: &'a str,
    pub(super) purpose: &'a str,
    pub(super) reason: &'a str,
    pub(super) list_id: Option<&'a str>,
    pub(super) viewed_at: String,
}

pub(super) async fn insert_viewing(conn: &mut Conn, row: &NewViewing<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO privacy_viewings (id, agency_id, request_id, by_id, seen, file_kind, purpose, reason, list_id, \
         viewed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&row.id)
    .bind(row.agency_id)
    .bind(row.request_id)
    .bind(row.by_id)
    .bind(row.seen)
    .bind(row.file_kind)
    .bind(row.purpose)
    .bind(row.reason)
    .bind(row.list_id.map(str::to_owned))
    .bind(&row.viewed_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// How many other requests this person has opened since.
pub(super) async fn requests_opened_since(
    conn: &mut Conn,
    user_id: &str,
    besides: &str,
    since: &str,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COUNT(DISTINCT request_id) FROM privacy_viewings WHERE by_id = $1 AND request_id <> $2 \
         AND viewed_at >= $3",
    )
    .bind(user_id)
    .bind(besides)
    .bind(since)
    .fetch_one(conn)
    .await
}

/// Which viewings a list shows; what is empty does not narrow.
#[derive(Clone, Debug, Default)]
pub struct ViewingFilter {
    /// Ids of the agencies the reader may look into; an empty list shows nothing.
    pub agencies: Vec<String>,
    /// Part of the officer's name or of the request's number.
    pub words: String,
    pub only_lists: bool,
    /// Of one request: its id.
    pub request_id: String,
}

/// 查看记录 — one viewing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewingRow {
    pub viewed_at: String,
    pub by_name: String,
    pub agency_name: String,
    pub number: String,
    pub seen: Seen,
    pub file_kind: String,
    pub purpose: Purpose,
    pub reason: String,
    pub list_id: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    viewed_at: String,
    by_name: String,
    agency_name: String,
    number: String,
    seen: String,
    file_kind: String,
    purpose: String,
    reason: String,
    list_id: Option<String>,
}

const MATCHES: &str = "FROM privacy_viewings v JOIN users u ON u.id = v.by_id JOIN agencies a ON a.id = v.agency_id \
     JOIN requests r ON r.id = v.request_id WHERE $1 LIKE '%,' || v.agency_id || ',%' \
     AND ($2 = '' OR u.name LIKE $2 OR r.number LIKE $2) AND ($3 = 0 OR v.list_id IS NOT NULL) \
     AND ($4 = '' OR v.request_id = $4)";

fn set(ids: &[String]) -> String {
    if ids.is_empty() { String::new() } else { format!(",{},", ids.join(",")) }
}

/// The newest first, and how many match.
pub async fn viewings(
    conn: &mut Conn,
    filter: &ViewingFilter,
    page: u64,
    per_page: u64,
) -> anyhow::Result<(Vec<ViewingRow>, u64)> {
    let words = match filter.words.trim() {
        "" => String::new(),
        words => format!("%{}%", words.replace(['%', '_'], " ")),
    };
    let agencies = set(&filter.agencies);
    let total: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT COUNT(*) {MATCHES}")))
        .bind(&agencies)
        .bind(&words)
        .bind(i64::from(filter.only_lists))
        .bind(&filter.request_id)
        .fetch_one(&mut *conn)
        .await?;
    let rows = format!(
        "SELECT v.viewed_at, u.name AS by_name, a.name AS agency_name, r.number, v.seen, v.file_kind, v.purpose, \
         v.reason, v.list_id {MATCHES} ORDER BY v.viewed_at DESC, v.id DESC LIMIT $5 OFFSET $6"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(rows))
        .bind(&agencies)
        .bind(&words)
        .bind(i64::from(filter.only_lists))
        .bind(&filter.request_id)
        .bind(i64::try_from(per_page)?)
        .bind(i64::try_from(page.max(1).saturating_sub(1).saturating_mul(per_page))?)
        .fetch_all(conn)
        .await?;
    let unknown = |code: &str| anyhow::anyhow!("stored code {code:?} is unknown");
    let typed = |row: Row| {
        Ok(ViewingRow {
            seen: Seen::from_code(&row.seen).ok_or_else(|| unknown(&row.seen))?,
            purpose: Purpose::from_code(&row.purpose).ok_or_else(|| unknown(&row.purpose))?,
            viewed_at: row.viewed_at,
            by_name: row.by_name,
            agency_name: row.agency_name,
            number: row.number,
            file_kind: row.file_kind,
            reason: row.reason,
            list_id: row.list_id,
        })
    };
    Ok((rows.into_iter().map(typed).collect::<anyhow::Result<_>>()?, u64::try_from(total)?))
}

/// How often someone looked.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Frequency {
    pub by_name: String,
    pub agency_name: String,
    pub viewings: i64,
    pub requests: i64,
    pub lists: i64,
}

/// Who looked how often since a moment, the most first.
pub async fn frequent(conn: &mut Conn, agencies: &[String], since: &str) -> sqlx::Result<Vec<Frequency>> {
    sqlx::query_as(
        "SELECT u.name AS by_name, a.name AS agency_name, COUNT(*) AS viewings, \
         COUNT(DISTINCT v.request_id) AS requests, COUNT(DISTINCT v.list_id) AS lists \
         FROM privacy_viewings v JOIN users u ON u.id = v.by_id JOIN agencies a ON a.id = v.agency_id \
         WHERE $1 LIKE '%,' || v.agency_id || ',%' AND v.viewed_at >= $2 \
         GROUP BY u.id, u.name, a.name ORDER BY COUNT(*) DESC, u.name LIMIT 50",
    )
    .bind(set(agencies))
    .bind(since)
    .fetch_all(conn)
    .await
}
