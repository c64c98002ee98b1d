//! Setting the rule, giving numbers, keeping some back.

use serde_json::json;

use super::{IndexRefusal as R, Pattern, USUAL, store};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::{Tx, is_taken};
use crate::error::{Failure, Result, refuse, unless_refused};

/// The most numbers that are kept back at once.
const MOST_RESERVED: i64 = 50;

/// Sets the rule of an agency from a day on. Numbers that were given stay as they are.
pub async fn set_rule(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    pattern: &str,
    since_on: &str,
) -> Result<(), R> {
    if !staff.may(Permission::KeepCatalogue, agency_id) {
        return refuse(R::Forbidden);
    }
    let mut reasons = Pattern::read(pattern).err().unwrap_or_default();
    match since_on.trim().parse::<jiff::civil::Date>() {
        Err(_) => reasons.push(R::SinceUnreadable),
        Ok(day) if day < tx.today() => reasons.push(R::SincePast),
        Ok(_) => {}
    }
    unless_refused(reasons)?;
    let (id, now) = (tx.new_id(), tx.now_text());
    let (pattern, since_on) = (pattern.trim(), since_on.trim());
    match store::insert_rule(tx.conn(), &id, agency_id, (pattern, since_on), &staff.user_id, &now).await {
        Err(e) if is_taken(&e) => return refuse(R::SinceTaken),
        other => other?,
    }
    tx.record(Act::new(
        "publishing",
        "index_rule_set",
        agency_id,
        agency_id,
        json!({"pattern": pattern, "since_on": since_on}),
    ));
    Ok(())
}

/// 预留 — keeps numbers back for what is no entry, with the reason; they are never given again.
pub async fn reserve(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    count: Option<i64>,
    reason: &str,
) -> Result<Vec<String>, R> {
    if !staff.may(Permission::DraftEntries, agency_id) {
        return refuse(R::Forbidden);
    }
    let mut reasons = Vec::new();
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 200 {
        reasons.push(R::ReasonMissing);
    }
    let count = count.filter(|count| (1..=MOST_RESERVED).contains(count));
    if count.is_none() {
        reasons.push(R::Count { most: MOST_RESERVED });
    }
    unless_refused(reasons)?;
    let mut numbers = Vec::new();
    for _ in 0..count.unwrap_or_default() {
        numbers.push(next(tx, agency_id, "", None, "", reason).await?);
    }
    tx.record(Act::new(
        "publishing",
        "index_numbers_reserved",
        agency_id,
        agency_id,
        json!({"numbers": numbers, "reason": reason}),
    ));
    Ok(numbers)
}

/// 预先编号 — gives a draft the number it will be published under, so that it can be printed on it.
pub async fn number_draft(tx: &mut Tx, staff: &Staff, entry_id: &str) -> Result<String, R> {
    let Some(entry) = store::entry(tx.conn(), entry_id).await? else { return refuse(R::Missing) };
    if !staff.may(Permission::DraftEntries, &entry.agency_id) {
        return refuse(R::Forbidden);
    }
    if let Some(number) = entry.number {
        return refuse(R::Numbered(number));
    }
    let number =
        next(tx, &entry.agency_id, &entry.line_code, Some(entry_id), &entry.title, "预先编号").await?;
    tx.record(Act::new(
        "publishing",
        "index_number_given",
        &entry.agency_id,
        entry_id,
        json!({"index_number": number}),
    ));
    Ok(number)
}

/// The number an entry goes out under: the one it has, or the next.
pub(crate) async fn for_release(tx: &mut Tx, entry_id: &str) -> anyhow::Result<String> {
    let Some(entry) = store::entry(tx.conn(), entry_id).await? else {
        anyhow::bail!("entry {entry_id} is gone")
    };
    if let Some(number) = entry.number {
        return Ok(number);
    }
    match next(tx, &entry.agency_id, &entry.line_code, Some(entry_id), &entry.title, "").await {
        Ok(number) => Ok(number),
        Err(Failure::Unexpected(error)) => Err(error),
        Err(Failure::Refused(reasons)) => anyhow::bail!("no number: {reasons:?}"),
    }
}

async fn next(
    tx: &mut Tx,
    agency_id: &str,
    line_code: &str,
    entry_id: Option<&str>,
    title: &str,
    reason: &str,
) -> Result<String, R> {
    let today = tx.today();
    let rule = store::rule_on(tx.conn(), agency_id, &today.to_string()).await?;
    let text = rule.as_ref().map_or(USUAL, |rule| rule.pattern.as_str());
    let pattern = Pattern::read(text).map_err(Failure::Refused)?;
    let mut place = store::place(tx.conn(), agency_id).await?;
    line_code.clone_into(&mut place.line_code);
    if place.line_code.is_empty() {
        "0".clone_into(&mut place.line_code);
    }
    let scope = pattern.scope(&place, today);
    let (serial, number) = loop {
        let serial = tx.next_number(&scope).await?;
        let number = pattern.number(&place, today, serial);
        // Another rule may have led to the same number once.
        if !store::is_given(tx.conn(), &number).await? {
            break (serial, number);
        }
    };
    let by = tx.by().id().to_owned();
    let now = tx.now_text();
    let row = store::NewNumber {
        number: &number,
        scope: &scope,
        serial,
        agency_id,
        entry_id,
        title,
        reason,
        given_by: &by,
        given_at: &now,
    };
    store::insert_number(tx.conn(), &row).await?;
    Ok(number)
}
