//! What converters make of a report, from one format into another: the same report, or cells told as lost, but never
//! another value.
#![allow(clippy::unwrap_used)]

mod layouts;

use gongkai_report::model::{ApplicantColumn, CellAddress, RequestRow};
use gongkai_report::{Content, OfficialForm, Report, Section, read, write};
use layouts::{dense, put};

/// Every number that was read is right; gives back how many are lost.
fn lost(right: &Report, read: &Report, context: &str) -> usize {
    let mut lost = 0;
    for view in right.cells() {
        match &read.get(view.address).unwrap().content {
            found if *found == view.cell.content => {}
            Content::Blank | Content::Lost => lost += 1,
            wrong => panic!("{} was {:?}, is read as {wrong:?}\n{context}", view.address, view.cell.content),
        }
    }
    lost
}

/// The zeros of a dense report are left blank, as many agencies do.
fn with_blanks(form: OfficialForm, seed: u64) -> Report {
    let mut report = dense(form, seed);
    let zeros: Vec<CellAddress> = report
        .cells()
        .filter(|view| view.cell.content == Content::Count(0))
        .map(|view| view.address)
        .collect();
    for address in zeros {
        put(&mut report, address, Content::Blank);
    }
    report
}

#[test]
fn blanks_squeezed_out_of_a_jammed_table_never_part_the_numbers_beside_them() {
    // A page without lines around its cells: blanks leave nothing, and one row lost the spaces between its zeros.
    let mut gone = 0;
    for form in OfficialForm::ALL {
        for seed in 0..40 {
            let mut report = with_blanks(form, seed);
            for &column in ApplicantColumn::ALL {
                put(&mut report, CellAddress::Requests(RequestRow::Excessive, column), Content::Count(0));
            }
            let mut text = String::from(
                "青禾区白露镇2031年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n",
            );
            for row in report.requests.rows() {
                let values: Vec<String> = report
                    .requests
                    .row(row)
                    .filter_map(|(_, cell)| cell.count().map(|count| count.to_string()))
                    .collect();
                let gap = if row == RequestRow::Excessive { "" } else { "  " };
                text += &format!("{}  {}\n", row.official(), values.join(gap));
            }
            let reading = read(text.as_bytes(), "x.txt").unwrap();
            for view in report.cells().filter(|view| matches!(view.address, CellAddress::Requests(..))) {
                match &reading.report.get(view.address).unwrap().content {
                    found if *found == view.cell.content => {}
                    Content::Blank | Content::Lost => gone += 1,
                    wrong => panic!("{}: {:?} as {wrong:?}\n{text}", view.address, view.cell.content),
                }
            }
        }
    }
    assert!(gone > 0, "blanks were squeezed out");
}

#[test]
fn labels_of_a_page_without_lines_keep_their_values() {
    // The heading of three rows beside the middle one, and the label at the side run into the one next to it.
    for seed in 0..10 {
        let report = dense(OfficialForm::F2021, seed);
        let mut text =
            String::from("青禾区白露镇2031年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n");
        for row in report.requests.rows() {
            let values: Vec<String> =
                report.requests.row(row).map(|(_, cell)| cell.count().unwrap().to_string()).collect();
            let values = values.join("  ");
            text += &match row {
                RequestRow::PartlyDisclosed => {
                    format!(
                        "度办理结（二）部分公开（区分处理的，\n{values}\n果  只计这一情形，不计其他情形）\n"
                    )
                }
                RequestRow::NotSupplementedInTime => {
                    format!(
                        "1.申请人无正当理由逾期不补正、行政机关不再处理其\n    {values}\n政府信息公开申请\n"
                    )
                }
                RequestRow::FeeNotPaidInTime => {
                    format!(
                        "（六）其他处理 2.申请人逾期未按收费通知要求缴纳费用、行政机关不\n    {values}\n再处理其政府信息公开申请\n"
                    )
                }
                _ => format!("{}  {values}\n", row.official()),
            };
        }
        let reading = read(text.as_bytes(), "x.txt").unwrap();
        assert_eq!(reading.report.requests, report.requests, "{text}");
    }
}

#[test]
fn marks_of_converters_are_no_text() {
    for form in OfficialForm::ALL {
        let report = dense(form, 5);
        let plain = write::text(&report);
        let marked = |before: &str, heading: &str, behind: &str| {
            let line = |line: &str| match Section::ALL.iter().any(|section| section.official() == line) {
                true => format!("{before}{heading}{line}{behind}"),
                false => line.to_owned(),
            };
            plain.lines().map(line).collect::<Vec<_>>().join("\n")
        };
        for text in [
            marked("", "## ", ""),
            marked("", "**", "**"),
            marked("</div>\n\n<div class=\"section\">\n\n", "## ", ""),
            marked(":::\n\n::: {.section}\n\n", "# ", ""),
        ] {
            let reading = read(text.as_bytes(), "x.md").unwrap();
            assert_eq!(reading.report, report, "{text}");
            assert_eq!(reading.check(None), [], "{text}");
        }
    }
}

#[test]
fn a_list_of_sheets_above_the_title_is_not_the_first_part() {
    // An office suite lists the sheets of a workbook at the top of the page it makes of it.
    let report = dense(OfficialForm::F2021, 6);
    let mut text = format!("总体情况\n主动公开\n申请办理\n\nSheet 1: 总体情况\n{}", write::text(&report));
    for (sheet, section) in (2..).zip(&Section::ALL[1..5]) {
        let heading = section.official();
        text = text.replace(heading, &format!("Sheet {sheet}: 主动公开\n{heading}"));
    }
    let reading = read(text.as_bytes(), "x.txt").unwrap();
    assert_eq!(reading.report.agency, report.agency);
    assert_eq!(reading.report.sections, report.sections);
    assert_eq!(lost(&report, &reading.report, &text), 0);
}
