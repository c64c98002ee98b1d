//! The model in print. Every format lays out the same [`parts`], whose tables are [`Grid`]s: what one of them
//! shows, all show. The same report always gives the same bytes.

mod csv;
mod docx;
mod format;
mod grid;
mod html;
mod json;
mod outline;
mod package;
mod text;
mod xlsx;
mod xml;

pub use csv::csv;
pub use docx::{docx, official_docx};
pub use format::Format;
pub(crate) use grid::LOST;
pub use grid::{Grid, GridCell, Placed, grid};
pub use html::{body_html, html, html_page, table_html};
pub(crate) use json::{BLANK, NONE};
pub use json::{json, to_value};
pub use outline::{Part, parts, subheading, title};
pub use package::{NotWritten, package};
pub use text::text;
pub use xlsx::xlsx;
pub use xml::{escape, escaped, is_legal};
