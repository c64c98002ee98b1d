//! `cargo xtask generate`: the documents that the program itself knows best.

use std::path::Path;

use anyhow::{Context, bail};

use crate::shell::{self, cargo, command, output, root};

/// A file below `docs/` and the command that prints it.
const FILES: [(&str, &[&str]); 5] = [
    ("docs/statute-index.md", &["statute", "index"]),
    ("docs/outcome-tree.md", &["statute", "outcomes"]),
    ("docs/request-states.md", &["statute", "procedure"]),
    ("docs/lints.md", &["report", "rules"]),
    ("docs/openapi.json", &["openapi"]),
];

pub(crate) fn run(only_check: bool) -> anyhow::Result<()> {
    shell::run(cargo().args(["build", "--quiet", "-p", "gongkai-cli"]))?;
    with(&shell::debug_program()?, only_check)
}

/// With a program that is built already.
pub(crate) fn with(program: &Path, only_check: bool) -> anyhow::Result<()> {
    let mut stale = Vec::new();
    for (file, printed_by) in FILES {
        let text = output(command(&program.to_string_lossy()).args(printed_by))?;
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
