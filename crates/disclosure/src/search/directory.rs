//! The files of the index, read where they are needed instead of mapped for good: the memory of the process is then what it
//! uses itself, and what the system keeps of the files is the system's to take back. What was read last is kept, for a
//! question reads the list of a word to find, to see where words stand together and to rank. A long list is mapped while it
//! is needed: often that is a few places of it. A large index is mapped for good; who has one has the memory for its files.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use moka::sync::Cache;
use rustix::buffer::spare_capacity;
use rustix::io::{pread, retry_on_intr};
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, WatchCallback, WatchHandle, WritePtr,
};
use tantivy::{Directory, HasLen};

/// Bytes that are kept of what was read.
const KEPT: u64 = 4_000_000;
/// The files of an index that is larger when it is opened are mapped for good.
const LARGE: u64 = 1_000_000_000;
/// What is longer is mapped while it is needed.
const MAPPED: usize = 256_000;
/// Reading less than this again costs no more than looking for it among what is kept.
const LEAST_KEPT: usize = 2_000;

/// By the number of the open file and the place in it.
type Read = Cache<(u64, usize, usize), OwnedBytes>;

/// Writes, locks and removes as tantivy's own; reads for itself.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    folder: PathBuf,
    files: MmapDirectory,
    read: Read,
    opened: Arc<AtomicU64>,
    is_large: bool,
}

impl Folder {
    pub(super) fn open(folder: &Path) -> Result<Folder, OpenDirectoryError> {
        let weigh =
            |_: &(u64, usize, usize), bytes: &OwnedBytes| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let size: u64 = files.filter_map(|file| file.metadata().ok()).map(|about| about.len()).sum();
        let read = Cache::builder().max_capacity(KEPT).weigher(weigh).build();
        let files = MmapDirectory::open(folder)?;
        Ok(Folder { folder: folder.to_owned(), files, read, opened: Arc::default(), is_large: size > LARGE })
    }
}

/// An open file: it can be read to its end even after it was removed.
#[derive(Debug)]
struct Open {
    folder: Folder,
    path: PathBuf,
    file: File,
    length: usize,
    number: u64,
}

impl HasLen for Open {
    fn len(&self) -> usize {
        self.length
    }
}

impl FileHandle for Open {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.len() >= MAPPED
            && let Ok(mapped) = self.folder.files.get_file_handle(&self.path)
        {
            return mapped.read_bytes(range);
        }
        let place = (self.number, range.start, range.end);
        let is_kept = range.len() >= LEAST_KEPT;
        if is_kept && let Some(bytes) = self.folder.read.get(&place) {
            return Ok(bytes);
        }
        let bytes = OwnedBytes::new(read_at(&self.file, range)?);
        if is_kept {
            self.folder.read.insert(place, bytes.clone());
        }
        Ok(bytes)
    }
}

/// Reads into room that was not cleared first: of long lists that would be a good part of the work.
fn read_at(file: &File, range: Range<usize>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(range.len());
    while bytes.len() < range.len() {
        let at = (range.start + bytes.len()) as u64;
        if retry_on_intr(|| pread(file, spare_capacity(&mut bytes), at))? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    // The room may be larger than was asked for.
    bytes.truncate(range.len());
    Ok(bytes)
}

impl Directory for Folder {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        if self.is_large {
            return self.files.get_file_handle(path);
        }
        let opened = File::open(self.folder.join(path)).and_then(|file| {
            let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
            let number = self.opened.fetch_add(1, Ordering::Relaxed);
            Ok(Open { folder: self.clone(), path: path.to_owned(), file, length, number })
        });
        match opened {
            Ok(open) => Ok(Arc::new(open)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(OpenReadError::FileDoesNotExist(path.to_owned()))
            }
            Err(error) => Err(OpenReadError::wrap_io_error(error, path.to_owned())),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.files.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.files.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.files.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.files.atomic_write(path, data)
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.files.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.files.sync_directory()
    }
}
