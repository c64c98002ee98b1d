//! 搜索 — entries and requests that this person may read, from the box on every page of the console.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::privacy::Keyring;
use gongkai_disclosure::publishing::desk::{self, DeskFilter, DeskLine, DeskPage};
use gongkai_disclosure::requests::{self, RequestFilter};
use jiff::civil::Date;
use serde::Deserialize;

use super::entries::{address, standing_of};
use crate::auth::Signed;
use crate::components::Tag;
use crate::errors::PageError;
use crate::forms::encode;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::requests::view::state_tag;
use crate::state::App;

/// How many are shown of each kind; the list itself has the rest.
const SHOWN: u64 = 10;

#[derive(Debug, Clone)]
pub struct Hit {
    pub href: String,
    pub title: String,
    pub note: String,
    pub states: Vec<Tag>,
}

/// What was found of one kind, at one agency for entries.
#[derive(Debug, Clone)]
pub struct Found {
    pub heading: String,
    pub total: u64,
    pub all_href: String,
    pub hits: Vec<Hit>,
}

impl Found {
    pub fn has_more(&self) -> bool {
        self.total > self.hits.len() as u64
    }
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/search.html")]
pub struct SearchPage {
    pub chrome: Chrome,
    pub query: String,
    pub found: Vec<Found>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse, PageError> {
    let query = asked.q.trim().to_owned();
    let mut found = Vec::new();
    if !query.is_empty() {
        let mut conn = app.db.read().await?;
        found.push(find_requests(&mut conn, app.db.keys(), &staff, &query, app.today()).await?);
        found.extend(find_entries(&mut conn, &staff, &query).await?);
        found.retain(|found| found.total > 0);
    }
    let mut chrome = page.chrome(Section::Tasks).crumb("工作台", "/console").here("搜索");
    chrome.query.clone_from(&query);
    html(&SearchPage { chrome, query, found })
}

async fn find_requests(
    conn: &mut Conn,
    keys: &Keyring,
    staff: &Staff,
    query: &str,
    today: Date,
) -> Result<Found, PageError> {
    let filter = RequestFilter {
        agencies: staff.agencies_with(P::ReadRequests).into_iter().map(ToOwned::to_owned).collect(),
        words: query.into(),
        name_match: requests::name_match(keys, query)?,
        ..RequestFilter::default()
    };
    let (listed, total) = requests::list(conn, &filter, today, 1, SHOWN).await?;
    let hit = |request: requests::Listed| -> anyhow::Result<Hit> {
        Ok(Hit {
            href: format!("/console/requests/{}", request.number),
            note: format!("{}　{}", request.applicant(keys)?, request.description),
            states: vec![state_tag(request.state)],
            title: request.number,
        })
    };
    Ok(Found {
        heading: "申请".into(),
        total,
        all_href: format!("/console/requests?q={}", encode(query)),
        hits: listed.into_iter().map(hit).collect::<anyhow::Result<_>>()?,
    })
}

async fn find_entries(conn: &mut Conn, staff: &Staff, query: &str) -> Result<Vec<Found>, PageError> {
    let agencies = gongkai_disclosure::accounts::agencies(conn).await?;
    let mut found = Vec::new();
    for agency in agencies.iter().filter(|agency| staff.may(P::ReadDrafts, &agency.id)) {
        let filter = DeskFilter { agency_id: agency.id.clone(), text: query.into(), ..DeskFilter::default() };
        let listed = desk::list(conn, staff, &filter, DeskPage::new(1, SHOWN.cast_signed())).await?;
        found.push(Found {
            heading: format!("{}的信息", agency.name),
            total: listed.total.unsigned_abs(),
            all_href: format!("/console/entries?agency={}&q={}", encode(&agency.code), encode(query)),
            hits: listed.lines.into_iter().map(entry_hit).collect(),
        });
    }
    Ok(found)
}

fn entry_hit(line: DeskLine) -> Hit {
    Hit {
        href: address(&line.entry_id),
        states: standing_of(&line),
        note: match line.index_number {
            Some(number) => format!("{number}　{}", line.line_title),
            None => line.line_title,
        },
        title: line.title,
    }
}

impl SearchPage {
    pub fn sample() -> SearchPage {
        let mut chrome = Chrome::console_sample(Section::Tasks).here("搜索");
        chrome.query = "危房改造".into();
        let hit = Hit {
            href: "/console/entries/1".into(),
            title: "松溪镇2026年农村危房改造补助名单".into(),
            note: "songxi/2026-00017　农村危房改造".into(),
            states: Vec::new(),
        };
        let entries = Found {
            heading: "松溪镇人民政府的信息".into(),
            total: 12,
            all_href: "/console/entries?q=1".into(),
            hits: vec![hit],
        };
        SearchPage { chrome, query: "危房改造".into(), found: vec![entries] }
    }

    pub fn sample_empty() -> SearchPage {
        SearchPage { found: Vec::new(), ..SearchPage::sample() }
    }
}
