//! What goes on paper: a template and data, laid out as pages, given out as PDF (PDF/A-2a and PDF/UA-1) or OFD
//! (GB/T 33190).
//!
//! Typst lays out. It is heavy to build, so it stands in this crate alone, behind the feature `typst`: without it every
//! call is answered with [`NotLaidOut::NotBuilt`], and callers look the same.

pub mod annual_report;
mod formats;
mod refusal;
pub mod writing;

#[cfg(feature = "typst")]
mod document;
#[cfg(feature = "typst")]
mod engine;
#[cfg(feature = "typst")]
mod fonts;
#[cfg(feature = "typst")]
mod ofd;

#[cfg(feature = "typst")]
pub use document::Document;
#[cfg(feature = "typst")]
pub use engine::Engine;
pub use formats::{FileFormat, NoFile};
pub use refusal::NotLaidOut;
#[cfg(not(feature = "typst"))]
pub use without::{Document, Engine};
pub use writing::Writing;

#[cfg(not(feature = "typst"))]
mod without;

/// A layout for one kind of document. It reads its data with `json("data.json")` and may import `official.typ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    pub name: &'static str,
    pub source: &'static str,
}

/// The typeface that is built in, for whoever else shows Chinese text.
#[cfg(feature = "typst")]
pub fn built_in_typeface() -> Option<Vec<u8>> {
    fonts::built_in_typeface()
}

/// There is none in a program that lays nothing out.
#[cfg(not(feature = "typst"))]
pub fn built_in_typeface() -> Option<Vec<u8>> {
    None
}
