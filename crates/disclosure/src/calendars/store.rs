use std::collections::HashMap;

use gongkai_statute::calendar::{Arrangement, Holiday};
use gongkai_statute::channels::Channel;
use gongkai_statute::deadlines::{
    Consultation, ConsultedParty, Delay, Extension, Facts, FeeFacts, Supplement,
};
use jiff::civil::Date;

use super::recount::{Limit, OpenRequest};
use super::{Clock, ClockChange, Notice, NoticeState};
use crate::db::Conn;
use crate::requests::renewals;
use crate::time::{date, optional_date};

#[derive(sqlx::FromRow)]
struct NoticeRow {
    id: String,
    year: i64,
    number: String,
    issued_on: String,
    holidays: String,
    state: String,
    proposed_by: String,
    proposed_by_name: String,
    proposed_at: String,
    decided_by_name: Option<String>,
    decided_at: Option<String>,
}

impl NoticeRow {
    fn typed(self) -> anyhow::Result<Notice> {
        Ok(Notice {
            arrangement: arrangement(self.year, &self.holidays)?,
            issued_on: date(&self.issued_on)?,
            state: NoticeState::from_code(&self.state)
                .ok_or_else(|| anyhow::anyhow!("stored state {:?} is unknown", self.state))?,
            id: self.id,
            number: self.number,
            proposed_by: self.proposed_by,
            proposed_by_name: self.proposed_by_name,
            proposed_at: self.proposed_at,
            decided_by_name: self.decided_by_name,
            decided_at: self.decided_at,
        })
    }
}

fn arrangement(year: i64, holidays: &str) -> anyhow::Result<Arrangement> {
    let holidays: Vec<Holiday> = serde_json::from_str(holidays)?;
    Ok(Arrangement { year: i16::try_from(year)?, holidays })
}

const SELECT: &str = "SELECT n.id, n.year, n.number, n.issued_on, n.holidays, n.state, n.proposed_by, \
    p.name AS proposed_by_name, n.proposed_at, d.name AS decided_by_name, n.decided_at FROM holiday_notices n \
    JOIN users p ON p.id = n.proposed_by LEFT JOIN users d ON d.id = n.decided_by";

/// Newest first.
pub async fn list(conn: &mut Conn) -> anyhow::Result<Vec<Notice>> {
    let sql = sqlx::AssertSqlSafe(format!("{SELECT} ORDER BY n.proposed_at DESC, n.id DESC"));
    let rows: Vec<NoticeRow> = sqlx::query_as(sql).fetch_all(conn).await?;
    rows.into_iter().map(NoticeRow::typed).collect()
}

pub async fn by_id(conn: &mut Conn, id: &str) -> anyhow::Result<Option<Notice>> {
    let sql = sqlx::AssertSqlSafe(format!("{SELECT} WHERE n.id = $1"));
    let row: Option<NoticeRow> = sqlx::query_as(sql).bind(id).fetch_optional(conn).await?;
    row.map(NoticeRow::typed).transpose()
}

/// What counts, in the order in which it came to count.
pub(super) async fn adopted(conn: &mut Conn) -> anyhow::Result<Vec<Arrangement>> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT year, holidays FROM holiday_notices WHERE state = 'adopted' ORDER BY year, decided_at, id",
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|(year, holidays)| arrangement(year, &holidays)).collect()
}

pub(super) async fn insert(
    conn: &mut Conn,
    id: &str,
    arrangement: &Arrangement,
    number: &str,
    issued_on: Date,
    by: &str,
    now: &str,
) -> sqlx::Result<()> {
    let holidays = serde_json::to_string(&arrangement.holidays).map_err(|e| sqlx::Error::Encode(e.into()))?;
    sqlx::query(
        "INSERT INTO holiday_notices (id, year, number, issued_on, holidays, state, proposed_by, proposed_at) \
         VALUES ($1, $2, $3, $4, $5, 'proposed', $6, $7)",
    )
    .bind(id)
    .bind(i64::from(arrangement.year))
    .bind(number)
    .bind(issued_on.to_string())
    .bind(holidays)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn decide(
    conn: &mut Conn,
    id: &str,
    state: NoticeState,
    by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE holiday_notices SET state = $1, decided_by = $2, decided_at = $3 WHERE id = $4")
        .bind(state.code())
        .bind(by)
        .bind(now)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct OpenRow {
    id: String,
    number: String,
    agency_id: String,
    region: String,
    handler_email: Option<String>,
    agency_email: String,
    channel: String,
    submitted_on: String,
    signed_on: Option<String>,
    confirmed_on: Option<String>,
    reply_due_on: Option<String>,
    is_due_provisional: i64,
}

/// Every open request with the facts its clocks are counted from, in a few queries whatever their number.
pub(super) async fn open_requests(conn: &mut Conn) -> anyhow::Result<Vec<OpenRequest>> {
    let rows: Vec<OpenRow> = sqlx::query_as(
        "SELECT r.id, r.number, r.agency_id, a.region, h.email AS handler_email, a.email AS agency_email, \
         r.channel, r.submitted_on, r.signed_on, r.confirmed_on, r.reply_due_on, r.is_due_provisional \
         FROM requests r JOIN agencies a ON a.id = r.agency_id LEFT JOIN users h ON h.id = r.handler_id \
         WHERE r.closed_on IS NULL ORDER BY r.number",
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut requests = Vec::with_capacity(rows.len());
    let mut places = HashMap::with_capacity(rows.len());
    for row in rows {
        let channel = Channel::from_code(&row.channel)
            .ok_or_else(|| anyhow::anyhow!("stored channel {:?} is unknown", row.channel))?;
        places.insert(row.id.clone(), requests.len());
        requests.push(OpenRequest {
            facts: Facts {
                submitted_on: Some(date(&row.submitted_on)?),
                signed_on: optional_date(row.signed_on.as_deref())?,
                confirmed_on: optional_date(row.confirmed_on.as_deref())?,
                region: Some(row.region.clone()),
                ..Facts::new(channel)
            },
            id: row.id,
            number: row.number,
            agency_id: row.agency_id,
            region: row.region,
            mailbox: row.handler_email.filter(|email| !email.is_empty()).unwrap_or(row.agency_email),
            reply_due_on: optional_date(row.reply_due_on.as_deref())?,
            is_provisional: row.is_due_provisional == 1,
            limits: Vec::new(),
        });
    }
    add_supplements(conn, &mut requests, &places).await?;
    add_extensions(conn, &mut requests, &places).await?;
    add_consultations(conn, &mut requests, &places).await?;
    add_fees(conn, &mut requests, &places).await?;
    add_orders(conn, &mut requests, &places).await?;
    Ok(requests)
}

type Places = HashMap<String, usize>;
/// Request, first day, last day, and the day it was done.
type LimitRow = (String, String, String, Option<String>);

async fn add_supplements(conn: &mut Conn, all: &mut [OpenRequest], places: &Places) -> anyhow::Result<()> {
    let rows: Vec<LimitRow> = sqlx::query_as(
        "SELECT s.request_id, s.noticed_on, s.due_on, s.supplemented_on FROM request_supplements s \
         JOIN requests r ON r.id = s.request_id WHERE r.closed_on IS NULL",
    )
    .fetch_all(&mut *conn)
    .await?;
    for (id, noticed_on, due_on, supplemented_on) in rows {
        let Some(request) = places.get(&id).map(|place| &mut all[*place]) else { continue };
        let (noticed_on, supplemented_on) = (date(&noticed_on)?, optional_date(supplemented_on.as_deref())?);
        request.facts.supplement = Some(Supplement { noticed_on, supplemented_on });
        if supplemented_on.is_none() {
            request.limits.push(limit(Clock::Supplement, noticed_on, date(&due_on)?));
        }
    }
    let rows: Vec<LimitRow> = sqlx::query_as(
        "SELECT s.request_id, s.noticed_on, s.due_on, s.stated_on FROM request_reasons s \
         JOIN requests r ON r.id = s.request_id WHERE r.closed_on IS NULL AND s.stated_on IS NULL",
    )
    .fetch_all(&mut *conn)
    .await?;
    for (id, noticed_on, due_on, _) in rows {
        let Some(request) = places.get(&id).map(|place| &mut all[*place]) else { continue };
        request.limits.push(limit(Clock::Reasons, date(&noticed_on)?, date(&due_on)?));
    }
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT s.request_id, s.delayed_on, s.delayed_until FROM request_reasons s \
         JOIN requests r ON r.id = s.request_id WHERE r.closed_on IS NULL AND s.delayed_on IS NOT NULL",
    )
    .fetch_all(&mut *conn)
    .await?;
    for (id, noticed_on, until) in rows {
        let Some(request) = places.get(&id).map(|place| &mut all[*place]) else { continue };
        request.facts.delay = Some(Delay { noticed_on: date(&noticed_on)?, until: date(&until)? });
    }
    Ok(())
}

async fn add_extensions(conn: &mut Conn, all: &mut [OpenRequest], places: &Places) -> anyhow::Result<()> {
    let rows: Vec<(String, i64, String, Option<String>)> = sqlx::query_as(
        "SELECT e.request_id, e.working_days, e.approved_on, e.noticed_on FROM request_extensions e \
         JOIN requests r ON r.id = e.request_id WHERE r.closed_on IS NULL AND e.approved_on IS NOT NULL",
    )
    .fetch_all(&mut *conn)
    .await?;
    for (id, working_days, approved_on, noticed_on) in rows {
        let Some(request) = places.get(&id).map(|place| &mut all[*place]) else { continue };
        let approved_on = date(&approved_on)?;
        request.facts.extension = Some(Extension {
            approved_on,
            noticed_on: optional_date(noticed_on.as_deref())?.unwrap_or(approved_on),
            working_days: u32::try_from(working_days)?,
        });
    }
    Ok(())
}

async fn add_consultations(conn: &mut Conn, all: &mut [OpenRequest], places: &Places) -> anyhow::Result<()> {
    let rows: Vec<(String, String, String, String, String, Option<String>)> = sqlx::query_as(
        "SELECT c.id, c.request_id, c.kind, c.sent_on, c.due_on, c.answered_on FROM request_consultations c \
         JOIN requests r ON r.id = c.request_id WHERE r.closed_on IS NULL ORDER BY c.sent_on, c.id",
    )
    .fetch_all(&mut *conn)
    .await?;
    for (id, request_id, kind, sent_on, due_on, answered_on) in rows {
        let Some(request) = places.get(&request_id).map(|place| &mut all[*place]) else { continue };
        let with = ConsultedParty::from_code(&kind)
            .ok_or_else(|| anyhow::anyhow!("stored party {kind:?} is unknown"))?;
        let (sent_on, answered_on) = (date(&sent_on)?, optional_date(answered_on.as_deref())?);
        request.facts.consultations.push(Consultation { with, sent_on, answered_on });
        if answered_on.is_none() {
            let clock = Clock::Consultation;
            request.limits.push(Limit {
                clock,
                of_id: id,
                from: sent_on,
                due_on: date(&due_on)?,
                with: Some(with),
            });
        }
    }
    Ok(())
}

async fn add_fees(conn: &mut Conn, all: &mut [OpenRequest], places: &Places) -> anyhow::Result<()> {
    let rows: Vec<LimitRow> = sqlx::query_as(
        "SELECT f.request_id, f.noticed_on, f.due_on, f.paid_on FROM request_fees f \
         JOIN requests r ON r.id = f.request_id WHERE r.closed_on IS NULL",
    )
    .fetch_all(&mut *conn)
    .await?;
    for (id, noticed_on, due_on, paid_on) in rows {
        let Some(request) = places.get(&id).map(|place| &mut all[*place]) else { continue };
        let (noticed_on, paid_on) = (date(&noticed_on)?, optional_date(paid_on.as_deref())?);
        request.facts.fee = Some(FeeFacts { noticed_on, paid_on });
        if paid_on.is_none() {
            request.limits.push(limit(Clock::Fee, noticed_on, date(&due_on)?));
        }
    }
    Ok(())
}

async fn add_orders(conn: &mut Conn, all: &mut [OpenRequest], places: &Places) -> anyhow::Result<()> {
    for (id, order) in renewals::open_orders(conn).await? {
        if let Some(place) = places.get(&id) {
            all[*place].facts.order = Some(order);
        }
    }
    Ok(())
}

fn limit(clock: Clock, from: Date, due_on: Date) -> Limit {
    Limit { clock, of_id: String::new(), from, due_on, with: None }
}

/// Whom to tell about a clock, and who tells it.
#[derive(sqlx::FromRow)]
pub(super) struct Applicant {
    pub number: String,
    /// Sealed.
    pub particulars: String,
    pub agency_name: String,
    pub agency_phone: String,
}

pub(super) async fn applicant(conn: &mut Conn, request_id: &str) -> sqlx::Result<Applicant> {
    sqlx::query_as(
        "SELECT r.number, r.particulars, a.name AS agency_name, a.phone AS agency_phone \
         FROM requests r JOIN agencies a ON a.id = r.agency_id WHERE r.id = $1",
    )
    .bind(request_id)
    .fetch_one(conn)
    .await
}

/// Writes the new day where the old one stood.
pub(super) async fn set_clock(conn: &mut Conn, change: &ClockChange) -> sqlx::Result<()> {
    let (after, id) = (change.after.to_string(), &change.request_id);
    let query = match change.clock {
        Clock::Reply => {
            sqlx::query("UPDATE requests SET reply_due_on = $1, is_due_provisional = $3 WHERE id = $2")
                .bind(after)
                .bind(id)
                .bind(i64::from(change.is_provisional))
        }
        Clock::Supplement => sqlx::query("UPDATE request_supplements SET due_on = $1 WHERE request_id = $2")
            .bind(after)
            .bind(id),
        Clock::Reasons => {
            sqlx::query("UPDATE request_reasons SET due_on = $1 WHERE request_id = $2").bind(after).bind(id)
        }
        Clock::Consultation => sqlx::query("UPDATE request_consultations SET due_on = $1 WHERE id = $2")
            .bind(after)
            .bind(&change.of_id),
        Clock::Fee => {
            sqlx::query("UPDATE request_fees SET due_on = $1 WHERE request_id = $2").bind(after).bind(id)
        }
    };
    query.execute(conn).await?;
    Ok(())
}

/// The day stays, and is certain from now on.
pub(super) async fn settle(conn: &mut Conn, request_id: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE requests SET is_due_provisional = 0 WHERE id = $1")
        .bind(request_id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn insert_change(
    conn: &mut Conn,
    notice_id: &str,
    change: &ClockChange,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO clock_changes (notice_id, request_id, clock, of_id, due_before, due_after) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(notice_id)
    .bind(&change.request_id)
    .bind(change.clock.code())
    .bind(&change.of_id)
    .bind(change.before.to_string())
    .bind(change.after.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// A clock that was moved, as it is told afterwards.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Moved {
    pub number: String,
    pub clock: String,
    pub due_before: String,
    pub due_after: String,
    pub year: i64,
    pub notice_number: String,
    pub decided_at: Option<String>,
}

impl Moved {
    /// The day it was moved.
    pub fn on(&self) -> Option<Date> {
        Some(crate::time::day_in_china(self.decided_at.as_deref()?.parse().ok()?))
    }

    pub fn clock_label(&self) -> &'static str {
        Clock::from_code(&self.clock).map_or("", Clock::label)
    }
}

/// What adopting a notice moved, by number.
pub async fn changes_of_notice(conn: &mut Conn, notice_id: &str) -> sqlx::Result<Vec<Moved>> {
    sqlx::query_as(
        "SELECT r.number, c.clock, c.due_before, c.due_after, n.year, n.number AS notice_number, n.decided_at \
         FROM clock_changes c JOIN requests r ON r.id = c.request_id \
         JOIN holiday_notices n ON n.id = c.notice_id WHERE c.notice_id = $1 ORDER BY r.number, c.clock, c.of_id",
    )
    .bind(notice_id)
    .fetch_all(conn)
    .await
}

/// What notices moved in one request, for its page and for the applicant.
pub(crate) async fn changes_of_request(conn: &mut Conn, request_id: &str) -> sqlx::Result<Vec<Moved>> {
    sqlx::query_as(
        "SELECT r.number, c.clock, c.due_before, c.due_after, n.year, n.number AS notice_number, n.decided_at \
         FROM clock_changes c JOIN requests r ON r.id = c.request_id \
         JOIN holiday_notices n ON n.id = c.notice_id WHERE c.request_id = $1 ORDER BY n.decided_at, c.clock",
    )
    .bind(request_id)
    .fetch_all(conn)
    .await
}
