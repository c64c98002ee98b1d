//! Making, filling and publishing issues.

use serde_json::json;

use super::{GazetteRefusal as R, Issue, keeps_one, store};
use crate::accounts::{self, Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Result, refuse};

/// Begins the next issue of this year; its number follows the last one. Returns its id.
pub async fn begin(tx: &mut Tx, staff: &Staff, agency_id: &str) -> Result<String, R> {
    if !staff.may(Permission::DraftEntries, agency_id) {
        return refuse(R::Forbidden);
    }
    let agency = accounts::agency(tx.conn(), agency_id).await?;
    if !agency.as_ref().is_some_and(keeps_one) {
        return refuse(R::KeepsNone);
    }
    let year = i64::from(tx.today().year());
    let number = tx.next_number(&format!("gazette/{agency_id}/{year}")).await?;
    let id = tx.new_id();
    let now = tx.now_text();
    store::insert(tx.conn(), &id, agency_id, (year, number), (&staff.user_id, &now)).await?;
    tx.record(Act::new("gazette", "begun", agency_id, &id, json!({"year": year, "number": number})));
    Ok(id)
}

/// Puts a public entry at the end of an issue, by its index number; from whichever agency it is.
pub async fn add(tx: &mut Tx, staff: &Staff, id: &str, index_number: &str) -> Result<(), R> {
    let issue = open_issue(tx, staff, id).await?;
    let index_number = index_number.trim();
    let Some(entry_id) = store::public_entry(tx.conn(), index_number).await? else {
        return refuse(R::NoSuchEntry { index_number: index_number.into() });
    };
    if store::items(tx.conn(), id).await?.iter().any(|item| item.entry_id == entry_id) {
        return refuse(R::AlreadyIn);
    }
    store::insert_item(tx.conn(), id, &entry_id).await?;
    tx.record(Act::new("gazette", "item_added", &issue.agency_id, id, json!({"entry": entry_id})));
    Ok(())
}

/// Takes an entry out of an issue that is not published yet.
pub async fn remove(tx: &mut Tx, staff: &Staff, id: &str, entry_id: &str) -> Result<(), R> {
    let issue = open_issue(tx, staff, id).await?;
    if !store::delete_item(tx.conn(), id, entry_id).await? {
        return refuse(R::NotIn);
    }
    tx.record(Act::new("gazette", "item_removed", &issue.agency_id, id, json!({"entry": entry_id})));
    Ok(())
}

/// 出刊 — from now on the issue is fixed and everyone reads it.
pub async fn publish(tx: &mut Tx, staff: &Staff, id: &str) -> Result<Issue, R> {
    let issue = open_issue(tx, staff, id).await?;
    let items = store::items(tx.conn(), id).await?;
    if !items.iter().any(|item| item.is_public == 1) {
        return refuse(R::Empty);
    }
    let today = tx.today().to_string();
    store::set_published(tx.conn(), id, &today).await?;
    tx.record(Act::new(
        "gazette",
        "published",
        &issue.agency_id,
        id,
        json!({"year": issue.year, "number": issue.number, "items": items.len()}),
    ));
    Ok(issue)
}

async fn open_issue(tx: &mut Tx, staff: &Staff, id: &str) -> Result<Issue, R> {
    let Some(issue) = store::issue(tx.conn(), id).await? else { return refuse(R::Missing) };
    if !staff.may(Permission::DraftEntries, &issue.agency_id) {
        return refuse(R::Forbidden);
    }
    if issue.published_on.is_some() { refuse(R::Published) } else { Ok(issue) }
}
