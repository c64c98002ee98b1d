//! Counting what was found: in all, and by each thing the list can be narrowed to; and the best of it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, Score, SegmentReader};

use super::{By, Order};

pub(super) const KINDS: usize = By::ALL.len();

/// Where an entry stands, words as numbers; read once for each piece of the index.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub by: [u16; KINDS],
    /// 生成日期 as 20260301.
    pub made: u32,
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

    fn holds(&self, place: &Place) -> bool {
        self.is_in_time(place)
            && self.by.iter().zip(&place.by).all(|(wanted, own)| wanted.is_none_or(|wanted| wanted == *own))
    }
}

/// What is wanted of one walk through the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walk {
    /// How many; no order.
    Count,
    /// How many, and the first in this order.
    CountAndTake(Order),
    /// The best only: what cannot be among them is passed over unread.
    Best,
}

pub(super) struct Tally {
    pub walk: Walk,
    pub narrowed: Narrowed,
    pub words: usize,
    pub places: Vec<Arc<Vec<Place>>>,
    pub take: usize,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Counted {
    pub total: u64,
    pub by: [Vec<u32>; KINDS],
    /// Best first.
    pub best: Vec<DocAddress>,
    pub top: Vec<Reverse<Ranked>>,
}

/// Higher is better: the score, then the later day, then the earlier place.
pub(super) type Ranked = (u32, u32, Reverse<DocAddress>);

pub(super) struct OfPiece {
    segment: u32,
    walk: Walk,
    narrowed: Narrowed,
    places: Arc<Vec<Place>>,
    take: usize,
    total: u64,
    by: [Vec<u32>; KINDS],
    heap: BinaryHeap<Reverse<Ranked>>,
}

fn add(counts: &mut [u32], word: u16) {
    if let Some(count) = counts.get_mut(usize::from(word)) {
        *count += 1;
    }
}

/// Scores are never negative, so their bits are in their order.
fn bits(score: Score) -> u32 {
    score.max(0.0).to_bits()
}

impl OfPiece {
    fn offer(&mut self, doc: DocId, score: Score, place: &Place) {
        let at = Reverse(DocAddress::new(self.segment, doc));
        let ranked = match self.walk {
            Walk::CountAndTake(Order::Newest) => (place.made, 0, at),
            Walk::CountAndTake(Order::Oldest) => (!place.made, 0, at),
            _ => (bits(score), place.made, at),
        };
        if self.heap.len() < self.take {
            self.heap.push(Reverse(ranked));
        } else if self.heap.peek().is_some_and(|worst| worst.0 < ranked) {
            self.heap.pop();
            self.heap.push(Reverse(ranked));
        }
    }

    /// What a score must exceed to be looked at: equals are still told apart by their day.
    fn bar(&self) -> Score {
        match self.heap.peek() {
            Some(Reverse((worst, ..))) if self.heap.len() >= self.take => {
                Score::from_bits(*worst).next_down()
            }
            _ => Score::MIN,
        }
    }
}

impl SegmentCollector for OfPiece {
    type Fruit = Counted;

    fn collect(&mut self, doc: DocId, score: Score) {
        let places = self.places.clone();
        let Some(place) = places.get(doc as usize) else { return };
        if !self.narrowed.is_in_time(place) {
            return;
        }
        let (mut differs, mut at) = (0, 0);
        for (kind, (own, wanted)) in place.by.iter().zip(&self.narrowed.by).enumerate() {
            if wanted.is_some_and(|wanted| wanted != *own) {
                differs += 1;
                at = kind;
            }
        }
        // A facet counts under the other restrictions, not under its own, so that one can change one's mind.
        match differs {
            0 => {
                self.total += 1;
                for (counts, own) in self.by.iter_mut().zip(&place.by) {
                    add(counts, *own);
                }
                if self.walk != Walk::Count {
                    self.offer(doc, score, place);
                }
            }
            1 => add(&mut self.by[at], place.by[at]),
            _ => {}
        }
    }

    fn harvest(self) -> Counted {
        Counted { total: self.total, by: self.by, best: Vec::new(), top: self.heap.into_vec() }
    }
}

impl Collector for Tally {
    type Fruit = Counted;
    type Child = OfPiece;

    fn for_segment(&self, segment: u32, _: &SegmentReader) -> tantivy::Result<OfPiece> {
        let mut by: [Vec<u32>; KINDS] = Default::default();
        by.iter_mut().for_each(|counts| counts.resize(self.words, 0));
        Ok(OfPiece {
            segment,
            walk: self.walk,
            narrowed: self.narrowed.clone(),
            places: self.places.get(segment as usize).cloned().unwrap_or_default(),
            take: self.take,
            total: 0,
            by,
            heap: BinaryHeap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        matches!(self.walk, Walk::Best | Walk::CountAndTake(Order::Relevance))
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: u32,
        reader: &SegmentReader,
    ) -> tantivy::Result<Counted> {
        let mut piece = self.for_segment(segment, reader)?;
        let alive = reader.alive_bitset();
        let is_alive = |doc: DocId| alive.is_none_or(|alive| alive.is_alive(doc));
        match self.walk {
            Walk::Best => {
                let places = piece.places.clone();
                weight.for_each_pruning(Score::MIN, reader, &mut |doc, score| {
                    if let Some(place) = places.get(doc as usize)
                        && is_alive(doc)
                        && piece.narrowed.holds(place)
                    {
                        piece.offer(doc, score, place);
                    }
                    piece.bar()
                })?;
            }
            _ if self.requires_scoring() => weight.for_each(reader, &mut |doc, score| {
                if is_alive(doc) {
                    piece.collect(doc, score);
                }
            })?,
            _ => weight.for_each_no_score(reader, &mut |docs| {
                for doc in docs.iter().copied().filter(|doc| is_alive(*doc)) {
                    piece.collect(doc, 0.0);
                }
            })?,
        }
        Ok(piece.harvest())
    }

    fn merge_fruits(&self, pieces: Vec<Counted>) -> tantivy::Result<Counted> {
        let mut all = Counted::default();
        all.by.iter_mut().for_each(|counts| counts.resize(self.words, 0));
        for piece in pieces {
            all.total += piece.total;
            for (sums, counts) in all.by.iter_mut().zip(piece.by) {
                sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
            all.top.extend(piece.top);
        }
        all.top.sort_unstable();
        all.best = all.top.iter().map(|Reverse((_, _, Reverse(at)))| *at).take(self.take).collect();
        Ok(all)
    }
}
