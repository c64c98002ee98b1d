use std::fmt;

use crate::error::Refusal;

/// Why a publicity period or a list was not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicityRefusal {
    Missing,
    Forbidden,
    DaysUnreadable,
    NotInList {
        field: &'static str,
        label: &'static str,
    },
    Blank {
        field: &'static str,
        label: &'static str,
    },
    /// The entry is withdrawn, or its period is over.
    Over,
    /// With this length it would have ended before today.
    EndsInPast {
        last_day: String,
    },
    LineMissing,
    /// Rows of the list that cannot stand as they are.
    Row(String),
    Draft(String),
}

impl fmt::Display for PublicityRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("没有这条信息，请从列表重新进入。"),
            Self::Forbidden => f.write_str("您没有起草该机关信息的权限，请联系系统管理员。"),
            Self::DaysUnreadable => f.write_str("公示期请写 1 到 3660 的整数。"),
            Self::NotInList { label, .. } => write!(f, "请从列表中选择{label}。"),
            Self::Blank { label, .. } => write!(f, "请填写{label}。"),
            Self::Over => f.write_str("这条信息已经撤下，不能再设公示期。需要再次公示的，请起草新的信息。"),
            Self::EndsInPast { last_day } => write!(
                f,
                "按这个长度，公示期在 {last_day} 就已经结束。请写长一些；要现在撤下的，请在信息页面撤回。"
            ),
            Self::LineMissing => f.write_str("请选择名单归入的目录事项。"),
            Self::Row(words) | Self::Draft(words) => f.write_str(words),
        }
    }
}

impl Refusal for PublicityRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::DaysUnreadable | Self::EndsInPast { .. } => Some("days"),
            Self::NotInList { field, .. } | Self::Blank { field, .. } => Some(field),
            Self::LineMissing => Some("line"),
            Self::Missing | Self::Forbidden | Self::Over | Self::Row(_) | Self::Draft(_) => None,
        }
    }

    fn is_missing(&self) -> bool {
        *self == Self::Missing
    }

    fn is_forbidden(&self) -> bool {
        *self == Self::Forbidden
    }
}
