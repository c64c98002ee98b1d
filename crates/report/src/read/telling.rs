//! What is told of reading: what is lost, jammed, cut off or does not fit the columns.

use super::{block, place};
use crate::lint::{self, At, Finding, Severity};
use crate::model::{Cell, CellAddress, CellView, OfficialForm, Position, Report, Section, TableName};

pub(super) fn missing_in_text(rule: &'static str, message: &str) -> Finding {
    Finding {
        rule,
        severity: Severity::Warning,
        message: message.to_owned(),
        at: At::document(),
        found: None,
        expected: None,
        basis: lint::contents_basis(),
    }
}

/// The text ends in the middle of a part, and everything after it is missing.
pub(super) fn cut_off(section: Section, at: Position) -> Finding {
    Finding {
        rule: "text-truncated",
        severity: Severity::Warning,
        message: format!(
            "文本到“{}”中间就断了，后面的部分都没有读到（不等于没有写，更不等于零）；请用完整的原件再读",
            section.official()
        ),
        at: At::Text { section: Some(section), position: Some(at), quote: None },
        found: None,
        expected: None,
        basis: lint::contents_basis(),
    }
}

/// The labels of a table are there and its numbers are not beside them.
pub(super) fn table_lost(form: OfficialForm, table: TableName, at: Position, scattered: bool) -> Finding {
    let name = table.official();
    let (rule, message) = if scattered {
        (
            "reading-order-lost",
            format!(
                "“{name}”表的行名和数字被分开，次序已乱，无法确定哪个数属于哪一行；请用原件（docx、xlsx 或网页）再读一次"
            ),
        )
    } else {
        (
            "table-values-lost",
            format!(
                "“{name}”表的行名还在，数字在文本中丢失了（不等于零）；请用原件（docx、xlsx 或网页）再读一次"
            ),
        )
    };
    Finding {
        rule,
        severity: Severity::Warning,
        message,
        at: At::Table { table, row: None, column: None, position: Some(at) },
        found: None,
        expected: None,
        basis: lint::form_basis(Some(form), table),
    }
}

/// A row whose digits stand without spaces and can be cut in several ways, or in none.
pub(super) struct Jammed<'a> {
    pub(super) form: OfficialForm,
    pub(super) row: CellAddress,
    pub(super) at: Position,
    pub(super) printed: &'a str,
    pub(super) tail: &'a [block::RawCell],
    pub(super) readings: &'a [place::Arrangement],
}

impl Jammed<'_> {
    pub(super) fn finding(&self) -> Finding {
        const NAMED: usize = 6;
        let text = |slot: &place::Slot| match slot {
            place::Slot::Cell(index) => self.tail[*index].text.as_str(),
            place::Slot::Lost => "",
        };
        let reading = |one: &place::Arrangement| one.iter().map(text).collect::<Vec<_>>().join("/");
        let named: Vec<String> = self.readings.iter().take(NAMED).map(reading).collect();
        let more = if self.readings.len() > NAMED { "等" } else { "" };
        let how = if named.is_empty() {
            "没有一种拆法与合计相符".to_owned()
        } else {
            format!("可以读作{}{more}", named.join("、"))
        };
        let (name, printed) = (self.row.row_label(), self.printed);
        Finding {
            rule: "row-jammed",
            severity: Severity::Warning,
            message: format!(
                "“{name}”一行的数在文本中连成“{printed}”，{how}；不能确定的各格按缺失处理（不等于零），请核对原件"
            ),
            at: At::Table {
                table: self.row.table(),
                row: Some(self.row.row_code()),
                column: None,
                position: Some(self.at),
            },
            found: None,
            expected: None,
            basis: lint::form_basis(Some(self.form), self.row.table()),
        }
    }
}

/// Numbers cut out of jammed digits, and rows known by their place alone, each told once for a table.
pub(super) fn tell_reconstructed(report: &Report, problems: &mut Vec<Finding>) {
    for &table in TableName::ALL {
        let rebuilt = report.cells().filter(|view| view.address.table() == table && view.cell.reconstructed);
        let (by_position, cut): (Vec<_>, Vec<_>) = rebuilt.partition(|view| view.cell.by_position);
        let mut tell = |severity, cells: &[CellView], message: String| {
            let Some(first) = cells.first() else { return };
            problems.push(Finding {
                rule: "values-reconstructed",
                severity,
                message: format!("“{}”表的{message}；请与原件核对", table.official()),
                at: At::Table { table, row: None, column: None, position: first.cell.at },
                found: None,
                expected: None,
                basis: lint::form_basis(report.form(table), table),
            });
        };
        let message =
            format!("数在文本中连在一起，其中 {} 格是按合计关系拆开的，不能再用合计验证", cut.len());
        tell(Severity::Info, &cut, message);
        let message = format!(
            "行没有名称，行数与格式相同、各项合计都对得上，其中 {} 格是按行的次序认定的；若有两行对调，合计看不出来",
            by_position.len()
        );
        tell(Severity::Warning, &by_position, message);
    }
}

/// A row whose values do not fit the columns of the form, for telling what was done with it.
pub(super) struct Misfit<'a> {
    pub(super) form: OfficialForm,
    /// The first cell of the row.
    pub(super) row: CellAddress,
    pub(super) at: Position,
    pub(super) cells: &'a [(CellAddress, &'a Cell)],
    /// How many values the source has.
    pub(super) values: usize,
    /// Whether sums of the table decided, or only what all readings agree on was taken.
    pub(super) decided: bool,
}

impl Misfit<'_> {
    /// Too many values are told once for the row; too few at each cell that is missing.
    pub(super) fn tell(&self, problems: &mut Vec<Finding>) {
        let name = self.row.row_label();
        let columns = self.cells.len();
        let missing: Vec<&(CellAddress, &Cell)> =
            self.cells.iter().filter(|(_, cell)| !cell.is_known()).collect();
        let finding = |rule, column: Option<&'static str>, position, message: String| Finding {
            rule,
            severity: Severity::Warning,
            message,
            at: At::Table {
                table: self.row.table(),
                row: Some(self.row.row_code()),
                column,
                position: Some(position),
            },
            found: None,
            expected: None,
            basis: lint::form_basis(Some(self.form), self.row.table()),
        };
        let values = self.values;
        if values > columns {
            let how = if missing.is_empty() {
                "与合计对照后取用能对上的"
            } else {
                "不能确定取哪些，这几格按缺失处理"
            };
            let message = format!(
                "“{name}”一行在文本中有{values}个数，比{columns}格多{}个；{how}，请核对原件",
                values - columns
            );
            problems.push(finding("row-shape", None, self.at, message));
            return;
        }
        if values == columns {
            let message = format!(
                "“{name}”一行的数次序不对，负数不在“本年增/减”一栏；各格按缺失处理（不等于零），请核对原件"
            );
            problems.push(finding("row-shape", None, self.at, message));
            return;
        }
        let labels: Vec<&str> = missing.iter().map(|(address, _)| address.column_label()).collect();
        let message = format!(
            "“{name}”一行应有{columns}个数，在文本中有{values}个；{}“{}”缺失处理（不等于零），请核对原件",
            if self.decided { "从合计看，按" } else { "缺的是哪一格不能完全确定，暂按" },
            labels.join("、")
        );
        if missing.len() == columns {
            problems.push(finding("cell-missing", None, self.at, message));
            return;
        }
        for (address, cell) in missing {
            let position = cell.at.unwrap_or(self.at);
            problems.push(finding("cell-missing", Some(address.column_code()), position, message.clone()));
        }
    }
}
