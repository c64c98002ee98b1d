//! Finding in the index: from terms to queries, from what they find to numbers and the first page.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use tantivy::collector::Count as CountHits;
use tantivy::index::SegmentId;
use tantivy::query::{BooleanQuery, BoostQuery, PhraseQuery, Query as TantivyQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{IndexReader, Searcher, SegmentReader, TantivyDocument, Term as IndexTerm};

use super::index::{Fields, day};
use super::lexicon::Lexicon;
use super::postings::{Leaf, Need, Piece};
use super::tally::{Headings, KINDS, Kept, Narrowed, Tally, Words};
use super::typed::Term;
use super::{By, Count, Order, Query, numbers, pinyin, tally, tokens};

/// What stands in the index at one moment.
pub(super) struct Shown {
    pub searcher: Searcher,
    /// Of each piece of the index.
    kept: Vec<Arc<Kept>>,
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

fn one(field: Field, text: &str) -> Clause {
    Box::new(TermQuery::new(IndexTerm::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

/// What a query is made of.
#[derive(Default)]
struct Parts {
    /// Each of these must be met.
    needs: Vec<Need>,
    /// What makes an entry worth more, and how much.
    merits: Vec<(Leaf, f32)>,
    raw: Raw,
}

impl Parts {
    /// Something that is needed is also worth something.
    fn needed(&mut self, leaf: Leaf, boost: f32) -> Need {
        self.merits.push((leaf.clone(), boost));
        Need::Leaf(leaf)
    }

    fn worth(&mut self, leaf: Option<Leaf>, boost: f32) {
        self.merits.extend(leaf.map(|leaf| (leaf, boost)));
    }
}

/// These characters, standing together.
fn together(pairs: Field, characters: Field, chars: &[char]) -> Option<Leaf> {
    let tokens = tokens::pairs_typed(chars);
    match (tokens.as_slice(), chars) {
        ([], [c]) => Some(Leaf::one(characters, &c.to_string())),
        ([], _) => None,
        (placed, _) => {
            let between: Vec<String> = tokens::pairs_between(chars).collect();
            let leaf = Leaf::together(pairs, placed.iter().map(|(at, pair)| (*at, pair.as_str())));
            Some(leaf.with_between(between.iter().map(String::as_str)))
        }
    }
}

impl Reader {
    pub(super) fn new(reader: IndexReader, fields: Fields) -> anyhow::Result<Reader> {
        let empty = Shown { searcher: reader.searcher(), kept: Vec::new(), words: Words::default() };
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
        let known: HashMap<SegmentId, &Arc<Kept>> = ids.zip(&before.kept).collect();
        let mut words = before.words.clone();
        let mut kept = Vec::with_capacity(searcher.segment_readers().len());
        for segment in searcher.segment_readers() {
            kept.push(match known.get(&segment.segment_id()) {
                Some(kept) => (*kept).clone(),
                None => Arc::new(self.kept(segment, &mut words)?),
            });
        }
        let shown = Arc::new(Shown { searcher, kept, words });
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = shown;
        Ok(())
    }

    fn kept(&self, segment: &SegmentReader, words: &mut Words) -> anyhow::Result<Kept> {
        let mut norms = HashMap::new();
        for field in self.fields.ranked() {
            norms.insert(field, segment.get_fieldnorms_reader(field)?);
        }
        let mut made = vec![0; segment.max_doc() as usize];
        let days = segment.fast_fields().u64("made")?;
        for (doc, made) in (0..).zip(&mut made) {
            *made = days.first(doc).and_then(|day| u32::try_from(day).ok()).unwrap_or(0);
        }
        let (under, headings) = self.headings(segment, words)?;
        let mut in_all = vec![0; headings.len()];
        for under in &under {
            in_all[*under as usize] += 1;
        }
        let (earliest, latest) =
            made.iter().fold((u32::MAX, 0), |(earliest, latest), day| (earliest.min(*day), latest.max(*day)));
        Ok(Kept { under, headings, in_all, made, earliest, latest, norms, common: tally::common() })
    }

    /// The headings there are in this piece, and which of them each entry stands under.
    fn headings(
        &self,
        segment: &SegmentReader,
        words: &mut Words,
    ) -> anyhow::Result<(Vec<u32>, Vec<Headings>)> {
        let nothing = words.number("");
        let mut all = vec![[nothing; KINDS]; segment.max_doc() as usize];
        for (kind, by) in By::ALL.into_iter().enumerate() {
            let Some(column) = segment.fast_fields().str(by.field())? else { continue };
            let mut numbers = Vec::with_capacity(column.num_terms());
            let mut word = String::new();
            for ordinal in 0..column.num_terms() as u64 {
                word.clear();
                column.ord_to_str(ordinal, &mut word)?;
                numbers.push(words.number(&word));
            }
            for (doc, headings) in (0..).zip(&mut all) {
                let ordinal = column.ords().first(doc).and_then(|ordinal| usize::try_from(ordinal).ok());
                headings[kind] = ordinal.and_then(|ordinal| numbers.get(ordinal).copied()).unwrap_or(nothing);
            }
        }
        let mut places: HashMap<Headings, u32> = HashMap::new();
        let mut different = Vec::new();
        let under = all.into_iter().map(|headings| {
            *places.entry(headings).or_insert_with(|| {
                different.push(headings);
                different.len() as u32 - 1
            })
        });
        Ok((under.collect(), different))
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
        let Some(leaf) = self.anywhere(&term.chars) else { return Ok(0) };
        self.hold(leaf)
    }

    fn hold(&self, leaf: Leaf) -> anyhow::Result<usize> {
        let (shown, need) = (self.shown(), Need::Leaf(leaf));
        let mut hits = 0;
        for (segment, kept) in shown.searcher.segment_readers().iter().zip(&shown.kept) {
            hits += Piece::new(segment, kept).holding(&need)?.len();
        }
        Ok(hits)
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

    fn anywhere(&self, chars: &[char]) -> Option<Leaf> {
        let leaf = together(self.fields.pairs, self.fields.characters, chars)?;
        Some(leaf.with_word(self.fields.words, chars))
    }

    fn in_head(&self, chars: &[char]) -> Option<Leaf> {
        let leaf = together(self.fields.head_pairs, self.fields.head_characters, chars)?;
        Some(leaf.with_word(self.fields.head_words, chars))
    }

    /// What entries must hold for this term, and what ranks them higher.
    fn term(&self, term: &Term, lexicon: &Lexicon, parts: &mut Parts) -> anyhow::Result<()> {
        let f = self.fields;
        let text = term.text();
        parts.raw.marks.push(term.chars.clone());
        let words = match term.is_exact || term.chars.len() <= 2 {
            true => vec![text.clone()],
            false => lexicon.cut(&text),
        };
        let also = |word: &str| if term.is_exact { &[][..] } else { lexicon.also(word) };
        let is_whole = words.is_empty() || words[..] == [text.clone()];

        let Some(whole) = self.anywhere(&term.chars) else { return Ok(()) };
        if is_letters(&term.chars) && !term.is_exact && self.hold(whole.clone())? == 0 {
            let as_pinyin = self.read_as_pinyin(&text, parts);
            if !as_pinyin.is_empty() {
                parts.needs.push(Need::OneOf(as_pinyin));
                return Ok(());
            }
        }
        let mut ways: Vec<Need> = Vec::new();
        for synonym in also(&text) {
            let chars: Vec<char> = synonym.chars().collect();
            ways.extend(self.anywhere(&chars).map(|leaf| parts.needed(leaf, 1.0)));
            parts.worth(self.in_head(&chars), 1.0);
            parts.raw.marks.push(chars);
            parts.raw.synonyms.push(synonym.clone());
        }
        if is_whole {
            ways.push(parts.needed(whole, 1.0));
        } else {
            // Each word somewhere; all of them together rank far higher.
            let mut every: Vec<Need> = Vec::new();
            for word in &words {
                let chars: Vec<char> = word.chars().collect();
                let mut one_of: Vec<Need> =
                    self.anywhere(&chars).map(|leaf| parts.needed(leaf, 1.0)).into_iter().collect();
                for synonym in also(word).iter().filter(|synonym| !text.contains(&**synonym)) {
                    let synonym_chars: Vec<char> = synonym.chars().collect();
                    one_of.extend(self.anywhere(&synonym_chars).map(|leaf| parts.needed(leaf, 1.0)));
                    parts.raw.marks.push(synonym_chars);
                    parts.raw.synonyms.push(synonym.clone());
                }
                if !one_of.is_empty() {
                    every.push(Need::OneOf(one_of));
                }
                parts.worth(self.in_head(&chars), 1.5);
                if chars.len() > 1 {
                    parts.raw.marks.push(chars);
                }
            }
            ways.push(Need::Every(every));
            parts.worth(Some(whole), 4.0);
        }
        parts.needs.push(Need::OneOf(ways));
        // One or two characters are found by what ranks them, so a title weighs less than it would beside words.
        let is_short = term.chars.len() <= 2;
        parts.worth(self.in_head(&term.chars), if is_short { 3.0 } else { 6.0 });
        parts.worth(Some(Leaf::one(f.head_words, &text)), 4.0);
        parts.worth(Some(Leaf::one(f.words, &text)), 1.5);
        Ok(())
    }

    /// Titles that are read like these letters: whole syllables, or the first letters of three characters at least.
    fn read_as_pinyin(&self, letters: &str, parts: &mut Parts) -> Vec<Need> {
        let mut ways = Vec::new();
        for syllables in pinyin::cut(letters) {
            let placed = syllables.iter().map(String::as_str).enumerate();
            ways.push(parts.needed(Leaf::together(self.fields.syllables, placed), 2.0));
            parts.raw.syllables.push(syllables);
        }
        let chars: Vec<char> = letters.chars().collect();
        if chars.len() >= 3 {
            let initials = together(self.fields.initials, self.fields.initials, &chars);
            ways.extend(initials.map(|leaf| parts.needed(leaf, 1.0)));
            parts.raw.syllables.push(chars.iter().map(ToString::to_string).collect());
        }
        ways
    }

    fn parts(&self, query: &Query, terms: &[Term], lexicon: &Lexicon) -> anyhow::Result<Parts> {
        let mut parts = Parts::default();
        for term in terms {
            self.term(term, lexicon, &mut parts)?;
        }
        let keys = numbers::typed(&query.text);
        if !keys.is_empty() {
            // A number is one thing: its pieces elsewhere in a text are not it.
            let whole: Vec<char> = terms.iter().flat_map(|term| term.chars.iter().copied()).collect();
            let pieces = std::mem::take(&mut parts.needs);
            parts.merits.clear();
            let mut ways: Vec<Need> =
                keys.iter().map(|key| parts.needed(Leaf::one(self.fields.numbers, key), 10.0)).collect();
            ways.extend(self.anywhere(&whole).map(|leaf| parts.needed(leaf, 1.0)));
            if terms.len() > 1 {
                ways.push(Need::Every(pieces));
            }
            parts.needs.push(Need::OneOf(ways));
            parts.worth(self.in_head(&whole), 10.0);
            parts.raw.marks.insert(0, whole);
            parts.raw.synonyms.clear();
        }
        if terms.len() > 1
            && let Some(letters) = whole_in_letters(&query.text)
        {
            let mut ways = self.read_as_pinyin(&letters, &mut parts);
            if !ways.is_empty() {
                ways.push(Need::Every(std::mem::take(&mut parts.needs)));
                parts.needs.push(Need::OneOf(ways));
            }
        }
        parts.raw.synonyms.sort_unstable();
        parts.raw.synonyms.dedup();
        Ok(parts)
    }

    /// `agencies`: only what is theirs, when these are given.
    pub(super) fn find(
        &self,
        query: &Query,
        agencies: Option<&[String]>,
        terms: &[Term],
        lexicon: &Lexicon,
    ) -> anyhow::Result<Raw> {
        let shown = self.shown();
        let parts = self.parts(query, terms, lexicon)?;
        let until = query.until.as_deref().map_or(0, day);
        let narrowed = Narrowed::new(&shown.words, &query.by, query.from.as_deref().map_or(0, day), until)
            .within(&shown.words, agencies);
        // Without words nothing is more relevant than anything else.
        let order = match query.order {
            Order::Relevance if parts.needs.is_empty() => Order::Newest,
            order => order,
        };
        let mut merits = Vec::with_capacity(parts.merits.len());
        if order == Order::Relevance {
            for (leaf, boost) in parts.merits {
                let weight = leaf.weight(&shown.searcher, boost)?;
                merits.push((leaf, weight));
            }
        }
        let take = query.offset.saturating_add(query.limit.max(1));
        let mut tally = Tally::new(order, narrowed, shown.words.words.len().max(1), take);
        let need = Need::Every(parts.needs);
        for ((number, segment), kept) in (0..).zip(shown.searcher.segment_readers()).zip(&shown.kept) {
            let mut piece = Piece::new(segment, kept);
            let found = piece.holding(&need)?;
            let wanted = tally.count(&found, kept);
            tally.offer(number, &wanted, kept, |of, take| piece.worth(&merits, of, take))?;
        }
        let mut raw = parts.raw;
        raw.total = tally.total;
        for address in tally.best().into_iter().skip(query.offset) {
            let doc: TantivyDocument = shown.searcher.doc(address)?;
            raw.ids.extend(doc.get_first(self.fields.id).and_then(|id| id.as_str()).map(ToOwned::to_owned));
        }
        for ((facet, counts), by) in raw.facets.iter_mut().zip(tally.by).zip(By::ALL) {
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
        for (_, address) in shown.searcher.search(&BooleanQuery::union(clauses), &top)? {
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
