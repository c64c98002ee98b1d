use super::Needed;
use crate::db::Conn;

/// 属性管理意见 — the class proposed for a document, by whom and why, and what the head said.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Opinion {
    pub id: String,
    pub agency_id: String,
    pub agency_name: String,
    pub entry_id: String,
    pub edition_id: String,
    pub title: String,
    pub document_number: String,
    /// Code of [`crate::publishing::DisclosureClass`].
    pub disclosure_class: String,
    pub class_reason: String,
    pub proposed_by: String,
    pub proposed_by_name: String,
    pub proposed_at: String,
    /// Code of [`super::OpinionVerdict`]; none while it waits.
    pub verdict: Option<String>,
    pub words: String,
    pub decided_by_name: String,
    pub decided_at: Option<String>,
}

impl Opinion {
    /// Whether it says what this class and reason say, and was agreed to.
    pub fn agrees_with(&self, class: &str, reason: &str) -> bool {
        self.verdict.as_deref() == Some("agreed")
            && self.disclosure_class == class
            && self.class_reason == reason
    }
}

macro_rules! opinions {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.agency_id, a.name AS agency_name, c.entry_id, c.edition_id, c.title, c.document_number, \
             c.disclosure_class, c.class_reason, c.proposed_by, p.name AS proposed_by_name, c.proposed_at, c.verdict, \
             c.words, COALESCE(h.name, '') AS decided_by_name, c.decided_at \
             FROM class_opinions c JOIN agencies a ON a.id = c.agency_id JOIN users p ON p.id = c.proposed_by \
             LEFT JOIN users h ON h.id = c.decided_by ",
            $rest
        )
    };
}

pub async fn opinion(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Opinion>> {
    sqlx::query_as(opinions!("WHERE c.id = $1")).bind(id).fetch_optional(conn).await
}

/// The opinion proposed last for an entry.
pub async fn newest(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Option<Opinion>> {
    sqlx::query_as(opinions!("WHERE c.entry_id = $1 ORDER BY c.proposed_at DESC, c.id DESC LIMIT 1"))
        .bind(entry_id)
        .fetch_optional(conn)
        .await
}

/// The opinion an edition was submitted with.
pub async fn of_edition(conn: &mut Conn, edition_id: &str) -> sqlx::Result<Option<Opinion>> {
    sqlx::query_as(opinions!("WHERE c.id = (SELECT d.class_opinion_id FROM editions d WHERE d.id = $1)"))
        .bind(edition_id)
        .fetch_optional(conn)
        .await
}

/// The opinions of an agency that wait for a head, oldest first; then those of the last days.
pub async fn waiting(conn: &mut Conn, agency_id: &str, limit: i64) -> sqlx::Result<Vec<Opinion>> {
    sqlx::query_as(opinions!(
        "WHERE c.agency_id = $1 AND COALESCE(c.verdict, '') <> 'replaced' \
         ORDER BY CASE WHEN c.verdict IS NULL THEN 0 ELSE 1 END, \
         CASE WHEN c.verdict IS NULL THEN c.proposed_at END, c.proposed_at DESC, c.id LIMIT $2"
    ))
    .bind(agency_id)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// What the agency's rule asks for now.
pub async fn needed(conn: &mut Conn, agency_id: &str) -> anyhow::Result<Needed> {
    let code: Option<String> = sqlx::query_scalar(
        "SELECT needed FROM class_opinion_rules WHERE agency_id = $1 ORDER BY set_at DESC, id DESC LIMIT 1",
    )
    .bind(agency_id)
    .fetch_optional(conn)
    .await?;
    match code {
        None => Ok(Needed::Never),
        Some(code) => {
            Needed::from_code(&code).ok_or_else(|| anyhow::anyhow!("rule of class opinions {code:?}"))
        }
    }
}

pub(super) async fn insert_rule(
    conn: &mut Conn,
    id: &str,
    agency_id: &str,
    needed: Needed,
    by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO class_opinion_rules (id, agency_id, needed, set_by, set_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(agency_id)
    .bind(needed.code())
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn insert(
    conn: &mut Conn,
    id: &str,
    e: &crate::publishing::Edition,
    by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO class_opinions (id, agency_id, entry_id, edition_id, title, document_number, disclosure_class, \
         class_reason, proposed_by, proposed_at, words) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '')",
    )
    .bind(id)
    .bind(&e.agency_id)
    .bind(&e.entry_id)
    .bind(&e.id)
    .bind(&e.title)
    .bind(e.document_number.as_deref().unwrap_or_default())
    .bind(&e.disclosure_class)
    .bind(&e.class_reason)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// False when it was decided meanwhile.
pub(super) async fn decide(
    conn: &mut Conn,
    id: &str,
    (verdict, words): (&str, &str),
    by: &str,
    now: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE class_opinions SET verdict = $1, words = $2, decided_by = $3, decided_at = $4 \
         WHERE id = $5 AND verdict IS NULL",
    )
    .bind(verdict)
    .bind(words)
    .bind(by)
    .bind(now)
    .bind(id)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
