//! 政府信息公开工作年度报告 — the annual report on disclosure work, as a typed model.
//!
//! Bytes in, bytes out: nothing here opens a file, asks the clock or fails on content. [`read`] turns a report
//! as it was published into a [`Report`] and a list of problems; [`check`] holds the report against the rules of
//! the official form; [`write`] prints it again.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod aggregate;
pub mod compare;
pub mod lint;
pub mod model;
pub mod read;
mod sheet;
pub mod write;

pub use lint::{At, Finding, Scalar, Severity, check};
pub use model::{Cell, CellAddress, Content, OfficialForm, Position, Report, Section};
pub use read::{NotAReport, Reading, read};
