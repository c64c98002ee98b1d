//! 复议诉讼 — the register of cases against replies.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::remedies::actions::{self, CaseForm};
use gongkai_disclosure::remedies::{
    RemedyCase, RemedyFilter, RemedyKind, RemedyRefusal, RemedyResult, by_id, list as listed,
};
use gongkai_disclosure::requests;
use serde::Deserialize;

use super::records::choose_agency;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue, Tab, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::state::App;

/// A case on the list.
#[derive(Debug, Clone)]
pub struct CaseRow {
    pub case_number: String,
    pub href: String,
    pub kind: &'static str,
    pub agency: String,
    pub body: String,
    pub request: Option<String>,
    pub accepted: String,
    pub result: Tag,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/remedies/list.html")]
pub struct RemedyListPage {
    pub chrome: Chrome,
    pub tabs: Vec<Tab>,
    pub rows: Vec<CaseRow>,
    pub many_agencies: bool,
    pub can_register: bool,
}

/// The form of a new case, or one case with the form of its result.
#[derive(Debug, Clone, Template)]
#[template(path = "console/remedies/form.html")]
pub struct RemedyFormPage {
    pub chrome: Chrome,
    pub heading: String,
    pub intro: &'static str,
    pub action: String,
    pub record: Vec<KeyValue>,
    /// The request it is about.
    pub request: Option<String>,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    pub button: &'static str,
    pub can_write: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    kind: String,
    result: String,
    request: String,
    accepted_from: String,
    accepted_to: String,
}

fn chrome(page: &PageContext) -> Chrome {
    page.chrome(Section::Remedies).crumb("工作台", "/console").crumb("复议诉讼", "/console/remedies")
}

fn result_tag(result: RemedyResult) -> Tag {
    let tone = match result {
        RemedyResult::Upheld => Tone::Success,
        RemedyResult::Corrected => Tone::Warning,
        RemedyResult::OtherResult => Tone::Neutral,
        RemedyResult::Pending => Tone::Info,
    };
    Tag::new(tone, result.label())
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let agencies: Vec<String> =
        staff.agencies_with(Permission::ReadRequests).into_iter().map(str::to_owned).collect();
    let many_agencies = agencies.len() > 1;
    let filter = RemedyFilter {
        agencies,
        kind: None,
        result: RemedyResult::from_code(&chosen.result),
        accepted_from: chosen.accepted_from.parse().ok(),
        accepted_to: chosen.accepted_to.parse().ok(),
    };
    let all = listed(&mut conn, &filter).await?;
    let kind = RemedyKind::from_code(&chosen.kind);
    let rows = all.iter().filter(|case| kind.is_none_or(|kind| case.kind == kind)).map(row).collect();
    html(&RemedyListPage {
        chrome: page.chrome(Section::Remedies).crumb("工作台", "/console").here("复议诉讼"),
        tabs: tabs(&all, kind),
        rows,
        many_agencies,
        can_register: staff.may_anywhere(Permission::KeepRegisters),
    })
}

fn tabs(all: &[RemedyCase], current: Option<RemedyKind>) -> Vec<Tab> {
    let tab = |label: &str, kind: Option<RemedyKind>| Tab {
        label: label.into(),
        href: kind.map_or_else(
            || "/console/remedies".into(),
            |kind| format!("/console/remedies?kind={}", kind.code()),
        ),
        is_current: current == kind,
        count: u64::try_from(all.iter().filter(|case| kind.is_none_or(|kind| case.kind == kind)).count())
            .ok(),
    };
    let mut tabs = vec![tab("全部", None)];
    tabs.extend(RemedyKind::ALL.iter().map(|kind| tab(kind.label(), Some(*kind))));
    tabs
}

fn row(case: &RemedyCase) -> CaseRow {
    CaseRow {
        case_number: case.case_number.clone(),
        href: format!("/console/remedies/{}", case.id),
        kind: case.kind.label(),
        agency: case.agency_name.clone(),
        body: case.body.clone(),
        request: case.request_number.clone(),
        accepted: case.accepted_on.to_string(),
        result: result_tag(case.result),
    }
}

/// `?request=` starts the form with the request it is about.
pub(crate) async fn form(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    html(&new_page(&mut conn, &page, &staff, &chosen.request, None).await?)
}

pub(crate) async fn register(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let agency =
        choose_agency(&mut conn, &staff, form.text("agency"), Permission::KeepRegisters).await?.chosen;
    let case = CaseForm {
        request_number: form.text("request_number").into(),
        kind: RemedyKind::from_code(form.text("kind")),
        case_number: form.text("case_number").into(),
        body: form.text("body").into(),
        accepted_on: form.date("accepted_on"),
        note: form.text("note").into(),
    };
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match actions::register(&mut tx, &staff, &agency.id, &case).await {
        Ok(id) => {
            tx.commit().await?;
            Ok(redirect_with(&format!("/console/remedies/{id}"), "案件已登记，审结后请登记结果。"))
        }
        Err(Failure::Refused(reasons)) if !reasons.contains(&RemedyRefusal::Forbidden) => {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            form_again(&new_page(&mut conn, &page, &staff, "", Some((&form, &errors))).await?)
        }
        Err(other) => Err(other.into()),
    }
}

async fn new_page(
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    request_number: &str,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<RemedyFormPage, PageError> {
    // The case belongs where the request was answered.
    let about = match request_number {
        "" => None,
        number => requests::by_number(conn, number).await?,
    };
    let at = about.as_ref().map(|dossier| dossier.agency.code.clone()).unwrap_or_default();
    let wanted = typed.map_or(at.as_str(), |(form, _)| form.text("agency"));
    let choice = choose_agency(conn, staff, wanted, Permission::KeepRegisters).await?;
    let fields = new_fields(request_number, &choice.chosen.reconsideration_body);
    let fields: Vec<Field> = choice.field().into_iter().chain(fields).collect();
    let (fields, errors) = match typed {
        Some((form, errors)) => {
            let fields = form.typed_into(fields, errors);
            let summary = errors.general.iter().fold(ErrorSummary::of(&fields), |all, words| all.and(words));
            (fields, summary)
        }
        None => (fields, ErrorSummary::default()),
    };
    Ok(RemedyFormPage {
        chrome: chrome(page).here("登记案件"),
        heading: "登记复议、诉讼案件".into(),
        intro: "收到受理通知或者应诉通知后登记。案件计入受理当年的年度报告附表三。",
        action: "/console/remedies".into(),
        record: Vec::new(),
        request: None,
        fields,
        errors,
        button: "登记",
        can_write: true,
    })
}

fn new_fields(request_number: &str, body: &str) -> Vec<Field> {
    vec![
        Field::radio("kind", "案件种类", RemedyKind::ALL.iter().map(|kind| (kind.code(), kind.label())))
            .required(),
        Field::line("case_number", "案号").required().width("w-m"),
        Field::line("body", "复议机关或者法院").required().width("w-m").value(body),
        Field::date("accepted_on", "受理日期").required(),
        Field::line("request_number", "所涉申请的编号")
            .width("w-m")
            .value(request_number)
            .hint("不涉及具体申请的，可以不填。"),
        Field::text("note", "备注", 2),
    ]
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    html(&case_page(&mut conn, &page, &staff, &id, None).await?)
}

pub(crate) async fn conclude(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let result = RemedyResult::from_code(form.text("result"));
    let day = form.date("concluded_on");
    match actions::conclude(&mut tx, &staff, &id, result, day, form.text("note")).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(redirect_with(&format!("/console/remedies/{id}"), "结果已登记。"))
        }
        Err(Failure::Refused(reasons))
            if !reasons.iter().any(|r| matches!(r, RemedyRefusal::NotFound | RemedyRefusal::Forbidden)) =>
        {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            let mut conn = app.db.read().await?;
            form_again(&case_page(&mut conn, &page, &staff, &id, Some((&form, &errors))).await?)
        }
        Err(other) => Err(other.into()),
    }
}

async fn case_page(
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    id: &str,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<RemedyFormPage, PageError> {
    let case = by_id(conn, id).await?.ok_or(PageError::NotFound)?;
    if !staff.may(Permission::ReadRequests, &case.agency_id) {
        return Err(PageError::NotFound);
    }
    let results = RemedyResult::ALL.iter().map(|result| (result.code(), result.label()));
    let concluded = case.concluded_on.map(|day| day.to_string()).unwrap_or_default();
    let fields = vec![
        Field::radio("result", "审理结果", results).required().inline().value(case.result.code()),
        Field::date("concluded_on", "审结日期").hint("尚未审结的不填。").value(concluded),
        Field::text("note", "备注", 2).value(&case.note),
    ];
    let (fields, errors) = match typed {
        Some((form, errors)) => {
            let fields = form.typed_into(fields, errors);
            let summary = ErrorSummary::of(&fields);
            (fields, summary)
        }
        None => (fields, ErrorSummary::default()),
    };
    Ok(RemedyFormPage {
        chrome: chrome(page).here(&case.case_number),
        heading: case.case_number.clone(),
        intro: "登记审理结果；登记错了可以重新登记，每次都留下记录。",
        action: format!("/console/remedies/{id}"),
        record: vec![
            KeyValue::new("种类", case.kind.label()),
            KeyValue::new("被申请人（被告）", &case.agency_name),
            KeyValue::new("复议机关或者法院", &case.body),
            KeyValue::new("受理", case.accepted_on.to_string()),
            KeyValue::new("结果", case.result.label()),
        ],
        request: case.request_number.clone(),
        fields,
        errors,
        button: "登记结果",
        can_write: staff.may(Permission::KeepRegisters, &case.agency_id),
    })
}

impl RemedyListPage {
    pub fn sample() -> RemedyListPage {
        RemedyListPage {
            chrome: Chrome::console_sample(Section::Remedies).here("复议诉讼"),
            tabs: tabs(&[], None),
            rows: vec![CaseRow {
                case_number: "青禾复〔2026〕3号".into(),
                href: "/console/remedies/1".into(),
                kind: RemedyKind::Reconsideration.label(),
                agency: "松溪镇人民政府".into(),
                body: "青禾区人民政府".into(),
                request: Some("SONGXI-SQ-2026-0012".into()),
                accepted: "2026-03-20".into(),
                result: result_tag(RemedyResult::Pending),
            }],
            many_agencies: false,
            can_register: true,
        }
    }
}

impl RemedyFormPage {
    pub fn sample() -> RemedyFormPage {
        RemedyFormPage {
            chrome: Chrome::console_sample(Section::Remedies).here("登记案件"),
            heading: "登记复议、诉讼案件".into(),
            intro: "收到受理通知或者应诉通知后登记。",
            action: "/console/remedies".into(),
            record: vec![KeyValue::new("种类", "行政复议")],
            request: Some("SONGXI-SQ-2026-0012".into()),
            fields: new_fields("", "青禾区人民政府"),
            errors: ErrorSummary::default(),
            button: "登记",
            can_write: true,
        }
    }
}
