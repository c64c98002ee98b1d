//! Several doubtful rows of part 三 at once: the readings with which all sums of the table hold.

use super::sums::{COLUMNS, Evidence, Numbers};
use crate::model::{OfficialForm, RequestRow};

/// How many partial combinations are tried before the rows are left to be weighed one by one.
const TRIED: usize = 60_000;
/// No report counts so many requests; sums of such numbers stay within their type.
const MOST: i64 = 1_000_000_000;

/// For each open row the readings that stand in some combination with which every column sum and every cross-check
/// of the table holds. `None` when there is no such combination, or a row or a number is missing.
pub(super) fn consistent(
    form: OfficialForm,
    fixed: &Evidence,
    open: &[(RequestRow, &[Numbers])],
) -> Option<Vec<Vec<usize>>> {
    let mut rows: Vec<Row> = Vec::new();
    // The total first: it bounds the outcomes. The rows outside the outcomes last: the cross-check ties them.
    let rank = |row: RequestRow| match row {
        RequestRow::Total => 0,
        row if row.is_outcome() => 1,
        _ => 2,
    };
    for row in RequestRow::of(form) {
        let (index, readings) = match open.iter().position(|(of, _)| *of == row) {
            Some(index) => {
                let whole: Option<Vec<_>> = open[index].1.iter().map(whole).collect();
                (Some(index), whole?)
            }
            None => (None, vec![whole(&fixed.row(row))?]),
        };
        rows.push(Row { of: row, index, readings });
    }
    rows.sort_by_key(|row| (rank(row.of), row.readings.len()));
    let last_outcome = rows.iter().rposition(|row| row.of.is_outcome())?;
    let mut search = Search {
        rows: &rows,
        last_outcome,
        choice: vec![0; rows.len()],
        used: rows.iter().map(|row| vec![false; row.readings.len()]).collect(),
        tried: 0,
        found: false,
    };
    search.step(0, [0; COLUMNS], [0; COLUMNS]);
    if !search.found || search.tried > TRIED {
        return None;
    }
    let mut kept = vec![Vec::new(); open.len()];
    for (row, used) in rows.iter().zip(&search.used) {
        if let Some(index) = row.index {
            kept[index] = (0..used.len()).filter(|&reading| used[reading]).collect();
        }
    }
    Some(kept)
}

fn whole(numbers: &Numbers) -> Option<[i64; COLUMNS]> {
    let mut values = [0; COLUMNS];
    for (value, number) in values.iter_mut().zip(numbers) {
        *value = number.filter(|number| (0..MOST).contains(number))?;
    }
    Some(values)
}

struct Row {
    of: RequestRow,
    /// Its place among the open rows.
    index: Option<usize>,
    readings: Vec<[i64; COLUMNS]>,
}

struct Search<'a> {
    rows: &'a [Row],
    last_outcome: usize,
    choice: Vec<usize>,
    used: Vec<Vec<bool>>,
    tried: usize,
    found: bool,
}

impl Search<'_> {
    /// `left`: what of the total the outcomes still have to fill. `due`: 新收 + 上年结转 − 总计 − 结转下年度 so far.
    fn step(&mut self, at: usize, left: [i64; COLUMNS], due: [i64; COLUMNS]) {
        self.tried += 1;
        if self.tried > TRIED {
            return;
        }
        let Some(row) = self.rows.get(at) else {
            if due.iter().all(|due| *due == 0) {
                self.found = true;
                for (used, choice) in self.used.iter_mut().zip(&self.choice) {
                    used[*choice] = true;
                }
            }
            return;
        };
        for (index, values) in row.readings.iter().enumerate() {
            let (mut left, mut due) = (left, due);
            for column in 0..COLUMNS {
                let value = values[column];
                match row.of {
                    RequestRow::Total => {
                        left[column] = value;
                        due[column] -= value;
                    }
                    RequestRow::CarriedToNextYear => due[column] -= value,
                    RequestRow::Received | RequestRow::CarriedFromLastYear => due[column] += value,
                    _ => left[column] -= value,
                }
            }
            let over = left.iter().any(|left| *left < 0);
            let short = at == self.last_outcome && left.iter().any(|left| *left != 0);
            if !over && !short {
                self.choice[at] = index;
                self.step(at + 1, left, due);
            }
        }
    }
}
