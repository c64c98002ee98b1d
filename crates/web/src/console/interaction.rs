//! 来信 — letters from the public: what waits, what was answered, calls taken down.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::interaction::actions::{self, CaseReceipt, NewCase};
use gongkai_disclosure::interaction::{self, InteractionCase};
use gongkai_disclosure::time::shown_text;
use jiff::civil::Date;
use serde::Deserialize;

use super::records::choose_agency;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue, Pager, Tab, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::state::App;

const PER_PAGE: i64 = 30;

/// A letter on the list.
#[derive(Debug, Clone)]
pub struct CaseRow {
    pub number: String,
    pub href: String,
    pub subject: String,
    pub kind: &'static str,
    pub received: String,
    pub state: Tag,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/interaction/list.html")]
pub struct CaseListPage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_field: Option<Field>,
    pub tabs: Vec<Tab>,
    pub is_answered: bool,
    pub rows: Vec<CaseRow>,
    pub pager: Pager,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/interaction/letter.html")]
pub struct CasePage {
    pub chrome: Chrome,
    pub subject: String,
    pub state: Tag,
    pub record: Vec<KeyValue>,
    /// 网站找错: the page it is about; empty otherwise.
    pub page: String,
    pub paragraphs: Vec<String>,
    /// The letter asks for documents: the reply should lead to the procedure for requests.
    pub is_like_a_request: bool,
    pub reply: Option<ReplyView>,
    pub action: String,
    pub field: Field,
    pub errors: ErrorSummary,
}

/// An answer that was given.
#[derive(Debug, Clone)]
pub struct ReplyView {
    pub paragraphs: Vec<String>,
    pub by: String,
    pub at: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/interaction/call.html")]
pub struct CallPage {
    pub chrome: Chrome,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    pub receipt: Option<CaseReceipt>,
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    agency: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: i64,
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, &staff, &chosen.agency, P::AnswerCases).await?;
    let agency = &choice.chosen;
    let (is_answered, at) = (chosen.state == "answered", chosen.page.max(1));
    let (open, answered) = interaction::counts(&mut conn, &agency.id).await?;
    let cases = interaction::cases(&mut conn, &agency.id, is_answered, PER_PAGE, (at - 1) * PER_PAGE).await?;
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let base = format!("/console/interaction?agency={}&state=", agency.code);
    let tab = |label: &str, state: &str, n: i64, is_current| Tab {
        label: label.into(),
        href: format!("{base}{state}"),
        is_current,
        count: Some(count(n)),
    };
    let state = if is_answered { "answered" } else { "open" };
    html(&CaseListPage {
        chrome: page.chrome(Section::ConsoleInteraction).crumb("工作台", "/console").here("来信"),
        agency: agency.name.clone(),
        agency_field: choice.field(),
        tabs: vec![
            tab("待答复", "open", open, !is_answered),
            tab("已答复", "answered", answered, is_answered),
        ],
        is_answered,
        rows: cases.iter().map(|case| row(case, app.today())).collect(),
        pager: Pager {
            page: count(at),
            per_page: count(PER_PAGE),
            total: count(if is_answered { answered } else { open }),
            href: format!("{base}{state}&page="),
        },
    })
}

fn row(case: &InteractionCase, today: Date) -> CaseRow {
    CaseRow {
        number: case.number.clone(),
        href: format!("/console/interaction/{}", case.id),
        subject: case.subject.clone(),
        kind: case.kind_label(),
        received: shown_text(&case.received_at),
        state: state(case, today),
    }
}

fn state(case: &InteractionCase, today: Date) -> Tag {
    match (&case.replied_at, case.reply_due_on()) {
        (Some(_), _) => Tag::new(Tone::Success, "已答复"),
        (None, Some(due)) if due < today => Tag::new(Tone::Overdue, format!("应在 {due} 前答复")),
        (None, Some(due)) => Tag::new(Tone::Info, format!("{due} 前答复")),
        (None, None) => Tag::new(Tone::Info, "待答复"),
    }
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    html(&case_page(&app, &mut conn, &page, &staff, &id, None).await?)
}

pub(crate) async fn reply(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let replied = actions::reply(&mut tx, &staff, &id, form.text("reply")).await;
    match settle(tx, replied).await? {
        Ok(()) => {
            Ok(redirect_with(&format!("/console/interaction/{id}"), "已答复，来信人凭编号和查询码可以看到。"))
        }
        Err(errors) => {
            let mut conn = app.db.read().await?;
            form_again(&case_page(&app, &mut conn, &page, &staff, &id, Some((&form, &errors))).await?)
        }
    }
}

async fn case_page(
    app: &App,
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    id: &str,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<CasePage, PageError> {
    let case = interaction::case(conn, id).await?.ok_or(PageError::NotFound)?;
    if !staff.may(P::AnswerCases, &case.agency_id) {
        return Err(PageError::NotFound);
    }
    let mut field = Field::text("reply", "答复内容", 8)
        .required()
        .hint("答复发出后不能更改。来信人凭编号和查询码在网上查看。");
    if let Some((form, errors)) = typed {
        field = field.value(form.text("reply")).error(errors.get("reply"));
    }
    let errors = ErrorSummary::of([&field]);
    Ok(CasePage {
        chrome: page
            .chrome(Section::ConsoleInteraction)
            .crumb("工作台", "/console")
            .crumb("来信", "/console/interaction")
            .here(case.number.clone()),
        state: state(&case, app.today()),
        page: case.page.clone(),
        record: [
            ("编号", case.number.clone()),
            ("途径", case.kind_label().to_owned()),
            ("收到", shown_text(&case.received_at)),
            ("来信人", case.person_name.clone()),
            ("联系方式", case.contact.clone()),
            ("受理机关", case.agency_name.clone()),
            ("最迟答复", case.last_day().map(|day| format!("{day}，逾期检查不合格")).unwrap_or_default()),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| KeyValue::new(key, value))
        .collect(),
        is_like_a_request: interaction::reads_like_a_request(&format!("{}\n{}", case.subject, case.body)),
        paragraphs: paragraphs(&case.body),
        reply: case.reply.as_deref().map(|text| ReplyView {
            paragraphs: paragraphs(text),
            by: case.replied_by.clone().unwrap_or_default(),
            at: case.replied_at.as_deref().map(shown_text).unwrap_or_default(),
        }),
        subject: case.subject,
        action: format!("/console/interaction/{id}/reply"),
        field,
        errors,
    })
}

/// A text as paragraphs, empty lines left out.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

pub(crate) async fn call(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    html(&call_page(&mut conn, &page, &staff, None).await?)
}

pub(crate) async fn record_call(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, &staff, form.text("agency"), P::AnswerCases).await?;
    let text = |name: &str| form.text(name).to_owned();
    let new = NewCase {
        agency_id: choice.chosen.id,
        person_name: text("person_name"),
        contact: text("contact"),
        subject: text("subject"),
        body: text("body"),
        ..NewCase::default()
    };
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let recorded = actions::record_call(&mut tx, &staff, new).await;
    match settle(tx, recorded).await? {
        Ok(receipt) => {
            let mut again = call_page(&mut conn, &page, &staff, None).await?;
            again.receipt = Some(receipt);
            Ok(html(&again)?.into_response())
        }
        Err(errors) => form_again(&call_page(&mut conn, &page, &staff, Some((&form, &errors))).await?),
    }
}

async fn call_page(
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<CallPage, PageError> {
    let wanted = typed.map_or("", |(form, _)| form.text("agency"));
    let choice = choose_agency(conn, staff, wanted, P::AnswerCases).await?;
    let mut fields = vec![
        Field::line("person_name", "来电人姓名").required().width("w-m"),
        Field::line("contact", "联系方式").required().width("w-m").hint("电话号码或者电子邮箱"),
        Field::line("subject", "标题").required(),
        Field::text("body", "反映的事项", 6).required(),
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
    if let Some(field) = choice.field() {
        fields.insert(0, field);
    }
    Ok(CallPage {
        chrome: page
            .chrome(Section::ConsoleInteraction)
            .crumb("工作台", "/console")
            .crumb("来信", "/console/interaction")
            .here("登记来电"),
        fields,
        errors,
        receipt: None,
    })
}

fn sample_chrome() -> Chrome {
    Chrome::console_sample(Section::ConsoleInteraction).crumb("工作台", "/console").here("来信")
}

impl CaseListPage {
    pub fn sample() -> CaseListPage {
        CaseListPage {
            chrome: sample_chrome(),
            agency: "云溪镇人民政府".into(),
            agency_field: None,
            tabs: vec![Tab {
                label: "待答复".into(),
                href: "/console/interaction?state=open".into(),
                is_current: true,
                count: Some(1),
            }],
            is_answered: false,
            rows: vec![CaseRow {
                number: "M2026-00042".into(),
                href: "/console/interaction/1".into(),
                subject: "公交站牌字迹看不清".into(),
                kind: "网上信箱",
                received: "2026-03-02 09:00".into(),
                state: Tag::new(Tone::Info, "2026-04-01 前答复"),
            }],
            pager: Pager { page: 1, per_page: 30, total: 1, href: "?page=".into() },
        }
    }

    pub fn sample_empty() -> CaseListPage {
        CaseListPage { rows: Vec::new(), ..CaseListPage::sample() }
    }
}

impl CasePage {
    pub fn sample() -> CasePage {
        CasePage {
            chrome: sample_chrome(),
            subject: "想看道路改造方案".into(),
            state: Tag::new(Tone::Overdue, "应在 2026-04-01 前答复"),
            record: vec![KeyValue::new("编号", "M2026-00042"), KeyValue::new("来信人", "何小舟")],
            page: String::new(),
            paragraphs: vec!["请求公开云水路的道路改造方案。".into()],
            is_like_a_request: true,
            reply: None,
            action: "/console/interaction/1/reply".into(),
            field: Field::text("reply", "答复内容", 8).required().error(Some("请填写答复内容。".into())),
            errors: ErrorSummary { errors: vec![("reply".into(), "请填写答复内容。".into())] },
        }
    }
}

impl CallPage {
    pub fn sample() -> CallPage {
        CallPage {
            chrome: sample_chrome(),
            fields: vec![Field::line("person_name", "来电人姓名").required()],
            errors: ErrorSummary::default(),
            receipt: Some(CaseReceipt {
                id: "1".into(),
                number: "M2026-00043".into(),
                query_code: "7KQ2MXHD4PBW".into(),
            }),
        }
    }
}
