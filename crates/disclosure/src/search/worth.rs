//! What entries are worth while the best of them are looked for.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::DocId;

use super::found::{Bits, Found};

thread_local! {
    /// A number for each entry of a piece, all zero: taking one that was used costs less than clearing a new one.
    static BLANK: Cell<Vec<f32>> = const { Cell::new(Vec::new()) };
}

/// What those entries of one piece of the index are worth that may be among the best.
pub(super) enum Worth {
    /// Each in turn, ascending, and beside it what it is worth.
    Few {
        docs: Vec<DocId>,
        each: Vec<f32>,
    },
    Many(Many),
}

impl Worth {
    /// Nothing as yet, each of these; of so many entries.
    pub(super) fn of(found: &Found, entries: u32) -> Worth {
        match found {
            Found::Few(docs) => Worth::Few { docs: docs.clone(), each: vec![0.0; docs.len()] },
            Found::Many(bits) => {
                let mut each = BLANK.take();
                each.resize(each.len().max(entries as usize), 0.0);
                Worth::Many(Many { open: bits.clone(), each, docs: Vec::new() })
            }
        }
    }

    /// Those that may be among the best.
    pub(super) fn open(&self) -> Found {
        match self {
            Worth::Few { docs, .. } => Found::Few(docs.clone()),
            Worth::Many(many) => Found::Many(many.open.clone()),
        }
    }

    /// What the last of so many best is worth; `None`: not so many are worth more than this.
    pub(super) fn least_of_best(&self, wanted: usize, more_than: f32) -> Option<f32> {
        match self {
            Worth::Few { each, .. } => least_of_best(each.iter().copied(), wanted, more_than),
            Worth::Many(many) => least_of_best(many.docs.iter().map(|doc| many.of(*doc)), wanted, more_than),
        }
    }

    /// So many of the best, as far as is known.
    pub(super) fn best(&self, wanted: usize) -> Worth {
        let mut best: Vec<(DocId, f32)> = Vec::new();
        match self {
            Worth::Few { docs, each } => best.extend(docs.iter().copied().zip(each.iter().copied())),
            Worth::Many(many) => best.extend(many.docs.iter().map(|doc| (*doc, many.of(*doc)))),
        }
        if let Some(last) = wanted.checked_sub(1).filter(|last| *last < best.len()) {
            best.select_nth_unstable_by(last, |a, b| b.1.total_cmp(&a.1));
            best.truncate(wanted);
        }
        best.sort_unstable_by_key(|(doc, _)| *doc);
        let (docs, each) = best.into_iter().unzip();
        Worth::Few { docs, each }
    }

    /// Leaves those that are worth less than this, which is more than nothing.
    pub(super) fn leave_below(&mut self, least: f32) {
        match self {
            Worth::Few { docs, each } => {
                let mut stays = each.iter().map(|worth| *worth >= least);
                docs.retain(|_| stays.next() == Some(true));
                each.retain(|worth| *worth >= least);
            }
            Worth::Many(many) => {
                let mut docs = std::mem::take(&mut many.docs);
                docs.sort_unstable();
                many.docs.clone_from(&docs);
                docs.retain(|doc| many.of(*doc) >= least);
                let each = docs.iter().map(|doc| many.of(*doc)).collect();
                *self = Worth::Few { docs, each };
            }
        }
    }

    /// What those are worth that may be among so many best.
    pub(super) fn each(&self, wanted: usize, mut with: impl FnMut(DocId, f32)) {
        match self {
            Worth::Few { docs, each } => docs.iter().zip(each).for_each(|(doc, worth)| with(*doc, *worth)),
            Worth::Many(many) if many.docs.len() < wanted => many.open.each(|doc| with(doc, many.of(doc))),
            Worth::Many(many) => many.docs.iter().for_each(|doc| with(*doc, many.of(*doc))),
        }
    }
}

/// What many entries are worth: a number for every entry of the piece.
pub(super) struct Many {
    open: Arc<Bits>,
    each: Vec<f32>,
    /// Those that are worth anything, each once.
    docs: Vec<DocId>,
}

impl Many {
    /// Adds to what one of them is worth; nothing to any other entry.
    pub(super) fn add(&mut self, doc: DocId, more: f32) {
        if !self.open.holds(doc) || more <= 0.0 {
            return;
        }
        let Some(worth) = self.each.get_mut(doc as usize) else { return };
        if *worth == 0.0 {
            self.docs.push(doc);
        }
        *worth += more;
    }

    fn of(&self, doc: DocId) -> f32 {
        self.each.get(doc as usize).copied().unwrap_or(0.0)
    }
}

impl Drop for Many {
    fn drop(&mut self) {
        let mut each = std::mem::take(&mut self.each);
        for doc in &self.docs {
            if let Some(worth) = each.get_mut(*doc as usize) {
                *worth = 0.0;
            }
        }
        BLANK.set(each);
    }
}

fn least_of_best(all: impl Iterator<Item = f32>, wanted: usize, more_than: f32) -> Option<f32> {
    // Never less than nothing, so its bits are in its order.
    let mut best: BinaryHeap<Reverse<u32>> = BinaryHeap::with_capacity(wanted.min(1_000));
    for worth in all.filter(|worth| *worth > more_than).map(f32::to_bits) {
        if best.len() < wanted {
            best.push(Reverse(worth));
        } else if let Some(mut least) = best.peek_mut().filter(|least| least.0 < worth) {
            *least = Reverse(worth);
        }
    }
    let least = best.peek().filter(|_| best.len() == wanted)?;
    Some(f32::from_bits(least.0))
}
