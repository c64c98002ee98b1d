//! Adding jobs, claiming them, and saying how they went.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::{CLAIM, Job, Kind, TRIES, pause_after, store};
use crate::audit::Actor;
use crate::db::{Db, Tx};
use crate::time;

/// Who claims and reschedules.
const BOOKKEEPER: Actor = Actor::Program("jobs");

/// The hour in China at which a working day's reminders go out.
const REMINDER_HOUR: SignedDuration = SignedDuration::from_hours(7);

/// How long after the turn of the year its figures are frozen.
const AFTER_MIDNIGHT: SignedDuration = SignedDuration::from_mins(10);

/// How long jobs that are done are kept, to be looked at.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Adds a job to the caller's change. With a key that exists already nothing happens: a timer exists
/// once, whoever sets it.
pub async fn add(tx: &mut Tx, kind: Kind, payload: &str, key: &str, run_at: Timestamp) -> sqlx::Result<()> {
    let (id, now) = (tx.new_id(), tx.now_text());
    store::insert(tx.conn(), &id, kind.code(), payload, key, &time::stored(run_at), &now).await
}

/// Sets today's timers. Every process does, as often as it likes.
pub(super) async fn set_timers(db: &Db, now: Timestamp) -> anyhow::Result<()> {
    let today: Date = time::day_in_china(now);
    let key = format!("{}:{today}", Kind::RemindHandlers.code());
    if store::has_key(&mut *db.read().await?, &key).await? {
        return Ok(());
    }
    let mut tx = db.begin(&BOOKKEEPER, now).await?;
    let run_at = time::start_of_day(today) + REMINDER_HOUR;
    add(&mut tx, Kind::RemindHandlers, &today.to_string(), &key, run_at).await?;
    // What ends with a day is gone with it, not when the office opens.
    let key = format!("{}:{today}", Kind::EndPeriods.code());
    add(&mut tx, Kind::EndPeriods, &today.to_string(), &key, time::start_of_day(today)).await?;
    let key = format!("{}:{today}", Kind::TellSubscribers.code());
    add(&mut tx, Kind::TellSubscribers, &today.to_string(), &key, run_at).await?;
    if today.month() == 1 {
        // In January alone: a system that begins in summer has no last year to freeze.
        let year = today.year() - 1;
        let key = format!("{}:{year}", Kind::FreezeYear.code());
        let run_at = time::start_of_day(today.first_of_year()) + AFTER_MIDNIGHT;
        add(&mut tx, Kind::FreezeYear, &year.to_string(), &key, run_at).await?;
    }
    store::delete_done(tx.conn(), &time::stored(now - KEPT)).await?;
    tx.commit_bookkeeping().await
}

/// Claims up to `limit` jobs that are due; no other process gets the same ones while the claim lasts.
pub(super) async fn claim(db: &Db, now: Timestamp, limit: i64) -> anyhow::Result<Vec<Job>> {
    if !store::is_any_due(&mut *db.read().await?, &time::stored(now)).await? {
        return Ok(Vec::new());
    }
    let mut tx = db.begin(&BOOKKEEPER, now).await?;
    let engine = tx.engine();
    let until = time::stored(now + CLAIM);
    let jobs = store::claim(tx.conn(), engine, &time::stored(now), &until, limit).await?;
    tx.commit_bookkeeping().await?;
    Ok(jobs)
}

/// Marks a claimed job as done, in the transaction of what it did, and commits both.
///
/// # Errors
/// When the claim ran out meanwhile and the job went to another process, all is undone.
pub(super) async fn finish(mut tx: Tx, job: &Job) -> anyhow::Result<()> {
    let is_ours = store::finish(tx.conn(), job).await?;
    anyhow::ensure!(is_ours, "the claim on job {} had run out", job.id);
    if tx.has_recorded() { tx.commit().await.map(drop) } else { tx.commit_bookkeeping().await }
}

/// Puts a claimed job back to a later time without counting the try.
pub(super) async fn postpone(db: &Db, job: &Job, now: Timestamp, until: Timestamp) -> anyhow::Result<()> {
    let mut tx = db.begin(&BOOKKEEPER, now).await?;
    store::reschedule(tx.conn(), job, &time::stored(until), job.attempts - 1, None).await?;
    tx.commit_bookkeeping().await
}

/// Notes that a try failed; the job comes back later, or waits for a person when it failed too often.
pub(super) async fn fail(db: &Db, job: &Job, error: &str, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = db.begin(&BOOKKEEPER, now).await?;
    if job.attempts >= TRIES {
        store::give_up(tx.conn(), job, error).await?;
    } else {
        let again_at = time::stored(now + pause_after(job.attempts));
        store::reschedule(tx.conn(), job, &again_at, job.attempts, Some(error)).await?;
    }
    tx.commit_bookkeeping().await
}

/// Gives all jobs that failed too often another round; returns how many.
pub async fn retry_failed(db: &Db, now: Timestamp) -> anyhow::Result<u64> {
    let mut tx = db.begin(&BOOKKEEPER, now).await?;
    let count = store::retry_failed(tx.conn(), &time::stored(now)).await?;
    tx.commit_bookkeeping().await?;
    Ok(count)
}
