//! Attachments as staff read them, before they are public too.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::publishing::{Attachment, desk};

use crate::auth::Signed;
use crate::components::FileRow;
use crate::errors::PageError;
use crate::portal::entries::as_attachment;
use crate::portal::wording::{file_kind, file_size};
use crate::state::App;

/// A file with its address in the console.
pub(crate) fn file_row(file: &Attachment) -> FileRow {
    FileRow {
        name: file.name.clone(),
        href: format!("/console/files/{}", file.id),
        kind: file_kind(&file.name),
        size: file_size(file.size),
    }
}

pub(crate) async fn download(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let file = desk::attachment_for(&mut *app.db.read().await?, &staff, &id).await?;
    let file = file.ok_or(PageError::NotFound)?;
    let bytes = app.files.stream(&file.file_sha256).await?;
    let headers = [(CONTENT_TYPE, file.media_type), (CONTENT_DISPOSITION, as_attachment(&file.name))];
    Ok((headers, Body::from_stream(bytes)).into_response())
}
