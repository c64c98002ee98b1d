//! The catalogue as a spreadsheet: out as it stands, in after a rehearsal that says what would change.

use askama::Template;
use axum::extract::{Multipart, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Agency, Permission as P};
use gongkai_disclosure::catalogue::sheet::{Rehearsal, read, rehearse, write};
use gongkai_disclosure::catalogue::{self, actions, category_codes, category_label};
use gongkai_disclosure::error::{Failure, Refusal};
use serde::Deserialize;

use crate::auth::Signed;
use crate::components::{ErrorSummary, Field};
use crate::console::entries::samples;
use crate::console::records::choose_agency;
use crate::errors::PageError;
use crate::forms::{Fields, encode};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::portal::entries::as_attachment;
use crate::state::App;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
}

pub(crate) async fn export(
    State(app): State<App>,
    signed: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let may = |agency: &Agency| signed.staff.may(P::ReadDrafts, &agency.id);
    let agency = choose_agency(&mut conn, &signed.staff, &chosen.agency, may).await?.chosen;
    let lines: Vec<_> =
        catalogue::lines(&mut conn, &agency.id).await?.iter().map(catalogue::Line::content).collect();
    let bytes = write(&agency.name, &lines).map_err(|error| PageError::Unexpected(error.into()))?;
    let name = as_attachment(&format!("{}公开目录.xlsx", agency.name));
    Ok(([(CONTENT_TYPE, XLSX.to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response())
}

/// What a file would do to the catalogue.
#[derive(Debug, Clone)]
pub struct Rehearsed {
    pub file_name: String,
    /// The hash the file is kept under until it is confirmed.
    pub file: String,
    pub category: String,
    pub rehearsal: Rehearsal,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/catalogue/import.html")]
pub struct ImportPage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_code: String,
    pub action: String,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    pub export_href: String,
    pub rehearsed: Option<Rehearsed>,
}

impl ImportPage {
    fn of(chrome: Chrome, agency: &Agency, csrf: &str) -> ImportPage {
        let code = encode(&agency.code);
        let categories = category_codes().map(|code| (code, category_label(code)));
        ImportPage {
            chrome: chrome.here("导入目录"),
            agency: agency.name.clone(),
            agency_code: agency.code.clone(),
            action: format!("/console/catalogue/import?agency={code}&csrf={}", encode(csrf)),
            fields: vec![
                Field::file("file", "目录表格", ".xlsx").single().required().hint(
                    "xlsx 格式。各领域标准目录的表格可以直接上传，合并的单元格、打勾的栏和■□选项都认得；也可以先导出现有目录，改好再上传。",
                ),
                Field::select(
                    "category",
                    "表里没有写明时，归入条例规定的哪一类",
                    std::iter::once(("", "表里已经写明".to_owned())).chain(categories),
                ),
            ],
            errors: ErrorSummary::default(),
            export_href: format!("/console/catalogue/export?agency={code}"),
            rehearsed: None,
        }
    }

    pub fn sample() -> ImportPage {
        let chrome = Chrome::console_sample(Section::Duties).crumb("目录", "/console/catalogue");
        ImportPage::of(chrome, &samples::officer().agency, "sample")
    }

    pub fn sample_rehearsed() -> ImportPage {
        let line = samples::line().content();
        let after = catalogue::LineContent { office: "财政办".into(), ..line.clone() };
        ImportPage {
            rehearsed: Some(Rehearsed {
                file_name: "目录.xlsx".into(),
                file: "9b".repeat(32),
                category: String::new(),
                rehearsal: Rehearsal {
                    added: vec![line.clone()],
                    changed: vec![("line-1".into(), line, after)],
                    unchanged: 12,
                    absent: vec!["SX-08　决算".into()],
                    wrong: Vec::new(),
                },
            }),
            ..ImportPage::sample()
        }
    }
}

fn frame(page: &PageContext) -> Chrome {
    page.chrome(Section::Duties).crumb("工作台", "/console").crumb("目录", "/console/catalogue")
}

async fn agency(app: &App, signed: &Signed, code: &str) -> Result<Agency, PageError> {
    let may = |agency: &Agency| signed.staff.may(P::KeepCatalogue, &agency.id);
    Ok(choose_agency(&mut *app.db.read().await?, &signed.staff, code, may).await?.chosen)
}

pub(crate) async fn form(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let agency = agency(&app, &signed, &chosen.agency).await?;
    html(&ImportPage::of(frame(&page), &agency, &signed.csrf))
}

/// 预演 — says what the file would change; nothing is changed yet.
pub(crate) async fn rehearsal(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Query(chosen): Query<Chosen>,
    mut form: Multipart,
) -> Result<Response, PageError> {
    let agency = agency(&app, &signed, &chosen.agency).await?;
    let (mut name, mut bytes, mut category) = (String::new(), Vec::new(), String::new());
    let broken = || PageError::Refused(vec!["文件没有传完，目录没有变化。请检查网络后重新上传。".into()]);
    while let Some(part) = form.next_field().await.map_err(|_| broken())? {
        match part.name().unwrap_or_default() {
            "file" => {
                name = part.file_name().unwrap_or_default().chars().take(120).collect();
                bytes = part.bytes().await.map_err(|_| broken())?.to_vec();
            }
            "category" => category = part.text().await.map_err(|_| broken())?,
            _ => {}
        }
    }
    let mut shown = ImportPage::of(frame(&page), &agency, &signed.csrf);
    let refused = |mut shown: ImportPage, words: String| {
        shown.errors = shown.errors.and(words);
        form_again(&shown)
    };
    if bytes.is_empty() {
        return refused(shown, "请选择要导入的表格。".into());
    }
    let kept = match app.files.keep(&name, &bytes).await {
        Ok(kept) => kept,
        Err(Failure::Refused(reasons)) => {
            return refused(shown, reasons.first().map(ToString::to_string).unwrap_or_default());
        }
        Err(Failure::Unexpected(error)) => return Err(error.into()),
    };
    match rehearsed(&app, &agency, bytes, &category).await? {
        Ok(rehearsal) => {
            shown.rehearsed = Some(Rehearsed { file_name: name, file: kept.sha256, category, rehearsal });
            Ok(html(&shown)?.into_response())
        }
        Err(words) => refused(shown, words.into()),
    }
}

async fn rehearsed(
    app: &App,
    agency: &Agency,
    bytes: Vec<u8>,
    category: &str,
) -> Result<Result<Rehearsal, &'static str>, PageError> {
    let category = category.to_owned();
    let rows = tokio::task::spawn_blocking(move || read(&bytes, &category))
        .await
        .map_err(|error| PageError::Unexpected(error.into()))?;
    let rows = match rows {
        Ok(rows) => rows,
        Err(words) => return Ok(Err(words)),
    };
    let lines = catalogue::all_lines(&mut *app.db.read().await?, &agency.id).await?;
    let existing: Vec<_> = lines.iter().map(|line| (line.id.clone(), line.content())).collect();
    Ok(Ok(rehearse(&rows, &existing)))
}

pub(crate) async fn confirm(
    State(app): State<App>,
    signed: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let agency = agency(&app, &signed, form.text("agency")).await?;
    let bytes =
        app.files.bytes(form.text("file")).await.map_err(|_| {
            PageError::Refused(vec!["预演过的表格已经不在，目录没有变化。请重新上传。".into()])
        })?;
    let category = form.text("category").to_owned();
    let rows = tokio::task::spawn_blocking(move || read(&bytes, &category))
        .await
        .map_err(|error| PageError::Unexpected(error.into()))?
        .map_err(|words| PageError::Refused(vec![words.to_owned()]))?;
    let mut tx = app.db.begin(&signed.staff.actor(), app.now()).await?;
    match actions::import(&mut tx, &signed.staff, &agency.id, &rows).await {
        Ok((added, changed)) => {
            tx.commit().await?;
            let words = format!("已导入：新增 {added} 项，修改 {changed} 项。");
            Ok(redirect_with(&format!("/console/catalogue?agency={}", encode(&agency.code)), &words))
        }
        Err(Failure::Refused(reasons)) if !reasons.iter().any(|r| r.is_missing() || r.is_forbidden()) => {
            Err(PageError::Refused(reasons.iter().map(ToString::to_string).collect()))
        }
        Err(other) => Err(other.into()),
    }
}
