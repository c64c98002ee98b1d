//! Office files are zip archives. Names, order and dates are fixed: the same content gives the same bytes.

use std::fmt;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// A library could not put the file together. No content of a report leads here.
#[derive(Debug)]
pub struct NotWritten(Box<dyn std::error::Error + Send + Sync>);

impl fmt::Display for NotWritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "文件没有生成，请换一种格式，并把这条消息报告给维护人员：{}", self.0)
    }
}

impl std::error::Error for NotWritten {}

impl From<zip::result::ZipError> for NotWritten {
    fn from(error: zip::result::ZipError) -> Self {
        Self(Box::new(error))
    }
}

impl From<std::io::Error> for NotWritten {
    fn from(error: std::io::Error) -> Self {
        Self(Box::new(error))
    }
}

impl From<rust_xlsxwriter::XlsxError> for NotWritten {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        Self(Box::new(error))
    }
}

/// An archive of texts with these names, in this order.
pub fn package(parts: &[(&str, &str)]) -> Result<Vec<u8>, NotWritten> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut archive = ZipWriter::new(Cursor::new(Vec::with_capacity(32 * 1024)));
    for (name, content) in parts {
        archive.start_file(*name, options)?;
        archive.write_all(content.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}
