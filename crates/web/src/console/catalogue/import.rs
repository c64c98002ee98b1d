//! The catalogue as a spreadsheet: out as it stands, in after a rehearsal that says what would change.

use axum::extract::{Multipart, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Agency, Permission as P};
use gongkai_disclosure::catalogue::sheet::{Rehearsal, read, rehearse, write};
use gongkai_disclosure::catalogue::{self, actions, category_codes, category_label};
use gongkai_disclosure::error::{Failure, Refusal};
use gongkai_disclosure::sheets;
use serde::Deserialize;

use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, Link};
use crate::console::entries::samples;
use crate::console::import::{ImportPage, Rehearsed, Upload};
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
    let agency = choose_agency(&mut conn, &signed.staff, &chosen.agency, P::ReadDrafts).await?.chosen;
    let lines: Vec<_> =
        catalogue::lines(&mut conn, &agency.id).await?.iter().map(catalogue::Line::content).collect();
    let bytes = write(&agency.name, &lines).map_err(|error| PageError::Unexpected(error.into()))?;
    let name = as_attachment(&format!("{}公开目录.xlsx", agency.name));
    Ok(([(CONTENT_TYPE, XLSX.to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response())
}

fn import_page(chrome: Chrome, agency: &Agency, csrf: &str) -> ImportPage {
    let code = encode(&agency.code);
    let categories = category_codes().map(|code| (code, category_label(code)));
    ImportPage {
        chrome: chrome.here("导入目录"),
        heading: "导入目录".into(),
        lede: format!("导入到{}的公开目录。", agency.name),
        action: format!("/console/catalogue/import?agency={code}&csrf={}", encode(csrf)),
        confirm_action: "/console/catalogue/import/confirmation".into(),
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
        links: vec![Link::new("导出现有目录", format!("/console/catalogue/export?agency={code}"))],
        rehearsed: None,
    }
}

/// The difference of a catalogue in the words of every import.
fn in_words(rehearsal: Rehearsal) -> sheets::Rehearsal {
    let line = |line: &catalogue::LineContent| format!("{}　{}　{}", line.code, line.title, line.office);
    sheets::Rehearsal {
        added: rehearsal.added.iter().map(line).collect(),
        changed: rehearsal
            .changed
            .iter()
            .map(|(_, before, after)| sheets::Change {
                what: format!("{}　{}", before.code, before.title),
                fields: before
                    .changes(after)
                    .into_iter()
                    .map(|(field, old, new)| (field.to_string(), old.to_string(), new.to_string()))
                    .collect(),
            })
            .collect(),
        unchanged: rehearsal.unchanged,
        absent: rehearsal.absent,
        wrong: rehearsal
            .wrong
            .into_iter()
            .map(|words| match words.split_once('：') {
                Some((place, reason)) => sheets::Wrong { place: place.into(), reason: reason.into() },
                None => sheets::Wrong { place: String::new(), reason: words },
            })
            .collect(),
        notes: Vec::new(),
    }
}

impl ImportPage {
    pub fn sample() -> ImportPage {
        let chrome = Chrome::console_sample(Section::Duties).crumb("目录", "/console/catalogue");
        import_page(chrome, &samples::officer().agency, "sample")
    }

    pub fn sample_rehearsed() -> ImportPage {
        let line = samples::line().content();
        let after = catalogue::LineContent { office: "财政办".into(), ..line.clone() };
        ImportPage {
            rehearsed: Some(Rehearsed {
                file_name: "目录.xlsx".into(),
                carried: vec![("file", "9b".repeat(32))],
                rehearsal: in_words(Rehearsal {
                    added: vec![line.clone()],
                    changed: vec![("line-1".into(), line, after)],
                    unchanged: 12,
                    absent: vec!["SX-08　决算".into()],
                    wrong: Vec::new(),
                }),
            }),
            ..ImportPage::sample()
        }
    }
}

fn frame(page: &PageContext) -> Chrome {
    page.chrome(Section::Duties).crumb("工作台", "/console").crumb("目录", "/console/catalogue")
}

async fn agency(app: &App, signed: &Signed, code: &str) -> Result<Agency, PageError> {
    Ok(choose_agency(&mut *app.db.read().await?, &signed.staff, code, P::KeepCatalogue).await?.chosen)
}

pub(crate) async fn form(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let agency = agency(&app, &signed, &chosen.agency).await?;
    html(&import_page(frame(&page), &agency, &signed.csrf))
}

/// 预演 — says what the file would change; nothing is changed yet.
pub(crate) async fn rehearsal(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Query(chosen): Query<Chosen>,
    form: Multipart,
) -> Result<Response, PageError> {
    let agency = agency(&app, &signed, &chosen.agency).await?;
    let upload = Upload::take(form).await?;
    let category = upload.text("category").to_owned();
    let Upload { name, bytes, .. } = upload;
    let mut shown = import_page(frame(&page), &agency, &signed.csrf);
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
            shown.rehearsed = Some(Rehearsed {
                file_name: name,
                carried: vec![("agency", agency.code.clone()), ("file", kept.sha256), ("category", category)],
                rehearsal: in_words(rehearsal),
            });
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
