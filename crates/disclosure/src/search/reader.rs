//! Finding in the index: from terms to queries, from what they find to numbers and the first page.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use tantivy::collector::Count as CountHits;
use tantivy::index::SegmentId;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, Occur, PhraseQuery, Query as TantivyQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{IndexReader, Searcher, SegmentReader, TantivyDocument, Term as IndexTerm};

use super::index::{Fields, day};
use super::lexicon::Lexicon;
use super::tally::{Counted, KINDS, Narrowed, Place, Tally, Walk, Words};
use super::typed::Term;
use super::{By, Count, Order, Query, numbers, pinyin, tokens};

/// What stands in the index at one moment.
pub(super) struct Shown {
    pub searcher: Searcher,
    places: Vec<Arc<Vec<Place>>>,
    words: Words,
}

pub(super) struct Reader {
    reader: IndexReader,
    fields: Fields,
    shown: RwLock<Arc<Shown>>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Raw {
    pub total: u64,
    pub ids: Vec<String>,
    pub facets: [Vec<Count>; KINDS],
    /// What is marked in the hits: the terms, their words, what means the same, what is read as was typed.
    pub marks: Vec<Vec<char>>,
    /// Syllables to mark in titles, when letters were read as pinyin.
    pub syllables: Vec<Vec<String>>,
    /// What was looked for besides.
    pub synonyms: Vec<String>,
}

type Clause = Box<dyn TantivyQuery>;

fn boosted(query: Clause, boost: f32) -> (Occur, Clause) {
    (Occur::Should, Box::new(BoostQuery::new(query, boost)))
}

fn any(mut clauses: Vec<Clause>) -> Clause {
    match clauses.len() {
        1 => clauses.remove(0),
        _ => Box::new(BooleanQuery::union(clauses)),
    }
}

fn one(field: Field, text: &str) -> Clause {
    Box::new(TermQuery::new(IndexTerm::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

/// What a query is made of.
#[derive(Default)]
struct Parts {
    must: Vec<Clause>,
    should: Vec<(Occur, Clause)>,
    /// The whole query as one union of single tokens, the first of which decides what is found.
    flat: Option<Vec<(Field, String, f32)>>,
    raw: Raw,
}

impl Reader {
    pub(super) fn new(reader: IndexReader, fields: Fields) -> anyhow::Result<Reader> {
        let empty = Shown { searcher: reader.searcher(), places: Vec::new(), words: Words::default() };
        let reader = Reader { reader, fields, shown: RwLock::new(Arc::new(empty)) };
        reader.show()?;
        Ok(reader)
    }

    pub(super) fn reload(&self) -> anyhow::Result<()> {
        self.reader.reload()?;
        self.show()
    }

    /// Reads where the entries stand, of the pieces of the index that are new.
    fn show(&self) -> anyhow::Result<()> {
        let searcher = self.reader.searcher();
        let before = self.shown();
        let ids = before.searcher.segment_readers().iter().map(SegmentReader::segment_id);
        let known: HashMap<SegmentId, &Arc<Vec<Place>>> = ids.zip(&before.places).collect();
        let mut words = before.words.clone();
        let mut places = Vec::with_capacity(searcher.segment_readers().len());
        for segment in searcher.segment_readers() {
            places.push(match known.get(&segment.segment_id()) {
                Some(places) => (*places).clone(),
                None => Arc::new(self.places(segment, &mut words)?),
            });
        }
        let shown = Arc::new(Shown { searcher, places, words });
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = shown;
        Ok(())
    }

    fn places(&self, segment: &SegmentReader, words: &mut Words) -> anyhow::Result<Vec<Place>> {
        let mut places = vec![Place::default(); segment.max_doc() as usize];
        for (kind, by) in By::ALL.into_iter().enumerate() {
            let Some(column) = segment.fast_fields().str(by.field())? else { continue };
            let mut numbers = Vec::with_capacity(column.num_terms());
            let mut word = String::new();
            for ordinal in 0..column.num_terms() as u64 {
                word.clear();
                column.ord_to_str(ordinal, &mut word)?;
                numbers.push(words.number(&word));
            }
            let nothing = words.number("");
            for (doc, place) in (0..).zip(&mut places) {
                let ordinal = column.ords().first(doc).and_then(|ordinal| usize::try_from(ordinal).ok());
                place.by[kind] = ordinal.and_then(|ordinal| numbers.get(ordinal).copied()).unwrap_or(nothing);
            }
        }
        let made = segment.fast_fields().u64("made")?;
        for (doc, place) in (0..).zip(&mut places) {
            place.made = made.first(doc).and_then(|day| u32::try_from(day).ok()).unwrap_or(0);
        }
        Ok(places)
    }

    fn shown(&self) -> Arc<Shown> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether a document of this entry stands in the index.
    pub(super) fn holds(&self, id: &str) -> anyhow::Result<bool> {
        Ok(self.count(&*one(self.fields.id, id))? > 0)
    }

    fn count(&self, query: &dyn TantivyQuery) -> anyhow::Result<usize> {
        Ok(self.shown().searcher.search(query, &CountHits)?)
    }

    /// How many entries a term stands in.
    pub(super) fn hits(&self, term: &Term) -> anyhow::Result<usize> {
        match self.together(self.fields.pairs, self.fields.characters, &term.chars) {
            Some(query) => self.count(&*query),
            None => Ok(0),
        }
    }

    /// Fingerprints of all that stands in the index, in order.
    pub(super) fn prints(&self) -> anyhow::Result<Vec<u64>> {
        let shown = self.shown();
        let mut prints = Vec::new();
        for segment in shown.searcher.segment_readers() {
            let column = segment.fast_fields().u64("print")?;
            prints.extend(segment.doc_ids_alive().filter_map(|doc| column.first(doc)));
        }
        prints.sort_unstable();
        Ok(prints)
    }

    /// These characters, standing together.
    fn together(&self, pairs: Field, characters: Field, chars: &[char]) -> Option<Clause> {
        let tokens = tokens::pairs_typed(chars);
        match (tokens.as_slice(), chars) {
            ([], [c]) => Some(one(characters, &c.to_string())),
            ([], _) => None,
            ([(_, pair)], _) => Some(one(pairs, pair)),
            _ => {
                let placed =
                    tokens.into_iter().map(|(at, pair)| (at, IndexTerm::from_field_text(pairs, &pair)));
                Some(Box::new(PhraseQuery::new_with_offset(placed.collect())))
            }
        }
    }

    fn anywhere(&self, chars: &[char]) -> Option<Clause> {
        self.together(self.fields.pairs, self.fields.characters, chars)
    }

    fn in_head(&self, chars: &[char]) -> Option<Clause> {
        self.together(self.fields.head_pairs, self.fields.head_characters, chars)
    }

    /// What entries must hold for this term, and what ranks them higher.
    fn term(&self, term: &Term, lexicon: &Lexicon, is_only: bool, parts: &mut Parts) -> anyhow::Result<()> {
        let f = self.fields;
        let text = term.text();
        let marks = &mut parts.raw.marks;
        marks.push(term.chars.clone());
        let words = match term.is_exact || term.chars.len() <= 2 {
            true => vec![text.clone()],
            false => lexicon.cut(&text),
        };
        let also = |word: &str| if term.is_exact { &[][..] } else { lexicon.also(word) };
        let is_whole = words.is_empty() || words[..] == [text.clone()];
        let has_synonyms = !also(&text).is_empty() || words.iter().any(|word| !also(word).is_empty());

        if is_only && term.chars.len() <= 2 && !has_synonyms && !is_letters(&term.chars) {
            let (anywhere, head) = match term.chars.len() {
                1 => (f.characters, f.head_characters),
                _ => (f.pairs, f.head_pairs),
            };
            parts.flat = Some(vec![
                (anywhere, text.clone(), 1.0),
                (head, text.clone(), 3.0),
                (f.words, text.clone(), 1.5),
                (f.head_words, text, 4.0),
            ]);
            return Ok(());
        }

        let Some(whole) = self.anywhere(&term.chars) else { return Ok(()) };
        if is_letters(&term.chars) && !term.is_exact && self.count(&*whole)? == 0 {
            let (clauses, readings) = self.read_as_pinyin(&text);
            if !clauses.is_empty() {
                parts.raw.syllables.extend(readings);
                parts.must.push(any(clauses));
                return Ok(());
            }
        }
        let mut instead: Vec<Clause> = Vec::new();
        for synonym in also(&text) {
            let chars: Vec<char> = synonym.chars().collect();
            instead.extend(self.anywhere(&chars));
            parts.should.extend(self.in_head(&chars).map(|query| boosted(query, 1.0)));
            marks.push(chars);
            parts.raw.synonyms.push(synonym.clone());
        }
        if is_whole {
            parts.must.push(any(std::iter::once(whole).chain(instead).collect()));
        } else {
            // Each word somewhere; all of them together rank far higher.
            let mut every: Vec<(Occur, Clause)> = Vec::new();
            for word in &words {
                let chars: Vec<char> = word.chars().collect();
                let mut one_of: Vec<Clause> = self.anywhere(&chars).into_iter().collect();
                for synonym in also(word).iter().filter(|synonym| !text.contains(&**synonym)) {
                    let synonym_chars: Vec<char> = synonym.chars().collect();
                    one_of.extend(self.anywhere(&synonym_chars));
                    marks.push(synonym_chars);
                    parts.raw.synonyms.push(synonym.clone());
                }
                if !one_of.is_empty() {
                    every.push((Occur::Must, any(one_of)));
                }
                parts.should.extend(self.in_head(&chars).map(|query| boosted(query, 1.5)));
                if chars.len() > 1 {
                    marks.push(chars);
                }
            }
            let every: Clause = match every.is_empty() {
                true => Box::new(AllQuery),
                false => Box::new(BooleanQuery::new(every)),
            };
            parts.must.push(match instead.is_empty() {
                true => every,
                false => any(std::iter::once(every).chain(instead).collect()),
            });
            parts.should.push(boosted(whole, 4.0));
        }
        parts.should.extend(self.in_head(&term.chars).map(|query| boosted(query, 6.0)));
        parts.should.push(boosted(one(f.head_words, &text), 4.0));
        parts.should.push(boosted(one(f.words, &text), 1.5));
        Ok(())
    }

    /// Titles that are read like these letters: whole syllables, or the first letters of three characters at least.
    fn read_as_pinyin(&self, letters: &str) -> (Vec<Clause>, Vec<Vec<String>>) {
        let (mut clauses, mut readings): (Vec<Clause>, _) = (Vec::new(), Vec::new());
        for syllables in pinyin::cut(letters) {
            let terms = syllables.iter().map(|one| IndexTerm::from_field_text(self.fields.syllables, one));
            clauses.push(Box::new(BoostQuery::new(Box::new(PhraseQuery::new(terms.collect())), 2.0)));
            readings.push(syllables);
        }
        let chars: Vec<char> = letters.chars().collect();
        if chars.len() >= 3 {
            clauses.extend(self.together(self.fields.initials, self.fields.initials, &chars));
            readings.push(chars.iter().map(ToString::to_string).collect());
        }
        (clauses, readings)
    }

    fn parts(&self, query: &Query, terms: &[Term], lexicon: &Lexicon) -> anyhow::Result<Parts> {
        let mut parts = Parts::default();
        for term in terms {
            self.term(term, lexicon, terms.len() == 1, &mut parts)?;
        }
        let keys = numbers::typed(&query.text);
        if !keys.is_empty() {
            parts.flat = None;
            let mut ways: Vec<Clause> = keys
                .iter()
                .map(|key| Box::new(BoostQuery::new(one(self.fields.numbers, key), 10.0)) as Clause)
                .collect();
            // A number is one thing: its pieces elsewhere in a text are not it.
            let whole: Vec<char> = terms.iter().flat_map(|term| term.chars.iter().copied()).collect();
            ways.extend(self.anywhere(&whole));
            if terms.len() > 1 {
                ways.push(Box::new(BooleanQuery::intersection(std::mem::take(&mut parts.must))));
            }
            parts.must = vec![any(ways)];
            parts.should.clear();
            parts.should.extend(self.in_head(&whole).map(|query| boosted(query, 10.0)));
            parts.raw.marks.insert(0, whole);
            parts.raw.synonyms.clear();
        }
        let pinyin = whole_in_letters(&query.text);
        if let Some(letters) = pinyin.filter(|_| terms.len() > 1) {
            let (clauses, readings) = self.read_as_pinyin(&letters);
            if !clauses.is_empty() {
                let every = std::mem::take(&mut parts.must);
                let every: Clause = Box::new(BooleanQuery::intersection(every));
                parts.must = vec![any(std::iter::once(every).chain(clauses).collect())];
                parts.raw.syllables.extend(readings);
            }
        }
        parts.raw.synonyms.sort_unstable();
        parts.raw.synonyms.dedup();
        Ok(parts)
    }

    pub(super) fn find(&self, query: &Query, terms: &[Term], lexicon: &Lexicon) -> anyhow::Result<Raw> {
        let shown = self.shown();
        let mut parts = self.parts(query, terms, lexicon)?;
        let until = query.until.as_deref().map_or(0, day);
        let narrowed = Narrowed::new(&shown.words, &query.by, query.from.as_deref().map_or(0, day), until);
        let tally = |walk: Walk| Tally {
            walk,
            narrowed: narrowed.clone(),
            words: shown.words.words.len().max(1),
            places: shown.places.clone(),
            take: query.offset.saturating_add(query.limit.max(1)),
        };
        let counted = match (parts.flat.take(), query.order) {
            (Some(flat), Order::Relevance) => {
                let matching = one(flat[0].0, &flat[0].1);
                let counted = shown.searcher.search(&*matching, &tally(Walk::Count))?;
                let union =
                    flat.into_iter().map(|(field, text, boost)| boosted(one(field, &text), boost)).collect();
                let best = shown.searcher.search(&BooleanQuery::new(union), &tally(Walk::Best))?;
                Counted { best: best.best, ..counted }
            }
            (Some(flat), order) => {
                shown.searcher.search(&*one(flat[0].0, &flat[0].1), &tally(Walk::CountAndTake(order)))?
            }
            (None, order) => {
                let mut clauses: Vec<(Occur, Clause)> =
                    parts.must.into_iter().map(|clause| (Occur::Must, clause)).collect();
                let is_all = clauses.is_empty();
                if is_all {
                    clauses.push((Occur::Must, Box::new(AllQuery)));
                }
                if order == Order::Relevance {
                    clauses.extend(parts.should);
                }
                // Without words nothing is more relevant than anything else.
                let order = if is_all && order == Order::Relevance { Order::Newest } else { order };
                shown.searcher.search(&BooleanQuery::new(clauses), &tally(Walk::CountAndTake(order)))?
            }
        };
        let mut raw = parts.raw;
        raw.total = counted.total;
        for address in counted.best.into_iter().skip(query.offset).take(query.limit.max(1)) {
            let doc: TantivyDocument = shown.searcher.doc(address)?;
            raw.ids.extend(doc.get_first(self.fields.id).and_then(|id| id.as_str()).map(ToOwned::to_owned));
        }
        for ((facet, counts), by) in raw.facets.iter_mut().zip(counted.by).zip(By::ALL) {
            *facet = shown
                .words
                .words
                .iter()
                .zip(counts)
                .filter(|(word, hits)| *hits > 0 && !word.is_empty())
                .map(|(word, hits)| Count { code: word.clone(), hits: u64::from(hits) })
                .collect();
            facet.sort_by(|a, b| match by {
                By::Year => b.code.cmp(&a.code),
                _ => b.hits.cmp(&a.hits).then_with(|| a.code.cmp(&b.code)),
            });
        }
        Ok(raw)
    }

    /// Entries whose titles are near to this, for suggestions: they sound alike, or most of their pairs are the same.
    pub(super) fn near(&self, chars: &[char], most: usize) -> anyhow::Result<Vec<String>> {
        let mut clauses: Vec<Clause> = Vec::new();
        let pairs: Vec<String> = chars.windows(2).map(|two| two.iter().collect()).collect();
        if pairs.len() >= 2 {
            let all: Vec<Clause> = pairs.iter().map(|pair| one(self.fields.head_pairs, pair)).collect();
            // One wrong character spoils two pairs.
            let least = pairs.len().saturating_sub(2).max(1);
            clauses.push(Box::new(BooleanQuery::union_with_minimum_required_clauses(all, least)));
        }
        let syllables: Option<Vec<String>> = chars.iter().map(|c| pinyin::reading(*c)).collect();
        if let Some(syllables) = syllables.filter(|syllables| syllables.len() >= 2) {
            let terms = syllables.iter().map(|one| IndexTerm::from_field_text(self.fields.syllables, one));
            clauses.push(Box::new(BoostQuery::new(Box::new(PhraseQuery::new(terms.collect())), 10.0)));
        }
        if clauses.is_empty() {
            return Ok(Vec::new());
        }
        let shown = self.shown();
        let top = tantivy::collector::TopDocs::with_limit(most).order_by_score();
        let mut ids = Vec::new();
        for (_, address) in shown.searcher.search(&*any(clauses), &top)? {
            let doc: TantivyDocument = shown.searcher.doc(address)?;
            ids.extend(doc.get_first(self.fields.id).and_then(|id| id.as_str()).map(ToOwned::to_owned));
        }
        Ok(ids)
    }
}

fn is_letters(chars: &[char]) -> bool {
    chars.len() >= 2 && chars.iter().all(char::is_ascii_lowercase)
}

/// `nong cun` as one: letters and blanks only.
fn whole_in_letters(typed: &str) -> Option<String> {
    let compact = tokens::compacted(typed).replace('\'', "");
    is_letters(&compact.chars().collect::<Vec<_>>()).then_some(compact)
}
