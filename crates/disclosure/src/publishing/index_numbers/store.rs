use super::{Place, Standing};
use crate::db::Conn;

/// 编号规则 — how an agency's numbers are made from a day on.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Rule {
    pub id: String,
    pub pattern: String,
    pub since_on: String,
    pub set_by_name: String,
    pub set_at: String,
}

/// A number that was given, with what stands under it now.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Given {
    pub number: String,
    pub scope: String,
    pub serial: i64,
    pub entry_id: Option<String>,
    pub title: String,
    pub reason: String,
    pub given_by: String,
    pub given_at: String,
    /// 1 while the entry is there.
    pub has_entry: i64,
    pub is_public: i64,
    pub first_released_at: Option<String>,
    pub withdrawn_at: Option<String>,
    pub withdrawal_reason: Option<String>,
}

impl Given {
    pub fn standing(&self) -> Standing {
        let is_entry = self.entry_id.is_some();
        match (&self.withdrawn_at, &self.first_released_at) {
            _ if !is_entry => Standing::Reserved,
            _ if self.has_entry == 0 => Standing::DraftDeleted,
            _ if self.is_public > 0 => Standing::Public,
            (Some(at), _) => Standing::Withdrawn {
                on: at.clone(),
                reason: self.withdrawal_reason.clone().unwrap_or_default(),
            },
            (None, None) => Standing::Awaited,
            (None, Some(_)) => Standing::NotForEveryone,
        }
    }
}

/// The rules of an agency, the newest first.
pub async fn rules(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Rule>> {
    sqlx::query_as(
        "SELECT r.id, r.pattern, r.since_on, u.name AS set_by_name, r.set_at FROM index_rules r \
         JOIN users u ON u.id = r.set_by WHERE r.agency_id = $1 ORDER BY r.since_on DESC",
    )
    .bind(agency_id)
    .fetch_all(conn)
    .await
}

/// The rule that holds on a day.
pub async fn rule_on(conn: &mut Conn, agency_id: &str, day: &str) -> sqlx::Result<Option<Rule>> {
    sqlx::query_as(
        "SELECT r.id, r.pattern, r.since_on, u.name AS set_by_name, r.set_at FROM index_rules r \
         JOIN users u ON u.id = r.set_by WHERE r.agency_id = $1 AND r.since_on <= $2 \
         ORDER BY r.since_on DESC LIMIT 1",
    )
    .bind(agency_id)
    .bind(day)
    .fetch_optional(conn)
    .await
}

pub(super) async fn insert_rule(
    conn: &mut Conn,
    id: &str,
    agency_id: &str,
    (pattern, since_on): (&str, &str),
    set_by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO index_rules (id, agency_id, pattern, since_on, set_by, set_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(agency_id)
    .bind(pattern)
    .bind(since_on)
    .bind(set_by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Every number of an agency, counter by counter.
pub async fn given(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Given>> {
    sqlx::query_as(
        "SELECT n.number, n.scope, n.serial, n.entry_id, COALESCE(d.title, n.title) AS title, n.reason, \
         COALESCE(u.name, '') AS given_by, n.given_at, CASE WHEN e.id IS NULL THEN 0 ELSE 1 END AS has_entry, \
         CASE WHEN p.id IS NULL THEN 0 ELSE 1 END AS is_public, \
         e.first_released_at, e.withdrawn_at, e.withdrawal_reason \
         FROM index_numbers n LEFT JOIN entries e ON e.id = n.entry_id \
         LEFT JOIN editions d ON d.entry_id = e.id \
              AND d.ordinal = (SELECT MAX(m.ordinal) FROM editions m WHERE m.entry_id = e.id) \
         LEFT JOIN public_entries p ON p.id = n.entry_id \
         LEFT JOIN users u ON u.id = n.given_by \
         WHERE n.agency_id = $1 ORDER BY n.scope, n.serial",
    )
    .bind(agency_id)
    .fetch_all(conn)
    .await
}

pub(super) struct NewNumber<'a> {
    pub number: &'a str,
    pub scope: &'a str,
    pub serial: i64,
    pub agency_id: &'a str,
    pub entry_id: Option<&'a str>,
    pub title: &'a str,
    pub reason: &'a str,
    pub given_by: &'a str,
    pub given_at: &'a str,
}

pub(super) async fn insert_number(conn: &mut Conn, n: &NewNumber<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO index_numbers (number, scope, serial, agency_id, entry_id, title, reason, given_by, given_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(n.number)
    .bind(n.scope)
    .bind(n.serial)
    .bind(n.agency_id)
    .bind(n.entry_id)
    .bind(n.title)
    .bind(n.reason)
    .bind(n.given_by)
    .bind(n.given_at)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
pub(super) struct EntryRow {
    pub agency_id: String,
    pub line_code: String,
    pub title: String,
    /// The number it goes under, or was given beforehand.
    pub number: Option<String>,
}

pub(super) async fn entry(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Option<EntryRow>> {
    sqlx::query_as(
        "SELECT e.agency_id, l.code AS line_code, \
         COALESCE((SELECT MAX(d.title) FROM editions d WHERE d.entry_id = e.id AND d.ordinal = 1), '') AS title, \
         COALESCE(e.index_number, (SELECT n.number FROM index_numbers n WHERE n.entry_id = e.id)) AS number \
         FROM entries e JOIN catalogue_lines l ON l.id = e.catalogue_line_id WHERE e.id = $1",
    )
    .bind(entry_id)
    .fetch_optional(conn)
    .await
}

pub(super) async fn place(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Place> {
    let (agency_code, region): (String, String) =
        sqlx::query_as("SELECT code, region FROM agencies WHERE id = $1")
            .bind(agency_id)
            .fetch_one(conn)
            .await?;
    Ok(Place { agency_code, region, line_code: String::new() })
}

pub(super) async fn is_given(conn: &mut Conn, number: &str) -> sqlx::Result<bool> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM index_numbers WHERE number = $1")
        .bind(number)
        .fetch_one(conn)
        .await?;
    Ok(count > 0)
}
