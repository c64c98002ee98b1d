//! The folder of a copy: files are put in their place whole, and what is no longer public is taken away.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, bail};

use super::record::Record;
use super::refuse_foreign;

/// What the last whole run wrote.
const RECORD: &str = ".gongkai-static-copy";
/// There while a run goes on; found by the next one when it was cut off.
const RUNNING: &str = ".gongkai-static-running";

/// A folder that this run alone writes into.
#[derive(Clone)]
pub(super) struct Folder {
    path: PathBuf,
    _lock: Arc<File>,
    was_cut_off: bool,
    counter: Arc<AtomicU64>,
}

impl Folder {
    pub(super) fn take(path: &Path) -> anyhow::Result<Folder> {
        std::fs::create_dir_all(path).with_context(|| format!("建不了目录 {}", path.display()))?;
        let has_record = path.join(RECORD).exists() || path.join(RUNNING).exists();
        if !has_record && std::fs::read_dir(path)?.next().is_some() {
            refuse_foreign(path)?;
        }
        let marker = path.join(RUNNING);
        let was_cut_off = marker.exists();
        let lock = File::create(&marker).with_context(|| format!("写不了 {}", marker.display()))?;
        if lock.try_lock().is_err() {
            bail!("另一个 gongkai export site 正在写这个目录，请等它完成。");
        }
        Ok(Folder {
            path: path.to_owned(),
            _lock: Arc::new(lock),
            was_cut_off,
            counter: Arc::new(AtomicU64::new(0)),
        })
    }

    /// What the copy holds; `None` when that is not known for certain.
    pub(super) fn record(&self) -> anyhow::Result<Option<Record>> {
        if self.was_cut_off {
            return Ok(None);
        }
        match std::fs::read_to_string(self.path.join(RECORD)) {
            Ok(text) => Ok(Record::read(&text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).context("读不出静态副本的清单"),
        }
    }

    pub(super) fn has(&self, file: &str) -> bool {
        self.path.join(file).exists()
    }

    /// Writes a file beside its place and moves it there: a reader sees the old one or the new one.
    pub(super) fn put(&self, file: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let path = self.path.join(file);
        let draft = self.path.join(format!(".gongkai-{}", self.counter.fetch_add(1, Ordering::Relaxed)));
        std::fs::write(&draft, bytes).with_context(|| format!("写不了 {}", draft.display()))?;
        if std::fs::rename(&draft, &path).is_err() {
            let parent = path.parent().unwrap_or(&self.path);
            std::fs::create_dir_all(parent).with_context(|| format!("建不了目录 {}", parent.display()))?;
            std::fs::rename(&draft, &path).with_context(|| format!("写不了 {}", path.display()))?;
        }
        Ok(())
    }

    /// Removes every file that is not among these, and folders that become empty.
    pub(super) fn sweep(&self, kept: &BTreeSet<&str>) -> anyhow::Result<usize> {
        let mut removed = 0;
        sweep(&self.path, &self.path, kept, &mut removed)?;
        Ok(removed)
    }

    /// Remembers what the copy holds; only now the run is done.
    pub(super) fn keep(&self, record: &Record) -> anyhow::Result<()> {
        let draft = self.path.join(format!("{RECORD}.new"));
        let mut file = File::create(&draft)?;
        file.write_all(record.write().as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&draft, self.path.join(RECORD))?;
        std::fs::remove_file(self.path.join(RUNNING))?;
        Ok(())
    }
}

/// Whether nothing is left in the folder.
fn sweep(root: &Path, folder: &Path, kept: &BTreeSet<&str>, removed: &mut usize) -> anyhow::Result<bool> {
    let mut is_empty = true;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            if sweep(root, &path, kept, removed)? {
                std::fs::remove_dir(&path)?;
            } else {
                is_empty = false;
            }
            continue;
        }
        let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        if kept.contains(name.as_str()) || name == RECORD || name == RUNNING {
            is_empty = false;
            continue;
        }
        std::fs::remove_file(&path).with_context(|| format!("删不掉 {}", path.display()))?;
        if !name.starts_with(".gongkai-") {
            *removed += 1;
        }
    }
    Ok(is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_other_things_in_it_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("thesis.docx"), "…").unwrap();
        assert!(Folder::take(home.path()).is_err());
        assert!(home.path().join("thesis.docx").exists());
    }

    #[test]
    fn what_is_not_public_any_more_goes_with_its_folder() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::take(home.path()).unwrap();
        folder.put("a/b/one.html", b"1").unwrap();
        folder.put("a/c/two.html", b"2").unwrap();
        assert_eq!(folder.sweep(&BTreeSet::from(["a/c/two.html"])).unwrap(), 1);
        assert!(!home.path().join("a/b").exists() && home.path().join("a/c/two.html").exists());
        assert!(folder.record().unwrap().is_none());
        folder.keep(&Record::default()).unwrap();
        drop(folder);
        let again = Folder::take(home.path()).unwrap();
        assert!(again.record().unwrap().is_some());
        drop(again);
        let cut_off = Folder::take(home.path()).unwrap();
        assert!(cut_off.record().unwrap().is_none(), "a run that did not end leaves nothing to build on");
    }
}
