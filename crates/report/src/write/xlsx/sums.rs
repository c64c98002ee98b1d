use crate::model::{ApplicantColumn, CellAddress, RemedyColumn, Report, RequestRow};

/// The cells that a total adds up, side by side on the form, and what they come to when all are numbers.
pub(super) struct Sum {
    pub(super) parts: Vec<CellAddress>,
    pub(super) total: Option<i64>,
}

/// What the total at `address` is the sum of; `None` for cells that are no total.
pub(super) fn sum_of(report: &Report, address: CellAddress) -> Option<Sum> {
    let parts: Vec<CellAddress> = match address {
        CellAddress::Requests(row, ApplicantColumn::Total) => {
            ApplicantColumn::KINDS.iter().map(|&column| CellAddress::Requests(row, column)).collect()
        }
        CellAddress::Requests(RequestRow::Total, column) => {
            let outcomes = report.requests.rows().filter(|row| row.is_outcome());
            outcomes.map(|row| CellAddress::Requests(row, column)).collect()
        }
        CellAddress::Remedies(row, RemedyColumn::Total) => {
            RemedyColumn::RESULTS.iter().map(|&column| CellAddress::Remedies(row, column)).collect()
        }
        _ => return None,
    };
    let count = |address: &CellAddress| report.get(*address).and_then(|cell| cell.count());
    let total = parts.iter().try_fold(0_i64, |total, part| total.checked_add(count(part)?));
    Some(Sum { parts, total })
}
