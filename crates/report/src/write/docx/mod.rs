//! The report as a Word document, laid out by GB/T 9704: page, typefaces, lines and page numbers.

mod fixed;
mod table;

use super::outline::{parts, subheading, title};
use super::package::{NotWritten, package};
use super::xml::{escape, escaped};
use crate::model::{Paragraph, Report};

/// The report in the official layout: title, six parts, tables whose headings repeat on every page.
pub fn docx(report: &Report) -> Result<Vec<u8>, NotWritten> {
    official_docx(&title(report), &body(report))
}

/// A Word document in the official layout: page, typefaces and page numbers round a body of WordprocessingML, which may
/// name the styles of [`fixed::STYLES`].
pub fn official_docx(title: &str, body: &str) -> Result<Vec<u8>, NotWritten> {
    package(&[
        ("[Content_Types].xml", fixed::CONTENT_TYPES),
        ("_rels/.rels", fixed::PACKAGE_RELATIONS),
        ("docProps/core.xml", &fixed::core_properties(&escaped(title))),
        ("word/document.xml", &[fixed::DOCUMENT_START, body, fixed::DOCUMENT_END].concat()),
        ("word/styles.xml", fixed::STYLES),
        ("word/settings.xml", fixed::SETTINGS),
        ("word/fontTable.xml", &fixed::font_table()),
        ("word/footer1.xml", &fixed::footer("right")),
        ("word/footer2.xml", &fixed::footer("left")),
        ("word/_rels/document.xml.rels", fixed::DOCUMENT_RELATIONS),
    ])
}

fn body(report: &Report) -> String {
    let mut out = String::with_capacity(128 * 1024);
    title_paragraph(&mut out, report);
    prose(&mut out, &report.lead);
    let mut ends_with_table = false;
    for part in parts(report) {
        let style = if ends_with_table { "Heading1AfterTable" } else { "Heading1" };
        paragraph(&mut out, style, part.heading());
        prose(&mut out, part.paragraphs);
        if let Some(grid) = &part.grid {
            table::table(&mut out, grid);
        }
        ends_with_table = part.grid.is_some();
    }
    if ends_with_table {
        // Word wants a paragraph after the last table.
        out.push_str("<w:p/>");
    }
    out
}

/// A title that does not fit on a line is broken after the agency's name, not within a word.
fn title_paragraph(out: &mut String, report: &Report) {
    let title = title(report);
    let agency = report.agency.as_deref().unwrap_or_default();
    out.push_str("<w:p><w:pPr><w:pStyle w:val=\"Title\"/></w:pPr><w:r>");
    match title.strip_prefix(agency) {
        Some(rest) if !agency.is_empty() && width_in_em(&title) > fixed::TITLE_WIDTH_EM => {
            text(out, agency);
            out.push_str("<w:br/>");
            text(out, rest);
        }
        _ => text(out, &title),
    }
    out.push_str("</w:r></w:p>");
}

fn width_in_em(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>().div_ceil(2)
}

fn prose(out: &mut String, paragraphs: &[Paragraph]) {
    for one in paragraphs {
        match one.text.split_at(subheading(&one.text)) {
            ("", _) => paragraph(out, "BodyText", &one.text),
            (heading, rest) => {
                out.push_str("<w:p><w:pPr><w:pStyle w:val=\"BodyText\"/></w:pPr><w:r><w:rPr>");
                out.push_str("<w:rStyle w:val=\"Subheading\"/></w:rPr>");
                text(out, heading);
                out.push_str("</w:r>");
                if !rest.is_empty() {
                    out.push_str("<w:r>");
                    text(out, rest);
                    out.push_str("</w:r>");
                }
                out.push_str("</w:p>");
            }
        }
    }
}

fn paragraph(out: &mut String, style: &str, content: &str) {
    out.push_str(&format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r>"));
    text(out, content);
    out.push_str("</w:r></w:p>");
}

/// The content of a run.
fn text(out: &mut String, content: &str) {
    for (index, line) in content.split('\n').enumerate() {
        if index > 0 {
            out.push_str("<w:br/>");
        }
        for (index, piece) in line.split('\t').enumerate() {
            if index > 0 {
                out.push_str("<w:tab/>");
            }
            out.push_str("<w:t xml:space=\"preserve\">");
            escape(out, piece);
            out.push_str("</w:t>");
        }
    }
}
