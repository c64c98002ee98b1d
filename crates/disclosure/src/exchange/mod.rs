//! 交换 — entries in and out: as a table, in the exchange format of TRS content systems, and for the archive. What comes in
//! becomes drafts: there is no way past the review.

pub mod archive;
pub mod import;
mod store;
#[cfg(test)]
mod tests;
pub mod trs;

pub use store::public_entries;

use crate::catalogue::category_label;
use crate::publishing::public::PublicEntry;
use crate::publishing::{Genre, Validity, theme_words};

/// The heads of the ledger of public entries, with their widths.
pub const LEDGER: [(&str, f64); 18] = [
    ("索引号", 20.0),
    ("标题", 50.0),
    ("文号", 22.0),
    ("机关", 26.0),
    ("目录事项", 24.0),
    ("条例规定的类别", 30.0),
    ("体裁", 14.0),
    ("有效性", 10.0),
    ("生成日期", 12.0),
    ("公开日期", 12.0),
    ("内容概述", 50.0),
    ("主题词", 24.0),
    ("信息来源", 24.0),
    ("联合发文机关", 26.0),
    ("主题分类", 24.0),
    ("施行日期", 12.0),
    ("有效期至", 12.0),
    ("咨询渠道", 26.0),
];

/// An entry as a row of the ledger.
pub fn ledger_row(entry: PublicEntry) -> Vec<String> {
    let validity = entry.validity.as_deref().and_then(Validity::from_code);
    vec![
        entry.index_number,
        entry.title,
        entry.document_number.unwrap_or_default(),
        entry.agency_name,
        entry.line_title,
        category_label(&entry.category),
        Genre::from_code(&entry.genre).map_or("", Genre::label).into(),
        validity.map_or("", Validity::label).into(),
        entry.made_on,
        entry.first_released_on,
        entry.summary,
        entry.keywords,
        entry.source,
        entry.co_issuers,
        theme_words(&entry.theme, &entry.subtheme),
        entry.effective_on,
        entry.expires_on,
        entry.contact,
    ]
}
