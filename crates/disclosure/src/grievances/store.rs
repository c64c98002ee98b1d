use super::{Conclusion, Grievance, GrievanceKind, GrievanceOutcome};
use crate::db::Conn;
use crate::time::date;

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    agency_id: String,
    agency_name: String,
    number: String,
    kind: String,
    about: String,
    request_number: Option<String>,
    person_name: String,
    contact: String,
    statement: String,
    evidence: String,
    received_on: String,
    due_on: String,
    outcome: Option<String>,
    outcome_words: Option<String>,
    referred_to: Option<String>,
    letter_number: Option<String>,
    concluded_on: Option<String>,
    concluded_by_name: Option<String>,
}

impl Row {
    fn typed(self) -> anyhow::Result<Grievance> {
        let unknown = |code: &str| anyhow::anyhow!("stored code {code:?} is unknown");
        let concluded = match (self.outcome, self.concluded_on) {
            (Some(code), Some(on)) => Some(Conclusion {
                outcome: GrievanceOutcome::from_code(&code).ok_or_else(|| unknown(&code))?,
                words: self.outcome_words.unwrap_or_default(),
                referred_to: self.referred_to.unwrap_or_default(),
                letter_number: self.letter_number.unwrap_or_default(),
                on: date(&on)?,
                by_name: self.concluded_by_name.unwrap_or_default(),
            }),
            _ => None,
        };
        Ok(Grievance {
            kind: GrievanceKind::from_code(&self.kind).ok_or_else(|| unknown(&self.kind))?,
            received_on: date(&self.received_on)?,
            due_on: date(&self.due_on)?,
            request_number: self.request_number.unwrap_or_default(),
            id: self.id,
            agency_id: self.agency_id,
            agency_name: self.agency_name,
            number: self.number,
            about: self.about,
            person_name: self.person_name,
            contact: self.contact,
            statement: self.statement,
            evidence: self.evidence,
            concluded,
        })
    }
}

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT g.id, g.agency_id, a.name AS agency_name, g.number, g.kind, g.about, r.number AS request_number, \
             g.person_name, g.contact, g.statement, g.evidence, g.received_on, g.due_on, g.outcome, g.outcome_words, \
             g.referred_to, g.letter_number, g.concluded_on, u.name AS concluded_by_name FROM grievances g \
             JOIN agencies a ON a.id = g.agency_id LEFT JOIN requests r ON r.id = g.request_id \
             LEFT JOIN users u ON u.id = g.concluded_by ",
            $tail
        )
    };
}

pub async fn by_id(conn: &mut Conn, id: &str) -> anyhow::Result<Option<Grievance>> {
    let row: Option<Row> = sqlx::query_as(select!("WHERE g.id = $1")).bind(id).fetch_optional(conn).await?;
    row.map(Row::typed).transpose()
}

/// The register of an agency: open ones by the day they are due, then the rest, newest first. An empty kind is every
/// kind.
pub async fn list(conn: &mut Conn, agency_id: &str, kind: &str) -> anyhow::Result<Vec<Grievance>> {
    let rows: Vec<Row> = sqlx::query_as(select!(
        "WHERE g.agency_id = $1 AND ($2 = '' OR g.kind = $2) \
         ORDER BY CASE WHEN g.concluded_on IS NULL THEN g.due_on ELSE '9999' END, g.received_on DESC, g.number"
    ))
    .bind(agency_id)
    .bind(kind)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::typed).collect()
}

/// The matter with this number, for the person who holds its query code.
pub async fn tracked(conn: &mut Conn, number: &str, code_hash: &str) -> anyhow::Result<Option<Grievance>> {
    let row: Option<Row> = sqlx::query_as(select!("WHERE g.number = $1 AND g.query_code_hash = $2"))
        .bind(number)
        .bind(code_hash)
        .fetch_optional(conn)
        .await?;
    row.map(Row::typed).transpose()
}

pub(super) async fn insert(
    conn: &mut Conn,
    one: &Grievance,
    request_id: Option<&str>,
    code_hash: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO grievances (id, agency_id, number, query_code_hash, kind, about, request_id, person_name, contact, \
         statement, evidence, received_on, due_on, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(&one.id)
    .bind(&one.agency_id)
    .bind(&one.number)
    .bind(code_hash)
    .bind(one.kind.code())
    .bind(&one.about)
    .bind(request_id.map(str::to_owned))
    .bind(&one.person_name)
    .bind(&one.contact)
    .bind(&one.statement)
    .bind(&one.evidence)
    .bind(one.received_on.to_string())
    .bind(one.due_on.to_string())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Contacts under other keys than `active`: id and contact.
pub(super) async fn sealed_otherwise(
    conn: &mut Conn,
    active: &str,
    most: i64,
) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as(
        "SELECT id, contact FROM grievances WHERE contact <> '' AND contact NOT LIKE $1 ORDER BY id LIMIT $2",
    )
    .bind(format!("{active}:%"))
    .bind(most)
    .fetch_all(conn)
    .await
}

pub(super) async fn put_contact(conn: &mut Conn, id: &str, contact: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE grievances SET contact = $1 WHERE id = $2")
        .bind(contact)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn conclude(
    conn: &mut Conn,
    id: &str,
    conclusion: &Conclusion,
    by: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE grievances SET outcome = $1, outcome_words = $2, referred_to = $3, letter_number = $4, concluded_on = $5, \
         concluded_by = $6 WHERE id = $7 AND concluded_on IS NULL",
    )
    .bind(conclusion.outcome.code())
    .bind(&conclusion.words)
    .bind(&conclusion.referred_to)
    .bind(&conclusion.letter_number)
    .bind(conclusion.on.to_string())
    .bind(by)
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}
