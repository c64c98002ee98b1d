//! Asking a platform: bounded in time and size, answers in JSON.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;

use super::AccountError;

/// The longest a platform is waited for.
const WAIT: Duration = Duration::from_secs(30);
/// The largest answer that is read.
const LARGEST: u64 = 1024 * 1024;

pub(super) fn agent() -> Agent {
    Agent::config_builder().timeout_global(Some(WAIT)).http_status_as_error(false).build().into()
}

fn unreachable(error: &ureq::Error) -> AccountError {
    AccountError::Unreachable(error.to_string())
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, AccountError> {
    let mut answer = answer.map_err(|error| unreachable(&error))?;
    let status = answer.status();
    let text = answer
        .body_mut()
        .with_config()
        .limit(LARGEST)
        .read_to_string()
        .map_err(|error| unreachable(&error))?;
    serde_json::from_str(&text)
        .map_err(|_| AccountError::Unreachable(format!("接口返回的不是 JSON（HTTP {}）", status.as_u16())))
}

pub(super) fn post_json(agent: &Agent, url: &str, body: &Value) -> Result<Value, AccountError> {
    // Chinese as it is: the interfaces show escapes literally.
    read(agent.post(url).header("content-type", "application/json; charset=utf-8").send(body.to_string()))
}

pub(super) fn post_form(agent: &Agent, url: &str, fields: &[(&str, &str)]) -> Result<Value, AccountError> {
    read(agent.post(url).send_form(fields.iter().copied()))
}

/// Fields, and one file under the name the interface gives it.
pub(super) fn post_file(
    agent: &Agent,
    url: &str,
    fields: &[(&str, &str)],
    (field, name, media_type, bytes): (&str, &str, &str, &[u8]),
) -> Result<Value, AccountError> {
    let mark = crate::secrets::session_token();
    let mut body = Vec::with_capacity(bytes.len() + 1024);
    for (key, value) in fields {
        body.extend_from_slice(
            format!("--{mark}\r\nContent-Disposition: form-data; name=\"{key}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    body.extend_from_slice(
        format!(
            "--{mark}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: {media_type}\r\n\r\n"
        )
        .as_bytes(),
    );
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{mark}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={mark}");
    read(agent.post(url).header("content-type", &kind).send(&body[..]))
}
