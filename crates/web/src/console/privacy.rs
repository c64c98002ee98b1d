//! 个人信息 — opening what is sealed about an applicant, for a stated purpose, and the record of who opened what.

use askama::Template;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{self, Permission as P, Staff};
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::files::FileKind;
use gongkai_disclosure::privacy::actions::{self, Contact};
use gongkai_disclosure::privacy::{
    Frequency, Particulars, PrivacyRefusal, Purpose, ViewingFilter, ViewingRow, frequent, viewings,
};
use gongkai_disclosure::requests::evidence::{self, Evidence, EvidenceKind};
use gongkai_disclosure::requests::{Dossier, RequestFilter};
use gongkai_disclosure::sheets;
use gongkai_disclosure::time::{shown_text, stored};
use serde::Deserialize;

use super::audit::may_read;
use super::requests::Chosen as ChosenRequests;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue, Pager};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors, query};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::portal::entries::as_attachment;
use crate::requests::upload::{file_fields, received, size, with_csrf};
use crate::state::App;

const PER_PAGE: u64 = 50;
/// How far back the table of who looked how often reaches.
const DAYS: i64 = 30;

/// 申请人信息 on the page of a request: masked, or just opened.
#[derive(Debug, Clone)]
pub struct PersonView {
    pub rows: Vec<KeyValue>,
    pub is_masked: bool,
    /// Why nothing can be shown.
    pub problem: String,
    /// The form that opens it, for those who may.
    pub action: Option<String>,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    pub log_href: Option<String>,
    /// 申请材料: what there is, the form that opens one, and the form that adds some.
    pub files: Vec<KeyValue>,
    pub open_action: Option<String>,
    pub open_fields: Vec<Field>,
    pub open_errors: ErrorSummary,
    pub add_action: Option<String>,
    pub add_fields: Vec<Field>,
    pub add_errors: ErrorSummary,
}

impl PersonView {
    /// Masked, for everyone who may read the request.
    pub(crate) fn masked(
        app: &App,
        page: &PageContext,
        staff: &Staff,
        dossier: &Dossier,
        files: &[Evidence],
    ) -> PersonView {
        let request = &dossier.request;
        let opened = Particulars::opened(app.db.keys(), &request.id, &request.applicant.particulars);
        let (rows, problem) = match opened {
            Ok(Some(particulars)) => (rows(&particulars.masked()), String::new()),
            Ok(None) => (Vec::new(), "个人信息已经按规定销毁。".into()),
            Err(error) => {
                tracing::error!(number = request.number, error = format!("{error:#}"), "cannot be opened");
                (Vec::new(), "现在打不开：密钥文件缺失或者不符，请联系系统管理员运行 gongkai doctor。".into())
            }
        };
        let may = staff.may(P::HandleRequests, &request.agency_id) && problem.is_empty();
        PersonView {
            rows,
            problem,
            is_masked: true,
            action: may.then(|| format!("/console/requests/{}/particulars", request.number)),
            fields: purpose_fields(false),
            errors: ErrorSummary::default(),
            log_href: staff
                .may(P::ReadAudit, &request.agency_id)
                .then(|| format!("/console/privacy?q={}", request.number)),
            files: files.iter().map(file_row).collect(),
            open_action: (may && !files.is_empty())
                .then(|| format!("/console/requests/{}/files/opened", request.number)),
            open_fields: open_fields(files),
            open_errors: ErrorSummary::default(),
            add_action: may.then(|| with_csrf(&format!("/console/requests/{}/files", request.number), page)),
            add_fields: file_fields(EvidenceKind::ALL),
            add_errors: ErrorSummary::default(),
        }
    }

    pub(crate) fn sample() -> PersonView {
        let particulars = Particulars {
            identity_number: "990102199001011237".into(),
            phone: "0000-6620007".into(),
            email: "applicant1@mail.example".into(),
            address: "青禾区禾苗路1号".into(),
        };
        PersonView {
            rows: rows(&particulars.masked()),
            is_masked: true,
            problem: String::new(),
            action: Some("/console/requests/SONGXI-SQ-2026-0012/particulars".into()),
            fields: purpose_fields(false),
            errors: ErrorSummary::default(),
            log_href: Some("/console/privacy?q=SONGXI-SQ-2026-0012".into()),
            files: vec![KeyValue::new("身份证明", "JPEG 图片，812 KB，2026-03-02")],
            open_action: Some("/console/requests/SONGXI-SQ-2026-0012/files/opened".into()),
            open_fields: open_fields(&[]),
            open_errors: ErrorSummary::default(),
            add_action: Some("/console/requests/SONGXI-SQ-2026-0012/files".into()),
            add_fields: file_fields(EvidenceKind::ALL),
            add_errors: ErrorSummary::default(),
        }
    }
}

fn rows(particulars: &Particulars) -> Vec<KeyValue> {
    [
        ("证件号码", &particulars.identity_number),
        ("电话", &particulars.phone),
        ("电子邮箱", &particulars.email),
        ("通信地址", &particulars.address),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| KeyValue::new(key, value))
    .collect()
}

pub(crate) fn purpose_fields(needs_reason: bool) -> Vec<Field> {
    let purposes = [("", "请选择")].into_iter().chain(Purpose::ALL.iter().map(|p| (p.code(), p.label())));
    let reason = Field::line("reason", "理由");
    vec![
        Field::select("purpose", "查看的目的", purposes).required(),
        if needs_reason {
            reason.required().hint("写明为什么需要这些人的信息，至少6个字；由监督人员核查。")
        } else {
            reason.hint("目的为“其他”，或者当天查看较多时填写。")
        },
    ]
}

fn file_row(file: &Evidence) -> KeyValue {
    let day: String = shown_text(&file.added_at).chars().take(10).collect();
    KeyValue::new(file.kind.label(), format!("{}，{}，{day}", file.format.label(), size(file.size)))
}

/// The fields of the form that opens a file; with prefixed names, for two forms stand on the page.
fn open_fields(files: &[Evidence]) -> Vec<Field> {
    let choices = files.iter().map(|file| {
        let row = file_row(file);
        (file.id.clone(), format!("{}（{}）", row.key, row.value))
    });
    let mut fields = vec![Field::radio("file", "打开哪一份", choices).required()];
    fields.extend(purpose_fields(false).into_iter().map(|mut field| {
        field.name = format!("open_{}", field.name);
        field
    }));
    fields
}

/// 打开材料 — as a download; what is in it runs nowhere.
pub(crate) async fn open_file(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(number): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let purpose = Purpose::from_code(form.text("open_purpose"));
    let reason = form.text("open_reason");
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let opened =
        evidence::open(&mut tx, &app.files, &staff, &number, form.text("file"), purpose, reason).await;
    match opened {
        Ok(file) => {
            tx.commit().await?;
            let headers = [
                (CONTENT_TYPE, file.format.media_type().to_owned()),
                (CONTENT_DISPOSITION, as_attachment(&file.name)),
            ];
            Ok((headers, file.bytes).into_response())
        }
        Err(Failure::Refused(reasons)) if !reasons.contains(&PrivacyRefusal::Forbidden) => {
            drop(tx);
            let mut shown = super::requests::page(&app, &page, &staff, &number, None).await?;
            let is_chosen = !form.text("file").is_empty();
            let errors = FormErrors::of(&reasons);
            let summary = if is_chosen {
                errors.summary()
            } else {
                ErrorSummary::default().and("请选择打开哪一份。")
            };
            shown.person.open_errors = summary;
            shown.person.open_fields = form.typed_into(shown.person.open_fields, &errors);
            form_again(&shown)
        }
        Err(other) => Err(other.into()),
    }
}

/// 补充材料.
pub(crate) async fn add_files(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(number): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    // Before anything is kept: whether this person may at all.
    super::requests::page(&app, &page, &staff, &number, None).await?;
    let sent = received(&app, request).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let added = evidence::add(&mut tx, &staff, &number, &sent.stage).await?;
    if added > 0 {
        tx.commit().await?;
    } else {
        drop(tx);
    }
    if added > 0 && sent.errors.is_empty() {
        return Ok(redirect_with(
            &format!("/console/requests/{number}"),
            &format!("已添加 {added} 份材料。"),
        ));
    }
    let mut shown = super::requests::page(&app, &page, &staff, &number, None).await?;
    let mut summary = sent.errors.summary();
    if added > 0 {
        summary = summary.and(format!("其余 {added} 份已经添加。"));
    } else if sent.errors.is_empty() {
        summary = summary.and("请先选择要添加的文件。");
    }
    shown.person.add_errors = summary;
    form_again(&shown)
}

/// 查看 — shows what is sealed once; the answer is kept by no browser.
pub(crate) async fn view(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(number): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let purpose = Purpose::from_code(form.text("purpose"));
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match actions::view(&mut tx, &staff, &number, purpose, form.text("reason")).await {
        Ok(particulars) => {
            tx.commit().await?;
            let mut shown = super::requests::page(&app, &page, &staff, &number, None).await?;
            shown.person.rows = rows(&particulars);
            shown.person.is_masked = false;
            Ok(html(&shown)?.into_response())
        }
        Err(Failure::Refused(reasons)) if !reasons.iter().any(is_about_the_person) => {
            drop(tx);
            let mut shown = super::requests::page(&app, &page, &staff, &number, None).await?;
            let errors = FormErrors::of(&reasons);
            shown.person.errors = errors.summary();
            shown.person.fields = form.typed_into(shown.person.fields, &errors);
            form_again(&shown)
        }
        Err(other) => Err(other.into()),
    }
}

fn is_about_the_person(reason: &PrivacyRefusal) -> bool {
    matches!(reason, PrivacyRefusal::NotFound | PrivacyRefusal::Forbidden)
}

/// 导出联系方式.
#[derive(Debug, Clone, Template)]
#[template(path = "console/privacy/contacts.html")]
pub struct ContactsPage {
    pub chrome: Chrome,
    pub action: String,
    pub back: String,
    pub count: u64,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
}

/// What the address of the list narrows to, at the agencies where this person handles requests.
async fn chosen_filter(
    app: &App,
    staff: &Staff,
    chosen: &ChosenRequests,
) -> Result<RequestFilter, PageError> {
    let mut conn = app.db.read().await?;
    let agencies = accounts::agencies(&mut conn).await?;
    let calendar = gongkai_disclosure::calendars::national(&mut conn).await?;
    let handled = agencies.into_iter().filter(|agency| staff.may(P::HandleRequests, &agency.id));
    Ok(chosen.filter(chosen.of(handled), app.today(), &calendar, app.db.keys())?)
}

async fn contacts_page(
    app: &App,
    page: &PageContext,
    chosen: &ChosenRequests,
    filter: &RequestFilter,
) -> Result<ContactsPage, PageError> {
    let mut conn = app.db.read().await?;
    let (_, count) = gongkai_disclosure::requests::list(&mut conn, filter, app.today(), 1, 1).await?;
    let address = chosen.address();
    Ok(ContactsPage {
        chrome: page
            .chrome(Section::ConsoleRequests)
            .crumb("工作台", "/console")
            .crumb("申请", "/console/requests")
            .here("导出申请人联系方式"),
        action: address.replacen("/console/requests?", "/console/privacy/contacts?", 1),
        back: address,
        count,
        fields: purpose_fields(true),
        errors: ErrorSummary::default(),
    })
}

pub(crate) async fn contacts_form(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<ChosenRequests>,
) -> Result<impl IntoResponse, PageError> {
    let filter = chosen_filter(&app, &staff, &chosen).await?;
    html(&contacts_page(&app, &page, &chosen, &filter).await?)
}

pub(crate) async fn contacts(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<ChosenRequests>,
    form: Fields,
) -> Result<Response, PageError> {
    let filter = chosen_filter(&app, &staff, &chosen).await?;
    let purpose = Purpose::from_code(form.text("purpose"));
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match actions::list(&mut tx, &staff, &filter, purpose, form.text("reason")).await {
        Ok(contacts) => {
            tx.commit().await?;
            let bytes = table(&contacts).map_err(anyhow::Error::from)?;
            let headers = [
                (CONTENT_TYPE, FileKind::Xlsx.media_type().to_owned()),
                (CONTENT_DISPOSITION, as_attachment(&format!("申请人联系方式-{}.xlsx", app.today()))),
            ];
            Ok((headers, bytes).into_response())
        }
        Err(Failure::Refused(reasons)) if !reasons.iter().any(is_about_the_person) => {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            let mut again = contacts_page(&app, &page, &chosen, &filter).await?;
            again.errors = errors.summary();
            again.fields = form.typed_into(again.fields, &errors);
            form_again(&again)
        }
        Err(other) => Err(other.into()),
    }
}

fn table(contacts: &[Contact]) -> Result<Vec<u8>, impl std::error::Error + Send + Sync + 'static> {
    let heads = [
        ("申请编号", 24.0),
        ("申请人", 16.0),
        ("证件号码", 22.0),
        ("电话", 16.0),
        ("电子邮箱", 26.0),
        ("通信地址", 36.0),
    ];
    let rows: Vec<Vec<String>> = contacts
        .iter()
        .map(|Contact { listed, particulars: p }| {
            [&listed.number, &listed.applicant_name, &p.identity_number, &p.phone, &p.email, &p.address]
                .map(Clone::clone)
                .to_vec()
        })
        .collect();
    sheets::xlsx("申请人联系方式", &heads, &rows)
}

/// A viewing on the list.
#[derive(Debug, Clone)]
pub struct ViewingLine {
    pub at: String,
    pub by: String,
    pub agency: String,
    pub number: String,
    pub what: String,
    pub purpose: &'static str,
    pub reason: String,
    pub is_list: bool,
}

impl ViewingLine {
    fn of(row: &ViewingRow) -> ViewingLine {
        let file = if row.file_kind.is_empty() { String::new() } else { format!("（{}）", row.file_kind) };
        ViewingLine {
            at: shown_text(&row.viewed_at),
            by: row.by_name.clone(),
            agency: row.agency_name.clone(),
            number: row.number.clone(),
            what: format!("{}{file}", row.seen.label()),
            purpose: row.purpose.label(),
            reason: row.reason.clone(),
            is_list: row.list_id.is_some(),
        }
    }
}

/// 查看记录 — who opened whose personal data, when and what for.
#[derive(Debug, Clone, Template)]
#[template(path = "console/privacy/viewings.html")]
pub struct ViewingsPage {
    pub chrome: Chrome,
    pub fields: Vec<Field>,
    pub is_narrowed: bool,
    pub rows: Vec<ViewingLine>,
    pub frequent: Vec<Frequency>,
    pub days: i64,
    pub pager: Pager,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
    q: String,
    only: String,
    page: u64,
}

pub(crate) async fn log(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let mut agencies = accounts::agencies(&mut conn).await?;
    agencies.retain(|agency| may_read(&staff, agency));
    let ids: Vec<String> = agencies
        .iter()
        .filter(|agency| chosen.agency.is_empty() || agency.code == chosen.agency)
        .map(|agency| agency.id.clone())
        .collect();
    let filter = ViewingFilter {
        agencies: ids.clone(),
        words: chosen.q.clone(),
        only_lists: chosen.only == "lists",
        request_id: String::new(),
    };
    let (rows, total) = viewings(&mut conn, &filter, chosen.page, PER_PAGE).await?;
    let since = stored(app.now() - jiff::SignedDuration::from_hours(24 * DAYS));
    let choices = agencies.iter().map(|agency| (agency.code.clone(), agency.name.clone())).collect();
    let mut shown = ViewingsPage::of(
        page.chrome(Section::Audit)
            .crumb("工作台", "/console")
            .crumb("审计", "/console/audit")
            .here("个人信息查看记录"),
        choices,
        &chosen,
    );
    shown.rows = rows.iter().map(ViewingLine::of).collect();
    shown.frequent = frequent(&mut conn, &ids, &since).await?;
    shown.pager.total = total;
    html(&shown)
}

impl ViewingsPage {
    fn of(chrome: Chrome, agencies: Vec<(String, String)>, chosen: &Chosen) -> ViewingsPage {
        let mut fields = Vec::new();
        if agencies.len() > 1 {
            let choices = std::iter::once((String::new(), "全部机关".to_owned())).chain(agencies);
            fields.push(Field::select("agency", "机关", choices).value(&chosen.agency));
        }
        let only = [("", "全部"), ("lists", "只看一次查看多人的")];
        fields.push(Field::select("only", "范围", only).value(&chosen.only));
        fields.push(Field::line_of("search", "q", "查看人或者申请编号").value(&chosen.q));
        let address = query([("agency", chosen.agency.as_str()), ("only", &chosen.only), ("q", &chosen.q)]);
        ViewingsPage {
            chrome,
            is_narrowed: !address.is_empty(),
            fields,
            rows: Vec::new(),
            frequent: Vec::new(),
            days: DAYS,
            pager: Pager {
                page: chosen.page.max(1),
                per_page: PER_PAGE,
                total: 0,
                href: format!("/console/privacy?{address}&page="),
            },
        }
    }

    pub fn sample() -> ViewingsPage {
        let chrome = Chrome::console_sample(Section::Audit).crumb("审计", "/console/audit");
        let mut page = ViewingsPage::of(chrome.here("个人信息查看记录"), Vec::new(), &Chosen::default());
        page.rows = vec![ViewingLine {
            at: "2026-11-02 09:12".into(),
            by: "林晓禾".into(),
            agency: "松溪镇人民政府".into(),
            number: "SONGXI-SQ-2026-0012".into(),
            what: "证件号码、联系方式".into(),
            purpose: Purpose::Contact.label(),
            reason: String::new(),
            is_list: true,
        }];
        page.frequent = vec![Frequency {
            by_name: "林晓禾".into(),
            agency_name: "松溪镇人民政府".into(),
            viewings: 12,
            requests: 9,
            lists: 1,
        }];
        page.pager.total = 1;
        page
    }

    pub fn sample_empty() -> ViewingsPage {
        ViewingsPage { rows: Vec::new(), frequent: Vec::new(), ..ViewingsPage::sample() }
    }
}

impl ContactsPage {
    pub fn sample() -> ContactsPage {
        ContactsPage {
            chrome: Chrome::console_sample(Section::ConsoleRequests)
                .crumb("申请", "/console/requests")
                .here("导出申请人联系方式"),
            action: "/console/privacy/contacts?tab=open".into(),
            back: "/console/requests?tab=open".into(),
            count: 12,
            fields: purpose_fields(true),
            errors: ErrorSummary::default(),
        }
    }
}
