//! What everyone may read. Every function here reads the `public_*` views, which hold released, live,
//! proactive editions and nothing else; there is no filter to forget.
//!
//! | Page | Call |
//! |---|---|
//! | home, catalogue, list | [`lines`] with a [`Filter`] and a [`Page`]; [`Shelf`]: total, facets |
//! | entry | [`find`] by agency code and serial → [`Found`]; [`attachments`], [`editions`] |
//! | download | [`attachment`], then `files::FileStore::stream(sha256)` |
//! | other addresses | [`by_id`] for what the change log or search names by entry id |
//! | agencies | [`agencies`], [`agency`] |

mod shelf;
mod store;

pub use super::theme_words;
pub use shelf::Shelf;
pub(crate) use store::LAST_DAY;
#[cfg(test)]
pub use store::list;
pub use store::{
    agencies, agency, attachment, attachments, by_id, counts, editions, emergency, find, lines, newest,
    picture, sign_offs,
};

/// 紧急发布 — what the public is told of an edition that went out before its review had ended.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicEmergency {
    pub public_note: String,
    pub review_due_on: String,
    pub concluded_at: Option<String>,
    /// `signed` once the review has ended well.
    pub outcome: Option<String>,
}

/// Whether an act of this room, as the change log names it, changes what everyone reads. Work at a draft does not.
pub fn concerns(act: &str) -> bool {
    !matches!(
        act,
        "drafted"
            | "moved"
            | "revision_started"
            | "saved"
            | "attached"
            | "detached"
            | "submitted"
            | "draft_deleted"
            | "release_time_set"
            | "release_time_cleared"
            | "release_refused"
            | "posted"
            | "posting_voided"
            | "emergency_asked"
            | "index_rule_set"
            | "account_post_asked"
            | "account_post_failed"
            | "copy_removal_asked"
            | "copy_removed"
            | "copy_removal_refused"
            | "copy_removal_confirmed"
            | "class_opinion_rule_set"
            | "class_proposed"
            | "class_decided"
            | "index_numbers_reserved"
            | "index_number_given"
            | "emergency_signed"
    )
}

/// 信息条目 as the public reads it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicEntry {
    pub id: String,
    /// 索引号, `QHCZ/2026-00017`: agency code, slash, serial.
    pub index_number: String,
    pub agency_id: String,
    pub agency_code: String,
    pub agency_name: String,
    pub line_id: String,
    pub line_code: String,
    pub line_title: String,
    /// Code of a duty; `catalogue::category_label` gives its words.
    pub category: String,
    pub edition_id: String,
    pub ordinal: i64,
    pub title: String,
    pub summary: String,
    /// Already cleaned; shown as it is.
    pub body_html: String,
    pub document_number: Option<String>,
    /// Code of [`super::Genre`].
    pub genre: String,
    pub keywords: String,
    pub source: String,
    /// Code of [`super::Validity`].
    pub validity: Option<String>,
    pub made_on: String,
    pub co_issuers: String,
    /// Code of [`super::Theme`].
    pub theme: String,
    pub subtheme: String,
    pub effective_on: String,
    pub expires_on: String,
    pub contact: String,
    /// 内容哈希 — what was signed.
    pub content_hash: String,
    pub first_released_at: String,
    /// 发布日期, in China.
    pub first_released_on: String,
    pub last_released_at: String,
}

/// A line of a list: the statutory four (索引、名称、内容概述、生成日期) and where it stands.
/// 《条例》第十二条第三款.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EntryLine {
    pub id: String,
    pub index_number: String,
    pub agency_code: String,
    pub agency_name: String,
    pub line_title: String,
    pub category: String,
    pub title: String,
    pub summary: String,
    pub document_number: Option<String>,
    pub genre: String,
    pub validity: Option<String>,
    pub made_on: String,
    pub first_released_on: String,
}

/// What stands at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Entry(Box<PublicEntry>),
    Withdrawn(WithdrawnEntry),
}

/// 撤回的信息 — its address stays and says why.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct WithdrawnEntry {
    pub index_number: String,
    pub agency_code: String,
    pub agency_name: String,
    pub withdrawn_at: String,
    /// Code of [`super::WithdrawalClass`].
    pub withdrawal_class: String,
    pub withdrawal_reason: String,
}

/// An attachment that can be downloaded.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicAttachment {
    pub id: String,
    pub entry_id: String,
    pub edition_id: String,
    pub name: String,
    pub file_sha256: String,
    pub size: i64,
    pub media_type: String,
}

/// One edition in the history of an entry, newest first.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicEdition {
    pub edition_id: String,
    pub ordinal: i64,
    pub title: String,
    pub change_note: String,
    pub released_at: String,
    pub content_hash: String,
    /// How many people signed it.
    pub sign_offs: i64,
    pub signed_at: String,
}

/// A stage that signed an edition: what it is called and when, not who.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicSignOff {
    pub title: String,
    pub signed_at: String,
}

/// 公开机关 and how to reach it. 《条例》第十二条第二款.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicAgency {
    pub id: String,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub address: String,
    pub office_hours: String,
    pub phone: String,
    pub email: String,
}

/// The order of a list, newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// By the day it was disclosed.
    #[default]
    Released,
    /// By the day it was made.
    Made,
}

/// What to list; an empty field is no restriction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    pub agency_code: String,
    /// Code of a duty.
    pub category: String,
    /// Year of release, `2026`.
    pub year: String,
    /// Code of [`super::Genre`].
    pub genre: String,
    pub line_id: String,
    /// Code of [`super::Validity`].
    pub validity: String,
    /// Code of [`super::Theme`].
    pub theme: String,
    pub sort: Sort,
}

/// Which page of a list, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub number: i64,
    pub size: i64,
}

impl Page {
    pub fn new(number: i64, size: i64) -> Page {
        Page { number: number.max(1), size: size.clamp(1, 200) }
    }

    pub(crate) fn offset(self) -> i64 {
        (self.number - 1).saturating_mul(self.size)
    }
}

/// A value one can narrow a list to, and how many entries that leaves.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Facet {
    /// What goes into the [`Filter`]: agency code, duty code, year, genre code.
    pub value: String,
    pub count: i64,
}

impl Facet {
    /// How many, as a number that cannot be negative.
    pub fn hits(&self) -> u64 {
        self.count.unsigned_abs()
    }
}

/// A page of a list, newest first, with what it could be narrowed to. Each facet counts under the other
/// restrictions, not under its own, so that one can change one's mind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    pub lines: Vec<EntryLine>,
    pub total: i64,
    /// How many entries are public, whether they stand in this list or not.
    pub all: i64,
    pub agencies: Vec<Facet>,
    pub categories: Vec<Facet>,
    pub years: Vec<Facet>,
    pub genres: Vec<Facet>,
    pub validities: Vec<Facet>,
    pub themes: Vec<Facet>,
}

/// Figures for the home page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub entries: i64,
    pub this_year: i64,
    /// By agency code.
    pub by_agency: Vec<Facet>,
}
