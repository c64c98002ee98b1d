//! 更正 — what a corrected edition of a published report changes, old beside new.

use gongkai_report::model::Section;
use gongkai_report::{Cell, CellAddress, Content, OfficialForm, Report};
use serde::{Deserialize, Serialize};

/// One place of the report that was corrected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The address of a cell, or the code of a section.
    pub place: String,
    /// The place in words.
    pub label: String,
    pub old: String,
    pub new: String,
}

/// Where two reports of the same agency and year differ, in the order of the form.
pub fn changes(old: &Report, new: &Report) -> Vec<Change> {
    let mut found = Vec::new();
    for section in Section::ALL {
        let paragraphs = |report: &Report| -> Vec<String> {
            let paragraphs = report.sections.paragraphs(section).unwrap_or_default();
            paragraphs.iter().map(|paragraph| paragraph.text.clone()).collect()
        };
        let (before, after) = (paragraphs(old), paragraphs(new));
        let change = |old: &str, new: &str| Change {
            place: section.code().to_owned(),
            label: section.official().to_owned(),
            old: old.to_owned(),
            new: new.to_owned(),
        };
        if before.len() == after.len() {
            let pairs = before.iter().zip(&after).filter(|(old, new)| old != new);
            found.extend(pairs.map(|(old, new)| change(old, new)));
        } else {
            found.push(change(&before.join("\n"), &after.join("\n")));
        }
    }
    for cell in CellAddress::all(OfficialForm::for_year(new.year.unwrap_or_default())) {
        let (before, after) = (old.get(cell).map(printed), new.get(cell).map(printed));
        if before != after {
            found.push(Change {
                place: cell.to_string(),
                label: in_words(cell),
                old: before.unwrap_or_default(),
                new: after.unwrap_or_default(),
            });
        }
    }
    found
}

fn in_words(cell: CellAddress) -> String {
    let group = cell.group_label().map(|group| format!("{group} ")).unwrap_or_default();
    format!("{}：{group}{}，{}", cell.table().official(), cell.row_label(), cell.column_label())
}

fn printed(cell: &Cell) -> String {
    match &cell.content {
        Content::Count(count) => count.to_string(),
        Content::Amount(amount) => amount.clone(),
        Content::Blank | Content::Lost => String::new(),
        Content::ExplicitNone => "无".to_owned(),
    }
}

/// The changes of a stored edition.
pub fn stored(changes: &str) -> anyhow::Result<Vec<Change>> {
    Ok(serde_json::from_str(changes)?)
}

/// What a corrected edition says of itself at its head: the old figure beside the new, and why.
pub(crate) fn statement(changes: &[Change], reason: &str, on: &str) -> String {
    let is_cell = |change: &&Change| change.place.contains('/');
    let figures: Vec<String> = changes
        .iter()
        .filter(is_cell)
        .map(|change| format!("“{}”原公布为{}，更正为{}", change.label, change.old, change.new))
        .collect();
    let mut parts: Vec<String> = changes
        .iter()
        .filter(|change| !is_cell(change))
        .map(|change| format!("“{}”的文字有更正", change.label))
        .collect();
    parts.dedup();
    let all: Vec<String> = figures.into_iter().chain(parts).collect();
    format!("更正说明（{on}）：{}。更正原因：{}", all.join("；"), reason.trim_end_matches('。')) + "。"
}
