//! 监督 — the agencies below as figures, each opening its records; demands for rectification.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use gongkai_disclosure::accounts::{self, Agency, Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::oversight::actions::{self, NewRectification};
use gongkai_disclosure::oversight::{
    self, Concern, OversightRefusal, Rectification, RectificationState, answers_for, gather, oversees,
};
use gongkai_disclosure::time::shown_text;
use jiff::civil::Date;

use super::interaction::paragraphs;
use super::records::{RecordRow, agency as agency_by_code};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::state::App;

/// A figure of one agency; the link leads to its records, zero too.
#[derive(Debug, Clone)]
pub struct FigureView {
    pub count: usize,
    pub href: String,
    pub label: String,
    pub is_fault: bool,
}

#[derive(Debug, Clone)]
pub struct AgencyLine {
    pub name: String,
    pub figures: Vec<FigureView>,
    pub open_rectifications: usize,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/oversight/agencies.html")]
pub struct OversightPage {
    pub chrome: Chrome,
    pub today: String,
    pub columns: Vec<&'static str>,
    pub agencies: Vec<AgencyLine>,
    pub rectifications: Vec<RectificationRow>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/oversight/figure.html")]
pub struct FigurePage {
    pub chrome: Chrome,
    pub heading: String,
    pub question: String,
    pub rows: Vec<RecordRow>,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    pub action: String,
}

/// A demand on the list.
#[derive(Debug, Clone)]
pub struct RectificationRow {
    pub href: String,
    pub agency: String,
    pub concern: &'static str,
    pub demand: String,
    pub due_on: String,
    pub state: Tag,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/oversight/rectifications.html")]
pub struct RectificationsPage {
    pub chrome: Chrome,
    pub rectifications: Vec<RectificationRow>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/oversight/rectification.html")]
pub struct RectificationPage {
    pub chrome: Chrome,
    pub heading: String,
    pub state: Tag,
    pub record: Vec<KeyValue>,
    pub demand: Vec<String>,
    pub answer: Vec<String>,
    pub answered: String,
    pub base: String,
    /// The form of the agency's answer.
    pub field: Option<Field>,
    pub errors: ErrorSummary,
    /// Whether this person judges the answer now.
    pub may_judge: bool,
}

async fn overseen(conn: &mut Conn, staff: &Staff) -> Result<Vec<Agency>, PageError> {
    let mut agencies = accounts::agencies(conn).await?;
    agencies.retain(|agency| oversees(staff, agency));
    Ok(agencies)
}

/// The demands this person sees: those made from above, and those made of their agency.
async fn visible(conn: &mut Conn, staff: &Staff) -> Result<Vec<Rectification>, PageError> {
    let agencies = overseen(conn, staff).await?;
    let mut all = oversight::rectifications(conn, "").await?;
    all.retain(|r| answers_for(staff, &r.agency_id) || agencies.iter().any(|a| a.id == r.agency_id));
    Ok(all)
}

pub(crate) async fn index(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
) -> Result<Response, PageError> {
    if !staff.may_anywhere(P::Oversee) {
        return Ok(Redirect::to("/console/oversight/rectifications").into_response());
    }
    let mut conn = app.db.read().await?;
    let agencies = overseen(&mut conn, &staff).await?;
    let found = gather(&mut conn, agencies, app.today()).await?;
    let rectifications = visible(&mut conn, &staff).await?;
    let lines = found.agencies.iter().map(|agency| AgencyLine {
        name: agency.name.clone(),
        figures: Concern::ALL
            .into_iter()
            .map(|concern| FigureView {
                count: found.records(&agency.id, concern).len(),
                href: format!("/console/oversight/figures/{}/{}", agency.code, concern.code()),
                label: format!("{}，{}", agency.name, concern.label()),
                is_fault: concern.is_fault(),
            })
            .collect(),
        open_rectifications: rectifications
            .iter()
            .filter(|r| r.agency_id == agency.id && r.state() != RectificationState::Closed)
            .count(),
    });
    let today = app.today();
    let page = OversightPage {
        chrome: page.chrome(Section::Oversight).crumb("工作台", "/console").here("监督"),
        today: today.to_string(),
        columns: Concern::ALL.iter().map(|concern| concern.label()).collect(),
        agencies: lines.collect(),
        rectifications: rectifications
            .iter()
            .filter(|r| r.state() != RectificationState::Closed)
            .map(|r| row(r, today))
            .collect(),
    };
    Ok(html(&page)?.into_response())
}

fn row(rectification: &Rectification, today: Date) -> RectificationRow {
    RectificationRow {
        href: format!("/console/oversight/rectifications/{}", rectification.id),
        agency: rectification.agency_name.clone(),
        concern: rectification.concern_label(),
        demand: rectification.demand.clone(),
        due_on: rectification.due_on.clone(),
        state: state(rectification, today),
    }
}

fn state(rectification: &Rectification, today: Date) -> Tag {
    let state = rectification.state();
    match state {
        _ if rectification.is_overdue(today) => Tag::new(Tone::Overdue, "逾期未反馈"),
        RectificationState::Open => Tag::new(Tone::Warning, state.label()),
        RectificationState::Answered => Tag::new(Tone::Info, state.label()),
        RectificationState::Closed => Tag::new(Tone::Success, state.label()),
    }
}

pub(crate) async fn figure(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path((code, concern)): Path<(String, String)>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    html(&figure_page(&app, &mut conn, &page, &staff, (&code, &concern), None).await?)
}

pub(crate) async fn demand(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path((code, concern)): Path<(String, String)>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let agency = agency_by_code(&mut conn, &code, |agency| oversees(&staff, agency)).await?;
    let new = NewRectification {
        agency_id: agency.id,
        concerns: concern.clone(),
        subject_id: String::new(),
        demand: form.text("demand").to_owned(),
        due_on: form.text("due_on").to_owned(),
    };
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match actions::demand(&mut tx, &staff, new).await {
        Ok(id) => {
            tx.commit().await?;
            Ok(redirect_with(&format!("/console/oversight/rectifications/{id}"), "已发出整改要求。"))
        }
        Err(Failure::Refused(reasons)) if !reasons.iter().any(is_about_the_person) => {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            let typed = Some((&form, &errors));
            form_again(&figure_page(&app, &mut conn, &page, &staff, (&code, &concern), typed).await?)
        }
        Err(other) => Err(other.into()),
    }
}

fn is_about_the_person(reason: &OversightRefusal) -> bool {
    matches!(reason, OversightRefusal::Forbidden | OversightRefusal::Missing)
}

async fn figure_page(
    app: &App,
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    (code, concern): (&str, &str),
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<FigurePage, PageError> {
    let agency = agency_by_code(conn, code, |agency| oversees(staff, agency)).await?;
    let concern = Concern::from_code(concern).ok_or(PageError::NotFound)?;
    let today = app.today();
    let found = gather(conn, vec![agency.clone()], today).await?;
    let rows: Vec<RecordRow> = found
        .records(&agency.id, concern)
        .iter()
        .map(|record| RecordRow::of(record, staff, &agency.id))
        .collect();
    let mut fields = vec![
        Field::text("demand", "整改要求", 4).required().hint("写明要做什么、做到什么程度。"),
        Field::date("due_on", "整改期限").required(),
    ];
    if let Some((form, errors)) = typed {
        fields = fields
            .into_iter()
            .map(|field| {
                let (value, error) = (form.text(&field.name).to_owned(), errors.get(&field.name));
                field.value(value).error(error)
            })
            .collect();
    }
    let errors = ErrorSummary::of(&fields);
    if !concern.is_fault() {
        fields.clear();
    }
    Ok(FigurePage {
        chrome: page
            .chrome(Section::Oversight)
            .crumb("工作台", "/console")
            .crumb("监督", "/console/oversight")
            .here(format!("{}：{}", agency.name, concern.label())),
        heading: format!("{}：{} {}", agency.name, concern.label(), rows.len()),
        question: concern.question(&agency.name, today),
        rows,
        fields,
        errors,
        action: format!("/console/oversight/figures/{}/{}", agency.code, concern.code()),
    })
}

pub(crate) async fn rectifications(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let rows = visible(&mut conn, &staff).await?;
    html(&RectificationsPage {
        chrome: page.chrome(Section::Oversight).crumb("工作台", "/console").here("督促整改"),
        rectifications: rows.iter().map(|r| row(r, app.today())).collect(),
    })
}

pub(crate) async fn rectification(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    html(&rectification_page(&app, &mut conn, &page, &staff, &id, None).await?)
}

async fn rectification_page(
    app: &App,
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    id: &str,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<RectificationPage, PageError> {
    let found = oversight::rectification(conn, id).await?.ok_or(PageError::NotFound)?;
    let agency = accounts::agency(conn, &found.agency_id).await?.ok_or(PageError::NotFound)?;
    let (is_above, is_answering) = (oversees(staff, &agency), answers_for(staff, &agency.id));
    if !is_above && !is_answering {
        return Err(PageError::NotFound);
    }
    let field = (is_answering && found.state() == RectificationState::Open)
        .then(|| Field::text("answer", "整改情况", 5).required().hint("写明做了什么、何时完成、如何核实。"))
        .map(|field| match typed {
            Some((form, errors)) => field.value(form.text("answer")).error(errors.get("answer")),
            None => field,
        });
    let mut errors = ErrorSummary::of(field.iter());
    if let (None, Some((_, refused))) = (&field, typed) {
        errors = refused.get("answer").into_iter().fold(errors, ErrorSummary::and);
    }
    Ok(RectificationPage {
        chrome: page
            .chrome(Section::Oversight)
            .crumb("工作台", "/console")
            .crumb("督促整改", "/console/oversight/rectifications")
            .here(agency.name.clone()),
        heading: format!("{}：{}", agency.name, found.concern_label()),
        state: state(&found, app.today()),
        record: vec![
            KeyValue::new("被督促机关", &agency.name),
            KeyValue::new("事由", found.concern_label()),
            KeyValue::new("整改期限", &found.due_on),
            KeyValue::new("发出", format!("{}　{}", found.opened_by, shown_text(&found.opened_at))),
        ],
        demand: paragraphs(&found.demand),
        answer: found.answer.as_deref().map(paragraphs).unwrap_or_default(),
        answered: found.answered_at.as_deref().map(shown_text).unwrap_or_default(),
        base: format!("/console/oversight/rectifications/{id}"),
        may_judge: is_above && found.state() == RectificationState::Answered,
        field,
        errors,
    })
}

pub(crate) async fn answer(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match actions::answer(&mut tx, &staff, &id, form.text("answer")).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(redirect_with(&format!("/console/oversight/rectifications/{id}"), "已反馈，等待核实。"))
        }
        Err(Failure::Refused(reasons)) if !reasons.iter().any(is_about_the_person) => {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            let mut conn = app.db.read().await?;
            let typed = Some((&form, &errors));
            form_again(&rectification_page(&app, &mut conn, &page, &staff, &id, typed).await?)
        }
        Err(other) => Err(other.into()),
    }
}

pub(crate) async fn close(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    actions::close(&mut tx, &staff, &id).await?;
    tx.commit().await?;
    Ok(redirect_with(&format!("/console/oversight/rectifications/{id}"), "已核实，整改办结。"))
}

pub(crate) async fn send_back(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    actions::send_back(&mut tx, &staff, &id).await?;
    tx.commit().await?;
    Ok(redirect_with(&format!("/console/oversight/rectifications/{id}"), "已退回，请该机关继续整改。"))
}

fn sample_chrome() -> Chrome {
    Chrome::console_sample(Section::Oversight).crumb("工作台", "/console").here("监督")
}

fn sample_rows() -> Vec<RectificationRow> {
    vec![RectificationRow {
        href: "/console/oversight/rectifications/1".into(),
        agency: "云溪镇人民政府".into(),
        concern: Concern::OverdueLines.label(),
        demand: "请更新财政预决算栏目。".into(),
        due_on: "2026-11-20".into(),
        state: Tag::new(Tone::Warning, RectificationState::Open.label()),
    }]
}

impl OversightPage {
    pub fn sample() -> OversightPage {
        let figures =
            Concern::ALL.into_iter().zip([4, 1, 0, 2, 0, 3, 0]).map(|(concern, count)| FigureView {
                count,
                href: format!("/console/oversight/figures/yx/{}", concern.code()),
                label: format!("云溪镇人民政府，{}", concern.label()),
                is_fault: concern.is_fault(),
            });
        OversightPage {
            chrome: sample_chrome(),
            today: "2026-11-02".into(),
            columns: Concern::ALL.iter().map(|concern| concern.label()).collect(),
            agencies: vec![AgencyLine {
                name: "云溪镇人民政府".into(),
                figures: figures.collect(),
                open_rectifications: 1,
            }],
            rectifications: sample_rows(),
        }
    }
}

impl FigurePage {
    pub fn sample() -> FigurePage {
        FigurePage {
            chrome: sample_chrome(),
            heading: "云溪镇人民政府：逾期申请 1".into(),
            question: "云溪镇人民政府答复期限早于2026-11-02而尚未办结的政府信息公开申请。".into(),
            rows: vec![RecordRow::sample(
                "青公开申〔2026〕0041 号",
                "2026-10-30 到期，已逾期 3 天",
                "2026-10-30",
            )],
            fields: vec![Field::text("demand", "整改要求", 4).required()],
            errors: ErrorSummary::default(),
            action: "/console/oversight/figures/yx/overdue_requests".into(),
        }
    }
}

impl RectificationsPage {
    pub fn sample() -> RectificationsPage {
        RectificationsPage { chrome: sample_chrome(), rectifications: sample_rows() }
    }
}

impl RectificationPage {
    pub fn sample() -> RectificationPage {
        RectificationPage {
            chrome: sample_chrome(),
            heading: "云溪镇人民政府：目录逾期未更新".into(),
            state: Tag::new(Tone::Info, RectificationState::Answered.label()),
            record: vec![KeyValue::new("整改期限", "2026-11-20")],
            demand: vec!["请更新财政预决算栏目。".into()],
            answer: vec!["已于 11 月 10 日更新。".into()],
            answered: "2026-11-10 10:00".into(),
            base: "/console/oversight/rectifications/1".into(),
            field: Some(Field::text("answer", "整改情况", 5).required()),
            errors: ErrorSummary::default(),
            may_judge: true,
        }
    }
}
