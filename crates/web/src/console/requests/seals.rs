//! 盖章件 — taken in as it is: cleaning would break an electronic seal.

use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::files::{FileRefusal, StoredFile};
use gongkai_disclosure::letters::seals;

use crate::auth::Signed;
use crate::errors::PageError;
use crate::html::redirect_with;
use crate::state::App;

/// One file, by its content, with its hash.
async fn one_file(app: &App, mut form: Multipart) -> Result<StoredFile, PageError> {
    let said = |failure: Failure<FileRefusal>| match failure {
        Failure::Refused(reasons) => PageError::Refused(reasons.iter().map(ToString::to_string).collect()),
        Failure::Unexpected(error) => PageError::Unexpected(error),
    };
    let broken = |_| PageError::Refused(vec!["上传中断了，请重新上传。".into()]);
    while let Some(mut part) = form.next_field().await.map_err(broken)? {
        let name = part.file_name().unwrap_or_default().to_owned();
        if name.is_empty() {
            continue;
        }
        let mut incoming = app.files.receive(&name).await.map_err(said)?;
        loop {
            match part.chunk().await {
                Ok(Some(chunk)) => {
                    if let Err(failure) = incoming.write(chunk).await {
                        incoming.discard().await;
                        return Err(said(failure));
                    }
                }
                Ok(None) => return incoming.finish().await.map_err(said),
                Err(error) => {
                    incoming.discard().await;
                    return Err(broken(error));
                }
            }
        }
    }
    Err(PageError::Refused(vec!["请先选择盖章后的文件。".into()]))
}

pub(crate) async fn add(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((number, id)): Path<(String, String)>,
    form: Multipart,
) -> Result<Response, PageError> {
    // Whether this person may is asked before anything is taken in, and again by the action.
    super::readable(&mut *app.db.read().await?, &staff, &number).await?;
    let file = one_file(&app, form).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    seals::add(&mut tx, &staff, &number, &id, &file).await?;
    tx.commit().await?;
    let back = format!("/console/requests/{number}/letters/{id}");
    Ok(redirect_with(&back, "已上传盖章件，发出和下载的以它为准。"))
}
