//! The blocks as a Word document, in the styles of the official layout.

use gongkai_report::write::{NotWritten, escape, escaped, official_docx};

use super::{Block, Table, TableCell, Writing};

/// Between the margins, in twentieths of a point.
const TEXT_WIDTH: u32 = 8844;

pub(super) fn write(writing: &Writing) -> Result<Vec<u8>, NotWritten> {
    let mut body = String::with_capacity(16 * 1024);
    for block in &writing.blocks {
        match block {
            Block::Title(text) => paragraph(&mut body, "Title", [(text.as_str(), false)]),
            Block::Centred(text) => paragraph(&mut body, "Centred", [(text.as_str(), false)]),
            Block::Addressee(text) => paragraph(&mut body, "Addressee", [(text.as_str(), false)]),
            Block::Signature(text) => paragraph(&mut body, "Signature", [(text.as_str(), false)]),
            Block::Heading { level, text } => {
                let style = if *level == 1 { "Heading1" } else { "Heading2" };
                paragraph(&mut body, style, [(text.as_str(), false)]);
            }
            Block::Paragraph(spans) => {
                let runs = spans.iter().map(|span| (span.text.as_str(), span.is_bold));
                paragraph(&mut body, "BodyText", runs);
            }
            Block::Table(one) => table(&mut body, one),
        }
    }
    if matches!(writing.blocks.last(), None | Some(Block::Table(_))) {
        // Word wants a paragraph after the last table.
        body.push_str("<w:p/>");
    }
    official_docx(&writing.title, &body)
}

fn paragraph<'a>(out: &mut String, style: &str, runs: impl IntoIterator<Item = (&'a str, bool)>) {
    placed_paragraph(out, style, "", runs);
}

/// A paragraph with more properties than its style gives it.
fn placed_paragraph<'a>(
    out: &mut String,
    style: &str,
    more: &str,
    runs: impl IntoIterator<Item = (&'a str, bool)>,
) {
    out.push_str(&format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{more}</w:pPr>"));
    for (text, is_bold) in runs {
        out.push_str(if is_bold { "<w:r><w:rPr><w:b/></w:rPr>" } else { "<w:r>" });
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                out.push_str("<w:br/>");
            }
            out.push_str("<w:t xml:space=\"preserve\">");
            escape(out, line);
            out.push_str("</w:t>");
        }
        out.push_str("</w:r>");
    }
    out.push_str("</w:p>");
}

fn table(out: &mut String, table: &Table) {
    let parts: u32 = table.columns.iter().map(|width| u32::from(*width)).sum::<u32>().max(1);
    let widths: Vec<u32> = table.columns.iter().map(|width| TEXT_WIDTH * u32::from(*width) / parts).collect();
    out.push_str("<w:tbl><w:tblPr><w:tblStyle w:val=\"ReportTable\"/>");
    out.push_str(&format!(
        "<w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>",
        widths.iter().sum::<u32>()
    ));
    out.push_str("<w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"0020\"/>");
    out.push_str(&format!("<w:tblCaption w:val=\"{}\"/></w:tblPr><w:tblGrid>", escaped(&table.caption)));
    for width in &widths {
        out.push_str(&format!("<w:gridCol w:w=\"{width}\"/>"));
    }
    out.push_str("</w:tblGrid>");
    let heads = table.header_rows();
    // Columns that a cell further up still fills, with how wide it is.
    let mut open: Vec<(usize, usize)> = vec![(0, 0); widths.len()];
    for (index, row) in table.rows.iter().enumerate() {
        out.push_str("<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val=\"480\"/>");
        if index < heads {
            out.push_str("<w:tblHeader/>");
        }
        out.push_str("</w:trPr>");
        let mut cells = row.iter();
        let mut column = 0;
        while column < widths.len() {
            if let (rows @ 1.., span) = open[column] {
                open[column] = (rows - 1, span);
                cell(out, &widths[column..column + span], None);
                column += span;
            } else if let Some(one) = cells.next() {
                let span = one.colspan.min(widths.len() - column);
                open[column] = (one.rowspan - 1, span);
                cell(out, &widths[column..column + span], Some(one));
                column += span;
            } else {
                break;
            }
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl>");
}

/// A cell, or the continuation of the one above.
fn cell(out: &mut String, widths: &[u32], cell: Option<&TableCell>) {
    out.push_str(&format!("<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>", widths.iter().sum::<u32>()));
    if widths.len() > 1 {
        out.push_str(&format!("<w:gridSpan w:val=\"{}\"/>", widths.len()));
    }
    match cell {
        None => out.push_str("<w:vMerge/>"),
        Some(cell) if cell.rowspan > 1 => out.push_str("<w:vMerge w:val=\"restart\"/>"),
        Some(_) => {}
    }
    out.push_str("<w:vAlign w:val=\"center\"/></w:tcPr>");
    let text = cell.map(|cell| cell.text.as_str()).unwrap_or_default();
    let placed = if cell.is_some_and(|cell| cell.is_left) { "<w:jc w:val=\"left\"/>" } else { "" };
    placed_paragraph(out, "TableText", placed, [(text, cell.is_some_and(|cell| cell.is_header))]);
    out.push_str("</w:tc>");
}
