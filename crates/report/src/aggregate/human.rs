//! The sum for a person at a terminal: the tables, then what keeps it from being complete, then where the stated
//! report differs.

use std::collections::BTreeMap;

use super::add_up::{Addition, Member, Why};
use super::figures::Total;
use super::stated::{Difference, Disagreement, Explanation, compare_with};
use super::value::in_words;
use crate::model::{CellAddress, Report, TableName};

/// Cells named in one line before the rest is only counted.
const NAMED: usize = 6;

/// The sum in words and tables; `stated` is the report of the whole with the name of its file.
pub fn human(addition: &Addition, stated: Option<(&str, &Report)>) -> String {
    let mut out = head(addition);
    for &table in TableName::ALL {
        out.push('\n');
        out.push_str(&table_in_words(addition, table));
    }
    out.push_str(&gaps(addition));
    if let Some((file, stated)) = stated {
        out.push_str(&held_against(addition, file, stated));
    }
    out
}

fn head(addition: &Addition) -> String {
    let own = addition.members.iter().filter(|member| member.own).count();
    let children = addition.members.len() - own;
    let year = addition.year.map_or_else(|| "年份不明的".to_owned(), |year| format!("{year} 年"));
    let mut out = format!(
        "{year}年度报告汇总：计入 {} 份（本级 {own} 份，下级 {children} 份），按{}的格式\n",
        addition.members.len(),
        addition.form.official()
    );
    for member in addition.members.iter().filter(|member| member.errors > 0) {
        out.push_str(&format!(
            "注意：{}（{}）自身有 {} 处错误，请先更正再汇总\n",
            member.name, member.file, member.errors
        ));
    }
    out
}

/// The wording of a cell without the explanations in brackets.
pub fn cell_in_words(address: CellAddress) -> String {
    let row = short(address.row_label());
    match address.group_label().filter(|_| address.table() == TableName::Requests) {
        Some(group) => format!("{group}{row} · {}", address.column_label()),
        None => format!("{row} · {}", address.column_label()),
    }
}

/// （二）部分公开（区分处理的…） → （二）部分公开.
fn short(label: &str) -> &str {
    match label.char_indices().rfind(|(_, c)| *c == '（') {
        Some((at, _)) if at > 0 => &label[..at],
        _ => label,
    }
}

pub(super) fn total_in_words(address: CellAddress, total: Total) -> String {
    match total {
        Total::Exact(number) => in_words(address, number),
        Total::AtLeast(number) => format!("≥{}", in_words(address, number)),
        Total::Unknown => "？".to_owned(),
    }
}

/// The rows of a table, columns under each other.
fn table_in_words(addition: &Addition, table: TableName) -> String {
    let cells: Vec<CellAddress> = addition.cells().into_iter().filter(|cell| cell.table() == table).collect();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let same_columns = table != TableName::Proactive;
    let (mut zeros, mut group) = (0, None);
    for row in cells.chunk_by(|a, b| a.row_code() == b.row_code()) {
        if same_columns && rows.is_empty() {
            let heads = row.iter().map(|cell| cell.column_label().to_owned());
            rows.push(std::iter::once(String::new()).chain(heads).collect());
        }
        // Most rows of most reports are zeros throughout: they are counted, so that the others can be seen.
        if row.iter().all(|&cell| addition.total(cell) == Total::Exact(0)) {
            zeros += 1;
            continue;
        }
        let heading = row[0].group_label().filter(|_| table == TableName::Requests);
        if heading.is_some() && heading != group {
            rows.extend(heading.map(|heading| vec![heading.to_owned()]));
        }
        group = heading;
        let indent = if heading.is_some() { "  " } else { "" };
        let label = format!("{indent}{}", short(row[0].row_label()));
        let values = row.iter().map(|&cell| {
            let value = total_in_words(cell, addition.total(cell));
            if same_columns { value } else { format!("{} {value}", cell.column_label()) }
        });
        rows.push(std::iter::once(label).chain(values).collect());
    }
    if same_columns && rows.len() == 1 {
        rows.clear();
    }
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|text| width(text)).max().unwrap_or_default())
        .collect();
    let mut out = format!("{}\n", table.official());
    for row in rows {
        for (at, (text, to)) in row.iter().zip(&widths).enumerate() {
            let blanks = " ".repeat(to - width(text));
            let is_number = at > 0 && table != TableName::Proactive;
            let cell = if is_number { format!("{blanks}{text}") } else { format!("{text}{blanks}") };
            out.push_str(if at > 0 { "  " } else { "" });
            out.push_str(&cell);
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    if zeros > 0 {
        out.push_str(&format!("（另有 {zeros} 行，各格之和都是 0）\n"));
    }
    out
}

/// Columns of a terminal; a Chinese character takes two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if ('\u{2e80}'..='\u{ffdc}').contains(&c) { 2 } else { 1 }).sum()
}

/// Some cells by name, the others counted.
pub(crate) fn named(cells: &[CellAddress]) -> String {
    let names: Vec<String> =
        cells.iter().take(NAMED).map(|&cell| format!("“{}”", cell_in_words(cell))).collect();
    let rest = if cells.len() > NAMED { format!("等 {} 格", cells.len()) } else { String::new() };
    names.join("、") + &rest
}

fn list(out: &mut String, heading: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("\n{heading}\n"));
    for line in lines {
        out.push_str(&format!("  {line}\n"));
    }
}

fn gaps(addition: &Addition) -> String {
    let mut out = String::new();
    list(&mut out, "没有报告的机关", addition.missing.clone());
    list(&mut out, "不在名单上的报告（已计入）", addition.unexpected.clone());
    let left_out = addition.left_out.iter();
    list(
        &mut out,
        "没有计入的报告",
        left_out.map(|one| format!("{}（{}）：{}", one.name, one.file, one.reason.in_words())).collect(),
    );
    let conflicts = addition.conflicts.iter();
    list(
        &mut out,
        "同一机关有几份不同的报告（不一致的格按不能确定处理，请只留一份）",
        conflicts
            .map(|one| format!("{}：{}；不一致的有{}", one.name, one.files.join("、"), named(&one.cells)))
            .collect(),
    );
    list(
        &mut out,
        "不能确定的格（≥ 只是其余各份之和，不当作零）",
        addition.members.iter().flat_map(unknown_of).collect(),
    );
    out
}

/// What is not known of one report: a line for each table and reason.
pub(super) fn unknown_of(member: &Member) -> Vec<String> {
    let mut by_reason: BTreeMap<(TableName, Why), Vec<CellAddress>> = BTreeMap::new();
    for (&address, &why) in member.unknown.iter().filter(|(_, why)| **why != Why::Conflict) {
        by_reason.entry((address.table(), why)).or_default().push(address);
    }
    let line = |((table, why), cells): ((TableName, Why), Vec<CellAddress>)| {
        let what = match why {
            Why::NoTable => format!("没有“{}”这张表", table.official()),
            _ => format!("{}：{}", named(&cells), why.official()),
        };
        format!("{}（{}）：{what}", member.name, member.file)
    };
    by_reason.into_iter().map(line).collect()
}

fn held_against(addition: &Addition, file: &str, stated: &Report) -> String {
    let (differences, whole) = compare_with(addition, stated);
    let name = stated.agency.as_deref().unwrap_or(file);
    let mut out = format!("\n与{name}公布的报告（{file}）核对\n");
    if stated.year != addition.year {
        let year = stated.year.map_or_else(|| "没有写明年份".to_owned(), |year| format!("是 {year} 年的"));
        out.push_str(&format!("  注意：这份报告{year}，与汇总的年份不同\n"));
    }
    let (undecided, decided): (Vec<&Difference>, Vec<&Difference>) =
        differences.iter().partition(|one| one.disagreement == Disagreement::Undecided);
    if decided.is_empty() && undecided.is_empty() {
        out.push_str("  每一格都等于各份之和\n");
        return out;
    }
    let follows = decided.iter().filter(|one| one.follows).count();
    for one in decided.iter().filter(|one| !one.follows) {
        out.push_str(&format!("  {}\n", difference_in_words(one)));
    }
    if follows > 0 {
        out.push_str(&format!("  另有 {follows} 处合计因此不同\n"));
    }
    if !whole.is_empty() {
        out.push_str(&format!("  全部差异合起来{}\n", explained(&whole, "和")));
    }
    if !undecided.is_empty() {
        let cells: Vec<CellAddress> = undecided.iter().map(|one| one.address).collect();
        out.push_str(&format!("  不能核对的有 {} 格：{}\n", cells.len(), named(&cells)));
    }
    out
}

/// One difference as a sentence.
pub(super) fn difference_in_words(one: &Difference) -> String {
    let cell = cell_in_words(one.address);
    let stated = one.stated.map_or_else(|| "没有填".to_owned(), |n| in_words(one.address, n.into()));
    let sum = total_in_words(one.address, one.sum);
    let mut words = match one.disagreement {
        Disagreement::By(by) => {
            let direction = if by < 0 { "少" } else { "多" };
            let by = in_words(one.address, i128::try_from(by.unsigned_abs()).unwrap_or(i128::MAX));
            format!("“{cell}”：公布 {stated}，各份之和 {sum}，{direction} {by}")
        }
        Disagreement::BelowKnown(by) => {
            format!(
                "“{cell}”：公布 {stated}，已知各份之和就有 {}，至少少 {}",
                &sum,
                in_words(one.address, by)
            )
        }
        Disagreement::Undecided => format!("“{cell}”：公布 {stated}，各份之和 {sum}，不能核对"),
    };
    if !one.suspects.is_empty() {
        words.push_str(&format!("；{}", explained(&one.suspects, "或者")));
    }
    words
}

/// 像是没有计入白露镇和松溪镇 (together), 像是没有计入白露镇或者松溪镇 (either).
fn explained(suspects: &[(String, Explanation)], joined: &str) -> String {
    let how = suspects.first().map_or("", |(_, explanation)| explanation.in_words());
    let names: Vec<&str> = suspects.iter().map(|(name, _)| name.as_str()).collect();
    format!("{how}{}", names.join(joined))
}
