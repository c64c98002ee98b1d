//! The tantivy side: schema and writing.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tantivy::merge_policy::LogMergePolicy;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::RAW_TOKENIZER_NAME;
use tantivy::{IndexWriter, ReloadPolicy, SegmentMeta, TantivyDocument, Term};

use super::directory::Folder;
use super::follow::words_of;
use super::reader::Reader;
use super::store::{AttachmentText, Row};
use super::text::BETWEEN;
use super::{By, numbers, pinyin, text, tokens};
use crate::files::Passage;

/// Changes when the schema or the tokens change; an index of another kind is built anew.
const KIND: &str = "6";
const MEMORY: usize = 40_000_000;
/// So many pieces of about one size become one: each costs every question a look into its word list.
const PIECES: usize = 4;
/// So many processes on one machine keep an index of their own beside each other.
const PROCESSES: usize = 8;

#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub id: Field,
    /// Pairs of everything: what decides whether an entry is found.
    pub pairs: Field,
    pub characters: Field,
    /// What ranks higher: title and numbers, and words that were found whole.
    pub head_pairs: Field,
    pub head_characters: Field,
    pub head_words: Field,
    pub words: Field,
    pub numbers: Field,
    pub syllables: Field,
    pub initials: Field,
    pub by: [Field; By::ALL.len()],
    pub made: Field,
    /// Of everything that was put in, to compare two indexes by.
    pub print: Field,
}

impl Fields {
    /// Those whose tokens make an entry worth more.
    pub(super) fn ranked(&self) -> [Field; 9] {
        [
            self.pairs,
            self.characters,
            self.head_pairs,
            self.head_characters,
            self.head_words,
            self.words,
            self.numbers,
            self.syllables,
            self.initials,
        ]
    }
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let tokenized = |tokenizer: &str, option: IndexRecordOption| {
        let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    let (counted, placed) = (IndexRecordOption::WithFreqs, IndexRecordOption::WithFreqsAndPositions);
    let facet = || STRING.set_fast(RAW_TOKENIZER_NAME);
    let fields = Fields {
        id: builder.add_text_field("id", STRING | STORED),
        pairs: builder.add_text_field("pairs", tokenized("pairs", placed)),
        characters: builder.add_text_field("characters", tokenized("characters", counted)),
        head_pairs: builder.add_text_field("head_pairs", tokenized("pairs", placed)),
        head_characters: builder.add_text_field("head_characters", tokenized("characters", counted)),
        head_words: builder.add_text_field("head_words", tokenized("words", counted)),
        words: builder.add_text_field("words", tokenized("words", counted)),
        numbers: builder.add_text_field("numbers", STRING),
        syllables: builder.add_text_field("syllables", tokenized("syllables", placed)),
        initials: builder.add_text_field("initials", tokenized("initials", placed)),
        by: By::ALL.map(|by| builder.add_text_field(by.field(), facet())),
        made: builder.add_u64_field("made", FAST),
        print: builder.add_u64_field("print", FAST),
    };
    (builder.build(), fields)
}

/// What is indexed of an entry.
struct Texts<'a> {
    head: String,
    body: String,
    all: String,
    by: [&'a str; By::ALL.len()],
}

impl Texts<'_> {
    fn of<'a>(row: &'a Row, files: &[FileWords]) -> Texts<'a> {
        let between = BETWEEN.to_string();
        let number = row.document_number.as_deref().unwrap_or_default();
        let head = [&row.title, number, &row.index_number, &row.keywords].join(&between);
        let body = text::plain(&row.body_html);
        let mut all = [head.as_str(), &row.summary, &body].join(&between);
        for file in files {
            for part in std::iter::once(&file.name).chain(file.passages.iter().map(|passage| &passage.text)) {
                all.push(BETWEEN);
                all.push_str(part);
            }
        }
        let by = By::ALL.map(|by| match by {
            By::Agency => row.agency_code.as_str(),
            By::Category => &row.category,
            By::Theme => &row.theme,
            By::Genre => &row.genre,
            By::Year => row.made_on.get(..4).unwrap_or_default(),
            By::Validity => row.validity.as_deref().unwrap_or_default(),
        });
        Texts { head, body, all, by }
    }
}

/// A fingerprint of everything that is indexed of an entry.
fn print(row: &Row, all: &str, by: [&str; By::ALL.len()]) -> u64 {
    let mut print = Sha256::new();
    for part in [row.id.as_str(), all, &row.made_on].into_iter().chain(by) {
        print.update((part.len() as u64).to_le_bytes());
        print.update(part.as_bytes());
    }
    print.finalize().iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// The fingerprint an entry has in an index that is right; `files` may hold those of other entries, too.
pub(super) fn print_of(row: &Row, files: &[AttachmentText]) -> u64 {
    let own: Vec<FileWords> = files.iter().filter(|file| file.entry_id == row.id).map(words_of).collect();
    let texts = Texts::of(row, &own);
    print(row, &texts.all, texts.by)
}

/// What an attachment says, as it is indexed.
#[derive(Clone, Debug, Default)]
pub(super) struct FileWords {
    pub name: String,
    pub passages: Vec<Passage>,
}

pub(super) struct Index {
    index: tantivy::Index,
    writer: IndexWriter,
    fields: Fields,
    /// `None`: in memory.
    pub(super) folder: Option<PathBuf>,
    /// The link of the audit chain up to which the index was written before it was opened.
    pub(super) mark: Option<(i64, String)>,
}

impl Index {
    /// Opens or makes the index; returns the position it has reached. Each process has a folder of its own.
    pub(super) fn open(folder: Option<&Path>) -> anyhow::Result<(Index, i64)> {
        for number in 0..PROCESSES {
            let Some(folder) = folder.map(|folder| beside(folder, number)) else { break };
            match Index::open_in(&folder) {
                Ok(opened) => return Ok(opened),
                Err(error) => {
                    tracing::debug!(error = format!("{error:#}"), folder = %folder.display(), "no search index here");
                }
            }
        }
        Ok((Index::in_memory()?, 0))
    }

    pub(super) fn in_memory() -> anyhow::Result<Index> {
        let (schema, fields) = schema();
        Index::of(tantivy::Index::create_in_ram(schema), fields, None)
    }

    /// An empty one, to take the place of the one in this folder.
    pub(super) fn beside(folder: Option<&Path>) -> anyhow::Result<Index> {
        let Some(folder) = folder else { return Index::in_memory() };
        let new = named(folder, "new");
        if new.exists() {
            std::fs::remove_dir_all(&new)?;
        }
        Ok(Index::open_in(&new)?.0)
    }

    /// Puts a finished index into the place of another that nobody writes any more.
    pub(super) fn take_place(new: Index, folder: &Path) -> anyhow::Result<Index> {
        let from = new.folder.clone().unwrap_or_else(|| named(folder, "new"));
        drop(new);
        let old = named(folder, "old");
        if old.exists() {
            std::fs::remove_dir_all(&old)?;
        }
        std::fs::rename(folder, &old)?;
        std::fs::rename(&from, folder)?;
        std::fs::remove_dir_all(&old)?;
        let (mut index, _) = Index::open_in(folder)?;
        index.mark = None;
        Ok(index)
    }

    fn open_in(folder: &Path) -> anyhow::Result<(Index, i64)> {
        std::fs::create_dir_all(folder)?;
        let (schema, fields) = schema();
        let opened = tantivy::Index::open_or_create(Folder::open(folder)?, schema.clone());
        let index = match opened {
            Ok(index) => index,
            Err(tantivy::TantivyError::SchemaError(_)) => {
                std::fs::remove_dir_all(folder)?;
                std::fs::create_dir_all(folder)?;
                tantivy::Index::open_or_create(Folder::open(folder)?, schema)?
            }
            Err(other) => return Err(other.into()),
        };
        let payload = index.load_metas()?.payload.unwrap_or_default();
        let mut index = Index::of(index, fields, Some(folder.to_owned()))?;
        let mut parts = payload.split(' ');
        if let (Some(KIND), Some(position), Some(hash)) = (parts.next(), parts.next(), parts.next()) {
            let position = position.parse()?;
            index.mark = Some((position, hash.to_owned()));
            return Ok((index, position));
        }
        index.clear()?;
        Ok((index, 0))
    }

    fn of(index: tantivy::Index, fields: Fields, folder: Option<PathBuf>) -> anyhow::Result<Index> {
        index.tokenizers().register("words", tokens::Words);
        index.tokenizers().register("pairs", tokens::Pairs);
        index.tokenizers().register("characters", tokens::Characters);
        index.tokenizers().register("syllables", pinyin::Syllables);
        index.tokenizers().register("initials", pinyin::Initials);
        let writer = writer_of(&index)?;
        Ok(Index { index, writer, fields, folder, mark: None })
    }

    pub(super) fn reader(&self) -> anyhow::Result<Reader> {
        let reader = self.index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Reader::new(reader, self.fields)
    }

    pub(super) fn clear(&mut self) -> anyhow::Result<()> {
        self.writer.delete_all_documents()?;
        Ok(())
    }

    pub(super) fn remove(&mut self, id: &str) {
        self.writer.delete_term(Term::from_field_text(self.fields.id, id));
    }

    pub(super) fn put(&mut self, row: &Row, files: &[FileWords]) -> anyhow::Result<()> {
        self.remove(&row.id);
        let f = self.fields;
        let Texts { head, body, all, by } = Texts::of(row, files);
        let mut keys = Vec::new();
        numbers::own(row.document_number.as_deref().unwrap_or_default(), &row.index_number, &mut keys);
        numbers::mentioned(&all, &mut keys);
        keys.sort_unstable();
        keys.dedup();

        let mut doc = TantivyDocument::new();
        doc.add_text(f.id, &row.id);
        doc.add_text(f.pairs, &all);
        doc.add_text(f.characters, &all);
        doc.add_text(f.head_pairs, &head);
        doc.add_text(f.head_characters, &head);
        doc.add_text(f.head_words, &head);
        doc.add_text(f.words, format!("{} {body}", row.summary));
        doc.add_text(f.syllables, &row.title);
        doc.add_text(f.initials, &row.title);
        for key in keys {
            doc.add_text(f.numbers, key);
        }
        for (field, word) in f.by.into_iter().zip(by) {
            doc.add_text(field, word);
        }
        doc.add_u64(f.made, u64::from(day(&row.made_on)));
        doc.add_u64(f.print, print(row, &all, by));
        self.writer.add_document(doc)?;
        Ok(())
    }

    /// Makes two pieces of many, the largest and the rest: each costs every question a look into its word list. Worth it
    /// after everything was put in; what comes later is little.
    pub(super) fn gathered(self) -> anyhow::Result<Index> {
        let Index { index, writer, fields, folder, mark } = self;
        writer.wait_merging_threads()?;
        let mut writer = writer_of(&index)?;
        let mut pieces = index.searchable_segment_metas()?;
        pieces.sort_by_key(|piece| Reverse(piece.num_docs()));
        let rest: Vec<_> = pieces.iter().skip(1).map(SegmentMeta::id).collect();
        if rest.len() > 1 {
            writer.merge(&rest).wait()?;
        }
        Ok(Index { index, writer, fields, folder, mark })
    }

    /// Makes what was put visible, together with the link of the audit chain it stands for.
    pub(super) fn commit(&mut self, position: i64, hash: &str) -> anyhow::Result<()> {
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&format!("{KIND} {position} {hash}"));
        commit.commit()?;
        Ok(())
    }
}

fn writer_of(index: &tantivy::Index) -> tantivy::Result<IndexWriter> {
    let writer = index.writer_with_num_threads(1, MEMORY)?;
    let mut merging = LogMergePolicy::default();
    merging.set_min_num_segments(PIECES);
    writer.set_merge_policy(Box::new(merging));
    Ok(writer)
}

/// 20260301 of 2026-03-01; 0 when it is no day.
pub(super) fn day(text: &str) -> u32 {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == 8 { digits.parse().unwrap_or(0) } else { 0 }
}

/// search.new, search.old: while one takes the place of the other.
fn named(folder: &Path, what: &str) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.with_file_name(format!("{name}.{what}"))
}

/// search, search-2, search-3 …
fn beside(folder: &Path, number: usize) -> PathBuf {
    match (number, folder.file_name()) {
        (1.., Some(name)) => folder.with_file_name(format!("{}-{}", name.to_string_lossy(), number + 1)),
        _ => folder.to_owned(),
    }
}
