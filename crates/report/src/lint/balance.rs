//! The arithmetic of part 三, and where a contradiction has its root.
//!
//! Rows, columns and the cross-check share their cells, so one wrong number breaks up to three sums. A number
//! whose correction would heal every sum it stands in is taken as the root, and the sums are told as its
//! consequences; only what is left is told sum by sum.

use std::collections::BTreeMap;

use crate::model::{ApplicantColumn, Report, RequestRow};

/// A sum of the table. The residual is its left side minus its right side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    /// 自然人 … 其他 = 总计.
    Row(RequestRow),
    /// All outcomes = （七）总计.
    Column(ApplicantColumn),
    /// 本年新收 + 上年结转 = （七）总计 + 结转下年度.
    Cross(ApplicantColumn),
}

/// A contradiction at its root.
#[derive(Debug, Clone)]
pub(super) struct Contradiction {
    /// The sum that a person would recalculate first.
    pub(super) relation: Relation,
    pub(super) row: RequestRow,
    pub(super) column: ApplicantColumn,
    pub(super) found: i64,
    pub(super) expected: i64,
    /// The other sums that the same number breaks.
    pub(super) consequences: Vec<Relation>,
}

type Cell = (RequestRow, ApplicantColumn);

pub(super) fn contradictions(report: &Report) -> Vec<Contradiction> {
    let rows: Vec<RequestRow> = report.requests.rows().collect();
    let residuals = residuals(report, &rows);
    // Most tables add up.
    if residuals.iter().all(|(_, residual)| *residual == 0) {
        return Vec::new();
    }
    let mut residuals: BTreeMap<Relation, i64> = residuals.into_iter().collect();
    let mut found = Vec::new();
    while let Some((cell, correction, healed)) = root(report, &rows, &residuals) {
        let relation = match cell {
            (RequestRow::Total, column) if column != ApplicantColumn::Total => Relation::Column(column),
            (row, _) => Relation::Row(row),
        };
        for relation in &healed {
            residuals.insert(*relation, 0);
        }
        found.extend(contradiction(report, cell, correction, relation, healed));
    }
    rows_by_column(report, &mut residuals, &mut found);
    remaining(report, &residuals, &mut found);
    found
}

/// The sums whose numbers are all known, each with its residual.
fn residuals(report: &Report, rows: &[RequestRow]) -> Vec<(Relation, i64)> {
    let table = &report.requests;
    let mut residuals = Vec::with_capacity(rows.len() + 2 * ApplicantColumn::ALL.len());
    for &row in rows {
        let parts = sum(ApplicantColumn::KINDS.iter().map(|&column| table.count(row, column)));
        if let (Some(parts), Some(total)) = (parts, table.count(row, ApplicantColumn::Total)) {
            residuals.push((Relation::Row(row), parts - total));
        }
    }
    for &column in ApplicantColumn::ALL {
        let of = |row| table.count(row, column);
        let outcomes = sum(rows.iter().filter(|row| row.is_outcome()).map(|&row| of(row)));
        if let (Some(outcomes), Some(total)) = (outcomes, of(RequestRow::Total)) {
            residuals.push((Relation::Column(column), outcomes - total));
        }
        let come = sum([of(RequestRow::Received), of(RequestRow::CarriedFromLastYear)].into_iter());
        let gone = sum([of(RequestRow::Total), of(RequestRow::CarriedToNextYear)].into_iter());
        if let (Some(come), Some(gone)) = (come, gone) {
            residuals.push((Relation::Cross(column), come - gone));
        }
    }
    residuals
}

fn sum(mut parts: impl Iterator<Item = Option<i64>>) -> Option<i64> {
    parts.try_fold(0_i64, |sum, part| sum.checked_add(part?))
}

/// With which sign the cell stands in the sum, and 0 when it does not.
fn sign(relation: Relation, (row, column): Cell) -> i64 {
    match relation {
        Relation::Row(of) if of == row => {
            if column == ApplicantColumn::Total {
                -1
            } else {
                1
            }
        }
        Relation::Column(of) if of == column && row.is_outcome() => 1,
        Relation::Column(of) if of == column && row == RequestRow::Total => -1,
        Relation::Cross(of) if of == column => match row {
            RequestRow::Received | RequestRow::CarriedFromLastYear => 1,
            RequestRow::Total | RequestRow::CarriedToNextYear => -1,
            _ => 0,
        },
        _ => 0,
    }
}

/// The cell whose correction heals the most sums, at least two, and breaks none.
fn root(
    report: &Report,
    rows: &[RequestRow],
    residuals: &BTreeMap<Relation, i64>,
) -> Option<(Cell, i64, Vec<Relation>)> {
    let mut best: Option<(Cell, i64, Vec<Relation>)> = None;
    // Totals first: between equals, the total is what a person recalculates.
    for &column in ApplicantColumn::ALL.iter().rev() {
        for &row in rows.iter().rev() {
            let cell = (row, column);
            let Some(value) = report.requests.count(row, column) else { continue };
            let touching = [Relation::Row(row), Relation::Column(column), Relation::Cross(column)];
            let mut correction = None;
            let mut healed = Vec::new();
            let heals_all = touching.iter().all(|&relation| {
                let (Some(&residual), sign) = (residuals.get(&relation), sign(relation, cell)) else {
                    return true;
                };
                if sign == 0 {
                    return true;
                }
                healed.push(relation);
                let needed = -residual * sign;
                residual != 0 && *correction.get_or_insert(needed) == needed
            });
            let Some(correction) = correction.filter(|_| heals_all && healed.len() >= 2) else { continue };
            let better = best.as_ref().is_none_or(|(_, _, known)| healed.len() > known.len());
            if better && value + correction >= 0 {
                best = Some((cell, correction, healed));
            }
        }
    }
    best
}

fn contradiction(
    report: &Report,
    (row, column): Cell,
    correction: i64,
    relation: Relation,
    mut consequences: Vec<Relation>,
) -> Option<Contradiction> {
    let found = report.requests.count(row, column)?;
    consequences.retain(|other| *other != relation);
    Some(Contradiction { relation, row, column, found, expected: found + correction, consequences })
}

/// Several broken rows whose errors together are exactly the error of one column: the cells where they cross.
fn rows_by_column(report: &Report, residuals: &mut BTreeMap<Relation, i64>, found: &mut Vec<Contradiction>) {
    let broken: Vec<(RequestRow, i64)> = residuals
        .iter()
        .filter_map(|(relation, &residual)| match relation {
            Relation::Row(row) if residual != 0 && row.is_outcome() => Some((*row, residual)),
            _ => None,
        })
        .collect();
    if broken.is_empty() {
        return;
    }
    let error: i64 = broken.iter().map(|(_, residual)| residual).sum();
    let fits = |column: &ApplicantColumn| {
        let in_total = *column == ApplicantColumn::Total;
        let residual = residuals.get(&Relation::Column(*column)).copied().unwrap_or_default();
        residual != 0 && residual == if in_total { -error } else { error }
    };
    let Some(column) = ApplicantColumn::ALL.iter().rev().copied().find(fits) else { return };
    residuals.insert(Relation::Column(column), 0);
    for (row, residual) in broken {
        residuals.insert(Relation::Row(row), 0);
        let correction = if column == ApplicantColumn::Total { residual } else { -residual };
        let consequence = vec![Relation::Column(column)];
        found.extend(contradiction(report, (row, column), correction, Relation::Row(row), consequence));
    }
}

/// Sums that stay broken are told one by one; a total column that only adds up the others' errors is not.
fn remaining(report: &Report, residuals: &BTreeMap<Relation, i64>, found: &mut Vec<Contradiction>) {
    let broken = |relation: Relation| residuals.get(&relation).copied().unwrap_or_default();
    for &row in RequestRow::ALL {
        let residual = broken(Relation::Row(row));
        if residual != 0 {
            let cell = (row, ApplicantColumn::Total);
            found.extend(contradiction(report, cell, residual, Relation::Row(row), Vec::new()));
        }
    }
    for relation_of in [Relation::Column as fn(ApplicantColumn) -> Relation, Relation::Cross] {
        let parts: i64 = ApplicantColumn::KINDS.iter().map(|&column| broken(relation_of(column))).sum();
        for &column in ApplicantColumn::ALL {
            let residual = broken(relation_of(column));
            let follows = column == ApplicantColumn::Total && residual == parts;
            if residual == 0 || follows {
                continue;
            }
            let in_total =
                broken(relation_of(ApplicantColumn::Total)) != 0 && column != ApplicantColumn::Total;
            let mut consequences =
                if in_total { vec![relation_of(ApplicantColumn::Total)] } else { Vec::new() };
            // （七）总计 stands in both sums of its column: where one correction heals both, one is told.
            let other = broken(Relation::Cross(column));
            match relation_of(column) {
                Relation::Column(_) if other == residual => consequences.push(Relation::Cross(column)),
                Relation::Cross(_) if broken(Relation::Column(column)) == residual => continue,
                _ => {}
            }
            let cell = (RequestRow::Total, column);
            found.extend(contradiction(report, cell, residual, relation_of(column), consequences));
        }
    }
}

/// The consequences in words, to end a message with; empty when there are none.
pub(super) fn consequences_in_words(contradiction: &Contradiction) -> String {
    let words: Vec<String> = contradiction
        .consequences
        .iter()
        .map(|relation| match relation {
            Relation::Row(row) => format!("“{}”一行的合计", row.official()),
            Relation::Column(column) => format!("“{}”一列的办理结果合计", column.official()),
            Relation::Cross(column) => format!("“{}”一列的勾稽关系", column.official()),
        })
        .collect();
    if words.is_empty() { String::new() } else { format!("；{}因此也对不上", words.join("、")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cell, Content, TableName};

    /// A balanced table with a different number in every part.
    fn dense() -> Report {
        let mut report = Report::new("青禾区白露镇", 2031);
        let addresses: Vec<_> = report.cells().map(|view| view.address).collect();
        for (index, address) in addresses.into_iter().enumerate() {
            if address.table() == TableName::Requests && !address.is_derived() {
                let _ = report.set_count(address, (index * index % 23) as i64);
            }
        }
        report.derive_totals();
        for &column in ApplicantColumn::KINDS {
            let table = &report.requests;
            let of = |row| table.count(row, column).unwrap_or_default();
            let rest = of(RequestRow::Total) + of(RequestRow::CarriedToNextYear)
                - of(RequestRow::CarriedFromLastYear);
            report.requests.put(RequestRow::Received, column, Cell::new(Content::Count(rest)));
        }
        report.derive_totals();
        report
    }

    #[test]
    fn a_balanced_table_has_no_contradiction() {
        assert!(contradictions(&dense()).is_empty());
    }

    #[test]
    fn any_single_wrong_number_is_found_once_and_where_it_stands() {
        let right = dense();
        for view in right.requests.cells() {
            let (row, column, cell) = view;
            let value = cell.count().unwrap();
            for wrong in [value + 7, value + 1, value.saturating_sub(1).max(0)] {
                if wrong == value {
                    continue;
                }
                let mut report = right.clone();
                report.requests.put(row, column, Cell::new(Content::Count(wrong)));
                let found = contradictions(&report);
                assert_eq!(found.len(), 1, "{row:?} {column:?}: {found:?}");
                assert_eq!((found[0].row, found[0].column), (row, column));
                assert_eq!((found[0].found, found[0].expected), (wrong, value));
            }
        }
    }

    #[test]
    fn a_request_that_vanished_is_told_once_per_kind() {
        let mut report = dense();
        for column in [ApplicantColumn::NaturalPerson, ApplicantColumn::Total] {
            let value = report.requests.count(RequestRow::CarriedToNextYear, column).unwrap();
            report.requests.put(RequestRow::CarriedToNextYear, column, Cell::new(Content::Count(value + 2)));
        }
        let found = contradictions(&report);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].relation, Relation::Cross(ApplicantColumn::NaturalPerson));
        assert_eq!(found[0].consequences, [Relation::Cross(ApplicantColumn::Total)]);
    }

    #[test]
    fn two_empty_totals_are_two_findings_and_the_column_their_consequence() {
        let mut report = dense();
        let rows = [RequestRow::Disclosed, RequestRow::NotHeld];
        for row in rows {
            report.requests.put(row, ApplicantColumn::Total, Cell::new(Content::Count(0)));
        }
        let found = contradictions(&report);
        let places: Vec<_> = found.iter().map(|one| (one.row, one.column)).collect();
        assert_eq!(places, rows.map(|row| (row, ApplicantColumn::Total)));
    }
}
