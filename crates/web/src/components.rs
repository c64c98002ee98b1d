//! The pieces pages are built from, as types: a field, a notice, a day ledger, …
//!
//! Each type renders itself with one small template in `templates/shared/parts/`; pages reach them through the
//! macros of `templates/shared/components.html`, which say how each is used. The console's component page
//! (`console::components`) shows all of them.

mod field;
mod grid;
mod list;
mod time;

pub use field::{Choice, ErrorSummary, Field, FieldKind};
pub use grid::{Grid, GridCell};
pub use list::{Facet, FacetOption, FileRow, KeyValue, Pager, Segment, StatTile, Tab, grouped, segments};
pub use time::{Day, DayKind, DayLedger, Event, Step, StepState, Stepper, Timeline};

use std::fmt;

use askama::Template;

/// What a tag, a notice or an event means. Red stands for overdue and nothing else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Info,
    Success,
    Warning,
    Overdue,
}

impl fmt::Display for Tone {
    /// The class in the style sheet.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Tone::Neutral => "neutral",
            Tone::Info => "info",
            Tone::Success => "success",
            Tone::Warning => "warning",
            Tone::Overdue => "overdue",
        })
    }
}

/// A drawing in the line of the text; the names are in the template.
#[derive(Debug, Clone, Copy, Template)]
#[template(path = "shared/parts/icon.html")]
pub struct Icon<'a> {
    name: &'a str,
}

/// The drawing of that name; an unknown name draws an arrow.
pub fn icon(name: &str) -> Icon<'_> {
    Icon { name }
}

/// The drawing of a notice, by its tone: a [`Tone`] or its word in a template.
pub fn notice_icon(tone: impl fmt::Display) -> Icon<'static> {
    match tone.to_string().as_str() {
        "success" => icon("check"),
        "warning" => icon("warning"),
        "overdue" => icon("clock"),
        _ => icon("info"),
    }
}

/// A state in one or two words, with its meaning as colour: 已答复, 逾期 2 天.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub label: String,
    pub tone: Tone,
}

impl Tag {
    pub fn new(tone: Tone, label: impl Into<String>) -> Self {
        Tag { label: label.into(), tone }
    }
}

/// A link in words; used wherever a page offers a next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub label: String,
    pub href: String,
}

impl Link {
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Link { label: label.into(), href: href.into() }
    }
}
