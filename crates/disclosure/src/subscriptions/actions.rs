//! Asking, confirming, ending, and telling.

use std::collections::HashMap;

use serde_json::json;

use super::{MOST, MOST_WAITING, SHOWN, Subscription, SubscriptionRefusal as Refusal, store};
use crate::audit::{self, Act};
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};
use crate::search::{News, Query};
use crate::{mail, secrets};

/// What someone asks for.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    pub email: String,
    pub query: Query,
    /// Where the search stands on the portal.
    pub address: String,
    pub words: String,
    /// `https://…`.
    pub site: String,
}

/// Takes a wish and sends the letter that must be answered first. What is subscribed already is not sent again; the answer is the same,
/// so that no one learns from it what others have subscribed.
pub async fn ask(tx: &mut Tx, wish: &Wish) -> Result<(), Refusal> {
    let email = wish.email.trim().to_lowercase();
    let mut reasons = Vec::new();
    if !is_address(&email) {
        reasons.push(Refusal::EmailUnreadable);
    }
    let Query { limit, order, ref within, .. } = wish.query;
    if wish.query == (Query { limit, order, within: within.clone(), ..Query::default() }) {
        reasons.push(Refusal::NothingToSearch);
    }
    if !reasons.is_empty() {
        return Err(Failure::Refused(reasons));
    }
    let keys = tx.keys().clone();
    let email_match = keys.matching("subscriber", &email).map_err(anyhow::Error::from)?;
    let present = store::matching(tx.conn(), &email_match).await?;
    let is_same = |one: &Subscription| one.address == wish.address && one.site == wish.site;
    if present.iter().any(|one| is_same(one) && one.confirmed_at.is_some()) {
        return Ok(());
    }
    let waiting = present.iter().filter(|one| one.confirmed_at.is_none()).count();
    if i64::try_from(waiting).unwrap_or(i64::MAX) >= MOST_WAITING {
        return refuse(Refusal::TooManyWaiting);
    }
    if i64::try_from(present.len()).unwrap_or(i64::MAX) >= MOST {
        return refuse(Refusal::TooMany);
    }
    let id = tx.new_id();
    let one = Subscription {
        email: keys.seal_text(&Subscription::place(&id), &email).map_err(anyhow::Error::from)?,
        id,
        query: serde_json::to_string(&Query { offset: 0, limit: SHOWN, ..wish.query.clone() })
            .map_err(anyhow::Error::from)?,
        address: wish.address.clone(),
        words: wish.words.clone(),
        site: wish.site.clone(),
        token: secrets::session_token(),
        confirmed_at: None,
        told_to: audit::position(tx.conn()).await?,
    };
    let now = tx.now_text();
    store::insert(tx.conn(), &one, &email_match, &now).await?;
    let text = format!(
        "您好：\n\n有人（应该是您）在我们的网站用这个邮箱订阅了检索“{}”。确认订阅请打开：\n{}\n\n不是您订阅的，不必理会，三天后这项订阅自动作废。\n",
        one.words,
        one.link()
    );
    mail::actions::post_to_subscriber(tx, &one.id, "请确认订阅", &text).await?;
    tx.record(Act::new("subscriptions", "asked", "", &one.id, json!({})));
    Ok(())
}

/// Confirms from the mailbox; a second time changes nothing.
pub async fn confirm(tx: &mut Tx, token: &str) -> Result<(), Refusal> {
    let Some(one) = store::by_token(tx.conn(), token).await? else { return refuse(Refusal::Missing) };
    if one.confirmed_at.is_none() {
        let now = tx.now_text();
        store::update_confirmed(tx.conn(), &one.id, &now).await?;
    }
    tx.record(Act::new("subscriptions", "confirmed", "", &one.id, json!({})));
    Ok(())
}

/// Ends a subscription; nothing is kept of it.
pub async fn end(tx: &mut Tx, token: &str) -> Result<(), Refusal> {
    let Some(one) = store::by_token(tx.conn(), token).await? else { return refuse(Refusal::Missing) };
    forget(tx, &one.id).await?;
    tx.record(Act::new("subscriptions", "ended", "", &one.id, json!({})));
    Ok(())
}

/// Also the letters that were written under it, sent or not.
async fn forget(tx: &mut Tx, id: &str) -> sqlx::Result<()> {
    mail::store::delete_of_subscription(tx.conn(), id).await?;
    store::delete(tx.conn(), id).await
}

/// Tells everyone what has come new under their search since they were told last, and drops what was never confirmed. Returns how many
/// letters were posted.
pub async fn tell(tx: &mut Tx) -> anyhow::Result<usize> {
    let stale = crate::time::stored(tx.now() - jiff::SignedDuration::from_hours(72));
    for id in store::unconfirmed(tx.conn(), &stale).await? {
        forget(tx, &id).await?;
    }
    let head = audit::position(tx.conn()).await?;
    let mut by_position: HashMap<i64, Vec<Subscription>> = HashMap::new();
    for one in store::confirmed_before(tx.conn(), head).await? {
        by_position.entry(one.told_to).or_default().push(one);
    }
    let mut posted = 0;
    for (position, group) in by_position {
        let news = News::since(tx.conn(), position, head).await?;
        for one in group {
            let Ok(query) = serde_json::from_str::<Query>(&one.query) else { continue };
            let (total, rows) = news.find(tx.conn(), &query).await?;
            if total > 0 {
                let text = letter(&one, total, &rows);
                mail::actions::post_to_subscriber(tx, &one.id, "您订阅的检索有新公开的信息", &text).await?;
                posted += 1;
            }
            store::update_told(tx.conn(), &one.id, head).await?;
        }
    }
    Ok(posted)
}

fn letter(one: &Subscription, total: u64, rows: &[crate::search::Row]) -> String {
    let mut text = format!("您订阅的检索“{}”有 {total} 条新公开或者更新的信息：\n\n", one.words);
    for row in rows {
        text.push_str(&format!(
            "{}\n{}　{}\n{}/entries/{}\n\n",
            row.title, row.agency_name, row.made_on, one.site, row.index_number
        ));
    }
    if total > rows.len() as u64 {
        text.push_str(&format!("其余的请在网站查看：\n{}{}\n\n", one.site, one.address));
    }
    text.push_str(&format!("——\n不再接收请打开下面的地址退订：\n{}\n", one.link()));
    text
}

/// 更换密钥 — seals again, with the key in use, what older keys hold. As many as `most` at a time; returns how many.
pub async fn seal_again(tx: &mut Tx, most: i64) -> anyhow::Result<usize> {
    let keys = tx.keys().clone();
    let (active, _) = keys.ids()?;
    let old = store::sealed_otherwise(tx.conn(), &active, most).await?;
    for one in &old {
        let sealed = keys.seal_text(&Subscription::place(&one.id), &one.address_opened(&keys)?)?;
        store::update_email(tx.conn(), &one.id, &sealed).await?;
    }
    if !old.is_empty() {
        let detail = json!({"key": active, "values": old.len()});
        tx.record(Act::new("privacy", "sealed_again", "", "", detail));
    }
    Ok(old.len())
}

/// Good enough to write to; whether it is someone's, the answer from there tells.
fn is_address(email: &str) -> bool {
    let Some((name, host)) = email.split_once('@') else { return false };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    !name.is_empty()
        && email.len() <= 254
        && name.chars().all(is_plain)
        && host.contains('.')
        && host.split('.').all(|part| !part.is_empty())
        && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
}
