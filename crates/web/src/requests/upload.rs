//! Forms with files: a plain multipart form, read part by part. What is too large is refused before it is kept, and a
//! sender that stops is not waited for.

use std::time::Duration;

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::requests::evidence::{
    ACCEPTED, EvidenceKind, EvidenceRefusal, LARGEST, forget, stage, staged, sweep,
};
use gongkai_disclosure::secrets;

use crate::components::Field;
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::PageContext;
use crate::state::App;

/// The hidden field that holds files and form together until they are sent.
pub(crate) const STAGE: &str = "stage";
/// Ticked for a file that is not wanted after all.
const REMOVED: &str = "remove_file";
/// How long the next bytes may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// The longest text of one field.
const LONGEST_TEXT: usize = 64 * 1024;

/// A form that came in, its files kept under its token.
pub(crate) struct Sent {
    pub(crate) fields: Fields,
    /// What is wrong with its files.
    pub(crate) errors: FormErrors,
    pub(crate) stage: String,
}

/// A file that waits for the form to be sent.
#[derive(Debug, Clone)]
pub struct StagedLine {
    pub id: String,
    pub kind: &'static str,
    pub name: String,
    pub size: String,
}

/// The field that takes files of one kind.
pub(crate) fn field_of(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Identity => "file_identity",
        EvidenceKind::Authorisation => "file_authorisation",
        EvidenceKind::Attachment => "file_attachment",
        EvidenceKind::Original => "file_original",
    }
}

/// The fields for files, those of the office last.
pub(crate) fn file_fields(kinds: &[EvidenceKind]) -> Vec<Field> {
    let field = |kind: &EvidenceKind| {
        let (label, hint) = match kind {
            EvidenceKind::Identity => (
                "身份证明",
                "身份证件或者营业执照的照片、扫描件。加密保存，只供承办人员核对身份。暂时没有的可以不选，由受理机关联系核对。",
            ),
            EvidenceKind::Authorisation => {
                ("授权委托书和代理人的身份证明", "委托他人申请的请选择，可以一次选多个文件。")
            }
            EvidenceKind::Attachment => {
                ("其他材料", "有助于查找信息的材料，例如文件的照片、地图截图。没有可以不选。")
            }
            EvidenceKind::Original => {
                ("收件凭据", "信件和信封、传真件、口头申请记录的扫描件，作为收到日期的凭据。")
            }
        };
        let most = LARGEST / (1024 * 1024);
        Field::file(field_of(*kind), label, ACCEPTED)
            .hint(format!("{hint} 照片（jpg、png）、pdf、docx、ofd，每个不超过 {most} MB。"))
    };
    kinds.iter().map(field).collect()
}

/// Reads a form with or without files.
pub(crate) async fn received(app: &App, request: Request) -> Result<Sent, PageError> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        let fields = Fields::from_request(request, app).await?;
        let stage = token_of(fields.text(STAGE));
        return Ok(Sent { fields, errors: FormErrors::default(), stage });
    }
    let form = Multipart::from_request(request, app).await.map_err(|_| not_whole())?;
    sweep(&app.db, &app.files, app.now()).await?;
    let mut sent = read_parts(app, form).await?;
    for id in sent.fields.all(REMOVED) {
        forget(&app.db, &app.files, app.now(), &sent.stage, id).await?;
    }
    sent.fields = sent.fields.without(REMOVED);
    Ok(sent)
}

/// Forgets every file that waits under a token.
pub(crate) async fn forget_all(app: &App, token: &str) -> Result<(), PageError> {
    let waits = staged(&mut *app.db.read().await?, token).await?;
    for one in waits {
        forget(&app.db, &app.files, app.now(), token, &one.id).await?;
    }
    Ok(())
}

/// The token the form brought, or a new one when it brought none of ours.
fn token_of(given: &str) -> String {
    let is_token = given.len() == 64 && given.bytes().all(|b| b.is_ascii_hexdigit());
    if is_token { given.to_owned() } else { secrets::token() }
}

async fn read_parts(app: &App, mut form: Multipart) -> Result<Sent, PageError> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut errors = FormErrors::default();
    let mut stage_token = None;
    while let Some(mut part) = in_time(form.next_field()).await? {
        let field = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let limit = if file_name.is_some() { LARGEST } else { LONGEST_TEXT };
        let mut bytes = Vec::new();
        let mut is_too_large = false;
        while let Some(chunk) = in_time(part.chunk()).await? {
            is_too_large |= bytes.len() + chunk.len() > limit;
            // The rest of a part that is too large passes by unkept.
            if !is_too_large {
                bytes.extend_from_slice(&chunk);
            }
        }
        let Some(name) = file_name else {
            if is_too_large {
                return Err(PageError::TooLarge);
            }
            let text = String::from_utf8_lossy(&bytes).replace('\0', "").replace("\r\n", "\n");
            if field == STAGE {
                stage_token = Some(token_of(text.trim()));
            } else {
                fields.push((field, text));
            }
            continue;
        };
        let kind = EvidenceKind::ALL.iter().copied().find(|kind| field_of(*kind) == field);
        let Some(kind) = kind.filter(|_| !name.is_empty()) else { continue };
        let token = stage_token.get_or_insert_with(secrets::token);
        let outcome = if is_too_large {
            Err(Failure::Refused(vec![EvidenceRefusal::TooLarge { name: shown(&name) }]))
        } else {
            stage(&app.db, &app.files, app.now(), token, kind, &name, &bytes).await
        };
        match outcome {
            Ok(()) => {}
            Err(Failure::Refused(reasons)) => {
                for reason in reasons {
                    errors.add(field_of(kind), &reason.to_string());
                }
            }
            Err(Failure::Unexpected(error)) => return Err(error.into()),
        }
    }
    let stage = stage_token.unwrap_or_else(secrets::token);
    Ok(Sent { fields: Fields::from(fields), errors, stage })
}

/// A name for a message: short, and without what a terminal or a page would act on.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(60).collect()
}

async fn in_time<T>(
    next: impl Future<Output = Result<T, axum::extract::multipart::MultipartError>>,
) -> Result<T, PageError> {
    match tokio::time::timeout(PATIENCE, next).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(PageError::TooLarge),
        Ok(Err(_)) | Err(_) => Err(not_whole()),
    }
}

fn not_whole() -> PageError {
    PageError::Refused(vec!["表单和文件没有传完，申请没有提交。请检查网络，返回上一页重新提交。".into()])
}

/// What waits under a token.
pub(crate) async fn waiting(app: &App, stage: &str) -> Result<Vec<StagedLine>, PageError> {
    let files = staged(&mut *app.db.read().await?, stage).await?;
    let line = |file: gongkai_disclosure::requests::evidence::Evidence| {
        Ok(StagedLine {
            name: file.name(app.db.keys()).map_err(anyhow::Error::from)?,
            kind: file.kind.label(),
            size: size(file.size),
            id: file.id,
        })
    };
    files.into_iter().map(line).collect()
}

/// 1.2 MB
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

/// The action of a console form with files.
pub(crate) fn with_csrf(path: &str, page: &PageContext) -> String {
    format!("{path}?csrf={}", page.csrf())
}
