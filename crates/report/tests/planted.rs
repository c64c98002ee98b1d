//! One error planted in a right report, in every format it can be handed in: told once, at its place.
#![allow(clippy::unwrap_used)]

mod layouts;

use gongkai_report::model::{ApplicantColumn, CellAddress, RequestRow};
use gongkai_report::{Content, OfficialForm, Report, Section, Severity, read, write};
use layouts::{dense, put};

fn files(report: &Report) -> [(&'static str, Vec<u8>); 5] {
    [
        ("txt", write::text(report).into_bytes()),
        ("html", write::html(report).into_bytes()),
        ("docx", write::docx(report).unwrap()),
        ("xlsx", write::xlsx(report).unwrap()),
        ("json", write::json(report, &[]).into_bytes()),
    ]
}

#[test]
fn a_wrong_total_is_told_at_its_cell_in_every_format() {
    for form in OfficialForm::ALL {
        let right = dense(form, 51);
        for view in right.cells().filter(|view| view.derived) {
            let count = view.cell.count().unwrap();
            let mut wrong = right.clone();
            put(&mut wrong, view.address, Content::Count(count + 10));
            for (format, bytes) in files(&wrong) {
                let findings = read(&bytes, "x").unwrap().check(None);
                let [one] = &findings[..] else { panic!("{format} {}: {findings:#?}", view.address) };
                assert_eq!(one.at.address(), Some(view.address), "{format}");
                assert_eq!((&one.found, &one.expected), (&Some((count + 10).into()), &Some(count.into())));
                assert_eq!(one.severity, Severity::Error);
            }
        }
    }
}

#[test]
fn what_the_prose_says_otherwise_is_told_at_its_words_in_every_format() {
    let mut right = dense(OfficialForm::F2021, 52);
    let total = |row| right.get(CellAddress::Requests(row, ApplicantColumn::Total)).unwrap().count().unwrap();
    let received = total(RequestRow::Received);
    let said = |received: i64, disclosed: i64, items: i64, share: &str| {
        format!(
            "（一）主动公开。全年公开信息{items}条，其中公告20条、动态34条、政策10条。动态34条，占{share}%。\n（二）依申请公开。全年收到政府信息公开申请{received}件，予以公开{disclosed}件。"
        )
    };
    let disclosed = total(RequestRow::Disclosed);
    right.set_section(Section::Overview, &said(received, disclosed, 64, "53.13"));
    for (format, bytes) in files(&right) {
        let findings = read(&bytes, "x").unwrap().check(None);
        assert!(findings.is_empty(), "{format}: {findings:#?}");
    }
    for (rule, text) in [
        ("prose-requests", said(received + 1, disclosed, 64, "53.13")),
        ("prose-outcomes", said(received, disclosed + 2, 64, "53.13")),
        ("prose-percentage", said(received, disclosed, 64, "54.13")),
    ] {
        let mut wrong = right.clone();
        wrong.set_section(Section::Overview, &text);
        for (format, bytes) in files(&wrong) {
            let findings = read(&bytes, "x").unwrap().check(None);
            let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
            assert_eq!(rules, [rule], "{format}: {findings:#?}");
        }
    }
    for items in [65, 640] {
        let mut wrong = right.clone();
        let text = said(received, disclosed, items, "53.13").replace("动态34条，占53.13%。", "");
        wrong.set_section(Section::Overview, &text);
        for (format, bytes) in files(&wrong) {
            let findings = read(&bytes, "x").unwrap().check(None);
            let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
            assert_eq!(rules, ["prose-sum"], "{format} {items}: {findings:#?}");
        }
    }
}
