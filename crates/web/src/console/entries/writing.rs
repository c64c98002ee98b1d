//! What the drafting form asks for while someone writes: a paste tidied, what was typed kept, pictures taken in, the
//! text of a docx. Asked by the script of the form; the docx by a form of its own.

use axum::Json;
use axum::body::Body;
use axum::extract::{Multipart, Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::files::Prepared;
use gongkai_disclosure::publishing::desk;
use gongkai_disclosure::publishing::public;
use gongkai_disclosure::publishing::word_file::{self, WordText};
use gongkai_disclosure::publishing::{Draft, actions, body, drafts, tidying};
use gongkai_disclosure::time::{china, shown_text};
use serde_json::json;

use super::acts::{Act, Refused, refused_page};
use super::files::{received_with, words};
use super::form::taken_from_word;
use super::form_page::draft_of;
use super::{address, for_desk};
use crate::auth::Signed;
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::{PageContext, redirect_with, refused, settle};
use crate::state::App;

/// A paste as it will be stored, for the editor to insert.
pub(crate) async fn paste(_: Signed, form: Fields) -> Result<Response, PageError> {
    let html = form.text("html").to_owned();
    let work = move || {
        let tidy = tidying::tidied(&html);
        (body::cleaned(&tidy.html), tidy.lost_pictures)
    };
    let (html, lost) = tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?;
    let note = match lost {
        0 => "已粘贴，只保留了文字结构。".to_owned(),
        lost => {
            format!(
                "已粘贴。有 {lost} 张图片在原来的电脑或网站上，没有带入；请单独复制每张图片再粘贴，或者用“图片”按钮上传。"
            )
        }
    };
    Ok(Json(json!({"html": for_desk(&html), "note": note})).into_response())
}

/// 自动保存 — keeps what was typed, and says who else is at the draft.
pub(crate) async fn autosave(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(_): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let edition = form.text("edition");
    let version: i64 = form.number("version").unwrap_or_default();
    let draft = form.is_ticked("typed").then(|| draft_of(&form));
    let now = app.now();
    drafts::keep_working(&app.db, &staff, edition, version, draft.as_ref(), now).await?;
    let mut conn = app.db.read().await?;
    let others = others_in_words(&drafts::colleagues(&mut conn, &staff, edition, now).await?);
    let newer = match drafts::saved_version(&mut conn, edition).await? {
        Some((saved, by, at)) if saved != version => {
            format!("{by}已在 {} 保存了新的内容。您可以接着写，保存时会列出两份的不同。", shown_text(&at))
        }
        _ => String::new(),
    };
    let at = now.to_zoned(china()).strftime("%H:%M").to_string();
    Ok(Json(json!({"at": at, "newer": newer, "others": others})).into_response())
}

/// Who else is at the draft; empty when nobody is.
pub(super) fn others_in_words(colleagues: &[drafts::Colleague]) -> String {
    let told: Vec<String> = colleagues
        .iter()
        .map(|one| {
            if one.is_typing {
                format!("{}也在修改", one.name)
            } else {
                format!("{}也打开着", one.name)
            }
        })
        .collect();
    if told.is_empty() { String::new() } else { format!("{}这份稿件。", told.join("，")) }
}

pub(crate) async fn discard_autosave(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    drafts::discard_working(&app.db, &staff, form.text("edition"), app.now()).await?;
    Ok(redirect_with(&format!("{}/edit", address(&id)), "已丢弃自动保存的内容。"))
}

/// A picture for the text.
pub(crate) async fn add_picture(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    form: Multipart,
) -> Result<Response, PageError> {
    let staff = &signed.staff;
    let entry = super::readable(&mut *app.db.read().await?, staff, &id).await?;
    let edition = entry.newest().ok_or(PageError::NotFound)?.edition.id.clone();
    let received = received_with(&app, form).await?;
    let said = |why: Vec<String>| {
        (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"error": why.join("")}))).into_response()
    };
    let Some(picture) = received.files.first() else {
        let why = if received.refusals.is_empty() {
            vec!["请选择一张图片。".into()]
        } else {
            received.refusals
        };
        return Ok(said(why));
    };
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match refused(drafts::attach_picture(&mut tx, staff, &edition, picture).await)? {
        Ok(src) => {
            // The same picture again changes nothing.
            if tx.has_recorded() {
                tx.commit().await?;
            }
            Ok(Json(json!({"src": src.replace("/pictures/", "/console/pictures/")})).into_response())
        }
        Err(errors) => Ok(said(errors.in_words())),
    }
}

/// 从 Word 文件拟稿 — a new draft with the text of a docx.
pub(crate) async fn import_new(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    form: Multipart,
) -> Result<Response, PageError> {
    let received = received_with(&app, form).await?;
    let (mut word, pictures, name) = read_word(&app, received.files, received.refusals).await?;
    if word.title.is_empty() {
        word.title = name.trim_end_matches(".docx").to_owned();
    }
    let mut conn = app.db.read().await?;
    let source = staff.agency.name.clone();
    let line = gongkai_disclosure::catalogue::line(&mut conn, received.fields.text("import-line")).await?;
    drop(conn);
    let line = line.ok_or_else(|| PageError::Refused(vec!["请先选择目录事项，再导入 Word 文件。".into()]))?;
    let draft = Draft { title: word.title.clone(), body: word.html.clone(), source, ..Draft::default() };
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let drafted = actions::draft_entry(&mut tx, &staff, &line.id, &draft).await?;
    for picture in &pictures {
        drafts::attach_picture(&mut tx, &staff, &drafted.edition_id, picture).await?;
    }
    tx.commit().await?;
    let done = format!("已从 Word 文件取出标题和正文，存为草稿，请对照原文核对。{}", word.notes.join(""));
    Ok(redirect_with(&format!("{}/edit", address(&drafted.entry_id)), &done))
}

/// The text of a docx in the form of a draft that exists; shown, not saved yet.
pub(crate) async fn import(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Multipart,
) -> Result<Response, PageError> {
    let received = received_with(&app, form).await?;
    let (word, pictures, _) = read_word(&app, received.files, received.refusals).await?;
    let entry = super::readable(&mut *app.db.read().await?, &staff, &id).await?;
    let edition = entry.newest().ok_or(PageError::NotFound)?.edition.clone();
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    for picture in &pictures {
        drafts::attach_picture(&mut tx, &staff, &edition.id, picture).await?;
    }
    if tx.has_recorded() {
        tx.commit().await?;
    }
    taken_from_word(&app, &page, &staff, edition, word).await
}

/// Reads the docx, and makes its pictures ready to go out.
async fn read_word(
    app: &App,
    files: Vec<Prepared>,
    refusals: Vec<String>,
) -> Result<(WordText, Vec<Prepared>, String), PageError> {
    if !refusals.is_empty() {
        return Err(PageError::Refused(refusals));
    }
    let Some(file) = files.into_iter().next() else {
        return Err(PageError::Refused(vec!["请选择一个 docx 文件。".into()]));
    };
    let name = file.file.name.clone();
    if !name.to_lowercase().ends_with(".docx") {
        let why = "只能从 docx 文件取正文。doc、wps 文件请在 Word 或 WPS 里另存为 docx；PDF 请作为附件上传。";
        return Err(PageError::Refused(vec![why.into()]));
    }
    let bytes = app.files.bytes(&file.file.sha256).await?;
    let read = tokio::task::spawn_blocking(move || word_file::read(&bytes));
    let mut word =
        read.await.map_err(anyhow::Error::from)?.map_err(|why| PageError::Refused(vec![why.into()]))?;
    let mut pictures = Vec::new();
    for picture in &word.pictures {
        let kept = app.files.keep(&picture.name, &picture.bytes).await;
        let prepared = match kept {
            Ok(kept) => app.files.prepare(kept).await,
            Err(failure) => Err(failure),
        };
        match prepared {
            Ok(prepared) => {
                // What the picture hid is removed, so it may have other bytes now.
                word.html = word.html.replace(&picture.sha256, &prepared.file.sha256);
                pictures.push(prepared);
            }
            Err(failure) => word.notes.extend(words(&picture.name, failure)?),
        }
    }
    word.html = body::cleaned(&word.html);
    Ok((word, pictures, name))
}

/// 删除草稿.
pub(crate) async fn delete(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let staff = &signed.staff;
    let version = form.number("version").unwrap_or_default();
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let answer = drafts::delete(&mut tx, staff, form.text("edition"), version).await;
    match settle(tx, answer).await? {
        Ok(()) => {
            let still_there = desk::entry(&mut *app.db.read().await?, staff, &id).await?.is_some();
            let to = if still_there { address(&id) } else { "/console/entries".to_owned() };
            Ok(redirect_with(&to, "已删除草稿，删除的内容和时间记在改动记录里。"))
        }
        Err(errors) => {
            let sent = Refused { act: Act::Delete, form, errors };
            refused_page(&app, &page, &signed, &id, &sent).await
        }
    }
}

/// A picture of a text, as everyone sees it. Asked for again each time: a withdrawn one is gone at once.
pub(crate) async fn public_picture(
    State(app): State<App>,
    Path(hash): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let picture = public::picture(&mut *app.db.read().await?, &hash).await?.ok_or(PageError::NotFound)?;
    shown(&app, &headers, &picture.file_sha256, picture.media_type, "no-cache").await
}

/// A picture of a text that staff may read.
pub(crate) async fn picture(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(hash): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let found = desk::picture_for(&mut *app.db.read().await?, &staff, &hash).await?;
    let picture = found.ok_or(PageError::NotFound)?;
    shown(&app, &headers, &picture.file_sha256, picture.media_type, "private, no-cache").await
}

async fn shown(
    app: &App,
    headers: &HeaderMap,
    hash: &str,
    kind: String,
    keep: &'static str,
) -> Result<Response, PageError> {
    let etag = format!("\"{hash}\"");
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let bytes = app.files.stream(hash).await?;
    let headers = [
        (CONTENT_TYPE, kind),
        (CONTENT_DISPOSITION, "inline".to_owned()),
        (CACHE_CONTROL, keep.to_owned()),
        (ETAG, etag),
    ];
    Ok((headers, Body::from_stream(bytes)).into_response())
}
