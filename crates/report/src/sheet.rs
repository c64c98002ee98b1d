//! What every spreadsheet of this crate has in common.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

/// The most characters a cell of a spreadsheet holds.
const LONGEST: usize = 32_767;

/// A text that fits into a cell: cut where a cell ends, and without the control characters XML cannot hold.
pub(crate) fn text(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).take(LONGEST).collect()
}

/// The head of a column.
pub(crate) fn head() -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0xEE_F2_F6))
        .set_border(FormatBorder::Thin)
}

/// A sheet with a header that stays in sight. Column names with their widths.
pub(crate) fn list(name: &str, columns: &[(&str, f64)]) -> Worksheet {
    let mut sheet = Worksheet::new();
    let head = head();
    // Names and sizes are constants within the limits of the format: none of these can fail.
    let _ = sheet.set_name(name);
    let _ = sheet.set_freeze_panes(1, 0);
    for (at, (name, width)) in (0..).zip(columns) {
        let _ = sheet.write_string_with_format(0, at, *name, &head);
        let _ = sheet.set_column_width(at, *width);
    }
    sheet.set_landscape().set_repeat_rows(0, 0).ok();
    sheet
}

/// The sheet with a filter over its `rows` below the header.
pub(crate) fn filtered(mut sheet: Worksheet, rows: u32, columns: usize) -> Worksheet {
    let last = u16::try_from(columns.saturating_sub(1)).unwrap_or_default();
    let _ = sheet.autofilter(0, 0, rows, last);
    sheet
}

/// The bytes of a workbook. Its date is fixed: the same data give the same bytes.
pub(crate) fn workbook(sheets: Vec<Worksheet>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let date = ExcelDateTime::from_ymd(2019, 5, 15)?;
    workbook.set_properties(&DocProperties::new().set_author("gongkai").set_creation_datetime(&date));
    for sheet in sheets {
        workbook.push_worksheet(sheet);
    }
    workbook.save_to_buffer()
}
