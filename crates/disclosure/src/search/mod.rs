//! 检索 — full text over what the public may read, attachments included. 《条例》第二十四条.
//!
//! One index per process, following the change log by position. The database stays the truth: a hit is shown
//! only when the public view still holds it, and before anything is counted this process has taken in whatever changed
//! of what it had indexed.
//!
//! What is found is decided by pairs of characters, so anything that stands in a text is found, whatever a dictionary
//! thinks of it ([`reader`]). Words, titles and numbers decide what comes first.

mod directory;
mod follow;
mod found;
mod index;
mod lexicon;
mod news;
mod numbers;
mod pinyin;
mod postings;
mod reader;
mod rebuild;
mod store;
mod suggest;
mod tally;
mod text;
mod tokens;
mod typed;
mod worth;

use std::collections::HashMap;
use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
pub(crate) use tokens::cut;

use anyhow::Context as _;
use moka::sync::Cache;
use rayon::{ThreadPool, ThreadPoolBuilder};
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, oneshot};

use crate::audit;
use crate::db::{Conn, Db};
use crate::files::Passage;
use follow::{BATCH, advance, concerned, hash_at, passages};
use index::Index;
use lexicon::Lexicon;
pub use news::News;
use reader::{Raw, Reader};
pub use rebuild::{Rebuilt, ask_rebuild, note_rebuilt, rebuilt_since};
pub use store::Row;
use text::Placed;
pub use text::{Piece, normalised};

/// What a list of hits can be narrowed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Agency,
    /// 法定公开事项.
    Category,
    /// 主题分类.
    Theme,
    /// 体裁.
    Genre,
    /// Year made.
    Year,
    /// 效力.
    Validity,
}

impl By {
    pub const ALL: [By; 6] = [By::Agency, By::Category, By::Theme, By::Genre, By::Year, By::Validity];

    const fn field(self) -> &'static str {
        match self {
            By::Agency => "agency",
            By::Category => "category",
            By::Theme => "theme",
            By::Genre => "genre",
            By::Year => "year",
            By::Validity => "validity",
        }
    }
}

/// The order of the hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    #[default]
    Relevance,
    /// By 生成日期.
    Newest,
    Oldest,
}

/// What is looked for, and what the list is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Query {
    pub text: String,
    /// In the order of [`By::ALL`].
    pub by: [Option<String>; By::ALL.len()],
    /// The portal of this agency is asked: only what belongs to it and to those below it is found, or counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// 生成日期 from, `2026-03-01`; what is no day narrows nothing.
    pub from: Option<String>,
    pub until: Option<String>,
    pub order: Order,
    pub offset: usize,
    pub limit: usize,
}

impl Query {
    pub fn narrowed(mut self, by: By, code: Option<String>) -> Query {
        self.by[by as usize] = code.filter(|code| !code.is_empty());
        self
    }
}

/// A value the list can be narrowed by, with how many hits it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    pub code: String,
    pub hits: u64,
}

/// Where in an attachment the words were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InAttachment {
    pub id: String,
    pub name: String,
    /// 第 3 页; empty when they stand in the name.
    pub place: String,
}

/// One hit with the words found marked.
#[derive(Clone, Debug)]
pub struct Hit {
    pub row: Row,
    pub title: Vec<Piece>,
    pub extract: Vec<Piece>,
    /// The attachment the extract is from, when the text itself does not hold the words.
    pub attachment: Option<InAttachment>,
}

#[derive(Clone, Debug, Default)]
pub struct Found {
    pub total: u64,
    pub hits: Vec<Hit>,
    /// In the order of [`By::ALL`]. Each counts under the other restrictions, not under its own.
    pub facets: [Vec<Count>; By::ALL.len()],
    /// What was looked for besides.
    pub synonyms: Vec<String>,
    /// Letters were read as pinyin.
    pub is_pinyin: bool,
    /// 您是不是要找: only when nothing was found.
    pub suggestions: Vec<String>,
}

/// The search of this process.
pub struct Search {
    index: Mutex<Index>,
    reader: RwLock<Arc<Reader>>,
    is_rebuild_asked: AtomicBool,
    position: AtomicI64,
    /// Goes up with every change of what is found.
    generation: AtomicU64,
    lexicon: RwLock<Arc<Lexicon>>,
    /// Few look at a time, in the order they came, and not on the threads that serve: a page need not wait for them, nor
    /// whoever has been found behind those who still look. Always the same few, for each keeps room to look in.
    lookers: ThreadPool,
    /// Results by generation: what people look for is often the same.
    known: Cache<(u64, Query), Arc<Raw>>,
    /// What attachments say, by the hash of the file.
    files: Cache<String, Arc<Vec<(Passage, Placed)>>>,
}

/// Reads the dictionary, which takes a moment, so that the first who asks does not wait for it.
pub fn make_ready() {
    tokens::jieba();
}

impl Search {
    /// Opens the index in this folder; one that does not fit this program is built anew. When another process holds
    /// it, a folder beside it is taken; without a folder the index is kept in memory.
    pub fn open(folder: Option<&Path>) -> anyhow::Result<Search> {
        let (index, position) = Index::open(folder)?;
        let reader = index.reader()?;
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        let lookers = ThreadPoolBuilder::new()
            .num_threads(processors + 1)
            .thread_name(|number| format!("search-{number}"))
            // It stands in the log already; whoever asked learns that there is no answer.
            .panic_handler(|_| {})
            .build()?;
        let weigh = |_: &String, passages: &Arc<Vec<(Passage, Placed)>>| {
            u32::try_from(passages.iter().map(|(passage, _)| passage.text.len() * 6).sum::<usize>())
                .unwrap_or(u32::MAX)
        };
        Ok(Search {
            index: Mutex::new(index),
            reader: RwLock::new(Arc::new(reader)),
            is_rebuild_asked: AtomicBool::new(false),
            position: AtomicI64::new(position),
            generation: AtomicU64::new(0),
            lexicon: RwLock::new(Arc::new(Lexicon::new(&[], &[]))),
            lookers,
            known: Cache::new(1_000),
            files: Cache::builder().max_capacity(24_000_000).weigher(weigh).build(),
        })
    }

    /// How far the change log has been followed.
    pub fn position(&self) -> i64 {
        self.position.load(Ordering::Acquire)
    }

    /// Takes in what has changed since the last time; returns the position reached.
    pub async fn follow(&self, db: &Db) -> anyhow::Result<i64> {
        let mut index = self.index.lock().await;
        // One index serves every portal.
        let mut conn = db.whole().read().await?;
        let head = audit::position(&mut conn).await?;
        let mut position = self.position();
        let is_first = self.generation.load(Ordering::Acquire) == 0;
        if !is_first && head == position {
            return Ok(position);
        }
        let mut is_other = false;
        if let Some((at, hash)) = index.mark.take()
            && hash_at(&mut conn, at).await? != hash
        {
            // Another ledger stands here than the one that was indexed: a backup, or one made anew.
            index.clear()?;
            (position, is_other) = (0, true);
        }
        let met = advance(&mut conn, &mut index, position, head).await?;
        position = met.position;
        let is_changed = met.is_changed || is_other;
        let has_new_names = met.has_new_names || is_first;
        if met.is_rebuild_asked {
            self.is_rebuild_asked.store(true, Ordering::Release);
        }
        if has_new_names {
            let (agencies, lines) = store::names(&mut conn).await?;
            let lexicon = Arc::new(Lexicon::new(&agencies, &lines));
            *self.lexicon.write().unwrap_or_else(PoisonError::into_inner) = lexicon;
        }
        // What does not concern the index is gone through again after a restart; a commit costs more.
        if is_changed {
            index.commit(position, &hash_at(&mut conn, position).await?)?;
            self.reader().reload()?;
        }
        if is_changed || has_new_names {
            self.generation.fetch_add(1, Ordering::AcqRel);
        }
        self.position.store(position, Ordering::Release);
        Ok(position)
    }

    /// Whether something that stands in the index has changed between this position and the head of the log: then it must
    /// not be shown, nor counted.
    async fn is_outdated(&self, conn: &mut Conn, position: i64, head: i64) -> anyhow::Result<bool> {
        if head < position || head - position > BATCH {
            return Ok(true);
        }
        if head == position {
            return Ok(false);
        }
        let changes = audit::changes_after(conn, position, BATCH).await?;
        for id in concerned(conn, &changes).await? {
            if self.reader().holds(&id)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the index still holds an entry, whatever the database says.
    pub fn holds(&self, entry_id: &str) -> anyhow::Result<bool> {
        self.reader().holds(entry_id)
    }

    fn reader(&self) -> Arc<Reader> {
        self.reader.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn lexicon(&self) -> Arc<Lexicon> {
        self.lexicon.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn raw(&self, query: &Query, agencies: Option<&[String]>) -> anyhow::Result<Arc<Raw>> {
        let key = (self.generation.load(Ordering::Acquire), query.clone());
        if let Some(known) = self.known.get(&key) {
            return Ok(known);
        }
        let lexicon = self.lexicon();
        let (query, agencies) = (query.clone(), agencies.map(<[String]>::to_vec));
        let find = move |reader: &Reader| {
            reader.find(&query, agencies.as_deref(), &typed::terms(&query.text), &lexicon)
        };
        let raw = Arc::new(self.in_turn(find).await?);
        self.known.insert(key, raw.clone());
        Ok(raw)
    }

    /// Looks into the index when the turn has come. Who waits must hold no connection: others could need it.
    async fn in_turn<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Reader) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let reader = self.reader();
        let (tell, told) = oneshot::channel();
        self.lookers.spawn_fifo(move || {
            // Who has left meanwhile needs no answer.
            if !tell.is_closed() {
                let _ = tell.send(look(&reader));
            }
        });
        told.await.context("检索中断，请重试")?
    }

    /// Finds entries; each hit is read again from what is public now, and so are the numbers.
    pub async fn find(&self, db: &Db, query: &Query) -> anyhow::Result<Found> {
        let within = db.agency().map(ToOwned::to_owned).or_else(|| query.within.clone());
        let query = &Query { within, ..query.clone() };
        let agencies = match &query.within {
            Some(code) => Some(store::codes_below(&mut *db.read().await?, code).await?),
            None => None,
        };
        // Before the index is asked: what it takes in meanwhile is looked at once more, never missed.
        let position = self.position();
        let mut raw = self.raw(query, agencies.as_deref()).await?;
        let mut conn = db.read().await?;
        let rows = match self.rows(&mut conn, &raw, position).await? {
            Some(rows) => rows,
            None => {
                drop(conn);
                self.follow(db).await?;
                conn = db.read().await?;
                raw = self.raw(query, agencies.as_deref()).await?;
                store::public_rows(&mut conn, &raw.ids).await?.rows
            }
        };
        let hits = self.hits(&mut conn, rows, &raw).await?;
        drop(conn);
        let suggestions = match raw.total {
            0 => self.suggestions(db, query, agencies.as_deref()).await?,
            _ => Vec::new(),
        };
        Ok(Found {
            total: raw.total,
            hits,
            facets: raw.facets.clone(),
            synonyms: raw.synonyms.clone(),
            is_pinyin: !raw.syllables.is_empty(),
            suggestions,
        })
    }

    /// The entries that the index named at this position; none when it must be followed first, for something it holds has
    /// changed or is public no more.
    async fn rows(&self, conn: &mut Conn, raw: &Raw, position: i64) -> anyhow::Result<Option<Vec<Row>>> {
        let found = store::public_rows(conn, &raw.ids).await?;
        let head = match found.head {
            Some(head) => head,
            None => audit::position(conn).await?,
        };
        let is_whole = found.rows.len() == raw.ids.len() && !self.is_outdated(conn, position, head).await?;
        Ok(is_whole.then_some(found.rows))
    }

    /// The entries in the order of the index, with the words found marked.
    async fn hits(&self, conn: &mut Conn, rows: Vec<Row>, raw: &Raw) -> anyhow::Result<Vec<Hit>> {
        let mut by_id: HashMap<String, Row> = rows.into_iter().map(|row| (row.id.clone(), row)).collect();
        let mut shown: Vec<Shown> =
            raw.ids.iter().filter_map(|id| by_id.remove(id)).map(|row| Shown::new(row, raw)).collect();
        let is_open = |shown: &&mut Shown| !shown.is_enough && shown.hit.row.attachments > 0;
        let mut open: Vec<&mut Shown> = shown.iter_mut().filter(is_open).collect();
        for page in open.chunks_mut(store::PAGE) {
            let ids: Vec<&str> = page.iter().map(|shown| shown.hit.row.id.as_str()).collect();
            for file in store::attachment_texts_of(conn, &ids).await? {
                if let Some(shown) = page.iter_mut().find(|shown| shown.hit.row.id == file.entry_id) {
                    shown.look_into(&file, &self.passages(&file));
                }
            }
        }
        Ok(shown.into_iter().map(|shown| shown.hit).collect())
    }

    fn passages(&self, file: &store::AttachmentText) -> Arc<Vec<(Passage, Placed)>> {
        self.files.get_with(file.file_sha256.clone(), || {
            let placed = |passage: Passage| (passage.clone(), Placed::new(&passage.text));
            Arc::new(passages(&file.passages).into_iter().map(placed).collect())
        })
    }

    /// What was probably meant: the term that stands nowhere, as it stands in a public title.
    async fn suggestions(
        &self,
        db: &Db,
        query: &Query,
        agencies: Option<&[String]>,
    ) -> anyhow::Result<Vec<String>> {
        const MOST: usize = 3;
        let alone = |text: String| Query { text, limit: 1, within: query.within.clone(), ..Query::default() };
        // Titles of other agencies are read and left out.
        let titles = if agencies.is_some() { suggest::TITLES_OF_ALL } else { suggest::TITLES };
        let terms = typed::terms(&query.text);
        let mut found: Vec<(usize, String)> = Vec::new();
        for (at, term) in terms.iter().enumerate() {
            if !(3..=20).contains(&term.chars.len()) {
                continue;
            }
            let stands = match agencies {
                None => {
                    let looked_for = term.clone();
                    self.in_turn(move |reader| Ok(reader.hits(&looked_for)? > 0)).await?
                }
                Some(_) => self.raw(&alone(format!("\"{}\"", term.text())), agencies).await?.total > 0,
            };
            if stands {
                continue;
            }
            let chars = term.chars.clone();
            let ids = self.in_turn(move |reader| reader.near(&chars, titles)).await?;
            for row in store::public_rows(&mut *db.read().await?, &ids).await?.rows {
                let Some((distance, instead)) = suggest::nearest(&term.chars, &row.title) else { continue };
                let mut words: Vec<String> = terms.iter().map(typed::Term::text).collect();
                words[at] = instead;
                found.push((distance, words.join(" ")));
            }
        }
        found.sort();
        found.dedup();
        let mut suggestions: Vec<String> = Vec::new();
        for (_, text) in found {
            let is_new = suggestions.len() < MOST && !suggestions.contains(&text);
            if is_new && self.raw(&alone(text.clone()), agencies).await?.total > 0 {
                suggestions.push(text);
            }
        }
        Ok(suggestions)
    }
}

/// A hit, and where the words have been looked for.
struct Shown {
    hit: Hit,
    marks: Vec<Vec<char>>,
    /// How many of the marks stand in what is shown.
    most: usize,
    /// Only what stands nowhere else is looked for in the attachments.
    is_enough: bool,
}

impl Shown {
    fn new(row: Row, raw: &Raw) -> Shown {
        let title = Placed::new(&row.title);
        let mut marks = raw.marks.clone();
        let compared = text::compact(&row.title);
        marks.extend(raw.syllables.iter().filter_map(|syllables| pinyin::read_as(&compared, syllables)));
        let body = Placed::of_html(&row.body_html);
        let summary = Placed::new(&row.summary);
        let (in_body, in_summary) = (body.count(&marks), summary.count(&marks));
        let shown = if in_summary > in_body { &summary } else { &body };
        let most = in_body.max(in_summary).max(title.count(&marks));
        let is_enough = marks.is_empty()
            || most > 0
                && (most >= raw.marks.len() || title.count(&marks[..1]) + body.count(&marks[..1]) > 0);
        let hit = Hit { title: title.whole(&marks), extract: shown.extract(&marks), attachment: None, row };
        Shown { hit, marks, most, is_enough }
    }

    /// Shows this attachment instead when more of the words stand in it.
    fn look_into(&mut self, file: &store::AttachmentText, passages: &[(Passage, Placed)]) {
        let in_ = |place: &str| {
            Some(InAttachment { id: file.id.clone(), name: file.name.clone(), place: place.to_owned() })
        };
        for (passage, placed) in passages {
            let count = placed.count(&self.marks);
            if count > self.most {
                self.most = count;
                self.hit.extract = placed.extract(&self.marks);
                self.hit.attachment = in_(&passage.place);
            }
        }
        let count = Placed::new(&file.name).count(&self.marks);
        if count > self.most {
            self.most = count;
            self.hit.attachment = in_("");
        }
    }
}

#[cfg(test)]
mod tests;
