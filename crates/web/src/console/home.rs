//! 待办 — what waits for this person, the most urgent first.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::privacy::Keyring;
use gongkai_disclosure::publishing::{desk, due, removals};
use gongkai_disclosure::reassessment;
use gongkai_disclosure::registers::documents::{self, Standing};
use gongkai_disclosure::remedies::{self, RemedyCase, RemedyFilter, RemedyResult};
use gongkai_disclosure::reporting;
use gongkai_disclosure::requests::{self, Due, RequestFilter};
use gongkai_disclosure::time::shown_text;
use gongkai_disclosure::{calendars, catalogue, interaction};
use gongkai_statute::calendar::Calendar;
use gongkai_statute::deadlines::dues;
use jiff::civil::Date;

use super::due::left_tag;
use super::remedies::demand_tag;
use super::reviews::{self, WaitingRow};
use crate::auth::Signed;
use crate::components::{StatTile, Tag, Tone};
use crate::errors::PageError;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::state::App;

/// A request is near its end from this many working days on.
const SOON: u32 = 3;
/// An entry is near its last day from so many working days on.
const NEAR: i64 = 5;
/// How many of each kind the page shows; the rest is behind the link.
const SHOWN: usize = 8;

/// One thing to do.
#[derive(Debug, Clone)]
pub struct Task {
    pub href: String,
    pub title: String,
    pub note: String,
    pub due: Tag,
}

/// Things of one kind, with where all of them are.
#[derive(Debug, Clone)]
pub struct TaskList {
    pub heading: &'static str,
    pub href: &'static str,
    pub total: usize,
    pub tasks: Vec<Task>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/home.html")]
pub struct HomePage {
    pub chrome: Chrome,
    pub name: String,
    pub today: String,
    pub tiles: Vec<StatTile>,
    pub lists: Vec<TaskList>,
}

impl HomePage {
    pub fn sample() -> Self {
        let task = |title: &str, tone, due: &str| Task {
            href: "/console/requests/1".into(),
            title: title.into(),
            note: "何小舟　松溪镇污水管网工程招标文件".into(),
            due: Tag::new(tone, due),
        };
        let list = TaskList {
            heading: "快到期和逾期的申请",
            href: "/console/requests",
            total: 2,
            tasks: vec![
                task("songxi-SQ-2026-0007", Tone::Overdue, "逾期 1 个工作日"),
                task("songxi-SQ-2026-0009", Tone::Warning, "还有 2 个工作日"),
            ],
        };
        let tiles = vec![tile("快到期和逾期的申请", 2, "件", "/console/requests", true)];
        let name = "林晓禾".into();
        let today = "2026年11月2日　星期一　工作日".into();
        HomePage { chrome: Chrome::console_sample(Section::Tasks), name, today, tiles, lists: vec![list] }
    }

    pub fn sample_empty() -> Self {
        HomePage { tiles: Vec::new(), lists: Vec::new(), ..Self::sample() }
    }
}

fn tile(label: &str, count: usize, unit: &str, href: &str, is_overdue: bool) -> StatTile {
    let tone = if is_overdue { Tone::Overdue } else { Tone::Neutral };
    StatTile {
        label: label.into(),
        value: count.to_string(),
        unit: unit.into(),
        hint: String::new(),
        href: href.into(),
        tone,
    }
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
) -> Result<impl IntoResponse, PageError> {
    let today = app.today();
    let mut lists = Vec::new();
    let waiting = reviews::waiting(&app, &staff).await?;
    if staff.may_anywhere(P::SignOff) {
        lists.push(to_sign(waiting));
    }
    let mut conn = app.db.read().await?;
    let calendar = calendars::national(&mut conn).await?;
    if staff.may_anywhere(P::HandleRequests) {
        lists.push(requests_near_their_end(&mut conn, app.db.keys(), &staff, today, &calendar).await?);
    }
    if staff.may_anywhere(P::KeepRegisters) {
        lists.push(demanded(&mut conn, &staff, today).await?);
    }
    if staff.may_anywhere(P::DraftEntries) {
        lists.push(returned(&mut conn, &staff).await?);
        lists.push(not_out(&mut conn, &staff, today).await?);
        lists.push(ending(&mut conn, &staff, today).await?);
        lists.push(gaps(&mut conn, &staff, today).await?);
        lists.push(copies(&mut conn, &staff).await?);
    }
    if staff.may_anywhere(P::AnswerCases) {
        lists.push(letters(&mut conn, &staff).await?);
    }
    if staff.may_anywhere(P::CompileReport)
        || staff.may_anywhere(P::ApproveReport)
        || staff.may_anywhere(P::Oversee)
    {
        lists.push(reports(&mut conn, &staff, today).await?);
    }
    let tiles = lists
        .iter()
        .map(|list| {
            let is_overdue = list.tasks.iter().any(|task| task.due.tone == Tone::Overdue);
            tile(list.heading, list.total, "件", list.href, is_overdue)
        })
        .collect();
    lists.retain(|list| list.total > 0);
    html(&HomePage {
        chrome: page.chrome(Section::Tasks),
        name: staff.name.clone(),
        today: day_in_words(today, &calendar),
        tiles,
        lists,
    })
}

fn day_in_words(today: Date, calendar: &Calendar) -> String {
    let weekdays = ["一", "二", "三", "四", "五", "六", "日"];
    let weekday = weekdays[usize::try_from(today.weekday().to_monday_zero_offset()).unwrap_or(0)];
    let why = calendar.day(today).why;
    let date = format!("{}年{}月{}日　星期{weekday}", today.year(), today.month(), today.day());
    // On an ordinary weekend the reason only says the weekday again.
    if why.starts_with('周') { date } else { format!("{date}　{why}") }
}

fn list(heading: &'static str, href: &'static str, mut tasks: Vec<Task>) -> TaskList {
    let total = tasks.len();
    tasks.truncate(SHOWN);
    TaskList { heading, href, total, tasks }
}

fn to_sign(waiting: Vec<WaitingRow>) -> TaskList {
    let task = |row: WaitingRow| Task {
        href: row.href,
        title: if row.answers.is_empty() { row.title } else { format!("{}　{}", row.title, row.answers) },
        note: format!("{}　{}起草　{}送到", row.stage, row.author, row.since),
        due: row.age,
    };
    list("等我审核", "/console/reviews", waiting.into_iter().map(task).collect())
}

async fn requests_near_their_end(
    conn: &mut Conn,
    keys: &Keyring,
    staff: &Staff,
    today: Date,
    calendar: &Calendar,
) -> Result<TaskList, PageError> {
    let soon = calendar.add_working_days(today, SOON);
    let filter = RequestFilter {
        agencies: staff.agencies_with(P::HandleRequests).into_iter().map(ToOwned::to_owned).collect(),
        due: Due::Until(soon),
        ..RequestFilter::default()
    };
    let (listed, total) = requests::list(conn, &filter, today, 1, SHOWN as u64).await?;
    let task = |r: requests::Listed| -> anyhow::Result<Task> {
        let left = r.reply_due_on.map(|due| dues::days_left(today, due, calendar));
        let due = match left {
            None => Tag::new(Tone::Neutral, "未计期限"),
            Some(left) if left < 0 => Tag::new(Tone::Overdue, format!("逾期 {} 个工作日", -left)),
            Some(0) => Tag::new(Tone::Warning, "今天到期"),
            Some(left) => Tag::new(Tone::Warning, format!("还有 {left} 个工作日")),
        };
        Ok(Task {
            href: format!("/console/requests/{}", r.number),
            note: format!("{}　{}", r.applicant(keys)?, r.description.chars().take(40).collect::<String>()),
            title: r.number,
            due,
        })
    };
    let mut found = list(
        "快到期和逾期的申请",
        "/console/requests?due=soon",
        listed.into_iter().map(task).collect::<anyhow::Result<_>>()?,
    );
    found.total = usize::try_from(total).unwrap_or(found.total);
    Ok(found)
}

/// 履行 — what a reconsideration body or court asked for and is not done yet.
async fn demanded(conn: &mut Conn, staff: &Staff, today: Date) -> Result<TaskList, PageError> {
    let filter = RemedyFilter {
        agencies: staff.agencies_with(P::KeepRegisters).into_iter().map(ToOwned::to_owned).collect(),
        result: Some(RemedyResult::Corrected),
        ..RemedyFilter::default()
    };
    let task = |case: &RemedyCase| {
        Some(Task {
            href: format!("/console/remedies/{}", case.id),
            title: case.case_number.clone(),
            note: case.open_demand()?.words.clone(),
            due: demand_tag(case, today)?,
        })
    };
    let open = remedies::list(conn, &filter).await?.iter().filter_map(task).collect();
    Ok(list("复议诉讼要求履行的事项", "/console/remedies?result=corrected", open))
}

async fn returned(conn: &mut Conn, staff: &Staff) -> Result<TaskList, PageError> {
    let task = |line: desk::DeskLine| Task {
        href: format!("/console/entries/{}", line.entry_id),
        title: line.title,
        note: format!("{}　{}退回", line.line_title, shown_text(&line.updated_at)),
        due: Tag::new(Tone::Warning, "待修改"),
    };
    let drafts = desk::returned_drafts(conn, staff).await?;
    Ok(list("退回给我的稿件", "/console/entries?tab=returned&mine=1", drafts.into_iter().map(task).collect()))
}

/// 公开期限 — what is not out yet and has few of its 20 working days left. 《条例》第二十六条.
async fn not_out(conn: &mut Conn, staff: &Staff, today: Date) -> Result<TaskList, PageError> {
    let agencies = staff.agencies_with(P::DraftEntries);
    let calendar = calendars::national(conn).await?;
    let all = due::waiting(conn, &agencies, today, &calendar).await?;
    let task = |one: &due::Waiting| Task {
        href: format!("/console/entries/{}", one.entry_id),
        title: one.title.clone(),
        note: format!("{} 生成，{} 前公开，在{}", one.made_on, one.due_on, one.holder),
        due: left_tag(one),
    };
    let near = all.iter().filter(|one| one.left <= NEAR).map(task).collect();
    Ok(list("公开期限快到和已过的信息", "/console/due", near))
}

/// 副本撤除 — copies elsewhere of what was withdrawn.
async fn copies(conn: &mut Conn, staff: &Staff) -> Result<TaskList, PageError> {
    let task = |one: removals::Removal| Task {
        href: "/console/postings/removals".into(),
        note: format!("{}　由{}撤下", one.place_in_words(), one.owner),
        title: one.title,
        due: Tag::new(Tone::Warning, "已撤回，副本还在"),
    };
    let open = removals::open(conn, staff).await?;
    Ok(list("待撤下的副本", "/console/postings/removals", open.into_iter().map(task).collect()))
}

/// What ends soon: terms of documents, and the days to look again at what is withheld.
async fn ending(conn: &mut Conn, staff: &Staff, today: Date) -> Result<TaskList, PageError> {
    let mut tasks = Vec::new();
    for agency_id in staff.agencies_with(P::DraftEntries) {
        for term in documents::terms(conn, agency_id).await? {
            let Standing::Expiring { until, days } = term.standing(today)? else { continue };
            let title = reporting::document(conn, &term.id).await?.map(|document| document.title);
            tasks.push(Task {
                href: format!("/console/registers/documents/{}", term.id),
                title: title.unwrap_or_default(),
                note: "规范性文件有效期将满：评估后延长、修改，或者到期失效".into(),
                due: Tag::new(Tone::Warning, format!("{until} 到期，还有 {days} 天")),
            });
        }
        for entry in reassessment::withheld(conn, agency_id).await? {
            let due_on = entry.due_on()?;
            let left = today.until(due_on).map_or(0, |span| span.get_days());
            if left > 30 {
                continue;
            }
            tasks.push(Task {
                href: format!("/console/reassessments/{}", entry.entry_id),
                title: entry.title,
                note: "不主动公开的信息，定期评估审查".into(),
                due: match left {
                    ..0 => Tag::new(Tone::Overdue, format!("应在 {due_on} 前评估")),
                    _ => Tag::new(Tone::Warning, format!("{due_on} 前评估")),
                },
            });
        }
    }
    Ok(list("将到期的文件和评估", "/console/reassessments", tasks))
}

async fn gaps(conn: &mut Conn, staff: &Staff, today: Date) -> Result<TaskList, PageError> {
    let mut tasks = Vec::new();
    for agency_id in staff.agencies_with(P::DraftEntries) {
        let lines = catalogue::lines(conn, agency_id).await?;
        for gap in catalogue::gaps(&lines, today) {
            tasks.push(Task {
                href: format!("/console/entries/new?line={}", gap.line_id),
                title: gap.title.clone(),
                note: match gap.newest_on {
                    Some(day) => format!("上次公开 {day}，每 {} 天至少更新一次", gap.period_days),
                    None => format!("还没有公开过，每 {} 天至少更新一次", gap.period_days),
                },
                due: match gap.newest_on {
                    Some(_) => Tag::new(Tone::Overdue, format!("逾期 {} 天", gap.days_late)),
                    None => Tag::new(Tone::Warning, "尚未公开"),
                },
            });
        }
    }
    Ok(list("该更新未更新的目录事项", "/console/catalogue?tab=gaps", tasks))
}

/// 年度报告 — to approve, to accept, to put right, to compile, with the day each is due.
async fn reports(conn: &mut Conn, staff: &Staff, today: Date) -> Result<TaskList, PageError> {
    use reporting::ReportTaskKind as K;
    let task = |task: reporting::ReportTask| {
        let base = format!("/console/annual-reports/{}/{}", task.agency.code, task.year);
        let left = today.until(task.due_on).map_or(0, |span| span.get_days());
        let due = match left {
            left if left < 0 => Tag::new(Tone::Overdue, format!("{} 到期，逾期 {} 天", task.due_on, -left)),
            0 => Tag::new(Tone::Warning, "今天到期"),
            left => Tag::new(Tone::Warning, format!("{} 到期，还有 {left} 天", task.due_on)),
        };
        let mut note = task.kind.label().to_owned();
        if task.kind == K::Revise && !task.opinion.is_empty() {
            note = format!("{note}：{}", task.opinion);
        }
        Task {
            href: match (&task.submission_id, task.kind) {
                (Some(id), K::Approve | K::Accept) => format!("{base}/submissions/{id}"),
                _ => base,
            },
            title: format!("{}{}年度报告", task.agency.name, task.year),
            note,
            due,
        }
    };
    let tasks = reporting::tasks(conn, staff, today).await?.into_iter().map(task).collect();
    let href = if staff.may_anywhere(P::Oversee) {
        "/console/annual-reports/submissions"
    } else {
        "/console/annual-reports"
    };
    Ok(list("年度报告", href, tasks))
}

async fn letters(conn: &mut Conn, staff: &Staff) -> Result<TaskList, PageError> {
    let (mut tasks, mut total) = (Vec::new(), 0);
    for agency_id in staff.agencies_with(P::AnswerCases) {
        total += interaction::counts(conn, agency_id).await?.0;
        for case in interaction::cases(conn, agency_id, false, SHOWN as i64, 0).await? {
            tasks.push(Task {
                href: format!("/console/interaction/{}", case.id),
                title: case.subject.clone(),
                note: format!("{}　{}收到", case.kind_label(), shown_text(&case.received_at)),
                due: Tag::new(Tone::Neutral, "待答复"),
            });
        }
    }
    let mut found = list("待答复的来信", "/console/interaction", tasks);
    found.total = usize::try_from(total).unwrap_or(found.total);
    Ok(found)
}
