use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, Format, FormatAlign, Formula, Worksheet,
    XlsxError,
};

use super::cell_format;
use super::table::Places;
use crate::model::{ApplicantColumn, CellAddress, Report, RequestRow};

/// The sheet of part 三.
pub(super) const REQUESTS: &str = "申请办理";

/// The relations the form prints into its head, column by column, as formulas over the sheet of part 三.
pub(super) fn sheet(report: &Report, places: &Places) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name("勾稽核对")?.set_column_width(0, 50)?;
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0).set_screen_gridlines(false);
    let (format, label) = (cell_format(), cell_format().set_align(FormatAlign::Left));
    let labels = [
        "核对的关系（相差应为 0）",
        "第一项加第二项之和",
        "第三项（七）总计加第四项之和",
        "以上两数相差",
        "第三项（七）总计与其各项之和相差",
    ];
    for (row, text) in (0..).zip(labels) {
        sheet.write_string_with_format(row, 0, text, if row == 0 { &format } else { &label })?;
    }
    for (column, &kind) in (1..).zip(ApplicantColumn::ALL) {
        sheet.set_column_width(column, 9)?;
        sheet.set_row_height(0, 34)?;
        sheet.write_string_with_format(0, column, kind.official(), &format)?;
        let at = |row| CellAddress::Requests(row, kind);
        let count = |row| report.requests.count(row, kind).unwrap_or(0);
        let name =
            |row| places.name(at(row)).map_or_else(|| "0".to_owned(), |cell| format!("'{REQUESTS}'!{cell}"));
        let both = |one, other| {
            let sum = count(one).saturating_add(count(other));
            (format!("=SUM({},{})", name(one), name(other)), sum)
        };
        let incoming = both(RequestRow::Received, RequestRow::CarriedFromLastYear);
        let outgoing = both(RequestRow::Total, RequestRow::CarriedToNextYear);
        let letter = rust_xlsxwriter::column_number_to_name(column);
        let apart = (format!("={letter}2-{letter}3"), incoming.1.saturating_sub(outgoing.1));
        let outcomes: Vec<CellAddress> =
            report.requests.rows().filter(|row| row.is_outcome()).map(at).collect();
        let parts: i64 = outcomes.iter().filter_map(|cell| report.get(*cell)?.count()).sum();
        let range = places.range(&outcomes).unwrap_or_default();
        let rest = (
            format!("=SUM({})-SUM('{REQUESTS}'!{range})", name(RequestRow::Total)),
            count(RequestRow::Total).saturating_sub(parts),
        );
        for (row, (formula, value)) in (1..).zip([incoming, outgoing, apart, rest]) {
            let formula = Formula::new(formula).set_result(value.to_string());
            sheet.write_formula_with_format(row, column, formula, &format)?;
        }
    }
    let red = Format::new().set_font_color(Color::RGB(0x00B4_2318)).set_bold();
    let wrong =
        ConditionalFormatCell::new().set_rule(ConditionalFormatCellRule::NotEqualTo(0)).set_format(red);
    sheet.add_conditional_format(3, 1, 4, 7, &wrong)?;
    Ok(sheet)
}
