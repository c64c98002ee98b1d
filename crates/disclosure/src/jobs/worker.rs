//! The loop that does the jobs. It runs beside the web server, or alone as `gongkai work`.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Job, Kind, TRIES, actions, reminders};
use crate::audit::Actor;
use crate::connections::{Outgoing, webhooks};
use crate::db::Db;
use crate::mail::{self, PostOffice};
use crate::publishing::official_accounts::{self, Accounts};
use crate::publishing::removals;
use crate::{privacy, publicity, publishing, registers, reporting, subscriptions, time};

/// Jobs claimed at a time.
const BATCH: i64 = 5;
/// How often to look for jobs when there are none.
const PAUSE: Duration = Duration::from_secs(2);
/// When a job that lacks its means — no mail server is configured — is looked at again.
const UNTIL_MEANS: SignedDuration = SignedDuration::from_mins(10);

/// What jobs are done with.
#[derive(Clone)]
pub struct Workshop {
    pub db: Db,
    /// `None`: no mail server is configured, letters stay in the outbox.
    pub post_office: Option<Arc<PostOffice>>,
    /// `None`: no official account is configured.
    pub accounts: Option<Arc<Accounts>>,
    /// Where webhooks may lead.
    pub outgoing: Outgoing,
}

/// How one job went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// What it needs is not configured.
    Postponed,
    Failed(String),
}

/// Works until `stop` resolves; the job in hand is finished first.
pub async fn work(workshop: Workshop, clock: impl Fn() -> Timestamp, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    loop {
        let done = match run_due(&workshop, clock()).await {
            Ok(outcomes) => outcomes.len(),
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "jobs could not be looked at");
                0
            }
        };
        let pause = if done == 0 { PAUSE } else { Duration::ZERO };
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Claims and does one batch of jobs that are due; returns how each went.
pub async fn run_due(workshop: &Workshop, now: Timestamp) -> anyhow::Result<Vec<Outcome>> {
    actions::set_timers(&workshop.db, now).await?;
    webhooks::follow(&workshop.db, now).await?;
    let mut outcomes = Vec::new();
    for job in actions::claim(&workshop.db, now, BATCH).await? {
        // On a task of its own: a job that panics fails like any other.
        let (shop, claimed) = (workshop.clone(), job.clone());
        let done = tokio::spawn(async move { perform(&shop, &claimed, now).await }).await;
        let outcome = match done.map_err(anyhow::Error::from).and_then(|result| result) {
            Ok(outcome) => outcome,
            Err(error) => Outcome::Failed(format!("{error:#}")),
        };
        match &outcome {
            Outcome::Done => tracing::debug!(job.id, job.kind, "job done"),
            Outcome::Postponed => actions::postpone(&workshop.db, &job, now, now + UNTIL_MEANS).await?,
            Outcome::Failed(error) => {
                tracing::warn!(job.id, job.kind, job.attempts, error, "job failed");
                actions::fail(&workshop.db, &job, error, now).await?;
            }
        }
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

/// Does one job and marks it done.
async fn perform(workshop: &Workshop, job: &Job, now: Timestamp) -> anyhow::Result<Outcome> {
    let db = &workshop.db;
    match Kind::from_code(&job.kind) {
        Some(Kind::RemindHandlers) => {
            let mut tx = db.begin(&Actor::Program("reminders"), now).await?;
            reminders::post(&mut tx, time::date(&job.payload)?).await?;
            actions::finish(tx, job).await?;
        }
        Some(Kind::FreezeYear) => {
            let mut tx = db.begin(&Actor::Program("year end"), now).await?;
            reporting::actions::freeze_all(&mut tx, job.payload.parse()?).await?;
            actions::finish(tx, job).await?;
        }
        Some(Kind::EndPeriods) => {
            let mut tx = db.begin(&Actor::Program("periods"), now).await?;
            publicity::actions::end_expired(&mut tx).await?;
            registers::documents::lapse_expired(&mut tx).await?;
            actions::finish(tx, job).await?;
        }
        Some(Kind::TellSubscribers) => {
            let mut tx = db.begin(&Actor::Program("subscriptions"), now).await?;
            subscriptions::actions::tell(&mut tx).await?;
            actions::finish(tx, job).await?;
        }
        Some(Kind::ReleaseEdition) => {
            let mut tx = db.begin(&Actor::Program("publishing"), now).await?;
            publishing::schedule::release_due(&mut tx, &job.payload).await?;
            actions::finish(tx, job).await?;
        }
        Some(Kind::PostToAccount) => {
            let Some(accounts) = &workshop.accounts else { return Ok(Outcome::Postponed) };
            let turn = official_accounts::actions::work_on(db, accounts, &job.payload, now).await?;
            if turn == official_accounts::actions::Turn::Goes {
                return Ok(Outcome::Postponed);
            }
            let tx = db.begin(&Actor::Program("official accounts"), now).await?;
            actions::finish(tx, job).await?;
        }
        Some(Kind::DeliverWebhook) => {
            webhooks::deliver(db, workshop.outgoing, &job.payload, now).await?;
            actions::finish(db.begin(&Actor::Program("webhooks"), now).await?, job).await?;
        }
        Some(Kind::RemoveFromAccount) => {
            let (accounts, is_last_try) = (workshop.accounts.as_ref(), job.attempts >= TRIES);
            removals::actions::work_on(db, accounts, &job.payload, is_last_try, now).await?;
            let tx = db.begin(&Actor::Program("official accounts"), now).await?;
            actions::finish(tx, job).await?;
        }
        Some(Kind::DeliverMail) => {
            let letter = mail::letter(&mut *db.read().await?, &job.payload).await?;
            let mut unsent = letter.filter(|l| l.sent_at.is_none());
            if let Some(letter) = &mut unsent {
                subscriptions::address(&mut *db.read().await?, db.keys(), letter).await?;
                privacy::address(&mut *db.read().await?, db.keys(), letter).await?;
            }
            // What was written to an applicant whose address was destroyed goes to nobody.
            unsent.take_if(|letter| letter.recipient.is_empty());
            if let Some(letter) = &unsent {
                let Some(post_office) = &workshop.post_office else { return Ok(Outcome::Postponed) };
                post_office.deliver(letter).await?;
            }
            let mut tx = db.begin(&Actor::Program("mail"), now).await?;
            if let Some(letter) = &unsent {
                mail::actions::note_sent(&mut tx, letter).await?;
            }
            actions::finish(tx, job).await?;
        }
        None => anyhow::bail!("本程序不认识任务“{}”，它可能由更新的版本建立", job.kind),
    }
    Ok(Outcome::Done)
}
