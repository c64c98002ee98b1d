//! What both faces show of a request: the form it is filed with, its clock, its story, its letters.

pub mod form;
pub mod upload;
pub mod view;
