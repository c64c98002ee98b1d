//! From what is needed to the entries that hold it, read straight from the posting lists of one piece of the index.
//!
//! One list after the other: what is found is one bit for each entry, what it is worth one number for each. The general
//! way of tantivy asks every list about every entry in turn, which costs several times as much when everything found is
//! also counted under its headings.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use tantivy::postings::{BlockSegmentPostings, Postings, TermInfo};
use tantivy::query::Bm25Weight;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Searcher, SegmentReader, Term};

use super::found::{Bits, Found, ROOM, before, each_shared};
use super::tally::Kept;
use super::worth::Worth;

/// Of a list so many times as long each entry is looked for; of a shorter one everything is read.
const SPARSE: usize = 8;
/// Among so many times as many entries each of a list is looked for.
const SHORT: usize = 3;
/// Entries ahead are weighed to the end when all that is to come is worth no more than so many times what they have.
const DECIDING: f32 = 3.0;
/// And again when the last of the best has come to be worth so many times as much.
const FURTHER: f32 = 2.0;

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
    /// Wherever this stands they stand together: a word that was cut from the same text.
    word: Option<Term>,
}

impl Leaf {
    pub(super) fn one(field: Field, token: &str) -> Leaf {
        Leaf::of(vec![(0, Term::from_field_text(field, token))])
    }

    /// Standing together; at least one.
    pub(super) fn together<'a>(field: Field, tokens: impl IntoIterator<Item = (usize, &'a str)>) -> Leaf {
        let placed = |(at, token): (usize, &str)| {
            (u32::try_from(at).unwrap_or(u32::MAX), Term::from_field_text(field, token))
        };
        Leaf::of(tokens.into_iter().map(placed).collect())
    }

    fn of(tokens: Vec<(u32, Term)>) -> Leaf {
        Leaf { tokens, between: Vec::new(), word: None }
    }

    pub(super) fn with_between<'a>(mut self, tokens: impl IntoIterator<Item = &'a str>) -> Leaf {
        if let Some(field) = self.field() {
            self.between = tokens.into_iter().map(|token| Term::from_field_text(field, token)).collect();
        }
        self
    }

    /// `word`: these characters as a word of the text whose pairs the tokens are. Without any character that is left out
    /// of pairs, or could be.
    pub(super) fn with_word(mut self, field: Field, word: &[char]) -> Leaf {
        let is_plain = word.iter().all(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
        self.word = is_plain.then(|| Term::from_field_text(field, &word.iter().collect::<String>()));
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

/// Entries in which tokens stand together, ascending, and how often in each.
#[derive(Debug, Default)]
struct Standing {
    docs: Vec<DocId>,
    times: Vec<u32>,
}

/// One piece of the index while a question is answered.
pub(super) struct Piece<'a> {
    segment: &'a SegmentReader,
    kept: &'a Kept,
    lists: HashMap<Term, Option<TermInfo>>,
    /// Where tokens stand together, and how often, of the entries that were looked through: needed to find and again to
    /// rank.
    together: HashMap<Leaf, (Found, Rc<Standing>)>,
}

impl<'a> Piece<'a> {
    pub(super) fn new(segment: &'a SegmentReader, kept: &'a Kept) -> Piece<'a> {
        Piece { segment, kept, lists: HashMap::new(), together: HashMap::new() }
    }

    /// The entries that hold what is needed and have not been removed.
    pub(super) fn holding(&mut self, need: &Need) -> tantivy::Result<Found> {
        let found = self.within(need, None)?;
        Ok(match self.segment.alive_bitset() {
            Some(alive) => found.filter(self.segment.max_doc(), |doc| alive.is_alive(doc)),
            None => found,
        })
    }

    fn within(&mut self, need: &Need, within: Option<&Found>) -> tantivy::Result<Found> {
        let entries = self.segment.max_doc();
        Ok(match need {
            Need::Leaf(leaf) if leaf.tokens.len() == 1 => self.list(&leaf.tokens[0].1, within)?,
            Need::Leaf(leaf) => {
                let mut candidates = self.candidates(leaf, within)?;
                let mut ways = Vec::new();
                if let Some(word) = &leaf.word {
                    let sure = self.list(word, Some(&candidates))?;
                    candidates = candidates.without(&sure);
                    ways.push(sure);
                }
                let standing = self.standing_together(leaf, &candidates)?;
                ways.push(Found::docs(standing.docs.clone(), entries).shared(&candidates));
                Found::any(ways, entries)
            }
            Need::OneOf(needs) => {
                let mut ways = Vec::with_capacity(needs.len());
                for need in needs {
                    ways.push(self.within(need, within)?);
                }
                Found::any(ways, entries)
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
                let mut found = within.cloned();
                for (_, _, need) in ranked {
                    found = Some(self.within(need, found.as_ref())?);
                }
                found.unwrap_or_else(|| Found::all(entries))
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
    fn list(&mut self, term: &Term, within: Option<&Found>) -> tantivy::Result<Found> {
        let Some(info) = self.info(term)? else { return Ok(Found::none()) };
        if info.doc_freq as usize > self.segment.max_doc() as usize / ROOM {
            // Common: its bits are kept, for many ask for it. They are not made for the sake of few.
            let is_for_few = matches!(within, Some(Found::Few(_)));
            let all = match self.kept.common.get(term) {
                None if !is_for_few => Some(self.common(term)?),
                known => known,
            };
            if let Some(all) = all {
                return Ok(within.map_or_else(|| Found::Many(all.clone()), |within| within.among(&all)));
            }
        }
        let Some(mut blocks) = self.blocks(term, IndexRecordOption::Basic)? else {
            return Ok(Found::none());
        };
        let mut found = Vec::new();
        match within {
            Some(Found::Few(docs)) => each_listed(&mut blocks, docs, |at, _| found.push(docs[at])),
            Some(Found::Many(bits)) => {
                each_block(&mut blocks, |docs, _| found.extend(docs.iter().filter(|doc| bits.holds(**doc))));
            }
            None => each_block(&mut blocks, |docs, _| found.extend_from_slice(docs)),
        }
        Ok(Found::Few(found))
    }

    /// All entries with a common token.
    fn common(&mut self, term: &Term) -> tantivy::Result<Arc<Bits>> {
        let mut found = Bits::none(self.segment.max_doc());
        if let Some(mut blocks) = self.blocks(term, IndexRecordOption::Basic)? {
            each_block(&mut blocks, |docs, _| found.set_all(docs));
        }
        let found = Arc::new(found);
        self.kept.common.insert(term.clone(), found.clone());
        Ok(found)
    }

    /// The entries with all these tokens and what stands between them, of those within.
    fn candidates(&mut self, leaf: &Leaf, within: Option<&Found>) -> tantivy::Result<Found> {
        let mut ranked = Vec::with_capacity(leaf.tokens.len() + leaf.between.len());
        for term in leaf.terms() {
            ranked.push((self.info(term)?.map_or(0, |info| info.doc_freq), term));
        }
        // The rarest first.
        ranked.sort_by_key(|(entries, _)| *entries);
        let mut candidates = within.cloned();
        for (_, term) in ranked {
            candidates = Some(self.list(term, candidates.as_ref())?);
        }
        Ok(candidates.unwrap_or_else(|| Found::all(self.segment.max_doc())))
    }

    /// The entries in which these tokens stand together, of these candidates or of more, and how often.
    fn standing_together(&mut self, leaf: &Leaf, candidates: &Found) -> tantivy::Result<Rc<Standing>> {
        if let Some((through, known)) = self.together.get(leaf)
            && through.hold_all(candidates)
        {
            return Ok(known.clone());
        }
        let mut ranked = Vec::with_capacity(leaf.tokens.len());
        for (offset, term) in &leaf.tokens {
            ranked.push((self.info(term)?.map_or(0, |info| info.doc_freq), *offset, term));
        }
        ranked.sort_by_key(|(entries, ..)| *entries);
        let mut standing = Standing::default();
        if candidates.len() > 0 {
            let mut lists = Vec::with_capacity(leaf.tokens.len());
            for (_, offset, term) in &ranked {
                let Some(info) = self.info(term)? else { continue };
                let index = self.segment.inverted_index(term.field())?;
                let option = IndexRecordOption::WithFreqsAndPositions;
                lists.push((*offset, index.read_postings_from_terminfo(&info, option)?));
            }
            let last = leaf.tokens.iter().map(|(offset, _)| *offset).max().unwrap_or(0);
            let (mut begins, mut places) = (Vec::new(), Vec::new());
            for doc in candidates.to_docs() {
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
                    standing.docs.push(doc);
                    standing.times.push(u32::try_from(begins.len()).unwrap_or(u32::MAX));
                }
            }
        }
        let standing = Rc::new(standing);
        self.together.insert(leaf.clone(), (candidates.clone(), standing.clone()));
        Ok(standing)
    }

    /// What each of these entries is worth; the others count for nothing.
    ///
    /// Only so many of the best are wanted, so an entry is left with less than its due as soon as all that is still to be
    /// weighed cannot bring it among them: a common word is weighed where it stands in titles, and hardly elsewhere.
    pub(super) fn worth(
        &mut self,
        merits: &[(Leaf, Bm25Weight)],
        of: &Found,
        wanted: usize,
    ) -> tantivy::Result<Worth> {
        let mut worth = Worth::of(of, self.segment.max_doc());
        if of.len() == 0 {
            return Ok(worth);
        }
        let mut ranked: Vec<&(Leaf, Bm25Weight)> = merits.iter().collect();
        ranked.sort_by(|a, b| b.1.max_score().total_cmp(&a.1.max_score()));
        // So much the last of the best will be worth at the least.
        let mut least = 0.0_f32;
        // What it was when those ahead were last weighed to the end.
        let mut tried = 0.0_f32;
        for (at, (leaf, weight)) in ranked.iter().enumerate() {
            self.weigh(leaf, weight, &mut worth)?;
            let rest = &ranked[at + 1..];
            let to_come: f32 = rest.iter().map(|(_, weight)| weight.max_score()).sum();
            least = worth.least_of_best(wanted, least).unwrap_or(least);
            // Those ahead now are weighed to the end when that may decide it, and not for little more than the last time.
            if least <= to_come && least * DECIDING > to_come && least > tried * FURTHER {
                let ahead = self.ahead_in_the_end(&worth, rest, wanted)?;
                least = ahead.least_of_best(wanted, least).unwrap_or(least);
                tried = least;
            }
            // Sums of the same numbers in another order differ by less.
            let too_little = least * 0.999_99 - to_come;
            if too_little > 0.0 {
                worth.leave_below(too_little);
            }
        }
        Ok(worth)
    }

    /// Those that are ahead now, weighed to the end.
    fn ahead_in_the_end(
        &mut self,
        worth: &Worth,
        rest: &[&(Leaf, Bm25Weight)],
        wanted: usize,
    ) -> tantivy::Result<Worth> {
        let mut ahead = worth.best(wanted);
        for (leaf, weight) in rest {
            self.weigh(leaf, weight, &mut ahead)?;
        }
        Ok(ahead)
    }

    /// Adds what one merit is worth to each entry that has it.
    fn weigh(&mut self, leaf: &Leaf, weight: &Bm25Weight, worth: &mut Worth) -> tantivy::Result<()> {
        let kept = self.kept;
        let Some(norms) = leaf.field().and_then(|field| kept.norms.get(&field)) else { return Ok(()) };
        let score = |doc: DocId, times: u32| weight.score(norms.fieldnorm_id(doc), times);
        let [(_, term)] = &leaf.tokens[..] else {
            let candidates = self.candidates(leaf, Some(&worth.open()))?;
            let standing = self.standing_together(leaf, &candidates)?;
            match worth {
                Worth::Few { docs, each } => {
                    each_shared(docs, &standing.docs, |at, other| {
                        each[at] += score(docs[at], standing.times[other]);
                    });
                }
                Worth::Many(many) => {
                    let standing = standing.docs.iter().zip(&standing.times);
                    standing.for_each(|(doc, times)| many.add(*doc, score(*doc, *times)));
                }
            }
            return Ok(());
        };
        let Some(mut blocks) = self.blocks(term, IndexRecordOption::WithFreqs)? else { return Ok(()) };
        match worth {
            Worth::Few { docs, each } => {
                each_listed(&mut blocks, docs, |at, times| each[at] += score(docs[at], times));
            }
            Worth::Many(many) => each_block(&mut blocks, |docs, freqs| {
                // A list without frequencies says that the token is there.
                let times = freqs.iter().copied().chain(std::iter::repeat(1));
                docs.iter().zip(times).for_each(|(doc, times)| many.add(*doc, score(*doc, times)));
            }),
        }
        Ok(())
    }
}

/// Every entry of a list and how often the token stands in it, block by block.
fn each_block(blocks: &mut BlockSegmentPostings, mut with: impl FnMut(&[DocId], &[u32])) {
    while !blocks.docs().is_empty() {
        with(blocks.docs(), blocks.freqs());
        blocks.advance();
    }
}

/// Which of these entries, ascending, stand in a list, and how often the token stands in them. Blocks with none of
/// them are passed over.
fn each_listed(blocks: &mut BlockSegmentPostings, docs: &[DocId], mut with: impl FnMut(usize, u32)) {
    if docs.len() * SPARSE < blocks.doc_freq() as usize {
        for (at, doc) in docs.iter().enumerate() {
            let listed = blocks.seek(*doc);
            if blocks.doc(listed) == *doc {
                with(at, blocks.freq(listed));
            }
        }
        return;
    }
    let mut at = 0;
    if blocks.doc_freq() as usize * SHORT < docs.len() {
        while !blocks.docs().is_empty() {
            for (listed, doc) in blocks.docs().iter().enumerate() {
                at += before(&docs[at..], *doc);
                if docs.get(at) == Some(doc) {
                    with(at, blocks.freq(listed));
                }
            }
            blocks.advance();
        }
        return;
    }
    while let Some(doc) = docs.get(at) {
        let first = blocks.seek(*doc);
        let Some(listed) = blocks.docs().get(first..).filter(|listed| !listed.is_empty()) else { return };
        at += each_shared(&docs[at..], listed, |own, other| with(at + own, blocks.freq(first + other)));
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

    fn of_each(worth: &Worth) -> HashMap<DocId, f32> {
        let mut each = HashMap::new();
        worth.each(usize::MAX, |doc, worth| assert!(each.insert(doc, worth).is_none()));
        each
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
                found.extend(holding.to_docs().into_iter().map(|doc| tantivy::DocAddress::new(number, doc)));
                for leaf in ways.iter().flatten().map(leaf) {
                    let merits = [(leaf.clone(), leaf.weight(&searcher, 2.0).unwrap())];
                    let worth = of_each(&piece.worth(&merits, &holding, usize::MAX).unwrap());
                    let query = generally(&Need::Leaf(leaf));
                    let scoring = tantivy::query::EnableScoring::enabled_from_searcher(&searcher);
                    let mut scorer = query.weight(scoring).unwrap().scorer(segment, 2.0).unwrap();
                    for doc in holding.to_docs() {
                        if scorer.doc() < doc {
                            scorer.seek(doc);
                        }
                        let score = if scorer.doc() == doc { scorer.score() } else { 0.0 };
                        proptest::prop_assert!((worth.get(&doc).unwrap_or(&0.0) - score).abs() < 1e-3);
                    }
                }
                // The best of all merits together are the same, however few of them are wanted.
                let leaves = ways.iter().flatten().enumerate();
                let merits: Vec<_> = leaves
                    .map(|(n, ns)| (leaf(ns), leaf(ns).weight(&searcher, [6.0, 1.0, 0.2][n % 3]).unwrap()))
                    .collect();
                let best = |worth: &Worth, wanted: usize| {
                    let worth = of_each(worth);
                    let mut ranked: Vec<DocId> = holding.to_docs();
                    let of = |doc: &DocId| worth.get(doc).copied().unwrap_or(0.0);
                    ranked.sort_by(|a, b| of(b).total_cmp(&of(a)).then(a.cmp(b)));
                    let best = ranked.into_iter().take(wanted);
                    best.map(|doc| (doc, of(&doc).to_bits())).collect::<Vec<_>>()
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
