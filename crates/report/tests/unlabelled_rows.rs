//! Rows of part 三 that lost their labels: read by their place where the table is whole and all its sums hold, and then
//! marked; lost otherwise. Whatever happens to such a table, no wrong value is ever left unmarked.
#![allow(clippy::unwrap_used)]

mod layouts;

use gongkai_report::model::{ApplicantColumn, CellAddress, RequestRow, TableName};
use gongkai_report::{Content, OfficialForm, Reading, Report, Section, read, write};
use layouts::{Dice, Layout, dense, print, put};

/// Layouts whose rows are lines with cells.
const LAYOUTS: [Layout; 4] = [Layout::Grid, Layout::RaggedTabs, Layout::TrimmedTabs, Layout::Markdown];

/// The report in lines, and which of them hold the rows of part 三 in the order of the form; `bare` rows without label.
fn lines(report: &Report, layout: Layout, bare: impl Fn(RequestRow) -> bool) -> (Vec<String>, Vec<usize>) {
    let text = print(report, layout);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let begin = lines.iter().position(|line| line.contains("收到和处理政府信息公开申请情况")).unwrap();
    let separator = if matches!(layout, Layout::Markdown) { '|' } else { '\t' };
    let numbers =
        |line: &String| line.split(separator).filter(|cell| cell.trim().parse::<i64>().is_ok()).count();
    let end = lines.iter().skip(begin + 1).position(|line| line.starts_with("四、政府信息")).unwrap() + begin;
    let rows: Vec<usize> = (begin..=end).filter(|&at| numbers(&lines[at]) >= 7).collect();
    assert_eq!(rows.len(), report.requests.rows().count());
    for (&at, row) in rows.iter().zip(report.requests.rows()) {
        if !bare(row) {
            continue;
        }
        let cells = lines[at].split(separator).map(|cell| match cell.trim().parse::<i64>() {
            Ok(_) => cell.to_owned(),
            Err(_) => " ".repeat(usize::from(separator == '|')),
        });
        lines[at] = cells.collect::<Vec<_>>().join(&separator.to_string());
    }
    (lines, rows)
}

fn of_lines(lines: &[String]) -> Reading {
    read(lines.join("\n").as_bytes(), "x.txt").unwrap()
}

/// How many values were read, all of which are right or marked as read by their place.
fn read_right_or_marked(right: &Report, reading: &Reading, context: &str) -> usize {
    let mut known = 0;
    for view in right.cells() {
        let cell = reading.report.get(view.address).unwrap();
        if matches!(cell.content, Content::Blank | Content::Lost) {
            continue;
        }
        known += 1;
        let marked = cell.by_position && cell.reconstructed;
        assert!(
            cell.content == view.cell.content || marked,
            "{} was {:?}, is read as {:?}\n{context}",
            view.address,
            view.cell.content,
            cell.content
        );
    }
    known
}

fn by_position(reading: &Reading) -> usize {
    reading.report.cells().filter(|view| view.cell.by_position).count()
}

fn below_a_heading(row: RequestRow) -> bool {
    row.group().is_some()
}

#[test]
fn a_whole_table_without_labels_is_read_and_marked() {
    for form in OfficialForm::ALL {
        for seed in 0..5 {
            let right = dense(form, seed);
            for layout in LAYOUTS {
                for all in [false, true] {
                    let (lines, rows) = lines(&right, layout, |row| all || below_a_heading(row));
                    let reading = of_lines(&lines);
                    assert_eq!(reading.report, right, "{layout:?} {}", lines.join("\n"));
                    let bare = right.requests.rows().filter(|row| all || below_a_heading(*row)).count();
                    assert_eq!(by_position(&reading), 7 * bare, "{rows:?}");
                    let findings = reading.check(None);
                    let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
                    assert_eq!(rules, ["values-reconstructed"], "{findings:#?}");
                }
            }
        }
    }
}

#[test]
fn rows_removed_doubled_or_changed_leave_nothing_by_its_place() {
    for form in OfficialForm::ALL {
        let right = dense(form, 21);
        for layout in LAYOUTS {
            for all in [false, true] {
                let (lines, rows) = lines(&right, layout, |row| all || below_a_heading(row));
                for &at in &rows {
                    let mut removed = lines.clone();
                    removed.remove(at);
                    let mut doubled = lines.clone();
                    doubled.insert(at, lines[at].clone());
                    // Another number in the row.
                    let mut changed = lines.clone();
                    let digit = changed[at].rfind(|c: char| c.is_ascii_digit()).unwrap();
                    let raised = match &changed[at][digit..=digit] {
                        "9" => "8",
                        _ => "9",
                    };
                    changed[at].replace_range(digit..=digit, raised);
                    for hurt in [removed, doubled, changed] {
                        let reading = of_lines(&hurt);
                        assert_eq!(by_position(&reading), 0, "{layout:?} {at} {}", hurt.join("\n"));
                    }
                }
            }
        }
    }
}

#[test]
fn no_wrong_value_is_unmarked() {
    let (mut taken, mut lost) = (0, 0);
    for form in OfficialForm::ALL {
        let mut dice = Dice::new(77);
        for seed in 0..30 {
            let right = dense(form, seed);
            let layout = LAYOUTS[seed as usize % LAYOUTS.len()];
            let kept = dice.below(4);
            let (lines, rows) = lines(&right, layout, |row| kept == 0 || below_a_heading(row));
            for _ in 0..20 {
                let mut hurt = lines.clone();
                let mut any = || rows[dice.below(rows.len() as u64) as usize];
                // Two rows change places; or one is gone and another stands twice.
                if seed % 2 == 0 {
                    hurt.swap(any(), any());
                } else {
                    let (gone, twice) = (any(), any());
                    let line = hurt[twice].clone();
                    hurt.remove(gone);
                    hurt.insert(any().min(hurt.len()), line);
                }
                let reading = of_lines(&hurt);
                let context = hurt.join("\n");
                // What kept its label is read by its label.
                let _ = read_right_or_marked(&right, &reading, &context);
                if by_position(&reading) > 0 { taken += 1 } else { lost += 1 }
            }
        }
    }
    println!("{taken} taken by place, {lost} lost");
    assert!(taken > 0 && lost > 0);
}

#[test]
fn labels_that_stand_elsewhere_are_heeded() {
    let right = dense(OfficialForm::F2021, 9);
    let (lines, rows) = lines(&right, Layout::RaggedTabs, below_a_heading);
    // 予以公开 among the rows of （三）: all sums hold, but the order is not that of the form.
    let mut moved = lines.clone();
    moved.swap(rows[2], rows[6]);
    let reading = of_lines(&moved);
    assert_eq!(by_position(&reading), 0);
    read_right_or_marked(&right, &reading, &moved.join("\n"));
    // A label on a line of its own.
    let mut apart = lines.clone();
    apart.insert(rows[10], "7.属于行政执法案卷".to_owned());
    assert_eq!(by_position(&of_lines(&apart)), 0);
}

#[test]
fn no_sentence_is_held_against_a_row_known_by_its_place() {
    let mut right = dense(OfficialForm::F2021, 4);
    let of = |row| right.requests.count(row, ApplicantColumn::Total).unwrap();
    let (repeated, excessive) = (of(RequestRow::Repeated), of(RequestRow::Excessive));
    assert_ne!(repeated, excessive);
    let received = of(RequestRow::Received);
    let text = format!("（二）依申请公开。全年收到政府信息公开申请{received}件，重复申请{repeated}件。");
    right.set_section(Section::Overview, &text);
    assert_eq!(read(write::text(&right).as_bytes(), "x.txt").unwrap().check(None), []);
    let (mut lines, rows) = lines(&right, Layout::Grid, below_a_heading);
    let row = |row| right.requests.rows().position(|known| known == row).unwrap();
    lines.swap(rows[row(RequestRow::Repeated)], rows[row(RequestRow::Excessive)]);
    let reading = of_lines(&lines);
    let at = CellAddress::Requests(RequestRow::Repeated, ApplicantColumn::Total);
    assert_eq!(reading.report.get(at).unwrap().count(), Some(excessive), "no sum shows it");
    let findings = reading.check(None);
    let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["values-reconstructed"], "{findings:#?}");
    assert!(matches!(findings[0].at, gongkai_report::At::Table { table: TableName::Requests, .. }));
}

#[test]
fn no_year_is_held_against_a_row_known_by_its_place() {
    let right = dense(OfficialForm::F2021, 4);
    let mut previous = dense(OfficialForm::F2021, 5);
    previous.year = Some(2030);
    for &column in ApplicantColumn::ALL {
        let carried = right.requests.count(RequestRow::CarriedFromLastYear, column).unwrap();
        put(
            &mut previous,
            CellAddress::Requests(RequestRow::CarriedToNextYear, column),
            Content::Count(carried),
        );
    }
    let of_years = |reading: &Reading| {
        let findings = reading.check(Some(&previous)).into_iter();
        findings.filter(|finding| finding.rule == "requests-carried-over").count()
    };
    for (bare, told) in [(false, 1), (true, 0)] {
        let (mut lines, rows) = lines(&right, Layout::Grid, |_| bare);
        assert_eq!(of_years(&of_lines(&lines)), 0);
        // With their labels the numbers of the two rows are told, without them the rows may have changed places.
        let label = |line: &String| line.split('\t').take_while(|cell| cell.parse::<i64>().is_err()).count();
        let (received, carried) = (lines[rows[0]].clone(), lines[rows[1]].clone());
        let at = label(&received);
        assert_eq!(at, label(&carried));
        let with = |one: &str, other: &str| {
            let cells = one.split('\t').take(at).chain(other.split('\t').skip(at));
            cells.collect::<Vec<_>>().join("\t")
        };
        (lines[rows[0]], lines[rows[1]]) = (with(&received, &carried), with(&carried, &received));
        assert_eq!(of_years(&of_lines(&lines)).min(1), told, "{}", lines.join("\n"));
    }
}

#[test]
fn a_page_without_the_labels_is_read_too() {
    let right = dense(OfficialForm::F2021, 8);
    let mut page = write::html(&right);
    for row in right.requests.rows().filter(|row| below_a_heading(*row)) {
        assert!(page.contains(row.official()));
        page = page.replacen(row.official(), "", 1);
    }
    let reading = read(page.as_bytes(), "x.html").unwrap();
    assert_eq!(reading.report, right);
    assert!(by_position(&reading) > 0);
}

#[test]
fn numbers_without_any_cell_beside_them_keep_their_columns() {
    let heads: Vec<&str> = ApplicantColumn::ALL.iter().map(|column| column.official()).collect();
    for form in OfficialForm::ALL {
        let right = dense(form, 12);
        let mut text = format!(
            "青禾区白露镇{}年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n| {} |\n",
            right.year.unwrap(),
            heads.join(" | ")
        );
        for row in right.requests.rows() {
            let values = right.requests.row(row).map(|(_, cell)| cell.count().unwrap().to_string());
            text += &format!("| {} |\n", values.collect::<Vec<_>>().join(" | "));
        }
        let reading = read(text.as_bytes(), "x.txt").unwrap();
        assert_eq!(reading.report.requests, right.requests, "{text}");
        assert_eq!(by_position(&reading), 7 * right.requests.rows().count());
    }
}
