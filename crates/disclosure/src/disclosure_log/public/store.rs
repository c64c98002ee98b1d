use super::{LogFilter, LogLine};
use crate::db::Conn;

macro_rules! matching {
    ($head:literal, $tail:literal) => {
        concat!(
            $head,
            " FROM public_disclosure_log WHERE ($1 = '' OR agency_code = $1) AND ($2 = '' OR answered_on LIKE $2) ",
            $tail
        )
    };
}

fn year_pattern(filter: &LogFilter) -> String {
    match filter.year.parse::<u16>() {
        Ok(year) => format!("{year}-%"),
        Err(_) => String::new(),
    }
}

/// Newest publication first.
pub async fn list(
    conn: &mut Conn,
    filter: &LogFilter,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<LogLine>> {
    sqlx::query_as(matching!(
        "SELECT index_number, title, summary, agency_name, first_released_on, answered_on, decision",
        "ORDER BY first_released_on DESC, index_number DESC LIMIT $3 OFFSET $4"
    ))
    .bind(&filter.agency_code)
    .bind(year_pattern(filter))
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await
}

pub async fn count(conn: &mut Conn, filter: &LogFilter) -> sqlx::Result<i64> {
    sqlx::query_scalar(matching!("SELECT COUNT(*)", ""))
        .bind(&filter.agency_code)
        .bind(year_pattern(filter))
        .fetch_one(conn)
        .await
}

/// The years in which something was answered, newest first.
pub async fn years(conn: &mut Conn) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT DISTINCT SUBSTR(answered_on, 1, 4) AS year FROM public_disclosure_log ORDER BY year DESC",
    )
    .fetch_all(conn)
    .await
}
