use std::fmt;

use crate::error::Refusal;

/// Why a catalogue was not set up.
#[derive(Debug, PartialEq, Eq)]
pub enum CatalogueRefusal {
    CodeTaken(String),
    CategoryUnknown(String),
}

impl fmt::Display for CatalogueRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CatalogueRefusal::CodeTaken(code) => {
                write!(f, "目录中已有编号为“{code}”的事项，请换一个编号。")
            }
            CatalogueRefusal::CategoryUnknown(code) => {
                write!(f, "事项类别“{code}”不在《条例》第二十条、第二十一条的清单中，请改正。")
            }
        }
    }
}

impl Refusal for CatalogueRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            CatalogueRefusal::CodeTaken(_) => Some("code"),
            CatalogueRefusal::CategoryUnknown(_) => Some("category"),
        }
    }
}
