//! 公开机关 — one agency: how to reach it, and its catalogue line by line. 《条例》第十二条.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use gongkai_disclosure::catalogue::{self, PublicLine, category_provision};
use gongkai_disclosure::publishing::public::{self, Filter, Page, PublicAgency};

use super::entries::EntryLine;
use super::wording::entry_line;
use crate::components::{KeyValue, grouped};
use crate::errors::PageError;
use crate::forms::encode;
use crate::html::{PageContext, kept};
use crate::page::{Chrome, Section};
use crate::page_cache::Shows;
use crate::state::App;

/// 公开事项 — a line of the catalogue with what stands under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueLine {
    pub title: String,
    pub elements: String,
    /// The provision it fulfils.
    pub duty: String,
    pub time_limit: String,
    pub count: String,
    /// `None`: nothing is public under it.
    pub href: Option<String>,
    pub newest_on: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/agencies.html")]
pub struct AgencyPage {
    pub chrome: Chrome,
    pub name: String,
    pub total: String,
    /// Where its whole list stands.
    pub all: String,
    pub office: Vec<KeyValue>,
    pub newest: Vec<EntryLine>,
    pub lines: Vec<CatalogueLine>,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Path(code): Path<String>,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let address = format!("/agencies/{}", encode(&code));
    kept(&page, &asked, &address, async {
        let mut conn = app.db.read().await?;
        let agency = public::agency(&mut conn, &code).await?.ok_or(PageError::NotFound)?;
        let filter = Filter { agency_code: code.clone(), ..Filter::default() };
        let total = app.listing(&mut conn, &filter).await?.total;
        let newest = public::lines(&mut conn, &filter, Page::new(1, 5), None).await?;
        let lines = catalogue::public_lines(&mut conn, &code).await?;
        drop(conn);
        let page = AgencyPage {
            chrome: page
                .chrome_at(Section::Catalogue, &address)
                .crumb("首页", "/")
                .crumb("公开目录", "/catalogue")
                .here(&agency.name),
            total: grouped(total.unsigned_abs()),
            all: format!("/catalogue?agency={}", encode(&code)),
            newest: newest.into_iter().map(entry_line).collect(),
            lines: lines.into_iter().map(CatalogueLine::of).collect(),
            office: office(&agency),
            name: agency.name,
        };
        Ok((page.render()?, Shows::Entries))
    })
    .await
}

/// 联系方式; what is not known is left out.
pub(crate) fn office(agency: &PublicAgency) -> Vec<KeyValue> {
    [
        ("办公地址", &agency.address),
        ("办公时间", &agency.office_hours),
        ("联系电话", &agency.phone),
        ("电子邮箱", &agency.email),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| KeyValue::new(key, value))
    .collect()
}

impl CatalogueLine {
    fn of(line: PublicLine) -> CatalogueLine {
        let there = format!("/catalogue?agency={}&line={}", encode(&line.agency_code), encode(&line.id));
        CatalogueLine {
            duty: category_provision(&line.category).unwrap_or_default(),
            title: line.title,
            elements: line.elements,
            time_limit: line.time_limit,
            count: grouped(line.entries.unsigned_abs()),
            href: (line.entries > 0).then_some(there),
            newest_on: line.newest_on.unwrap_or_default(),
        }
    }
}

impl AgencyPage {
    pub fn sample() -> Self {
        let line = |title: &str, elements: &str, category: &str, time_limit: &str, entries: i64| {
            CatalogueLine::of(PublicLine {
                id: "1".into(),
                agency_code: "finance".into(),
                code: "01".into(),
                category: category.into(),
                title: title.into(),
                elements: elements.into(),
                basis: "《条例》".into(),
                time_limit: time_limit.into(),
                channels: "政府网站".into(),
                entries,
                newest_on: (entries > 0).then(|| "2025-09-26".to_owned()),
            })
        };
        AgencyPage {
            chrome: Chrome::sample(Section::Catalogue)
                .crumb("首页", "/")
                .crumb("公开目录", "/catalogue")
                .here("青禾区财政局"),
            name: "青禾区财政局".into(),
            total: "206".into(),
            all: "/catalogue?agency=finance".into(),
            office: vec![
                KeyValue::new("办公地址", "青禾区禾丰大道 18 号"),
                KeyValue::new("联系电话", "0000-6600200"),
            ],
            newest: EntryLine::samples().into_iter().take(3).collect(),
            lines: vec![
                line("部门预算", "预算报告、预算表及说明", "budgets", "批复之日起 20 日内", 12),
                line("行政事业性收费目录", "项目、依据、标准", "administrative_fees", "每年第一季度", 0),
            ],
        }
    }
}
