use crate::db::Conn;
use crate::review::Review;

/// 紧急发布 — one of them, with how it ended.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Emergency {
    pub review_id: String,
    pub entry_id: String,
    pub title: String,
    pub agency_id: String,
    pub agency_name: String,
    pub reason: String,
    pub public_note: String,
    pub asked_by_name: String,
    pub asked_at: String,
    /// The day by which the review has to end.
    pub review_due_on: String,
    pub released_at: Option<String>,
    pub concluded_at: Option<String>,
    /// Code of [`crate::review::ReviewState`].
    pub outcome: Option<String>,
}

/// 紧急发布的签署人.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EmergencySigner {
    pub person_id: String,
    pub name: String,
    /// Code of the role they signed in.
    pub role: String,
    pub signed_at: String,
}

macro_rules! emergencies {
    ($rest:literal) => {
        concat!(
            "SELECT x.review_id, d.entry_id, d.title, v.agency_id, a.name AS agency_name, x.reason, x.public_note, \
             u.name AS asked_by_name, x.asked_at, x.review_due_on, x.released_at, x.concluded_at, x.outcome \
             FROM emergency_releases x JOIN reviews v ON v.id = x.review_id JOIN editions d ON d.id = v.edition_id \
             JOIN agencies a ON a.id = v.agency_id JOIN users u ON u.id = x.asked_by ",
            $rest
        )
    };
}

pub async fn of_review(conn: &mut Conn, review_id: &str) -> sqlx::Result<Option<Emergency>> {
    sqlx::query_as(emergencies!("WHERE x.review_id = $1")).bind(review_id).fetch_optional(conn).await
}

/// What went out this way, newest first; an empty agency is every agency.
pub async fn list(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Emergency>> {
    sqlx::query_as(emergencies!(
        "WHERE x.released_at IS NOT NULL AND ($1 = '' OR v.agency_id = $1) ORDER BY x.released_at DESC LIMIT 200"
    ))
    .bind(agency_id)
    .fetch_all(conn)
    .await
}

pub async fn signers(conn: &mut Conn, review_id: &str) -> sqlx::Result<Vec<EmergencySigner>> {
    sqlx::query_as(
        "SELECT s.person_id, u.name, s.role, s.signed_at FROM emergency_signatures s JOIN users u ON u.id = s.person_id \
         WHERE s.review_id = $1 ORDER BY s.signed_at, s.person_id",
    )
    .bind(review_id)
    .fetch_all(conn)
    .await
}

/// The open emergency under which this edition is out.
pub(super) async fn released_review(conn: &mut Conn, edition_id: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT x.review_id FROM emergency_releases x JOIN releases r ON r.review_id = x.review_id \
         WHERE r.edition_id = $1 AND x.released_at IS NOT NULL AND x.concluded_at IS NULL",
    )
    .bind(edition_id)
    .fetch_optional(conn)
    .await
}

pub(super) async fn insert(
    conn: &mut Conn,
    review: &Review,
    (reason, public_note): (&str, &str),
    due_on: &str,
    by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO emergency_releases (review_id, content_hash, reason, public_note, asked_by, asked_at, \
         review_due_on) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&review.id)
    .bind(&review.content_hash)
    .bind(reason)
    .bind(public_note)
    .bind(by)
    .bind(now)
    .bind(due_on)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn insert_signature(
    conn: &mut Conn,
    review: &Review,
    person_id: &str,
    role: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO emergency_signatures (review_id, person_id, role, content_hash, signed_at) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&review.id)
    .bind(person_id)
    .bind(role)
    .bind(&review.content_hash)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn set_released(conn: &mut Conn, review_id: &str, now: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE emergency_releases SET released_at = $1 WHERE review_id = $2")
        .bind(now)
        .bind(review_id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn set_concluded(
    conn: &mut Conn,
    review_id: &str,
    outcome: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE emergency_releases SET concluded_at = $1, outcome = $2 WHERE review_id = $3")
        .bind(now)
        .bind(outcome)
        .bind(review_id)
        .execute(conn)
        .await?;
    Ok(())
}
