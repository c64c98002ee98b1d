//! 年报检查 — anyone drops an annual report and sees what contradicts itself in it, without an account.
//!
//! Nothing is kept: what is sent lives in memory for one answer. It is not written to the database, not to a
//! file and not to the log; downloads travel inside the page itself. The work is bounded in size, in time and in
//! how many are checked at once.

mod allowance;
mod marks;
mod pages;
mod rule_page;

pub(crate) use allowance::visitor as address_of;

use std::time::Duration;

use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use gongkai_report::lint::{self, FindingsSheet, Rule};
use gongkai_report::{Finding, Report, read};
use tokio::sync::Semaphore;

use crate::errors::PageError;
use crate::forms::encode;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::state::App;

pub use pages::{FormPage, ResultPage, RulePage, RulesPage};

const ADDRESS: &str = "/report-check";
const RULES: &str = "/report-check/rules";

/// The largest report taken in.
const LARGEST: usize = 10 * 1024 * 1024;

/// How long one report may take before the answer is a refusal. The usual one takes milliseconds.
const LONGEST: Duration = Duration::from_secs(20);

/// How long a visitor waits for the others to be done.
const PATIENCE: Duration = Duration::from_secs(8);

/// Bounds what strangers can make this process do at once.
pub(crate) struct Desk {
    /// Reports being received and held in memory.
    received: Semaphore,
    /// Reports being worked on; a report that takes too long keeps its place until it is done.
    worked_on: std::sync::Arc<Semaphore>,
    allowance: allowance::Allowance,
}

impl Desk {
    pub(crate) fn new() -> Desk {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Desk {
            received: Semaphore::new(16),
            worked_on: std::sync::Arc::new(Semaphore::new(cores.min(4))),
            allowance: allowance::Allowance::default(),
        }
    }
}

/// How the visitor wants the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Page,
    Xlsx,
    Json,
}

/// What was sent.
#[derive(Default)]
struct Sent {
    name: String,
    report: Vec<u8>,
    previous_name: String,
    previous: Vec<u8>,
    pasted: String,
    answer: String,
}

/// A report that was read and checked.
struct Checked {
    name: String,
    report: Report,
    findings: Vec<Finding>,
}

pub(crate) async fn form(page: PageContext) -> Result<Html<String>, PageError> {
    html(&FormPage::new(frame(&page).here("年报检查"), Vec::new()))
}

pub(crate) async fn check(
    State(app): State<App>,
    page: PageContext,
    extensions: Extensions,
    headers: HeaderMap,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response, PageError> {
    let visitor = allowance::visitor(&extensions, &headers);
    let size = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    // What does not say its length counts as the largest.
    if let Err(wait) = app.report_desk.allowance.take(visitor, size.unwrap_or(LARGEST as u64), app.now()) {
        return too_many(&page, wait);
    }
    let Ok(_place) = app.report_desk.received.try_acquire() else {
        return again(&page, StatusCode::SERVICE_UNAVAILABLE, BUSY);
    };
    let Ok(form) = form else {
        return again(&page, StatusCode::UNPROCESSABLE_ENTITY, "没有收到内容，请重新选择文件后提交。");
    };
    let sent = match received(form).await {
        Ok(sent) => sent,
        Err(Refused::TooLarge) => return again(&page, StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE),
        Err(Refused::Broken) => {
            return again(&page, StatusCode::UNPROCESSABLE_ENTITY, "文件没有传完，请检查网络后重新提交。");
        }
    };
    if sent.report.is_empty() && sent.pasted.trim().is_empty() {
        return again(
            &page,
            StatusCode::UNPROCESSABLE_ENTITY,
            "请选择一份年度报告文件，或者把全文（连同表格）粘贴进来。",
        );
    }
    let answer = match sent.answer.as_str() {
        "xlsx" => Answer::Xlsx,
        "json" => Answer::Json,
        _ => Answer::Page,
    };
    let desk = app.report_desk.worked_on.clone();
    let Ok(Ok(permit)) = tokio::time::timeout(PATIENCE, desk.acquire_owned()).await else {
        return again(&page, StatusCode::SERVICE_UNAVAILABLE, BUSY);
    };
    let work = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        checked(sent)
    });
    let checked = match tokio::time::timeout(LONGEST, work).await {
        Ok(Ok(Ok(checked))) => checked,
        Ok(Ok(Err(reason))) => return again(&page, StatusCode::UNPROCESSABLE_ENTITY, &reason),
        // A reader that fails is our fault; the report itself does not go into the log.
        Ok(Err(_)) => {
            tracing::error!("a report that was tried without an account could not be worked on");
            return again(
                &page,
                StatusCode::UNPROCESSABLE_ENTITY,
                "读取这份文件时程序出错，没有结果。请换一种格式（例如另存为 docx 或者 txt）再试。",
            );
        }
        Err(_) => {
            return again(
                &page,
                StatusCode::UNPROCESSABLE_ENTITY,
                "这份文件读取的时间太长，已经停下。请换一种格式（例如另存为 docx 或者 txt）再试。",
            );
        }
    };
    respond(&page, &checked, answer)
}

const BUSY: &str = "现在同时检查的人较多，请过一会儿再提交。";
const TOO_LARGE: &str =
    "文件超过 10 MB，没有读取。年度报告一般不到 1 MB，请确认选对了文件，或者去掉其中的图片。";

fn checked(sent: Sent) -> Result<Checked, String> {
    let words = |error: gongkai_report::NotAReport| error.reason;
    let (bytes, name) = if sent.report.is_empty() {
        (sent.pasted.into_bytes(), "粘贴的文本".to_owned())
    } else {
        (sent.report, sent.name)
    };
    let previous = match sent.previous.as_slice() {
        [] => None,
        bytes => {
            let reading = read(bytes, &sent.previous_name);
            Some(reading.map_err(|error| format!("上一年度的报告：{}", words(error)))?.report)
        }
    };
    let reading = read(&bytes, &name).map_err(words)?;
    let findings = reading.check(previous.as_ref());
    Ok(Checked { name, report: reading.report, findings })
}

fn respond(page: &PageContext, checked: &Checked, answer: Answer) -> Result<Response, PageError> {
    let json = || {
        let object = lint::findings_json(&checked.name, &checked.report, &checked.findings);
        format!("{object:#}\n").into_bytes()
    };
    let xlsx = || -> Result<Vec<u8>, PageError> {
        let mut sheet = FindingsSheet::new();
        sheet.add(&checked.name, &checked.report, &checked.findings);
        sheet.finish().map_err(|error| PageError::Unexpected(error.into()))
    };
    let no_store = (CACHE_CONTROL, "no-store".to_owned());
    Ok(match answer {
        Answer::Page => {
            let chrome = frame(page).crumb("年报检查", ADDRESS).here("检查结果");
            let shown = ResultPage::of(chrome, checked, &xlsx()?, &json());
            ([no_store], html(&shown)?).into_response()
        }
        Answer::Xlsx => file(no_store, XLSX, "问题清单.xlsx", xlsx()?),
        Answer::Json => file(no_store, "application/json", "问题清单.json", json()),
    })
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn file(
    no_store: (axum::http::HeaderName, String),
    kind: &'static str,
    name: &str,
    bytes: Vec<u8>,
) -> Response {
    let disposition = format!("attachment; filename*=UTF-8''{}", encode(name));
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition), no_store], bytes).into_response()
}

/// The form again, with what was wrong. What was sent is not kept, so it is not shown again either.
fn again(page: &PageContext, status: StatusCode, reason: &str) -> Result<Response, PageError> {
    let shown = FormPage::new(frame(page).here("年报检查"), vec![reason.to_owned()]);
    Ok((status, [(CACHE_CONTROL, "no-store")], html(&shown)?).into_response())
}

/// Too much from one address: how much is allowed, when to go on, and what to do with many reports.
fn too_many(page: &PageContext, wait: jiff::SignedDuration) -> Result<Response, PageError> {
    let (minutes, while_) = (wait.as_secs().div_euclid(60) + 1, allowance::WHILE.as_mins());
    let reason = format!(
        "您所在的网络地址在 {while_} 分钟内检查得较多（最多 {} 份、共 {} MB），请约 {minutes} 分钟后再提交。要检查很多份的，请用命令行 gongkai report check，一次检查整个文件夹。",
        allowance::REPORTS,
        allowance::BYTES / 1024 / 1024
    );
    let mut answer = again(page, StatusCode::TOO_MANY_REQUESTS, &reason)?;
    answer.headers_mut().insert(RETRY_AFTER, wait.as_secs().max(1).into());
    Ok(answer)
}

enum Refused {
    TooLarge,
    Broken,
}

async fn received(mut form: Multipart) -> Result<Sent, Refused> {
    let mut sent = Sent::default();
    let refuse = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refused::TooLarge,
        _ => Refused::Broken,
    };
    let mut size = 0;
    while let Some(mut part) = form.next_field().await.map_err(refuse)? {
        let field = part.name().unwrap_or_default().to_owned();
        let file_name: String = part.file_name().unwrap_or_default().chars().take(200).collect();
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(refuse)? {
            size += chunk.len();
            if size > LARGEST {
                return Err(Refused::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        match field.as_str() {
            "report" => (sent.report, sent.name) = (bytes, file_name),
            "previous" => (sent.previous, sent.previous_name) = (bytes, file_name),
            "pasted" => sent.pasted = String::from_utf8_lossy(&bytes).into_owned(),
            "answer" => sent.answer = String::from_utf8_lossy(&bytes).into_owned(),
            _ => {}
        }
    }
    Ok(sent)
}

pub(crate) async fn rules(page: PageContext) -> Result<Html<String>, PageError> {
    html(&RulesPage::new(frame(&page).crumb("年报检查", ADDRESS).here("检查规则")))
}

pub(crate) async fn rule(page: PageContext, Path(id): Path<String>) -> Result<Html<String>, PageError> {
    let rule = Rule::by_id(&id).ok_or(PageError::NotFound)?;
    let chrome = frame(&page).crumb("年报检查", ADDRESS).crumb("检查规则", RULES).here(rule.title());
    html(&RulePage::new(chrome, rule))
}

fn rule_address(id: &str) -> String {
    format!("{RULES}/{id}")
}

fn frame(page: &PageContext) -> Chrome {
    page.chrome(Section::AnnualReports).crumb("首页", "/").crumb("年度报告", "/annual-reports")
}
