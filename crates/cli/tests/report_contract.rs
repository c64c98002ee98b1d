//! What scripts outside rely on, line by line: the keys, types and order of `report read` and `report check`, their exit
//! codes, and what goes to which stream.
#![allow(clippy::unwrap_used)]

mod support;

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use gongkai_report::{Cell, CellAddress, Content, Report, Section, write};
use serde_json::Value;
use support::{Answer, Folder, answer, gongkai, run};

const SECTIONS: [Section; 6] = Section::ALL;
const ROWS: [&str; 25] = [
    "received",
    "carried_from_last_year",
    "disclosed",
    "partly_disclosed",
    "not_disclosed.state_secret",
    "not_disclosed.other_law",
    "not_disclosed.security_or_stability",
    "not_disclosed.third_party_rights",
    "not_disclosed.internal_affairs",
    "not_disclosed.process_information",
    "not_disclosed.enforcement_file",
    "not_disclosed.own_inquiry_procedure",
    "unable_to_provide.not_held",
    "unable_to_provide.needs_creation",
    "unable_to_provide.still_unclear",
    "not_processed.petition_or_complaint",
    "not_processed.repeated",
    "not_processed.public_publication",
    "not_processed.excessive",
    "not_processed.confirm_or_reissue",
    "other_handling.not_supplemented_in_time",
    "other_handling.fee_not_paid_in_time",
    "other_handling.other",
    "total",
    "carried_to_next_year",
];
const APPLICANTS: [&str; 7] = [
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_organization",
    "legal_service_institution",
    "other",
    "total",
];
const REMEDIES: [&str; 3] = ["reconsideration", "direct_litigation", "litigation_after_reconsideration"];
const RESULTS: [&str; 5] = ["upheld", "corrected", "other_result", "pending", "total"];

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn check(args: &[&str]) -> Answer {
    run(&[&["report", "check", "--format", "json"], args].concat())
}

fn findings(answer: &Answer) -> Vec<Value> {
    let files = json(&answer.out);
    let all = files.as_array().unwrap().iter().flat_map(|file| file["findings"].as_array().unwrap());
    all.cloned().collect()
}

/// Every cell another number, so that none can stand in for another.
fn numbered(year: i16) -> Report {
    let mut report = Report::new("青禾区白露镇人民政府", year);
    let cells: Vec<CellAddress> = report.cells().map(|view| view.address).collect();
    for (number, address) in (101..).zip(cells) {
        let content = match &report.get(address).unwrap().content {
            Content::Amount(_) => Content::Amount(format!("{number}.5")),
            _ => Content::Count(number),
        };
        assert!(report.put(address, Cell::new(content)));
    }
    SECTIONS.into_iter().for_each(|section| report.set_section(section, "无"));
    report
}

/// Nothing contradicts anything, every part is there.
fn right(year: i16) -> Report {
    let mut report = Report::new("青禾区白露镇人民政府", year);
    for address in ["requests/received/natural_person", "requests/disclosed/natural_person"] {
        report.set_count(address.parse().unwrap(), 3).unwrap();
    }
    report.derive_totals();
    report.set_section(Section::Overview, "本年度新收政府信息公开申请3件，均予以公开。");
    report.set_section(Section::ProblemsAndImprovements, "公开不够及时，下一年度加强培训。");
    report.set_section(Section::OtherMatters, "本年度未收取信息处理费。");
    report
}

fn wrong(year: i16) -> Report {
    let mut report = right(year);
    report.put("requests/disclosed/total".parse().unwrap(), Cell::new(Content::Count(4)));
    report
}

/// The files a report is kept in, each written by us and read again.
fn in_every_format(folder: &Folder, report: &Report) -> Vec<String> {
    let source = folder.save("年报.txt", write::text(report));
    let mut files = vec![source.clone()];
    for ending in ["json", "html", "docx", "xlsx", "pdf"] {
        let file = folder.path(&format!("年报.{ending}"));
        assert_eq!(run(&["report", "write", &source, "-o", &file]).code, 0, "{ending}");
        files.push(file);
    }
    files
}

#[test]
fn the_model_of_the_2021_form_has_exactly_these_keys_in_every_format() {
    let folder = Folder::new();
    for file in in_every_format(&folder, &numbered(2031)) {
        let read = run(&["report", "read", &file, "--format", "json"]);
        assert_eq!((read.code, read.err.as_str()), (0, ""), "{file}");
        let model = json(&read.out);
        let first = ["agency", "year", "form", "sections", "proactive", "requests", "remedies", "problems"];
        assert_eq!(keys(&model)[..8], first, "{file}");
        assert_eq!(
            (&model["agency"], &model["year"]),
            (&"青禾区白露镇人民政府".into(), &2031.into()),
            "{file}"
        );
        assert_eq!(
            model["form"],
            serde_json::json!({"proactive": "2021", "requests": "2021", "remedies": "2021"})
        );
        let sections =
            ["overview", "proactive", "requests", "remedies", "problems_and_improvements", "other_matters"];
        assert_eq!(keys(&model["sections"]), sections, "{file}");
        assert!(model["sections"].as_object().unwrap().values().all(Value::is_string), "{file}");
        assert!(model["problems"].is_array());

        let mut number = 101;
        let mut next = |table: &Value, row: &str, column: &str| {
            assert_eq!(table[row][column], number, "{file}: {row} {column}");
            number += 1;
        };
        let proactive = &model["proactive"];
        for (row, columns) in [
            ("rules", &["issued", "repealed", "in_force"][..]),
            ("normative_documents", &["issued", "repealed", "in_force"]),
            ("licenses", &["decisions"]),
            ("penalties", &["decisions"]),
            ("compulsions", &["decisions"]),
        ] {
            assert_eq!(keys(&proactive[row]), columns, "{file}");
            columns.iter().for_each(|column| next(proactive, row, column));
        }
        assert_eq!(
            proactive["administrative_fees"],
            serde_json::json!({"amount_10k_cny": "110.5"}),
            "{file}"
        );
        assert_eq!(keys(proactive).len(), 6, "{file}");
        number = 111;
        let mut next = |table: &Value, row: &str, column: &str| {
            assert_eq!(table[row][column], number, "{file}: {row} {column}");
            number += 1;
        };
        for (table, rows, columns) in
            [("requests", &ROWS[..], &APPLICANTS[..]), ("remedies", &REMEDIES, &RESULTS)]
        {
            assert_eq!(keys(&model[table]), rows, "{file}");
            for row in rows {
                assert_eq!(keys(&model[table][row]), columns, "{file}");
                columns.iter().for_each(|column| next(&model[table], row, column));
            }
        }
        // The object is read again as the report that it is.
        let again = folder.save("again.json", &read.out);
        let again = json(&run(&["report", "read", &again, "--format", "json"]).out);
        for table in ["form", "sections", "proactive", "requests", "remedies", "without_value"] {
            assert_eq!(again[table], model[table], "{file}");
        }
    }
}

#[test]
fn the_model_of_the_2019_form_has_its_own_rows() {
    let folder = Folder::new();
    for file in in_every_format(&folder, &numbered(2020)) {
        let model = json(&run(&["report", "read", &file, "--format", "json"]).out);
        assert_eq!(
            model["form"],
            serde_json::json!({"proactive": "2019", "requests": "2019", "remedies": "2019"}),
            "{file}"
        );
        let items = ["items_last_year", "change", "decisions"];
        let made = ["created", "newly_disclosed", "total_disclosed"];
        let rows: Vec<(&str, &[&str])> = vec![
            ("rules", &made),
            ("normative_documents", &made),
            ("licenses", &items),
            ("other_services", &items),
            ("penalties", &items),
            ("compulsions", &items),
            ("administrative_fees", &items[..2]),
            ("procurement", &["projects", "amount"]),
        ];
        let proactive = &model["proactive"];
        assert_eq!(keys(proactive), rows.iter().map(|(row, _)| *row).collect::<Vec<_>>(), "{file}");
        for (row, columns) in rows {
            assert_eq!(keys(&proactive[row]), columns, "{file}");
            let are_counts = columns.iter().all(|c| *c == "amount" || proactive[row][*c].is_i64());
            assert!(are_counts, "{file}: {}", proactive[row]);
        }
        assert_eq!(
            proactive["procurement"],
            serde_json::json!({"projects": 121, "amount": "122.5"}),
            "{file}"
        );
        let mut rows: Vec<&str> = ROWS.into_iter().filter(|row| !row.starts_with("other_handling")).collect();
        rows.insert(20, "other_handling");
        assert_eq!(keys(&model["requests"]), rows, "{file}");
        assert_eq!(keys(&model["requests"]["other_handling"]), APPLICANTS, "{file}");
    }
}

#[test]
fn what_is_lost_or_blank_is_null_and_never_zero() {
    let folder = Folder::new();
    let mut report = numbered(2031);
    let contents = [
        ("requests/received/other", Content::Blank, "blank"),
        ("requests/disclosed/other", Content::ExplicitNone, "none"),
        ("proactive/administrative_fees/amount_10k_cny", Content::Blank, "blank"),
        ("remedies/direct_litigation/upheld", Content::Lost, "lost"),
    ];
    for (address, content, _) in &contents {
        assert!(report.put(address.parse().unwrap(), Cell::new(content.clone())));
    }
    report.put("requests/total/other".parse().unwrap(), Cell::new(Content::Count(0)));
    for file in in_every_format(&folder, &report) {
        let model = json(&run(&["report", "read", &file, "--format", "json"]).out);
        for (address, _, state) in &contents {
            let [table, row, column] = address.split('/').collect::<Vec<_>>()[..] else {
                panic!("{address}")
            };
            assert_eq!(model[table][row][column], Value::Null, "{file}: {address}");
            assert_eq!(model["without_value"][*address], *state, "{file}: {address}");
        }
        assert_eq!(model["requests"]["total"]["other"], 0, "{file}: a zero that is printed is one");
        assert_eq!(model["requests"]["received"]["legal_service_institution"], 115, "{file}: none shifts");
    }
    // Without a table and without a year nothing is known, and nothing is zero.
    let bare =
        folder.save("bare.txt", "政府信息公开工作年度报告\n\n一、总体情况\n\n全年公开政府信息12条。\n");
    let read = run(&["report", "read", &bare, "--format", "json"]);
    let model = json(&read.out);
    assert_eq!((read.code, read.err.as_str()), (0, ""));
    assert_eq!((&model["agency"], &model["year"]), (&Value::Null, &Value::Null));
    assert_eq!(model["form"], serde_json::json!({"proactive": null, "requests": null, "remedies": null}));
    assert_eq!(keys(&model["requests"]["received"]), APPLICANTS);
    assert!(!read.out.contains(": 0"), "{}", read.out);
    let problems = model["problems"].as_array().unwrap();
    assert!(problems.iter().any(|problem| problem["rule"] == "table-missing"), "{problems:?}");
    problems.iter().for_each(|problem| is_a_finding(problem, ""));
}

#[test]
fn what_is_no_report_is_one_line_and_exit_two() {
    let folder = Folder::new();
    let zip = folder.save("empty.docx", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    for file in [
        folder.path("nowhere.txt"),
        folder.path(""),
        folder.save("empty.txt", ""),
        folder.save("blank.md", " \n\u{feff}\n"),
        folder.save("letter.txt", "通知：明天上午开会。\n"),
        folder.save("noise.pdf", b"%PDF-1.7 nothing"),
        folder.save("noise.json", "[1, 2"),
        folder.save("other.json", "{\"a\": 1}"),
        folder.save("ole.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        folder.save("zeros.txt", [0; 4096]),
        folder.save("line\nbreak.txt", "x"),
        zip,
    ] {
        for format in ["json", "text"] {
            let read = run(&["report", "read", &file, "--format", format]);
            assert_eq!((read.code, read.out.as_str()), (2, ""), "{file:?}: {read:?}");
            assert_eq!(read.err.lines().count(), 1, "{file:?}: {read:?}");
            assert!(read.err.contains('请') && !read.err.contains("panicked"), "{read:?}");
        }
        if file.ends_with('/') {
            continue;
        }
        let checked = check(&[&file]);
        assert_eq!((checked.code, json(&checked.out)), (2, serde_json::json!([])), "{file:?}");
        assert_eq!(checked.err.lines().count(), 1, "{checked:?}");
    }
}

/// Exactly the keys of the contract, of the right types.
fn is_a_finding(finding: &Value, source: &str) {
    let order = ["rule", "severity", "message", "at", "found", "expected", "basis"];
    let has = keys(finding);
    let expected: Vec<&str> = order.into_iter().filter(|key| has.contains(key)).collect();
    assert_eq!(has, expected, "{finding}");
    for key in ["rule", "severity", "message", "at", "basis"] {
        assert!(has.contains(&key), "{finding}");
    }
    let rule = finding["rule"].as_str().unwrap();
    assert!(
        rule.split('-').all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase())),
        "{rule}"
    );
    let documented = include_str!("../../../docs/lints.md");
    assert!(documented.contains(&format!("\n## `{rule}`\n")), "{rule} is not documented");
    assert!(["error", "warning", "info"].contains(&finding["severity"].as_str().unwrap()), "{finding}");
    let message = finding["message"].as_str().unwrap();
    assert!(!message.is_empty() && message.lines().count() == 1, "{finding}");
    assert!(!finding["basis"].as_str().unwrap().is_empty(), "{finding}");
    for key in ["found", "expected"] {
        assert!(finding.get(key).is_none_or(|value| value.is_i64() || value.is_string()), "{finding}");
    }
    let at = &finding["at"];
    let in_table = ["table", "row", "column", "page", "line"];
    let in_text = ["section", "page", "line", "column", "quote"];
    let allowed = if at.get("table").is_some() { &in_table } else { &in_text };
    assert!(keys(at).iter().all(|key| allowed.contains(key)), "{finding}");
    for key in ["page", "line"] {
        assert!(at.get(key).is_none_or(|number| number.as_u64().is_some_and(|n| n >= 1)), "{finding}");
    }
    if at.get("table").is_some() {
        let table = at["table"].as_str().unwrap();
        let rows: &[&str] = if table == "requests" { &ROWS } else { &REMEDIES };
        let is_row = |row: &Value| table == "proactive" || rows.contains(&row.as_str().unwrap());
        assert!(at.get("row").is_none_or(is_row), "{finding}");
        assert!(at.get("column").is_none_or(Value::is_string), "{finding}");
    } else if let (Some(line), Some(column), Some(quote)) =
        (at["line"].as_u64(), at["column"].as_u64(), at["quote"].as_str())
    {
        let line: Vec<char> = source.lines().nth(line as usize - 1).unwrap().chars().collect();
        let found: String = line[column as usize - 1..].iter().collect();
        assert!(found.starts_with(quote), "{finding}: {found}");
    }
}

/// Contradictions in all parts.
fn contradictory() -> Report {
    let mut report = numbered(2031);
    report.set_section(
        Section::Overview,
        "龙凤镇办理有序。　全年收到申请3件，其中自然人2件、企业2件。\n（二）共办结8件，其中予以公开1件、不予公开1件。",
    );
    report
}

#[test]
fn every_finding_has_the_keys_of_the_contract_and_stands_where_it_says() {
    let folder = Folder::new();
    let files = in_every_format(&folder, &contradictory());
    // Characters that other counts than ours see as two; no font has them.
    folder.save("年报.txt", write::text(&contradictory()).replace("龙凤", "𠮷𠀀"));
    for file in files {
        let checked = check(&[&file]);
        assert_eq!((checked.code, checked.err.as_str()), (1, ""), "{file}");
        let files = json(&checked.out);
        assert_eq!(files.as_array().unwrap().len(), 1);
        assert_eq!(keys(&files[0]), ["file", "agency", "year", "findings"]);
        assert_eq!((&files[0]["file"], &files[0]["year"]), (&file.as_str().into(), &2031.into()));
        let found = findings(&checked);
        let source = std::fs::read(&file).unwrap();
        let source = String::from_utf8(source).unwrap_or_default();
        found.iter().for_each(|finding| is_a_finding(finding, &source));
        let in_prose = found.iter().find(|f| f["rule"] == "prose-sum").unwrap_or_else(|| panic!("{file}"));
        assert_eq!((&in_prose["found"], &in_prose["expected"]), (&3.into(), &4.into()), "{file}");
        assert_eq!(in_prose["at"]["section"], "overview", "{file}");
        let in_table = found.iter().find(|f| f["rule"] == "requests-row-total").unwrap();
        assert!(
            in_table["at"]["row"].is_string() && in_table["at"]["column"] == "total",
            "{file}: {in_table}"
        );
        let ending = Path::new(&file).extension().unwrap().to_str().unwrap();
        let (line, page) = (in_table["at"].get("line").is_some(), in_table["at"].get("page").is_some());
        assert_eq!((line, page), (ending == "txt", ending == "pdf"), "{file}: {in_table}");
        if ending == "txt" {
            assert_eq!(
                in_prose["at"]["column"], 10,
                "characters, not bytes and not halves of them: {in_prose}"
            );
        }
        // The same twice is the same.
        assert_eq!(check(&[&file]).out, checked.out);

        let sarif = run(&["report", "check", &file, "--format", "sarif"]);
        let log = json(&sarif.out);
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert_eq!((sarif.code, results.len()), (1, found.len()), "{file}");
        for (result, finding) in results.iter().zip(&found) {
            let level =
                if finding["severity"] == "info" { "note" } else { finding["severity"].as_str().unwrap() };
            assert_eq!((&result["ruleId"], &result["level"]), (&finding["rule"], &level.into()));
            let message = result["message"]["text"].as_str().unwrap();
            assert!(message.contains(finding["message"].as_str().unwrap()), "{message}");
            let place = &result["locations"][0]["physicalLocation"];
            let line = finding["at"].get("line");
            assert_eq!(place["region"].get("startLine"), line, "{result}");
        }
        assert_eq!(log["runs"][0]["columnKind"], "unicodeCodePoints");
    }
}

#[test]
fn a_right_report_says_nothing_in_any_format() {
    let folder = Folder::new();
    for year in [2020, 2031] {
        for file in in_every_format(&folder, &right(year)) {
            let checked = check(&[&file]);
            assert_eq!((checked.code, checked.err.as_str()), (0, ""), "{checked:?}");
            assert_eq!(findings(&checked), Vec::<Value>::new(), "{file}");
            let read = json(&run(&["report", "read", &file, "--format", "json"]).out);
            assert_eq!(read["problems"], serde_json::json!([]), "{file}");
        }
    }
}

#[test]
fn the_exit_code_is_that_of_the_worst_file() {
    let folder = Folder::new();
    let good = folder.save("good.txt", write::text(&right(2031)));
    let bad = folder.save("bad.txt", write::text(&wrong(2031)));
    let mut incomplete = right(2031);
    incomplete.set_section(Section::OtherMatters, "");
    let text = write::text(&incomplete).replace("六、其他需要报告的事项", "");
    let warned = folder.save("warned.txt", text);
    let lost = folder.path("lost.txt");
    for format in ["human", "json", "sarif"] {
        let code = |files: &[&str]| run(&[&["report", "check", "--format", format], files].concat()).code;
        assert_eq!(code(&[&good]), 0);
        assert_eq!(code(&[&warned]), 0, "a warning is no error");
        assert_eq!(code(&[&good, &warned, &bad]), 1);
        assert_eq!(code(&[&bad, &lost]), 2);
        assert_eq!(code(&[&lost, &good]), 2);
    }
    assert!(findings(&check(&[&warned])).iter().any(|finding| finding["severity"] == "warning"));
    // Two files with one name are two files; the order is that of the command line.
    let twice = json(&check(&[&bad, &good, &bad]).out);
    let names: Vec<&str> = twice.as_array().unwrap().iter().map(|f| f["file"].as_str().unwrap()).collect();
    assert_eq!(names, [bad.as_str(), &good, &bad]);
    assert_eq!(twice[0], twice[2]);
}

#[test]
fn last_years_report_must_be_there_and_be_last_years() {
    let folder = Folder::new();
    let this = folder.save("this.txt", write::text(&right(2031)));
    let mut before = right(2030);
    before.set_count("requests/carried_from_last_year/natural_person".parse().unwrap(), 2).unwrap();
    before.set_count("requests/carried_to_next_year/natural_person".parse().unwrap(), 2).unwrap();
    before.derive_totals();
    let last = folder.save("last.txt", write::text(&before));
    let chained = check(&[&this, "--previous", &last]);
    let found = findings(&chained);
    assert_eq!((chained.code, found.len()), (1, 1), "{found:?}");
    assert_eq!(found[0]["rule"], "requests-carried-over");
    assert_eq!((&found[0]["found"], &found[0]["expected"]), (&0.into(), &2.into()));
    assert_eq!(found[0]["at"]["row"], "carried_from_last_year");
    // Of another agency or another year: told, and nothing is held against it.
    before.agency = Some("青禾区松溪镇人民政府".to_owned());
    let neighbour = folder.save("neighbour.txt", write::text(&before));
    before.agency = Some("青禾区白露镇人民政府".to_owned());
    before.year = Some(2029);
    let older = folder.save("older.txt", write::text(&before));
    for other in [&neighbour, &older, &this] {
        let checked = check(&[&this, "--previous", other]);
        let found = findings(&checked);
        assert_eq!((checked.code, found.len()), (0, 1), "{other}: {found:?}");
        assert_eq!((&found[0]["rule"], &found[0]["severity"]), (&"previous-report".into(), &"info".into()));
    }
    for none in [folder.path("nowhere.txt"), folder.save("letter.txt", "开会"), folder.path("")] {
        let checked = check(&[&this, "--previous", &none]);
        assert_eq!((checked.code, checked.out.as_str()), (2, ""), "{checked:?}");
        assert_eq!(checked.err.lines().count(), 1, "{checked:?}");
    }
}

#[test]
fn names_that_are_no_text_do_not_stop_it() {
    let folder = tempfile::tempdir().unwrap();
    let names: [&[u8]; 4] =
        [b"gbk\xc4\xea\xb1\xa8.txt", b"a b%23#?.txt", b"line\nbreak.txt", "年报“一”.txt".as_bytes()];
    let paths: Vec<PathBuf> =
        names.iter().map(|name| folder.path().join(OsString::from_vec(name.to_vec()))).collect();
    for path in &paths {
        std::fs::write(path, write::text(&wrong(2031))).unwrap();
    }
    for path in &paths {
        let read = answer(gongkai(&["report", "read", "--format", "json"]).arg(path), "");
        assert_eq!((read.code, read.err.as_str()), (0, ""), "{path:?}");
        for format in ["human", "json", "sarif"] {
            let checked = answer(gongkai(&["report", "check", "--format", format]).arg(path), "");
            assert_eq!((checked.code, checked.err.as_str()), (1, ""), "{path:?}");
        }
        let sarif = answer(gongkai(&["report", "check", "--format", "sarif"]).arg(path), "");
        let uri =
            json(&sarif.out)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
                ["uri"]
                .as_str()
                .unwrap()
                .to_owned();
        assert!(uri.chars().all(|c| c.is_ascii_graphic() && !"#?\"<>".contains(c)), "{uri}");
    }
    let all = check(&[folder.path().to_str().unwrap()]);
    assert_eq!((all.code, json(&all.out).as_array().unwrap().len()), (1, 4), "{all:?}");
}
