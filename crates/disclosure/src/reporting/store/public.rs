//! What everyone may read of reports.

use crate::db::Conn;
use crate::reporting::public::PublishedReport;

/// The released editions of a report, oldest first.
pub(in crate::reporting) async fn editions(
    conn: &mut Conn,
    agency_code: &str,
    year: i16,
) -> sqlx::Result<Vec<PublishedReport>> {
    sqlx::query_as(
        "SELECT agency_id, agency_code, year, ordinal, released_at, body, sha256, reason, changes \
         FROM public_report_editions WHERE agency_code = $1 AND year = $2 ORDER BY ordinal",
    )
    .bind(agency_code)
    .bind(i64::from(year))
    .fetch_all(conn)
    .await
}
