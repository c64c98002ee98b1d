use std::fmt;

use gongkai_report::Report;
use gongkai_report::write::{self, NotWritten};
use jiff::civil::Date;

use crate::annual_report::{lay_out, usual_day};
use crate::{Engine, NotLaidOut};

/// Every format a report is handed out in: those that need no layout, and those on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    Pdf,
    Ofd,
    Plain(write::Format),
}

/// A file was not made.
#[derive(Debug)]
pub enum NoFile {
    NotLaidOut(NotLaidOut),
    NotWritten(NotWritten),
}

impl fmt::Display for NoFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLaidOut(why) => why.fmt(f),
            Self::NotWritten(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for NoFile {}

impl From<NotLaidOut> for NoFile {
    fn from(why: NotLaidOut) -> Self {
        Self::NotLaidOut(why)
    }
}

impl From<NotWritten> for NoFile {
    fn from(why: NotWritten) -> Self {
        Self::NotWritten(why)
    }
}

impl FileFormat {
    /// In the order they are offered: to read and print, to work with, to compute with.
    pub const ALL: [FileFormat; 8] = [
        Self::Plain(write::Format::Docx),
        Self::Pdf,
        Self::Ofd,
        Self::Plain(write::Format::Xlsx),
        Self::Plain(write::Format::Csv),
        Self::Plain(write::Format::Html),
        Self::Plain(write::Format::Json),
        Self::Plain(write::Format::Text),
    ];

    /// Those that this program makes.
    pub fn offered() -> impl Iterator<Item = FileFormat> {
        Self::ALL.into_iter().filter(|format| cfg!(feature = "typst") || !format.is_on_paper())
    }

    /// How files of this format end, which is also the format's name in addresses and commands.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Ofd => "ofd",
            Self::Plain(format) => format.extension(),
        }
    }

    pub fn from_extension(extension: &str) -> Option<Self> {
        let lower = extension.to_ascii_lowercase();
        Self::ALL.into_iter().find(|format| format.extension() == lower)
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Ofd => "application/ofd",
            Self::Plain(format) => format.media_type(),
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF 文档",
            Self::Ofd => "OFD 版式文件（试验）",
            Self::Plain(format) => format.label(),
        }
    }

    /// Whether pages have to be laid out for it, which takes a moment: not a thing for the thread that answers requests.
    pub fn is_on_paper(self) -> bool {
        matches!(self, Self::Pdf | Self::Ofd)
    }

    /// The bytes of a file: the same report and day give the same bytes. Without a day it is the usual one of the report.
    pub fn write(self, report: &Report, made_on: Option<Date>, engine: &Engine) -> Result<Vec<u8>, NoFile> {
        let made_on = made_on.unwrap_or_else(|| usual_day(report));
        Ok(match self {
            Self::Pdf => lay_out(engine, report)?.pdf(made_on)?,
            Self::Ofd => lay_out(engine, report)?.ofd(made_on)?,
            Self::Plain(format) => format.write(report)?,
        })
    }

    /// What a file of this report is called.
    pub fn file_name(self, report: &Report) -> String {
        match self {
            Self::Plain(format) => format.file_name(report),
            Self::Pdf | Self::Ofd => {
                let text = write::Format::Text;
                let name = text.file_name(report);
                let stem = name.strip_suffix(text.extension()).unwrap_or(&name);
                format!("{stem}{}", self.extension())
            }
        }
    }
}
