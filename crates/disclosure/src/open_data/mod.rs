//! 开放数据 — what is public, read as data: page by page for other programs, whole for those who take it away.
//!
//! Every function reads the `public_*` views alone, like the pages do.

mod store;
#[cfg(test)]
mod tests;

/// What is read, for pages and programs alike.
pub mod public {
    pub use super::store::{
        addresses_after, catalogue, change_of, counts_by_year, documents, entries, entries_in_order, feed,
        line, reports, reports_with_text, sitemap_parts,
    };
}

/// 信息条目 as data.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OpenEntry {
    pub id: String,
    pub index_number: String,
    pub agency_code: String,
    pub agency_name: String,
    pub line_code: String,
    pub line_title: String,
    pub category: String,
    pub title: String,
    pub summary: String,
    pub document_number: Option<String>,
    /// Code of [`crate::publishing::Theme`]; may be empty.
    pub theme: String,
    pub genre: String,
    pub keywords: String,
    pub source: String,
    pub validity: Option<String>,
    pub made_on: String,
    pub content_hash: String,
    pub first_released_on: String,
    pub first_released_at: String,
    pub last_released_at: String,
}

/// What to read; an empty field is no restriction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryFilter {
    pub agency: String,
    pub category: String,
    pub theme: String,
    pub genre: String,
    /// Code of a line of the catalogue.
    pub line: String,
    /// Code of a validity.
    pub validity: String,
    /// First day of disclosure.
    pub from: String,
    /// Last day of disclosure.
    pub to: String,
    /// Released, or released anew, at this moment or after it.
    pub changed_since: String,
}

/// Where the next page of a list goes on: after the entry of that day with that index number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct After {
    pub released_on: String,
    pub index_number: String,
}

/// A line of an agency's catalogue as data.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OpenLine {
    pub agency_code: String,
    pub code: String,
    pub category: String,
    pub title: String,
    pub elements: String,
    pub basis: String,
    pub time_limit: String,
    pub channels: String,
    pub entries: i64,
    pub newest_on: Option<String>,
}

/// A document of the register as data.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OpenDocument {
    pub id: String,
    pub agency_code: String,
    pub agency_name: String,
    pub kind: String,
    pub title: String,
    pub document_number: String,
    pub issued_on: String,
    pub valid_until: Option<String>,
    pub amended_on: Option<String>,
    pub amendment: String,
    pub ended_on: Option<String>,
    pub end_kind: Option<String>,
    pub index_number: Option<String>,
    pub notice_index_number: Option<String>,
}

/// A published annual report, without its text.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OpenReport {
    pub agency_code: String,
    pub agency_name: String,
    pub year: i64,
    pub ordinal: i64,
    pub released_at: String,
    pub sha256: String,
}

/// A line of the feed of newest entries.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FeedLine {
    pub index_number: String,
    pub title: String,
    pub summary: String,
    pub agency_name: String,
    pub first_released_at: String,
    pub last_released_at: String,
}
