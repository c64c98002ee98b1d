//! Every `cite!` in the sources points to a provision that is registered under `law/`.

use std::fs;
use std::path::{Path, PathBuf};

use gongkai_statute::citation::{Citation, Instrument, all_instruments, resolve};
use gongkai_statute::{calendar::Calendar, parameters};
use jiff::civil::date;

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let files = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// The arguments of each `cite!(…)` in the code proper: comments and tests are left out.
fn cited(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: String = lines.map(|line| format!("{line}\n")).collect();
    let mut found = Vec::new();
    for (at, opening) in code.match_indices("cite!(") {
        let rest = &code[at + opening.len()..];
        let mut depth = 1;
        let end = rest.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        let arguments = &rest[..end.expect("a closing bracket")];
        // The macro's own definition speaks of $instrument.
        if !arguments.contains('$') {
            found.push(arguments.to_owned());
        }
    }
    found
}

/// Reads `Ogi, 36, (4)` as the macro does.
fn read(arguments: &str) -> Option<Citation> {
    let mut parts = arguments.split(',').map(str::trim);
    let name = parts.next()?;
    let instrument = Instrument::FILED.into_iter().find(|instrument| format!("{instrument:?}") == name)?;
    let mut locator = String::new();
    for part in parts {
        match part {
            item if item.starts_with('(') => locator += item,
            paragraph if !locator.is_empty() => locator += &format!(".{paragraph}"),
            article_or_annex => locator += article_or_annex,
        }
    }
    Citation::parse(format!("{} {locator}", instrument.code()).trim())
}

#[test]
fn every_citation_in_the_code_resolves() {
    let mut count = 0;
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let source = fs::read_to_string(&path).expect("a readable file");
        for arguments in cited(&source) {
            count += 1;
            let citation =
                read(&arguments).unwrap_or_else(|| panic!("{path:?}: cannot read cite!({arguments})"));
            assert!(resolve(&citation).is_some(), "{path:?}: {citation} is not under law/");
        }
    }
    assert!(count >= 40, "only {count} citations found");
}

#[test]
fn what_the_data_cite_resolves_too() {
    for citation in parameters::citations() {
        assert!(resolve(&citation).is_some(), "{citation}");
    }
    let mut day = date(2019, 1, 1);
    let ningxia = Calendar::for_region(640_000);
    while day < date(2031, 1, 1) {
        let citation = ningxia.day(day).citation;
        assert!(resolve(&citation).is_some(), "{day}: {citation}");
        day = day.tomorrow().expect("a next day");
    }
}

#[test]
fn every_record_says_where_it_comes_from() {
    for record in all_instruments() {
        assert!(!record.title.is_empty() && !record.number.is_empty() && !record.source.is_empty());
        assert!(record.issued <= record.since || matches!(record.instrument, Instrument::HolidayNotice(_)));
        assert!(record.provisions.iter().all(|provision| !provision.gist.is_empty()));
    }
}
