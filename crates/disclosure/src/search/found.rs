//! Entries of one piece of the index: one after the other while they are few, a bit for each when they are many.

use std::sync::Arc;

use tantivy::DocId;

/// Of so many entries one may be written out by its number: that takes twice the room of their bits, and is quicker to
/// go through.
pub(super) const ROOM: usize = 16;

/// What holds something, of the entries of one piece.
#[derive(Clone, Debug)]
pub(super) enum Found {
    /// Ascending, each once.
    Few(Vec<DocId>),
    Many(Arc<Bits>),
}

impl Found {
    pub(super) fn none() -> Found {
        Found::Few(Vec::new())
    }

    pub(super) fn all(entries: u32) -> Found {
        Found::Many(Arc::new(Bits::all(entries)))
    }

    /// These, ascending, of so many entries.
    pub(super) fn docs(docs: Vec<DocId>, entries: u32) -> Found {
        if docs.len() <= entries as usize / ROOM {
            return Found::Few(docs);
        }
        let mut bits = Bits::none(entries);
        bits.set_all(&docs);
        Found::Many(Arc::new(bits))
    }

    pub(super) fn bits(bits: Bits) -> Found {
        match bits.len() {
            len if len <= bits.0.len() * 64 / ROOM => {
                let mut docs = Vec::with_capacity(len);
                bits.each(|doc| docs.push(doc));
                Found::Few(docs)
            }
            _ => Found::Many(Arc::new(bits)),
        }
    }

    /// What stands in any of these.
    pub(super) fn any(mut founds: Vec<Found>, entries: u32) -> Found {
        if founds.len() == 1
            && let Some(only) = founds.pop()
        {
            return only;
        }
        let mut few = Vec::new();
        let mut many: Option<Bits> = None;
        for found in founds {
            match (found, &mut many) {
                (Found::Few(docs), _) => few.extend(docs),
                (Found::Many(bits), Some(many)) => many.add(&bits),
                (Found::Many(bits), many) => *many = Some(Arc::unwrap_or_clone(bits)),
            }
        }
        // Rows of what is in order already: this sort finds them.
        few.sort();
        few.dedup();
        match many {
            Some(mut bits) => {
                bits.set_all(&few);
                Found::Many(Arc::new(bits))
            }
            None => Found::docs(few, entries),
        }
    }

    /// Those of them that are among these too.
    pub(super) fn among(&self, bits: &Bits) -> Found {
        match self {
            Found::Few(docs) => Found::Few(docs.iter().copied().filter(|doc| bits.holds(*doc)).collect()),
            Found::Many(own) => Found::bits(own.shared(bits)),
        }
    }

    /// Those of them that are among the others too.
    pub(super) fn shared(&self, others: &Found) -> Found {
        match (self, others) {
            (own, Found::Many(others)) => own.among(others),
            (Found::Many(own), others) => others.among(own),
            (Found::Few(own), Found::Few(others)) => {
                let mut shared = Vec::new();
                each_shared(own, others, |at, _| shared.push(own[at]));
                Found::Few(shared)
            }
        }
    }

    /// Those of them that are not among the others.
    pub(super) fn without(&self, others: &Found) -> Found {
        match (self, others) {
            (Found::Few(own), Found::Few(others)) => {
                let mut rest = Vec::new();
                let mut from = 0;
                each_shared(own, others, |at, _| {
                    rest.extend_from_slice(&own[from..at]);
                    from = at + 1;
                });
                rest.extend_from_slice(&own[from..]);
                Found::Few(rest)
            }
            (Found::Few(own), Found::Many(others)) => {
                Found::Few(own.iter().copied().filter(|doc| !others.holds(*doc)).collect())
            }
            (Found::Many(own), Found::Few(others)) => {
                let mut rest = Bits::clone(own);
                others.iter().for_each(|doc| rest.clear(*doc));
                Found::bits(rest)
            }
            (Found::Many(own), Found::Many(others)) => Found::bits(own.without(others)),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Found::Few(docs) => docs.len(),
            Found::Many(bits) => bits.len(),
        }
    }

    pub(super) fn each(&self, mut with: impl FnMut(DocId)) {
        match self {
            Found::Few(docs) => docs.iter().for_each(|doc| with(*doc)),
            Found::Many(bits) => bits.each(with),
        }
    }

    /// Those of them for which this holds.
    pub(super) fn filter(&self, entries: u32, mut holds: impl FnMut(DocId) -> bool) -> Found {
        match self {
            Found::Few(docs) => Found::Few(docs.iter().copied().filter(|doc| holds(*doc)).collect()),
            Found::Many(bits) => {
                let mut still = Bits::none(entries);
                bits.each(|doc| {
                    if holds(doc) {
                        still.set(doc);
                    }
                });
                Found::bits(still)
            }
        }
    }

    pub(super) fn to_docs(&self) -> Vec<DocId> {
        let mut docs = Vec::with_capacity(self.len());
        self.each(|doc| docs.push(doc));
        docs
    }

    /// Whether all of the others are among them; of many others among few it is not asked.
    pub(super) fn hold_all(&self, others: &Found) -> bool {
        match (self, others) {
            (Found::Few(own), Found::Few(others)) => {
                let mut shared = 0;
                each_shared(own, others, |_, _| shared += 1);
                shared == others.len()
            }
            (Found::Few(_), Found::Many(_)) => false,
            (Found::Many(own), Found::Few(others)) => others.iter().all(|doc| own.holds(*doc)),
            (Found::Many(own), Found::Many(others)) => own.hold_all(others),
        }
    }
}

/// Where the same entries stand in two ascending lists. Gives how many of the own come before the end of the others.
pub(super) fn each_shared(own: &[DocId], others: &[DocId], mut with: impl FnMut(usize, usize)) -> usize {
    let (mut at, mut other) = (0, 0);
    while let (Some(own), Some(others)) = (own.get(at), others.get(other)) {
        if own == others {
            with(at, other);
        }
        // Not a choice of three: the processor could not foresee it.
        let (own, others) = (*own, *others);
        at += usize::from(own <= others);
        other += usize::from(others <= own);
    }
    at
}

/// How many of these, ascending, come before one that is not far.
pub(super) fn before(docs: &[DocId], doc: DocId) -> usize {
    let mut reach = 1;
    while docs.get(reach - 1).is_some_and(|near| *near < doc) {
        reach *= 2;
    }
    let from = reach / 2;
    from + docs[from..docs.len().min(reach)].partition_point(|near| *near < doc)
}

/// One bit for each entry of a piece.
#[derive(Clone, Debug)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    pub(super) fn none(entries: u32) -> Bits {
        Bits(vec![0; (entries as usize).div_ceil(64)])
    }

    fn all(entries: u32) -> Bits {
        let mut bits = Bits(vec![u64::MAX; (entries as usize).div_ceil(64)]);
        if let (Some(last), used @ 1..) = (bits.0.last_mut(), entries % 64) {
            *last = (1 << used) - 1;
        }
        bits
    }

    pub(super) fn set(&mut self, doc: DocId) {
        if let Some(word) = self.0.get_mut(doc as usize / 64) {
            *word |= 1 << (doc % 64);
        }
    }

    /// Sets these, ascending: a word is written once for all of them that stand in it.
    pub(super) fn set_all(&mut self, docs: &[DocId]) {
        let (mut at, mut bits) = (0, 0);
        for doc in docs {
            let word = *doc as usize / 64;
            if word != at {
                self.add_to(at, bits);
                (at, bits) = (word, 0);
            }
            bits |= 1 << (doc % 64);
        }
        self.add_to(at, bits);
    }

    fn add_to(&mut self, at: usize, bits: u64) {
        if let Some(word) = self.0.get_mut(at) {
            *word |= bits;
        }
    }

    pub(super) fn holds(&self, doc: DocId) -> bool {
        self.0.get(doc as usize / 64).is_some_and(|word| word >> (doc % 64) & 1 == 1)
    }

    fn hold_all(&self, others: &Bits) -> bool {
        self.0.iter().zip(&others.0).all(|(own, other)| other & !own == 0)
    }

    fn clear(&mut self, doc: DocId) {
        if let Some(word) = self.0.get_mut(doc as usize / 64) {
            *word &= !(1 << (doc % 64));
        }
    }

    fn without(&self, other: &Bits) -> Bits {
        Bits(self.0.iter().zip(&other.0).map(|(own, other)| own & !other).collect())
    }

    fn shared(&self, other: &Bits) -> Bits {
        Bits(self.0.iter().zip(&other.0).map(|(own, other)| own & other).collect())
    }

    fn add(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own |= other);
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(super) fn each(&self, mut with: impl FnMut(DocId)) {
        for (at, word) in (0..).zip(&self.0) {
            let mut rest = *word;
            while rest != 0 {
                with(at * 64 + rest.trailing_zeros());
                rest &= rest - 1;
            }
        }
    }

    /// Each of so many entries that is not among these.
    pub(super) fn each_not(&self, entries: u32, with: impl FnMut(DocId)) {
        let mut others = Bits::all(entries);
        others.0.iter_mut().zip(&self.0).for_each(|(other, own)| *other &= !own);
        others.each(with);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn docs(bits: &Bits) -> Vec<DocId> {
        let mut docs = Vec::new();
        bits.each(|doc| docs.push(doc));
        docs
    }

    #[test]
    fn bits_are_what_was_set() {
        for entries in [0, 1, 63, 64, 65, 200] {
            assert_eq!(docs(&Bits::all(entries)), (0..entries).collect::<Vec<_>>());
            assert_eq!(Bits::all(entries).len(), entries as usize);
            assert_eq!(docs(&Bits::none(entries)), [0; 0]);
        }
        let mut bits = Bits::none(130);
        bits.set_all(&[3, 64]);
        bits.set_all(&[]);
        bits.set_all(&[129, 4_000]);
        assert_eq!(docs(&bits), [3, 64, 129]);
        let mut others = Vec::new();
        bits.each_not(130, |doc| others.push(doc));
        assert_eq!(others.len(), 127);
        assert!(!others.contains(&64) && others.contains(&63) && others.contains(&128));
        assert!(bits.holds(64) && !bits.holds(65) && !bits.holds(4_000));
    }

    #[test]
    fn what_comes_before_is_counted() {
        let docs = [2, 3, 5, 8, 13, 21];
        for doc in 0..30 {
            assert_eq!(before(&docs, doc), docs.iter().filter(|other| **other < doc).count(), "{doc}");
            assert_eq!(before(&docs[..1], doc), usize::from(doc > 2));
            assert_eq!(before(&[], doc), 0);
        }
    }

    #[test]
    fn few_and_many_are_the_same_entries() {
        const ENTRIES: u32 = 640;
        let every = |step: usize| (0..ENTRIES).step_by(step).collect::<Vec<_>>();
        let both = |docs: &[DocId]| {
            let mut bits = Bits::none(ENTRIES);
            bits.set_all(docs);
            [Found::Few(docs.to_vec()), Found::Many(Arc::new(bits))]
        };
        for (own, other) in [(2, 3), (1, 64), (64, 1), (40, 32), (7, 700), (700, 7)] {
            let (own, other) = (every(own), every(other));
            let mut shared = own.clone();
            shared.retain(|doc| other.contains(doc));
            let mut any: Vec<DocId> = own.iter().chain(&other).copied().collect();
            any.sort_unstable();
            any.dedup();
            let mut bits = Bits::none(ENTRIES);
            bits.set_all(&other);
            for found in both(&own) {
                assert_eq!((found.len(), found.to_docs()), (own.len(), own.clone()));
                assert_eq!(found.among(&bits).to_docs(), shared);
                assert_eq!(found.filter(ENTRIES, |doc| bits.holds(doc)).to_docs(), shared);
                for others in both(&other) {
                    assert_eq!(Found::any(vec![found.clone(), others.clone()], ENTRIES).to_docs(), any);
                    assert_eq!(found.shared(&others).to_docs(), shared);
                    let rest: Vec<DocId> = own.iter().filter(|doc| !other.contains(doc)).copied().collect();
                    assert_eq!(found.without(&others).to_docs(), rest);
                    let is_asked = !matches!((&found, &others), (Found::Few(_), Found::Many(_)));
                    let holds = other.iter().all(|doc| own.contains(doc));
                    assert_eq!(found.hold_all(&others), holds && is_asked);
                }
            }
            assert_eq!(Found::docs(own.clone(), ENTRIES).to_docs(), own);
            assert_eq!(matches!(Found::docs(own.clone(), ENTRIES), Found::Few(_)), own.len() <= 40);
            assert_eq!(matches!(Found::bits(bits), Found::Few(_)), other.len() <= 40);
        }
    }
}
