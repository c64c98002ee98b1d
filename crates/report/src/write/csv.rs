use super::grid::Grid;
use super::outline::{parts, title};
use crate::model::Report;

/// The report as CSV by RFC 4180: a line of prose is one field, a row of a table has a field for each column.
///
/// It starts with a byte order mark, without which Excel takes Chinese for another encoding.
pub fn csv(report: &Report) -> String {
    let mut out = String::from("\u{feff}");
    line(&mut out, [title(report).as_str()]);
    for paragraph in &report.lead {
        line(&mut out, [paragraph.text.as_str()]);
    }
    for part in parts(report) {
        line(&mut out, [part.heading()]);
        for paragraph in part.paragraphs {
            line(&mut out, [paragraph.text.as_str()]);
        }
        if let Some(grid) = &part.grid {
            table(&mut out, grid);
        }
    }
    out
}

fn table(out: &mut String, grid: &Grid) {
    for row in grid.placed() {
        let mut fields = vec![""; grid.columns];
        for place in row {
            fields[place.column] = place.cell.map_or("", |cell| &cell.text);
        }
        line(out, fields);
    }
}

fn line<'a>(out: &mut String, fields: impl IntoIterator<Item = &'a str>) {
    for (index, text) in fields.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        field(out, text);
    }
    out.push_str("\r\n");
}

fn field(out: &mut String, text: &str) {
    // Spreadsheets run a field that starts like a formula; an apostrophe keeps it text. Numbers stay numbers.
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let guard = if is_formula { "'" } else { "" };
    if text.contains([',', '"', '\n', '\r']) {
        out.push_str(&format!("\"{guard}{}\"", text.replace('"', "\"\"")));
    } else {
        out.push_str(guard);
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_formulas_are_text() {
        let mut out = String::new();
        line(&mut out, ["1,5", "他说\"好\"", "=1+1", "-4", "", "一\n二", "/"]);
        assert_eq!(out, "\"1,5\",\"他说\"\"好\"\"\",'=1+1,-4,,\"一\n二\",/\r\n");
    }
}
