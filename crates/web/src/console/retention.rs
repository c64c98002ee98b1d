//! 档案移交和销毁 — packages for the archive with its receipts, and lists of what is destroyed.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{self, Agency, Permission as P, Role, Staff};
use gongkai_disclosure::files::FileKind;
use gongkai_disclosure::retention::{
    self, Destruction, Term, Transfer, actions, destruction, destructions, due, term, transferable_years,
    transfers,
};
use gongkai_disclosure::time::shown_text;
use jiff::civil::Date;

use super::records::choose_agency;
use super::requests::ActForm;
use super::retention_package::package;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors, encode};
use crate::html::{PageContext, form_again, html, redirect_with, refused, settle};
use crate::page::{Chrome, Section};
use crate::portal::entries::as_attachment;
use crate::state::App;

/// A package on the list.
#[derive(Debug, Clone)]
pub struct TransferLine {
    pub year: i64,
    pub made: String,
    pub requests: i64,
    pub sha256: String,
    pub accession: Option<String>,
    /// Open until the archive has given its receipt.
    pub act: Option<ActForm>,
}

/// A list of destruction.
#[derive(Debug, Clone)]
pub struct DestructionLine {
    pub number: String,
    pub href: String,
    pub proposed: String,
    pub requests: usize,
    pub state: Tag,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/retention/index.html")]
pub struct RetentionPage {
    pub chrome: Chrome,
    pub agency_field: Option<Field>,
    pub term: String,
    pub term_act: Option<ActForm>,
    pub years: Vec<(String, i64)>,
    pub pack_act: Option<ActForm>,
    pub transfers: Vec<TransferLine>,
    pub due: usize,
    pub propose_act: Option<ActForm>,
    pub destructions: Vec<DestructionLine>,
}

/// 销毁记录 — one list.
#[derive(Debug, Clone, Template)]
#[template(path = "console/retention/destruction.html")]
pub struct DestructionPage {
    pub chrome: Chrome,
    pub number: String,
    pub ground: String,
    pub state: Tag,
    pub steps: Vec<(String, String)>,
    pub items: Vec<retention::DestructionItem>,
    pub acts: Vec<ActForm>,
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
}

/// A form that came back: which one, what was typed, what is wrong.
struct Refused<'a> {
    action: &'a str,
    form: &'a Fields,
    errors: FormErrors,
}

fn chrome(page: &PageContext) -> Chrome {
    page.chrome(Section::ConsoleRequests).crumb("工作台", "/console").crumb("申请", "/console/requests")
}

fn act(
    heading: impl Into<String>,
    hint: &str,
    action: String,
    fields: Vec<Field>,
    button: &'static str,
    refused: Option<&Refused<'_>>,
) -> ActForm {
    let refused = refused.filter(|refused| refused.action == action);
    let (fields, errors) = match refused {
        Some(refused) => (refused.form.typed_into(fields, &refused.errors), refused.errors.summary()),
        None => (fields, ErrorSummary::default()),
    };
    ActForm {
        heading: heading.into(),
        hint: hint.into(),
        action,
        fields,
        hidden: Vec::new(),
        button,
        is_open: refused.is_some(),
        errors,
        is_serious: false,
        preview: None,
    }
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    html(&self::page(&app, &page, &staff, &chosen.agency, None).await?)
}

async fn page(
    app: &App,
    page: &PageContext,
    staff: &Staff,
    code: &str,
    refused: Option<Refused<'_>>,
) -> Result<RetentionPage, PageError> {
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, staff, code, P::ReadRequests).await?;
    let agency = &choice.chosen;
    let today = app.today();
    let years = transferable_years(&mut conn, &agency.id).await?;
    let transfers = transfers(&mut conn, &agency.id).await?;
    let due = due(&mut conn, &agency.id, today).await?;
    let term = term(&mut conn, &agency.id).await?;
    let lists = destructions(&mut conn, &agency.id).await?;
    let mut shown = RetentionPage::of(
        chrome(page).here("移交和销毁"),
        staff,
        agency,
        (&term, &years, &transfers, due.len(), &lists),
        today,
        refused.as_ref(),
    );
    shown.agency_field = choice.field();
    Ok(shown)
}

type Found<'a> = (&'a Term, &'a [(String, i64)], &'a [Transfer], usize, &'a [Destruction]);

impl RetentionPage {
    fn of(
        chrome: Chrome,
        staff: &Staff,
        agency: &Agency,
        (term, years, transfers, due, lists): Found<'_>,
        today: Date,
        refused: Option<&Refused<'_>>,
    ) -> RetentionPage {
        let handles = staff.may(P::HandleRequests, &agency.id);
        let at = encode(&agency.code);
        let term_fields = || {
            vec![
                Field::line_of("number", "years", "保管期限（年）")
                    .required()
                    .width("w-s")
                    .value(term.years.to_string()),
                Field::line("basis", "依据")
                    .required()
                    .value(&term.basis)
                    .hint("例如：本机关文件材料归档范围和文书档案保管期限表，政府信息公开申请类，10年。"),
            ]
        };
        // One form at a time: the newest package the archive has not taken yet.
        let waiting = transfers.iter().find(|transfer| transfer.accession.is_none()).map(|one| &one.id);
        let year_choices = years.iter().rev().map(|(year, n)| (year.clone(), format!("{year}年办结，{n}卷")));
        let pack_fields = vec![Field::select("year", "移交哪一年的案卷", year_choices).required()];
        RetentionPage {
            chrome,
            agency_field: None,
            term: match term.basis.as_str() {
                "" => format!("没有设定，按{}年", term.years),
                basis => format!("{}年（{basis}）", term.years),
            },
            term_act: staff.may(P::SetChains, &agency.id).then(|| {
                let hint = "从办结的次年1月1日起算。期满、档案馆已经接收的，可以销毁。";
                act("设定保管期限", hint, format!("/console/retention/term?agency={at}"), term_fields(), "保存", refused)
            }),
            years: years.to_vec(),
            pack_act: (handles && !years.is_empty()).then(|| {
                let hint = "下载一个 zip：每卷一个文件夹，有封面、申请书、办理记录、文书和材料，附目录和校验清单。包内的个人信息已经解密，这次打开逐件记入查看记录。";
                act("生成移交包", hint, format!("/console/retention/transfers?agency={at}"), pack_fields, "生成并下载", refused)
            }),
            transfers: transfers
                .iter()
                .map(|transfer| TransferLine {
                    year: transfer.year,
                    made: format!("{} {}", shown_text(&transfer.made_at), transfer.made_by),
                    requests: transfer.requests,
                    sha256: transfer.package_sha256.clone(),
                    accession: transfer
                        .accession
                        .as_ref()
                        .map(|(number, day, by)| format!("{number}，{day} {by}")),
                    act: (handles && Some(&transfer.id) == waiting).then(|| accession_act(&transfer.id, &at, today, refused)),
                })
                .collect(),
            due,
            propose_act: (handles && due > 0).then(|| {
                let fields = vec![Field::text("ground", "鉴定意见和依据", 3).required().hint(
                    "例如：保管期限届满，档案馆已经接收，经鉴定不再需要保留申请人的个人信息。",
                )];
                let hint = "由科室负责人、分管领导中的两人批准，提出的人不能批准。";
                act("提出销毁清册", hint, format!("/console/retention/destructions?agency={at}"), fields, "提出", refused)
            }),
            destructions: lists
                .iter()
                .map(|list| DestructionLine {
                    number: list.number.clone(),
                    href: format!("/console/retention/destructions/{}", list.id),
                    proposed: format!("{} {}", shown_text(&list.proposed_at), list.proposed_by),
                    requests: list.items.len(),
                    state: state(list),
                })
                .collect(),
        }
    }

    pub fn sample() -> RetentionPage {
        RetentionPage {
            chrome: Chrome::console_sample(Section::ConsoleRequests).here("移交和销毁"),
            agency_field: None,
            term: "10年（本机关保管期限表）".into(),
            term_act: None,
            years: vec![("2025".into(), 12)],
            pack_act: Some(act(
                "生成移交包",
                "下载一个 zip。",
                "/console/retention/transfers".into(),
                vec![Field::select("year", "移交哪一年的案卷", [("2025", "2025年办结，12卷")])],
                "生成并下载",
                None,
            )),
            transfers: vec![TransferLine {
                year: 2024,
                made: "2026-03-02 09:12 林晓禾".into(),
                requests: 9,
                sha256: "9f2c71ae03bd".repeat(5),
                accession: None,
                act: Some(accession_act("1", "songxi", jiff::civil::date(2026, 3, 9), None)),
            }],
            due: 3,
            propose_act: None,
            destructions: vec![DestructionLine {
                number: "SONGXI-XH-2026-01".into(),
                href: "/console/retention/destructions/1".into(),
                proposed: "2026-03-02 09:12 林晓禾".into(),
                requests: 3,
                state: Tag::new(Tone::Warning, "待批准"),
            }],
        }
    }
}

fn accession_act(id: &str, at: &str, today: Date, refused: Option<&Refused<'_>>) -> ActForm {
    let fields = vec![
        Field::line("accession_number", "接收编号").required().width("w-m"),
        Field::date("accepted_on", "接收日期").required().value(today.to_string()),
        Field::line("accepted_by", "接收单位和接收人").required(),
    ];
    let hint = "档案馆核对校验清单、出具接收凭证以后登记。";
    let action = format!("/console/retention/transfers/{id}/accession?agency={at}");
    act("登记接收", hint, action, fields, "登记", refused)
}

fn state(list: &Destruction) -> Tag {
    match (&list.carried_out, list.approvals.len()) {
        (Some(_), _) => Tag::new(Tone::Neutral, "已销毁"),
        (None, 2) => Tag::new(Tone::Info, "已批准，待执行"),
        (None, 1) => Tag::new(Tone::Warning, "还差一人批准"),
        (None, _) => Tag::new(Tone::Warning, "待批准"),
    }
}

/// Shows the page again when something is wrong with the form; a missing right is an error page.
async fn refused_page(
    app: &App,
    page: &PageContext,
    staff: &Staff,
    code: &str,
    action: &str,
    form: &Fields,
    errors: FormErrors,
) -> Result<Response, PageError> {
    form_again(&self::page(app, page, staff, code, Some(Refused { action, form, errors })).await?)
}

async fn agency_of(app: &App, staff: &Staff, code: &str) -> Result<Agency, PageError> {
    Ok(choose_agency(&mut *app.db.read().await?, staff, code, P::ReadRequests).await?.chosen)
}

/// 生成移交包 — the package goes out only when it is on record.
pub(crate) async fn pack(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
    form: Fields,
) -> Result<Response, PageError> {
    let agency = agency_of(&app, &staff, &chosen.agency).await?;
    let year = form.number("year").unwrap_or_default();
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let papers = match refused(actions::papers(&mut tx, &app.files, &staff, &agency.id, year).await)? {
        Ok(papers) => papers,
        Err(errors) => {
            drop(tx);
            let action = format!("/console/retention/transfers?agency={}", encode(&agency.code));
            return refused_page(&app, &page, &staff, &chosen.agency, &action, &form, errors).await;
        }
    };
    let term = term(tx.conn(), &agency.id).await?;
    let (name, today, about, keys) =
        (agency.name.clone(), app.today(), agency.clone(), app.db.keys().clone());
    let (made, papers) =
        tokio::task::spawn_blocking(move || (package(&about, year, &papers, &term, (&keys, today)), papers))
            .await
            .map_err(anyhow::Error::from)?;
    let made = made?;
    actions::record_transfer(&mut tx, &staff, &agency.id, year, &papers, &made.sha256).await?;
    tx.commit().await?;
    let headers = [
        (CONTENT_TYPE, FileKind::Zip.media_type().to_owned()),
        (CONTENT_DISPOSITION, as_attachment(&format!("{name}-{year}年申请案卷.zip"))),
    ];
    Ok((headers, made.bytes).into_response())
}

pub(crate) async fn accession(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let (number, by) = (form.text("accession_number"), form.text("accepted_by"));
    let recorded =
        actions::record_accession(&mut tx, &staff, &id, number, form.date("accepted_on"), by).await;
    match settle(tx, recorded).await? {
        Ok(()) => Ok(redirect_with(&address(&chosen.agency), "已登记接收。")),
        Err(errors) => {
            let action =
                format!("/console/retention/transfers/{id}/accession?agency={}", encode(&chosen.agency));
            refused_page(&app, &page, &staff, &chosen.agency, &action, &form, errors).await
        }
    }
}

fn address(code: &str) -> String {
    format!("/console/retention?agency={}", encode(code))
}

pub(crate) async fn set_term(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
    form: Fields,
) -> Result<Response, PageError> {
    let agency = accounts::agency_by_code(&mut *app.db.read().await?, &chosen.agency)
        .await?
        .ok_or(PageError::NotFound)?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let set = actions::set_term(&mut tx, &staff, &agency.id, form.number("years"), form.text("basis")).await;
    match settle(tx, set).await? {
        Ok(()) => Ok(redirect_with(&address(&chosen.agency), "已设定保管期限。")),
        Err(errors) => {
            let action = format!("/console/retention/term?agency={}", encode(&chosen.agency));
            refused_page(&app, &page, &staff, &chosen.agency, &action, &form, errors).await
        }
    }
}

pub(crate) async fn propose(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
    form: Fields,
) -> Result<Response, PageError> {
    let agency = agency_of(&app, &staff, &chosen.agency).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let proposed = actions::propose(&mut tx, &staff, &agency.id, form.text("ground")).await;
    match settle(tx, proposed).await? {
        Ok(list) => {
            let to = format!("/console/retention/destructions/{}", list.id);
            Ok(redirect_with(&to, "已提出销毁清册，等待两人批准。"))
        }
        Err(errors) => {
            let action = format!("/console/retention/destructions?agency={}", encode(&agency.code));
            refused_page(&app, &page, &staff, &chosen.agency, &action, &form, errors).await
        }
    }
}

pub(crate) async fn show_destruction(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    let list = destruction(&mut *app.db.read().await?, &id).await?.ok_or(PageError::NotFound)?;
    if !staff.may(P::ReadRequests, &list.agency_id) {
        return Err(PageError::NotFound);
    }
    html(&DestructionPage::of(chrome(&page).crumb("移交和销毁", "/console/retention"), &staff, list))
}

impl DestructionPage {
    fn of(chrome: Chrome, staff: &Staff, list: Destruction) -> DestructionPage {
        let at = &list.agency_id;
        let is_approver = [Role::SectionHead, Role::Leader, Role::PrincipalLeader]
            .iter()
            .any(|role| staff.holds(*role, at))
            && list.proposed_by_id != staff.user_id
            && list.approvals.iter().all(|(by, ..)| *by != staff.user_id);
        let path = format!("/console/retention/destructions/{}", list.id);
        let mut acts = Vec::new();
        if list.carried_out.is_none() && list.approvals.len() < 2 && is_approver {
            let hint = "两人批准后由承办人员执行。请先核对清册。";
            acts.push(act("批准销毁", hint, format!("{path}/approval"), Vec::new(), "批准", None));
        }
        if list.carried_out.is_none() && list.approvals.len() == 2 && staff.may(P::HandleRequests, at) {
            let hint = "删除清册所列申请、投诉举报和来信的个人信息、文字和全部材料，不能恢复。编号、日期、处理决定、文号和本清册保留。";
            let mut form = act("执行销毁", hint, format!("{path}/execution"), Vec::new(), "执行销毁", None);
            form.is_serious = true;
            acts.push(form);
        }
        let mut steps =
            vec![("提出".to_owned(), format!("{} {}", shown_text(&list.proposed_at), list.proposed_by))];
        steps.extend(
            list.approvals.iter().map(|(_, by, at)| ("批准".to_owned(), format!("{} {by}", shown_text(at)))),
        );
        if let Some((by, at)) = &list.carried_out {
            steps.push(("执行".to_owned(), format!("{} {by}", shown_text(at))));
        }
        DestructionPage {
            chrome: chrome.here(&list.number),
            state: state(&list),
            steps,
            acts,
            number: list.number,
            ground: list.ground,
            items: list.items,
        }
    }

    pub fn sample() -> DestructionPage {
        DestructionPage {
            chrome: Chrome::console_sample(Section::ConsoleRequests).here("SONGXI-XH-2026-01"),
            number: "SONGXI-XH-2026-01".into(),
            ground: "保管期限届满，档案馆已经接收。".into(),
            state: Tag::new(Tone::Neutral, "已销毁"),
            steps: vec![("提出".into(), "2026-03-02 09:12 林晓禾".into())],
            items: vec![retention::DestructionItem {
                matter: retention::Matter::Request,
                id: "1".into(),
                number: "SONGXI-SQ-2015-0012".into(),
                closed_on: "2015-04-03".into(),
                files: 2,
            }],
            acts: vec![act(
                "批准销毁",
                "两人批准后由承办人员执行。",
                "/console/retention/destructions/1/approval".into(),
                Vec::new(),
                "批准",
                None,
            )],
        }
    }
}

pub(crate) async fn approve(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let list = actions::approve(&mut tx, &staff, &id).await?;
    tx.commit().await?;
    let done =
        if list.approvals.len() == 2 { "已批准，可以执行。" } else { "已批准，还差一人。" };
    Ok(redirect_with(&format!("/console/retention/destructions/{id}"), done))
}

pub(crate) async fn carry_out(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let files = actions::carry_out(&mut tx, &app.files, &staff, &id).await?;
    tx.commit().await?;
    app.db.forget_overwritten().await?;
    let done = format!("已销毁清册所列的个人信息、文字和{files}份材料，清册保留。");
    Ok(redirect_with(&format!("/console/retention/destructions/{id}"), &done))
}
