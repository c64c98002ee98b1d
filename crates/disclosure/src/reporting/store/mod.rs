mod adjustments;
mod figures;
mod ledger;
pub(super) mod public;
mod registers;
mod reports;
mod submissions;
mod typed;

pub use adjustments::*;
pub(super) use figures::*;
pub(super) use ledger::*;
pub use registers::*;
pub use reports::*;
pub use submissions::*;
pub(super) use typed::*;
