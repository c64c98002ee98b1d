//! What is written is read again: the same report in every format, the same bytes every time.
#![allow(clippy::unwrap_used)]

mod generated;
mod layouts;

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use generated::{differences, reports, with_all_states};
use gongkai_report::model::{Paragraph, TableName};
use gongkai_report::write::{Format, docx, grid, html_page, xlsx};
use gongkai_report::{Content, OfficialForm, Report, Section, read, write};
use proptest::prelude::*;

/// The formats that reading understands.
const READ_BACK: [Format; 5] = [Format::Text, Format::Json, Format::Html, Format::Docx, Format::Xlsx];

fn again(report: &Report, format: Format) -> Report {
    let bytes = format.write(report).unwrap();
    read(&bytes, &format.file_name(report)).unwrap().report
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 60, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn what_is_written_is_read_again(report in reports()) {
        for format in READ_BACK {
            let lost = differences(&report, &again(&report, format));
            prop_assert!(lost.is_empty(), "{format:?}: {lost:#?}");
        }
    }

    /// Whatever stands in the cells, the tables of the office formats show what the table description says.
    #[test]
    fn office_files_show_the_tables(report in reports()) {
        let document = part(&docx(&report).unwrap(), "word/document.xml");
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(xlsx(&report).unwrap())).unwrap();
        for (table, sheet) in TableName::ALL.iter().zip(["主动公开", "申请办理", "复议诉讼"]) {
            let expected: Vec<String> = texts(&report, *table);
            let cells: Vec<String> = document.split("<w:tbl>").nth(*table as usize + 1).unwrap()
                .split("</w:tbl>").next().unwrap().split("<w:tc>").skip(1)
                .filter(|cell| !cell.contains("<w:vMerge/>")).map(text_of).collect();
            prop_assert_eq!(&cells, &expected, "docx {:?}", table);

            let range = workbook.worksheet_range(sheet).unwrap();
            let prose = 1 + report.sections.paragraphs(Section::ALL[*table as usize + 1]).unwrap().len();
            let shown: Vec<String> = grid(&report, *table).placed().iter().enumerate()
                .flat_map(|(row, places)| places.iter().filter(|place| place.cell.is_some())
                    .map(move |place| (u32::try_from(prose + row).unwrap(), u32::try_from(place.column).unwrap())))
                .map(|at| match range.get_value(at) {
                    None | Some(Data::Empty) => String::new(),
                    Some(value) => value.to_string(),
                }).collect();
            prop_assert_eq!(&shown, &expected, "xlsx {:?}", table);
        }
    }
}

#[test]
fn zero_blank_none_and_lost_stay_four_things() {
    for form in OfficialForm::ALL {
        let report = with_all_states(form);
        for format in READ_BACK {
            assert_eq!(differences(&report, &again(&report, format)), [""; 0], "{format:?}");
        }
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = layouts::dense(OfficialForm::F2021, 5);
    for format in Format::ALL {
        let first = format.write(&report).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert_eq!(format.write(&report.clone()).unwrap(), first, "{format:?}");
    }
    // The date in the archive's entries is the earliest it can hold, not today's.
    let bytes = docx(&report).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    for index in 0..archive.len() {
        assert_eq!(archive.by_index(index).unwrap().last_modified().unwrap().year(), 1980);
    }
}

#[test]
fn hostile_text_leaves_every_file_whole() {
    let mut report = layouts::dense(OfficialForm::F2021, 2);
    let hostile = "甲\u{0}\u{b}\u{1b}乙<w:p>&\"'\u{ffff}\t丙]]>\n丁";
    report.agency = Some(format!("青禾区<镇>&\u{7}{}", "政".repeat(40)));
    report.lead = vec![Paragraph { text: hostile.to_owned(), at: None }];
    report.sections.set_text(Section::Overview, &format!("=1+1\n{}\n{hostile}", "长".repeat(70_000)));
    for format in Format::ALL {
        assert!(!format.write(&report).unwrap().is_empty());
    }
    let document = part(&docx(&report).unwrap(), "word/document.xml");
    assert!(document.contains("甲乙&lt;w:p&gt;&amp;"));
    let mut reader = quick_xml::Reader::from_str(&document);
    while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(xlsx(&report).unwrap())).unwrap();
    let prose = workbook.worksheet_range("总体情况").unwrap();
    let all: String = prose.cells().map(|(_, _, value)| value.to_string()).collect();
    assert_eq!(all.chars().filter(|c| *c == '长').count(), 70_000);
    assert!(html_page(&report).contains("青禾区&lt;镇&gt;&amp;政"));
    assert!(!Format::Docx.file_name(&report).contains(['<', '\u{7}']));
}

#[test]
fn header_rows_of_a_document_repeat_and_rows_do_not_break() {
    let report = layouts::dense(OfficialForm::F2021, 4);
    let document = part(&docx(&report).unwrap(), "word/document.xml");
    let requests = document.split("<w:tbl>").nth(2).unwrap().split("</w:tbl>").next().unwrap();
    assert_eq!(requests.matches("<w:tblHeader/>").count(), 3);
    assert_eq!(requests.matches("<w:tr>").count(), 28);
    assert_eq!(requests.matches("<w:cantSplit/>").count(), 28);
    // 三、本年度办理结果 reaches over 22 rows.
    let group = requests.split("<w:tr>").skip(6).take(22);
    assert!(group.skip(1).all(|row| row.split("<w:tc>").nth(1).unwrap().contains("<w:vMerge/>")));
}

#[test]
fn totals_of_the_workbook_are_formulas_with_their_values() {
    let mut report = layouts::dense(OfficialForm::F2021, 9);
    let bytes = xlsx(&report).unwrap();
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    // 25 row totals and 6 column totals; the three blocks of part 四; four relations over seven columns.
    for (sheet, expected) in [("申请办理", 31), ("复议诉讼", 3), ("勾稽核对", 28), ("主动公开", 0)]
    {
        let formulas = workbook.worksheet_formula(sheet).unwrap();
        assert_eq!(
            formulas.cells().filter(|(_, _, formula)| !formula.is_empty()).count(),
            expected,
            "{sheet}"
        );
    }
    let check = workbook.worksheet_range("勾稽核对").unwrap();
    for column in 1..=7 {
        assert_eq!(check.get_value((3, column)), Some(&Data::Float(0.0)));
        assert_eq!(check.get_value((4, column)), Some(&Data::Float(0.0)));
    }
    // A stated total that is wrong is kept as stated, not computed away.
    let total = "requests/received/total".parse().unwrap();
    report.put(total, gongkai_report::Cell::new(Content::Count(1_000_007)));
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(xlsx(&report).unwrap())).unwrap();
    let formulas = workbook.worksheet_formula("申请办理").unwrap();
    assert_eq!(formulas.cells().filter(|(_, _, formula)| !formula.is_empty()).count(), 30);
    let check = workbook.worksheet_range("勾稽核对").unwrap();
    assert_ne!(check.get_value((3, 7)), Some(&Data::Float(0.0)));
}

#[test]
fn csv_has_a_field_for_each_column() {
    let report = layouts::dense(OfficialForm::F2021, 1);
    let csv = write::csv(&report);
    let received = csv.lines().find(|line| line.contains("本年新收")).unwrap();
    assert_eq!(received.split(',').count(), 10);
    assert!(csv.starts_with('\u{feff}'));
}

fn texts(report: &Report, table: TableName) -> Vec<String> {
    grid(report, table).rows.into_iter().flatten().map(|cell| cell.text).collect()
}

fn text_of(xml: &str) -> String {
    let runs = xml.split("<w:t xml:space=\"preserve\">").skip(1);
    runs.map(|run| run.split("</w:t>").next().unwrap()).collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}
