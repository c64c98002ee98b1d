//! 政府信息公开制度 — what binds the disclosure work itself: the law, and the rules each agency has made for it.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use gongkai_disclosure::publishing::Genre;
use gongkai_disclosure::publishing::public::{self, Filter, Page};

use super::entries::EntryLine;
use super::wording::entry_line;
use crate::errors::PageError;
use crate::html::{PageContext, kept};
use crate::page::{Chrome, Section};
use crate::page_cache::Shows;
use crate::state::App;

/// So many stand on the page; the rest is in the catalogue.
const SHOWN: i64 = 100;

/// The law of disclosure, in the order of its rank: title, and who made it when.
const LAW: [(&str, &str); 4] = [
    ("中华人民共和国政府信息公开条例", "2007年4月5日国务院令第492号公布，2019年4月3日国务院令第711号修订"),
    ("政府信息公开信息处理费管理办法", "国办函〔2020〕109号，2021年1月1日起施行"),
    ("中华人民共和国政府信息公开工作年度报告格式", "国办公开办函〔2021〕30号"),
    ("关于规范政府信息公开平台有关事项的通知", "国办公开办函〔2019〕61号"),
];

#[derive(Debug, Clone, Template)]
#[template(path = "portal/rules.html")]
pub struct RulesPage {
    pub chrome: Chrome,
    pub law: &'static [(&'static str, &'static str)],
    pub rules: Vec<EntryLine>,
    /// The same list in the catalogue.
    pub all: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    kept(&page, &asked, "/rules", async {
        let filter = Filter { genre: Genre::DisclosureRules.code().into(), ..Filter::default() };
        let lines = public::lines(&mut *app.db.read().await?, &filter, Page::new(1, SHOWN), None).await?;
        let chrome = page.chrome_at(Section::Rules, "/rules");
        Ok((RulesPage::of(chrome, lines.into_iter().map(entry_line).collect()).render()?, Shows::Entries))
    })
    .await
}

impl RulesPage {
    fn of(chrome: Chrome, rules: Vec<EntryLine>) -> RulesPage {
        RulesPage {
            chrome: chrome.crumb("首页", "/").here("公开制度"),
            law: &LAW,
            rules,
            all: format!("/catalogue?genre={}", Genre::DisclosureRules.code()),
        }
    }

    pub fn sample() -> Self {
        RulesPage::of(Chrome::sample(Section::Rules), EntryLine::samples())
    }

    pub fn sample_empty() -> Self {
        RulesPage::of(Chrome::sample(Section::Rules), Vec::new())
    }
}
