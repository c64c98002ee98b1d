//! Following the change log: which entries a change concerns, and putting them into an index.

use std::collections::HashMap;

use super::index::{FileWords, Index};
use super::store;
use crate::audit::{self, Link};
use crate::db::Conn;
use crate::files::Passage;
use crate::publishing::public;

/// How many changes are looked at together.
pub(super) const BATCH: i64 = 2_000;
/// So many entries are read at a time when the index is built.
const ROWS: i64 = 200;

/// What was met on the way through the log.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Met {
    pub position: i64,
    pub is_changed: bool,
    pub has_new_names: bool,
    pub is_rebuild_asked: bool,
}

/// Takes into the index what the log says from here on, up to `head`.
pub(super) async fn advance(conn: &mut Conn, index: &mut Index, from: i64, head: i64) -> anyhow::Result<Met> {
    let mut met = Met { position: from, ..Met::default() };
    if from == 0 && head > BATCH {
        // From nothing it is quicker to take what is public than to follow how it became so. What changes meanwhile
        // stands in the log after `head` and is taken in again.
        put_all(conn, index).await?;
        (met.position, met.is_changed) = (head, true);
    }
    while met.position < head {
        let changes = audit::changes_after(conn, met.position, BATCH).await?;
        let Some(last) = changes.last() else { break };
        met.position = last.seq;
        met.has_new_names |= changes.iter().any(renames);
        // What is built from nothing is new already.
        met.is_rebuild_asked |=
            from > 0 && changes.iter().any(|c| c.room == "search" && c.act == "rebuild_asked");
        for id in concerned(conn, &changes).await? {
            met.is_changed = true;
            put_one(conn, index, &id).await?;
        }
    }
    Ok(met)
}

/// Whether a change gives something another name.
fn renames(change: &Link) -> bool {
    change.room == "catalogue" || change.room == "accounts" && change.act.starts_with("agency_")
}

/// The entries that these changes concern, each once.
pub(super) async fn concerned(conn: &mut Conn, changes: &[Link]) -> anyhow::Result<Vec<String>> {
    let mut ids = Vec::new();
    for change in changes {
        match change.room.as_str() {
            "publishing" if public::concerns(&change.act) => ids.push(change.subject_id.clone()),
            // A line may have come under another item of the law.
            "catalogue" => ids.extend(store::public_ids_of_line(conn, &change.subject_id).await?),
            _ => {}
        }
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

pub(super) async fn put_one(conn: &mut Conn, index: &mut Index, id: &str) -> anyhow::Result<()> {
    match store::public_row(conn, id).await? {
        Some(row) => {
            let files = store::attachment_texts(conn, id, id).await?;
            index.put(&row, &files.iter().map(words_of).collect::<Vec<_>>())
        }
        None => {
            index.remove(id);
            Ok(())
        }
    }
}

pub(super) async fn put_all(conn: &mut Conn, index: &mut Index) -> anyhow::Result<()> {
    let mut after = String::new();
    loop {
        let rows = store::public_after(conn, &after, ROWS).await?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(()) };
        let mut files: HashMap<String, Vec<FileWords>> = HashMap::new();
        for file in store::attachment_texts(conn, &first.id, &last.id).await? {
            files.entry(file.entry_id.clone()).or_default().push(words_of(&file));
        }
        after.clone_from(&last.id);
        for row in &rows {
            index.put(row, files.get(&row.id).map_or(&[], Vec::as_slice))?;
        }
    }
}

pub(super) fn passages(json: &str) -> Vec<Passage> {
    serde_json::from_str(json).unwrap_or_else(|error| {
        tracing::warn!(%error, "what a file says cannot be read");
        Vec::new()
    })
}

pub(super) fn words_of(file: &store::AttachmentText) -> FileWords {
    FileWords { name: file.name.clone(), passages: passages(&file.passages) }
}

/// The hash of a link of the audit chain; empty when there is none.
pub(super) async fn hash_at(conn: &mut Conn, position: i64) -> anyhow::Result<String> {
    let links = audit::changes_after(conn, position - 1, 1).await?;
    let link = links.into_iter().find(|link| link.seq == position);
    Ok(link.map_or_else(String::new, |link| link.hash))
}
