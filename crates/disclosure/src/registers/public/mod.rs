//! What everyone reads of the registers: the documents in force, and which texts explain which.

mod store;

pub use store::{document_counts, documents, explained_by, explains, publicity_of};

/// A document of the public register.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicDocument {
    pub agency_name: String,
    pub title: String,
    pub document_number: String,
    pub issued_on: String,
    pub valid_until: Option<String>,
    pub amended_on: Option<String>,
    pub amendment: String,
    pub ended_on: Option<String>,
    pub end_kind: Option<String>,
    /// 索引号 of the text, when it is public.
    pub index_number: Option<String>,
    /// 索引号 of the notice of repeal, when it is public.
    pub notice_index_number: Option<String>,
}

/// What to list; an empty field is no restriction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentFilter {
    pub agency_code: String,
    /// `in_force`, `ended`, or empty.
    pub standing: String,
}

/// The other half of a pair.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Counterpart {
    pub index_number: String,
    pub title: String,
    /// Code of [`super::InterpretationForm`].
    pub form: String,
}
