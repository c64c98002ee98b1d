//! The tantivy side: schema, writing, finding.

use std::path::Path;

use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::agg_result::{AggregationResult, AggregationResults, BucketResult};
use tantivy::aggregation::{AggregationCollector, Key};
use tantivy::collector::{Count as CountHits, TopDocs};
use tantivy::directory::MmapDirectory;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, Occur, PhraseQuery, Query as TantivyQuery, RegexQuery, TermQuery,
};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::tokenizer::RAW_TOKENIZER_NAME;
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use super::store::Row;
use super::{Count, Query, text, tokens};

/// Changes when the schema or the tokens change; an index of another kind is built anew.
const KIND: &str = "2";
const MEMORY: usize = 50_000_000;

#[derive(Clone, Copy)]
struct Fields {
    id: Field,
    title_words: Field,
    title_pairs: Field,
    body_words: Field,
    body_pairs: Field,
    agency: Field,
    category: Field,
    year: Field,
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let tokenized = |tokenizer: &str| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        TextOptions::default().set_indexing_options(indexing)
    };
    let facet = || STRING.set_fast(RAW_TOKENIZER_NAME);
    let fields = Fields {
        id: builder.add_text_field("id", STRING | STORED),
        title_words: builder.add_text_field("title_words", tokenized("words")),
        title_pairs: builder.add_text_field("title_pairs", tokenized("pairs")),
        body_words: builder.add_text_field("body_words", tokenized("words")),
        body_pairs: builder.add_text_field("body_pairs", tokenized("pairs")),
        agency: builder.add_text_field("agency", facet()),
        category: builder.add_text_field("category", facet()),
        year: builder.add_text_field("year", facet()),
    };
    (builder.build(), fields)
}

pub(super) struct Index {
    index: tantivy::Index,
    writer: IndexWriter,
    fields: Fields,
    /// The link of the audit chain up to which the index was written before it was opened.
    pub(super) mark: Option<(i64, String)>,
}

impl Index {
    /// Opens or makes the index; returns the position it has reached.
    pub(super) fn open(folder: Option<&Path>) -> anyhow::Result<(Index, i64)> {
        if let Some(folder) = folder {
            match Index::open_in(folder) {
                Ok(opened) => return Ok(opened),
                Err(error) => {
                    tracing::info!(error = format!("{error:#}"), "the search index is kept in memory");
                }
            }
        }
        let (schema, fields) = schema();
        Ok((Index::of(tantivy::Index::create_in_ram(schema), fields)?, 0))
    }

    fn open_in(folder: &Path) -> anyhow::Result<(Index, i64)> {
        std::fs::create_dir_all(folder)?;
        let (schema, fields) = schema();
        let opened = tantivy::Index::open_or_create(MmapDirectory::open(folder)?, schema.clone());
        let index = match opened {
            Ok(index) => index,
            Err(tantivy::TantivyError::SchemaError(_)) => {
                std::fs::remove_dir_all(folder)?;
                std::fs::create_dir_all(folder)?;
                tantivy::Index::open_or_create(MmapDirectory::open(folder)?, schema)?
            }
            Err(other) => return Err(other.into()),
        };
        let payload = index.load_metas()?.payload.unwrap_or_default();
        let mut index = Index::of(index, fields)?;
        let mut parts = payload.split(' ');
        if let (Some(KIND), Some(position), Some(hash)) = (parts.next(), parts.next(), parts.next()) {
            let position = position.parse()?;
            index.mark = Some((position, hash.to_owned()));
            return Ok((index, position));
        }
        index.clear()?;
        Ok((index, 0))
    }

    fn of(index: tantivy::Index, fields: Fields) -> anyhow::Result<Index> {
        index.tokenizers().register("words", tokens::Words);
        index.tokenizers().register("pairs", tokens::Pairs);
        let writer = index.writer_with_num_threads(1, MEMORY)?;
        Ok(Index { index, writer, fields, mark: None })
    }

    pub(super) fn reader(&self) -> anyhow::Result<Reader> {
        let reader = self.index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Reader { reader, fields: self.fields })
    }

    pub(super) fn clear(&mut self) -> anyhow::Result<()> {
        self.writer.delete_all_documents()?;
        Ok(())
    }

    pub(super) fn remove(&mut self, id: &str) {
        self.writer.delete_term(Term::from_field_text(self.fields.id, id));
    }

    pub(super) fn put(&mut self, row: &Row) -> anyhow::Result<()> {
        self.remove(&row.id);
        let f = self.fields;
        let number = row.document_number.as_deref().unwrap_or_default();
        let head = format!("{} {number} {} {}", row.title, row.index_number, row.keywords);
        let body = format!("{} {}", row.summary, text::plain(&row.body_html));
        let mut doc = TantivyDocument::new();
        doc.add_text(f.id, &row.id);
        for (field, value) in [
            (f.title_words, &head),
            (f.title_pairs, &head),
            (f.body_words, &body),
            (f.body_pairs, &body),
            (f.agency, &row.agency_code),
            (f.category, &row.category),
        ] {
            doc.add_text(field, value);
        }
        doc.add_text(f.year, row.made_on.get(..4).unwrap_or_default());
        self.writer.add_document(doc)?;
        Ok(())
    }

    /// Makes what was put visible, together with the link of the audit chain it stands for.
    pub(super) fn commit(&mut self, position: i64, hash: &str) -> anyhow::Result<()> {
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&format!("{KIND} {position} {hash}"));
        commit.commit()?;
        Ok(())
    }
}

pub(super) struct Reader {
    reader: IndexReader,
    fields: Fields,
}

#[derive(Default)]
pub(super) struct Raw {
    pub total: u64,
    pub ids: Vec<String>,
    pub agencies: Vec<Count>,
    pub categories: Vec<Count>,
    pub years: Vec<Count>,
}

impl Reader {
    pub(super) fn reload(&self) -> anyhow::Result<()> {
        Ok(self.reader.reload()?)
    }

    /// Whether a document of this entry stands in the index.
    pub(super) fn holds(&self, id: &str) -> anyhow::Result<bool> {
        let term = Term::from_field_text(self.fields.id, id);
        let found = self
            .reader
            .searcher()
            .search(&TermQuery::new(term, IndexRecordOption::Basic), &tantivy::collector::Count)?;
        Ok(found > 0)
    }

    pub(super) fn find(&self, query: &Query) -> anyhow::Result<Raw> {
        let f = self.fields;
        let mut clauses: Vec<(Occur, Box<dyn TantivyQuery>)> = Vec::new();
        for term in text::terms(&query.text) {
            clauses.push((Occur::Must, self.term(&term)?));
        }
        for (field, value) in
            [(f.agency, &query.agency), (f.category, &query.category), (f.year, &query.year)]
        {
            if let Some(value) = value {
                let term = Term::from_field_text(field, value);
                clauses.push((Occur::Must, Box::new(TermQuery::new(term, IndexRecordOption::Basic))));
            }
        }
        let wanted: Box<dyn TantivyQuery> =
            if clauses.is_empty() { Box::new(AllQuery) } else { Box::new(BooleanQuery::new(clauses)) };

        let searcher = self.reader.searcher();
        let facets: Aggregations = serde_json::from_value(serde_json::json!({
            "agencies": {"terms": {"field": "agency", "size": 500}},
            "categories": {"terms": {"field": "category", "size": 200}},
            "years": {"terms": {"field": "year", "size": 100}},
        }))?;
        let top = TopDocs::with_limit(query.limit.max(1)).and_offset(query.offset).order_by_score();
        let counts = AggregationCollector::from_aggs(facets, Default::default());
        let (total, best, counts) = searcher.search(&*wanted, &(CountHits, top, counts))?;
        let mut raw = Raw { total: total as u64, ..Raw::default() };
        for (_, address) in best {
            let doc: TantivyDocument = searcher.doc(address)?;
            raw.ids.extend(doc.get_first(f.id).and_then(|id| id.as_str()).map(ToOwned::to_owned));
        }
        raw.agencies = buckets(&counts, "agencies");
        raw.categories = buckets(&counts, "categories");
        raw.years = buckets(&counts, "years");
        raw.years.sort_by(|a, b| b.code.cmp(&a.code));
        Ok(raw)
    }

    /// A term is found when its characters stand together, in the title or the text; words found whole rank higher.
    fn term(&self, term: &str) -> anyhow::Result<Box<dyn TantivyQuery>> {
        let f = self.fields;
        let mut any: Vec<(Occur, Box<dyn TantivyQuery>)> = Vec::new();
        for (field, boost) in [(f.title_pairs, 3.0), (f.body_pairs, 1.0)] {
            let pairs: Vec<Term> =
                tokens::pairs(term).iter().map(|p| Term::from_field_text(field, p)).collect();
            let found: Box<dyn TantivyQuery> = match pairs.as_slice() {
                [] => continue,
                // A lone character stands at the head of some pair.
                [_] if term.chars().count() == 1 => {
                    Box::new(RegexQuery::from_pattern(&format!("{}.?", escaped(term)), field)?)
                }
                [one] => Box::new(TermQuery::new(one.clone(), IndexRecordOption::WithFreqs)),
                _ => Box::new(PhraseQuery::new(pairs)),
            };
            any.push((Occur::Should, Box::new(BoostQuery::new(found, boost))));
        }
        let words = tokens::words(term);
        for (field, boost) in [(f.title_words, 4.0), (f.body_words, 1.5)] {
            let all: Vec<(Occur, Box<dyn TantivyQuery>)> = words
                .iter()
                .map(|word| {
                    let term = Term::from_field_text(field, word);
                    (
                        Occur::Must,
                        Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn TantivyQuery>,
                    )
                })
                .collect();
            if !all.is_empty() {
                any.push((Occur::Should, Box::new(BoostQuery::new(Box::new(BooleanQuery::new(all)), boost))));
            }
        }
        Ok(Box::new(BooleanQuery::new(any)))
    }
}

fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| (!c.is_alphanumeric()).then_some('\\').into_iter().chain([c])).collect()
}

fn buckets(results: &AggregationResults, name: &str) -> Vec<Count> {
    match results.0.get(name) {
        Some(AggregationResult::BucketResult(BucketResult::Terms { buckets, .. })) => buckets
            .iter()
            .filter_map(|bucket| match &bucket.key {
                Key::Str(code) => Some(Count { code: code.clone(), hits: bucket.doc_count }),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}
