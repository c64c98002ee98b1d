//! 三、收到和处理政府信息公开申请情况: 25 or 23 rows of seven values.

use super::Misfit;
use super::block::RawCell;
use super::labels::{fold, is_numbered, request_row};
use super::number::{count, is_value};
use super::place::{Arrangement, Arrangements, Slot, arrangements, common, usual_width};
use super::skeleton::{Row, Skeleton};
use super::sums::{COLUMNS, Evidence, Numbers, TOTAL};
use crate::lint::{At, Finding, Severity, form_basis};
use crate::model::{
    ApplicantColumn, Cell, CellAddress, Content, OfficialForm, Position, RequestRow, RequestsTable, Section,
    TableName,
};

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

/// How many combinations of readings are weighed against the sums at once.
const COMBINATIONS: usize = 2000;

/// Settles every row: first those with one arrangement, then the others together, by the sums of rows and columns.
fn settle<'f, 'a>(found: &'f [Found<'a>], form: OfficialForm) -> Vec<Placed<'f, 'a>> {
    let usual = usual_width(found.iter().map(|row| row.width));
    let usual_rows = found.iter().filter(|row| row.width == usual).count();
    // A true grid pads its shorter rows; without padding, rows are as wide as their labels happen to make them.
    let padded = found.iter().any(|row| row.tail.len() > COLUMNS);
    let rectangular = padded && usual_rows * 20 >= found.len() * 17;
    let mut placed: Vec<Placed> = Vec::new();
    let mut evidence = Evidence::new(form);
    let mut open: Vec<Open> = Vec::new();
    for row in found {
        let possible = arrangements(row.tail, COLUMNS, !rectangular || row.width < usual);
        if let [only] = &possible.all[..] {
            evidence.place(row.row, numbers(only, row.tail));
            placed.push(Placed { row, arrangement: only.clone(), doubt: None });
        } else {
            open.push(Open::new(row, possible));
        }
    }
    while !open.is_empty() {
        let combinations =
            open.iter().try_fold(1_usize, |all, row| all.checked_mul(row.readings.len().max(1)));
        let together = combinations.is_some_and(|combinations| combinations <= COMBINATIONS);
        let (settled, best) = if together {
            let best = judge(&open, &mut evidence).0;
            (std::mem::take(&mut open), best)
        } else {
            // Too many at once: the row whose best reading stands out most goes first.
            let margin = |row: &Open, evidence: &mut Evidence| judge(std::slice::from_ref(row), evidence).1;
            let first = (0..open.len())
                .max_by_key(|&index| (margin(&open[index], &mut evidence), usize::MAX - index));
            let one = vec![open.remove(first.unwrap_or_default())];
            let best = judge(&one, &mut evidence).0;
            (one, best)
        };
        for (row, best) in settled.iter().zip(&best) {
            if let Some(&first) = best.first() {
                evidence.place(row.row.row, row.readings[first]);
            }
        }
        for (row, best) in settled.into_iter().zip(best) {
            let arrangement = row.choose(&best, rectangular, &mut evidence, &placed);
            evidence.place(row.row.row, numbers(&arrangement, row.row.tail));
            let doubt = Doubt { values: row.possible.values, decided: best.len() == 1 };
            placed.push(Placed { row: row.row, arrangement, doubt: Some(doubt) });
        }
    }
    placed
}

/// A row with more than one arrangement.
struct Open<'f, 'a> {
    row: &'f Found<'a>,
    possible: Arrangements,
    /// The numbers of each arrangement, without those that read the same as an earlier one.
    readings: Vec<Numbers>,
}

impl<'f, 'a> Open<'f, 'a> {
    fn new(row: &'f Found<'a>, mut possible: Arrangements) -> Self {
        let mut readings: Vec<Numbers> = Vec::new();
        let mut in_place = 0;
        let mut index = 0;
        possible.all.retain(|arrangement| {
            let reading = numbers(arrangement, row.tail);
            let new = !readings.contains(&reading);
            if new {
                readings.push(reading);
                in_place += usize::from(index < possible.in_place);
            }
            index += 1;
            new
        });
        possible.in_place = in_place;
        Self { row, possible, readings }
    }

    /// One arrangement out of those that the sums leave.
    fn choose(
        &self,
        best: &[usize],
        rectangular: bool,
        evidence: &mut Evidence,
        placed: &[Placed],
    ) -> Arrangement {
        let kept: Vec<Arrangement> = best.iter().map(|&index| self.possible.all[index].clone()).collect();
        // In ragged text an empty cell after the label is as likely a gap of the layout as a value that is blank.
        let in_place = best.iter().filter(|&&index| rectangular && index < self.possible.in_place).count();
        let at_the_edge = best.iter().all(|&index| !evidence.doubts(self.row.row, self.readings[index]));
        match &kept[..] {
            [] => vec![Slot::Lost; COLUMNS],
            [only] => only.clone(),
            several if in_place > 0 => usual_loss(&several[..in_place], self.row, placed)
                .or_else(|| usual_start(&several[..in_place], self.row, placed))
                .unwrap_or_else(|| common(&several[..in_place], self.row.tail, at_the_edge)),
            several => common(several, self.row.tail, at_the_edge),
        }
    }
}

/// For each row the readings that stand in a combination with the fewest contradictions, and by how many
/// contradictions these combinations lead.
fn judge(open: &[Open], evidence: &mut Evidence) -> (Vec<Vec<usize>>, usize) {
    let mut best: Vec<Vec<usize>> = vec![Vec::new(); open.len()];
    let mut lowest = usize::MAX;
    let mut second = usize::MAX;
    let mut choice = vec![0_usize; open.len()];
    loop {
        let tried: Vec<(RequestRow, Numbers)> = open
            .iter()
            .zip(&choice)
            .filter_map(|(row, &index)| Some((row.row.row, *row.readings.get(index)?)))
            .collect();
        let score = evidence.contradictions(&tried);
        if score < lowest {
            second = lowest;
            lowest = score;
            best.iter_mut().for_each(Vec::clear);
        } else if score > lowest {
            second = second.min(score);
        }
        if score == lowest {
            for ((best, &index), row) in best.iter_mut().zip(&choice).zip(open) {
                if index < row.readings.len() && !best.contains(&index) {
                    best.push(index);
                }
            }
        }
        // The next combination, counting like an odometer.
        let mut wheel = 0;
        while let Some(row) = open.get(wheel) {
            choice[wheel] += 1;
            if choice[wheel] < row.readings.len() {
                break;
            }
            choice[wheel] = 0;
            wheel += 1;
        }
        if wheel == open.len() {
            best.iter_mut().for_each(|kept| kept.sort_unstable());
            return (best, second.saturating_sub(lowest));
        }
    }
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

/// Between readings in place, the one that lacks its total, where other rows of the table surely lack theirs: a
/// conversion that cuts one row at the edge cuts its neighbours too.
fn usual_loss(several: &[Arrangement], row: &Found, placed: &[Placed]) -> Option<Arrangement> {
    let lacks_total = |arrangement: &Arrangement, tail: &[RawCell]| {
        let numbers = numbers(arrangement, tail);
        numbers[TOTAL].is_none() && numbers[..TOTAL].iter().all(Option::is_some)
    };
    let sure = placed.iter().filter(|other| other.doubt.is_none());
    let alike = sure.filter(|other| lacks_total(&other.arrangement, other.row.tail)).count();
    let lacking = several.iter().find(|one| lacks_total(one, row.tail));
    lacking.filter(|_| alike >= 2).cloned()
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
