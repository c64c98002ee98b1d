use crate::db::Conn;

/// An issue as the office sees it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Issue {
    pub id: String,
    pub agency_id: String,
    pub year: i64,
    pub number: i64,
    pub published_on: Option<String>,
    pub items: i64,
}

/// An entry in an issue.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Item {
    pub entry_id: String,
    pub index_number: String,
    pub title: String,
    /// 0: withdrawn meanwhile, and not shown any more.
    pub is_public: i64,
}

/// An issue as everyone reads it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicIssue {
    pub id: String,
    pub agency_code: String,
    pub agency_name: String,
    pub year: i64,
    pub number: i64,
    pub published_on: String,
}

/// An entry of a published issue with its text.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicItem {
    pub index_number: String,
    pub title: String,
    pub document_number: Option<String>,
    pub agency_name: String,
    pub genre: String,
    pub made_on: String,
    pub body_html: String,
}

macro_rules! issues {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.agency_id, i.year, i.number, i.published_on, \
             (SELECT COUNT(*) FROM gazette_items g WHERE g.issue_id = i.id) AS items FROM gazette_issues i ",
            $rest
        )
    };
}

pub async fn issues(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Issue>> {
    sqlx::query_as(issues!("WHERE i.agency_id = $1 ORDER BY i.year DESC, i.number DESC"))
        .bind(agency_id)
        .fetch_all(conn)
        .await
}

pub async fn issue(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Issue>> {
    sqlx::query_as(issues!("WHERE i.id = $1")).bind(id).fetch_optional(conn).await
}

pub async fn items(conn: &mut Conn, issue_id: &str) -> sqlx::Result<Vec<Item>> {
    sqlx::query_as(
        "SELECT g.entry_id, COALESCE(e.index_number, '') AS index_number, d.title, \
         CASE WHEN EXISTS (SELECT 1 FROM public_entries p WHERE p.id = g.entry_id) THEN 1 ELSE 0 END AS is_public \
         FROM gazette_items g JOIN entries e ON e.id = g.entry_id JOIN editions d ON d.id = e.live_edition_id \
         WHERE g.issue_id = $1 ORDER BY g.position",
    )
    .bind(issue_id)
    .fetch_all(conn)
    .await
}

/// Public documents of all agencies that stand in no issue yet, newest first: index number, title, released on.
pub async fn candidates(conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<(String, String, String)>> {
    sqlx::query_as(
        "SELECT p.index_number, p.title, p.first_released_on FROM public_entries p \
         WHERE p.genre IN ('normative_document', 'policy', 'personnel') \
           AND NOT EXISTS (SELECT 1 FROM gazette_items g WHERE g.entry_id = p.id) \
         ORDER BY p.first_released_on DESC, p.index_number DESC LIMIT $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub(super) async fn public_entry(conn: &mut Conn, index_number: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT id FROM public_entries WHERE index_number = $1")
        .bind(index_number)
        .fetch_optional(conn)
        .await
}

pub(super) async fn insert(
    conn: &mut Conn,
    id: &str,
    agency_id: &str,
    (year, number): (i64, i64),
    (by, now): (&str, &str),
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO gazette_issues (id, agency_id, year, number, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(agency_id)
    .bind(year)
    .bind(number)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn insert_item(conn: &mut Conn, issue_id: &str, entry_id: &str) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO gazette_items (issue_id, entry_id, position) \
         SELECT $1, $2, COALESCE(MAX(position), 0) + 1 FROM gazette_items WHERE issue_id = $1",
    )
    .bind(issue_id)
    .bind(entry_id)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn delete_item(conn: &mut Conn, issue_id: &str, entry_id: &str) -> sqlx::Result<bool> {
    let done = sqlx::query("DELETE FROM gazette_items WHERE issue_id = $1 AND entry_id = $2")
        .bind(issue_id)
        .bind(entry_id)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn set_published(conn: &mut Conn, id: &str, on: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE gazette_issues SET published_on = $1 WHERE id = $2")
        .bind(on)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Published issues of all agencies, newest first.
pub async fn public_issues(conn: &mut Conn) -> sqlx::Result<Vec<PublicIssue>> {
    sqlx::query_as("SELECT * FROM public_gazette_issues ORDER BY year DESC, number DESC, agency_code")
        .fetch_all(conn)
        .await
}

pub async fn public_issue(
    conn: &mut Conn,
    agency_code: &str,
    year: i64,
    number: i64,
) -> sqlx::Result<Option<PublicIssue>> {
    sqlx::query_as("SELECT * FROM public_gazette_issues WHERE agency_code = $1 AND year = $2 AND number = $3")
        .bind(agency_code)
        .bind(year)
        .bind(number)
        .fetch_optional(conn)
        .await
}

/// What stands in a published issue, in its order.
pub async fn public_items(conn: &mut Conn, issue_id: &str) -> sqlx::Result<Vec<PublicItem>> {
    sqlx::query_as(
        "SELECT index_number, title, document_number, agency_name, genre, made_on, body_html \
         FROM public_gazette_items WHERE issue_id = $1 ORDER BY position",
    )
    .bind(issue_id)
    .fetch_all(conn)
    .await
}
