//! 文书模板 — an agency's own wording of its letters: the list, one form for each kind with its history and a preview.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Agency, Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::letters::templates::{self, NewTemplate};
use gongkai_disclosure::letters::{LetterKind, Template as LetterTemplate, preview};
use gongkai_disclosure::time::shown_text;
use gongkai_typeset::Writing;
use serde::Deserialize;

use super::records::{AgencyChoice, choose_agency};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::paper;
use crate::state::App;

/// One kind of letter.
#[derive(Debug, Clone)]
pub struct TemplateRow {
    pub label: &'static str,
    pub used: String,
    pub is_own: bool,
    pub href: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/letter_templates/list.html")]
pub struct TemplateListPage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_field: Option<Field>,
    pub rows: Vec<TemplateRow>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/letter_templates/form.html")]
pub struct TemplateFormPage {
    pub chrome: Chrome,
    pub label: &'static str,
    pub agency: String,
    pub agency_code: String,
    pub action: String,
    pub usual_href: String,
    pub fields: Vec<Field>,
    /// 【补正事项】, and where it stands.
    pub blocks: Vec<(String, &'static str)>,
    pub history: Vec<(String, String)>,
    /// Our own markup with everything typed escaped; empty when the template cannot be filled.
    pub preview: String,
    pub errors: ErrorSummary,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
    /// The id of an earlier one, or `usual`.
    from: String,
}

fn chrome(page: &PageContext) -> Chrome {
    page.chrome(Section::ConsoleRequests).crumb("工作台", "/console").crumb("申请", "/console/requests")
}

async fn agency_of(conn: &mut Conn, staff: &Staff, code: &str) -> Result<AgencyChoice, PageError> {
    choose_agency(conn, staff, code, P::SetChains).await
}

fn used(template: &LetterTemplate) -> String {
    match template.since {
        Some(since) => format!("{}，{since} 启用，{} 设置", template.heading, template.set_by_name),
        None => template.heading.clone(),
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let choice = agency_of(&mut conn, &staff, &chosen.agency).await?;
    let agency = &choice.chosen;
    let mut rows = Vec::new();
    for kind in LetterKind::ALL {
        let template = templates::in_force(&mut conn, &agency.id, *kind, app.today()).await?;
        rows.push(TemplateRow {
            label: kind.label(),
            used: used(&template),
            is_own: template.since.is_some(),
            href: format!("/console/letter-templates/{}?agency={}", kind.code(), agency.code),
        });
    }
    html(&TemplateListPage {
        chrome: chrome(&page).here("文书模板"),
        agency: agency.name.clone(),
        agency_field: choice.field(),
        rows,
    })
}

fn fields(template: &LetterTemplate, since: String) -> Vec<Field> {
    vec![
        Field::line("heading", "标题").required().value(&template.heading),
        Field::text("text", "正文", 12)
            .required()
            .hint("每行一段。【】中的内容由程序写入，各出现一次；次序和前后的文字可以改。")
            .value(&template.text),
        Field::line("signature", "落款").hint("不填的用机关名称。").value(&template.signature),
        Field::date("since", "启用日期").required().value(since),
    ]
}

/// The form around a template; `history` is the newest first.
fn form_page(
    chrome: Chrome,
    agency: &Agency,
    template: &LetterTemplate,
    fields: Vec<Field>,
    history: &[LetterTemplate],
) -> TemplateFormPage {
    let kind = template.kind;
    let action = format!("/console/letter-templates/{}", kind.code());
    let address = |from: &str| format!("{action}?agency={}&from={from}", agency.code);
    TemplateFormPage {
        chrome: chrome
            .crumb("文书模板", format!("/console/letter-templates?agency={}", agency.code))
            .here(kind.label()),
        label: kind.label(),
        agency: agency.name.clone(),
        agency_code: agency.code.clone(),
        usual_href: address("usual"),
        fields,
        blocks: kind
            .blocks()
            .iter()
            .map(|block| (block.mark(), if template.is_alone(*block) { "单独占一行" } else { "写在句子里" }))
            .collect(),
        history: history
            .iter()
            .map(|one| {
                let since = one.since.map(|day| day.to_string()).unwrap_or_default();
                let words =
                    format!("{since} 启用（{} 于 {} 设置）", one.set_by_name, shown_text(&one.set_at));
                (words, address(&one.id))
            })
            .collect(),
        preview: preview(template, agency).map(|(_, html, _)| html).unwrap_or_default(),
        errors: ErrorSummary::default(),
        action,
    }
}

pub(crate) async fn edit(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(kind): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let kind = LetterKind::from_code(&kind).ok_or(PageError::NotFound)?;
    let mut conn = app.db.read().await?;
    let agency = agency_of(&mut conn, &staff, &chosen.agency).await?.chosen;
    let history = templates::history(&mut conn, &agency.id, kind).await?;
    let template = match chosen.from.as_str() {
        "usual" => LetterTemplate::usual(kind),
        id => match history.iter().find(|one| one.id == id) {
            Some(earlier) => earlier.clone(),
            None => templates::in_force(&mut conn, &agency.id, kind, app.today()).await?,
        },
    };
    let fields = fields(&template, app.today().to_string());
    html(&form_page(chrome(&page), &agency, &template, fields, &history))
}

/// What was typed, as a template.
fn typed(kind: LetterKind, form: &Fields) -> LetterTemplate {
    LetterTemplate {
        heading: form.text("heading").to_owned(),
        text: form.text("text").to_owned(),
        signature: form.text("signature").to_owned(),
        ..LetterTemplate::usual(kind)
    }
}

pub(crate) async fn save(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(kind): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let kind = LetterKind::from_code(&kind).ok_or(PageError::NotFound)?;
    let agency = agency_of(&mut *app.db.read().await?, &staff, form.text("agency")).await?.chosen;
    let template = typed(kind, &form);
    let new =
        NewTemplate { agency_id: agency.id.clone(), template: template.clone(), since: form.date("since") };
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let saved = templates::set(&mut tx, &staff, &new).await;
    match settle(tx, saved).await? {
        Ok(_) => {
            let address = format!("/console/letter-templates?agency={}", agency.code);
            Ok(redirect_with(&address, "已保存，从启用之日起写的文书使用新模板。"))
        }
        Err(errors) => refused(&app, &page, &agency, &template, &form, &errors).await,
    }
}

/// 预览 — the typed template on paper, in an invented case; nothing is kept.
pub(crate) async fn preview_file(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(kind): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let kind = LetterKind::from_code(&kind).ok_or(PageError::NotFound)?;
    let agency = agency_of(&mut *app.db.read().await?, &staff, form.text("agency")).await?.chosen;
    let template = typed(kind, &form);
    let faults = template.faults();
    if !faults.is_empty() {
        return refused(&app, &page, &agency, &template, &form, &FormErrors::of(&faults)).await;
    }
    let (number, body, day) = preview(&template, &agency).ok_or(PageError::NotFound)?;
    let title = format!("{}（{number}，预览）", template.heading);
    let day_line = format!("<p class=\"signature\">{}年{}月{}日</p>", day.year(), day.month(), day.day());
    let writing = Writing::of_html(&title, &agency.name, &format!("{body}{day_line}"));
    paper::download_writing(&app, writing, "pdf", day).await
}

async fn refused(
    app: &App,
    page: &PageContext,
    agency: &Agency,
    template: &LetterTemplate,
    form: &Fields,
    errors: &FormErrors,
) -> Result<Response, PageError> {
    let history = templates::history(&mut *app.db.read().await?, &agency.id, template.kind).await?;
    let since = form.text("since").to_owned();
    let fields = form.typed_into(fields(template, since), errors);
    let mut again = form_page(chrome(page), agency, template, fields, &history);
    again.errors = errors.above(&again.fields);
    form_again(&again)
}

impl TemplateListPage {
    pub fn sample() -> TemplateListPage {
        let row = |kind: &LetterKind| TemplateRow {
            label: kind.label(),
            used: kind.label().into(),
            is_own: *kind == LetterKind::Reply,
            href: format!("/console/letter-templates/{}", kind.code()),
        };
        TemplateListPage {
            chrome: Chrome::console_sample(Section::ConsoleRequests).here("文书模板"),
            agency: "松溪镇人民政府".into(),
            agency_field: None,
            rows: LetterKind::ALL.iter().map(row).collect(),
        }
    }
}

impl TemplateFormPage {
    pub fn sample() -> TemplateFormPage {
        let template = LetterTemplate::usual(LetterKind::SupplementNotice);
        TemplateFormPage {
            chrome: Chrome::console_sample(Section::ConsoleRequests).here("补正告知书"),
            label: template.kind.label(),
            agency: "松溪镇人民政府".into(),
            agency_code: "songxi".into(),
            action: "/console/letter-templates/supplement_notice".into(),
            usual_href: "/console/letter-templates/supplement_notice?from=usual".into(),
            fields: fields(&template, "2026-03-09".into()),
            blocks: vec![("【补正事项】".into(), "单独占一行")],
            history: vec![(
                "2026-01-05 启用".into(),
                "/console/letter-templates/supplement_notice?from=1".into(),
            )],
            preview: "<p>请补正以下事项：</p>".into(),
            errors: ErrorSummary::default(),
        }
    }
}
