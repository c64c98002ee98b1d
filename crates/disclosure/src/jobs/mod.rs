//! Work that waits: rows that one process claims, does, and does again later when it failed.
//!
//! A job is added in the transaction of the change that wants it, so neither can be lost without the
//! other. A claim lasts a few minutes; when the process that holds it dies, another takes the job over.
//! What a job changes and that it is done are committed together, so its effect happens once — except
//! that a letter handed to a mail server cannot be taken back, and may in rare cases arrive twice.

pub mod actions;
mod reminders;
pub(crate) mod store;
#[cfg(test)]
mod tests;
mod worker;

use jiff::SignedDuration;

pub use store::{failed, overview};
pub use worker::{Outcome, Workshop, run_due, work};

/// Tries of one job before it waits for a person.
const TRIES: i64 = 8;

/// How long a claim lasts; longer than any single job takes.
const CLAIM: SignedDuration = SignedDuration::from_mins(5);

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Hand a letter of the outbox to the mail server.
    DeliverMail,
    /// Tell handlers which requests fall due within three working days.
    RemindHandlers,
    /// 年终快照 — freeze the figures of the year that has ended.
    FreezeYear,
    /// 到期 — take down what was shown for a period, let documents lapse whose term is over.
    EndPeriods,
    /// 订阅 — tell subscribers what came new under their searches.
    TellSubscribers,
    /// 定时发布 — let a signed edition out at its moment.
    ReleaseEdition,
    /// 政务新媒体 — publish an entry on an official account.
    PostToAccount,
    /// 通知业务系统 — tell a webhook of what was published or withdrawn.
    DeliverWebhook,
    /// 副本撤除 — delete on an official account what was withdrawn here.
    RemoveFromAccount,
}

impl Kind {
    pub const ALL: [Kind; 9] = [
        Kind::DeliverMail,
        Kind::RemindHandlers,
        Kind::FreezeYear,
        Kind::EndPeriods,
        Kind::TellSubscribers,
        Kind::ReleaseEdition,
        Kind::PostToAccount,
        Kind::DeliverWebhook,
        Kind::RemoveFromAccount,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Kind::DeliverMail => "deliver_mail",
            Kind::RemindHandlers => "remind_handlers",
            Kind::FreezeYear => "freeze_year",
            Kind::EndPeriods => "end_periods",
            Kind::TellSubscribers => "tell_subscribers",
            Kind::ReleaseEdition => "release_edition",
            Kind::PostToAccount => "post_to_account",
            Kind::DeliverWebhook => "deliver_webhook",
            Kind::RemoveFromAccount => "remove_from_account",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Kind::DeliverMail => "发送邮件",
            Kind::RemindHandlers => "提醒承办人",
            Kind::FreezeYear => "冻结年度数据",
            Kind::EndPeriods => "处理到期的公示和文件",
            Kind::TellSubscribers => "发送检索订阅",
            Kind::ReleaseEdition => "定时发布",
            Kind::PostToAccount => "发布到政务新媒体",
            Kind::DeliverWebhook => "通知业务系统",
            Kind::RemoveFromAccount => "从政务新媒体删除",
        }
    }

    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A job that this process has claimed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Job {
    pub id: String,
    pub kind: String,
    /// What it is about: the id of a letter, a date.
    pub payload: String,
    /// This try included. Also tells this claim from a later one.
    pub attempts: i64,
}

/// A job that failed too often and waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FailedJob {
    pub id: String,
    pub kind: String,
    pub attempts: i64,
    pub last_error: Option<String>,
    pub created_at: String,
}

/// How many jobs are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    pub waiting: i64,
    pub running: i64,
    pub failed: i64,
}

/// How long to wait after the n-th failed try: a minute, two, four … at most six hours.
fn pause_after(attempts: i64) -> SignedDuration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(16);
    SignedDuration::from_mins((1_i64 << doublings).min(6 * 60))
}
