//! The files a command was pointed at: single ones, and folders with all below.

use std::path::{Path, PathBuf};

/// What a report may be kept as. Other files in a folder are left alone.
const ENDINGS: [&str; 12] =
    ["txt", "md", "html", "htm", "docx", "doc", "wps", "pdf", "xlsx", "json", "mhtml", "text"];

/// The largest report that is read: a year of a city is a few megabytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// The reports to look at, in an order that does not depend on the disk.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) reports: Vec<PathBuf>,
    /// Files in folders that by their name are no report, and what is no file at all: pipes, devices.
    pub(super) others: usize,
    /// Links to folders, which are not followed.
    pub(super) links: usize,
}

/// Every file as given, every folder with all reports below it. A folder that cannot be opened stands among the reports,
/// and is told with them.
pub(super) fn find(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    for path in paths {
        if path.is_dir() {
            let before = found.reports.len();
            walk(path, &mut found);
            found.reports[before..].sort();
        } else {
            found.reports.push(path.clone());
        }
    }
    found
}

fn walk(folder: &Path, found: &mut Found) {
    let Ok(entries) = std::fs::read_dir(folder) else { return found.reports.push(folder.to_owned()) };
    for entry in entries {
        let Ok(entry) = entry else { return found.reports.push(folder.to_owned()) };
        let name = entry.file_name();
        // Hidden files, and the lock files that word processors leave beside an open document.
        if name.to_string_lossy().starts_with(['.', '~']) {
            continue;
        }
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&path, found);
            continue;
        }
        let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        let is_report = ending.is_some_and(|e| ENDINGS.contains(&e.as_str()));
        match std::fs::metadata(&path) {
            Ok(target) if target.is_dir() => found.links += 1,
            // To read a pipe would be to wait for ever.
            Ok(target) if !target.is_file() => found.others += 1,
            _ if is_report => found.reports.push(path),
            _ => found.others += 1,
        }
    }
}

/// The bytes of a report; what is too large to be one is refused unread.
pub(super) fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let size = std::fs::metadata(path).map_or(0, |file| file.len());
    if size > LARGEST {
        anyhow::bail!(
            "{} 有 {} MB，不像一份年度报告，没有读取（上限 {} MB）。请确认选对了文件。",
            path.display(),
            size / 1024 / 1024,
            LARGEST / 1024 / 1024
        );
    }
    crate::commands::read_bytes(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_walked_in_order_and_other_files_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("镇");
        std::fs::create_dir(&below).unwrap();
        for name in ["b.TXT", "a.docx", "c.jpg", ".hidden.txt", "~$a.docx"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        std::fs::write(below.join("d.html"), "x").unwrap();
        let found = find(&[folder.path().to_owned(), "given.dat".into()]);
        let names: Vec<_> = found.reports.iter().map(|p| p.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["a.docx", "b.TXT", "d.html", "given.dat"]);
        assert_eq!(found.others, 1);
    }
}
