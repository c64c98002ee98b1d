//! 区分处理 — a request whose parts are answered differently, and the one row it counts in. 《条例》第三十七条.
//!
//! The official form counts a request once. What is partly given is 部分公开 and nothing else; where nothing is given,
//! the answer to the main part is the row. That the main part is named by the office is our reading: the form is silent.

use crate::decisions::{Decision, Head};

/// Whether one part of a request can be answered so. A part is given or not: what is given in part is two parts. What is
/// about the applicant or the procedure is about the whole request.
pub const fn can_answer_a_part(decision: Decision) -> bool {
    !matches!(
        decision,
        Decision::PartlyWithheld
            | Decision::PartlyUnavailable
            | Decision::Excessive
            | Decision::NotSupplementedInTime
            | Decision::FeeNotPaidInTime
            | Decision::Withdrawn
    )
}

fn is_given(decision: Decision) -> bool {
    decision.outcome().head() == Head::Disclosed
}

/// 整件申请的处理决定 — what the answers to the parts make of the whole. `main` is the place of the main part and counts
/// only where no part is given. `None` without parts, or when `main` is none of them.
///
/// ```
/// use gongkai_statute::decisions::{Decision::*, Outcome};
/// use gongkai_statute::severance::whole;
/// assert_eq!(whole(&[Provided, TradeSecret, NotHeld], 0), Some(PartlyWithheld));
/// assert_eq!(whole(&[AlreadyPublic, NotHeld], 1), Some(PartlyUnavailable));
/// assert_eq!(whole(&[AlreadyPublic, Provided], 0).unwrap().outcome(), Outcome::Disclosed);
/// assert_eq!(whole(&[NotHeld, InternalAffairs], 1), Some(InternalAffairs));
/// ```
pub fn whole(parts: &[Decision], main: usize) -> Option<Decision> {
    let main = *parts.get(main)?;
    let given = parts.iter().any(|part| is_given(*part));
    let withheld: Vec<Decision> = parts.iter().copied().filter(|part| !is_given(*part)).collect();
    Some(match (given, withheld.is_empty()) {
        (true, false) if withheld.iter().any(|part| part.ground().is_some()) => Decision::PartlyWithheld,
        (true, false) => Decision::PartlyUnavailable,
        (true, true) if parts.iter().all(|part| *part == main) => main,
        (true, true) => Decision::Provided,
        (false, _) => main,
    })
}

/// Whether the office has to name the main part: nothing is given, and the parts would count in different rows.
pub fn needs_main_part(parts: &[Decision]) -> bool {
    let Some(first) = parts.first() else { return false };
    !parts.iter().any(|part| is_given(*part)) && parts.iter().any(|part| part.outcome() != first.outcome())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decisions::Outcome;

    fn of_a_part() -> impl Strategy<Value = Decision> {
        let able: Vec<Decision> =
            Decision::ALL.iter().copied().filter(|decision| can_answer_a_part(*decision)).collect();
        prop::sample::select(able)
    }

    proptest! {
        #[test]
        fn a_request_counts_in_one_row(parts in prop::collection::vec(of_a_part(), 1..8), at in 0_usize..8) {
            let main = at % parts.len();
            let row = whole(&parts, main).unwrap().outcome();
            let given = parts.iter().filter(|part| is_given(**part)).count();
            match given {
                0 => prop_assert!(parts.iter().any(|part| part.outcome() == row)),
                all if all == parts.len() => prop_assert_eq!(row, Outcome::Disclosed),
                _ => prop_assert_eq!(row, Outcome::PartlyDisclosed),
            }
            // The order of the parts says nothing, and the main part only where it is asked for.
            let mut turned = parts.clone();
            turned.rotate_left(main);
            prop_assert_eq!(whole(&turned, 0), whole(&parts, main));
            if !needs_main_part(&parts) {
                let rows: Vec<_> = (0..parts.len()).map(|main| whole(&parts, main).unwrap().outcome()).collect();
                prop_assert!(rows.iter().all(|other| *other == row));
            }
            prop_assert_eq!(whole(&parts, parts.len()), None);
        }
    }
}
