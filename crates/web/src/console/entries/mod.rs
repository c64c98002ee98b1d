//! 信息 — the officers' side of what is disclosed: the list, the drafting form, one entry on one screen, its files.

mod accounts;
mod acts;
mod batch;
mod check;
pub(crate) mod files;
mod form;
mod form_page;
mod list;
pub(crate) mod samples;
mod show;
mod writing;

pub(crate) use accounts::{article, publish};
pub(crate) use acts::{Act, Visit, clear_time, number, revise, set_time, submit, take_back, withdraw};
pub(crate) use batch::{show as show_batch, submit as submit_batch};
pub(crate) use check::{CheckCard, CheckOutcome, agree, ask, end as end_exception, replace};
pub(crate) use files::{Received, add as add_files, received_with, remove as remove_file, wants_data};
pub(crate) use form::{create, edit, new, save};
pub use form_page::EntryFormPage;
pub use list::EntryListPage;
pub(crate) use list::list;
pub use show::EntryPage;
pub(crate) use show::{record, show};
pub(crate) use writing::{
    add_picture, autosave, delete, discard_autosave, import, import_new, paste, picture, public_picture,
};

use gongkai_disclosure::accounts::Staff;
use gongkai_disclosure::catalogue::Line;
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::publishing::desk::{self, DeskEntry, DeskLine};
use gongkai_disclosure::publishing::{DisclosureClass, EditionState};

use crate::components::{Field, Tag, Tone};
use crate::errors::PageError;
use crate::html::PageContext;
use crate::page::{Chrome, Section};
use crate::portal::wording::short_category;

fn chrome(page: &PageContext) -> Chrome {
    page.chrome(Section::Entries).crumb("工作台", "/console").crumb("信息", "/console/entries")
}

pub(super) fn address(entry_id: &str) -> String {
    format!("/console/entries/{entry_id}")
}

/// A text as staff see it: its pictures may not be public yet.
pub(crate) fn for_desk(html: &str) -> String {
    html.replace("src=\"/pictures/", "src=\"/console/pictures/")
}

/// The entry, for someone who may read it.
async fn readable(conn: &mut Conn, staff: &Staff, entry_id: &str) -> Result<DeskEntry, PageError> {
    desk::entry(conn, staff, entry_id).await?.ok_or(PageError::NotFound)
}

/// The state of an edition in the officers' words.
pub(crate) fn state_tag(state: EditionState) -> Tag {
    let (tone, words) = match state {
        EditionState::Drafting | EditionState::Superseded => (Tone::Neutral, state.label()),
        EditionState::InReview => (Tone::Info, state.label()),
        EditionState::Returned => (Tone::Warning, state.label()),
        EditionState::Signed => (Tone::Success, "已签发，不对外"),
        EditionState::Released => (Tone::Success, "已公开"),
    };
    Tag::new(tone, words)
}

/// Where the entry of this line stands.
pub(super) fn standing_of(line: &DeskLine) -> Vec<Tag> {
    let is_newest_live = line.live_edition_id.as_ref() == Some(&line.edition_id);
    let is_live = line.live_edition_id.is_some();
    standing(&line.state, line.ordinal, is_newest_live, is_live, line.withdrawn_at.is_some())
}

/// Where an entry stands: what the public sees, and what is under way beside it.
pub(super) fn standing(
    newest: &str,
    ordinal: i64,
    is_newest_live: bool,
    is_live: bool,
    is_withdrawn: bool,
) -> Vec<Tag> {
    let state = EditionState::from_code(newest);
    let own = || state.map(state_tag);
    match (is_live, is_withdrawn) {
        (_, true) => {
            let mut tags = vec![Tag::new(Tone::Neutral, "已撤回")];
            tags.extend(own().filter(|_| !is_newest_live).map(|tag| revision(tag, ordinal)));
            tags
        }
        (true, false) if is_newest_live => vec![Tag::new(Tone::Success, "已公开")],
        (true, false) => {
            let mut tags = vec![Tag::new(Tone::Success, "已公开")];
            tags.extend(own().map(|tag| revision(tag, ordinal)));
            tags
        }
        (false, false) => own().into_iter().collect(),
    }
}

fn revision(tag: Tag, ordinal: i64) -> Tag {
    Tag::new(tag.tone, format!("第 {ordinal} 版{}", tag.label))
}

fn class_label(code: &str) -> &'static str {
    DisclosureClass::from_code(code).map_or("", DisclosureClass::label)
}

/// A catalogue as a drop-down: its lines under the duty they belong to.
fn line_field(label: &str, none: &str, lines: &[Line]) -> Field {
    let mut groups: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for line in lines {
        let heading = short_category(&line.category);
        let entry = (line.id.clone(), line.title.clone());
        match groups.iter_mut().find(|(known, _)| *known == heading) {
            Some((_, entries)) => entries.push(entry),
            None => groups.push((heading, vec![entry])),
        }
    }
    Field::groups("line", label, none, groups)
}
