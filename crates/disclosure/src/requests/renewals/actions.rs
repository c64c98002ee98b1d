//! Opening the fresh handling.

use jiff::civil::Date;
use serde_json::json;

use super::{Renewal, store};
use crate::accounts::{Permission, Staff};
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};
use crate::mail;
use crate::remedies::{self, RemedyResult};
use crate::requests::actions::{self, note, opened, outside_day, own_dossier};
use crate::requests::machine::{self, Event, Standing};
use crate::requests::store::{insert, query_code_digest};
use crate::requests::{Dossier, RequestRefusal as R};

/// 责令重新答复, as typed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ordered {
    pub received_on: Option<Date>,
    /// 因违反法定程序被撤销.
    pub is_procedural: bool,
}

/// 重新办理 — the request of a case that ended in 结果纠正 is decided afresh: the same applicant, the same question, a clock that
/// runs from the decision or judgment. The applicant is told by mail and opens it with the code they have.
///
/// # Errors
/// The case orders nothing, is not about a request, or was followed already.
pub async fn renew(tx: &mut Tx, staff: &Staff, case_id: &str, typed: &Ordered) -> Result<Dossier, R> {
    let Some(case) = remedies::by_id(tx.conn(), case_id).await? else { return refuse(R::NotFound) };
    let Some(number) = case.request_number.clone() else { return refuse(R::NothingOrdered) };
    let earlier = opened(tx, staff, &number, Permission::HandleRequests).await?;
    let (Some(decided_on), Some(demand), RemedyResult::Corrected) =
        (case.concluded_on, case.open_demand(), case.result)
    else {
        return refuse(R::NothingOrdered);
    };
    if let Some(number) = store::number_of_case(tx.conn(), case_id).await? {
        return refuse(R::RenewedBefore { number });
    }
    if earlier.request.request_key.is_empty() {
        return refuse(R::Destroyed);
    }
    let mut faults = Vec::new();
    let since = (decided_on, "决定、判决作出之日");
    let received_on = outside_day(&mut faults, "received_on", typed.received_on, since, tx.today());
    if demand.until.is_some_and(|until| until < received_on) {
        let words = "规定的期限早于收到之日，请核对收到的日期；期限登记错了的，请先更正案件的结果。";
        faults.push(R::field("received_on", words));
    }
    let standing = Standing { is_received: true, ..Standing::default() };
    match machine::next(None, Event::Renew, &standing) {
        Ok(state) if faults.is_empty() => {
            let renewal = Renewal {
                of_number: number,
                case_id: case.id.clone(),
                by: store::ordered_by(case.kind),
                case_number: case.case_number.clone(),
                body: case.body.clone(),
                decided_on,
                received_on,
                until: demand.until,
                is_procedural: typed.is_procedural,
                earlier_reply: None,
                earlier_answer: None,
            };
            let mut fresh = fresh(tx, &earlier, renewal.clone()).await?;
            fresh.request.state = state;
            fresh.request.handler_id = Some(staff.user_id.clone());
            let fresh = actions::lawful(&fresh, |_| ())?;
            let digest = query_code_digest(tx.conn(), &earlier.request.id).await?;
            insert(tx.conn(), &fresh.request, &digest).await?;
            store::insert(tx.conn(), (&fresh.request.id, &earlier.request.id), &renewal).await?;
            let detail = json!({"of": renewal.of_number, "case": case.id});
            note(tx, &fresh, Event::Renew, received_on, detail.into()).await?;
            tell(tx, &fresh, &renewal).await?;
            Ok(fresh)
        }
        Ok(_) => Err(Failure::Refused(faults)),
        Err(reason) => refuse(reason),
    }
}

/// The same applicant and question, and nothing of what was done with it.
async fn fresh(tx: &mut Tx, earlier: &Dossier, renewal: Renewal) -> Result<Dossier, R> {
    let mut asked = earlier.request.description.clone();
    if let Some(answer) = earlier.supplement.as_ref().and_then(|supplement| supplement.answer.as_ref()) {
        asked = format!("{asked}\n（补正：{answer}）");
    }
    let mut fresh = own_dossier(tx, earlier, &asked).await?;
    fresh.request.answer = None;
    fresh.request.closed_on = None;
    Ok(Dossier {
        supplement: None,
        reasons: None,
        extension: None,
        consultations: Vec::new(),
        fee: None,
        renewal: Some(renewal),
        renewed_as: Vec::new(),
        ..fresh
    })
}

async fn tell(tx: &mut Tx, fresh: &Dossier, renewal: &Renewal) -> Result<(), R> {
    let due = fresh.request.reply_due_on.map(|day| day.to_string()).unwrap_or_default();
    let body = format!(
        "您好：\n\n本机关已收到{}（{}），对您的政府信息公开申请（编号 {}）重新办理，新的编号为 {}，答复期限 {due}。\n\n请在网站“依申请公开—查询申请进度”用新的编号和原来的查询码查看。\n\n{}\n联系电话：{}\n{}",
        renewal.by.label(),
        renewal.case_number,
        renewal.of_number,
        fresh.request.number,
        fresh.agency.name,
        fresh.agency.phone,
        tx.today()
    );
    let applicant = (fresh.request.id.as_str(), fresh.request.applicant.particulars.as_str());
    Ok(mail::actions::post_to_applicant(tx, applicant, "政府信息公开申请重新办理", &body).await?)
}
