//! Two invented reports in the layouts of real ones: a clean one, and one that its conversion damaged.
#![allow(clippy::unwrap_used)]

use gongkai_report::model::{ApplicantColumn, ProactiveColumn, ProactiveRow, RequestRow, TableName};
use gongkai_report::{At, Content, OfficialForm, Reading, Section, lint, read, write};

fn sample(name: &str) -> (String, Reading) {
    let path = format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let reading = read(text.as_bytes(), name).unwrap();
    (text, reading)
}

#[test]
fn the_clean_report_is_read_whole() {
    let (_, reading) = sample("bailu-2031.txt");
    assert_eq!(reading.check(None), []);
    let report = &reading.report;
    assert_eq!((report.agency.as_deref(), report.year), (Some("青禾区白露镇"), Some(2031)));
    assert!(TableName::ALL.iter().all(|&table| report.form(table) == Some(OfficialForm::F2021)));
    assert!(report.cells().all(|view| view.cell.at.is_some()));
    let fees = report.proactive.get(ProactiveRow::AdministrativeFees, ProactiveColumn::Amount10kCny).unwrap();
    assert_eq!(fees.content, Content::Amount("12.75".to_owned()));
    assert_eq!(report.sections.text(Section::Requests).as_deref(), Some(""));
    assert_eq!(report.lead.len(), 1);
    let overview = report.sections.paragraphs(Section::Overview).unwrap();
    assert_eq!(overview.len(), 2);
    assert!(overview[0].text.starts_with("（一）主动公开情况"));
    assert_eq!(overview[0].at.unwrap().line, 11);
}

#[test]
fn the_damaged_report_loses_seven_totals_and_nothing_else() {
    let (text, reading) = sample("liulin-2020.txt");
    let report = &reading.report;
    assert_eq!(report.form(TableName::Requests), Some(OfficialForm::F2019));
    let lost: Vec<_> =
        report.cells().filter(|view| view.cell.count().is_none()).map(|view| view.address).collect();
    let requests = lost.iter().filter(|cell| cell.table() == TableName::Requests);
    assert!(requests.clone().all(|cell| cell.column_code() == "total"));
    assert_eq!(
        requests.map(|cell| cell.row_code()).collect::<Vec<_>>(),
        [
            "disclosed",
            "partly_disclosed",
            "not_disclosed.state_secret",
            "not_disclosed.other_law",
            "not_disclosed.security_or_stability",
            "not_disclosed.third_party_rights",
            "not_disclosed.internal_affairs",
        ]
    );
    // The other columns hold what the lines show, and the sums that can be taken still hold.
    let findings = reading.check(None);
    let (shape, missing): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| finding.rule == "row-shape");
    // What seven rows lack alike is told once, at the first of them.
    assert_eq!(missing.len(), 1, "{findings:?}");
    assert!(missing[0].message.contains("7 行的“总计”"), "{findings:?}");
    assert_eq!(
        missing[0].at.address().map(|cell| cell.to_string()).as_deref(),
        Some("requests/disclosed/total")
    );
    // Two rows have an eighth number; the sums tell which seven are theirs.
    assert_eq!(shape.len(), 2, "{findings:?}");
    assert_eq!(report.requests.count(RequestRow::Total, ApplicantColumn::NaturalPerson), Some(91));
    assert_eq!(report.requests.count(RequestRow::Total, ApplicantColumn::Total), Some(477));
    assert_eq!(report.requests.count(RequestRow::OtherHandling, ApplicantColumn::Total), Some(16));
    for finding in &missing {
        assert_eq!(finding.rule, "cell-missing");
        let At::Table { position: Some(position), .. } = finding.at else { panic!("no place: {finding:?}") };
        assert!(text.lines().nth(position.line - 1).unwrap().contains('\t'));
    }
    let row = report.requests.row(RequestRow::InternalAffairs);
    let line = text.lines().find(|line| line.starts_with("5. 属于三类内部事务")).unwrap();
    let shown: Vec<i64> = line.split('\t').filter_map(|cell| cell.parse().ok()).collect();
    assert_eq!(row.filter_map(|(_, cell)| cell.count()).collect::<Vec<_>>(), shown);
}

#[test]
fn a_wrong_total_in_the_damaged_report_is_told_once() {
    let (text, right) = sample("liulin-2020.txt");
    for row in [RequestRow::NotHeld, RequestRow::Total, RequestRow::CarriedToNextYear] {
        let line = right.report.requests.row_at(row).unwrap().line;
        let value = right.report.requests.count(row, ApplicantColumn::Total).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let cut = lines[line - 1].rfind(&format!("\t{value}")).unwrap();
        lines[line - 1].replace_range(cut..cut + 1 + value.to_string().len(), "\t0");
        let reading = read(lines.join("\n").as_bytes(), "x.txt").unwrap();
        let errors: Vec<_> =
            reading.check(None).into_iter().filter(|f| f.severity == lint::Severity::Error).collect();
        assert_eq!(errors.len(), 1, "{row:?}: {errors:?}");
        assert_eq!(errors[0].rule, "requests-row-total");
        assert_eq!(errors[0].expected, Some(value.into()));
        assert_eq!(errors[0].at.position().unwrap().line, line);
    }
}

#[test]
fn refusals_name_the_way_out() {
    for (bytes, word) in [
        (&b"%PDF-1.7\n"[..], "PDF"),
        (b"PK\x03\x04word/document.xml", "损坏"),
        (b"<!DOCTYPE html><html></html>", "不是政府信息公开工作年度报告"),
        (b"\xb0\xd7\xc2\xb6\xd5\xf2", "不是政府信息公开工作年度报告"),
        (b"  \n ", "空"),
        (b"{\"a\": 1}", "三张表"),
        (b"{\"a\": ", "JSON"),
        ("白露镇购物清单：笔10支".as_bytes(), "不是政府信息公开工作年度报告"),
    ] {
        let refusal = read(bytes, "某文件.dat").unwrap_err().to_string();
        assert!(refusal.contains(word) && refusal.starts_with("某文件.dat"), "{refusal}");
        assert_eq!(refusal.lines().count(), 1);
    }
}

#[test]
fn tables_in_html_are_whole_and_accessible() {
    let (_, reading) = sample("bailu-2031.txt");
    for &table in TableName::ALL {
        let grid = write::grid(&reading.report, table);
        let mut covered = vec![0_usize; grid.columns];
        for row in &grid.rows {
            let taken: usize = row.iter().map(|cell| cell.colspan).sum();
            let from_above = covered.iter().filter(|rows| **rows > 0).count();
            assert_eq!(taken + from_above, grid.columns, "{table:?} {row:?}");
            let mut at = 0;
            let mut next = covered.iter().map(|rows| rows.saturating_sub(1)).collect::<Vec<_>>();
            for cell in row {
                while covered[at] > 0 {
                    at += 1;
                }
                next[at..at + cell.colspan].fill(cell.rowspan - 1);
                at += cell.colspan;
            }
            covered = next;
        }
        assert!(covered.iter().all(|rows| *rows == 0));
    }
    let html = write::html(&reading.report);
    for address in reading.report.cells().map(|view| view.address) {
        assert_eq!(html.matches(&format!("data-cell=\"{address}\"")).count(), 1, "{address}");
    }
    assert_eq!(html.matches("<caption>").count(), 3);
    assert!(!html.contains("<th>"), "every heading has a scope");
    assert!(html.contains("&lt;中华人民共和国政府信息公开工作年度报告格式&gt;"));
}

#[test]
fn findings_in_print() {
    let (text, reading) = sample("liulin-2020.txt");
    let findings = reading.check(None);
    let human = lint::human("liulin-2020.txt", Some(&text), &findings);
    assert!(human.contains("警告[cell-missing] liulin-2020.txt:"));
    assert!(human.ends_with("liulin-2020.txt：错误 0 处，警告 3 处，提示 0 处\n"));
    let log: serde_json::Value =
        serde_json::from_str(&lint::SarifLog::of(&[("柳 林.txt", &findings)])).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 3);
    let place = &results[0]["locations"][0];
    assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], "%E6%9F%B3%20%E6%9E%97.txt");
    assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], "requests/disclosed/total");
    let object = lint::findings_json("x.txt", &reading.report, &findings);
    let keys: Vec<_> = object.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["file", "agency", "year", "findings"]);
    assert_eq!(object["findings"][0]["at"]["column"], "total");
}

/// A report is read in about a millisecond; even unoptimised and on a busy machine it stays far below a second.
#[test]
fn reading_is_quick() {
    let (text, _) = sample("liulin-2020.txt");
    let start = std::time::Instant::now();
    for _ in 0..20 {
        read(text.as_bytes(), "x.txt").unwrap().check(None);
    }
    let each = start.elapsed() / 20;
    println!("{each:?} for reading and checking one report");
    assert!(each.as_millis() < 500, "{each:?}");
}

#[test]
fn a_row_of_part_two_that_lacks_a_value_keeps_none_in_a_wrong_column() {
    let text = "青禾区白露镇2031年政府信息公开工作年度报告\n二、主动公开政府信息情况\n\
        信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n规章 | 0 | 0 | 0 |\n\
        行政规范性文件 | 4 | 19 |\n行政许可 | 226 |\n行政处罚 | 88 |\n行政强制 | 3 |\n";
    let reading = read(text.as_bytes(), "x.txt").unwrap();
    for column in ["issued", "repealed", "in_force"] {
        let address = format!("proactive/normative_documents/{column}").parse().unwrap();
        assert_eq!(reading.report.get(address).unwrap().count(), None, "{column}");
    }
    assert!(reading.problems.iter().any(|problem| problem.rule == "cell-missing"));
    let licenses = "proactive/licenses/decisions".parse().unwrap();
    assert_eq!(reading.report.get(licenses).unwrap().count(), Some(226));
}
