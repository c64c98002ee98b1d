//! Demanding that something is put right, answering the demand, closing it.

use jiff::civil::Date;
use serde_json::json;

use super::{
    Concern, OversightRefusal as Refusal, Rectification, RectificationState, answers_for, oversees, store,
};
use crate::accounts::{self, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};

/// A demand as it was typed.
#[derive(Clone, Debug, Default)]
pub struct NewRectification {
    pub agency_id: String,
    pub concerns: String,
    /// The one record it is about; empty when it is about the figure as a whole.
    pub subject_id: String,
    pub demand: String,
    pub due_on: String,
}

/// Demands rectification of an agency; returns its id.
pub async fn demand(tx: &mut Tx, staff: &Staff, new: NewRectification) -> Result<String, Refusal> {
    let Some(agency) = accounts::agency(tx.conn(), &new.agency_id).await? else {
        return refuse(Refusal::Missing);
    };
    if !oversees(staff, &agency) {
        return refuse(Refusal::Forbidden);
    }
    let mut reasons = Vec::new();
    if Concern::from_code(&new.concerns).is_none() {
        reasons.push(Refusal::NotInList { field: "concerns", label: "事由" });
    }
    check_text(&mut reasons, &new.demand, "demand", "整改要求");
    let due_on = due_day(&mut reasons, tx.today(), &new.due_on);
    let (Some(due_on), true) = (due_on, reasons.is_empty()) else { return Err(Failure::Refused(reasons)) };

    let (id, opened_at) = (tx.new_id(), tx.now_text());
    let row = store::RectificationRow {
        id: &id,
        agency_id: &agency.id,
        concerns: &new.concerns,
        subject_id: &new.subject_id,
        demand: new.demand.trim(),
        due_on: due_on.to_string(),
        opened_by: &staff.user_id,
        opened_at,
    };
    store::insert(tx.conn(), &row).await?;
    let detail = json!({"concerns": new.concerns, "due_on": due_on.to_string()});
    tx.record(Act::new("oversight", "rectification_demanded", &agency.id, &id, detail));
    Ok(id)
}

/// The agency says what it did.
pub async fn answer(tx: &mut Tx, staff: &Staff, id: &str, answer: &str) -> Result<(), Refusal> {
    let rectification = existing(tx, id).await?;
    if !answers_for(staff, &rectification.agency_id) {
        return refuse(Refusal::Forbidden);
    }
    let mut reasons = Vec::new();
    match rectification.state() {
        RectificationState::Open => {}
        RectificationState::Answered => reasons.push(Refusal::AlreadyAnswered),
        RectificationState::Closed => reasons.push(Refusal::AlreadyClosed),
    }
    check_text(&mut reasons, answer, "answer", "整改情况");
    if !reasons.is_empty() {
        return Err(Failure::Refused(reasons));
    }
    let now = tx.now_text();
    store::update_answer(tx.conn(), id, answer.trim(), &now).await?;
    record(tx, "rectification_answered", &rectification);
    Ok(())
}

/// The oversight officer accepts the answer.
pub async fn close(tx: &mut Tx, staff: &Staff, id: &str) -> Result<(), Refusal> {
    let rectification = answered(tx, staff, id).await?;
    let now = tx.now_text();
    store::update_closed(tx.conn(), id, &now).await?;
    record(tx, "rectification_closed", &rectification);
    Ok(())
}

/// The oversight officer does not accept the answer: the agency answers anew.
pub async fn send_back(tx: &mut Tx, staff: &Staff, id: &str) -> Result<(), Refusal> {
    let rectification = answered(tx, staff, id).await?;
    store::clear_answer(tx.conn(), id).await?;
    record(tx, "rectification_sent_back", &rectification);
    Ok(())
}

async fn existing(tx: &mut Tx, id: &str) -> Result<Rectification, Refusal> {
    match store::rectification(tx.conn(), id).await? {
        Some(rectification) => Ok(rectification),
        None => refuse(Refusal::Missing),
    }
}

/// A demand that waits for the judgement of this oversight officer.
async fn answered(tx: &mut Tx, staff: &Staff, id: &str) -> Result<Rectification, Refusal> {
    let rectification = existing(tx, id).await?;
    let agency = accounts::agency(tx.conn(), &rectification.agency_id).await?;
    if !agency.is_some_and(|agency| oversees(staff, &agency)) {
        return refuse(Refusal::Forbidden);
    }
    match rectification.state() {
        RectificationState::Answered => Ok(rectification),
        RectificationState::Open => refuse(Refusal::NotAnswered),
        RectificationState::Closed => refuse(Refusal::AlreadyClosed),
    }
}

fn record(tx: &mut Tx, act: &'static str, rectification: &Rectification) {
    tx.record(Act::new("oversight", act, &rectification.agency_id, &rectification.id, json!({})));
}

fn check_text(reasons: &mut Vec<Refusal>, text: &str, field: &'static str, label: &'static str) {
    const LIMIT: usize = 2_000;
    if text.trim().is_empty() {
        reasons.push(Refusal::Blank { field, label });
    } else if text.trim().chars().count() > LIMIT {
        reasons.push(Refusal::TooLong { field, label, limit: LIMIT });
    }
}

fn due_day(reasons: &mut Vec<Refusal>, today: Date, text: &str) -> Option<Date> {
    let text = text.trim();
    if text.is_empty() {
        reasons.push(Refusal::Blank { field: "due_on", label: "整改期限" });
        return None;
    }
    match text.parse::<Date>().ok().filter(|day| day.to_string() == text) {
        None => reasons.push(Refusal::NotADate),
        Some(day) if day <= today => reasons.push(Refusal::DueInPast { today }),
        Some(day) => return Some(day),
    }
    None
}
