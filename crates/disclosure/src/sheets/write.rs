use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

/// A text table for programs and for Excel alike: UTF-8 with its mark, cells quoted where they must be. A cell that a
/// spreadsheet would take for a formula gets an apostrophe before it.
pub fn csv(heads: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let cell = |text: &str| {
        let is_formula =
            text.starts_with(['=', '+', '@', '\t']) || text.starts_with('-') && text.parse::<f64>().is_err();
        let text = if is_formula { format!("'{text}") } else { text.to_owned() };
        if text.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    };
    let mut out = String::from("\u{feff}");
    out.push_str(&heads.iter().map(|head| cell(head)).collect::<Vec<_>>().join(","));
    out.push_str("\r\n");
    for row in rows {
        out.push_str(&row.iter().map(|text| cell(text)).collect::<Vec<_>>().join(","));
        out.push_str("\r\n");
    }
    out.into_bytes()
}

/// A spreadsheet with a head that stays; heads with their widths. Every cell is text, so that numbers keep their zeros.
pub fn xlsx(name: &str, heads: &[(&str, f64)], rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?;
    let border = |format: Format| {
        format.set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter)
    };
    let head = border(Format::new().set_bold().set_align(FormatAlign::Center));
    let body = border(Format::new()).set_num_format("@");
    for (at, (text, width)) in (0..).zip(heads) {
        sheet.write_string_with_format(0, at, *text, &head)?;
        sheet.set_column_width(at, *width)?;
    }
    for (at, row) in (1..).zip(rows) {
        for (column, text) in (0..).zip(row) {
            // A cell holds no more.
            let text: String = text.chars().take(32_000).collect();
            sheet.write_string_with_format(at, column, text, &body)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape().set_repeat_rows(0, 0)?.set_print_fit_to_pages(1, 0);
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::super::{Column, read, recognise};
    use super::*;

    #[test]
    fn both_forms_read_back_as_they_were() {
        let rows = vec![vec!["甲,\"乙\"\n丙".to_owned(), "00120".to_owned()]];
        let columns = [Column::text("a", "名称", &[]).required(), Column::text("b", "编号", &[]).required()];
        for bytes in
            [csv(&["名称", "编号"], &rows), xlsx("表", &[("名称", 20.0), ("编号", 9.0)], &rows).unwrap()]
        {
            let table = recognise(&read(&bytes).unwrap(), &columns).unwrap();
            assert_eq!((table.rows[0].text("a"), table.rows[0].text("b")), ("甲,\"乙\"\n丙", "00120"));
        }
    }

    #[test]
    fn no_cell_becomes_a_formula() {
        let text =
            String::from_utf8(csv(&["x"], &[vec!["=HYPERLINK(1)".into()], vec!["-12".into()]])).unwrap();
        assert!(text.contains("'=HYPERLINK(1)") && text.contains("\r\n-12\r\n"), "{text}");
    }
}
