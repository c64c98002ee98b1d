//! What goes wrong, as RFC 9457 says it: a status, a stable code, words, and what is wrong with which field.

use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::error::{Failure, Refusal};
use serde_json::json;

use crate::errors::ErrorWords;

/// An answer that is no success.
#[derive(Debug)]
pub(crate) struct Problem {
    pub status: StatusCode,
    /// Stable, for programs: `invalid_parameters`.
    pub code: &'static str,
    pub title: String,
    pub detail: String,
    /// Field or parameter, and what is wrong with it.
    pub errors: Vec<(String, String)>,
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        title: &str,
        detail: impl Into<String>,
    ) -> Problem {
        Problem { status, code, title: title.to_owned(), detail: detail.into(), errors: Vec::new() }
    }

    pub(crate) fn not_found(what: &str) -> Problem {
        Problem::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "没有找到",
            format!("没有{what}，或者还没有公开。请核对网址中的代码。"),
        )
    }

    pub(crate) fn parameters(errors: Vec<(String, String)>) -> Problem {
        let problem = Problem::new(
            StatusCode::BAD_REQUEST,
            "invalid_parameters",
            "参数有误",
            "请按 errors 中的说明修改后重新请求。",
        );
        Problem { errors, ..problem }
    }

    pub(crate) fn unexpected(error: anyhow::Error) -> Problem {
        tracing::error!(error = format!("{error:#}"), "an answer of the interface failed");
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "unexpected",
            "系统出了问题",
            "没有完成请求，已经保存的内容不受影响。请稍后再试；如果一直这样，请联系网站管理员。",
        )
    }

    /// What a room refused: all reasons, each with its field.
    pub(crate) fn refused<R: Refusal>(failure: Failure<R>) -> Problem {
        let reasons = match failure {
            Failure::Unexpected(error) => return Problem::unexpected(error),
            Failure::Refused(reasons) => reasons,
        };
        let (status, code, title) = if reasons.iter().any(Refusal::is_missing) {
            (StatusCode::NOT_FOUND, "not_found", "没有找到")
        } else if reasons.iter().any(Refusal::is_forbidden) {
            (StatusCode::FORBIDDEN, "forbidden", "没有权限")
        } else {
            (StatusCode::UNPROCESSABLE_ENTITY, "refused", "内容不合要求")
        };
        let words: Vec<String> = reasons.iter().map(ToString::to_string).collect();
        let errors = reasons.iter().filter_map(|r| Some((r.field()?.to_owned(), r.to_string()))).collect();
        Problem { errors, ..Problem::new(status, code, title, words.join("")) }
    }
}

impl From<anyhow::Error> for Problem {
    fn from(error: anyhow::Error) -> Self {
        Problem::unexpected(error)
    }
}

impl From<gongkai_disclosure::db::DbError> for Problem {
    fn from(error: gongkai_disclosure::db::DbError) -> Self {
        Problem::unexpected(error.into())
    }
}

impl From<ErrorWords> for Problem {
    /// What the pages of the site would have said: unknown addresses, bodies that are too large, time-outs.
    fn from(words: ErrorWords) -> Self {
        let code = match words.status {
            StatusCode::NOT_FOUND => "not_found",
            StatusCode::METHOD_NOT_ALLOWED => "method_not_allowed",
            StatusCode::PAYLOAD_TOO_LARGE => "too_large",
            StatusCode::INTERNAL_SERVER_ERROR => "unexpected",
            _ => "refused",
        };
        Problem::new(words.status, code, words.heading, words.messages.join(""))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let errors: Vec<_> =
            self.errors.iter().map(|(field, message)| json!({"field": field, "message": message})).collect();
        let body = json!({
            "type": format!("/api#{}", self.code),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
            "errors": errors,
        });
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(super::PROBLEM));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(HeaderName::from_static("access-control-allow-origin"), HeaderValue::from_static("*"));
        match self.status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("60"));
            }
            _ => {}
        }
        response
    }
}
