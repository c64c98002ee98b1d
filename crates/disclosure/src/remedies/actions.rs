//! Registering and concluding cases.

use jiff::civil::Date;
use serde_json::json;

use super::{Demand, RemedyCase, RemedyKind, RemedyRefusal as R, RemedyResult, store};
use crate::accounts::{self, Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse, unless_refused};
use crate::requests::{self, renewals};

/// What is written down about a case; texts as typed.
#[derive(Clone, Debug, Default)]
pub struct CaseForm {
    /// Empty when the case is not about one request.
    pub request_number: String,
    pub kind: Option<RemedyKind>,
    pub case_number: String,
    pub body: String,
    pub accepted_on: Option<Date>,
    pub note: String,
}

/// 登记案件 — a case that was accepted; its result follows.
pub async fn register(tx: &mut Tx, staff: &Staff, agency_id: &str, form: &CaseForm) -> Result<String, R> {
    if !staff.may(Permission::KeepRegisters, agency_id) {
        return refuse(R::Forbidden);
    }
    let Some(agency) = accounts::agency(tx.conn(), agency_id).await? else { return refuse(R::NotFound) };
    let mut faults = Vec::new();
    let fault = |field, words: &str| R::Field { field, words: words.to_owned() };
    let mut request_id = None;
    let number = form.request_number.trim();
    if !number.is_empty() {
        match requests::by_number(tx.conn(), number).await? {
            Some(dossier) if dossier.request.agency_id == agency_id => {
                match dossier.request.closed_on {
                    None => faults.push(fault("request_number", "这件申请还没有办结，请核对编号。")),
                    Some(day) if form.accepted_on.is_some_and(|on| on < day) => {
                        faults.push(fault(
                            "accepted_on",
                            &format!("受理日期不能早于申请办结之日（{day}），请核对。"),
                        ));
                    }
                    Some(_) => {}
                }
                request_id = Some(dossier.request.id);
            }
            _ => faults.push(fault(
                "request_number",
                "本机关没有这个编号的申请，请核对；不涉及具体申请的，请留空。",
            )),
        }
    }
    if form.kind.is_none() {
        faults.push(fault("kind", "请选择案件种类。"));
    }
    if form.case_number.trim().is_empty() {
        faults.push(fault("case_number", "请填写案号。"));
    }
    if form.body.trim().is_empty() {
        faults.push(fault("body", "请填写复议机关或者法院的名称。"));
    }
    match form.accepted_on {
        None => faults.push(fault("accepted_on", "请填写受理日期。")),
        Some(day) if day > tx.today() => faults.push(fault("accepted_on", "受理日期不能晚于今天，请核对。")),
        Some(_) => {}
    }
    let (Some(kind), Some(accepted_on), true) = (form.kind, form.accepted_on, faults.is_empty()) else {
        return Err(Failure::Refused(faults));
    };
    let case = RemedyCase {
        id: tx.new_id(),
        agency_id: agency.id,
        agency_name: agency.name,
        request_id,
        request_number: None,
        kind,
        case_number: form.case_number.trim().to_owned(),
        body: form.body.trim().to_owned(),
        accepted_on,
        result: RemedyResult::Pending,
        concluded_on: None,
        note: form.note.trim().to_owned(),
        demand: None,
    };
    store::insert(tx.conn(), &case).await?;
    tx.record(Act::new(
        "remedies",
        "registered",
        agency_id,
        &case.id,
        json!({"kind": kind.code(), "case_number": case.case_number, "accepted_on": accepted_on.to_string()}),
    ));
    Ok(case.id)
}

/// How a case ended, as typed.
#[derive(Clone, Debug, Default)]
pub struct Ending {
    pub result: Option<RemedyResult>,
    pub concluded_on: Option<Date>,
    pub note: String,
    /// 结果纠正: what is asked of the agency, and until when where a day was set.
    pub demanded: String,
    pub demanded_until: Option<Date>,
}

/// The case, for someone who keeps the register of its agency.
async fn opened(tx: &mut Tx, staff: &Staff, id: &str) -> Result<RemedyCase, R> {
    let Some(case) = store::by_id(tx.conn(), id).await? else { return refuse(R::NotFound) };
    if !staff.may(Permission::ReadRequests, &case.agency_id) {
        return refuse(R::NotFound);
    }
    if !staff.may(Permission::KeepRegisters, &case.agency_id) {
        return refuse(R::Forbidden);
    }
    Ok(case)
}

/// 登记结果 — what the body or court decided, or that a result was entered by mistake (尚未审结). Where it corrected the agency,
/// what that asks for waits to be carried out.
pub async fn conclude(tx: &mut Tx, staff: &Staff, id: &str, ending: &Ending) -> Result<(), R> {
    let case = opened(tx, staff, id).await?;
    let Ending { result, concluded_on, note, demanded, demanded_until } = ending;
    let (result, concluded_on) = (*result, *concluded_on);
    let mut faults = Vec::new();
    let fault = |field, words: String| R::Field { field, words };
    let is_corrected = result == Some(RemedyResult::Corrected);
    match demanded.trim().chars().count() {
        0 if is_corrected => faults.push(fault(
            "demanded",
            "请写明决定或者判决要求本机关做什么，例如：撤销原答复，重新作出答复；不需要再做什么的，写“无”。"
                .into(),
        )),
        n if n > 1000 => faults.push(fault("demanded", "不超过1000字，请精简。".into())),
        _ => {}
    }
    if is_corrected && demanded_until.zip(concluded_on).is_some_and(|(until, on)| until < on) {
        faults.push(fault("demanded_until", "履行的期限不能早于审结日期，请核对。".into()));
    }
    let is_over = result.is_some_and(|result| result != RemedyResult::Pending);
    match (result, concluded_on) {
        (None, _) => faults.push(fault("result", "请选择审理结果。".into())),
        (Some(_), None) if is_over => faults.push(fault("concluded_on", "请填写审结日期。".into())),
        (Some(_), Some(day)) if is_over && day > tx.today() => {
            faults.push(fault("concluded_on", "审结日期不能晚于今天，请核对。".into()));
        }
        (Some(_), Some(day)) if is_over && day < case.accepted_on => {
            let words = format!("审结日期不能早于受理日期（{}），请核对。", case.accepted_on);
            faults.push(fault("concluded_on", words));
        }
        _ => {}
    }
    let is_followed = renewals::number_of_case(tx.conn(), id).await?;
    if let Some(number) = is_followed.filter(|_| result.is_some() && !is_corrected) {
        let words = format!("已经按这个结果重新办理（编号 {number}），不能改为其他结果。");
        faults.push(fault("result", words));
    }
    unless_refused(faults)?;
    let Some(result) = result else { return refuse(R::NotFound) };
    let concluded_on = concluded_on.filter(|_| is_over);
    let words = demanded.trim();
    let is_nothing = matches!(words, "无" | "无。");
    // A result that is registered anew keeps what was done since.
    let carried_out = case.demand.and_then(|demand| demand.carried_out);
    let demand = (is_corrected && !is_nothing).then(|| Demand {
        words: words.to_owned(),
        until: *demanded_until,
        carried_out,
    });
    store::conclude(tx.conn(), id, result, concluded_on, note.trim(), demand.as_ref()).await?;
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let until = demand.and_then(|demand| demand.until);
    let detail =
        json!({"result": result.code(), "concluded_on": day(concluded_on), "demanded_until": day(until)});
    tx.record(Act::new("remedies", "concluded", &case.agency_id, id, detail));
    Ok(())
}

/// 履行 — the fresh reply has left, and with it what was asked for is done.
pub(crate) async fn fulfil(tx: &mut Tx, id: &str, how: &str) -> anyhow::Result<()> {
    let Some(case) = store::by_id(tx.conn(), id).await? else { return Ok(()) };
    let Some(demand) = case.open_demand().cloned() else { return Ok(()) };
    let on = tx.today();
    let demand = Demand { carried_out: Some((on, how.to_owned())), ..demand };
    store::conclude(tx.conn(), id, case.result, case.concluded_on, &case.note, Some(&demand)).await?;
    let detail = json!({"carried_out_on": on.to_string()});
    tx.record(Act::new("remedies", "carried_out", &case.agency_id, id, detail));
    Ok(())
}

/// 登记履行 — what the agency did of what it was asked to.
pub async fn carry_out(tx: &mut Tx, staff: &Staff, id: &str, on: Option<Date>, how: &str) -> Result<(), R> {
    let case = opened(tx, staff, id).await?;
    let Some(demand) = case.open_demand().cloned() else { return refuse(R::NothingDemanded) };
    let mut faults = Vec::new();
    let mut fault = |field, words: String| faults.push(R::Field { field, words });
    let how = how.trim();
    if how.is_empty() || how.chars().count() > 1000 {
        fault("carried_out", "请写明怎样履行的，例如重新答复的文号，不超过1000字。".into());
    }
    match on {
        None => fault("carried_out_on", "请填写履行的日期。".into()),
        Some(day) if day > tx.today() => fault("carried_out_on", "日期不能晚于今天，请核对。".into()),
        Some(day) if case.concluded_on.is_some_and(|concluded| day < concluded) => {
            fault("carried_out_on", "履行的日期不能早于审结日期，请核对。".into());
        }
        Some(_) => {}
    }
    unless_refused(faults)?;
    let demand = Demand { carried_out: on.map(|day| (day, how.to_owned())), ..demand };
    store::conclude(tx.conn(), id, case.result, case.concluded_on, &case.note, Some(&demand)).await?;
    let detail = json!({"carried_out_on": on.map(|day| day.to_string())});
    tx.record(Act::new("remedies", "carried_out", &case.agency_id, id, detail));
    Ok(())
}
