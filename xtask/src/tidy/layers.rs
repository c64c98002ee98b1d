use super::Source;

/// A crate and those of ours that it may depend on: one way, towards the law.
const LAYERS: [(&str, &[&str]); 7] = [
    ("statute", &[]),
    ("report", &["statute"]),
    ("typeset", &["statute", "report"]),
    // Its tests burn what the typesetter wrote.
    ("redaction", &["typeset"]),
    ("disclosure", &["statute", "report", "redaction"]),
    ("web", &["statute", "report", "typeset", "redaction", "disclosure"]),
    ("cli", &["statute", "report", "typeset", "redaction", "disclosure", "web"]),
];

/// What the pure crates may use: data, dates and file formats. None of these opens a file or a connection.
const PURE: [&str; 15] = [
    "calamine",
    "cfb",
    "chardetng",
    "ego-tree",
    "encoding_rs",
    "html5ever",
    "jiff",
    "lopdf",
    "quick-xml",
    "rust_xlsxwriter",
    "scraper",
    "serde",
    "serde_json",
    "toml",
    "zip",
];

pub(super) fn depend_one_way(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for (name, may) in LAYERS {
        for (source, number, dependency) in dependencies(sources, name) {
            let is_ours = dependency.strip_prefix("gongkai-");
            if let Some(other) = is_ours.filter(|other| !may.contains(other) && *other != name) {
                breaches.push(source.breach(number, format!("{name} must not depend on {other}")));
            }
        }
    }
    breaches
}

pub(super) fn pure_crates_do_no_io(sources: &[Source]) -> Vec<String> {
    // Cursors over bytes in memory are no input; the streams of the process are.
    const IO: [&str; 9] = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "stdin()",
        "stdout()",
        "stderr()",
        "async fn",
    ];
    let mut breaches = Vec::new();
    for name in ["statute", "report"] {
        for (source, number, dependency) in dependencies(sources, name) {
            if !PURE.contains(&dependency) && !dependency.starts_with("gongkai-") {
                breaches.push(source.breach(number, format!("{name} is pure and must not use {dependency}")));
            }
        }
        for (source, number, line) in lines_of(sources, name) {
            if let Some(found) = IO.iter().find(|io| line.contains(**io)) {
                breaches.push(source.breach(number, format!("{name} is pure and must not use {found}")));
            }
        }
    }
    breaches
}

pub(super) fn clock_is_read_at_the_edge(sources: &[Source]) -> Vec<String> {
    const CLOCKS: [&str; 4] = ["Timestamp::now(", "Zoned::now(", "SystemTime::now(", "Instant::now("];
    let mut breaches = Vec::new();
    for name in ["statute", "report", "disclosure"] {
        for (source, number, line) in lines_of(sources, name) {
            if let Some(found) = CLOCKS.iter().find(|clock| line.contains(**clock)) {
                breaches.push(source.breach(number, format!("{found}) in {name}: time is a parameter")));
            }
        }
    }
    breaches
}

pub(super) fn web_and_office_are_apart(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for (name, foreign) in [("web", ["sqlx", "rusqlite"]), ("disclosure", ["axum", "askama"])] {
        for (source, number, dependency) in dependencies(sources, name) {
            if foreign.contains(&dependency) {
                breaches.push(source.breach(number, format!("{name} must not use {dependency}")));
            }
        }
        for (source, number, line) in lines_of(sources, name) {
            if let Some(found) = foreign.iter().find(|f| line.contains(&format!("{f}::"))) {
                breaches.push(source.breach(number, format!("{name} must not use {found}")));
            }
        }
    }
    breaches
}

/// What a crate depends on to run: the lines of `[dependencies]`.
fn dependencies<'a>(sources: &'a [Source], name: &str) -> Vec<(&'a Source, usize, &'a str)> {
    let path = format!("crates/{name}/Cargo.toml");
    let mut found = Vec::new();
    for source in sources.iter().filter(|s| s.path == path) {
        let mut is_inside = false;
        for (number, line) in source.text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())) {
            if line.starts_with('[') {
                is_inside = line == "[dependencies]";
            } else if is_inside && !line.is_empty() && !line.starts_with('#') {
                found.push((source, number, line.split(['.', '=', ' ']).next().unwrap_or_default()));
            }
        }
    }
    found
}

/// The program lines of a crate, without comments.
fn lines_of<'a>(sources: &'a [Source], name: &str) -> Vec<(&'a Source, usize, &'a str)> {
    let folder = format!("crates/{name}/src/");
    let files = sources.iter().filter(|s| s.is_rust() && s.path.starts_with(&folder) && !s.is_test());
    files
        .flat_map(|source| source.program().map(move |(number, line)| (source, number, line)))
        .filter(|(_, _, line)| !line.trim_start().starts_with("//"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    #[test]
    fn a_dependency_against_the_direction_is_seen() {
        let manifest =
            "[dependencies]\ngongkai-web.workspace = true\njiff = \"0.2\"\n[dev-dependencies]\nx = \"1\"\n";
        assert_eq!(depend_one_way(&source("crates/disclosure/Cargo.toml", manifest)).len(), 1);
        assert_eq!(depend_one_way(&source("crates/cli/Cargo.toml", manifest)).len(), 0);
    }

    #[test]
    fn input_and_clocks_are_seen_in_pure_crates() {
        let text = "fn f() {\n    std::fs::read(\"x\");\n    // std::fs in a comment\n    jiff::Timestamp::now();\n}\n";
        assert_eq!(pure_crates_do_no_io(&source("crates/statute/src/x.rs", text)).len(), 1);
        assert_eq!(clock_is_read_at_the_edge(&source("crates/statute/src/x.rs", text)).len(), 1);
        assert_eq!(pure_crates_do_no_io(&source("crates/cli/src/x.rs", text)).len(), 0);
        let manifest = "[dependencies]\ntokio.workspace = true\nserde.workspace = true\n";
        assert_eq!(pure_crates_do_no_io(&source("crates/report/Cargo.toml", manifest)).len(), 1);
    }

    #[test]
    fn sql_in_the_web_is_seen() {
        assert_eq!(web_and_office_are_apart(&source("crates/web/src/x.rs", "use sqlx::Any;\n")).len(), 1);
        let manifest = "[dependencies]\nsqlx.workspace = true\n";
        assert_eq!(web_and_office_are_apart(&source("crates/web/Cargo.toml", manifest)).len(), 1);
    }
}
