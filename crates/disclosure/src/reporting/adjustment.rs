//! 调整 — a figure that must differ from its records.
//!
//! It names the figure it departs from, and holds only as long as the ledger says that figure; it has a reason
//! and two people, and stays visible on the cell. Totals follow from their parts.

use gongkai_report::CellAddress;
use gongkai_report::model::{ApplicantColumn, RemedyColumn, RequestRow};

use super::figures::{Figure, FigureAddress, OutcomeHead, ProseFigure};
use super::ledger::YearLedger;

/// 调整.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Adjustment {
    pub id: String,
    pub agency_id: String,
    pub year: i64,
    /// The address of a cell, never of a total.
    pub cell: String,
    /// What the ledger says, as it stands in the cell.
    pub ledger_value: String,
    pub value: String,
    pub reason: String,
    pub proposed_by: String,
    pub proposer: String,
    pub proposed_at: String,
    pub confirmer: Option<String>,
    pub confirmed_at: Option<String>,
    pub ended_at: Option<String>,
    pub end_reason: Option<String>,
}

/// How far an adjustment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdjustmentState {
    /// Waits for the second person; the report still says what the ledger says.
    Proposed,
    InForce,
    /// Confirmed, but the ledger no longer says what it departed from.
    Lapsed,
    Ended,
}

impl AdjustmentState {
    pub const fn label(self) -> &'static str {
        match self {
            AdjustmentState::Proposed => "待另一人确认",
            AdjustmentState::InForce => "已确认",
            AdjustmentState::Lapsed => "台账已变，失效",
            AdjustmentState::Ended => "已撤销",
        }
    }
}

impl Adjustment {
    pub fn address(&self) -> Option<CellAddress> {
        self.cell.parse().ok()
    }
}

impl YearLedger {
    pub fn state_of(&self, adjustment: &Adjustment) -> AdjustmentState {
        let counted = adjustment.address().map(|cell| self.counted(&cell.into()).in_cell());
        match (&adjustment.ended_at, &adjustment.confirmed_at) {
            (Some(_), _) => AdjustmentState::Ended,
            (None, _) if counted.as_deref() != Some(&adjustment.ledger_value) => AdjustmentState::Lapsed,
            (None, None) => AdjustmentState::Proposed,
            (None, Some(_)) => AdjustmentState::InForce,
        }
    }

    /// The open adjustment of a cell.
    pub fn adjustment(&self, figure: &FigureAddress) -> Option<&Adjustment> {
        self.adjustments.iter().find(|adjustment| adjustment.cell == figure.to_string())
    }

    /// Reports what the adjustments in force say, and the totals that follow from them.
    pub(super) fn adjust(&mut self, adjustments: Vec<Adjustment>) {
        self.adjusted.clear();
        for adjustment in &adjustments {
            let Some(cell) = adjustment.address().filter(|cell| !cell.is_derived()) else { continue };
            let counted = self.counted(&cell.into());
            let Some(value) = Figure::from_cell(&adjustment.value, counted) else { continue };
            if self.state_of(adjustment) != AdjustmentState::InForce {
                continue;
            }
            let difference = value.minus(counted);
            for address in totals_over(cell).into_iter().chain([cell.into()]) {
                let moved = self.figure(&address).moved_by(difference);
                self.adjusted.insert(address, moved);
            }
        }
        self.adjustments = adjustments;
    }
}

/// The totals a cell is part of.
fn totals_over(cell: CellAddress) -> Vec<FigureAddress> {
    let totals = match cell {
        CellAddress::Proactive(..) => Vec::new(),
        CellAddress::Requests(row, column) => {
            let mut totals = vec![CellAddress::Requests(row, ApplicantColumn::Total)];
            if row.is_outcome() {
                totals.push(CellAddress::Requests(RequestRow::Total, column));
                totals.push(CellAddress::Requests(RequestRow::Total, ApplicantColumn::Total));
            }
            totals
        }
        CellAddress::Remedies(row, _) => vec![CellAddress::Remedies(row, RemedyColumn::Total)],
    };
    let head = match cell {
        CellAddress::Requests(row, _) => OutcomeHead::of(row),
        CellAddress::Proactive(..) | CellAddress::Remedies(..) => None,
    };
    let head = head.map(|head| ProseFigure::Outcomes(head).into());
    totals.into_iter().map(FigureAddress::from).chain(head).collect()
}
