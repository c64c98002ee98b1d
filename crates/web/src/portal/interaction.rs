//! 互动交流 — writing to an agency, and seeing its answer.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts;
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::interaction::actions::{CaseReceipt, NewCase, submit};
use gongkai_disclosure::interaction::{self, CaseKind, InteractionRefusal, REPLY_WITHIN_DAYS};
use gongkai_disclosure::time::shown_text;
use serde::Deserialize;

use crate::admission::{TOKEN, Verdict, WAIT};
use crate::components::{ErrorSummary, Field, KeyValue, Tag, Tone};
use crate::console::interaction::{ReplyView, paragraphs};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html};
use crate::page::{Chrome, Section};
use crate::state::App;
use crate::visitor::Visitor;

/// A field no person sees; programs that fill in everything give themselves away.
const TRAP: &str = "homepage";

/// The two ways to write, and the way to see an answer.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/interaction/index.html")]
pub struct InteractionPage {
    pub chrome: Chrome,
    pub reply_within_days: i32,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/interaction/letter.html")]
pub struct LetterPage {
    pub chrome: Chrome,
    pub heading: &'static str,
    pub kind: &'static str,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    /// The letter reads like a request for documents.
    pub is_like_a_request: bool,
    /// Good for one letter; see [`crate::admission`].
    pub token: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/interaction/receipt.html")]
pub struct ReceiptPage {
    pub chrome: Chrome,
    pub number: String,
    pub query_code: String,
    pub reply_within_days: i32,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/interaction/track.html")]
pub struct TrackPage {
    pub chrome: Chrome,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    pub found: Option<TrackedLetter>,
}

/// A letter as its writer sees it.
#[derive(Debug, Clone)]
pub struct TrackedLetter {
    pub subject: String,
    pub state: Tag,
    pub record: Vec<KeyValue>,
    pub paragraphs: Vec<String>,
    pub reply: Option<ReplyView>,
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    kind: String,
    /// The page on which the error was found.
    #[serde(default)]
    page: String,
}

fn chrome(page: &PageContext) -> Chrome {
    page.chrome(Section::Interaction).crumb("首页", "/").crumb("互动交流", "/interaction")
}

pub(crate) async fn index(page: PageContext) -> Result<impl IntoResponse, PageError> {
    let chrome = page.chrome(Section::Interaction).crumb("首页", "/").here("互动交流");
    html(&InteractionPage { chrome, reply_within_days: REPLY_WITHIN_DAYS })
}

pub(crate) async fn letter(
    State(app): State<App>,
    page: PageContext,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let mut form = letter_page(&mut conn, chrome(&page), kind_of(&chosen.kind), None).await?;
    form.token = app.admission.token(app.now());
    for field in &mut form.fields {
        match (field.name.as_str(), app.db.agency()) {
            ("page", _) => field.value = chosen.page.chars().filter(|c| !c.is_control()).take(300).collect(),
            ("agency_id", Some(own)) => *field = field.clone().value(own),
            _ => {}
        }
    }
    html(&form)
}

/// What the public writes is a letter unless it reports an error of the site.
fn kind_of(code: &str) -> CaseKind {
    match CaseKind::from_code(code) {
        Some(CaseKind::ErrorReport) => CaseKind::ErrorReport,
        _ => CaseKind::Mailbox,
    }
}

pub(crate) async fn send(
    State(app): State<App>,
    page: PageContext,
    visitor: Visitor,
    form: Fields,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let text = |name: &str| form.text(name).to_owned();
    let kind = kind_of(form.text("kind"));
    if !form.text(TRAP).is_empty() {
        let words = "提交没有被接受：请不要填写看不见的栏目，刷新页面后重新填写。";
        let errors = FormErrors::about_all(vec![words.to_owned()]);
        return again(&app, &mut conn, &page, kind, &form, &errors, None).await;
    }
    let agency = match kind {
        CaseKind::ErrorReport => answering_for(&mut conn, form.text("page")).await?,
        _ => accounts::agency_by_code(&mut conn, form.text("agency_id")).await?,
    };
    let new = NewCase {
        agency_id: agency.map(|agency| agency.id).unwrap_or_default(),
        kind: text("kind"),
        person_name: text("person_name"),
        contact: text("contact"),
        subject: text("subject"),
        body: text("body"),
        page: text("page"),
        is_not_a_request: form.is_ticked("not_a_request"),
    };
    let mut tx = app.db.begin(&Actor::Public, app.now()).await?;
    match submit(&mut tx, new).await {
        Ok(CaseReceipt { number, query_code, .. }) => {
            // Nobody says who they are here, so the form is held against floods like that of a request.
            if kind == CaseKind::ErrorReport
                && let Some((words, token)) = held_back(&app, &visitor, form.text(TOKEN))
            {
                drop(tx);
                let errors = FormErrors::about_all(vec![words]);
                return again(&app, &mut conn, &page, kind, &form, &errors, Some(token)).await;
            }
            tx.commit().await?;
            // The query code is shown here and nowhere again, so the answer is the page itself.
            let receipt = ReceiptPage {
                chrome: chrome(&page).here("回执"),
                number,
                query_code,
                reply_within_days: REPLY_WITHIN_DAYS,
            };
            Ok(html(&receipt)?.into_response())
        }
        Err(Failure::Refused(reasons)) => {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            again(&app, &mut conn, &page, kind, &form, &errors, None).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Why a report is not taken yet, and the token with which it passes; `None`: it is taken.
fn held_back(app: &App, visitor: &Visitor, token: &str) -> Option<(String, String)> {
    match app.admission.admit(visitor.counted(), token, app.now()) {
        Verdict::Admitted => None,
        Verdict::Again { words, token } => {
            Some((words.replace("提交申请", "提交").replace("这份申请表", "这份表单"), token))
        }
        Verdict::Wait { token } => {
            let seconds = WAIT.as_secs();
            Some((
                format!("这个网络刚刚提交了很多次。填写的内容都在，请等 {seconds} 秒再按一次“提交”。"),
                token,
            ))
        }
    }
}

/// The form as it was typed, with what is wrong and a token that is good at once.
async fn again(
    app: &App,
    conn: &mut Conn,
    page: &PageContext,
    kind: CaseKind,
    form: &Fields,
    errors: &FormErrors,
    token: Option<String>,
) -> Result<Response, PageError> {
    let mut shown = letter_page(conn, chrome(page), kind, Some((form, errors))).await?;
    shown.token = token.unwrap_or_else(|| app.admission.token_again(app.now()));
    form_again(&shown)
}

/// Who answers for a page: the agency in its address, else the office that keeps the site.
async fn answering_for(conn: &mut Conn, page: &str) -> Result<Option<accounts::Agency>, PageError> {
    let path = page.split_once("://").map_or(page, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    let mut parts = path.split(['/', '?', '#']).filter(|part| !part.is_empty());
    let code = match parts.next() {
        Some("entries" | "agencies" | "annual-reports" | "gazette") => parts.next().unwrap_or_default(),
        _ => "",
    };
    if let Some(agency) = accounts::agency_by_code(conn, code).await? {
        return Ok(Some(agency));
    }
    let all = accounts::agencies(conn).await?;
    let office = all.iter().find(|agency| agency.kind == accounts::AgencyKind::DistrictOffice.code());
    Ok(office.or(all.first()).cloned())
}

async fn letter_page(
    conn: &mut Conn,
    chrome: Chrome,
    kind: CaseKind,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<LetterPage, PageError> {
    let mut agencies = vec![(String::new(), "请选择".to_owned())];
    agencies.extend(accounts::agencies(conn).await?.into_iter().map(|agency| (agency.code, agency.name)));
    Ok(LetterPage::of(chrome, kind, agencies, typed))
}

impl LetterPage {
    fn of(
        chrome: Chrome,
        kind: CaseKind,
        agencies: Vec<(String, String)>,
        typed: Option<(&Fields, &FormErrors)>,
    ) -> LetterPage {
        let general = typed.map(|(_, errors)| errors.general.clone()).unwrap_or_default();
        let (heading, body_label, body_hint) = match kind {
            CaseKind::ErrorReport => {
                ("我为政府网站找错", "哪里有错", "写明页面的网址、错在哪里、应该是什么。")
            }
            _ => ("写信", "正文", "写明时间、地点、事情经过和您的诉求。请不要写身份证号码、银行账号。"),
        };
        let is_like_a_request = typed.is_some_and(|(form, errors)| {
            errors.get("not_a_request").is_some() || form.is_ticked("not_a_request")
        });
        let mut fields = match kind {
            CaseKind::ErrorReport => vec![
                Field::line("page", "出错的页面").hint("从出错的页面点进来的，已经填好；也可以粘贴网址。"),
                Field::text("body", body_label, 6).required().hint("错在哪里，应该是什么。"),
                Field::line("contact", "联系方式")
                    .width("w-m")
                    .hint("可以不填。电话号码或者电子邮箱，只用于核实这个错误。"),
            ],
            _ => vec![
                Field::select("agency_id", "写给哪个机关", agencies).required().width("w-m"),
                Field::line("subject", "标题").required(),
                Field::text("body", body_label, 8).required().hint(body_hint),
                Field::line("person_name", "您的姓名").required().width("w-m").autocomplete("name"),
                Field::line("contact", "联系方式")
                    .required()
                    .width("w-m")
                    .hint("电话号码或者电子邮箱，只用于答复这封信。"),
            ],
        };
        if is_like_a_request {
            let choice = [("yes", "这不是政府信息公开申请，请作为来信办理")];
            fields.push(Field::checkbox("not_a_request", "请确认", choice));
        }
        if let Some((form, errors)) = typed {
            fields = fields
                .into_iter()
                .map(|field| {
                    let error = errors.get(&field.name);
                    let value = form.text(&field.name).to_owned();
                    field.value(value).error(error)
                })
                .collect();
        }
        LetterPage {
            chrome: chrome.here(heading),
            heading,
            kind: kind.code(),
            errors: general.into_iter().fold(ErrorSummary::of(&fields), ErrorSummary::and),
            fields,
            is_like_a_request,
            token: String::new(),
        }
    }

    pub fn sample_error_report() -> LetterPage {
        let chrome =
            Chrome::sample(Section::Interaction).crumb("首页", "/").crumb("互动交流", "/interaction");
        LetterPage::of(chrome, CaseKind::ErrorReport, Vec::new(), None)
    }

    pub fn sample() -> LetterPage {
        let chrome =
            Chrome::sample(Section::Interaction).crumb("首页", "/").crumb("互动交流", "/interaction");
        let agencies = vec![(String::new(), "请选择".into()), ("yx".into(), "云溪镇人民政府".into())];
        let form = Fields::parse(b"subject=&contact=letter");
        let errors = FormErrors::of(&[
            InteractionRefusal::Blank { field: "subject", label: "标题" },
            InteractionRefusal::ContactUnreadable,
            InteractionRefusal::IsARequest,
        ]);
        LetterPage::of(chrome, CaseKind::Mailbox, agencies, Some((&form, &errors)))
    }
}

impl InteractionPage {
    pub fn sample() -> InteractionPage {
        let chrome = Chrome::sample(Section::Interaction).crumb("首页", "/").here("互动交流");
        InteractionPage { chrome, reply_within_days: REPLY_WITHIN_DAYS }
    }
}

impl ReceiptPage {
    pub fn sample() -> ReceiptPage {
        ReceiptPage {
            chrome: Chrome::sample(Section::Interaction).crumb("首页", "/").here("回执"),
            number: "M2026-00042".into(),
            query_code: "7KQ2MXHD4PBW".into(),
            reply_within_days: REPLY_WITHIN_DAYS,
        }
    }
}

fn track_fields() -> Vec<Field> {
    vec![
        Field::line("number", "编号").required().width("w-m").hint("回执上的编号，例如 M2026-00042"),
        Field::line("query_code", "查询码").required().width("w-m").hint("回执上的 12 位查询码"),
    ]
}

pub(crate) async fn track_form(page: PageContext) -> Result<impl IntoResponse, PageError> {
    html(&TrackPage {
        chrome: chrome(&page).here("查看答复"),
        fields: track_fields(),
        errors: ErrorSummary::default(),
        found: None,
    })
}

/// Sent by POST, so that the code stands in no address and no log.
pub(crate) async fn track(
    State(app): State<App>,
    page: PageContext,
    form: Fields,
) -> Result<Response, PageError> {
    let (number, code) = (form.text("number").to_uppercase(), form.text("query_code").to_uppercase());
    let found = interaction::tracked(&mut *app.db.read().await?, &number, &code).await?;
    let Some(case) = found else {
        let reason = InteractionRefusal::WrongNumberOrCode.to_string();
        let mut fields: Vec<Field> = track_fields()
            .into_iter()
            .map(|field| {
                let value = form.text(&field.name).to_owned();
                field.value(value)
            })
            .collect();
        fields[0] = fields[0].clone().error(Some(reason));
        let errors = ErrorSummary::of(&fields);
        return form_again(&TrackPage {
            chrome: chrome(&page).here("查看答复"),
            fields,
            errors,
            found: None,
        });
    };
    let state = match &case.replied_at {
        Some(_) => Tag::new(Tone::Success, "已答复"),
        None => Tag::new(Tone::Info, "办理中"),
    };
    let found = TrackedLetter {
        state,
        record: vec![
            KeyValue::new("编号", &case.number),
            KeyValue::new("受理机关", &case.agency_name),
            KeyValue::new("收到", shown_text(&case.received_at)),
        ],
        paragraphs: paragraphs(&case.body),
        reply: case.reply.as_deref().map(|text| ReplyView {
            paragraphs: paragraphs(text),
            by: case.agency_name.clone(),
            at: case.replied_at.as_deref().map(shown_text).unwrap_or_default(),
        }),
        subject: case.subject,
    };
    Ok(html(&TrackPage {
        chrome: chrome(&page).here("查看答复"),
        fields: Vec::new(),
        errors: ErrorSummary::default(),
        found: Some(found),
    })?
    .into_response())
}

impl TrackPage {
    pub fn sample() -> TrackPage {
        TrackPage {
            chrome: Chrome::sample(Section::Interaction).crumb("首页", "/").here("查看答复"),
            fields: Vec::new(),
            errors: ErrorSummary::default(),
            found: Some(TrackedLetter {
                subject: "公交站牌字迹看不清".into(),
                state: Tag::new(Tone::Success, "已答复"),
                record: vec![
                    KeyValue::new("编号", "M2026-00042"),
                    KeyValue::new("受理机关", "云溪镇人民政府"),
                    KeyValue::new("收到", "2026-03-02 09:00"),
                ],
                paragraphs: vec!["云水路站的站牌字迹看不清，请换一块。".into()],
                reply: Some(ReplyView {
                    paragraphs: vec!["站牌已于 3 月 5 日更换，谢谢您的提醒。".into()],
                    by: "云溪镇人民政府".into(),
                    at: "2026-03-06 10:20".into(),
                }),
            }),
        }
    }
}
