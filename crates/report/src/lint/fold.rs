//! What is missing cell by cell, told as a person would say it: once for a row, once for rows that lack the same, once
//! for a table that lacks much.

use super::{At, Finding};
use crate::model::{CellAddress, Content, Report, TableName};

/// From so many rows on that lack the same columns, they are told once.
const ALIKE: usize = 3;
/// More findings than this in a table are told once.
const MOST: usize = 4;

/// Folds the findings about cells without a number. The first place stays.
pub(super) fn fold(report: &Report, findings: &mut Vec<Finding>) {
    let mut rows: Vec<Group> = Vec::new();
    findings.retain(|finding| {
        let Some((table, state, row, column)) = without_number(report, finding) else { return true };
        let same = |known: &&mut Group| (known.table, known.state) == (table, state) && known.rows == [row];
        match rows.iter_mut().find(same) {
            Some(known) => known.columns.extend(column),
            None => rows.push(Group {
                table,
                state,
                rows: vec![row],
                columns: Vec::from_iter(column),
                finding: finding.clone(),
            }),
        }
        false
    });
    rows.sort_by_key(|row| row.finding.at.position());
    // Rows that lack the same.
    let mut groups: Vec<Group> = Vec::new();
    for row in &rows {
        let alike = |other: &&Group| other.is_like(row);
        let same = groups.iter_mut().find(|known| known.is_like(row));
        match (same, rows.iter().filter(alike).count() >= ALIKE) {
            (Some(known), true) => known.rows.extend(&row.rows),
            _ => groups.push(row.clone()),
        }
    }
    for table in TableName::ALL {
        for state in [State::Missing, State::None] {
            let all: Vec<&Group> =
                groups.iter().filter(|group| (group.table, group.state) == (*table, state)).collect();
            if all.len() > MOST {
                findings.push(of_a_table(report, &all));
            } else {
                findings.extend(all.into_iter().map(|group| group.told(report)));
            }
        }
    }
}

/// Why there is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Missing,
    /// 无, —, /.
    None,
}

/// What is the matter with the cells of some rows.
fn in_words(report: &Report, groups: &[&Group]) -> &'static str {
    if groups.iter().any(|group| group.state == State::None) {
        return "填的是“无”或短横（表格要求填数，没有发生的应填 0）";
    }
    let missing = groups.iter().flat_map(|group| {
        let of_group = |cell: CellAddress| {
            cell.table() == group.table
                && group.rows.contains(&cell.row_code())
                && (group.columns.is_empty() || group.columns.contains(&cell.column_code()))
        };
        report.cells().filter(move |view| of_group(view.address)).map(|view| &view.cell.content)
    });
    let (mut blank, mut lost) = (false, false);
    for content in missing {
        blank |= *content == Content::Blank;
        lost |= *content == Content::Lost;
    }
    match (blank, lost) {
        (true, false) => "空白（没有发生的应填 0，空着无从判断）",
        (true, true) => "空白或在文本中缺失（不等于零，请核对原件）",
        _ => "的数在文本中缺失（不等于零，请核对原件）",
    }
}

type Place = (TableName, State, &'static str, Option<&'static str>);

/// Table, state, row and column of a finding that only says that a cell has no number.
fn without_number(report: &Report, finding: &Finding) -> Option<Place> {
    let At::Table { table, row: Some(row), column, .. } = finding.at else { return None };
    let cells = report.cells().filter(|view| {
        let (of, column_code) = (view.address, view.address.column_code());
        of.table() == table && of.row_code() == row && column.is_none_or(|column| column == column_code)
    });
    let contents: Vec<&Content> = cells.map(|view| &view.cell.content).collect();
    let all = |content: &Content| contents.iter().all(|other| *other == content);
    let state = match finding.rule {
        "cell-missing" => State::Missing,
        "cell-invalid" if all(&Content::ExplicitNone) => State::None,
        _ => return None,
    };
    Some((table, state, row, column))
}

/// Rows that lack the same columns; none are named when they lack all.
#[derive(Debug, Clone)]
struct Group {
    table: TableName,
    state: State,
    rows: Vec<&'static str>,
    columns: Vec<&'static str>,
    /// What was told of the first cell.
    finding: Finding,
}

impl Group {
    fn is_like(&self, other: &Self) -> bool {
        (self.table, self.state, &self.columns) == (other.table, other.state, &other.columns)
    }

    fn column_labels(&self) -> String {
        let address = |column| CellAddress::parse(self.table.code(), self.rows[0], column);
        let labels: Vec<&str> =
            self.columns.iter().filter_map(|column| Some(address(column)?.column_label())).collect();
        labels.join("、")
    }

    fn told(&self, report: &Report) -> Finding {
        let mut finding = self.finding.clone();
        let (cells, state) = (self.columns.len(), in_words(report, &[self]));
        let names = names(report, self.table, &self.rows);
        finding.message = match (self.rows.len(), cells) {
            (1, 0 | 1) => return finding,
            // Doubt about which cells are missing names them already.
            (1, _) if finding.message.contains("一行应有") => finding.message,
            (1, _) => format!("{names}一行有 {cells} 格{state}：{}", self.column_labels()),
            (rows, 0) => format!("{names} {rows} 行{state}"),
            (rows, _) => format!("{names} {rows} 行的“{}”{state}", self.column_labels()),
        };
        if cells > 1
            && let At::Table { column, .. } = &mut finding.at
        {
            *column = None;
        }
        finding
    }
}

fn of_a_table(report: &Report, groups: &[&Group]) -> Finding {
    let rows: Vec<&'static str> = groups.iter().flat_map(|group| group.rows.iter().copied()).collect();
    let table = groups[0].table;
    let cells = |group: &&Group| match group.columns.len() {
        0 => report.cells().filter(|view| view.address.row_code() == group.rows[0]).count(),
        columns => columns,
    };
    let count: usize = groups.iter().map(|group| cells(group) * group.rows.len()).sum();
    let mut finding = groups[0].finding.clone();
    finding.message = format!(
        "“{}”表有 {count} 格{}，在{} {} 行",
        table.official(),
        in_words(report, groups),
        names(report, table, &rows),
        rows.len()
    );
    finding
}

/// The first few rows by name.
fn names(report: &Report, table: TableName, rows: &[&'static str]) -> String {
    const NAMED: usize = 4;
    let label = |row: &&'static str| {
        let mut cells = report.cells().map(|view| view.address);
        cells
            .find(|cell| cell.table() == table && cell.row_code() == *row)
            .map_or(*row, |cell| cell.row_label())
    };
    let named: Vec<String> = rows.iter().take(NAMED).map(|row| format!("“{}”", label(row))).collect();
    format!("{}{}", named.join("、"), if rows.len() > NAMED { "等" } else { "" })
}
