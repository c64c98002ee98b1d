//! 副本 — what a copy of the portal holds, and what of a withdrawn entry must stand nowhere any more.

mod store;

pub use store::{all_attachments, places, withdrawn, withdrawn_files};

/// Where a public entry stands, and in which lists.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Place {
    pub id: String,
    pub index_number: String,
    pub agency_code: String,
    /// Code of a duty.
    pub category: String,
    pub line_id: String,
    pub genre: String,
}

/// 撤回的信息 with what identifies its copies.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Withdrawn {
    pub id: String,
    pub index_number: String,
    pub agency_code: String,
    pub line_id: String,
    /// Of the edition that was live last.
    pub title: String,
    pub withdrawn_at: String,
}

/// A file that was released with an entry that is now withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct WithdrawnFile {
    pub entry_id: String,
    /// The id of the attachment, which its address ends with.
    pub id: String,
    pub file_sha256: String,
    /// Another entry that is public holds the same bytes: they may stand there.
    pub is_public_elsewhere: i64,
}
