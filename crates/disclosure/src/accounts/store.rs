use super::actions::NewUser;
use super::{Agency, Role, Staff, StaffSummary};
use crate::db::Conn;

#[derive(sqlx::FromRow)]
pub(super) struct LoginRow {
    pub id: String,
    pub name: String,
    pub agency_id: String,
    pub password_hash: String,
    pub is_active: i64,
    pub failed_logins: i64,
    pub locked_until: Option<String>,
}

pub(super) async fn insert_agency(conn: &mut Conn, a: &Agency) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO agencies (id, code, name, kind, parent_id, region, address, office_hours, phone, email, \
         reconsideration_body, court, document_word, position) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(&a.id)
    .bind(&a.code)
    .bind(&a.name)
    .bind(&a.kind)
    .bind(&a.parent_id)
    .bind(&a.region)
    .bind(&a.address)
    .bind(&a.office_hours)
    .bind(&a.phone)
    .bind(&a.email)
    .bind(&a.reconsideration_body)
    .bind(&a.court)
    .bind(&a.document_word)
    .bind(a.position)
    .execute(conn)
    .await?;
    Ok(())
}

/// All agencies, in the order of the house.
pub async fn agencies(conn: &mut Conn) -> sqlx::Result<Vec<Agency>> {
    sqlx::query_as("SELECT * FROM agencies ORDER BY position, code").fetch_all(conn).await
}

pub async fn agency(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Agency>> {
    sqlx::query_as("SELECT * FROM agencies WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn agency_by_code(conn: &mut Conn, code: &str) -> sqlx::Result<Option<Agency>> {
    sqlx::query_as("SELECT * FROM agencies WHERE code = $1").bind(code).fetch_optional(conn).await
}

pub(super) async fn insert_user(
    conn: &mut Conn,
    id: &str,
    new: &NewUser,
    password_hash: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO users (id, username, name, title, agency_id, password_hash, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(&new.username)
    .bind(&new.name)
    .bind(&new.title)
    .bind(&new.agency_id)
    .bind(password_hash)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn insert_grant(
    conn: &mut Conn,
    user_id: &str,
    agency_id: &str,
    role: &str,
) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO user_roles (user_id, agency_id, role) VALUES ($1, $2, $3)")
        .bind(user_id)
        .bind(agency_id)
        .bind(role)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn login_row(conn: &mut Conn, username: &str) -> sqlx::Result<Option<LoginRow>> {
    sqlx::query_as(
        "SELECT id, name, agency_id, password_hash, is_active, failed_logins, locked_until \
         FROM users WHERE username = $1",
    )
    .bind(username)
    .fetch_optional(conn)
    .await
}

pub(super) async fn update_password(conn: &mut Conn, user_id: &str, hash: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE users SET password_hash = $1, failed_logins = 0, locked_until = NULL WHERE id = $2")
        .bind(hash)
        .bind(user_id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn update_email(conn: &mut Conn, user_id: &str, email: Option<&str>) -> sqlx::Result<()> {
    sqlx::query("UPDATE users SET email = $1 WHERE id = $2").bind(email).bind(user_id).execute(conn).await?;
    Ok(())
}

pub(super) async fn update_active(conn: &mut Conn, user_id: &str, is_active: bool) -> sqlx::Result<()> {
    sqlx::query("UPDATE users SET is_active = $1 WHERE id = $2")
        .bind(i64::from(is_active))
        .bind(user_id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn update_failures(
    conn: &mut Conn,
    user_id: &str,
    failures: i64,
    locked_until: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE users SET failed_logins = $1, locked_until = $2 WHERE id = $3")
        .bind(failures)
        .bind(locked_until)
        .bind(user_id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn insert_session(
    conn: &mut Conn,
    token_hash: &str,
    user_id: &str,
    from: &str,
    until: &str,
) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(token_hash)
        .bind(user_id)
        .bind(from)
        .bind(until)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn delete_session(conn: &mut Conn, token_hash: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sessions WHERE token_hash = $1").bind(token_hash).execute(conn).await?;
    Ok(())
}

pub(super) async fn delete_sessions_of(conn: &mut Conn, user_id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(user_id).execute(conn).await?;
    Ok(())
}

pub(super) async fn delete_expired_sessions(conn: &mut Conn, now: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sessions WHERE expires_at <= $1").bind(now).execute(conn).await?;
    Ok(())
}

pub(super) async fn user_of_session(
    conn: &mut Conn,
    token_hash: &str,
    now: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT s.user_id FROM sessions s JOIN users u ON u.id = s.user_id \
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.is_active = 1",
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(conn)
    .await
}

/// A person with all their roles.
pub async fn staff(conn: &mut Conn, user_id: &str) -> anyhow::Result<Option<Staff>> {
    let row: Option<(String, String, String, String)> =
        sqlx::query_as("SELECT username, name, title, agency_id FROM users WHERE id = $1")
            .bind(user_id)
            .fetch_optional(&mut *conn)
            .await?;
    let Some((username, name, title, agency_id)) = row else { return Ok(None) };
    let Some(agency) = agency(conn, &agency_id).await? else { return Ok(None) };
    let grants: Vec<(String, String)> =
        sqlx::query_as("SELECT agency_id, role FROM user_roles WHERE user_id = $1 ORDER BY agency_id, role")
            .bind(user_id)
            .fetch_all(conn)
            .await?;
    let grants = grants.into_iter().filter_map(|(at, role)| Some((at, Role::from_code(&role)?))).collect();
    Ok(Some(Staff { user_id: user_id.to_owned(), username, name, title, agency, grants }))
}

/// People, by agency; with their roles there. All agencies when `agency_id` is `None`.
pub async fn staff_list(conn: &mut Conn, agency_id: Option<&str>) -> sqlx::Result<Vec<StaffSummary>> {
    let people: Vec<(String, String, String, String, String, i64)> = sqlx::query_as(
        "SELECT u.id, u.username, u.name, u.title, a.name, u.is_active FROM users u \
         JOIN agencies a ON a.id = u.agency_id WHERE $1 = '' OR u.agency_id = $1 ORDER BY a.position, u.username",
    )
    .bind(agency_id.unwrap_or(""))
    .fetch_all(&mut *conn)
    .await?;
    let grants: Vec<(String, String)> =
        sqlx::query_as("SELECT user_id, role FROM user_roles ORDER BY role").fetch_all(conn).await?;
    Ok(people
        .into_iter()
        .map(|(user_id, username, name, title, agency_name, is_active)| {
            let mut roles: Vec<Role> = grants
                .iter()
                .filter(|(id, _)| *id == user_id)
                .filter_map(|(_, r)| Role::from_code(r))
                .collect();
            roles.sort_unstable();
            roles.dedup();
            StaffSummary { user_id, username, name, title, agency_name, is_active: is_active == 1, roles }
        })
        .collect())
}
