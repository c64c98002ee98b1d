use super::{Sheet, letters};

/// What a cell of a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Day,
}

/// A column an import knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub field: &'static str,
    pub label: &'static str,
    /// What offices also call it.
    pub names: &'static [&'static str],
    pub kind: Kind,
    /// Without it a table is not taken for one of this kind.
    pub is_required: bool,
}

impl Column {
    pub const fn text(field: &'static str, label: &'static str, names: &'static [&'static str]) -> Column {
        Column { field, label, names, kind: Kind::Text, is_required: false }
    }

    pub const fn day(field: &'static str, label: &'static str, names: &'static [&'static str]) -> Column {
        Column { field, label, names, kind: Kind::Day, is_required: false }
    }

    pub const fn required(self) -> Column {
        Column { is_required: true, ..self }
    }

    fn is_called(&self, head: &str) -> bool {
        std::iter::once(&self.label).chain(self.names).any(|name| *name == head)
    }
}

/// A row of a recognised table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub sheet: String,
    /// From 1, as the program shows it.
    pub number: usize,
    cells: Vec<(&'static str, usize, &'static str, String)>,
}

impl Row {
    /// The cell of a field; empty when there is no such column.
    pub fn text(&self, field: &str) -> &str {
        self.cells.iter().find(|(name, ..)| *name == field).map_or("", |(.., text)| text)
    }

    pub fn owned(&self, field: &str) -> String {
        self.text(field).to_owned()
    }

    /// 工作表“许可”第 12 行 C 列（决定日期）. Without a field, or one that is no column, the row alone.
    pub fn place(&self, field: Option<&str>) -> String {
        let sheet =
            if self.sheet.is_empty() { String::new() } else { format!("工作表“{}”", self.sheet) };
        let column = field
            .and_then(|field| self.cells.iter().find(|(name, ..)| *name == field))
            .map(|(_, at, label, _)| format!(" {} 列（{label}）", letters(*at)))
            .unwrap_or_default();
        format!("{sheet}第 {} 行{column}", self.number)
    }
}

/// All rows of a file whose columns were recognised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub rows: Vec<Row>,
    /// Heads of columns that are not taken in.
    pub unread: Vec<String>,
    /// Sheets without such a table.
    pub without: Vec<String>,
}

/// How far down a head may stand, below a title and notes.
const HEAD_WITHIN: usize = 15;

/// A head without spaces, units and marks: `*金额（元）` is 金额.
pub(super) fn plain(head: &str) -> String {
    let head: String = head.chars().filter(|c| !c.is_whitespace() && !"*＊:：".contains(*c)).collect();
    let cut = head.find(['（', '(']).filter(|at| *at > 0).unwrap_or(head.len());
    head[..cut].to_owned()
}

/// Finds the head in every sheet and reads what stands below it.
///
/// # Errors
/// No sheet has all columns that are needed: which are missing, and where.
pub fn recognise(sheets: &[Sheet], columns: &[Column]) -> Result<Table, String> {
    let mut table = Table::default();
    let mut nearest: Option<(usize, String)> = None;
    for sheet in sheets {
        let found = sheet.rows.iter().take(HEAD_WITHIN).map(|(number, cells)| {
            let mut taken: Vec<(usize, &Column)> = Vec::new();
            for (at, cell) in cells.iter().enumerate() {
                let (head, whole) = (plain(cell), cell.trim());
                let column = columns.iter().find(|column| column.is_called(&head) || column.is_called(whole));
                if let Some(column) = column.filter(|c| !taken.iter().any(|(_, t)| t.field == c.field)) {
                    taken.push((at, column));
                }
            }
            (*number, taken)
        });
        let best = found.max_by_key(|(number, taken)| (taken.len(), usize::MAX - number));
        let Some((head, taken)) = best.filter(|(_, taken)| !taken.is_empty()) else {
            table.without.push(sheet.name.clone());
            continue;
        };
        let missing: Vec<&str> = columns
            .iter()
            .filter(|c| c.is_required && !taken.iter().any(|(_, t)| t.field == c.field))
            .map(|c| c.label)
            .collect();
        if !missing.is_empty() {
            let at =
                if sheet.name.is_empty() { String::new() } else { format!("工作表“{}”", sheet.name) };
            let words = format!("{at}第 {head} 行像是表头，但缺少{}。请补上这一栏再上传。", quoted(&missing));
            if nearest.as_ref().is_none_or(|(best, _)| taken.len() > *best) {
                nearest = Some((taken.len(), words));
            }
            table.without.push(sheet.name.clone());
            continue;
        }
        for (number, cells) in &sheet.rows {
            if *number == head {
                let others = cells
                    .iter()
                    .enumerate()
                    .filter(|(at, cell)| !cell.is_empty() && !taken.iter().any(|(taken, _)| taken == at));
                table.unread.extend(others.map(|(_, cell)| cell.clone()));
            }
            if *number <= head {
                continue;
            }
            let cells: Vec<(&'static str, usize, &'static str, String)> = taken
                .iter()
                .map(|(at, column)| {
                    let text = cells.get(*at).map(String::as_str).unwrap_or_default().trim();
                    let text = if column.kind == Kind::Day { super::day(text) } else { text.to_owned() };
                    (column.field, *at, column.label, text)
                })
                .collect();
            // A line of sums, and lines that are empty where it matters.
            let first = cells.iter().map(|(.., text)| text.as_str()).find(|text| !text.is_empty());
            if first.is_none_or(|text| matches!(plain(text).as_str(), "合计" | "总计" | "小计")) {
                continue;
            }
            table.rows.push(Row { sheet: sheet.name.clone(), number: *number, cells });
        }
    }
    if !table.rows.is_empty() {
        return Ok(table);
    }
    let needed: Vec<&str> = columns.iter().filter(|c| c.is_required).map(|c| c.label).collect();
    Err(nearest.map(|(_, words)| words).unwrap_or_else(|| {
        format!(
            "没有找到可以导入的行。表头要有{}，数据接在表头下面；可以先下载样表，填好再上传。",
            quoted(&needed)
        )
    }))
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column::text("item", "收费项目", &["项目", "项目名称"]).required(),
        Column::text("amount", "金额", &["收费金额"]).required(),
        Column::day("on", "收取日期", &["日期"]),
    ];

    fn sheet(name: &str, rows: &[&[&str]]) -> Sheet {
        let rows = (1..).zip(rows).map(|(n, row)| (n, row.iter().map(|c| (*c).to_owned()).collect()));
        Sheet { name: name.into(), rows: rows.collect() }
    }

    #[test]
    fn a_head_is_found_below_a_title_and_places_are_named() {
        let found = recognise(
            &[
                sheet("说明", &[&["请看另一张表"]]),
                sheet(
                    "一季度",
                    &[
                        &["2026 年收费台账"],
                        &["序号", "* 项目名称", "收费金额（元）", "日期", "经手人"],
                        &["1", "证照工本费", "12.5", "2026/3/1", "某甲"],
                        &["", "合计", "12.5"],
                    ],
                ),
            ],
            &COLUMNS,
        )
        .unwrap();
        assert_eq!(found.rows.len(), 1, "sums are no record");
        assert_eq!(found.rows[0].text("on"), "2026-03-01");
        assert_eq!(found.rows[0].place(Some("amount")), "工作表“一季度”第 3 行 C 列（金额）");
        assert_eq!(found.unread, ["序号", "经手人"]);
        assert_eq!(found.without, ["说明"]);
    }

    #[test]
    fn what_is_missing_is_said() {
        let words =
            recognise(&[sheet("表", &[&["收费项目", "日期"], &["甲", "2026-01-01"]])], &COLUMNS).unwrap_err();
        assert!(words.contains("工作表“表”第 1 行") && words.contains("“金额”"), "{words}");
        let words = recognise(&[sheet("", &[&["a", "b"]])], &COLUMNS).unwrap_err();
        assert!(words.contains("“收费项目”、“金额”"), "{words}");
    }
}
