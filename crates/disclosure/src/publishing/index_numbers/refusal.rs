use std::fmt;

use crate::error::Refusal;

/// Why a rule was not set, or a number not given beforehand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexRefusal {
    Missing,
    Forbidden,
    BraceOpen,
    PartUnknown(String),
    Character(char),
    SerialOnce,
    SerialWidth,
    SlashOnce,
    TooLong {
        most: usize,
    },
    SinceUnreadable,
    SincePast,
    /// A rule begins on that day already.
    SinceTaken,
    ReasonMissing,
    Count {
        most: i64,
    },
    Numbered(String),
}

impl fmt::Display for IndexRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use IndexRefusal as R;
        match self {
            R::Missing => f.write_str("没有这条信息，请从信息列表重新进入。"),
            R::Forbidden => f.write_str("您没有在该机关编号的权限，请联系系统管理员。"),
            R::BraceOpen => f.write_str("有一个“{”没有对应的“}”，请补上。"),
            R::PartUnknown(name) => write!(
                f,
                "不认识“{{{name}}}”，可以用的有 {{机关代码}}、{{行政区划}}、{{事项编号}}、{{年}}、{{年月}} 和 {{序号:5}}。"
            ),
            R::Character(c) => {
                write!(f, "固定文字里的“{c}”不能用：索引号也是网址的一部分，只能用字母、数字、- _ . 和 /。")
            }
            R::SerialOnce => f.write_str("须有并且只有一个序号，例如 {序号:5}。"),
            R::SerialWidth => f.write_str("序号的位数请在 3 到 8 之间。"),
            R::SlashOnce => f.write_str("须有并且只有一个“/”，前后都有内容：它前面的部分是网址里的机关。"),
            R::TooLong { most } => write!(f, "按这个规则编出的索引号超过 {most} 个字符，请缩短。"),
            R::SinceUnreadable => f.write_str("请选择从哪一天起用。"),
            R::SincePast => f.write_str("新规则最早从今天起用；已经编出的号不变。"),
            R::SinceTaken => f.write_str("已有一条从那一天起用的规则，请换一天。"),
            R::ReasonMissing => f.write_str("请写明预留的原因，不超过 200 个字。"),
            R::Count { most } => write!(f, "一次可以预留 1 到 {most} 个。"),
            R::Numbered(number) => write!(f, "这条信息已有索引号 {number}，不再另编。"),
        }
    }
}

impl Refusal for IndexRefusal {
    fn field(&self) -> Option<&'static str> {
        use IndexRefusal as R;
        match self {
            R::BraceOpen
            | R::PartUnknown(_)
            | R::Character(_)
            | R::SerialOnce
            | R::SerialWidth
            | R::SlashOnce
            | R::TooLong { .. } => Some("pattern"),
            R::SinceUnreadable | R::SincePast | R::SinceTaken => Some("since_on"),
            R::ReasonMissing => Some("reason"),
            R::Count { .. } => Some("count"),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        *self == IndexRefusal::Missing
    }

    fn is_forbidden(&self) -> bool {
        *self == IndexRefusal::Forbidden
    }
}
