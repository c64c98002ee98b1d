//! From what is needed to the entries that hold it, read straight from the posting lists of one piece of the index.
//!
//! One list after the other: what is found is one bit for each entry, what it is worth one number for each. The general
//! way of tantivy asks every list about every entry in turn, which costs several times as much when everything found is
//! also counted under its headings.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use tantivy::postings::{BlockSegmentPostings, Postings, TermInfo};
use tantivy::query::Bm25Weight;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Searcher, SegmentReader, Term};

use super::tally::Kept;
use super::worth::Worth;

/// Asking a list about single entries costs so many times as much as reading on in it.
const SEEKING: usize = 16;
/// A token that stands in more than one of so many entries is common: its bits are kept, for many ask for it.
const COMMON: u32 = 32;

/// What must stand in an entry for it to be found.
#[derive(Clone, Debug)]
pub(super) enum Need {
    Leaf(Leaf),
    /// All of these; of none, everything.
    Every(Vec<Need>),
    OneOf(Vec<Need>),
}

/// Tokens of one field, each with its place counted from the first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Leaf {
    tokens: Vec<(u32, Term)>,
    /// What stands wherever these stand together. Where one word meets the next that is rare, and leaves few entries in
    /// which the places must be compared.
    between: Vec<Term>,
}

impl Leaf {
    pub(super) fn one(field: Field, token: &str) -> Leaf {
        Leaf { tokens: vec![(0, Term::from_field_text(field, token))], between: Vec::new() }
    }

    /// Standing together; at least one.
    pub(super) fn together<'a>(field: Field, tokens: impl IntoIterator<Item = (usize, &'a str)>) -> Leaf {
        let placed = |(at, token): (usize, &str)| {
            (u32::try_from(at).unwrap_or(u32::MAX), Term::from_field_text(field, token))
        };
        Leaf { tokens: tokens.into_iter().map(placed).collect(), between: Vec::new() }
    }

    pub(super) fn with_between<'a>(mut self, tokens: impl IntoIterator<Item = &'a str>) -> Leaf {
        if let Some(field) = self.field() {
            self.between = tokens.into_iter().map(|token| Term::from_field_text(field, token)).collect();
        }
        self
    }

    /// All that must stand in an entry.
    fn terms(&self) -> impl Iterator<Item = &Term> {
        self.tokens.iter().map(|(_, term)| term).chain(&self.between)
    }

    fn field(&self) -> Option<Field> {
        self.tokens.first().map(|(_, term)| term.field())
    }

    /// What it is worth where it stands, by BM25.
    pub(super) fn weight(&self, searcher: &Searcher, boost: f32) -> tantivy::Result<Bm25Weight> {
        let terms: Vec<Term> = self.tokens.iter().map(|(_, term)| term.clone()).collect();
        Ok(Bm25Weight::for_terms(searcher, &terms)?.boost_by(boost))
    }
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
    fn set_all(&mut self, docs: &[DocId]) {
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

    fn holds(&self, doc: DocId) -> bool {
        self.0.get(doc as usize / 64).is_some_and(|word| word >> (doc % 64) & 1 == 1)
    }

    fn hold_all(&self, others: &Bits) -> bool {
        self.0.iter().zip(&others.0).all(|(own, other)| other & !own == 0)
    }

    fn keep(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own &= other);
    }

    fn add(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own |= other);
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Each entry in turn, quicker than [`Bits::iter`].
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

    pub(super) fn iter(&self) -> impl Iterator<Item = DocId> {
        (0..).zip(&self.0).flat_map(|(at, word): (u32, &u64)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(at * 64 + bit)
            })
        })
    }
}

/// Entries in which tokens stand together, and how often.
type Standing = Rc<Vec<(DocId, u32)>>;

/// One piece of the index while a question is answered.
pub(super) struct Piece<'a> {
    segment: &'a SegmentReader,
    kept: &'a Kept,
    lists: HashMap<Term, Option<TermInfo>>,
    /// Where tokens stand together, and how often, of the entries that were looked through: needed to find and again to
    /// rank.
    together: HashMap<Leaf, (Bits, Standing)>,
}

impl<'a> Piece<'a> {
    pub(super) fn new(segment: &'a SegmentReader, kept: &'a Kept) -> Piece<'a> {
        Piece { segment, kept, lists: HashMap::new(), together: HashMap::new() }
    }

    /// The entries that hold what is needed and have not been removed.
    pub(super) fn holding(&mut self, need: &Need) -> tantivy::Result<Bits> {
        let mut found = self.within(need, None)?;
        if let Some(alive) = self.segment.alive_bitset() {
            let mut still = Bits::none(self.segment.max_doc());
            found.each(|doc| {
                if alive.is_alive(doc) {
                    still.set(doc);
                }
            });
            found = still;
        }
        Ok(found)
    }

    fn within(&mut self, need: &Need, within: Option<&Bits>) -> tantivy::Result<Bits> {
        let entries = self.segment.max_doc();
        Ok(match need {
            Need::Leaf(leaf) if leaf.tokens.len() == 1 => self.list(&leaf.tokens[0].1, within)?,
            Need::Leaf(leaf) => {
                let mut found = Bits::none(entries);
                self.standing_together(leaf, within)?.iter().for_each(|(doc, _)| found.set(*doc));
                if let Some(within) = within {
                    found.keep(within);
                }
                found
            }
            Need::OneOf(needs) => {
                let mut found = Bits::none(entries);
                for need in needs {
                    found.add(&self.within(need, within)?);
                }
                found
            }
            Need::Every(needs) => {
                // The rarest first, so that the others are asked about few; and what stands alone before what must
                // stand together.
                let mut ranked = Vec::with_capacity(needs.len());
                for need in needs {
                    let is_placed = matches!(need, Need::Leaf(leaf) if leaf.tokens.len() > 1);
                    ranked.push((is_placed, self.most(need)?, need));
                }
                ranked.sort_by_key(|(is_placed, most, _)| (*is_placed, *most));
                let mut found = within.cloned().unwrap_or_else(|| Bits::all(entries));
                for (_, _, need) in ranked {
                    found = self.within(need, Some(&found))?;
                }
                found
            }
        })
    }

    /// More entries than this cannot hold it.
    fn most(&mut self, need: &Need) -> tantivy::Result<u32> {
        let all = self.segment.max_doc();
        Ok(match need {
            Need::Leaf(leaf) => {
                let mut least = all;
                for term in leaf.terms() {
                    least = least.min(self.info(term)?.map_or(0, |info| info.doc_freq));
                }
                least
            }
            Need::Every(needs) => {
                let mut least = all;
                for need in needs {
                    least = least.min(self.most(need)?);
                }
                least
            }
            Need::OneOf(needs) => {
                let mut sum = 0_u32;
                for need in needs {
                    sum = sum.saturating_add(self.most(need)?);
                }
                sum.min(all)
            }
        })
    }

    fn info(&mut self, term: &Term) -> tantivy::Result<Option<TermInfo>> {
        if let Some(known) = self.lists.get(term) {
            return Ok(known.clone());
        }
        let info = self.segment.inverted_index(term.field())?.get_term_info(term)?;
        self.lists.insert(term.clone(), info.clone());
        Ok(info)
    }

    fn blocks(
        &mut self,
        term: &Term,
        option: IndexRecordOption,
    ) -> tantivy::Result<Option<BlockSegmentPostings>> {
        let Some(info) = self.info(term)? else { return Ok(None) };
        let index = self.segment.inverted_index(term.field())?;
        Ok(Some(index.read_block_postings_from_terminfo(&info, option)?))
    }

    /// The entries with this token, of those within.
    fn list(&mut self, term: &Term, within: Option<&Bits>) -> tantivy::Result<Bits> {
        let entries = self.segment.max_doc();
        let Some(info) = self.info(term)? else { return Ok(Bits::none(entries)) };
        if info.doc_freq > entries / COMMON {
            let all = self.common(term)?;
            return Ok(match within {
                Some(within) => {
                    let mut found = within.clone();
                    found.keep(&all);
                    found
                }
                None => (*all).clone(),
            });
        }
        let mut found = Bits::none(entries);
        let Some(mut blocks) = self.blocks(term, IndexRecordOption::Basic)? else { return Ok(found) };
        match within.filter(|within| within.len() * SEEKING < blocks.doc_freq() as usize) {
            Some(few) => few.each(|doc| {
                let at = blocks.seek(doc);
                if blocks.doc(at) == doc {
                    found.set(doc);
                }
            }),
            None => {
                set_from(&mut blocks, &mut found);
                if let Some(within) = within {
                    found.keep(within);
                }
            }
        }
        Ok(found)
    }

    /// All entries with a common token.
    fn common(&mut self, term: &Term) -> tantivy::Result<Arc<Bits>> {
        if let Some(known) = self.kept.common.get(term) {
            return Ok(known);
        }
        let mut found = Bits::none(self.segment.max_doc());
        if let Some(mut blocks) = self.blocks(term, IndexRecordOption::Basic)? {
            set_from(&mut blocks, &mut found);
        }
        let found = Arc::new(found);
        self.kept.common.insert(term.clone(), found.clone());
        Ok(found)
    }

    /// The entries in which these tokens stand together, of those within or more, and how often.
    fn standing_together(&mut self, leaf: &Leaf, within: Option<&Bits>) -> tantivy::Result<Standing> {
        let within = within.cloned().unwrap_or_else(|| Bits::all(self.segment.max_doc()));
        if let Some((through, known)) = self.together.get(leaf)
            && through.hold_all(&within)
        {
            return Ok(known.clone());
        }
        // The rarest first; what stands between needs no places.
        let placed = leaf.tokens.iter().map(|(offset, term)| (Some(*offset), term));
        let mut ranked = Vec::with_capacity(leaf.tokens.len() + leaf.between.len());
        for (offset, term) in placed.chain(leaf.between.iter().map(|term| (None, term))) {
            ranked.push((self.info(term)?.map_or(0, |info| info.doc_freq), offset, term));
        }
        ranked.sort_by_key(|(entries, ..)| *entries);
        let mut candidates = within.clone();
        for (.., term) in &ranked {
            candidates = self.list(term, Some(&candidates))?;
        }
        let mut standing = Vec::new();
        if candidates.len() > 0 {
            let mut lists = Vec::with_capacity(leaf.tokens.len());
            for (_, offset, term) in &ranked {
                let (Some(offset), Some(info)) = (*offset, self.info(term)?) else { continue };
                let index = self.segment.inverted_index(term.field())?;
                let option = IndexRecordOption::WithFreqsAndPositions;
                lists.push((offset, index.read_postings_from_terminfo(&info, option)?));
            }
            let last = leaf.tokens.iter().map(|(offset, _)| *offset).max().unwrap_or(0);
            let (mut begins, mut places) = (Vec::new(), Vec::new());
            for doc in candidates.iter() {
                begins.clear();
                for (number, (offset, list)) in lists.iter_mut().enumerate() {
                    list.seek(doc);
                    // Counted from where the last token would stand, so that no place is below zero.
                    let shift = last - *offset;
                    if number == 0 {
                        list.positions_with_offset(shift, &mut begins);
                    } else {
                        list.positions_with_offset(shift, &mut places);
                        keep_common(&mut begins, &places);
                    }
                    if begins.is_empty() {
                        break;
                    }
                }
                if !begins.is_empty() {
                    standing.push((doc, u32::try_from(begins.len()).unwrap_or(u32::MAX)));
                }
            }
        }
        let standing = Rc::new(standing);
        self.together.insert(leaf.clone(), (within, standing.clone()));
        Ok(standing)
    }

    /// What each of these entries is worth; the others count for nothing.
    ///
    /// Only so many of the best are wanted, so an entry is left with less than its due as soon as all that is still to be
    /// weighed cannot bring it among them: a common word is weighed where it stands in titles, and hardly elsewhere.
    pub(super) fn worth(
        &mut self,
        merits: &[(Leaf, Bm25Weight)],
        of: &Bits,
        wanted: usize,
    ) -> tantivy::Result<Worth> {
        let mut worth = Worth::default();
        if merits.is_empty() || of.len() == 0 {
            return Ok(worth);
        }
        worth.make_room(self.segment.max_doc());
        let mut ranked: Vec<&(Leaf, Bm25Weight)> = merits.iter().collect();
        ranked.sort_by(|a, b| b.1.max_score().total_cmp(&a.1.max_score()));
        // Those that may still come among the best.
        let mut open = Cow::Borrowed(of);
        for (at, (leaf, weight)) in ranked.iter().enumerate() {
            self.weigh(leaf, weight, &open, &mut worth)?;
            let to_come: f32 = ranked[at + 1..].iter().map(|(_, weight)| weight.max_score()).sum();
            if let Some(least) = worth.least_of_best(wanted).filter(|least| *least > to_come) {
                worth.leave_below(least - to_come);
                let mut few = Bits::none(self.segment.max_doc());
                worth.docs().iter().for_each(|doc| few.set(*doc));
                open = Cow::Owned(few);
            }
        }
        Ok(worth)
    }

    /// Adds what one merit is worth to each of these entries that has it.
    fn weigh(
        &mut self,
        leaf: &Leaf,
        weight: &Bm25Weight,
        open: &Bits,
        worth: &mut Worth,
    ) -> tantivy::Result<()> {
        let Some(norms) = leaf.field().and_then(|field| self.kept.norms.get(&field)) else { return Ok(()) };
        let mut add = |doc: DocId, times: u32| worth.add(doc, weight.score(norms.fieldnorm_id(doc), times));
        let [(_, term)] = &leaf.tokens[..] else {
            let standing = self.standing_together(leaf, Some(open))?;
            standing.iter().filter(|(doc, _)| open.holds(*doc)).for_each(|(doc, times)| add(*doc, *times));
            return Ok(());
        };
        let Some(mut blocks) = self.blocks(term, IndexRecordOption::WithFreqs)? else { return Ok(()) };
        if open.len() * SEEKING < blocks.doc_freq() as usize {
            open.each(|doc| {
                let at = blocks.seek(doc);
                if blocks.doc(at) == doc {
                    add(doc, blocks.freq(at));
                }
            });
        } else {
            while !blocks.docs().is_empty() {
                // A list without frequencies says that the token is there.
                let times = blocks.freqs().iter().copied().chain(std::iter::repeat(1));
                let all = blocks.docs().iter().copied().zip(times);
                all.filter(|(doc, _)| open.holds(*doc)).for_each(|(doc, times)| add(doc, times));
                blocks.advance();
            }
        }
        Ok(())
    }
}

/// Sets every entry of a list.
fn set_from(blocks: &mut BlockSegmentPostings, found: &mut Bits) {
    while !blocks.docs().is_empty() {
        found.set_all(blocks.docs());
        blocks.advance();
    }
}

/// Of two ascending lists what stands in both, in the first.
fn keep_common(own: &mut Vec<u32>, other: &[u32]) {
    let mut other = other.iter().peekable();
    own.retain(|place| {
        while other.next_if(|next| **next < *place).is_some() {}
        other.peek().is_some_and(|next| **next == *place)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_what_was_set() {
        for entries in [0, 1, 63, 64, 65, 200] {
            assert_eq!(Bits::all(entries).iter().collect::<Vec<_>>(), (0..entries).collect::<Vec<_>>());
            assert_eq!(Bits::all(entries).len(), entries as usize);
            assert_eq!(Bits::none(entries).iter().count(), 0);
        }
        let mut bits = Bits::none(130);
        bits.set_all(&[3, 64]);
        bits.set_all(&[]);
        bits.set_all(&[129, 4_000]);
        assert_eq!(bits.iter().collect::<Vec<_>>(), [3, 64, 129]);
        let mut each = Vec::new();
        bits.each(|doc| each.push(doc));
        assert_eq!(each, [3, 64, 129]);
        let mut others = Vec::new();
        bits.each_not(130, |doc| others.push(doc));
        assert_eq!(others.len(), 127);
        assert!(!others.contains(&64) && others.contains(&63) && others.contains(&128));
        assert!(bits.holds(64) && !bits.holds(65) && !bits.holds(4_000));
    }

    /// Three pieces of an index, some entries removed again: words from the common `a` to the rare `h`.
    fn words() -> (Searcher, Field) {
        let mut schema = tantivy::schema::Schema::builder();
        let field = schema.add_text_field("words", tantivy::schema::TEXT);
        let index = tantivy::Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 20_000_000).unwrap();
        writer.set_merge_policy(Box::new(tantivy::merge_policy::NoMergePolicy));
        let chance = std::cell::Cell::new(1_u64);
        let roll = |sides: u64| {
            chance.set(chance.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
            (chance.get() >> 33) % sides
        };
        for piece in 0..3 {
            for number in 0..400 {
                let words: Vec<&str> = (0..1 + roll(12))
                    .map(|_| ["a", "a", "a", "a", "b", "b", "c", "c", "d", "e", "f", "g"][roll(12) as usize])
                    .chain((roll(97) == 0).then_some("h"))
                    .chain((number % 50 == piece).then_some("gone"))
                    .collect();
                writer.add_document(tantivy::doc!(field => words.join(" "))).unwrap();
            }
            writer.commit().unwrap();
        }
        writer.delete_term(Term::from_field_text(field, "gone"));
        writer.commit().unwrap();
        (index.reader().unwrap().searcher(), field)
    }

    /// The same asked of tantivy in its general way.
    fn generally(need: &Need) -> Box<dyn tantivy::query::Query> {
        use tantivy::query::{AllQuery, BooleanQuery, PhraseQuery, TermQuery};
        match need {
            Need::Leaf(leaf) if leaf.tokens.len() == 1 => {
                Box::new(TermQuery::new(leaf.tokens[0].1.clone(), IndexRecordOption::WithFreqs))
            }
            Need::Leaf(leaf) => {
                let placed = leaf.tokens.iter().map(|(at, term)| (*at as usize, term.clone()));
                Box::new(PhraseQuery::new_with_offset(placed.collect()))
            }
            Need::Every(needs) if needs.is_empty() => Box::new(AllQuery),
            Need::Every(needs) => Box::new(BooleanQuery::intersection(needs.iter().map(generally).collect())),
            Need::OneOf(needs) => Box::new(BooleanQuery::union(needs.iter().map(generally).collect())),
        }
    }

    fn kept(segment: &SegmentReader, field: Field) -> Kept {
        let norms = [(field, segment.get_fieldnorms_reader(field).unwrap())];
        Kept {
            under: Vec::new(),
            headings: Vec::new(),
            in_all: Vec::new(),
            made: Vec::new(),
            earliest: 0,
            latest: 0,
            norms: norms.into(),
            common: super::super::tally::common(),
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        #[test]
        fn the_same_is_found_and_worth_as_much_as_in_the_general_way(
            ways in proptest::collection::vec(
                proptest::collection::vec(proptest::collection::vec(0..9_usize, 1..4), 0..4), 1..4
            )
        ) {
            let (searcher, field) = words();
            let word = |n: &usize| ["a", "b", "c", "d", "e", "f", "g", "h", "nowhere"][*n];
            let leaf = |ns: &Vec<usize>| Leaf::together(field, ns.iter().map(word).enumerate());
            let every = |leaves: &Vec<Vec<usize>>| {
                Need::Every(leaves.iter().map(|ns| Need::Leaf(leaf(ns))).collect())
            };
            let need = Need::OneOf(ways.iter().map(every).collect());
            let expected = searcher
                .search(&*generally(&need), &tantivy::collector::DocSetCollector)
                .unwrap();
            let mut found = std::collections::HashSet::new();
            for (number, segment) in (0..).zip(searcher.segment_readers()) {
                let kept = kept(segment, field);
                let mut piece = Piece::new(segment, &kept);
                let holding = piece.holding(&need).unwrap();
                found.extend(holding.iter().map(|doc| tantivy::DocAddress::new(number, doc)));
                for leaf in ways.iter().flatten().map(leaf) {
                    let merits = [(leaf.clone(), leaf.weight(&searcher, 2.0).unwrap())];
                    let worth = piece.worth(&merits, &holding, usize::MAX).unwrap();
                    let query = generally(&Need::Leaf(leaf));
                    let scoring = tantivy::query::EnableScoring::enabled_from_searcher(&searcher);
                    let mut scorer = query.weight(scoring).unwrap().scorer(segment, 2.0).unwrap();
                    for doc in holding.iter() {
                        if scorer.doc() < doc {
                            scorer.seek(doc);
                        }
                        let score = if scorer.doc() == doc { scorer.score() } else { 0.0 };
                        proptest::prop_assert!((worth.of(doc) - score).abs() < 1e-3);
                    }
                }
                // The best of all merits together are the same, however few of them are wanted.
                let leaves = ways.iter().flatten().enumerate();
                let merits: Vec<_> = leaves
                    .map(|(n, ns)| (leaf(ns), leaf(ns).weight(&searcher, [6.0, 1.0, 0.2][n % 3]).unwrap()))
                    .collect();
                let best = |worth: &Worth, wanted: usize| {
                    let mut ranked: Vec<DocId> = holding.iter().collect();
                    ranked.sort_by(|a, b| worth.of(*b).total_cmp(&worth.of(*a)).then(a.cmp(b)));
                    let best = ranked.into_iter().take(wanted);
                    best.map(|doc| (doc, worth.of(doc).to_bits())).collect::<Vec<_>>()
                };
                let every = piece.worth(&merits, &holding, usize::MAX).unwrap();
                for wanted in [1, 3, 10, 100] {
                    let few = piece.worth(&merits, &holding, wanted).unwrap();
                    proptest::prop_assert_eq!(best(&few, wanted), best(&every, wanted));
                }
            }
            proptest::prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn what_two_lists_share_stays() {
        let common = |mut own: Vec<u32>, other: &[u32]| {
            keep_common(&mut own, other);
            own
        };
        assert_eq!(common(vec![1, 4, 9, 12], &[0, 4, 5, 12, 13]), [4, 12]);
        assert_eq!(common(vec![1], &[]), [0; 0]);
        assert_eq!(common(vec![], &[1]), [0; 0]);
    }
}
