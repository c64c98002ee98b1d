//! Cell by cell, what changed from one report to another.

use crate::aggregate::figure_of;
use crate::model::{CellAddress, OfficialForm, Report, RequestRow, TableName};

/// The smallest number a relative change is told on: from 1 to 3 is two more, not "+200 %".
pub const SMALLEST_BASE: i64 = 20;

/// A figure that is known on both sides and not the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub address: CellAddress,
    pub before: i64,
    pub after: i64,
    /// In thousandths of the number before; `None` when that is too small to carry a percentage.
    pub relative: Option<i64>,
}

impl Change {
    pub fn difference(&self) -> i128 {
        i128::from(self.after) - i128::from(self.before)
    }
}

/// All cells of two reports, side by side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    pub changed: Vec<Change>,
    /// How many cells hold the same on both sides.
    pub same: usize,
    /// Cells whose number is not known on one side or the other: not compared, never taken for zero.
    pub unknown: Vec<CellAddress>,
    /// Cells that only one of the two forms has.
    pub incomparable: Vec<CellAddress>,
}

/// Compares two reports, in the order of the form. 其他处理 of the two forms is compared as one row.
pub fn changes(before: &Report, after: &Report) -> Changes {
    let mut changes = Changes::default();
    let form = |report: &Report, table| report.form(table);
    for &table in TableName::ALL {
        let (Some(one), Some(other)) = (form(before, table), form(after, table)) else {
            changes.unknown.extend(cells(table, form(after, table).or(form(before, table))));
            continue;
        };
        let mut all = cells(table, Some(one));
        all.extend(
            cells(table, Some(other)).into_iter().filter(|cell| !cells(table, Some(one)).contains(cell)),
        );
        all.sort_unstable();
        for address in all {
            compare(before, after, address, one != other, &mut changes);
        }
    }
    changes
}

fn cells(table: TableName, form: Option<OfficialForm>) -> Vec<CellAddress> {
    let all = CellAddress::all(form.unwrap_or(OfficialForm::F2021));
    all.into_iter().filter(|cell| cell.table() == table).collect()
}

fn compare(before: &Report, after: &Report, address: CellAddress, forms_differ: bool, changes: &mut Changes) {
    let is_in = |report: &Report| report.get(address).is_some();
    let is_split =
        |address| matches!(address, CellAddress::Requests(RequestRow::OtherHandling, _)) && forms_differ;
    let is_in_both = is_in(before) && is_in(after);
    if !is_in_both && !is_split(address) {
        // The three rows of the newer form are compared as the one row of the older.
        let is_part = matches!(
            address,
            CellAddress::Requests(
                RequestRow::NotSupplementedInTime | RequestRow::FeeNotPaidInTime | RequestRow::Other,
                _
            )
        );
        if !is_part {
            changes.incomparable.push(address);
        }
        return;
    }
    match (figure_of(before, address), figure_of(after, address)) {
        (Some(before), Some(after)) if before == after => changes.same += 1,
        (Some(before), Some(after)) => {
            let relative = (before >= SMALLEST_BASE).then(|| relative(before, after)).flatten();
            changes.changed.push(Change { address, before, after, relative });
        }
        _ => changes.unknown.push(address),
    }
}

/// Thousandths, rounded half away from zero.
fn relative(before: i64, after: i64) -> Option<i64> {
    let (before, after) = (i128::from(before), i128::from(after));
    let doubled = (after - before) * 2000;
    let rounded = (doubled + before * doubled.signum()) / (before * 2);
    i64::try_from(rounded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cell, Content};

    fn with(year: i16, cells: &[(&str, i64)]) -> Report {
        let mut report = Report::new("青禾区白露镇", year);
        for (address, count) in cells {
            assert!(report.put(address.parse().unwrap(), Cell::new(Content::Count(*count))), "{address}");
        }
        report
    }

    #[test]
    fn a_percentage_needs_a_base_that_carries_it() {
        let row = "requests/received/other";
        for (before, after, expected) in [
            (1, 3, None),
            (19, 38, None),
            (20, 40, Some(1000)),
            (30, 20, Some(-333)),
            (40, 45, Some(125)),
            (200, 201, Some(5)),
        ] {
            let found = changes(&with(2030, &[(row, before)]), &with(2031, &[(row, after)]));
            assert_eq!((found.changed.len(), found.same), (1, 199));
            assert_eq!(found.changed[0].relative, expected, "{before} → {after}");
        }
    }

    #[test]
    fn lost_is_unknown_and_the_forms_meet_where_they_can() {
        let before = with(2020, &[("requests/other_handling/other", 5), ("proactive/licenses/decisions", 7)]);
        let mut after = with(
            2021,
            &[
                ("requests/other_handling.other/other", 2),
                ("requests/other_handling.fee_not_paid_in_time/other", 3),
            ],
        );
        let found = changes(&before, &after);
        let changed: Vec<String> = found.changed.iter().map(|change| change.address.to_string()).collect();
        assert_eq!(changed, ["proactive/licenses/decisions"], "2+3+0 is the 5 of the older form");
        assert!(found.incomparable.contains(&"proactive/rules/issued".parse().unwrap()));
        assert!(found.incomparable.contains(&"proactive/rules/created".parse().unwrap()));
        assert!(!found.incomparable.iter().any(|cell| cell.table() != TableName::Proactive));
        let lost = "requests/received/other".parse().unwrap();
        after.put(lost, Cell::new(Content::Lost));
        assert_eq!(changes(&before, &after).unknown, [lost]);
    }
}
