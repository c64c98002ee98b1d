//! The model in print: JSON by the contract, accessible HTML, and text laid out as agencies publish it.

mod grid;
mod html;
mod json;
mod text;

pub(crate) use grid::LOST;
pub use grid::{Grid, GridCell, grid};
pub use html::{body_html, html, table_html};
pub use json::{json, to_value};
pub use text::{text, title};
