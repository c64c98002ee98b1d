//! One document of the register: its term, amendments, end, and the pages that belong to it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::registers::documents::{self, Linked, Standing};
use gongkai_disclosure::registers::{self, Term};
use gongkai_disclosure::reporting::actions;
use gongkai_disclosure::reporting::{self, DocumentKind, EndKind, NormativeDocument, may_read};
use jiff::civil::Date;

use super::with_typed;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, close, form_again, html, redirect_with, refused};
use crate::page::{Chrome, Section};
use crate::state::App;

/// One thing that can be done about the document.
#[derive(Debug, Clone)]
pub struct DocumentForm {
    pub heading: &'static str,
    /// The last word of its address.
    pub act: &'static str,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    pub button: &'static str,
    pub note: &'static str,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/registers/document.html")]
pub struct DocumentPage {
    pub chrome: Chrome,
    pub title: String,
    pub state: Tag,
    pub record: Vec<KeyValue>,
    /// Address of the document; forms go below it.
    pub address: String,
    /// Empty for those who only read.
    pub forms: Vec<DocumentForm>,
    /// For those who may read the audit chain.
    pub history: Option<String>,
}

/// What a reader of the register must know about a document today.
pub(super) fn state(document: &NormativeDocument, term: Option<&Term>, today: Date) -> Tag {
    if let (Some(on), Some(kind)) =
        (&document.ended_on, document.end_kind.as_deref().and_then(EndKind::from_code))
    {
        return Tag::new(Tone::Neutral, format!("{on} {}", kind.label()));
    }
    match term.and_then(|term| term.standing(today).ok()) {
        Some(Standing::Expiring { until, days }) if days < 0 => {
            Tag::new(Tone::Overdue, format!("有效期已于 {until} 届满"))
        }
        Some(Standing::Expiring { until, days }) => {
            Tag::new(Tone::Warning, format!("有效期至 {until}，还有 {days} 天"))
        }
        Some(Standing::Amended(on)) => Tag::new(Tone::Success, format!("现行有效，{on} 修改")),
        _ => Tag::new(Tone::Success, "现行有效"),
    }
}

pub(crate) async fn document(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    html(&DocumentPage::read(&mut conn, &page, &staff, &id, app.today(), None).await?)
}

/// Ends, amends, links, or sets the term: the last word of the address says which.
pub(crate) async fn act(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path((id, act)): Path<(String, String)>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let text = |name: &str| form.text(name).to_owned();
    let (done, words) = match act.as_str() {
        "end" => (
            refused(actions::end_document(&mut tx, &staff, &id, &text("end_kind"), &text("ended_on")).await)?,
            "已登记，不再计入现行有效。",
        ),
        "term" => (
            refused(
                documents::set_term(&mut tx, &staff, &id, &text("valid_until"), &text("term_reason")).await,
            )?,
            "有效期已登记，届满前会提醒。",
        ),
        "amendment" => (
            refused(documents::amend(&mut tx, &staff, &id, &text("amended_on"), &text("amendment")).await)?,
            "修改已登记，文件仍然有效。",
        ),
        "text" => (
            refused(documents::link(&mut tx, &staff, &id, Linked::Text, &text("index_number")).await)?,
            "已关联公开的文件。",
        ),
        "notice" => (
            refused(documents::link(&mut tx, &staff, &id, Linked::EndNotice, &text("notice_number")).await)?,
            "已关联废止公告。",
        ),
        _ => return Err(PageError::NotFound),
    };
    match close(tx, done).await? {
        Ok(()) => Ok(redirect_with(&format!("/console/registers/documents/{id}"), words)),
        Err(errors) => {
            let mut conn = app.db.read().await?;
            let typed = Some((act.as_str(), &form, &errors));
            form_again(&DocumentPage::read(&mut conn, &page, &staff, &id, app.today(), typed).await?)
        }
    }
}

impl DocumentPage {
    async fn read(
        conn: &mut Conn,
        page: &PageContext,
        staff: &Staff,
        id: &str,
        today: Date,
        typed: Option<(&str, &Fields, &FormErrors)>,
    ) -> Result<DocumentPage, PageError> {
        let document = reporting::document(conn, id).await?.ok_or(PageError::NotFound)?;
        let term = registers::term(conn, id).await?.ok_or(PageError::NotFound)?;
        let agency = gongkai_disclosure::accounts::agency(conn, &document.agency_id).await?;
        let agency = agency.filter(|agency| may_read(staff, agency)).ok_or(PageError::NotFound)?;
        let kind = DocumentKind::from_code(&document.kind).map_or("", DocumentKind::label);
        let mut record = vec![
            KeyValue::new("制发机关", &agency.name),
            KeyValue::new("类别", kind),
            KeyValue::new("文号", &document.document_number),
            KeyValue::new("制发日期", &document.issued_on),
            KeyValue::new("有效期至", term.valid_until.as_deref().unwrap_or("没有规定")),
        ];
        if let Some(on) = &term.amended_on {
            record.push(KeyValue::new("修改", format!("{on}　{}", term.amendment)).wide());
        }
        record.push(KeyValue::new("公开页面", term.index_number.as_deref().unwrap_or("还没有关联")));
        if document.ended_on.is_some() {
            record.push(KeyValue::new("废止公告", term.notice_number.as_deref().unwrap_or("还没有关联")));
        }
        let forms =
            if staff.may(P::KeepRegisters, &agency.id) { forms(&document, &term, typed) } else { Vec::new() };
        Ok(DocumentPage {
            chrome: page
                .chrome(Section::Registers)
                .crumb("工作台", "/console")
                .crumb("规范性文件台账", format!("/console/registers/documents?agency={}", agency.code))
                .here(document.document_number.clone()),
            state: state(&document, Some(&term), today),
            record,
            title: document.title,
            address: format!("/console/registers/documents/{id}"),
            forms,
            history: staff.may_anywhere(P::ReadAudit).then(|| format!("/console/audit/records/{id}")),
        })
    }

    pub fn sample() -> DocumentPage {
        let document = NormativeDocument {
            id: "1".into(),
            agency_id: "agency-1".into(),
            kind: "normative_document".into(),
            title: "云溪镇村级公共服务管理办法".into(),
            document_number: "云政规〔2025〕1号".into(),
            issued_on: "2025-03-01".into(),
            ended_on: None,
            end_kind: None,
            entry_id: None,
        };
        let term = Term {
            id: "1".into(),
            agency_id: "agency-1".into(),
            issued_on: "2025-03-01".into(),
            valid_until: Some("2026-12-31".into()),
            amended_on: None,
            amendment: String::new(),
            ended_on: None,
            end_kind: None,
            index_number: None,
            notice_number: None,
        };
        DocumentPage {
            chrome: Chrome::console_sample(Section::Registers).crumb("工作台", "/console").here("台账"),
            state: state(&document, Some(&term), jiff::civil::date(2026, 11, 2)),
            record: vec![KeyValue::new("文号", "云政规〔2025〕1号")],
            forms: forms(&document, &term, None),
            title: document.title,
            address: "/console/registers/documents/1".into(),
            history: Some("/console/audit/records/1".into()),
        }
    }
}

fn forms(
    document: &NormativeDocument,
    term: &Term,
    typed: Option<(&str, &Fields, &FormErrors)>,
) -> Vec<DocumentForm> {
    let form = |heading, act: &'static str, fields: Vec<Field>, button, note| {
        let own = typed.filter(|(typed_act, ..)| *typed_act == act).map(|(_, form, errors)| (form, errors));
        let fields = with_typed(fields, own);
        let mut errors = ErrorSummary::of(&fields);
        if let Some((_, refused)) = own {
            errors = refused.general.iter().fold(errors, |errors, words| errors.and(words.clone()));
        }
        DocumentForm { heading, act, fields, errors, button, note }
    };
    let number = |name: &'static str, label: &'static str, value: &Option<String>| {
        Field::line(name, label)
            .required()
            .width("w-m")
            .value(value.clone().unwrap_or_default())
            .hint("已公开信息的索引号，例如 songxi/2026-00012。")
    };
    let mut forms = Vec::new();
    if document.ended_on.is_none() {
        forms.push(form(
            "登记有效期",
            "term",
            vec![
                Field::date("valid_until", "有效期至")
                    .value(term.valid_until.clone().unwrap_or_default())
                    .hint("没有规定有效期的留空。届满前 90 天起提醒，届满次日自动登记失效。"),
                Field::line("term_reason", "依据")
                    .hint("延长或者改变有效期时写明依据，例如评估后延长的文号。"),
            ],
            "登记有效期",
            "",
        ));
        forms.push(form(
            "登记修改",
            "amendment",
            vec![
                Field::date("amended_on", "修改日期").required(),
                Field::text("amendment", "修改依据和内容", 2).required(),
            ],
            "登记修改",
            "修改以后仍计入现行有效。",
        ));
        forms.push(form(
            "登记废止或者失效",
            "end",
            vec![
                Field::radio("end_kind", "情形", EndKind::ALL.map(|kind| (kind.code(), kind.label())))
                    .inline()
                    .required()
                    .choice_hint("repealed", "计入本年废止件数")
                    .choice_hint("lapsed", "有效期届满自行失效，不计入本年废止"),
                Field::date("ended_on", "日期").required(),
            ],
            "登记",
            "从该日起不再计入现行有效，不能撤销。",
        ));
    }
    forms.push(form(
        "关联公开的文件",
        "text",
        vec![number("index_number", "文件的索引号", &term.index_number)],
        "关联",
        "公众在规范性文件库里由此看到全文。",
    ));
    if document.ended_on.is_some() {
        forms.push(form(
            "关联废止公告",
            "notice",
            vec![number("notice_number", "公告的索引号", &term.notice_number)],
            "关联",
            "公众在已废止的文件旁看到公告。",
        ));
    }
    forms
}
