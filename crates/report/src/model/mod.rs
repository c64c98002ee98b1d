//! The report as the official form lays it down: six parts, three tables, every cell with an address.

mod address;
mod cell;
mod form;
mod labels;
mod report;
mod sections;
mod table;

pub use address::{CellAddress, CellRefusal, UnknownAddress};
pub use cell::{Cell, Content, Position, PositionKind};
pub use form::OfficialForm;
pub use labels::{
    ApplicantColumn, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow, RequestRow, TableName,
};
pub use report::{CellView, Report};
pub use sections::{Paragraph, Section, Sections};
pub use table::{ProactiveTable, RemediesTable, RequestsTable, Table, TableRow};
