//! Rendered pages of the public, kept until what they show has changed.
//!
//! A kept page remembers the position of the change log it was read at. It may be shown as long as no later
//! change concerns it, so a page that was read before a change and put away after it is never shown. The log is
//! looked at when a page is asked for, one row at most every [`PAUSE`]: what another process publishes or
//! withdraws is seen after that long, and an idle site reads nothing.
//!
//! Pages of entries for which memory has no room are moved to a file ([`overflow`]).

mod overflow;

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use gongkai_disclosure::audit::{self, Link};
use gongkai_disclosure::db::Db;
use gongkai_disclosure::publishing::public;
use moka::notification::RemovalCause;
use moka::sync::Cache;
use overflow::Overflow;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

/// How long the site may go on without looking at the change log.
pub(crate) const PAUSE: Duration = Duration::from_millis(200);
/// Bytes of pages kept in memory, of all portals together: some three thousand pages. Those of many more lie in the file,
/// which the system keeps in memory where there is any to spare.
pub(crate) const ROOM: u64 = 32 * 1024 * 1024;
/// Lists are read anew now and then: they say a little about today.
const LIST_AGE: Duration = Duration::from_secs(600);
/// Of so many pages read from the overflow one is kept in memory again.
const BACK_INTO_MEMORY: u64 = 16;
/// Further behind than this, or with more entries changed, everything is read anew.
const MANY: i64 = 10_000;

/// What a page is about, and so which changes it does not outlive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shows {
    /// One entry, by its id.
    Entry(String),
    /// Many entries: home, catalogue, annual reports, the site map.
    Entries,
}

/// A rendered page with its compressed twin.
pub(crate) struct Page {
    shows: Shows,
    /// Everything up to here was known when the page was read.
    position: i64,
    kept_at: Instant,
    media_type: HeaderValue,
    plain: Bytes,
    gzipped: Bytes,
    plain_tag: HeaderValue,
    gzipped_tag: HeaderValue,
    /// Smaller still, for what is compressed once, with its tag.
    brotli: Option<(Bytes, HeaderValue)>,
}

/// The pages kept by this process.
pub(crate) struct PageCache {
    pages: Cache<String, Arc<Page>>,
    overflow: Arc<Overflow>,
    /// How many pages were read from the overflow.
    from_file: AtomicU64,
    started: Instant,
    /// Milliseconds after `started` at which the log was looked at last, and one; 0: never.
    looked: AtomicU64,
    following: Mutex<()>,
    position: AtomicI64,
    /// The last change that concerns every page, every list, and single entries.
    all_changed: AtomicI64,
    lists_changed: AtomicI64,
    entries_changed: RwLock<HashMap<String, i64>>,
}

impl PageCache {
    /// Keeps so many bytes in memory; `folder`: for the pages that it has no room for.
    pub(crate) fn new(room: u64, folder: Option<PathBuf>) -> PageCache {
        let overflow = Arc::new(Overflow::new(folder));
        let moved_out = overflow.clone();
        let move_out = move |key: Arc<String>, page: Arc<Page>, cause: RemovalCause| {
            if cause == RemovalCause::Size {
                moved_out.put(&key, &page);
            }
        };
        let weigh = |key: &String, page: &Arc<Page>| {
            u32::try_from(key.len() + page.plain.len() + page.gzipped.len() + 512).unwrap_or(u32::MAX)
        };
        PageCache {
            pages: Cache::builder().max_capacity(room).weigher(weigh).eviction_listener(move_out).build(),
            overflow,
            from_file: AtomicU64::new(0),
            started: Instant::now(),
            looked: AtomicU64::new(0),
            following: Mutex::new(()),
            position: AtomicI64::new(0),
            all_changed: AtomicI64::new(0),
            lists_changed: AtomicI64::new(0),
            entries_changed: RwLock::default(),
        }
    }

    /// The page kept under this key, if it still holds.
    pub(crate) async fn get(&self, db: &Db, key: &str) -> anyhow::Result<Option<Arc<Page>>> {
        if !self.is_up_to_date() {
            let _one_at_a_time = self.following.lock().await;
            if !self.is_up_to_date() {
                self.look(db).await?;
            }
        }
        Ok(self.kept(key))
    }

    /// The same without waiting: none as well when the log has to be looked at first.
    pub(crate) fn at_hand(&self, key: &str) -> Option<Arc<Page>> {
        if self.is_up_to_date() { self.kept(key) } else { None }
    }

    fn kept(&self, key: &str) -> Option<Arc<Page>> {
        if let Some(page) = self.pages.get(key) {
            return Some(page).filter(|page| self.holds(page));
        }
        let page = self.overflow.get(key).filter(|page| self.holds(page))?;
        // What many ask for comes back into memory soon; what is read once does not push others out.
        if self.from_file.fetch_add(1, Ordering::Relaxed).is_multiple_of(BACK_INTO_MEMORY) {
            self.pages.insert(key.to_owned(), page.clone());
        }
        Some(page)
    }

    /// Where the log has been followed to. Taken before a page is read, and kept with it.
    pub(crate) fn position(&self) -> i64 {
        self.position.load(Ordering::Acquire)
    }

    /// The last change that concerns anything kept.
    pub(crate) fn last_change(&self) -> i64 {
        self.all_changed.load(Ordering::Acquire).max(self.lists_changed.load(Ordering::Acquire))
    }

    /// The entries that have changed since then; `None`: what else has changed concerns every list.
    pub(crate) fn changed_since(&self, position: i64) -> Option<Vec<String>> {
        let changed = self.entries_changed.read().unwrap_or_else(PoisonError::into_inner);
        // Asked after the lock is held: who clears the entries has said before that everything has changed.
        if self.all_changed.load(Ordering::Acquire) > position {
            return None;
        }
        Some(changed.iter().filter(|(_, at)| **at > position).map(|(id, _)| id.clone()).collect())
    }

    pub(crate) fn put(&self, key: String, page: Arc<Page>) {
        self.pages.insert(key, page);
    }

    /// Looks at the log now: for a process that has just changed something itself.
    pub(crate) async fn follow(&self, db: &Db) -> anyhow::Result<i64> {
        let _one_at_a_time = self.following.lock().await;
        self.look(db).await?;
        Ok(self.position())
    }

    fn is_up_to_date(&self) -> bool {
        let looked = self.looked.load(Ordering::Acquire);
        let pause = PAUSE.as_millis() as u64;
        looked > 0 && self.started.elapsed().as_millis() as u64 + 1 < looked + pause
    }

    fn holds(&self, page: &Page) -> bool {
        let has_seen = |change: i64| change <= page.position;
        has_seen(self.all_changed.load(Ordering::Acquire))
            && match &page.shows {
                Shows::Entry(id) => {
                    let changed = self.entries_changed.read().unwrap_or_else(PoisonError::into_inner);
                    changed.get(id).is_none_or(|change| has_seen(*change))
                }
                Shows::Entries => {
                    has_seen(self.lists_changed.load(Ordering::Acquire)) && page.kept_at.elapsed() < LIST_AGE
                }
            }
    }

    async fn look(&self, db: &Db) -> anyhow::Result<()> {
        let now = self.started.elapsed().as_millis() as u64 + 1;
        let mut conn = db.read().await?;
        let head = audit::position(&mut conn).await?;
        let mut position = self.position();
        let is_first = self.looked.load(Ordering::Acquire) == 0;
        if is_first || head < position || head - position > MANY {
            // Nothing is kept yet, another database stands here, or too much has happened to go through it.
            self.pages.invalidate_all();
            self.overflow.clear();
            self.all_changed.store(head, Ordering::Release);
            position = head;
        }
        while position < head {
            let changes = audit::changes_after(&mut conn, position, 2_000).await?;
            let Some(last) = changes.last() else { break };
            position = last.seq;
            changes.iter().for_each(|change| self.note(change));
        }
        self.position.store(position, Ordering::Release);
        self.looked.store(now, Ordering::Release);
        Ok(())
    }

    fn note(&self, change: &Link) {
        match (change.room.as_str(), change.act.as_str()) {
            ("publishing", act) if public::concerns(act) => {
                self.lists_changed.store(change.seq, Ordering::Release);
                let mut changed = self.entries_changed.write().unwrap_or_else(PoisonError::into_inner);
                if changed.len() as i64 >= MANY {
                    changed.clear();
                    self.all_changed.store(change.seq, Ordering::Release);
                }
                changed.insert(change.subject_id.clone(), change.seq);
            }
            // Names of agencies and lines of the catalogue stand on every page.
            ("catalogue", _) => self.all_changed.store(change.seq, Ordering::Release),
            ("accounts", act) if act.starts_with("agency_") => {
                self.all_changed.store(change.seq, Ordering::Release);
            }
            _ => {}
        }
    }
}

impl Page {
    pub(crate) fn html(body: String, shows: Shows, position: i64) -> Arc<Page> {
        Page::new(body, "text/html; charset=utf-8", shows, position)
    }

    pub(crate) fn new(body: String, media_type: &'static str, shows: Shows, position: i64) -> Arc<Page> {
        // What a string has grown for beyond its end is not kept.
        let body = Bytes::from(body.into_boxed_str().into_boxed_bytes());
        Page::of_bytes(body, HeaderValue::from_static(media_type), shows, position)
    }

    /// A style sheet, a script or a drawing, which no change concerns.
    pub(crate) fn asset(body: Bytes, media_type: HeaderValue) -> Arc<Page> {
        let packed = smallest(&body);
        let brotli = (!packed.is_empty()).then(|| (packed, tag(&mark(&body), "-br")));
        Arc::new(Page { brotli, ..Page::whole(body, media_type, Shows::Entries, 0) })
    }

    fn of_bytes(plain: Bytes, media_type: HeaderValue, shows: Shows, position: i64) -> Arc<Page> {
        Arc::new(Page::whole(plain, media_type, shows, position))
    }

    fn whole(plain: Bytes, media_type: HeaderValue, shows: Shows, position: i64) -> Page {
        let mark = mark(&plain);
        Page {
            shows,
            position,
            kept_at: Instant::now(),
            media_type,
            gzipped: gzipped(&plain),
            plain,
            plain_tag: tag(&mark, ""),
            gzipped_tag: tag(&mark, "-gzip"),
            brotli: None,
        }
    }

    /// The answer to a request with these headers: compressed, plain, or "you have it".
    pub(crate) fn answer(&self, asked: &HeaderMap) -> Response {
        let smaller = self.brotli.as_ref().filter(|_| takes(asked, "br"));
        let (body, tag, encoding) = if let Some((body, tag)) = smaller {
            (body, tag, Some(HeaderValue::from_static("br")))
        } else if takes(asked, "gzip") && !self.gzipped.is_empty() {
            (&self.gzipped, &self.gzipped_tag, Some(HeaderValue::from_static("gzip")))
        } else {
            (&self.plain, &self.plain_tag, None)
        };
        let mut response = if has_it(asked, tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mut response = Response::new(Body::from(body.clone()));
            response.headers_mut().insert(CONTENT_TYPE, self.media_type.clone());
            if let Some(encoding) = encoding {
                response.headers_mut().insert(CONTENT_ENCODING, encoding);
            }
            response
        };
        let headers = response.headers_mut();
        headers.insert(ETAG, tag.clone());
        // Kept by browsers, asked about each time: what was withdrawn must not be shown again.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding, cookie"));
        response
    }
}

/// Tells one text from another.
fn mark(plain: &[u8]) -> String {
    hex::encode(&Sha256::digest(plain)[..12])
}

/// The tag of a text in one encoding: two bodies, two tags.
fn tag(mark: &str, encoding: &str) -> HeaderValue {
    HeaderValue::try_from(format!("\"{mark}{encoding}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

pub(crate) fn gzipped(plain: &[u8]) -> Bytes {
    let mut out = GzEncoder::new(Vec::with_capacity(plain.len() / 3), Compression::default());
    match out.write_all(plain).and_then(|()| out.finish()) {
        Ok(bytes) => bytes.into_boxed_slice().into(),
        Err(error) => {
            tracing::warn!(%error, "a page could not be compressed");
            Bytes::new()
        }
    }
}

/// Slow and small: for what is compressed once.
fn smallest(plain: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(plain.len() / 3);
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    match brotli::BrotliCompress(&mut &*plain, &mut out, &settings) {
        Ok(_) => out.into(),
        Err(error) => {
            tracing::warn!(%error, "an asset could not be compressed");
            Bytes::new()
        }
    }
}

/// Whether the browser reads this encoding; one that forbids it (`gzip;q=0`) does not.
pub(crate) fn takes(asked: &HeaderMap, encoding: &str) -> bool {
    let wanted = asked.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    wanted.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        is_named && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn has_it(asked: &HeaderMap, tag: &HeaderValue) -> bool {
    let known = asked.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    known.split(',').any(|one| {
        let one = one.trim();
        one == "*" || one.strip_prefix("W/").unwrap_or(one).as_bytes() == tag.as_bytes()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: axum::http::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn gzip_only_for_those_who_read_it() {
        for yes in ["gzip", "br, gzip, deflate", "GZIP;q=0.5"] {
            assert!(takes(&asked(ACCEPT_ENCODING, yes), "gzip"), "{yes}");
        }
        for no in ["", "br", "gzip;q=0", "xgzip"] {
            assert!(!takes(&asked(ACCEPT_ENCODING, no), "gzip"), "{no}");
        }
    }

    #[test]
    fn a_page_the_browser_has_is_not_sent_again() {
        let page = Page::html("<p>页</p>".into(), Shows::Entries, 1);
        let tag = page.answer(&HeaderMap::new()).headers()[ETAG].to_str().unwrap().to_owned();
        let again = HeaderMap::from_iter([(IF_NONE_MATCH, format!("\"x\", W/{tag}").parse().unwrap())]);
        assert_eq!(page.answer(&again).status(), StatusCode::NOT_MODIFIED);
        let compressed = page.answer(&asked(ACCEPT_ENCODING, "gzip"));
        assert_ne!(compressed.headers()[ETAG].to_str().unwrap(), tag, "two bodies, two tags");
    }

    #[test]
    fn an_asset_goes_out_in_the_smallest_way_the_browser_reads() {
        let text = "a { color: var(--ink); }\n".repeat(200);
        let asset = Page::asset(text.clone().into(), HeaderValue::from_static("text/css"));
        for (wanted, encoding) in
            [("gzip, deflate, br", Some("br")), ("gzip;q=1, br;q=0", Some("gzip")), ("identity", None)]
        {
            let answer = asset.answer(&asked(ACCEPT_ENCODING, wanted));
            let told = answer.headers().get(CONTENT_ENCODING).map(|v| v.to_str().unwrap().to_owned());
            assert_eq!(told.as_deref(), encoding, "{wanted}");
        }
        let (packed, _) = asset.brotli.as_ref().unwrap();
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &**packed, &mut plain).unwrap();
        assert_eq!(plain, text.as_bytes());
        assert!(packed.len() < asset.gzipped.len());
    }

    #[test]
    fn a_page_holds_until_a_change_concerns_it() {
        let cache = PageCache::new(ROOM, None);
        let one = Page::html(String::new(), Shows::Entry("one".into()), 5);
        let list = Page::html(String::new(), Shows::Entries, 5);
        let change = |seq, room: &str, act: &str, subject: &str| Link {
            seq,
            at: String::new(),
            actor_kind: String::new(),
            actor_id: String::new(),
            actor_name: String::new(),
            agency_id: String::new(),
            room: room.into(),
            act: act.into(),
            subject_id: subject.into(),
            detail: String::new(),
            prev_hash: String::new(),
            hash: String::new(),
        };
        cache.note(&change(5, "publishing", "released", "one"));
        cache.note(&change(6, "accounts", "logged_in", "someone"));
        assert!(cache.holds(&one) && cache.holds(&list));
        cache.note(&change(7, "publishing", "released", "two"));
        assert!(cache.holds(&one) && !cache.holds(&list));
        cache.note(&change(8, "publishing", "withdrawn", "one"));
        assert!(!cache.holds(&one));
        let read_after = Page::html(String::new(), Shows::Entry("one".into()), 8);
        assert!(cache.holds(&read_after));
        cache.note(&change(9, "accounts", "agency_changed", "a"));
        assert!(!cache.holds(&read_after));
    }
}
