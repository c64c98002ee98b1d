use std::fmt;

use crate::error::Refusal;

/// Why a catalogue was not set up or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatalogueRefusal {
    Missing,
    Forbidden,
    CodeTaken(String),
    CategoryUnknown(String),
    Blank {
        field: &'static str,
        label: &'static str,
    },
    TooLong {
        field: &'static str,
        label: &'static str,
        most: usize,
    },
    PeriodUnreadable,
    MethodUnknown,
    Unchanged,
    /// Every chosen line of a starting catalogue is there already.
    AllThere,
    /// No line of a starting catalogue was chosen.
    NothingChosen,
    StartingUnknown,
    /// Someone else changed the line in between.
    ChangedMeanwhile,
    AlreadyRetired,
    NotRetired,
    /// Place and reason of a row that was imported.
    Row(String),
}

impl fmt::Display for CatalogueRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CatalogueRefusal::Missing => f.write_str("没有这个事项，请从目录重新进入。"),
            CatalogueRefusal::Forbidden => f.write_str("您没有维护该机关目录的权限，请联系系统管理员。"),
            CatalogueRefusal::AllThere => f.write_str("选中的事项都已经在目录里，没有要加入的。"),
            CatalogueRefusal::NothingChosen => f.write_str("请至少勾选一个要加入的事项。"),
            CatalogueRefusal::StartingUnknown => f.write_str("请选择要加入的起始目录。"),
            CatalogueRefusal::Blank { label, .. } => write!(f, "请填写{label}。"),
            CatalogueRefusal::TooLong { label, most, .. } => {
                write!(f, "{label}不能超过 {most} 个字，请精简。")
            }
            CatalogueRefusal::PeriodUnreadable => {
                f.write_str("更新周期请写天数（1 到 3660 的整数），没有固定周期的留空。")
            }
            CatalogueRefusal::MethodUnknown => f.write_str("公开方式请选择主动公开或者依申请公开。"),
            CatalogueRefusal::Unchanged => f.write_str("内容与现有目录完全相同，没有要保存的改动。"),
            CatalogueRefusal::ChangedMeanwhile => {
                f.write_str("这个事项刚刚被别人改过，您的修改还没有保存。请刷新页面，对照后再改。")
            }
            CatalogueRefusal::AlreadyRetired => f.write_str("这个事项已经停用。"),
            CatalogueRefusal::NotRetired => f.write_str("这个事项正在使用，不需要恢复。"),
            CatalogueRefusal::Row(words) => f.write_str(words),
            CatalogueRefusal::CodeTaken(code) => {
                write!(f, "目录中已有编号为“{code}”的事项，请换一个编号。")
            }
            CatalogueRefusal::CategoryUnknown(code) if code.is_empty() => {
                f.write_str("请选择条例规定的类别。")
            }
            CatalogueRefusal::CategoryUnknown(code) => {
                write!(f, "事项类别“{code}”不在《条例》第二十条、第二十一条的清单中，请改正。")
            }
        }
    }
}

impl Refusal for CatalogueRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            CatalogueRefusal::CodeTaken(_) => Some("code"),
            CatalogueRefusal::CategoryUnknown(_) => Some("category"),
            CatalogueRefusal::Blank { field, .. } | CatalogueRefusal::TooLong { field, .. } => Some(field),
            CatalogueRefusal::PeriodUnreadable => Some("period"),
            CatalogueRefusal::MethodUnknown => Some("method"),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        *self == CatalogueRefusal::Missing
    }

    fn is_forbidden(&self) -> bool {
        *self == CatalogueRefusal::Forbidden
    }
}
