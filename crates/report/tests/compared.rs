//! Comparisons as a workbook, read back by another program's reader.
#![allow(clippy::unwrap_used)]

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use gongkai_report::{Cell, Content, Report, Section, compare};

const PROBLEMS: &str = "主动公开的时效性有待增强，个别站所报送信息不及时，存在年底集中补报的情况；\
    政策解读形式较为单一，图解和视频解读偏少，群众的获得感还不够明显。";

fn report(agency: &str, year: i16, cells: &[(&str, i64)]) -> Report {
    let mut report = Report::new(agency, year);
    for (address, count) in cells {
        assert!(report.put(address.parse().unwrap(), Cell::new(Content::Count(*count))), "{address}");
    }
    report.set_section(Section::ProblemsAndImprovements, PROBLEMS);
    report
}

/// The rows of a sheet below its head.
fn rows(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<Vec<Data>> {
    let range = book.worksheet_range(sheet).unwrap();
    range.rows().skip(1).map(<[Data]>::to_vec).collect()
}

fn word(text: &str) -> Data {
    Data::String(text.to_owned())
}

#[test]
fn what_changed_and_what_could_not_be_compared_are_rows() {
    let fees = "proactive/administrative_fees/amount_10k_cny";
    let mut before = report(
        "青禾区白露镇",
        2030,
        &[("proactive/penalties/decisions", 40), ("requests/received/other", 3)],
    );
    let mut after = report(
        "青禾区白露镇",
        2031,
        &[("proactive/penalties/decisions", 30), ("requests/received/other", 5)],
    );
    before.put(fees.parse().unwrap(), Cell::new(Content::Amount("1.5".to_owned())));
    after.put(fees.parse().unwrap(), Cell::new(Content::Amount("2".to_owned())));
    after.put("remedies/reconsideration/upheld".parse().unwrap(), Cell::new(Content::Lost));
    let made = || compare::sheet_pair(("一.txt", &before), ("二.txt", &after)).unwrap();
    let bytes = made();
    assert_eq!(bytes, made(), "same reports, same bytes");
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["变化", "没有比较的格", "相同的文字"]);
    let head: Vec<Data> = book.worksheet_range("变化").unwrap().rows().next().unwrap().to_vec();
    assert_eq!((&head[3], &head[4]), (&word("2030 年"), &word("2031 年")));
    let changed = rows(&mut book, "变化");
    let numbers = |row: &[Data]| row[3..].to_vec();
    assert_eq!(changed.len(), 3);
    assert_eq!(
        (&changed[0][1], &changed[0][2]),
        (&word("第二十条第（六）项 · 行政处罚"), &word("本年处理决定数量"))
    );
    let penalties = [40.0, 30.0, -10.0, -0.25].map(Data::Float);
    assert_eq!(numbers(&changed[0]), penalties, "a share, shown as a percentage");
    assert_eq!(numbers(&changed[1])[..3], [1.5, 2.0, 0.5].map(Data::Float));
    assert_eq!(numbers(&changed[2])[..3], [3.0, 5.0, 2.0].map(Data::Float));
    assert_eq!(changed[2][6], Data::Empty, "three are too few for a percentage");
    let left = rows(&mut book, "没有比较的格");
    assert_eq!(left.len(), 1, "what is lost is not taken for zero");
    assert_eq!((&left[0][2], &left[0][3]), (&word("结果维持"), &word("至少一份没有这个数")));
    let copied = rows(&mut book, "相同的文字");
    assert_eq!((copied.len(), &copied[0][2]), (1, &word(PROBLEMS.trim_end_matches('。'))));

    // The same in words, and as JSON with counts that are numbers.
    let human = compare::human_pair(("一.txt", &before), ("二.txt", &after));
    assert!(
        human.contains("缺数不能比较 1 格") && human.contains("缺数的有“行政复议 · 结果维持”"),
        "{human}"
    );
    let value = compare::pair_to_value(("一.txt", &before), ("二.txt", &after));
    assert_eq!(value["unknown"], serde_json::json!(["remedies/reconsideration/upheld"]));
    assert_eq!(
        (&value["changed"][0]["before"], &value["changed"][0]["difference"]),
        (&40.into(), &(-10).into())
    );
    assert_eq!(value["changed"][1]["after"], "2", "money is text");
}

#[test]
fn two_forms_and_a_report_without_tables_leave_no_cell_unnamed() {
    let (old, new) = (report("青禾区白露镇", 2020, &[]), report("青禾区白露镇", 2021, &[]));
    let mut book = Xlsx::new(Cursor::new(compare::sheet_pair(("一", &old), ("二", &new)).unwrap())).unwrap();
    let left = rows(&mut book, "没有比较的格");
    assert!(left.len() > 10 && left.iter().all(|row| row[3] == word("两种格式不能对应")), "{left:?}");
    let bare = gongkai_report::read(
        "青禾区白露镇2030年政府信息公开工作年度报告\n一、总体情况\n无\n".as_bytes(),
        "x",
    );
    let bare = bare.unwrap().report;
    let mut book = Xlsx::new(Cursor::new(compare::sheet_pair(("一", &bare), ("二", &new)).unwrap())).unwrap();
    assert_eq!(rows(&mut book, "变化"), Vec::<Vec<Data>>::new(), "nothing rose from what is not known");
    assert_eq!(rows(&mut book, "没有比较的格").len(), new.cells().count());
}

#[test]
fn many_reports_have_rates_and_pairs() {
    let disclosed = |agency: &str, count| {
        report(
            agency,
            2031,
            &[
                ("requests/disclosed/total", count),
                ("requests/total/total", 40),
                ("requests/not_disclosed.other_law/total", 40 - count),
            ],
        )
    };
    let few = report("青禾区柳林乡", 2031, &[("requests/disclosed/total", 2), ("requests/total/total", 2)]);
    let all = [
        ("白露.txt".to_owned(), disclosed("青禾区白露镇", 30)),
        ("松溪.txt".to_owned(), disclosed("青禾区松溪镇", 10)),
        ("柳林.txt".to_owned(), few),
    ];
    let mut book = Xlsx::new(Cursor::new(compare::sheet_many(&all).unwrap())).unwrap();
    assert_eq!(book.sheet_names(), ["比率", "相同的文字"]);
    let rates = rows(&mut book, "比率");
    let of = |file: &str| {
        let found = rates
            .iter()
            .find(|row| row[0] == word(file) && row[3] == word("予以公开（含部分公开）占办理结果"));
        found.unwrap_or_else(|| panic!("{file}: {rates:?}")).clone()
    };
    assert_eq!(of("白露.txt")[4..], [30.0, 40.0, 0.75, 1.0].map(Data::Float));
    assert_eq!(of("松溪.txt")[4..], [10.0, 40.0, 0.25, 2.0].map(Data::Float));
    assert_eq!(of("柳林.txt")[7], Data::Empty, "nobody is ranked on two cases");
    let pairs = rows(&mut book, "相同的文字");
    assert_eq!(pairs.len(), 3, "each has it from one of the others: {pairs:?}");
}
