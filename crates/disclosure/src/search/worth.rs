//! What entries are worth while the best of them are looked for.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::DocId;

thread_local! {
    /// A number for each entry of a piece, all zero: taking one that was used costs less than clearing a new one.
    static BLANK: Cell<Vec<f32>> = const { Cell::new(Vec::new()) };
}

/// What the entries of one piece of the index are worth.
#[derive(Default)]
pub(super) struct Worth {
    each: Vec<f32>,
    /// Those that are worth anything and may be among the best, each once.
    docs: Vec<DocId>,
    /// Those that were worth something and were left.
    left: Vec<DocId>,
}

impl Worth {
    /// For so many entries.
    pub(super) fn make_room(&mut self, entries: u32) {
        self.each = BLANK.take();
        self.each.resize(self.each.len().max(entries as usize), 0.0);
    }

    pub(super) fn add(&mut self, doc: DocId, more: f32) {
        let Some(worth) = self.each.get_mut(doc as usize).filter(|_| more > 0.0) else { return };
        if *worth == 0.0 {
            self.docs.push(doc);
        }
        *worth += more;
    }

    pub(super) fn of(&self, doc: DocId) -> f32 {
        self.each.get(doc as usize).copied().unwrap_or(0.0)
    }

    /// Those that are worth anything and were not left, in no order.
    pub(super) fn docs(&self) -> &[DocId] {
        &self.docs
    }

    /// What the last of so many best is worth; `None`: there are not so many.
    pub(super) fn least_of_best(&self, wanted: usize) -> Option<f32> {
        if wanted == 0 || self.docs.len() < wanted {
            return None;
        }
        // More than nothing, so its bits are in its order.
        let mut best: BinaryHeap<Reverse<u32>> = BinaryHeap::with_capacity(wanted);
        for worth in self.docs.iter().map(|doc| self.of(*doc).to_bits()) {
            if best.len() < wanted {
                best.push(Reverse(worth));
            } else if let Some(mut least) = best.peek_mut().filter(|least| least.0 < worth) {
                *least = Reverse(worth);
            }
        }
        best.peek().map(|least| f32::from_bits(least.0))
    }

    /// Leaves those that are worth less than this.
    pub(super) fn leave_below(&mut self, least: f32) {
        let Worth { each, docs, left } = self;
        docs.retain(|doc| {
            let stays = each.get(*doc as usize).is_some_and(|worth| *worth >= least);
            if !stays {
                left.push(*doc);
            }
            stays
        });
    }
}

impl Drop for Worth {
    fn drop(&mut self) {
        let mut each = std::mem::take(&mut self.each);
        for doc in self.docs.iter().chain(&self.left) {
            if let Some(worth) = each.get_mut(*doc as usize) {
                *worth = 0.0;
            }
        }
        BLANK.set(each);
    }
}
