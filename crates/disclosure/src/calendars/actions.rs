//! Entering a notice, adopting it, letting it go.

use std::collections::BTreeMap;

use gongkai_statute::calendar::{Arrangement, Calendar};
use jiff::civil::Date;
use serde_json::json;

use super::{CalendarRefusal as R, Clock, ClockChange, Notice, NoticeState, rehearse, store};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::{Tx, is_taken};
use crate::error::{Result, refuse, unless_refused};
use crate::mail;

/// A notice as typed.
#[derive(Clone, Debug, Default)]
pub struct NewNotice {
    pub year: String,
    pub number: String,
    pub issued_on: String,
    /// The text of the notice.
    pub text: String,
}

/// 录入放假安排. It counts for nothing until another person adopts it.
pub async fn propose(tx: &mut Tx, staff: &Staff, new: &NewNotice) -> Result<String, R> {
    if !staff.may_anywhere(Permission::KeepCalendar) {
        return refuse(R::Forbidden);
    }
    let mut faults = Vec::new();
    let today = tx.today();
    // A notice may be corrected while its year runs, and the next one is announced in November.
    let (from, to) = (today.year() - 1, *Calendar::national().known_years().end().max(&today.year()) + 1);
    let year = new.year.trim().parse::<i16>().ok();
    match year {
        None => faults.push(R::NoYear),
        Some(year) if !(from..=to).contains(&year) => faults.push(R::YearOutOfReach { from, to }),
        Some(_) => {}
    }
    let number = new.number.trim();
    if number.is_empty() || number.chars().count() > 60 {
        faults.push(R::NoNumber);
    }
    let issued_on = new.issued_on.trim().parse::<Date>().ok().filter(|day| *day <= today);
    if issued_on.is_none() {
        faults.push(R::NoIssueDay);
    }
    let read = year.map(|year| Arrangement::parse(year, &new.text));
    if let Some(Err(found)) = &read {
        faults.extend(found.iter().cloned().map(R::Fault));
    }
    unless_refused(faults)?;
    let (Some(issued_on), Some(Ok(arrangement))) = (issued_on, read) else { return refuse(R::NoYear) };
    let (id, now) = (tx.new_id(), tx.now_text());
    match store::insert(tx.conn(), &id, &arrangement, number, issued_on, &staff.user_id, &now).await {
        Err(e) if is_taken(&e) => return refuse(R::AlreadyProposed),
        other => other?,
    }
    let detail = json!({"year": arrangement.year, "number": number, "holidays": arrangement.holidays});
    tx.record(Act::new("calendars", "proposed", "", &id, detail));
    Ok(id)
}

async fn open(tx: &mut Tx, staff: &Staff, id: &str) -> Result<Notice, R> {
    if !staff.may_anywhere(Permission::KeepCalendar) {
        return refuse(R::Forbidden);
    }
    match store::by_id(tx.conn(), id).await? {
        None => refuse(R::Missing),
        Some(notice) if notice.state != NoticeState::Proposed => refuse(R::AlreadyDecided),
        Some(notice) => Ok(notice),
    }
}

/// 启用 — by a second person, over the list of changes with this fingerprint: every clock that runs is set, and those
/// who work on a case are told. Gives back how many clocks moved.
pub async fn adopt(tx: &mut Tx, staff: &Staff, id: &str, fingerprint: &str) -> Result<usize, R> {
    let notice = open(tx, staff, id).await?;
    if notice.proposed_by == staff.user_id {
        return refuse(R::SamePerson);
    }
    let today = tx.today();
    let rehearsal = rehearse(tx.conn(), &notice.arrangement, today).await?;
    if rehearsal.fingerprint() != fingerprint {
        return refuse(R::ListChanged);
    }
    let now = tx.now_text();
    store::decide(tx.conn(), id, NoticeState::Adopted, &staff.user_id, &now).await?;
    for change in &rehearsal.changes {
        store::set_clock(tx.conn(), change).await?;
        store::insert_change(tx.conn(), id, change).await?;
        let detail = json!({
            "number": change.number, "clock": change.clock.code(), "notice": id,
            "before": change.before.to_string(), "after": change.after.to_string(),
        });
        tx.record(Act::new("requests", "recounted", &change.agency_id, &change.request_id, detail));
    }
    for request_id in &rehearsal.settled {
        store::settle(tx.conn(), request_id).await?;
    }
    let detail = json!({"year": notice.arrangement.year, "number": notice.number,
                        "changed": rehearsal.changes.len(), "settled": rehearsal.settled.len()});
    tx.record(Act::new("calendars", "adopted", "", id, detail));
    tell_handlers(tx, &notice, &rehearsal.changes).await?;
    tell_applicants(tx, &notice, &rehearsal.changes).await?;
    Ok(rehearsal.changes.len())
}

/// 不采用.
pub async fn dismiss(tx: &mut Tx, staff: &Staff, id: &str) -> Result<(), R> {
    let notice = open(tx, staff, id).await?;
    let now = tx.now_text();
    store::decide(tx.conn(), id, NoticeState::Dismissed, &staff.user_id, &now).await?;
    tx.record(Act::new("calendars", "dismissed", "", id, json!({"year": notice.arrangement.year})));
    Ok(())
}

/// One letter to each who handles a case.
async fn tell_handlers(tx: &mut Tx, notice: &Notice, changes: &[ClockChange]) -> anyhow::Result<()> {
    let mut lines: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for change in changes {
        let line =
            format!("申请 {}　{}：{} → {}", change.number, change.clock.label(), change.before, change.after);
        lines.entry(&change.mailbox).or_default().push(line);
    }
    let year = notice.arrangement.year;
    for (mailbox, lines) in lines {
        let replies = if changes.iter().any(|change| change.clock != Clock::Reply) {
            "\n\n补正、说明理由、征求意见和缴费的期限已经告知过对方的，请把新的期限也告知对方；申请人留有邮箱的，系统已经发信。"
        } else {
            ""
        };
        let body = format!(
            "{year}年的放假安排（{}）已经启用，下列期限按新的工作日重算：\n\n{}{replies}",
            notice.number,
            lines.join("\n")
        );
        mail::actions::post(tx, mailbox, "申请办理期限按放假安排重算", &body).await?;
    }
    Ok(())
}

/// One letter to each applicant who left an address; everyone sees the change where they track their request.
async fn tell_applicants(tx: &mut Tx, notice: &Notice, changes: &[ClockChange]) -> anyhow::Result<()> {
    let mut lines: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    // What a third party was asked is not told to the applicant.
    for change in changes.iter().filter(|change| change.clock != Clock::Consultation) {
        let line = format!("{}：{} → {}", change.clock.label(), change.before, change.after);
        lines.entry(&change.request_id).or_default().push(line);
    }
    for (request_id, lines) in lines {
        let told = store::applicant(tx.conn(), request_id).await?;
        let body = format!(
            "您好：\n\n{}年的放假安排（{}）公布以后，您的政府信息公开申请（编号 {}）的期限按新的工作日重算：\n\n{}\n\n\
             请在网站“依申请公开—查询申请进度”用编号和查询码查看逐日的说明。\n\n{}\n联系电话：{}\n{}",
            notice.arrangement.year,
            notice.number,
            told.number,
            lines.join("\n"),
            told.agency_name,
            told.agency_phone,
            tx.today()
        );
        let applicant = (request_id, told.particulars.as_str());
        mail::actions::post_to_applicant(tx, applicant, "政府信息公开申请的期限有变化", &body).await?;
    }
    Ok(())
}
