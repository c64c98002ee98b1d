use askama::Template;

/// A cell of a printed form: spans, and a way to the records behind a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridCell {
    pub text: String,
    pub columns: u8,
    pub rows: u8,
    pub is_heading: bool,
    pub is_number: bool,
    /// The records counted; zero leads there too.
    pub href: Option<String>,
    /// What a reader of the link hears: 本年新收，自然人
    pub label: String,
    /// What stands beside the number where it is not the plain one: 台账 3, 原 3.
    pub mark: Option<String>,
}

impl GridCell {
    /// A label of a row or column.
    pub fn heading(text: impl Into<String>) -> Self {
        GridCell { is_heading: true, ..Self::number(text) }.not_number()
    }
    pub fn text(text: impl Into<String>) -> Self {
        Self::number(text).not_number()
    }
    pub fn number(text: impl Into<String>) -> Self {
        GridCell {
            text: text.into(),
            columns: 1,
            rows: 1,
            is_heading: false,
            is_number: true,
            href: None,
            label: String::new(),
            mark: None,
        }
    }
    fn not_number(mut self) -> Self {
        self.is_number = false;
        self
    }
    pub fn columns(mut self, columns: u8) -> Self {
        self.columns = columns;
        self
    }
    pub fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
    }
    /// Makes the number a link to the records behind it.
    pub fn link(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self.label = label.into();
        self
    }
    /// Sets a word beside the number.
    pub fn mark(mut self, mark: impl Into<String>) -> Self {
        self.mark = Some(mark.into());
        self
    }
}

/// A table laid out as the official form prints it.
#[derive(Debug, Clone, Template)]
#[template(path = "shared/parts/grid.html")]
pub struct Grid {
    pub caption: String,
    pub head: Vec<Vec<GridCell>>,
    pub body: Vec<Vec<GridCell>>,
}

impl Grid {
    /// A row without a number heads the rows below it.
    fn heads_columns(row: &[GridCell]) -> bool {
        row.iter().all(|cell| cell.is_heading)
    }

    /// A corner of the request table of an invented town.
    pub fn sample() -> Self {
        let columns = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"];
        let head = vec![
            vec![GridCell::heading("").columns(3).rows(3), GridCell::heading("申请人情况").columns(7)],
            vec![
                GridCell::heading(columns[0]).rows(2),
                GridCell::heading("法人或其他组织").columns(5),
                GridCell::heading("总计").rows(2),
            ],
            columns[1..].iter().map(|c| GridCell::heading(*c)).collect(),
        ];
        let numbers = |row: &str, values: [u32; 6]| {
            let total: u32 = values.iter().sum();
            let mut cells: Vec<GridCell> = values
                .iter()
                .zip(columns)
                .map(|(value, column)| {
                    GridCell::number(value.to_string()).link("#", format!("{row}，{column}"))
                })
                .collect();
            cells.push(GridCell::number(total.to_string()).link("#", format!("{row}，总计")));
            cells
        };
        let row = |first: Vec<GridCell>, label: &str, values| {
            first.into_iter().chain(numbers(label, values)).collect()
        };
        let body = vec![
            row(
                vec![GridCell::heading("一、本年新收政府信息公开申请数量").columns(3)],
                "本年新收",
                [7, 1, 0, 0, 1, 0],
            ),
            row(vec![GridCell::heading("二、上年结转政府信息公开申请数量").columns(3)], "上年结转", [0; 6]),
            row(
                vec![
                    GridCell::heading("三、本年度办理结果").rows(3),
                    GridCell::heading("（一）予以公开").columns(2),
                ],
                "予以公开",
                [4, 1, 0, 0, 0, 0],
            ),
            row(
                vec![
                    GridCell::heading("（三）不予公开").rows(2),
                    GridCell::heading("5.属于三类内部事务信息"),
                ],
                "三类内部事务",
                [1, 0, 0, 0, 0, 0],
            ),
            row(vec![GridCell::heading("6.属于四类过程性信息")], "四类过程性信息", [0; 6]),
        ];
        Grid { caption: "收到和处理政府信息公开申请情况".into(), head, body }
    }
}
