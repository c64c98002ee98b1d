//! 依申请公开 — how to ask, the form, the receipt, and seeing where a request stands.

mod track;

use askama::Template;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use gongkai_disclosure::accounts::{self, Agency};
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::requests::actions::{self, Filed};
use gongkai_disclosure::requests::public::{Mark, Offer, Offered, OwnRequest, already_public, leave};
use gongkai_disclosure::requests::{EvidenceKind, RequestRefusal};
use gongkai_disclosure::secrets;
use gongkai_statute::channels::Channel;
use gongkai_statute::parameters::Parameter;
use jiff::civil::Date;
use serde::Deserialize;

use self::track::look_up_code;
pub use self::track::{TrackRequestPage, TrackedRequest};
pub(crate) use self::track::{
    track_file, track_form, track_letter, track_submit, track_supplement, track_withdraw,
};
use super::wording::entry_address;
use crate::admission::{TOKEN, Verdict, WAIT};
use crate::auth::cookie;
use crate::components::{DayLedger, ErrorSummary, Field, Link};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, set_cookie};
use crate::page::{Chrome, Section};
use crate::requests::form::{FormSection, filing, sections, with_typed};
use crate::requests::upload::{Sent, StagedLine, file_fields, forget_all, received, waiting};
use crate::requests::view::ledger;
use crate::state::App;
use crate::visitor::Visitor;

/// Holds the query code between filing and the receipt, for the browser that filed.
const RECEIPT_COOKIE: &str = "gongkai_receipt";
const RECEIPT_SECONDS: u32 = 1800;
/// Filled by programs only: people do not see it.
const TRAP: &str = "homepage";
/// Sent once the applicant has seen what is public already and still wants to ask.
const WENT_ON: &str = "went_on";
/// Whether an offer is what is sought: the index number follows.
const MARK: &str = "mark-";
/// The button of those who found it.
const LEAVES: &str = "leaves";

/// An agency that takes requests.
#[derive(Debug, Clone)]
pub struct AgencyCard {
    pub name: String,
    pub address: String,
    pub phone: String,
    pub office_hours: String,
    pub href: String,
}

/// How it works, and whom to ask.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/requests/index.html")]
pub struct RequestsPage {
    pub chrome: Chrome,
    pub reply_days: u32,
    pub extension_days: u32,
    pub supplement_days: u32,
    pub agencies: Vec<AgencyCard>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/requests/form.html")]
pub struct RequestFormPage {
    pub chrome: Chrome,
    pub sections: Vec<FormSection>,
    pub errors: ErrorSummary,
    /// What is public already and may be what is sought: shown once before the form is taken.
    pub offers: Vec<OfferLine>,
    /// What was marked, carried along with the form.
    pub marks: Vec<(String, String)>,
    pub went_on: bool,
    /// Good for one request; see [`crate::admission`].
    pub token: String,
    /// The token under which the files wait, and those that do.
    pub stage: String,
    pub staged: Vec<StagedLine>,
    pub file_fields: Vec<Field>,
}

/// Something public that may be what is sought.
#[derive(Debug, Clone)]
pub struct OfferLine {
    pub link: Link,
    pub field: Field,
}

/// Nothing was sent: what was offered is what was sought.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/requests/found.html")]
pub struct FoundPage {
    pub chrome: Chrome,
    pub found: Vec<Link>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/requests/receipt.html")]
pub struct RequestReceiptPage {
    pub chrome: Chrome,
    pub agency: String,
    pub phone: String,
    pub number: String,
    pub query_code: String,
    /// Received already, or the count as it would be if both sides confirmed today.
    pub is_received: bool,
    pub ledger: Option<DayLedger>,
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    agency: String,
    #[serde(default)]
    number: String,
}

fn chrome(page: &PageContext) -> Chrome {
    page.chrome(Section::Requests).crumb("首页", "/").crumb("依申请公开", "/requests")
}

pub(crate) async fn index(State(app): State<App>, page: PageContext) -> Result<impl IntoResponse, PageError> {
    let agencies = accounts::agencies(&mut *app.db.read().await?).await?;
    let chrome = page.chrome(Section::Requests).crumb("首页", "/").here("依申请公开");
    html(&RequestsPage::of(chrome, agencies, app.today()))
}

impl RequestsPage {
    fn of(chrome: Chrome, agencies: Vec<Agency>, today: Date) -> RequestsPage {
        let days = |parameter: Parameter| parameter.on(today).unwrap_or(parameter.current()).value;
        RequestsPage {
            chrome,
            reply_days: days(Parameter::ReplyWorkingDays),
            extension_days: days(Parameter::ExtensionWorkingDaysMax),
            supplement_days: days(Parameter::SupplementNoticeWorkingDays),
            agencies: agencies
                .into_iter()
                .map(|agency| AgencyCard {
                    href: format!("/requests/new?agency={}", agency.code),
                    name: agency.name,
                    address: agency.address,
                    phone: agency.phone,
                    office_hours: agency.office_hours,
                })
                .collect(),
        }
    }

    pub fn sample() -> RequestsPage {
        let chrome = Chrome::sample(Section::Requests).crumb("首页", "/").here("依申请公开");
        let mut page = RequestsPage::of(chrome, Vec::new(), jiff::civil::date(2026, 3, 2));
        page.agencies = vec![AgencyCard {
            name: "松溪镇人民政府".into(),
            address: "青禾区松溪镇溪口街2号".into(),
            phone: "0000-6601100".into(),
            office_hours: "工作日 9:00—12:00，14:00—17:30".into(),
            href: "/requests/new?agency=songxi".into(),
        }];
        page
    }
}

pub(crate) async fn form(
    State(app): State<App>,
    page: PageContext,
    Query(chosen): Query<Chosen>,
) -> Result<Response, PageError> {
    let agencies = accounts::agencies(&mut *app.db.read().await?).await?;
    // One agency's portal asks that agency unless another is chosen.
    let agency = Some(chosen.agency.as_str()).filter(|code| !code.is_empty());
    let agency = agency.or(app.db.agency()).unwrap_or_default();
    let mut shown = RequestFormPage::of(chrome(&page), &agencies, agency, None);
    shown.token = app.admission.token(app.now());
    shown.stage = secrets::token();
    // Each form has its own token.
    Ok(never_kept(html(&shown)?.into_response()))
}

/// 提交 — kept as typed when something is wrong, everything said at once.
pub(crate) async fn submit(
    State(app): State<App>,
    page: PageContext,
    visitor: Visitor,
    request: Request,
) -> Result<Response, PageError> {
    let sent = received(&app, request).await?;
    let form = &sent.fields;
    let token = form.text(TOKEN);
    if let Some((number, query_code)) = app.admission.filed_before(token).await {
        return Ok(to_receipt(&app, &number, &query_code));
    }
    if !form.text(TRAP).is_empty() {
        let words = "提交没有被接受：请不要填写看不见的栏目，刷新页面后重新填写。";
        return again(&app, &page, &sent, &FormErrors::about_all(vec![words.into()]), token).await;
    }
    if form.is_ticked(LEAVES) {
        return found(&app, &page, visitor, &sent).await;
    }
    let mut filing = filing(form);
    filing.stage.clone_from(&sent.stage);
    if !sent.errors.is_empty() {
        let errors = FormErrors::of(&filing.faults(Channel::Online)).with(sent.errors.clone());
        return again(&app, &page, &sent, &errors, token).await;
    }
    if filing.faults(Channel::Online).is_empty() {
        let mut conn = app.db.read().await?;
        let offers = already_public(&mut conn, form.text("agency"), &filing.description).await?;
        drop(conn);
        if !offers.is_empty() && !form.is_ticked(WENT_ON) {
            let mut shown = form_page(&app, &page, &sent, &FormErrors::default(), token).await?;
            shown.offers = offers.iter().map(OfferLine::of).collect();
            return Ok(never_kept(html(&shown)?.into_response()));
        }
        filing.offered = offers.iter().map(|offer| marked(form, offer)).collect();
        match app.admission.admit(visitor.counted(), token, app.now()) {
            Verdict::Admitted => {}
            Verdict::Again { words, token } => {
                return again(&app, &page, &sent, &FormErrors::about_all(vec![words.into()]), &token).await;
            }
            Verdict::Wait { token } => return wait(&app, &page, &sent, &token).await,
        }
    }
    let agency = app.own_agency(form.text("agency")).await?;
    let mut tx = app.db.begin(&Actor::Public, app.now()).await?;
    match actions::submit(&mut tx, agency, &filing).await {
        Ok(Filed { number, query_code }) => {
            // On disk before the applicant is told.
            tx.commit().await?;
            app.admission.filed(token, &number, &query_code);
            Ok(to_receipt(&app, &number, &query_code))
        }
        Err(Failure::Refused(reasons)) => {
            drop(tx);
            let token = app.admission.token_again(app.now());
            again(&app, &page, &sent, &FormErrors::of(&reasons), &token).await
        }
        Err(other) => Err(other.into()),
    }
}

fn to_receipt(app: &App, number: &str, query_code: &str) -> Response {
    let path = format!("/requests/{number}/receipt");
    let mut response = Redirect::to(&path).into_response();
    let secure = if app.site.secure_cookies { "; Secure" } else { "" };
    let value = format!(
        "{RECEIPT_COOKIE}={query_code}; Path={path}; Max-Age={RECEIPT_SECONDS}; HttpOnly; SameSite=Lax{secure}"
    );
    set_cookie(&mut response, &value);
    response
}

/// The form with what was typed, the files that are kept, and what is wrong.
async fn form_page(
    app: &App,
    page: &PageContext,
    sent: &Sent,
    errors: &FormErrors,
    token: &str,
) -> Result<RequestFormPage, PageError> {
    let agencies = accounts::agencies(&mut *app.db.read().await?).await?;
    let agency = sent.fields.text("agency");
    let mut shown = RequestFormPage::of(chrome(page), &agencies, agency, Some((&sent.fields, errors)));
    shown.token = if token.is_empty() { app.admission.token_again(app.now()) } else { token.to_owned() };
    shown.stage.clone_from(&sent.stage);
    shown.staged = waiting(app, &sent.stage).await?;
    shown.went_on = sent.fields.is_ticked(WENT_ON);
    let marks = sent.fields.names().filter(|name| name.starts_with(MARK));
    shown.marks = marks.map(|name| (name.to_owned(), sent.fields.text(name).to_owned())).collect();
    Ok(shown)
}

async fn again(
    app: &App,
    page: &PageContext,
    sent: &Sent,
    errors: &FormErrors,
    token: &str,
) -> Result<Response, PageError> {
    Ok(never_kept(form_again(&form_page(app, page, sent, errors, token).await?)?))
}

/// The address has filed very many: the form passes a little later, as it is.
async fn wait(app: &App, page: &PageContext, sent: &Sent, token: &str) -> Result<Response, PageError> {
    let seconds = WAIT.as_secs();
    let words = format!(
        "同一网络地址刚刚提交了很多申请。您填写的内容和选好的文件都在，请等{seconds}秒，再点一次“提交申请”。"
    );
    let shown = form_page(app, page, sent, &FormErrors::about_all(vec![words]), token).await?;
    let headers = [(RETRY_AFTER, seconds.to_string())];
    Ok(never_kept((StatusCode::TOO_MANY_REQUESTS, headers, html(&shown)?).into_response()))
}

impl OfferLine {
    fn of(offer: &Offer) -> OfferLine {
        let kind = if offer.is_reply { "此前对申请的答复，" } else { "" };
        let words = format!("{}（{kind}{}公开）", offer.title, offer.published_on);
        let choices = [("helped", "是我要的"), ("missed", "不是我要的")];
        OfferLine {
            field: Field::radio(format!("{MARK}{}", offer.index_number), &offer.title, choices).inline(),
            link: Link::new(words, entry_address(&offer.index_number)),
        }
    }
}

/// What was said about an offer; an offer that is none is not counted.
fn marked(form: &Fields, offer: &Offer) -> Offered {
    let mark = match form.text(&format!("{MARK}{}", offer.index_number)) {
        "helped" => Mark::Helped,
        "missed" => Mark::Missed,
        _ => Mark::None,
    };
    Offered { index_number: offer.index_number.clone(), mark }
}

/// 不再申请 — what was offered helped: nothing is sent, and what was chosen is forgotten. It is counted as a request would
/// be admitted, so a program that leaves a thousand times counts for little.
async fn found(app: &App, page: &PageContext, visitor: Visitor, sent: &Sent) -> Result<Response, PageError> {
    let form = &sent.fields;
    let mut conn = app.db.read().await?;
    let offers = already_public(&mut conn, form.text("agency"), form.text("description")).await?;
    drop(conn);
    let marked: Vec<Offered> = offers.iter().map(|offer| marked(form, offer)).collect();
    let helped = |offer: &&Offer| {
        marked.iter().any(|one| one.index_number == offer.index_number && one.mark == Mark::Helped)
    };
    let links = offers.iter().filter(helped).map(|offer| OfferLine::of(offer).link).collect();
    if app.admission.admit(visitor.counted(), form.text(TOKEN), app.now()) == Verdict::Admitted {
        leave(&app.db, app.now(), form.text("agency"), &marked).await?;
    }
    forget_all(app, &sent.stage).await?;
    let chrome = page.chrome(Section::Requests).crumb("首页", "/").crumb("依申请公开", "/requests");
    Ok(never_kept(html(&FoundPage { chrome: chrome.here("没有提交申请"), found: links })?.into_response()))
}

impl FoundPage {
    pub fn sample() -> FoundPage {
        let chrome = Chrome::sample(Section::Requests).crumb("首页", "/").crumb("依申请公开", "/requests");
        let found = vec![Link::new("松溪镇2025年部门预算（2025-02-10公开）", "/entries/SONGXI-2025-00001")];
        FoundPage { chrome: chrome.here("没有提交申请"), found }
    }
}

impl RequestFormPage {
    fn of(
        chrome: Chrome,
        agencies: &[Agency],
        chosen: &str,
        typed: Option<(&Fields, &FormErrors)>,
    ) -> RequestFormPage {
        let mut choices = vec![(String::new(), "请选择".to_owned())];
        choices.extend(agencies.iter().map(|agency| (agency.code.clone(), agency.name.clone())));
        let agency = Field::select("agency", "向哪个机关申请", choices)
            .required()
            .width("w-m")
            .value(chosen)
            .hint("向制作或者保存该信息的机关申请；不清楚的，可以先电话询问。");
        let mut all = vec![FormSection {
            heading: "受理机关",
            intro: "行政机关制作的信息，由制作的机关负责公开（《条例》第十条）。".into(),
            fields: vec![agency],
        }];
        all.extend(sections());
        let kinds = [EvidenceKind::Identity, EvidenceKind::Authorisation, EvidenceKind::Attachment];
        let mut file_fields = file_fields(&kinds);
        let (sections, errors) = match typed {
            Some((form, errors)) => {
                file_fields = form.typed_into(file_fields, errors);
                let (sections, summary) = with_typed(all, form, errors);
                (sections, file_fields.iter().fold(summary, ErrorSummary::and_of))
            }
            None => (all, ErrorSummary::default()),
        };
        RequestFormPage {
            chrome: chrome.here("提交申请"),
            sections,
            errors,
            offers: Vec::new(),
            marks: Vec::new(),
            went_on: false,
            token: String::new(),
            stage: String::new(),
            staged: Vec::new(),
            file_fields,
        }
    }

    pub fn sample() -> RequestFormPage {
        let chrome = Chrome::sample(Section::Requests).crumb("首页", "/").crumb("依申请公开", "/requests");
        RequestFormPage::of(chrome, &[], "", None)
    }

    pub fn sample_with_offers() -> RequestFormPage {
        let offer = Offer {
            title: "松溪镇2025年部门预算".into(),
            index_number: "SONGXI-2025-00001".into(),
            published_on: jiff::civil::date(2025, 2, 10),
            is_reply: true,
        };
        RequestFormPage { offers: vec![OfferLine::of(&offer)], ..RequestFormPage::sample() }
    }

    pub fn sample_with_errors() -> RequestFormPage {
        let chrome = Chrome::sample(Section::Requests).crumb("首页", "/").crumb("依申请公开", "/requests");
        let form = Fields::parse("applicant_name=何小舟&email=hexiaozhou".as_bytes());
        let fault = |field, words: &str| RequestRefusal::Field { field, words: words.into() };
        let errors = FormErrors::of(&[
            RequestRefusal::NoSuchAgency,
            fault("email", "电子邮箱应当像 name@example.com 这样，请核对。"),
            fault("description", "请写明所需政府信息的名称、文号，或者便于查询的其他特征。"),
        ]);
        let mut page = RequestFormPage::of(chrome, &[], "", Some((&form, &errors)));
        page.staged = vec![StagedLine {
            id: "1".into(),
            kind: EvidenceKind::Identity.label(),
            name: "身份证.jpg".into(),
            size: "812 KB".into(),
        }];
        page
    }
}

/// 回执 — with the query code, while the browser that filed still has it.
pub(crate) async fn receipt(
    State(app): State<App>,
    page: PageContext,
    visitor: Visitor,
    headers: HeaderMap,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let query_code = cookie(&headers, RECEIPT_COOKIE).unwrap_or_default();
    let today = app.today();
    // A code in a cookie is a code that may be guessed.
    let own = match query_code.is_empty() {
        true => None,
        false => look_up_code(&app, visitor, &number, &query_code).await?.ok(),
    };
    let Some(OwnRequest { dossier, .. }) = own else {
        return Ok(Redirect::to(&format!("/requests/track?number={}", crate::forms::encode(&number)))
            .into_response());
    };
    let (is_received, ruling) = match dossier.ruling() {
        Ok(ruling) => (true, Some(ruling)),
        Err(_) => (false, dossier.ruling_if_received(today).ok()),
    };
    let title = if is_received { "答复期限" } else { "假如今天双方确认" };
    let receipt = RequestReceiptPage {
        chrome: chrome(&page).here("回执"),
        agency: dossier.agency.name.clone(),
        phone: dossier.agency.phone.clone(),
        ledger: ruling.map(|ruling| ledger(&dossier, &ruling, title, today)),
        is_received,
        number: dossier.request.number,
        query_code,
    };
    Ok(never_kept(html(&receipt)?.into_response()))
}

impl RequestReceiptPage {
    pub fn sample() -> RequestReceiptPage {
        RequestReceiptPage {
            chrome: Chrome::sample(Section::Requests).crumb("首页", "/").here("回执"),
            agency: "松溪镇人民政府".into(),
            phone: "0000-6601100".into(),
            number: "SONGXI-SQ-2026-0012".into(),
            query_code: "7KQ2MXHD4PBW".into(),
            is_received: false,
            ledger: None,
        }
    }
}

/// What only the applicant may see is kept by no browser and no proxy.
fn never_kept(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
