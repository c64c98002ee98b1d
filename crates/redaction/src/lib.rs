//! 遮盖 — areas burned out of a PDF or a picture, and the proof on the result that nothing of them is left. Bytes in,
//! bytes out; no clock, no files.
//!
//! What goes out is built anew: every page becomes one picture with the areas black in it, and nothing else. So there is
//! no text below the black, no layer, no comment, no earlier state to forget about. [`prove`] reads the result again
//! with other eyes than those that wrote it and knows only what such a file may hold.

mod burn;
mod device;
mod find;
mod page;
mod picture;
mod prove;
mod refusal;

pub use burn::{Burned, burn};
pub use find::{Partly, covered, elsewhere, find, partly_covered};
pub use page::{Faces, Glyph, PageText, Pages, open, picture_of, text_of};
pub use prove::{Check, CheckKind, prove};
pub use refusal::Refusal;

use serde::{Deserialize, Serialize};

/// A hundredth of a percent of the width or height of a page; areas are exact at every resolution.
pub const WHOLE: u32 = 10_000;

/// The most pages that are redacted in one go.
pub const MOST_PAGES: usize = 300;

/// What can be redacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Pdf,
    Png,
    Jpeg,
}

impl Kind {
    pub fn of_media_type(media_type: &str) -> Option<Kind> {
        match media_type {
            "application/pdf" => Some(Kind::Pdf),
            "image/png" => Some(Kind::Png),
            "image/jpeg" => Some(Kind::Jpeg),
            _ => None,
        }
    }
}

/// 遮盖区域 — a part of a page, from the left and from the top, in hundredths of a percent of its width and height.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Area {
    /// From 1.
    pub page: u32,
    pub left: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
}

impl Area {
    /// Whether it lies on a page of so many and covers something.
    pub fn is_sound(&self, pages: u32) -> bool {
        (1..=pages).contains(&self.page)
            && self.left < self.right
            && self.top < self.bottom
            && self.right <= WHOLE
            && self.bottom <= WHOLE
    }

    /// The pixels it covers, even those it only touches: from the left and top, up to and without the right and bottom.
    pub(crate) fn pixels(&self, width: u32, height: u32) -> (u32, u32, u32, u32) {
        let down = |part: u32, of: u32| (u64::from(part) * u64::from(of) / u64::from(WHOLE)) as u32;
        let up = |part: u32, of: u32| {
            ((u64::from(part) * u64::from(of)).div_ceil(u64::from(WHOLE)) as u32).min(of)
        };
        (down(self.left, width), down(self.top, height), up(self.right, width), up(self.bottom, height))
    }
}
