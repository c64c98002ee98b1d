use std::fmt;
use std::str::FromStr;

use super::form::OfficialForm;
use super::labels::{
    ApplicantColumn, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow, RequestRow, TableName,
};
use super::table::TableRow;

/// The address of one cell: table, row and column. Printed `requests/not_disclosed.state_secret/total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CellAddress {
    Proactive(ProactiveRow, ProactiveColumn),
    Requests(RequestRow, ApplicantColumn),
    Remedies(RemedyRow, RemedyColumn),
}

impl CellAddress {
    /// Every cell of the form, in its order: 10 + 175 + 15 in 2021, 22 + 161 + 15 in 2019.
    pub fn all(form: OfficialForm) -> Vec<CellAddress> {
        let mut all = Vec::with_capacity(200);
        for &row in ProactiveRow::ALL {
            all.extend(row.columns_in(form).iter().map(|&column| Self::Proactive(row, column)));
        }
        for &row in RequestRow::ALL {
            all.extend(row.columns_in(form).iter().map(|&column| Self::Requests(row, column)));
        }
        for &row in RemedyRow::ALL {
            all.extend(row.columns_in(form).iter().map(|&column| Self::Remedies(row, column)));
        }
        all
    }

    pub fn table(self) -> TableName {
        match self {
            Self::Proactive(..) => TableName::Proactive,
            Self::Requests(..) => TableName::Requests,
            Self::Remedies(..) => TableName::Remedies,
        }
    }

    pub fn row_code(self) -> &'static str {
        match self {
            Self::Proactive(row, _) => row.code(),
            Self::Requests(row, _) => row.code(),
            Self::Remedies(row, _) => row.code(),
        }
    }

    pub fn column_code(self) -> &'static str {
        match self {
            Self::Proactive(_, column) => column.code(),
            Self::Requests(_, column) => column.code(),
            Self::Remedies(_, column) => column.code(),
        }
    }

    /// The official wording of the row.
    pub fn row_label(self) -> &'static str {
        match self {
            Self::Proactive(row, _) => row.official(),
            Self::Requests(row, _) => row.official(),
            Self::Remedies(row, _) => row.official(),
        }
    }

    /// The official wording of the column.
    pub fn column_label(self) -> &'static str {
        match self {
            Self::Proactive(_, column) => column.official(),
            Self::Requests(_, column) => column.official(),
            Self::Remedies(_, column) => column.official(),
        }
    }

    /// The heading the row stands under, when it has one: 第二十条第（一）项, （三）不予公开, 行政诉讼.
    pub fn group_label(self) -> Option<&'static str> {
        match self {
            Self::Proactive(row, _) => Some(row.block()),
            Self::Requests(row, _) => row.group(),
            Self::Remedies(RemedyRow::Reconsideration, _) => None,
            Self::Remedies(..) => Some("行政诉讼"),
        }
    }

    /// Totals follow from the other cells and are never set by hand.
    pub fn is_derived(self) -> bool {
        match self {
            Self::Proactive(..) => false,
            Self::Requests(row, column) => row == RequestRow::Total || column == ApplicantColumn::Total,
            Self::Remedies(_, column) => column == RemedyColumn::Total,
        }
    }

    pub fn parse(table: &str, row: &str, column: &str) -> Option<Self> {
        Some(match TableName::from_code(table)? {
            TableName::Proactive => {
                Self::Proactive(ProactiveRow::from_code(row)?, ProactiveColumn::from_code(column)?)
            }
            TableName::Requests => {
                Self::Requests(RequestRow::from_code(row)?, ApplicantColumn::from_code(column)?)
            }
            TableName::Remedies => {
                Self::Remedies(RemedyRow::from_code(row)?, RemedyColumn::from_code(column)?)
            }
        })
    }
}

impl fmt::Display for CellAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.table().code(), self.row_code(), self.column_code())
    }
}

/// The text is not the address of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownAddress(pub String);

impl fmt::Display for UnknownAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "年报表格中没有“{}”这一格，应写成 requests/received/natural_person 的样子", self.0)
    }
}

impl std::error::Error for UnknownAddress {}

impl FromStr for CellAddress {
    type Err = UnknownAddress;

    fn from_str(text: &str) -> Result<Self, UnknownAddress> {
        let mut parts = text.split('/');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(table), Some(row), Some(column), None) => Self::parse(table, row, column),
            _ => None,
        }
        .ok_or_else(|| UnknownAddress(text.to_owned()))
    }
}

/// Why a cell was not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellRefusal {
    /// The report's form has no such cell.
    NotInForm(CellAddress),
    /// Totals are derived, see [`super::Report::derive_totals`].
    DerivedTotal(CellAddress),
}

impl fmt::Display for CellRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInForm(cell) => write!(f, "这份年报的格式里没有 {cell} 这一格"),
            Self::DerivedTotal(cell) => write!(f, "{cell} 是合计，由其他各格算出，不能直接填写"),
        }
    }
}

impl std::error::Error for CellRefusal {}
