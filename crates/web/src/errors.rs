//! The only place that turns what went wrong into a status and a page that helps.

use askama::Template;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{ACCEPT, ALLOW, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::error::{Failure, Refusal};

use crate::api;
use crate::api::problem::Problem;
use crate::html::PageContext;
use crate::page::{Chrome, Section};

/// Why a page could not be shown.
#[derive(Debug)]
pub enum PageError {
    NotFound,
    MethodNotAllowed,
    /// What stood here and is gone, with the reason given to the public.
    Gone(String),
    SignInNeeded,
    Forbidden,
    FormFromElsewhere,
    FormExpired,
    TooLarge,
    /// The room's own words.
    Refused(Vec<String>),
    Unexpected(anyhow::Error),
}

impl<R: Refusal> From<Failure<R>> for PageError {
    fn from(failure: Failure<R>) -> Self {
        match failure {
            Failure::Unexpected(error) => PageError::Unexpected(error),
            Failure::Refused(reasons) if reasons.iter().any(Refusal::is_missing) => PageError::NotFound,
            Failure::Refused(reasons) if reasons.iter().any(Refusal::is_forbidden) => PageError::Forbidden,
            Failure::Refused(reasons) => {
                PageError::Refused(reasons.iter().map(ToString::to_string).collect())
            }
        }
    }
}

impl From<anyhow::Error> for PageError {
    fn from(error: anyhow::Error) -> Self {
        PageError::Unexpected(error)
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        PageError::Unexpected(error.into())
    }
}

impl From<gongkai_disclosure::db::DbError> for PageError {
    fn from(error: gongkai_disclosure::db::DbError) -> Self {
        PageError::Unexpected(error.into())
    }
}

/// What the error page says.
#[derive(Clone, Debug)]
pub(crate) struct ErrorWords {
    pub status: StatusCode,
    pub heading: &'static str,
    pub messages: Vec<String>,
}

impl PageError {
    fn words(self) -> ErrorWords {
        let say = |status, heading, message: &str| ErrorWords {
            status,
            heading,
            messages: vec![message.to_owned()],
        };
        match self {
            PageError::NotFound => say(
                StatusCode::NOT_FOUND,
                "没有找到这个页面",
                "网址可能输错了，或者内容还没有公开。可以用上方的搜索查找，或从公开目录逐级查看。",
            ),
            PageError::MethodNotAllowed => say(
                StatusCode::METHOD_NOT_ALLOWED,
                "不能这样请求",
                "这个网址不接受这种请求方法，请核对接口说明。",
            ),
            PageError::Gone(reason) => say(StatusCode::GONE, "这条信息已撤回", &reason),
            PageError::SignInNeeded => {
                say(StatusCode::UNAUTHORIZED, "请先登录", "登录已过期或还没有登录。请登录后再试一次。")
            }
            PageError::Forbidden => say(
                StatusCode::FORBIDDEN,
                "没有权限",
                "您的角色不能进行这项操作。如工作需要，请联系本机关的系统管理员。",
            ),
            PageError::FormFromElsewhere => say(
                StatusCode::FORBIDDEN,
                "表单来源不明",
                "这份表单不是从本网站的页面提交的。请回到本网站打开页面，重新填写提交。",
            ),
            PageError::FormExpired => say(
                StatusCode::FORBIDDEN,
                "页面已过期",
                "请返回上一页，刷新后重新提交；填写的内容可以先复制出来。",
            ),
            PageError::TooLarge => {
                say(StatusCode::PAYLOAD_TOO_LARGE, "提交的内容过大", "请减少文字或压缩文件后重新提交。")
            }
            PageError::Refused(messages) => {
                ErrorWords { status: StatusCode::CONFLICT, heading: "现在不能这样办理", messages }
            }
            PageError::Unexpected(error) => {
                tracing::error!(error = format!("{error:#}"), "a page failed");
                say(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "系统出了问题",
                    "没有完成您的操作，已经保存的内容不受影响。请稍后再试；如果一直这样，请联系网站管理员。",
                )
            }
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let words = self.words();
        let mut response = words.status.into_response();
        response.extensions_mut().insert(words);
        response
    }
}

/// The page of an error: what happened, and ways on.
#[derive(Template)]
#[template(path = "shared/error.html")]
pub(crate) struct ErrorPage {
    pub chrome: Chrome,
    pub words: ErrorWords,
}

/// An address that is there, asked in a way it does not know. Programs are told so; a person is shown the way on.
pub(crate) async fn other_method(uri: axum::http::Uri) -> PageError {
    if api::is_api(uri.path()) { PageError::MethodNotAllowed } else { PageError::NotFound }
}

/// Gives every failed answer its page, in the frame of the face it belongs to.
pub(crate) async fn show(page: PageContext, request: Request, next: Next) -> Response {
    let wants_json = request.headers().get(ACCEPT).is_some_and(|v| v == "application/json");
    let is_api = api::is_api(request.uri().path());
    // A character that no database keeps stands in no address either.
    let response = if request.uri().path().contains("%00") {
        PageError::NotFound.into_response()
    } else {
        next.run(request).await
    };
    let status = response.status();
    if is_api && response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == api::PROBLEM) {
        return response;
    }
    let words = match response.extensions().get::<ErrorWords>() {
        Some(words) => words.clone(),
        // The router's own answers have no page yet.
        None if status == StatusCode::NOT_FOUND && response.headers().get("content-type").is_none() => {
            PageError::NotFound.words()
        }
        None if is_api && status == StatusCode::PAYLOAD_TOO_LARGE => PageError::TooLarge.words(),
        None if matches!(status, StatusCode::METHOD_NOT_ALLOWED | StatusCode::BAD_REQUEST) => {
            PageError::NotFound.words()
        }
        None => return response,
    };
    if is_api {
        let mut told = Problem::from(words).into_response();
        if let Some(allow) = response.headers().get(ALLOW) {
            told.headers_mut().insert(ALLOW, allow.clone());
        }
        return told;
    }
    if wants_json {
        let body = serde_json::json!({"error": words.heading, "messages": words.messages});
        return (words.status, axum::Json(body)).into_response();
    }
    let page = ErrorPage { chrome: page.chrome(Section::Elsewhere), words };
    let status = page.words.status;
    match page.render() {
        Ok(body) => (status, axum::response::Html(body)).into_response(),
        Err(error) => {
            tracing::error!(%error, "the error page failed");
            status.into_response()
        }
    }
}
