//! One case: registered, concluded, carried out.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission, Staff};
use gongkai_disclosure::db::{Conn, Tx};
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::remedies::actions::{self, CaseForm, Ending};
use gongkai_disclosure::remedies::{RemedyKind, RemedyRefusal, RemedyResult, by_id};
use gongkai_disclosure::requests;
use gongkai_disclosure::requests::renewals::{Ordered, number_of_case, renew as decide_afresh};
use jiff::civil::Date;

use super::{Chosen, chrome, demand_tag};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue};
use crate::console::records::choose_agency;
use crate::console::requests::ActForm;
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::state::App;

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
    /// 重新办理 and 登记履行, where something is asked of the agency and not done yet.
    pub acts: Vec<ActForm>,
    /// The number under which the request is decided afresh.
    pub renewed_as: Option<String>,
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
            let summary = errors.above(&fields);
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
        acts: Vec::new(),
        renewed_as: None,
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
    html(&case_page(&mut conn, &page, &staff, &id, None, app.today()).await?)
}

pub(crate) async fn conclude(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let ending = Ending {
        result: RemedyResult::from_code(form.text("result")),
        concluded_on: form.date("concluded_on"),
        note: form.text("note").into(),
        demanded: form.text("demanded").into(),
        demanded_until: form.date("demanded_until"),
    };
    let done = actions::conclude(&mut tx, &staff, &id, &ending).await;
    finish(&app, &page, &staff, &id, &form, (tx, done), "结果已登记。").await
}

/// 登记履行.
pub(crate) async fn carry_out(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let (on, how) = (form.date("carried_out_on"), form.text("carried_out"));
    let done = actions::carry_out(&mut tx, &staff, &id, on, how).await;
    finish(&app, &page, &staff, &id, &form, (tx, done), "履行情况已登记。").await
}

/// 重新办理 — the request the case is about is decided afresh.
pub(crate) async fn renew(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let ordered =
        Ordered { received_on: form.date("received_on"), is_procedural: form.is_ticked("is_procedural") };
    let done = decide_afresh(&mut tx, &staff, &id, &ordered).await;
    match settle(tx, done).await? {
        Ok(fresh) => {
            let request = &fresh.request;
            let due = request.reply_due_on.map(|day| day.to_string()).unwrap_or_default();
            let words = format!("已重新办理，答复期限至 {due}。发出答复后，案件自动登记履行。");
            Ok(redirect_with(&format!("/console/requests/{}", request.number), &words))
        }
        Err(errors) => {
            let mut conn = app.db.read().await?;
            form_again(&case_page(&mut conn, &page, &staff, &id, Some((&form, &errors)), app.today()).await?)
        }
    }
}

/// Keeps what was done, or shows the case again with the form as it was sent.
async fn finish(
    app: &App,
    page: &PageContext,
    staff: &Staff,
    id: &str,
    form: &Fields,
    (tx, done): (Tx, gongkai_disclosure::error::Result<(), RemedyRefusal>),
    words: &str,
) -> Result<Response, PageError> {
    match settle(tx, done).await? {
        Ok(()) => Ok(redirect_with(&format!("/console/remedies/{id}"), words)),
        Err(errors) => {
            let mut conn = app.db.read().await?;
            form_again(&case_page(&mut conn, page, staff, id, Some((form, &errors)), app.today()).await?)
        }
    }
}

async fn case_page(
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    id: &str,
    typed: Option<(&Fields, &FormErrors)>,
    today: Date,
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
        Field::text("demanded", "要求本机关做什么", 3)
            .hint("结果纠正的必填，例如：撤销原答复，重新作出答复；不需要再做什么的，写“无”。")
            .value(case.demand.as_ref().map_or("", |demand| demand.words.as_str())),
        Field::date("demanded_until", "履行的期限").hint("没有规定期限的不填。").value(
            case.demand
                .as_ref()
                .and_then(|demand| demand.until)
                .map(|day| day.to_string())
                .unwrap_or_default(),
        ),
        Field::text("note", "备注", 2).value(&case.note),
    ];
    let can_write = staff.may(Permission::KeepRegisters, &case.agency_id);
    let renewed_as = number_of_case(conn, id).await?;
    let mut acts = Vec::new();
    if case.open_demand().is_some() {
        let may_renew = staff.may(Permission::HandleRequests, &case.agency_id);
        if case.request_id.is_some() && renewed_as.is_none() && may_renew {
            acts.push(ActForm { action: format!("/console/remedies/{id}/renewal"), ..renewing() });
        }
        if can_write {
            let mut act =
                ActForm { action: format!("/console/remedies/{id}/carried-out"), ..carrying_out(today) };
            // A fresh handling registers it by itself.
            act.is_open = acts.is_empty() && renewed_as.is_none();
            acts.push(act);
        }
    }
    // One of the forms was sent: what was typed and what is wrong stands in that one.
    let sent = typed.and_then(|(form, _)| {
        acts.iter_mut().find(|act| act.fields.iter().any(|field| form.names().any(|name| name == field.name)))
    });
    let (fields, errors) = match (typed, sent) {
        (Some((form, errors)), Some(act)) => {
            act.fields = form.typed_into(std::mem::take(&mut act.fields), errors);
            act.errors = errors.above(&act.fields);
            act.is_open = true;
            (fields, ErrorSummary::default())
        }
        (Some((form, errors)), _) => {
            let fields = form.typed_into(fields, errors);
            let summary = errors.above(&fields);
            (fields, summary)
        }
        (None, _) => (fields, ErrorSummary::default()),
    };
    let mut record = vec![
        KeyValue::new("种类", case.kind.label()),
        KeyValue::new("被申请人（被告）", &case.agency_name),
        KeyValue::new("复议机关或者法院", &case.body),
        KeyValue::new("受理", case.accepted_on.to_string()),
        KeyValue::new("结果", case.result.label()),
    ];
    if let Some(demand) = &case.demand {
        record.push(KeyValue::new("要求本机关", &demand.words));
        record.push(match (&demand.carried_out, demand_tag(&case, today)) {
            (Some((day, words)), _) => KeyValue::new("履行", format!("{day}　{words}")),
            (None, tag) => KeyValue::new("履行", tag.map(|tag| tag.label).unwrap_or_default()),
        });
    }
    Ok(RemedyFormPage {
        chrome: chrome(page).here(&case.case_number),
        heading: case.case_number.clone(),
        intro: "登记审理结果；登记错了可以重新登记，每次都留下记录。",
        action: format!("/console/remedies/{id}"),
        record,
        request: case.request_number.clone(),
        fields,
        errors,
        button: "登记结果",
        can_write,
        acts,
        renewed_as,
    })
}

/// The form of 重新办理, without what is about one case.
fn renewing() -> ActForm {
    ActForm {
        heading: "重新办理所涉申请".into(),
        hint: "责令重新答复的，由此开始重新办理：另立编号，查询码不变，期限按决定、判决的规定；没有规定期限的，自收到之日起20个工作日。年度报告不重复计算这件申请。".into(),
        fields: vec![
            Field::date("received_on", "收到决定书、判决书之日").required(),
            Field::checkbox("is_procedural", "撤销的原因", [("1", "因违反法定程序被撤销")])
                .hint("因其他原因被撤销的，不能以同一事实和理由作出相同的答复。"),
        ],
        button: "重新办理",
        ..carrying_out(Date::default())
    }
}

/// The form of 履行, without what is about one case.
fn carrying_out(today: Date) -> ActForm {
    ActForm {
        heading: "登记履行情况".into(),
        hint: "决定或者判决要求本机关做的，做完以后登记。".into(),
        action: String::new(),
        fields: vec![
            Field::date("carried_out_on", "履行日期").required().value(today.to_string()),
            Field::text("carried_out", "怎样履行的", 3).required().hint("例如重新答复的文号和送达情况。"),
        ],
        hidden: Vec::new(),
        button: "登记履行",
        errors: ErrorSummary::default(),
        is_open: true,
        is_serious: false,
        preview: None,
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
            acts: vec![renewing(), carrying_out(Date::default())],
            renewed_as: Some("SONGXI-SQ-2026-0031".into()),
        }
    }
}
