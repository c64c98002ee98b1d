//! 档案移交 — the table that an archive system takes, one row an entry, beside a PDF for each. 《条例》第二十五条.

use jiff::civil::Date;

use crate::publishing::public::PublicEntry;
use crate::sheets::{DbfField, dbf};

/// The columns by the names archive systems use: 全宗号、年度、保管期限、件号、责任者、文件编号、题名、日期、索引号、文件名、
/// 校验值.
const FIELDS: [DbfField; 11] = [
    DbfField { name: "QZH", width: 12 },
    DbfField { name: "ND", width: 4 },
    DbfField { name: "BGQX", width: 8 },
    DbfField { name: "JH", width: 6 },
    DbfField { name: "ZRZ", width: 80 },
    DbfField { name: "WJBH", width: 60 },
    DbfField { name: "TM", width: 250 },
    DbfField { name: "RQ", width: 8 },
    DbfField { name: "SYH", width: 40 },
    DbfField { name: "WJM", width: 80 },
    DbfField { name: "JYZ", width: 64 },
];

/// One entry with the file that was made of it.
#[derive(Clone, Debug)]
pub struct Handed {
    pub entry: PublicEntry,
    /// Name of the PDF and its SHA-256.
    pub file: String,
    pub sha256: String,
}

/// What the archive is told beside the entries.
#[derive(Clone, Debug, Default)]
pub struct Fonds {
    /// 全宗号; the archive gives it.
    pub number: String,
    /// 保管期限: 永久, 30年, 10年.
    pub retention: String,
}

/// The name of an entry's PDF: its index number, as a file can be called.
pub fn file_name(index_number: &str) -> String {
    format!("{}.pdf", index_number.replace(['/', '\\', ':'], "-"))
}

/// The table, and how many cells had to be cut to their column.
pub fn table(fonds: &Fonds, handed: &[Handed], written_on: Date) -> (Vec<u8>, usize) {
    let rows: Vec<Vec<String>> = (1..)
        .zip(handed)
        .map(|(number, one): (usize, &Handed)| {
            let entry = &one.entry;
            vec![
                fonds.number.clone(),
                entry.first_released_on.chars().take(4).collect(),
                fonds.retention.clone(),
                number.to_string(),
                if entry.source.is_empty() { entry.agency_name.clone() } else { entry.source.clone() },
                entry.document_number.clone().unwrap_or_default(),
                entry.title.clone(),
                entry.made_on.replace('-', ""),
                entry.index_number.clone(),
                one.file.clone(),
                one.sha256.clone(),
            ]
        })
        .collect();
    dbf(&FIELDS, &rows, written_on)
}

/// The entry as it is laid out for the archive: its head, its record, its text.
pub fn page_html(entry: &PublicEntry) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let number = entry.document_number.as_deref().unwrap_or_default();
    format!(
        "<div class=\"document-head\"><h2>{}</h2><p>{}</p></div>\n{}\n<p>索引号：{}　生成日期：{}　公开日期：{}</p>\n\
         <p>签发的内容指纹：{}</p>\n",
        escaped(&entry.title),
        escaped(number),
        entry.body_html,
        escaped(&entry.index_number),
        entry.made_on,
        entry.first_released_on,
        entry.content_hash
    )
}
