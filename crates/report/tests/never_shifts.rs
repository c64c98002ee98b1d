//! Rows with blanks and rows that do not add up, in every layout: a value is read where it stands, or it is lost and
//! that is told. No value ever comes to stand in another cell unnoticed.
#![allow(clippy::unwrap_used)]

mod generated;
mod layouts;

use generated::reports;
use gongkai_report::model::{CellAddress, TableName};
use gongkai_report::{At, Content, Reading, Report, read};
use layouts::{Layout, Loose, print, print_loose};
use proptest::prelude::*;

/// Whether a problem names the row, which it may do together with others, or its table. Part 四 is one row.
fn is_told(reading: &Reading, cell: CellAddress) -> bool {
    let rebuilt = reading.report.get(cell).is_some_and(|cell| cell.reconstructed);
    rebuilt
        || reading.problems.iter().any(|problem| match problem.at {
            At::Table { table, row, .. } => {
                table == cell.table()
                    && (table == TableName::Remedies
                        || row.is_none_or(|row| row == cell.row_code())
                        || problem.message.contains(cell.row_label())
                        || problem.message.contains("等 "))
            }
            At::Text { .. } => false,
        })
}

/// The cells that hold another value than the source.
fn wrong(source: &Report, reading: &Reading) -> Vec<CellAddress> {
    let is_empty = |content: &Content| matches!(content, Content::Blank | Content::Lost);
    let cells = source.cells().filter(|view| {
        let read = reading.report.get(view.address).map_or(&Content::Lost, |cell| &cell.content);
        !is_empty(read) && *read != view.cell.content
    });
    cells.map(|view| view.address).collect()
}

/// What comes to stand in another cell, of values that were not cut out of a run of digits.
fn shifted(source: &Report, text: &str) -> Vec<String> {
    let reading = read(text.as_bytes(), "x.txt").unwrap();
    let rebuilt = |cell: &CellAddress| reading.report.get(*cell).is_some_and(|cell| cell.reconstructed);
    let wrong = wrong(source, &reading);
    assert!(wrong.iter().all(|cell| is_told(&reading, *cell)), "{wrong:?}\n{text}");
    let tell = |cell: &CellAddress| {
        let of = |report: &Report| report.get(*cell).map(|cell| cell.content.clone());
        format!("{cell}: {:?} became {:?}", of(source), of(&reading.report))
    };
    let shifted = wrong.iter().filter(|cell| !rebuilt(cell));
    shifted.map(tell).collect()
}

/// What is lost or blank in the reading and stands in the source, without a word about it.
fn dropped(source: &Report, text: &str) -> Vec<String> {
    let reading = read(text.as_bytes(), "x.txt").unwrap();
    let is_empty = |content: &Content| matches!(content, Content::Blank | Content::Lost);
    let cells = source.cells().filter(|view| {
        let read = reading.report.get(view.address).map_or(&Content::Lost, |cell| &cell.content);
        is_empty(read) && !is_empty(&view.cell.content) && !is_told(&reading, view.address)
    });
    cells.map(|view| view.address.to_string()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        max_shrink_iters: 20,
        failure_persistence: None,
        ..ProptestConfig::with_cases(16)
    })]

    #[test]
    fn in_rows_that_are_lines(report in reports()) {
        for layout in Layout::ALL {
            let text = print(&report, layout);
            let shifted = shifted(&report, &text);
            prop_assert!(shifted.is_empty(), "{layout:?} {shifted:#?}\n{text}");
            let dropped = dropped(&report, &text);
            prop_assert!(dropped.is_empty(), "{layout:?} {dropped:#?}\n{text}");
        }
    }

    #[test]
    fn in_rows_that_are_no_longer_lines(report in reports()) {
        for layout in Loose::ALL {
            let text = print_loose(&report, layout);
            let shifted = shifted(&report, &text);
            prop_assert!(shifted.is_empty(), "{layout:?} {shifted:#?}\n{text}");
            let dropped = dropped(&report, &text);
            prop_assert!(dropped.is_empty(), "{layout:?} {dropped:#?}\n{text}");
        }
    }
}
