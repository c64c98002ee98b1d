use super::{NotWritten, csv, docx, html_page, json, text, title, xlsx};
use crate::model::Report;

/// The formats a report is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Docx,
    Xlsx,
    Csv,
    Html,
    Json,
    Text,
}

impl Format {
    pub const ALL: [Format; 6] =
        [Format::Docx, Format::Xlsx, Format::Csv, Format::Html, Format::Json, Format::Text];

    /// How files of this format end, which is also the format's name in addresses and commands.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Json => "json",
            Self::Text => "txt",
        }
    }

    pub fn from_extension(extension: &str) -> Option<Self> {
        let lower = extension.to_ascii_lowercase();
        Self::ALL.into_iter().find(|format| format.extension() == lower)
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Json => "application/json",
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Docx => "Word 文档",
            Self::Xlsx => "Excel 表格",
            Self::Csv => "CSV 表格",
            Self::Html => "网页",
            Self::Json => "JSON 数据",
            Self::Text => "纯文本",
        }
    }

    /// The bytes of a file: the same report gives the same bytes.
    pub fn write(self, report: &Report) -> Result<Vec<u8>, NotWritten> {
        Ok(match self {
            Self::Docx => docx(report)?,
            Self::Xlsx => xlsx(report)?,
            Self::Csv => csv(report).into_bytes(),
            Self::Html => html_page(report).into_bytes(),
            Self::Json => json(report, &[]).into_bytes(),
            Self::Text => text(report).into_bytes(),
        })
    }

    /// What a file of this report is called: its title, without what file systems refuse.
    pub fn file_name(self, report: &Report) -> String {
        let keep = |c: &char| !c.is_control() && !"/\\:*?\"<>|".contains(*c);
        let name: String = title(report).chars().filter(keep).take(80).collect();
        format!("{name}.{}", self.extension())
    }
}
