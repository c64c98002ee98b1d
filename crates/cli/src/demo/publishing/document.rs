//! Small real documents to attach: a Word file and an Excel file that open.

/// A document of the kind its name says, holding these lines.
pub(super) fn document(name: &str, lines: &[String]) -> Vec<u8> {
    let escaped = |line: &String| line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let xml = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
    let types = "http://schemas.openxmlformats.org/package/2006/content-types";
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let ml = "application/vnd.openxmlformats-officedocument";
    if name.ends_with(".xlsx") {
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let rows: Vec<String> = (1..)
            .zip(lines)
            .map(|(n, line)| {
                format!(
                    r#"<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" t="inlineStr"><is><t>{}</t></is></c></row>"#,
                    escaped(line)
                )
            })
            .collect();
        return zip(&[
            (
                "[Content_Types].xml",
                format!(
                    r#"{xml}<Types xmlns="{types}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{ml}.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{ml}.spreadsheetml.worksheet+xml"/></Types>"#
                ),
            ),
            (
                "_rels/.rels",
                format!(
                    r#"{xml}<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    r#"{xml}<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    r#"{xml}<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="公开表" sheetId="1" r:id="rId1"/></sheets></workbook>"#
                ),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!(
                    r#"{xml}<worksheet xmlns="{main}"><sheetData>{}</sheetData></worksheet>"#,
                    rows.concat()
                ),
            ),
        ]);
    }
    let main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let paragraphs: Vec<String> =
        lines.iter().map(|line| format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", escaped(line))).collect();
    zip(&[
        (
            "[Content_Types].xml",
            format!(
                r#"{xml}<Types xmlns="{types}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="{ml}.wordprocessingml.document.main+xml"/></Types>"#
            ),
        ),
        (
            "_rels/.rels",
            format!(
                r#"{xml}<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>"#
            ),
        ),
        (
            "word/document.xml",
            format!(
                r#"{xml}<w:document xmlns:w="{main}"><w:body>{}</w:body></w:document>"#,
                paragraphs.concat()
            ),
        ),
    ])
}

/// An archive of members stored as they are.
fn zip(members: &[(&str, String)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let offset = bytes.len() as u32;
        let mut header = Vec::new();
        // Version 2.0, names in UTF-8, stored, 1980-01-01.
        header.extend([20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0]);
        header.extend(crc32(content.as_bytes()).to_le_bytes());
        header.extend((content.len() as u32).to_le_bytes());
        header.extend((content.len() as u32).to_le_bytes());
        header.extend((name.len() as u16).to_le_bytes());
        header.extend([0, 0]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&header);
        bytes.extend(name.as_bytes());
        bytes.extend(content.as_bytes());
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&header);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, count) = (bytes.len() as u32, (members.len() as u16).to_le_bytes());
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count, count].concat());
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| {
                if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 }
            },
        )
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_checksum_is_the_known_one() {
        assert_eq!(super::crc32(b"123456789"), 0xCBF4_3926);
    }
}
