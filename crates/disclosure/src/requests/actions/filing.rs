//! Taking a request in: filed by the applicant, or registered by the office.

use gongkai_statute::channels::Channel;
use gongkai_statute::receipt::deciding_field;
use jiff::civil::Date;
use serde_json::json;

use super::super::evidence::{self, EvidenceKind};
use super::super::filing::Complete;
use super::super::machine::{self, Event, RequestState, Standing};
use super::super::offers::{self, Mark};
use super::super::{Applicant, Arrival, Dossier, Filing, Request, RequestRefusal as R, store};
use super::{Told, in_order, lawful, note, opened, outside_day, required, settle};
use crate::accounts::{self, Agency, Permission, Staff};
use crate::calendars;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};
use crate::letters::{self, LetterKind};
use crate::privacy::{self, Keyring, Name, RequestKey};
use crate::secrets;

/// What the applicant takes home. The query code is nowhere else: only its digest is stored.
#[derive(Clone, Debug)]
pub struct Filed {
    pub number: String,
    pub query_code: String,
}

/// 提交申请 — filed on the portal; received when both sides have confirmed. 《条例》第三十一条第三项.
///
/// # Errors
/// Everything that is wrong with the form, at once.
pub async fn submit(tx: &mut Tx, agency_code: &str, filing: &Filing) -> Result<Filed, R> {
    let agency = accounts::agency_by_code(tx.conn(), agency_code).await?;
    let mut checked = filing.checked(Channel::Online);
    if let Some(fault) = without_authorisation(tx, filing).await? {
        checked = Err(checked.err().into_iter().flatten().chain([fault]).collect());
    }
    let (agency, complete) = match (agency, checked) {
        (Some(agency), Ok(complete)) => (agency, complete),
        (None, Ok(_)) => return refuse(R::NoSuchAgency),
        (Some(_), Err(faults)) => return Err(Failure::Refused(faults)),
        (None, Err(mut faults)) => {
            faults.insert(0, R::NoSuchAgency);
            return Err(Failure::Refused(faults));
        }
    };
    let today = tx.today();
    let arrival = Arrival { channel: Some(Channel::Online), submitted_on: Some(today), ..Arrival::default() };
    take_in(tx, agency, complete, &arrival, Event::Submit).await
}

/// 委托书 — an agent who files online shows the authorisation; on paper it comes with the letter.
async fn without_authorisation(tx: &mut Tx, filing: &Filing) -> anyhow::Result<Option<R>> {
    if filing.agent_name.trim().is_empty() {
        return Ok(None);
    }
    let files = evidence::staged(tx.conn(), &filing.stage).await?;
    let is_shown = files.iter().any(|file| file.kind == EvidenceKind::Authorisation);
    let words = "填写了代理人，请选择授权委托书和代理人的身份证明；没有委托他人的，请清空代理人姓名。";
    Ok((!is_shown).then(|| R::field("file_authorisation", words)))
}

/// 登记申请 — what came on paper, by fax, by e-mail, in person or by word of mouth. 《条例》第二十九条、第三十一条.
pub async fn register(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    filing: &Filing,
    arrival: &Arrival,
) -> Result<Filed, R> {
    let Some(agency) = accounts::agency(tx.conn(), agency_id).await? else { return refuse(R::NoSuchAgency) };
    if !staff.may(Permission::HandleRequests, agency_id) {
        return refuse(R::Forbidden);
    }
    let mut faults = arrival.faults(tx.today());
    match filing.checked(arrival.channel.unwrap_or(Channel::RegisteredPost)) {
        Ok(complete) if faults.is_empty() => take_in(tx, agency, complete, arrival, Event::Register).await,
        Ok(_) => Err(Failure::Refused(faults)),
        Err(more) => {
            faults.extend(more);
            Err(Failure::Refused(faults))
        }
    }
}

async fn take_in(
    tx: &mut Tx,
    agency: Agency,
    complete: Complete,
    arrival: &Arrival,
    event: Event,
) -> Result<Filed, R> {
    let today = tx.today();
    let standing = Standing { is_received: arrival.received_on().is_some(), ..Standing::default() };
    let state = machine::next(None, event, &standing).map_err(|reason| Failure::Refused(vec![reason]))?;
    let submitted_on = arrival.submitted_on.unwrap_or(today);
    let number = next_number(tx, &agency, today).await?;
    let id = tx.new_id();
    let applicant = Applicant {
        kind: complete.kind,
        name_match: Name::matching(tx.keys(), &complete.name)?,
        name: Name::sealed(tx.keys(), &id, privacy::APPLICANT, &complete.name)?,
        agent_name: complete
            .agent_name
            .map(|name| Name::sealed(tx.keys(), &id, privacy::AGENT, &name))
            .transpose()?,
        particulars: complete.particulars.sealed(tx.keys(), &id)?,
        identity_match: identity_match(tx.keys(), &complete.particulars.identity_number)?,
    };
    let request = Request {
        request_key: RequestKey::sealed(tx.keys(), &id)?,
        id,
        agency_id: agency.id.clone(),
        number: number.clone(),
        channel: arrival.channel.unwrap_or(Channel::Online),
        applicant,
        description: complete.description,
        delivery: complete.delivery,
        help_wanted: complete.help_wanted,
        submitted_on,
        signed_on: arrival.signed_on,
        confirmed_on: arrival.confirmed_on,
        received_on: None,
        reply_due_on: None,
        is_due_provisional: false,
        state,
        answer: None,
        closed_on: None,
        handler_id: tx.by().user_id().map(str::to_owned),
        created_at: tx.now_text(),
    };
    let empty = Dossier {
        calendar: calendars::of_region(tx.conn(), &agency.region).await?,
        request,
        agency,
        supplement: None,
        reasons: None,
        extension: None,
        consultations: Vec::new(),
        fee: None,
        events: Vec::new(),
        letters: Vec::new(),
        enclosures: Vec::new(),
        moved: Vec::new(),
        renewal: None,
        renewed_as: Vec::new(),
    };
    let dossier = lawful(&empty, |_| ())?;
    let query_code = secrets::query_code();
    store::insert(tx.conn(), &dossier.request, &secrets::digest(&query_code)).await?;
    let files = evidence::attach(tx, &complete.stage, &dossier.request.id).await?;
    let month = today.strftime("%Y-%m").to_string();
    offers::count(tx.conn(), &dossier.request.agency_id, &month, &complete.offered, false).await?;
    let numbers = |mark: Option<Mark>| -> Vec<&str> {
        let all = complete.offered.iter().filter(|one| mark.is_none_or(|mark| one.mark == mark));
        all.map(|one| one.index_number.as_str()).collect()
    };
    let detail = json!({
        "channel": dossier.request.channel.code(), "files": files,
        "offered": numbers(None), "helped": numbers(Some(Mark::Helped)),
    });
    note(tx, &dossier, event, submitted_on, detail.into()).await?;
    if state == RequestState::Registered {
        letters::actions::send(tx, &dossier, LetterKind::Receipt, None).await?;
    }
    Ok(Filed { number, query_code })
}

/// What the same applicant is found by.
fn identity_match(keys: &Keyring, identity_number: &str) -> anyhow::Result<String> {
    Ok(keys.matching("identity", identity_number)?)
}

/// `SONGXI-SQ-2026-0001`: letters of the agency, year of filing, running number of the two.
pub(super) async fn next_number(tx: &mut Tx, agency: &Agency, today: Date) -> Result<String, R> {
    let (code, year) = (agency.code.to_ascii_uppercase(), today.year());
    let serial = tx.next_number(&format!("request {code} {year}")).await?;
    Ok(format!("{code}-SQ-{year}-{serial:04}"))
}

/// 双方确认 — fixes the day of receipt for what nobody signed for. 《条例》第三十一条.
pub async fn confirm_receipt(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    confirmed_on: Option<Date>,
    how: &str,
) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let mut faults = Vec::new();
    let earliest = (dossier.request.submitted_on, "提交或者寄到之日");
    let day = outside_day(&mut faults, "confirmed_on", confirmed_on, earliest, tx.today());
    let to = in_order(&dossier, Event::Confirm, tx.today(), faults)?;
    let after = lawful(&dossier, |d| match deciding_field(d.request.channel) {
        "signed_on" => d.request.signed_on = Some(day),
        _ => d.request.confirmed_on = Some(day),
    })?;
    let told = Told::words(json!({"how": how.trim()}));
    let dossier = settle(tx, after, to, Event::Confirm, day, told).await?;
    letters::actions::send(tx, &dossier, LetterKind::Receipt, None).await?;
    Ok(dossier)
}

/// 更正收件情况 — channel or evidence were recorded wrongly: the day of receipt follows from what is right, the clock moves
/// with it, and the applicant gets a new receipt that says so. 《条例》第三十一条.
///
/// # Errors
/// The law allows no such day any more: a notice that was sent in time would have been late.
pub async fn correct_receipt(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    arrival: &Arrival,
    why: &str,
) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let mut faults = arrival.faults(today);
    let why = required(&mut faults, "why", why, 300, "更正的原因和凭据");
    let known =
        |request: &Request| (request.channel, request.submitted_on, request.signed_on, request.confirmed_on);
    let after = dossier.with(|d| {
        d.request.channel = arrival.channel.unwrap_or(d.request.channel);
        d.request.submitted_on = arrival.submitted_on.unwrap_or(d.request.submitted_on);
        d.request.signed_on = arrival.signed_on;
        d.request.confirmed_on = arrival.confirmed_on;
        d.request.received_on = None;
    });
    let after = match after {
        Ok(after) => after,
        Err(reasons) => return Err(Failure::Refused(faults.into_iter().chain(reasons).collect())),
    };
    if known(&after.request) == known(&dossier.request) {
        faults.push(R::field("why", "没有改动，不需要更正。"));
    }
    let to = in_order(&after, Event::CorrectReceipt, today, faults)?;
    store::set_arrival(tx.conn(), &after.request).await?;
    let told = |request: &Request| {
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        json!({
            "channel": request.channel.code(), "submitted_on": request.submitted_on.to_string(),
            "signed_on": day(request.signed_on), "confirmed_on": day(request.confirmed_on),
            "received_on": day(request.received_on), "reply_due_on": day(request.reply_due_on),
        })
    };
    let facts = json!({"before": told(&dossier.request), "after": told(&after.request)});
    let told = Told { facts, words: json!({"why": why}) };
    let is_received = after.request.received_on.is_some();
    let after = settle(tx, after, to, Event::CorrectReceipt, today, told).await?;
    if is_received {
        letters::actions::send(tx, &after, LetterKind::Receipt, None).await?;
    }
    Ok(after)
}

/// 进入办理 — nothing is missing; someone takes the request in hand.
pub async fn take_up(tx: &mut Tx, staff: &Staff, number: &str) -> Result<Dossier, R> {
    let mut dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let to = in_order(&dossier, Event::TakeUp, today, Vec::new())?;
    dossier.request.handler_id = Some(staff.user_id.clone());
    settle(tx, dossier, to, Event::TakeUp, today, json!({})).await
}
