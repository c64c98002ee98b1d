//! 随答复提供的文件, on the page of a request.

use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use gongkai_disclosure::accounts::{Permission, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::redaction::{self, Kind, Redaction};
use gongkai_disclosure::requests::enclosures::{self, Enclosure};
use gongkai_disclosure::requests::{Dossier, by_number};
use gongkai_disclosure::review::ReviewState;

use crate::auth::Signed;
use crate::components::FileRow;
use crate::console::entries::files::received_with;
use crate::errors::PageError;
use crate::forms::encode;
use crate::html::{PageContext, redirect_with};
use crate::page::Section;
use crate::portal::wording::{file_kind, file_size};
use crate::state::App;

/// A file with what was done to it and can be done.
#[derive(Debug, Clone)]
pub struct EnclosureLine {
    pub id: String,
    pub row: FileRow,
    pub hash: String,
    /// 已遮盖 3 处, and where that can be read.
    pub redacted: Option<(String, String)>,
    /// 继续遮盖: a draft.
    pub draft: Option<String>,
    pub can_be_redacted: bool,
}

/// The box on the page of a request.
#[derive(Debug, Clone, Default)]
pub struct EnclosureBox {
    pub files: Vec<EnclosureLine>,
    /// Where files are sent, while they can change.
    pub upload: Option<String>,
    pub base: String,
}

impl EnclosureBox {
    pub(crate) async fn of(
        conn: &mut Conn,
        dossier: &Dossier,
        staff: &Staff,
        csrf: &str,
    ) -> anyhow::Result<EnclosureBox> {
        let request = &dossier.request;
        let done = redaction::of_place(conn, &request.id).await?;
        let base = format!("/console/requests/{}/enclosures", request.number);
        let under_signature = dossier
            .reply()
            .is_some_and(|reply| matches!(reply.review, Some(ReviewState::Open | ReviewState::Signed)));
        let is_open = !request.state.is_over()
            && !under_signature
            && staff.may(Permission::HandleRequests, &request.agency_id);
        Ok(EnclosureBox {
            files: dossier.enclosures.iter().map(|file| line(file, &done, &base, is_open)).collect(),
            upload: is_open.then(|| format!("{base}?csrf={}", encode(csrf))),
            base,
        })
    }

    pub(crate) fn sample() -> EnclosureBox {
        let file = Enclosure {
            id: "1".into(),
            request_id: "1".into(),
            name: "农村危房改造对象审批表（已遮盖）.pdf".into(),
            sha256: "9f2c71ae03bd9f2c71ae03bd".into(),
            size: 240_000,
            media_type: "application/pdf".into(),
        };
        let mut line = line(&file, &[], "/console/requests/SONGXI-SQ-2026-0012/enclosures", true);
        line.redacted = Some(("已遮盖 3 处".into(), "/console/redactions/1".into()));
        EnclosureBox {
            files: vec![line],
            upload: Some("/console/requests/SONGXI-SQ-2026-0012/enclosures?csrf=x".into()),
            base: "/console/requests/SONGXI-SQ-2026-0012/enclosures".into(),
        }
    }
}

fn line(file: &Enclosure, done: &[Redaction], base: &str, is_open: bool) -> EnclosureLine {
    let own = || done.iter().filter(|one| one.subject_id == file.id);
    let address = |one: &Redaction| format!("/console/redactions/{}", one.id);
    let redacted =
        own().rfind(|one| one.applied.as_ref().is_some_and(|applied| applied.sha256 == file.sha256));
    EnclosureLine {
        id: file.id.clone(),
        row: FileRow {
            name: file.name.clone(),
            href: format!("{base}/{}", file.id),
            kind: file_kind(&file.name),
            size: file_size(file.size),
        },
        hash: file.sha256.chars().take(16).collect(),
        redacted: redacted.map(|one| (format!("已遮盖 {} 处", one.marked.len()), address(one))),
        draft: own().find(|one| one.applied.is_none()).map(address),
        can_be_redacted: is_open && Kind::of_media_type(&file.media_type).is_some(),
    }
}

/// Takes files in for the reply.
pub(crate) async fn add(
    State(app): State<App>,
    _page: PageContext,
    Signed { staff, .. }: Signed,
    Path(number): Path<String>,
    form: Multipart,
) -> Result<Response, PageError> {
    let dossier = by_number(&mut *app.db.read().await?, &number).await?.ok_or(PageError::NotFound)?;
    if !staff.may(Permission::HandleRequests, &dossier.request.agency_id) {
        return Err(PageError::NotFound);
    }
    let received = received_with(&app, form).await?;
    let mut refusals = received.refusals;
    if received.files.is_empty() && refusals.is_empty() {
        refusals.push("请先选择要添加的文件。".to_owned());
    }
    let mut added = 0_usize;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    for file in &received.files {
        match enclosures::add(&mut tx, &staff, &number, file).await {
            Ok(_) => added += 1,
            Err(Failure::Refused(reasons)) => refusals.extend(reasons.iter().map(ToString::to_string)),
            Err(other) => return Err(other.into()),
        }
    }
    if added > 0 {
        tx.commit().await?;
    }
    if !refusals.is_empty() {
        if added > 0 {
            refusals.insert(0, format!("添加了 {added} 个文件，其余没有添加。"));
        }
        return Err(PageError::Refused(refusals));
    }
    let done = format!("已添加 {added} 个文件。含有不能公开内容的，请先遮盖。");
    Ok(redirect_with(&format!("/console/requests/{number}#enclosures"), &done))
}

pub(crate) async fn remove(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((number, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    enclosures::remove(&mut tx, &staff, &number, &id).await?;
    tx.commit().await?;
    Ok(redirect_with(&format!("/console/requests/{number}#enclosures"), "已移除文件。"))
}

/// What goes out, as staff read it.
pub(crate) async fn download(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((number, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let dossier = by_number(&mut *app.db.read().await?, &number).await?.ok_or(PageError::NotFound)?;
    if !staff.may(Permission::ReadRequests, &dossier.request.agency_id) {
        return Err(PageError::NotFound);
    }
    crate::requests::view::enclosure_file(&app, &dossier, &id).await
}

/// The frame of pages about what goes out.
pub(super) const SECTION: Section = Section::ConsoleRequests;
