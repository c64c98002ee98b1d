//! What everyone reads of the registers: the documents in force, and which texts explain which.

mod store;

pub use store::{document_counts, documents, explained_by, explains};

use jiff::civil::Date;

use crate::calendars;
use crate::db::Conn;
use crate::publicity::{PeriodUnit, last_day};

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

/// 公示期 of a public entry: how long, and its last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publicity {
    /// 5 个工作日.
    pub length: String,
    pub last_day: Date,
}

/// The publicity period of a public entry.
pub async fn publicity_of(conn: &mut Conn, entry_id: &str) -> anyhow::Result<Option<Publicity>> {
    let Some((days, unit, released_on)) = store::publicity_of(conn, entry_id).await? else { return Ok(None) };
    let Some(unit) = PeriodUnit::from_code(&unit) else { return Ok(None) };
    let calendar = calendars::national(conn).await?;
    let last_day = last_day(released_on.parse()?, days, unit, &calendar)?;
    Ok(Some(Publicity { length: format!("{days} {}", unit.label()), last_day }))
}
