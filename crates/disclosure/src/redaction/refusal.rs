use std::fmt;

use crate::error::Refusal;

/// Why a file was not redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedactionRefusal {
    NotFound,
    Forbidden,
    /// Its kind has no pages that could be drawn.
    NotPictured,
    /// The file it is about has been taken off or exchanged.
    SubjectGone,
    AppliedBefore,
    SavedMeanwhile {
        by: String,
    },
    NothingMarked,
    Field {
        field: &'static str,
        words: String,
    },
    /// What the file itself does not allow.
    File(gongkai_redaction::Refusal),
    /// What the room says in which the file lies.
    Place(String),
}

impl fmt::Display for RedactionRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use RedactionRefusal as R;
        match self {
            R::NotFound => f.write_str("没有这个文件或者这份遮盖，请刷新页面。"),
            R::Forbidden => f.write_str("您的角色不能遮盖这个文件，请由本机关经办人办理。"),
            R::NotPictured => {
                f.write_str("只能遮盖 PDF、PNG 和 JPEG 文件。其他文件请先另存为 PDF，再上传遮盖。")
            }
            R::SubjectGone => f.write_str("这个文件已经移除或者更换，请回到文件列表重新选择。"),
            R::AppliedBefore => {
                f.write_str("这份遮盖已经完成，不能再改。需要重做的，请移除文件后重新上传原件。")
            }
            R::SavedMeanwhile { by } => {
                write!(f, "{by}刚刚保存了这份遮盖的标记，请刷新页面，在最新的标记上继续。")
            }
            R::NothingMarked => f.write_str("还没有标记要遮盖的内容。不需要遮盖的文件，可以直接随答复提供。"),
            R::Field { words, .. } | R::Place(words) => f.write_str(words),
            R::File(why) => why.fmt(f),
        }
    }
}

impl Refusal for RedactionRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            RedactionRefusal::Field { field, .. } => Some(field),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, RedactionRefusal::NotFound)
    }

    fn is_forbidden(&self) -> bool {
        matches!(self, RedactionRefusal::Forbidden)
    }
}
