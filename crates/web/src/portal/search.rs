//! 搜索 — full text over what is disclosed, attachments included.

use askama::Template;

use super::catalogue::CataloguePage;
use super::entries::EntryLine;
use crate::components::{Facet, Link, Pager, Segment, segments};
use crate::page::{Chrome, Section};

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
    pub pager: Pager,
}

impl SearchPage {
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
            pager: Pager {
                page: 1, per_page: 20, total: 3, href: "/search?q=农村危房改造&page=".into()
            },
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
