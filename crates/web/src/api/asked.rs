//! What was asked, read by the operation's own declaration: every parameter known, every value of its form, all that
//! is wrong said at once.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, MatchedPath, RawPathParams};
use axum::http::request::Parts;

use super::operations::{Form, Operation, Parameter, Place, find};
use super::problem::Problem;
use crate::forms::Fields;

/// The parameters of a request, each of the form its operation declares.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    values: BTreeMap<&'static str, String>,
    /// Path and query in one spelling, whatever the order in which they were asked: what the answer is kept under.
    pub key: String,
    pub path: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let unknown = || Problem::not_found("这个接口");
        let pattern = MatchedPath::from_request_parts(parts, state).await.map_err(|_| unknown())?;
        let method = if parts.method == axum::http::Method::HEAD { "GET" } else { parts.method.as_str() };
        let operation = find(method, pattern.as_str()).ok_or_else(unknown)?;
        let path = RawPathParams::from_request_parts(parts, state).await.map_err(|_| unknown())?;
        let path: Vec<(String, String)> =
            path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let query = Fields::parse(parts.uri.query().unwrap_or_default().as_bytes());
        Asked::read(operation, &path, &query, parts.uri.path())
    }
}

impl Asked {
    fn read(
        operation: &Operation,
        path: &[(String, String)],
        query: &Fields,
        address: &str,
    ) -> Result<Asked, Problem> {
        let mut errors = Vec::new();
        let mut values = BTreeMap::new();
        for parameter in &operation.parameters {
            match parameter.place {
                Place::Path => {
                    let value = path.iter().find(|(name, _)| name == parameter.name);
                    let value = value.map(|(_, value)| value.clone()).unwrap_or_default();
                    if parameter.form.refuse(&value).is_some() {
                        return Err(Problem::not_found(parameter.words));
                    }
                    values.insert(parameter.name, value);
                }
                Place::Query => {
                    let mut given = query.all_untrimmed(parameter.name);
                    let Some(value) = given.next() else {
                        if parameter.is_required {
                            errors.push((parameter.name.to_owned(), "缺少这个参数，请补上。".to_owned()));
                        }
                        continue;
                    };
                    if given.next().is_some() {
                        errors.push((parameter.name.to_owned(), "这个参数只能写一次。".to_owned()));
                    } else if let Some(why) = parameter.form.refuse(value) {
                        errors.push((parameter.name.to_owned(), why));
                    } else {
                        values.insert(parameter.name, value.to_owned());
                    }
                }
                Place::Header => {}
            }
        }
        let is_known = |name: &str| {
            operation.parameters.iter().any(|p: &Parameter| p.place == Place::Query && p.name == name)
        };
        let mut unknown: Vec<&str> = query.names().filter(|name| !is_known(name)).collect();
        unknown.dedup();
        for name in unknown.into_iter().take(20) {
            let name: String = name.chars().take(60).collect();
            errors.push((name, "没有这个参数，请核对接口说明。".to_owned()));
        }
        if !errors.is_empty() {
            return Err(Problem::parameters(errors));
        }
        let pairs: Vec<(&str, &str)> = operation
            .parameters
            .iter()
            .filter(|p| p.place == Place::Query)
            .filter_map(|p| Some((p.name, values.get(p.name)?.as_str())))
            .collect();
        let key = format!("{address}?{}", crate::forms::query(pairs));
        Ok(Asked { values, key, path: address.to_owned() })
    }

    /// A value, or nothing when it was left out.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.values.get(name)?.parse().ok()
    }

    /// The same question with another cursor.
    pub(crate) fn next(&self, cursor: &str) -> String {
        let kept = self.values.iter().filter(|(name, _)| **name != "cursor" && self.is_query(name));
        let pairs = kept.map(|(name, value)| (*name, value.as_str())).chain([("cursor", cursor)]);
        format!("{}?{}", self.path, crate::forms::query(pairs))
    }

    fn is_query(&self, name: &str) -> bool {
        self.key
            .split_once('?')
            .is_some_and(|(_, query)| query.split('&').any(|pair| pair.split('=').next() == Some(name)))
    }
}

impl Form {
    /// Why a value is not of this form.
    pub(crate) fn refuse(&self, value: &str) -> Option<String> {
        match self {
            Form::Text { most } => {
                let length = value.chars().count();
                if length == 0 {
                    Some("不能为空。".into())
                } else if length > *most {
                    Some(format!("最多 {most} 个字。"))
                } else {
                    value.chars().any(char::is_control).then(|| "不能有控制字符。".into())
                }
            }
            Form::Code => {
                let is_code = (1..=64).contains(&value.len())
                    && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
                (!is_code).then(|| "应是字母、数字、点和横线组成的代码。".into())
            }
            Form::Number { least, most } => {
                let is_plain = value.bytes().all(|b| b.is_ascii_digit()) && value.len() <= 18;
                let number = value.parse::<i64>().ok().filter(|_| is_plain);
                (!number.is_some_and(|n| (*least..=*most).contains(&n)))
                    .then(|| format!("应是 {least} 到 {most} 的整数。"))
            }
            Form::Choice(codes) => {
                let codes = codes();
                (!codes.contains(&value)).then(|| format!("应是以下之一：{}。", codes.join("、")))
            }
            Form::Day => {
                let is_day = value.len() == 10 && value.parse::<jiff::civil::Date>().is_ok();
                (!is_day).then(|| "应是 2026-11-02 这样的日期。".into())
            }
            Form::Moment => {
                // RFC 3339 alone: jiff reads more than that.
                let bytes = value.as_bytes();
                let is_rfc = bytes.len() >= 20
                    && bytes.len() <= 35
                    && bytes.get(10) == Some(&b'T')
                    && bytes.get(13) == Some(&b':')
                    && bytes.iter().all(|b| b.is_ascii_digit() || b"-:.TZ+".contains(b))
                    && value.parse::<jiff::Timestamp>().is_ok();
                (!is_rfc).then(|| "应是 2026-11-02T09:00:00+08:00 这样的时刻。".into())
            }
            Form::Cursor => {
                let is_cursor = (2..=400).contains(&value.len())
                    && value.len().is_multiple_of(2)
                    && value.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
                (!is_cursor).then(|| "应原样使用上一页答复中的 next。".into())
            }
        }
    }
}
