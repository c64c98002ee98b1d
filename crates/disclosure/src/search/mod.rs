//! 检索 — full text over what the public may read. 《条例》第二十四条.
//!
//! One index per process, following the change log by position. The database stays the truth: a hit is shown
//! only when the public view still holds it.

mod index;
mod store;
mod text;
mod tokens;

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
pub(crate) use tokens::cut;

use tokio::sync::Mutex;

use crate::audit::{self, Link};
use crate::db::{Conn, Db};
use crate::publishing::public;
use index::Index;
pub use store::Row;
pub use text::{Piece, normalised};

/// How many changes are taken in between two commits of the index.
const BATCH: i64 = 2_000;

/// What is looked for, and what the list is narrowed by.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pub text: String,
    /// Agency code.
    pub agency: Option<String>,
    /// Code of the duty category.
    pub category: Option<String>,
    /// Year made.
    pub year: Option<String>,
    pub offset: usize,
    pub limit: usize,
}

/// A value the list can be narrowed by, with how many hits it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    pub code: String,
    pub hits: u64,
}

/// One hit with the words found marked.
#[derive(Clone, Debug)]
pub struct Hit {
    pub row: Row,
    pub title: Vec<Piece>,
    pub extract: Vec<Piece>,
}

#[derive(Clone, Debug, Default)]
pub struct Found {
    pub total: u64,
    pub hits: Vec<Hit>,
    pub agencies: Vec<Count>,
    pub categories: Vec<Count>,
    pub years: Vec<Count>,
}

/// The search of this process.
pub struct Search {
    index: Mutex<Index>,
    reader: index::Reader,
    position: AtomicI64,
}

impl Search {
    /// Opens the index in this folder; one that does not fit this program is built anew. Without a folder, or
    /// when another process holds it, the index is kept in memory.
    pub fn open(folder: Option<&Path>) -> anyhow::Result<Search> {
        let (index, position) = Index::open(folder)?;
        let reader = index.reader()?;
        Ok(Search { index: Mutex::new(index), reader, position: AtomicI64::new(position) })
    }

    /// How far the change log has been followed.
    pub fn position(&self) -> i64 {
        self.position.load(Ordering::Acquire)
    }

    /// Takes in what has changed since the last time; returns the position reached.
    pub async fn follow(&self, db: &Db) -> anyhow::Result<i64> {
        let mut index = self.index.lock().await;
        let mut conn = db.read().await?;
        let head = audit::position(&mut conn).await?;
        let mut position = self.position();
        let mut is_changed = false;
        if let Some((at, hash)) = index.mark.take()
            && hash_at(&mut conn, at).await? != hash
        {
            // Another ledger stands here than the one that was indexed: a backup, or one made anew.
            index.clear()?;
            (position, is_changed) = (0, true);
        }
        if position == 0 && head > BATCH {
            // From nothing it is quicker to take what is public than to follow how it became so.
            let mut after = String::new();
            loop {
                let rows = store::public_after(&mut conn, &after, BATCH).await?;
                let Some(last) = rows.last() else { break };
                after.clone_from(&last.id);
                for row in &rows {
                    index.put(row)?;
                }
            }
            (position, is_changed) = (head, true);
        }
        while position < head {
            let changes = audit::changes_after(&mut conn, position, BATCH).await?;
            let Some(last) = changes.last() else { break };
            position = last.seq;
            let concerns = |change: &&Link| change.room == "publishing" && public::concerns(&change.act);
            for change in changes.iter().filter(concerns) {
                is_changed = true;
                match store::public_row(&mut conn, &change.subject_id).await? {
                    Some(row) => index.put(&row)?,
                    None => index.remove(&change.subject_id),
                }
            }
        }
        // What does not concern the index is gone through again after a restart; a commit costs more.
        if is_changed {
            index.commit(position, &hash_at(&mut conn, position).await?)?;
            self.reader.reload()?;
        }
        self.position.store(position, Ordering::Release);
        Ok(position)
    }

    /// Whether the index still holds an entry, whatever the database says.
    pub fn holds(&self, entry_id: &str) -> anyhow::Result<bool> {
        self.reader.holds(entry_id)
    }

    /// Finds entries, best first; each hit is read again from what is public now.
    pub async fn find(&self, db: &Db, query: &Query) -> anyhow::Result<Found> {
        let raw = self.reader.find(query)?;
        let mut conn = db.read().await?;
        let terms = text::terms(&query.text);
        let mut hits = Vec::with_capacity(raw.ids.len());
        for id in &raw.ids {
            if let Some(row) = store::public_row(&mut conn, id).await? {
                let title = text::marked(&row.title, &terms);
                let extract = text::extract(&text::plain(&row.body_html), &terms);
                hits.push(Hit { title, extract, row });
            }
        }
        Ok(Found {
            total: raw.total,
            hits,
            agencies: raw.agencies,
            categories: raw.categories,
            years: raw.years,
        })
    }
}

/// The hash of a link of the audit chain; empty when there is none.
async fn hash_at(conn: &mut Conn, position: i64) -> anyhow::Result<String> {
    let links = audit::changes_after(conn, position - 1, 1).await?;
    let link = links.into_iter().find(|link| link.seq == position);
    Ok(link.map_or_else(String::new, |link| link.hash))
}

#[cfg(test)]
mod tests;
