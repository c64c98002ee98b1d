//! 三、收到和处理政府信息公开申请情况: 25 or 23 rows of seven values.

use std::borrow::Cow;

use super::block::RawCell;
use super::heads::{self, Heads};
use super::jam::{self, Jam};
use super::labels::{fold, folded_request_row, is_numbered};
use super::number::{count, is_value};
use super::place::{Slot, arrangements};
use super::positions;
use super::settle::{Digits, Doubt, Found, Placed, full_rows, settle};
use super::skeleton::{Row, Skeleton};
use super::stream::{self, Stream};
use super::sums::{COLUMNS, TOTAL};
use super::telling::{Jammed, Misfit, table_lost};
use crate::lint::{At, Finding, Severity, form_basis};
use crate::model::{
    ApplicantColumn, Cell, CellAddress, Content, OfficialForm, Position, RequestRow, RequestsTable, Section,
    TableName,
};

pub(super) fn read(skeleton: &Skeleton, problems: &mut Vec<Finding>) -> Option<RequestsTable> {
    let mut found: Vec<Found> = Vec::new();
    let mut repeated = Vec::new();
    for row in skeleton.rows_of(Section::Requests).filter_map(find_row) {
        match found.iter().find(|known| known.row == row.row) {
            None => found.push(row),
            Some(known) if texts(&known.tail) != texts(&row.tail) => repeated.push(row),
            Some(_) => {}
        }
    }
    let whole = form(&found, skeleton.year).is_some_and(|form| {
        RequestRow::of(form).all(|row| found.iter().any(|f| f.row == row && f.tail.len() >= COLUMNS))
    });
    let unlabelled = if whole { None } else { positions::unlabelled(skeleton, &found) };
    let whole = whole || unlabelled.is_some();
    found.extend(unlabelled.into_iter().flatten());
    let stream = (!whole).then(|| Stream::of(skeleton, Section::Requests));
    let labels = stream.as_ref().map(|stream| stream.labels(&WORDS, accepts, RequestRow::official));
    let mut streamed = labels.as_ref().map(|labels| labels.rows()).unwrap_or_default();
    // Values that come before their labels belong to no one knows which.
    if labels.is_some_and(|labels| labels.values_ahead() >= 3) {
        if found.len() < 4 && streamed.len() >= 4 {
            let (form, at) = (streamed_form(&streamed, skeleton.year), streamed[0].at);
            problems.push(table_lost(form, TableName::Requests, at, true));
            return Some(RequestsTable::filled(form, Content::Lost));
        }
        streamed.clear();
    }
    let parted = part_two_rows(&mut streamed);
    let scattered = streamed.iter().any(|row| row.values.len() >= 2 * COLUMNS);
    let figures: usize = streamed.iter().map(|row| row.values.len()).sum();
    let repeats = has_repeats(&streamed);
    found.retain(|row| !parted.contains(&row.row));
    merge(&mut found, streamed, &parted);
    let form = form(&found, skeleton.year)?;
    found.retain(|row| row.row.is_in(form));
    let short = |row: &&Found| row.tail.len() < COLUMNS && row.jam.is_none();
    let without = found.iter().filter(short).filter(|row| texts(&row.tail).is_empty()).count();
    // A table without two equal numbers, most rows of which are not whole, has lost its repeated lines.
    let deduplicated = !repeats && found.iter().filter(short).count() * 2 > found.len();
    let whole = found.iter().filter(|row| texts(&row.tail).len() == COLUMNS || row.jam.is_some()).count();
    if found.len() >= 4
        && whole * 2 < found.len()
        && (without * 2 > found.len() || scattered && without >= 2 || deduplicated)
    {
        let scattered = figures * 4 >= found.len() * COLUMNS && !deduplicated;
        problems.push(table_lost(form, TableName::Requests, found[0].at, scattered));
        return Some(RequestsTable::filled(form, Content::Lost));
    }
    let mut table = RequestsTable::filled(form, Content::Lost);
    let mut heads =
        heads::of_applicants(skeleton.rows_of(Section::Requests), |width| full_rows(&found, width));
    for row in found.iter().filter(|row| row.in_grid) {
        if Heads::over(&heads, row.width).is_none() {
            heads.extend(heads::kept_by(row.width, &full_rows(&found, row.width)));
        }
    }
    let placed = settle(&found, form, &heads);
    let is_squeezed = |placed: &&Placed| {
        let few = placed.doubt.as_ref().is_some_and(|doubt| doubt.values < COLUMNS);
        few && placed.row.jam.is_none() && placed.arrangement.iter().all(|slot| *slot == Slot::Lost)
    };
    let squeezed = placed.iter().filter(is_squeezed).count();
    if squeezed >= SQUEEZED {
        problems.push(columns_lost(form, found[0].at, squeezed));
    }
    for placed in placed {
        let row = placed.row;
        for (&column, slot) in ApplicantColumn::ALL.iter().zip(&placed.arrangement) {
            let mut cell = cell(*slot, &row.tail, row.at);
            cell.reconstructed = (row.jam.is_some() || row.by_position) && cell.is_known();
            cell.by_position = row.by_position && cell.is_known();
            table.put(row.row, column, cell);
        }
        if let Some(Digits { printed, readings, .. }) = &row.jam {
            let first = CellAddress::Requests(row.row, ApplicantColumn::NaturalPerson);
            let lost = table.row(row.row).any(|(_, cell)| !cell.is_known());
            if lost {
                let jammed = Jammed { form, row: first, at: row.at, printed, tail: &row.tail, readings };
                problems.push(jammed.finding());
            }
            continue;
        }
        let is_lost = table.row(row.row).all(|(_, cell)| !cell.is_known());
        if let Some(Doubt { values, decided }) = placed.doubt {
            // Of which columns the values are is not known: told for each row, or once where it is the rule.
            if is_lost && values < COLUMNS && squeezed >= SQUEEZED {
                continue;
            }
            let cells: Vec<_> = table
                .row(row.row)
                .map(|(column, cell)| (CellAddress::Requests(row.row, column), cell))
                .collect();
            let first = CellAddress::Requests(row.row, ApplicantColumn::NaturalPerson);
            Misfit { form, row: first, at: row.at, cells: &cells, values, decided }.tell(problems);
        }
    }
    let whole = |row: &&Found| row.row.is_in(form) && texts(&row.tail).len() == COLUMNS;
    problems.extend(repeated.iter().filter(whole).map(|row| told_twice(row, form)));
    Some(table)
}

/// From so many rows on, values without their columns are told once for the table.
const SQUEEZED: usize = 4;

fn columns_lost(form: OfficialForm, at: Position, rows: usize) -> Finding {
    Finding {
        rule: "row-shape",
        severity: Severity::Warning,
        message: format!(
            "“{}”表有 {rows} 行的数不足七个，空格在文本中被挤掉了，无法确定哪个数属于哪一列；这些行按缺失处理（不等于零），请用原件再读一次",
            TableName::Requests.official()
        ),
        at: At::Table { table: TableName::Requests, row: None, column: None, position: Some(at) },
        found: None,
        expected: None,
        basis: form_basis(Some(form), TableName::Requests),
    }
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
            position: Some(row.at),
        },
        found: None,
        expected: None,
        basis: form_basis(Some(form), TableName::Requests),
    }
}

fn find_row(row: &Row) -> Option<Found<'_>> {
    // The last cell that is a label.
    let mut named = None;
    for (column, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !is_value(&cell.text)) {
        let folded = fold(&cell.text);
        if ["自然人", "商业企业", "申请人情况"].iter().any(|head| folded.contains(head)) {
            return None;
        }
        named = folded_request_row(&folded).map(|known| (column, known)).or(named);
    }
    let (mut label_column, mut known) = named?;
    let (label, mut tail) = (&row.cells[label_column], &row.cells[label_column + 1..]);
    // Beside （六）其他处理 the middle of a label that was broken over lines: the first of its three rows.
    if let (RequestRow::OtherHandling, [first, rest @ ..]) = (known, tail)
        && first.text.contains("不再处理")
    {
        (known, tail, label_column) = (RequestRow::NotSupplementedInTime, rest, label_column + 1);
    }
    // Beside a heading stand the labels of its rows, whole or cut, but no values.
    let empty = !tail.iter().any(|cell| is_value(&cell.text));
    // （六）其他处理 without values is the heading of three rows; 其他 and 总计 without values head columns.
    let heading = match known {
        RequestRow::OtherHandling => true,
        RequestRow::Other | RequestRow::Total => !is_numbered(&label.text),
        _ => false,
    };
    if empty && heading {
        return None;
    }
    let (at, width) = (label.at, row.cells.len());
    Some(Found {
        row: known,
        at,
        label_column,
        tail: Cow::Borrowed(tail),
        width,
        jam: None,
        is_filled: false,
        in_grid: row.in_grid,
        by_position: false,
    })
}

/// The words that only the label of one row says; none for words that end a row.
pub(super) const WORDS: [(&str, Option<RequestRow>); 74] = {
    use RequestRow as R;
    [
        ("本年新收", Some(R::Received)),
        ("新收政府信息", Some(R::Received)),
        ("上年结转", Some(R::CarriedFromLastYear)),
        ("上年度结转", Some(R::CarriedFromLastYear)),
        ("上一年结转", Some(R::CarriedFromLastYear)),
        ("予以公开", Some(R::Disclosed)),
        ("部分公开", Some(R::PartlyDisclosed)),
        ("属于国家秘密", Some(R::StateSecret)),
        ("国家秘密", Some(R::StateSecret)),
        ("其他法律", Some(R::OtherLaw)),
        ("法规禁止公开", Some(R::OtherLaw)),
        ("危及", Some(R::SecurityOrStability)),
        ("三安全", Some(R::SecurityOrStability)),
        ("保护第三方", Some(R::ThirdPartyRights)),
        ("第三方合法", Some(R::ThirdPartyRights)),
        ("属于三类", Some(R::InternalAffairs)),
        ("内部事务", Some(R::InternalAffairs)),
        ("属于四类", Some(R::ProcessInformation)),
        ("过程性信息", Some(R::ProcessInformation)),
        ("属于行政执法", Some(R::EnforcementFile)),
        ("执法案卷", Some(R::EnforcementFile)),
        ("属于行政查询", Some(R::OwnInquiryProcedure)),
        ("行政查询", Some(R::OwnInquiryProcedure)),
        ("本机关不掌握", Some(R::NotHeld)),
        ("不掌握", Some(R::NotHeld)),
        ("没有现成", Some(R::NeedsCreation)),
        ("另行制作", Some(R::NeedsCreation)),
        ("另行加工", Some(R::NeedsCreation)),
        ("补正后", Some(R::StillUnclear)),
        ("仍不明确", Some(R::StillUnclear)),
        ("信访", Some(R::PetitionOrComplaint)),
        ("重复申请", Some(R::Repeated)),
        ("要求提供公开", Some(R::PublicPublication)),
        ("公开出版物", Some(R::PublicPublication)),
        ("无正当理由大量", Some(R::Excessive)),
        ("大量反复", Some(R::Excessive)),
        ("要求行政机关确认", Some(R::ConfirmOrReissue)),
        ("要求行政机关", Some(R::ConfirmOrReissue)),
        ("重新出具", Some(R::ConfirmOrReissue)),
        ("其他处理", Some(R::OtherHandling)),
        ("申请人无正当", Some(R::NotSupplementedInTime)),
        ("逾期不补正", Some(R::NotSupplementedInTime)),
        ("申请人逾期", Some(R::FeeNotPaidInTime)),
        ("逾期未按", Some(R::FeeNotPaidInTime)),
        ("缴纳费用", Some(R::FeeNotPaidInTime)),
        ("逾期不缴", Some(R::FeeNotPaidInTime)),
        ("逾期未缴", Some(R::FeeNotPaidInTime)),
        ("其他", Some(R::Other)),
        ("总计", Some(R::Total)),
        ("合计", Some(R::Total)),
        ("结转下", Some(R::CarriedToNextYear)),
        ("无正当理由大", Some(R::Excessive)),
        ("反复申请", Some(R::Excessive)),
        ("举报投诉", Some(R::PetitionOrComplaint)),
        ("提供公开", Some(R::PublicPublication)),
        ("出版物", Some(R::PublicPublication)),
        ("机关确认", Some(R::ConfirmOrReissue)),
        ("已获取信息", Some(R::ConfirmOrReissue)),
        ("第三方", Some(R::ThirdPartyRights)),
        ("合法权益", Some(R::ThirdPartyRights)),
        ("一稳定", Some(R::SecurityOrStability)),
        ("三类内部", Some(R::InternalAffairs)),
        ("四类过程", Some(R::ProcessInformation)),
        ("案卷", Some(R::EnforcementFile)),
        ("查询事项", Some(R::OwnInquiryProcedure)),
        ("现成信息", Some(R::NeedsCreation)),
        ("收费通知", Some(R::FeeNotPaidInTime)),
        ("不补正", Some(R::NotSupplementedInTime)),
        ("掌握相关", Some(R::NotHeld)),
        ("申请人情况", None),
        ("自然人", None),
        ("商业企业", None),
        ("本列数据", None),
        ("政府信息公开行政复议", None),
    ]
};

/// 其他 is a row only with its number; the word is part of other labels too.
fn accepts(anchor: &stream::Anchor<RequestRow>, after: Option<char>) -> bool {
    match anchor.row {
        // Beside the middle of its three rows stands the heading, amid their labels.
        Some(RequestRow::OtherHandling) => after.is_none_or(|c| !('\u{4e00}'..='\u{9fff}').contains(&c)),
        Some(RequestRow::Other) => anchor.numbered && after.is_none_or(|c| !"法处对情".contains(c)),
        _ => true,
    }
}

fn has_repeats(streamed: &[stream::Found<RequestRow>]) -> bool {
    let mut texts: Vec<&str> =
        streamed.iter().flat_map(|row| &row.values).map(|value| value.text.as_str()).collect();
    texts.sort_unstable();
    texts.windows(2).any(|two| two[0] == two[1])
}

/// Labels set at another height than their values: one row without values, and both rows' values after the next
/// label. Each is given its own, in order, if it adds up. Gives the rows so parted.
fn part_two_rows(streamed: &mut [stream::Found<RequestRow>]) -> Vec<RequestRow> {
    let adds_up = |values: &[RawCell]| {
        let numbers: Option<Vec<i64>> =
            values.iter().map(|value| Cell::new(count(&value.text)).count()).collect();
        numbers.is_some_and(|numbers| numbers[..TOTAL].iter().sum::<i64>() == numbers[TOTAL])
    };
    let mut parted = Vec::new();
    for index in 1..streamed.len() {
        let (before, after) = streamed.split_at_mut(index);
        let (Some(first), Some(second)) = (before.last_mut(), after.first_mut()) else { continue };
        if !first.values.is_empty() || second.values.len() != 2 * COLUMNS {
            continue;
        }
        let rest = second.values.split_off(COLUMNS);
        if adds_up(&second.values) && adds_up(&rest) {
            first.values = std::mem::replace(&mut second.values, rest);
        } else {
            second.values.extend(rest);
        }
        parted.extend([first.row, second.row]);
    }
    parted
}

/// Adds the rows of the stream where no line is the row, or the line is not whole.
fn merge(found: &mut Vec<Found>, streamed: Vec<stream::Found<RequestRow>>, parted: &[RequestRow]) {
    let is_jammed = streamed.iter().any(|row| row.is_jammed(COLUMNS));
    for row in streamed {
        let known = found.iter().position(|known| known.row == row.row);
        let values = known.map_or(0, |known| texts(&found[known].tail).len());
        let is_whole = known.is_some_and(|known| found[known].tail.len() >= COLUMNS) || values == COLUMNS;
        let is_heading = row.row == RequestRow::OtherHandling && row.values.is_empty() && !row.blank;
        if is_heading || known.is_some() && (!is_jammed && (is_whole || values > 0) || values == COLUMNS) {
            continue;
        }
        let mut row = from_stream(row, is_jammed);
        if parted.contains(&row.row) && row.tail.len() == COLUMNS && row.jam.is_none() {
            // Its sum has shown which values are its own.
            let printed = texts(&row.tail).join(" ");
            let readings = vec![(0..COLUMNS).map(Slot::Cell).collect()];
            row.jam = Some(Digits { printed, readings, needs_support: false });
        }
        match known {
            Some(known) => found[known] = row,
            None => found.push(row),
        }
    }
}

fn from_stream(row: stream::Found<RequestRow>, is_jammed: bool) -> Found<'static> {
    let whole = row.values.len() == COLUMNS && !row.is_jammed(COLUMNS);
    let width = row.values.len() + 1;
    let mut tail = row.values;
    if row.blank {
        tail = vec![RawCell { text: String::new(), at: row.at }; COLUMNS];
    }
    let mut jam = None;
    if tail.len() >= COLUMNS && tail[COLUMNS..].iter().all(|cell| cell.text.is_empty()) {
        // Cells that are there and empty keep their columns; more of them only fill up the row.
        tail.truncate(COLUMNS);
    }
    let is_filled = tail.len() == COLUMNS;
    let digits: usize = tail.iter().map(|value| value.text.len()).sum();
    // Where spaces part the values, a missing value and a missing space look alike: both are weighed.
    let either = !is_jammed && tail.len() + 2 >= COLUMNS && tail.len() < COLUMNS && digits >= COLUMNS;
    if (is_jammed || either) && !whole && !tail.is_empty() {
        let printed = tail.iter().map(|value| value.text.as_str()).collect::<Vec<_>>().join(" ");
        let Jam { cells, readings, across_spaces } = jam::cut(
            &tail,
            COLUMNS,
            |_, text| jam::is_count_or_none(text),
            |values, left| jam::blocks_add_up(values, left, COLUMNS),
        );
        if is_jammed {
            tail = cells;
            jam = Some(Digits { printed, readings, needs_support: across_spaces });
        } else if !readings.is_empty() {
            let mut all = arrangements(&tail, COLUMNS, true).all;
            let moved = |slot: Slot| match slot {
                Slot::Cell(index) => Slot::Cell(index + tail.len()),
                Slot::Lost => Slot::Lost,
            };
            all.extend(readings.into_iter().map(|one| one.into_iter().map(moved).collect::<Vec<_>>()));
            tail.extend(cells);
            jam = Some(Digits { printed, readings: all, needs_support: true });
        }
    }
    Found {
        row: row.row,
        at: row.at,
        label_column: 0,
        tail: Cow::Owned(tail),
        width,
        jam,
        is_filled,
        in_grid: false,
        by_position: false,
    }
}

fn texts(tail: &[RawCell]) -> Vec<&str> {
    tail.iter().map(|cell| cell.text.as_str()).filter(|text| !text.is_empty()).collect()
}

fn streamed_form(streamed: &[stream::Found<RequestRow>], year: Option<i16>) -> OfficialForm {
    let three = [RequestRow::NotSupplementedInTime, RequestRow::FeeNotPaidInTime, RequestRow::Other];
    let year = year.map_or(OfficialForm::F2021, OfficialForm::for_year);
    if streamed.iter().any(|row| three.contains(&row.row)) { OfficialForm::F2021 } else { year }
}

/// Told by （六）其他处理, which is three rows since 2021; a table without it follows the year.
fn form(found: &[Found], year: Option<i16>) -> Option<OfficialForm> {
    if found.is_empty() {
        return None;
    }
    let has = |row: RequestRow| found.iter().any(|found| found.row == row);
    if has(RequestRow::NotSupplementedInTime) || has(RequestRow::FeeNotPaidInTime) || has(RequestRow::Other) {
        Some(OfficialForm::F2021)
    } else if has(RequestRow::OtherHandling) && found.iter().any(|found| found.row.group().is_some()) {
        // Where no row below a heading kept its label, （六） may have lost those of its three as well.
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
            let at = if raw.text.is_empty() { Position { column: raw.at.column, ..row_at } } else { raw.at };
            let printed = unreadable.then(|| raw.text.clone());
            Cell { printed, ..Cell::at(content, Some(at)) }
        }
    }
}
