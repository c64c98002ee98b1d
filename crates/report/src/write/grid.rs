use crate::model::{
    ApplicantColumn, Cell, CellAddress, Content, OfficialForm, ProactiveColumn, ProactiveRow, RemedyColumn,
    RemedyRow, Report, RequestRow, TableName,
};

/// How a lost cell is printed, so that nobody takes it for a blank and reading finds it again.
pub(crate) const LOST: &str = "〔缺〕";
/// How an explicit none is printed.
const NONE: &str = "/";

/// A cell of a printed table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridCell {
    pub text: String,
    pub colspan: usize,
    pub rowspan: usize,
    pub header: bool,
    /// The cell of the report that is shown here.
    pub address: Option<CellAddress>,
}

/// A printed table: what every format, from text to PDF, lays out. Cells covered by a span are not listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    pub caption: String,
    pub columns: usize,
    pub header_rows: usize,
    pub rows: Vec<Vec<GridCell>>,
}

/// A place of a laid out row: a cell, or what a cell above reaches down into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed<'a> {
    /// The first column, from 0.
    pub column: usize,
    pub colspan: usize,
    /// `None` where a cell above spans down.
    pub cell: Option<&'a GridCell>,
}

impl Grid {
    /// Every row over its full width, from left to right.
    pub fn placed(&self) -> Vec<Vec<Placed<'_>>> {
        // For each column: how many rows the cell above still covers, and the width of that cell.
        let mut covered = vec![(0_usize, 1_usize); self.columns];
        let mut laid_out = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let mut cells = row.iter();
            let mut places = Vec::with_capacity(self.columns);
            let mut column = 0;
            while column < self.columns {
                let (rows, width) = covered[column];
                if rows > 0 {
                    places.push(Placed { column, colspan: width, cell: None });
                    covered.iter_mut().skip(column).take(width).for_each(|(rows, _)| *rows -= 1);
                    column += width;
                    continue;
                }
                let Some(cell) = cells.next() else { break };
                let colspan = cell.colspan;
                places.push(Placed { column, colspan, cell: Some(cell) });
                covered.iter_mut().skip(column).take(colspan).for_each(|c| *c = (cell.rowspan - 1, colspan));
                column += colspan;
            }
            laid_out.push(places);
        }
        laid_out
    }
}

/// The table of `report` as the official form prints it.
pub fn grid(report: &Report, table: TableName) -> Grid {
    match table {
        TableName::Proactive => proactive(report),
        TableName::Requests => requests(report),
        TableName::Remedies => remedies(report),
    }
}

fn label(text: impl Into<String>, colspan: usize, rowspan: usize) -> GridCell {
    GridCell { text: text.into(), colspan, rowspan, header: true, address: None }
}

fn value(report: &Report, address: CellAddress, colspan: usize) -> GridCell {
    let text = report.get(address).map(cell_text).unwrap_or_default();
    GridCell { text, colspan, rowspan: 1, header: false, address: Some(address) }
}

fn cell_text(cell: &Cell) -> String {
    match &cell.content {
        Content::Count(count) => count.to_string(),
        Content::Amount(amount) => amount.clone(),
        Content::Blank => String::new(),
        Content::ExplicitNone => NONE.to_owned(),
        Content::Lost => LOST.to_owned(),
    }
}

fn proactive(report: &Report) -> Grid {
    let form = report.proactive.form.unwrap_or(OfficialForm::F2021);
    let mut rows = Vec::new();
    let mut block = "";
    for row in report.proactive.rows() {
        let columns = row.columns(form);
        // A row of one value spreads it over all three columns, as the form does.
        let span = |index: usize| {
            if columns.len() == 1 { 3 } else { 1 + usize::from(columns.len() == 2 && index == 1) }
        };
        if row.block() != block {
            block = row.block();
            rows.push(vec![label(block, 4, 1)]);
            let mut heads = vec![label("信息内容", 1, 1)];
            heads
                .extend(columns.iter().enumerate().map(|(i, &c)| label(column_heading(form, c), span(i), 1)));
            rows.push(heads);
        }
        let mut cells = vec![label(row_heading(form, row), 1, 1)];
        cells.extend(
            columns.iter().enumerate().map(|(i, &c)| value(report, CellAddress::Proactive(row, c), span(i))),
        );
        rows.push(cells);
    }
    Grid { caption: TableName::Proactive.official().to_owned(), columns: 4, header_rows: 0, rows }
}

/// The 2019 form says 处理决定数量 and 规范性文件 where the 2021 form says 本年处理决定数量 and 行政规范性文件.
fn column_heading(form: OfficialForm, column: ProactiveColumn) -> &'static str {
    match (form, column) {
        (OfficialForm::F2019, ProactiveColumn::Decisions) => "处理决定数量",
        _ => column.official(),
    }
}

fn row_heading(form: OfficialForm, row: ProactiveRow) -> &'static str {
    match (form, row) {
        (OfficialForm::F2019, ProactiveRow::NormativeDocuments) => "规范性文件",
        _ => row.official(),
    }
}

fn requests(report: &Report) -> Grid {
    let in_table: Vec<RequestRow> = report.requests.rows().collect();
    let first = vec![
        label("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3),
        label("申请人情况", 7, 1),
    ];
    let second = vec![label("自然人", 1, 2), label("法人或其他组织", 5, 1), label("总计", 1, 2)];
    let third = ApplicantColumn::KINDS[1..].iter().map(|column| label(column.official(), 1, 1)).collect();
    let mut rows = vec![first, second, third];
    let results = in_table.iter().filter(|row| row.is_outcome() || **row == RequestRow::Total).count();
    let mut group = None;
    for &row in &in_table {
        let mut cells = Vec::new();
        if row == RequestRow::Disclosed {
            cells.push(label("三、本年度办理结果", 1, results));
        }
        match row.group() {
            Some(heading) => {
                if group != row.group() {
                    let size = in_table.iter().filter(|other| other.group() == row.group()).count();
                    cells.push(label(heading, 1, size));
                }
                cells.push(label(row.official(), 1, 1));
            }
            None if row.is_outcome() || row == RequestRow::Total => cells.push(label(row.official(), 2, 1)),
            None => cells.push(label(row.official(), 3, 1)),
        }
        group = row.group();
        cells.extend(ApplicantColumn::ALL.iter().map(|&c| value(report, CellAddress::Requests(row, c), 1)));
        rows.push(cells);
    }
    Grid { caption: TableName::Requests.official().to_owned(), columns: 10, header_rows: 3, rows }
}

fn remedies(report: &Report) -> Grid {
    let results = || RemedyColumn::ALL.iter().map(|column| label(column.official(), 1, 1));
    let first = vec![label("行政复议", 5, 1), label("行政诉讼", 10, 1)];
    let mut second: Vec<GridCell> = RemedyColumn::ALL.iter().map(|c| label(c.official(), 1, 2)).collect();
    second.push(label(RemedyRow::DirectLitigation.official(), 5, 1));
    second.push(label(RemedyRow::LitigationAfterReconsideration.official(), 5, 1));
    let third = results().chain(results()).collect();
    let figures = RemedyRow::ALL
        .iter()
        .flat_map(|&row| RemedyColumn::ALL.iter().map(move |&c| CellAddress::Remedies(row, c)))
        .map(|address| value(report, address, 1))
        .collect();
    Grid {
        caption: TableName::Remedies.official().to_owned(),
        columns: 15,
        header_rows: 3,
        rows: vec![first, second, third, figures],
    }
}
