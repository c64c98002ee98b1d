//! 批量办理 — several drafts submitted, or several cases signed, on one page that shows every one of them. What was shown is
//! what is done: all of it, or none.

use askama::Template;
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::error::Refusal;
use gongkai_disclosure::publishing::desk::{DeskEdition, DeskEntry};
use gongkai_disclosure::publishing::diff::{Paragraph, Span};

use super::entries::{CheckCard, CheckOutcome, for_desk, record};
use super::reviews::{Changes, changes};
use crate::components::{ErrorSummary, Field, FileRow, KeyValue, Tag, Tone};
use crate::errors::PageError;
use crate::page::{Chrome, Section};

/// More at once nobody reads.
pub(crate) const MOST: usize = 20;

/// One of them, with everything to decide it by.
#[derive(Debug, Clone)]
pub struct BatchItem {
    pub id: String,
    pub title: String,
    /// Its own page.
    pub href: String,
    pub state: Tag,
    pub meta: Vec<KeyValue>,
    pub check: Option<CheckCard>,
    /// What differs, and from what.
    pub changes: Option<(String, Changes)>,
    pub body_html: String,
    pub files: Vec<FileRow>,
    /// The fingerprint that is signed or submitted.
    pub shown: String,
    /// What this one asks for, under names of its own.
    pub fields: Vec<Field>,
    /// Why this one cannot be done now; it is left out.
    pub why_not: Vec<String>,
    /// Why it was not done.
    pub refused: Vec<String>,
}

impl BatchItem {
    /// A draft or an edition under review.
    pub(crate) async fn of_edition(
        conn: &mut Conn,
        id: &str,
        href: String,
        entry: &DeskEntry,
        shown: &DeskEdition,
    ) -> Result<BatchItem, PageError> {
        let e = &shown.edition;
        let live = entry.live().filter(|live| live.edition.id != e.id);
        Ok(BatchItem {
            title: e.title.clone(),
            meta: record(e, &entry.head.line_title),
            check: Some(CheckCard::to_read(&CheckOutcome::of(conn, shown).await?, e)),
            changes: live.map(|live| ("与已公开版本相比".to_owned(), changes(live, shown))),
            body_html: for_desk(&e.body_html),
            files: shown.attachments.iter().map(super::files::file_row).collect(),
            ..BatchItem::new(id, href)
        })
    }

    pub(crate) fn new(id: &str, href: String) -> BatchItem {
        BatchItem {
            id: id.to_owned(),
            title: String::new(),
            href,
            state: Tag::new(Tone::Neutral, ""),
            meta: Vec::new(),
            check: None,
            changes: None,
            body_html: String::new(),
            files: Vec::new(),
            shown: String::new(),
            fields: Vec::new(),
            why_not: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Whether it takes part.
    pub(crate) fn is_in(&self) -> bool {
        self.why_not.is_empty()
    }
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/batch.html")]
pub struct BatchPage {
    pub chrome: Chrome,
    pub heading: &'static str,
    pub lead: &'static str,
    pub action: &'static str,
    pub verb: &'static str,
    /// Where nothing was chosen, and where one goes back to.
    pub back: &'static str,
    pub items: Vec<BatchItem>,
    pub opinion: Option<Field>,
    pub errors: ErrorSummary,
}

impl BatchPage {
    /// How many take part.
    fn count(&self) -> usize {
        self.items.iter().filter(|item| item.is_in()).count()
    }

    /// Names each that was refused, above all of them.
    pub(crate) fn refused<R: Refusal>(&mut self, refused: &[(String, Vec<R>)]) {
        self.errors = ErrorSummary::default().and(format!(
            "有 {} 件不能{}，所以一件也没有{}。处理好或者去掉它们以后再试。",
            refused.len(),
            self.verb,
            self.verb
        ));
        for (id, reasons) in refused {
            let Some(item) = self.items.iter_mut().find(|item| item.id == *id) else { continue };
            let own = |field: &Field, reason: &R| {
                reason.field().is_some_and(|name| field.name == format!("{id}-{name}"))
            };
            for reason in reasons {
                match item.fields.iter_mut().find(|field| own(field, reason)) {
                    Some(field) => field.error = Some(reason.to_string()),
                    None => item.refused.push(reason.to_string()),
                }
            }
            for reason in reasons {
                let words = (format!("item-{id}"), format!("《{}》：{reason}", item.title));
                self.errors.errors.push(words);
            }
        }
    }

    pub fn sample() -> BatchPage {
        let edition = gongkai_disclosure::publishing::Edition::sample();
        let item = BatchItem {
            title: edition.title.clone(),
            state: Tag::new(Tone::Info, "保密审查"),
            meta: record(&edition, "行政规范性文件"),
            check: Some(CheckCard::to_read(&CheckCard::sample_outcome(), &edition)),
            body_html: edition.body_html,
            shown: "3f1c".repeat(16),
            fields: vec![Field::checkbox("1-points", "审校要点", [("a", "与原件一致")]).required()],
            ..BatchItem::new("1", "/console/reviews/1".into())
        };
        let out = BatchItem {
            id: "2".into(),
            fields: Vec::new(),
            why_not: vec!["现在轮到“终审”环节，应由分管领导签署。".into()],
            ..item.clone()
        };
        BatchPage {
            chrome: Chrome::console_sample(Section::Reviews).here("批量签署"),
            heading: "批量签署",
            lead: "逐件核对。",
            action: "/console/reviews/batch",
            verb: "签署",
            back: "/console/reviews",
            items: vec![item, out],
            opinion: Some(Field::text("opinion", "意见", 2)),
            errors: ErrorSummary::default(),
        }
    }

    pub fn sample_empty() -> BatchPage {
        BatchPage { items: Vec::new(), ..BatchPage::sample() }
    }
}

/// The chosen ones, each once; no more than can be read.
pub(crate) fn chosen<'a>(ids: impl Iterator<Item = &'a str>) -> Result<Vec<String>, PageError> {
    let mut chosen: Vec<String> = Vec::new();
    for id in ids {
        if !id.is_empty() && !chosen.iter().any(|known| known == id) {
            chosen.push(id.to_owned());
        }
    }
    if chosen.len() > MOST {
        return Err(PageError::Refused(vec![format!(
            "一次最多办理 {MOST} 件，现在选了 {} 件。请返回上一页少选一些，分几次办理。",
            chosen.len()
        )]));
    }
    Ok(chosen)
}
