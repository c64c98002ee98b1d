//! 说明理由 — before requests are called excessive, the applicant is heard. 《条例》第三十五条.

use jiff::civil::Date;
use serde_json::json;

use super::super::machine::Event;
use super::super::{Delay, Dossier, Reasons, RequestRefusal as R, store};
use super::{in_order, lawful, opened, outside_day, required, settle};
use crate::accounts::{Permission, Staff};
use crate::db::Tx;
use crate::error::Result;
use crate::letters::{self, LetterKind};

/// 要求说明理由 — number or frequency of the applicant's requests is plainly out of the ordinary. The reply period runs on.
pub async fn notice_reasons(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    frequency: &str,
    working_days: Option<u32>,
) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let mut faults = Vec::new();
    let frequency = required(&mut faults, "frequency", frequency, 1000, "申请数量、频次的情况");
    let days = working_days.filter(|days| (3..=15).contains(days));
    if days.is_none() {
        faults.push(R::field("working_days", "说明理由的期限请填写3至15个工作日，给申请人合理的时间。"));
    }
    let to = in_order(&dossier, Event::NoticeReasons, today, faults)?;
    let reasons = Reasons {
        noticed_on: today,
        due_on: dossier.calendar().add_working_days(today, days.unwrap_or_default()),
        frequency,
        stated_on: None,
        statement: None,
        delay: None,
    };
    let after = lawful(&dossier, |d| d.reasons = Some(reasons.clone()))?;
    store::put_reasons(tx.conn(), &after.request.id, &reasons).await?;
    let detail = json!({"due_on": reasons.due_on.to_string()});
    let after = settle(tx, after, to, Event::NoticeReasons, today, detail).await?;
    letters::actions::send(tx, &after, LetterKind::ReasonsNotice, None).await?;
    Ok(after)
}

/// 收到理由说明.
pub async fn record_reasons(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    stated_on: Option<Date>,
    statement: &str,
) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let mut faults = Vec::new();
    let noticed_on = dossier.reasons.as_ref().map_or(today, |reasons| reasons.noticed_on);
    let earliest = (noticed_on, "要求说明理由之日");
    let day = outside_day(&mut faults, "stated_on", stated_on, earliest, today);
    let statement = required(&mut faults, "statement", statement, 2000, "申请人说明的理由");
    let to = in_order(&dossier, Event::RecordReasons, today, faults)?;
    let after = lawful(&dossier, |d| {
        if let Some(reasons) = &mut d.reasons {
            reasons.stated_on = Some(day);
            reasons.statement = Some(statement);
        }
    })?;
    if let Some(reasons) = &after.reasons {
        store::put_reasons(tx.conn(), &after.request.id, reasons).await?;
    }
    settle(tx, after, to, Event::RecordReasons, day, json!({})).await
}

/// 告知延迟答复 — the reasons are sound, the ordinary time does not suffice: the applicant is told by when the reply comes.
/// 《条例》第三十五条.
pub async fn notice_delay(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    ground: &str,
    until: Option<Date>,
) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let mut faults = Vec::new();
    let ground = required(&mut faults, "ground", ground, 500, "不能按期答复的原因");
    if until.is_none() {
        faults.push(R::field("until", "请填写延迟到哪一天答复，如 2026-05-29。"));
    }
    let to = in_order(&dossier, Event::NoticeDelay, today, faults)?;
    let delay = until.map(|until| Delay { noticed_on: today, until, ground });
    let after = lawful(&dossier, |d| {
        if let Some(reasons) = &mut d.reasons {
            reasons.delay = delay;
        }
    })?;
    if let Some(reasons) = &after.reasons {
        store::put_reasons(tx.conn(), &after.request.id, reasons).await?;
    }
    let detail = json!({"due_on": until.map(|day| day.to_string())});
    let after = settle(tx, after, to, Event::NoticeDelay, today, detail).await?;
    letters::actions::send(tx, &after, LetterKind::DelayNotice, None).await?;
    Ok(after)
}
