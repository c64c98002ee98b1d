use super::Conn;

/// The next number of a series, inside the caller's transaction: two takers wait for each other.
pub(super) async fn next(conn: &mut Conn, scope: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "INSERT INTO counters (scope, value) VALUES ($1, 1) \
         ON CONFLICT (scope) DO UPDATE SET value = counters.value + 1 RETURNING value",
    )
    .bind(scope)
    .fetch_one(conn)
    .await
}
