//! 政策库 — policy documents with what explains them, whether they are in force, and whom to ask. 《条例》第二十条第一、三项.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use gongkai_disclosure::publishing::public::{self, Filter, Page, PublicAgency};
use gongkai_disclosure::registers::public::explained_by;

use super::catalogue::words;
use super::entries::EntryLine;
use super::narrowing::{By, Narrowing};
use super::wording::{entry_address, entry_line};
use crate::components::{Facet, Link, Pager, Tab};
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::{PageContext, kept};
use crate::page::{Chrome, Section};
use crate::page_cache::Shows;
use crate::state::App;

const PER_PAGE: i64 = 20;

/// What stands in the library; the first is shown when nothing is chosen.
const GENRES: [(&str, &str); 3] =
    [("normative_document", "行政规范性文件"), ("policy", "政策文件"), ("interpretation", "政策解读")];

/// A policy with what a reader does next: read what explains it, or ask.
#[derive(Debug, Clone)]
pub struct PolicyRow {
    pub entry: EntryLine,
    pub explained_by: Vec<Link>,
    /// 咨询电话 and 地址 of the agency that issued it.
    pub phone: String,
    pub office: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/policies.html")]
pub struct PoliciesPage {
    pub chrome: Chrome,
    pub tabs: Vec<Tab>,
    pub chosen: Vec<Link>,
    pub facets: Vec<Facet>,
    pub rows: Vec<PolicyRow>,
    pub pager: Pager,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    uri: Uri,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let (narrowing, number) = Narrowing::read("/policies", &query);
    let known = GENRES.iter().find(|(code, _)| *code == narrowing.get(By::Genre));
    let (genre, _) = known.unwrap_or(&GENRES[0]);
    let narrowing = [By::Agency, By::Year, By::Validity]
        .into_iter()
        .fold(narrowing.emptied(), |list, by| list.with(by, narrowing.get(by)))
        .with(By::Genre, genre);
    let address = format!("{}{number}", narrowing.page_address());
    kept(&page, &asked, &address, async {
        let chrome = page.chrome_at(Section::Catalogue, &address).crumb("首页", "/").here("政策库");
        Ok((PoliciesPage::read(&app, chrome, &narrowing, number).await?.render()?, Shows::Entries))
    })
    .await
}

impl PoliciesPage {
    async fn read(
        app: &App,
        chrome: Chrome,
        narrowing: &Narrowing,
        number: u64,
    ) -> Result<PoliciesPage, PageError> {
        let filter = Filter {
            agency_code: narrowing.get(By::Agency).to_owned(),
            year: narrowing.get(By::Year).to_owned(),
            validity: narrowing.get(By::Validity).to_owned(),
            genre: narrowing.get(By::Genre).to_owned(),
            ..Filter::default()
        };
        let mut conn = app.db.read().await?;
        let agencies = public::agencies(&mut conn).await?;
        let listing = app.listing(&mut conn, &filter).await?;
        let number =
            i64::try_from(number).unwrap_or(1).min(((listing.total + PER_PAGE - 1) / PER_PAGE).max(1));
        let mut rows = Vec::new();
        for line in public::lines(&mut conn, &filter, Page::new(number, PER_PAGE), Some(&listing)).await? {
            let explained = explained_by(&mut conn, &line.id).await?;
            let agency = agencies.iter().find(|agency| agency.code == line.agency_code);
            let of = |field: fn(&PublicAgency) -> &String| agency.map(field).cloned().unwrap_or_default();
            rows.push(PolicyRow {
                phone: of(|agency| &agency.phone),
                office: of(|agency| &agency.address),
                explained_by: explained
                    .into_iter()
                    .map(|other| Link::new(other.title, entry_address(&other.index_number)))
                    .collect(),
                entry: entry_line(line),
            });
        }
        drop(conn);
        let label = |by: By, value: &str| words(&agencies, by, value);
        let facet = |by: By, values: &[public::Facet]| {
            narrowing.facet(by, values.iter().map(|f| (f.value.clone(), label(by, &f.value), f.hits())))
        };
        let facets = [
            facet(By::Agency, &listing.agencies),
            facet(By::Year, &listing.years),
            facet(By::Validity, &listing.validities),
        ];
        let tabs = GENRES.iter().map(|(code, title)| Tab {
            label: (*title).into(),
            href: narrowing.with(By::Genre, code).address(),
            is_current: narrowing.get(By::Genre) == *code,
            count: listing.genres.iter().find(|genre| genre.value == *code).map(public::Facet::hits),
        });
        Ok(PoliciesPage {
            chrome,
            tabs: tabs.collect(),
            chosen: narrowing.with(By::Genre, "").chosen(label),
            facets: facets.into_iter().filter(|facet| !facet.options.is_empty()).collect(),
            rows,
            pager: Pager {
                page: number.unsigned_abs(),
                per_page: PER_PAGE.unsigned_abs(),
                total: listing.total.unsigned_abs(),
                href: narrowing.page_address(),
            },
        })
    }

    pub fn sample() -> Self {
        let rows = EntryLine::samples().into_iter().enumerate().map(|(i, entry)| PolicyRow {
            entry,
            explained_by: if i == 0 {
                vec![Link::new("《农村危房改造补助资金管理办法》图解", "/entries/QHMZ/2026-00009")]
            } else {
                Vec::new()
            },
            phone: "0990-1234567".into(),
            office: "青禾区府前路1号".into(),
        });
        PoliciesPage {
            chrome: Chrome::sample(Section::Catalogue).crumb("首页", "/").here("政策库"),
            tabs: GENRES
                .iter()
                .enumerate()
                .map(|(i, (_, title))| Tab {
                    label: (*title).into(),
                    href: "/policies".into(),
                    is_current: i == 0,
                    count: Some(3),
                })
                .collect(),
            chosen: vec![],
            facets: vec![],
            rows: rows.collect(),
            pager: Pager { page: 1, per_page: 20, total: 3, href: "/policies?page=".into() },
        }
    }

    pub fn sample_empty() -> Self {
        let mut page = Self::sample();
        page.rows.clear();
        page.pager.total = 0;
        page
    }
}
