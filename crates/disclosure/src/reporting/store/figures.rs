//! The figures of published reports, a row for each agency with all its years.

use crate::db::Conn;

/// The model an edition was compiled from, when it was: its year and body.
pub(in crate::reporting) async fn compiled_body(
    conn: &mut Conn,
    edition_id: &str,
) -> sqlx::Result<Option<(i64, String)>> {
    sqlx::query_as("SELECT year, body FROM report_editions WHERE edition_id = $1")
        .bind(edition_id)
        .fetch_optional(conn)
        .await
}

/// The years of an agency as they are stored, empty when there are none. The row stays locked until the change ends,
/// so that two reports of one agency released at the same time both stay.
pub(in crate::reporting) async fn locked_years(conn: &mut Conn, agency_id: &str) -> sqlx::Result<String> {
    sqlx::query_scalar(
        "INSERT INTO report_figures (agency_id, years) VALUES ($1, '') \
         ON CONFLICT (agency_id) DO UPDATE SET years = report_figures.years RETURNING years",
    )
    .bind(agency_id)
    .fetch_one(conn)
    .await
}

pub(in crate::reporting) async fn set_years(
    conn: &mut Conn,
    agency_id: &str,
    years: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE report_figures SET years = $1 WHERE agency_id = $2")
        .bind(years)
        .bind(agency_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Every agency with its years, in no order: some kilobyte each.
pub(in crate::reporting) async fn all_years(conn: &mut Conn) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as("SELECT agency_id, years FROM report_figures").fetch_all(conn).await
}
