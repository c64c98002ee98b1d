//! 工作日历 — which days off are known, the notice of the next year, and what it does to the clocks that run.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::calendars::actions::{self, NewNotice};
use gongkai_disclosure::calendars::{self, ClockChange, Notice, NoticeState};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::time::shown_text;
use gongkai_statute::calendar::{Calendar, Holiday, weekday_name};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::Deserialize;

use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue, Pager, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::state::App;

const PER_PAGE: usize = 100;

/// One festival of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolidayRow {
    pub name: String,
    pub off: String,
    pub days: i32,
    pub work: String,
}

/// A year as it counts.
#[derive(Debug, Clone)]
pub struct YearTable {
    pub year: i16,
    pub working_days: u32,
    pub rows: Vec<HolidayRow>,
}

/// A notice that was entered.
#[derive(Debug, Clone)]
pub struct NoticeRow {
    pub label: String,
    pub href: String,
    pub state: Tag,
    pub by: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/calendar/list.html")]
pub struct CalendarPage {
    pub chrome: Chrome,
    /// What to do about the coming year; empty when there is nothing.
    pub notice: String,
    pub years: Vec<YearTable>,
    pub entered: Vec<NoticeRow>,
    /// Empty while a notice waits for its second person.
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
}

/// A clock before and after.
#[derive(Debug, Clone)]
pub struct ClockRow {
    pub number: String,
    pub href: String,
    pub clock: String,
    pub before: String,
    pub after: String,
    /// 晚 3 天, 早 1 天.
    pub shift: Tag,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/calendar/show.html")]
pub struct NoticePage {
    pub chrome: Chrome,
    pub title: String,
    pub state: Tag,
    pub record: Vec<KeyValue>,
    pub year: YearTable,
    /// What adopting it does, or did.
    pub summary: String,
    pub clocks: Vec<ClockRow>,
    pub pager: Pager,
    pub action: String,
    /// Names the list shown; empty when nothing is left to decide.
    pub fingerprint: String,
    /// Why this person may not adopt it, though it waits.
    pub not_adoptable: String,
    pub errors: ErrorSummary,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    page: usize,
}

fn section(staff: &Staff) -> Section {
    if staff.may_anywhere(P::Oversee) { Section::Oversight } else { Section::Accounts }
}

/// 1月1日（周四）.
fn day_in_words(day: Date) -> String {
    format!("{}月{}日（{}）", day.month(), day.day(), weekday_name(day.weekday()))
}

fn holiday_row(holiday: &Holiday) -> HolidayRow {
    let (first, last) = (day_in_words(holiday.first), day_in_words(holiday.last));
    let work: Vec<String> = holiday.work.iter().map(|day| day_in_words(*day)).collect();
    HolidayRow {
        name: holiday.name.clone(),
        off: if holiday.first == holiday.last { first } else { format!("{first}至{last}") },
        days: holiday.first.until(holiday.last).map_or(1, |span| span.get_days() + 1),
        work: if work.is_empty() { "—".into() } else { work.join("、") },
    }
}

/// The festivals of a year, read back from the calendar: days off on end, and the weekends worked.
fn holidays(calendar: &Calendar, year: i16) -> Vec<Holiday> {
    let days = date(year, 1, 1).series(1.day()).take_while(|day| day.year() == year);
    let mut found: Vec<Holiday> = Vec::new();
    let mut work = Vec::new();
    for day in days.map(|day| calendar.day(day)) {
        match day.why.strip_suffix("放假") {
            Some(name) => match found
                .last_mut()
                .filter(|last| last.name == name && last.last.tomorrow().is_ok_and(|next| next == day.date))
            {
                Some(last) => last.last = day.date,
                None => found.push(Holiday {
                    name: name.into(),
                    first: day.date,
                    last: day.date,
                    work: Vec::new(),
                }),
            },
            None if day.counts && day.why.contains("调休") => work.push(day.date),
            None => {}
        }
    }
    // A weekend is worked for the holiday its notice names; one of the next year may be worked for in this one.
    for day in work {
        let name = calendar.make_up_for(day).unwrap_or_default();
        match found.iter_mut().find(|holiday| holiday.name == name) {
            Some(holiday) => holiday.work.push(day),
            None => found.push(Holiday { name: name.into(), first: day, last: day, work: vec![day] }),
        }
    }
    found
}

fn year_table(calendar: &Calendar, year: i16, holidays: &[Holiday]) -> YearTable {
    YearTable {
        year,
        working_days: calendar.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)),
        rows: holidays.iter().map(holiday_row).collect(),
    }
}

fn state_tag(state: NoticeState) -> Tag {
    let tone = match state {
        NoticeState::Proposed => Tone::Warning,
        NoticeState::Adopted => Tone::Success,
        NoticeState::Dismissed => Tone::Neutral,
    };
    Tag::new(tone, state.label())
}

fn fields(year: i16) -> Vec<Field> {
    vec![
        Field::line("year", "年份").required().width("w-s").value(year.to_string()),
        Field::line("number", "文号").required().hint("如 国办发明电〔2026〕1号。"),
        Field::date("issued_on", "印发日期").required(),
        Field::text("text", "通知原文", 12).required().hint(
            "整篇粘贴即可，每个节日一行，如“二、春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。”日期、星期和天数会互相核对。",
        ),
    ]
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    html(&CalendarPage::read(&mut conn, &page, &staff, app.today(), None).await?)
}

pub(crate) async fn propose(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let text = |name: &str| form.text(name).to_owned();
    let new = NewNotice {
        year: text("year"),
        number: text("number"),
        issued_on: text("issued_on"),
        text: text("text"),
    };
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let proposed = actions::propose(&mut tx, &staff, &new).await;
    match settle(tx, proposed).await? {
        Ok(id) => {
            let href = format!("/console/calendar/{id}");
            Ok(redirect_with(&href, "已录入。请另一位监督人员或者系统管理员核对后启用。"))
        }
        Err(errors) => {
            let mut conn = app.db.read().await?;
            let typed = Some((&form, &errors));
            form_again(&CalendarPage::read(&mut conn, &page, &staff, app.today(), typed).await?)
        }
    }
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let number = chosen.page.max(1);
    html(&NoticePage::read(&mut conn, &page, &staff, &id, app.today(), number, None).await?)
}

pub(crate) async fn adopt(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let adopted = actions::adopt(&mut tx, &staff, &id, form.text("fingerprint")).await;
    match settle(tx, adopted).await? {
        Ok(moved) => {
            let said = match moved {
                0 => "已启用。没有期限因此变动。".to_owned(),
                moved => format!("已启用。{moved} 个期限已经重算，并已通知经办人。"),
            };
            Ok(redirect_with(&format!("/console/calendar/{id}"), &said))
        }
        Err(errors) => {
            let mut conn = app.db.read().await?;
            let again =
                NoticePage::read(&mut conn, &page, &staff, &id, app.today(), 1, Some(&errors)).await?;
            form_again(&again)
        }
    }
}

pub(crate) async fn dismiss(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let dismissed = actions::dismiss(&mut tx, &staff, &id).await;
    match settle(tx, dismissed).await? {
        Ok(()) => Ok(redirect_with("/console/calendar", "没有采用这份放假安排。需要时可以重新录入。")),
        Err(errors) => {
            let mut conn = app.db.read().await?;
            let again =
                NoticePage::read(&mut conn, &page, &staff, &id, app.today(), 1, Some(&errors)).await?;
            form_again(&again)
        }
    }
}

/// What is to be done about the year that comes.
fn advice(calendar: &Calendar, today: Date) -> String {
    let last = *calendar.known_years().end();
    if last < today.year() {
        format!("还没有{}年的放假安排，现在算出的期限都是暂定的。请尽快录入。", today.year())
    } else if last == today.year() && today.month() >= 10 {
        format!(
            "还没有{}年的放假安排，跨年的期限是暂定的。国务院办公厅一般在十一月公布，公布后请在这里录入。",
            last + 1
        )
    } else {
        String::new()
    }
}

impl CalendarPage {
    async fn read(
        conn: &mut Conn,
        page: &PageContext,
        staff: &Staff,
        today: Date,
        typed: Option<(&Fields, &FormErrors)>,
    ) -> Result<CalendarPage, PageError> {
        let calendar = calendars::national(conn).await?;
        let last = *calendar.known_years().end();
        let years = (today.year()..=last.max(today.year())).rev();
        let years = years.map(|year| year_table(&calendar, year, &holidays(&calendar, year))).collect();
        let all = calendars::list(conn).await?;
        let is_waiting = all.iter().any(|notice| notice.state == NoticeState::Proposed);
        let fields = if is_waiting && typed.is_none() { Vec::new() } else { fields(last + 1) };
        let fields = match typed {
            Some((form, errors)) => form.typed_into(fields, errors),
            None => fields,
        };
        let mut errors = ErrorSummary::of(&fields);
        if let Some((_, refused)) = typed {
            errors = refused.general.iter().fold(errors, |errors, words| errors.and(words.clone()));
        }
        let entered = all.iter().map(|notice| NoticeRow {
            label: format!("{}年放假安排　{}", notice.arrangement.year, notice.number),
            href: format!("/console/calendar/{}", notice.id),
            state: state_tag(notice.state),
            by: format!("{} 录入　{}", notice.proposed_by_name, shown_text(&notice.proposed_at)),
        });
        Ok(CalendarPage {
            chrome: page.chrome(section(staff)).crumb("工作台", "/console").here("工作日历"),
            notice: if is_waiting { String::new() } else { advice(&calendar, today) },
            years,
            entered: entered.collect(),
            fields,
            errors,
        })
    }

    pub fn sample() -> CalendarPage {
        let calendar = Calendar::national();
        let fields = fields(2027);
        CalendarPage {
            chrome: Chrome::console_sample(Section::Oversight).crumb("工作台", "/console").here("工作日历"),
            notice: advice(calendar, date(2026, 11, 21)),
            years: vec![year_table(calendar, 2026, &holidays(calendar, 2026))],
            entered: vec![NoticeRow {
                label: "2027年放假安排　国办发明电〔2026〕0号".into(),
                href: "/console/calendar/1".into(),
                state: state_tag(NoticeState::Dismissed),
                by: "林晓禾 录入　2026-11-20 09:12".into(),
            }],
            errors: ErrorSummary::of(&fields),
            fields,
        }
    }
}

fn clock_row(number: &str, clock: &str, before: Date, after: Date) -> ClockRow {
    let days = before.until(after).map_or(0, |span| span.get_days());
    ClockRow {
        number: number.into(),
        href: format!("/console/requests/{number}"),
        clock: clock.into(),
        before: before.to_string(),
        after: after.to_string(),
        // An earlier day is what someone has to hurry for.
        shift: match days {
            ..0 => Tag::new(Tone::Warning, format!("早 {} 天", -days)),
            _ => Tag::new(Tone::Neutral, format!("晚 {days} 天")),
        },
    }
}

impl NoticePage {
    async fn read(
        conn: &mut Conn,
        page: &PageContext,
        staff: &Staff,
        id: &str,
        today: Date,
        number: usize,
        refused: Option<&FormErrors>,
    ) -> Result<NoticePage, PageError> {
        let notice = calendars::by_id(conn, id).await?.ok_or(PageError::NotFound)?;
        let mut fingerprint = String::new();
        let mut not_adoptable = String::new();
        let (summary, rows) = if notice.state == NoticeState::Proposed {
            let rehearsal = calendars::rehearse(conn, &notice.arrangement, today).await?;
            if notice.proposed_by == staff.user_id {
                not_adoptable = "录入的人不能自己启用，请另一位监督人员或者系统管理员核对。".into();
            } else {
                fingerprint = rehearsal.fingerprint();
            }
            let summary = format!(
                "在办申请 {} 件。启用以后，{} 个期限变动，{} 件的答复期限由暂定变为确定。已经过期的期限不再变动，逾期仍是逾期。",
                rehearsal.open,
                rehearsal.changes.len(),
                rehearsal.settled.len()
            );
            let row = |change: &ClockChange| {
                clock_row(&change.number, change.clock.label(), change.before, change.after)
            };
            (summary, rehearsal.changes.iter().map(row).collect::<Vec<_>>())
        } else {
            let moved = calendars::changes_of_notice(conn, id).await?;
            let mut rows = Vec::with_capacity(moved.len());
            for one in &moved {
                let (before, after) = (one.due_before.parse(), one.due_after.parse());
                let (Ok(before), Ok(after)) = (before, after) else { continue };
                rows.push(clock_row(&one.number, one.clock_label(), before, after));
            }
            let summary = match notice.state {
                NoticeState::Dismissed => "没有采用，没有期限因此变动。".to_owned(),
                _ => format!("启用时重算了 {} 个期限。", rows.len()),
            };
            (summary, rows)
        };
        let total = rows.len() as u64;
        let clocks = rows.into_iter().skip((number - 1) * PER_PAGE).take(PER_PAGE).collect();
        let mut errors = ErrorSummary::of(&[]);
        if let Some(refused) = refused {
            errors = refused.general.iter().fold(errors, |errors, words| errors.and(words.clone()));
        }
        let then = calendars::national(conn).await?.with(&notice.arrangement);
        Ok(NoticePage {
            chrome: page
                .chrome(section(staff))
                .crumb("工作台", "/console")
                .crumb("工作日历", "/console/calendar")
                .here(format!("{}年", notice.arrangement.year)),
            title: format!("{}年放假安排", notice.arrangement.year),
            state: state_tag(notice.state),
            record: record(&notice),
            year: year_table(&then, notice.arrangement.year, &notice.arrangement.holidays),
            summary,
            clocks,
            pager: Pager {
                page: number as u64,
                per_page: PER_PAGE as u64,
                total,
                href: format!("/console/calendar/{id}?page="),
            },
            action: format!("/console/calendar/{id}"),
            fingerprint,
            not_adoptable,
            errors,
        })
    }

    pub fn sample() -> NoticePage {
        let calendar = Calendar::national();
        NoticePage {
            chrome: Chrome::console_sample(Section::Oversight).crumb("工作台", "/console").here("2026年"),
            title: "2026年放假安排".into(),
            state: state_tag(NoticeState::Proposed),
            record: vec![KeyValue::new("文号", "国办发明电〔2025〕7号")],
            year: year_table(calendar, 2026, &holidays(calendar, 2026)),
            summary: "在办申请 12 件。启用以后，2 个期限变动，3 件的答复期限由暂定变为确定。".into(),
            clocks: vec![
                clock_row("SONGXI-SQ-2026-0001", "答复期限", date(2026, 2, 10), date(2026, 2, 13)),
                clock_row("SONGXI-SQ-2026-0002", "补正期限", date(2026, 2, 12), date(2026, 2, 11)),
            ],
            pager: Pager { page: 1, per_page: 100, total: 2, href: "/console/calendar/1?page=".into() },
            action: "/console/calendar/1".into(),
            fingerprint: "0".repeat(64),
            not_adoptable: String::new(),
            errors: ErrorSummary::of(&[]),
        }
    }
}

fn record(notice: &Notice) -> Vec<KeyValue> {
    let mut record = vec![
        KeyValue::new("文号", &notice.number),
        KeyValue::new("印发日期", notice.issued_on.to_string()),
        KeyValue::new("录入", format!("{}　{}", notice.proposed_by_name, shown_text(&notice.proposed_at))),
    ];
    if let (Some(name), Some(at)) = (&notice.decided_by_name, &notice.decided_at) {
        record.push(KeyValue::new(notice.state.label(), format!("{name}　{}", shown_text(at))));
    }
    record
}
