use super::lists::MaskedList;
use crate::db::Conn;

/// 公示期 of an entry.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Period {
    pub entry_id: String,
    pub agency_id: String,
    pub region: String,
    /// Of the newest edition.
    pub title: String,
    pub index_number: Option<String>,
    pub first_released_on: Option<String>,
    pub withdrawn_at: Option<String>,
    pub days: i64,
    /// Code of [`super::PeriodUnit`].
    pub unit: String,
    pub ended_at: Option<String>,
}

macro_rules! period {
    ($rest:literal) => {
        concat!(
            "SELECT t.entry_id, t.agency_id, a.region, d.title, e.index_number, e.first_released_on, e.withdrawn_at, \
             t.days, t.unit, t.ended_at \
             FROM publicity_periods t JOIN entries e ON e.id = t.entry_id JOIN agencies a ON a.id = t.agency_id \
             JOIN editions d ON d.entry_id = e.id \
               AND d.ordinal = (SELECT MAX(n.ordinal) FROM editions n WHERE n.entry_id = e.id) ",
            $rest
        )
    };
}

pub async fn period(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Option<Period>> {
    sqlx::query_as(period!("WHERE t.entry_id = $1")).bind(entry_id).fetch_optional(conn).await
}

/// Periods of an agency: running ones first, then what waits for its release, then what is over.
pub async fn periods(
    conn: &mut Conn,
    agency_id: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<(Vec<Period>, i64)> {
    let rows = sqlx::query_as(period!(
        "WHERE t.agency_id = $1 ORDER BY CASE WHEN e.withdrawn_at IS NOT NULL THEN 2 \
         WHEN e.first_released_on IS NULL THEN 1 ELSE 0 END, e.first_released_on DESC, t.entry_id LIMIT $2 OFFSET $3"
    ))
    .bind(agency_id)
    .bind(limit)
    .bind(offset)
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar("SELECT COUNT(*) FROM publicity_periods WHERE agency_id = $1")
        .bind(agency_id)
        .fetch_one(conn)
        .await?;
    Ok((rows, total))
}

/// Periods of all agencies whose entry is public.
pub(super) async fn running(conn: &mut Conn) -> sqlx::Result<Vec<Period>> {
    sqlx::query_as(period!(
        "WHERE t.ended_at IS NULL AND e.withdrawn_at IS NULL AND e.first_released_on IS NOT NULL ORDER BY t.entry_id"
    ))
    .fetch_all(conn)
    .await
}

/// An entry that may get a period.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Candidate {
    pub entry_id: String,
    pub agency_id: String,
    pub title: String,
    pub first_released_on: Option<String>,
    pub withdrawn_at: Option<String>,
}

pub async fn candidate(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Option<Candidate>> {
    sqlx::query_as(
        "SELECT e.id AS entry_id, e.agency_id, d.title, e.first_released_on, e.withdrawn_at FROM entries e \
         JOIN editions d ON d.entry_id = e.id \
           AND d.ordinal = (SELECT MAX(n.ordinal) FROM editions n WHERE n.entry_id = e.id) WHERE e.id = $1",
    )
    .bind(entry_id)
    .fetch_optional(conn)
    .await
}

pub(super) async fn put_period(
    conn: &mut Conn,
    entry: &Candidate,
    days: i64,
    unit: &str,
    reason: &str,
    (by, now): (&str, &str),
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO publicity_periods (entry_id, agency_id, days, unit, reason, set_by, set_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (entry_id) DO UPDATE SET days = excluded.days, \
         unit = excluded.unit, reason = excluded.reason, set_by = excluded.set_by, set_at = excluded.set_at",
    )
    .bind(&entry.entry_id)
    .bind(&entry.agency_id)
    .bind(days)
    .bind(unit)
    .bind(reason)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn note_ended(conn: &mut Conn, entry_id: &str, now: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE publicity_periods SET ended_at = $1 WHERE entry_id = $2")
        .bind(now)
        .bind(entry_id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn insert_list(
    conn: &mut Conn,
    entry_id: &str,
    agency_id: &str,
    kind: &str,
    list: &MaskedList,
    (by, now): (&str, &str),
) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO masked_lists (entry_id, agency_id, kind, row_count, columns, imported_by, imported_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(entry_id)
    .bind(agency_id)
    .bind(kind)
    .bind(i64::try_from(list.rows.len())?)
    .bind(serde_json::to_string(&list.columns)?)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
