//! 隐藏信息 — what a file carries besides what is seen: comments, tracked changes, hidden text, rows and sheets, the
//! names of people and of machines, where a photograph was taken. It is removed from what goes out; the original stays
//! sealed. What comes out is looked at again, and a file that still hides something is refused.
//! 《条例》第十七条; 《个人信息保护法》第五十一条.

mod docx;
mod ofd;
mod package;
mod pdf;
mod picture;
mod xlsx;
mod xml;

use serde::{Deserialize, Serialize};

use super::{FileKind, text_of};

/// What kind of thing was hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HiddenKind {
    /// 作者、单位、软件 and other properties of the file.
    Author,
    /// 批注.
    Comment,
    /// 修订痕迹, and earlier states that a file keeps.
    Revision,
    /// 隐藏文字.
    Text,
    /// 隐藏的工作表.
    Sheet,
    /// 隐藏的行和列.
    Cells,
    /// Copies of data behind charts, pivot tables and links.
    Data,
    /// 拍摄时间、地点 and other data of a photograph.
    Photograph,
    /// 嵌入的文件.
    EmbeddedFile,
    /// 脚本.
    Script,
}

impl HiddenKind {
    pub const fn label(self) -> &'static str {
        match self {
            HiddenKind::Author => "作者、单位等属性",
            HiddenKind::Comment => "批注",
            HiddenKind::Revision => "修订痕迹",
            HiddenKind::Text => "隐藏文字",
            HiddenKind::Sheet => "隐藏的工作表",
            HiddenKind::Cells => "隐藏的行和列",
            HiddenKind::Data => "图表、透视表和链接带的数据",
            HiddenKind::Photograph => "照片的拍摄信息",
            HiddenKind::EmbeddedFile => "嵌入的文件",
            HiddenKind::Script => "脚本",
        }
    }
}

/// Something that was removed, and how often it stood there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    pub kind: HiddenKind,
    pub count: usize,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cleaned {
    /// Nothing was hidden in it.
    Untouched,
    Changed {
        bytes: Vec<u8>,
        removed: Vec<Hidden>,
    },
    /// It cannot be cleaned here; what to do instead.
    Refused(&'static str),
}

/// What is being removed, added up by kind.
#[derive(Default)]
pub(super) struct Removed(Vec<Hidden>);

impl Removed {
    fn note(&mut self, kind: HiddenKind, count: usize) {
        if count == 0 {
            return;
        }
        match self.0.iter_mut().find(|one| one.kind == kind) {
            Some(one) => one.count += count,
            None => self.0.push(Hidden { kind, count }),
        }
    }

    fn has(&self, kind: HiddenKind) -> bool {
        self.0.iter().any(|one| one.kind == kind)
    }
}

/// Why a file could not be taken apart.
#[derive(Debug)]
pub(super) struct Stuck(&'static str);

type Outcome = Result<Option<(Vec<u8>, Removed)>, Stuck>;

const BROKEN: Stuck = Stuck("文件的内部结构不完整，无法去除隐藏信息。请用办公软件打开后另存，再上传");

/// Removes what is hidden, and proves it on the result.
pub fn clean(kind: FileKind, bytes: &[u8]) -> Cleaned {
    match strip(kind, bytes) {
        Err(Stuck(words)) => Cleaned::Refused(words),
        Ok(None) => Cleaned::Untouched,
        Ok(Some((clean, removed))) => match is_clean(kind, &clean) {
            true => {
                let mut removed = removed.0;
                removed.sort_by_key(|one| one.kind);
                Cleaned::Changed { bytes: clean, removed }
            }
            false => Cleaned::Refused("文件里的隐藏信息没能全部去除。请用办公软件的“检查文档”删除后再上传"),
        },
    }
}

fn strip(kind: FileKind, bytes: &[u8]) -> Outcome {
    match kind {
        FileKind::Docx => docx::strip(bytes),
        FileKind::Xlsx => xlsx::strip(bytes),
        FileKind::Pdf => pdf::strip(bytes),
        FileKind::Jpeg => picture::strip_jpeg(bytes),
        FileKind::Png => picture::strip_png(bytes),
        FileKind::Ofd => ofd::strip(bytes),
        FileKind::Text | FileKind::Zip => Ok(None),
    }
}

/// Nothing more is found, and what reads the file for the check before publication sees no comment and no hidden sheet.
fn is_clean(kind: FileKind, bytes: &[u8]) -> bool {
    let hidden = |place: &str| place.starts_with("批注") || place.starts_with("隐藏");
    matches!(strip(kind, bytes), Ok(None))
        && !text_of(kind, bytes).passages.iter().any(|passage| hidden(&passage.place))
}

#[cfg(test)]
mod tests;
