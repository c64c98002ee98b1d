mod ledger;
mod registers;
mod reports;

pub(super) use ledger::*;
pub use registers::*;
pub use reports::*;
