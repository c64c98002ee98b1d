#![allow(clippy::unwrap_used)]

//! Real reports, where they are at hand: they are not part of this repository.

use std::path::PathBuf;

use gongkai_report::model::{ApplicantColumn, RequestRow, TableName};
use gongkai_report::{At, Finding, OfficialForm, Reading, Severity, read};

/// `GONGKAI_SHARED`, or `shared` next to the repository.
fn reports() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("GONGKAI_SHARED").map_or(beside, PathBuf::from);
    let folder = shared.join("reports");
    if !folder.is_dir() {
        println!("skipped: no real reports at {} (set GONGKAI_SHARED)", folder.display());
        return None;
    }
    Some(folder)
}

fn reading(prefix: &str) -> Option<Reading> {
    let folder = reports()?;
    let mut files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let file = files.find(|path| path.file_name().unwrap().to_string_lossy().starts_with(prefix))?;
    let bytes = std::fs::read(&file).unwrap();
    let reading = read(&bytes, &file.to_string_lossy()).unwrap();
    if std::env::var_os("SHOW").is_some() {
        println!("{}", gongkai_report::write::json(&reading.report, &reading.problems));
        println!(
            "{}",
            gongkai_report::lint::human(prefix, std::str::from_utf8(&bytes).ok(), &reading.check(None))
        );
    }
    Some(reading)
}

fn place(finding: &Finding) -> (Option<&'static str>, Option<&'static str>, Option<usize>) {
    match finding.at {
        At::Table { row, column, position, .. } => (row, column, position.map(|p| p.line)),
        At::Text { .. } => (None, None, None),
    }
}

#[test]
fn the_first_report_is_clean() {
    let Some(reading) = reading("000") else { return };
    assert_eq!(reading.check(None), []);
    assert_eq!(reading.report.agency.as_deref(), Some("西夏区兴泾镇"));
    assert_eq!(reading.report.year, Some(2023));
    assert!(TableName::ALL.iter().all(|&table| reading.report.form(table) == Some(OfficialForm::F2021)));
}

#[test]
fn the_third_report_leaves_five_items_out() {
    let Some(reading) = reading("002") else { return };
    let findings = reading.check(None);
    let [sum] = findings.iter().filter(|f| f.rule == "prose-sum").collect::<Vec<_>>()[..] else {
        panic!("{findings:#?}")
    };
    // 105 + 3 + 518 + 276 + 102, over two sentences.
    assert_eq!((sum.found.clone(), sum.expected.clone()), (Some(1009.into()), Some(1004.into())));
    assert_eq!((sum.severity, sum.at.position().map(|p| p.line)), (Severity::Warning, Some(27)));
    assert!(findings.iter().all(|f| f.severity == Severity::Warning && !matches!(f.at, At::Table { .. })));
    assert_eq!(reading.report.agency.as_deref(), Some("彭阳县交岔乡"));
}

#[test]
fn the_second_report_has_two_broken_totals_and_eight_lost_cells() {
    let Some(reading) = reading("001") else { return };
    let findings = reading.check(None);
    let errors: Vec<_> = findings.iter().filter(|f| f.severity == Severity::Error).collect();
    assert_eq!(
        errors.iter().map(|error| (error.rule, place(error))).collect::<Vec<_>>(),
        [
            ("requests-row-total", (Some("unable_to_provide.not_held"), Some("total"), Some(84))),
            ("requests-cross-foot", (Some("total"), Some("total"), Some(93))),
        ]
    );
    // Six rows lost their totals: told once, at the first. Of a seventh nothing says whether its first or its last is gone.
    let lost: Vec<_> = findings.iter().filter(|f| f.rule == "cell-missing").map(place).collect();
    assert_eq!(
        lost,
        [
            (Some("disclosed"), Some("total"), Some(72)),
            (Some("not_disclosed.internal_affairs"), None, Some(78))
        ]
    );
    let without_total = reading
        .report
        .requests
        .rows()
        .filter(|&row| reading.report.requests.count(row, ApplicantColumn::Total).is_none());
    assert_eq!(without_total.count(), 7);
    // Line 39 says that all is approved first, line 113 admits the reverse; line 119 quotes the principle of 2008.
    let of_text: Vec<_> = findings.iter().filter(|f| matches!(f.at, At::Text { .. })).collect();
    assert_eq!(
        of_text.iter().map(|f| (f.rule, f.at.position().map(|p| p.line))).collect::<Vec<_>>(),
        [
            ("supervision-results-missing", Some(33)),
            ("prose-exclusion", Some(39)),
            ("citation-outdated", Some(119)),
        ]
    );
    let table = &reading.report.requests;
    // Eight numbers for seven cells, and a column that does not add up for what line 78 lost: nothing proves the first.
    assert_eq!(table.count(RequestRow::Total, ApplicantColumn::NaturalPerson), None);
    assert_eq!(table.count(RequestRow::NotHeld, ApplicantColumn::NaturalPerson), Some(3));
    assert_eq!(reading.report.form(TableName::Proactive), Some(OfficialForm::F2019));
    assert_eq!(reading.report.form(TableName::Requests), Some(OfficialForm::F2019));
    assert_eq!(reading.report.agency.as_deref(), Some("兴庆区掌政镇"));
    assert_eq!(reading.report.year, Some(2020));
}
