//! The examples on the pages of the rules are run as tests.

use super::{At, Finding, check, rules};
use crate::model::{Cell, CellAddress, Content, Report, Section};

struct Example {
    text_of_a_report: bool,
    passes: bool,
    body: String,
}

/// The fenced blocks marked `cells passes`, `cells fails`, `text passes` and `text fails`.
fn examples(page: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut open: Option<Example> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(""), Some(example)) => examples.push(example),
            (Some(info), None) => {
                let (kind, outcome) = info.split_once(' ').unwrap();
                assert!(
                    ["cells", "text"].contains(&kind) && ["passes", "fails"].contains(&outcome),
                    "{info}"
                );
                open = Some(Example {
                    text_of_a_report: kind == "text",
                    passes: outcome == "passes",
                    body: String::new(),
                });
            }
            (None, Some(mut example)) => {
                example.body += line;
                example.body += "\n";
                open = Some(example);
            }
            (_, None) => {}
            (Some(_), Some(_)) => panic!("a block opens inside a block"),
        }
    }
    examples
}

fn headed(line: &str) -> Report {
    let (agency, year) = line.split_once(' ').unwrap();
    Report::new(agency, year.parse().unwrap())
}

/// Builds the reports of a `cells` example: address = value, or a part = its text; `totals` derives; `previous` starts last year's.
fn build(body: &str) -> (Report, Option<Report>) {
    let mut lines = body.lines();
    let mut report = headed(lines.next().unwrap());
    let mut previous: Option<Report> = None;
    for line in lines {
        if let Some(rest) = line.strip_prefix("previous") {
            let name = report.agency.clone().unwrap();
            let last_year = Report::new(name, report.year.unwrap() - 1);
            previous = Some(if rest.is_empty() { last_year } else { headed(rest.trim()) });
            continue;
        }
        let into = previous.as_mut().unwrap_or(&mut report);
        match line.split_once(" = ") {
            Some((part, text)) if let Some(section) = Section::from_code(part) => {
                into.set_section(section, text);
            }
            Some((address, value)) => {
                let content = match value {
                    "空" => Content::Blank,
                    "无" => Content::ExplicitNone,
                    "缺" => Content::Lost,
                    number => Content::Count(number.parse().unwrap()),
                };
                let address: CellAddress = address.parse().unwrap();
                assert!(into.put(address, Cell::new(content)), "{address} is not in the form");
            }
            None => {
                assert_eq!(line, "totals");
                into.derive_totals();
            }
        }
    }
    (report, previous)
}

fn place(finding: &Finding) -> String {
    match &finding.at {
        At::Table { table, row, column, .. } => {
            let parts = [Some(table.code()), *row, *column];
            parts.into_iter().flatten().collect::<Vec<_>>().join("/")
        }
        At::Text { section, .. } => section.map_or("全文", |section| section.code()).to_owned(),
    }
}

#[test]
fn every_page_proves_its_rule() {
    for rule in rules() {
        let examples = examples(rule.page);
        assert!(examples.iter().any(|example| example.passes), "{} has no example that passes", rule.id);
        assert!(examples.iter().any(|example| !example.passes), "{} has no example that fails", rule.id);
        for example in examples {
            let (body, expected): (Vec<&str>, Vec<&str>) =
                example.body.lines().partition(|line| !line.starts_with("=> "));
            let expected: Vec<&str> = expected.iter().map(|line| &line[3..]).collect();
            assert_eq!(example.passes, expected.is_empty(), "{}", rule.id);
            let body = body.join("\n");
            let of_this_rule = |finding: &Finding| finding.rule == rule.id;
            let findings: Vec<Finding> = if example.text_of_a_report {
                let reading = crate::read(body.as_bytes(), "example").unwrap();
                reading.check(None).into_iter().filter(of_this_rule).collect()
            } else {
                let (report, previous) = build(&body);
                check(&report, previous.as_ref())
            };
            let places: Vec<String> = findings.iter().map(place).collect();
            assert_eq!(places, expected, "{}\n{body}\n{findings:#?}", rule.id);
            assert!(findings.iter().all(of_this_rule), "{}: {findings:#?}", rule.id);
        }
    }
}

#[test]
fn ids_are_unique_and_pages_have_a_title() {
    for (index, rule) in rules().iter().enumerate() {
        assert!(rule.page.starts_with("# "), "{}", rule.id);
        assert!(rules()[index + 1..].iter().all(|other| other.id != rule.id));
        assert!(rule.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
    }
}
