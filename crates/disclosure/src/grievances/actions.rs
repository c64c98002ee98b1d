//! Taking matters in and telling how they ended.

use gongkai_statute::parameters::Parameter;
use jiff::civil::Date;
use serde_json::json;

use super::{Conclusion, Grievance, GrievanceKind, GrievanceOutcome, GrievanceRefusal as R, place, store};
use crate::accounts::{self, Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Result, refuse, unless_refused};
use crate::{calendars, requests, secrets};

/// A matter as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    pub agency_code: String,
    pub kind: Option<GrievanceKind>,
    pub about: String,
    pub request_number: String,
    pub person_name: String,
    pub contact: String,
    pub statement: String,
    pub evidence: String,
    /// 收到日期, for what staff write down; the public's is today.
    pub received_on: Option<Date>,
}

/// 回执.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub id: String,
    pub number: String,
    pub query_code: String,
    pub due_on: Date,
}

/// From the portal.
pub async fn submit(tx: &mut Tx, typed: &Statement) -> Result<Taken, R> {
    let typed = Statement { received_on: Some(tx.today()), ..typed.clone() };
    take(tx, &typed, "submitted").await
}

/// Written down by staff: what came on paper, by telephone or in person.
pub async fn register(tx: &mut Tx, staff: &Staff, typed: &Statement) -> Result<Taken, R> {
    let agency = accounts::agency_by_code(tx.conn(), &typed.agency_code).await?;
    if !agency.is_some_and(|agency| staff.may(Permission::HandleRequests, &agency.id)) {
        return refuse(R::Forbidden);
    }
    take(tx, typed, "registered").await
}

async fn take(tx: &mut Tx, typed: &Statement, act: &'static str) -> Result<Taken, R> {
    let mut faults = Vec::new();
    let mut fault = |field, words: &str| faults.push(R::Field { field, words: words.to_owned() });
    let agency = accounts::agency_by_code(tx.conn(), &typed.agency_code).await?;
    if agency.is_none() {
        fault("agency", "请选择受理的机关。");
    }
    if typed.kind.is_none() {
        fault("kind", "请选择投诉、举报或者更正。");
    }
    for (field, what, text, most) in [
        ("about", "涉及的机关或者记录", &typed.about, 200),
        ("person_name", "姓名或者名称", &typed.person_name, 100),
        ("contact", "联系方式", &typed.contact, 200),
        ("statement", "反映的事项和请求", &typed.statement, 5_000),
    ] {
        match text.trim().chars().count() {
            0 => fault(field, &format!("请填写{what}。")),
            n if n > most => fault(field, &format!("{what}不超过{most}字，请精简。")),
            _ => {}
        }
    }
    if typed.kind == Some(GrievanceKind::RecordCorrection) && typed.evidence.trim().is_empty() {
        fault("evidence", "请写明有什么证据证明记录不准确（《条例》第四十一条）。");
    }
    if typed.evidence.chars().count() > 5_000 {
        fault("evidence", "证据的说明不超过5000字，请精简。");
    }
    let today = tx.today();
    match typed.received_on {
        None => fault("received_on", "请填写收到日期。"),
        Some(day) if day > today => fault("received_on", "收到日期不能晚于今天，请核对。"),
        Some(_) => {}
    }
    let mut request_id = None;
    let number = typed.request_number.trim();
    if !number.is_empty() {
        match requests::by_number(tx.conn(), number).await? {
            Some(dossier) => request_id = Some(dossier.request.id),
            None => fault("request_number", "没有这个编号的申请，请核对；不涉及具体申请的，请留空。"),
        }
    }
    unless_refused(faults)?;
    let (Some(agency), Some(kind)) = (agency, typed.kind) else { return refuse(R::NotFound) };
    let received_on = typed.received_on.unwrap_or(today);
    let calendar = calendars::of_region(tx.conn(), &agency.region).await?;
    let promised = Parameter::GrievancePromiseWorkingDays;
    let promised = promised.on(received_on).unwrap_or(promised.current()).value;
    let year = today.year();
    let series = kind.series();
    let serial = tx.next_number(&format!("grievance {} {} {year}", agency.code, kind.code())).await?;
    let id = tx.new_id();
    let contact = tx.keys().seal_text(&place(&id), typed.contact.trim()).map_err(anyhow::Error::from)?;
    let one = Grievance {
        number: format!("{}-{}-{year}-{serial:04}", agency.code.to_ascii_uppercase(), letters_of(series)),
        due_on: calendar.add_working_days(received_on, promised),
        id,
        agency_id: agency.id,
        agency_name: agency.name,
        kind,
        about: typed.about.trim().to_owned(),
        request_number: number.to_owned(),
        person_name: typed.person_name.trim().to_owned(),
        contact,
        statement: typed.statement.trim().replace("\r\n", "\n"),
        evidence: typed.evidence.trim().replace("\r\n", "\n"),
        received_on,
        concluded: None,
    };
    let query_code = secrets::query_code();
    let now = tx.now_text();
    store::insert(tx.conn(), &one, request_id.as_deref(), &secrets::digest(&query_code), &now).await?;
    let detail = json!({"number": one.number, "kind": kind.code(), "due_on": one.due_on.to_string()});
    tx.record(Act::new("grievances", act, &one.agency_id, &one.id, detail));
    Ok(Taken { id: one.id, number: one.number, query_code, due_on: one.due_on })
}

/// TS, JB, GZ: what stands in a number that people type.
fn letters_of(series: &str) -> &'static str {
    match series {
        "投" => "TS",
        "举" => "JB",
        _ => "GZ",
    }
}

/// What is told of the end.
#[derive(Clone, Debug, Default)]
pub struct Ending {
    pub outcome: Option<GrievanceOutcome>,
    pub words: String,
    pub referred_to: String,
}

/// 办结并告知 — with reasons; final.
pub async fn conclude(tx: &mut Tx, staff: &Staff, id: &str, ending: &Ending) -> Result<Grievance, R> {
    let Some(mut one) = store::by_id(tx.conn(), id).await? else { return refuse(R::NotFound) };
    if !staff.may(Permission::ReadRequests, &one.agency_id) {
        return refuse(R::NotFound);
    }
    if !staff.may(Permission::HandleRequests, &one.agency_id) {
        return refuse(R::Forbidden);
    }
    if one.concluded.is_some() {
        return refuse(R::ConcludedBefore);
    }
    let mut faults = Vec::new();
    let outcome = ending.outcome.filter(|outcome| one.kind.outcomes().contains(outcome));
    if outcome.is_none() {
        faults.push(R::Field { field: "outcome", words: "请选择处理结果。".into() });
    }
    let words = ending.words.trim();
    if words.is_empty() || words.chars().count() > 3_000 {
        faults.push(R::Field {
            field: "words", words: "请写明理由和依据，不超过3000字。".into()
        });
    }
    let referred_to = ending.referred_to.trim();
    if outcome.is_some_and(GrievanceOutcome::names_an_agency) && referred_to.is_empty() {
        let words = "请写明有权处理的机关的名称和联系方式。".into();
        faults.push(R::Field { field: "referred_to", words });
    }
    unless_refused(faults)?;
    let Some(outcome) = outcome else { return refuse(R::NotFound) };
    let Some(agency) = accounts::agency(tx.conn(), &one.agency_id).await? else { return refuse(R::NotFound) };
    let year = tx.today().year();
    let series = one.kind.series();
    let serial = tx.next_number(&format!("grievance letter {} {series} {year}", agency.code)).await?;
    let conclusion = Conclusion {
        outcome,
        words: words.to_owned(),
        referred_to: if outcome.names_an_agency() { referred_to.to_owned() } else { String::new() },
        letter_number: format!("{}{series}〔{year}〕{serial}号", agency.document_word),
        on: tx.today(),
        by_name: staff.name.clone(),
    };
    store::conclude(tx.conn(), id, &conclusion, &staff.user_id).await?;
    let detail = json!({"number": one.number, "outcome": outcome.code(), "letter": conclusion.letter_number});
    tx.record(Act::new("grievances", "concluded", &one.agency_id, &one.id, detail));
    one.concluded = Some(conclusion);
    Ok(one)
}

/// 更换密钥 — seals contacts again, with the key in use. As many as `most` at a time; returns how many.
pub async fn seal_again(tx: &mut Tx, most: i64) -> anyhow::Result<usize> {
    let keys = tx.keys().clone();
    let (active, _) = keys.ids()?;
    let old = store::sealed_otherwise(tx.conn(), &active, most).await?;
    for (id, contact) in &old {
        let place = place(id);
        store::put_contact(tx.conn(), id, &keys.seal_text(&place, &keys.open_text(&place, contact)?)?)
            .await?;
    }
    if !old.is_empty() {
        tx.record(Act::new("privacy", "sealed_again", "", "", json!({"key": active, "values": old.len()})));
    }
    Ok(old.len())
}
