//! 调整.

use crate::db::Conn;
use crate::reporting::Adjustment;

/// The adjustments of a year's report that are not ended, oldest first.
pub async fn adjustments(conn: &mut Conn, agency_id: &str, year: i16) -> sqlx::Result<Vec<Adjustment>> {
    sqlx::query_as(
        "SELECT a.*, p.name AS proposer, c.name AS confirmer FROM report_adjustments a \
         JOIN users p ON p.id = a.proposed_by LEFT JOIN users c ON c.id = a.confirmed_by \
         WHERE a.agency_id = $1 AND a.year = $2 AND a.ended_at IS NULL ORDER BY a.proposed_at, a.id",
    )
    .bind(agency_id)
    .bind(i64::from(year))
    .fetch_all(conn)
    .await
}

pub async fn adjustment(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Adjustment>> {
    sqlx::query_as(
        "SELECT a.*, p.name AS proposer, c.name AS confirmer FROM report_adjustments a \
         JOIN users p ON p.id = a.proposed_by LEFT JOIN users c ON c.id = a.confirmed_by WHERE a.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

/// A new adjustment as it is stored.
pub(in crate::reporting) struct NewAdjustment<'a> {
    pub id: &'a str,
    pub agency_id: &'a str,
    pub year: i16,
    pub cell: String,
    pub ledger_value: String,
    pub value: String,
    pub reason: &'a str,
    pub proposed_by: &'a str,
    pub proposed_at: &'a str,
}

pub(in crate::reporting) async fn insert_adjustment(
    conn: &mut Conn,
    a: &NewAdjustment<'_>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO report_adjustments (id, agency_id, year, cell, ledger_value, value, reason, proposed_by, \
         proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(a.id)
    .bind(a.agency_id)
    .bind(i64::from(a.year))
    .bind(&a.cell)
    .bind(&a.ledger_value)
    .bind(&a.value)
    .bind(a.reason)
    .bind(a.proposed_by)
    .bind(a.proposed_at)
    .execute(conn)
    .await?;
    Ok(())
}

pub(in crate::reporting) async fn confirm_adjustment(
    conn: &mut Conn,
    id: &str,
    by: &str,
    at: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE report_adjustments SET confirmed_by = $1, confirmed_at = $2 WHERE id = $3")
        .bind(by)
        .bind(at)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(in crate::reporting) async fn end_adjustment(
    conn: &mut Conn,
    id: &str,
    by: &str,
    at: &str,
    reason: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE report_adjustments SET ended_by = $1, ended_at = $2, end_reason = $3 WHERE id = $4")
        .bind(by)
        .bind(at)
        .bind(reason)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}
