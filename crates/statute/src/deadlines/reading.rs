//! Reads facts from JSON and names the field of the first mistake.

use std::fmt;

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::facts::{
    Consultation, ConsultedParty, Delay, Extension, Facts, FeeFacts, Order, OrderedBy, Supplement,
};
use crate::channels::Channel;

/// 事实有误 — facts that cannot be, or cannot be read; `field` is the path within the JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactError {
    pub field: String,
    pub message: String,
}

impl FactError {
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        FactError { field: field.into(), message: message.into() }
    }
}

impl fmt::Display for FactError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field.as_str() {
            "" => f.write_str(&self.message),
            field => write!(f, "{field}：{}", self.message),
        }
    }
}

impl std::error::Error for FactError {}

impl Facts {
    /// Reads the contract's JSON.
    pub fn from_json(text: &str) -> Result<Facts, FactError> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let place = format!("第 {} 行第 {} 列", error.line(), error.column());
            FactError::new("", format!("不是有效的 JSON，{place}附近有误"))
        })?;
        Facts::try_from(value)
    }
}

impl TryFrom<Value> for Facts {
    type Error = FactError;

    fn try_from(value: Value) -> Result<Facts, FactError> {
        let facts = Object::new("", &value)?;
        facts.only(&[
            "channel",
            "submitted_on",
            "signed_on",
            "confirmed_on",
            "supplement",
            "extension",
            "consultations",
            "fee",
            "delay",
            "order",
            "region",
        ])?;
        Ok(Facts {
            channel: facts.code("channel", Channel::ALL, Channel::code)?,
            submitted_on: facts.date("submitted_on")?,
            signed_on: facts.date("signed_on")?,
            confirmed_on: facts.date("confirmed_on")?,
            supplement: facts.object("supplement")?.map(supplement).transpose()?,
            extension: facts.object("extension")?.map(extension).transpose()?,
            consultations: facts
                .objects("consultations")?
                .into_iter()
                .map(consultation)
                .collect::<Result<_, _>>()?,
            fee: facts.object("fee")?.map(fee).transpose()?,
            delay: facts.object("delay")?.map(delay).transpose()?,
            order: facts.object("order")?.map(order).transpose()?,
            region: facts.region("region")?,
        })
    }
}

fn supplement(of: Object<'_>) -> Result<Supplement, FactError> {
    of.only(&["noticed_on", "supplemented_on"])?;
    Ok(Supplement {
        noticed_on: of.required_date("noticed_on")?,
        supplemented_on: of.date("supplemented_on")?,
    })
}

fn extension(of: Object<'_>) -> Result<Extension, FactError> {
    of.only(&["approved_on", "noticed_on", "working_days"])?;
    Ok(Extension {
        approved_on: of.required_date("approved_on")?,
        noticed_on: of.required_date("noticed_on")?,
        working_days: of.positive("working_days")?,
    })
}

fn consultation(of: Object<'_>) -> Result<Consultation, FactError> {
    of.only(&["with", "sent_on", "answered_on"])?;
    Ok(Consultation {
        with: of.code("with", ConsultedParty::ALL, ConsultedParty::code)?,
        sent_on: of.required_date("sent_on")?,
        answered_on: of.date("answered_on")?,
    })
}

fn fee(of: Object<'_>) -> Result<FeeFacts, FactError> {
    of.only(&["noticed_on", "paid_on"])?;
    Ok(FeeFacts { noticed_on: of.required_date("noticed_on")?, paid_on: of.date("paid_on")? })
}

fn delay(of: Object<'_>) -> Result<Delay, FactError> {
    of.only(&["noticed_on", "until"])?;
    Ok(Delay { noticed_on: of.required_date("noticed_on")?, until: of.required_date("until")? })
}

fn order(of: Object<'_>) -> Result<Order, FactError> {
    of.only(&["by", "received_on", "until"])?;
    Ok(Order {
        by: of.code("by", OrderedBy::ALL, OrderedBy::code)?,
        received_on: of.required_date("received_on")?,
        until: of.date("until")?,
    })
}

/// A JSON object with its path, so that every complaint names the field.
struct Object<'a> {
    path: String,
    fields: &'a Map<String, Value>,
}

impl<'a> Object<'a> {
    fn new(path: impl Into<String>, value: &'a Value) -> Result<Self, FactError> {
        let path = path.into();
        match value {
            Value::Object(fields) => Ok(Object { path, fields }),
            _ => Err(FactError::new(path, "应当是一个对象 { … }")),
        }
    }

    fn path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn error<T>(&self, key: &str, message: impl Into<String>) -> Result<T, FactError> {
        Err(FactError::new(self.path(key), message))
    }

    /// The value, where absent and null are the same.
    fn get(&self, key: &str) -> Option<&'a Value> {
        self.fields.get(key).filter(|value| !value.is_null())
    }

    fn only(&self, known: &[&str]) -> Result<(), FactError> {
        match self.fields.keys().find(|key| !known.contains(&key.as_str())) {
            Some(unknown) => self.error(unknown, format!("没有这个字段；可用的字段是 {}", known.join("、"))),
            None => Ok(()),
        }
    }

    fn date(&self, key: &str) -> Result<Option<Date>, FactError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => match read_date(text) {
                Some(date) if PLAUSIBLE_YEARS.contains(&date.year()) => Ok(Some(date)),
                Some(_) => self.error(key, format!("“{text}”的年份不合情理，请核对")),
                None => self.error(key, format!("“{text}”不是日期，请写成 2024-03-01 的样子")),
            },
            Some(_) => self.error(key, "应当是日期，请写成 \"2024-03-01\" 的样子"),
        }
    }

    fn required_date(&self, key: &str) -> Result<Date, FactError> {
        match self.date(key)? {
            Some(date) => Ok(date),
            None => self.error(key, "必须填写日期"),
        }
    }

    fn positive(&self, key: &str) -> Result<u32, FactError> {
        let number = self.get(key).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
        match number.filter(|n| *n > 0) {
            Some(number) => Ok(number),
            None => self.error(key, "必须是大于零的整数"),
        }
    }

    fn code<T: Copy>(&self, key: &str, all: &[T], code: fn(T) -> &'static str) -> Result<T, FactError> {
        let known = || all.iter().map(|row| code(*row)).collect::<Vec<_>>().join("、");
        match self.get(key) {
            Some(Value::String(text)) => match all.iter().find(|row| code(**row) == text) {
                Some(row) => Ok(*row),
                None => self.error(key, format!("“{text}”不在可选值中；可选 {}", known())),
            },
            _ => self.error(key, format!("必须填写，可选 {}", known())),
        }
    }

    fn region(&self, key: &str) -> Result<Option<String>, FactError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(code)) if code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) => {
                Ok(Some(code.clone()))
            }
            Some(_) => self.error(key, "应当是六位行政区划代码，如 \"640000\""),
        }
    }

    fn object(&self, key: &str) -> Result<Option<Object<'a>>, FactError> {
        self.get(key).map(|value| Object::new(self.path(key), value)).transpose()
    }

    fn objects(&self, key: &str) -> Result<Vec<Object<'a>>, FactError> {
        match self.get(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => {
                let path = self.path(key);
                values.iter().enumerate().map(|(i, v)| Object::new(format!("{path}[{i}]"), v)).collect()
            }
            Some(_) => self.error(key, "应当是一个列表 [ … ]"),
        }
    }
}

/// Years in which the acts of a request can lie; anything else is a slip of the keyboard.
const PLAUSIBLE_YEARS: std::ops::RangeInclusive<i16> = 1949..=2200;

/// Exactly YYYY-MM-DD; jiff alone would also take a date with a time.
fn read_date(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text).then_some(date)
}
