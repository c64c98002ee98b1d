use super::grid::{Grid, grid};
use crate::model::{Paragraph, Report, Section, TableName};

/// The report as an HTML fragment: headings, prose and the three tables with captions and scopes.
pub fn html(report: &Report) -> String {
    let mut out = String::with_capacity(32 * 1024);
    out.push_str("<article class=\"annual-report\">\n<h1>");
    escape(&mut out, &super::text::title(report));
    out.push_str("</h1>\n");
    out.push_str(&body_html(report));
    out.push_str("</article>\n");
    out
}

/// The same without its title, for a page that has one.
pub fn body_html(report: &Report) -> String {
    let mut out = String::with_capacity(32 * 1024);
    paragraphs(&mut out, &report.lead);
    for section in Section::ALL {
        out.push_str("<section>\n<h2>");
        escape(&mut out, section.official());
        out.push_str("</h2>\n");
        paragraphs(&mut out, report.sections.paragraphs(section).unwrap_or_default());
        let table = match section {
            Section::Proactive => Some(TableName::Proactive),
            Section::Requests => Some(TableName::Requests),
            Section::Remedies => Some(TableName::Remedies),
            _ => None,
        };
        if let Some(table) = table {
            out.push_str(&table_html(&grid(report, table)));
        }
        out.push_str("</section>\n");
    }
    out
}

fn paragraphs(out: &mut String, paragraphs: &[Paragraph]) {
    for paragraph in paragraphs {
        out.push_str("<p>");
        escape(out, &paragraph.text);
        out.push_str("</p>\n");
    }
}

/// One table; cells of the report carry their address in `data-cell`.
pub fn table_html(grid: &Grid) -> String {
    let mut out = String::with_capacity(16 * 1024);
    out.push_str("<table>\n<caption>");
    escape(&mut out, &grid.caption);
    out.push_str("</caption>\n");
    for (index, row) in grid.rows.iter().enumerate() {
        let in_head = index < grid.header_rows;
        if index == 0 {
            out.push_str(if in_head { "<thead>\n" } else { "<tbody>\n" });
        } else if index == grid.header_rows {
            out.push_str("</thead>\n<tbody>\n");
        }
        // A row without a value heads the rows below it.
        let heads_columns = row.iter().all(|cell| cell.header);
        out.push_str("<tr>");
        for cell in row {
            let tag = if cell.header { "th" } else { "td" };
            out.push('<');
            out.push_str(tag);
            if cell.header {
                let scope = match (heads_columns, cell.colspan > 1, cell.rowspan > 1) {
                    (true, true, _) => "colgroup",
                    (true, false, _) => "col",
                    (false, _, true) => "rowgroup",
                    (false, _, false) => "row",
                };
                out.push_str(&format!(" scope=\"{scope}\""));
            }
            if cell.colspan > 1 {
                out.push_str(&format!(" colspan=\"{}\"", cell.colspan));
            }
            if cell.rowspan > 1 {
                out.push_str(&format!(" rowspan=\"{}\"", cell.rowspan));
            }
            if let Some(address) = cell.address {
                out.push_str(&format!(" data-cell=\"{address}\""));
            }
            out.push('>');
            escape(&mut out, &cell.text);
            out.push_str(&format!("</{tag}>"));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
    out
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}
