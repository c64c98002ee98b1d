//! 遮盖 — parts of a file that may not be disclosed are burned out of what goes out; the original stays sealed.
//! 《条例》第三十七条 (区分处理), 第十四条至第十六条.
//!
//! A draft holds the areas, each with its ground. Applying it makes a new file, reads that file again, and puts it in the
//! place of the original only when nothing is left; what was looked at is kept with the draft and stands in the certificate.

pub mod actions;
mod refusal;
mod store;
#[cfg(test)]
mod tests;
mod workshop;

pub use gongkai_redaction::{
    Area, Check, CheckKind, Faces, Kind, PageText, Partly, WHOLE, covered, elsewhere, find, partly_covered,
};
pub use refusal::RedactionRefusal;
pub(crate) use store::forget_draft_of;
pub use store::{by_id, of_place};
pub use workshop::{Done, Workshop};

use gongkai_statute::closed_list;
use gongkai_statute::grounds::Ground;
use serde::{Deserialize, Serialize};

/// The most areas of one file.
pub const MOST_AREAS: usize = 2_000;

closed_list! {
    /// 遮盖的对象.
    pub enum Subject {
        /// 随答复提供的文件.
        Enclosure = "enclosure", "随答复提供的文件";
        /// 信息的附件.
        Attachment = "attachment", "信息的附件";
    }
}

/// 遮盖区域及其理由.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marked {
    pub area: Area,
    pub ground: Ground,
}

/// How a marked area is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    area: Area,
    ground: String,
}

/// 遮盖 — a draft, or what was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redaction {
    pub id: String,
    pub agency_id: String,
    pub subject: Subject,
    pub subject_id: String,
    /// The request or the entry.
    pub place_id: String,
    pub name: String,
    pub media_type: String,
    pub original_sha256: String,
    pub pages: u32,
    pub marked: Vec<Marked>,
    /// Counts saves; whoever saves second is told.
    pub version: i64,
    pub begun_by: String,
    pub saved_by: String,
    pub saved_at: String,
    pub applied: Option<Applied>,
}

/// 遮盖完成 — by whom, when, what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    pub by: String,
    pub by_name: String,
    pub at: String,
    pub sha256: String,
    pub name: String,
    pub checks: Vec<Check>,
}

impl Redaction {
    pub fn kind(&self) -> Option<Kind> {
        Kind::of_media_type(&self.media_type)
    }

    pub fn areas(&self) -> Vec<Area> {
        self.marked.iter().map(|marked| marked.area).collect()
    }

    /// 松溪镇名单（已遮盖）.pdf
    pub fn usual_name(&self) -> String {
        match self.name.rsplit_once('.') {
            Some((stem, ending)) => format!("{stem}（已遮盖）.{ending}"),
            None => format!("{}（已遮盖）", self.name),
        }
    }
}
