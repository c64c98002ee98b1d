mod adjustments;
mod ledger;
mod registers;
mod reports;

pub use adjustments::*;
pub(super) use ledger::*;
pub use registers::*;
pub use reports::*;
