//! 四、政府信息公开行政复议、行政诉讼情况: one row of fifteen values in three blocks.

use super::Misfit;
use super::block::RawCell;
use super::labels::fold;
use super::number::{count, is_value};
use super::place::{Arrangement, Slot, arrangements, common};
use super::skeleton::{Row, Skeleton};
use crate::lint::Finding;
use crate::model::{
    Cell, CellAddress, Content, OfficialForm, RemediesTable, RemedyColumn, RemedyRow, Section,
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
            if values > 0 && (headed || values >= 10) {
                figures = Some(row);
                break;
            }
        }
    }
    let mut table = RemediesTable::filled(OfficialForm::F2021, Content::Lost);
    let Some(row) = figures else { return headed.then_some(table) };
    let (arrangement, doubt) = settle(row, width);
    let columns = RemedyRow::ALL.iter().flat_map(|&block| RemedyColumn::ALL.iter().map(move |&c| (block, c)));
    for ((block, column), slot) in columns.zip(arrangement) {
        let cell = match slot {
            Slot::Lost => Cell::at(Content::Lost, Some(row.at)),
            Slot::Cell(index) => {
                let raw = &row.cells[index];
                let content = count(&raw.text);
                let unreadable = content == Content::Lost && raw.text != crate::write::LOST;
                Cell { content, at: Some(raw.at), printed: unreadable.then(|| raw.text.clone()) }
            }
        };
        table.put(block, column, cell);
    }
    if let Some((values, decided)) = doubt {
        let cells: Vec<_> =
            table.cells().map(|(row, column, cell)| (CellAddress::Remedies(row, column), cell)).collect();
        let first = CellAddress::Remedies(RemedyRow::Reconsideration, RemedyColumn::Upheld);
        let form = OfficialForm::F2021;
        Misfit { form, row: first, at: row.at, cells: &cells, values, decided }.tell(problems);
    }
    Some(table)
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
fn settle(row: &Row, width: usize) -> (Arrangement, Option<(usize, bool)>) {
    let possible = arrangements(&row.cells, COLUMNS, row.cells.len() < width.max(COLUMNS));
    if let [only] = &possible.all[..] {
        return (only.clone(), None);
    }
    let scores: Vec<usize> = possible.all.iter().map(|one| contradictions(one, &row.cells)).collect();
    let lowest = scores.iter().min().copied().unwrap_or_default();
    let fitting = possible.all.iter().zip(&scores).filter(|(_, score)| **score == lowest);
    let best: Vec<Arrangement> = fitting.map(|(one, _)| one.clone()).collect();
    let arrangement = match &best[..] {
        [] => vec![Slot::Lost; COLUMNS],
        [only] => only.clone(),
        several => common(several, &row.cells, lowest == 0),
    };
    (arrangement, Some((possible.values, best.len() == 1)))
}

/// How many of the three totals a reading contradicts.
fn contradictions(arrangement: &[Slot], cells: &[RawCell]) -> usize {
    let value = |slot: &Slot| match slot {
        Slot::Cell(index) => Cell::new(count(&cells[*index].text)).count(),
        Slot::Lost => None,
    };
    let contradicts = |block: &&[Slot]| {
        let numbers: Vec<Option<i64>> = block.iter().map(value).collect();
        let Some(total) = numbers[BLOCK - 1] else { return false };
        let parts = &numbers[..BLOCK - 1];
        let sum: i64 = parts.iter().flatten().sum();
        if parts.contains(&None) { sum > total } else { sum != total }
    };
    arrangement.chunks(BLOCK).filter(contradicts).count()
}
