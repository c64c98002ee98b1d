use std::fmt;

use crate::error::Refusal;

/// Why a matter was not taken in or not concluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrievanceRefusal {
    NotFound,
    Forbidden,
    ConcludedBefore,
    WrongNumberOrCode,
    Field { field: &'static str, words: String },
}

impl fmt::Display for GrievanceRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GrievanceRefusal::NotFound => f.write_str("没有这件事项，请返回列表重新选择。"),
            GrievanceRefusal::Forbidden => {
                f.write_str("您的角色不能办理这件事项，请由本机关政务公开专干办理。")
            }
            GrievanceRefusal::ConcludedBefore => f.write_str("这件事项已经办结并告知，结果不能更改。"),
            GrievanceRefusal::WrongNumberOrCode => {
                f.write_str("编号或者查询码不正确，请与回执核对后重新输入。")
            }
            GrievanceRefusal::Field { words, .. } => f.write_str(words),
        }
    }
}

impl Refusal for GrievanceRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            GrievanceRefusal::Field { field, .. } => Some(field),
            GrievanceRefusal::WrongNumberOrCode => Some("number"),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, GrievanceRefusal::NotFound)
    }

    fn is_forbidden(&self) -> bool {
        matches!(self, GrievanceRefusal::Forbidden)
    }
}
