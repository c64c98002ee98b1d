//! Registers as spreadsheets, in and out.

use axum::extract::{Multipart, Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Agency, Permission as P};
use gongkai_disclosure::registers::import::{Importable, import, rehearse};
use gongkai_disclosure::registers::{BudgetKind, ProposalKind, ProposalResult, documents};
use gongkai_disclosure::reporting::{self, ActivityForm, DocumentKind, EndKind, EnforcementKind, Figure};
use gongkai_disclosure::sheets::{Sheet, csv, recognise, xlsx};
use gongkai_disclosure::{db::Conn, registers};
use serde::Deserialize;

use super::Register;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, Link};
use crate::console::import::{ImportPage, Rehearsed, Upload, keep, kept};
use crate::console::records::{choose_agency, choose_agency_where};
use crate::errors::PageError;
use crate::forms::{Fields, encode};
use crate::html::{PageContext, form_again, html, redirect_with, refused};
use crate::page::{Chrome, Section};
use crate::portal::entries::as_attachment;
use crate::state::App;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// More rows than any register has.
const ALL: i64 = 1_000_000;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
    format: String,
    /// `sample`: the columns alone.
    what: String,
}

impl Register {
    /// How it is imported; interpretations are paired one by one.
    pub(super) fn importable(self) -> Option<Importable> {
        match self {
            Register::Documents => Some(Importable::Documents),
            Register::Decisions => Some(Importable::Decisions),
            Register::Fees => Some(Importable::Fees),
            Register::Activities => Some(Importable::Activities),
            Register::Budgets => Some(Importable::Budgets),
            Register::Proposals => Some(Importable::Proposals),
            Register::Interpretations => None,
        }
    }
}

fn known(path: &str) -> Result<(Register, Importable), PageError> {
    let register = Register::from_path(path).ok_or(PageError::NotFound)?;
    Ok((register, register.importable().ok_or(PageError::NotFound)?))
}

/// A register as it stands, or an empty table to fill, as xlsx or csv.
pub(crate) async fn export(
    State(app): State<App>,
    signed: Signed,
    Path(path): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, PageError> {
    let (register, into) = known(&path)?;
    let mut conn = app.db.read().await?;
    let may = |agency: &Agency| reporting::may_read(&signed.staff, agency);
    let agency = choose_agency_where(&mut conn, &signed.staff, &chosen.agency, may).await?.chosen;
    let (rows, name) = if chosen.what == "sample" {
        (vec![into.example()], format!("{}样表", register.label()))
    } else {
        let name = format!("{}{}台账", agency.name, register.label());
        (as_rows(&mut conn, into, &agency.id).await?, name)
    };
    let heads: Vec<&str> = into.columns().iter().map(|column| column.label).collect();
    let (bytes, kind, end) = if chosen.format == "csv" {
        (csv(&heads, &rows), "text/csv; charset=utf-8", "csv")
    } else {
        let widths: Vec<(&str, f64)> = heads.iter().map(|head| (*head, 20.0)).collect();
        let bytes = xlsx("台账", &widths, &rows).map_err(|error| PageError::Unexpected(error.into()))?;
        (bytes, XLSX, "xlsx")
    };
    let disposition = as_attachment(&format!("{name}.{end}"));
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

/// Every record in the order of the columns.
async fn as_rows(conn: &mut Conn, of: Importable, agency_id: &str) -> Result<Vec<Vec<String>>, PageError> {
    let text = |text: Option<String>| text.unwrap_or_default();
    Ok(match of {
        Importable::Documents => {
            let (rows, _) = reporting::documents(conn, agency_id, ALL, 0).await?;
            let terms = documents::terms(conn, agency_id).await?;
            rows.into_iter()
                .map(|row| {
                    let until = terms.iter().find(|term| term.id == row.id);
                    let until = until.and_then(|term| term.valid_until.clone());
                    let kind = DocumentKind::from_code(&row.kind).map_or("", DocumentKind::label);
                    let end = row.end_kind.as_deref().and_then(EndKind::from_code);
                    vec![
                        row.document_number,
                        row.title,
                        row.issued_on,
                        kind.into(),
                        text(until),
                        end.map_or("", EndKind::label).into(),
                        text(row.ended_on),
                    ]
                })
                .collect()
        }
        Importable::Decisions => {
            let (rows, _) = reporting::decisions(conn, agency_id, "", ALL, 0).await?;
            rows.into_iter()
                .map(|row| {
                    let kind = EnforcementKind::from_code(&row.kind).map_or("", EnforcementKind::label);
                    vec![row.reference, row.subject, row.decided_on, kind.into()]
                })
                .collect()
        }
        Importable::Fees => {
            let (rows, _) = reporting::fees(conn, agency_id, ALL, 0).await?;
            rows.into_iter()
                .map(|row| vec![row.item, Figure::in_yuan(row.amount_fen), row.collected_on])
                .collect()
        }
        Importable::Activities => {
            let (rows, _) = reporting::activities(conn, agency_id, ALL, 0).await?;
            rows.into_iter()
                .map(|row| {
                    let form = ActivityForm::from_code(&row.form).map_or("", ActivityForm::label);
                    vec![form.into(), row.title, row.done_on, row.note]
                })
                .collect()
        }
        Importable::Budgets => {
            let (rows, _) = registers::budgets(conn, agency_id, ALL, 0).await?;
            rows.into_iter()
                .map(|row| {
                    let kind = BudgetKind::from_code(&row.kind).map_or("", BudgetKind::label);
                    vec![
                        row.year.to_string(),
                        kind.into(),
                        row.title,
                        row.approved_on,
                        text(row.index_number),
                    ]
                })
                .collect()
        }
        Importable::Proposals => {
            let (rows, _) = registers::proposals(conn, agency_id, ALL, 0).await?;
            rows.into_iter()
                .map(|row| {
                    let kind = ProposalKind::from_code(&row.kind).map_or("", ProposalKind::label);
                    let result = row.result.as_deref().and_then(ProposalResult::from_code);
                    vec![
                        row.year.to_string(),
                        kind.into(),
                        row.number,
                        row.title,
                        text(row.replied_on),
                        result.map_or("", ProposalResult::label).into(),
                        row.withheld_reason,
                        text(row.index_number),
                    ]
                })
                .collect()
        }
    })
}

fn import_page(
    chrome: Chrome,
    register: Register,
    into: Importable,
    agency: &Agency,
    csrf: &str,
) -> ImportPage {
    let (path, code) = (register.path(), encode(&agency.code));
    let heads: Vec<String> = into
        .columns()
        .iter()
        .map(|column| {
            if column.is_required {
                column.label.to_owned()
            } else {
                format!("{}（可以没有）", column.label)
            }
        })
        .collect();
    let export = |what: &str, format: &str| {
        format!("/console/registers/export/{path}?agency={code}&what={what}&format={format}")
    };
    ImportPage {
        chrome: chrome.here("导入"),
        heading: format!("导入{}台账", register.label()),
        lede: format!("导入到{}的台账。", agency.name),
        action: format!("/console/registers/import/{path}?agency={code}&csrf={}", encode(csrf)),
        confirm_action: format!("/console/registers/import/{path}/confirmation"),
        fields: vec![Field::file("file", "台账表格", ".xlsx,.csv").single().required().hint(format!(
            "xlsx 或 csv。表头要有：{}。业务系统里常用的叫法也认得，栏的先后不限，多余的栏不理会。",
            heads.join("、")
        ))],
        errors: ErrorSummary::default(),
        links: vec![
            Link::new("下载样表", export("sample", "xlsx")),
            Link::new("导出现有台账", export("", "xlsx")),
            Link::new("导出 CSV", export("", "csv")),
        ],
        rehearsed: None,
    }
}

fn frame(page: &PageContext, register: Register, agency: &Agency) -> Chrome {
    page.chrome(Section::Registers).crumb("工作台", "/console").crumb(
        format!("{}台账", register.label()),
        format!("/console/registers/{}?agency={}", register.path(), encode(&agency.code)),
    )
}

async fn kept_by(app: &App, signed: &Signed, code: &str) -> Result<Agency, PageError> {
    Ok(choose_agency(&mut *app.db.read().await?, &signed.staff, code, P::KeepRegisters).await?.chosen)
}

pub(crate) async fn form(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(path): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let (register, into) = known(&path)?;
    let agency = kept_by(&app, &signed, &chosen.agency).await?;
    html(&import_page(frame(&page, register, &agency), register, into, &agency, &signed.csrf))
}

/// 预演 — does the import in a transaction that is let go.
pub(crate) async fn rehearsal(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(path): Path<String>,
    Query(chosen): Query<Chosen>,
    form: Multipart,
) -> Result<Response, PageError> {
    let (register, into) = known(&path)?;
    let agency = kept_by(&app, &signed, &chosen.agency).await?;
    let upload = Upload::take(form).await?;
    let mut shown = import_page(frame(&page, register, &agency), register, into, &agency, &signed.csrf);
    let table = match upload.sheets().await? {
        Ok(sheets) => recognise(&sheets, into.columns()).map(|table| (sheets, table)),
        Err(words) => Err(words),
    };
    let (sheets, table) = match table {
        Ok(both) => both,
        Err(words) => {
            shown.errors = shown.errors.and(words);
            return form_again(&shown);
        }
    };
    let mut tx = app.db.begin(&signed.staff.actor(), app.now()).await?;
    let rehearsal = rehearse(&mut tx, &signed.staff, &agency.id, into, &table).await?;
    drop(tx);
    let carried = if rehearsal.can_go() {
        vec![("agency", agency.code.clone()), ("file", keep(&app, &sheets).await?)]
    } else {
        Vec::new()
    };
    shown.rehearsed = Some(Rehearsed { file_name: upload.name, carried, rehearsal });
    Ok(html(&shown)?.into_response())
}

pub(crate) async fn confirm(
    State(app): State<App>,
    signed: Signed,
    Path(path): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let (register, into) = known(&path)?;
    let agency = kept_by(&app, &signed, form.text("agency")).await?;
    let sheets: Vec<Sheet> = kept(&app, form.text("file")).await?;
    let table = recognise(&sheets, into.columns()).map_err(|words| PageError::Refused(vec![words]))?;
    let mut tx = app.db.begin(&signed.staff.actor(), app.now()).await?;
    match refused(import(&mut tx, &signed.staff, &agency.id, into, &table).await)? {
        Ok((0, 0)) => Err(PageError::Refused(vec!["表里的内容已经都在台账里，没有要导入的。".into()])),
        Ok((added, changed)) => {
            tx.commit().await?;
            let to = format!("/console/registers/{}?agency={}", register.path(), encode(&agency.code));
            Ok(redirect_with(&to, &format!("已导入：新增 {added} 条，修改 {changed} 条。")))
        }
        Err(errors) => Err(PageError::Refused(errors.in_words())),
    }
}
