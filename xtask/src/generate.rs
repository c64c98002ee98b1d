//! `cargo xtask generate`: the documents that the program itself knows best.

use anyhow::{Context, bail};

use crate::shell::{cargo, output, root};

/// A file below `docs/` and the command that prints it.
const FILES: [(&str, &[&str]); 5] = [
    ("docs/statute-index.md", &["statute", "index"]),
    ("docs/outcome-tree.md", &["statute", "outcomes"]),
    ("docs/request-states.md", &["statute", "procedure"]),
    ("docs/lints.md", &["report", "rules"]),
    ("docs/openapi.json", &["openapi"]),
];

pub(crate) fn run(only_check: bool) -> anyhow::Result<()> {
    let mut stale = Vec::new();
    for (file, printed_by) in FILES {
        let text = output(cargo().args(["run", "--quiet", "-p", "gongkai-cli", "--"]).args(printed_by))?;
        let path = root().join(file);
        if std::fs::read_to_string(&path).is_ok_and(|there| there == text) {
            continue;
        }
        if only_check {
            stale.push(file);
        } else {
            std::fs::write(&path, text).with_context(|| format!("{file} could not be written"))?;
            eprintln!("wrote {file}");
        }
    }
    if !stale.is_empty() {
        bail!("not current: {}; run cargo xtask generate", stale.join(", "));
    }
    Ok(())
}
