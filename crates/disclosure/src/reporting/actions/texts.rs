//! Writing the parts of the report that are words.

use serde_json::json;

use super::super::{Period, ReportingRefusal as Refusal, TextPart, YearLedger, gather, linked, store};
use super::subject_of;
use crate::accounts::{Agency, Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse, unless_refused};

const LONGEST_TEXT: usize = 20_000;

/// Keeps what a person wrote for a part of a year's report. A figure that is only named is filled in as the
/// ledger has it now; one that already says something keeps saying it.
pub async fn save_text(
    tx: &mut Tx,
    staff: &Staff,
    agency: &Agency,
    year: i16,
    part: TextPart,
    body: &str,
) -> Result<(), Refusal> {
    let ledger = to_write(tx, staff, agency, year).await?;
    let body = read(body)?;
    keep(tx, staff, &ledger, part, &ledger.filled(&body)).await?;
    tx.record(Act::new(
        "reporting",
        "text_saved",
        &agency.id,
        &subject_of(&agency.id, year),
        json!({"part": part.code(), "characters": body.chars().count()}),
    ));
    Ok(())
}

/// 跟随台账 — the figures of a text say what the ledger says now; returns how many moved.
pub async fn follow_ledger(
    tx: &mut Tx,
    staff: &Staff,
    agency: &Agency,
    year: i16,
    part: TextPart,
) -> Result<usize, Refusal> {
    let ledger = to_write(tx, staff, agency, year).await?;
    let text = ledger.texts.get(&part).cloned().unwrap_or_default();
    let moved = ledger.moved(&text);
    if moved.is_empty() {
        return refuse(Refusal::NothingMoved);
    }
    keep(tx, staff, &ledger, part, &ledger.followed(&text)).await?;
    let figures: Vec<_> = moved.iter().map(|m| json!([m.figure.to_string(), m.said, m.now])).collect();
    tx.record(Act::new(
        "reporting",
        "text_followed",
        &agency.id,
        &subject_of(&agency.id, year),
        json!({"part": part.code(), "figures": figures}),
    ));
    Ok(moved.len())
}

/// 存为模板 — what a part of the agency's reports begins with, from a year on. An empty one gives way to the
/// common one again.
pub async fn save_template(
    tx: &mut Tx,
    staff: &Staff,
    agency: &Agency,
    since_year: i16,
    part: TextPart,
    body: &str,
) -> Result<(), Refusal> {
    to_write(tx, staff, agency, since_year).await?;
    let body = linked::as_template(&read(body)?);
    let now = tx.now_text();
    store::upsert_template(tx.conn(), &agency.id, part, since_year, &body, &staff.user_id, &now).await?;
    tx.record(Act::new(
        "reporting",
        "template_saved",
        &agency.id,
        &subject_of(&agency.id, since_year),
        json!({"part": part.code(), "characters": body.chars().count()}),
    ));
    Ok(())
}

async fn to_write(tx: &mut Tx, staff: &Staff, agency: &Agency, year: i16) -> Result<YearLedger, Refusal> {
    if !staff.may(Permission::CompileReport, &agency.id) {
        return refuse(Refusal::Forbidden);
    }
    let today = tx.today();
    if Period::of(year, today).is_none() {
        return refuse(Refusal::NoSuchYear(year));
    }
    match gather(tx.conn(), agency, year, today).await? {
        Some(ledger) => Ok(ledger),
        None => refuse(Refusal::NoSuchYear(year)),
    }
}

/// A text as it was typed, or everything against it.
fn read(body: &str) -> Result<String, Refusal> {
    let body = body.replace("\r\n", "\n").trim().to_owned();
    let mut reasons: Vec<Refusal> = linked::unknown(&body).into_iter().map(Refusal::UnknownFigure).collect();
    if body.chars().count() > LONGEST_TEXT {
        reasons.push(Refusal::TextTooLong { limit: LONGEST_TEXT });
    }
    unless_refused(reasons).map(|()| body)
}

async fn keep(
    tx: &mut Tx,
    staff: &Staff,
    ledger: &YearLedger,
    part: TextPart,
    body: &str,
) -> std::result::Result<(), Failure<Refusal>> {
    let (year, now) = (ledger.period.year, tx.now_text());
    store::upsert_text(tx.conn(), &ledger.agency.id, year, part, body, &staff.user_id, &now).await?;
    Ok(())
}
