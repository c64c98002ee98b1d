//! 审计 — every change leaves a row in a hash chain, in the same transaction.
//!
//! The chain is also the change log: positions are given under a lock that is held until commit, so a
//! reader that follows by position misses nothing and sees nothing that is later undone.

mod store;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::db::{Conn, Engine};
use crate::time::stored;

/// Who made a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A member of staff, under their own name.
    Staff { user_id: String, name: String, agency_id: String },
    /// A member of the public, named by what they did, not by who they are.
    Public,
    /// The program itself: timers, migrations, the command line.
    Program(&'static str),
}

impl Actor {
    fn kind(&self) -> &'static str {
        match self {
            Actor::Staff { .. } => "staff",
            Actor::Public => "public",
            Actor::Program(_) => "program",
        }
    }

    pub fn id(&self) -> &str {
        match self {
            Actor::Staff { user_id, .. } => user_id,
            Actor::Public => "",
            Actor::Program(name) => name,
        }
    }

    /// The user behind the change, when there is one.
    pub fn user_id(&self) -> Option<&str> {
        match self {
            Actor::Staff { user_id, .. } => Some(user_id),
            _ => None,
        }
    }

    fn name(&self) -> &str {
        match self {
            Actor::Staff { name, .. } => name,
            Actor::Public => "公众",
            Actor::Program(_) => "系统",
        }
    }
}

/// One thing done: in which room, what, to what, with what is worth keeping about it.
#[derive(Clone, Debug)]
pub struct Act {
    pub room: &'static str,
    pub act: &'static str,
    pub agency_id: String,
    pub subject_id: String,
    pub detail: Value,
}

impl Act {
    pub fn new(
        room: &'static str,
        act: &'static str,
        agency_id: &str,
        subject_id: &str,
        detail: Value,
    ) -> Act {
        Act { room, act, agency_id: agency_id.to_owned(), subject_id: subject_id.to_owned(), detail }
    }
}

/// An act with who did it and when.
pub(crate) struct Done {
    pub by: Actor,
    pub at: Timestamp,
    pub act: Act,
}

/// One link of the chain.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Link {
    pub seq: i64,
    pub at: String,
    pub actor_kind: String,
    pub actor_id: String,
    pub actor_name: String,
    pub agency_id: String,
    pub room: String,
    pub act: String,
    pub subject_id: String,
    pub detail: String,
    pub prev_hash: String,
    pub hash: String,
}

impl Link {
    /// SHA-256 over every field, each preceded by its length so that no two rows read the same.
    fn computed_hash(&self) -> String {
        let mut hash = Sha256::new();
        let seq = self.seq.to_string();
        for field in [
            &self.prev_hash,
            &seq,
            &self.at,
            &self.actor_kind,
            &self.actor_id,
            &self.actor_name,
            &self.agency_id,
            &self.room,
            &self.act,
            &self.subject_id,
            &self.detail,
        ] {
            hash.update((field.len() as u64).to_be_bytes());
            hash.update(field.as_bytes());
        }
        hex::encode(hash.finalize())
    }
}

/// Appends to the chain inside the caller's transaction; returns the last position.
pub(crate) async fn append(conn: &mut Conn, engine: Engine, acts: &[Done]) -> anyhow::Result<i64> {
    let (mut seq, mut prev_hash) = store::lock_head(conn, engine).await?;
    for Done { by, at, act } in acts {
        seq += 1;
        let mut link = Link {
            seq,
            at: stored(*at),
            actor_kind: by.kind().into(),
            actor_id: by.id().into(),
            actor_name: by.name().into(),
            agency_id: act.agency_id.clone(),
            room: act.room.into(),
            act: act.act.into(),
            subject_id: act.subject_id.clone(),
            detail: act.detail.to_string(),
            prev_hash,
            hash: String::new(),
        };
        link.hash = link.computed_hash();
        store::insert(conn, &link).await?;
        prev_hash = link.hash;
    }
    store::move_head(conn, seq, &prev_hash).await?;
    Ok(seq)
}

/// What walking the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every link holds; their number and the head to keep elsewhere.
    Whole { links: i64, head: String },
    /// The first link that does not hold, and what is wrong with it.
    Broken { seq: i64, fault: Fault },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The content no longer gives the hash: the row was altered.
    Altered,
    /// A position is missing: a row was removed.
    Missing,
    /// The link does not continue its predecessor: rows were exchanged or rewritten.
    Unlinked,
    /// The chain ends before its head: the tail was cut off.
    TailCut,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Fault::Altered => "内容与其哈希不符，该行被改动过",
            Fault::Missing => "该行缺失，记录被删除过",
            Fault::Unlinked => "与前一行衔接不上，记录被替换过",
            Fault::TailCut => "链尾缺失，末尾的记录被删除过",
        })
    }
}

/// Walks the whole chain and names the first link that does not hold.
pub async fn verify(conn: &mut Conn) -> anyhow::Result<Verdict> {
    const PAGE: i64 = 5_000;
    let (mut seq, mut prev_hash) = (0, String::new());
    loop {
        let links = store::after(conn, seq, PAGE).await?;
        let Some(last) = links.last().map(|l| l.seq) else { break };
        for link in &links {
            let fault = if link.seq != seq + 1 {
                return Ok(Verdict::Broken { seq: seq + 1, fault: Fault::Missing });
            } else if link.computed_hash() != link.hash {
                Fault::Altered
            } else if link.prev_hash != prev_hash {
                Fault::Unlinked
            } else {
                (seq, prev_hash) = (link.seq, link.hash.clone());
                continue;
            };
            return Ok(Verdict::Broken { seq: link.seq, fault });
        }
        debug_assert_eq!(seq, last);
    }
    let (head_seq, head_hash) = store::head(conn).await?;
    if (head_seq, &head_hash) == (seq, &prev_hash) {
        Ok(Verdict::Whole { links: seq, head: prev_hash })
    } else if head_seq > seq {
        Ok(Verdict::Broken { seq: seq + 1, fault: Fault::TailCut })
    } else {
        Ok(Verdict::Broken { seq, fault: Fault::Unlinked })
    }
}

/// The position of the last change.
pub async fn position(conn: &mut Conn) -> sqlx::Result<i64> {
    Ok(store::head(conn).await?.0)
}

/// Changes after a position, oldest first: what caches and the search index follow.
pub async fn changes_after(conn: &mut Conn, position: i64, limit: i64) -> sqlx::Result<Vec<Link>> {
    store::after(conn, position, limit).await
}

/// The story of one record, oldest first.
pub async fn history(conn: &mut Conn, subject_id: &str) -> sqlx::Result<Vec<Link>> {
    store::of_subject(conn, subject_id).await
}

/// The newest changes of the given agencies (all when `None`), for the console's audit page.
pub async fn newest(
    conn: &mut Conn,
    agency_id: Option<&str>,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<Link>> {
    store::newest(conn, agency_id, before.unwrap_or(i64::MAX), limit).await
}
