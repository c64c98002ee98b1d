//! Layouts in which rows are no longer lines: read back equal, or null exactly where the text leaves it open.
#![allow(clippy::unwrap_used)]

mod layouts;

use gongkai_report::model::{CellAddress, TableName};
use gongkai_report::{At, Content, OfficialForm, Report, Severity, read};
use layouts::{Loose, dense, print_loose};

/// Every number that was read is right; gives back what is lost.
fn lost(right: &Report, read: &Report, context: &str) -> Vec<CellAddress> {
    let mut lost = Vec::new();
    for view in right.cells() {
        match &read
            .get(view.address)
            .unwrap_or_else(|| panic!("{} is not there\n{context}", view.address))
            .content
        {
            found if *found == view.cell.content => {}
            Content::Blank | Content::Lost => lost.push(view.address),
            wrong => panic!("{} was {:?}, is read as {wrong:?}\n{context}", view.address, view.cell.content),
        }
    }
    lost
}

#[test]
fn whole_where_every_value_stands_alone() {
    for form in OfficialForm::ALL {
        for seed in 0..20 {
            let report = dense(form, seed);
            for layout in [
                Loose::PipeLines,
                Loose::CellPipes,
                Loose::IndentedCells,
                Loose::FramedCells,
                Loose::OpenRows,
                Loose::BrokenRows,
                Loose::OneRun,
                Loose::Paragraphs,
                Loose::FixedWidth,
                Loose::NarrowLabels,
            ] {
                let text = print_loose(&report, layout);
                let reading = read(text.as_bytes(), "x.txt").unwrap();
                let context = format!("{layout:?}\n{text}\n{:#?}", reading.problems);
                assert_eq!(lost(&report, &reading.report, &context), [], "{context}");
                assert_eq!(reading.report.sections, report.sections, "{context}");
                assert_eq!(reading.check(None), [], "{context}");
            }
        }
    }
}

#[test]
fn jammed_digits_are_cut_by_their_sums_or_told() {
    let (mut open, mut all) = (0, 0);
    for form in OfficialForm::ALL {
        for seed in 0..20 {
            let report = dense(form, seed);
            for layout in [Loose::JammedRows, Loose::Jammed, Loose::JammedHere] {
                let text = print_loose(&report, layout);
                let reading = read(text.as_bytes(), "x.txt").unwrap();
                let context = format!("{layout:?} {form:?} {seed}\n{text}\n{:#?}", reading.problems);
                let lost = lost(&report, &reading.report, &context);
                for cell in &lost {
                    let told = reading.problems.iter().any(|p| {
                        let of_table =
                            |at: &At| matches!(at, At::Table { table, .. } if *table == cell.table());
                        p.rule == "row-jammed"
                            && of_table(&p.at)
                            && (cell.table() == TableName::Remedies || p.message.contains(cell.row_label()))
                    });
                    assert!(told, "{cell} {context}");
                }
                let lost = lost.iter().filter(|cell| cell.table() != TableName::Proactive).count();
                all += report.requests.cells().count() + 15;
                open += lost;
                assert!(reading.problems.iter().any(|p| p.rule == "values-reconstructed"), "{context}");
                assert!(reading.check(None).iter().all(|f| f.severity != Severity::Error), "{context}");
                assert_eq!(
                    reading.report.sections.text(gongkai_report::Section::OtherMatters).as_deref(),
                    Some("本年未收取信息处理费。")
                );
            }
        }
    }
    println!("{open} of {all} left open");
    assert!(open * 20 <= all, "{open} of {all} left open");
}

#[test]
fn lost_tables_give_one_problem_each_and_no_numbers() {
    for form in OfficialForm::ALL {
        for (layout, rule) in [
            (Loose::NoRepeats, "table-values-lost"),
            (Loose::ByColumn, "reading-order-lost"),
            (Loose::LabelsLast, "reading-order-lost"),
        ] {
            let report = dense(form, 3);
            let text = print_loose(&report, layout);
            let reading = read(text.as_bytes(), "x.txt").unwrap();
            let context = format!("{layout:?} {form:?}\n{text}\n{:#?}", reading.problems);
            let requests = reading.report.requests.cells();
            assert!(requests.into_iter().all(|(.., cell)| cell.content == Content::Lost), "{context}");
            let _ = lost(&report, &reading.report, &context);
            assert!(reading.problems.iter().any(|p| p.rule == rule), "{context}");
            let of_requests = reading
                .check(None)
                .into_iter()
                .filter(|f| matches!(f.at, gongkai_report::At::Table { table: TableName::Requests, .. }));
            assert_eq!(of_requests.count(), 1, "{context}");
        }
    }
}

/// One cell a line: a line that vanished costs its row at most, and shifts nothing.
#[test]
fn a_value_that_vanished_never_shifts_the_others() {
    for form in OfficialForm::ALL {
        let report = dense(form, 7);
        for layout in [Loose::PipeLines, Loose::CellPipes, Loose::Paragraphs] {
            let text = print_loose(&report, layout);
            let lines: Vec<&str> = text.lines().collect();
            let is_value = |line: &str| {
                let bare = line.trim_matches(|c: char| c.is_whitespace() || c == '|');
                !bare.is_empty() && bare.parse::<i64>().is_ok()
            };
            let values = (0..lines.len()).filter(|index| is_value(lines[*index]));
            for cut in values {
                let kept: Vec<&str> = lines
                    .iter()
                    .enumerate()
                    .filter(|(index, _)| *index != cut)
                    .map(|(_, line)| *line)
                    .collect();
                let reading = read(kept.join("\n").as_bytes(), "x.txt").unwrap();
                let context = format!("{layout:?} {form:?} without line {}: {}", cut + 1, lines[cut]);
                let lost = lost(&report, &reading.report, &context);
                assert!(!lost.is_empty() && lost.len() <= 15, "{context}: {lost:?}");
                let told = reading.problems.iter().any(
                    |problem| matches!(&problem.at, At::Table { table, .. } if *table == lost[0].table()),
                );
                assert!(told, "{context}");
            }
        }
    }
}
