//! 搜索 — full text over what is disclosed, attachments included.

use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::IntoResponse;
use gongkai_disclosure::search::{self, Count, Found, InAttachment, Order, Piece, Query};

use super::catalogue::{CataloguePage, words};
use super::entries::{EntryLine, day};
use super::narrowing::{By, Narrowing};
use super::wording::{entry_address, validity_to_know};
use crate::components::{Facet, Field, Link, Pager, Segment, Tab, grouped, segments};
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::state::App;

const PER_PAGE: u64 = 10;

/// Nobody reads further; one more word finds sooner.
const LAST_PAGE: u64 = 100;

/// One hit, with the words found marked.
#[derive(Debug, Clone)]
pub struct Hit {
    pub title: Vec<Segment>,
    pub extract: Vec<Segment>,
    pub entry: EntryLine,
    /// The attachment the words were found in and where in it, when it was not the text itself.
    pub attachment: Option<Link>,
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
    /// The orders the list can be in.
    pub orders: Vec<Tab>,
    /// 生成日期 from and until.
    pub days: Vec<Field>,
    /// What else the form that asks for days sends again.
    pub kept: Vec<(&'static str, String)>,
    /// What was looked for besides, and the same without it.
    pub besides: Option<(String, Link)>,
    /// Letters were read as pinyin.
    pub is_pinyin: bool,
    /// Where this search can be had by mail, and its feed.
    pub subscribe: String,
    pub feed: String,
    /// 您是不是要找.
    pub suggestions: Vec<Link>,
    /// The same words without the narrowing, when it was the narrowing that left nothing.
    pub widened: Option<Link>,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    uri: Uri,
) -> Result<impl IntoResponse, PageError> {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let (mut narrowing, number) = Narrowing::read("/search", &query);
    if ![NEWEST, OLDEST].contains(&narrowing.sort.as_str()) {
        narrowing.sort.clear();
    }
    let mut chrome = page.chrome_at(Section::Elsewhere, &narrowing.address()).crumb("首页", "/").here("搜索");
    chrome.query = narrowing.text.clone();
    html(&SearchPage::read(&app, chrome, &narrowing, number.min(LAST_PAGE)).await?)
}

/// By 生成日期 in the address.
const NEWEST: &str = "newest";
const OLDEST: &str = "oldest";

/// What can be narrowed by here, and what search calls it.
const NARROWED: [(By, search::By); 6] = [
    (By::Agency, search::By::Agency),
    (By::Category, search::By::Category),
    (By::Theme, search::By::Theme),
    (By::Genre, search::By::Genre),
    (By::Year, search::By::Year),
    (By::Validity, search::By::Validity),
];

/// The query of a search, read from the address.
pub(crate) fn asked(narrowing: &Narrowing, number: u64, limit: u64) -> Query {
    let some = |day: &str| Some(day.to_owned()).filter(|day| !day.is_empty());
    let query = Query {
        text: narrowing.text.clone(),
        from: some(&narrowing.from),
        until: some(&narrowing.until),
        order: match narrowing.sort.as_str() {
            NEWEST => Order::Newest,
            OLDEST => Order::Oldest,
            _ => Order::Relevance,
        },
        offset: usize::try_from((number - 1) * limit).unwrap_or(0),
        limit: usize::try_from(limit).unwrap_or(20),
        ..Query::default()
    };
    NARROWED.into_iter().fold(query, |query, (by, known)| query.narrowed(known, narrowing.some(by)))
}

/// Where in an attachment: the browser opens a PDF at the page.
fn in_attachment(entry: &str, found: InAttachment) -> Link {
    let page = found.place.strip_prefix("第 ").and_then(|rest| rest.strip_suffix(" 页"));
    let fragment = page.map(|page| format!("#page={page}")).unwrap_or_default();
    let place = if found.place.is_empty() { String::new() } else { format!("，{}", found.place) };
    Link::new(format!("附件 {}{place}", found.name), format!("{entry}/files/{}{fragment}", found.id))
}

fn marked(pieces: Vec<Piece>) -> Vec<Segment> {
    pieces.into_iter().map(|piece| Segment { text: piece.text, is_hit: piece.is_hit }).collect()
}

impl Hit {
    fn of(hit: search::Hit) -> Hit {
        let row = hit.row;
        let address = entry_address(&row.index_number);
        Hit {
            title: marked(hit.title),
            extract: marked(hit.extract),
            entry: EntryLine {
                href: address.clone(),
                title: row.title,
                index_number: row.index_number,
                document_number: row.document_number.unwrap_or_default(),
                agency: row.agency_name,
                made_on: row.made_on,
                published_on: day(&row.first_released_at),
                validity: validity_to_know(row.validity.as_deref()),
            },
            attachment: hit.attachment.map(|found| in_attachment(&address, found)),
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
        let agencies = app.agencies().await?;
        let is_asked = !narrowing.text.trim().is_empty() || narrowing.is_narrowed();
        let found = match is_asked {
            true => app.search.find(&app.db, &asked(narrowing, number, PER_PAGE)).await?,
            false => Found::default(),
        };
        let facet = |by: By, counts: &[Count]| {
            narrowing
                .facet(by, counts.iter().map(|c| (c.code.clone(), words(&agencies, by, &c.code), c.hits)))
        };
        let facets = NARROWED.iter().map(|(by, known)| facet(*by, &found.facets[*known as usize]));
        let order = |label: &str, sort: &str| Tab {
            label: label.into(),
            href: narrowing.sorted(sort).address(),
            is_current: narrowing.sort == sort,
            count: None,
        };
        let besides = (!found.synonyms.is_empty()).then(|| {
            let exact = narrowing.searching(&format!("\"{}\"", narrowing.text.trim()));
            (found.synonyms.join("、"), Link::new("只按原样找", exact.address()))
        });
        let suggestions = found
            .suggestions
            .iter()
            .map(|text| Link::new(text.clone(), narrowing.widened().searching(text).address()))
            .collect();
        Ok(SearchPage {
            chrome,
            query: narrowing.text.clone(),
            chosen: narrowing.chosen(|by, value| words(&agencies, by, value)),
            facets: facets.filter(|facet| !facet.options.is_empty()).collect(),
            hits: found.hits.into_iter().map(Hit::of).collect(),
            total: grouped(found.total),
            pager: Pager {
                page: number,
                per_page: PER_PAGE,
                total: found.total.min(LAST_PAGE * PER_PAGE),
                href: narrowing.page_address(),
            },
            orders: vec![order("最相关", ""), order("最新", NEWEST), order("最早", OLDEST)],
            days: vec![
                Field::date("from", "生成日期从").value(&narrowing.from),
                Field::date("until", "到").value(&narrowing.until),
            ],
            kept: narrowing.kept(),
            besides,
            is_pinyin: found.is_pinyin,
            subscribe: narrowing.address().replacen("/search", "/subscriptions/new", 1),
            feed: narrowing.address().replacen("/search", "/search.atom", 1),
            suggestions,
            widened: narrowing
                .is_narrowed()
                .then(|| Link::new("去掉筛选条件", narrowing.widened().address())),
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
                attachment: (i == 2).then(|| {
                    Link::new("附件 改造对象名单.pdf，第 3 页", "/entries/QHMZ/2026-00003/files/1#page=3")
                }),
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
            orders: vec![Tab {
                label: "最相关".into(),
                href: "/search".into(),
                is_current: true,
                count: None,
            }],
            days: vec![Field::date("from", "生成日期从"), Field::date("until", "到")],
            kept: vec![("q", "农村危房改造".into())],
            besides: Some(("危改".into(), Link::new("只按原样找", "/search"))),
            is_pinyin: false,
            subscribe: "/subscriptions/new?q=1".into(),
            feed: "/search.atom?q=1".into(),
            suggestions: vec![],
            widened: None,
        }
    }

    /// Words that are nowhere.
    pub fn sample_empty() -> Self {
        let mut page = Self::sample();
        page.hits.clear();
        page.facets.clear();
        page.pager.total = 0;
        page.suggestions = vec![Link::new("农村危房改造", "/search?q=农村危房改造")];
        page
    }
}
