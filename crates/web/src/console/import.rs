//! 导入 — one page for every import: upload, rehearsal with the difference it makes, confirmation. What was read is kept
//! between the two, so that what is confirmed is what was shown.

use askama::Template;
use axum::extract::Multipart;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::sheets::{Rehearsal, Sheet, read};

use crate::components::{ErrorSummary, Field, Link};
use crate::errors::PageError;
use crate::page::Chrome;
use crate::state::App;

/// What a file would do.
#[derive(Debug, Clone)]
pub struct Rehearsed {
    pub file_name: String,
    /// Hidden fields of the confirmation: where what was read is kept, and what was chosen.
    pub carried: Vec<(&'static str, String)>,
    pub rehearsal: Rehearsal,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/import.html")]
pub struct ImportPage {
    pub chrome: Chrome,
    pub heading: String,
    pub lede: String,
    /// Where files are sent to be rehearsed, and where a rehearsal is confirmed.
    pub action: String,
    pub confirm_action: String,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    /// Samples, and what is there as a file.
    pub links: Vec<Link>,
    pub rehearsed: Option<Rehearsed>,
}

impl ImportPage {
    /// As many added rows as are shown one by one.
    fn shown<'a>(&self, rehearsal: &'a Rehearsal) -> &'a [String] {
        &rehearsal.added[..rehearsal.added.len().min(100)]
    }
}

/// An uploaded file with the fields beside it.
#[derive(Debug, Default)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    fields: Vec<(String, String)>,
}

impl Upload {
    pub(crate) async fn take(mut form: Multipart) -> Result<Upload, PageError> {
        let broken =
            || PageError::Refused(vec!["文件没有传完，什么也没有改变。请检查网络后重新上传。".into()]);
        let mut upload = Upload::default();
        while let Some(part) = form.next_field().await.map_err(|_| broken())? {
            let name = part.name().unwrap_or_default().to_owned();
            if name == "file" {
                upload.name = part.file_name().unwrap_or_default().chars().take(120).collect();
                upload.bytes = part.bytes().await.map_err(|_| broken())?.to_vec();
            } else {
                upload.fields.push((name, part.text().await.map_err(|_| broken())?));
            }
        }
        Ok(upload)
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// The tables in it, read off the threads that answer; or what to do about the file.
    pub(crate) async fn sheets(&self) -> Result<Result<Vec<Sheet>, String>, PageError> {
        if self.bytes.is_empty() {
            return Ok(Err("请选择要导入的表格。".into()));
        }
        let bytes = self.bytes.clone();
        let sheets = tokio::task::spawn_blocking(move || read(&bytes))
            .await
            .map_err(|error| PageError::Unexpected(error.into()))?;
        Ok(sheets.map_err(ToOwned::to_owned))
    }
}

/// Keeps what was read until it is confirmed; returns what it is found again by.
pub(crate) async fn keep<T: serde::Serialize>(app: &App, what: &T) -> Result<String, PageError> {
    let text = serde_json::to_vec_pretty(what).map_err(anyhow::Error::from)?;
    match app.files.keep("import.txt", &text).await {
        Ok(kept) => Ok(kept.sha256),
        Err(Failure::Refused(reasons)) => {
            Err(PageError::Refused(reasons.iter().map(ToString::to_string).collect()))
        }
        Err(Failure::Unexpected(error)) => Err(error.into()),
    }
}

/// What was kept; it may have been cleared away meanwhile.
pub(crate) async fn kept<T: serde::de::DeserializeOwned>(app: &App, sha256: &str) -> Result<T, PageError> {
    let gone =
        || PageError::Refused(vec!["预演过的表格已经不在，什么也没有改变。请重新上传，再预演一次。".into()]);
    let bytes = app.files.bytes(sha256).await.map_err(|_| gone())?;
    serde_json::from_slice(&bytes).map_err(|_| gone())
}
