//! The officers' side: one file per room.

pub mod components;
pub mod home;
