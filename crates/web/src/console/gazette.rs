//! 政府公报的编辑 — begin an issue, put public documents into it, publish it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{self, Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::gazette::{self, Issue, actions, keeps_one};

use super::records::choose_agency;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, close, form_again, html, redirect_with, refused};
use crate::page::{Chrome, Section};
use crate::portal::wording::entry_address;
use crate::state::App;

/// An issue in the list.
#[derive(Debug, Clone)]
pub struct IssueRow {
    pub title: String,
    pub href: String,
    pub items: i64,
    pub state: Tag,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/gazette/list.html")]
pub struct IssueListPage {
    pub chrome: Chrome,
    pub agency: String,
    pub rows: Vec<IssueRow>,
    pub may_begin: bool,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/gazette/issue.html")]
pub struct IssueEditPage {
    pub chrome: Chrome,
    pub title: String,
    pub state: Tag,
    pub action: String,
    /// Title, address, where it is taken out; empty when that cannot be.
    pub items: Vec<(String, String, String)>,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    /// Documents that stand in no issue yet: index number, title, day.
    pub candidates: Vec<(String, String, String)>,
}

fn title(issue: &Issue) -> String {
    format!("{} 年第 {} 期", issue.year, issue.number)
}

fn state(issue: &Issue) -> Tag {
    match &issue.published_on {
        Some(on) => Tag::new(Tone::Success, format!("{on} 出刊")),
        None => Tag::new(Tone::Warning, "编辑中"),
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let agency = choose_agency(&mut conn, &staff, "", P::ReadDrafts).await?.chosen;
    let rows = gazette::issues(&mut conn, &agency.id)
        .await?
        .iter()
        .map(|issue| IssueRow {
            title: title(issue),
            href: format!("/console/gazette/{}", issue.id),
            items: issue.items,
            state: state(issue),
        })
        .collect();
    html(&IssueListPage {
        chrome: page.chrome(Section::Registers).crumb("工作台", "/console").here("政府公报"),
        may_begin: keeps_one(&agency) && staff.may(P::DraftEntries, &agency.id),
        agency: agency.name,
        rows,
    })
}

pub(crate) async fn begin(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let id = actions::begin(&mut tx, &staff, &staff.agency.id).await?;
    tx.commit().await?;
    Ok(redirect_with(&format!("/console/gazette/{id}"), "新的一期已建立，请编入文件。"))
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    html(&IssueEditPage::read(&mut *app.db.read().await?, &page, &staff, &id, None).await?)
}

/// Puts a document in, takes one out, or publishes: the last word of the address says which.
pub(crate) async fn act(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path((id, act)): Path<(String, String)>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let (done, words) = match act.as_str() {
        "items" => {
            (refused(actions::add(&mut tx, &staff, &id, form.text("index_number")).await)?, "已编入。")
        }
        "removal" => (refused(actions::remove(&mut tx, &staff, &id, form.text("entry")).await)?, "已移出。"),
        "publication" => {
            (refused(actions::publish(&mut tx, &staff, &id).await)?.map(drop), "已出刊，公众可以阅读和下载。")
        }
        _ => return Err(PageError::NotFound),
    };
    match close(tx, done).await? {
        Ok(()) => Ok(redirect_with(&format!("/console/gazette/{id}"), words)),
        Err(errors) => {
            let mut conn = app.db.read().await?;
            let typed = Some((&form, &errors));
            form_again(&IssueEditPage::read(&mut conn, &page, &staff, &id, typed).await?)
        }
    }
}

fn fields() -> Vec<Field> {
    vec![
        Field::line("index_number", "文件的索引号")
            .required()
            .width("w-m")
            .hint("本级各机关已经公开的文件都可以编入，按编入的先后排列。"),
    ]
}

impl IssueEditPage {
    async fn read(
        conn: &mut Conn,
        page: &PageContext,
        staff: &Staff,
        id: &str,
        typed: Option<(&Fields, &FormErrors)>,
    ) -> Result<IssueEditPage, PageError> {
        let issue = gazette::issue(conn, id).await?.ok_or(PageError::NotFound)?;
        let agency = accounts::agency(conn, &issue.agency_id).await?.ok_or(PageError::NotFound)?;
        if !staff.may(P::ReadDrafts, &agency.id) {
            return Err(PageError::NotFound);
        }
        let is_open = issue.published_on.is_none() && staff.may(P::DraftEntries, &agency.id);
        let items = gazette::items(conn, id).await?;
        let candidates = if is_open { gazette::candidates(conn, 20).await? } else { Vec::new() };
        let fields = if is_open { fields() } else { Vec::new() };
        let fields = match typed {
            Some((form, errors)) => form.typed_into(fields, errors),
            None => fields,
        };
        let mut errors = ErrorSummary::of(&fields);
        if let Some((_, refused)) = typed {
            errors = refused.general.iter().fold(errors, |errors, words| errors.and(words.clone()));
        }
        Ok(IssueEditPage {
            chrome: page
                .chrome(Section::Registers)
                .crumb("工作台", "/console")
                .crumb("政府公报", "/console/gazette")
                .here(title(&issue)),
            title: format!("政府公报 {}", title(&issue)),
            state: state(&issue),
            action: format!("/console/gazette/{id}"),
            items: items
                .into_iter()
                .map(|item| {
                    let title = match item.is_public {
                        1 => item.title,
                        _ => format!("{}（已撤回，不再刊登）", item.title),
                    };
                    (
                        title,
                        entry_address(&item.index_number),
                        if is_open { item.entry_id } else { String::new() },
                    )
                })
                .collect(),
            fields,
            errors,
            candidates,
        })
    }

    pub fn sample() -> IssueEditPage {
        let fields = fields();
        IssueEditPage {
            chrome: Chrome::console_sample(Section::Registers)
                .crumb("工作台", "/console")
                .here("2026 年第 1 期"),
            title: "政府公报 2026 年第 1 期".into(),
            state: Tag::new(Tone::Warning, "编辑中"),
            action: "/console/gazette/1".into(),
            items: vec![("青禾区养老服务补贴办法".into(), "/entries/qinghe/2026-00001".into(), "1".into())],
            errors: ErrorSummary::of(&fields),
            fields,
            candidates: vec![("qinghe/2026-00002".into(), "青禾区防汛预案".into(), "2026-03-01".into())],
        }
    }
}

impl IssueListPage {
    pub fn sample() -> IssueListPage {
        IssueListPage {
            chrome: Chrome::console_sample(Section::Registers).crumb("工作台", "/console").here("政府公报"),
            agency: "青禾区人民政府办公室".into(),
            rows: vec![IssueRow {
                title: "2026 年第 1 期".into(),
                href: "/console/gazette/1".into(),
                items: 3,
                state: Tag::new(Tone::Warning, "编辑中"),
            }],
            may_begin: true,
        }
    }

    pub fn sample_empty() -> IssueListPage {
        IssueListPage { rows: Vec::new(), ..IssueListPage::sample() }
    }
}
