//! The two faces of the office: the portal citizens read and the console officers work in.

pub mod components;
pub mod console;
pub mod page;
pub mod portal;
