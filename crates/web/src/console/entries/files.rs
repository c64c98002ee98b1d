//! 附件 — several at once, each kept or refused by itself.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::files::{FileKind, FileRefusal, Hidden, Prepared};
use gongkai_disclosure::publishing::{Attachment, actions};
use gongkai_disclosure::redaction::Kind;
use serde_json::json;

use super::acts::{Act, Refused, refused_page};
use super::show::Asking;
use super::{address, readable};
use crate::auth::Signed;
use crate::components::{Field, FileRow};
use crate::console::files::file_row;
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors, encode};
use crate::html::{PageContext, redirect_with, refused};
use crate::state::App;

static ACCEPTED: LazyLock<String> = LazyLock::new(FileKind::accepted);

/// An attachment with what it is known by.
#[derive(Debug, Clone)]
pub struct FileLine {
    pub row: FileRow,
    /// The beginning of its SHA-256.
    pub hash: String,
    /// What was hidden in it when it came.
    pub removed: String,
    /// What is to be redacted, while that is possible.
    pub redact: Option<String>,
    /// Where the form that takes it off leads, while the edition may be written at.
    pub remove: Option<String>,
}

impl FileLine {
    pub(super) fn of(file: &Attachment, removed: &[Hidden], base: &str, is_open: bool) -> FileLine {
        let removed: Vec<String> =
            removed.iter().map(|hidden| format!("{} {} 处", hidden.kind.label(), hidden.count)).collect();
        FileLine {
            removed: removed.join("、"),
            row: file_row(file),
            hash: file.file_sha256.chars().take(12).collect(),
            redact: (is_open && Kind::of_media_type(&file.media_type).is_some()).then(|| file.id.clone()),
            remove: is_open.then(|| format!("{base}/files/{}/removal", file.id)),
        }
    }
}

/// The form that adds files.
#[derive(Debug, Clone)]
pub struct Upload {
    pub action: String,
    pub field: Field,
    /// What came of the last try, and why some files were not added.
    pub refused: Option<(String, Vec<String>)>,
}

impl Upload {
    pub(super) fn at(base: &str, asking: &Asking<'_>) -> Upload {
        let refused = asking.refused.filter(|refused| refused.act == Act::Attach);
        let kinds = "支持 PDF、OFD、docx、xlsx、PNG、JPEG、txt、zip";
        let most = asking.largest_file / (1024 * 1024);
        Upload {
            // A form with files carries its token in the address.
            action: format!("{base}/files?csrf={}#attachments", encode(asking.csrf)),
            field: Field::file("files", "添加附件", &ACCEPTED)
                .hint(format!("可以一次选多个。{kinds}，单个不超过 {most} MB。")),
            refused: refused
                .map(|refused| (refused.form.text("added").to_owned(), refused.errors.general.clone())),
        }
    }
}

pub(crate) async fn add(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(id): Path<String>,
    asked: HeaderMap,
    form: Multipart,
) -> Result<Response, PageError> {
    let staff = &signed.staff;
    let entry = readable(&mut *app.db.read().await?, staff, &id).await?;
    let edition = entry.newest().ok_or(PageError::NotFound)?.edition.id.clone();
    let Received { files, mut refusals, .. } = received_with(&app, form).await?;
    if files.is_empty() && refusals.is_empty() {
        refusals.push("请先选择要添加的文件。".to_owned());
    }
    let mut added = 0_usize;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    for file in &files {
        match refused(actions::attach(&mut tx, staff, &edition, file).await)? {
            Ok(_) => added += 1,
            Err(errors) => refusals.extend(errors.in_words()),
        }
    }
    if added > 0 {
        tx.commit().await?;
    }
    if wants_data(&asked) {
        // The script of the page sends one file at a time and says what came of it beside its name.
        return Ok(match refusals.is_empty() {
            true => Json(json!({"added": added})).into_response(),
            false => {
                let words = refusals.join("");
                (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"error": words}))).into_response()
            }
        });
    }
    if refusals.is_empty() {
        return Ok(redirect_with(
            &format!("{}#attachments", address(&id)),
            &format!("已添加 {added} 个附件。"),
        ));
    }
    refusals.dedup();
    let done = match added {
        0 => "没有添加附件".to_owned(),
        added => format!("添加了 {added} 个附件，其余没有添加"),
    };
    let form = Fields::of("added", &done);
    let sent = Refused { act: Act::Attach, form, errors: FormErrors::about_all(refusals) };
    refused_page(&app, &page, &signed, &id, &sent).await
}

pub(crate) fn wants_data(asked: &HeaderMap) -> bool {
    asked.get(ACCEPT).and_then(|kinds| kinds.to_str().ok()).is_some_and(|kinds| kinds == "application/json")
}

/// A form with files.
pub(crate) struct Received {
    pub(crate) files: Vec<Prepared>,
    pub(crate) refusals: Vec<String>,
    /// Its other fields.
    pub(crate) fields: Fields,
}

/// Takes the files in one after the other; those that are refused do not hold up the rest.
pub(crate) async fn received_with(app: &App, mut form: Multipart) -> Result<Received, PageError> {
    let (mut files, mut refusals) = (Vec::new(), Vec::new());
    let mut fields: Vec<(String, String)> = Vec::new();
    while let Some(mut part) = form.next_field().await.map_err(broken)? {
        let name = part.file_name().unwrap_or_default().to_owned();
        if name.is_empty() {
            // Nothing was chosen, or another field of the form.
            if part.file_name().is_none() {
                let field = part.name().unwrap_or_default().to_owned();
                fields.push((field, part.text().await.map_err(broken)?));
            }
            continue;
        }
        let mut incoming = match app.files.receive(&name).await {
            Ok(incoming) => incoming,
            Err(failure) => {
                refusals.extend(words(&name, failure)?);
                continue;
            }
        };
        let mut refused = None;
        loop {
            match part.chunk().await {
                Ok(Some(chunk)) => {
                    if let Err(failure) = incoming.write(chunk).await {
                        refused = Some(failure);
                        break;
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    incoming.discard().await;
                    return Err(broken(error));
                }
            }
        }
        match refused {
            Some(failure) => {
                incoming.discard().await;
                refusals.extend(words(&name, failure)?);
            }
            None => match incoming.finish().await {
                Ok(file) => match app.files.prepare(file).await {
                    Ok(prepared) => files.push(prepared),
                    Err(failure) => refusals.extend(words(&name, failure)?),
                },
                Err(failure) => refusals.extend(words(&name, failure)?),
            },
        }
    }
    Ok(Received { files, refusals, fields: Fields::from(fields) })
}

/// Each reason with the name of its file.
pub(super) fn words(name: &str, failure: Failure<FileRefusal>) -> Result<Vec<String>, PageError> {
    match failure {
        Failure::Refused(reasons) => Ok(reasons
            .iter()
            .map(ToString::to_string)
            .map(|reason| if reason.contains(name) { reason } else { format!("“{name}”：{reason}") })
            .collect()),
        Failure::Unexpected(error) => Err(error.into()),
    }
}

/// The upload ended early or is larger than any set of files may be.
fn broken(error: MultipartError) -> PageError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => PageError::TooLarge,
        _ => PageError::Refused(vec!["文件没有传完，附件没有变化。请检查网络后重新上传。".into()]),
    }
}

pub(crate) async fn remove(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    actions::detach(&mut tx, &staff, &file).await?;
    tx.commit().await?;
    Ok(redirect_with(&format!("{}#attachments", address(&id)), "已移除附件。"))
}
