//! The annual report on paper: read back, looked into, and the same every time.
#![cfg(feature = "typst")]
#![allow(clippy::unwrap_used)]

#[path = "../../report/tests/generated/mod.rs"]
mod generated;
#[path = "../../report/tests/layouts/mod.rs"]
mod layouts;

use std::io::{Cursor, Read};
use std::sync::LazyLock;

use generated::{differences, reports, with_all_states};
use gongkai_report::model::{Paragraph, TableName};
use gongkai_report::write::grid;
use gongkai_report::{Content, OfficialForm, Report, Section, read};
use gongkai_typeset::{Engine, FileFormat, NoFile, NotLaidOut};
use lopdf::{Dictionary, Object};
use proptest::prelude::*;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Vec::new()));

fn file(report: &Report, format: FileFormat) -> Vec<u8> {
    format.write(report, None, &ENGINE).unwrap()
}

fn again(report: &Report) -> Report {
    let bytes = file(report, FileFormat::Pdf);
    read(&bytes, "report.pdf").unwrap().report
}

/// The report with its prose changed.
fn rewritten(mut report: Report, change: impl Fn(&str) -> String) -> Report {
    for paragraph in &mut report.lead {
        *paragraph = Paragraph { text: change(&paragraph.text), at: None };
    }
    for section in Section::ALL {
        if let Some(text) = report.sections.text(section) {
            report.set_section(section, &change(&text));
        }
    }
    report
}

/// What differs after printing and reading. Spaces beside characters are layout on paper, and are not compared.
fn lost_on_paper(report: &Report) -> Vec<String> {
    let closed_up = |text: &str| text.replace([' ', '\u{3000}'], "");
    differences(&rewritten(report.clone(), closed_up), &rewritten(again(report), closed_up))
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 20, ..ProptestConfig::with_cases(48) })]

    // Whether its rows add up or not, and whichever of its cells are blank.
    #[test]
    fn what_is_printed_is_read_again(report in reports()) {
        let changed = changed_on_paper(&report);
        prop_assert!(changed.is_empty(), "{changed:#?}");
    }
}

/// What has another value after printing and reading.
fn changed_on_paper(report: &Report) -> Vec<String> {
    // The built-in typeface lacks one character of the generated texts.
    let report = rewritten(report.clone(), |text| text.replace('𠮷', "吉"));
    lost_on_paper(&report)
}

#[test]
fn a_report_that_adds_up_comes_back_whole() {
    for form in OfficialForm::ALL {
        for seed in 0..12 {
            assert_eq!(lost_on_paper(&layouts::dense(form, seed)), [""; 0], "{seed}");
        }
    }
}

#[test]
fn a_wrong_total_on_paper_is_told_at_its_cell() {
    let right = layouts::dense(OfficialForm::F2021, 13);
    for view in right.cells().filter(|view| view.derived).step_by(7) {
        let count = view.cell.count().unwrap();
        let mut wrong = right.clone();
        layouts::put(&mut wrong, view.address, Content::Count(count + 10));
        let findings = read(&file(&wrong, FileFormat::Pdf), "report.pdf").unwrap().check(None);
        let [one] = &findings[..] else { panic!("{}: {findings:#?}", view.address) };
        assert_eq!(one.at.address(), Some(view.address));
        assert_eq!((&one.found, &one.expected), (&Some((count + 10).into()), &Some(count.into())));
    }
}

#[test]
fn zero_blank_none_and_lost_stay_four_things() {
    for form in OfficialForm::ALL {
        let report = with_all_states(form);
        assert_eq!(lost_on_paper(&report), [""; 0]);
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = layouts::dense(OfficialForm::F2021, 5);
    for format in FileFormat::ALL {
        let first = file(&report, format);
        // Another engine remembers nothing of the first.
        let other = format.write(&report.clone(), None, &Engine::new(Vec::new())).unwrap();
        assert!(first == other, "{format:?}");
    }
    let day = jiff::civil::date(2026, 2, 3);
    let dated = FileFormat::Pdf.write(&report, Some(day), &ENGINE).unwrap();
    assert!(dated != file(&report, FileFormat::Pdf));
    assert!(String::from_utf8_lossy(&dated).contains("2026-02-03"));
}

#[test]
fn a_long_report_keeps_its_tables_over_many_pages() {
    let mut report = layouts::dense(OfficialForm::F2021, 8);
    let sentence = "健全政务公开工作机制，依法办理公开申请，把群众关心的事项讲清楚、说明白。";
    let long: Vec<String> = (1..40).map(|n| format!("第{n}项，{}", sentence.repeat(8))).collect();
    report.set_section(Section::Overview, &long.join("\n"));
    let document = gongkai_typeset::annual_report::lay_out(&ENGINE, &report).unwrap();
    assert!(document.pages() > 20, "{} pages", document.pages());
    assert_eq!(lost_on_paper(&report), [""; 0]);
}

#[test]
fn a_character_that_no_typeface_has_is_named() {
    let mut report = layouts::dense(OfficialForm::F2021, 3);
    report.lead = vec![Paragraph { text: "负责人𠮷田𰻞。".to_owned(), at: None }];
    for format in [FileFormat::Pdf, FileFormat::Ofd] {
        let refused = format.write(&report, None, &ENGINE).unwrap_err();
        let NoFile::NotLaidOut(NotLaidOut::MissingGlyphs(missing)) = &refused else { panic!("{refused}") };
        assert_eq!(missing, &['𠮷', '𰻞']);
        assert!(refused.to_string().contains("“𠮷”（U+20BB7）"));
    }
    // Other formats need no typeface.
    assert!(FileFormat::from_extension("docx").unwrap().write(&report, None, &ENGINE).is_ok());
}

#[test]
fn hostile_text_is_printed_as_text() {
    let mut report = layouts::dense(OfficialForm::F2021, 2);
    let hostile = "甲\u{0}\u{b}\u{1b}乙#panic()$x$*_<p>&\"'@x[丙]\\ ]]>\t丁//戊/*己";
    report.agency = Some(format!("青禾区<镇>&\u{7}{}", "政".repeat(40)));
    report.lead = vec![Paragraph { text: hostile.to_owned(), at: None }];
    report.sections.set_text(Section::Overview, &"长".repeat(20_000));
    for format in [FileFormat::Pdf, FileFormat::Ofd] {
        assert!(!file(&report, format).is_empty());
    }
    let lead = &again(&report).lead;
    assert!(lead.iter().any(|p| p.text.contains("#panic()$x$*_<p>&\"'@x[丙]\\")), "{lead:?}");
}

#[test]
fn the_file_meets_both_standards_and_its_tables_have_heads() {
    let bytes = file(&layouts::dense(OfficialForm::F2021, 4), FileFormat::Pdf);
    let pdf = lopdf::Document::load_mem(&bytes).unwrap();
    let metadata = streams(&pdf).find(|text| text.contains("pdfaid:part")).unwrap();
    for said in [">2</pdfaid:part>", ">A</pdfaid:conformance>", ">1</pdfuaid:part>"] {
        assert!(metadata.replace(['\n', ' '], "").contains(said), "{said}: {metadata}");
    }
    let elements: Vec<&Dictionary> = pdf.objects.values().filter_map(|o| o.as_dict().ok()).collect();
    let kind = |name: &[u8]| {
        elements.iter().filter(|d| d.get(b"S").and_then(Object::as_name).is_ok_and(|n| n == name)).count()
    };
    let form = OfficialForm::F2021;
    let report = layouts::dense(form, 4);
    let grids: Vec<_> = TableName::ALL.iter().map(|&table| grid(&report, table)).collect();
    let cells = |header: bool| {
        grids.iter().flat_map(|g| g.rows.iter().flatten()).filter(|c| c.header == header).count()
    };
    assert_eq!(kind(b"Table"), 3);
    assert_eq!(kind(b"TR"), grids.iter().map(|grid| grid.rows.len()).sum::<usize>());
    assert_eq!((kind(b"TH"), kind(b"TD")), (cells(true), cells(false)));
    assert_eq!(kind(b"H1"), 6);
    let scopes: Vec<&[u8]> = elements
        .iter()
        .flat_map(|element| attributes(&pdf, element))
        .filter_map(|attributes| attributes.get(b"Scope").and_then(Object::as_name).ok())
        .collect();
    assert_eq!(scopes.len(), cells(true));
    assert!(scopes.contains(&b"Row".as_slice()) && scopes.contains(&b"Column".as_slice()));
}

#[test]
fn an_ofd_is_an_archive_of_pages_with_the_text_in_order() {
    let mut report = layouts::dense(OfficialForm::F2021, 6);
    report.lead =
        vec![Paragraph { text: "根据<条例>&有关规定，编制本报告。".to_owned(), at: None }];
    let bytes = file(&report, FileFormat::Ofd);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let pages = names.iter().filter(|name| name.ends_with("/Content.xml")).count();
    let document = gongkai_typeset::annual_report::lay_out(&ENGINE, &report).unwrap();
    assert_eq!(pages, document.pages());
    let mut text = String::new();
    for name in &names {
        let mut xml = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut xml).unwrap();
        let mut reader = quick_xml::Reader::from_str(&xml);
        while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
        for code in xml.split("<ofd:TextCode").skip(1) {
            let code = code.split_once('>').unwrap().1;
            text.push_str(code.split_once("</ofd:TextCode>").unwrap().0);
        }
    }
    let wanted = [
        "政府信息公开工作年度报告",
        "根据&lt;条例&gt;&amp;有关规定，编制本报告。",
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "申请人情况",
        "六、其他需要报告的事项",
    ];
    let mut from = 0;
    for words in wanted {
        let at = text[from..].find(words).unwrap_or_else(|| panic!("{words} is not in order in {text}"));
        from += at;
    }
}

#[test]
fn without_a_typeface_the_message_says_what_to_do() {
    let message = NotLaidOut::NoTypeface.to_string();
    assert!(message.contains("--font-dir") && message.contains("fonts.folders"));
}

fn streams(pdf: &lopdf::Document) -> impl Iterator<Item = String> {
    pdf.objects.values().filter_map(|object| object.as_stream().ok()).map(|stream| {
        let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        String::from_utf8_lossy(&content).into_owned()
    })
}

fn attributes<'a>(pdf: &'a lopdf::Document, element: &'a Dictionary) -> Vec<&'a Dictionary> {
    let Ok(value) = element.get(b"A") else { return Vec::new() };
    let one = |value: &'a Object| pdf.dereference(value).ok().and_then(|(_, value)| value.as_dict().ok());
    match pdf.dereference(value).map(|(_, value)| value) {
        Ok(Object::Array(list)) => list.iter().filter_map(one).collect(),
        _ => one(value).into_iter().collect(),
    }
}
