//! `report check` over a folder: the same answer each time, in every format, with its exit code.
#![allow(clippy::unwrap_used)]

mod support;

use gongkai_report::{Cell, Content, Report, write};
use serde_json::Value;
use support::run;

fn report(name: &str) -> Report {
    let mut report = Report::new(name, 2025);
    for address in ["requests/received/natural_person", "requests/disclosed/natural_person"] {
        report.set_count(address.parse().unwrap(), 3).unwrap();
    }
    report.derive_totals();
    report
}

/// Forty reports in two folders, every tenth with a wrong total, and a picture.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("镇")).unwrap();
    for number in 0..40 {
        let mut report = report(&format!("青禾区第{number}镇人民政府"));
        if number % 10 == 9 {
            report.put("requests/disclosed/total".parse().unwrap(), Cell::new(Content::Count(4)));
        }
        let below = if number % 2 == 0 { "镇/" } else { "" };
        std::fs::write(folder.path().join(format!("{below}{number:02}.txt")), write::text(&report)).unwrap();
    }
    std::fs::write(folder.path().join("公章.jpg"), [0xff, 0xd8]).unwrap();
    folder
}

fn errors(log: &Value) -> usize {
    let results = log["runs"][0]["results"].as_array().unwrap();
    results.iter().filter(|result| result["level"] == "error").count()
}

#[test]
fn a_folder_is_checked_in_order_in_every_format() {
    let folder = folder();
    let path = folder.path().to_str().unwrap();
    let json = run(&["report", "check", path, "--format", "json"]);
    assert_eq!(json.code, 1, "{json:?}");
    let files: Vec<Value> = serde_json::from_str(&json.out).unwrap();
    let names: Vec<&str> = files.iter().map(|file| file["file"].as_str().unwrap()).collect();
    assert!(names.len() == 40 && names.is_sorted(), "{names:?}");
    let is_wrong = |file: &&Value| {
        file["findings"].as_array().unwrap().iter().any(|finding| finding["severity"] == "error")
    };
    assert_eq!(files.iter().filter(is_wrong).count(), 4);
    assert!(json.err.contains("共检查 40 份") && json.err.contains("另有 1 个文件"), "{}", json.err);
    assert_eq!(run(&["report", "check", path, "--format", "json"]).out, json.out);

    let human = run(&["report", "check", path]);
    assert!(human.code == 1 && human.out.contains("共检查 40 份") && human.out.contains("错误 4 处"));
    let sarif = run(&["report", "check", path, "--format", "sarif"]);
    let log: Value = serde_json::from_str(&sarif.out).unwrap();
    assert_eq!(errors(&log), 4);
}

#[test]
fn the_ending_of_the_output_chooses_its_format() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (xlsx, json) = (path("问题.xlsx"), path("../out.json"));
    let done = run(&["report", "check", &path("镇"), "-o", &xlsx]);
    assert_eq!((done.code, done.out.as_str()), (0, ""), "{done:?}");
    assert!(std::fs::read(&xlsx).unwrap().starts_with(b"PK"));
    assert_eq!(run(&["report", "check", &path("镇"), "-o", &json]).code, 0);
    let files: Vec<Value> = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    assert_eq!(files.len(), 20);
    std::fs::remove_file(&json).unwrap();

    let no_file = run(&["report", "check", &path("镇"), "--format", "xlsx"]);
    assert!(no_file.code == 2 && no_file.err.contains("-o"), "{no_file:?}");
    let no_folder = run(&["report", "check", &path("镇"), "-o", &path("没有/x.json")]);
    assert!(no_folder.code == 2 && no_folder.err.contains("写不了"), "{no_folder:?}");
}

#[test]
fn what_cannot_be_read_does_not_stop_the_others() {
    let folder = folder();
    std::fs::write(folder.path().join("05.txt"), [0xff; 100]).unwrap();
    let huge = std::fs::File::create(folder.path().join("06.txt")).unwrap();
    huge.set_len(300 * 1024 * 1024).unwrap();
    let path = folder.path().to_str().unwrap();
    let checked = run(&["report", "check", path, "--format", "sarif"]);
    assert_eq!(checked.code, 2);
    let log: Value = serde_json::from_str(&checked.out).unwrap();
    let run_of = &log["runs"][0];
    assert_eq!(errors(&log), 4);
    let notes = run_of["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[1]["message"]["text"].as_str().unwrap().contains("300 MB"), "{notes:?}");

    let empty = tempfile::tempdir().unwrap();
    let none = run(&["report", "check", empty.path().to_str().unwrap()]);
    assert!(none.code == 2 && none.err.contains("没有可以读取的年度报告"), "{none:?}");
}

#[test]
fn a_district_is_added_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::create_dir(folder.path().join("镇")).unwrap();
    let save = |name: &str, report: &Report| std::fs::write(path(name), write::text(report)).unwrap();
    for name in ["白露镇", "松溪镇", "柳林乡"] {
        save(&format!("镇/{name}.txt"), &report(&format!("青禾区{name}人民政府")));
    }
    save("镇/本级.txt", &report("青禾区人民政府办公室"));
    let mut whole = report("青禾区人民政府");
    for address in ["requests/received/natural_person", "requests/disclosed/natural_person"] {
        whole.set_count(address.parse().unwrap(), 9).unwrap();
    }
    whole.derive_totals();
    save("镇/全区.txt", &whole);
    std::fs::write(path("名单"), "# 应报\n白露镇\n松溪镇\n柳林乡\n南河镇\n").unwrap();

    let (towns, own, stated, expect) = (path("镇"), path("镇/本级.txt"), path("镇/全区.txt"), path("名单"));
    let args = ["report", "aggregate", &towns, "--own", &own, "--stated", &stated];
    let json = run(&[&args[..], &["--expect", &expect, "--format", "json"]].concat());
    assert_eq!(json.code, 1, "{json:?}");
    let sum: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(sum["reports"].as_array().unwrap().len(), 4, "neither --own nor --stated counts as a child");
    assert_eq!(sum["requests"]["received"]["total"], 12);
    assert_eq!(sum["missing"], serde_json::json!(["南河镇"]));
    assert!(sum["reports"][0]["version"].as_str().unwrap().starts_with("sha256:"));
    let differences = sum["stated"]["differences"].as_array().unwrap();
    assert_eq!(differences[0]["cell"], "requests/received/natural_person");
    assert_eq!((&differences[0]["difference"], &differences[0]["stated"]), (&(-3).into(), &9.into()));

    let human = run(&args);
    assert!(human.code == 1 && human.out.contains("公布 9，各份之和 12，少 3"), "{human:?}");
    let book = path("汇总.xlsx");
    assert_eq!(run(&[&args[..], &["-o", &book]].concat()).code, 1);
    assert!(std::fs::read(&book).unwrap().starts_with(b"PK"));
    let right = run(&["report", "aggregate", &towns, "--own", &own]);
    assert_eq!(right.code, 0, "{right:?}");
}

#[test]
fn two_years_and_two_neighbours_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let problems = "主动公开的时效性有待增强，个别站所报送信息不及时，存在年底集中补报的情况；\
        政策解读形式较为单一，图解和视频解读偏少，群众的获得感还不够明显。";
    let save = |name: &str, agency: &str, year: i16, penalties: i64| {
        let mut report = Report::new(agency, year);
        report.set_count("proactive/penalties/decisions".parse().unwrap(), penalties).unwrap();
        report.set_section(
            gongkai_report::Section::ProblemsAndImprovements,
            &format!("{year}年{agency}查找到{penalties}个问题。{problems}"),
        );
        std::fs::write(path(name), write::text(&report)).unwrap();
        path(name)
    };
    let last = save("a.txt", "青禾区白露镇人民政府", 2024, 40);
    let this = save("b.txt", "青禾区白露镇人民政府", 2025, 45);
    let neighbour = save("c.txt", "青禾区松溪镇人民政府", 2025, 3);
    let human = run(&["report", "compare", &last, &this]);
    assert_eq!(human.code, 0, "{human:?}");
    assert!(human.out.contains("行政处罚 · 本年处理决定数量：40 → 45（+5，+12.5%）"), "{}", human.out);
    assert!(human.out.contains("与对方相同") && human.out.contains("集中补报的情况"), "{}", human.out);
    let json = run(&["report", "compare", &last, &neighbour, "--format", "json"]);
    let value: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(value["changed"][0]["relative_permille"], -925);
    assert!(value["copied"]["share_permille"].as_u64().unwrap() > 800, "{value:#}");
    let many = run(&["report", "compare", folder.path().to_str().unwrap()]);
    assert!(many.code == 0 && many.out.contains("3 份报告") && many.out.contains("最长一段"), "{many:?}");
    assert_eq!(run(&["report", "compare", &last]).code, 2);
}
