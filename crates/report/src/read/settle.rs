//! Where the values of each row of part 三 stand: first the rows with one arrangement, then the others together, by the
//! sums of rows and columns.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::block::RawCell;
use super::heads::Heads;
use super::joint;
use super::number::count;
use super::place::{Arrangement, Arrangements, Slot, arrangements, common, usual_width};
use super::sums::{BorneOut, COLUMNS, Evidence, Numbers};
use crate::model::{Cell, OfficialForm, Position, RequestRow};

pub(super) struct Found<'a> {
    pub(super) row: RequestRow,
    pub(super) at: Position,
    pub(super) label_column: usize,
    pub(super) tail: Cow<'a, [RawCell]>,
    pub(super) width: usize,
    pub(super) jam: Option<Digits>,
    /// Seven cells, one a line, some of which may be empty.
    pub(super) is_filled: bool,
    /// The source itself says in which column each cell stands.
    pub(super) in_grid: bool,
    /// The row has no label: it is known by its place alone.
    pub(super) by_position: bool,
}

/// Digits that stand without the spaces that kept the values apart.
pub(super) struct Digits {
    pub(super) printed: String,
    /// The ways to cut them.
    pub(super) readings: Vec<Arrangement>,
    /// Its own sum does not settle the row: spaces were left out of account, or a value may be missing.
    pub(super) needs_support: bool,
}

pub(super) struct Placed<'f, 'a> {
    pub(super) row: &'f Found<'a>,
    pub(super) arrangement: Arrangement,
    /// Set when the row could be laid out in more than one way.
    pub(super) doubt: Option<Doubt>,
}

pub(super) struct Doubt {
    pub(super) values: usize,
    pub(super) decided: bool,
}

/// How many combinations of readings are weighed against the sums at once.
const COMBINATIONS: usize = 2000;

/// A row that contradicts a sum is placed all the same where every other place contradicts so many more.
const SURE_LEAD: usize = 2;

/// The columns of each row of this width that holds seven values.
pub(super) fn full_rows(found: &[Found], width: usize) -> Vec<Vec<usize>> {
    let columns = |row: &Found| -> Vec<usize> {
        let filled = row.tail.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty());
        filled.map(|(index, _)| row.label_column + 1 + index).collect()
    };
    let rows = found.iter().filter(|row| row.width == width && row.jam.is_none() && !row.by_position);
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

/// Whether every row has seven cells behind its label, empty ones among them; the last may be cut off. Then none has
/// vanished.
fn is_even(found: &[Found]) -> bool {
    const ENOUGH: usize = 4;
    let rows = || found.iter().filter(|row| row.jam.is_none() && !row.tail.is_empty());
    let whole = rows().filter(|row| row.tail.len() == COLUMNS).count();
    let short = rows().filter(|row| row.tail.len() < COLUMNS).count();
    whole >= ENOUGH
        && whole + short == rows().count()
        && short <= 1
        && found.iter().all(|row| row.jam.is_none())
}

/// The row as it stands, if nothing stands between its label and the seven columns.
fn at_the_right_edge(row: &Found, start: usize, width: usize) -> Option<Arrangement> {
    let skipped = start.checked_sub(row.label_column + 1)?;
    let is_whole = row.jam.is_none() && row.width == width && row.tail.len() == skipped + COLUMNS;
    let is_clear = is_whole && row.tail.iter().take(skipped).all(|cell| cell.text.is_empty());
    is_clear.then(|| (skipped..skipped + COLUMNS).map(Slot::Cell).collect())
}

/// Settles every row: first those with one arrangement, then the others together, by the sums of rows and columns.
pub(super) fn settle<'f, 'a>(
    found: &'f [Found<'a>],
    form: OfficialForm,
    heads: &[Heads],
) -> Vec<Placed<'f, 'a>> {
    let usual = usual_width(found.iter().map(|row| row.width));
    let usual_rows = found.iter().filter(|row| row.width == usual).count();
    // A true grid pads its shorter rows; without padding, rows are as wide as their labels happen to make them.
    let padded = found.iter().any(|row| row.jam.is_none() && row.tail.len() > COLUMNS);
    let rectangular = padded && usual_rows * 20 >= found.len() * 17;
    let edge = if rectangular { right_edge(found, usual) } else { None };
    let even = is_even(found);
    let mut placed: Vec<Placed> = Vec::new();
    let mut evidence = Evidence::new(form);
    let mut open: Vec<Open> = Vec::new();
    for row in found {
        let headed = Heads::over(heads, row.width).filter(|_| row.jam.is_none() && !row.by_position);
        let headed = headed.and_then(|heads| heads.place(&row.tail));
        // Cells of a grid that are just as many as the columns are the columns.
        let exact = (row.in_grid || even) && row.jam.is_none() && row.tail.len() == COLUMNS;
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
        match &kept[..] {
            [_] if !sound => vec![Slot::Lost; COLUMNS],
            [] => vec![Slot::Lost; COLUMNS],
            [only] => only.clone(),
            several if in_place > 0 => common(&several[..in_place], &self.row.tail),
            several => common(several, &self.row.tail),
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
