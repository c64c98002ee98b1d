use super::fixed::TEXT_WIDTH;
use super::text;
use crate::write::grid::{Grid, GridCell, Placed};
use crate::write::xml::escaped;

/// How a table of so many columns is set: widths in twentieths of a point, style of its text, least row height.
struct Setting {
    widths: Vec<u32>,
    style: &'static str,
    row_height: u32,
    /// Labels that are sentences stand left, words in the middle.
    has_long_labels: bool,
}

fn setting(grid: &Grid) -> Setting {
    // Part 三: three columns of labels, seven of numbers.
    if grid.columns == 10 {
        let mut widths = vec![500, 1000, 3000];
        widths.resize(10, (TEXT_WIDTH - 4500) / 7);
        return Setting { widths, style: "TableTextSmall", row_height: 380, has_long_labels: true };
    }
    let columns = u32::try_from(grid.columns).unwrap_or(1).max(1);
    let widths = vec![TEXT_WIDTH / columns; grid.columns];
    let style = if grid.columns > 10 { "TableTextSmall" } else { "TableText" };
    Setting { widths, style, row_height: 480, has_long_labels: false }
}

/// A table with merged cells; its header rows repeat on every page and no row breaks.
pub(super) fn table(out: &mut String, grid: &Grid) {
    let setting = setting(grid);
    out.push_str("<w:tbl><w:tblPr><w:tblStyle w:val=\"ReportTable\"/>");
    out.push_str(&format!("<w:tblW w:w=\"{}\" w:type=\"dxa\"/>", setting.widths.iter().sum::<u32>()));
    out.push_str("<w:jc w:val=\"center\"/><w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"0020\"/>");
    out.push_str(&format!("<w:tblCaption w:val=\"{}\"/></w:tblPr><w:tblGrid>", escaped(&grid.caption)));
    for width in &setting.widths {
        out.push_str(&format!("<w:gridCol w:w=\"{width}\"/>"));
    }
    out.push_str("</w:tblGrid>");
    for (index, row) in grid.placed().into_iter().enumerate() {
        let height = setting.row_height;
        out.push_str(&format!("<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val=\"{height}\"/>"));
        if index < grid.header_rows {
            out.push_str("<w:tblHeader/>");
        }
        out.push_str("</w:trPr>");
        let heads_columns = grid.rows[index].iter().all(|cell| cell.header);
        for place in &row {
            cell(out, &setting, place, heads_columns);
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl>");
}

fn cell(out: &mut String, setting: &Setting, place: &Placed, heads_columns: bool) {
    let width: u32 = setting.widths.iter().skip(place.column).take(place.colspan).sum();
    out.push_str(&format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>"));
    if place.colspan > 1 {
        out.push_str(&format!("<w:gridSpan w:val=\"{}\"/>", place.colspan));
    }
    match place.cell {
        None => out.push_str("<w:vMerge/>"),
        Some(cell) if cell.rowspan > 1 => out.push_str("<w:vMerge w:val=\"restart\"/>"),
        Some(_) => {}
    }
    out.push_str("<w:vAlign w:val=\"center\"/></w:tcPr>");
    out.push_str(&format!("<w:p><w:pPr><w:pStyle w:val=\"{}\"/>", setting.style));
    if heads_columns {
        // Headings are never the last thing on a page.
        out.push_str("<w:keepNext/>");
    }
    if setting.has_long_labels && place.cell.is_some_and(|cell| is_row_label(cell, heads_columns)) {
        out.push_str("<w:jc w:val=\"left\"/>");
    }
    out.push_str("</w:pPr>");
    if let Some(cell) = place.cell.filter(|cell| !cell.text.is_empty()) {
        out.push_str("<w:r>");
        text(out, &cell.text);
        out.push_str("</w:r>");
    }
    out.push_str("</w:p></w:tc>");
}

/// The label of one row; headings of columns and of groups of rows are others.
fn is_row_label(cell: &GridCell, heads_columns: bool) -> bool {
    cell.header && !heads_columns && cell.rowspan == 1
}
