//! Reports of the same agency for successive years, among the files of a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gongkai_report::aggregate::agency_key;

use super::files;
use super::in_order::in_order;

/// For each file the one that is its last year's report, where there is exactly one.
pub(super) fn previous(reports: &[PathBuf]) -> BTreeMap<PathBuf, PathBuf> {
    let mut known: BTreeMap<(String, i16), Vec<PathBuf>> = BTreeMap::new();
    // Whatever cannot be read is told when it is checked.
    let done: Result<(), ()> = in_order(
        reports,
        |path| about(path),
        |path, about| {
            if let Some(about) = about {
                known.entry(about).or_default().push(path.clone());
            }
            Ok(())
        },
    );
    debug_assert!(done.is_ok(), "taking never fails");
    let mut pairs = BTreeMap::new();
    for ((agency, year), files) in &known {
        if let Some([before]) = known.get(&(agency.clone(), year - 1)).map(Vec::as_slice) {
            pairs.extend(files.iter().map(|file| (file.clone(), before.clone())));
        }
    }
    pairs
}

fn about(path: &Path) -> Option<(String, i16)> {
    let bytes = files::bytes(path).ok()?;
    let name = path.display().to_string();
    // A file that makes the program fail is told when it is checked.
    let read = || gongkai_report::read(&bytes, &name).ok();
    let report = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).ok()??.report;
    Some((agency_key(&report.agency?), report.year?))
}
