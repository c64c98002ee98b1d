//! 申请材料 — what an applicant hands in with a request, and what shows how it came: identity proof, the agent's
//! authorisation, further papers, the letter or fax itself. Sealed before it reaches the disk. 《条例》第二十九条.
//!
//! A file that passed waits under the token of its form, so that nobody chooses it again because a field was wrong;
//! what is not sent with a request is removed after two hours.

mod actions;
mod content;
mod store;
#[cfg(test)]
pub(crate) mod tests;

use std::fmt;

use gongkai_statute::closed_list;

pub(crate) use actions::read;
pub use actions::{Opened, add, attach, forget, open, seal_again, stage, sweep};
pub use store::{of_request, staged, within_reach};

use crate::error::Refusal;
use crate::files::FileKind;

/// The largest file.
pub const LARGEST: usize = 10 * 1024 * 1024;
/// As many files as one request may bring.
pub const MOST: usize = 8;
/// How long a file waits for its form.
pub const KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(2);

closed_list! {
    /// 材料的种类 — what a file shows.
    pub enum EvidenceKind {
        /// 身份证明. 《条例》第二十九条第二款第一项.
        Identity = "identity", "身份证明";
        /// 授权委托书.
        Authorisation = "authorisation", "授权委托书";
        /// 其他材料.
        Attachment = "attachment", "其他材料";
        /// 收件凭据: the letter, the envelope, the fax, the signed form of an oral request.
        Original = "original", "收件凭据";
    }
}

/// 申请材料 — one file. Its name is sealed like its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub id: String,
    pub kind: EvidenceKind,
    pub format: FileKind,
    pub size: u64,
    pub added_at: String,
    /// Sealed; see [`Evidence::name`].
    pub(crate) sealed_name: String,
}

impl Evidence {
    fn place(id: &str) -> String {
        format!("request_files/{id}")
    }

    /// The name it came with.
    pub fn name(&self, keys: &crate::privacy::Keyring) -> Result<String, crate::privacy::KeyError> {
        keys.open_text(&Evidence::place(&self.id), &self.sealed_name)
    }
}

/// What is accepted: what phones, scanners and offices make.
pub const FORMATS: [FileKind; 5] =
    [FileKind::Pdf, FileKind::Jpeg, FileKind::Png, FileKind::Docx, FileKind::Ofd];

/// For the `accept` of a file field.
pub const ACCEPTED: &str = ".pdf,.jpg,.jpeg,.png,.docx,.ofd";

/// Why a file was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvidenceRefusal {
    NameMissing,
    Empty {
        name: String,
    },
    TooLarge {
        name: String,
    },
    TooMany,
    FormatNotAccepted {
        name: String,
    },
    /// The content is not what the name says.
    NotWhatItSays {
        name: String,
    },
    /// 夹带 — it is two things at once.
    Carries {
        name: String,
    },
    Damaged {
        name: String,
    },
    HasMacros {
        name: String,
    },
}

impl fmt::Display for EvidenceRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use EvidenceRefusal as R;
        match self {
            R::NameMissing => f.write_str("文件没有可用的文件名，请改名后重新选择。"),
            R::Empty { name } => write!(f, "“{name}”是空文件，请重新选择。"),
            R::TooLarge { name } => {
                write!(
                    f,
                    "“{name}”超过{} MB，请压缩，或者降低拍照的分辨率后重新选择。",
                    LARGEST / (1024 * 1024)
                )
            }
            R::TooMany => write!(f, "一件申请最多提交{MOST}个文件，请合并后重新选择。"),
            R::FormatNotAccepted { name } => {
                write!(f, "“{name}”的格式不能提交，请用照片（jpg、png）、pdf、docx 或者 ofd。")
            }
            R::NotWhatItSays { name } => {
                write!(f, "“{name}”的内容与扩展名不符，请重新导出或者重新拍照后选择。")
            }
            R::Carries { name } => {
                write!(f, "“{name}”里还夹带着别的文件，请重新导出或者重新拍照后选择。")
            }
            R::Damaged { name } => write!(f, "“{name}”不完整，可能没有传完，请重新选择。"),
            R::HasMacros { name } => write!(f, "“{name}”含有宏，请另存为不含宏的文件后选择。"),
        }
    }
}

impl Refusal for EvidenceRefusal {}
