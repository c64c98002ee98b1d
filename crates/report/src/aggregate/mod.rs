//! 汇总 — a district's report is its own and its children's, added cell by cell. 《条例》第四十九条第二款.
//!
//! A cell that is blank or lost is not zero: the sum over it is "at least", and the report that holds it is named.
//! Adding is commutative, and the sum of sums is the sum ([`Totals`]); nothing depends on the order of the files.

mod add_up;
mod figures;
mod human;
mod json;
mod names;
mod sheet;
mod stated;
mod value;

pub use add_up::{Addition, Conflict, LeftOut, LeftOutReason, Member, Question, Source, Why, add_up};
pub(crate) use figures::figure_of;
pub use figures::{Figure, Figures, Sum, Total, Totals};
pub(crate) use human::named;
pub use human::{cell_in_words, human};
pub(crate) use json::number;
pub use json::to_value;
pub use names::key as agency_key;
pub use sheet::sheet;
pub use stated::{Difference, Disagreement, Explanation, compare_with};
pub use value::{figure, in_words as figure_in_words};
