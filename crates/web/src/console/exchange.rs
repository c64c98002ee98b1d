//! 信息的导入、导出 — tables and exchange files; what comes in becomes drafts.

use axum::extract::{Multipart, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Agency, Permission as P};
use gongkai_disclosure::catalogue;
use gongkai_disclosure::exchange::import::{COLUMNS, import, rehearse};
use gongkai_disclosure::exchange::{LEDGER, ledger_row, public_entries, trs};
use gongkai_disclosure::publishing::public;
use gongkai_disclosure::sheets::{Sheet, csv, recognise, xlsx};
use serde::Deserialize;

use super::import::{ImportPage, Rehearsed, Upload, keep, kept};
use super::records::choose_agency;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, Link};
use crate::errors::PageError;
use crate::forms::{Fields, encode};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::portal::entries::as_attachment;
use crate::state::App;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
    /// xlsx, csv, xml, or `sample`.
    format: String,
}

/// The public entries of an agency as a ledger or an exchange file; or an empty table to fill.
pub(crate) async fn export(
    State(app): State<App>,
    signed: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let agency = choose_agency(&mut conn, &signed.staff, &chosen.agency, P::ReadDrafts).await?.chosen;
    let unexpected = |error: anyhow::Error| PageError::Unexpected(error);
    let (bytes, kind, name) = if chosen.format == "sample" {
        let heads: Vec<(&str, f64)> = COLUMNS.iter().map(|column| (column.label, 20.0)).collect();
        let bytes = xlsx("信息", &heads, &[]).map_err(|error| unexpected(error.into()))?;
        (bytes, XLSX, "信息导入样表.xlsx".to_owned())
    } else {
        let mut all = Vec::new();
        loop {
            let after =
                all.last().map_or(String::new(), |entry: &public::PublicEntry| entry.index_number.clone());
            let page = public_entries(&mut conn, &agency.code, "", &after, 1_000).await?;
            if page.is_empty() {
                break;
            }
            all.extend(page);
        }
        let stem = format!("{}已公开信息", agency.name);
        match chosen.format.as_str() {
            "csv" => {
                let heads: Vec<&str> = LEDGER.iter().map(|(head, _)| *head).collect();
                let rows: Vec<Vec<String>> = all.into_iter().map(ledger_row).collect();
                (csv(&heads, &rows), "text/csv; charset=utf-8", format!("{stem}.csv"))
            }
            "xml" => {
                let mut xml = String::from(trs::BEGIN);
                for entry in &all {
                    let files = public::attachments(&mut conn, &entry.id).await?;
                    xml.push_str(&trs::record(entry, &files, ""));
                }
                xml.push_str(trs::END);
                (xml.into_bytes(), "application/xml; charset=utf-8", format!("{stem}.xml"))
            }
            _ => {
                let rows: Vec<Vec<String>> = all.into_iter().map(ledger_row).collect();
                let bytes = xlsx("已公开信息", &LEDGER, &rows).map_err(|error| unexpected(error.into()))?;
                (bytes, XLSX, format!("{stem}.xlsx"))
            }
        }
    };
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, as_attachment(&name))], bytes)
        .into_response())
}

async fn import_page(
    app: &App,
    page: &PageContext,
    signed: &Signed,
    agency: &Agency,
    line: &str,
) -> Result<ImportPage, PageError> {
    let lines = catalogue::lines(&mut *app.db.read().await?, &agency.id).await?;
    let lines: Vec<_> = lines.into_iter().map(|line| (line.id.clone(), line.title.clone())).collect();
    let chrome = page.chrome(Section::Entries).crumb("工作台", "/console").crumb("信息", "/console/entries");
    Ok(page_of(chrome, agency, &signed.csrf, lines, line))
}

fn page_of(
    chrome: Chrome,
    agency: &Agency,
    csrf: &str,
    lines: Vec<(String, String)>,
    line: &str,
) -> ImportPage {
    let code = encode(&agency.code);
    let lines = std::iter::once((String::new(), "表里都写明了".to_owned())).chain(lines);
    let export = |format: &str| format!("/console/exchange/export?agency={code}&format={format}");
    ImportPage {
        chrome: chrome.here("导入、导出"),
        heading: "导入、导出信息".into(),
        lede: format!("导入到{}，每一行成为一份草稿，照常检查、审核、公开。", agency.name),
        action: format!("/console/exchange?agency={code}&csrf={}", encode(csrf)),
        confirm_action: "/console/exchange/confirmation".into(),
        fields: vec![
            Field::file("file", "信息表格或者交换文件", ".xlsx,.csv,.xml").single().required().hint(
                "xlsx、csv，或者 TRS 系统导出的 xml（MetaViewDataS）。表里要有“标题”一栏；生成日期、正文、公开属性等没有的，成为草稿以后再补。标题和生成日期都相同的，看作已经有了。",
            ),
            Field::select("line", "表里没有写目录事项的，归入", lines).value(line),
        ],
        errors: ErrorSummary::default(),
        links: vec![
            Link::new("下载样表", export("sample")),
            Link::new("导出台账", export("xlsx")),
            Link::new("导出 CSV", export("csv")),
            Link::new("导出 TRS 交换文件", export("xml")),
        ],
        rehearsed: None,
    }
}

impl ImportPage {
    pub fn sample_entries() -> ImportPage {
        let chrome = Chrome::console_sample(Section::Entries).crumb("信息", "/console/entries");
        page_of(chrome, &super::entries::samples::officer().agency, "sample", Vec::new(), "")
    }
}

async fn drafts_for(app: &App, signed: &Signed, code: &str) -> Result<Agency, PageError> {
    Ok(choose_agency(&mut *app.db.read().await?, &signed.staff, code, P::DraftEntries).await?.chosen)
}

pub(crate) async fn form(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let agency = drafts_for(&app, &signed, &chosen.agency).await?;
    html(&import_page(&app, &page, &signed, &agency, "").await?)
}

/// 预演 — makes the drafts in a transaction that is let go.
pub(crate) async fn rehearsal(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Query(chosen): Query<Chosen>,
    form: Multipart,
) -> Result<Response, PageError> {
    let agency = drafts_for(&app, &signed, &chosen.agency).await?;
    let upload = Upload::take(form).await?;
    let line = upload.text("line").to_owned();
    let mut shown = import_page(&app, &page, &signed, &agency, &line).await?;
    let sheets = if trs::is_one(&upload.bytes) {
        trs::read(&upload.bytes).map(|sheet| vec![sheet]).map_err(ToOwned::to_owned)
    } else {
        upload.sheets().await?
    };
    let read = sheets.and_then(|sheets| recognise(&sheets, &COLUMNS).map(|table| (sheets, table)));
    let (sheets, table) = match read {
        Ok(both) => both,
        Err(words) => {
            shown.errors = shown.errors.and(words);
            return form_again(&shown);
        }
    };
    let mut tx = app.db.begin(&signed.staff.actor(), app.now()).await?;
    let rehearsal = rehearse(&mut tx, &signed.staff, &agency.id, &line, &table).await?;
    drop(tx);
    let carried = if rehearsal.can_go() {
        vec![("agency", agency.code.clone()), ("line", line), ("file", keep(&app, &sheets).await?)]
    } else {
        Vec::new()
    };
    shown.rehearsed = Some(Rehearsed { file_name: upload.name, carried, rehearsal });
    Ok(html(&shown)?.into_response())
}

pub(crate) async fn confirm(
    State(app): State<App>,
    signed: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let agency = drafts_for(&app, &signed, form.text("agency")).await?;
    let sheets: Vec<Sheet> = kept(&app, form.text("file")).await?;
    let table = recognise(&sheets, &COLUMNS).map_err(|words| PageError::Refused(vec![words]))?;
    let mut tx = app.db.begin(&signed.staff.actor(), app.now()).await?;
    let added = import(&mut tx, &signed.staff, &agency.id, form.text("line"), &table).await?;
    if added == 0 {
        return Err(PageError::Refused(vec!["表里的信息已经都有了，没有要导入的。".into()]));
    }
    tx.commit().await?;
    let to = format!("/console/entries?agency={}&tab=drafting", encode(&agency.code));
    Ok(redirect_with(&to, &format!("已导入 {added} 份草稿。请核对、补全后送审。")))
}
