//! 二、主动公开政府信息情况: a few rows of one to three values, different in the two forms.

use super::Misfit;
use super::block::RawCell;
use super::labels::{fold, proactive_row};
use super::number::{amount_10k, amount_as_printed, count};
use super::place::{Arrangement, Slot, arrangements, common, usual_width};
use super::skeleton::{Row, Skeleton};
use crate::lint::Finding;
use crate::model::{
    Cell, CellAddress, Content, OfficialForm, ProactiveColumn, ProactiveRow, ProactiveTable, Section,
};

pub(super) fn read(skeleton: &Skeleton, problems: &mut Vec<Finding>) -> Option<ProactiveTable> {
    let mut found: Vec<(ProactiveRow, usize, &Row)> = Vec::new();
    let mut heads = String::new();
    for row in skeleton.rows_of(Section::Proactive) {
        let label_column = row.cells.iter().position(|cell| !cell.text.is_empty());
        let known = label_column.and_then(|column| Some((proactive_row(&row.cells[column].text)?, column)));
        match known {
            Some((known, column)) if !found.iter().any(|(other, ..)| *other == known) => {
                found.push((known, column, row));
            }
            Some(_) => {}
            None => row.cells.iter().for_each(|cell| heads.push_str(&fold(&cell.text))),
        }
    }
    if found.is_empty() {
        return None;
    }
    let form = form(&heads, &found, skeleton.year);
    let usual = usual_width(found.iter().map(|(.., row)| row.cells.len()));
    let mut table = ProactiveTable::filled(form, Content::Lost);
    for (known, label_column, row) in found {
        let columns = known.columns(form);
        let Some(&first) = columns.first() else { continue };
        let tail = &row.cells[label_column + 1..];
        let (arrangement, doubt) = settle(columns, tail, row.cells.len() < usual);
        for (&column, slot) in columns.iter().zip(arrangement) {
            let cell = match slot {
                Slot::Lost => Cell::at(Content::Lost, Some(row.at)),
                Slot::Cell(index) => cell(column, &tail[index]),
            };
            table.put(known, column, cell);
        }
        if let Some(values) = doubt {
            let cells: Vec<_> = table
                .row(known)
                .map(|(column, cell)| (CellAddress::Proactive(known, column), cell))
                .collect();
            let row_address = CellAddress::Proactive(known, first);
            Misfit { form, row: row_address, at: row.at, cells: &cells, values, decided: false }
                .tell(problems);
        }
    }
    Some(table)
}

/// Told by the headings of the columns, then by the rows that only one form has, then by the year.
fn form(heads: &str, found: &[(ProactiveRow, usize, &Row)], year: Option<i16>) -> OfficialForm {
    let count = |words: &[&str]| words.iter().filter(|word| heads.contains(**word)).count();
    let old = count(&["新制作", "新公开", "对外公开总", "上一年项目", "本年增", "采购项目", "采购总金额"]);
    let new = count(&["制发", "废止", "现行有效", "本年处理决定", "收费金额"]);
    let has_old_row =
        found.iter().any(|(row, ..)| matches!(row, ProactiveRow::OtherServices | ProactiveRow::Procurement));
    match old.cmp(&new) {
        std::cmp::Ordering::Greater => OfficialForm::F2019,
        std::cmp::Ordering::Less => OfficialForm::F2021,
        std::cmp::Ordering::Equal if has_old_row => OfficialForm::F2019,
        std::cmp::Ordering::Equal => year.map_or(OfficialForm::F2021, OfficialForm::for_year),
    }
}

fn content(column: ProactiveColumn, text: &str) -> Content {
    match column {
        ProactiveColumn::Amount10kCny => amount_10k(text),
        ProactiveColumn::Amount => amount_as_printed(text),
        _ => count(text),
    }
}

fn cell(column: ProactiveColumn, raw: &RawCell) -> Cell {
    let content = content(column, &raw.text);
    let unreadable = content == Content::Lost && raw.text != crate::write::LOST;
    Cell { content, at: Some(raw.at), printed: unreadable.then(|| raw.text.clone()) }
}

/// No sums tie these rows to each other, so a row that lost a cell keeps only what is certain. Gives the number
/// of values too when they do not tell their columns.
fn settle(columns: &[ProactiveColumn], tail: &[RawCell], short: bool) -> (Arrangement, Option<usize>) {
    let possible = arrangements(tail, columns.len(), short);
    if possible.in_place > 0 && !short {
        // Columns stand below their headings: blanks after the label belong to the first columns.
        return (possible.all[0].clone(), None);
    }
    let mut distinct: Vec<Arrangement> = Vec::new();
    for one in possible.all {
        if !distinct.iter().any(|other| texts(other, tail) == texts(&one, tail)) {
            distinct.push(one);
        }
    }
    match &distinct[..] {
        [] => (vec![Slot::Lost; columns.len()], Some(possible.values)),
        [only] => (only.clone(), None),
        several => (common(several, tail, false), Some(possible.values)),
    }
}

fn texts<'a>(arrangement: &[Slot], tail: &'a [RawCell]) -> Vec<&'a str> {
    let text = |slot: &Slot| match slot {
        Slot::Cell(index) => tail[*index].text.as_str(),
        Slot::Lost => "",
    };
    arrangement.iter().map(text).collect()
}
