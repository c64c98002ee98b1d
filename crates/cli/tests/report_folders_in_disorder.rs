//! Folders as they are: broken, huge, nested and hidden files, links and pipes, several years of an agency, copies and
//! children that are missing or cannot be read. Nothing is left out unnoticed, and nothing counts as zero.
#![allow(clippy::unwrap_used)]

mod support;

use std::os::unix::fs::symlink;
use std::process::Command;

use gongkai_report::{Cell, Content, Report, write};
use serde_json::{Value, json};
use support::{Answer, Folder, run};

/// The path below the folder.
fn short(folder: &Folder, file: &Value) -> String {
    file.as_str().unwrap().strip_prefix(&format!("{}/", folder.whole())).unwrap().to_owned()
}

fn report(agency: &str, year: i16) -> Report {
    let mut report = Report::new(agency, year);
    for address in ["requests/received/natural_person", "requests/disclosed/natural_person"] {
        report.set_count(address.parse().unwrap(), 3).unwrap();
    }
    report.derive_totals();
    report
}

/// Two requests are left at the end of the year.
fn with_two_left(agency: &str, year: i16) -> Report {
    let mut report = report(agency, year);
    for (row, count) in [("received", 5), ("carried_to_next_year", 2)] {
        report.set_count(format!("requests/{row}/natural_person").parse().unwrap(), count).unwrap();
    }
    report.derive_totals();
    report
}

fn text(report: &Report) -> String {
    write::text(report)
}

fn parsed(answer: &Answer) -> Value {
    serde_json::from_str(&answer.out).unwrap_or_else(|e| panic!("{e}: {answer:?}"))
}

fn check(folder: &Folder) -> Answer {
    run(&["report", "check", folder.whole(), "--format", "json"])
}

/// The files with the rules that found something in them.
fn told(folder: &Folder, answer: &Answer) -> Vec<(String, Vec<String>)> {
    let files = parsed(answer);
    let rules = |file: &Value| {
        let findings = file["findings"].as_array().unwrap().iter();
        let about_years =
            findings.filter(|f| f["rule"] == "requests-carried-over" || f["rule"] == "previous-report");
        about_years.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
    };
    files.as_array().unwrap().iter().map(|file| (short(folder, &file["file"]), rules(file))).collect()
}

#[test]
fn each_year_is_held_against_the_one_before_of_the_same_agency() {
    let folder = Folder::new();
    // Left over in 2029 and not carried over in 2030; the neighbour is right.
    folder.save("2029/白露镇.txt", text(&with_two_left("青禾区白露镇人民政府", 2029)));
    folder.save("2030/白露.txt", text(&report("青禾区白露镇", 2030)));
    folder.save("2031/a.txt", text(&report("青禾区 白露镇人民政府", 2031)));
    folder.save("2029/松溪镇.txt", text(&report("青禾区松溪镇人民政府", 2029)));
    folder.save("2030/松溪镇.txt", text(&report("青禾区松溪镇人民政府", 2030)));
    // A gap of a year, an agency of its own, one without a year.
    folder.save("2029/柳林乡.txt", text(&with_two_left("青禾区柳林乡人民政府", 2029)));
    folder.save("2031/柳林乡.txt", text(&report("青禾区柳林乡人民政府", 2031)));
    folder.save("2030/柳岸街道.txt", text(&report("青禾区柳岸街道办事处", 2030)));
    folder.save("2030/无年份.txt", "青禾区柳林乡政府信息公开工作年度报告\n一、总体情况\n无\n");
    let checked = check(&folder);
    let carried: Vec<(String, Vec<String>)> =
        told(&folder, &checked).into_iter().filter(|(_, rules)| !rules.is_empty()).collect();
    assert_eq!(carried, [("2030/白露.txt".to_owned(), vec!["requests-carried-over".to_owned()])]);
    assert_eq!(checked.code, 1);
    assert!(checked.err.contains("其中 3 份与同一机关上一年度的报告作了核对"), "{}", checked.err);
    // What is given by hand counts alone.
    let (previous, whole) = (folder.path("2030/松溪镇.txt"), folder.whole());
    let by_hand = run(&["report", "check", whole, "--previous", &previous, "--format", "json"]);
    let of = |name: &str| told(&folder, &by_hand).into_iter().find(|(file, _)| file == name).unwrap().1;
    assert_eq!(of("2030/白露.txt"), ["previous-report"], "told, and not compared with another agency");
    assert!(!by_hand.err.contains("上一年度"), "{}", by_hand.err);
}

#[test]
fn two_reports_of_last_year_are_no_base_and_one_of_them_is_not_picked() {
    let folder = Folder::new();
    folder.save("a/2030.txt", text(&with_two_left("青禾区白露镇人民政府", 2030)));
    folder.save("a/2031.txt", text(&report("青禾区白露镇人民政府", 2031)));
    folder.save("a/2031（修改）.txt", text(&report("青禾区白露镇人民政府", 2031)));
    let checked = check(&folder);
    let rules: Vec<usize> = told(&folder, &checked).iter().map(|(_, rules)| rules.len()).collect();
    assert_eq!(rules, [0, 1, 1], "both drafts are held against the one before");
    folder.save("b/2030.txt", text(&report("青禾区白露镇人民政府", 2030)));
    let checked = check(&folder);
    assert!(told(&folder, &checked).iter().all(|(_, rules)| rules.is_empty()), "{checked:?}");
    assert!(!checked.err.contains("上一年度"), "{}", checked.err);
    // Districts have towns of one name.
    let folder = Folder::new();
    folder.save("2030.txt", text(&with_two_left("青禾区城关镇人民政府", 2030)));
    folder.save("2031.txt", text(&report("白川县城关镇人民政府", 2031)));
    assert!(told(&folder, &check(&folder)).iter().all(|(_, rules)| rules.is_empty()));
}

#[test]
fn a_folder_in_disorder_is_checked_to_its_end() {
    let folder = Folder::new();
    let sound = text(&report("青禾区白露镇人民政府", 2031));
    folder.save("01.txt", &sound);
    folder.save("02 空.txt", "");
    folder.save("03 坏.docx", b"PK\x03\x04 broken");
    folder.save("04 截断.pdf", b"%PDF-1.7\n1 0 obj <<");
    folder.save("05 通知.md", "明天上午开会。");
    folder.save("06 名不副实.pdf", &sound);
    let huge = std::fs::File::create(folder.path("07 巨大.txt")).unwrap();
    huge.set_len(200 * 1024 * 1024).unwrap();
    folder.save("08.txt/是文件夹/三层/四层.TXT", &sound);
    folder.save(".隐藏/x.txt", "x");
    folder.save(".DS_Store", "x");
    folder.save("~$01.docx", "x");
    folder.save("公章.jpg", "x");
    folder.save("别处/没有.bin", "x");
    std::fs::create_dir(folder.path("空文件夹")).unwrap();
    // Links: to a file, to nothing, to themselves, to a folder above.
    symlink(folder.path("01.txt"), folder.path("09 链接.txt")).unwrap();
    symlink(folder.path("nowhere"), folder.path("10 断链.txt")).unwrap();
    symlink(folder.path("11 自己.txt"), folder.path("11 自己.txt")).unwrap();
    symlink(folder.whole(), folder.path("12 上级")).unwrap();
    assert!(Command::new("mkfifo").arg(folder.path("13 管道.txt")).status().unwrap().success());
    let mut long = folder.0.path().to_owned();
    (0..40).for_each(|_| long.push("深"));
    std::fs::create_dir_all(&long).unwrap();
    std::fs::write(long.join("底.txt"), &sound).unwrap();

    let checked = check(&folder);
    assert_eq!(checked.code, 2, "{checked:?}");
    let read: Vec<String> = told(&folder, &checked).into_iter().map(|(file, _)| file).collect();
    let deep = format!("{}底.txt", "深/".repeat(40));
    assert_eq!(read, ["01.txt", "06 名不副实.pdf", "08.txt/是文件夹/三层/四层.TXT", "09 链接.txt", &deep]);
    let lines: Vec<&str> = checked.err.lines().collect();
    for (line, name) in lines.iter().zip(["02", "03", "04", "05", "07", "10", "11"]) {
        assert!(line.contains(&format!("/{name} ")), "{name}: {line}");
    }
    assert_eq!(lines.len(), 8, "{lines:#?}");
    assert!(lines[7].contains("共检查 5 份，读不出 7 份"), "{lines:#?}");
    assert!(lines[7].contains("另有 3 个文件不是报告的格式") && lines[7].contains("1 个链接"), "{lines:#?}");
    // The same in every format, and the workbook names what could not be read.
    let human = run(&["report", "check", folder.whole()]);
    assert!(human.code == 2 && human.out.contains("共检查 5 份，读不出 7 份"), "{}", human.out);
    let sarif = parsed(&run(&["report", "check", folder.whole(), "--format", "sarif"]));
    let notes = sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notes.len(), 7, "{notes:?}");
}

/// Whoever may read everything is not stopped by this; on the machines of an office nobody works so.
#[test]
fn a_folder_that_may_not_be_opened_is_told_and_the_others_are_checked() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let sound = text(&report("青禾区白露镇人民政府", 2031));
    folder.save("a/1.txt", &sound);
    folder.save("b/1.txt", &sound);
    let may =
        |mode| std::fs::set_permissions(folder.path("a"), std::fs::Permissions::from_mode(mode)).unwrap();
    may(0);
    let is_shut = std::fs::read_dir(folder.path("a")).is_err();
    let checked = check(&folder);
    may(0o755);
    let read = parsed(&checked).as_array().unwrap().len();
    assert_eq!((checked.code, read), if is_shut { (2, 1) } else { (0, 2) }, "{checked:?}");
    assert!(!is_shut || checked.err.contains("没有读取"), "{}", checked.err);
}

fn aggregate(folder: &Folder, more: &[&str]) -> (Answer, Value) {
    let answer = run(&[&["report", "aggregate", folder.whole(), "--format", "json"], more].concat());
    let value = parsed(&answer);
    (answer, value)
}

fn list<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    value.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap()).collect()
}

#[test]
fn a_child_that_cannot_be_read_is_a_gap_in_the_sum() {
    let folder = Folder::new();
    folder.save("白露镇.txt", text(&report("青禾区白露镇人民政府", 2031)));
    folder.save("松溪镇.docx", b"PK\x03\x04 broken");
    folder.save("柳林乡.txt", "");
    let (answer, sum) = aggregate(&folder, &[]);
    assert_eq!(answer.code, 2);
    assert_eq!(answer.err.lines().count(), 2, "{}", answer.err);
    assert_eq!(sum["complete"], false);
    assert_eq!(list(&sum["left_out"], "reason"), ["unreadable", "unreadable"]);
    assert!(list(&sum["left_out"], "file")[0].ends_with("松溪镇.docx"), "{sum:#}");
    let human = run(&["report", "aggregate", folder.whole()]);
    assert!(human.out.contains("没有计入的报告") && human.out.contains("松溪镇.docx"), "{}", human.out);
    let (_, whole) = aggregate(&folder, &["--year", "2030"]);
    assert_eq!(whole["left_out"].as_array().unwrap().len(), 3, "nothing is of that year: {whole:#}");
    assert_eq!(whole["reports"], json!([]));
    let none = whole["requests"]["received"].as_object().unwrap();
    assert!(none.values().all(Value::is_null), "the sum of nothing is not known: {none:?}");
}

#[test]
fn missing_children_copies_and_other_years_are_named() {
    let folder = Folder::new();
    folder.save("白露镇.txt", text(&report("青禾区白露镇人民政府", 2031)));
    folder.save("白露镇（副本）.json", write::json(&report("青禾区白露镇人民政府", 2031), &[]));
    folder.save("松溪镇.txt", text(&report("青禾区松溪镇人民政府", 2031)));
    folder.save(
        "松溪镇（改）.txt",
        text(&with_two_left("松溪镇人民政府", 2031)).replace("松溪镇人民政府", "青禾区松溪镇"),
    );
    folder.save("柳林乡.txt", text(&report("青禾区柳林乡人民政府", 2030)));
    folder.save("名单.list", "白露镇\n松溪镇\n柳林乡\n南河镇\n");
    let expect = folder.path("名单.list");
    let (answer, sum) = aggregate(&folder, &["--expect", &expect]);
    assert_eq!((answer.code, answer.err.as_str()), (1, ""));
    assert_eq!((&sum["year"], &sum["complete"]), (&2031.into(), &false.into()));
    assert_eq!(list(&sum["reports"], "agency").len(), 2, "{sum:#}");
    assert_eq!(sum["missing"], json!(["柳林乡", "南河镇"]), "a report of another year is none of this one");
    assert_eq!(list(&sum["left_out"], "reason"), ["other_year", "duplicate"]);
    assert_eq!(sum["conflicts"][0]["files"].as_array().unwrap().len(), 2);
    let differing = sum["conflicts"][0]["cells"].as_array().unwrap();
    assert!(differing.contains(&"requests/received/natural_person".into()), "{differing:?}");
    // What the two drafts do not agree on is not known; at least the other child's.
    assert_eq!(sum["requests"]["received"]["natural_person"], Value::Null);
    assert_eq!(sum["requests"]["disclosed"]["natural_person"], 6);
    let cell = sum["not_exact"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["cell"] == "requests/received/natural_person");
    assert_eq!(cell.unwrap()["at_least"], 3);
    assert_eq!(cell.unwrap()["because"][0]["why"], "conflict");
    let right = run(&[
        "report",
        "aggregate",
        &folder.path("白露镇.txt"),
        &folder.path("白露镇（副本）.json"),
        "--format",
        "json",
    ]);
    assert_eq!(
        (right.code, &parsed(&right)["requests"]["received"]["total"]),
        (0, &3.into()),
        "a copy counts once"
    );
}

#[test]
fn a_lost_cell_is_named_and_no_zero() {
    let folder = Folder::new();
    folder.save("白露镇.txt", text(&report("青禾区白露镇人民政府", 2031)));
    let mut hurt = report("青禾区松溪镇人民政府", 2031);
    let at = "requests/received/natural_person";
    hurt.put(at.parse().unwrap(), Cell::new(Content::Lost));
    hurt.put("requests/disclosed/other".parse().unwrap(), Cell::new(Content::Blank));
    folder.save("松溪镇.json", write::json(&hurt, &[]));
    folder.save("旧表乡.txt", text(&report("青禾区旧表乡人民政府", 2020)).replace("2020", "2031"));
    let (answer, sum) = aggregate(&folder, &[]);
    assert_eq!(answer.code, 1);
    let row = &sum["requests"]["received"];
    assert_eq!((&row["natural_person"], &row["total"]), (&Value::Null, &9.into()), "{sum:#}");
    let unknown = sum["not_exact"].as_array().unwrap();
    let of = |address: &str| unknown.iter().find(|one| one["cell"] == address).unwrap();
    assert_eq!((&of(at)["at_least"], &of(at)["because"][0]["why"]), (&6.into(), &"lost".into()));
    assert!(of(at)["because"][0]["file"].as_str().unwrap().ends_with("松溪镇.json"));
    assert_eq!(of("requests/disclosed/other")["because"][0]["why"], "blank");
    let rules = of("proactive/rules/issued");
    assert_eq!(
        (&rules["because"][0]["why"], &rules["because"][0]["agency"]),
        (&"other_form".into(), &"青禾区旧表乡人民政府".into())
    );
    let other_form = &sum["reports"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["agency"] == "青禾区旧表乡人民政府")
        .unwrap()["other_form"];
    assert_eq!(other_form, &json!(["proactive", "requests", "remedies"]));
    let human = run(&["report", "aggregate", folder.whole()]);
    assert!(human.out.contains("≥6") && human.out.contains("松溪镇.json"), "{}", human.out);
    // Held against a stated report, an inexact sum decides only what it can.
    let mut stated = report("青禾区人民政府", 2031);
    stated.put(at.parse().unwrap(), Cell::new(Content::Count(5)));
    std::fs::write(folder.path("全区.list"), text(&stated)).unwrap();
    let (answer, sum) = aggregate(&folder, &["--stated", &folder.path("全区.list")]);
    assert_eq!(answer.code, 1);
    let difference = &sum["stated"]["differences"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["cell"] == at)
        .unwrap()
        .clone();
    assert_eq!((&difference["kind"], &difference["difference"]), (&"below_known".into(), &(-1).into()));
}
