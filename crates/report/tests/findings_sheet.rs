//! The spreadsheet of findings, read back by another program's reader.
#![allow(clippy::unwrap_used)]

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use gongkai_report::lint::FindingsSheet;
use gongkai_report::{Report, check};

#[test]
fn every_finding_is_a_row() {
    let mut report = Report::new("青禾区白露镇人民政府", 2031);
    report.set_count("requests/received/other".parse().unwrap(), 3).unwrap();
    let findings = check(&report, None);
    let made = || {
        let mut sheet = FindingsSheet::new();
        sheet.add("一.txt", &report, &findings);
        sheet.add("二.txt", &report, &[]);
        sheet.add_unreadable("三.pdf", "没有文字层");
        sheet.finish().unwrap()
    };
    let bytes = made();
    assert_eq!(bytes, made(), "same findings, same bytes");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["问题", "读不出的文件"]);
    let range = book.worksheet_range("问题").unwrap();
    assert_eq!(range.height(), findings.len() + 1);
    let row: Vec<&Data> = range.rows().nth(1).unwrap().iter().collect();
    assert_eq!(row[0], &Data::String("一.txt".to_owned()));
    assert_eq!(row[2], &Data::Float(2031.0));
    assert_eq!(row[3], &Data::String("错误".to_owned()));
    assert_eq!(row[4], &Data::String(findings[0].rule.to_owned()));
    assert_eq!(row[8], &Data::String(findings[0].message.clone()));
    let unread = book.worksheet_range("读不出的文件").unwrap();
    assert_eq!(unread.get_value((1, 1)), Some(&Data::String("没有文字层".to_owned())));
}
