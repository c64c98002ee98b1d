//! 重建索引 — a new index beside the old one, which goes on answering; the new one takes its place once it is proved to hold
//! exactly what is public.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use jiff::Timestamp;
use serde_json::json;

use super::follow::{advance, hash_at, put_all};
use super::index::{Index, print_of};
use super::{Search, store};
use crate::audit::{self, Act, Actor, Link};
use crate::db::{Conn, Db};

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// Entries in the new index, as many as are public.
    pub entries: usize,
    /// Whether the old index held exactly the same.
    pub was_equal: bool,
}

/// Asks every process of the installation, through the change log, to build its index anew.
pub async fn ask_rebuild(db: &Db, actor: &Actor, now: Timestamp) -> anyhow::Result<i64> {
    let mut tx = db.begin(actor, now).await?;
    let before = audit::position(tx.conn()).await?;
    tx.record(Act::new("search", "rebuild_asked", "", "", json!({})));
    tx.commit().await?;
    Ok(before)
}

/// Notes that this process has done so.
pub async fn note_rebuilt(db: &Db, rebuilt: Rebuilt, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = db.begin(&Actor::Program("search"), now).await?;
    let detail = json!({"entries": rebuilt.entries, "was_equal": rebuilt.was_equal});
    tx.record(Act::new("search", "rebuilt", "", "", detail));
    tx.commit().await?;
    Ok(())
}

/// The processes that have done so since this position of the log, as they noted it.
pub async fn rebuilt_since(db: &Db, position: i64) -> anyhow::Result<Vec<Link>> {
    let changes = audit::changes_after(&mut *db.read().await?, position, 10_000).await?;
    Ok(changes.into_iter().filter(|change| change.room == "search" && change.act == "rebuilt").collect())
}

impl Search {
    /// Whether someone has asked for it since the last time.
    pub fn is_rebuild_asked(&self) -> bool {
        self.is_rebuild_asked.load(Ordering::Acquire)
    }

    /// Builds the index anew while the old one answers.
    pub async fn rebuild(&self, db: &Db) -> anyhow::Result<Rebuilt> {
        self.is_rebuild_asked.store(false, Ordering::Release);
        let folder = self.index.lock().await.folder.clone();
        let mut new = Index::beside(folder.as_deref())?;
        let db = &db.whole();
        let mut conn = db.read().await?;
        let begun = audit::position(&mut conn).await?;
        put_all(&mut conn, &mut new).await?;
        new.commit(begun, &hash_at(&mut conn, begun).await?)?;
        drop(conn);
        let mut new = tokio::task::spawn_blocking(|| new.gathered()).await??;

        // From here on nothing is taken in until both stand at the same place; what is asked meanwhile is answered.
        let mut old = self.index.lock().await;
        let mut from = [begun, self.position()];
        let mut compared = None;
        // What is published while we compare is taken in, and compared once more.
        for _ in 0..5 {
            let mut conn = db.read().await?;
            let head = audit::position(&mut conn).await?;
            let hash = hash_at(&mut conn, head).await?;
            for (index, from) in [&mut new, &mut *old].into_iter().zip(&mut from) {
                advance(&mut conn, index, *from, head).await?;
                index.commit(head, &hash)?;
                *from = head;
            }
            let (is_new, was) = (new.reader()?.prints()?, old.reader()?.prints()?);
            if prints_of_public(&mut conn).await? == is_new {
                compared = Some(Rebuilt { entries: is_new.len(), was_equal: was == is_new });
                break;
            }
        }
        let Some(rebuilt) = compared else {
            anyhow::bail!("the new search index does not hold what is public; the old one stays");
        };

        let new = match folder {
            None => new,
            Some(folder) => {
                // The reader of the old one has its files open and goes on answering from them.
                let in_between = Index::in_memory()?;
                drop(std::mem::replace(&mut *old, in_between));
                Index::take_place(new, &folder)?
            }
        };
        let reader = new.reader()?;
        *old = new;
        self.position.store(from[0], Ordering::Release);
        *self.reader.write().unwrap_or_else(PoisonError::into_inner) = std::sync::Arc::new(reader);
        self.generation.fetch_add(1, Ordering::AcqRel);
        Ok(rebuilt)
    }
}

/// The fingerprints of all that is public, read now.
async fn prints_of_public(conn: &mut Conn) -> anyhow::Result<Vec<u64>> {
    let mut prints = Vec::new();
    let mut after = String::new();
    loop {
        let rows = store::public_after(conn, &after, 200).await?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { break };
        let files = store::attachment_texts(conn, &first.id, &last.id).await?;
        after.clone_from(&last.id);
        prints.extend(rows.iter().map(|row| print_of(row, &files)));
    }
    prints.sort_unstable();
    Ok(prints)
}
