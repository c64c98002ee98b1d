use std::fmt;

use crate::error::Refusal;

/// Why an answered request was not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogRefusal {
    NotFound,
    Forbidden,
    NotAnswered,
    ToldBefore,
    Field {
        field: &'static str,
        words: String,
    },
    /// What publishing says.
    Entry(String),
}

impl fmt::Display for LogRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogRefusal::NotFound => f.write_str("没有这件申请，或者它不归您的机关办理，请核对编号。"),
            LogRefusal::Forbidden => f.write_str("您的角色不能起草信息，请由本机关经办人办理。"),
            LogRefusal::NotAnswered => f.write_str("申请还没有答复，答复后才能转为主动公开。"),
            LogRefusal::ToldBefore => f.write_str("这件申请已经转为主动公开，请在信息列表里继续办理。"),
            LogRefusal::Field { words, .. } | LogRefusal::Entry(words) => f.write_str(words),
        }
    }
}

impl Refusal for LogRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            LogRefusal::Field { field, .. } => Some(field),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, LogRefusal::NotFound)
    }

    fn is_forbidden(&self) -> bool {
        matches!(self, LogRefusal::Forbidden)
    }
}
