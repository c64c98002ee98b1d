//! 二、主动公开政府信息情况: a few rows of one to three values, different in the two forms.

use std::borrow::Cow;

use super::block::RawCell;
use super::heads::{self, Heads};
use super::jam::{self, Jam};
use super::labels::{fold, proactive_row};
use super::number::{amount_10k, amount_as_printed, count, is_amount};
use super::place::{Arrangement, Slot, arrangements, common, usual_width};
use super::skeleton::{Piece, Row, Skeleton};
use super::stream::{self, Stream};
use super::telling::{Jammed, Misfit, table_lost};
use crate::lint::Finding;
use crate::model::{
    Cell, CellAddress, Content, OfficialForm, Position, ProactiveColumn, ProactiveRow, ProactiveTable,
    Section, TableName,
};

struct Found<'a> {
    row: ProactiveRow,
    at: Position,
    tail: Cow<'a, [RawCell]>,
    width: usize,
    /// The values come from the stream, without the grid that keeps blanks in place.
    streamed: Option<bool>,
    /// Where the headings above it stand.
    heads: Option<Heads>,
}

impl Found<'_> {
    /// How many of its cells are filled.
    fn values(&self) -> usize {
        self.tail.iter().filter(|cell| !cell.text.is_empty()).count()
    }
}

/// The table, and whether several values of a row were found by their order alone.
pub(super) fn read(skeleton: &Skeleton, problems: &mut Vec<Finding>) -> Option<(ProactiveTable, bool)> {
    let mut found: Vec<Found> = Vec::new();
    let mut heads = String::new();
    for piece in skeleton.pieces_of(Section::Proactive) {
        if let Piece::Text(text) = piece {
            heads.push_str(&fold(&text.text));
        }
    }
    let mut above = None;
    for row in skeleton.rows_of(Section::Proactive) {
        above = heads::of_block(row).or(above);
        match find_row(row, above.as_ref()) {
            Some(row) if !found.iter().any(|other| other.row == row.row) => found.push(row),
            Some(_) => {}
            None => row.cells.iter().for_each(|cell| heads.push_str(&fold(&cell.text))),
        }
    }
    // The fewest columns that either form has for the row.
    let is_whole = |row: &Found| {
        let columns = OfficialForm::ALL.map(|form| row.row.columns(form).len());
        row.tail.iter().any(|cell| !cell.text.is_empty()) || row.tail.len() >= columns[0].max(columns[1])
    };
    let only_old = |row: &Found| matches!(row.row, ProactiveRow::OtherServices | ProactiveRow::Procurement);
    let expected = if found.iter().any(only_old) { ProactiveRow::ALL.len() } else { 6 };
    if found.len() < expected || !found.iter().all(is_whole) {
        let stream = Stream::of(skeleton, Section::Proactive);
        heads.push_str(&stream.text());
        // Values that come before their labels belong to no one knows which, unless every label has its own behind it.
        let labels = stream.labels(&WORDS, |_, _| true, ProactiveRow::official);
        let streamed = labels.rows();
        let ahead = labels.values_ahead() >= 2 && !every_label_has_its_values(&streamed);
        if ahead && found.len() < 3 && streamed.len() >= 3 {
            let form = form(&heads, &found, skeleton.year);
            problems.push(table_lost(form, TableName::Proactive, streamed[0].at, true));
            return Some((ProactiveTable::filled(form, Content::Lost), false));
        }
        for row in streamed.into_iter().filter(|_| !ahead) {
            let known = found.iter().position(|known| known.row == row.row);
            if known.is_some_and(|known| is_whole(&found[known])) {
                continue;
            }
            let mut values = row.values;
            // Cells that are there and empty keep their columns; more of them only fill up the row.
            let filled = values.iter().any(|value| !value.text.is_empty());
            let most =
                if filled { OfficialForm::ALL.map(|form| row.row.columns(form).len())[0].max(1) } else { 0 };
            while values.len() > most && values.last().is_some_and(|value| value.text.is_empty()) {
                values.pop();
            }
            if row.blank {
                let columns = OfficialForm::ALL.map(|form| row.row.columns(form).len());
                let empty = RawCell { text: String::new(), at: row.at };
                values = vec![empty; columns[0].max(columns[1])];
            }
            let row = Found {
                row: row.row,
                at: row.at,
                width: values.len() + 1,
                tail: Cow::Owned(values),
                streamed: Some(row.attached),
                heads: None,
            };
            match known {
                Some(known) => found[known] = row,
                None => found.push(row),
            }
        }
    }
    let valued = found.iter().filter(|row| !row.tail.is_empty()).count();
    // The words alone also stand in prose.
    if found.is_empty() || valued == 0 && found.len() < 3 {
        return None;
    }
    let form = form(&heads, &found, skeleton.year);
    found.retain(|row| !row.row.columns(form).is_empty());
    let expected: usize = found.iter().map(|row| row.row.columns(form).len()).sum();
    let figures: usize = found.iter().map(Found::values).sum();
    let overfull = |row: &&Found| row.streamed.is_some() && row.values() > row.row.columns(form).len();
    let underfull =
        |row: &&Found| row.streamed.is_some() && (1..row.row.columns(form).len()).contains(&row.values());
    // What one row has too much and another too little was parted in another order than that of the rows.
    let too_many = found.iter().filter(overfull).count();
    let out_of_order = found.iter().any(|row| is_scattered(row, form))
        || too_many >= 2
        || too_many == 1 && found.iter().any(|row| underfull(&row));
    if found.len() >= 3 && (valued * 2 < found.len() || out_of_order) {
        problems.push(table_lost(form, TableName::Proactive, found[0].at, figures * 4 >= expected));
        return Some((ProactiveTable::filled(form, Content::Lost), false));
    }
    let usual = usual_width(found.iter().filter(|row| row.streamed.is_none()).map(|row| row.width));
    let mut table = ProactiveTable::filled(form, Content::Lost);
    let by_order = found.iter().any(|row| row.streamed.is_some() && row.tail.len() > 1);
    for found in found {
        put_row(&mut table, form, &found, usual, problems);
    }
    Some((table, by_order))
}

fn find_row<'r>(row: &'r Row, above: Option<&Heads>) -> Option<Found<'r>> {
    let label_column = row.cells.iter().position(|cell| !cell.text.is_empty())?;
    let known = proactive_row(&row.cells[label_column].text)?;
    let tail = Cow::Borrowed(&row.cells[label_column + 1..]);
    let width = row.cells.len();
    let heads = above.filter(|heads| row.in_grid && heads.width == width).cloned();
    Some(Found { row: known, at: row.at, tail, width, streamed: None, heads })
}

const WORDS: [(&str, Option<ProactiveRow>); 21] = {
    use ProactiveRow as R;
    [
        ("规章", Some(R::Rules)),
        ("行政规范性文件", Some(R::NormativeDocuments)),
        ("规范性文件", Some(R::NormativeDocuments)),
        ("规范性档案", Some(R::NormativeDocuments)),
        ("行政规范性", Some(R::NormativeDocuments)),
        ("行政事业性", Some(R::AdministrativeFees)),
        ("行政许可", Some(R::Licenses)),
        ("其他对外管理", Some(R::OtherServices)),
        ("行政处罚", Some(R::Penalties)),
        ("行政强制", Some(R::Compulsions)),
        ("行政事业性收费", Some(R::AdministrativeFees)),
        ("政府集中采购", Some(R::Procurement)),
        // Their first character is lost.
        ("政许可", Some(R::Licenses)),
        ("政处罚", Some(R::Penalties)),
        ("政强制", Some(R::Compulsions)),
        ("第二十条", None),
        ("信息内容", None),
        ("上一年项目", None),
        ("本年", None),
        ("采购项目", None),
        ("其他主动公开", None),
    ]
};

/// Whether each row has as many values behind its label as one of the forms has columns: what stands before the first
/// belongs to a label that is lost.
fn every_label_has_its_values(rows: &[stream::Found<ProactiveRow>]) -> bool {
    const MANY: usize = 5;
    let whole = |form: &OfficialForm| rows.iter().all(|row| row.values.len() == row.row.columns(*form).len());
    rows.len() >= MANY && OfficialForm::ALL.iter().any(whole)
}

/// The numbers of several rows after the label of one.
fn is_scattered(row: &Found, form: OfficialForm) -> bool {
    row.streamed.is_some() && row.values() >= 2 * row.row.columns(form).len() + 2
}

fn put_row(
    table: &mut ProactiveTable,
    form: OfficialForm,
    found: &Found,
    usual: usize,
    problems: &mut Vec<Finding>,
) {
    let columns = found.row.columns(form);
    let Some(&first) = columns.first() else { return };
    let address = CellAddress::Proactive(found.row, first);
    let jammed = found.streamed.is_some() && found.tail.len() < columns.len() && !found.tail.is_empty();
    let Jam { mut cells, mut readings, .. } = if jammed { cut(columns, &found.tail) } else { Jam::default() };
    if found.streamed == Some(false) && !readings.is_empty() && !found.tail.iter().any(jam::is_led_by_zero) {
        // Between spaces or lines a value may be missing as well as a space: both are weighed.
        let offset = cells.len();
        let gaps = arrangements(&found.tail, columns.len(), true).all;
        readings.extend(gaps.into_iter().map(|one| jam::moved(one, offset)));
        cells.extend(found.tail.iter().cloned());
    }
    let attached = found.streamed == Some(true);
    let one_run = found.tail.len() == 1 && found.tail[0].text.len() >= columns.len();
    if jammed && (attached || one_run || !readings.is_empty()) {
        let arrangement = match &readings[..] {
            [] => vec![Slot::Lost; columns.len()],
            [only] => only.clone(),
            several => common(several, &cells),
        };
        let lost = arrangement.contains(&Slot::Lost);
        for (&column, slot) in columns.iter().zip(arrangement) {
            let cell = match slot {
                Slot::Lost => Cell::at(Content::Lost, Some(found.at)),
                Slot::Cell(index) => Cell { reconstructed: true, ..cell(column, &cells[index]) },
            };
            table.put(found.row, column, cell);
        }
        if lost {
            let printed = found.tail.iter().map(|value| value.text.as_str()).collect::<Vec<_>>().join(" ");
            let (at, printed) = (found.at, printed.as_str());
            problems.push(
                Jammed { form, row: address, at, printed, tail: &cells, readings: &readings }.finding(),
            );
        }
        return;
    }
    let tail = &found.tail[..];
    // In a table without padding a row is as wide as its values: one that is too narrow may lack any of them.
    let in_place = found.streamed.is_some() && tail.len() == columns.len();
    let short =
        !in_place && (found.streamed.is_some() || found.width < usual || found.tail.len() < columns.len());
    let headed = found.heads.as_ref().and_then(|heads| heads.place(tail));
    let (arrangement, doubt) = match headed.filter(|headed| headed.len() == columns.len()) {
        Some(headed) => (headed, None),
        None => settle(columns, tail, short, found.streamed.is_some()),
    };
    for (&column, slot) in columns.iter().zip(arrangement) {
        let cell = match slot {
            Slot::Lost => Cell::at(Content::Lost, Some(found.at)),
            Slot::Cell(index) => cell(column, &tail[index]),
        };
        table.put(found.row, column, cell);
    }
    if let Some(values) = doubt {
        let cells: Vec<_> = table
            .row(found.row)
            .map(|(column, cell)| (CellAddress::Proactive(found.row, column), cell))
            .collect();
        Misfit { form, row: address, at: found.at, cells: &cells, values, decided: false }.tell(problems);
    }
}

/// No sums tie these values to each other: every cut that gives numbers is a reading.
fn cut(columns: &[ProactiveColumn], tail: &[RawCell]) -> Jam {
    let fits = |index: usize, text: &str| match columns.get(index) {
        Some(ProactiveColumn::Change) => {
            let number = text.strip_prefix(['-', '+']).unwrap_or(text);
            jam::is_plain_count(number) && (number != "0" || number == text)
        }
        Some(ProactiveColumn::Amount10kCny | ProactiveColumn::Amount) => {
            let zero =
                text.strip_prefix('0').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            is_amount(text) && text.starts_with(|c: char| c.is_ascii_digit()) && !zero
        }
        Some(_) => jam::is_plain_count(text),
        None => false,
    };
    jam::cut(tail, columns.len(), fits, |_, _| true)
}

/// Told by the headings of the columns, then by the rows that only one form has, then by the year.
fn form(heads: &str, found: &[Found], year: Option<i16>) -> OfficialForm {
    let count = |words: &[&str]| words.iter().filter(|word| heads.contains(**word)).count();
    let old = count(&["新制作", "新公开", "对外公开总", "上一年项目", "本年增", "采购项目", "采购总金额"]);
    let new = count(&["制发", "废止", "现行有效", "本年处理决定", "收费金额"]);
    let has_old_row = found
        .iter()
        .any(|found| matches!(found.row, ProactiveRow::OtherServices | ProactiveRow::Procurement));
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
    Cell { printed: unreadable.then(|| raw.text.clone()), ..Cell::at(content, Some(raw.at)) }
}

/// No sums tie these rows to each other, so a row that lost a cell keeps only what is certain. Gives the number
/// of values too when they do not tell their columns.
fn settle(
    columns: &[ProactiveColumn],
    tail: &[RawCell],
    short: bool,
    by_order: bool,
) -> (Arrangement, Option<usize>) {
    let mut possible = arrangements(tail, columns.len(), short);
    // A number with a sign stands for a change and for nothing else.
    let fits = |one: &Arrangement| {
        columns.iter().zip(one).all(|(column, slot)| match slot {
            Slot::Cell(index) => *column == ProactiveColumn::Change || !is_negative(&tail[*index]),
            Slot::Lost => true,
        })
    };
    // One of several digits may be two values that stand without a space: -90 is -9 and 0.
    let is_long = |cell: &RawCell| tail.len() < columns.len() && cell.text.len() > 2;
    let signed = tail.iter().find(|cell| is_negative(cell)).filter(|cell| !is_long(cell));
    if by_order && columns.contains(&ProactiveColumn::Change) && signed.is_some() {
        possible.all.retain(fits);
        possible.in_place = possible.in_place.min(possible.all.len());
    }
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
        several => (common(several, tail), Some(possible.values)),
    }
}

fn is_negative(cell: &RawCell) -> bool {
    matches!(count(&cell.text), Content::Count(count) if count < 0)
}

fn texts<'a>(arrangement: &[Slot], tail: &'a [RawCell]) -> Vec<&'a str> {
    let text = |slot: &Slot| match slot {
        Slot::Cell(index) => tail[*index].text.as_str(),
        Slot::Lost => "",
    };
    arrangement.iter().map(text).collect()
}
