//! 台账 — the registers behind table two of the report: documents, decisions, fees.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::reporting::actions::{self, NewActivity, NewDecision, NewDocument, NewFee};
use gongkai_disclosure::reporting::{
    self, ActivityForm, DocumentKind, EndKind, EnforcementKind, Figure, NormativeDocument, ReportingRefusal,
    may_read,
};
use serde::Deserialize;

use super::records::{AgencyChoice, choose_agency};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue, Pager, Tab, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::state::App;

const PER_PAGE: i64 = 50;

/// The registers, by the word in their address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Register {
    Documents,
    Decisions,
    Fees,
    Activities,
}

impl Register {
    const ALL: [Register; 4] =
        [Register::Documents, Register::Decisions, Register::Fees, Register::Activities];

    fn path(self) -> &'static str {
        match self {
            Register::Documents => "documents",
            Register::Decisions => "decisions",
            Register::Fees => "fees",
            Register::Activities => "activities",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Register::Documents => "规范性文件",
            Register::Decisions => "许可、处罚、强制",
            Register::Fees => "行政事业性收费",
            Register::Activities => "工作记录",
        }
    }

    fn basis(self) -> &'static str {
        match self {
            Register::Documents => {
                "计入年度报告第二部分“第二十条第（一）项”：制发、废止和现行有效件数由这里的日期算出。"
            }
            Register::Decisions => {
                "计入年度报告第二部分“第二十条第（五）项”和“第（六）项”：一件决定登记一条。"
            }
            Register::Fees => {
                "计入年度报告第二部分“第二十条第（八）项”：按收取日期加总，以万元填报。信息处理费由申请登记自动计入，不在这里登记。"
            }
            Register::Activities => {
                "计入年度报告第一部分：政策解读（按形式）、网站以外的公开渠道、业务培训和工作会议，办一次登记一条。"
            }
        }
    }

    fn from_path(path: &str) -> Option<Register> {
        Self::ALL.into_iter().find(|register| register.path() == path)
    }
}

/// A row of a register.
#[derive(Debug, Clone)]
pub struct Row {
    pub title: String,
    pub href: Option<String>,
    pub reference: String,
    pub date: String,
    pub state: Option<Tag>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/registers/list.html")]
pub struct RegisterPage {
    pub chrome: Chrome,
    pub heading: &'static str,
    pub basis: &'static str,
    pub agency: String,
    pub agency_field: Option<Field>,
    pub tabs: Vec<Tab>,
    pub reference_label: &'static str,
    pub date_label: &'static str,
    pub rows: Vec<Row>,
    pub pager: Pager,
    /// Where the form is sent.
    pub action: String,
    /// The form to add a row; empty for those who only read.
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/registers/document.html")]
pub struct DocumentPage {
    pub chrome: Chrome,
    pub title: String,
    pub state: Tag,
    pub record: Vec<KeyValue>,
    pub action: String,
    /// The form to end it; empty when it is ended or for those who only read.
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    /// For those who may read the audit chain.
    pub history: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    agency: String,
    #[serde(default)]
    page: i64,
}

pub(crate) async fn index() -> Redirect {
    Redirect::to("/console/registers/documents")
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(register): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let register = Register::from_path(&register).ok_or(PageError::NotFound)?;
    let mut conn = app.db.read().await?;
    html(&register_page(&mut conn, &page, &staff, register, &chosen, None).await?)
}

pub(crate) async fn add(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(register): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let register = Register::from_path(&register).ok_or(PageError::NotFound)?;
    let mut conn = app.db.read().await?;
    let code = form.text("agency").to_owned();
    let choice = choose_agency(&mut conn, &staff, &code, |agency| may_read(&staff, agency)).await?;
    let agency_id = choice.chosen.id.clone();
    let text = |name: &str| form.text(name).to_owned();

    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let added = match register {
        Register::Documents => {
            let new = NewDocument {
                agency_id,
                kind: text("kind"),
                title: text("title"),
                document_number: text("document_number"),
                issued_on: text("issued_on"),
                entry_id: None,
            };
            actions::add_document(&mut tx, &staff, new).await
        }
        Register::Decisions => {
            let new = NewDecision {
                agency_id,
                kind: text("kind"),
                reference: text("reference"),
                subject: text("subject"),
                decided_on: text("decided_on"),
            };
            actions::add_decision(&mut tx, &staff, new).await
        }
        Register::Fees => {
            let new = NewFee {
                agency_id,
                item: text("item"),
                amount: text("amount"),
                collected_on: text("collected_on"),
            };
            actions::add_fee(&mut tx, &staff, new).await
        }
        Register::Activities => {
            let new = NewActivity {
                agency_id,
                form: text("form"),
                title: text("title"),
                note: text("note"),
                done_on: text("done_on"),
            };
            actions::add_activity(&mut tx, &staff, new).await
        }
    };
    match added {
        Ok(_) => {
            tx.commit().await?;
            let to = format!("/console/registers/{}?agency={}", register.path(), choice.chosen.code);
            Ok(redirect_with(&to, "已登记，年度报告的数字随之改变。"))
        }
        Err(Failure::Refused(reasons)) if !reasons.contains(&ReportingRefusal::Forbidden) => {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            let chosen = Chosen { agency: code, page: 1 };
            form_again(
                &register_page(&mut conn, &page, &staff, register, &chosen, Some((&form, &errors))).await?,
            )
        }
        Err(other) => Err(other.into()),
    }
}

async fn register_page(
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    register: Register,
    chosen: &Chosen,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<RegisterPage, PageError> {
    let choice = choose_agency(conn, staff, &chosen.agency, |agency| may_read(staff, agency)).await?;
    let at = chosen.page.max(1);
    let (rows, total) = rows(conn, register, &choice, at).await?;
    let code = &choice.chosen.code;
    let fields = if staff.may(P::KeepRegisters, &choice.chosen.id) {
        with_typed(fields(register), typed)
    } else {
        Vec::new()
    };
    let mut errors = ErrorSummary::of(&fields);
    if let Some((_, refused)) = typed {
        errors = refused.general.iter().fold(errors, |errors, words| errors.and(words.clone()));
    }
    let (reference_label, date_label) = match register {
        Register::Documents => ("文号", "制发日期"),
        Register::Decisions => ("决定文书号", "决定日期"),
        Register::Fees => ("金额（元）", "收取日期"),
        Register::Activities => ("说明", "日期"),
    };
    Ok(RegisterPage {
        chrome: page
            .chrome(Section::Registers)
            .crumb("工作台", "/console")
            .crumb("台账", "/console/registers")
            .here(register.label()),
        heading: register.label(),
        basis: register.basis(),
        agency: choice.chosen.name.clone(),
        agency_field: choice.field(),
        tabs: Register::ALL
            .into_iter()
            .map(|other| Tab {
                label: other.label().into(),
                href: format!("/console/registers/{}?agency={code}", other.path()),
                is_current: other == register,
                count: None,
            })
            .collect(),
        reference_label,
        date_label,
        rows,
        pager: Pager {
            page: u64::try_from(at).unwrap_or(1),
            per_page: u64::try_from(PER_PAGE).unwrap_or(1),
            total: u64::try_from(total).unwrap_or(0),
            href: format!("/console/registers/{}?agency={code}&page=", register.path()),
        },
        action: format!("/console/registers/{}", register.path()),
        fields,
        errors,
    })
}

async fn rows(
    conn: &mut Conn,
    register: Register,
    choice: &AgencyChoice,
    page: i64,
) -> Result<(Vec<Row>, i64), PageError> {
    let (agency_id, offset) = (&choice.chosen.id, (page - 1) * PER_PAGE);
    Ok(match register {
        Register::Documents => {
            let (rows, total) = reporting::documents(conn, agency_id, PER_PAGE, offset).await?;
            let row = |document: NormativeDocument| Row {
                state: Some(state(&document)),
                title: document.title,
                href: Some(format!("/console/registers/documents/{}", document.id)),
                reference: document.document_number,
                date: document.issued_on,
            };
            (rows.into_iter().map(row).collect(), total)
        }
        Register::Decisions => {
            let (rows, total) = reporting::decisions(conn, agency_id, "", PER_PAGE, offset).await?;
            let row = |decision: reporting::EnforcementDecision| Row {
                title: decision.subject,
                href: None,
                reference: decision.reference,
                date: decision.decided_on,
                state: EnforcementKind::from_code(&decision.kind)
                    .map(|kind| Tag::new(Tone::Neutral, kind.label())),
            };
            (rows.into_iter().map(row).collect(), total)
        }
        Register::Fees => {
            let (rows, total) = reporting::fees(conn, agency_id, PER_PAGE, offset).await?;
            let row = |fee: reporting::FeeCollection| Row {
                title: fee.item,
                href: None,
                reference: Figure::in_yuan(fee.amount_fen),
                date: fee.collected_on,
                state: None,
            };
            (rows.into_iter().map(row).collect(), total)
        }
        Register::Activities => {
            let (rows, total) = reporting::activities(conn, agency_id, PER_PAGE, offset).await?;
            let row = |activity: reporting::Activity| Row {
                title: activity.title,
                href: None,
                reference: activity.note,
                date: activity.done_on,
                state: ActivityForm::from_code(&activity.form)
                    .map(|form| Tag::new(Tone::Neutral, form.figure_name())),
            };
            (rows.into_iter().map(row).collect(), total)
        }
    })
}

fn state(document: &NormativeDocument) -> Tag {
    match (&document.ended_on, document.end_kind.as_deref().and_then(EndKind::from_code)) {
        (Some(on), Some(kind)) => Tag::new(Tone::Neutral, format!("{on} {}", kind.label())),
        _ => Tag::new(Tone::Success, "现行有效"),
    }
}

fn fields(register: Register) -> Vec<Field> {
    match register {
        Register::Documents => vec![
            Field::line("title", "文件名称").required(),
            Field::line("document_number", "文号").required().width("w-m"),
            Field::radio("kind", "类别", DocumentKind::ALL.map(|kind| (kind.code(), kind.label())))
                .value(DocumentKind::NormativeDocument.code())
                .choice_hint("rules", "县级机关和镇、街道没有规章制定权。《立法法》第九十一条、第九十三条")
                .inline()
                .required(),
            Field::date("issued_on", "制发日期").required(),
        ],
        Register::Decisions => vec![
            Field::radio("kind", "类别", EnforcementKind::ALL.map(|kind| (kind.code(), kind.label())))
                .inline()
                .required(),
            Field::line("reference", "决定文书号").required().width("w-m"),
            Field::line("subject", "事项")
                .required()
                .hint("写事项名称即可，不写当事人的身份证号码、电话等个人信息。"),
            Field::date("decided_on", "决定日期").required(),
        ],
        Register::Fees => vec![
            Field::line("item", "收费项目").required(),
            Field::line("amount", "金额（元）").required().width("w-s").hint("例如 1250 或 1250.50"),
            Field::date("collected_on", "收取日期").required(),
        ],
        Register::Activities => vec![
            Field::select(
                "form",
                "种类",
                ActivityForm::ALL.iter().map(|form| (form.code(), form.figure_name())),
            )
            .required(),
            Field::line("title", "事项")
                .required()
                .hint("例如：一图读懂养老服务补贴办法、全区政务公开业务培训。"),
            Field::line("note", "说明").hint("地点、期号、参加人数等，可以不填。"),
            Field::date("done_on", "日期").required(),
        ],
    }
}

/// Puts back what was typed, with what is wrong with it.
fn with_typed(fields: Vec<Field>, typed: Option<(&Fields, &FormErrors)>) -> Vec<Field> {
    let Some((form, errors)) = typed else { return fields };
    fields
        .into_iter()
        .map(|field| {
            let (value, error) = (form.text(&field.name).to_owned(), errors.get(&field.name));
            field.value(value).error(error)
        })
        .collect()
}

pub(crate) async fn document(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    html(&document_page(&mut conn, &page, &staff, &id, None).await?)
}

pub(crate) async fn end_document(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let ended =
        actions::end_document(&mut tx, &staff, &id, form.text("end_kind"), form.text("ended_on")).await;
    match ended {
        Ok(()) => {
            tx.commit().await?;
            Ok(redirect_with(&format!("/console/registers/documents/{id}"), "已登记，不再计入现行有效。"))
        }
        Err(Failure::Refused(reasons))
            if !reasons.iter().any(|reason| {
                matches!(reason, ReportingRefusal::Forbidden | ReportingRefusal::Missing(_))
            }) =>
        {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            let mut conn = app.db.read().await?;
            form_again(&document_page(&mut conn, &page, &staff, &id, Some((&form, &errors))).await?)
        }
        Err(other) => Err(other.into()),
    }
}

async fn document_page(
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    id: &str,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<DocumentPage, PageError> {
    let document = reporting::document(conn, id).await?.ok_or(PageError::NotFound)?;
    let agency = gongkai_disclosure::accounts::agency(conn, &document.agency_id).await?;
    let agency = agency.filter(|agency| may_read(staff, agency)).ok_or(PageError::NotFound)?;
    let may_end = staff.may(P::KeepRegisters, &agency.id) && document.ended_on.is_none();
    let fields = vec![
        Field::radio("end_kind", "情形", EndKind::ALL.map(|kind| (kind.code(), kind.label())))
            .inline()
            .required()
            .choice_hint("repealed", "计入本年废止件数")
            .choice_hint("lapsed", "有效期届满自行失效，不计入本年废止"),
        Field::date("ended_on", "日期").required(),
    ];
    let fields = if may_end || typed.is_some() { with_typed(fields, typed) } else { Vec::new() };
    let mut errors = ErrorSummary::of(&fields);
    if let Some((_, refused)) = typed {
        errors = refused.general.iter().fold(errors, |errors, words| errors.and(words.clone()));
    }
    let kind = DocumentKind::from_code(&document.kind).map_or("", DocumentKind::label);
    Ok(DocumentPage {
        chrome: page
            .chrome(Section::Registers)
            .crumb("工作台", "/console")
            .crumb("规范性文件台账", format!("/console/registers/documents?agency={}", agency.code))
            .here(document.document_number.clone()),
        state: state(&document),
        record: vec![
            KeyValue::new("制发机关", &agency.name),
            KeyValue::new("类别", kind),
            KeyValue::new("文号", &document.document_number),
            KeyValue::new("制发日期", &document.issued_on),
        ],
        title: document.title,
        action: format!("/console/registers/documents/{id}/end"),
        fields,
        errors,
        history: staff.may_anywhere(P::ReadAudit).then(|| format!("/console/audit/records/{id}")),
    })
}

impl RegisterPage {
    pub fn sample() -> RegisterPage {
        let register = Register::Documents;
        let fields = fields(register);
        RegisterPage {
            chrome: Chrome::console_sample(Section::Registers).crumb("工作台", "/console").here("台账"),
            heading: register.label(),
            basis: register.basis(),
            agency: "云溪镇人民政府".into(),
            agency_field: Some(Field::select("agency", "机关", [("yx", "云溪镇人民政府")]).value("yx")),
            tabs: Register::ALL
                .into_iter()
                .map(|other| Tab {
                    label: other.label().into(),
                    href: format!("/console/registers/{}", other.path()),
                    is_current: other == register,
                    count: None,
                })
                .collect(),
            reference_label: "文号",
            date_label: "制发日期",
            rows: vec![Row {
                title: "云溪镇村级公共服务管理办法".into(),
                href: Some("/console/registers/documents/1".into()),
                reference: "云政规〔2025〕1号".into(),
                date: "2025-03-01".into(),
                state: Some(Tag::new(Tone::Success, "现行有效")),
            }],
            pager: Pager { page: 1, per_page: 50, total: 1, href: "?page=".into() },
            action: "/console/registers/documents".into(),
            errors: ErrorSummary::of(&fields),
            fields,
        }
    }
}

impl DocumentPage {
    pub fn sample() -> DocumentPage {
        DocumentPage {
            chrome: Chrome::console_sample(Section::Registers).crumb("工作台", "/console").here("台账"),
            title: "云溪镇村级公共服务管理办法".into(),
            state: Tag::new(Tone::Success, "现行有效"),
            record: vec![KeyValue::new("文号", "云政规〔2025〕1号")],
            action: "/console/registers/documents/1/end".into(),
            fields: vec![Field::date("ended_on", "日期").required()],
            errors: ErrorSummary::default(),
            history: Some("/console/audit/records/1".into()),
        }
    }
}
