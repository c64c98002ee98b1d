//! 四、政府信息公开行政复议、行政诉讼情况: one row of fifteen values in three blocks.

use super::block::RawCell;
use super::heads::{self, Heads};
use super::jam::{self, Jam};
use super::labels::fold;
use super::number::{count, is_value};
use super::place::{Arrangement, Slot, arrangements, common};
use super::skeleton::{Row, Skeleton};
use super::stream::Stream;
use super::telling::{Jammed, Misfit, table_lost};
use crate::lint::Finding;
use crate::model::{
    Cell, CellAddress, Content, OfficialForm, Position, RemediesTable, RemedyColumn, RemedyRow, Section,
    TableName,
};

const COLUMNS: usize = 15;
const BLOCK: usize = 5;

pub(super) fn read(skeleton: &Skeleton, problems: &mut Vec<Finding>) -> Option<RemediesTable> {
    let mut headed = false;
    let mut width = 0;
    let mut figures = None;
    for row in skeleton.rows_of(Section::Remedies) {
        if is_head(row) {
            headed = true;
            width = width.max(row.cells.len());
        } else if row.cells.iter().all(|cell| cell.text.is_empty() || is_figure(&cell.text)) {
            let values = row.cells.iter().filter(|cell| is_value(&cell.text)).count();
            // A value alone on its line is one cell of a row that is no longer a line.
            if values > 0 && (headed && row.cells.len() > 1 || values >= 10) {
                figures = Some(row);
                break;
            }
        }
    }
    let mut table = RemediesTable::filled(OfficialForm::F2021, Content::Lost);
    let first = CellAddress::Remedies(RemedyRow::Reconsideration, RemedyColumn::Upheld);
    let form = OfficialForm::F2021;
    if let Some(row) = figures {
        let heads = heads::of_remedies(skeleton.rows_of(Section::Remedies));
        let headed = Heads::over(&heads, row.cells.len()).and_then(|heads| heads.place(&row.cells));
        let (arrangement, doubt) =
            headed.map_or_else(|| settle(&row.cells, width), |arrangement| (arrangement, None));
        put(&mut table, &arrangement, &row.cells, row.at, false);
        if let Some((values, decided)) = doubt {
            let cells: Vec<_> =
                table.cells().map(|(row, column, cell)| (CellAddress::Remedies(row, column), cell)).collect();
            Misfit { form, row: first, at: row.at, cells: &cells, values, decided }.tell(problems);
        }
        return Some(table);
    }
    let found = Stream::of(skeleton, Section::Remedies).values_after_last(&HEADS);
    let Some((mut values, at)) = found else { return headed.then_some(table) };
    while values.len() > COLUMNS && values.last().is_some_and(|value| value.text.is_empty()) {
        values.pop();
    }
    if values.is_empty() && !headed {
        return None;
    }
    if values.len() >= COLUMNS || values.iter().map(|value| value.text.len()).sum::<usize>() < COLUMNS {
        if values.len() < 5 || values.len() > COLUMNS + 2 {
            problems.push(table_lost(form, TableName::Remedies, at, values.len() > COLUMNS));
            return Some(table);
        }
        let (arrangement, doubt) = settle(&values, 0);
        put(&mut table, &arrangement, &values, at, false);
        if let Some((count, decided)) = doubt {
            let cells: Vec<_> =
                table.cells().map(|(row, column, cell)| (CellAddress::Remedies(row, column), cell)).collect();
            Misfit { form, row: first, at, cells: &cells, values: count, decided }.tell(problems);
        }
        return Some(table);
    }
    let Jam { mut cells, mut readings, .. } = jam::cut(
        &values,
        COLUMNS,
        |_, text| jam::is_count_or_none(text),
        |values, left| jam::blocks_add_up(values, left, BLOCK),
    );
    if values.len() * 2 > COLUMNS && !values.iter().any(jam::is_led_by_zero) {
        // A value may be missing as well as a space: both are weighed.
        let offset = cells.len();
        let gaps = arrangements(&values, COLUMNS, true).all;
        let fitting = gaps.into_iter().filter(|one| contradictions(one, &values) == 0);
        readings.extend(fitting.map(|one| jam::moved(one, offset)));
        cells.extend(values.iter().cloned());
    }
    let arrangement = match &readings[..] {
        [] => vec![Slot::Lost; COLUMNS],
        [only] => only.clone(),
        several => common(several, &cells),
    };
    put(&mut table, &arrangement, &cells, at, true);
    if arrangement.contains(&Slot::Lost) {
        let printed = values.iter().map(|value| value.text.as_str()).collect::<Vec<_>>().join(" ");
        let jammed = Jammed { form, row: first, at, printed: &printed, tail: &cells, readings: &readings };
        problems.push(jammed.finding());
    }
    Some(table)
}

/// The headings of the table; the values follow the last of them.
const HEADS: [(&str, bool); 12] = [
    ("结果维持", true),
    ("结果纠正", true),
    ("维持", true),
    ("纠正", true),
    ("其他结果", false),
    ("尚未审结", false),
    ("审结", false),
    ("总计", false),
    ("行政复议", false),
    ("行政诉讼", false),
    ("未经复议直接起诉", false),
    ("复议后起诉", false),
];

fn put(
    table: &mut RemediesTable,
    arrangement: &[Slot],
    cells: &[RawCell],
    row_at: Position,
    reconstructed: bool,
) {
    let columns = RemedyRow::ALL.iter().flat_map(|&block| RemedyColumn::ALL.iter().map(move |&c| (block, c)));
    for ((block, column), slot) in columns.zip(arrangement) {
        let cell = match slot {
            Slot::Lost => Cell::at(Content::Lost, Some(row_at)),
            Slot::Cell(index) => {
                let raw = &cells[*index];
                let content = count(&raw.text);
                let unreadable = content == Content::Lost && raw.text != crate::write::LOST;
                let printed = unreadable.then(|| raw.text.clone());
                Cell { printed, reconstructed, ..Cell::at(content, Some(raw.at)) }
            }
        };
        table.put(block, column, cell);
    }
}

fn is_head(row: &Row) -> bool {
    row.cells.iter().any(|cell| {
        let folded = fold(&cell.text);
        ["行政复议", "行政诉讼", "结果维持", "结果纠正", "尚未审结", "复议后起诉"]
            .iter()
            .any(|head| folded.contains(head))
    })
}

/// A value, or text that stands where one should: short and without a Chinese word.
fn is_figure(text: &str) -> bool {
    is_value(text)
        || (text.chars().count() <= 6 && !text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)))
}

/// The arrangement, and where it was not the only one: how many values there are and whether the totals decided.
fn settle(cells: &[RawCell], width: usize) -> (Arrangement, Option<(usize, bool)>) {
    let possible = arrangements(cells, COLUMNS, cells.len() < width.max(COLUMNS));
    if let [only] = &possible.all[..] {
        return (only.clone(), None);
    }
    // A reading counts if nothing contradicts it and it leaves two of the three blocks whole.
    let whole = |one: &&Arrangement| contradictions(one, cells) == 0 && whole_blocks(one, cells) >= 2;
    let best: Vec<Arrangement> = possible.all.iter().filter(whole).cloned().collect();
    let arrangement = match &best[..] {
        [] => common(&possible.all, cells),
        [only] => only.clone(),
        several => common(several, cells),
    };
    let arrangement = if arrangement.is_empty() { vec![Slot::Lost; COLUMNS] } else { arrangement };
    (arrangement, Some((possible.values, best.len() == 1)))
}

/// How many of the three totals a reading contradicts.
fn contradictions(arrangement: &[Slot], cells: &[RawCell]) -> usize {
    let contradicts = |block: &&[Slot]| {
        let numbers = numbers(block, cells);
        let Some(total) = numbers[BLOCK - 1] else { return false };
        let parts = &numbers[..BLOCK - 1];
        let sum: i64 = parts.iter().flatten().sum();
        if parts.contains(&None) { sum > total } else { sum != total }
    };
    arrangement.chunks(BLOCK).filter(contradicts).count()
}

/// In how many blocks a reading leaves no gap.
fn whole_blocks(arrangement: &[Slot], cells: &[RawCell]) -> usize {
    arrangement.chunks(BLOCK).filter(|block| !numbers(block, cells).contains(&None)).count()
}

fn numbers(block: &[Slot], cells: &[RawCell]) -> Vec<Option<i64>> {
    let value = |slot: &Slot| match slot {
        Slot::Cell(index) => Cell::new(count(&cells[*index].text)).count(),
        Slot::Lost => None,
    };
    block.iter().map(value).collect()
}
