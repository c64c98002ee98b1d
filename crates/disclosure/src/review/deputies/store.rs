use crate::db::Conn;

/// 代理人 — who signs for whom, from when until when.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Deputy {
    pub id: String,
    pub agency_id: String,
    pub principal_id: String,
    pub principal_name: String,
    pub deputy_id: String,
    pub deputy_name: String,
    /// Code of the role.
    pub role: String,
    pub since_at: String,
    /// The first moment after it.
    pub until_at: String,
    pub reason: String,
    pub ended_at: Option<String>,
}

macro_rules! deputies {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.agency_id, p.principal_id, u.name AS principal_name, p.deputy_id, w.name AS deputy_name, \
             p.role, p.since_at, p.until_at, p.reason, p.ended_at FROM review_deputies p \
             JOIN users u ON u.id = p.principal_id JOIN users w ON w.id = p.deputy_id ",
            $rest
        )
    };
}

/// All of an agency, newest first.
pub async fn list(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Deputy>> {
    sqlx::query_as(deputies!("WHERE p.agency_id = $1 ORDER BY p.until_at DESC, p.id DESC LIMIT 100"))
        .bind(agency_id)
        .fetch_all(conn)
        .await
}

/// Those who deputise a role at an agency and whose principal still holds it.
pub(in crate::review) async fn for_role(
    conn: &mut Conn,
    agency_id: &str,
    role: &str,
) -> sqlx::Result<Vec<Deputy>> {
    sqlx::query_as(deputies!(
        "JOIN user_roles r ON r.user_id = p.principal_id AND r.agency_id = p.agency_id AND r.role = p.role \
         WHERE p.agency_id = $1 AND p.role = $2 AND p.ended_at IS NULL ORDER BY p.id"
    ))
    .bind(agency_id)
    .bind(role)
    .fetch_all(conn)
    .await
}

pub(super) async fn deputy(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Deputy>> {
    sqlx::query_as(deputies!("WHERE p.id = $1")).bind(id).fetch_optional(conn).await
}

pub(super) async fn insert(conn: &mut Conn, row: &Deputy, by: &str, now: &str) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO review_deputies (id, agency_id, principal_id, deputy_id, role, since_at, until_at, reason, \
         set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&row.id)
    .bind(&row.agency_id)
    .bind(&row.principal_id)
    .bind(&row.deputy_id)
    .bind(&row.role)
    .bind(&row.since_at)
    .bind(&row.until_at)
    .bind(&row.reason)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn set_ended(conn: &mut Conn, id: &str, now: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE review_deputies SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL")
        .bind(now)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}
