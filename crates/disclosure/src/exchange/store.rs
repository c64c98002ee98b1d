use crate::db::Conn;
use crate::publishing::public::PublicEntry;

/// Public entries in the order of their index numbers, after one of them; of one agency, or of all when its code is
/// empty; of one year, or of all.
pub async fn public_entries(
    conn: &mut Conn,
    agency_code: &str,
    year: &str,
    after: &str,
    limit: i64,
) -> sqlx::Result<Vec<PublicEntry>> {
    sqlx::query_as(
        "SELECT * FROM public_entries WHERE ($1 = '' OR agency_code = $1) \
         AND ($2 = '' OR SUBSTR(first_released_on, 1, 4) = $2) AND index_number > $3 ORDER BY index_number LIMIT $4",
    )
    .bind(agency_code)
    .bind(year)
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Title and day of every entry of an agency, drafts too.
pub(super) async fn known(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as(
        "SELECT d.title, d.made_on FROM editions d JOIN entries e ON e.id = d.entry_id WHERE e.agency_id = $1",
    )
    .bind(agency_id)
    .fetch_all(conn)
    .await
}
