//! Telling other systems what was published and withdrawn: in the order of the change log, signed, until they have it.

use anyhow::Context;
use jiff::Timestamp;
use serde_json::json;

use super::actions::check_name;
use super::{ConnectionRefusal as Refusal, Delivery, MOST, Outgoing, Webhook, store};
use crate::accounts::{Permission, Staff};
use crate::audit::{self, Act, Actor, Link};
use crate::db::{Conn, Db, Tx};
use crate::error::{Result, refuse, unless_refused};
use crate::jobs::{self, Kind};
use crate::open_data;
use crate::secrets;

/// Changes looked at in one go.
const BATCH: i64 = 500;

/// Makes a webhook of what an agency publishes from now on; returns the secret that signs what it is told.
pub async fn add(
    tx: &mut Tx,
    staff: &Staff,
    outgoing: Outgoing,
    agency_id: &str,
    name: &str,
    url: &str,
) -> Result<Webhook, Refusal> {
    if !staff.may(Permission::DraftEntries, agency_id) {
        return refuse(Refusal::Forbidden);
    }
    let mut reasons = Vec::new();
    check_name(&mut reasons, name);
    if let Err(reason) = outgoing.check(url.trim()) {
        reasons.push(reason);
    }
    let held = store::webhooks(tx.conn(), agency_id).await?;
    if held.iter().filter(|hook| hook.stopped_at.is_none()).count() >= MOST {
        reasons.push(Refusal::TooMany);
    }
    unless_refused(reasons)?;
    let hook = Webhook {
        id: tx.new_id(),
        agency_id: agency_id.to_owned(),
        name: name.trim().to_owned(),
        url: url.trim().to_owned(),
        secret: format!("whsec_{}", secrets::session_token()),
        followed: audit::position(tx.conn()).await?,
        created_at: tx.now_text(),
        stopped_at: None,
    };
    store::insert_webhook(tx.conn(), &hook, &staff.user_id).await?;
    let told = json!({"name": hook.name, "url": hook.url});
    tx.record(Act::new("connections", "webhook_added", agency_id, &hook.id, told));
    Ok(hook)
}

/// Ends a webhook; what it was told stays on record.
pub async fn stop(tx: &mut Tx, staff: &Staff, id: &str) -> Result<(), Refusal> {
    let hook = own(tx, staff, id).await?;
    let now = tx.now_text();
    store::stop_webhook(tx.conn(), id, &now).await?;
    tx.record(Act::new("connections", "webhook_stopped", &hook.agency_id, id, json!({"name": hook.name})));
    Ok(())
}

/// Tells a webhook something again.
pub async fn replay(tx: &mut Tx, staff: &Staff, delivery_id: &str) -> Result<Webhook, Refusal> {
    let Some(delivery) = store::delivery(tx.conn(), delivery_id).await? else {
        return refuse(Refusal::Missing);
    };
    let hook = own(tx, staff, &delivery.webhook_id).await?;
    let key = format!("webhook:{delivery_id}:{}", tx.new_id());
    let now = tx.now();
    jobs::actions::add(tx, Kind::DeliverWebhook, delivery_id, &key, now).await?;
    tx.record(Act::new(
        "connections",
        "webhook_replayed",
        &hook.agency_id,
        &hook.id,
        json!({"name": hook.name, "delivery": delivery_id}),
    ));
    Ok(hook)
}

/// A webhook that still runs, for someone who may change it.
async fn own(tx: &mut Tx, staff: &Staff, id: &str) -> Result<Webhook, Refusal> {
    let Some(hook) = store::webhook(tx.conn(), id).await? else { return refuse(Refusal::Missing) };
    if !staff.may(Permission::DraftEntries, &hook.agency_id) {
        return refuse(Refusal::Forbidden);
    }
    if hook.stopped_at.is_some() {
        return refuse(Refusal::Ended);
    }
    Ok(hook)
}

/// Notes for every webhook what has been published and withdrawn since it was told last. Each change is noted once,
/// however many processes look.
pub(crate) async fn follow(db: &Db, now: Timestamp) -> anyhow::Result<usize> {
    let mut conn = db.read().await?;
    let head = audit::position(&mut conn).await?;
    let behind = store::webhooks_behind(&mut conn, head).await?;
    let mut noted = 0;
    for hook in behind {
        let changes = audit::changes_after(&mut conn, hook.followed, BATCH).await?;
        let Some(last) = changes.last().map(|change| change.seq) else { continue };
        let mut tx = db.begin(&Actor::Program("webhooks"), now).await?;
        if !store::move_on(tx.conn(), &hook.id, hook.followed, last).await? {
            continue;
        }
        for change in changes.iter().filter(|change| is_told(change, &hook)) {
            if let Some(delivery) = delivery_of(&mut tx, &hook, change).await? {
                store::insert_delivery(tx.conn(), &delivery).await?;
                let key = format!("webhook:{}", delivery.id);
                jobs::actions::add(&mut tx, Kind::DeliverWebhook, &delivery.id, &key, now).await?;
                noted += 1;
            }
        }
        tx.commit_bookkeeping().await?;
    }
    Ok(noted)
}

fn is_told(change: &Link, hook: &Webhook) -> bool {
    change.room == "publishing"
        && matches!(change.act.as_str(), "released" | "withdrawn")
        && change.agency_id == hook.agency_id
}

/// What is told of a change: what is public of it now, and nothing else.
async fn delivery_of(tx: &mut Tx, hook: &Webhook, change: &Link) -> anyhow::Result<Option<Delivery>> {
    let found = open_data::public::change_of(tx.conn(), &change.subject_id).await?;
    let Some((index_number, agency_code, title, standing)) = found else { return Ok(None) };
    let event = if standing == "public" { "entry.published" } else { "entry.withdrawn" };
    let id = tx.new_id();
    let payload = json!({
        "id": id,
        "event": event,
        "sequence": change.seq,
        "occurred_at": change.at,
        "entry": {
            "index_number": index_number,
            "agency": agency_code,
            "title": if title.is_empty() { None } else { Some(title) },
            "page": format!("/entries/{index_number}"),
            "self": format!("/api/v1/entries/{index_number}"),
        },
    });
    Ok(Some(Delivery {
        id,
        webhook_id: hook.id.clone(),
        seq: change.seq,
        event: event.to_owned(),
        payload: payload.to_string(),
        created_at: tx.now_text(),
        attempts: 0,
        delivered_at: None,
        last_error: None,
    }))
}

/// Sends one delivery. The try is noted whether it succeeds or not; failing makes the job come back later.
pub(crate) async fn deliver(db: &Db, outgoing: Outgoing, id: &str, now: Timestamp) -> anyhow::Result<()> {
    let mut conn = db.read().await?;
    let Some((delivery, hook)) = with_hook(&mut conn, id).await? else { return Ok(()) };
    drop(conn);
    if hook.stopped_at.is_some() {
        return Ok(());
    }
    let sent = outgoing.post(&hook.url, &hook.secret, &delivery, now).await;
    let mut tx = db.begin(&Actor::Program("webhooks"), now).await?;
    let at = tx.now_text();
    let error = sent.as_ref().err().map(|error| format!("{error:#}"));
    let delivered_at = error.is_none().then_some(at.as_str());
    store::note_try(tx.conn(), id, delivered_at, error.as_deref()).await?;
    tx.commit_bookkeeping().await?;
    sent.with_context(|| format!("通知“{}”没有送达", hook.name))
}

async fn with_hook(conn: &mut Conn, id: &str) -> sqlx::Result<Option<(Delivery, Webhook)>> {
    let Some(delivery) = store::delivery(conn, id).await? else { return Ok(None) };
    let hook = store::webhook(conn, &delivery.webhook_id).await?;
    Ok(hook.map(|hook| (delivery, hook)))
}
