//! 投诉举报和更正 — the register, one matter with its day, and the letter that tells how it ended.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::grievances::actions::{
    Ending, Statement, Taken, conclude as conclude_one, register as take,
};
use gongkai_disclosure::grievances::{self as room, Grievance, GrievanceKind, GrievanceOutcome};
use gongkai_disclosure::sheets;
use gongkai_statute::parameters::Parameter;
use gongkai_typeset::Writing;
use gongkai_typeset::writing::Block;
use jiff::civil::Date;
use serde::Deserialize;

use super::records::choose_agency;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue, Tab, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors, encode};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::paper;
use crate::portal::entries::as_attachment;
use crate::state::App;

/// A matter on the list.
#[derive(Debug, Clone)]
pub struct GrievanceRow {
    pub number: String,
    pub href: String,
    pub kind: &'static str,
    pub about: String,
    pub received: String,
    pub due: String,
    pub state: Tag,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/grievances/list.html")]
pub struct GrievanceListPage {
    pub chrome: Chrome,
    pub agency_field: Option<Field>,
    pub tabs: Vec<Tab>,
    pub rows: Vec<GrievanceRow>,
    pub export: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/grievances/show.html")]
pub struct GrievancePage {
    pub chrome: Chrome,
    pub number: String,
    pub state: Tag,
    pub record: Vec<KeyValue>,
    pub statement: Vec<String>,
    pub evidence: Vec<String>,
    /// How it ended: heading and text.
    pub letter: Vec<(&'static str, String)>,
    pub files: Vec<(&'static str, String)>,
    pub action: String,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/grievances/form.html")]
pub struct GrievanceFormPage {
    pub chrome: Chrome,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    pub taken: Option<Taken>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
    kind: String,
}

fn chrome(page: &PageContext) -> Chrome {
    page.chrome(Section::Remedies).crumb("工作台", "/console").crumb("投诉举报和更正", "/console/grievances")
}

pub(crate) fn state(one: &Grievance, today: Date) -> Tag {
    match &one.concluded {
        Some(_) if one.is_overdue(today) => Tag::new(Tone::Overdue, "已办结，超过承诺期限"),
        Some(_) => Tag::new(Tone::Success, "已办结"),
        None if one.is_overdue(today) => Tag::new(Tone::Overdue, format!("应在 {} 前办结", one.due_on)),
        None => Tag::new(Tone::Info, format!("{} 前办结", one.due_on)),
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, &staff, &chosen.agency, P::ReadRequests).await?;
    let all = room::list(&mut conn, &choice.chosen.id, "").await?;
    let kind = GrievanceKind::from_code(&chosen.kind);
    let code = &choice.chosen.code;
    let tab = |label: &str, of: Option<GrievanceKind>| Tab {
        label: label.into(),
        href: format!("/console/grievances?agency={code}&kind={}", of.map_or("", GrievanceKind::code)),
        is_current: kind == of,
        count: u64::try_from(all.iter().filter(|one| of.is_none_or(|of| one.kind == of)).count()).ok(),
    };
    let mut tabs = vec![tab("全部", None)];
    tabs.extend(GrievanceKind::ALL.iter().map(|of| tab(of.label(), Some(*of))));
    html(&GrievanceListPage {
        chrome: page.chrome(Section::Remedies).crumb("工作台", "/console").here("投诉举报和更正"),
        agency_field: choice.field(),
        rows: all
            .iter()
            .filter(|one| kind.is_none_or(|kind| one.kind == kind))
            .map(|one| row(one, app.today()))
            .collect(),
        tabs,
        export: format!("/console/grievances/export?agency={}&kind={}", encode(code), encode(&chosen.kind)),
    })
}

fn row(one: &Grievance, today: Date) -> GrievanceRow {
    GrievanceRow {
        number: one.number.clone(),
        href: format!("/console/grievances/{}", one.id),
        kind: one.kind.label(),
        about: one.about.clone(),
        received: one.received_on.to_string(),
        due: one.due_on.to_string(),
        state: state(one, today),
    }
}

/// 台账 — without contact details.
pub(crate) async fn export(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, &staff, &chosen.agency, P::ReadRequests).await?;
    let all = room::list(&mut conn, &choice.chosen.id, &chosen.kind).await?;
    let heads = [
        ("编号", 24.0),
        ("种类", 12.0),
        ("涉及的机关或者记录", 30.0),
        ("所涉申请", 24.0),
        ("收到", 12.0),
        ("承诺办结", 12.0),
        ("办结", 12.0),
        ("结果", 30.0),
        ("告知书", 24.0),
        ("是否超期", 10.0),
    ];
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|one| {
            let done = one.concluded.as_ref();
            vec![
                one.number.clone(),
                one.kind.label().to_owned(),
                one.about.clone(),
                one.request_number.clone(),
                one.received_on.to_string(),
                one.due_on.to_string(),
                done.map(|done| done.on.to_string()).unwrap_or_default(),
                done.map(|done| done.outcome.label().to_owned()).unwrap_or_default(),
                done.map(|done| done.letter_number.clone()).unwrap_or_default(),
                if one.is_overdue(app.today()) { "是".into() } else { "否".to_owned() },
            ]
        })
        .collect();
    let bytes = sheets::xlsx("投诉举报和更正台账", &heads, &rows).map_err(anyhow::Error::from)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let headers =
        [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, as_attachment("投诉举报和更正台账.xlsx"))];
    Ok((headers, bytes).into_response())
}

pub(crate) async fn form(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    html(&new_page(&mut conn, &page, &staff, None).await?)
}

/// What both faces ask.
pub(crate) fn statement_fields() -> Vec<Field> {
    vec![
        Field::radio("kind", "要提出的是", GrievanceKind::ALL.iter().map(|kind| (kind.code(), kind.label())))
            .required()
            .choice_hint(
                "complaint",
                "认为行政机关在政府信息公开工作中侵犯了自己的合法权益（《条例》第五十一条）。",
            )
            .choice_hint("wrongdoing_report", "反映行政机关不依法公开政府信息（《条例》第五十一条）。")
            .choice_hint(
                "record_correction",
                "有证据证明行政机关记录的与自身相关的信息不准确（《条例》第四十一条）。",
            ),
        Field::line("about", "涉及的机关或者记录")
            .required()
            .hint("投诉、举报的写机关名称；更正的写是哪一份记录。"),
        Field::text("statement", "事项和请求", 6).required(),
        Field::text("evidence", "证据", 3).hint("申请更正的必须写明；有书面证据的，请当面或者邮寄提交。"),
        Field::line("request_number", "所涉申请的编号").width("w-m").hint("不涉及具体申请的，可以不填。"),
        Field::line("person_name", "姓名或者名称").required().width("w-m").autocomplete("name"),
        Field::line("contact", "联系方式")
            .required()
            .width("w-m")
            .hint("电话、电子邮箱或者通信地址，加密保存。"),
    ]
}

pub(crate) fn statement_of(form: &Fields, agency_code: &str) -> Statement {
    let text = |name: &str| form.text(name).to_owned();
    Statement {
        agency_code: agency_code.to_owned(),
        kind: GrievanceKind::from_code(form.text("kind")),
        about: text("about"),
        request_number: text("request_number"),
        person_name: text("person_name"),
        contact: text("contact"),
        statement: text("statement"),
        evidence: text("evidence"),
        received_on: form.date("received_on"),
    }
}

pub(crate) async fn register(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, &staff, form.text("agency"), P::HandleRequests).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let registered = take(&mut tx, &staff, &statement_of(&form, &choice.chosen.code)).await;
    match settle(tx, registered).await? {
        Ok(taken) => {
            let mut again = new_page(&mut conn, &page, &staff, None).await?;
            again.taken = Some(taken);
            Ok(html(&again)?.into_response())
        }
        Err(errors) => form_again(&new_page(&mut conn, &page, &staff, Some((&form, &errors))).await?),
    }
}

async fn new_page(
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<GrievanceFormPage, PageError> {
    let wanted = typed.map_or("", |(form, _)| form.text("agency"));
    let choice = choose_agency(conn, staff, wanted, P::HandleRequests).await?;
    let mut fields: Vec<Field> = choice.field().into_iter().collect();
    fields.push(Field::date("received_on", "收到日期").required());
    fields.extend(statement_fields());
    let mut errors = ErrorSummary::default();
    if let Some((form, wrong)) = typed {
        fields = form.typed_into(fields, wrong);
        errors = wrong.general.iter().fold(ErrorSummary::of(&fields), |all, words| all.and(words));
    }
    Ok(GrievanceFormPage { chrome: chrome(page).here("登记"), fields, errors, taken: None })
}

async fn readable(conn: &mut Conn, staff: &Staff, id: &str) -> Result<Grievance, PageError> {
    match room::by_id(conn, id).await? {
        Some(one) if staff.may(P::ReadRequests, &one.agency_id) => Ok(one),
        _ => Err(PageError::NotFound),
    }
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    let one = readable(&mut *app.db.read().await?, &staff, &id).await?;
    html(&shown(&app, &page, &staff, &one, None)?)
}

pub(crate) async fn conclude(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let ending = Ending {
        outcome: GrievanceOutcome::from_code(form.text("outcome")),
        words: form.text("words").into(),
        referred_to: form.text("referred_to").into(),
    };
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let concluded = conclude_one(&mut tx, &staff, &id, &ending).await;
    match settle(tx, concluded).await? {
        Ok(_) => {
            Ok(redirect_with(&format!("/console/grievances/{id}"), "已办结，当事人凭编号和查询码可以看到。"))
        }
        Err(errors) => {
            let one = readable(&mut *app.db.read().await?, &staff, &id).await?;
            form_again(&shown(&app, &page, &staff, &one, Some((&form, &errors)))?)
        }
    }
}

fn shown(
    app: &App,
    page: &PageContext,
    staff: &Staff,
    one: &Grievance,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<GrievancePage, PageError> {
    let handles = staff.may(P::HandleRequests, &one.agency_id);
    let contact = match handles {
        true => one.contact(app.db.keys())?,
        false => "由经办人查看".to_owned(),
    };
    let mut fields = Vec::new();
    if handles && one.concluded.is_none() {
        let outcomes = one.kind.outcomes().into_iter().map(|outcome| (outcome.code(), outcome.label()));
        fields = vec![
            Field::radio("outcome", "处理结果", outcomes).required(),
            Field::text("words", "理由和依据", 6).required(),
            Field::line("referred_to", "有权处理的机关").hint("转送或者告知另行提出的，写明名称和联系方式。"),
        ];
    }
    let mut errors = ErrorSummary::default();
    if let Some((form, wrong)) = typed {
        fields = form.typed_into(fields, wrong);
        errors = wrong.general.iter().fold(ErrorSummary::of(&fields), |all, words| all.and(words));
    }
    let promised = Parameter::GrievancePromiseWorkingDays;
    let promised = promised.on(one.received_on).unwrap_or(promised.current()).value;
    let mut record = vec![
        KeyValue::new("种类", format!("{}（{}）", one.kind.label(), one.kind.citation())),
        KeyValue::new("受理机关", &one.agency_name),
        KeyValue::new("涉及", &one.about),
        KeyValue::new("当事人", &one.person_name),
        KeyValue::new("联系方式", contact),
        KeyValue::new("收到", one.received_on.to_string()),
        KeyValue::new(
            "承诺办结",
            format!("{}（收到次日起 {promised} 个工作日，本机关承诺；《条例》没有规定期限）", one.due_on),
        ),
    ];
    if !one.request_number.is_empty() {
        record.push(KeyValue::new("所涉申请", &one.request_number));
    }
    let address = format!("/console/grievances/{}", one.id);
    let files = match &one.concluded {
        None => Vec::new(),
        Some(_) => Writing::formats()
            .map(|format| (format.label(), format!("{address}/letter/{}", format.extension())))
            .collect(),
    };
    Ok(GrievancePage {
        chrome: chrome(page).here(&one.number),
        number: one.number.clone(),
        state: state(one, app.today()),
        record,
        statement: super::interaction::paragraphs(&one.statement),
        evidence: super::interaction::paragraphs(&one.evidence),
        letter: one.letter().unwrap_or_default(),
        files,
        action: address,
        fields,
        errors,
    })
}

pub(crate) async fn letter(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((id, extension)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let one = readable(&mut *app.db.read().await?, &staff, &id).await?;
    let (Some(parts), Some(done)) = (one.letter(), &one.concluded) else { return Err(PageError::NotFound) };
    let title = format!("{}处理结果告知书", one.kind.label());
    let mut blocks = vec![
        Block::Title(format!("{}\n{title}", one.agency_name)),
        Block::Centred(done.letter_number.clone()),
        Block::Addressee(format!("{}：", one.person_name)),
    ];
    for (heading, text) in parts {
        blocks.push(Block::Heading { level: 1, text: heading.into() });
        blocks.extend(text.lines().map(Block::paragraph));
    }
    blocks.push(Block::Signature(one.agency_name.clone()));
    let on = done.on;
    blocks.push(Block::Signature(format!("{}年{}月{}日", on.year(), on.month(), on.day())));
    let writing = Writing {
        title: format!("{title}（{}）", done.letter_number),
        author: one.agency_name.clone(),
        blocks,
    };
    paper::download_writing(&app, writing, &extension, on).await
}

impl GrievanceListPage {
    pub fn sample() -> GrievanceListPage {
        GrievanceListPage {
            chrome: Chrome::console_sample(Section::Remedies).here("投诉举报和更正"),
            agency_field: None,
            tabs: vec![Tab {
                label: "全部".into(),
                href: "/console/grievances".into(),
                is_current: true,
                count: Some(1),
            }],
            rows: vec![GrievanceRow {
                number: "SONGXI-GZ-2026-0001".into(),
                href: "/console/grievances/1".into(),
                kind: GrievanceKind::RecordCorrection.label(),
                about: "低保登记的家庭人口".into(),
                received: "2026-03-09".into(),
                due: "2026-04-07".into(),
                state: Tag::new(Tone::Info, "2026-04-07 前办结"),
            }],
            export: "/console/grievances/export".into(),
        }
    }

    pub fn sample_empty() -> GrievanceListPage {
        GrievanceListPage { rows: Vec::new(), ..GrievanceListPage::sample() }
    }
}

impl GrievancePage {
    pub fn sample() -> GrievancePage {
        GrievancePage {
            chrome: Chrome::console_sample(Section::Remedies).here("SONGXI-GZ-2026-0001"),
            number: "SONGXI-GZ-2026-0001".into(),
            state: Tag::new(Tone::Info, "2026-04-07 前办结"),
            record: vec![KeyValue::new("种类", "更正申请")],
            statement: vec!["登记的家庭人口与户口簿不一致，请更正。".into()],
            evidence: vec!["户口簿复印件".into()],
            letter: vec![("处理结果", "经核实，记录已经更正。".into())],
            files: vec![("Word", "/console/grievances/1/letter/docx".into())],
            action: "/console/grievances/1".into(),
            fields: vec![Field::text("words", "理由和依据", 6).required()],
            errors: ErrorSummary::default(),
        }
    }
}

impl GrievanceFormPage {
    pub fn sample() -> GrievanceFormPage {
        GrievanceFormPage {
            chrome: Chrome::console_sample(Section::Remedies).here("登记"),
            fields: statement_fields(),
            errors: ErrorSummary::default(),
            taken: Some(Taken {
                id: "1".into(),
                number: "SONGXI-GZ-2026-0001".into(),
                query_code: "7KQ2MXHD4PBW".into(),
                due_on: jiff::civil::date(2026, 4, 7),
            }),
        }
    }
}
