//! Asking for a publication on an account, and doing it step by step.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::{AccountError, AccountPost, Accounts, Article, Progress, article, store};
use crate::accounts::{Permission, Staff};
use crate::audit::{Act, Actor};
use crate::db::{Db, Tx};
use crate::error::{Result, refuse};
use crate::jobs;
use crate::publishing::PublishingRefusal as R;
use crate::publishing::postings::{self, PostingChannel};
use crate::publishing::removals;

/// How often a platform that is still at it is asked before the job waits its turn again.
const LOOKS: usize = 4;
/// Between two looks.
const BETWEEN: Duration = Duration::from_secs(2);

/// 发布到政务新媒体 — asks for it; a job does it.
pub async fn ask(
    tx: &mut Tx,
    staff: &Staff,
    accounts: &Accounts,
    entry_id: &str,
    channel: &str,
) -> Result<String, R> {
    let Some((edition_id, agency_id, agency_code, title)) = store::live(tx.conn(), entry_id).await? else {
        return refuse(R::NotReleased);
    };
    if !staff.may(Permission::DraftEntries, &agency_id) {
        return refuse(R::Forbidden);
    }
    let channel = PostingChannel::from_code(channel);
    let Some(channel) = channel.filter(|channel| accounts.find(&agency_code, *channel).is_some()) else {
        return refuse(R::NoAccount);
    };
    if store::is_asked(tx.conn(), &edition_id, channel.code()).await? {
        return refuse(R::AccountAsked { label: channel.label() });
    }
    let (id, now_text, now) = (tx.new_id(), tx.now_text(), tx.now());
    let progress = serde_json::to_string(&Progress::Nothing).map_err(anyhow::Error::from)?;
    let row = store::NewPost {
        id: &id,
        entry_id,
        edition_id: &edition_id,
        agency_id: &agency_id,
        channel: channel.code(),
        progress: &progress,
        asked_by: &staff.user_id,
        now: &now_text,
    };
    store::insert(tx.conn(), &row).await?;
    jobs::actions::add(tx, jobs::Kind::PostToAccount, &id, &format!("account:{id}"), now).await?;
    tx.record(Act::new(
        "publishing",
        "account_post_asked",
        &agency_id,
        entry_id,
        json!({"post": id, "edition": edition_id, "channel": channel.code(), "title": title}),
    ));
    Ok(id)
}

/// How a post stands after this turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Published, or refused for good: nothing more to do.
    Ended,
    /// The platform is still at it.
    Goes,
}

/// Goes as far as the platform lets it now. Every confirmed step is committed before the next.
///
/// # Errors
/// The platform cannot be reached and the step may be done again: the job fails and is tried later.
pub(crate) async fn work_on(
    db: &Db,
    accounts: &Arc<Accounts>,
    post_id: &str,
    now: Timestamp,
) -> anyhow::Result<Turn> {
    let post = store::post(&mut *db.read().await?, post_id).await?;
    let Some(post) = post.filter(|post| matches!(post.state.as_str(), "waiting" | "sending")) else {
        return Ok(Turn::Ended);
    };
    let Some(channel) = PostingChannel::from_code(&post.channel) else {
        anyhow::bail!("stored channel {:?}", post.channel)
    };
    let Some(account) = accounts.find(&post.agency_code, channel) else {
        end(db, &post, "failed", "这个账号已不在配置里，没有发布。", now).await?;
        return Ok(Turn::Ended);
    };
    let may_repeat = account.may_repeat();
    let mut so_far = post.so_far()?;
    if post.state == "sending" && !may_repeat {
        let words = "发送途中程序中断，不能确定是否已经发出。请到账号里核对：已经发出的，登记一次渠道发布。";
        end(db, &post, "uncertain", words, now).await?;
        return Ok(Turn::Ended);
    }
    let mut conn = db.read().await?;
    let article = article::of_entry(&mut conn, &accounts.files, &post.entry_id, &accounts.portal).await?;
    drop(conn);
    let Some(article) = article else {
        // What the platform was already at may still appear there.
        let (state, words) = match so_far {
            Progress::Submitted { .. } => ("uncertain", "提交平台发布以后，信息撤回了。"),
            _ => ("failed", "信息已不对外公开，没有发布。"),
        };
        end(db, &post, state, words, now).await?;
        return Ok(Turn::Ended);
    };
    let article = Arc::new(article);
    note(db, &post, "sending", &so_far, now).await?;
    let mut looks = 0;
    loop {
        match step(accounts, channel, &article, &so_far).await? {
            Ok(done @ Progress::Published { .. }) => {
                published(db, &post, &article, &done, now).await?;
                return Ok(Turn::Ended);
            }
            Ok(next) if next == so_far => {
                looks += 1;
                if looks >= LOOKS {
                    return Ok(Turn::Goes);
                }
                tokio::time::sleep(BETWEEN).await;
            }
            Ok(next) => {
                so_far = next;
                note(db, &post, "sending", &so_far, now).await?;
            }
            Err(AccountError::Refused(words)) => {
                end(db, &post, "failed", &words, now).await?;
                return Ok(Turn::Ended);
            }
            Err(AccountError::Unreachable(words)) if may_repeat => anyhow::bail!("{words}"),
            Err(AccountError::Unreachable(words)) => {
                let words = format!(
                    "没有得到平台的回答（{words}），不能确定是否已经发出。请到账号里核对：已经发出的，登记一次渠道发布。"
                );
                end(db, &post, "uncertain", &words, now).await?;
                return Ok(Turn::Ended);
            }
        }
    }
}

/// One step, off the threads that answer.
async fn step(
    accounts: &Arc<Accounts>,
    channel: PostingChannel,
    article: &Arc<Article>,
    so_far: &Progress,
) -> anyhow::Result<std::result::Result<Progress, AccountError>> {
    let (accounts, article, so_far) = (accounts.clone(), article.clone(), so_far.clone());
    let done = tokio::task::spawn_blocking(move || match accounts.find(&article.agency_code, channel) {
        Some(account) => account.advance(&article, &so_far),
        None => Err(AccountError::Refused("这个账号已不在配置里。".into())),
    });
    Ok(done.await?)
}

/// Keeps how far it has come.
async fn note(
    db: &Db,
    post: &AccountPost,
    state: &str,
    so_far: &Progress,
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut tx = db.begin(&Actor::Program("official accounts"), now).await?;
    let progress = serde_json::to_string(so_far)?;
    let at = tx.now_text();
    store::set(tx.conn(), &post.id, state, (&progress, "", ""), &at).await?;
    tx.commit_bookkeeping().await?;
    Ok(())
}

async fn end(db: &Db, post: &AccountPost, state: &str, words: &str, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = db.begin(&Actor::Program("official accounts"), now).await?;
    let at = tx.now_text();
    store::set(tx.conn(), &post.id, state, (&post.progress, "", words), &at).await?;
    tx.record(Act::new(
        "publishing",
        "account_post_failed",
        &post.agency_id,
        &post.entry_id,
        json!({"post": post.id, "channel": post.channel, "state": state, "failure": words}),
    ));
    removals::actions::plan(&mut tx, &post.entry_id).await?;
    tx.commit().await?;
    Ok(())
}

/// It is out: a posting with its link, by the person who asked for it.
async fn published(
    db: &Db,
    post: &AccountPost,
    article: &Article,
    done: &Progress,
    now: Timestamp,
) -> anyhow::Result<()> {
    let Progress::Published { link, .. } = done else { anyhow::bail!("not published: {done:?}") };
    let mut tx = db.begin(&Actor::Program("official accounts"), now).await?;
    let at = tx.now_text();
    let progress = serde_json::to_string(done)?;
    store::set(tx.conn(), &post.id, "published", (&progress, link, ""), &at).await?;
    let posting = postings::actions::by_account(&mut tx, post, &article.title, link).await?;
    tx.record(Act::new(
        "publishing",
        "posted",
        &post.agency_id,
        &post.entry_id,
        json!({"posting": posting, "post": post.id, "channel": post.channel, "title": article.title, "link": link}),
    ));
    // It was withdrawn while the platform was at it.
    removals::actions::plan(&mut tx, &post.entry_id).await?;
    tx.commit().await?;
    Ok(())
}
