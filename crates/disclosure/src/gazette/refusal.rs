use std::fmt;

use crate::error::Refusal;

/// Why an issue was not made, filled or published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GazetteRefusal {
    Missing,
    Forbidden,
    KeepsNone,
    Published,
    Empty,
    NoSuchEntry { index_number: String },
    AlreadyIn,
    NotIn,
}

impl fmt::Display for GazetteRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("没有这一期公报，请从列表重新进入。"),
            Self::Forbidden => f.write_str("您没有编辑公报的权限，请联系系统管理员。"),
            Self::KeepsNone => f.write_str("政府公报由本级政府办公机构编辑，部门、镇和街道不办公报。"),
            Self::Published => f.write_str("这一期已经出刊，不能再改。需要补登的，请编入下一期。"),
            Self::Empty => f.write_str("这一期还没有编入文件，不能出刊。"),
            Self::NoSuchEntry { index_number } => {
                write!(
                    f,
                    "没有索引号为“{index_number}”的已公开信息。公报只刊登已经公开的文件，请核对索引号。"
                )
            }
            Self::AlreadyIn => f.write_str("这份文件已经编入本期。"),
            Self::NotIn => f.write_str("本期没有这份文件。"),
        }
    }
}

impl Refusal for GazetteRefusal {
    fn field(&self) -> Option<&'static str> {
        matches!(self, Self::NoSuchEntry { .. } | Self::AlreadyIn).then_some("index_number")
    }

    fn is_missing(&self) -> bool {
        *self == Self::Missing
    }

    fn is_forbidden(&self) -> bool {
        *self == Self::Forbidden
    }
}
