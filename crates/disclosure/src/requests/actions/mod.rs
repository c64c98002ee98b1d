//! What changes a request. Each act asks the machine for the order and the law for the day, writes its own
//! record, and settles the row, the event and the clock together.
//!
//! What the office itself does counts on the day it is recorded and cannot be dated back; what happened
//! outside (a letter signed for, a supplement, an answer, a payment) is recorded with its own day.

mod answer;
mod arranging;
mod filing;
mod procedure;
mod reasons;
mod third_party;

pub use answer::{MOST_PORTIONS, archive, decide, is_chosen, issue_reply, record_delivery};
pub(super) use arranging::own_dossier;
pub use arranging::{MOST_PARTS, hand_over, merge, split, subjects};
pub use filing::{Filed, confirm_receipt, correct_receipt, register, submit, take_up};
pub use procedure::{
    approve_extension, close_fee_unpaid, close_not_supplemented, decline_extension, notice_fee,
    notice_supplement, propose_extension, record_payment, record_supplement, withdraw,
};
pub(super) use procedure::{close, take_supplement};
pub use reasons::{notice_delay, notice_reasons, record_reasons};
pub use third_party::{OpinionForm, consult, notice_override, record_opinion};

use jiff::civil::Date;
use serde_json::{Value, json};

use super::machine::{Event, RequestState};
use super::{Dossier, RequestRefusal as R, store};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};

/// The dossier, for someone who may do this at its agency.
pub(in crate::requests) async fn opened(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    needed: Permission,
) -> Result<Dossier, R> {
    let Some(dossier) = store::by_number(tx.conn(), number).await? else { return refuse(R::NotFound) };
    if !staff.may(Permission::ReadRequests, &dossier.request.agency_id) {
        return refuse(R::NotFound);
    }
    if !staff.may(needed, &dossier.request.agency_id) {
        return refuse(R::Forbidden);
    }
    Ok(dossier)
}

/// Asks the machine; its reason joins what is wrong with the form.
fn in_order(dossier: &Dossier, event: Event, today: Date, mut faults: Vec<R>) -> Result<RequestState, R> {
    match dossier.after(event, today) {
        Ok(state) if faults.is_empty() => Ok(state),
        Ok(_) => Err(Failure::Refused(faults)),
        Err(reason) => {
            faults.insert(0, reason);
            Err(Failure::Refused(faults))
        }
    }
}

/// Applies a change the law allows.
pub(in crate::requests) fn lawful(
    dossier: &Dossier,
    change: impl FnOnce(&mut Dossier),
) -> Result<Dossier, R> {
    dossier.with(change).map_err(Failure::Refused)
}

/// What is told of an event. Facts are codes, numbers and days, and stand in the audit chain as well. Words that people
/// typed stay with the request alone and are destroyed with it: nothing is ever taken out of the chain.
pub(in crate::requests) struct Told {
    facts: Value,
    words: Value,
}

impl From<Value> for Told {
    fn from(facts: Value) -> Told {
        Told { facts, words: json!({}) }
    }
}

impl Told {
    fn words(words: Value) -> Told {
        Told { facts: json!({}), words }
    }

    /// Both together, as they stand with the request.
    fn detail(&self) -> Value {
        let fields = |value: &Value| value.as_object().cloned().unwrap_or_default();
        Value::Object(fields(&self.facts).into_iter().chain(fields(&self.words)).collect())
    }
}

/// Writes the new state with its event and its audit row.
async fn settle(
    tx: &mut Tx,
    mut dossier: Dossier,
    to: RequestState,
    event: Event,
    happened_on: Date,
    told: impl Into<Told>,
) -> Result<Dossier, R> {
    dossier.request.state = to;
    if dossier.request.handler_id.is_none() {
        dossier.request.handler_id = tx.by().user_id().map(str::to_owned);
    }
    store::update(tx.conn(), &dossier.request).await?;
    note(tx, &dossier, event, happened_on, told.into()).await?;
    Ok(dossier)
}

/// Writes the event and its audit row.
pub(in crate::requests) async fn note(
    tx: &mut Tx,
    dossier: &Dossier,
    event: Event,
    happened_on: Date,
    told: Told,
) -> Result<(), R> {
    let by = tx.by().user_id().map(str::to_owned);
    let now = tx.now_text();
    let request = &dossier.request;
    store::append_event(tx.conn(), &request.id, event, happened_on, &now, by.as_deref(), &told.detail())
        .await?;
    tx.record(Act::new(
        "requests",
        event.code(),
        &request.agency_id,
        &request.id,
        json!({
            "number": request.number,
            "state": request.state.code(),
            "happened_on": happened_on.to_string(),
            "reply_due_on": request.reply_due_on.map(|day| day.to_string()),
            "detail": told.facts,
        }),
    ));
    Ok(())
}

/// A text that must be there and fit.
fn required(faults: &mut Vec<R>, field: &'static str, typed: &str, most: usize, what: &str) -> String {
    let text = typed.trim();
    match text.chars().count() {
        0 => faults.push(R::field(field, format!("请填写{what}。"))),
        n if n > most => faults.push(R::field(field, format!("{what}不超过{most}字，请精简。"))),
        _ => {}
    }
    text.to_owned()
}

/// The day of something that happened outside: known, not before `earliest`, not after today.
pub(in crate::requests) fn outside_day(
    faults: &mut Vec<R>,
    field: &'static str,
    day: Option<Date>,
    (earliest, since): (Date, &str),
    today: Date,
) -> Date {
    match day {
        None => faults.push(R::field(field, "请填写日期，如 2026-03-09。")),
        Some(day) if day > today => faults.push(R::field(field, "日期不能晚于今天，请核对。")),
        Some(day) if day < earliest => {
            faults.push(R::field(field, format!("日期不能早于{since}（{earliest}），请核对。")));
        }
        Some(_) => {}
    }
    day.unwrap_or(today)
}
