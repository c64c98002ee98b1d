//! Counting what was found: in all, and by each thing the list can be narrowed to; and the best of it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::Field;
use tantivy::{DocAddress, DocId};

use super::postings::Bits;
use super::{By, Order};

pub(super) const KINDS: usize = By::ALL.len();

/// Where an entry stands, words as numbers; read once for each piece of the index.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub by: [u16; KINDS],
    /// 生成日期 as 20260301.
    pub made: u32,
}

/// What is kept of one piece of the index beside its files.
#[derive(Clone)]
pub(super) struct Kept {
    pub places: Vec<Place>,
    /// How long each text is, by field.
    pub norms: HashMap<Field, FieldNormReader>,
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
}

impl Narrowed {
    pub(super) fn new(words: &Words, by: &[Option<String>; KINDS], from: u32, until: u32) -> Narrowed {
        Narrowed { by: by.each_ref().map(|word| word.as_ref().map(|word| words.known(word))), from, until }
    }

    fn is_in_time(&self, place: &Place) -> bool {
        place.made >= self.from && (self.until == 0 || place.made <= self.until)
    }

    /// The headings this place does not stand under: how many, and one of them.
    fn differences(&self, place: &Place) -> (usize, usize) {
        let (mut differs, mut at) = (0, 0);
        for (kind, (own, wanted)) in place.by.iter().zip(&self.by).enumerate() {
            if wanted.is_some_and(|wanted| wanted != *own) {
                differs += 1;
                at = kind;
            }
        }
        (differs, at)
    }
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
}

fn add(counts: &mut [u32], word: u16) {
    if let Some(count) = counts.get_mut(usize::from(word)) {
        *count += 1;
    }
}

impl Tally {
    /// Of so many words behind the numbers, so many of the best.
    pub(super) fn new(order: Order, narrowed: Narrowed, words: usize, take: usize) -> Tally {
        let by = std::array::from_fn(|_| vec![0; words]);
        Tally { order, narrowed, take, total: 0, by, heap: BinaryHeap::new() }
    }

    /// Takes in what was found in one piece of the index; `worth` is asked only when the order is by relevance.
    pub(super) fn take_in(&mut self, piece: u32, found: &Bits, worth: &[f32], places: &[Place]) {
        let is_narrowed = self.narrowed.by.iter().any(Option::is_some);
        for doc in found.iter() {
            let Some(place) = places.get(doc as usize) else { continue };
            if !self.narrowed.is_in_time(place) {
                continue;
            }
            // A facet counts under the other restrictions, not under its own, so that one can change one's mind.
            match if is_narrowed { self.narrowed.differences(place) } else { (0, 0) } {
                (0, _) => {
                    self.total += 1;
                    for (counts, own) in self.by.iter_mut().zip(&place.by) {
                        add(counts, *own);
                    }
                    self.offer(piece, doc, worth, place);
                }
                (1, at) => add(&mut self.by[at], place.by[at]),
                _ => {}
            }
        }
    }

    fn offer(&mut self, piece: u32, doc: DocId, worth: &[f32], place: &Place) {
        let at = Reverse(DocAddress::new(piece, doc));
        let ranked = match self.order {
            // Worth is never negative, so its bits are in its order.
            Order::Relevance => {
                (worth.get(doc as usize).map_or(0, |worth| worth.max(0.0).to_bits()), place.made, at)
            }
            Order::Newest => (place.made, 0, at),
            Order::Oldest => (!place.made, 0, at),
        };
        if self.heap.len() < self.take {
            self.heap.push(Reverse(ranked));
        } else if self.heap.peek().is_some_and(|worst| worst.0 < ranked) {
            self.heap.pop();
            self.heap.push(Reverse(ranked));
        }
    }

    /// Best first.
    pub(super) fn best(&mut self) -> Vec<DocAddress> {
        let heap = std::mem::take(&mut self.heap);
        heap.into_sorted_vec().into_iter().map(|Reverse((_, _, Reverse(at)))| at).collect()
    }
}
