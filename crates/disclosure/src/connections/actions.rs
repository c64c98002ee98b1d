//! Letting systems in, and taking drafts from them.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{Admitted, ConnectionRefusal as Refusal, LONGEST_DAYS, MOST, Scope, TOKEN_START, store};
use crate::accounts::{self, Permission, Staff};
use crate::audit::Act;
use crate::db::{Conn, Tx};
use crate::error::{Result, refuse, unless_refused};
use crate::secrets;
use crate::time::stored;

/// What is asked for when a token is made.
#[derive(Clone, Debug, Default)]
pub struct NewToken {
    pub agency_id: String,
    pub name: String,
    /// Codes of [`Scope`].
    pub scopes: Vec<String>,
    pub days: Option<i64>,
}

pub(super) fn check_name(reasons: &mut Vec<Refusal>, name: &str) {
    match name.trim().chars().count() {
        0 => reasons.push(Refusal::NameMissing),
        1..=60 => {}
        _ => reasons.push(Refusal::NameTooLong),
    }
}

/// Makes a token and returns it: the only time that anyone sees it.
///
/// # Errors
/// All reasons at once.
pub async fn make_token(tx: &mut Tx, staff: &Staff, new: NewToken) -> Result<String, Refusal> {
    if !staff.may(Permission::DraftEntries, &new.agency_id) {
        return refuse(Refusal::Forbidden);
    }
    let mut reasons = Vec::new();
    check_name(&mut reasons, &new.name);
    let mut scopes: Vec<&str> =
        new.scopes.iter().filter_map(|code| Scope::from_code(code)).map(|scope| scope.code()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() || scopes.len() != new.scopes.len() {
        reasons.push(Refusal::NoScope);
    }
    let days = new.days.filter(|days| (1..=LONGEST_DAYS).contains(days));
    if days.is_none() {
        reasons.push(Refusal::DaysOutOfRange);
    }
    let now = tx.now_text();
    let held = store::tokens(tx.conn(), &new.agency_id).await?;
    if held.iter().filter(|t| t.revoked_at.is_none() && t.expires_at > now).count() >= MOST {
        reasons.push(Refusal::TooMany);
    }
    unless_refused(reasons)?;
    let token = format!("{TOKEN_START}{}", secrets::session_token());
    let expires_at = stored(tx.now() + SignedDuration::from_hours(24 * days.unwrap_or(1)));
    let (id, scopes, name) = (tx.new_id(), scopes.join(" "), new.name.trim().to_owned());
    let hint: String = token.chars().take(TOKEN_START.len() + 6).collect();
    let row = store::TokenRow {
        id: &id,
        agency_id: &new.agency_id,
        name: &name,
        token_hash: &secrets::digest(&token),
        hint: &hint,
        scopes: &scopes,
        user_id: &staff.user_id,
        created_at: &now,
        expires_at: &expires_at,
    };
    store::insert_token(tx.conn(), &row).await?;
    tx.record(Act::new(
        "connections",
        "token_made",
        &new.agency_id,
        &id,
        json!({"name": name, "hint": hint, "scopes": scopes, "expires_at": expires_at}),
    ));
    Ok(token)
}

/// Revokes a token at once. Those who draft at the agency may, and those who keep its accounts.
pub async fn revoke_token(tx: &mut Tx, staff: &Staff, id: &str) -> Result<(), Refusal> {
    let Some(token) = store::token(tx.conn(), id).await? else { return refuse(Refusal::Missing) };
    let may = [Permission::DraftEntries, Permission::ManageAccounts];
    if !may.into_iter().any(|permission| staff.may(permission, &token.agency_id)) {
        return refuse(Refusal::Forbidden);
    }
    if token.revoked_at.is_some() {
        return refuse(Refusal::Ended);
    }
    let now = tx.now_text();
    store::revoke_token(tx.conn(), id, &now, &staff.user_id).await?;
    tx.record(Act::new(
        "connections",
        "token_revoked",
        &token.agency_id,
        id,
        json!({"name": token.name, "hint": token.hint}),
    ));
    Ok(())
}

/// The system behind a token that is in force, and the person who answers for it. A person whose account is stopped
/// answers for nothing.
pub async fn admit(conn: &mut Conn, token: &str, now: Timestamp) -> anyhow::Result<Option<Admitted>> {
    if !token.starts_with(TOKEN_START) {
        return Ok(None);
    }
    let token = store::token_in_force(conn, &secrets::digest(token), &stored(now)).await?;
    let Some(token) = token else { return Ok(None) };
    let staff = accounts::staff(conn, &token.user_id).await?;
    Ok(staff.map(|staff| Admitted { token, staff }))
}

/// Keeps the answer to a request under its key, in the transaction of what it did.
pub async fn keep_answer(
    tx: &mut Tx,
    admitted: &Admitted,
    key: &str,
    request_hash: &str,
    status: u16,
    answer: &str,
) -> sqlx::Result<()> {
    let now = tx.now_text();
    let token = &admitted.token.id;
    store::insert_answer(tx.conn(), (token, key), request_hash, i64::from(status), answer, &now).await?;
    store::note_use(tx.conn(), token, &now).await
}

/// Notes that a draft came from a system.
pub fn note_draft(tx: &mut Tx, admitted: &Admitted, entry_id: &str, key: &str) {
    let token = &admitted.token;
    tx.record(Act::new(
        "connections",
        "draft_received",
        &token.agency_id,
        entry_id,
        json!({"token": token.id, "system": token.name, "idempotency_key": key}),
    ));
}
