use jiff::civil::Date;

use super::{Demand, RemedyCase, RemedyKind, RemedyResult};
use crate::db::Conn;
use crate::time::{date, optional_date};

#[derive(sqlx::FromRow)]
struct CaseRow {
    id: String,
    agency_id: String,
    agency_name: String,
    request_id: Option<String>,
    request_number: Option<String>,
    kind: String,
    case_number: String,
    body: String,
    accepted_on: String,
    result: String,
    concluded_on: Option<String>,
    note: String,
    demanded: String,
    demanded_until: Option<String>,
    carried_out_on: Option<String>,
    carried_out: String,
}

impl CaseRow {
    fn typed(self) -> anyhow::Result<RemedyCase> {
        let (Some(kind), Some(result)) =
            (RemedyKind::from_code(&self.kind), RemedyResult::from_code(&self.result))
        else {
            anyhow::bail!("remedy case {}: {:?} {:?}", self.id, self.kind, self.result)
        };
        let carried_out = match optional_date(self.carried_out_on.as_deref())? {
            Some(day) => Some((day, self.carried_out)),
            None => None,
        };
        let until = optional_date(self.demanded_until.as_deref())?;
        // Its words go when the request is destroyed; that it was carried out stays.
        let is_there = !self.demanded.is_empty() || carried_out.is_some();
        Ok(RemedyCase {
            demand: is_there.then_some(Demand { words: self.demanded, until, carried_out }),
            kind,
            result,
            accepted_on: date(&self.accepted_on)?,
            concluded_on: optional_date(self.concluded_on.as_deref())?,
            id: self.id,
            agency_id: self.agency_id,
            agency_name: self.agency_name,
            request_id: self.request_id,
            request_number: self.request_number,
            case_number: self.case_number,
            body: self.body,
            note: self.note,
        })
    }
}

/// Which cases a list shows; what is empty does not narrow.
#[derive(Clone, Debug, Default)]
pub struct RemedyFilter {
    /// Ids of the agencies the viewer may read; an empty list shows nothing.
    pub agencies: Vec<String>,
    pub kind: Option<RemedyKind>,
    pub result: Option<RemedyResult>,
    pub accepted_from: Option<Date>,
    pub accepted_to: Option<Date>,
}

/// The cases, the newest first.
pub async fn list(conn: &mut Conn, filter: &RemedyFilter) -> anyhow::Result<Vec<RemedyCase>> {
    let rows: Vec<CaseRow> = sqlx::query_as(
        "SELECT c.id, c.agency_id, a.name AS agency_name, c.request_id, r.number AS request_number, c.kind, \
         c.case_number, c.body, c.accepted_on, c.result, c.concluded_on, c.note, c.demanded, \
         c.demanded_until, c.carried_out_on, c.carried_out \
         FROM remedy_cases c JOIN agencies a ON a.id = c.agency_id LEFT JOIN requests r ON r.id = c.request_id \
         WHERE $1 LIKE '%,' || c.agency_id || ',%' AND ($2 = '' OR c.kind = $2) AND ($3 = '' OR c.result = $3) \
         AND ($4 = '' OR c.accepted_on >= $4) AND ($5 = '' OR c.accepted_on <= $5) \
         ORDER BY c.accepted_on DESC, c.id DESC",
    )
    .bind(format!(",{},", filter.agencies.join(",")))
    .bind(filter.kind.map_or("", RemedyKind::code))
    .bind(filter.result.map_or("", RemedyResult::code))
    .bind(filter.accepted_from.map(|day| day.to_string()).unwrap_or_default())
    .bind(filter.accepted_to.map(|day| day.to_string()).unwrap_or_default())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(CaseRow::typed).collect()
}

/// The cases about one request, oldest first.
pub async fn of_request(conn: &mut Conn, request_id: &str) -> anyhow::Result<Vec<RemedyCase>> {
    let rows: Vec<CaseRow> = sqlx::query_as(
        "SELECT c.id, c.agency_id, a.name AS agency_name, c.request_id, r.number AS request_number, c.kind, \
         c.case_number, c.body, c.accepted_on, c.result, c.concluded_on, c.note, c.demanded, \
         c.demanded_until, c.carried_out_on, c.carried_out \
         FROM remedy_cases c JOIN agencies a ON a.id = c.agency_id LEFT JOIN requests r ON r.id = c.request_id \
         WHERE c.request_id = $1 ORDER BY c.accepted_on, c.id",
    )
    .bind(request_id)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(CaseRow::typed).collect()
}

pub async fn by_id(conn: &mut Conn, id: &str) -> anyhow::Result<Option<RemedyCase>> {
    let row: Option<CaseRow> = sqlx::query_as(
        "SELECT c.id, c.agency_id, a.name AS agency_name, c.request_id, r.number AS request_number, c.kind, \
         c.case_number, c.body, c.accepted_on, c.result, c.concluded_on, c.note, c.demanded, \
         c.demanded_until, c.carried_out_on, c.carried_out \
         FROM remedy_cases c JOIN agencies a ON a.id = c.agency_id LEFT JOIN requests r ON r.id = c.request_id \
         WHERE c.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?;
    row.map(CaseRow::typed).transpose()
}

pub(super) async fn insert(conn: &mut Conn, case: &RemedyCase) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO remedy_cases (id, agency_id, request_id, kind, case_number, body, accepted_on, result, \
         concluded_on, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&case.id)
    .bind(&case.agency_id)
    .bind(&case.request_id)
    .bind(case.kind.code())
    .bind(&case.case_number)
    .bind(&case.body)
    .bind(case.accepted_on.to_string())
    .bind(case.result.code())
    .bind(case.concluded_on.map(|day| day.to_string()))
    .bind(&case.note)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn conclude(
    conn: &mut Conn,
    id: &str,
    result: RemedyResult,
    concluded_on: Option<Date>,
    note: &str,
    demand: Option<&Demand>,
) -> sqlx::Result<()> {
    let carried_out = demand.and_then(|demand| demand.carried_out.as_ref());
    sqlx::query(
        "UPDATE remedy_cases SET result = $1, concluded_on = $2, note = $3, demanded = $4, demanded_until = $5, \
         carried_out_on = $6, carried_out = $7 WHERE id = $8",
    )
    .bind(result.code())
    .bind(concluded_on.map(|day| day.to_string()))
    .bind(note)
    .bind(demand.map_or("", |demand| demand.words.as_str()))
    .bind(demand.and_then(|demand| demand.until).map(|day| day.to_string()))
    .bind(carried_out.map(|(day, _)| day.to_string()))
    .bind(carried_out.map_or("", |(_, words)| words.as_str()))
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}
