//! 代理审核 — who signs for whom while they are away. A deputy holds a signing role of their own, signs no second stage of
//! a case, and the signature says for whom it is; the database holds the period too.

mod store;
#[cfg(test)]
mod tests;

use jiff::{Timestamp, ToSpan};
use serde_json::json;

pub(super) use store::for_role;
pub use store::{Deputy, list};

use super::ReviewRefusal as R;
use crate::accounts::{Permission, Role, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Result, refuse, unless_refused};
use crate::time;

impl Deputy {
    /// Whether the deputy may sign at this moment.
    pub fn is_at(&self, now: Timestamp) -> bool {
        let now = time::stored(now);
        self.ended_at.is_none() && self.since_at <= now && now < self.until_at
    }
}

/// What is typed about a deputy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewDeputy {
    pub agency_id: String,
    /// Who is away.
    pub principal_id: String,
    pub deputy_id: String,
    /// Code of the role that is deputised.
    pub role: String,
    /// First and last day.
    pub since_on: String,
    pub until_on: String,
    pub reason: String,
}

/// Appoints a deputy: for oneself, or by the administrator.
pub async fn appoint(tx: &mut Tx, staff: &Staff, new: &NewDeputy) -> Result<String, R> {
    let is_own = staff.user_id == new.principal_id;
    if !is_own && !staff.may(Permission::ManageAccounts, &new.agency_id) {
        return refuse(R::Forbidden);
    }
    let mut reasons = Vec::new();
    let role = Role::from_code(&new.role).filter(|role| role.permissions().contains(&Permission::SignOff));
    let roles_of = |id: &str, roles: &[(String, String)]| -> Vec<String> {
        roles.iter().filter(|(person, _)| person == id).map(|(_, role)| role.clone()).collect()
    };
    let able = super::store::people_by_role(tx.conn(), &new.agency_id).await?;
    let (principal, deputy) = (roles_of(&new.principal_id, &able), roles_of(&new.deputy_id, &able));
    if role.is_none_or(|role| !principal.iter().any(|held| held == role.code())) {
        reasons.push(R::DeputyRole);
    }
    let signs = |held: &String| {
        Role::from_code(held).is_some_and(|role| role.permissions().contains(&Permission::SignOff))
    };
    if new.principal_id == new.deputy_id || !deputy.iter().any(signs) {
        reasons.push(R::DeputyPerson);
    }
    let day = |typed: &str| typed.trim().parse::<jiff::civil::Date>().ok();
    let (since, until) = (day(&new.since_on), day(&new.until_on));
    match (since, until) {
        (Some(since), Some(until)) if until < since || until < tx.today() => reasons.push(R::DeputyPeriod),
        (Some(since), Some(until)) if until > since.saturating_add(92.days()) => {
            reasons.push(R::DeputyTooLong);
        }
        (Some(_), Some(_)) => {}
        _ => reasons.push(R::DeputyPeriod),
    }
    let reason = new.reason.trim();
    if reason.is_empty() || reason.chars().count() > 100 {
        reasons.push(R::DeputyReason);
    }
    unless_refused(reasons)?;
    let (Some(role), Some(since), Some(until)) = (role, since, until) else {
        return refuse(R::DeputyPeriod);
    };
    let row = Deputy {
        id: tx.new_id(),
        agency_id: new.agency_id.clone(),
        principal_id: new.principal_id.clone(),
        principal_name: String::new(),
        deputy_id: new.deputy_id.clone(),
        deputy_name: String::new(),
        role: role.code().to_owned(),
        since_at: time::stored(time::start_of_day(since)),
        until_at: time::stored(time::start_of_day(until.saturating_add(1.days()))),
        reason: reason.to_owned(),
        ended_at: None,
    };
    let now = tx.now_text();
    store::insert(tx.conn(), &row, &staff.user_id, &now).await?;
    tx.record(Act::new(
        "review",
        "deputy_appointed",
        &new.agency_id,
        &new.principal_id,
        json!({"deputy": new.deputy_id, "role": role.code(), "since": since.to_string(),
               "until": until.to_string(), "reason": reason}),
    ));
    Ok(row.id)
}

/// Ends it before its last day.
pub async fn end(tx: &mut Tx, staff: &Staff, id: &str) -> Result<(), R> {
    let Some(deputy) = store::deputy(tx.conn(), id).await? else { return refuse(R::Missing) };
    let is_own = staff.user_id == deputy.principal_id;
    if !is_own && !staff.may(Permission::ManageAccounts, &deputy.agency_id) {
        return refuse(R::Forbidden);
    }
    let now = tx.now_text();
    store::set_ended(tx.conn(), id, &now).await?;
    tx.record(Act::new(
        "review",
        "deputy_ended",
        &deputy.agency_id,
        &deputy.principal_id,
        json!({"deputy": deputy.deputy_id, "role": deputy.role}),
    ));
    Ok(())
}
