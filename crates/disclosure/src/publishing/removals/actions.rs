//! Finding the copies of what was withdrawn, asking platforms to delete theirs, confirming what a person did.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::{Removal, RemovalState, still_stands, store};
use crate::accounts::{Permission, Staff};
use crate::audit::{Act, Actor};
use crate::db::{Db, Tx};
use crate::error::{Result, refuse, unless_refused};
use crate::jobs;
use crate::publishing::official_accounts::{self, AccountError, Accounts};
use crate::publishing::postings::{PostingChannel, PostingRefusal as R};

/// The longest note.
const NOTE: usize = 200;

/// Asks for every copy of an entry to be taken back that nobody was asked about before. Does nothing while the entry is
/// public.
pub(crate) async fn plan(tx: &mut Tx, entry_id: &str) -> anyhow::Result<()> {
    if !store::is_withdrawn(tx.conn(), entry_id).await? {
        return Ok(());
    }
    let (today, now, now_text) = (tx.today(), tx.now(), tx.now_text());
    let mut copies = store::unplanned(tx.conn(), entry_id).await?;
    copies.retain(|one| still_stands(&one.channel, one.until_on.as_deref(), today));
    copies.extend(store::uncertain(tx.conn(), entry_id).await?);
    for one in copies {
        let id = tx.new_id();
        let state = if one.post_id.is_some() { RemovalState::Waiting } else { RemovalState::ByHand };
        let is_online = PostingChannel::from_code(&one.channel).is_some_and(PostingChannel::is_online);
        let failure = match (&one.post_id, is_online) {
            (Some(_), _) => "",
            (None, true) => "不是由本系统发布的，请到平台删除。",
            (None, false) => "请到现场撤下。",
        };
        store::insert(tx.conn(), &id, entry_id, &one, (state.code(), failure), &now_text).await?;
        if one.post_id.is_some() {
            let key = format!("removal:{id}");
            jobs::actions::add(tx, jobs::Kind::RemoveFromAccount, &id, &key, now).await?;
        }
        tx.record(Act::new(
            "publishing",
            "copy_removal_asked",
            &one.agency_id,
            entry_id,
            json!({"removal": id, "channel": one.channel, "link": one.link, "place": one.place,
                   "posting": one.posting_id, "state": state.code()}),
        ));
    }
    Ok(())
}

/// Asks the platform to delete its copy. What it does not delete becomes a person's task.
///
/// # Errors
/// The platform cannot be reached and this is not the last try: the job fails and is tried later.
pub(crate) async fn work_on(
    db: &Db,
    accounts: Option<&Arc<Accounts>>,
    id: &str,
    is_last_try: bool,
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut conn = db.read().await?;
    let removal = store::removal(&mut conn, id).await?;
    let Some(removal) = removal.filter(|one| one.state == RemovalState::Waiting.code()) else {
        return Ok(());
    };
    let post = match &removal.post_id {
        Some(post_id) => official_accounts::post(&mut conn, post_id).await?,
        None => None,
    };
    drop(conn);
    let channel = PostingChannel::from_code(&removal.channel);
    let (Some(post), Some(accounts), Some(channel)) = (post, accounts, channel) else {
        return by_hand(db, &removal, "没有配置这个账号的官方接口。", now).await;
    };
    let so_far = post.so_far()?;
    let accounts = accounts.clone();
    let asked = tokio::task::spawn_blocking(move || {
        accounts.find(&post.agency_code, channel).map(|account| account.remove(&so_far))
    });
    match asked.await? {
        None => by_hand(db, &removal, "这个账号已不在配置里。", now).await,
        Some(Ok(())) => {
            let mut tx = db.begin(&Actor::Program("official accounts"), now).await?;
            let at = tx.now_text();
            let state = RemovalState::Removed.code();
            store::set(tx.conn(), id, state, "", Some((&at, None, ""))).await?;
            tx.record(act("copy_removed", &removal, json!({"removal": id, "channel": removal.channel})));
            tx.commit().await?;
            Ok(())
        }
        Some(Err(AccountError::Refused(words))) => by_hand(db, &removal, &words, now).await,
        Some(Err(AccountError::Unreachable(words))) if is_last_try => {
            by_hand(db, &removal, &format!("多次请求，平台都没有回答（{words}）。"), now).await
        }
        Some(Err(AccountError::Unreachable(words))) => anyhow::bail!("{words}"),
    }
}

async fn by_hand(db: &Db, removal: &Removal, why: &str, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = db.begin(&Actor::Program("official accounts"), now).await?;
    store::set(tx.conn(), &removal.id, RemovalState::ByHand.code(), why, None).await?;
    let said = json!({"removal": removal.id, "channel": removal.channel, "failure": why});
    tx.record(act("copy_removal_refused", removal, said));
    tx.commit().await?;
    Ok(())
}

/// 确认已撤下 — by a person who looked.
pub async fn confirm(tx: &mut Tx, staff: &Staff, id: &str, note: &str) -> Result<(), R> {
    let Some(removal) = store::removal(tx.conn(), id).await? else { return refuse(R::Missing) };
    if !staff.may(Permission::DraftEntries, &removal.agency_id) {
        return refuse(R::Forbidden);
    }
    let note = note.trim();
    let mut reasons = Vec::new();
    if removal.state()?.is_done() {
        reasons.push(R::AlreadyTakenDown);
    }
    if note.chars().count() > NOTE {
        reasons.push(R::TooLong { field: "note", label: "说明", most: NOTE });
    }
    unless_refused(reasons)?;
    let at = tx.now_text();
    let (state, why) = (RemovalState::Confirmed.code(), &removal.failure);
    store::set(tx.conn(), id, state, why, Some((&at, Some(&staff.user_id), note))).await?;
    let said = json!({"removal": id, "channel": removal.channel, "link": removal.link, "place": removal.place, "note": note});
    tx.record(act("copy_removal_confirmed", &removal, said));
    Ok(())
}

fn act(act: &'static str, removal: &Removal, said: serde_json::Value) -> Act {
    Act::new("publishing", act, &removal.agency_id, &removal.entry_id, said)
}
