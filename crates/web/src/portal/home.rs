//! 首页 — what is new, what there is, how to ask for more.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use gongkai_disclosure::publishing::public::{self, Facet, Filter};
use gongkai_statute::duties::{Category, CountyDuty, TownshipDuty};
use gongkai_statute::parameters::Parameter as P;
use jiff::civil::Date;

use super::annual_reports::{self, Published};
use super::entries::EntryLine;
use super::wording::{entry_line, number, place, short_category};
use crate::components::{Link, grouped};
use crate::errors::PageError;
use crate::forms::encode;
use crate::html::{PageContext, kept};
use crate::page::{Chrome, Section};
use crate::page_cache::Shows;
use crate::state::App;

/// So many of the newest entries stand on the page.
const NEWEST: i64 = 9;

/// One of the items of 《条例》第二十条 with how many entries it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryLine {
    /// （一）
    pub number: String,
    pub title: String,
    pub count: String,
    pub href: String,
}

/// A link with how many things are behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedLink {
    pub label: String,
    pub count: String,
    pub href: String,
}

/// One step of asking for information: what happens and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    pub title: String,
    pub text: String,
    /// 《条例》第三十三条
    pub citation: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/home.html")]
pub struct HomePage {
    pub chrome: Chrome,
    /// Short ways to what the Regulations name first; only what holds entries.
    pub shortcuts: Vec<Link>,
    /// The reply period in one sentence.
    pub clock: String,
    pub newest: Vec<EntryLine>,
    /// How many entries are disclosed in all: 3,214
    pub total: String,
    pub categories: Vec<CategoryLine>,
    pub agencies: Vec<CountedLink>,
    pub ways: Vec<Way>,
    pub annual_reports: Vec<CountedLink>,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    kept(&page, &asked, "/", async {
        let home = HomePage::read(&app, page.chrome_at(Section::Home, "/")).await?;
        Ok((home.render()?, Shows::Entries))
    })
    .await
}

/// How many entries a value holds.
fn count_of(facets: &[Facet], value: &str) -> u64 {
    facets.iter().find(|facet| facet.value == value).map_or(0, Facet::hits)
}

/// The items of article 20 with their counts, then what article 21 adds, where there is something.
fn categories(counts: &[Facet]) -> Vec<CategoryLine> {
    let line = |code: &str, number: String| CategoryLine {
        number,
        title: short_category(code),
        count: grouped(count_of(counts, code)),
        href: format!("/catalogue?category={}", encode(code)),
    };
    let of_article_20 = Category::ALL.iter().map(|category| {
        let place = category.citation().place();
        let numeral = place.rsplit_once('第').map_or("", |(_, item)| item.trim_end_matches('项'));
        line(category.code(), format!("（{numeral}）"))
    });
    // Two lists of article 21 share a few duties: each stands once, in the order of the article.
    let mut codes: Vec<&str> = Vec::new();
    for code in CountyDuty::ALL.iter().map(|d| d.code()).chain(TownshipDuty::ALL.iter().map(|d| d.code())) {
        if !codes.contains(&code) && count_of(counts, code) > 0 {
            codes.push(code);
        }
    }
    let of_article_21 = codes.into_iter().map(|code| line(code, "第21条".into()));
    of_article_20.chain(of_article_21).collect()
}

/// How a request goes, with the numbers of law that hold today.
fn ways(today: Date) -> Vec<Way> {
    let way = |title: &str, text: String, citation: String| Way { title: title.into(), text, citation };
    vec![
        way("先找一找", "多数信息已经公开，用标题、文号或索引号可以直接查到。".into(), String::new()),
        way(
            "提出申请",
            "写明姓名、联系方式和所需信息的名称或特征。可以网上提交，也可以当面或邮寄。".into(),
            "《条例》第二十九条".into(),
        ),
        way(
            "收到答复",
            format!(
                "{} 个工作日内答复；内容不明确的，{} 个工作日内一次性告知补正。",
                number(P::ReplyWorkingDays, today),
                number(P::SupplementNoticeWorkingDays, today)
            ),
            format!(
                "{}、{}",
                place(P::SupplementNoticeWorkingDays, today),
                place(P::ReplyWorkingDays, today)
            ),
        ),
        way(
            "不服可以救济",
            "对答复不服，可以依法申请行政复议或者提起行政诉讼，答复书会写明途径和期限。".into(),
            "《条例》第五十一条".into(),
        ),
    ]
}

/// The reply period in one sentence.
pub(crate) fn clock(today: Date) -> String {
    format!(
        "自收到申请之日起 {} 个工作日内答复；需要延长的，最多再延 {} 个工作日，并告知您。",
        number(P::ReplyWorkingDays, today),
        number(P::ExtensionWorkingDaysMax, today)
    )
}

/// The newest years with how many agencies have published.
fn years_of(reports: &[Published]) -> Vec<CountedLink> {
    annual_reports::years(reports)
        .into_iter()
        .take(4)
        .map(|year| CountedLink {
            label: format!("{year} 年度"),
            count: format!("{} 个机关", annual_reports::agencies_in(reports, year)),
            href: format!("/annual-reports?year={year}"),
        })
        .collect()
}

impl HomePage {
    async fn read(app: &App, chrome: Chrome) -> Result<HomePage, PageError> {
        let mut conn = app.db.read().await?;
        let listing = app.listing(&mut conn, &Filter::default()).await?;
        let newest = public::newest(&mut conn, NEWEST).await?;
        let agencies = public::agencies(&mut conn).await?;
        let reports = annual_reports::published(&mut conn).await?;
        drop(conn);
        let categories = categories(&listing.categories);
        let today = app.today();
        Ok(HomePage {
            chrome,
            shortcuts: categories
                .iter()
                .filter(|category| category.count != "0")
                .take(5)
                .map(|category| Link::new(&category.title, &category.href))
                .collect(),
            clock: clock(today),
            newest: newest.into_iter().map(entry_line).collect(),
            total: grouped(listing.total.unsigned_abs()),
            categories,
            agencies: agencies
                .into_iter()
                .map(|agency| CountedLink {
                    count: grouped(count_of(&listing.agencies, &agency.code)),
                    href: format!("/agencies/{}", encode(&agency.code)),
                    label: agency.name,
                })
                .collect(),
            ways: ways(today),
            annual_reports: years_of(&reports),
        })
    }

    pub fn sample() -> Self {
        let counts = [214, 96, 61, 148, 402, 187, 233, 41, 92, 176, 538, 87, 305, 29, 605];
        let titles = [
            "规章和规范性文件",
            "机关职能、机构设置、联系方式",
            "国民经济和社会发展规划",
            "国民经济和社会发展统计信息",
            "行政许可和其他对外管理服务事项",
            "行政处罚、行政强制",
            "财政预算、决算",
            "行政事业性收费",
            "政府集中采购",
            "重大建设项目",
            "教育、医疗、社会保障、就业等政策",
            "突发公共事件应急预案与预警",
            "环境、卫生、安全、食品药品监督检查",
            "公务员招考",
            "其他依法应当主动公开的信息",
        ];
        let numerals = [
            "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四",
            "十五",
        ];
        let categories = (1..)
            .zip(numerals)
            .zip(titles.into_iter().zip(counts))
            .map(|((item, numeral), (title, count)): ((u32, _), (_, u32))| CategoryLine {
                number: format!("（{numeral}）"),
                title: title.into(),
                count: count.to_string(),
                href: format!("/catalogue?item={item}"),
            })
            .collect();
        let counted = |label: &str, count: &str, href: &str| CountedLink {
            label: label.into(),
            count: count.into(),
            href: href.into(),
        };
        HomePage {
            chrome: Chrome::sample(Section::Home),
            shortcuts: [
                ("财政预算", "/catalogue?item=7"),
                ("规范性文件", "/catalogue?item=1"),
                ("行政许可", "/catalogue?item=5"),
                ("农村危房改造", "/search?q=农村危房改造"),
                ("义务教育", "/search?q=义务教育"),
            ]
            .map(|(label, href)| Link::new(label, href))
            .into(),
            clock: clock(jiff::civil::date(2025, 10, 9)),
            newest: EntryLine::samples(),
            total: "3,214".into(),
            categories,
            agencies: vec![
                counted("青禾区人民政府办公室", "1,204", "/catalogue?agency=office"),
                counted("青禾区财政局", "611", "/catalogue?agency=finance"),
                counted("青禾区卫生健康局", "413", "/catalogue?agency=health"),
                counted("云溪镇人民政府", "388", "/catalogue?agency=yunxi"),
                counted("柳湾镇人民政府", "301", "/catalogue?agency=liuwan"),
                counted("石桥镇人民政府", "297", "/catalogue?agency=shiqiao"),
            ],
            ways: ways(jiff::civil::date(2025, 10, 9)),
            annual_reports: vec![
                counted("2025 年度", "7 个机关", "/annual-reports?year=2025"),
                counted("2024 年度", "7 个机关", "/annual-reports?year=2024"),
            ],
        }
    }
}
