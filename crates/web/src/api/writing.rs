//! Writing: drafts from the office's other systems. They pass the same review as any other; nothing is published here.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderName, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::catalogue;
use gongkai_disclosure::connections::{Admitted, Scope, actions, stored_answer};
use gongkai_disclosure::db::{Conn, is_taken};
use gongkai_disclosure::publishing::actions::draft_entry;
use gongkai_disclosure::publishing::public;
use gongkai_disclosure::publishing::{DisclosureClass, Draft, EditionState, desk};
use gongkai_disclosure::secrets::digest;
use serde_json::{Map, Value, json};

use super::asked::Asked;
use super::operations::Form;
use super::problem::Problem;
use crate::state::App;

const KEY: &str = "idempotency-key";
const FIELDS: [&str; 13] = [
    "line",
    "title",
    "summary",
    "body",
    "document_number",
    "theme",
    "genre",
    "keywords",
    "source",
    "validity",
    "made_on",
    "disclosure_class",
    "class_reason",
];

/// Who is asking, by the token in the request.
async fn admitted(app: &App, headers: &HeaderMap, scope: Scope) -> Result<Admitted, Problem> {
    let sent = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = sent.and_then(|value| {
        let (kind, token) = value.split_once(' ')?;
        kind.eq_ignore_ascii_case("bearer").then_some(token.trim())
    });
    let found = match token {
        Some(token) => actions::admit(&mut *app.db.read().await?, token, app.now()).await?,
        None => None,
    };
    let Some(admitted) = found else {
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "需要令牌",
            "请在 Authorization 中带上 Bearer 令牌。令牌在工作台“系统对接”中建立；已经带上的，可能过期或者撤销了。",
        ));
    };
    if !admitted.token.allows(scope) {
        let words = format!("这个令牌没有“{}”的权限，请建立有这项权限的令牌。", scope.label());
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", "没有权限", words));
    }
    Ok(admitted)
}

/// The key under which a request is done once.
fn key(headers: &HeaderMap) -> Result<String, Problem> {
    let sent = headers.get(KEY).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    if Form::Code.refuse(sent).is_none() {
        return Ok(sent.to_owned());
    }
    let words = "请带上幂等键：最多 64 个字母、数字、点和横线，同一份草稿每次都用同一个。";
    Err(Problem::parameters(vec![("Idempotency-Key".into(), words.into())]))
}

/// The fields of the body: text each, none that is not known.
fn fields(bytes: &Bytes) -> Result<Map<String, Value>, Problem> {
    let malformed = |words: &str| {
        Problem::new(StatusCode::BAD_REQUEST, "invalid_parameters", "内容不是 JSON 对象", words.to_owned())
    };
    let value: Value =
        serde_json::from_slice(bytes).map_err(|_| malformed("请检查 JSON 的写法，编码用 UTF-8。"))?;
    let Value::Object(fields) = value else {
        return Err(malformed("最外层应是一个对象，例如 {\"title\": \"…\"}。"));
    };
    let mut errors = Vec::new();
    for (name, value) in fields.iter().take(100) {
        let name: String = name.chars().take(60).collect();
        if !FIELDS.contains(&name.as_str()) {
            errors.push((name, "没有这一栏，请核对接口说明。".to_owned()));
        } else if !value.is_string() {
            errors.push((name, "应是文字。".to_owned()));
        } else if value.as_str().is_some_and(|text| text.contains('\0')) {
            errors.push((name, "不能有编码为零的字符。".to_owned()));
        }
    }
    if errors.is_empty() { Ok(fields) } else { Err(refused(errors)) }
}

fn refused(errors: Vec<(String, String)>) -> Problem {
    let words = "请按 errors 中的说明修改后重新报送。";
    Problem {
        errors, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", "内容不合要求", words)
    }
}

pub(crate) async fn create_draft(
    State(app): State<App>,
    headers: HeaderMap,
    _asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let admitted = admitted(&app, &headers, Scope::WriteDrafts).await?;
    let key = key(&headers)?;
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "请用 JSON 报送",
            "请把 Content-Type 设为 application/json。",
        ));
    }
    let body = body.map_err(|_| {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "内容过大",
            "一份草稿最多 2 MB，请精简后重新报送。",
        )
    })?;
    let hash = digest(&hex::encode(&body));
    if let Some(answer) = replayed(&mut *app.db.read().await?, &admitted, &key, &hash).await? {
        return Ok(answer);
    }
    let fields = fields(&body)?;
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();

    let mut tx = app.db.begin(&admitted.staff.actor(), app.now()).await?;
    let lines = catalogue::lines(tx.conn(), &admitted.token.agency_id).await?;
    let code = text("line");
    let line = lines.iter().find(|line| line.code == code).map(|line| line.id.clone());
    let Some(line) = line else {
        return Err(refused(vec![("line".into(), "本机关的公开目录中没有这个事项，请核对代码。".into())]));
    };
    let class = Some(text("disclosure_class")).filter(|class| !class.is_empty());
    let draft = Draft {
        title: text("title"),
        summary: text("summary"),
        body: text("body"),
        document_number: text("document_number"),
        theme: text("theme"),
        genre: text("genre"),
        keywords: text("keywords"),
        source: text("source"),
        validity: text("validity"),
        made_on: text("made_on"),
        disclosure_class: class.unwrap_or_else(|| DisclosureClass::Proactive.code().to_owned()),
        class_reason: text("class_reason"),
        ..Draft::default()
    };
    let drafted = draft_entry(&mut tx, &admitted.staff, &line, &draft).await.map_err(Problem::refused)?;
    actions::note_draft(&mut tx, &admitted, &drafted.entry_id, &key);
    let answer = draft_answer(&drafted.edition_id, &drafted.entry_id, EditionState::Drafting, None);
    let kept = answer.to_string();
    match actions::keep_answer(&mut tx, &admitted, &key, &hash, 201, &kept).await {
        // The same request came in twice at once: the other one was first.
        Err(error) if is_taken(&error) => {
            drop(tx);
            let first = replayed(&mut *app.db.read().await?, &admitted, &key, &hash).await?;
            return first.ok_or_else(|| Problem::unexpected(error.into()));
        }
        other => other?,
    }
    tx.commit().await?;
    Ok(created(kept, &drafted.edition_id, false))
}

/// The answer that was given to this request before.
async fn replayed(
    conn: &mut Conn,
    admitted: &Admitted,
    key: &str,
    hash: &str,
) -> Result<Option<Response>, Problem> {
    let Some(stored) = stored_answer(conn, &admitted.token.id, key).await? else { return Ok(None) };
    if stored.request_hash != hash {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "idempotency_conflict",
            "幂等键已经用过",
            "这个幂等键已经用于另一份内容。内容有修改的，请在工作台修改那份草稿；是另一份草稿的，请换一个幂等键。",
        ));
    }
    let id = serde_json::from_str::<Value>(&stored.answer).map_err(anyhow::Error::from)?;
    let id = id["id"].as_str().unwrap_or_default().to_owned();
    Ok(Some(created(stored.answer, &id, true)))
}

fn created(body: String, id: &str, is_replayed: bool) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (LOCATION, format!("/api/v1/drafts/{id}")),
        (HeaderName::from_static("idempotency-replayed"), is_replayed.to_string()),
    ];
    (StatusCode::CREATED, headers, body).into_response()
}

fn draft_answer(edition_id: &str, entry_id: &str, state: EditionState, index_number: Option<&str>) -> Value {
    json!({
        "id": edition_id,
        "entry_id": entry_id,
        "state": {"code": state.code(), "label": state.label()},
        "index_number": index_number,
        "self": format!("/api/v1/drafts/{edition_id}"),
        "console": format!("/console/entries/{entry_id}"),
    })
}

pub(crate) async fn draft(
    State(app): State<App>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, Problem> {
    let admitted = admitted(&app, &headers, Scope::ReadDrafts).await?;
    let missing = || Problem::not_found("这份草稿");
    let mut conn = app.db.read().await?;
    let found = desk::edition_for(&mut conn, &admitted.staff, asked.text("id")).await?;
    let (edition, _) = found.ok_or_else(missing)?;
    if edition.agency_id != admitted.token.agency_id {
        return Err(missing());
    }
    let entry = public::by_id(&mut conn, &edition.entry_id).await?;
    let number = entry.map(|entry| entry.index_number);
    let answer = draft_answer(&edition.id, &edition.entry_id, edition.state()?, number.as_deref());
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    Ok((headers, answer.to_string()).into_response())
}
