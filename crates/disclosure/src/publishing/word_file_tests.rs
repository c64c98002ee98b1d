//! What is taken out of a docx, and what is left in it.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::word_file::read;

const NAMES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing""#;

fn docx(body: &str, parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let document = format!("<?xml version=\"1.0\"?><w:document {NAMES}><w:body>{body}</w:body></w:document>");
    let styles = format!(
        "<w:styles {NAMES}>\
         <w:style w:styleId=\"1\"><w:name w:val=\"heading 1\"/><w:pPr><w:outlineLvl w:val=\"0\"/></w:pPr></w:style>\
         <w:style w:styleId=\"a9\"><w:name w:val=\"公文一级\"/><w:basedOn w:val=\"1\"/></w:style>\
         <w:style w:styleId=\"T\"><w:name w:val=\"Title\"/></w:style></w:styles>"
    );
    let numbering = format!(
        "<w:numbering {NAMES}><w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/>\
         <w:numFmt w:val=\"chineseCountingThousand\"/><w:lvlText w:val=\"%1、\"/></w:lvl><w:lvl w:ilvl=\"1\">\
         <w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%2.\"/></w:lvl></w:abstractNum>\
         <w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"l\"/></w:lvl>\
         </w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>\
         <w:num w:numId=\"2\"><w:abstractNumId w:val=\"1\"/></w:num></w:numbering>"
    );
    let all = [
        ("word/document.xml", document.as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
        ("word/numbering.xml", numbering.as_bytes()),
    ];
    for (name, bytes) in all.iter().chain(parts) {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn p(style: &str, runs: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{runs}</w:p>")
}

fn r(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn listed(list: u8, level: u8, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr>{}</w:p>",
        r(text)
    )
}

#[test]
fn headings_numbers_lists_and_marks() {
    let body = [
        p("T", &r("青禾区防汛工作方案")),
        p("1", &r("总体要求")),
        p("x", "<w:r><w:rPr><w:b/></w:rPr><w:t>严格</w:t></w:r><w:r><w:rPr><w:b w:val=\"0\"/></w:rPr><w:t>落实 &lt;一把手&gt; 责任。</w:t></w:r>"),
        listed(1, 0, "组织"),
        listed(1, 1, "区级"),
        listed(1, 1, "镇级"),
        listed(1, 0, "物资"),
        listed(1, 1, "沙袋"),
        listed(2, 0, "松溪镇"),
        listed(2, 0, "云溪镇"),
        p("a9", &r("附则")),
        p("x", "<w:r><w:t>面积10</w:t></w:r><w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>3</w:t></w:r>"),
    ]
    .concat();
    let word = read(&docx(&body, &[])).unwrap();
    assert_eq!(word.title, "青禾区防汛工作方案");
    assert_eq!(
        word.html,
        "<h2>总体要求</h2>\n<p><strong>严格</strong>落实 &lt;一把手&gt; 责任。</p>\n<p>一、组织</p>\n<p>1.区级</p>\n\
         <p>2.镇级</p>\n<p>二、物资</p>\n<p>1.沙袋</p>\n<ul>\n<li>松溪镇</li>\n<li>云溪镇</li>\n</ul>\n<h2>附则</h2>\n\
         <p>面积10<sup>3</sup></p>"
    );
    assert_eq!(word.notes, Vec::<String>::new());
}

#[test]
fn merged_cells_keep_their_places() {
    let cell = |properties: &str, text: &str| {
        format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p("x", &r(text)))
    };
    let rows = [
        format!(
            "<w:tr>{}{}</w:tr>",
            cell("<w:vMerge w:val=\"restart\"/>", "镇"),
            cell("<w:gridSpan w:val=\"2\"/>", "人数")
        ),
        format!("<w:tr>{}{}{}</w:tr>", cell("<w:vMerge/>", ""), cell("", "男"), cell("", "女")),
        format!("<w:tr>{}{}{}</w:tr>", cell("<w:vMerge/>", ""), cell("", "3"), cell("", "4")),
    ]
    .concat();
    let word = read(&docx(&format!("<w:tbl>{rows}</w:tbl>"), &[])).unwrap();
    assert_eq!(
        word.html,
        "<table><tbody><tr><td rowspan=\"3\">镇</td><td colspan=\"2\">人数</td></tr>\n<tr><td>男</td><td>女</td></tr>\n\
         <tr><td>3</td><td>4</td></tr></tbody></table>"
    );
}

#[test]
fn what_no_reader_would_see_is_left_out_and_told() {
    let body = [
        "<w:p><w:ins><w:r><w:t>新增。</w:t></w:r></w:ins><w:del><w:r><w:delText>删去。</w:delText></w:r></w:del>\
         <w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏。</w:t></w:r><w:r><w:commentReference w:id=\"0\"/></w:r>\
         <w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p>",
        "<w:p><w:hyperlink r:id=\"rId1\"><w:r><w:t>网站</w:t></w:r></w:hyperlink><w:hyperlink r:id=\"rId2\"><w:r><w:t>坏</w:t></w:r></w:hyperlink></w:p>",
        "<w:p><w:r><w:drawing><wp:inline><wp:docPr descr=\"现场\"/><a:blip r:embed=\"rId3\"/></wp:inline></w:drawing></w:r></w:p>",
        "<w:p><w:r><w:drawing><wp:inline><a:blip r:embed=\"rId4\"/></wp:inline></w:drawing></w:r></w:p>",
    ]
    .concat();
    let relations = b"<Relationships><Relationship Id=\"rId1\" Target=\"https://example.org/\" TargetMode=\"External\"/>\
        <Relationship Id=\"rId2\" Target=\"javascript:alert(1)\" TargetMode=\"External\"/>\
        <Relationship Id=\"rId3\" Target=\"media/image1.png\"/><Relationship Id=\"rId4\" Target=\"media/image2.emf\"/></Relationships>";
    let png = b"\x89PNG\r\n\x1a\nrest";
    let word = read(&docx(
        &body,
        &[
            ("word/_rels/document.xml.rels", relations),
            ("word/media/image1.png", png),
            ("word/media/image2.emf", b"\x01\0\0\0"),
        ],
    ))
    .unwrap();
    let hash = &word.pictures[0].sha256;
    assert_eq!((word.pictures.len(), word.pictures[0].bytes.as_slice()), (1, &png[..]));
    assert_eq!(
        word.html,
        format!(
            "<p>新增。</p>\n<p><a href=\"https://example.org/\" rel=\"noopener noreferrer\">网站</a>坏</p>\n\
             <p><img src=\"/pictures/{hash}\" alt=\"现场\"></p>"
        )
    );
    assert_eq!(word.notes.len(), 5, "{:?}", word.notes);
}

#[test]
fn broken_and_hostile_files_are_refused_soon() {
    assert!(read(b"not a zip").is_err());
    assert!(read(&docx("<w:p>", &[])).is_err(), "no well-formed XML");
    let deep = format!("{}{}", "<w:tbl><w:tr><w:tc>".repeat(5_000), "</w:tc></w:tr></w:tbl>".repeat(5_000));
    assert!(read(&docx(&deep, &[])).is_err());
    let begun = std::time::Instant::now();
    let long = r("字").repeat(200_000);
    let _ = read(&docx(&p("x", &long), &[]));
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    // Marks in the text are text.
    let word = read(&docx(&p("x", &r("&lt;script&gt;window.__hurt=1&lt;/script&gt;")), &[])).unwrap();
    assert_eq!(word.html, "<p>&lt;script&gt;window.__hurt=1&lt;/script&gt;</p>");
}
