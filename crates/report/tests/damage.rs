//! Damage never shifts a number: what was hurt is lost and told, everything else is read as it stands.
#![allow(clippy::unwrap_used)]

mod layouts;

use gongkai_report::model::{CellAddress, TableName};
use gongkai_report::{At, Content, OfficialForm, Report, Severity, check, read};
use layouts::{Layout, dense, print, put};

/// Every number of the right report is either still there or lost; gives back what was lost.
fn lost_against(right: &Report, read: &Report, context: &str) -> Vec<CellAddress> {
    let mut lost = Vec::new();
    for view in right.cells() {
        match &read.get(view.address).unwrap().content {
            found if *found == view.cell.content => {}
            Content::Blank | Content::Lost => lost.push(view.address),
            wrong => {
                panic!("{} was {:?} and is read as {wrong:?}\n{context}", view.address, view.cell.content)
            }
        }
    }
    lost
}

/// The requests lines of a printed report: index of the line and the row it holds.
fn request_lines(report: &Report, text: &str) -> Vec<(usize, &'static str)> {
    let reading = read(text.as_bytes(), "x").unwrap();
    assert_eq!(reading.report, *report);
    let rows = report.requests.rows();
    rows.map(|row| (reading.report.requests.row_at(row).unwrap().line - 1, row.code())).collect()
}

#[test]
fn an_emptied_cell_is_lost_exactly_there() {
    for form in OfficialForm::ALL {
        for layout in [Layout::Grid, Layout::RaggedTabs, Layout::TrimmedTabs, Layout::Markdown] {
            let right = dense(form, 11);
            for view in right.cells() {
                let mut hurt = right.clone();
                put(&mut hurt, view.address, Content::Blank);
                let text = print(&hurt, layout);
                let reading = read(text.as_bytes(), "x.txt").unwrap();
                let context = format!("{layout:?} {} {text}", view.address);
                let lost = lost_against(&right, &reading.report, &context);
                // In a trimmed text nothing tells an emptied last cell from one that vanished in the middle.
                let trimmed = matches!(layout, Layout::TrimmedTabs);
                if trimmed {
                    assert!(lost.contains(&view.address), "{context}");
                    continue;
                }
                assert_eq!(lost, [view.address], "{context}");
                let told: Vec<_> =
                    reading.problems.iter().filter(|p| p.at.address() == Some(view.address)).collect();
                let row_told = reading.problems.iter().any(|p| p.rule == "cell-missing");
                assert!(told.len() == 1 || row_told, "{context}\n{:?}", reading.problems);
                assert_eq!(reading.problems.len(), 1, "{context}\n{:?}", reading.problems);
                assert!(reading.check(None).iter().all(|f| f.severity != Severity::Error));
            }
        }
    }
}

#[test]
fn a_cell_that_vanished_never_shifts_the_others() {
    let mut exact = 0;
    let mut all = 0;
    for form in OfficialForm::ALL {
        for layout in Layout::ALL {
            let right = dense(form, 23);
            let text = print(&right, layout);
            let separator = match layout {
                Layout::Pipes | Layout::Markdown => " | ",
                Layout::Spaces => "  ",
                _ => "\t",
            };
            let lines: Vec<&str> = text.lines().collect();
            for (index, row) in request_lines(&right, &text) {
                let cells: Vec<&str> = lines[index].split(separator).collect();
                let numbers = cells
                    .iter()
                    .enumerate()
                    .filter(|(_, cell)| cell.trim_end_matches(" |").parse::<i64>().is_ok());
                for (column, (cut, _)) in numbers.enumerate() {
                    let mut cells = cells.clone();
                    cells.remove(cut);
                    let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
                    lines[index] = cells.join(separator);
                    let hurt = lines.join("\n");
                    let reading = read(hurt.as_bytes(), "x.txt").unwrap();
                    let context = format!("{layout:?} {row} column {column}: {}", lines[index]);
                    let lost = lost_against(&right, &reading.report, &context);
                    assert!(lost.iter().all(|cell| cell.row_code() == row), "{context}: {lost:?}");
                    let column_code = gongkai_report::model::ApplicantColumn::ALL[column].code();
                    let told = reading
                        .problems
                        .iter()
                        .any(|p| matches!(p.at, At::Table { row: Some(of), .. } if of == row));
                    assert!(told, "{context}");
                    assert!(lost.iter().any(|cell| cell.column_code() == column_code), "{context}: {lost:?}");
                    all += 1;
                    exact += usize::from(lost.len() == 1);
                }
            }
        }
    }
    // Two equal numbers side by side leave open which of them is gone.
    assert!(exact * 100 >= all * 90, "{exact} of {all} found exactly");
}

#[test]
fn a_row_that_vanished_is_lost_as_a_whole_and_told_once() {
    for form in OfficialForm::ALL {
        for layout in Layout::ALL {
            let right = dense(form, 31);
            let text = print(&right, layout);
            for (index, row) in request_lines(&right, &text) {
                let kept: Vec<&str> =
                    text.lines().enumerate().filter(|(i, _)| *i != index).map(|(_, line)| line).collect();
                let reading = read(kept.join("\n").as_bytes(), "x.txt").unwrap();
                let lost = lost_against(&right, &reading.report, &format!("{layout:?} {row}"));
                assert_eq!(lost.len(), 7);
                assert!(lost.iter().all(|cell| cell.row_code() == row));
                let problems = reading.check(None);
                assert_eq!(problems.len(), 1, "{layout:?} {row}: {problems:?}");
                assert_eq!(problems[0].rule, "row-missing");
                assert!(matches!(problems[0].at, At::Table { row: Some(at), column: None, .. } if at == row));
            }
        }
    }
}

#[test]
fn a_broken_total_is_one_finding_at_its_cell() {
    for form in OfficialForm::ALL {
        for seed in [41, 42] {
            let right = dense(form, seed);
            for view in right.cells().filter(|view| view.derived) {
                for wrong in [0, view.cell.count().unwrap() + 3] {
                    if view.cell.count() == Some(wrong) {
                        continue;
                    }
                    let mut broken = right.clone();
                    put(&mut broken, view.address, Content::Count(wrong));
                    let text = print(&broken, Layout::RaggedTabs);
                    let reading = read(text.as_bytes(), "x.txt").unwrap();
                    assert_eq!(reading.report, broken);
                    let findings = reading.check(None);
                    assert_eq!(findings.len(), 1, "{}: {findings:?}", view.address);
                    assert_eq!(findings[0].at.address(), Some(view.address));
                    assert!(findings[0].at.position().is_some());
                    assert_eq!(findings[0].found, Some(wrong.into()));
                    assert_eq!(findings[0].expected, view.cell.count().map(Into::into));
                }
            }
        }
    }
}

#[test]
fn a_table_cut_off_in_the_middle_gives_no_balance_errors() {
    let right = dense(OfficialForm::F2021, 5);
    let text = print(&right, Layout::RaggedTabs);
    let end = text.find("(四) 无法提供").or_else(|| text.find("1.本机关不掌握")).unwrap();
    let reading = read(&text.as_bytes()[..end], "x.txt").unwrap();
    let findings = reading.check(None);
    assert!(findings.iter().all(|finding| finding.severity != Severity::Error), "{findings:?}");
    // What is missing after the cut is told once, as the cut: the rows, the table, the parts.
    let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["text-truncated"]);
    assert!(
        lost_against(&right, &reading.report, "").iter().all(|cell| reading
            .report
            .get(*cell)
            .unwrap()
            .content
            == Content::Lost)
    );
}

#[test]
fn a_report_of_zeros_is_not_the_same_as_an_empty_one() {
    let zeros = Report::new("青禾区白露镇", 2031);
    assert_eq!(check(&zeros, None), []);
    let title_only = read("青禾区白露镇2031年政府信息公开工作年度报告".as_bytes(), "x.txt").unwrap();
    assert!(title_only.report.cells().all(|view| view.cell.content == Content::Lost));
    assert!(TableName::ALL.iter().all(|&table| title_only.report.form(table).is_none()));
}
