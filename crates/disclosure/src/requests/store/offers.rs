use crate::db::Conn;

/// What one showing adds.
#[derive(Clone, Copy, Debug)]
pub(in crate::requests) struct Counted {
    pub(in crate::requests) helped: bool,
    pub(in crate::requests) missed: bool,
    pub(in crate::requests) spared: bool,
}

pub(in crate::requests) async fn add(
    conn: &mut Conn,
    agency_id: &str,
    index_number: &str,
    month: &str,
    counted: Counted,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO request_offers (agency_id, index_number, month, shown, helped, missed, spared) \
         VALUES ($1, $2, $3, 1, $4, $5, $6) ON CONFLICT (agency_id, index_number, month) DO UPDATE SET \
         shown = request_offers.shown + 1, helped = request_offers.helped + excluded.helped, \
         missed = request_offers.missed + excluded.missed, spared = request_offers.spared + excluded.spared",
    )
    .bind(agency_id)
    .bind(index_number)
    .bind(month)
    .bind(i64::from(counted.helped))
    .bind(i64::from(counted.missed))
    .bind(i64::from(counted.spared))
    .execute(conn)
    .await?;
    Ok(())
}

/// How often something public was shown to those who were about to ask an agency, and what they made of it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OfferCount {
    pub agency_id: String,
    pub agency_name: String,
    pub index_number: String,
    /// `None`: no longer public.
    pub title: Option<String>,
    pub shown: i64,
    pub helped: i64,
    pub missed: i64,
    /// Requests that were not sent because of it.
    pub spared: i64,
}

/// Since a month (2026-03), what helped most first.
pub async fn counts(conn: &mut Conn, since: &str) -> sqlx::Result<Vec<OfferCount>> {
    sqlx::query_as(
        "SELECT o.agency_id, a.name AS agency_name, o.index_number, MAX(p.title) AS title, \
         CAST(SUM(o.shown) AS BIGINT) AS shown, CAST(SUM(o.helped) AS BIGINT) AS helped, \
         CAST(SUM(o.missed) AS BIGINT) AS missed, CAST(SUM(o.spared) AS BIGINT) AS spared \
         FROM request_offers o JOIN agencies a ON a.id = o.agency_id \
         LEFT JOIN public_entries p ON p.index_number = o.index_number \
         WHERE o.month >= $1 GROUP BY o.agency_id, a.name, o.index_number \
         ORDER BY helped DESC, shown DESC, o.index_number",
    )
    .bind(since)
    .fetch_all(conn)
    .await
}
