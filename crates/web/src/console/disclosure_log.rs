//! 转为主动公开 — an answered request told without the person, as the draft of an entry.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use gongkai_disclosure::accounts::{Permission, Staff};
use gongkai_disclosure::catalogue;
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::disclosure_log::actions::propose;
use gongkai_disclosure::disclosure_log::{LogRefusal, Telling, entry_of, names_of, prefilled};
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::files::StoredFile;
use gongkai_disclosure::privacy::Particulars;
use gongkai_disclosure::requests::{Dossier, by_number};

use crate::auth::Signed;
use crate::components::{ErrorSummary, Field};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::state::App;

#[derive(Debug, Clone, Template)]
#[template(path = "console/disclosure_log/form.html")]
pub struct TellingPage {
    pub chrome: Chrome,
    pub number: String,
    pub action: String,
    pub back: String,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    /// The files that go with it.
    pub files: Vec<String>,
}

async fn readable(conn: &mut Conn, staff: &Staff, number: &str) -> Result<Dossier, PageError> {
    let dossier = by_number(conn, number).await?.ok_or(PageError::NotFound)?;
    let may = staff.may(Permission::HandleRequests, &dossier.request.agency_id);
    if may { Ok(dossier) } else { Err(PageError::NotFound) }
}

pub(crate) async fn form(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let dossier = readable(&mut conn, &staff, &number).await?;
    if let Some(entry) = entry_of(&mut conn, &dossier.request.id).await? {
        return Ok(Redirect::to(&format!("/console/entries/{entry}")).into_response());
    }
    let request = &dossier.request;
    let known = Particulars::opened(app.db.keys(), &request.id, &request.applicant.particulars)?;
    let telling = prefilled(&dossier, &known.unwrap_or_default(), &names_of(&dossier, app.db.keys())?);
    Ok(html(&shown(&mut conn, &page, &dossier, &telling, None).await?)?.into_response())
}

pub(crate) async fn submit(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(number): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let dossier = readable(&mut conn, &staff, &number).await?;
    drop(conn);
    let mut files = Vec::new();
    if form.is_ticked("with_files") {
        for one in &dossier.enclosures {
            let file = StoredFile {
                sha256: one.sha256.clone(),
                size: one.size,
                media_type: one.media_type.clone(),
                name: one.name.clone(),
            };
            files.push(app.files.prepare(file).await?);
        }
    }
    let telling = Telling {
        title: form.text("title").into(),
        asked: form.text("asked").into(),
        answered: form.text("answered").into(),
    };
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match propose(&mut tx, &staff, &number, form.text("line"), &telling, &files).await {
        Ok(drafted) => {
            tx.commit().await?;
            let said = "已起草为信息。检查无误后送审，签发后公开。";
            Ok(redirect_with(&format!("/console/entries/{}", drafted.entry_id), said))
        }
        Err(Failure::Refused(reasons))
            if !reasons.iter().any(|r| matches!(r, LogRefusal::NotFound | LogRefusal::Forbidden)) =>
        {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            let mut conn = app.db.read().await?;
            form_again(&shown(&mut conn, &page, &dossier, &telling, Some((&form, &errors))).await?)
        }
        Err(other) => Err(other.into()),
    }
}

async fn shown(
    conn: &mut Conn,
    page: &PageContext,
    dossier: &Dossier,
    telling: &Telling,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<TellingPage, PageError> {
    let number = &dossier.request.number;
    let lines = catalogue::lines(conn, &dossier.request.agency_id).await?;
    let choices = std::iter::once((String::new(), "请选择".to_owned()))
        .chain(lines.into_iter().map(|line| (line.id, format!("{} {}", line.code, line.title))));
    let back = format!("/console/requests/{number}");
    let chrome = page.chrome(Section::ConsoleRequests).crumb("工作台", "/console").crumb(number, &back);
    let mut fields = fields(telling, choices.collect(), !dossier.enclosures.is_empty());
    let mut errors = ErrorSummary::default();
    if let Some((form, wrong)) = typed {
        fields = form.typed_into(fields, wrong);
        errors = wrong.general.iter().fold(ErrorSummary::of(&fields), |all, words| all.and(words));
    }
    Ok(TellingPage {
        chrome: chrome.here("转为主动公开"),
        number: number.clone(),
        action: format!("{back}/disclosure-log"),
        back,
        fields,
        errors,
        files: dossier.enclosures.iter().map(|file| file.name.clone()).collect(),
    })
}

fn fields(telling: &Telling, lines: Vec<(String, String)>, has_files: bool) -> Vec<Field> {
    let mut fields = vec![
        Field::select("line", "公开目录的事项", lines).required(),
        Field::line("title", "标题").required().value(&telling.title),
        Field::text("asked", "申请公开的内容", 4).required().value(&telling.asked),
        Field::text("answered", "答复的内容", 8).required().value(&telling.answered),
    ];
    if has_files {
        fields.push(
            Field::checkbox("with_files", "随答复提供的文件", [("yes", "作为附件一并公开")]).values(&["yes"]),
        );
    }
    fields
}

impl TellingPage {
    pub fn sample() -> TellingPage {
        let telling = Telling {
            title: "关于“2025年农村危房改造补助名单”的答复".into(),
            asked: "2025年农村危房改造补助名单（第二批）".into(),
            answered: "信息可以公开，予以提供。".into(),
        };
        TellingPage {
            chrome: Chrome::console_sample(Section::ConsoleRequests).here("转为主动公开"),
            number: "SONGXI-SQ-2026-0012".into(),
            action: "/console/requests/SONGXI-SQ-2026-0012/disclosure-log".into(),
            back: "/console/requests/SONGXI-SQ-2026-0012".into(),
            fields: fields(&telling, vec![("1".into(), "20-10 社会救助".into())], true),
            errors: ErrorSummary::default(),
            files: vec!["审批表（已遮盖）.pdf".into()],
        }
    }
}
