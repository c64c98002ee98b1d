//! 对照 — one report held beside another: last year's of the same agency, or a neighbour's of the same year.
//!
//! Three questions: which figures changed, what was copied, and how rates compare. No percentage is given on a base
//! too small to carry one, and nobody is ranked on a handful of cases.

mod changes;
mod copied;
mod human;
mod json;
mod prose;
mod rates;
mod sheet;

pub use changes::{Change, Changes, SMALLEST_BASE, changes};
pub use copied::{Copied, Library, Passage, copied};
pub use human::{human_many, human_pair};
pub use json::{many_to_value, pair_to_value};
pub use prose::Prose;
pub use rates::{Rank, Rate, RateName, SMALLEST_SAMPLE, rank, rates};
pub use sheet::{sheet_many, sheet_pair};
