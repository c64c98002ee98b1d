//! Files of reports and of letters. Pages are laid out off the threads that answer, few at a time, and kept: the same content
//! on the same day gives the same bytes.

use std::path::PathBuf;

use axum::body::Bytes;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use gongkai_report::{Report, write};
use gongkai_typeset::{Engine, FileFormat, NoFile, NotLaidOut, Writing};
use jiff::civil::Date;
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::errors::PageError;
use crate::portal::entries::as_attachment;
use crate::state::App;

/// Bytes of files kept.
const ROOM: u64 = 64 * 1024 * 1024;
/// How many documents are laid out at once: one takes every core for a moment.
const AT_ONCE: usize = 2;

/// The engine that lays out, with what it has made.
pub(crate) struct Paper {
    engine: Engine,
    kept: Cache<[u8; 32], Bytes>,
    turns: Semaphore,
}

impl Paper {
    pub(crate) fn new(font_folders: Vec<PathBuf>) -> Paper {
        let weigh = |_: &[u8; 32], file: &Bytes| u32::try_from(file.len() + 128).unwrap_or(u32::MAX);
        Paper {
            engine: Engine::new(font_folders),
            kept: Cache::builder().max_capacity(ROOM).weigher(weigh).build(),
            turns: Semaphore::new(AT_ONCE),
        }
    }
}

/// The bytes of a report in a format; without a day, the report's usual one stands in the file.
pub(crate) async fn file(
    app: &App,
    report: &Report,
    format: FileFormat,
    made_on: Option<Date>,
) -> Result<Bytes, PageError> {
    if !format.is_on_paper() {
        return Ok(format.write(report, made_on, &app.paper.engine).map_err(refused)?.into());
    }
    let report = report.clone();
    laid_out(app, key(write::json(&report, &[]), format, made_on), move |engine| {
        format.write(&report, made_on, engine)
    })
    .await
}

/// What is kept under this key, or made now.
async fn laid_out(
    app: &App,
    key: [u8; 32],
    make: impl FnOnce(&Engine) -> Result<Vec<u8>, NoFile> + Send + 'static,
) -> Result<Bytes, PageError> {
    let paper = &app.paper;
    if let Some(file) = paper.kept.get(&key) {
        return Ok(file);
    }
    let turn = paper.turns.acquire().await.map_err(anyhow::Error::from)?;
    // Somebody may have asked for the same meanwhile.
    if let Some(file) = paper.kept.get(&key) {
        return Ok(file);
    }
    let app = app.clone();
    let made = tokio::task::spawn_blocking(move || make(&app.paper.engine));
    let file: Bytes = made.await.map_err(anyhow::Error::from)?.map_err(refused)?.into();
    drop(turn);
    paper.kept.insert(key, file.clone());
    Ok(file)
}

/// The answer that downloads it.
pub(crate) async fn download(
    app: &App,
    report: &Report,
    format: FileFormat,
    made_on: Option<Date>,
) -> Result<Response, PageError> {
    Ok(as_download(format, &format.file_name(report), file(app, report, format, made_on).await?))
}

/// The download of a letter or another writing, by the ending its address has; the file is called after its title.
pub(crate) async fn download_writing(
    app: &App,
    writing: Writing,
    extension: &str,
    made_on: Date,
) -> Result<Response, PageError> {
    let format =
        Writing::formats().find(|format| format.extension() == extension).ok_or(PageError::NotFound)?;
    let name = format!("{}.{extension}", writing.title);
    let key = key(format!("{writing:?}"), format, Some(made_on));
    let make =
        move |engine: &Engine| writing.write(format, made_on, engine).unwrap_or_else(|| Ok(Vec::new()));
    Ok(as_download(format, &name, laid_out(app, key, make).await?))
}

fn as_download(format: FileFormat, name: &str, body: Bytes) -> Response {
    let headers =
        [(CONTENT_TYPE, format.media_type().to_owned()), (CONTENT_DISPOSITION, as_attachment(name))];
    (headers, body).into_response()
}

fn key(content: impl AsRef<[u8]>, format: FileFormat, made_on: Option<Date>) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(content);
    hash.update(format!("{} {made_on:?}", format.extension()));
    hash.finalize().into()
}

/// What the reader or the office can do something about is said; the rest is a defect.
fn refused(why: NoFile) -> PageError {
    match why {
        NoFile::NotLaidOut(NotLaidOut::Defect(_)) | NoFile::NotWritten(_) => {
            PageError::Unexpected(why.into())
        }
        NoFile::NotLaidOut(why) => PageError::Refused(vec![why.to_string()]),
    }
}
