//! Reading: what the pages show, as data.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::gazette::{self, PublicIssue};
use gongkai_disclosure::open_data::{self, After, EntryFilter, OpenDocument, OpenEntry, OpenReport};
use gongkai_disclosure::publishing::WithdrawalClass;
use gongkai_disclosure::publishing::body::plain_text;
use gongkai_disclosure::publishing::public::{self, Found, PublicAgency, PublicEntry};
use gongkai_disclosure::registers::public::{Counterpart, explained_by, explains};
use gongkai_disclosure::reporting::public::published;
use gongkai_disclosure::search::{By, Piece, Query};
use gongkai_report::{CellAddress, Content, Report, Section};
use serde_json::{Value, json};

use super::answers::{self, agency_href, category, entry_href, fresh, genre, kept, page, validity};
use super::asked::Asked;
use super::openapi;
use super::problem::Problem;
use crate::forms::encode;
use crate::page_cache::Shows;
use crate::portal::wording::entry_address;
use crate::state::App;

type Answer = Result<Response, Problem>;

const PER_PAGE: i64 = 50;

/// A cursor is given out as hexadecimal, so that nobody takes it for something to make up.
fn cursor(words: &str) -> String {
    hex::encode(words)
}

fn opened(asked: &Asked) -> Result<Option<String>, Problem> {
    let sent = asked.text("cursor");
    if sent.is_empty() {
        return Ok(None);
    }
    let words = hex::decode(sent).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let words = words.filter(|words| !words.chars().any(char::is_control));
    words.map(Some).ok_or_else(not_ours)
}

fn not_ours() -> Problem {
    Problem::parameters(vec![("cursor".into(), "应原样使用上一页答复中的 next。".into())])
}

pub(crate) async fn entries(State(app): State<App>, headers: HeaderMap, asked: Asked) -> Answer {
    let after = match opened(&asked)? {
        None => None,
        Some(words) => {
            let (day, number) = words.split_once('|').ok_or_else(not_ours)?;
            Some(After { released_on: day.into(), index_number: number.into() })
        }
    };
    kept(&app, &headers, &asked.key, async {
        let of = |name: &str| asked.text(name).to_owned();
        let changed_since = match asked.text("changed_since") {
            "" => String::new(),
            typed => gongkai_disclosure::time::stored(typed.parse().map_err(anyhow::Error::from)?),
        };
        let filter = EntryFilter {
            agency: of("agency"),
            category: of("category"),
            theme: of("theme"),
            genre: of("genre"),
            line: of("line"),
            validity: of("validity"),
            from: of("from"),
            to: of("to"),
            changed_since,
        };
        let limit = asked.number("limit").unwrap_or(PER_PAGE);
        let mut conn = app.db.read().await?;
        let mut found = open_data::public::entries(&mut conn, &filter, after.as_ref(), limit + 1).await?;
        let has_more = found.len() as i64 > limit;
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = found
            .last()
            .filter(|_| has_more)
            .map(|last| asked.next(&cursor(&format!("{}|{}", last.first_released_on, last.index_number))));
        Ok((page(found.iter().map(answers::entry).collect(), next), Shows::Entries))
    })
    .await
}

pub(crate) async fn entry(State(app): State<App>, headers: HeaderMap, asked: Asked) -> Answer {
    kept(&app, &headers, &asked.key, async {
        let mut conn = app.db.read().await?;
        let found = public::find(&mut conn, asked.text("agency"), asked.text("serial")).await?;
        let entry = match found {
            Some(Found::Entry(entry)) => entry,
            Some(Found::Withdrawn(gone)) => {
                let class =
                    WithdrawalClass::from_code(&gone.withdrawal_class).map_or("", WithdrawalClass::label);
                let why = format!("撤回原因：{class}。{}", gone.withdrawal_reason);
                return Err(Problem::new(StatusCode::GONE, "withdrawn", "这条信息已撤回", why));
            }
            None => return Err(Problem::not_found("这条信息")),
        };
        let attachments = public::attachments(&mut conn, &entry.id).await?;
        let editions = public::editions(&mut conn, &entry.id).await?;
        let (by, of) = (explained_by(&mut conn, &entry.id).await?, explains(&mut conn, &entry.id).await?);
        drop(conn);
        let mut answer = answers::entry(&as_open(&entry));
        let address = entry_address(&entry.index_number);
        answer["edition"] = json!(entry.ordinal);
        answer["body_html"] = json!(entry.body_html);
        answer["body_text"] = json!(plain_text(&entry.body_html));
        answer["attachments"] = attachments
            .iter()
            .map(|file| {
                json!({"name": file.name, "size": file.size, "media_type": file.media_type,
                       "sha256": file.file_sha256, "href": format!("{address}/files/{}", file.id)})
            })
            .collect();
        answer["editions"] = editions
            .iter()
            .map(|edition| {
                json!({"edition": edition.ordinal, "title": edition.title, "change_note": edition.change_note,
                       "released_at": edition.released_at, "content_hash": edition.content_hash})
            })
            .collect();
        let counterpart = |one: &Counterpart| {
            json!({"index_number": one.index_number, "title": one.title, "form": answers::form(&one.form),
                   "self": entry_href(&one.index_number)})
        };
        answer["explained_by"] = by.iter().map(counterpart).collect();
        answer["explains"] = of.iter().map(counterpart).collect();
        // Pairs change with other entries, so the answer is kept as long as a list is.
        Ok((answer, Shows::Entries))
    })
    .await
}

fn as_open(entry: &PublicEntry) -> OpenEntry {
    OpenEntry {
        id: entry.id.clone(),
        index_number: entry.index_number.clone(),
        agency_code: entry.agency_code.clone(),
        agency_name: entry.agency_name.clone(),
        line_code: entry.line_code.clone(),
        line_title: entry.line_title.clone(),
        category: entry.category.clone(),
        title: entry.title.clone(),
        summary: entry.summary.clone(),
        document_number: entry.document_number.clone(),
        theme: entry.theme.clone(),
        genre: entry.genre.clone(),
        keywords: entry.keywords.clone(),
        source: entry.source.clone(),
        validity: entry.validity.clone(),
        made_on: entry.made_on.clone(),
        content_hash: entry.content_hash.clone(),
        first_released_on: entry.first_released_on.clone(),
        first_released_at: entry.first_released_at.clone(),
        last_released_at: entry.last_released_at.clone(),
    }
}

fn agency_answer(agency: &PublicAgency) -> Value {
    let code = encode(&agency.code);
    let kind = AgencyKind::from_code(&agency.kind).map_or("", AgencyKind::label);
    json!({
        "code": agency.code,
        "name": agency.name,
        "kind": {"code": agency.kind, "label": kind},
        "address": agency.address,
        "office_hours": agency.office_hours,
        "phone": agency.phone,
        "email": agency.email,
        "page": format!("/agencies/{code}"),
        "self": agency_href(&agency.code),
        "catalogue": format!("/api/v1/agencies/{code}/catalogue"),
        "feed": format!("/agencies/{code}/feed.xml"),
    })
}

pub(crate) async fn agencies(State(app): State<App>, headers: HeaderMap, asked: Asked) -> Answer {
    kept(&app, &headers, &asked.key, async {
        let agencies = public::agencies(&mut *app.db.read().await?).await?;
        Ok((page(agencies.iter().map(agency_answer).collect(), None), Shows::Entries))
    })
    .await
}

pub(crate) async fn agency(State(app): State<App>, headers: HeaderMap, asked: Asked) -> Answer {
    kept(&app, &headers, &asked.key, async {
        let agency = public::agency(&mut *app.db.read().await?, asked.text("agency")).await?;
        let agency = agency.ok_or_else(|| Problem::not_found("这个机关"))?;
        Ok((agency_answer(&agency), Shows::Entries))
    })
    .await
}

pub(crate) async fn catalogue(State(app): State<App>, headers: HeaderMap, asked: Asked) -> Answer {
    kept(&app, &headers, &asked.key, async {
        let mut conn = app.db.read().await?;
        let agency = public::agency(&mut conn, asked.text("agency")).await?;
        let agency = agency.ok_or_else(|| Problem::not_found("这个机关"))?;
        let lines = open_data::public::catalogue(&mut conn, &agency.code).await?;
        let lines = lines.iter().map(|line| {
            json!({
                "code": line.code,
                "category": category(&line.category),
                "title": line.title,
                "elements": line.elements,
                "basis": line.basis,
                "time_limit": line.time_limit,
                "channels": line.channels,
                "entries": line.entries,
                "newest_on": line.newest_on,
                "feed": format!("/agencies/{}/lines/{}/feed.xml", encode(&agency.code), encode(&line.code)),
            })
        });
        Ok((page(lines.collect(), None), Shows::Entries))
    })
    .await
}

pub(crate) fn document_answer(document: &OpenDocument) -> Value {
    let href = |number: &Option<String>| number.as_deref().map(entry_href);
    json!({
        "agency": {"code": document.agency_code, "name": document.agency_name},
        "kind": document.kind,
        "title": document.title,
        "document_number": document.document_number,
        "issued_on": document.issued_on,
        "valid_until": document.valid_until,
        "amended_on": document.amended_on,
        "amendment": document.amendment,
        "standing": if document.ended_on.is_none() { "in_force" } else { "ended" },
        "ended_on": document.ended_on,
        "end_kind": document.end_kind,
        "entry": href(&document.index_number),
        "end_notice": href(&document.notice_index_number),
    })
}

pub(crate) async fn documents(State(app): State<App>, headers: HeaderMap, asked: Asked) -> Answer {
    let offset = match opened(&asked)? {
        None => 0,
        Some(words) => {
            let offset = words.parse::<i64>().ok().filter(|offset| (0..10_000_000).contains(offset));
            offset.ok_or_else(not_ours)?
        }
    };
    let limit = asked.number("limit").unwrap_or(PER_PAGE);
    let mut conn = app.db.read().await?;
    let (agency, standing) = (asked.text("agency"), asked.text("standing"));
    let mut found = open_data::public::documents(&mut conn, agency, standing, limit + 1, offset).await?;
    drop(conn);
    let has_more = found.len() as i64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = has_more.then(|| asked.next(&cursor(&(offset + limit).to_string())));
    Ok(fresh(&page(found.iter().map(document_answer).collect(), next), &headers))
}

fn report_head(report: &OpenReport) -> Value {
    let address = format!("/annual-reports/{}/{}", encode(&report.agency_code), report.year);
    json!({
        "agency": {"code": report.agency_code, "name": report.agency_name},
        "year": report.year,
        "edition": report.ordinal,
        "released_at": report.released_at,
        "sha256": report.sha256,
        "self": format!("/api/v1{address}"),
        "page": address,
    })
}

pub(crate) async fn reports(State(app): State<App>, headers: HeaderMap, asked: Asked) -> Answer {
    kept(&app, &headers, &asked.key, async {
        let mut conn = app.db.read().await?;
        let year = asked.number("year").unwrap_or(0);
        let reports = open_data::public::reports(&mut conn, asked.text("agency"), year).await?;
        Ok((page(reports.iter().map(report_head).collect(), None), Shows::Entries))
    })
    .await
}

pub(crate) async fn report(State(app): State<App>, headers: HeaderMap, asked: Asked) -> Answer {
    kept(&app, &headers, &asked.key, async {
        let mut conn = app.db.read().await?;
        let missing = || Problem::not_found("这份年度报告");
        let (agency, year) = (asked.text("agency"), asked.number("year").unwrap_or(0));
        let head = open_data::public::reports(&mut conn, agency, year).await?.into_iter().next().ok_or_else(missing)?;
        let year = i16::try_from(year).map_err(|_| missing())?;
        let text = published(&mut conn, agency, year).await?.ok_or_else(missing)?.report()?;
        let mut answer = report_head(&head);
        answer["figures"] = figures(&text);
        answer["sections"] = Section::ALL
            .into_iter()
            .map(|section| {
                json!({"code": section.code(), "title": section.official(), "text": text.sections.text(section)})
            })
            .collect();
        Ok((answer, Shows::Entries))
    })
    .await
}

/// What stands in a cell, and which of the five ways it stands there.
pub(crate) fn cell(content: &Content) -> (Option<String>, &'static str) {
    match content {
        Content::Count(count) => (Some(count.to_string()), "count"),
        Content::Amount(amount) => (Some(amount.clone()), "amount"),
        Content::Blank => (None, "blank"),
        Content::ExplicitNone => (None, "explicit_none"),
        Content::Lost => (None, "lost"),
    }
}

fn figures(report: &Report) -> Value {
    let figure = |address: CellAddress, content: &Content, is_total: bool| {
        let (value, state) = cell(content);
        json!({"cell": address.to_string(), "table": address.table().code(), "row": address.row_label(),
               "column": address.column_label(), "value": value, "state": state, "is_total": is_total})
    };
    report.cells().map(|view| figure(view.address, &view.cell.content, view.derived)).collect()
}

fn issue_answer(issue: &PublicIssue) -> Value {
    let address = format!("/gazette/{}/{}/{}", encode(&issue.agency_code), issue.year, issue.number);
    json!({
        "agency": {"code": issue.agency_code, "name": issue.agency_name},
        "year": issue.year,
        "number": issue.number,
        "published_on": issue.published_on,
        "self": format!("/api/v1{address}"),
        "page": address,
    })
}

pub(crate) async fn issues(State(app): State<App>, headers: HeaderMap, _asked: Asked) -> Answer {
    let issues = gazette::public_issues(&mut *app.db.read().await?).await?;
    Ok(fresh(&page(issues.iter().map(issue_answer).collect(), None), &headers))
}

pub(crate) async fn issue(State(app): State<App>, headers: HeaderMap, asked: Asked) -> Answer {
    let mut conn = app.db.read().await?;
    let (year, number) = (asked.number("year").unwrap_or(0), asked.number("number").unwrap_or(0));
    let issue = gazette::public_issue(&mut conn, asked.text("agency"), year, number).await?;
    let issue = issue.ok_or_else(|| Problem::not_found("这一期公报"))?;
    let items = gazette::public_items(&mut conn, &issue.id).await?;
    drop(conn);
    let mut answer = issue_answer(&issue);
    answer["items"] = items
        .iter()
        .map(|item| {
            json!({"index_number": item.index_number, "title": item.title, "document_number": item.document_number,
                   "agency_name": item.agency_name, "made_on": item.made_on, "self": entry_href(&item.index_number)})
        })
        .collect();
    Ok(fresh(&answer, &headers))
}

pub(crate) async fn search(State(app): State<App>, headers: HeaderMap, asked: Asked) -> Answer {
    let some = |name: &str| Some(asked.text(name).to_owned()).filter(|value| !value.is_empty());
    let limit = usize::try_from(asked.number("limit").unwrap_or(20)).unwrap_or(20);
    let number = usize::try_from(asked.number("page").unwrap_or(1)).unwrap_or(1);
    let query =
        Query { text: asked.text("q").to_owned(), offset: (number - 1) * limit, limit, ..Query::default() };
    let query = query
        .narrowed(By::Agency, some("agency"))
        .narrowed(By::Category, some("category"))
        .narrowed(By::Theme, some("theme"))
        .narrowed(By::Genre, some("genre"))
        .narrowed(By::Validity, some("validity"))
        .narrowed(By::Year, some("year"));
    let found = app.search.find(&app.db, &query).await?;
    let words = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.as_str()).collect::<String>();
    let items: Vec<Value> = found
        .hits
        .iter()
        .map(|hit| {
            let row = &hit.row;
            json!({"index_number": row.index_number, "title": row.title, "extract": words(&hit.extract),
                   "agency_name": row.agency_name, "document_number": row.document_number, "made_on": row.made_on,
                   "page": entry_address(&row.index_number), "self": entry_href(&row.index_number)})
        })
        .collect();
    Ok(fresh(&json!({"total": found.total, "page": number, "items": items}), &headers))
}

pub(crate) async fn description(State(app): State<App>, headers: HeaderMap, asked: Asked) -> Answer {
    kept(&app, &headers, &asked.key, async { Ok((openapi::document(), Shows::Entries)) }).await
}

/// For downloads: genre and validity in words.
pub(crate) fn words_of(value: &Value) -> String {
    value.get("label").and_then(Value::as_str).unwrap_or_default().to_owned()
}

pub(crate) fn genre_words(code: &str) -> String {
    words_of(&genre(code))
}

pub(crate) fn validity_words(code: Option<&str>) -> String {
    words_of(&validity(code))
}
