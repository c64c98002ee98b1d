//! 依申请公开的答复 — what was answered to one and published for all, without the person. 《条例》第四十四条.

use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use gongkai_disclosure::disclosure_log::public::{LogFilter, LogLine, count, list, years};
use gongkai_disclosure::publishing::public;
use gongkai_statute::decisions::Decision;

use super::machines::{FeedLine, Origin, atom};
use super::wording::entry_address;
use crate::components::{Field, Pager};
use crate::errors::PageError;
use crate::forms::{Fields, query};
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::state::App;
use axum::response::IntoResponse;

const PER_PAGE: i64 = 20;

/// An answered request.
#[derive(Debug, Clone)]
pub struct LogRow {
    pub title: String,
    pub href: String,
    pub summary: String,
    pub agency: String,
    pub answered_on: String,
    pub published_on: String,
    pub result: &'static str,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/disclosure_log.html")]
pub struct DisclosureLogPage {
    pub chrome: Chrome,
    pub fields: Vec<Field>,
    pub rows: Vec<LogRow>,
    pub is_narrowed: bool,
    pub pager: Pager,
}

impl LogRow {
    fn of(line: LogLine) -> LogRow {
        LogRow {
            href: entry_address(&line.index_number),
            result: Decision::from_code(&line.decision).map_or("", Decision::label),
            title: line.title,
            summary: line.summary,
            agency: line.agency_name,
            answered_on: line.answered_on,
            published_on: line.first_released_on,
        }
    }
}

fn chrome(page: &PageContext) -> Chrome {
    page.chrome(Section::Requests).crumb("首页", "/").crumb("依申请公开", "/requests").here("已公开的答复")
}

pub(crate) async fn show(State(app): State<App>, page: PageContext, uri: Uri) -> Result<Response, PageError> {
    let asked = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let filter =
        LogFilter { agency_code: asked.text("agency").to_owned(), year: asked.text("year").to_owned() };
    let number: i64 = asked.text("page").parse().unwrap_or(1).clamp(1, 10_000);
    let mut conn = app.db.read().await?;
    let total = count(&mut conn, &filter).await?;
    let rows = list(&mut conn, &filter, PER_PAGE, (number - 1) * PER_PAGE).await?;
    let agencies = public::agencies(&mut conn).await?.into_iter().map(|agency| (agency.code, agency.name));
    let years = years(&mut conn).await?.into_iter().map(|year| (year.clone(), format!("{year}年答复")));
    let first = |words: &str| std::iter::once((String::new(), words.to_owned()));
    let narrowed = query([("agency", filter.agency_code.as_str()), ("year", filter.year.as_str())]);
    Ok(html(&DisclosureLogPage {
        chrome: chrome(&page),
        fields: vec![
            Field::select("agency", "机关", first("全部机关").chain(agencies)).value(&filter.agency_code),
            Field::select("year", "年份", first("全部年份").chain(years)).value(&filter.year),
        ],
        rows: rows.into_iter().map(LogRow::of).collect(),
        is_narrowed: filter != LogFilter::default(),
        pager: Pager {
            page: number.unsigned_abs(),
            per_page: PER_PAGE.unsigned_abs(),
            total: total.unsigned_abs(),
            href: format!("/disclosure-log?{narrowed}&page="),
        },
    })?
    .into_response())
}

pub(crate) async fn feed(State(app): State<App>, origin: Origin) -> Result<Response, PageError> {
    let lines = list(&mut *app.db.read().await?, &LogFilter::default(), 50, 0).await?;
    let lines = lines.into_iter().map(|line| FeedLine {
        index_number: line.index_number,
        title: line.title,
        summary: line.summary,
        agency_name: line.agency_name,
        released_on: line.first_released_on,
    });
    let title = format!("{}：已公开的依申请公开答复", app.site.name);
    atom(&origin.known()?, &title, "/disclosure-log/feed.xml", lines.collect())
}

impl DisclosureLogPage {
    pub fn sample() -> DisclosureLogPage {
        DisclosureLogPage {
            chrome: Chrome::sample(Section::Requests).crumb("首页", "/").here("已公开的答复"),
            fields: vec![Field::select("agency", "机关", [("", "全部机关")])],
            rows: vec![LogRow {
                title: "关于“2025年农村危房改造补助名单”的答复".into(),
                href: "/entries/SONGXI/2026-00012".into(),
                summary: "2025年农村危房改造补助名单（第二批）".into(),
                agency: "松溪镇人民政府".into(),
                answered_on: "2026-03-20".into(),
                published_on: "2026-03-27".into(),
                result: Decision::Provided.label(),
            }],
            is_narrowed: false,
            pager: Pager { page: 1, per_page: 20, total: 1, href: "?page=".into() },
        }
    }

    pub fn sample_empty() -> DisclosureLogPage {
        let mut page = DisclosureLogPage::sample();
        page.rows.clear();
        page.pager.total = 0;
        page
    }
}
