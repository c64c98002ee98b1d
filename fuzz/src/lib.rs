//! What must hold for any input, one function for each reader. The fuzzer calls them without end; the test
//! `crates/report/tests/fuzz.rs` calls the same functions with the committed corpus and a fixed number of mutations.
//!
//! A hurt zip, OLE or PDF file is mostly refused at its door, so each of these formats has a second target, which puts
//! the input inside a file that is sound.

use std::io::{Cursor, Write};
use std::sync::LazyLock;

use gongkai_report::aggregate::{Figures, Totals};
use gongkai_report::{Report, Section, check, lint, read as read_report, write};
use zip::write::SimpleFileOptions;

/// A target by its name; the corpus has a folder for it.
pub type Target = (&'static str, fn(&[u8]));

pub const TARGETS: [Target; 13] = [
    ("text", text),
    ("html", html),
    ("json", json),
    ("docx", docx),
    ("docx_document", docx_document),
    ("xlsx", xlsx),
    ("xlsx_sheet", xlsx_sheet),
    ("doc", doc),
    ("doc_streams", doc_streams),
    ("pdf", pdf),
    ("pdf_page", pdf_page),
    ("read", read),
    ("prose", prose),
];

/// Reading ends with a report or a refusal of one line, and whatever was read can be checked, shown and written.
pub fn read(bytes: &[u8]) {
    let reading = match read_report(bytes, "x") {
        Ok(reading) => reading,
        Err(refusal) => {
            assert_eq!(refusal.to_string().lines().count(), 1, "{refusal}");
            return;
        }
    };
    let findings = reading.check(None);
    lint::human("x", std::str::from_utf8(bytes).ok(), &findings);
    sound(&reading.report);
    let written = write::json(&reading.report, &findings);
    let again = read_report(written.as_bytes(), "x").expect("what was written is read");
    for view in reading.report.cells() {
        let found = again.report.get(view.address).map(|cell| &cell.content);
        assert_eq!(found, Some(&view.cell.content), "{} in {written}", view.address);
    }
}

/// What no report may break.
fn sound(report: &Report) {
    check(report, Some(report));
    write::text(report);
    write::html(report);
    let figures = Figures::of(report);
    let stored = Figures::from_bytes(figures.as_bytes());
    assert_eq!(stored.as_ref(), Some(&figures));
    let mut totals = Totals::default();
    totals.add(&figures);
}

/// Text, Markdown and what was copied out of other programs: one reader.
pub fn text(bytes: &[u8]) {
    if !bytes.starts_with(b"PK\x03\x04") && !bytes.starts_with(b"%PDF-") && !bytes.starts_with(b"\xd0\xcf") {
        read(bytes);
    }
}

pub fn html(bytes: &[u8]) {
    read(&[b"<html>", bytes].concat());
}

pub fn json(bytes: &[u8]) {
    if bytes.first() == Some(&b'{') {
        read(bytes);
    }
}

pub fn docx(bytes: &[u8]) {
    zipped(bytes);
}

pub fn xlsx(bytes: &[u8]) {
    zipped(bytes);
}

fn zipped(bytes: &[u8]) {
    if bytes.starts_with(b"PK\x03\x04") {
        read(bytes);
    }
}

/// The text of word/document.xml.
pub fn docx_document(bytes: &[u8]) {
    read(&archive(&[("word/document.xml", bytes)]));
}

/// A sheet, and after a zero byte the shared strings.
pub fn xlsx_sheet(bytes: &[u8]) {
    const WORKBOOK: &[u8] = br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    const RELATIONS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
    const ROOT: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let (sheet, strings) = parted(bytes);
    read(&archive(&[
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
    ]));
}

fn parted(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == 0) {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, &[]),
    }
}

pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in parts {
        archive.start_file(*name, stored).expect("a name");
        archive.write_all(content).expect("memory");
    }
    archive.finish().expect("memory").into_inner()
}

pub fn doc(bytes: &[u8]) {
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        read(bytes);
    }
}

/// The streams WordDocument, 1Table or 0Table, and Data, after the lengths of the first two.
pub fn doc_streams(bytes: &[u8]) {
    let length = |at: usize| {
        let bytes = bytes.get(at..at + 4)?;
        Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize)
    };
    let (Some(first), Some(second)) = (length(0), length(4)) else { return };
    let rest = &bytes[8..];
    let (document, rest) = rest.split_at(first.min(rest.len()));
    let (table, data) = rest.split_at(second.min(rest.len()));
    let other_table = document.get(0x0b).is_some_and(|flags| flags & 2 == 0);
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory");
    let table_name = if other_table { "/0Table" } else { "/1Table" };
    for (name, content) in [("/WordDocument", document), (table_name, table), ("/Data", data)] {
        file.create_stream(name).expect("a name").write_all(content).expect("memory");
    }
    file.flush().expect("memory");
    read(&file.into_inner().into_inner());
}

pub fn pdf(bytes: &[u8]) {
    if bytes.starts_with(b"%PDF-") {
        read(bytes);
    }
}

/// The content of a page, and after a zero byte the map of the characters of its font.
pub fn pdf_page(bytes: &[u8]) {
    let (content, map) = parted(bytes);
    read(&pdf_file(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
          /Resources<</Font<</F 6 0 R>>/XObject<</X 5 0 R>>>>>>"
            .to_vec(),
        stream("", content),
        // A form that draws itself.
        stream("/Subtype/Form/Resources<</XObject<</X 5 0 R>>>>", content),
        b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 7 0 R\
          /DescendantFonts[<</Type/Font/Subtype/CIDFontType2/DW 1000/W[1[500 500]20 90 500]>>]>>"
            .to_vec(),
        stream("", map),
    ]));
}

fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<<{entries}/Length {}>>stream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

/// A PDF file of these objects, numbered from 1; the first is its root.
pub fn pdf_file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n", index + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    places.iter().for_each(|place| file.extend(format!("{place:010} 00000 n \n").bytes()));
    file.extend(format!("trailer<</Size {}/Root 1 0 R>>\n", objects.len() + 1).bytes());
    file.extend(format!("startxref\n{start}\n%%EOF\n").bytes());
    file
}

/// The prose of a report whose tables are sound; a form feed goes on to the next part.
pub fn prose(bytes: &[u8]) {
    static REPORT: LazyLock<Report> = LazyLock::new(|| {
        let mut report = Report::new("青禾区白露镇", 2031);
        for (address, count) in [
            ("requests/received/natural_person", 7),
            ("requests/carried_from_last_year/natural_person", 2),
            ("requests/disclosed/natural_person", 5),
            ("requests/unable_to_provide.not_held/natural_person", 3),
            ("requests/carried_to_next_year/natural_person", 1),
            ("remedies/reconsideration/upheld", 1),
            ("proactive/penalties/decisions", 12),
        ] {
            let address = address.parse().expect("a cell of the form");
            report.set_count(address, count).expect("a count");
        }
        report.derive_totals();
        report
    });
    let text = String::from_utf8_lossy(bytes);
    let mut report = REPORT.clone();
    for (section, text) in Section::ALL.into_iter().zip(text.split('\u{c}')) {
        report.set_section(section, text);
    }
    let findings = check(&report, Some(&REPORT));
    lint::human("x", None, &findings);
    sound(&report);
}
