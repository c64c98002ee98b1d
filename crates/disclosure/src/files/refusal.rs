use std::fmt;

use super::FileKind;
use crate::error::Refusal;

/// Why a file was not kept.
#[derive(Debug, PartialEq, Eq)]
pub enum FileRefusal {
    NameMissing,
    Empty,
    TooLarge {
        limit: u64,
    },
    KindNotAllowed {
        name: String,
    },
    /// The content is not what the name says.
    NotWhatItSays {
        name: String,
        named: FileKind,
        found: Option<FileKind>,
    },
    Damaged {
        name: String,
    },
    HasMacros,
    /// 隐藏信息 that cannot be removed here.
    Hides {
        name: String,
        words: &'static str,
    },
}

impl fmt::Display for FileRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileRefusal::NameMissing => f.write_str("文件没有可用的文件名，请改名后重新上传。"),
            FileRefusal::Empty => f.write_str("这是一个空文件，请选择有内容的文件。"),
            FileRefusal::TooLarge { limit } => {
                write!(f, "文件不能超过 {} MB，请压缩或拆分后重新上传。", limit / (1024 * 1024))
            }
            FileRefusal::KindNotAllowed { name } => {
                let kinds: Vec<&str> = FileKind::ALL.iter().map(|kind| kind.extensions()[0]).collect();
                write!(f, "“{name}”的格式不能上传，请另存为 {} 之一。", kinds.join("、"))
            }
            FileRefusal::NotWhatItSays { name, found: Some(found), .. } => write!(
                f,
                "“{name}”的内容其实是{}，与扩展名不符。请改正扩展名或重新导出后上传。",
                found.label()
            ),
            FileRefusal::NotWhatItSays { name, named: FileKind::Text, found: None } => {
                write!(f, "“{name}”不是 UTF-8 编码的文本，请用记事本另存为 UTF-8 后上传。")
            }
            FileRefusal::NotWhatItSays { name, named, found: None } => {
                write!(f, "“{name}”的内容不是{}，文件可能已损坏。请重新导出后上传。", named.label())
            }
            FileRefusal::Damaged { name } => {
                write!(f, "“{name}”不完整，可能已损坏。请重新导出后上传。")
            }
            FileRefusal::Hides { name, words } => write!(f, "“{name}”：{words}。"),
            FileRefusal::HasMacros => f.write_str("文件中含有宏，不能公开。请另存为不含宏的文件后上传。"),
        }
    }
}

impl Refusal for FileRefusal {
    fn field(&self) -> Option<&'static str> {
        Some("attachment")
    }
}
