//! The citizens' side: one file per room. Its pages need no script.

pub mod display;
pub mod sign_in;
