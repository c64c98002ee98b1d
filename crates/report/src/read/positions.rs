//! 三: rows that lost their labels, known by their place alone.
//!
//! Taken only where the table has just as many rows of seven numbers as its form, every label and heading that is left
//! stands where the form has it, and every sum of the table holds. Two rows changed for each other hold all sums too:
//! what is read so is marked, and no sum and no sentence is held against it.

use std::borrow::Cow;

use super::labels::{fold, folded_request_row, is_numbered, without_number};
use super::number::{count, is_value};
use super::requests::WORDS;
use super::settle::Found;
use super::skeleton::{Piece, Row, Skeleton};
use super::sums::{COLUMNS, TOTAL};
use crate::model::{Content, OfficialForm, RequestRow, Section};

/// The rows without a label, where the place of each is certain but for rows that changed places.
pub(super) fn unlabelled<'a>(skeleton: &'a Skeleton, found: &[Found]) -> Option<Vec<Found<'a>>> {
    let all: Vec<&Row> = skeleton.rows_of(Section::Requests).collect();
    let full: Vec<(usize, Numbered)> =
        all.iter().enumerate().filter_map(|(index, row)| Some((index, numbered(row)?))).collect();
    let form = [OfficialForm::F2019, OfficialForm::F2021]
        .into_iter()
        .find(|form| RequestRow::of(*form).count() == full.len())?;
    // A label apart from its values: the order of the table is no longer that of its rows.
    let is_label = |text: &str| {
        let folded = fold(text);
        WORDS.iter().any(|(word, row)| row.is_some() && folded.contains(word))
    };
    let loose = |piece: &Piece| matches!(piece, Piece::Text(paragraph) if is_label(&paragraph.text));
    if skeleton.pieces_of(Section::Requests).any(loose) {
        return None;
    }
    let rows: Vec<RequestRow> = RequestRow::of(form).collect();
    // Every text stands at a row that may bear it; below the last there is none.
    let mut at = 0;
    for (index, row) in all.iter().enumerate() {
        let own = full.get(at).filter(|(of, _)| *of == index);
        // Values that are not seven may be those of a row of the form.
        if own.is_none() && row.cells.iter().any(|cell| is_value(&cell.text)) {
            return None;
        }
        let texts = row.cells.iter().map(|cell| cell.text.as_str());
        let mut texts = texts.filter(|text| !text.is_empty() && !is_value(text));
        match rows.get(at) {
            Some(&expected) if !texts.all(|text| may_stand_at(text, expected, own.is_some())) => return None,
            None if texts.next().is_some() => return None,
            _ => {}
        }
        at += usize::from(own.is_some());
    }
    let numbers: Vec<[i64; COLUMNS]> = full.iter().map(|(_, row)| row.numbers).collect();
    if !adds_up(&rows, &numbers) {
        return None;
    }
    let bare = full.iter().zip(&rows).filter(|(_, row)| found.iter().all(|known| known.row != **row));
    Some(bare.map(|((index, numbered), &row)| placed(all[*index], numbered.first, row)).collect())
}

/// A row of just seven numbers.
struct Numbered {
    /// The cell of the first.
    first: usize,
    numbers: [i64; COLUMNS],
}

/// The row, where behind texts and empty cells seven numbers stand, and behind them nothing.
fn numbered(row: &Row) -> Option<Numbered> {
    let first = row.cells.iter().position(|cell| is_value(&cell.text))?;
    let values = row.cells.get(first..first + COLUMNS)?;
    let behind = &row.cells[first + COLUMNS..];
    if behind.iter().any(|cell| !cell.text.is_empty()) {
        return None;
    }
    let mut numbers = [0; COLUMNS];
    for (number, value) in numbers.iter_mut().zip(values) {
        let Content::Count(count @ 0..) = count(&value.text) else { return None };
        *number = count;
    }
    Some(Numbered { first, numbers })
}

/// Whether the text may stand at this row, or between the one before and this one, which has other numbers or none.
fn may_stand_at(text: &str, row: RequestRow, beside_values: bool) -> bool {
    const HEADS: [&str; 8] = [
        "自然人",
        "法人或其他组织",
        "商业企业",
        "科研机构",
        "社会公益组织",
        "法律服务机构",
        "申请人情况",
        "勾稽",
    ];
    let folded = fold(text);
    let has_words = |words: &str| folded.contains(words);
    if !beside_values {
        let bare_head = ["其他", "总计"].contains(&folded.as_str()) && !is_numbered(text);
        return bare_head || HEADS.into_iter().any(has_words) || names_group_of(&folded, row);
    }
    names_group_of(&folded, row) || folded_request_row(&folded) == Some(row)
}

/// 三、本年度办理结果, （三）不予公开: over or beside rows of theirs.
fn names_group_of(folded: &str, row: RequestRow) -> bool {
    let name = without_number(folded);
    name == "本年度办理结果" && (row.is_outcome() || row == RequestRow::Total)
        || row.group().is_some_and(|group| without_number(&fold(group)) == name)
}

/// Whether every row, every column and the balance of every column holds.
fn adds_up(rows: &[RequestRow], numbers: &[[i64; COLUMNS]]) -> bool {
    let of = |row: RequestRow| rows.iter().position(|known| *known == row).map(|index| numbers[index]);
    let (Some(received), Some(carried), Some(total), Some(left)) = (
        of(RequestRow::Received),
        of(RequestRow::CarriedFromLastYear),
        of(RequestRow::Total),
        of(RequestRow::CarriedToNextYear),
    ) else {
        return false;
    };
    numbers.iter().all(|row| sum(row[..TOTAL].iter().copied()) == Some(row[TOTAL]))
        && (0..COLUMNS).all(|column| {
            let outcomes = rows.iter().zip(numbers).filter(|(row, _)| row.is_outcome());
            sum(outcomes.map(|(_, numbers)| numbers[column])) == Some(total[column])
                && received[column].checked_add(carried[column]) == total[column].checked_add(left[column])
        })
}

fn sum(mut values: impl Iterator<Item = i64>) -> Option<i64> {
    values.try_fold(0, i64::checked_add)
}

fn placed(row: &Row, first: usize, of: RequestRow) -> Found<'_> {
    Found {
        row: of,
        at: row.at,
        // Where the label stood.
        label_column: first.saturating_sub(1),
        tail: Cow::Borrowed(&row.cells[first..first + COLUMNS]),
        width: row.cells.len(),
        jam: None,
        is_filled: true,
        in_grid: true,
        by_position: true,
    }
}
