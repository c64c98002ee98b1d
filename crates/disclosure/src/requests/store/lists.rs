//! Lists and counts.

use gongkai_statute::applicants::ApplicantColumn;
use gongkai_statute::channels::Channel;
use gongkai_statute::decisions::Decision;
use jiff::civil::Date;

use super::super::similar::Offer;
use super::super::{Request, RequestState, Similar};
use super::{code, optional_code, shown};
use crate::db::Conn;
use crate::privacy::{self, Keyring, Name};
use crate::time::{date, optional_date};

/// 期限筛选.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Due {
    #[default]
    Any,
    /// Past and not answered.
    Overdue,
    /// Up to this day and not answered.
    Until(Date),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// The nearest due date first; those without one last.
    #[default]
    DueOn,
    /// The newest receipt first.
    ReceivedOn,
    /// The newest number first.
    Number,
}

/// Which requests a list shows; what is empty does not narrow.
#[derive(Clone, Debug, Default)]
pub struct RequestFilter {
    /// Ids of the agencies the viewer may read; an empty list shows nothing.
    pub agencies: Vec<String>,
    pub states: Vec<RequestState>,
    pub channel: Option<Channel>,
    pub applicant_kind: Option<ApplicantColumn>,
    /// Codes of decisions.
    pub decisions: Vec<Decision>,
    /// Part of the number or the description.
    pub words: String,
    /// 申请人 whose whole name this is, by [`name_match`]; with `words`, either fits.
    pub name_match: String,
    pub received_from: Option<Date>,
    pub received_to: Option<Date>,
    pub closed_from: Option<Date>,
    pub closed_to: Option<Date>,
    pub due: Due,
    pub sort: SortBy,
}

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: String,
    pub number: String,
    pub agency_name: String,
    /// 姓名或者名称, sealed; see [`Listed::applicant`].
    pub applicant_name: String,
    pub applicant_kind: ApplicantColumn,
    pub channel: Channel,
    pub description: String,
    pub state: RequestState,
    pub submitted_on: Date,
    pub received_on: Option<Date>,
    pub reply_due_on: Option<Date>,
    pub is_due_provisional: bool,
    pub closed_on: Option<Date>,
    pub decision: Option<Decision>,
}

impl Listed {
    /// 申请人的姓名或者名称.
    pub fn applicant(&self, keys: &Keyring) -> anyhow::Result<String> {
        if self.applicant_name.is_empty() {
            return Ok("（姓名已按规定销毁）".to_owned());
        }
        Name::opened(keys, &self.id, privacy::APPLICANT, &self.applicant_name)
    }
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    id: String,
    number: String,
    agency_name: String,
    applicant_name: String,
    applicant_kind: String,
    channel: String,
    description: String,
    state: String,
    submitted_on: String,
    received_on: Option<String>,
    reply_due_on: Option<String>,
    is_due_provisional: i64,
    closed_on: Option<String>,
    decision: Option<String>,
}

/// The conditions shared by the list and its count. Sets of codes are sent as `,a,b,` and looked into.
const MATCHES: &str = "$1 LIKE '%,' || r.agency_id || ',%' \
     AND ($2 = '' OR $2 LIKE '%,' || r.state || ',%') \
     AND ($3 = '' OR r.channel = $3) \
     AND ($4 = '' OR r.applicant_kind = $4) \
     AND ($5 = '' OR (r.closed_on IS NOT NULL AND $5 LIKE '%,' || r.decision || ',%')) \
     AND ($6 = '' OR r.number LIKE $6 OR r.description LIKE $6 OR (r.name_match <> '' AND r.name_match = $12)) \
     AND ($7 = '' OR r.received_on >= $7) AND ($8 = '' OR r.received_on <= $8) \
     AND ($9 = '' OR r.closed_on >= $9) AND ($10 = '' OR r.closed_on <= $10) \
     AND ($11 = '' OR (r.closed_on IS NULL AND r.reply_due_on <= $11))";

fn set<'a>(codes: impl Iterator<Item = &'a str>) -> String {
    let codes: Vec<&str> = codes.collect();
    if codes.is_empty() { String::new() } else { format!(",{},", codes.join(",")) }
}

/// What [`RequestFilter::name_match`] is for a typed name; empty for none.
pub fn name_match(keys: &Keyring, typed: &str) -> anyhow::Result<String> {
    if typed.trim().is_empty() { Ok(String::new()) } else { Name::matching(keys, typed) }
}

/// A page of the list and the number of all that match. `today` decides what is overdue.
pub async fn list(
    conn: &mut Conn,
    filter: &RequestFilter,
    today: Date,
    page: u64,
    per_page: u64,
) -> anyhow::Result<(Vec<Listed>, u64)> {
    let order = match filter.sort {
        SortBy::DueOn => {
            "CASE WHEN r.closed_on IS NULL THEN 0 ELSE 1 END, COALESCE(r.reply_due_on, '9999'), r.number"
        }
        SortBy::ReceivedOn => "COALESCE(r.received_on, r.submitted_on) DESC, r.number DESC",
        SortBy::Number => "r.created_at DESC, r.number DESC",
    };
    let yesterday = today.yesterday().unwrap_or(today);
    let binds = [
        set(filter.agencies.iter().map(String::as_str)),
        set(filter.states.iter().map(|state| state.code())),
        filter.channel.map_or("", Channel::code).to_owned(),
        filter.applicant_kind.map_or("", ApplicantColumn::code).to_owned(),
        set(filter.decisions.iter().map(|decision| decision.code())),
        match filter.words.trim() {
            "" => String::new(),
            words => format!("%{}%", words.replace(['%', '_'], " ")),
        },
        shown(filter.received_from).unwrap_or_default(),
        shown(filter.received_to).unwrap_or_default(),
        shown(filter.closed_from).unwrap_or_default(),
        shown(filter.closed_to).unwrap_or_default(),
        match filter.due {
            Due::Any => String::new(),
            Due::Overdue => yesterday.to_string(),
            Due::Until(day) => day.to_string(),
        },
        filter.name_match.clone(),
    ];

    // Assembled from constants above; every value a person typed is bound.
    let count = format!("SELECT COUNT(*) FROM requests r WHERE {MATCHES}");
    let mut query = sqlx::query_scalar(sqlx::AssertSqlSafe(count));
    for bind in &binds {
        query = query.bind(bind);
    }
    let total: i64 = query.fetch_one(&mut *conn).await?;

    let rows = format!(
        "SELECT r.id, r.number, a.name AS agency_name, r.applicant_name, r.applicant_kind, r.channel, r.description, \
         r.state, r.submitted_on, r.received_on, r.reply_due_on, r.is_due_provisional, r.closed_on, r.decision \
         FROM requests r JOIN agencies a ON a.id = r.agency_id WHERE {MATCHES} ORDER BY {order} \
         LIMIT $13 OFFSET $14"
    );
    let mut query = sqlx::query_as::<_, ListedRow>(sqlx::AssertSqlSafe(rows));
    for bind in &binds {
        query = query.bind(bind);
    }
    let offset = page.max(1).saturating_sub(1).saturating_mul(per_page);
    let rows = query.bind(i64::try_from(per_page)?).bind(i64::try_from(offset)?).fetch_all(conn).await?;
    let typed = |row: ListedRow| {
        Ok(Listed {
            applicant_kind: code(ApplicantColumn::from_code, &row.applicant_kind)?,
            channel: code(Channel::from_code, &row.channel)?,
            state: code(RequestState::from_code, &row.state)?,
            submitted_on: date(&row.submitted_on)?,
            received_on: optional_date(row.received_on.as_deref())?,
            reply_due_on: optional_date(row.reply_due_on.as_deref())?,
            is_due_provisional: row.is_due_provisional == 1,
            closed_on: optional_date(row.closed_on.as_deref())?,
            // A decision that has not left the house is not one yet.
            decision: optional_code(
                Decision::from_code,
                row.decision.as_deref().filter(|_| row.closed_on.is_some()),
            )?,
            id: row.id,
            number: row.number,
            agency_name: row.agency_name,
            applicant_name: row.applicant_name,
            description: super::super::asked(row.description),
        })
    };
    Ok((rows.into_iter().map(typed).collect::<anyhow::Result<_>>()?, u64::try_from(total)?))
}

/// How many requests stand where, for tabs and the to-do list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub by_state: Vec<(RequestState, u64)>,
    /// Unanswered and past the due date.
    pub overdue: u64,
    /// Unanswered and due up to the day asked for, overdue ones not among them.
    pub soon: u64,
}

impl Counts {
    pub fn of(&self, states: &[RequestState]) -> u64 {
        self.by_state.iter().filter(|(state, _)| states.contains(state)).map(|(_, n)| n).sum()
    }
}

/// Counts over the agencies; `soon_until` bounds [`Counts::soon`].
pub async fn counts(
    conn: &mut Conn,
    agencies: &[String],
    today: Date,
    soon_until: Date,
) -> anyhow::Result<Counts> {
    let agencies = set(agencies.iter().map(String::as_str));
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT state, COUNT(*) FROM requests WHERE $1 LIKE '%,' || agency_id || ',%' GROUP BY state",
    )
    .bind(&agencies)
    .fetch_all(&mut *conn)
    .await?;
    let by_state = rows
        .iter()
        .map(|(state, n)| Ok((code(RequestState::from_code, state)?, u64::try_from(*n)?)))
        .collect::<anyhow::Result<_>>()?;
    let due: (i64, i64) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(CASE WHEN reply_due_on < $2 THEN 1 ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN reply_due_on >= $2 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM requests \
         WHERE $1 LIKE '%,' || agency_id || ',%' AND closed_on IS NULL AND reply_due_on <= $3",
    )
    .bind(&agencies)
    .bind(today.to_string())
    .bind(soon_until.max(today).to_string())
    .fetch_one(conn)
    .await?;
    Ok(Counts { by_state, overdue: u64::try_from(due.0)?, soon: u64::try_from(due.1)? })
}

#[derive(sqlx::FromRow)]
struct OtherRow {
    number: String,
    description: String,
    applicant_kind: String,
    name_match: String,
    identity_match: String,
    submitted_on: String,
    state: String,
    decision: Option<String>,
    reply: Option<String>,
    closed_on: Option<String>,
    issued_at: Option<String>,
}

/// The other requests to the agency filed since a day, not compared yet; without what is the same request decided afresh.
pub(in crate::requests) async fn others(
    conn: &mut Conn,
    request: &Request,
    since: Date,
) -> anyhow::Result<Vec<Similar>> {
    let rows: Vec<OtherRow> = sqlx::query_as(
        "SELECT r.number, r.description, r.applicant_kind, r.name_match, r.identity_match, r.submitted_on, \
         r.state, r.decision, l.number AS reply, r.closed_on, i.issued_at FROM requests r \
         LEFT JOIN letter_issues i ON i.letter_id = (SELECT MAX(x.id) FROM letters x \
         JOIN letter_issues y ON y.letter_id = x.id WHERE x.request_id = r.id) \
         LEFT JOIN letters l ON l.id = i.letter_id \
         WHERE r.agency_id = $1 AND r.id <> $2 AND r.submitted_on >= $3 \
         AND r.id NOT IN (SELECT n.request_id FROM request_renewals n) \
         AND r.id NOT IN (SELECT n.of_id FROM request_renewals n WHERE n.request_id = $2)",
    )
    .bind(&request.agency_id)
    .bind(&request.id)
    .bind(since.to_string())
    .fetch_all(conn)
    .await?;
    let applicant = &request.applicant;
    let typed = |row: OtherRow| {
        let closed_on = optional_date(row.closed_on.as_deref())?.filter(|_| row.issued_at.is_some());
        Ok(Similar {
            is_same_applicant: row.identity_match == applicant.identity_match
                && row.applicant_kind == applicant.kind.code()
                && row.name_match == applicant.name_match,
            number: row.number,
            description: super::super::asked(row.description),
            submitted_on: date(&row.submitted_on)?,
            state: code(RequestState::from_code, &row.state)?,
            decision: optional_code(Decision::from_code, row.decision.as_deref())?,
            reply: row.reply.zip(closed_on),
            likeness: 0,
        })
    };
    rows.into_iter().map(typed).collect()
}

/// Everything the agency has public, the newest first.
pub(in crate::requests) async fn published(conn: &mut Conn, agency_code: &str) -> anyhow::Result<Vec<Offer>> {
    let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
        "SELECT p.title, p.index_number, p.first_released_on, \
         (SELECT COUNT(*) FROM public_disclosure_log g WHERE g.index_number = p.index_number) AS replies \
         FROM public_entries p WHERE p.agency_code = $1 ORDER BY p.first_released_on DESC, p.index_number DESC",
    )
    .bind(agency_code)
    .fetch_all(conn)
    .await?;
    let typed = |(title, index_number, day, replies): (String, String, String, i64)| {
        Ok(Offer { title, index_number, published_on: date(&day)?, is_reply: replies > 0 })
    };
    rows.into_iter().map(typed).collect()
}
