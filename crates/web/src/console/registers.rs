//! 台账 — registers that are data: what table two of the report counts, and what has a date to be published by.

mod document;
mod import;
mod rows;

pub use document::{DocumentForm, DocumentPage};
pub(crate) use document::{act as act_on_document, document};
pub(crate) use import::{confirm as confirm_import, export, form as import_form, rehearsal};
pub(crate) use rows::{link, unpair};

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::registers::actions::{self as keeping, NewBudget, NewProposal};
use gongkai_disclosure::registers::documents::{self, Balance};
use gongkai_disclosure::registers::{self, BudgetKind, InterpretationForm, ProposalKind, ProposalResult};
use gongkai_disclosure::reporting::actions::{self, NewActivity, NewDecision, NewDocument, NewFee};
use gongkai_disclosure::reporting::{ActivityForm, DocumentKind, EnforcementKind, may_read};
use jiff::civil::Date;
use serde::Deserialize;

use super::records::choose_agency_where;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, Link, Pager, Tab, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, close, form_again, html, redirect_with, refused};
use crate::page::{Chrome, Section};
use crate::state::App;

const PER_PAGE: i64 = 50;

/// The registers, by the word in their address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Register {
    Documents,
    Decisions,
    Fees,
    Budgets,
    Proposals,
    Interpretations,
    Activities,
}

impl Register {
    const ALL: [Register; 7] = [
        Register::Documents,
        Register::Decisions,
        Register::Fees,
        Register::Budgets,
        Register::Proposals,
        Register::Interpretations,
        Register::Activities,
    ];

    fn path(self) -> &'static str {
        match self {
            Register::Documents => "documents",
            Register::Decisions => "decisions",
            Register::Fees => "fees",
            Register::Budgets => "budgets",
            Register::Proposals => "proposals",
            Register::Interpretations => "interpretations",
            Register::Activities => "activities",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Register::Documents => "规范性文件",
            Register::Decisions => "许可、处罚、强制",
            Register::Fees => "行政事业性收费",
            Register::Budgets => "预算决算",
            Register::Proposals => "建议提案",
            Register::Interpretations => "政策解读",
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
            Register::Budgets => {
                "预算、决算和预算调整应当自批准（批复）之日起 20 日内公开（《预算法》第十四条）。登记批准日期，公开后填写索引号。"
            }
            Register::Proposals => {
                "人大代表建议、政协提案的办理答复。应当公开的，公开后填写索引号；不公开的写明理由。"
            }
            Register::Interpretations => {
                "文件和解读材料双向关联，各自的页面上都能看到对方。解读应与文件同步发布，最迟不超过 3 个工作日。"
            }
            Register::Activities => {
                "计入年度报告第一部分：政策解读（按形式）、网站以外的公开渠道、业务培训和工作会议，办一次登记一条。"
            }
        }
    }

    /// Said when something was added.
    fn done(self) -> &'static str {
        match self {
            Register::Budgets | Register::Proposals => "已登记。",
            Register::Interpretations => "已配对，两边的页面上都能看到对方。",
            _ => "已登记，年度报告的数字随之改变。",
        }
    }

    fn from_path(path: &str) -> Option<Register> {
        Self::ALL.into_iter().find(|register| register.path() == path)
    }
}

/// A row of a register.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub title: String,
    pub href: Option<String>,
    pub reference: String,
    pub date: String,
    pub state: Option<Tag>,
    /// A short form in the row: link what published it, take a pair apart.
    pub act: Option<RowAct>,
}

/// What can be done in a row.
#[derive(Debug, Clone)]
pub struct RowAct {
    pub action: String,
    pub label: &'static str,
    /// The id of a field for an index number; without one it is a button alone.
    pub field: Option<String>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/registers/list.html")]
pub struct RegisterPage {
    pub chrome: Chrome,
    pub heading: &'static str,
    pub basis: &'static str,
    pub agency: String,
    pub agency_code: String,
    pub register_path: &'static str,
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
    /// Import and export.
    pub links: Vec<Link>,
    /// Year by year: carried on, issued, repealed, lapsed, in force. Documents alone.
    pub balances: Vec<Balance>,
    /// Documents that nothing explains yet: index number, title, day. Interpretations alone.
    pub unpaired: Vec<(String, String, String)>,
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
    html(&register_page(&mut conn, &page, &staff, register, &chosen, app.today(), None).await?)
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
    let choice = choose_agency_where(&mut conn, &staff, &code, |agency| may_read(&staff, agency)).await?;
    let agency_id = choice.chosen.id.clone();
    let text = |name: &str| form.text(name).to_owned();

    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let answer = match register {
        Register::Documents => {
            let new = NewDocument {
                agency_id,
                kind: text("kind"),
                title: text("title"),
                document_number: text("document_number"),
                issued_on: text("issued_on"),
                entry_id: None,
            };
            refused(actions::add_document(&mut tx, &staff, new).await)?.map(drop)
        }
        Register::Decisions => {
            let new = NewDecision {
                agency_id,
                kind: text("kind"),
                reference: text("reference"),
                subject: text("subject"),
                decided_on: text("decided_on"),
            };
            refused(actions::add_decision(&mut tx, &staff, new).await)?.map(drop)
        }
        Register::Fees => {
            let new = NewFee {
                agency_id,
                item: text("item"),
                amount: text("amount"),
                collected_on: text("collected_on"),
            };
            refused(actions::add_fee(&mut tx, &staff, new).await)?.map(drop)
        }
        Register::Budgets => {
            let new = NewBudget {
                agency_id,
                kind: text("kind"),
                year: text("year"),
                title: text("title"),
                approved_on: text("approved_on"),
                index_number: text("index_number"),
            };
            refused(keeping::add_budget(&mut tx, &staff, new).await)?.map(drop)
        }
        Register::Proposals => {
            let new = NewProposal {
                agency_id,
                kind: text("kind"),
                year: text("year"),
                number: text("number"),
                title: text("title"),
                replied_on: text("replied_on"),
                result: text("result"),
                withheld_reason: text("withheld_reason"),
                index_number: text("index_number"),
            };
            refused(keeping::add_proposal(&mut tx, &staff, new).await)?.map(drop)
        }
        Register::Interpretations => {
            let (document, entry, form) = (text("document_index"), text("index_number"), text("form"));
            refused(keeping::pair(&mut tx, &staff, &agency_id, &document, &entry, &form).await)?.map(drop)
        }
        Register::Activities => {
            let new = NewActivity {
                agency_id,
                form: text("form"),
                title: text("title"),
                note: text("note"),
                done_on: text("done_on"),
            };
            refused(actions::add_activity(&mut tx, &staff, new).await)?.map(drop)
        }
    };
    match close(tx, answer).await? {
        Ok(()) => {
            let to = format!("/console/registers/{}?agency={}", register.path(), choice.chosen.code);
            Ok(redirect_with(&to, register.done()))
        }
        Err(errors) => {
            let chosen = Chosen { agency: code, page: 1 };
            let typed = Some((&form, &errors));
            form_again(&register_page(&mut conn, &page, &staff, register, &chosen, app.today(), typed).await?)
        }
    }
}

async fn register_page(
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    register: Register,
    chosen: &Chosen,
    today: Date,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<RegisterPage, PageError> {
    let choice = choose_agency_where(conn, staff, &chosen.agency, |agency| may_read(staff, agency)).await?;
    let at = chosen.page.max(1);
    let may_keep = staff.may(P::KeepRegisters, &choice.chosen.id);
    let (rows, total) = rows::rows(conn, register, &choice.chosen.id, at, today, may_keep).await?;
    let balances = match register {
        Register::Documents => documents::balances(conn, &choice.chosen.id, today).await?,
        _ => Vec::new(),
    };
    let unpaired = match register {
        Register::Interpretations => registers::unpaired(conn, &choice.chosen.id, 20).await?,
        _ => Vec::new(),
    };
    let code = &choice.chosen.code;
    let fields = if may_keep { with_typed(fields(register), typed) } else { Vec::new() };
    let mut errors = ErrorSummary::of(&fields);
    if let Some((_, refused)) = typed {
        errors = refused.general.iter().fold(errors, |errors, words| errors.and(words.clone()));
    }
    let (reference_label, date_label) = match register {
        Register::Documents => ("文号", "制发日期"),
        Register::Decisions => ("决定文书号", "决定日期"),
        Register::Fees => ("金额（元）", "收取日期"),
        Register::Budgets => ("类别", "批准日期"),
        Register::Proposals => ("编号", "答复日期"),
        Register::Interpretations => ("解读材料", "解读公开日期"),
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
        agency_code: code.clone(),
        register_path: register.path(),
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
        links: links(register, code, may_keep),
        fields,
        errors,
        balances,
        unpaired,
    })
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
        Register::Budgets => vec![
            Field::radio("kind", "类别", BudgetKind::ALL.iter().map(|kind| (kind.code(), kind.label())))
                .inline()
                .required(),
            Field::line("year", "年度").required().width("w-s"),
            Field::line("title", "名称").required().hint("例如：松溪镇2026年部门预算。"),
            Field::date("approved_on", "批准（批复）日期").required().hint("从这一天起 20 日内公开。"),
            Field::line("index_number", "索引号").width("w-m").hint("已经公开的填写，没有公开的留空。"),
        ],
        Register::Proposals => vec![
            Field::radio("kind", "类别", ProposalKind::ALL.iter().map(|kind| (kind.code(), kind.label())))
                .inline()
                .required(),
            Field::line("year", "年度").required().width("w-s"),
            Field::line("number", "编号").required().width("w-s"),
            Field::line("title", "标题").required(),
            Field::date("replied_on", "答复日期").hint("还没有答复的留空。"),
            Field::select(
                "result",
                "办理结果",
                std::iter::once(("", "还没有答复"))
                    .chain(ProposalResult::ALL.iter().map(|result| (result.code(), result.label()))),
            ),
            Field::line("withheld_reason", "不公开的理由").hint("答复应当公开的留空。"),
            Field::line("index_number", "索引号").width("w-m").hint("答复已经公开的填写。"),
        ],
        Register::Interpretations => vec![
            Field::line("document_index", "文件的索引号").required().width("w-m"),
            Field::line("index_number", "解读材料的索引号").required().width("w-m"),
            Field::select(
                "form",
                "解读形式",
                InterpretationForm::ALL.iter().map(|form| (form.code(), form.label())),
            )
            .required(),
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

/// Import and export of a register.
fn links(register: Register, agency: &str, may_keep: bool) -> Vec<Link> {
    let mut links = Vec::new();
    if matches!(register, Register::Documents | Register::Interpretations) {
        links.push(Link::new("政府公报", "/console/gazette"));
    }
    if register.importable().is_none() {
        return links;
    }
    let path = register.path();
    if may_keep {
        links.push(Link::new("导入", format!("/console/registers/import/{path}?agency={agency}")));
    }
    links
        .push(Link::new("导出表格", format!("/console/registers/export/{path}?agency={agency}&format=xlsx")));
    links
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

impl RegisterPage {
    pub fn sample() -> RegisterPage {
        let register = Register::Documents;
        let fields = fields(register);
        RegisterPage {
            chrome: Chrome::console_sample(Section::Registers).crumb("工作台", "/console").here("台账"),
            heading: register.label(),
            basis: register.basis(),
            agency: "云溪镇人民政府".into(),
            agency_code: "yx".into(),
            register_path: register.path(),
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
                act: None,
            }],
            pager: Pager { page: 1, per_page: 50, total: 1, href: "?page=".into() },
            action: "/console/registers/documents".into(),
            errors: ErrorSummary::of(&fields),
            fields,
            links: links(register, "yx", true),
            balances: vec![Balance { year: 2026, before: 12, issued: 3, repealed: 1, lapsed: 0 }],
            unpaired: Vec::new(),
        }
    }
}
