//! 政府公报 — issues with their contents, to read and to download; back issues stay.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::gazette::{self, PublicIssue, PublicItem};
use gongkai_typeset::Writing;

use super::wording::entry_address;
use crate::components::Link;
use crate::errors::PageError;
use crate::forms::encode;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::paper::download_writing;
use crate::state::App;

/// An issue in the list.
#[derive(Debug, Clone)]
pub struct IssueRow {
    pub title: String,
    pub href: String,
    pub published_on: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/gazette/list.html")]
pub struct GazettePage {
    pub chrome: Chrome,
    /// By year, newest first.
    pub years: Vec<(i64, Vec<IssueRow>)>,
}

/// A document in an issue.
#[derive(Debug, Clone)]
pub struct IssueItem {
    pub anchor: String,
    pub title: String,
    pub document_number: String,
    pub agency: String,
    pub href: String,
    /// Already cleaned.
    pub body_html: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/gazette/issue.html")]
pub struct IssuePage {
    pub chrome: Chrome,
    pub title: String,
    pub published_on: String,
    pub items: Vec<IssueItem>,
    pub downloads: Vec<Link>,
}

fn title(issue: &PublicIssue) -> String {
    format!("{}公报　{} 年第 {} 期", issue.agency_name.trim_end_matches("办公室"), issue.year, issue.number)
}

fn address(issue: &PublicIssue) -> String {
    format!("/gazette/{}/{}/{}", encode(&issue.agency_code), issue.year, issue.number)
}

pub(crate) async fn list(State(app): State<App>, page: PageContext) -> Result<impl IntoResponse, PageError> {
    let issues = gazette::public_issues(&mut *app.db.read().await?).await?;
    let mut years: Vec<(i64, Vec<IssueRow>)> = Vec::new();
    for issue in issues {
        let row = IssueRow {
            title: title(&issue),
            href: address(&issue),
            published_on: issue.published_on.clone(),
        };
        match years.last_mut() {
            Some((year, rows)) if *year == issue.year => rows.push(row),
            _ => years.push((issue.year, vec![row])),
        }
    }
    html(&GazettePage {
        chrome: page.chrome(Section::Catalogue).crumb("首页", "/").here("政府公报"), years
    })
}

async fn found(
    app: &App,
    (agency, year, number): (&str, &str, &str),
) -> Result<(PublicIssue, Vec<PublicItem>), PageError> {
    let (Ok(year), Ok(number)) = (year.parse(), number.parse()) else { return Err(PageError::NotFound) };
    let mut conn = app.db.read().await?;
    let issue = gazette::public_issue(&mut conn, agency, year, number).await?.ok_or(PageError::NotFound)?;
    let items = gazette::public_items(&mut conn, &issue.id).await?;
    Ok((issue, items))
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Path((agency, year, number)): Path<(String, String, String)>,
) -> Result<impl IntoResponse, PageError> {
    let (issue, items) = found(&app, (&agency, &year, &number)).await?;
    let address = address(&issue);
    html(&IssuePage {
        chrome: page
            .chrome(Section::Catalogue)
            .crumb("首页", "/")
            .crumb("政府公报", "/gazette")
            .here(format!("{} 年第 {} 期", issue.year, issue.number)),
        title: title(&issue),
        published_on: issue.published_on.clone(),
        items: (1..).zip(items).map(|(n, item)| IssueItem::of(n, item)).collect(),
        downloads: Writing::formats()
            .map(|format| {
                let end = format.extension();
                Link::new(format!("下载{}", format.label()), format!("{address}/download/{end}"))
            })
            .collect(),
    })
}

/// The whole issue as one file: title, contents, and every document from its number to its end.
pub(crate) async fn download(
    State(app): State<App>,
    Path((agency, year, number, format)): Path<(String, String, String, String)>,
) -> Result<Response, PageError> {
    let (issue, items) = found(&app, (&agency, &year, &number)).await?;
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let title = title(&issue).replace('　', "");
    let mut text = format!(
        "<div class=\"document-head\"><h2>{}</h2><p>{} 出刊</p></div>\n<h3>目录</h3>\n",
        escaped(&title),
        issue.published_on
    );
    for (n, item) in (1..).zip(&items) {
        text.push_str(&format!("<p>{n}. {}</p>\n", escaped(&item.title)));
    }
    for item in &items {
        let number = item.document_number.as_deref().unwrap_or_default();
        text.push_str(&format!(
            "<div class=\"document-head\"><h2>{}</h2><p>{}</p></div>\n{}\n",
            escaped(&item.title),
            escaped(number),
            item.body_html
        ));
    }
    let writing = Writing::of_html(&title, &issue.agency_name, &text);
    let made_on = issue.published_on.parse().map_err(anyhow::Error::from)?;
    download_writing(&app, writing, &format, made_on).await
}

impl IssueItem {
    fn of(number: usize, item: PublicItem) -> IssueItem {
        IssueItem {
            anchor: format!("item-{number}"),
            href: entry_address(&item.index_number),
            title: item.title,
            document_number: item.document_number.unwrap_or_default(),
            agency: item.agency_name,
            body_html: item.body_html,
        }
    }
}

impl GazettePage {
    pub fn sample() -> GazettePage {
        let row = IssueRow {
            title: "青禾区人民政府公报　2026 年第 1 期".into(),
            href: "/gazette/qinghe/2026/1".into(),
            published_on: "2026-03-31".into(),
        };
        GazettePage {
            chrome: Chrome::sample(Section::Catalogue).crumb("首页", "/").here("政府公报"),
            years: vec![(2026, vec![row])],
        }
    }

    pub fn sample_empty() -> GazettePage {
        GazettePage { years: Vec::new(), ..GazettePage::sample() }
    }
}

impl IssuePage {
    pub fn sample() -> IssuePage {
        IssuePage {
            chrome: Chrome::sample(Section::Catalogue).crumb("首页", "/").here("2026 年第 1 期"),
            title: "青禾区人民政府公报　2026 年第 1 期".into(),
            published_on: "2026-03-31".into(),
            items: vec![IssueItem {
                anchor: "item-1".into(),
                title: "青禾区养老服务补贴办法".into(),
                document_number: "青禾政规〔2026〕1号".into(),
                agency: "青禾区人民政府办公室".into(),
                href: "/entries/qinghe/2026-00001".into(),
                body_html: "<p>各镇人民政府：</p>".into(),
            }],
            downloads: vec![Link::new("下载PDF 文档", "/gazette/qinghe/2026/1/download/pdf")],
        }
    }
}
