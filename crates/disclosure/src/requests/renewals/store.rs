use gongkai_statute::deadlines::{Order, OrderedBy};

use super::Renewal;
use crate::db::Conn;
use crate::letters;
use crate::remedies::RemedyKind;
use crate::requests;
use crate::time::{date, optional_date};

#[derive(sqlx::FromRow)]
struct RenewalRow {
    of_id: String,
    of_number: String,
    case_id: String,
    kind: String,
    case_number: String,
    body: String,
    decided_on: String,
    received_on: String,
    due_by: Option<String>,
    is_procedural: i64,
}

/// What a request decides afresh; `None` for an ordinary one.
pub(in crate::requests) async fn of_request(
    conn: &mut Conn,
    request_id: &str,
) -> anyhow::Result<Option<Renewal>> {
    let row: Option<RenewalRow> = sqlx::query_as(
        "SELECT n.of_id, r.number AS of_number, n.case_id, c.kind, c.case_number, c.body, n.decided_on, \
         n.received_on, n.due_by, n.is_procedural FROM request_renewals n JOIN requests r ON r.id = n.of_id \
         JOIN remedy_cases c ON c.id = n.case_id WHERE n.request_id = $1",
    )
    .bind(request_id)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let kind = RemedyKind::from_code(&row.kind)
        .ok_or_else(|| anyhow::anyhow!("stored kind of a case {:?} is unknown", row.kind))?;
    let replies = letters::of_request(conn, &row.of_id).await?;
    let earlier_reply = replies
        .iter()
        .rfind(|letter| letter.kind.is_reply() && letter.issued_at.is_some())
        .and_then(|letter| Some((letter.number.clone(), letter.issued_on()?)));
    Ok(Some(Renewal {
        by: ordered_by(kind),
        decided_on: date(&row.decided_on)?,
        received_on: date(&row.received_on)?,
        until: optional_date(row.due_by.as_deref())?,
        is_procedural: row.is_procedural == 1,
        earlier_reply,
        earlier_answer: requests::answer_of(conn, &row.of_id).await?,
        of_number: row.of_number,
        case_id: row.case_id,
        case_number: row.case_number,
        body: row.body,
    }))
}

pub(super) fn ordered_by(kind: RemedyKind) -> OrderedBy {
    match kind {
        RemedyKind::Reconsideration => OrderedBy::Reconsideration,
        RemedyKind::DirectLitigation | RemedyKind::LitigationAfterReconsideration => OrderedBy::Litigation,
    }
}

/// The numbers under which a request was decided afresh, oldest first.
pub(in crate::requests) async fn renewed_as(conn: &mut Conn, request_id: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT r.number FROM request_renewals n JOIN requests r ON r.id = n.request_id WHERE n.of_id = $1 \
         ORDER BY r.created_at, r.number",
    )
    .bind(request_id)
    .fetch_all(conn)
    .await
}

/// What orders the open ones among them: request and order.
pub(crate) async fn open_orders(conn: &mut Conn) -> anyhow::Result<Vec<(String, Order)>> {
    let rows: Vec<(String, String, String, Option<String>)> = sqlx::query_as(
        "SELECT n.request_id, c.kind, n.received_on, n.due_by FROM request_renewals n \
         JOIN remedy_cases c ON c.id = n.case_id JOIN requests r ON r.id = n.request_id WHERE r.closed_on IS NULL",
    )
    .fetch_all(conn)
    .await?;
    let typed = |(id, kind, received_on, until): (String, String, String, Option<String>)| {
        let kind = RemedyKind::from_code(&kind)
            .ok_or_else(|| anyhow::anyhow!("stored kind of a case {kind:?} is unknown"))?;
        let (received_on, until) = (date(&received_on)?, optional_date(until.as_deref())?);
        Ok((id, Order { by: ordered_by(kind), received_on, until }))
    };
    rows.into_iter().map(typed).collect()
}

/// The number under which a request is decided afresh because of a case.
pub async fn number_of_case(conn: &mut Conn, case_id: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT r.number FROM request_renewals n JOIN requests r ON r.id = n.request_id WHERE n.case_id = $1",
    )
    .bind(case_id)
    .fetch_optional(conn)
    .await
}

pub(super) async fn insert(
    conn: &mut Conn,
    (request_id, of_id): (&str, &str),
    renewal: &Renewal,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO request_renewals (request_id, of_id, case_id, decided_on, received_on, due_by, is_procedural) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(request_id)
    .bind(of_id)
    .bind(&renewal.case_id)
    .bind(renewal.decided_on.to_string())
    .bind(renewal.received_on.to_string())
    .bind(renewal.until.map(|day| day.to_string()))
    .bind(i64::from(renewal.is_procedural))
    .execute(conn)
    .await?;
    Ok(())
}
