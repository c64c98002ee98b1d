//! `deadline`, `fee` and `report` print what scripts rely on, with the exit codes they rely on.
#![allow(clippy::unwrap_used)]

mod support;

use gongkai_report::{Cell, CellAddress, Content, Report, write};
use serde_json::{Value, json};
use support::{answer, gongkai, run};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_deadline_comes_with_its_days() {
    let facts = r#"{"channel": "in_person", "submitted_on": "2024-09-27", "signed_on": null, "confirmed_on": null,
        "supplement": null, "extension": null, "consultations": [], "fee": null, "region": null}"#;
    let answered = answer(&mut gongkai(&["deadline", "-", "--format", "json"]), facts);
    assert_eq!(answered.code, 0, "{answered:?}");
    let ruling = json(&answered.out);
    assert_eq!(
        keys(&ruling),
        [
            "received_on",
            "supplement_notice_due_on",
            "reply_due_on",
            "extended_reply_due_on",
            "provisional",
            "refusals",
            "days"
        ]
    );
    assert_eq!(ruling["received_on"], "2024-09-27");
    assert_eq!(ruling["reply_due_on"], "2024-10-30");
    assert_eq!(ruling["extended_reply_due_on"], Value::Null);
    assert_eq!(ruling["provisional"], false);
    let days = ruling["days"].as_array().unwrap();
    assert_eq!(keys(&days[0]), ["date", "counts", "number", "why", "citation"]);
    assert_eq!(
        (&days[0]["date"], &days[0]["counts"], &days[0]["number"]),
        (&json!("2024-09-28"), &json!(false), &Value::Null)
    );
    assert_eq!((&days[1]["number"], &days[1]["why"]), (&json!(1), &json!("工作日（调休上班）")));
    let last = days.last().unwrap();
    assert_eq!((&last["date"], &last["number"]), (&json!("2024-10-30"), &json!(20)));
}

#[test]
fn what_the_law_does_not_allow_is_exit_one() {
    let facts = r#"{"channel": "in_person", "submitted_on": "2024-03-01",
        "extension": {"approved_on": "2024-06-03", "noticed_on": "2024-06-03", "working_days": 20}}"#;
    let answered = answer(&mut gongkai(&["deadline", "-", "--format", "json"]), facts);
    assert_eq!(answered.code, 1, "{answered:?}");
    assert!(!json(&answered.out)["refusals"].as_array().unwrap().is_empty());
    let human = answer(&mut gongkai(&["deadline", "-"]), facts);
    assert!(human.code == 1 && human.out.contains("不合规定"), "{human:?}");
}

#[test]
fn a_fee_comes_with_its_tiers() {
    let fee = run(&["fee", "--basis", "by_item", "--count", "35", "--format", "json"]);
    assert_eq!(fee.code, 0);
    let fee = json(&fee.out);
    assert_eq!(keys(&fee), ["basis", "count", "yuan", "tiers", "citation"]);
    assert_eq!((&fee["basis"], &fee["count"], &fee["yuan"]), (&json!("by_item"), &json!(35), &json!(3000)));
    let first = &fee["tiers"][0];
    assert_eq!(first, &json!({"from": 1, "to": 10, "units": 10, "yuan_each": 0, "yuan": 0}));
    let human = run(&["fee", "--basis", "by_page", "--count", "250"]);
    assert!(human.out.contains("4700元"), "{human:?}");
}

/// A town's report with three requests, all disclosed, that adds up.
fn report() -> Report {
    let mut report = Report::new("青禾区松溪镇人民政府", 2025);
    for address in ["requests/received/natural_person", "requests/disclosed/natural_person"] {
        report.set(address.parse::<CellAddress>().unwrap(), Content::Count(3)).unwrap();
    }
    report.derive_totals();
    report
}

#[test]
fn a_report_that_adds_up_is_exit_zero_and_one_that_does_not_is_exit_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (right, wrong) = (path("right.txt"), path("wrong.txt"));
    let mut broken = report();
    std::fs::write(&right, write::text(&broken)).unwrap();
    assert!(broken.put("requests/disclosed/total".parse().unwrap(), Cell::new(Content::Count(4))));
    std::fs::write(&wrong, write::text(&broken)).unwrap();

    let read = run(&["report", "read", &right, "--format", "json"]);
    assert_eq!(read.code, 0, "{read:?}");
    let read = json(&read.out);
    assert_eq!(
        keys(&read),
        [
            "agency",
            "year",
            "form",
            "sections",
            "proactive",
            "requests",
            "remedies",
            "problems",
            "lead",
            "without_value",
            "positions"
        ]
    );
    assert_eq!((&read["agency"], &read["year"]), (&json!("青禾区松溪镇人民政府"), &json!(2025)));
    assert_eq!(read["requests"]["received"]["total"], 3);
    assert_eq!(read["form"], json!({"proactive": "2021", "requests": "2021", "remedies": "2021"}));

    let checked = run(&["report", "check", &right, "--format", "json"]);
    assert_eq!(checked.code, 0, "{checked:?}");
    let checked = run(&["report", "check", &right, &wrong, "--format", "json"]);
    assert_eq!(checked.code, 1, "{checked:?}");
    let checked = json(&checked.out);
    assert_eq!((checked[0]["file"].as_str(), checked[1]["file"].as_str()), (Some(&*right), Some(&*wrong)));
    let errors: Vec<&Value> =
        checked[1]["findings"].as_array().unwrap().iter().filter(|f| f["severity"] == "error").collect();
    assert_eq!(errors.len(), 1, "a contradiction is told once: {errors:#?}");
    let at = &errors[0]["at"];
    assert_eq!(
        (&at["table"], &at["row"], &at["column"]),
        (&json!("requests"), &json!("disclosed"), &json!("total"))
    );
    assert_eq!((&errors[0]["found"], &errors[0]["expected"]), (&json!(4), &json!(3)));

    let sarif = run(&["report", "check", &wrong, "--format", "sarif"]);
    assert_eq!((sarif.code, &json(&sarif.out)["version"]), (1, &json!("2.1.0")));
    let human = run(&["report", "check", &wrong]);
    assert!(human.code == 1 && human.out.contains("错误 1 处"), "{human:?}");

    let unreadable = run(&["report", "check", &right, "/no/such.txt", "--format", "json"]);
    assert_eq!((unreadable.code, json(&unreadable.out).as_array().unwrap().len()), (2, 1));
    assert_eq!(unreadable.err.lines().count(), 1, "{unreadable:?}");
}

#[test]
fn last_years_report_is_held_against_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (this, last) = (path("2025.txt"), path("2024.txt"));
    std::fs::write(&this, write::text(&report())).unwrap();
    let mut before = Report::new("青禾区松溪镇人民政府", 2024);
    for address in ["requests/received/natural_person", "requests/carried_to_next_year/natural_person"] {
        before.set(address.parse::<CellAddress>().unwrap(), Content::Count(2)).unwrap();
    }
    before.derive_totals();
    std::fs::write(&last, write::text(&before)).unwrap();
    let checked = run(&["report", "check", &this, "--previous", &last, "--format", "json"]);
    assert_eq!(checked.code, 1, "two were carried over and none arrived: {checked:?}");
    assert!(checked.out.contains("requests-carried-over"), "{}", checked.out);
}

#[test]
fn a_report_is_written_in_every_format_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let source = path("年报.txt");
    std::fs::write(&source, write::text(&report())).unwrap();
    let tables = |file: &str| {
        let read = json(&run(&["report", "read", file, "--format", "json"]).out);
        (read["requests"].clone(), read["proactive"].clone(), read["remedies"].clone())
    };
    for ending in ["docx", "xlsx", "html", "json", "txt"] {
        let file = path(&format!("写出.{ending}"));
        let written = run(&["report", "write", &source, "-o", &file]);
        assert_eq!((written.code, written.out.as_str()), (0, ""), "{ending}: {written:?}");
        assert_eq!(tables(&file), tables(&source), "{ending}");
    }
    let csv = run(&["report", "write", &source, "--format", "csv"]);
    assert!(csv.code == 0 && csv.out.contains("一、本年新收政府信息公开申请数量,,,3,"), "{csv:?}");

    let before = std::fs::read(&source).unwrap();
    let over_itself = run(&["report", "write", &source, "--format", "docx", "-o", &source]);
    assert!(over_itself.code == 2 && over_itself.err.contains("原件不会被覆盖"), "{over_itself:?}");
    assert_eq!(std::fs::read(&source).unwrap(), before);
    let nowhere = run(&["report", "write", &source, "--format", "docx"]);
    assert!(nowhere.code == 2 && nowhere.err.contains("-o 年报.docx"), "{nowhere:?}");
    let what = run(&["report", "write", &source]);
    assert!(what.code == 2 && what.err.contains("--format"), "{what:?}");
}
