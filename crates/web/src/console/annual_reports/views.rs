//! What the pages of the annual report show.

use askama::Template;

use super::super::records::RecordRow;
use super::{AdjustForm, AdjustmentView, FreezeView, InsertableGroup, SubmissionsView, TextLine};
use crate::components::{ErrorSummary, Field, Grid, Link, StatTile, Tab, Tag};
use crate::page::Chrome;

/// One agency's report of the chosen year.
#[derive(Debug, Clone)]
pub struct ReportLine {
    pub agency: String,
    pub href: String,
    pub received: i64,
    pub decided: i64,
    pub carried: i64,
    pub state: Tag,
    /// What a person still has to write, in words; empty when all is there.
    pub unwritten: String,
    /// How far its entry has come; none when it is not drafted.
    pub published: Option<Tag>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/annual_reports/list.html")]
pub struct ReportListPage {
    pub chrome: Chrome,
    pub year: i16,
    pub is_running: bool,
    pub years: Vec<Tab>,
    /// Whether this person oversees others' reports.
    pub oversees: bool,
    pub reports: Vec<ReportLine>,
}

/// A part of the report: its heading, its prose, its table.
#[derive(Debug, Clone)]
pub struct PartView {
    pub title: &'static str,
    pub paragraphs: Vec<String>,
    pub table: Option<Grid>,
}

/// Something that is wrong or missing, with the place to go to.
#[derive(Debug, Clone)]
pub struct FindingView {
    pub severity: Tag,
    pub message: String,
    pub basis: String,
    pub link: Option<Link>,
    /// What was decided about it, with the reason; empty when nothing was.
    pub verdict: String,
    /// Its fingerprint, where this person decides about it.
    pub judge: Option<String>,
}

/// 汇总范围 — the reports a government's report adds up.
#[derive(Debug, Clone)]
pub struct SumView {
    pub added: usize,
    pub missing: usize,
    pub members: Vec<MemberView>,
    /// Where the agencies are compared.
    pub compare: String,
}

#[derive(Debug, Clone)]
pub struct MemberView {
    pub name: String,
    pub href: String,
    pub is_own: bool,
    pub state: Tag,
    pub receipt: String,
    pub sha256: String,
}

/// The report as an entry: where it stands and where to go on.
#[derive(Debug, Clone)]
pub struct EntryView {
    pub state: Tag,
    pub href: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/annual_reports/report.html")]
pub struct ReportPage {
    pub chrome: Chrome,
    pub title: String,
    /// The address of this report, without a slash at its end.
    pub base: String,
    pub period: String,
    pub is_running: bool,
    pub state: Tag,
    pub findings: Vec<FindingView>,
    pub freezing: FreezeView,
    pub submitting: SubmissionsView,
    pub adjustments: Vec<AdjustmentView>,
    pub awaiting_receipt: i64,
    /// The report among the entries, once it is drafted.
    pub entry: Option<EntryView>,
    /// Whether this person may put it into the review now.
    pub may_draft: bool,
    /// Numbers of the prose, each leading to its records.
    pub figures: Vec<StatTile>,
    /// The numbers by catalogue, channel, form and head, zeros left out.
    pub more_figures: Vec<InsertableGroup>,
    pub lead: Vec<String>,
    pub parts: Vec<PartView>,
    /// The parts that are words, each with where it stands and its editor.
    pub texts: Vec<TextLine>,
    /// What is added up, where the report is the government's.
    pub sum: Option<SumView>,
    /// The forms of the texts; empty for those who only read.
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    pub years: Vec<Link>,
    /// The report as a file, one link a format.
    pub downloads: Vec<Link>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/annual_reports/cell.html")]
pub struct CellPage {
    pub chrome: Chrome,
    pub heading: String,
    pub place: String,
    pub question: String,
    /// 查了申请登记中与 2025 年度有关的记录 12 件，符合的有 3。
    pub answer: String,
    pub value: String,
    pub rows: Vec<RecordRow>,
    /// The adjustment of this cell, when it has one.
    pub adjustments: Vec<AdjustmentView>,
    pub adjust: Option<AdjustForm>,
    pub back: String,
}

/// The report alone, on paper.
#[derive(Debug, Clone, Template)]
#[template(path = "console/annual_reports/print.html")]
pub struct PrintPage {
    pub title: String,
    pub body: String,
}
