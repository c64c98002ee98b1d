//! What staff read about entries: lists by state, one entry with all its editions.

mod store;

pub use store::{attachment_for, edition_for, entry, list, picture_for, returned_drafts};

use super::public::{Facet, Page};
use super::{Attachment, Edition, EditionState};
use crate::review::Review;

/// The tabs of the list. All but the last two go by the newest edition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    All,
    Drafting,
    InReview,
    Returned,
    /// Signed, and not for everyone: 依申请公开、不予公开.
    Signed,
    /// What the public sees, also while a revision is under way.
    Public,
    Withdrawn,
}

impl Tab {
    pub const ALL: [Tab; 7] =
        [Tab::All, Tab::Drafting, Tab::InReview, Tab::Returned, Tab::Signed, Tab::Public, Tab::Withdrawn];

    pub const fn code(self) -> &'static str {
        match self {
            Tab::All => "",
            Tab::Drafting => "drafting",
            Tab::InReview => "in_review",
            Tab::Returned => "returned",
            Tab::Signed => "signed",
            Tab::Public => "public",
            Tab::Withdrawn => "withdrawn",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Tab::All => "全部",
            Tab::Drafting => EditionState::Drafting.label(),
            Tab::InReview => EditionState::InReview.label(),
            Tab::Returned => EditionState::Returned.label(),
            Tab::Signed => "已签发，不对外",
            Tab::Public => "已公开",
            Tab::Withdrawn => "已撤回",
        }
    }

    pub fn from_code(code: &str) -> Option<Tab> {
        Tab::ALL.into_iter().find(|tab| tab.code() == code)
    }
}

/// What to list at an agency; an empty field is no restriction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskFilter {
    pub agency_id: String,
    pub tab: Tab,
    pub genre: String,
    pub line_id: String,
    /// Part of the title, the document number or the index number.
    pub text: String,
    /// Who drafted the newest edition.
    pub author_id: String,
    /// Year of 生成日期.
    pub year: String,
    pub sort: Sort,
}

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// What was worked at last comes first.
    #[default]
    Touched,
    /// The newest document first.
    Made,
    /// By title.
    Title,
}

impl Sort {
    pub const ALL: [Sort; 3] = [Sort::Touched, Sort::Made, Sort::Title];

    pub const fn code(self) -> &'static str {
        match self {
            Sort::Touched => "",
            Sort::Made => "made",
            Sort::Title => "title",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Sort::Touched => "最近改动",
            Sort::Made => "生成日期",
            Sort::Title => "标题",
        }
    }

    pub fn from_code(code: &str) -> Option<Sort> {
        Sort::ALL.into_iter().find(|sort| sort.code() == code)
    }
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DeskLine {
    pub entry_id: String,
    pub edition_id: String,
    pub ordinal: i64,
    pub title: String,
    /// State of the newest edition.
    pub state: String,
    pub genre: String,
    pub disclosure_class: String,
    pub line_title: String,
    pub author_name: String,
    pub index_number: Option<String>,
    pub live_edition_id: Option<String>,
    pub withdrawn_at: Option<String>,
    pub made_on: String,
    /// 发布日期.
    pub first_released_on: Option<String>,
    pub updated_at: String,
}

/// A page of the list with the number under every tab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskList {
    pub lines: Vec<DeskLine>,
    pub total: i64,
    /// By code of [`Tab`], under the other restrictions.
    pub tabs: Vec<Facet>,
}

impl DeskList {
    pub fn count(&self, tab: Tab) -> i64 {
        self.tabs.iter().find(|facet| facet.value == tab.code()).map_or(0, |facet| facet.count)
    }
}

/// Which page of the list.
pub type DeskPage = Page;

/// An entry with its whole history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskEntry {
    pub head: EntryHead,
    /// Newest first.
    pub editions: Vec<DeskEdition>,
}

impl DeskEntry {
    pub fn newest(&self) -> Option<&DeskEdition> {
        self.editions.first()
    }

    /// What the public sees.
    pub fn live(&self) -> Option<&DeskEdition> {
        self.editions.iter().find(|e| Some(&e.edition.id) == self.head.live_edition_id.as_ref())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EntryHead {
    pub id: String,
    pub agency_id: String,
    pub agency_code: String,
    pub agency_name: String,
    pub line_id: String,
    pub line_code: String,
    pub line_title: String,
    pub category: String,
    pub index_number: Option<String>,
    pub live_edition_id: Option<String>,
    pub first_released_at: Option<String>,
    pub last_released_at: Option<String>,
    pub withdrawn_at: Option<String>,
    pub withdrawal_class: Option<String>,
    pub withdrawal_reason: Option<String>,
    pub created_by_name: String,
    pub created_at: String,
}

/// An edition with its attachments and the reviews it went through, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskEdition {
    pub edition: Edition,
    pub author_name: String,
    pub released_at: Option<String>,
    pub attachments: Vec<Attachment>,
    pub reviews: Vec<Review>,
}
