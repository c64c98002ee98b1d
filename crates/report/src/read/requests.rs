//! 三、收到和处理政府信息公开申请情况: 25 or 23 rows of seven values.

use std::collections::BTreeMap;

use super::Misfit;
use super::block::RawCell;
use super::labels::{fold, is_numbered, request_row};
use super::number::{count, is_value};
use super::place::{Arrangement, Arrangements, Slot, arrangements, common, usual_width};
use super::skeleton::{Row, Skeleton};
use crate::lint::{At, Finding, Severity, form_basis};
use crate::model::{
    ApplicantColumn, Cell, CellAddress, Content, OfficialForm, Position, RequestRow, RequestsTable, Section,
    TableName,
};

const COLUMNS: usize = 7;
const TOTAL: usize = 6;
type Numbers = [Option<i64>; COLUMNS];
/// The rows whose place is settled, as evidence for the others.
type Settled = BTreeMap<RequestRow, Numbers>;

struct Found<'a> {
    row: RequestRow,
    label: &'a RawCell,
    label_column: usize,
    tail: &'a [RawCell],
    width: usize,
}

struct Placed<'f, 'a> {
    row: &'f Found<'a>,
    arrangement: Arrangement,
    /// Set when the row could be laid out in more than one way.
    doubt: Option<Doubt>,
}

struct Doubt {
    values: usize,
    decided: bool,
}

pub(super) fn read(skeleton: &Skeleton, problems: &mut Vec<Finding>) -> Option<RequestsTable> {
    let mut found: Vec<Found> = Vec::new();
    let mut repeated = Vec::new();
    for row in skeleton.rows_of(Section::Requests).filter_map(find_row) {
        match found.iter().find(|known| known.row == row.row) {
            None => found.push(row),
            Some(known) if texts(known.tail) != texts(row.tail) => repeated.push(row),
            Some(_) => {}
        }
    }
    let form = form(&found, skeleton.year)?;
    found.retain(|row| row.row.is_in(form));
    for row in repeated.iter().filter(|row| row.row.is_in(form)) {
        problems.push(told_twice(row, form));
    }

    let mut table = RequestsTable::filled(form, Content::Lost);
    for placed in settle(&found, form) {
        let row = placed.row;
        for (&column, slot) in ApplicantColumn::ALL.iter().zip(&placed.arrangement) {
            table.put(row.row, column, cell(*slot, row.tail, row.label.at));
        }
        if let Some(Doubt { values, decided }) = placed.doubt {
            let cells: Vec<_> = table
                .row(row.row)
                .map(|(column, cell)| (CellAddress::Requests(row.row, column), cell))
                .collect();
            let first = CellAddress::Requests(row.row, ApplicantColumn::NaturalPerson);
            Misfit { form, row: first, at: row.label.at, cells: &cells, values, decided }.tell(problems);
        }
    }
    Some(table)
}

fn told_twice(row: &Found, form: OfficialForm) -> Finding {
    Finding {
        rule: "row-shape",
        severity: Severity::Warning,
        message: format!(
            "“{}”一行出现了不止一次，数字不同；取用的是第一次出现的数，请核对原件",
            row.row.official()
        ),
        at: At::Table {
            table: TableName::Requests,
            row: Some(row.row.code()),
            column: None,
            position: Some(row.label.at),
        },
        found: None,
        expected: None,
        basis: form_basis(Some(form), TableName::Requests),
    }
}

fn find_row(row: &Row) -> Option<Found<'_>> {
    let heads = |text: &str| {
        let folded = fold(text);
        folded.contains("自然人") || folded.contains("商业企业") || folded.contains("申请人情况")
    };
    if row.cells.iter().any(|cell| heads(&cell.text)) {
        return None;
    }
    let is_label = |cell: &RawCell| !is_value(&cell.text) && request_row(&cell.text).is_some();
    let label_column = row.cells.iter().rposition(is_label)?;
    let label = &row.cells[label_column];
    let known = request_row(&label.text)?;
    let tail = &row.cells[label_column + 1..];
    let empty = tail.iter().all(|cell| cell.text.is_empty());
    // （六）其他处理 without values is the heading of three rows; 其他 and 总计 without values head columns.
    let heading = match known {
        RequestRow::OtherHandling => true,
        RequestRow::Other | RequestRow::Total => !is_numbered(&label.text),
        _ => false,
    };
    if empty && heading {
        return None;
    }
    Some(Found { row: known, label, label_column, tail, width: row.cells.len() })
}

fn texts(tail: &[RawCell]) -> Vec<&str> {
    tail.iter().map(|cell| cell.text.as_str()).filter(|text| !text.is_empty()).collect()
}

/// Told by （六）其他处理, which is three rows since 2021; a table without it follows the year.
fn form(found: &[Found], year: Option<i16>) -> Option<OfficialForm> {
    if found.is_empty() {
        return None;
    }
    let has = |row: RequestRow| found.iter().any(|found| found.row == row);
    if has(RequestRow::NotSupplementedInTime) || has(RequestRow::FeeNotPaidInTime) || has(RequestRow::Other) {
        Some(OfficialForm::F2021)
    } else if has(RequestRow::OtherHandling) {
        Some(OfficialForm::F2019)
    } else {
        Some(year.map_or(OfficialForm::F2021, OfficialForm::for_year))
    }
}

fn cell(slot: Slot, tail: &[RawCell], row_at: Position) -> Cell {
    match slot {
        Slot::Lost => Cell::at(Content::Lost, Some(row_at)),
        Slot::Cell(index) => {
            let raw = &tail[index];
            let content = count(&raw.text);
            let unreadable = content == Content::Lost && raw.text != crate::write::LOST;
            let at = if raw.text.is_empty() {
                Position { line: row_at.line, column: raw.at.column }
            } else {
                raw.at
            };
            Cell { content, at: Some(at), printed: unreadable.then(|| raw.text.clone()) }
        }
    }
}

/// Settles every row: first those with one arrangement, then, one by one, the row on which the sums of rows and
/// columns speak most clearly, and last the rows on which they are silent.
fn settle<'f, 'a>(found: &'f [Found<'a>], form: OfficialForm) -> Vec<Placed<'f, 'a>> {
    let usual = usual_width(found.iter().map(|row| row.width));
    let usual_rows = found.iter().filter(|row| row.width == usual).count();
    // A true grid pads its shorter rows; without padding, rows are as wide as their labels happen to make them.
    let padded = found.iter().any(|row| row.tail.len() > COLUMNS);
    let rectangular = padded && usual_rows * 20 >= found.len() * 17;
    let mut placed = Vec::new();
    let mut settled = Settled::new();
    let mut open: Vec<(&Found, Arrangements)> = Vec::new();
    for row in found {
        let short = !rectangular || row.width < usual;
        let mut possible = arrangements(row.tail, COLUMNS, short);
        if let [only] = &possible.all[..] {
            settled.insert(row.row, numbers(only, row.tail));
            let arrangement = std::mem::take(&mut possible.all[0]);
            placed.push(Placed { row, arrangement, doubt: None });
        } else {
            open.push((row, possible));
        }
    }
    while !open.is_empty() {
        // The row whose best reading stands out most.
        let judged = open.iter().enumerate().map(|(index, (row, possible))| {
            let (best, margin) = judge(row, &possible.all, &settled, form);
            (index, best, margin)
        });
        let Some((index, best, margin)) =
            judged.min_by_key(|(index, _, margin)| (std::cmp::Reverse(*margin), *index))
        else {
            break;
        };
        let (row, possible) = open.remove(index);
        let kept: Vec<Arrangement> = best.iter().map(|&index| possible.all[index].clone()).collect();
        // In ragged text an empty cell after the label is as likely a gap of the layout as a value that is blank.
        let in_place = best.iter().filter(|&&index| rectangular && index < possible.in_place).count();
        let arrangement = match &kept[..] {
            [only] => only.clone(),
            several if in_place > 0 => usual_start(&several[..in_place], row, &placed)
                .unwrap_or_else(|| common(&several[..in_place], row.tail)),
            several => common(several, row.tail),
        };
        let arrangement = if arrangement.is_empty() { vec![Slot::Lost; COLUMNS] } else { arrangement };
        let decided = margin > 0 && kept.len() == 1;
        settled.insert(row.row, numbers(&arrangement, row.tail));
        placed.push(Placed { row, arrangement, doubt: Some(Doubt { values: possible.values, decided }) });
    }
    placed
}

/// The arrangements with the fewest contradictions, and by how many they lead.
fn judge(row: &Found, all: &[Arrangement], settled: &Settled, form: OfficialForm) -> (Vec<usize>, usize) {
    let scores: Vec<usize> =
        all.iter().map(|one| contradictions(row.row, numbers(one, row.tail), settled, form)).collect();
    let Some(&lowest) = scores.iter().min() else { return (Vec::new(), 0) };
    let mut best: Vec<usize> = Vec::new();
    for index in (0..all.len()).filter(|&index| scores[index] == lowest) {
        let same = |other: &usize| numbers(&all[*other], row.tail) == numbers(&all[index], row.tail);
        if !best.iter().any(same) {
            best.push(index);
        }
    }
    let margin = scores.iter().filter(|&&score| score > lowest).min().map_or(0, |next| next - lowest);
    (best, margin)
}

/// How many sums of the table a reading of the row contradicts. A single gap is filled by the row's own sum for
/// this purpose only; no value is ever taken from here.
fn contradictions(row: RequestRow, numbers: Numbers, settled: &Settled, form: OfficialForm) -> usize {
    let mut count = 0;
    let mut full = numbers;
    let gaps: Vec<usize> = (0..COLUMNS).filter(|&column| numbers[column].is_none()).collect();
    let parts: i64 = numbers[..TOTAL].iter().flatten().sum();
    match (&gaps[..], numbers[TOTAL]) {
        ([], Some(total)) => count += usize::from(total != parts),
        ([TOTAL], None) => full[TOTAL] = Some(parts),
        ([gap], Some(total)) if total >= parts => full[*gap] = Some(total - parts),
        ([_], Some(_)) => count += 1,
        _ => {}
    }
    let value = |of: RequestRow, column: usize| {
        if of == row { full[column] } else { settled.get(&of).and_then(|numbers| numbers[column]) }
    };
    for column in 0..COLUMNS {
        if row.is_outcome() || row == RequestRow::Total {
            let mut outcomes = RequestRow::of(form).filter(|row| row.is_outcome());
            let sum = outcomes.try_fold(0, |sum, outcome| Some(sum + value(outcome, column)?));
            if let (Some(sum), Some(total)) = (sum, value(RequestRow::Total, column)) {
                count += usize::from(sum != total);
            }
        }
        if !row.is_outcome() {
            let of = |row| value(row, column);
            if let (Some(received), Some(carried), Some(total), Some(next)) = (
                of(RequestRow::Received),
                of(RequestRow::CarriedFromLastYear),
                of(RequestRow::Total),
                of(RequestRow::CarriedToNextYear),
            ) {
                count += usize::from(received + carried != total + next);
            }
        }
    }
    count
}

fn numbers(arrangement: &[Slot], tail: &[RawCell]) -> Numbers {
    let mut numbers = [None; COLUMNS];
    for (number, slot) in numbers.iter_mut().zip(arrangement) {
        if let Slot::Cell(index) = slot {
            *number = Cell::new(count(&tail[*index].text)).count();
        }
    }
    numbers
}

/// Between readings in place, the one that starts where all comparable rows start.
fn usual_start(several: &[Arrangement], row: &Found, placed: &[Placed]) -> Option<Arrangement> {
    let start = |label_column: usize, arrangement: &Arrangement| match arrangement.first() {
        Some(Slot::Cell(index)) => Some(label_column + index),
        _ => None,
    };
    let alike = placed.iter().filter(|other| other.row.label_column == row.label_column);
    let starts: Vec<usize> =
        alike.filter_map(|other| start(other.row.label_column, &other.arrangement)).collect();
    let fits = |one: &&Arrangement| start(row.label_column, one).is_some_and(|start| starts.contains(&start));
    let mut fitting = several.iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Some(only.clone()),
        _ => None,
    }
}
