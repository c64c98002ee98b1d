//! The sum as a workbook: every cell a row, every report a column, the sums as formulas.

use rust_xlsxwriter::{Color, Format, FormatAlign, Formula, Worksheet, XlsxError, utility};

use super::add_up::Addition;
use super::figures::Total;
use super::human::{difference_in_words, named, unknown_of};
use super::stated::{Disagreement, compare_with};
use super::value::in_words;
use crate::model::{CellAddress, ProactiveColumn, Report};
use crate::sheet::{filtered, head, list, text, workbook};

/// Columns before the reports: table, row, column, sum, remark; with a stated report also stated and difference.
const FIXED: u16 = 7;

/// The bytes of the workbook; the same sum gives the same bytes.
pub fn sheet(addition: &Addition, stated: Option<(&str, &Report)>) -> Result<Vec<u8>, XlsxError> {
    workbook(vec![sums(addition, stated)?, reports(addition)?, remarks(addition, stated)?])
}

/// A spreadsheet calculates in 万元 or 元, as the form prints.
fn scale(address: CellAddress) -> f64 {
    match address {
        CellAddress::Proactive(_, ProactiveColumn::Amount10kCny) => 1e6,
        CellAddress::Proactive(_, ProactiveColumn::Amount) => 100.0,
        _ => 1.0,
    }
}

fn sums(addition: &Addition, stated: Option<(&str, &Report)>) -> Result<Worksheet, XlsxError> {
    let mut sheet = list(
        "汇总",
        &[
            ("表", 16.0),
            ("行", 44.0),
            ("列", 18.0),
            ("各份之和", 12.0),
            ("公布的数", 12.0),
            ("相差", 10.0),
            ("说明", 30.0),
        ],
    );
    sheet.set_freeze_panes(1, 3)?;
    let head = head();
    for (column, member) in (FIXED..).zip(&addition.members) {
        let own = if member.own { "（本级）" } else { "" };
        sheet.write_string_with_format(0, column, text(&format!("{}{own}", member.name)), &head)?;
        sheet.set_column_width(column, 11)?;
    }
    let top = Format::new().set_align(FormatAlign::Top).set_text_wrap();
    let doubtful = Format::new().set_background_color(Color::RGB(0xFF_F1_D6));
    let wrong = Format::new().set_background_color(Color::RGB(0xFB_DD_DA)).set_bold();
    let plain = Format::new();
    let differences = stated.map(|(_, report)| compare_with(addition, report).0).unwrap_or_default();
    let cells = addition.cells();
    for (row, &address) in (1..).zip(&cells) {
        sheet.write_string_with_format(row, 0, address.table().official(), &top)?;
        let group = address.group_label().map(|group| format!("{group} · ")).unwrap_or_default();
        sheet.write_string_with_format(row, 1, group + address.row_label(), &top)?;
        sheet.write_string_with_format(row, 2, address.column_label(), &top)?;
        let total = addition.total(address);
        if let (Some(last), Total::Exact(number) | Total::AtLeast(number)) =
            (FIXED.checked_add(addition.members.len() as u16).and_then(|end| end.checked_sub(1)), total)
        {
            let range = format!(
                "{}:{}",
                utility::row_col_to_cell(row, FIXED),
                utility::row_col_to_cell(row, last.max(FIXED))
            );
            let result = number as f64 / scale(address);
            let formula = Formula::new(format!("=SUM({range})")).set_result(result.to_string());
            let format = if total.exact().is_some() { &plain } else { &doubtful };
            sheet.write_formula_with_format(row, 3, formula, format)?;
        }
        let difference = differences.iter().find(|one| one.address == address);
        if let Some((_, report)) = stated
            && let Some(number) = super::figures::figure_of(report, address)
        {
            sheet.write_number(row, 4, number as f64 / scale(address))?;
            if total.exact().is_some() {
                let by = difference.map_or(0, |one| match one.disagreement {
                    Disagreement::By(by) => by,
                    Disagreement::BelowKnown(_) | Disagreement::Undecided => 0,
                });
                let result = (by as f64 / scale(address)).to_string();
                let cell = |column| utility::row_col_to_cell(row, column);
                let formula = Formula::new(format!("={}-{}", cell(4), cell(3))).set_result(result);
                sheet.write_formula_with_format(row, 5, formula, if by == 0 { &plain } else { &wrong })?;
            }
        }
        let remark = match (total, difference) {
            (Total::AtLeast(number), _) => format!("至少 {}", in_words(address, number)),
            (Total::Unknown, _) => "不能确定".to_owned(),
            (_, Some(one)) if one.follows => "因所含各格不同而不同".to_owned(),
            (_, Some(one)) => difference_in_words(one),
            (Total::Exact(_), None) => String::new(),
        };
        sheet.write_string_with_format(row, 6, text(&remark), &top)?;
        for (column, member) in (FIXED..).zip(&addition.members) {
            match (member.figures.get(address), member.unknown.get(&address)) {
                (Some(number), None) => {
                    sheet.write_number(row, column, number as f64 / scale(address))?;
                }
                (_, why) => {
                    let why = why.map_or("", |why| why.official());
                    sheet.write_string_with_format(row, column, why, &doubtful)?;
                }
            }
        }
    }
    let columns = usize::from(FIXED) + addition.members.len();
    Ok(filtered(sheet, cells.len() as u32, columns))
}

fn reports(addition: &Addition) -> Result<Worksheet, XlsxError> {
    let mut sheet = list(
        "报告清单",
        &[("机关", 28.0), ("层级", 8.0), ("文件", 40.0), ("自身的错误", 12.0), ("版本", 40.0)],
    );
    for (row, member) in (1..).zip(&addition.members) {
        sheet.write_string(row, 0, text(&member.name))?;
        sheet.write_string(row, 1, if member.own { "本级" } else { "下级" })?;
        sheet.write_string(row, 2, text(&member.file))?;
        sheet.write_number(row, 3, member.errors as f64)?;
        sheet.write_string(row, 4, text(&member.version))?;
    }
    Ok(filtered(sheet, addition.members.len() as u32, 5))
}

fn remarks(addition: &Addition, stated: Option<(&str, &Report)>) -> Result<Worksheet, XlsxError> {
    let mut sheet = list("缺少与疑问", &[("类别", 20.0), ("机关", 28.0), ("说明", 90.0)]);
    let mut lines: Vec<(&str, &str, String)> = Vec::new();
    lines.extend(addition.missing.iter().map(|name| ("没有报告", name.as_str(), String::new())));
    lines.extend(addition.unexpected.iter().map(|name| ("不在名单上", name.as_str(), "已计入".to_owned())));
    for one in &addition.left_out {
        lines.push(("没有计入", &one.name, format!("{}：{}", one.file, one.reason.in_words())));
    }
    for one in &addition.conflicts {
        lines.push(("几份不一致", &one.name, format!("{}：{}", one.files.join("、"), named(&one.cells))));
    }
    for member in &addition.members {
        for line in unknown_of(member) {
            lines.push(("不能确定", &member.name, line));
        }
        if member.errors > 0 {
            lines.push(("自身有错误", &member.name, format!("{} 处，请先更正再汇总", member.errors)));
        }
    }
    let (_, whole) = stated.map(|(_, report)| compare_with(addition, report)).unwrap_or_default();
    for (name, explanation) in &whole {
        lines.push(("全部差异", name, explanation.in_words().to_owned()));
    }
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (row, (kind, name, words)) in (1..).zip(&lines) {
        sheet.write_string_with_format(row, 0, *kind, &wrapped)?;
        sheet.write_string_with_format(row, 1, text(name), &wrapped)?;
        sheet.write_string_with_format(row, 2, text(words), &wrapped)?;
    }
    Ok(filtered(sheet, lines.len() as u32, 3))
}
