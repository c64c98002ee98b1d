//! 三、收到和处理政府信息公开申请情况: 25 or 23 rows of seven values.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::block::RawCell;
use super::heads::{self, Heads};
use super::jam::{self, Jam};
use super::joint;
use super::labels::{fold, is_numbered, request_row};
use super::number::{count, is_value};
use super::place::{Arrangement, Arrangements, Slot, arrangements, common, usual_width};
use super::skeleton::{Row, Skeleton};
use super::stream::{self, Stream};
use super::sums::{BorneOut, COLUMNS, Evidence, Numbers, TOTAL};
use super::{Jammed, Misfit, table_lost};
use crate::lint::{At, Finding, Severity, form_basis};
use crate::model::{
    ApplicantColumn, Cell, CellAddress, Content, OfficialForm, Position, RequestRow, RequestsTable, Section,
    TableName,
};

struct Found<'a> {
    row: RequestRow,
    at: Position,
    label_column: usize,
    tail: Cow<'a, [RawCell]>,
    width: usize,
    jam: Option<Digits>,
    /// Seven cells, one a line, some of which may be empty.
    is_filled: bool,
    /// The source itself says in which column each cell stands.
    in_grid: bool,
}

/// Digits that stand without the spaces that kept the values apart.
struct Digits {
    printed: String,
    /// The ways to cut them.
    readings: Vec<Arrangement>,
    /// Its own sum does not settle the row: spaces were left out of account, or a value may be missing.
    needs_support: bool,
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
            Some(known) if texts(&known.tail) != texts(&row.tail) => repeated.push(row),
            Some(_) => {}
        }
    }
    let whole = form(&found, skeleton.year).is_some_and(|form| {
        RequestRow::of(form).all(|row| found.iter().any(|f| f.row == row && f.tail.len() >= COLUMNS))
    });
    let stream = (!whole).then(|| Stream::of(skeleton, Section::Requests));
    let mut streamed =
        stream.as_ref().map(|stream| stream.rows(&WORDS, accepts, RequestRow::official)).unwrap_or_default();
    // Values that come before their labels belong to no one knows which.
    if stream.is_some_and(|stream| stream.values_ahead(&WORDS, accepts, RequestRow::official) >= 3) {
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
            cell.reconstructed = row.jam.is_some() && cell.is_known();
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
    })
}

/// The words that only the label of one row says; none for words that end a row.
const WORDS: [(&str, Option<RequestRow>); 74] = {
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
        let is_heading = row.row == RequestRow::OtherHandling && row.values.is_empty();
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
            let at = if raw.text.is_empty() { Position { column: raw.at.column, ..row_at } } else { raw.at };
            let printed = unreadable.then(|| raw.text.clone());
            Cell { printed, ..Cell::at(content, Some(at)) }
        }
    }
}

/// How many combinations of readings are weighed against the sums at once.
const COMBINATIONS: usize = 2000;

/// A row that contradicts a sum is placed all the same where every other place contradicts so many more.
const SURE_LEAD: usize = 2;

/// The columns of each row of this width that holds seven values.
fn full_rows(found: &[Found], width: usize) -> Vec<Vec<usize>> {
    let columns = |row: &Found| -> Vec<usize> {
        let filled = row.tail.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty());
        filled.map(|(index, _)| row.label_column + 1 + index).collect()
    };
    let rows = found.iter().filter(|row| row.width == width && row.jam.is_none());
    rows.map(columns).filter(|columns| columns.len() == COLUMNS).collect()
}

/// Where the seven columns start in a table whose rows all end with them, whether the label stands in the first
/// column or the third. In such a grid a blank stands in its own column, whatever the sums say.
fn right_edge(found: &[Found], width: usize) -> Option<usize> {
    let start = width.checked_sub(COLUMNS)?;
    let rows = || found.iter().filter(|row| row.width == width && row.jam.is_none());
    let is_aligned = rows().all(|row| at_the_right_edge(row, start, width).is_some());
    let labels: BTreeSet<usize> = rows().map(|row| row.label_column).collect();
    (is_aligned && labels.len() > 1 && rows().count() >= 4).then_some(start)
}

/// The row as it stands, if nothing stands between its label and the seven columns.
fn at_the_right_edge(row: &Found, start: usize, width: usize) -> Option<Arrangement> {
    let skipped = start.checked_sub(row.label_column + 1)?;
    let is_whole = row.jam.is_none() && row.width == width && row.tail.len() == skipped + COLUMNS;
    let is_clear = is_whole && row.tail.iter().take(skipped).all(|cell| cell.text.is_empty());
    is_clear.then(|| (skipped..skipped + COLUMNS).map(Slot::Cell).collect())
}

/// Settles every row: first those with one arrangement, then the others together, by the sums of rows and columns.
fn settle<'f, 'a>(found: &'f [Found<'a>], form: OfficialForm, heads: &[Heads]) -> Vec<Placed<'f, 'a>> {
    let usual = usual_width(found.iter().map(|row| row.width));
    let usual_rows = found.iter().filter(|row| row.width == usual).count();
    // A true grid pads its shorter rows; without padding, rows are as wide as their labels happen to make them.
    let padded = found.iter().any(|row| row.jam.is_none() && row.tail.len() > COLUMNS);
    let rectangular = padded && usual_rows * 20 >= found.len() * 17;
    let edge = if rectangular { right_edge(found, usual) } else { None };
    let mut placed: Vec<Placed> = Vec::new();
    let mut evidence = Evidence::new(form);
    let mut open: Vec<Open> = Vec::new();
    for row in found {
        let headed = Heads::over(heads, row.width).filter(|_| row.jam.is_none());
        let headed = headed.and_then(|heads| heads.place(&row.tail));
        // Cells of a grid that are just as many as the columns are the columns.
        let exact = row.in_grid && row.jam.is_none() && row.tail.len() == COLUMNS;
        let headed = headed.or_else(|| exact.then(|| (0..COLUMNS).map(Slot::Cell).collect()));
        let at_the_edge = || edge.and_then(|start| at_the_right_edge(row, start, usual));
        if let Some(arrangement) = headed.or_else(at_the_edge) {
            evidence.place(row.row, numbers(&arrangement, &row.tail));
            placed.push(Placed { row, arrangement, doubt: None });
            continue;
        }
        let possible = match &row.jam {
            Some(jam) => Arrangements { all: jam.readings.clone(), values: COLUMNS, in_place: 0 },
            None if row.is_filled => arrangements(&row.tail, COLUMNS, false),
            None => arrangements(&row.tail, COLUMNS, !rectangular || row.width < usual),
        };
        let is_open = row.jam.as_ref().is_some_and(|jam| jam.needs_support);
        if let [only] = &possible.all[..]
            && !is_open
        {
            evidence.place(row.row, numbers(only, &row.tail));
            placed.push(Placed { row, arrangement: only.clone(), doubt: None });
        } else {
            open.push(Open::new(row, possible));
        }
    }
    let readings: Vec<_> = open.iter().map(|row| (row.row.row, &row.readings[..])).collect();
    if open.len() > 1
        && let Some(kept) = joint::consistent(form, &evidence, &readings)
    {
        for (row, kept) in open.iter_mut().zip(kept) {
            row.keep(&kept);
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
            let arrangement = row.choose(&best, rectangular.then_some(usual), &mut evidence);
            evidence.place(row.row.row, numbers(&arrangement, &row.row.tail));
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
        // A dash reads as no number, but it is not an empty cell.
        let filled = |arrangement: &Arrangement| {
            let is_filled =
                |slot: &Slot| matches!(slot, Slot::Cell(index) if !row.tail[*index].text.is_empty());
            arrangement.iter().map(is_filled).collect::<Vec<bool>>()
        };
        let mut readings: Vec<Numbers> = Vec::new();
        let mut seen = Vec::new();
        let mut in_place = 0;
        let mut index = 0;
        possible.all.retain(|arrangement| {
            let reading = numbers(arrangement, &row.tail);
            let key = (reading, filled(arrangement));
            let new = !seen.contains(&key);
            if new {
                readings.push(reading);
                seen.push(key);
                in_place += usize::from(index < possible.in_place);
            }
            index += 1;
            new
        });
        possible.in_place = in_place;
        Self { row, possible, readings }
    }

    /// Keeps only these readings.
    fn keep(&mut self, kept: &[usize]) {
        self.possible.in_place = kept.iter().filter(|&&index| index < self.possible.in_place).count();
        self.possible.all = kept.iter().map(|&index| self.possible.all[index].clone()).collect();
        self.readings = kept.iter().map(|&index| self.readings[index]).collect();
    }

    /// By how many sums of columns the best readings lead over the others: sums that hold with them alone, and that all
    /// others contradict.
    fn lead(&self, best: &[usize], evidence: &mut Evidence) -> usize {
        let mut judge = |is_best: bool| -> Vec<BorneOut> {
            let readings = self.readings.iter().enumerate();
            let of = readings.filter(|(index, _)| best.contains(index) == is_best);
            of.map(|(_, reading)| evidence.borne_out(self.row.row, *reading)).collect()
        };
        let (best, others) = (judge(true), judge(false));
        let by = |more: Option<usize>, less: Option<usize>| {
            more.zip(less).map_or(0, |(more, less)| more.saturating_sub(less))
        };
        let off = |of: &[BorneOut]| of.iter().map(|one| one.off).min();
        let holding = |of: &[BorneOut]| of.iter().map(|one| one.holding).max();
        by(off(&others), off(&best)).min(by(holding(&best), holding(&others)))
    }

    /// One arrangement out of those that the sums leave. `grid_width`: how wide the rows are that keep their columns.
    fn choose(&self, best: &[usize], grid_width: Option<usize>, evidence: &mut Evidence) -> Arrangement {
        // A table that does not add up, or of which too little is known, tells nothing about where a value belongs.
        let jam = self.row.jam.as_ref();
        let sound = jam.is_some_and(|jam| !jam.needs_support)
            || best.iter().any(|&index| evidence.supports(self.row.row, self.readings[index]))
            || self.lead(best, evidence) >= SURE_LEAD;
        let all: Vec<usize> = (0..self.readings.len()).collect();
        let best = if sound { best } else { &all };
        let kept: Vec<Arrangement> = best.iter().map(|&index| self.possible.all[index].clone()).collect();
        // In ragged text an empty cell after the label is as likely a gap of the layout as a value that is blank.
        // So it is in a row that is too narrow.
        let in_columns = grid_width.is_some_and(|width| sound || self.row.width >= width);
        let in_place = best.iter().filter(|&&index| in_columns && index < self.possible.in_place).count();
        let one_gap = self.possible.values + 1 == COLUMNS && self.row.jam.is_none();
        let at_the_edge =
            one_gap && best.iter().all(|&index| !evidence.doubts(self.row.row, self.readings[index]));
        match &kept[..] {
            [_] if !sound => vec![Slot::Lost; COLUMNS],
            [] => vec![Slot::Lost; COLUMNS],
            [only] => only.clone(),
            several if in_place > 0 => common(&several[..in_place], &self.row.tail, at_the_edge),
            several => common(several, &self.row.tail, at_the_edge),
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
