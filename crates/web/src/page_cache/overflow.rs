//! Pages of entries that memory has no room for, in one file of this process. The system keeps of it in memory what it has
//! room for, and takes that back when it is needed elsewhere.

use std::collections::HashMap;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Bytes;
use axum::http::HeaderValue;

use super::{Page, Shows};

/// Bytes of the file; beyond them it starts anew.
const ROOM: u64 = 2 * 1024 * 1024 * 1024;

/// Where one page lies.
#[derive(Clone, Copy)]
struct Place {
    at: u64,
    length: usize,
    /// The position of the change log that the page was read at.
    position: i64,
}

/// A file that has no name any more: it goes with the process.
struct Part {
    file: File,
    end: AtomicU64,
    /// By a hash of the key; the key itself lies with the page.
    places: RwLock<HashMap<u64, Place>>,
}

/// The pages that were moved out of memory.
pub(super) struct Overflow {
    /// `None`: nothing is kept, for want of a folder or because the disk refused.
    folder: RwLock<Option<PathBuf>>,
    part: RwLock<Option<Arc<Part>>>,
    hasher: RandomState,
}

impl Overflow {
    pub(super) fn new(folder: Option<PathBuf>) -> Overflow {
        Overflow { folder: RwLock::new(folder), part: RwLock::default(), hasher: RandomState::new() }
    }

    /// Keeps the page of an entry. Lists live too short to be worth it.
    pub(super) fn put(&self, key: &str, page: &Page) {
        let Shows::Entry(entry) = &page.shows else { return };
        if let Err(error) = self.write(key, entry, page) {
            tracing::warn!(%error, "pages cannot be kept on disk; memory alone is used from now on");
            *self.folder.write().unwrap_or_else(PoisonError::into_inner) = None;
            self.clear();
        }
    }

    /// A page kept under this key; one that cannot be read is none.
    pub(super) fn get(&self, key: &str) -> Option<Arc<Page>> {
        let part = self.part.read().unwrap_or_else(PoisonError::into_inner).clone()?;
        let place = part.place(self.hasher.hash_one(key))?;
        let mut bytes = vec![0; place.length];
        part.file.read_exact_at(&mut bytes, place.at).ok()?;
        page(key, bytes.into(), place.position)
    }

    pub(super) fn clear(&self) {
        *self.part.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn write(&self, key: &str, entry: &str, page: &Page) -> io::Result<()> {
        let hash = self.hasher.hash_one(key);
        let bytes = record(key, entry, page);
        let length = bytes.len() as u64;
        let Some(part) = self.part_with(length)? else { return Ok(()) };
        if part.place(hash).is_some_and(|place| place.position == page.position) {
            return Ok(());
        }
        let at = part.end.fetch_add(length, Ordering::Relaxed);
        part.file.write_all_at(&bytes, at)?;
        let place = Place { at, length: bytes.len(), position: page.position };
        part.places.write().unwrap_or_else(PoisonError::into_inner).insert(hash, place);
        Ok(())
    }

    /// The file, or a new one when this much does not go into it any more. Who still reads the old one reads on in it.
    fn part_with(&self, length: u64) -> io::Result<Option<Arc<Part>>> {
        let has_room = |part: &Arc<Part>| part.end.load(Ordering::Relaxed) + length <= ROOM;
        if let Some(part) =
            self.part.read().unwrap_or_else(PoisonError::into_inner).as_ref().filter(|p| has_room(p))
        {
            return Ok(Some(part.clone()));
        }
        let Some(folder) = self.folder.read().unwrap_or_else(PoisonError::into_inner).clone() else {
            return Ok(None);
        };
        let mut current = self.part.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(part) = current.as_ref().filter(|part| has_room(part)) {
            return Ok(Some(part.clone()));
        }
        std::fs::create_dir_all(&folder)?;
        let part =
            Part { file: tempfile::tempfile_in(folder)?, end: AtomicU64::new(0), places: RwLock::default() };
        Ok(Some(current.insert(Arc::new(part)).clone()))
    }
}

impl Part {
    fn place(&self, hash: u64) -> Option<Place> {
        self.places.read().unwrap_or_else(PoisonError::into_inner).get(&hash).copied()
    }
}

/// What lies in the file: pieces, each behind its length.
fn record(key: &str, entry: &str, page: &Page) -> Vec<u8> {
    let tags = [page.plain_tag.as_bytes(), page.gzipped_tag.as_bytes()];
    let pieces = [
        key.as_bytes(),
        entry.as_bytes(),
        page.media_type.as_bytes(),
        tags[0],
        tags[1],
        &page.plain,
        &page.gzipped,
    ];
    let mut bytes = Vec::with_capacity(pieces.iter().map(|piece| piece.len() + 4).sum());
    for piece in pieces {
        bytes.extend((piece.len() as u32).to_le_bytes());
        bytes.extend(piece);
    }
    bytes
}

/// The page in a record, without copying its bytes; `None` when it is another's, whose key has the same hash.
fn page(key: &str, mut record: Bytes, position: i64) -> Option<Arc<Page>> {
    let mut piece = || {
        let length = u32::from_le_bytes(record.get(..4)?.try_into().ok()?) as usize;
        let end = length.checked_add(4).filter(|end| *end <= record.len())?;
        Some(record.split_to(end).slice(4..))
    };
    if piece()? != key.as_bytes() {
        return None;
    }
    let entry = String::from_utf8(piece()?.to_vec()).ok()?;
    let mut header = || HeaderValue::from_bytes(&piece()?).ok();
    let (media_type, plain_tag, gzipped_tag) = (header()?, header()?, header()?);
    Some(Arc::new(Page {
        shows: Shows::Entry(entry),
        position,
        kept_at: std::time::Instant::now(),
        media_type,
        plain: piece()?,
        gzipped: piece()?,
        plain_tag,
        gzipped_tag,
        brotli: None,
    }))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;

    fn entry_page(text: &str, position: i64) -> Arc<Page> {
        Page::html(text.repeat(50), Shows::Entry(format!("id-{text}")), position)
    }

    #[test]
    fn a_page_comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let overflow = Overflow::new(Some(folder.path().join("pages")));
        assert!(overflow.get("/entries/a").is_none());
        let (first, second) = (entry_page("甲", 3), entry_page("乙", 4));
        overflow.put("/entries/a", &first);
        overflow.put("/entries/b", &second);
        for (key, page) in [("/entries/a", &first), ("/entries/b", &second)] {
            let back = overflow.get(key).unwrap();
            assert_eq!((&back.plain, &back.gzipped), (&page.plain, &page.gzipped));
            assert_eq!((&back.shows, back.position), (&page.shows, page.position));
            assert_eq!(back.answer(&HeaderMap::new()).headers(), page.answer(&HeaderMap::new()).headers());
        }
        assert!(
            std::fs::read_dir(folder.path().join("pages")).unwrap().next().is_none(),
            "the file has no name"
        );
    }

    #[test]
    fn a_page_read_later_takes_the_place_of_the_earlier_one() {
        let folder = tempfile::tempdir().unwrap();
        let overflow = Overflow::new(Some(folder.path().to_owned()));
        overflow.put("/a", &entry_page("旧", 3));
        overflow.put("/a", &entry_page("新", 5));
        assert_eq!(overflow.get("/a").unwrap().position, 5);
        overflow.clear();
        assert!(overflow.get("/a").is_none());
    }

    #[test]
    fn lists_and_what_has_no_folder_are_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let overflow = Overflow::new(Some(folder.path().to_owned()));
        overflow.put("/", &Page::html("首页".into(), Shows::Entries, 1));
        assert!(overflow.get("/").is_none());
        let nowhere = Overflow::new(None);
        nowhere.put("/a", &entry_page("页", 1));
        assert!(nowhere.get("/a").is_none());
        // A folder that cannot be made: told once, and the site goes on.
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let refused = Overflow::new(Some(file));
        refused.put("/a", &entry_page("页", 1));
        assert!(refused.get("/a").is_none());
    }
}
