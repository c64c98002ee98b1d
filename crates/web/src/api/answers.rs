//! An answer as bytes: JSON with its tags, compressed for those who read it, kept while it holds.

use std::future::Future;

use axum::http::HeaderMap;
use axum::http::header::{HeaderName, HeaderValue};
use axum::response::Response;
use gongkai_disclosure::catalogue::category_label;
use gongkai_disclosure::open_data::OpenEntry;
use gongkai_disclosure::publishing::{Genre, Theme, Validity};
use gongkai_disclosure::registers::InterpretationForm;
use serde_json::{Value, json};

use super::problem::Problem;
use crate::forms::encode;
use crate::page_cache::{Page, Shows};
use crate::portal::wording::entry_address;
use crate::state::App;

const JSON: &str = "application/json";

/// The answer kept under this key; when there is none that still holds, `make` reads it.
pub(crate) async fn kept(
    app: &App,
    asked: &HeaderMap,
    key: &str,
    make: impl Future<Output = Result<(Value, Shows), Problem>>,
) -> Result<Response, Problem> {
    let key = format!("api {key}");
    if let Some(page) = app.pages.get(&app.db, &key).await? {
        return Ok(open_to_all(page.answer(asked)));
    }
    let position = app.pages.position();
    let (body, shows) = make.await?;
    let page = Page::new(body.to_string(), JSON, shows, position);
    app.pages.put(key, page.clone());
    Ok(open_to_all(page.answer(asked)))
}

/// An answer that is read anew each time.
pub(crate) fn fresh(body: &Value, asked: &HeaderMap) -> Response {
    open_to_all(Page::new(body.to_string(), JSON, Shows::Entries, 0).answer(asked))
}

/// Any page of any site may read what is public.
pub(crate) fn open_to_all(mut response: Response) -> Response {
    let header = HeaderName::from_static("access-control-allow-origin");
    response.headers_mut().insert(header, HeaderValue::from_static("*"));
    response
}

pub(crate) fn page(items: Vec<Value>, next: Option<String>) -> Value {
    json!({"items": items, "next": next})
}

fn coded(code: &str, label: &str) -> Value {
    json!({"code": code, "label": label})
}

pub(crate) fn category(code: &str) -> Value {
    coded(code, &category_label(code))
}

pub(crate) fn genre(code: &str) -> Value {
    coded(code, Genre::from_code(code).map_or(code, |genre| genre.label()))
}

/// 主题分类, first level; entries of before it was asked for have none.
pub(crate) fn theme(code: &str) -> Value {
    if code.is_empty() {
        Value::Null
    } else {
        coded(code, Theme::from_code(code).map_or(code, |theme| theme.label()))
    }
}

pub(crate) fn validity(code: Option<&str>) -> Value {
    code.map_or(Value::Null, |code| coded(code, Validity::from_code(code).map_or(code, |v| v.label())))
}

pub(crate) fn form(code: &str) -> Value {
    coded(code, InterpretationForm::from_code(code).map_or(code, |form| form.label()))
}

/// Where an entry is read as data.
pub(crate) fn entry_href(index_number: &str) -> String {
    format!("/api/v1{}", entry_address(index_number))
}

pub(crate) fn agency_href(code: &str) -> String {
    format!("/api/v1/agencies/{}", encode(code))
}

/// The fields that an entry has in a list and by itself.
pub(crate) fn entry(entry: &OpenEntry) -> Value {
    json!({
        "index_number": entry.index_number,
        "title": entry.title,
        "summary": entry.summary,
        "agency": {"code": entry.agency_code, "name": entry.agency_name},
        "line": {"code": entry.line_code, "title": entry.line_title},
        "category": category(&entry.category),
        "theme": theme(&entry.theme),
        "genre": genre(&entry.genre),
        "document_number": entry.document_number,
        "keywords": entry.keywords,
        "source": entry.source,
        "validity": validity(entry.validity.as_deref()),
        "made_on": entry.made_on,
        "released_on": entry.first_released_on,
        "released_at": entry.first_released_at,
        "changed_at": entry.last_released_at,
        "content_hash": entry.content_hash,
        "page": entry_address(&entry.index_number),
        "self": entry_href(&entry.index_number),
    })
}
