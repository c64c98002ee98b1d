//! 投诉举报和更正 — bringing a matter forward, and seeing how it ended.

use askama::Template;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts;
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::grievances::public::tracked;
use gongkai_disclosure::grievances::{GrievanceRefusal, actions};
use gongkai_disclosure::secrets::digest;

use crate::admission::{TOKEN, Verdict, WAIT};
use crate::components::{ErrorSummary, Field, KeyValue, Tag};
use crate::console::grievances::{state, statement_fields, statement_of};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html};
use crate::page::{Chrome, Section};
use crate::state::App;
use crate::throttle::Before;
use crate::visitor::Visitor;

/// A field no person sees; what fills it in is a program.
const TRAP: &str = "homepage";

#[derive(Debug, Clone, Template)]
#[template(path = "portal/grievances/form.html")]
pub struct GrievanceFormPage {
    pub chrome: Chrome,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    /// Good for one sending.
    pub token: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/grievances/receipt.html")]
pub struct GrievanceReceiptPage {
    pub chrome: Chrome,
    pub number: String,
    pub query_code: String,
    pub due_on: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/grievances/track.html")]
pub struct GrievanceTrackPage {
    pub chrome: Chrome,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    pub found: Option<TrackedGrievance>,
}

/// A matter as the person sees it.
#[derive(Debug, Clone)]
pub struct TrackedGrievance {
    pub number: String,
    pub state: Tag,
    pub record: Vec<KeyValue>,
    pub letter: Vec<(&'static str, String)>,
}

fn chrome(page: &PageContext) -> Chrome {
    page.chrome(Section::Interaction).crumb("首页", "/").crumb("互动交流", "/interaction")
}

pub(crate) async fn form(State(app): State<App>, page: PageContext) -> Result<Response, PageError> {
    let mut shown = form_page(&mut *app.db.read().await?, &page, None).await?;
    shown.token = app.admission.token(app.now());
    if let (Some(own), Some(to)) = (app.db.agency(), shown.fields.first_mut()) {
        *to = to.clone().value(own);
    }
    // Each form has its own token.
    Ok(never_kept(html(&shown)?.into_response()))
}

async fn form_page(
    conn: &mut Conn,
    page: &PageContext,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<GrievanceFormPage, PageError> {
    let agencies = accounts::agencies(conn).await?.into_iter().map(|agency| (agency.code, agency.name));
    let choices = std::iter::once((String::new(), "请选择".to_owned())).chain(agencies);
    let to = Field::select("agency", "向哪个机关提出", choices)
        .required()
        .width("w-m")
        .hint("投诉、举报可以向上一级行政机关或者政府信息公开工作主管部门提出；更正向记录信息的机关提出。");
    let mut fields: Vec<Field> = std::iter::once(to).chain(statement_fields()).collect();
    let mut errors = ErrorSummary::default();
    if let Some((form, wrong)) = typed {
        fields = form.typed_into(fields, wrong);
        errors = wrong.general.iter().fold(ErrorSummary::of(&fields), |all, words| all.and(words));
    }
    Ok(GrievanceFormPage {
        chrome: chrome(page).here("投诉举报和更正"),
        fields,
        errors,
        token: String::new(),
    })
}

pub(crate) async fn submit(
    State(app): State<App>,
    page: PageContext,
    visitor: Visitor,
    form: Fields,
) -> Result<Response, PageError> {
    if !form.text(TRAP).is_empty() {
        let words = "提交没有被接受：请不要填写看不见的栏目，刷新页面后重新填写。";
        return again(&app, &page, &form, &FormErrors::about_all(vec![words.into()]), String::new()).await;
    }
    match app.admission.admit(visitor.counted(), form.text(TOKEN), app.now()) {
        Verdict::Admitted => {}
        Verdict::Again { words, token } => {
            let words = words.replace("申请表", "表").replace("“提交申请”", "“提交”");
            return again(&app, &page, &form, &FormErrors::about_all(vec![words]), token).await;
        }
        Verdict::Wait { token } => {
            let seconds = WAIT.as_secs();
            let words = format!(
                "同一网络地址刚刚提交了很多事项。您填写的内容都在，请等{seconds}秒，再点一次“提交”。"
            );
            let mut answer = again(&app, &page, &form, &FormErrors::about_all(vec![words]), token).await?;
            *answer.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            return Ok(answer);
        }
    }
    let agency = app.own_agency(form.text("agency")).await?;
    let mut tx = app.db.begin(&Actor::Public, app.now()).await?;
    match actions::submit(&mut tx, &statement_of(&form, agency)).await {
        Ok(taken) => {
            tx.commit().await?;
            // The query code is shown here and nowhere again, so the answer is the page itself.
            let receipt = GrievanceReceiptPage {
                chrome: chrome(&page).here("回执"),
                number: taken.number,
                query_code: taken.query_code,
                due_on: taken.due_on.to_string(),
            };
            Ok(never_kept(html(&receipt)?.into_response()))
        }
        Err(Failure::Refused(reasons)) => {
            drop(tx);
            again(&app, &page, &form, &FormErrors::of(&reasons), String::new()).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The form as it was filled in; without a token it gets one that nobody has to wait for.
async fn again(
    app: &App,
    page: &PageContext,
    form: &Fields,
    errors: &FormErrors,
    token: String,
) -> Result<Response, PageError> {
    let mut shown = form_page(&mut *app.db.read().await?, page, Some((form, errors))).await?;
    shown.token = if token.is_empty() { app.admission.token_again(app.now()) } else { token };
    Ok(never_kept(form_again(&shown)?))
}

fn never_kept(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn track_fields() -> Vec<Field> {
    vec![
        Field::line("number", "编号").required().width("w-m").hint("回执上的编号，例如 SONGXI-GZ-2026-0001"),
        Field::line("query_code", "查询码").required().width("w-m").hint("回执上的 12 位查询码"),
    ]
}

fn track_page(page: &PageContext, fields: Vec<Field>, found: Option<TrackedGrievance>) -> GrievanceTrackPage {
    let errors = ErrorSummary::of(&fields);
    GrievanceTrackPage { chrome: chrome(page).here("查询投诉举报和更正"), fields, errors, found }
}

pub(crate) async fn track_form(page: PageContext) -> Result<impl IntoResponse, PageError> {
    html(&track_page(&page, track_fields(), None))
}

/// Sent by POST, so that the code stands in no address and no log.
pub(crate) async fn track(
    State(app): State<App>,
    page: PageContext,
    visitor: Visitor,
    form: Fields,
) -> Result<Response, PageError> {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase()
    };
    let number = plain(form.text("number"));
    let refused = |words: String| {
        let mut fields = track_fields();
        fields[0].value = form.text("number").to_owned();
        fields[1].error = Some(words);
        form_again(&track_page(&page, fields, None))
    };
    if let Some(from) = visitor.counted() {
        match app.wrong_codes.before(from, &number, app.now()) {
            Before::Rest => return refused("从您的网络地址输错的次数过多，请15分钟后再试。".into()),
            Before::Look(delay) => tokio::time::sleep(delay).await,
        }
    }
    let code = digest(&plain(form.text("query_code")).replace('-', ""));
    let Some(one) = tracked(&mut *app.db.read().await?, &number, &code).await? else {
        if let Some(from) = visitor.counted() {
            app.wrong_codes.failed(from, &number, app.now());
        }
        return refused(GrievanceRefusal::WrongNumberOrCode.to_string());
    };
    let found = TrackedGrievance {
        number: one.number.clone(),
        state: state(&one, app.today()),
        record: vec![
            KeyValue::new("种类", one.kind.label()),
            KeyValue::new("受理机关", &one.agency_name),
            KeyValue::new("收到", one.received_on.to_string()),
            KeyValue::new("承诺办结", one.due_on.to_string()),
        ],
        letter: one.letter().unwrap_or_default(),
    };
    Ok(never_kept(html(&track_page(&page, Vec::new(), Some(found)))?.into_response()))
}

impl GrievanceFormPage {
    pub fn sample() -> GrievanceFormPage {
        GrievanceFormPage {
            chrome: Chrome::sample(Section::Interaction).crumb("首页", "/").here("投诉举报和更正"),
            fields: statement_fields(),
            errors: ErrorSummary::default(),
            token: String::new(),
        }
    }
}

impl GrievanceReceiptPage {
    pub fn sample() -> GrievanceReceiptPage {
        GrievanceReceiptPage {
            chrome: Chrome::sample(Section::Interaction).crumb("首页", "/").here("回执"),
            number: "SONGXI-GZ-2026-0001".into(),
            query_code: "7KQ2MXHD4PBW".into(),
            due_on: "2026-04-07".into(),
        }
    }
}

impl GrievanceTrackPage {
    pub fn sample() -> GrievanceTrackPage {
        GrievanceTrackPage {
            chrome: Chrome::sample(Section::Interaction).crumb("首页", "/").here("查询"),
            fields: Vec::new(),
            errors: ErrorSummary::default(),
            found: Some(TrackedGrievance {
                number: "SONGXI-GZ-2026-0001".into(),
                state: Tag::new(crate::components::Tone::Success, "已办结"),
                record: vec![KeyValue::new("种类", "更正申请")],
                letter: vec![("处理结果", "经核实，记录已经更正。".into())],
            }),
        }
    }
}
