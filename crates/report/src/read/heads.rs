//! Which column of the form a cell stands in, told by the headings above it: a blank then stays in its own column,
//! whether the row adds up or not.

use std::collections::BTreeMap;

use super::block::RawCell;
use super::labels::fold;
use super::number::is_value;
use super::place::{Arrangement, Slot};
use super::skeleton::Row;
use crate::model::{ApplicantColumn, RemedyColumn, RemedyRow};

/// Headings whose columns are known, and the width of the rows they stand in.
#[derive(Debug, Clone)]
pub(super) struct Heads {
    pub(super) width: usize,
    columns: Vec<usize>,
    /// They stand in a true grid, whose rows are padded to its width.
    in_grid: bool,
}

impl Heads {
    /// The headings above the rows of this width.
    pub(super) fn over(all: &[Heads], width: usize) -> Option<&Heads> {
        all.iter().find(|heads| heads.width == width)
    }

    /// The value below each heading, as indices into `tail`, the end of a row of this width. None if a value stands below none.
    pub(super) fn place(&self, tail: &[RawCell]) -> Option<Arrangement> {
        let start = self.width.checked_sub(tail.len())?;
        let starts_after = self.columns.first().is_some_and(|first| *first >= start);
        let is_headed = |index: usize| self.columns.contains(&(start + index));
        let stands = tail.iter().enumerate().all(|(index, cell)| cell.text.is_empty() || is_headed(index));
        (starts_after && stands)
            .then(|| self.columns.iter().map(|column| Slot::Cell(column - start)).collect())
    }

    /// Whether text that is no true grid may be trusted all the same: the headings end where the rows end.
    fn at_the_edge(&self) -> bool {
        let next_to_each_other = self.columns.windows(2).all(|two| two[1] == two[0] + 1);
        next_to_each_other && self.columns.last() == Some(&(self.width - 1))
    }
}

/// The seven kinds of applicants. `rows` are all rows of the part, `full` for each row with seven values the columns
/// they stand in: headings that the rows do not keep to tell nothing.
pub(super) fn of_applicants<'r>(
    rows: impl Iterator<Item = &'r Row>,
    full: impl Fn(usize) -> Vec<Vec<usize>>,
) -> Vec<Heads> {
    let mut open: Vec<(usize, bool, [Option<usize>; ApplicantColumn::ALL.len()])> = Vec::new();
    for row in rows {
        if row.cells.iter().any(|cell| is_value(&cell.text)) {
            continue;
        }
        let folded: Vec<String> = row.cells.iter().map(|cell| fold(&cell.text)).collect();
        let is_head = folded
            .iter()
            .any(|text| ["自然人", "商业企业", "申请人情况", "法人或其他组织"].contains(&text.as_str()));
        if !is_head {
            continue;
        }
        let width = row.cells.len();
        let known = match open.iter().position(|(of, ..)| *of == width) {
            Some(known) => known,
            None => {
                open.push((width, row.in_grid, [None; ApplicantColumn::ALL.len()]));
                open.len() - 1
            }
        };
        for (place, column) in open[known].2.iter_mut().zip(ApplicantColumn::ALL) {
            if let Some(index) = folded.iter().position(|text| text == column.official()) {
                *place = Some(index);
            }
        }
    }
    let whole = |(width, in_grid, places): (usize, bool, [Option<usize>; 7])| {
        let columns: Vec<usize> = places.into_iter().collect::<Option<_>>()?;
        let heads = Heads { width, columns, in_grid };
        let in_order = heads.columns.windows(2).all(|two| two[0] < two[1]);
        let rows = full(width);
        let kept_to = rows.iter().all(|columns| *columns == heads.columns);
        let trusted = heads.in_grid || rows.len() >= 3 || heads.at_the_edge();
        (in_order && kept_to && trusted).then_some(heads)
    };
    open.into_iter().filter_map(whole).collect()
}

/// The columns that all whole rows of a grid keep to, where no headings tell them.
pub(super) fn kept_by(width: usize, full: &[Vec<usize>]) -> Option<Heads> {
    let first = full.first()?;
    let alike = full.len() >= 3 && full.iter().all(|columns| columns == first);
    alike.then(|| Heads { width, columns: first.clone(), in_grid: true })
}

/// The fifteen columns of part 四, whose headings stand in two rows.
pub(super) fn of_remedies<'r>(rows: impl Iterator<Item = &'r Row>) -> Vec<Heads> {
    let mut open: Vec<(usize, bool, BTreeMap<usize, RemedyColumn>)> = Vec::new();
    for row in rows {
        let named = row.cells.iter().enumerate().filter_map(|(index, cell)| {
            let folded = fold(&cell.text);
            RemedyColumn::ALL.iter().find(|column| folded == column.official()).map(|column| (index, *column))
        });
        let named: Vec<_> = named.collect();
        if named.is_empty() {
            continue;
        }
        match open.iter_mut().find(|(width, ..)| *width == row.cells.len()) {
            Some((.., places)) => places.extend(named),
            None => open.push((row.cells.len(), row.in_grid, named.into_iter().collect())),
        }
    }
    let whole = |(width, in_grid, places): (usize, bool, BTreeMap<usize, RemedyColumn>)| {
        let in_order = places.values().eq(RemedyColumn::ALL.iter().cycle().take(places.len()));
        let heads = Heads { width, columns: places.into_keys().collect(), in_grid };
        let complete = heads.columns.len() == RemedyRow::ALL.len() * RemedyColumn::ALL.len();
        (complete && in_order && (in_grid || heads.at_the_edge())).then_some(heads)
    };
    open.into_iter().filter_map(whole).collect()
}

/// The columns of a block of part 二, beside 信息内容.
pub(super) fn of_block(row: &Row) -> Option<Heads> {
    let mut filled = row.cells.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty());
    let (_, first) = filled.next()?;
    if fold(&first.text) != "信息内容" {
        return None;
    }
    let columns: Vec<usize> = filled.map(|(index, _)| index).collect();
    (!columns.is_empty() && row.in_grid).then_some(Heads { width: row.cells.len(), columns, in_grid: true })
}
