mod adjustments;
mod ledger;
pub(super) mod public;
mod registers;
mod reports;
mod submissions;

pub use adjustments::*;
pub(super) use ledger::*;
pub use registers::*;
pub use reports::*;
pub use submissions::*;
