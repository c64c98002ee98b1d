//! The district's report held against the sum of its parts: which cell differs, and whose number it looks like.

use super::add_up::Addition;
use super::figures::{Figures, Total, figure_of};
use crate::model::{ApplicantColumn, CellAddress, RemedyColumn, Report, RequestRow};

/// How a stated number and the sum of the parts differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disagreement {
    /// Stated minus sum, when the sum is exact.
    By(i128),
    /// The stated number is below what the known parts alone reach, by so much.
    BelowKnown(i128),
    /// Not known on one side or the other: cannot be decided.
    Undecided,
}

/// One cell that differs or cannot be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub address: CellAddress,
    pub sum: Total,
    pub stated: Option<i64>,
    pub disagreement: Disagreement,
    /// A total that differs only because the cells it is made of do.
    pub follows: bool,
    /// Members whose own number in this cell is exactly the difference, with what that would mean.
    pub suspects: Vec<(String, Explanation)>,
}

/// What a difference looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Explanation {
    /// The report was not added.
    LeftOut,
    /// The report was added twice.
    AddedTwice,
}

impl Explanation {
    pub fn in_words(self) -> &'static str {
        match self {
            Self::LeftOut => "像是没有计入",
            Self::AddedTwice => "像是计了两次",
        }
    }
}

/// Named for one cell, so that a list stays readable.
const SUSPECTS: usize = 3;
/// Pairs of reports are tried up to so many members.
const PAIRED: usize = 300;

/// The differences, in the order of the form, and the reports that explain all of them at once.
pub fn compare_with(addition: &Addition, stated: &Report) -> (Vec<Difference>, Vec<(String, Explanation)>) {
    let mut differences = Vec::new();
    for address in addition.cells() {
        let sum = addition.total(address);
        let number = figure_of(stated, address);
        let disagreement = match (sum, number.map(i128::from)) {
            (Total::Exact(sum), Some(stated)) if sum == stated => continue,
            (Total::Exact(sum), Some(stated)) => Disagreement::By(stated - sum),
            (Total::AtLeast(known), Some(stated)) if stated < known => {
                Disagreement::BelowKnown(known - stated)
            }
            _ => Disagreement::Undecided,
        };
        differences.push(Difference {
            address,
            sum,
            stated: number,
            disagreement,
            follows: false,
            suspects: Vec::new(),
        });
    }
    let whole = explanations(addition, &differences);
    let follows: Vec<bool> = differences.iter().map(|one| is_consequence(one, &differences)).collect();
    for (difference, follows) in differences.iter_mut().zip(follows) {
        difference.follows = follows;
        difference.suspects = suspects(addition, difference);
    }
    (differences, whole)
}

fn exact(difference: &Difference) -> Option<i128> {
    match difference.disagreement {
        Disagreement::By(by) => Some(by),
        Disagreement::BelowKnown(_) | Disagreement::Undecided => None,
    }
}

/// The members, one or two, whose whole reports are the differences: left out of the stated sum or added twice.
fn explanations(addition: &Addition, differences: &[Difference]) -> Vec<(String, Explanation)> {
    let is_decided = |address: &CellAddress| {
        addition.total(*address).exact().is_some()
            && !differences.iter().any(|one| one.address == *address && exact(one).is_none())
    };
    let cells: Vec<CellAddress> = addition.cells().into_iter().filter(is_decided).collect();
    let by: Vec<i128> = cells
        .iter()
        .map(|cell| differences.iter().find(|one| one.address == *cell).and_then(exact).unwrap_or_default())
        .collect();
    if by.iter().all(|by| *by == 0) {
        return Vec::new();
    }
    let vector = |figures: &Figures| -> Vec<i128> {
        cells.iter().map(|&cell| figures.get(cell).map_or(0, i128::from)).collect()
    };
    let vectors: Vec<Vec<i128>> = addition.members.iter().map(|member| vector(&member.figures)).collect();
    for (sign, explanation) in [(-1, Explanation::LeftOut), (1, Explanation::AddedTwice)] {
        let fits = |one: &[i128], other: Option<&[i128]>| {
            by.iter().enumerate().all(|(at, by)| *by == sign * (one[at] + other.map_or(0, |other| other[at])))
        };
        let name = |at: usize| (addition.members[at].name.clone(), explanation);
        if let Some(at) = vectors.iter().position(|one| fits(one, None)) {
            return vec![name(at)];
        }
        if vectors.len() > PAIRED {
            continue;
        }
        for (at, one) in vectors.iter().enumerate() {
            if let Some(after) = vectors[at + 1..].iter().position(|other| fits(one, Some(other))) {
                return vec![name(at), name(at + 1 + after)];
            }
        }
    }
    Vec::new()
}

/// Whether the cell is a total that differs by exactly as much as the cells it is made of.
fn is_consequence(difference: &Difference, all: &[Difference]) -> bool {
    let Some(by) = exact(difference) else { return false };
    let sum_of = |is_part: &dyn Fn(CellAddress) -> bool| -> Option<i128> {
        let mut parts = all.iter().filter(|one| is_part(one.address)).peekable();
        parts.peek()?;
        parts.map(exact).sum()
    };
    let is_sum_of = |is_part: &dyn Fn(CellAddress) -> bool| sum_of(is_part) == Some(by);
    match difference.address {
        CellAddress::Requests(row, ApplicantColumn::Total) => is_sum_of(
            &|cell| matches!(cell, CellAddress::Requests(r, c) if r == row && c != ApplicantColumn::Total),
        ),
        CellAddress::Requests(RequestRow::Total, column) => {
            is_sum_of(&|cell| matches!(cell, CellAddress::Requests(r, c) if c == column && r.is_outcome()))
        }
        CellAddress::Remedies(row, RemedyColumn::Total) => is_sum_of(
            &|cell| matches!(cell, CellAddress::Remedies(r, c) if r == row && c != RemedyColumn::Total),
        ),
        _ => false,
    }
}

fn suspects(addition: &Addition, difference: &Difference) -> Vec<(String, Explanation)> {
    let Some(by) = exact(difference) else { return Vec::new() };
    let explanation = if by < 0 { Explanation::LeftOut } else { Explanation::AddedTwice };
    addition
        .members
        .iter()
        .filter(|member| {
            let own = member.figures.get(difference.address).map(i128::from);
            own.is_some_and(|own| own != 0 && own == by.abs())
        })
        .take(SUSPECTS)
        .map(|member| (member.name.clone(), explanation))
        .collect()
}
