//! 查询申请进度 — what applicants see of their request with number and code, and what they can do there.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::requests::public::{OwnRequest, handled_by, supplement, track, withdraw};
use gongkai_disclosure::requests::{Dossier, RequestRefusal, RequestState};
use jiff::civil::Date;

use super::{Chosen, chrome, never_kept};
use crate::components::{DayLedger, ErrorSummary, Field, KeyValue, Tag, Timeline};
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::{PageContext, form_again, html, settle};
use crate::page::{Chrome, Section};
use crate::requests::view::{LetterView, ledger, letter_file, state_tag, timeline, with_weekday};
use crate::state::App;
use crate::throttle::Before;
use crate::visitor::Visitor;

#[derive(Debug, Clone, Template)]
#[template(path = "portal/requests/track.html")]
pub struct TrackRequestPage {
    pub chrome: Chrome,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    pub found: Option<TrackedRequest>,
}

/// A request as its applicant sees it.
#[derive(Debug, Clone)]
pub struct TrackedRequest {
    pub number: String,
    /// Carried by the withdrawal form; it stands in no address.
    pub query_code: String,
    pub state: Tag,
    /// What the state means for the applicant, and what to do next.
    pub advice: String,
    pub record: Vec<KeyValue>,
    pub description: Vec<String>,
    pub ledger: Option<DayLedger>,
    pub timeline: Timeline,
    pub letters: Vec<LetterView>,
    /// 随答复提供的文件: id and name.
    pub files: Vec<(String, String)>,
    pub can_withdraw: bool,
    /// 补正: the form, while the request waits for it.
    pub supplement: Option<SupplementForm>,
    /// The numbers under which it is decided afresh.
    pub renewed_as: Vec<String>,
}

/// 补正 — given where the notice stands.
#[derive(Debug, Clone)]
pub struct SupplementForm {
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
}

impl SupplementForm {
    fn new() -> SupplementForm {
        SupplementForm {
            fields: vec![
                Field::text("answer", "补正的内容", 6)
                    .required()
                    .hint("按补正告知书逐项写明。发送后不能修改，当日即为收到补正之日。"),
            ],
            errors: ErrorSummary::default(),
        }
    }
}

fn track_fields(number: &str) -> Vec<Field> {
    vec![
        Field::line("number", "申请编号")
            .required()
            .width("w-m")
            .value(number)
            .hint("回执上的编号，例如 SONGXI-SQ-2026-0012"),
        Field::line("query_code", "查询码").required().width("w-m").hint("回执上的 12 位查询码，不分大小写"),
    ]
}

fn track_page(page: &PageContext, fields: Vec<Field>, found: Option<TrackedRequest>) -> TrackRequestPage {
    TrackRequestPage {
        chrome: chrome(page).here("查询申请进度"),
        errors: ErrorSummary::of(&fields),
        fields,
        found,
    }
}

pub(crate) async fn track_form(
    page: PageContext,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    html(&track_page(&page, track_fields(&chosen.number), None))
}

/// Sent by POST, so that the code stands in no address and no log.
pub(crate) async fn track_submit(
    State(app): State<App>,
    page: PageContext,
    visitor: Visitor,
    form: Fields,
) -> Result<Response, PageError> {
    match look_up(&app, visitor, &form).await? {
        Ok(own) => {
            let found = TrackedRequest::of(&own, form.text("query_code"), &app)?;
            Ok(never_kept(html(&track_page(&page, Vec::new(), Some(found)))?.into_response()))
        }
        Err(words) => wrong(&page, &form, words),
    }
}

/// 补正 — by the applicant.
pub(crate) async fn track_supplement(
    State(app): State<App>,
    page: PageContext,
    visitor: Visitor,
    form: Fields,
) -> Result<Response, PageError> {
    let own = match look_up(&app, visitor, &form).await? {
        Ok(own) => own,
        Err(words) => return wrong(&page, &form, words),
    };
    let mut tx = app.db.begin(&Actor::Public, app.now()).await?;
    let (number, code) = (form.text("number"), form.text("query_code"));
    let done = supplement(&mut tx, number, code, form.text("answer")).await;
    match settle(tx, done).await? {
        Ok(()) => track_submit(State(app), page, visitor, form).await,
        Err(errors) => {
            let mut found = TrackedRequest::of(&own, code, &app)?;
            if let Some(open) = &mut found.supplement {
                open.fields = form.typed_into(std::mem::take(&mut open.fields), &errors);
                open.errors = errors.above(&open.fields);
            }
            Ok(never_kept(form_again(&track_page(&page, Vec::new(), Some(found)))?))
        }
    }
}

/// 下载文书 — a letter to the applicant as a file, for number and code.
pub(crate) async fn track_letter(
    State(app): State<App>,
    page: PageContext,
    visitor: Visitor,
    form: Fields,
) -> Result<Response, PageError> {
    let OwnRequest { dossier, .. } = match look_up(&app, visitor, &form).await? {
        Ok(own) => own,
        Err(words) => return wrong(&page, &form, words),
    };
    let letter =
        dossier.letters.iter().find(|letter| letter.id == form.text("letter")).ok_or(PageError::NotFound)?;
    Ok(never_kept(letter_file(&app, &dossier, letter, form.text("format")).await?))
}

/// 下载随答复提供的文件 — for number and code, once the reply has left.
pub(crate) async fn track_file(
    State(app): State<App>,
    page: PageContext,
    visitor: Visitor,
    form: Fields,
) -> Result<Response, PageError> {
    match look_up(&app, visitor, &form).await? {
        Ok(own) => crate::requests::view::enclosure_file(&app, &own.dossier, form.text("file")).await,
        Err(words) => wrong(&page, &form, words),
    }
}

/// 撤回申请 — by the applicant.
pub(crate) async fn track_withdraw(
    State(app): State<App>,
    page: PageContext,
    visitor: Visitor,
    form: Fields,
) -> Result<Response, PageError> {
    if let Err(words) = look_up(&app, visitor, &form).await? {
        return wrong(&page, &form, words);
    }
    let mut tx = app.db.begin(&Actor::Public, app.now()).await?;
    withdraw(&mut tx, form.text("number"), form.text("query_code")).await?;
    tx.commit().await?;
    track_submit(State(app), page, visitor, form).await
}

/// The request, or one message for whatever does not fit.
async fn look_up(
    app: &App,
    visitor: Visitor,
    form: &Fields,
) -> Result<Result<OwnRequest, String>, PageError> {
    look_up_code(app, visitor, form.text("number"), form.text("query_code")).await
}

pub(super) async fn look_up_code(
    app: &App,
    visitor: Visitor,
    number: &str,
    code: &str,
) -> Result<Result<OwnRequest, String>, PageError> {
    if let Some(from) = visitor.counted() {
        match app.wrong_codes.before(from, number, app.now()) {
            Before::Rest => return Ok(Err("从您的网络地址输错的次数过多，请15分钟后再试。".into())),
            Before::Look(delay) => tokio::time::sleep(delay).await,
        }
    }
    match track(&mut *app.db.read().await?, number, code, app.today()).await? {
        Some(own) => Ok(Ok(own)),
        None => {
            if let Some(words) = elsewhere(app, number, code).await? {
                return Ok(Err(words));
            }
            if let Some(from) = visitor.counted() {
                let failures = app.wrong_codes.failed(from, number, app.now());
                if failures.is_power_of_two() && failures >= 8 {
                    // Neither the code nor the number: both may be slips of an applicant.
                    tracing::warn!(%from, failures, "wrong query codes");
                }
            }
            Ok(Err(RequestRefusal::WrongNumberOrCode.to_string()))
        }
    }
}

/// On the portal of one agency: where the request is handled, when number and code are right but the door is another's.
/// Whoever has both is shown the way, and nothing else of the request.
async fn elsewhere(app: &App, number: &str, code: &str) -> Result<Option<String>, PageError> {
    if app.db.agency().is_none() {
        return Ok(None);
    }
    let handled = handled_by(&mut *app.db.whole().read().await?, number, code).await?;
    let place = match &app.main {
        Some(main) => format!("{}（{}/requests/track）", main.name, main.origin),
        None => "受理机关的网站".to_owned(),
    };
    Ok(handled
        .map(|agency| format!("这件申请由{agency}受理，不在本网站办理。请在{place}用同一编号和查询码查询。")))
}

fn wrong(page: &PageContext, form: &Fields, words: String) -> Result<Response, PageError> {
    let mut fields = track_fields(form.text("number"));
    if let Some(code) = fields.last_mut() {
        code.error = Some(words);
    }
    form_again(&track_page(page, fields, None))
}

impl TrackedRequest {
    fn of(own: &OwnRequest, query_code: &str, app: &App) -> Result<TrackedRequest, PageError> {
        let (dossier, today) = (&own.dossier, app.today());
        let request = &dossier.request;
        let applicant = request.applicant_name(app.db.keys())?;
        let mut record = vec![
            KeyValue::new("申请编号", &request.number),
            KeyValue::new("受理机关", &dossier.agency.name),
            KeyValue::new("申请人", applicant),
            KeyValue::new("提交", request.submitted_on.to_string()),
            KeyValue::new(
                if dossier.renewal.is_some() { "收到决定、判决之日" } else { "收到申请之日" },
                request.received_on.map_or_else(|| "待双方确认".into(), |day| day.to_string()),
            ),
        ];
        if let Some(renewal) = &dossier.renewal {
            let words = format!("{}（{}）", renewal.by.label(), renewal.case_number);
            record.push(KeyValue::new("重新办理的依据", words));
            record.push(KeyValue::new("原申请", &renewal.of_number));
        }
        if let Some(due) = request.reply_due_on.filter(|_| request.closed_on.is_none()) {
            record.push(KeyValue::new("答复期限", with_weekday(due)));
        }
        if let Some(closed) = request.closed_on {
            record.push(KeyValue::new("办结", closed.to_string()));
        }
        if let Some(answer) = &request.answer {
            record.push(KeyValue::new("结果", answer.decision.label()));
        }
        let ruling = dossier.ruling().ok();
        let read = |letter| LetterView::read(letter, app.db.keys());
        Ok(TrackedRequest {
            number: request.number.clone(),
            query_code: query_code.to_owned(),
            state: state_tag(request.state),
            advice: advice(dossier, today),
            record,
            description: request.description.lines().map(str::to_owned).collect(),
            ledger: ruling.map(|ruling| ledger(dossier, &ruling, "答复期限", today)),
            timeline: timeline(dossier, false),
            letters: dossier.letters.iter().map(read).collect::<anyhow::Result<_>>()?,
            files: dossier.enclosures.iter().map(|file| (file.id.clone(), file.name.clone())).collect(),
            can_withdraw: own.can_withdraw,
            supplement: own.can_supplement.then(SupplementForm::new),
            renewed_as: dossier.renewed_as.clone(),
        })
    }
}

/// What the state means for the applicant, and what to do next.
fn advice(dossier: &Dossier, today: Date) -> String {
    let request = &dossier.request;
    let is_late = request.closed_on.is_none() && request.reply_due_on.is_some_and(|due| today > due);
    match request.state {
        RequestState::Submitted => format!(
            "受理机关会与您联系，双方确认之日为收到申请之日，答复期限从次日起算。一直没有联系的，请拨打{}。",
            dossier.agency.phone
        ),
        RequestState::SupplementNoticed => {
            let until = dossier.supplement.as_ref().map(|s| s.due_on.to_string()).unwrap_or_default();
            format!(
                "请在 {until} 前按补正告知书补充说明，可以在本页补正，也可以当面、邮寄。无正当理由逾期不补正的，视为放弃申请。"
            )
        }
        RequestState::FeeNoticed => {
            let until = dossier.fee.as_ref().map(|fee| fee.due_on.to_string()).unwrap_or_default();
            format!("请在 {until} 前按收费通知书缴费。逾期未缴费的，视为放弃申请。")
        }
        RequestState::Replied | RequestState::Archived if !dossier.letters.is_empty() => {
            "答复书在下方。不服答复的，答复书写明了救济的途径和期限。".into()
        }
        RequestState::Closed | RequestState::Archived | RequestState::Replied => "这件申请已经办结。".into(),
        _ if is_late => {
            "答复期限已经届满，受理机关还没有答复。您可以催问，也可以依法申请行政复议或者提起行政诉讼。"
                .into()
        }
        _ => "正在办理，请在答复期限届满后查看。".into(),
    }
}

impl TrackRequestPage {
    pub fn sample() -> TrackRequestPage {
        let chrome = Chrome::sample(Section::Requests).crumb("首页", "/").crumb("依申请公开", "/requests");
        TrackRequestPage {
            chrome: chrome.here("查询申请进度"),
            fields: Vec::new(),
            errors: ErrorSummary::default(),
            found: Some(TrackedRequest {
                number: "SONGXI-SQ-2026-0012".into(),
                query_code: "7KQ2MXHD4PBW".into(),
                state: state_tag(RequestState::Replied),
                advice: "答复书在下方。".into(),
                record: vec![
                    KeyValue::new("申请编号", "SONGXI-SQ-2026-0012"),
                    KeyValue::new("受理机关", "松溪镇人民政府"),
                ],
                description: vec!["2025年农村危房改造对象审批名单（第二批）".into()],
                ledger: None,
                timeline: Timeline::default(),
                letters: vec![LetterView::sample()],
                files: vec![("1".into(), "审批表（已遮盖）.pdf".into())],
                can_withdraw: true,
                supplement: Some(SupplementForm::new()),
                renewed_as: vec!["SONGXI-SQ-2026-0031".into()],
            }),
        }
    }

    pub fn sample_form() -> TrackRequestPage {
        let chrome = Chrome::sample(Section::Requests).crumb("首页", "/").crumb("依申请公开", "/requests");
        let mut fields = track_fields("SONGXI-SQ-2026-0012");
        if let Some(code) = fields.last_mut() {
            code.error = Some(RequestRefusal::WrongNumberOrCode.to_string());
        }
        TrackRequestPage {
            chrome: chrome.here("查询申请进度"),
            errors: ErrorSummary::of(&fields),
            fields,
            found: None,
        }
    }
}
