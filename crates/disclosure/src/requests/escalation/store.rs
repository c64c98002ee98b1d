use super::NewRule;
use crate::db::Conn;

/// 提醒规则 of an agency.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Rule {
    pub agency_id: String,
    pub remind_left: i64,
    pub escalate_left: i64,
    pub deputy_id: String,
    pub deputy_name: String,
    pub deputy_email: Option<String>,
    pub set_by_name: String,
    pub set_at: String,
}

macro_rules! rules {
    ($rest:literal) => {
        concat!(
            "SELECT e.agency_id, e.remind_left, e.escalate_left, e.deputy_id, d.name AS deputy_name, \
             d.email AS deputy_email, s.name AS set_by_name, e.set_at FROM escalation_rules e \
             JOIN users d ON d.id = e.deputy_id JOIN users s ON s.id = e.set_by ",
            $rest
        )
    };
}

/// Every rule, oldest first.
pub(super) async fn all(conn: &mut Conn) -> sqlx::Result<Vec<Rule>> {
    sqlx::query_as(rules!("ORDER BY e.id")).fetch_all(conn).await
}

/// The rules of an agency, the newest, which holds, first.
pub async fn history(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Rule>> {
    sqlx::query_as(rules!("WHERE e.agency_id = $1 ORDER BY e.id DESC LIMIT 50"))
        .bind(agency_id)
        .fetch_all(conn)
        .await
}

pub(super) async fn insert(
    conn: &mut Conn,
    id: &str,
    new: &NewRule,
    (remind_left, escalate_left): (i64, i64),
    by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO escalation_rules (id, agency_id, remind_left, escalate_left, deputy_id, set_by, set_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(&new.agency_id)
    .bind(remind_left)
    .bind(escalate_left)
    .bind(&new.deputy_id)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
