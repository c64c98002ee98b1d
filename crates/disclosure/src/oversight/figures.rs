use std::collections::BTreeMap;

use gongkai_statute::calendar::Calendar;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::store;
use crate::accounts::Agency;
use crate::calendars;
use crate::catalogue;
use crate::db::Conn;
use crate::interaction::REPLY_WITHIN_DAYS;
use crate::publishing::due;
use crate::records::{Record, Register};
use crate::registers;
use crate::time::{day_in_china, optional_date};

/// 审核提醒 — working days after which an open review is called slow. The office's own rule: article 26 leaves
/// 20 working days from making to publishing for everything together.
pub const REVIEW_WORKING_DAYS: u32 = 5;

/// What oversight looks at, agency by agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Concern {
    /// 在办申请.
    OpenRequests,
    /// 逾期未答复的申请. 《条例》第三十三条.
    OverdueRequests,
    /// 本年逾期办结 — answered, but late: it stays in the figures of its year.
    LateReplies,
    /// 审核停留过久的信息和文书.
    SlowReviews,
    /// 应更新未更新的公开目录事项. 《条例》第五十三条第二项.
    OverdueLines,
    /// 逾期未答复的来信.
    OverdueCases,
    /// 超过 20 个工作日没有公开的信息. 《条例》第二十六条.
    LateEntries,
    /// 超过 20 日没有公开的预算、决算. 《预算法》第十四条.
    LateBudgets,
}

impl Concern {
    pub const ALL: [Concern; 8] = [
        Concern::OpenRequests,
        Concern::OverdueRequests,
        Concern::LateReplies,
        Concern::SlowReviews,
        Concern::OverdueLines,
        Concern::OverdueCases,
        Concern::LateEntries,
        Concern::LateBudgets,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Concern::OpenRequests => "open_requests",
            Concern::OverdueRequests => "overdue_requests",
            Concern::LateReplies => "late_replies",
            Concern::SlowReviews => "slow_reviews",
            Concern::OverdueLines => "overdue_catalogue_lines",
            Concern::OverdueCases => "overdue_letters",
            Concern::LateEntries => "late_entries",
            Concern::LateBudgets => "late_budgets",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Concern::OpenRequests => "在办申请",
            Concern::OverdueRequests => "逾期申请",
            Concern::LateReplies => "本年逾期办结",
            Concern::SlowReviews => "审核过久",
            Concern::OverdueLines => "目录逾期未更新",
            Concern::OverdueCases => "来信逾期未答复",
            Concern::LateEntries => "信息逾期未公开",
            Concern::LateBudgets => "预算决算逾期未公开",
        }
    }

    /// Whether a record here is a fault, or only work in progress.
    pub const fn is_fault(self) -> bool {
        !matches!(self, Concern::OpenRequests)
    }

    pub fn from_code(code: &str) -> Option<Concern> {
        Concern::ALL.into_iter().find(|concern| concern.code() == code)
    }

    /// The question the figure answers, in words.
    pub fn question(self, agency: &str, today: Date) -> String {
        match self {
            Concern::OpenRequests => format!("{agency}截至{today}尚未办结的政府信息公开申请。"),
            Concern::OverdueRequests => {
                format!(
                    "{agency}答复期限早于{today}而尚未办结的政府信息公开申请；期限按收到申请之日和延期、征求意见等情形计算。"
                )
            }
            Concern::LateReplies => {
                format!(
                    "{agency}{}年1月1日至{today}办结、办结日期晚于答复期限的政府信息公开申请；办结以后仍然计入。",
                    today.year()
                )
            }
            Concern::SlowReviews => {
                format!(
                    "{agency}送审后超过{REVIEW_WORKING_DAYS}个工作日仍未审结的信息和答复文书，截至{today}。"
                )
            }
            Concern::OverdueLines => {
                format!("{agency}公开目录中规定了更新周期、到{today}已经超过周期没有公开新信息的事项。")
            }
            Concern::OverdueCases => {
                format!("{agency}收到超过{REPLY_WITHIN_DAYS}天、到{today}尚未答复的公众来信。")
            }
            Concern::LateEntries => {
                format!("{agency}起草为主动公开、自形成之日起超过20个工作日，到{today}尚未公开的信息。")
            }
            Concern::LateBudgets => {
                format!(
                    "{agency}批准（批复）后超过{}日，到{today}尚未登记公开的预算、决算。",
                    registers::BUDGET_DAYS
                )
            }
        }
    }
}

/// The agencies below, and the records behind each of their figures.
#[derive(Clone, Debug)]
pub struct Oversight {
    pub today: Date,
    pub agencies: Vec<Agency>,
    behind: BTreeMap<(String, Concern), Vec<Record>>,
}

impl Oversight {
    /// The records behind a figure, oldest first; the figure is their number.
    pub fn records(&self, agency_id: &str, concern: Concern) -> &[Record] {
        self.behind.get(&(agency_id.to_owned(), concern)).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, agency_id: &str, concern: Concern, record: Record) {
        self.behind.entry((agency_id.to_owned(), concern)).or_default().push(record);
    }
}

/// Fetches what stands open at these agencies and puts each record into its figures.
pub async fn gather(conn: &mut Conn, agencies: Vec<Agency>, today: Date) -> anyhow::Result<Oversight> {
    let mut oversight = Oversight { today, agencies, behind: BTreeMap::new() };
    requests(conn, &mut oversight).await?;
    reviews(conn, &mut oversight).await?;
    catalogue_lines(conn, &mut oversight).await?;
    letters(conn, &mut oversight).await?;
    late_entries(conn, &mut oversight).await?;
    late_budgets(conn, &mut oversight).await?;
    let known: Vec<String> = oversight.agencies.iter().map(|agency| agency.id.clone()).collect();
    oversight.behind.retain(|(agency_id, _), _| known.contains(agency_id));
    for records in oversight.behind.values_mut() {
        records.sort_by(|a, b| a.date.cmp(&b.date).then_with(|| a.title.cmp(&b.title)));
    }
    Ok(oversight)
}

async fn requests(conn: &mut Conn, oversight: &mut Oversight) -> anyhow::Result<()> {
    let today = oversight.today;
    for row in store::open_requests(conn).await? {
        let due_on = optional_date(row.reply_due_on.as_deref())?;
        let due = due_on.map_or_else(|| "期限待定".to_owned(), |due| format!("{due} 到期"));
        let record = Record {
            register: Register::Requests,
            id: row.number.clone(),
            title: row.number,
            detail: due,
            date: row.received_on.unwrap_or(row.submitted_on),
        };
        if let Some(due) = due_on.filter(|due| *due < today) {
            let late = today.since(due).map(|span| span.get_days()).unwrap_or_default();
            let detail = format!("{due} 到期，已逾期 {late} 天");
            let overdue = Record { detail, date: due.to_string(), ..record.clone() };
            oversight.add(&row.agency_id, Concern::OverdueRequests, overdue);
        }
        oversight.add(&row.agency_id, Concern::OpenRequests, record);
    }
    for row in store::late_replies(conn, &today.first_of_year().to_string(), &today.to_string()).await? {
        let record = Record {
            register: Register::Requests,
            id: row.number.clone(),
            title: row.number,
            detail: format!("{} 到期，{} 办结", row.reply_due_on, row.closed_on),
            date: row.closed_on,
        };
        oversight.add(&row.agency_id, Concern::LateReplies, record);
    }
    Ok(())
}

async fn reviews(conn: &mut Conn, oversight: &mut Oversight) -> anyhow::Result<()> {
    let national = calendars::national(conn).await?;
    for row in store::open_reviews(conn).await? {
        let opened_on = day(&row.opened_at)?;
        let waited =
            calendar(&national, oversight, &row.agency_id).working_days_between(opened_on, oversight.today);
        if waited <= REVIEW_WORKING_DAYS {
            continue;
        }
        let record = Record {
            register: Register::Reviews,
            id: row.id,
            title: row.title.or(row.letter_number).unwrap_or_default(),
            detail: format!("送审已 {waited} 个工作日"),
            date: opened_on.to_string(),
        };
        oversight.add(&row.agency_id, Concern::SlowReviews, record);
    }
    Ok(())
}

async fn catalogue_lines(conn: &mut Conn, oversight: &mut Oversight) -> anyhow::Result<()> {
    for agency_id in oversight.agencies.iter().map(|agency| agency.id.clone()).collect::<Vec<_>>() {
        let lines = catalogue::lines(conn, &agency_id).await?;
        for gap in catalogue::gaps(&lines, oversight.today) {
            let (detail, date) = match (gap.newest_on, gap.due_on) {
                (Some(last), Some(due)) => (
                    format!("每 {} 天更新，最近一次 {last}，应在 {due} 前更新", gap.period_days),
                    due.to_string(),
                ),
                _ => (format!("每 {} 天更新，从未公开", gap.period_days), String::new()),
            };
            let record = Record {
                register: Register::CatalogueLines,
                id: gap.line_id,
                title: format!("{} {}", gap.code, gap.title),
                detail,
                date,
            };
            oversight.add(&agency_id, Concern::OverdueLines, record);
        }
    }
    Ok(())
}

async fn letters(conn: &mut Conn, oversight: &mut Oversight) -> anyhow::Result<()> {
    for row in store::unanswered_letters(conn).await? {
        let received_on = day(&row.received_at)?;
        let due_on = received_on.checked_add(REPLY_WITHIN_DAYS.days())?;
        if due_on >= oversight.today {
            continue;
        }
        let record = Record {
            register: Register::InteractionCases,
            id: row.id,
            title: format!("{} {}", row.number, row.subject),
            detail: format!("应在 {due_on} 前答复"),
            date: received_on.to_string(),
        };
        oversight.add(&row.agency_id, Concern::OverdueCases, record);
    }
    Ok(())
}

async fn late_entries(conn: &mut Conn, oversight: &mut Oversight) -> anyhow::Result<()> {
    let calendar = calendars::national(conn).await?;
    for late in due::waiting(conn, &[], oversight.today, &calendar).await? {
        if late.left >= 0 {
            break;
        }
        let record = Record {
            register: Register::Entries,
            id: late.entry_id,
            title: late.title,
            detail: format!("应于 {} 前公开，已逾期 {} 个工作日，在{}", late.due_on, -late.left, late.holder),
            date: late.due_on.to_string(),
        };
        oversight.add(&late.agency_id, Concern::LateEntries, record);
    }
    Ok(())
}

async fn late_budgets(conn: &mut Conn, oversight: &mut Oversight) -> anyhow::Result<()> {
    let today = oversight.today.to_string();
    for late in registers::store::open_budgets(conn).await? {
        if late.due_on >= today {
            continue;
        }
        let record = Record {
            register: Register::Budgets,
            id: late.id,
            title: late.title,
            detail: format!("{} 批准，应于 {} 前公开", late.approved_on, late.due_on),
            date: late.due_on,
        };
        oversight.add(&late.agency_id, Concern::LateBudgets, record);
    }
    Ok(())
}

/// The calendar of the agency's region.
fn calendar(national: &Calendar, oversight: &Oversight, agency_id: &str) -> Calendar {
    let agency = oversight.agencies.iter().find(|agency| agency.id == agency_id);
    calendars::regional(national, agency.map_or("", |agency| &agency.region))
}

fn day(stored: &str) -> anyhow::Result<Date> {
    let at: Timestamp = stored.parse().map_err(|e| anyhow::anyhow!("stored instant {stored:?}: {e}"))?;
    Ok(day_in_china(at))
}
