//! 开放数据 — how programs read this site: the interface, the whole files, the feeds; every example is run by a test.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::api::{Operation, operations};
use crate::components::Link;
use crate::errors::PageError;
use crate::html::{PageContext, kept};
use crate::page::{Chrome, Section};
use crate::page_cache::Shows;
use crate::state::App;

/// Something to try, with what it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    pub title: &'static str,
    pub words: &'static str,
    /// `GET` and the address, below this site.
    pub path: &'static str,
    /// What the answer is, in the end.
    pub media_type: &'static str,
}

/// Every one of them is asked in a test, of a site with entries.
pub const EXAMPLES: [Example; 7] = [
    Example {
        title: "最新公开的 10 条",
        words: "答复中的 next 是下一页的地址；为 null 时没有下一页。",
        path: "/api/v1/entries?limit=10",
        media_type: "application/json",
    },
    Example {
        title: "2026 年公开的通知公告",
        words: "from、to 是公开日期。",
        path: "/api/v1/entries?genre=notice&from=2026-01-01&to=2026-12-31",
        media_type: "application/json",
    },
    Example {
        title: "上次同步以后的变动",
        words: "记下上次同步的时刻，只取之后公开或者更新过的。",
        path: "/api/v1/entries?changed_since=2026-11-01T00%3A00%3A00%2B08%3A00",
        media_type: "application/json",
    },
    Example {
        title: "检索",
        words: "与网页上的检索相同。",
        path: "/api/v1/search?q=%E5%8C%BB%E7%96%97%E4%BF%9D%E9%99%A9",
        media_type: "application/json",
    },
    Example {
        title: "现行有效的规范性文件",
        words: "ended 是已经废止、失效的。",
        path: "/api/v1/documents?standing=in_force",
        media_type: "application/json",
    },
    Example {
        title: "全部公开信息，一个表格",
        words: "用表格软件打开即可；程序用 entries.jsonl 更方便。",
        path: "/api/v1/downloads/entries.csv",
        media_type: "text/csv; charset=utf-8",
    },
    Example {
        title: "核对下载是否完整",
        words: "与 sha256sum 的格式相同。",
        path: "/api/v1/downloads/entries.csv.sha256",
        media_type: "text/plain; charset=utf-8",
    },
];

/// One way to ask, in words.
#[derive(Debug, Clone)]
pub struct OperationRow {
    pub method: &'static str,
    pub path: &'static str,
    pub summary: &'static str,
    pub words: &'static str,
    /// Name and words.
    pub parameters: Vec<(&'static str, &'static str)>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/data.html")]
pub struct DataPage {
    pub chrome: Chrome,
    pub groups: Vec<(&'static str, Vec<OperationRow>)>,
    pub examples: &'static [Example],
    pub feeds: Vec<Link>,
    /// Code, status, words.
    pub problems: [(&'static str, u16, &'static str); 9],
}

/// What can go wrong, by the code in the answer.
const PROBLEMS: [(&str, u16, &str); 9] = [
    ("invalid_parameters", 400, "参数有误，errors 逐项说明。"),
    ("unauthorized", 401, "没有令牌，或者令牌无效、过期、已撤销。"),
    ("forbidden", 403, "令牌没有这个权限。"),
    ("not_found", 404, "没有找到，或者还没有公开。"),
    ("method_not_allowed", 405, "这个网址不接受这种请求方法。"),
    ("idempotency_conflict", 409, "这个幂等键已经用于另一份内容。"),
    ("withdrawn", 410, "这条信息已撤回，detail 说明原因。"),
    ("refused", 422, "内容不合要求，errors 逐项说明。"),
    ("unexpected", 500, "系统出了问题，请稍后再试。"),
];

pub(crate) async fn show(
    State(_app): State<App>,
    page: PageContext,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    kept(&page, &asked, "/api", async {
        let chrome = page.chrome_at(Section::Elsewhere, "/api");
        Ok((DataPage::of(chrome).render()?, Shows::Entries))
    })
    .await
}

impl DataPage {
    fn of(chrome: Chrome) -> DataPage {
        let row = |operation: &Operation| OperationRow {
            method: operation.method,
            path: operation.path,
            summary: operation.summary,
            words: operation.words,
            parameters: operation.parameters.iter().map(|p| (p.name, p.words)).collect(),
        };
        let groups = ["阅读", "下载", "报送"].into_iter().map(|group| {
            (group, operations().iter().filter(|operation| operation.group == group).map(row).collect())
        });
        DataPage {
            chrome: chrome.crumb("首页", "/").here("开放数据"),
            groups: groups.filter(|(_, rows): &(_, Vec<OperationRow>)| !rows.is_empty()).collect(),
            examples: &EXAMPLES,
            feeds: vec![
                Link::new("全站最新公开", "/feed.xml"),
                Link::new("各机关的最新公开：机关页面的地址后面加 /feed.xml", "/api/v1/agencies"),
                Link::new("站点地图", "/sitemap.xml"),
            ],
            problems: PROBLEMS,
        }
    }

    pub fn sample() -> Self {
        DataPage::of(Chrome::sample(Section::Elsewhere))
    }
}
