use super::grid::Grid;
use super::outline::{parts, title};
use super::xml::escape;
use crate::model::{Paragraph, Report};

/// Enough for paper and for a screen without any other file.
const STYLE: &str = "\
body{margin:2rem auto;max-width:60rem;padding:0 1rem;font:1rem/1.9 FangSong_GB2312,仿宋_GB2312,FangSong,仿宋,STFangsong,\"Noto Serif CJK SC\",serif;color:#111}\
h1{font-family:方正小标宋简体,STZhongsong,\"Noto Serif CJK SC\",serif;text-align:center;font-size:1.6rem;line-height:1.4}\
h2{font-family:SimHei,黑体,\"Noto Sans CJK SC\",sans-serif;font-size:1.15rem;font-weight:400;margin:1.6em 0 .4em}\
p{text-indent:2em;margin:0;text-align:justify}\
table{width:100%;border-collapse:collapse;margin:1em 0;font-size:.85rem;line-height:1.4}\
caption{text-align:left;padding:.3em 0}\
th,td{border:1px solid #333;padding:.25em .35em;font-weight:400;text-align:center}\
th[scope=row]{text-align:left}\
td{font-variant-numeric:tabular-nums}\
@page{size:A4;margin:37mm 26mm 35mm 28mm}\
@media print{body{margin:0;max-width:none;padding:0}thead{display:table-header-group}tr{break-inside:avoid}}";

/// The report as a page of its own that needs no other file.
pub fn html_page(report: &Report) -> String {
    let mut out = String::with_capacity(40 * 1024);
    out.push_str("<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    escape(&mut out, &title(report));
    out.push_str("</title>\n<style>");
    out.push_str(STYLE);
    out.push_str("</style>\n</head>\n<body>\n");
    out.push_str(&html(report));
    out.push_str("</body>\n</html>\n");
    out
}

/// The report as an HTML fragment: headings, prose and the three tables with captions and scopes.
pub fn html(report: &Report) -> String {
    let mut out = String::with_capacity(32 * 1024);
    out.push_str("<article class=\"annual-report\">\n<h1>");
    escape(&mut out, &title(report));
    out.push_str("</h1>\n");
    out.push_str(&body_html(report));
    out.push_str("</article>\n");
    out
}

/// The same without its title, for a page that has one.
pub fn body_html(report: &Report) -> String {
    let mut out = String::with_capacity(32 * 1024);
    paragraphs(&mut out, &report.lead);
    for part in parts(report) {
        out.push_str("<section>\n<h2>");
        escape(&mut out, part.heading());
        out.push_str("</h2>\n");
        paragraphs(&mut out, part.paragraphs);
        if let Some(grid) = &part.grid {
            out.push_str(&table_html(grid));
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
