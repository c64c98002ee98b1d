use std::fmt;

use crate::error::Refusal;

/// Why an exception or a word was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordCheckRefusal {
    Missing,
    Forbidden,
    /// It is no longer in the text, or no longer under this form.
    NotFound,
    ReasonMissing,
    ReasonTooLong,
    AlreadyAsked,
    /// Whoever asked, and whoever wrote at the text, is not the second person.
    OwnText,
    NotEditable,
    /// Marks within the text stand between its characters.
    NotReplaceable,
    WordMissing,
    TooLong,
    TitleMissing,
    NotInList {
        field: &'static str,
        label: &'static str,
    },
    WordKnown(String),
    /// A row of an imported list, by number, with what is wrong.
    Row(usize, String),
}

impl fmt::Display for WordCheckRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use WordCheckRefusal as R;
        match self {
            R::Missing => f.write_str("没有这条信息，请从信息列表重新进入。"),
            R::Forbidden => f.write_str("您没有办理这一项的权限，请联系系统管理员。"),
            R::NotFound => f.write_str("内容已经改动，这一处不在了。请刷新页面后再看。"),
            R::ReasonMissing => f.write_str("请写明为什么可以公开，例如：公开的办公联系电话。"),
            R::ReasonTooLong => f.write_str("理由不能超过 200 个字，请精简。"),
            R::AlreadyAsked => f.write_str("这一处已经申请了例外，正等待另一人同意。"),
            R::OwnText => f.write_str("例外须由没有起草这条信息的另一人同意。"),
            R::NotEditable => f.write_str("这一版本现在不能修改，请先撤回送审。"),
            R::NotReplaceable => f.write_str("这一处中间夹有格式，不能自动替换，请打开“修改内容”手工改正。"),
            R::WordMissing => f.write_str("请填写词条。"),
            R::TooLong => f.write_str("词条和改法各不超过 60 个字。"),
            R::TitleMissing => f.write_str("请填写正确的职务。"),
            R::NotInList { label, .. } => write!(f, "请从列表中选择{label}。"),
            R::WordKnown(word) => write!(f, "词条“{word}”已在本机关的名单里，请直接修改它。"),
            R::Row(row, words) => write!(f, "第 {row} 行：{words}"),
        }
    }
}

impl Refusal for WordCheckRefusal {
    fn field(&self) -> Option<&'static str> {
        use WordCheckRefusal as R;
        match self {
            R::ReasonMissing | R::ReasonTooLong => Some("reason"),
            R::WordMissing | R::TooLong | R::WordKnown(_) => Some("word"),
            R::TitleMissing => Some("instead"),
            R::NotInList { field, .. } => Some(field),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        *self == WordCheckRefusal::Missing
    }

    fn is_forbidden(&self) -> bool {
        *self == WordCheckRefusal::Forbidden
    }
}
