//! Values printed without a space between them: all ways to cut the digits into the columns of the form.

use super::block::RawCell;
use super::place::{Arrangement, Slot};
use crate::model::Position;

/// How many cuts are tried, and how many readings kept, before a row is given up.
const TRIED: usize = 40_000;
const KEPT: usize = 200;

/// The readings of a jammed row: cells for all of them, and for each reading which cells are its columns.
#[derive(Debug, Clone, Default)]
pub(super) struct Jam {
    pub(super) cells: Vec<RawCell>,
    pub(super) readings: Vec<Arrangement>,
    /// The readings leave the spaces out of account that stand between the digits.
    pub(super) across_spaces: bool,
}

/// Cuts `groups` into `columns` values, at least one from each group: first with the spaces that are there, then,
/// where these part more than there are columns, without: fewer groups have lost a value, not gained a space. `fits`
/// says whether a text can stand in a column, `holds` whether the sums of the values so far do, or still can with the
/// given number of bytes left.
pub(super) fn cut(
    groups: &[RawCell],
    columns: usize,
    fits: impl Fn(usize, &str) -> bool,
    holds: impl Fn(&[&str], usize) -> bool,
) -> Jam {
    let Some(first) = groups.first() else { return Jam::default() };
    let jam = Cutting { columns, fits: &fits, holds: &holds, tried: 0, jam: Jam::default() }.run(groups);
    if !jam.readings.is_empty() || groups.len() <= columns {
        return jam;
    }
    let whole = RawCell { text: groups.iter().map(|group| group.text.as_str()).collect(), at: first.at };
    let jam = Cutting { columns, fits: &fits, holds: &holds, tried: 0, jam: Jam::default() }.run(&[whole]);
    Jam { across_spaces: true, ..jam }
}

/// A count of at least zero, without a zero in front.
pub(super) fn is_plain_count(text: &str) -> bool {
    (1..=7).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'))
}

/// A count, or the dash that stands for none.
pub(super) fn is_count_or_none(text: &str) -> bool {
    is_plain_count(text) || text == "-"
}

/// 00, 012: no number is printed so, a space is missing.
pub(super) fn is_led_by_zero(value: &RawCell) -> bool {
    let digits = value.text.trim_start_matches(['-', '+']);
    digits.starts_with('0') && digits[1..].starts_with(|c: char| c.is_ascii_digit())
}

/// The arrangement when its cells stand `offset` places further on.
pub(super) fn moved(arrangement: Arrangement, offset: usize) -> Arrangement {
    let slots = arrangement.into_iter().map(|slot| match slot {
        Slot::Cell(index) => Slot::Cell(index + offset),
        Slot::Lost => Slot::Lost,
    });
    slots.collect()
}

/// Whether in each full block the last value is the sum of the others, and in the last block still can be.
pub(super) fn blocks_add_up(values: &[&str], left: usize, block: usize) -> bool {
    let number = |text: &&str| if **text == *"-" { 0 } else { text.parse::<i64>().unwrap_or(-1) };
    let full = values.len().is_multiple_of(block);
    let begun = if full { block } else { values.len() % block };
    let last = &values[values.len() - begun..];
    if full {
        return last[..block - 1].iter().map(number).sum::<i64>() == number(&last[block - 1]);
    }
    // The total is at least as long as the sum so far, and each value before it has a digit.
    let digits = last.iter().map(number).sum::<i64>().to_string().len();
    left >= digits + (block - 1 - begun)
}

struct Cutting<'a> {
    columns: usize,
    fits: &'a dyn Fn(usize, &str) -> bool,
    holds: &'a dyn Fn(&[&str], usize) -> bool,
    tried: usize,
    jam: Jam,
}

impl Cutting<'_> {
    fn run(mut self, groups: &[RawCell]) -> Jam {
        let (mut values, mut places) = (Vec::with_capacity(self.columns), Vec::with_capacity(self.columns));
        self.step(groups, 0, &mut values, &mut places);
        if self.tried > TRIED || self.jam.readings.len() > KEPT {
            return Jam::default();
        }
        self.jam
    }

    fn step<'t>(
        &mut self,
        groups: &'t [RawCell],
        from: usize,
        values: &mut Vec<&'t str>,
        places: &mut Vec<Position>,
    ) {
        self.tried += 1;
        if self.tried > TRIED || self.jam.readings.len() > KEPT {
            return;
        }
        let Some(group) = groups.first() else {
            if values.len() == self.columns {
                let start = self.jam.cells.len();
                self.jam.readings.push((start..start + self.columns).map(Slot::Cell).collect());
                let cells = values.iter().zip(&*places);
                let cells = cells.map(|(text, at)| RawCell { text: (*text).to_owned(), at: *at });
                self.jam.cells.extend(cells);
            }
            return;
        };
        let rest = &group.text[from..];
        let left = self.columns.saturating_sub(values.len());
        if left < groups.len() {
            return;
        }
        let skipped = group.text[..from].chars().count();
        let at = group.at.further(skipped);
        for end in rest.char_indices().map(|(index, c)| index + c.len_utf8()).take(12) {
            let value = &rest[..end];
            if !(self.fits)(values.len(), value) {
                continue;
            }
            values.push(value);
            places.push(at);
            let left = rest.len() - end + groups[1..].iter().map(|group| group.text.len()).sum::<usize>();
            if (self.holds)(values, left) {
                if end == rest.len() {
                    self.step(&groups[1..], 0, values, places);
                } else {
                    self.step(groups, from + end, values, places);
                }
            }
            values.pop();
            places.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(text: &str, columns: usize, block: usize) -> Vec<String> {
        let at = Position::new(1, 1);
        let groups: Vec<RawCell> =
            text.split(' ').map(|group| RawCell { text: group.to_owned(), at }).collect();
        let jam = cut(
            &groups,
            columns,
            |_, text| is_count_or_none(text),
            |values, left| blocks_add_up(values, left, block),
        );
        let texts = jam.cells.chunks(columns);
        texts.map(|cells| cells.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join("/")).collect()
    }

    #[test]
    fn digits_are_cut_so_that_the_row_adds_up() {
        assert_eq!(readings("0000000", 7, 7), ["0/0/0/0/0/0/0"]);
        assert_eq!(readings("122000014", 7, 7), ["12/2/0/0/0/0/14"]);
        assert_eq!(readings("360030140", 7, 7), ["3/6/0/0/30/1/40", "36/0/0/3/0/1/40"]);
        assert_eq!(readings("40 0 0 0 04", 7, 7), ["4/0/0/0/0/0/4"]);
        assert_eq!(readings("11 0 00 0 112", 7, 7), ["11/0/0/0/0/1/12"]);
        assert_eq!(readings("0 0 00 00 0", 7, 7), ["0/0/0/0/0/0/0"]);
        assert_eq!(readings("314--2-37", 7, 7), ["31/4/-/-/2/-/37"]);
        assert_eq!(readings("1001200000000000", 15, 5), ["1/0/0/1/2/0/0/0/0/0/0/0/0/0/0"; 0]);
        assert_eq!(readings("100120000000000", 15, 5), ["1/0/0/1/2/0/0/0/0/0/0/0/0/0/0"]);
        assert_eq!(readings("2593343253513322901891", 7, 7).len(), 1);
        assert_eq!(readings("123", 7, 7), [""; 0]);
    }

    #[test]
    fn hopeless_rows_are_given_up() {
        assert_eq!(readings(&"1".repeat(400), 15, 16), [""; 0]);
    }
}
