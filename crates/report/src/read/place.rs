//! Which value of a row stands in which column, when cells are missing, blank or too many.
//!
//! A row is never shifted by guess. All arrangements that keep the order of the values are weighed against the
//! arithmetic of the table; where that leaves several, only what they agree on is taken, the rest is lost.

use super::block::RawCell;

/// What stands in one column of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// The cell with this index in the tail of the row.
    Cell(usize),
    Lost,
}

pub(super) type Arrangement = Vec<Slot>;

/// The possible arrangements of a row, best supported by the layout first.
#[derive(Debug)]
pub(super) struct Arrangements {
    pub(super) all: Vec<Arrangement>,
    /// How many values the row holds.
    pub(super) values: usize,
    /// How many of `all` take the cells where they stand, without assuming that one vanished.
    pub(super) in_place: usize,
}

/// Lays the cells after the label over `columns` columns. `short`: the row has fewer cells than the table is wide,
/// so one may have vanished without a trace.
pub(super) fn arrangements(tail: &[RawCell], columns: usize, short: bool) -> Arrangements {
    let filled = |cell: &RawCell| !cell.text.is_empty();
    let values: Vec<usize> = (0..tail.len()).filter(|&index| filled(&tail[index])).collect();
    let count = values.len();
    let sure = |arrangement| Arrangements { all: vec![arrangement], values: count, in_place: 1 };
    let from = |start: usize| (0..columns).map(|offset| slot(start + offset, tail.len())).collect::<Vec<_>>();

    let (Some(&first), Some(&last)) = (values.first(), values.last()) else {
        return sure(from(0));
    };
    if count == columns {
        return sure(values.iter().map(|&index| Slot::Cell(index)).collect());
    }
    if count > columns {
        let all = choose(count, columns)
            .map(|chosen| chosen.into_iter().map(|index| Slot::Cell(values[index])).collect())
            .collect();
        return Arrangements { all, values: count, in_place: 0 };
    }
    let span = last - first + 1;
    let mut all: Vec<Arrangement> = Vec::new();
    if tail.len() >= columns && span <= columns {
        let starts = (last + 1).saturating_sub(columns)..=first.min(tail.len() - columns);
        all.extend(starts.map(from));
    }
    let in_place = all.len();
    if tail.len() < columns && !short {
        // As wide as the table: what is missing fell off its right edge.
        return sure(from(0));
    }
    if short || all.is_empty() {
        let items: Vec<usize> = if tail.len() < columns {
            (0..tail.len()).collect()
        } else if span <= columns {
            (first..=last).collect()
        } else {
            values
        };
        for places in choose(columns, items.len()) {
            let mut arrangement = vec![Slot::Lost; columns];
            for (place, &item) in places.into_iter().zip(&items) {
                arrangement[place] = Slot::Cell(item);
            }
            if !all.contains(&arrangement) {
                all.push(arrangement);
            }
        }
    }
    Arrangements { all, values: count, in_place }
}

fn slot(index: usize, len: usize) -> Slot {
    if index < len { Slot::Cell(index) } else { Slot::Lost }
}

/// What all arrangements agree on. Where every value is the same, only the place of the gap is open, and with it the
/// place of each value.
pub(super) fn common(arrangements: &[Arrangement], tail: &[RawCell]) -> Arrangement {
    let Some(first) = arrangements.first() else { return Vec::new() };
    let text = |slot: Slot| match slot {
        Slot::Cell(index) => tail[index].text.as_str(),
        Slot::Lost => "",
    };
    let agreed = |column: usize| arrangements.iter().all(|other| text(other[column]) == text(first[column]));
    (0..first.len()).map(|column| if agreed(column) { first[column] } else { Slot::Lost }).collect()
}

/// All ways to choose `take` of `of` places, in order. Rows miss one or two values as a rule; a row that misses
/// more than a sensible number of combinations can tell gives none and is lost as a whole.
fn choose(of: usize, take: usize) -> impl Iterator<Item = Vec<usize>> {
    const LIMIT: usize = 500;
    let ways = (0..take.min(of)).try_fold(1_usize, |ways, k| Some(ways.checked_mul(of - k)? / (k + 1)));
    let feasible = take <= of && ways.is_some_and(|ways| ways <= LIMIT);
    let mut next = feasible.then(|| (0..take).collect::<Vec<_>>());
    std::iter::from_fn(move || {
        let current = next.take()?;
        let mut following = current.clone();
        for index in (0..take).rev() {
            if following[index] + (take - index) < of {
                following[index] += 1;
                for later in index + 1..take {
                    following[later] = following[later - 1] + 1;
                }
                next = Some(following);
                break;
            }
        }
        Some(current)
    })
}

/// The usual number of cells in the rows of a table.
pub(super) fn usual_width(widths: impl Iterator<Item = usize>) -> usize {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for width in widths {
        match counts.iter_mut().find(|(known, _)| *known == width) {
            Some((_, count)) => *count += 1,
            None => counts.push((width, 1)),
        }
    }
    counts.into_iter().max_by_key(|&(width, count)| (count, width)).map_or(0, |(width, _)| width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Position;

    fn tail(text: &str) -> Vec<RawCell> {
        let at = Position::new(1, 1);
        text.split(' ').map(|cell| RawCell { text: cell.replace('_', ""), at }).collect()
    }

    #[test]
    fn chooses_in_order() {
        assert_eq!(choose(3, 2).collect::<Vec<_>>(), [vec![0, 1], vec![0, 2], vec![1, 2]]);
        assert_eq!(choose(15, 13).count(), 105);
        assert_eq!(choose(7, 0).count(), 1);
        assert_eq!(choose(40, 15).count(), 0);
    }

    #[test]
    fn seven_values_are_the_seven_columns_wherever_they_stand() {
        let found = arrangements(&tail("_ 1 2 3 4 5 6 21 _"), 7, false);
        assert_eq!(found.all, [(1..=7).map(Slot::Cell).collect::<Vec<_>>()]);
    }

    #[test]
    fn a_blank_keeps_its_place() {
        let found = arrangements(&tail("1 2 _ 4 5 6 21"), 7, false);
        assert_eq!(found.all, [(0..7).map(Slot::Cell).collect::<Vec<_>>()]);
        let two_ways = arrangements(&tail("_ 1 2 3 4 5 6 _"), 7, false);
        assert_eq!(two_ways.all.len(), 2);
    }

    #[test]
    fn a_row_cut_at_the_edge_loses_its_last_cell() {
        let found = arrangements(&tail("1 2 3 4 5 6"), 7, false);
        assert_eq!(found.all.len(), 1);
        assert_eq!(found.all[0][6], Slot::Lost);
        assert_eq!(arrangements(&tail("1 2 3 4 5 6"), 7, true).all.len(), 7);
    }

    #[test]
    fn only_what_is_agreed_is_taken() {
        let cells = tail("1 2");
        let found = arrangements(&cells, 3, true);
        assert_eq!(common(&found.all, &cells), [Slot::Lost; 3]);
        let same = tail("0 0");
        let found = arrangements(&same, 3, true);
        assert_eq!(common(&found.all, &same), [Slot::Lost; 3]);
    }
}
