//! Forms as they arrive: names and values, kept as typed.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use gongkai_disclosure::error::Refusal;

use crate::components::{ErrorSummary, Field};
use crate::errors::PageError;

/// The fields of a form, in the order sent.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    pub fn parse(body: &[u8]) -> Fields {
        Fields(pairs(body))
    }

    /// One field.
    pub(crate) fn of(name: &str, value: &str) -> Fields {
        Fields(vec![(name.to_owned(), value.to_owned())])
    }

    /// A field as typed, without the blanks around it; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// The names of all fields, in their order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// A field that may be left empty.
    pub fn optional(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|value| !value.is_empty())
    }

    /// All values of a field that may be sent several times.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// All values of a field, as they were sent.
    pub(crate) fn all_untrimmed<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn is_ticked(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// A field that holds a whole number.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.text(name).parse().ok()
    }

    /// A field that holds a day, as browsers send it.
    pub fn date(&self, name: &str) -> Option<jiff::civil::Date> {
        self.text(name).parse().ok()
    }

    /// The fields of one form among several on a page: `extension-ground` under `extension` is `ground`.
    pub fn under(&self, prefix: &str) -> Fields {
        let own = |(key, value): &(String, String)| {
            Some((key.strip_prefix(prefix)?.strip_prefix('-')?.to_owned(), value.clone()))
        };
        Fields(self.0.iter().filter_map(own).collect())
    }

    /// Without the fields of this name.
    pub(crate) fn without(self, name: &str) -> Fields {
        Fields(self.0.into_iter().filter(|(key, _)| key != name).collect())
    }

    /// With this value where the field was left blank.
    pub(crate) fn with_blank_filled(self, name: &str, value: &str) -> Fields {
        if !self.text(name).is_empty() {
            return self;
        }
        let mut fields = self.without(name);
        fields.0.push((name.to_owned(), value.to_owned()));
        fields
    }

    /// The same values under other names.
    pub(crate) fn renamed(&self, name: impl Fn(&str) -> String) -> Fields {
        Fields(self.0.iter().map(|(key, value)| (name(key), value.clone())).collect())
    }

    /// Puts what was typed, and what is wrong with it, into the fields of a form.
    pub fn typed_into(&self, fields: Vec<Field>, errors: &FormErrors) -> Vec<Field> {
        let fill = |field: Field| {
            let name = field.name.clone();
            let values: Vec<&str> = self.all(&name).collect();
            field.value(self.text(&name)).values(&values).error(errors.get(&name))
        };
        fields.into_iter().map(fill).collect()
    }
}

impl From<Vec<(String, String)>> for Fields {
    fn from(fields: Vec<(String, String)>) -> Fields {
        Fields(fields)
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let body = Bytes::from_request(request, state).await.map_err(|_| PageError::TooLarge)?;
        Ok(Fields::parse(&body))
    }
}

/// What is wrong with a form: by field, and what belongs to no field.
#[derive(Clone, Debug, Default)]
pub struct FormErrors {
    by_field: BTreeMap<&'static str, String>,
    pub general: Vec<String>,
}

impl FormErrors {
    pub fn of<R: Refusal>(reasons: &[R]) -> FormErrors {
        let mut errors = FormErrors::default();
        for reason in reasons {
            match reason.field() {
                Some(field) => {
                    errors.by_field.entry(field).or_insert_with(|| reason.to_string());
                }
                None => errors.general.push(reason.to_string()),
            }
        }
        errors
    }

    /// One more thing that is wrong with a field.
    pub(crate) fn add(&mut self, field: &'static str, words: &str) {
        self.by_field.entry(field).or_default().push_str(words);
    }

    /// The same, and what the other says.
    pub(crate) fn with(mut self, other: FormErrors) -> FormErrors {
        for (field, words) in other.by_field {
            self.by_field.entry(field).or_insert(words);
        }
        self.general.extend(other.general);
        self
    }

    /// Reasons that belong to the form as a whole.
    pub fn about_all(reasons: Vec<String>) -> FormErrors {
        FormErrors { general: reasons, ..FormErrors::default() }
    }

    pub fn get(&self, field: &str) -> Option<String> {
        self.by_field.get(field).cloned()
    }

    /// Everything, for a script that shows words alone.
    pub(crate) fn in_words(&self) -> Vec<String> {
        self.by_field.values().chain(&self.general).cloned().collect()
    }

    /// Everything, for the summary above these fields: what they say in their order, then what belongs to none.
    pub(crate) fn above<'a>(&self, fields: impl IntoIterator<Item = &'a Field>) -> ErrorSummary {
        self.general.iter().fold(ErrorSummary::of(fields), |summary, words| summary.and(words))
    }

    /// Everything, for a page on which the fields do not stand.
    pub(crate) fn summary(&self) -> ErrorSummary {
        let fields = self.by_field.values();
        fields.chain(&self.general).fold(ErrorSummary::default(), |summary, words| summary.and(words.clone()))
    }

    pub fn is_empty(&self) -> bool {
        self.by_field.is_empty() && self.general.is_empty()
    }

    /// Field and message, for the summary above the form.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.by_field.iter().map(|(field, message)| (*field, message.as_str()))
    }
}

/// One value out of an encoded form or query.
pub(crate) fn value(encoded: &[u8], name: &str) -> Option<String> {
    pairs(encoded).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    encoded
        .split(|b| *b == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let at = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
            (decode(&pair[..at]), decode(pair.get(at + 1..).unwrap_or_default()))
        })
        .collect()
}

fn decode(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'+', _) => out.push(b' '),
            (b'%', [high, low, after @ ..]) => match (hex_digit(*high), hex_digit(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high * 16 + low);
                    rest = after;
                }
                _ => out.push(b'%'),
            },
            (other, _) => out.push(*other),
        }
    }
    // A NUL cannot be stored in PostgreSQL and is never meant.
    String::from_utf8_lossy(&out).replace('\0', "").replace("\r\n", "\n")
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// Encodes a value for a query or a path segment.
pub fn encode(value: &str) -> String {
    value
        .bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(b).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// `name=value&…` of the pairs that have a value: what stays in an address while its page is turned.
pub fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let kept = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    kept.map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_typed() {
        let form = Fields::parse("name=%E9%9D%92%E7%A6%BE+%E9%95%87&x=1&x=2&bad=%zz&empty=".as_bytes());
        assert_eq!(form.text("name"), "青禾 镇");
        assert_eq!(form.all("x").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(form.text("bad"), "%zz");
        assert_eq!(form.optional("empty"), None);
        assert_eq!(Fields::parse(b"a-x=1&b-x=2&a=3").under("b").text("x"), "2");
        assert_eq!(
            value(encode("青 禾&=").as_bytes(), &Fields::parse(encode("青 禾&=").as_bytes()).0[0].0),
            Some(String::new())
        );
    }
}
