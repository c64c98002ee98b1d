use crate::db::Conn;

/// A signed entry that is not for everyone, with its last assessment.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Withheld {
    pub entry_id: String,
    pub edition_id: String,
    pub agency_id: String,
    pub title: String,
    /// Code of a disclosure class.
    pub disclosure_class: String,
    pub class_reason: String,
    /// When its last stage signed, an instant.
    pub signed_on: String,
    pub assessed_on: Option<String>,
    pub next_due_on: Option<String>,
}

macro_rules! withheld {
    ($rest:literal) => {
        concat!(
            "SELECT e.id AS entry_id, d.id AS edition_id, e.agency_id, d.title, d.disclosure_class, d.class_reason, \
             d.updated_at AS signed_on, \
             (SELECT MAX(r.assessed_on) FROM reassessments r WHERE r.entry_id = e.id) AS assessed_on, \
             (SELECT r.next_due_on FROM reassessments r WHERE r.entry_id = e.id \
              ORDER BY r.assessed_on DESC, r.id DESC LIMIT 1) AS next_due_on \
             FROM entries e JOIN editions d ON d.entry_id = e.id \
             WHERE d.state = 'signed' AND d.disclosure_class IN ('on_request', 'not_disclosed') \
               AND d.ordinal = (SELECT MAX(n.ordinal) FROM editions n WHERE n.entry_id = e.id) ",
            $rest
        )
    };
}

/// Everything an agency withholds.
pub async fn withheld(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Withheld>> {
    sqlx::query_as(withheld!("AND e.agency_id = $1 ORDER BY d.updated_at, e.id"))
        .bind(agency_id)
        .fetch_all(conn)
        .await
}

pub(super) async fn one(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Option<Withheld>> {
    sqlx::query_as(withheld!("AND e.id = $1")).bind(entry_id).fetch_optional(conn).await
}

pub(super) async fn agency_of(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Option<String>> {
    crate::publishing::store::agency_of_entry(conn, entry_id).await
}

/// An assessment of an entry.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Assessment {
    pub verdict: String,
    pub reason: String,
    pub assessed_by: String,
    pub assessed_on: String,
    pub next_due_on: Option<String>,
}

/// All assessments of an entry, newest first.
pub async fn history(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Vec<Assessment>> {
    sqlx::query_as(
        "SELECT r.verdict, r.reason, u.name AS assessed_by, r.assessed_on, r.next_due_on FROM reassessments r \
         JOIN users u ON u.id = r.assessed_by WHERE r.entry_id = $1 ORDER BY r.assessed_on DESC, r.id DESC",
    )
    .bind(entry_id)
    .fetch_all(conn)
    .await
}

pub(super) async fn insert(
    conn: &mut Conn,
    id: &str,
    entry: &Withheld,
    (verdict, reason): (&str, &str),
    (by, on): (&str, &str),
    next: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO reassessments (id, agency_id, entry_id, edition_id, verdict, reason, assessed_by, assessed_on, \
         next_due_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(&entry.agency_id)
    .bind(&entry.entry_id)
    .bind(&entry.edition_id)
    .bind(verdict)
    .bind(reason)
    .bind(by)
    .bind(on)
    .bind(next.map(ToOwned::to_owned))
    .execute(conn)
    .await?;
    Ok(())
}
