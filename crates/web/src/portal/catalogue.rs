//! 政府信息公开目录 — everything disclosed, by agency, statutory item and year. 《条例》第十二条.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use gongkai_disclosure::catalogue;
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::publishing::public::{self, Filter, Page, PublicAgency, Sort};

use super::entries::EntryLine;
use super::narrowing::{By, Narrowing};
use super::wording::{category_with_provision, entry_line, genre, short_category, theme, validity};
use crate::components::{Facet, FacetOption, Link, Pager, Tab};
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::{PageContext, kept};
use crate::page::{Chrome, Section};
use crate::page_cache::Shows;
use crate::state::App;

const PER_PAGE: i64 = 20;

/// 按生成日期 in the address.
const BY_MADE: &str = "made";

#[derive(Debug, Clone, Template)]
#[template(path = "portal/catalogue.html")]
pub struct CataloguePage {
    pub chrome: Chrome,
    /// 公开目录, or the one thing it was narrowed to.
    pub heading: String,
    /// What the narrowing means, or what the catalogue is.
    pub explanation: String,
    /// What the list was narrowed by; each link takes it away.
    pub chosen: Vec<Link>,
    pub facets: Vec<Facet>,
    /// The orders the list can be in.
    pub orders: Vec<Tab>,
    pub entries: Vec<EntryLine>,
    pub pager: Pager,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    uri: Uri,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let (mut narrowing, number) = Narrowing::read("/catalogue", &query);
    narrowing.text.clear();
    (narrowing.from, narrowing.until) = Default::default();
    if narrowing.sort != BY_MADE {
        narrowing.sort.clear();
    }
    let address =
        if number == 1 { narrowing.address() } else { format!("{}{number}", narrowing.page_address()) };
    kept(&page, &asked, &address, async {
        let chrome = page.chrome_at(Section::Catalogue, &address);
        let catalogue = CataloguePage::read(&app, chrome, &narrowing, number).await?;
        Ok((catalogue.render()?, Shows::Entries))
    })
    .await
}

/// The words of what a list is narrowed by.
pub(crate) fn words(agencies: &[PublicAgency], by: By, value: &str) -> String {
    match by {
        By::Agency => agencies
            .iter()
            .find(|agency| agency.code == value)
            .map_or(value, |agency| &agency.name)
            .to_owned(),
        By::Category => short_category(value),
        By::Theme => theme(value),
        By::Genre => genre(value),
        By::Year => format!("{value} 年"),
        By::Validity => validity(Some(value)).map_or_else(|| value.to_owned(), |(_, tag)| tag.label),
        By::Line => "目录栏目".to_owned(),
    }
}

/// The line of an agency's catalogue that the list was narrowed to.
async fn line_of(conn: &mut Conn, filter: &Filter) -> Result<Option<catalogue::PublicLine>, PageError> {
    if filter.line_id.is_empty() || filter.agency_code.is_empty() {
        return Ok(None);
    }
    let lines = catalogue::public_lines(conn, &filter.agency_code).await?;
    Ok(lines.into_iter().find(|line| line.id == filter.line_id))
}

/// What the one chosen thing means.
fn narrowed_to(narrowing: &Narrowing) -> String {
    match narrowing.some(By::Category) {
        Some(category) => category_with_provision(&category),
        None => "只列出符合这一条件的信息。".to_owned(),
    }
}

impl CataloguePage {
    async fn read(
        app: &App,
        chrome: Chrome,
        narrowing: &Narrowing,
        number: u64,
    ) -> Result<CataloguePage, PageError> {
        let filter = Filter {
            agency_code: narrowing.get(By::Agency).to_owned(),
            category: narrowing.get(By::Category).to_owned(),
            year: narrowing.get(By::Year).to_owned(),
            genre: narrowing.get(By::Genre).to_owned(),
            line_id: narrowing.get(By::Line).to_owned(),
            validity: narrowing.get(By::Validity).to_owned(),
            theme: narrowing.get(By::Theme).to_owned(),
            sort: if narrowing.sort == BY_MADE { Sort::Made } else { Sort::Released },
        };
        let mut conn = app.db.read().await?;
        let agencies = public::agencies(&mut conn).await?;
        let mut number = i64::try_from(number).unwrap_or(1);
        let listing = app.listing(&mut conn, &filter).await?;
        // A page past the end is the last one.
        number = number.min(((listing.total + PER_PAGE - 1) / PER_PAGE).max(1));
        let lines = public::lines(&mut conn, &filter, Page::new(number, PER_PAGE), Some(&listing)).await?;
        let line = line_of(&mut conn, &filter).await?;
        drop(conn);

        let label = |by: By, value: &str| match (by, &line) {
            (By::Line, Some(line)) => line.title.clone(),
            _ => words(&agencies, by, value),
        };
        let facet = |by: By, values: &[public::Facet]| {
            narrowing.facet(by, values.iter().map(|f| (f.value.clone(), label(by, &f.value), f.hits())))
        };
        let facets = [
            facet(By::Agency, &listing.agencies),
            facet(By::Category, &listing.categories),
            facet(By::Year, &listing.years),
            facet(By::Theme, &listing.themes),
            facet(By::Genre, &listing.genres),
            facet(By::Validity, &listing.validities),
        ];
        let chosen = narrowing.chosen(label);
        let order = |title: &str, sort: &str| Tab {
            label: title.into(),
            href: narrowing.sorted(sort).address(),
            is_current: narrowing.sort == sort,
            count: None,
        };
        let (heading, explanation) = match (&line, &chosen[..]) {
            (Some(line), _) => (line.title.clone(), line.elements.clone()),
            (None, [one]) => (one.label.clone(), narrowed_to(narrowing)),
            _ => ("公开目录".to_owned(), "本级各机关主动公开的全部政府信息。".to_owned()),
        };
        Ok(CataloguePage {
            chrome: match heading.as_str() {
                "公开目录" => chrome.crumb("首页", "/").here("公开目录"),
                _ => chrome.crumb("首页", "/").crumb("公开目录", "/catalogue").here(&heading),
            },
            heading,
            explanation,
            chosen,
            facets: facets.into_iter().filter(|facet| !facet.options.is_empty()).collect(),
            orders: vec![order("按公开日期", ""), order("按生成日期", BY_MADE)],
            entries: lines.into_iter().map(entry_line).collect(),
            pager: Pager {
                page: number.unsigned_abs(),
                per_page: PER_PAGE.unsigned_abs(),
                total: listing.total.unsigned_abs(),
                href: narrowing.page_address(),
            },
        })
    }

    pub fn sample() -> Self {
        let option = |label: &str, count, is_chosen| FacetOption {
            label: label.into(),
            count,
            href: "/catalogue".into(),
            is_chosen,
        };
        CataloguePage {
            chrome: Chrome::sample(Section::Catalogue).crumb("首页", "/").here("公开目录"),
            heading: "公开目录".into(),
            explanation: "本区各机关主动公开的全部政府信息，按公开日期排列。".into(),
            chosen: vec![Link::new("2025 年", "/catalogue")],
            facets: vec![
                Facet {
                    title: "发文机关".into(),
                    shown: 6,
                    options: vec![
                        option("区人民政府办公室", 412, false),
                        option("区财政局", 206, false),
                        option("区卫生健康局", 161, false),
                        option("云溪镇", 133, false),
                        option("柳湾镇", 127, false),
                        option("石桥镇", 124, false),
                        option("城东街道", 123, false),
                    ],
                },
                Facet {
                    title: "法定公开事项".into(),
                    shown: 8,
                    options: vec![
                        option("规章和规范性文件", 61, false),
                        option("机关职能", 22, false),
                        option("规划", 9, false),
                        option("统计信息", 74, false),
                        option("行政许可和管理服务", 188, false),
                        option("行政处罚、行政强制", 91, false),
                        option("财政预算、决算", 98, false),
                        option("行政事业性收费", 14, false),
                        option("政府集中采购", 46, false),
                        option("重大建设项目", 83, false),
                        option("民生政策", 271, false),
                    ],
                },
                Facet {
                    title: "公开年度".into(),
                    shown: 4,
                    options: vec![option("2025", 1286, true), option("2024", 1928, false)],
                },
            ],
            orders: vec![
                Tab {
                    label: "按公开日期".into(), href: "/catalogue".into(), is_current: true, count: None
                },
                Tab {
                    label: "按生成日期".into(),
                    href: "/catalogue?sort=made".into(),
                    is_current: false,
                    count: None,
                },
            ],
            entries: EntryLine::samples(),
            pager: Pager { page: 1, per_page: 20, total: 1286, href: "/catalogue?year=2025&page=".into() },
        }
    }

    /// A narrowing that leaves nothing.
    pub fn sample_empty() -> Self {
        let mut page = Self::sample();
        page.chosen.push(Link::new("行政事业性收费", "/catalogue?year=2025"));
        page.entries.clear();
        page.pager.total = 0;
        page
    }
}
