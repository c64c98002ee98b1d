//! `cargo xtask tidy`: the structure that the design promises, looked up in the source.
//!
//! Each rule takes files and returns what breaks it, so that a test can show it a breach.

mod layers;
mod portal;
mod sql;
mod style;

use std::path::Path;

use anyhow::bail;

use crate::shell::{command, output, root};

/// A text file of the repository.
struct Source {
    /// From the root, with forward slashes.
    path: String,
    text: String,
}

impl Source {
    /// The lines of the program itself, numbered from 1: without a test module at the end of the file.
    fn program(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines: Vec<&str> = self.text.lines().collect();
        let tests = lines.windows(2).position(|two| two[0] == "#[cfg(test)]" && two[1].ends_with('{'));
        let end = tests.unwrap_or(lines.len());
        lines.into_iter().take(end).enumerate().map(|(at, line)| (at + 1, line))
    }

    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether the whole file is a test.
    fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.contains("/tests/") || name.ends_with("tests.rs") || name == "testing.rs"
    }

    fn breach(&self, line: usize, what: impl std::fmt::Display) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

type Rule = (&'static str, fn(&[Source]) -> Vec<String>);

const RULES: [Rule; 10] = [
    ("SQL stands in store.rs, public.rs and db/", sql::stands_in_its_place),
    ("the public reads from views alone", sql::public_reads_views),
    ("the portal uses the public's functions", portal::uses_public_functions),
    ("crates depend one way", layers::depend_one_way),
    ("the law and the report do no input and output", layers::pure_crates_do_no_io),
    ("the clock is read at the edge", layers::clock_is_read_at_the_edge),
    ("the web knows no SQL, the office no HTTP", layers::web_and_office_are_apart),
    ("templates hold no inline script or style", style::templates_are_plain),
    ("files stay readable", style::files_are_short),
    ("a term of law opens its doc comment", style::closed_lists_open_in_chinese),
];

pub(crate) fn run() -> anyhow::Result<()> {
    let sources = tracked()?;
    let mut breaches = 0;
    for (name, rule) in RULES {
        for breach in rule(&sources) {
            eprintln!("{breach} [{name}]");
            breaches += 1;
        }
    }
    if breaches > 0 {
        bail!("{breaches} breaches of the structure");
    }
    Ok(())
}

/// The files git knows, and new ones that it would take.
fn tracked() -> anyhow::Result<Vec<Source>> {
    let list = output(command("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    let is_read = |path: &&str| {
        let extension = Path::new(path).extension().and_then(|e| e.to_str());
        extension.is_some_and(|e| matches!(e, "rs" | "toml" | "html"))
    };
    let read = |path: &str| {
        Some(Source { path: path.into(), text: std::fs::read_to_string(root().join(path)).ok()? })
    };
    Ok(list.lines().filter(is_read).filter_map(read).collect())
}

#[cfg(test)]
fn source(path: &str, text: &str) -> Vec<Source> {
    vec![Source { path: path.into(), text: text.into() }]
}
