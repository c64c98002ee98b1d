mod lists;
pub(super) mod offers;

pub use lists::{Counts, Due, Listed, RequestFilter, SortBy, counts, list, name_match};
pub(super) use lists::{others, published};

use gongkai_statute::applicants::ApplicantColumn;
use gongkai_statute::channels::Channel;
use gongkai_statute::deadlines::ConsultedParty;
use gongkai_statute::decisions::{Decision, Part};
use gongkai_statute::fees::FeeBasis;
use gongkai_statute::grounds::Ground;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::{
    Answer, Applicant, Approval, Consultation, Delay, DeliveryForm, Dossier, Event, EventRecord, Extension,
    Fee, Opinion, Override, Portion, Reasons, Request, RequestState, Supplement,
};
use crate::db::Conn;
use crate::time::{date, optional_date};

/// Reads a stored code of a closed list.
fn code<T>(from_code: fn(&str) -> Option<T>, stored: &str) -> anyhow::Result<T> {
    from_code(stored).ok_or_else(|| anyhow::anyhow!("stored code {stored:?} is unknown"))
}

fn optional_code<T>(from_code: fn(&str) -> Option<T>, stored: Option<&str>) -> anyhow::Result<Option<T>> {
    stored.map(|stored| code(from_code, stored)).transpose()
}

#[derive(sqlx::FromRow)]
struct RequestRow {
    id: String,
    agency_id: String,
    number: String,
    channel: String,
    applicant_kind: String,
    applicant_name: String,
    name_match: String,
    particulars: String,
    identity_match: String,
    agent_name: Option<String>,
    request_key: String,
    description: String,
    delivery: String,
    help_wanted: String,
    submitted_on: String,
    signed_on: Option<String>,
    confirmed_on: Option<String>,
    received_on: Option<String>,
    reply_due_on: Option<String>,
    is_due_provisional: i64,
    state: String,
    decision: Option<String>,
    decision_ground: Option<String>,
    decision_reason: Option<String>,
    decision_parts: String,
    decision_portions: String,
    decision_path: String,
    closed_on: Option<String>,
    handler_id: Option<String>,
    created_at: String,
}

impl RequestRow {
    fn typed(self) -> anyhow::Result<Request> {
        let answer = match self.decision.as_deref() {
            None => None,
            Some(decision) => Some(Answer {
                decision: code(Decision::from_code, decision)?,
                ground: optional_code(Ground::from_code, self.decision_ground.as_deref())?,
                reason: self.decision_reason.unwrap_or_default(),
                parts: parts_of(serde_json::from_str(&self.decision_parts)?)?,
                portions: portions_of(&self.decision_portions)?,
                path: path_of(&self.decision_path),
            }),
        };
        Ok(Request {
            channel: code(Channel::from_code, &self.channel)?,
            applicant: Applicant {
                kind: code(ApplicantColumn::from_code, &self.applicant_kind)?,
                name: self.applicant_name,
                name_match: self.name_match,
                agent_name: self.agent_name,
                particulars: self.particulars,
                identity_match: self.identity_match,
            },
            delivery: code(DeliveryForm::from_code, &self.delivery)?,
            submitted_on: date(&self.submitted_on)?,
            signed_on: optional_date(self.signed_on.as_deref())?,
            confirmed_on: optional_date(self.confirmed_on.as_deref())?,
            received_on: optional_date(self.received_on.as_deref())?,
            reply_due_on: optional_date(self.reply_due_on.as_deref())?,
            is_due_provisional: self.is_due_provisional == 1,
            state: code(RequestState::from_code, &self.state)?,
            closed_on: optional_date(self.closed_on.as_deref())?,
            answer,
            id: self.id,
            agency_id: self.agency_id,
            number: self.number,
            request_key: self.request_key,
            description: super::asked(self.description),
            help_wanted: self.help_wanted,
            handler_id: self.handler_id,
            created_at: self.created_at,
        })
    }
}

/// 分项答复, as it is stored.
#[derive(serde::Serialize, serde::Deserialize)]
struct PortionRow {
    asked: String,
    decision: Decision,
    reason: String,
    parts: Map<String, Value>,
    path: String,
}

/// 判断过程 is stored as its codes with blanks between.
fn path_of(stored: &str) -> Vec<String> {
    stored.split_whitespace().map(str::to_owned).collect()
}

fn portions_of(json: &str) -> anyhow::Result<Vec<Portion>> {
    let stored: Vec<PortionRow> = serde_json::from_str(json)?;
    let portion = |row: PortionRow| {
        let PortionRow { asked, decision, reason, parts, path } = row;
        Ok(Portion { asked, decision, reason, parts: parts_of(parts)?, path: path_of(&path) })
    };
    stored.into_iter().map(portion).collect()
}

fn portions_as_json(answer: Option<&Answer>) -> String {
    let portions = answer.map_or(&[][..], |answer| &answer.portions);
    let rows = portions.iter().map(|portion| {
        let Portion { asked, decision, reason, parts, path } = portion.clone();
        PortionRow { asked, decision, reason, parts: parts_as_map(&parts), path: path.join(" ") }
    });
    serde_json::json!(rows.collect::<Vec<_>>()).to_string()
}

fn parts_of(stored: Map<String, Value>) -> anyhow::Result<Vec<(Part, String)>> {
    let part = |(key, value): (String, Value)| {
        Ok((code(Part::from_code, &key)?, value.as_str().unwrap_or_default().to_owned()))
    };
    stored.into_iter().map(part).collect()
}

fn parts_as_json(answer: Option<&Answer>) -> String {
    let parts = answer.map_or(&[][..], |answer| &answer.parts);
    Value::Object(parts_as_map(parts)).to_string()
}

fn parts_as_map(parts: &[(Part, String)]) -> Map<String, Value> {
    parts.iter().map(|(part, text)| (part.code().to_owned(), text.clone().into())).collect()
}

fn shown(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}

/// A request by its number, for staff. Callers check at which agency the person may read.
pub async fn by_number(conn: &mut Conn, number: &str) -> anyhow::Result<Option<Dossier>> {
    let row: Option<RequestRow> = sqlx::query_as("SELECT * FROM requests WHERE number = $1")
        .bind(number)
        .fetch_optional(&mut *conn)
        .await?;
    match row {
        Some(row) => Ok(Some(Dossier::of(conn, row.typed()?).await?)),
        None => Ok(None),
    }
}

/// 处理决定 of a request, for what knows it by its id.
pub async fn answer_of(conn: &mut Conn, id: &str) -> anyhow::Result<Option<Answer>> {
    let row: Option<RequestRow> =
        sqlx::query_as("SELECT * FROM requests WHERE id = $1").bind(id).fetch_optional(&mut *conn).await?;
    Ok(row.map(RequestRow::typed).transpose()?.and_then(|request| request.answer))
}

/// The number behind an id, for what knows a request by its id.
pub async fn number_of(conn: &mut Conn, id: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT number FROM requests WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// A request by its number and the digest of its query code: the applicant's own way in.
pub(super) async fn by_number_and_code(
    conn: &mut Conn,
    number: &str,
    code_digest: &str,
) -> anyhow::Result<Option<Dossier>> {
    let row: Option<RequestRow> =
        sqlx::query_as("SELECT * FROM requests WHERE number = $1 AND query_code_hash = $2")
            .bind(number)
            .bind(code_digest)
            .fetch_optional(&mut *conn)
            .await?;
    match row {
        Some(row) => Ok(Some(Dossier::of(conn, row.typed()?).await?)),
        None => Ok(None),
    }
}

pub(super) async fn insert(conn: &mut Conn, r: &Request, query_code_hash: &str) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO requests (id, agency_id, number, query_code_hash, channel, applicant_kind, applicant_name, \
         particulars, identity_match, agent_name, description, delivery, help_wanted, submitted_on, \
         signed_on, confirmed_on, received_on, reply_due_on, is_due_provisional, state, handler_id, created_at, \
         name_match, request_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
         $18, $19, $20, $21, $22, $23, $24)",
    )
    .bind(&r.id)
    .bind(&r.agency_id)
    .bind(&r.number)
    .bind(query_code_hash)
    .bind(r.channel.code())
    .bind(r.applicant.kind.code())
    .bind(&r.applicant.name)
    .bind(&r.applicant.particulars)
    .bind(&r.applicant.identity_match)
    .bind(&r.applicant.agent_name)
    .bind(&r.description)
    .bind(r.delivery.code())
    .bind(&r.help_wanted)
    .bind(r.submitted_on.to_string())
    .bind(shown(r.signed_on))
    .bind(shown(r.confirmed_on))
    .bind(shown(r.received_on))
    .bind(shown(r.reply_due_on))
    .bind(i64::from(r.is_due_provisional))
    .bind(r.state.code())
    .bind(&r.handler_id)
    .bind(&r.created_at)
    .bind(&r.applicant.name_match)
    .bind(&r.request_key)
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what an event can change.
pub(super) async fn update(conn: &mut Conn, r: &Request) -> sqlx::Result<()> {
    let answer = r.answer.as_ref();
    sqlx::query(
        "UPDATE requests SET signed_on = $1, confirmed_on = $2, received_on = $3, reply_due_on = $4, \
         is_due_provisional = $5, state = $6, decision = $7, decision_ground = $8, decision_reason = $9, \
         decision_parts = $10, decision_portions = $11, closed_on = $12, handler_id = $13, decision_path = $14 WHERE id = $15",
    )
    .bind(shown(r.signed_on))
    .bind(shown(r.confirmed_on))
    .bind(shown(r.received_on))
    .bind(shown(r.reply_due_on))
    .bind(i64::from(r.is_due_provisional))
    .bind(r.state.code())
    .bind(answer.map(|a| a.decision.code()))
    .bind(answer.and_then(|a| a.ground).map(Ground::code))
    .bind(answer.map(|a| a.reason.clone()))
    .bind(parts_as_json(answer))
    .bind(portions_as_json(answer))
    .bind(shown(r.closed_on))
    .bind(&r.handler_id)
    .bind(answer.map(|a| a.path.join(" ")).unwrap_or_default())
    .bind(&r.id)
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes how and when it came.
pub(super) async fn set_arrival(conn: &mut Conn, r: &Request) -> sqlx::Result<()> {
    sqlx::query("UPDATE requests SET channel = $1, submitted_on = $2 WHERE id = $3")
        .bind(r.channel.code())
        .bind(r.submitted_on.to_string())
        .bind(&r.id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn append_event(
    conn: &mut Conn,
    request_id: &str,
    event: Event,
    happened_on: Date,
    recorded_at: &str,
    by_id: Option<&str>,
    detail: &Value,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO request_events (request_id, ordinal, event, happened_on, recorded_at, by_id, detail) \
         SELECT $1, CAST(COUNT(*) AS BIGINT) + 1, $2, $3, $4, $5, $6 FROM request_events WHERE request_id = $1",
    )
    .bind(request_id)
    .bind(event.code())
    .bind(happened_on.to_string())
    .bind(recorded_at)
    .bind(by_id)
    .bind(detail.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct EventRow {
    event: String,
    happened_on: String,
    recorded_at: String,
    by_name: Option<String>,
    detail: String,
}

pub(super) async fn events(conn: &mut Conn, request_id: &str) -> anyhow::Result<Vec<EventRecord>> {
    let rows: Vec<EventRow> = sqlx::query_as(
        "SELECT e.event, e.happened_on, e.recorded_at, u.name AS by_name, e.detail FROM request_events e \
         LEFT JOIN users u ON u.id = e.by_id WHERE e.request_id = $1 ORDER BY e.ordinal",
    )
    .bind(request_id)
    .fetch_all(conn)
    .await?;
    let typed = |row: EventRow| {
        Ok(EventRecord {
            event: code(Event::from_code, &row.event)?,
            happened_on: date(&row.happened_on)?,
            recorded_at: row.recorded_at,
            by_name: row.by_name,
            detail: serde_json::from_str(&row.detail)?,
        })
    };
    rows.into_iter().map(typed).collect()
}

#[derive(sqlx::FromRow)]
struct SupplementRow {
    noticed_on: String,
    due_on: String,
    items: String,
    supplemented_on: Option<String>,
    answer: Option<String>,
}

pub(super) async fn supplement(conn: &mut Conn, request_id: &str) -> anyhow::Result<Option<Supplement>> {
    let row: Option<SupplementRow> = sqlx::query_as(
        "SELECT noticed_on, due_on, items, supplemented_on, answer FROM request_supplements WHERE request_id = $1",
    )
    .bind(request_id)
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(Supplement {
            noticed_on: date(&row.noticed_on)?,
            due_on: date(&row.due_on)?,
            items: row.items,
            supplemented_on: optional_date(row.supplemented_on.as_deref())?,
            answer: row.answer,
        })
    })
    .transpose()
}

pub(super) async fn put_supplement(conn: &mut Conn, request_id: &str, s: &Supplement) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO request_supplements (request_id, noticed_on, due_on, items, supplemented_on, answer) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (request_id) DO UPDATE SET \
         supplemented_on = excluded.supplemented_on, answer = excluded.answer",
    )
    .bind(request_id)
    .bind(s.noticed_on.to_string())
    .bind(s.due_on.to_string())
    .bind(&s.items)
    .bind(shown(s.supplemented_on))
    .bind(&s.answer)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct ReasonsRow {
    noticed_on: String,
    due_on: String,
    frequency: String,
    stated_on: Option<String>,
    statement: Option<String>,
    delayed_on: Option<String>,
    delayed_until: Option<String>,
    delay_ground: Option<String>,
}

pub(super) async fn reasons(conn: &mut Conn, request_id: &str) -> anyhow::Result<Option<Reasons>> {
    let row: Option<ReasonsRow> = sqlx::query_as(
        "SELECT noticed_on, due_on, frequency, stated_on, statement, delayed_on, delayed_until, delay_ground \
         FROM request_reasons WHERE request_id = $1",
    )
    .bind(request_id)
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let delay = match (row.delayed_on, row.delayed_until) {
            (Some(noticed_on), Some(until)) => Some(Delay {
                noticed_on: date(&noticed_on)?,
                until: date(&until)?,
                ground: row.delay_ground.unwrap_or_default(),
            }),
            _ => None,
        };
        Ok(Reasons {
            delay,
            noticed_on: date(&row.noticed_on)?,
            due_on: date(&row.due_on)?,
            frequency: row.frequency,
            stated_on: optional_date(row.stated_on.as_deref())?,
            statement: row.statement,
        })
    })
    .transpose()
}

pub(super) async fn put_reasons(conn: &mut Conn, request_id: &str, r: &Reasons) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO request_reasons (request_id, noticed_on, due_on, frequency, stated_on, statement, delayed_on, \
         delayed_until, delay_ground) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (request_id) DO UPDATE SET \
         stated_on = excluded.stated_on, statement = excluded.statement, delayed_on = excluded.delayed_on, \
         delayed_until = excluded.delayed_until, delay_ground = excluded.delay_ground",
    )
    .bind(request_id)
    .bind(r.noticed_on.to_string())
    .bind(r.due_on.to_string())
    .bind(&r.frequency)
    .bind(shown(r.stated_on))
    .bind(&r.statement)
    .bind(shown(r.delay.as_ref().map(|delay| delay.noticed_on)))
    .bind(shown(r.delay.as_ref().map(|delay| delay.until)))
    .bind(r.delay.as_ref().map(|delay| delay.ground.clone()))
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct ExtensionRow {
    ground: String,
    working_days: i64,
    proposed_on: String,
    proposed_by: String,
    approved_on: Option<String>,
    approved_by: Option<String>,
    noticed_on: Option<String>,
}

pub(super) async fn extension(conn: &mut Conn, request_id: &str) -> anyhow::Result<Option<Extension>> {
    let row: Option<ExtensionRow> = sqlx::query_as("SELECT * FROM request_extensions WHERE request_id = $1")
        .bind(request_id)
        .fetch_optional(conn)
        .await?;
    row.map(|row| {
        let approval = match (row.approved_on, row.approved_by, row.noticed_on) {
            (Some(approved_on), Some(approved_by), Some(noticed_on)) => Some(Approval {
                approved_on: date(&approved_on)?,
                approved_by,
                noticed_on: date(&noticed_on)?,
            }),
            _ => None,
        };
        Ok(Extension {
            ground: row.ground,
            working_days: u32::try_from(row.working_days)?,
            proposed_on: date(&row.proposed_on)?,
            proposed_by: row.proposed_by,
            approval,
        })
    })
    .transpose()
}

pub(super) async fn put_extension(conn: &mut Conn, request_id: &str, e: &Extension) -> sqlx::Result<()> {
    let approval = e.approval.as_ref();
    sqlx::query(
        "INSERT INTO request_extensions (request_id, ground, working_days, proposed_on, proposed_by, approved_on, \
         approved_by, noticed_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (request_id) DO UPDATE SET \
         approved_on = excluded.approved_on, approved_by = excluded.approved_by, noticed_on = excluded.noticed_on",
    )
    .bind(request_id)
    .bind(&e.ground)
    .bind(i64::from(e.working_days))
    .bind(e.proposed_on.to_string())
    .bind(&e.proposed_by)
    .bind(approval.map(|a| a.approved_on.to_string()))
    .bind(approval.map(|a| a.approved_by.clone()))
    .bind(approval.map(|a| a.noticed_on.to_string()))
    .execute(conn)
    .await?;
    Ok(())
}

/// A proposal that was declined leaves its event, and room for another.
pub(super) async fn delete_proposed_extension(conn: &mut Conn, request_id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM request_extensions WHERE request_id = $1 AND approved_on IS NULL")
        .bind(request_id)
        .execute(conn)
        .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct ConsultationRow {
    id: String,
    kind: String,
    party: String,
    contact: String,
    subject: String,
    sent_on: String,
    due_on: String,
    answered_on: Option<String>,
    opinion: Option<String>,
    answer: Option<String>,
    overridden_on: Option<String>,
    overridden_content: Option<String>,
    overridden_reason: Option<String>,
}

pub(super) async fn consultations(conn: &mut Conn, request_id: &str) -> anyhow::Result<Vec<Consultation>> {
    let rows: Vec<ConsultationRow> = sqlx::query_as(
        "SELECT id, kind, party, contact, subject, sent_on, due_on, answered_on, opinion, answer, \
         overridden_on, overridden_content, overridden_reason FROM request_consultations WHERE request_id = $1 ORDER BY sent_on, id",
    )
    .bind(request_id)
    .fetch_all(conn)
    .await?;
    let typed = |row: ConsultationRow| {
        Ok(Consultation {
            id: row.id,
            with: code(ConsultedParty::from_code, &row.kind)?,
            party: row.party,
            contact: row.contact,
            subject: row.subject,
            sent_on: date(&row.sent_on)?,
            due_on: date(&row.due_on)?,
            answered_on: optional_date(row.answered_on.as_deref())?,
            opinion: optional_code(Opinion::from_code, row.opinion.as_deref())?,
            answer: row.answer,
            overridden: match row.overridden_on {
                Some(day) => Some(Override {
                    noticed_on: date(&day)?,
                    content: row.overridden_content.unwrap_or_default(),
                    reason: row.overridden_reason.unwrap_or_default(),
                }),
                None => None,
            },
        })
    };
    rows.into_iter().map(typed).collect()
}

pub(super) async fn put_consultation(
    conn: &mut Conn,
    request_id: &str,
    c: &Consultation,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO request_consultations (id, request_id, kind, party, subject, sent_on, due_on, answered_on, \
         opinion, answer, overridden_on, overridden_content, overridden_reason, contact) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO UPDATE SET \
         answered_on = excluded.answered_on, opinion = excluded.opinion, answer = excluded.answer, \
         overridden_on = excluded.overridden_on, overridden_content = excluded.overridden_content, \
         overridden_reason = excluded.overridden_reason",
    )
    .bind(&c.id)
    .bind(request_id)
    .bind(c.with.code())
    .bind(&c.party)
    .bind(&c.subject)
    .bind(c.sent_on.to_string())
    .bind(c.due_on.to_string())
    .bind(shown(c.answered_on))
    .bind(c.opinion.map(Opinion::code))
    .bind(&c.answer)
    .bind(c.overridden.as_ref().map(|o| o.noticed_on.to_string()))
    .bind(c.overridden.as_ref().map(|o| o.content.as_str()))
    .bind(c.overridden.as_ref().map(|o| o.reason.as_str()))
    .bind(&c.contact)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct FeeRow {
    basis: String,
    count: i64,
    amount_yuan: i64,
    noticed_on: String,
    due_on: String,
    paid_on: Option<String>,
}

pub(super) async fn fee(conn: &mut Conn, request_id: &str) -> anyhow::Result<Option<Fee>> {
    let row: Option<FeeRow> = sqlx::query_as(
        "SELECT basis, count, amount_yuan, noticed_on, due_on, paid_on FROM request_fees WHERE request_id = $1",
    )
    .bind(request_id)
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(Fee {
            basis: code(FeeBasis::from_code, &row.basis)?,
            count: u64::try_from(row.count)?,
            amount_yuan: u64::try_from(row.amount_yuan)?,
            noticed_on: date(&row.noticed_on)?,
            due_on: date(&row.due_on)?,
            paid_on: optional_date(row.paid_on.as_deref())?,
        })
    })
    .transpose()
}

pub(super) async fn put_fee(conn: &mut Conn, request_id: &str, fee: &Fee) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO request_fees (request_id, basis, count, amount_yuan, noticed_on, due_on, paid_on) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (request_id) DO UPDATE SET paid_on = excluded.paid_on",
    )
    .bind(request_id)
    .bind(fee.basis.code())
    .bind(i64::try_from(fee.count)?)
    .bind(i64::try_from(fee.amount_yuan)?)
    .bind(fee.noticed_on.to_string())
    .bind(fee.due_on.to_string())
    .bind(shown(fee.paid_on))
    .execute(conn)
    .await?;
    Ok(())
}

/// 按件计收的件数 — which of the applicant's requests to this agency in the calendar month of receipt this one is; `None`
/// before receipt. One that is decided afresh was counted the first time. 《信息处理费管理办法》第四条.
pub async fn item_of_month(conn: &mut Conn, request: &Request) -> sqlx::Result<Option<u64>> {
    let Some(received_on) = request.received_on else { return Ok(None) };
    let earlier: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM requests WHERE agency_id = $1 AND identity_match = $2 AND id <> $3 \
         AND received_on >= $4 AND (received_on < $5 OR (received_on = $5 AND number < $6)) \
         AND id NOT IN (SELECT n.request_id FROM request_renewals n)",
    )
    .bind(&request.agency_id)
    .bind(&request.applicant.identity_match)
    .bind(&request.id)
    .bind(received_on.first_of_month().to_string())
    .bind(received_on.to_string())
    .bind(&request.number)
    .fetch_one(conn)
    .await?;
    Ok(Some(earlier.unsigned_abs() + 1))
}

/// The digest by which the applicant's query code is known.
pub(super) async fn query_code_digest(conn: &mut Conn, id: &str) -> sqlx::Result<String> {
    sqlx::query_scalar("SELECT query_code_hash FROM requests WHERE id = $1").bind(id).fetch_one(conn).await
}

/// What is sought, after a request was taken apart.
pub(super) async fn set_description(conn: &mut Conn, r: &Request) -> sqlx::Result<()> {
    sqlx::query("UPDATE requests SET description = $1 WHERE id = $2")
        .bind(&r.description)
        .bind(&r.id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Where a person reads mail.
pub(super) async fn handler_email(conn: &mut Conn, user_id: &str) -> sqlx::Result<Option<String>> {
    let email: Option<Option<String>> = sqlx::query_scalar("SELECT email FROM users WHERE id = $1")
        .bind(user_id)
        .fetch_optional(conn)
        .await?;
    Ok(email.flatten())
}
