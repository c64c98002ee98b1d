//! What the person who wrote may read: their own case, by its number and code.

pub use super::store::tracked;
