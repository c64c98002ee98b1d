use std::fmt;

use crate::error::Refusal;

/// Why a register was not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterRefusal {
    Missing,
    Forbidden,
    Blank {
        field: &'static str,
        label: &'static str,
    },
    TooLong {
        field: &'static str,
        label: &'static str,
        most: usize,
    },
    NotInList {
        field: &'static str,
        label: &'static str,
        list: String,
    },
    NotADate {
        field: &'static str,
        label: &'static str,
    },
    InFuture {
        field: &'static str,
        label: &'static str,
        today: jiff::civil::Date,
    },
    YearUnreadable {
        field: &'static str,
    },
    BeforeIssued {
        field: &'static str,
        issued_on: String,
    },
    TermOver {
        field: &'static str,
    },
    AlreadyEnded {
        ended_on: String,
    },
    NoSuchEntry {
        field: &'static str,
        index_number: String,
    },
    EntryOfAnother {
        field: &'static str,
    },
    AlreadyThere {
        field: &'static str,
        what: String,
    },
    ToItself,
    /// Place and reason of a row that was imported.
    Row(String),
}

impl fmt::Display for RegisterRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("没有这条记录，请从台账重新进入。"),
            Self::Forbidden => f.write_str("您没有登记该机关台账的权限，请联系系统管理员。"),
            Self::Blank { label, .. } => write!(f, "请填写{label}。"),
            Self::TooLong { label, most, .. } => write!(f, "{label}不能超过 {most} 个字，请精简。"),
            Self::NotInList { label, list, .. } => write!(f, "{label}请从{list}中选择。"),
            Self::NotADate { label, .. } => write!(f, "{label}不是日期，请写成 2026-03-01 的样子。"),
            Self::InFuture { label, today, .. } => write!(f, "{label}晚于今天（{today}），请核对。"),
            Self::YearUnreadable { .. } => f.write_str("年度请写四位数字，例如 2026。"),
            Self::BeforeIssued { issued_on, .. } => write!(f, "日期早于制发日期 {issued_on}，请核对。"),
            Self::TermOver { .. } => {
                f.write_str("有效期应晚于今天。已经到期的文件，请登记失效或者重新发布。")
            }
            Self::AlreadyEnded { ended_on } => write!(f, "这份文件已于 {ended_on} 失去效力，不能再改。"),
            Self::NoSuchEntry { index_number, .. } => {
                write!(f, "没有索引号为“{index_number}”的已公开信息。请核对索引号，或等它公开后再关联。")
            }
            Self::EntryOfAnother { .. } => f.write_str("这条信息属于别的机关，请填写本机关公开的信息。"),
            Self::AlreadyThere { what, .. } => write!(f, "台账里已经有{what}，请不要重复登记。"),
            Self::ToItself => f.write_str("文件不能解读它自己，请填写解读材料的索引号。"),
            Self::Row(words) => f.write_str(words),
        }
    }
}

impl Refusal for RegisterRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Blank { field, .. }
            | Self::TooLong { field, .. }
            | Self::NotInList { field, .. }
            | Self::NotADate { field, .. }
            | Self::InFuture { field, .. }
            | Self::YearUnreadable { field }
            | Self::BeforeIssued { field, .. }
            | Self::TermOver { field }
            | Self::NoSuchEntry { field, .. }
            | Self::EntryOfAnother { field }
            | Self::AlreadyThere { field, .. } => Some(field),
            Self::ToItself => Some("index_number"),
            Self::Missing | Self::Forbidden | Self::AlreadyEnded { .. } | Self::Row(_) => None,
        }
    }

    fn is_missing(&self) -> bool {
        *self == Self::Missing
    }

    fn is_forbidden(&self) -> bool {
        *self == Self::Forbidden
    }
}
