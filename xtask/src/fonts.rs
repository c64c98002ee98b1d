//! `cargo xtask fonts`: the typeface that the program brings, from npm. What was fetched is kept; a new version in the
//! lock file fetches again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::shell::{npm_ci, root};

/// Within the package, and what it is called here.
const FILES: [(&str, &str); 3] = [
    ("400Regular/NotoSerifSC_400Regular.ttf", "NotoSerifSC_400Regular.ttf"),
    ("700Bold/NotoSerifSC_700Bold.ttf", "NotoSerifSC_700Bold.ttf"),
    ("LICENSE_FONT", "OFL.txt"),
];

pub(crate) fn fetch() -> anyhow::Result<()> {
    let folder = root().join("crates/typeset/fonts");
    let (lock, fetched) = (folder.join("package-lock.json"), folder.join(".fetched"));
    if is_current(&folder, &lock, &fetched) {
        return Ok(());
    }
    eprintln!("fetching the typeface from npm (69 MB)");
    npm_ci(&folder)?;
    let modules = folder.join("node_modules");
    for (from, to) in FILES {
        let from: PathBuf = modules.join("@expo-google-fonts/noto-serif-sc").join(from);
        fs::copy(&from, folder.join(to)).with_context(|| format!("{} was not fetched", from.display()))?;
    }
    // The package has six more weights that nobody needs.
    fs::remove_dir_all(modules)?;
    fs::copy(lock, fetched)?;
    Ok(())
}

/// The same, for commands that can do without: PDF then needs a folder of typefaces.
pub(crate) fn fetch_or_tell() {
    if let Err(error) = fetch() {
        eprintln!("no typeface is built in ({error:#}); PDF and OFD will need fonts.folders in the settings");
    }
}

fn is_current(folder: &Path, lock: &Path, fetched: &Path) -> bool {
    let is_there = FILES.iter().all(|(_, name)| folder.join(name).is_file());
    is_there && matches!((fs::read(lock), fs::read(fetched)), (Ok(wanted), Ok(there)) if wanted == there)
}
