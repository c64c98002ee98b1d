//! The sums of part 三 as evidence for where the values of a damaged row belong.

use crate::model::{OfficialForm, RequestRow};

pub(super) const COLUMNS: usize = 7;
pub(super) const TOTAL: usize = 6;
pub(super) type Numbers = [Option<i64>; COLUMNS];

/// The numbers of the table as far as they are placed. A row with a single gap counts as if its own sum filled the
/// gap: evidence for the other rows, never a value.
#[derive(Debug, Clone)]
pub(super) struct Evidence {
    form: OfficialForm,
    rows: Vec<Numbers>,
}

/// How the sums of the columns judge a row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct BorneOut {
    /// Columns all of whose sums hold.
    pub(super) columns: usize,
    /// Sums that hold, and sums that do not.
    pub(super) holding: usize,
    pub(super) off: usize,
}

impl Evidence {
    pub(super) fn new(form: OfficialForm) -> Self {
        Self { form, rows: vec![[None; COLUMNS]; RequestRow::ALL.len()] }
    }

    pub(super) fn place(&mut self, row: RequestRow, numbers: Numbers) {
        self.rows[row as usize] = filled(numbers).0;
    }

    pub(super) fn row(&self, row: RequestRow) -> Numbers {
        self.rows[row as usize]
    }

    /// How many sums the rows to be placed contradict, tried all together.
    pub(super) fn contradictions(&mut self, tried: &[(RequestRow, Numbers)]) -> usize {
        let mut count = 0;
        for (row, numbers) in tried {
            let (full, contradicts_itself) = filled(*numbers);
            self.rows[*row as usize] = full;
            count += usize::from(contradicts_itself);
        }
        for column in 0..COLUMNS {
            count +=
                usize::from(self.outcomes_are_off(column)) + usize::from(self.cross_check_is_off(column));
        }
        for (row, _) in tried {
            self.rows[*row as usize] = [None; COLUMNS];
        }
        count
    }

    /// Whether the sums leave room for another value in a gap of the row than the one its own sum gives.
    pub(super) fn doubts(&mut self, row: RequestRow, numbers: Numbers) -> bool {
        let (full, contradicts_itself) = filled(numbers);
        let before = std::mem::replace(&mut self.rows[row as usize], full);
        let off = (0..TOTAL).any(|column| {
            let in_outcomes = row.is_outcome() || row == RequestRow::Total;
            in_outcomes && self.outcomes_are_off(column)
                || !row.is_outcome() && self.cross_check_is_off(column)
        });
        self.rows[row as usize] = before;
        contradicts_itself || off
    }

    /// Whether no sum contradicts the row where it stands, and the sums of most of its columns bear it out.
    pub(super) fn supports(&mut self, row: RequestRow, numbers: Numbers) -> bool {
        !self.doubts(row, numbers) && self.borne_out(row, numbers).columns * 2 > COLUMNS
    }

    /// What the sums of the columns that the row takes part in say to it.
    pub(super) fn borne_out(&mut self, row: RequestRow, numbers: Numbers) -> BorneOut {
        let before = std::mem::replace(&mut self.rows[row as usize], filled(numbers).0);
        let mut borne_out = BorneOut::default();
        for column in 0..COLUMNS {
            let in_outcomes = row.is_outcome() || row == RequestRow::Total;
            let outcomes = self.outcomes(column).zip(self.of(RequestRow::Total, column));
            let known = [outcomes.filter(|_| in_outcomes), self.cross(column).filter(|_| !row.is_outcome())];
            let known: Vec<(i64, i64)> = known.into_iter().flatten().collect();
            let off = known.iter().filter(|(one, other)| one != other).count();
            borne_out.columns += usize::from(!known.is_empty() && off == 0);
            borne_out.holding += known.len() - off;
            borne_out.off += off;
        }
        self.rows[row as usize] = before;
        borne_out
    }

    fn of(&self, row: RequestRow, column: usize) -> Option<i64> {
        self.rows[row as usize][column]
    }

    /// The sum of all outcomes of a column.
    fn outcomes(&self, column: usize) -> Option<i64> {
        let mut outcomes = RequestRow::of(self.form).filter(|row| row.is_outcome());
        outcomes.try_fold(0_i64, |sum, row| sum.checked_add(self.of(row, column)?))
    }

    /// What came in and what went out.
    fn cross(&self, column: usize) -> Option<(i64, i64)> {
        let pair = |one, other| self.of(one, column)?.checked_add(self.of(other, column)?);
        let come = pair(RequestRow::Received, RequestRow::CarriedFromLastYear);
        come.zip(pair(RequestRow::Total, RequestRow::CarriedToNextYear))
    }

    fn outcomes_are_off(&self, column: usize) -> bool {
        let both = self.outcomes(column).zip(self.of(RequestRow::Total, column));
        both.is_some_and(|(sum, total)| sum != total)
    }

    fn cross_check_is_off(&self, column: usize) -> bool {
        self.cross(column).is_some_and(|(come, gone)| come != gone)
    }
}

/// The row with a single gap filled by its own sum, and whether the row contradicts itself.
fn filled(mut numbers: Numbers) -> (Numbers, bool) {
    let mut gaps = (0..COLUMNS).filter(|&column| numbers[column].is_none());
    let (gap, more) = (gaps.next(), gaps.next());
    let parts = numbers[..TOTAL].iter().flatten().try_fold(0_i64, |sum, &part| sum.checked_add(part));
    let (Some(parts), None) = (parts, more) else { return (numbers, false) };
    let contradicts = match (gap, numbers[TOTAL]) {
        (None, total) => total != Some(parts),
        (Some(TOTAL), _) => {
            numbers[TOTAL] = Some(parts);
            false
        }
        (Some(gap), Some(total)) if total >= parts => {
            numbers[gap] = Some(total - parts);
            false
        }
        _ => true,
    };
    (numbers, contradicts)
}
