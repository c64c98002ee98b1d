//! A district added up: what is missing, what differs and whose number it is.
#![allow(clippy::unwrap_used)]

mod layouts;

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use gongkai_report::aggregate::{
    Disagreement, Explanation, LeftOutReason, Question, Source, Total, Why, add_up, compare_with, human,
    sheet, to_value,
};
use gongkai_report::{Cell, CellAddress, Content, OfficialForm, check, read, write};
use layouts::dense;

const TOWNS: [&str; 5] = ["白露镇", "松溪镇", "柳林乡", "南河镇", "柳岸街道"];

fn town(at: usize) -> Source {
    let mut report = dense(OfficialForm::F2021, 100 + at as u64);
    report.agency = Some(format!("青禾区{}人民政府", TOWNS[at]));
    report.year = Some(2031);
    Source { file: format!("{}.txt", TOWNS[at]), version: "一".to_owned(), own: false, report }
}

fn office() -> Source {
    let mut source = town(0);
    source.report = dense(OfficialForm::F2021, 7);
    source.report.agency = Some("青禾区人民政府办公室".to_owned());
    source.report.year = Some(2031);
    Source { file: "本级.txt".to_owned(), own: true, ..source }
}

fn towns() -> Vec<Source> {
    (0..TOWNS.len()).map(town).chain([office()]).collect()
}

fn cell(address: &str) -> CellAddress {
    address.parse().unwrap()
}

fn with(sources: Vec<Source>) -> gongkai_report::aggregate::Addition {
    add_up(&Question::default(), sources)
}

#[test]
fn the_sum_of_reports_that_are_right_is_a_report_that_is_right() {
    let addition = with(towns());
    assert!(addition.is_complete() && addition.members.len() == 6 && addition.members[0].own);
    let whole = addition.report("青禾区人民政府");
    let is_arithmetic = |rule: &str| rule.starts_with("requests-") || rule.starts_with("remedies-");
    assert!(!check(&whole, None).iter().any(|finding| is_arithmetic(finding.rule)));
    // The sum is a report like any other: printed and read back it is the same.
    let again = read(write::json(&whole, &[]).as_bytes(), "x.json").unwrap().report;
    assert_eq!(again.requests, whole.requests);
    assert_eq!(again.proactive, whole.proactive);
    let (differences, _) = compare_with(&addition, &whole);
    assert_eq!(differences, []);
    let mut backwards = towns();
    backwards.reverse();
    assert_eq!(to_value(&with(backwards), None), to_value(&addition, None), "order does not matter");
}

#[test]
fn a_lost_cell_makes_the_sum_at_least_and_is_named() {
    let mut sources = towns();
    let (lost, blank) = (cell("requests/disclosed/natural_person"), cell("remedies/reconsideration/upheld"));
    let known: i64 = sources[1..].iter().map(|s| s.report.get(lost).unwrap().count().unwrap()).sum();
    sources[0].report.put(lost, Cell::new(Content::Lost));
    for source in &mut sources {
        source.report.put(blank, Cell::new(Content::Blank));
    }
    let addition = with(sources);
    assert_eq!(addition.total(lost), Total::AtLeast(known.into()));
    assert_eq!(addition.total(blank), Total::Unknown);
    let named: Vec<(&str, Why)> = addition.unknown(lost).map(|(m, why)| (m.name.as_str(), why)).collect();
    assert_eq!(named, [("青禾区白露镇人民政府", Why::Lost)]);
    assert_eq!(addition.unknown(blank).count(), 6);
    let json = to_value(&addition, None);
    assert!(json["requests"]["disclosed"]["natural_person"].is_null());
    assert_eq!(json["not_exact"][0]["at_least"], known);
    assert!(human(&addition, None).contains("青禾区白露镇人民政府（白露镇.txt）"));
    // A stated number below what is known is wrong even so; one above cannot be decided.
    let mut stated = addition.report("青禾区人民政府");
    for (number, expected) in [(known - 1, Disagreement::BelowKnown(1)), (known + 9, Disagreement::Undecided)]
    {
        stated.put(lost, Cell::new(Content::Count(number)));
        let (differences, _) = compare_with(&addition, &stated);
        let found = differences.iter().find(|one| one.address == lost).unwrap();
        assert_eq!(found.disagreement, expected);
    }
}

#[test]
fn a_report_left_out_or_added_twice_is_named() {
    let addition = with(towns());
    for (present, as_if) in
        [(vec![0, 1, 3, 4], Explanation::LeftOut), (vec![0, 1, 2, 2, 3, 4], Explanation::AddedTwice)]
    {
        let mut parts: Vec<Source> = present.into_iter().map(town).chain([office()]).collect();
        for (at, part) in parts.iter_mut().enumerate() {
            part.report.agency = Some(format!("第{at}个"));
        }
        let stated = with(parts).report("青禾区人民政府");
        let (differences, whole) = compare_with(&addition, &stated);
        assert_eq!(whole, [("青禾区柳林乡人民政府".to_owned(), as_if)]);
        let address = cell("requests/received/total");
        let total = differences.iter().find(|one| one.address == address).unwrap();
        assert!(total.follows && !differences.iter().all(|one| one.follows));
        let base = differences.iter().find(|one| !one.follows).unwrap();
        assert!(base.suspects.contains(&("青禾区柳林乡人民政府".to_owned(), as_if)), "{base:?}");
        let words = human(&addition, Some(("全区.docx", &stated)));
        assert!(
            words.contains(&format!("全部差异合起来{}青禾区柳林乡人民政府", as_if.in_words())),
            "{words}"
        );
    }
    // Two at once.
    let stated = with([1, 3, 4].into_iter().map(town).chain([office()]).collect()).report("青禾区人民政府");
    let (_, whole) = compare_with(&addition, &stated);
    let names: Vec<&str> = whole.iter().map(|(name, _)| name.as_str()).collect();
    assert!(
        names.len() == 2
            && names.contains(&"青禾区白露镇人民政府")
            && names.contains(&"青禾区柳林乡人民政府")
    );
}

#[test]
fn a_single_wrong_cell_names_no_report() {
    let addition = with(towns());
    let mut stated = addition.report("青禾区人民政府");
    let address = cell("requests/received/other");
    let sum = addition.total(address).exact().unwrap();
    stated.put(address, Cell::new(Content::Count(i64::try_from(sum).unwrap() + 1_000_003)));
    let (differences, whole) = compare_with(&addition, &stated);
    assert_eq!((differences.len(), whole.len()), (1, 0));
    assert_eq!(differences[0].disagreement, Disagreement::By(1_000_003));
    assert!(differences[0].suspects.is_empty());
}

#[test]
fn missing_twice_other_year_and_the_whole() {
    let mut sources = towns();
    let mut copy = town(0);
    copy.file = "白露镇（副本）.docx".to_owned();
    let mut later = town(1);
    later.file = "松溪镇-改.txt".to_owned();
    let differs = cell("requests/received/other");
    later.report.put(differs, Cell::new(Content::Count(1_234)));
    let mut last_year = town(2);
    last_year.report.year = Some(2030);
    last_year.file = "柳林乡2030.txt".to_owned();
    let mut whole = town(3);
    whole.report.agency = Some("青禾区人民政府".to_owned());
    whole.file = "全区.txt".to_owned();
    sources.extend([copy, later, last_year, whole]);
    let expected =
        ["白露镇", "青禾区松溪镇", "柳林乡人民政府", "南河镇", "东山镇"].map(str::to_owned).to_vec();
    let question =
        Question {
            year: None, expected, whole: Some("青禾区人民政府".to_owned()), ..Question::default()
        };
    let addition = add_up(&question, sources);
    assert_eq!((addition.year, addition.members.len()), (Some(2031), 6));
    assert_eq!(addition.missing, ["东山镇"]);
    assert_eq!(addition.unexpected, ["青禾区柳岸街道人民政府"]);
    let reasons: Vec<&LeftOutReason> = addition.left_out.iter().map(|one| &one.reason).collect();
    assert!(reasons.contains(&&LeftOutReason::OtherYear(Some(2030))));
    assert!(reasons.contains(&&LeftOutReason::TheWhole));
    assert_eq!(reasons.len(), 3, "{reasons:?}");
    assert_eq!(addition.conflicts.len(), 1);
    assert_eq!(addition.conflicts[0].cells, [differs]);
    assert!(matches!(addition.total(differs), Total::AtLeast(_)));
    assert!(matches!(addition.total(cell("requests/received/natural_person")), Total::Exact(_)));
    assert!(!addition.is_complete());
}

#[test]
fn a_child_in_the_other_form_is_added_where_the_forms_agree() {
    let mut sources = towns();
    let mut old = dense(OfficialForm::F2019, 5);
    (old.agency, old.year) = (Some("青禾区旧表乡".to_owned()), Some(2031));
    sources.push(Source { file: "旧表乡.txt".into(), version: String::new(), own: false, report: old });
    let addition = with(sources);
    assert!(matches!(addition.total(cell("requests/received/total")), Total::Exact(_)));
    assert!(matches!(addition.total(cell("proactive/penalties/decisions")), Total::Exact(_)));
    assert!(matches!(addition.total(cell("proactive/rules/issued")), Total::AtLeast(_)));
    let why: Vec<Why> = addition.unknown(cell("proactive/rules/issued")).map(|(_, why)| why).collect();
    assert_eq!(why, [Why::OtherForm]);
}

#[test]
fn the_workbook_holds_every_cell_of_every_report() {
    let addition = with(towns());
    let mut stated = addition.report("青禾区人民政府");
    stated.put(cell("requests/received/other"), Cell::new(Content::Count(0)));
    let bytes = sheet(&addition, Some(("全区.txt", &stated))).unwrap();
    assert_eq!(bytes, sheet(&addition, Some(("全区.txt", &stated))).unwrap());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["汇总", "报告清单", "缺少与疑问"]);
    let values = book.worksheet_range("汇总").unwrap();
    assert_eq!((values.height(), values.width()), (201, 7 + 6));
    let formulas = book.worksheet_formula("汇总").unwrap();
    assert!(formulas.get_value((1, 3)).unwrap().contains("SUM(H2:M2)"));
    for (row, address) in addition.cells().into_iter().enumerate() {
        let parts: f64 = (7..13)
            .map(|column| match values.get_value((row as u32 + 1, column)) {
                Some(Data::Float(number)) => *number,
                other => panic!("{address}: {other:?}"),
            })
            .sum();
        let Some(Data::Float(sum)) = values.get_value((row as u32 + 1, 3)) else { panic!("{address}") };
        assert!((parts - sum).abs() < 1e-6, "{address}: {parts} {sum}");
    }
}

#[test]
fn nothing_to_add_is_said() {
    let addition = with(Vec::new());
    assert_eq!((addition.year, addition.is_complete()), (None, false));
    let mut undated = town(0);
    undated.report.year = None;
    let addition = with(vec![undated]);
    assert_eq!(addition.left_out[0].reason, LeftOutReason::OtherYear(None));
    assert!(human(&addition, None).contains("没有写明年份"));
    assert!(sheet(&addition, None).is_ok());
}
