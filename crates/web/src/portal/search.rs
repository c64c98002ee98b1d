//! 搜索 — full text over what is disclosed, attachments included.

use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::IntoResponse;
use gongkai_disclosure::publishing::public;
use gongkai_disclosure::search::{self, Count, Found, Piece, Query};

use super::catalogue::{CataloguePage, words};
use super::entries::{EntryLine, day};
use super::narrowing::{By, Narrowing};
use super::wording::{entry_address, validity_to_know};
use crate::components::{Facet, Link, Pager, Segment, grouped, segments};
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::state::App;

const PER_PAGE: u64 = 20;

/// Nobody reads further; one more word finds sooner.
const LAST_PAGE: u64 = 50;

/// One hit, with the words found marked.
#[derive(Debug, Clone)]
pub struct Hit {
    pub title: Vec<Segment>,
    pub extract: Vec<Segment>,
    pub entry: EntryLine,
    /// The attachment the words were found in, when it was not the text itself.
    pub attachment: Option<String>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/search.html")]
pub struct SearchPage {
    pub chrome: Chrome,
    pub query: String,
    /// What the list was narrowed by; each link takes it away.
    pub chosen: Vec<Link>,
    pub facets: Vec<Facet>,
    pub hits: Vec<Hit>,
    /// How many there are: 1,286
    pub total: String,
    pub pager: Pager,
    /// The same words without the narrowing, when it was the narrowing that left nothing.
    pub widened: Option<Link>,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    uri: Uri,
) -> Result<impl IntoResponse, PageError> {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let (narrowing, number) = Narrowing::read("/search", &query);
    let mut chrome = page.chrome_at(Section::Elsewhere, &narrowing.address()).crumb("首页", "/").here("搜索");
    chrome.query = narrowing.text.clone();
    html(&SearchPage::read(&app, chrome, &narrowing, number.min(LAST_PAGE)).await?)
}

fn marked(pieces: Vec<Piece>) -> Vec<Segment> {
    pieces.into_iter().map(|piece| Segment { text: piece.text, is_hit: piece.is_hit }).collect()
}

impl Hit {
    fn of(hit: search::Hit) -> Hit {
        let row = hit.row;
        Hit {
            title: marked(hit.title),
            extract: marked(hit.extract),
            entry: EntryLine {
                href: entry_address(&row.index_number),
                title: row.title,
                index_number: row.index_number,
                document_number: row.document_number.unwrap_or_default(),
                agency: row.agency_name,
                made_on: row.made_on,
                published_on: day(&row.first_released_at),
                validity: validity_to_know(row.validity.as_deref()),
            },
            attachment: None,
        }
    }
}

impl SearchPage {
    async fn read(
        app: &App,
        chrome: Chrome,
        narrowing: &Narrowing,
        number: u64,
    ) -> Result<SearchPage, PageError> {
        let agencies = public::agencies(&mut *app.db.read().await?).await?;
        let found = if narrowing.text.trim().is_empty() {
            Found::default()
        } else {
            let query = Query {
                text: narrowing.text.clone(),
                agency: narrowing.some(By::Agency),
                category: narrowing.some(By::Category),
                year: narrowing.some(By::Year),
                offset: usize::try_from((number - 1) * PER_PAGE).unwrap_or(0),
                limit: usize::try_from(PER_PAGE).unwrap_or(20),
            };
            app.search.find(&app.db, &query).await?
        };
        let facet = |by: By, counts: &[Count]| {
            narrowing
                .facet(by, counts.iter().map(|c| (c.code.clone(), words(&agencies, by, &c.code), c.hits)))
        };
        let facets = [
            facet(By::Agency, &found.agencies),
            facet(By::Category, &found.categories),
            facet(By::Year, &found.years),
        ];
        let all = By::ALL.into_iter().fold(narrowing.clone(), |all, by| all.with(by, ""));
        Ok(SearchPage {
            chrome,
            query: narrowing.text.clone(),
            chosen: narrowing.chosen(|by, value| words(&agencies, by, value)),
            facets: facets.into_iter().filter(|facet| !facet.options.is_empty()).collect(),
            hits: found.hits.into_iter().map(Hit::of).collect(),
            total: grouped(found.total),
            pager: Pager {
                page: number,
                per_page: PER_PAGE,
                total: found.total.min(LAST_PAGE * PER_PAGE),
                href: narrowing.page_address(),
            },
            widened: narrowing.is_narrowed().then(|| Link::new("去掉筛选条件", all.address())),
        })
    }

    pub fn sample() -> Self {
        let mut chrome = Chrome::sample(Section::Elsewhere).crumb("首页", "/").here("搜索");
        chrome.query = "农村危房改造".into();
        let extracts = [
            "……制定本办法。本办法所称补助资金，是指用于支持[[农村危房改造]]的资金。补助标准按照房屋危险等级和改造方式确定……",
            "……城乡社区支出完成年初预算的 71.3%，其中[[农村危房改造]]补助 214 万元……",
            "……附件第 3 页：[[农村]]低收入群体等重点对象[[危房改造]]情况……",
        ];
        let hits = EntryLine::samples()
            .into_iter()
            .zip(extracts)
            .enumerate()
            .map(|(i, (entry, extract))| Hit {
                title: segments(&entry.title.replace("农村危房改造", "[[农村危房改造]]")),
                extract: segments(extract),
                entry,
                attachment: (i == 2).then(|| "第三季度低保对象公示名单.pdf".to_owned()),
            })
            .collect();
        SearchPage {
            chrome,
            query: "农村危房改造".into(),
            chosen: vec![],
            facets: CataloguePage::sample().facets,
            hits,
            total: "3".into(),
            pager: Pager {
                page: 1, per_page: 20, total: 3, href: "/search?q=农村危房改造&page=".into()
            },
            widened: None,
        }
    }

    /// Words that are nowhere.
    pub fn sample_empty() -> Self {
        let mut page = Self::sample();
        page.hits.clear();
        page.facets.clear();
        page.pager.total = 0;
        page
    }
}
