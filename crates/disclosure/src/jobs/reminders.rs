//! The morning's letters: which requests fall due soon or are overdue, to the handler and from a set day to a named deputy, and which stages of review
//! reach their limit.

use std::collections::BTreeMap;

use gongkai_statute::calendar::Calendar;
use jiff::ToSpan;
use jiff::civil::Date;

use super::store;
use crate::db::Tx;
use crate::requests::escalation::{self, USUAL_LEFT};
use crate::{calendars, mail, review, time};

/// Further away nothing can be due within the most working days a rule reminds at, whatever days off lie between.
const HORIZON_DAYS: i32 = 35;

/// Posts one letter to each handler who has something due. On days off no one reads it: none.
pub(super) async fn post(tx: &mut Tx, today: Date) -> anyhow::Result<()> {
    let national = calendars::national(tx.conn()).await?;
    if !national.is_working_day(today) {
        return Ok(());
    }
    let horizon = today.saturating_add(HORIZON_DAYS.days());
    let rules = escalation::in_force(tx.conn()).await?;
    let mut lines_by_reader: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut lines_by_deputy: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for request in store::open_requests_due_by(tx.conn(), &horizon.to_string()).await? {
        let due_on = time::date(&request.reply_due_on)?;
        let left = calendars::regional(&national, &request.region).working_days_between(today, due_on);
        let rule = rules.get(&request.agency_id);
        if i64::from(left) > rule.map_or(USUAL_LEFT, |rule| rule.remind_left) {
            continue;
        }
        let when = match left {
            0 if due_on < today => "已逾期".to_owned(),
            0 => "今天到期".to_owned(),
            days => format!("还剩{days}个工作日"),
        };
        let handler_email = request.handler_email.clone().filter(|e| !e.is_empty());
        let address = handler_email.unwrap_or_else(|| request.agency_email.clone());
        let name = request.handler_name.unwrap_or_else(|| "政府信息公开工作机构".into());
        let line = format!("申请 {}：{due_on} 到期，{when}", request.number);
        if let Some(rule) = rule.filter(|rule| i64::from(left) <= rule.escalate_left) {
            let to = rule.deputy_email.clone().filter(|email| !email.is_empty());
            let reader = (to.unwrap_or_else(|| request.agency_email.clone()), rule.deputy_name.clone());
            lines_by_deputy.entry(reader).or_default().push(format!("{line}，经办人{name}"));
        }
        lines_by_reader.entry((address, name)).or_default().push(line);
    }
    for ((address, name), lines) in lines_by_reader {
        let body = format!(
            "{name}：\n\n以下政府信息公开申请即将到期或已经逾期，请登录工作台办理：\n\n{}\n\n{today}",
            lines.join("\n")
        );
        mail::actions::post(tx, &address, "政府信息公开申请到期提醒", &body).await?;
    }
    for ((address, name), lines) in lines_by_deputy {
        let body = format!(
            "{name}：\n\n以下政府信息公开申请到期仍未办结，请督促经办人，或者登录工作台办理：\n\n{}\n\n{today}",
            lines.join("\n")
        );
        mail::actions::post(tx, &address, "政府信息公开申请督促", &body).await?;
    }
    stages(tx, today, &national).await
}

/// 环节时限 — one letter to each person whose signature is due by the next working day, or overdue.
async fn stages(tx: &mut Tx, today: Date, national: &Calendar) -> anyhow::Result<()> {
    let now = tx.now_text();
    let mut lines_by_reader: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for stage in store::open_stages(tx.conn(), &now).await? {
        let calendar = calendars::regional(national, &stage.region);
        let Some(due_on) = review::due_on(&stage.since, stage.working_days, &calendar) else { continue };
        let left = calendar.working_days_between(today, due_on);
        if left > 1 {
            continue;
        }
        let when = match left {
            0 if due_on < today => "已超过时限",
            0 => "今天到期",
            _ => "下一个工作日到期",
        };
        let address = stage.email.filter(|email| !email.is_empty()).unwrap_or(stage.agency_email);
        let line = format!("《{}》“{}”环节：{due_on} 前签署，{when}", stage.title, stage.stage_title);
        lines_by_reader.entry((address, stage.name)).or_default().push(line);
    }
    for ((address, name), lines) in lines_by_reader {
        let body = format!(
            "{name}：\n\n以下内容等您审核，环节时限将到或者已过，请登录工作台办理：\n\n{}\n\n{today}",
            lines.join("\n")
        );
        mail::actions::post(tx, &address, "审核时限提醒", &body).await?;
    }
    Ok(())
}
