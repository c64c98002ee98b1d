//! Layouts from pages and converters that only look broken: every cell is read, and nothing is told of a right report.
#![allow(clippy::unwrap_used)]

mod layouts;

use gongkai_report::model::{
    ApplicantColumn, CellAddress, PositionKind, ProactiveColumn, ProactiveRow, RequestRow, TableName,
};
use gongkai_report::{Content, OfficialForm, Reading, Report, Section, read, write};
use layouts::{Layout, Loose, dense, print, print_loose};

fn read_whole(right: &Report, text: &str) -> Reading {
    let reading = read(text.as_bytes(), "x").unwrap();
    for view in right.cells() {
        let found = reading.report.get(view.address).map(|cell| &cell.content);
        assert_eq!(found, Some(&view.cell.content), "{}\n{text}", view.address);
    }
    reading
}

fn reports() -> impl Iterator<Item = Report> {
    OfficialForm::ALL.into_iter().flat_map(|form| (0..4).map(move |seed| dense(form, seed)))
}

#[test]
fn headings_in_every_numbering() {
    let styles: [fn(usize, &str) -> String; 5] = [
        |n, words| format!("第{}部分　{words}", "一二三四五六".chars().nth(n).unwrap()),
        |n, words| format!("（{}）{words}", "一二三四五六".chars().nth(n).unwrap()),
        |n, words| format!("{} {words}", "一二三四五六".chars().nth(n).unwrap()),
        |n, words| format!("{}、{words}", n + 1),
        |_, words| words.to_owned(),
    ];
    for right in reports() {
        for style in styles {
            let mut text = print(&right, Layout::RaggedTabs);
            for (number, section) in Section::ALL.into_iter().enumerate() {
                let words: String = section.official().chars().skip(2).collect();
                text = text.replace(section.official(), &style(number, &words));
            }
            let reading = read_whole(&right, &text);
            assert_eq!(reading.check(None), [], "{text}");
        }
    }
}

#[test]
fn a_table_of_contents_is_no_report_and_a_second_report_is_told() {
    for right in reports() {
        let text = print(&right, Layout::RaggedTabs);
        let contents: String = Section::ALL
            .iter()
            .zip(1..)
            .map(|(section, page)| format!("{}……{page}\n", section.official()))
            .collect();
        let (title, body) = text.split_once("一、总体情况").unwrap();
        let reading = read_whole(&right, &format!("{title}目录\n{contents}一、总体情况{body}"));
        assert_eq!(reading.check(None), []);

        let mut other = dense(right.requests.form.unwrap(), 77);
        other.agency = Some("青禾区柳林镇".to_owned());
        let reading = read_whole(&right, &format!("{text}\n{}", print(&other, Layout::RaggedTabs)));
        let rules: Vec<_> = reading.check(None).iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["second-report"]);
        assert_eq!(reading.report.sections, right.sections);
    }
}

#[test]
fn marks_of_markdown_and_entities_are_no_values() {
    for right in reports() {
        let text = print(&right, Layout::Markdown);
        let marked = text
            .replace(" 1.", " 1\\.")
            .replace(" 2.", " 2\\.")
            .replace(" 3.", " 3\\.")
            .replace("商业企业", "商业<br>企业")
            .replace("| 0 |", "| **0** |")
            .replace("| 7 |", "| &nbsp;7 |");
        assert_ne!(text, marked);
        assert_eq!(read_whole(&right, &marked).check(None), [], "{marked}");
    }
}

#[test]
fn blanks_on_lines_of_their_own_keep_their_columns() {
    for mut right in reports() {
        let zeros: Vec<CellAddress> = right
            .cells()
            .filter(|view| view.cell.count() == Some(0) && view.address.table() == TableName::Requests)
            .map(|view| view.address)
            .collect();
        let text = print_loose(&right, Loose::CellPipes).replace("\n0 |", "\n|");
        // Blank where zero stood; only part 三 has sums to read the rest by.
        for address in zeros {
            layouts::put(&mut right, address, Content::Blank);
        }
        let reading = read(text.as_bytes(), "x").unwrap();
        for view in right.cells().filter(|view| view.address.table() == TableName::Requests) {
            let found = &reading.report.get(view.address).unwrap().content;
            assert_eq!(*found, view.cell.content, "{}\n{text}", view.address);
        }
        let told = reading.check(None);
        assert!(told.iter().all(|finding| finding.rule == "cell-missing"), "{told:#?}");
        assert!(told.len() <= 9, "{told:#?}");
    }
}

#[test]
fn labels_set_lower_than_their_values() {
    for right in reports() {
        let text = print(&right, Layout::Spaces);
        let values = |row| {
            let counts =
                ApplicantColumn::ALL.iter().map(|&c| right.requests.count(row, c).unwrap().to_string());
            counts.collect::<Vec<_>>().join("  ")
        };
        let (repeated, publication) = (values(RequestRow::Repeated), values(RequestRow::PublicPublication));
        let before = format!("2.重复申请  {repeated}\n3.要求提供公开出版物  {publication}\n");
        let after =
            format!("2.重复申请\n（五）不予 3.要求提供公开出版物  {repeated}\n处理    {publication}\n");
        assert!(text.contains(&before), "{text}");
        let reading = read_whole(&right, &text.replace(&before, &after));
        // The sums that told whose values they are prove nothing of them afterwards.
        let cell = reading.report.requests.get(RequestRow::Repeated, ApplicantColumn::Total).unwrap();
        assert!(cell.reconstructed);
    }
}

#[test]
fn mirrors_in_traditional_characters_and_wrapped_lines() {
    let mut right = dense(OfficialForm::F2021, 2);
    right.set_section(
        Section::Overview,
        "（一）主動公開。全年主動公開政府信息64條，其中公告20條、動態44條。（二）依申請公開。辦理情況見第三部分，涉及平臺、網站、信息管理、審核、監督、保障和考核等工作，社會評議良好，未追究責任。",
    );
    let text = print(&right, Layout::RaggedTabs);
    assert_eq!(read_whole(&right, &text).check(None), []);

    // A line that ends between number and unit, and one that begins with a decimal.
    right.set_section(
        Section::Overview,
        "（一）主动公开。全年通过门户网站主动公开政府信息 200 条，其中公告 100 条，占50.00%，动态 55\n条，占\n27.50%，文件 45 条，占22.50%。",
    );
    let text = print(&right, Layout::RaggedTabs);
    assert_eq!(read_whole(&right, &text).check(None), [], "{text}");
}

#[test]
fn a_page_stands_for_the_line_in_a_pdf() {
    let bytes = include_bytes!("corpus/qinghe.pdf");
    let reading = read(bytes, "qinghe.pdf").unwrap();
    let cell = reading.report.requests.get(RequestRow::Received, ApplicantColumn::Total).unwrap();
    assert!(matches!(cell.at.unwrap().kind, PositionKind::Page(page) if page >= 1));
    let mut report = reading.report;
    let address = CellAddress::Requests(RequestRow::Received, ApplicantColumn::Total);
    let mut wrong = report.get(address).unwrap().clone();
    wrong.content = Content::Count(999);
    report.put(address, wrong);
    let findings = gongkai_report::check(&report, None);
    let found = findings.iter().find(|finding| finding.at.address() == Some(address)).unwrap().to_json();
    assert!(found["at"]["page"].is_u64(), "{found}");
    assert!(found["at"]["line"].is_null(), "{found}");
    let model = write::to_value(&report, &[]);
    assert!(model["positions"][address.to_string()]["page"].is_u64());
}

#[test]
fn an_amount_keeps_its_unit() {
    let mut right = dense(OfficialForm::F2019, 1);
    let amount = CellAddress::Proactive(ProactiveRow::Procurement, ProactiveColumn::Amount);
    layouts::put(&mut right, amount, Content::Amount("27.5万元".to_owned()));
    for printed in ["27.5 万元", "２７．５万元"] {
        read_whole(&right, &print(&right, Layout::Spaces).replace("27.5万元", printed));
    }
}

#[test]
fn values_that_ran_into_the_row_above_are_not_taken() {
    for seed in 0..4 {
        let right = dense(OfficialForm::F2019, seed);
        let text = print_loose(&right, Loose::CellPipes);
        let lines: Vec<&str> = text.lines().collect();
        let label = lines.iter().position(|line| line.starts_with("其他对外管理服务事项")).unwrap();
        let mut moved = lines.clone();
        moved[label..label + 3].rotate_left(1);
        let reading = read(moved.join("\n").as_bytes(), "x.txt").unwrap();
        assert!(reading.report.proactive.cells().all(|(.., cell)| cell.content == Content::Lost));
        let rules: Vec<_> = reading.check(None).iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["reading-order-lost"]);
    }
}

#[test]
fn a_heading_said_again_above_its_table_is_no_prose() {
    let report = layouts::dense(OfficialForm::F2021, 9);
    let text = layouts::print(&report, layouts::Layout::Markdown);
    let heading = Section::Remedies.official();
    let again = text.replace(heading, &format!("{heading}\n\n政府信息公开行政复议、行政诉讼情况"));
    assert_ne!(again, text);
    let reading = read(again.as_bytes(), "x.txt").unwrap();
    assert_eq!(reading.report.sections, report.sections);
    assert_eq!(reading.check(None), []);
}
