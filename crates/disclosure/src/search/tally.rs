//! Counting what was found: in all, and by each thing the list can be narrowed to; and the best of it.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use moka::sync::Cache;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::Field;
use tantivy::{DocAddress, DocId, Term};

use super::found::{Bits, Found};
use super::worth::Worth;
use super::{By, Order};

pub(super) const KINDS: usize = By::ALL.len();

/// The headings an entry stands under, words as numbers. Many entries share them.
pub(super) type Headings = [u16; KINDS];

/// What is kept of one piece of the index beside its files.
#[derive(Clone)]
pub(super) struct Kept {
    /// Which of the headings below each entry stands under.
    pub under: Vec<u32>,
    pub headings: Vec<Headings>,
    /// How many entries stand under each of them, those that were removed included.
    pub in_all: Vec<u32>,
    /// 生成日期 of each entry, as 20260301.
    pub made: Vec<u32>,
    /// The first and the last of these days.
    pub earliest: u32,
    pub latest: u32,
    /// How long each text is, by field.
    pub norms: HashMap<Field, FieldNormReader>,
    /// The entries with common tokens, of those that were asked for.
    pub common: Common,
}

/// So many at most, more than there are common characters: 100 bytes for each entry of the piece.
pub(super) type Common = Cache<Term, Arc<Bits>>;

pub(super) fn common() -> Common {
    Cache::new(800)
}

/// The words behind the numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    pub words: Vec<String>,
    numbers: HashMap<String, u16>,
}

impl Words {
    pub(super) fn number(&mut self, word: &str) -> u16 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = u16::try_from(self.words.len()).unwrap_or(u16::MAX);
        if number < u16::MAX {
            self.words.push(word.to_owned());
            self.numbers.insert(word.to_owned(), number);
        }
        number
    }

    /// `u16::MAX`: no entry stands under this word.
    fn known(&self, word: &str) -> u16 {
        self.numbers.get(word).copied().unwrap_or(u16::MAX)
    }
}

/// What the list is narrowed to.
#[derive(Clone, Debug, Default)]
pub(super) struct Narrowed {
    by: [Option<u16>; KINDS],
    from: u32,
    /// 0: to the end.
    until: u32,
    /// Whether an agency is one of those whose entries may be found, by its number; `None`: all are.
    agencies: Option<Vec<bool>>,
}

impl Narrowed {
    pub(super) fn new(words: &Words, by: &[Option<String>; KINDS], from: u32, until: u32) -> Narrowed {
        let by = by.each_ref().map(|word| word.as_ref().map(|word| words.known(word)));
        Narrowed { by, from, until, agencies: None }
    }

    /// Of these agencies alone, when they are given.
    pub(super) fn within(self, words: &Words, agencies: Option<&[String]>) -> Narrowed {
        let agencies = agencies.map(|codes| {
            let mut known = vec![false; words.words.len()];
            for code in codes {
                if let Some(is_theirs) = known.get_mut(usize::from(words.known(code))) {
                    *is_theirs = true;
                }
            }
            known
        });
        Narrowed { agencies, ..self }
    }

    /// What lies outside is not there at all: no facet counts it.
    fn is_in_reach(&self, headings: &Headings) -> bool {
        let agency = usize::from(headings[By::Agency as usize]);
        self.agencies.as_ref().is_none_or(|known| known.get(agency) == Some(&true))
    }

    /// Whether entries under any headings are wanted.
    fn is_open(&self) -> bool {
        self.agencies.is_none() && self.by.iter().all(Option::is_none)
    }

    /// Whether no entry of this piece is of a day outside.
    fn holds_all_days(&self, kept: &Kept) -> bool {
        self.is_in_time(kept.earliest) && self.is_in_time(kept.latest)
    }

    fn is_in_time(&self, made: u32) -> bool {
        made >= self.from && (self.until == 0 || made <= self.until)
    }

    /// How these headings meet what is wanted.
    fn meets(&self, headings: &Headings) -> Meets {
        if !self.is_in_reach(headings) {
            return Meets::Not;
        }
        let mut meets = Meets::All;
        for (kind, (own, wanted)) in headings.iter().zip(&self.by).enumerate() {
            if wanted.is_some_and(|wanted| wanted != *own) {
                meets = match meets {
                    Meets::All => Meets::AllBut(kind),
                    _ => return Meets::Not,
                };
            }
        }
        meets
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Meets {
    All,
    /// All but what is wanted of this kind.
    AllBut(usize),
    Not,
}

/// Higher is better: what it is worth, then the later day, then the earlier place.
type Ranked = (u32, u32, Reverse<DocAddress>);

/// How many were found, under which headings, and the best of them.
pub(super) struct Tally {
    order: Order,
    narrowed: Narrowed,
    take: usize,
    pub total: u64,
    pub by: [Vec<u32>; KINDS],
    heap: BinaryHeap<Reverse<Ranked>>,
    /// What begins lower is not among the best any more.
    least: u32,
}

fn add(counts: &mut [u32], word: u16, times: u32) {
    if let Some(count) = counts.get_mut(usize::from(word)) {
        *count += times;
    }
}

impl Tally {
    /// Of so many words behind the numbers, so many of the best.
    pub(super) fn new(order: Order, narrowed: Narrowed, words: usize, take: usize) -> Tally {
        let by = std::array::from_fn(|_| vec![0; words]);
        Tally { order, narrowed, take, total: 0, by, heap: BinaryHeap::new(), least: 0 }
    }

    /// Counts what was found in one piece of the index; gives what of it meets all that is wanted.
    pub(super) fn count<'a>(&mut self, found: &'a Found, kept: &Kept) -> Cow<'a, Found> {
        // Nothing is asked of an entry, nor of headings, unless something narrows.
        let is_timed = !self.narrowed.holds_all_days(kept);
        let meets: Vec<Meets> = match self.narrowed.is_open() {
            true => Vec::new(),
            false => kept.headings.iter().map(|headings| self.narrowed.meets(headings)).collect(),
        };
        let meets = |under: usize| meets.get(under).copied().unwrap_or(Meets::All);
        // Counted by what entries have in common first: there are few such headings and many entries.
        let mut alike = vec![0_u32; kept.headings.len()];
        let mut count = |doc: DocId| {
            let under = kept.under.get(doc as usize).map_or(usize::MAX, |under| *under as usize);
            if let Some(alike) = alike.get_mut(under) {
                *alike += 1;
            }
            under
        };
        let entries = kept.under.len() as u32;
        let wanted = if is_timed || !self.narrowed.is_open() {
            Cow::Owned(found.filter(entries, |doc| {
                let made = kept.made.get(doc as usize).copied().unwrap_or(0);
                (!is_timed || self.narrowed.is_in_time(made)) && meets(count(doc)) == Meets::All
            }))
        } else {
            match found {
                // Of most entries it is quicker to count those that were not found.
                Found::Many(bits) if bits.len() > kept.under.len() / 2 => {
                    bits.each_not(entries, |doc| {
                        count(doc);
                    });
                    alike.iter_mut().zip(&kept.in_all).for_each(|(alike, all)| *alike = all - *alike);
                }
                found => found.each(|doc| {
                    count(doc);
                }),
            }
            Cow::Borrowed(found)
        };
        let met = kept.headings.iter().zip(alike).enumerate().filter(|(_, (_, times))| *times > 0);
        for (under, (headings, times)) in met {
            // A facet counts under the other restrictions, not under its own, so that one can change one's mind.
            match meets(under) {
                Meets::All => {
                    self.total += u64::from(times);
                    for (counts, own) in self.by.iter_mut().zip(headings) {
                        add(counts, *own, times);
                    }
                }
                Meets::AllBut(kind) => add(&mut self.by[kind], headings[kind], times),
                Meets::Not => {}
            }
        }
        wanted
    }

    /// Takes the best of what is wanted of one piece; what it is worth is asked only when the order is by relevance.
    pub(super) fn offer(
        &mut self,
        piece: u32,
        wanted: &Found,
        kept: &Kept,
        worth: impl FnOnce(&Found, usize) -> tantivy::Result<Worth>,
    ) -> tantivy::Result<()> {
        match self.order {
            Order::Relevance => {
                worth(wanted, self.take)?
                    .each(self.take, |doc, worth| self.offer_one(piece, doc, worth, kept));
            }
            Order::Newest | Order::Oldest => wanted.each(|doc| self.offer_one(piece, doc, 0.0, kept)),
        }
        Ok(())
    }

    fn offer_one(&mut self, piece: u32, doc: DocId, worth: f32, kept: &Kept) {
        let made = kept.made.get(doc as usize).copied().unwrap_or(0);
        let (first, second) = match self.order {
            // Worth is never negative, so its bits are in its order.
            Order::Relevance => (worth.to_bits(), made),
            Order::Newest => (made, 0),
            Order::Oldest => (!made, 0),
        };
        if first < self.least {
            return;
        }
        let ranked = (first, second, Reverse(DocAddress::new(piece, doc)));
        if self.heap.len() < self.take {
            self.heap.push(Reverse(ranked));
        } else if self.heap.peek().is_some_and(|worst| worst.0 < ranked) {
            self.heap.pop();
            self.heap.push(Reverse(ranked));
        }
        if self.heap.len() == self.take {
            self.least = self.heap.peek().map_or(0, |worst| worst.0.0);
        }
    }

    /// Best first.
    pub(super) fn best(&mut self) -> Vec<DocAddress> {
        let heap = std::mem::take(&mut self.heap);
        heap.into_sorted_vec().into_iter().map(|Reverse((_, _, Reverse(at)))| at).collect()
    }
}
