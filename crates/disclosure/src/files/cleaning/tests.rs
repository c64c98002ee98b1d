//! Files with something hidden in them, made here; what comes out must not hold it anywhere.

use std::io::{Cursor, Read};

use super::package::Package;
use super::*;

fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let parts = parts.iter().map(|(name, content)| ((*name).to_owned(), content.to_vec())).collect();
    Package { parts }.write().unwrap()
}

const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Override PartName=\"/word/comments.xml\" ContentType=\"c\"/><Override PartName=\"/xl/worksheets/sheet2.xml\" ContentType=\"s\"/>\
    <Override PartName=\"/word/document.xml\" ContentType=\"d\"/></Types>";

fn changed(kind: FileKind, bytes: &[u8]) -> (Vec<u8>, Vec<(HiddenKind, usize)>) {
    match clean(kind, bytes) {
        Cleaned::Changed { bytes, removed } => (bytes, removed.iter().map(|h| (h.kind, h.count)).collect()),
        other => panic!("{other:?}"),
    }
}

/// Every part unpacked, one after the other.
fn unpacked(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = String::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        all.push_str(&part.name().unwrap());
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        all.push_str(&String::from_utf8_lossy(&content));
    }
    all
}

fn docx(body: &str) -> Vec<u8> {
    let document = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    zip_of(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        (
            "word/_rels/document.xml.rels",
            b"<Relationships><Relationship Id=\"r1\" Type=\"t/comments\" Target=\"comments.xml\"/>\
              <Relationship Id=\"r2\" Type=\"t/styles\" Target=\"styles.xml\"/></Relationships>",
        ),
        ("word/styles.xml", b"<w:styles xmlns:w=\"w\"/>"),
        ("word/comments.xml", "<w:comments xmlns:w=\"w\"><w:comment w:author=\"某甲\"><w:p><w:r><w:t>此处存疑</w:t></w:r></w:p></w:comment></w:comments>".as_bytes()),
        ("docProps/core.xml", "<cp:coreProperties><dc:creator>某甲</dc:creator><dc:title>办法</dc:title></cp:coreProperties>".as_bytes()),
    ])
}

#[test]
fn a_document_loses_comments_changes_hidden_text_and_names() {
    let body = "<w:p><w:r><w:t>补助标准为</w:t></w:r><w:del w:author=\"某甲\"><w:r><w:delText>八千元</w:delText></w:r></w:del>\
        <w:ins w:author=\"某甲\"><w:r><w:t>九千元</w:t></w:r></w:ins><w:commentRangeStart w:id=\"0\"/><w:r><w:t>。</w:t></w:r>\
        <w:commentRangeEnd w:id=\"0\"/><w:r><w:commentReference w:id=\"0\"/></w:r>\
        <w:r><w:rPr><w:vanish/></w:rPr><w:t>内部掌握</w:t></w:r><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>可见</w:t></w:r></w:p>";
    let (clean_bytes, removed) = changed(FileKind::Docx, &docx(body));
    let all = unpacked(&clean_bytes);
    for gone in ["某甲", "八千元", "内部掌握", "此处存疑", "comments.xml", "w:ins", "commentReference"]
    {
        assert!(!all.contains(gone), "{gone} is still there: {all}");
    }
    for stays in ["补助标准为", "九千元", "可见", "styles.xml", "<dc:title>办法</dc:title>"] {
        assert!(all.contains(stays), "{stays} is gone: {all}");
    }
    assert_eq!(
        removed,
        [(HiddenKind::Author, 1), (HiddenKind::Comment, 2), (HiddenKind::Revision, 2), (HiddenKind::Text, 1)]
    );
    assert_eq!(clean(FileKind::Docx, &clean_bytes), Cleaned::Untouched, "nothing is left to remove");
}

#[test]
fn a_plain_document_stays_as_it_is_and_a_broken_one_is_refused() {
    let plain = zip_of(&[(
        "word/document.xml",
        "<w:document><w:p><w:r><w:t>正文</w:t></w:r></w:p></w:document>".as_bytes(),
    )]);
    assert_eq!(clean(FileKind::Docx, &plain), Cleaned::Untouched);
    assert!(matches!(clean(FileKind::Docx, b"PK\x03\x04"), Cleaned::Refused(_)));
    assert!(matches!(clean(FileKind::Docx, &docx("<w:p>")), Cleaned::Refused(_)));
    let row = docx("<w:tbl><w:tr><w:trPr><w:del w:id=\"1\"/></w:trPr></w:tr></w:tbl>");
    assert!(matches!(clean(FileKind::Docx, &row), Cleaned::Refused(words) if words.contains("接受所有修订")));
}

#[test]
fn a_workbook_loses_hidden_sheets_rows_columns_and_their_texts() {
    let sheet = "<worksheet><cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols><sheetData>\
        <row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\"><f>Sheet2!A1*2</f><v>6</v></c></row>\
        <row r=\"2\" hidden=\"1\"><c r=\"A2\" t=\"s\"><v>2</v></c></row></sheetData></worksheet>";
    let bytes = zip_of(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        (
            "xl/workbook.xml",
            "<workbook><bookViews><workbookView activeTab=\"1\"/></bookViews><sheets><sheet name=\"名单\" sheetId=\"1\" r:id=\"a\"/>\
             <sheet name=\"底稿\" sheetId=\"2\" state=\"veryHidden\" r:id=\"b\"/></sheets></workbook>".as_bytes(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            b"<Relationships><Relationship Id=\"a\" Target=\"worksheets/sheet1.xml\"/>\
              <Relationship Id=\"b\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>",
        ),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/worksheets/sheet2.xml", "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>底稿数据</t></is></c></row></sheetData></worksheet>".as_bytes()),
        ("xl/sharedStrings.xml", "<sst><si><t>姓名</t></si><si><t>身份证号</t></si><si><t>某乙</t></si></sst>".as_bytes()),
    ]);
    let before: Vec<String> = text_of(FileKind::Xlsx, &bytes).passages.into_iter().map(|p| p.place).collect();
    assert!(before.contains(&"隐藏的工作表“底稿”第 1 行".to_owned()), "{before:?}");
    let (clean_bytes, removed) = changed(FileKind::Xlsx, &bytes);
    let all = unpacked(&clean_bytes);
    for gone in ["底稿", "身份证号", "某乙", "sheet2.xml", "<f>", "activeTab"] {
        assert!(!all.contains(gone), "{gone} is still there: {all}");
    }
    assert!(all.contains("姓名") && all.contains("<v>6</v>"), "{all}");
    assert_eq!(removed, [(HiddenKind::Sheet, 1), (HiddenKind::Cells, 2)]);
}

#[test]
fn photographs_lose_where_they_were_taken_but_not_how_they_are_turned() {
    let exif = |tags: &[u8]| {
        let mut segment = vec![0xff, 0xe1];
        segment.extend(u16::try_from(tags.len() + 2).unwrap().to_be_bytes());
        segment.extend(tags);
        segment
    };
    let mut turned = b"Exif\0\0II\x2a\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x10\x01\x02\0\x04\0\0\0GPS!\0\0\0\0".to_vec();
    turned.extend(b"GPS 39.9N");
    let jpeg = |middle: &[u8]| {
        [&b"\xff\xd8"[..], middle, b"\xff\xdb\0\x04\x01\x02\xff\xda\0\x02pixels\xff\xd9"].concat()
    };
    let (clean_bytes, removed) = changed(FileKind::Jpeg, &jpeg(&exif(&turned)));
    assert_eq!(removed, [(HiddenKind::Photograph, 1)]);
    assert!(!clean_bytes.windows(3).any(|w| w == b"GPS"));
    assert!(clean_bytes.windows(4).any(|w| w == b"Exif"), "how it is turned stays");
    assert!(clean_bytes.ends_with(b"pixels\xff\xd9"));
    let (clean_bytes, _) =
        changed(FileKind::Jpeg, &jpeg(&exif(b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>")));
    assert_eq!(clean_bytes, jpeg(b""));
    assert_eq!(clean(FileKind::Jpeg, &jpeg(b"")), Cleaned::Untouched);

    let chunk = |kind: &[u8], data: &[u8]| {
        [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], kind, data, b"crc!"].concat()
    };
    let png = |middle: &[u8]| {
        [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", b"...."), middle, &chunk(b"IEND", b"")].concat()
    };
    let (clean_bytes, _) = changed(FileKind::Png, &png(&chunk(b"tEXt", b"Author\0someone")));
    assert_eq!(clean_bytes, png(b""));
    let tail = [png(b""), b"hidden".to_vec()].concat();
    assert_eq!(changed(FileKind::Png, &tail).0, png(b""), "what follows the end goes");
    assert!(matches!(clean(FileKind::Png, &png(b"")[..20]), Cleaned::Refused(_)));
}

#[test]
fn a_pdf_loses_comments_properties_scripts_and_earlier_states() {
    use lopdf::{Dictionary, Document, Object, StringFormat, dictionary};
    let mut document = Document::with_version("1.7");
    let text = |words: &str| Object::String(words.as_bytes().to_vec(), StringFormat::Literal);
    let note = document
        .add_object(dictionary! {"Type" => "Annot", "Subtype" => "Text", "Contents" => text("doubtful")});
    let link = document.add_object(dictionary! {"Type" => "Annot", "Subtype" => "Link"});
    let pages = document.new_object_id();
    let page = document.add_object(dictionary! {"Type" => "Page", "Parent" => pages, "MediaBox" => vec![0.into(), 0.into(), 100.into(), 100.into()],
        "Annots" => vec![note.into(), link.into()]});
    document.objects.insert(
        pages,
        Object::Dictionary(dictionary! {"Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1}),
    );
    let script = document.add_object(dictionary! {"S" => "JavaScript", "JS" => text("app.alert(1)")});
    let catalog =
        document.add_object(dictionary! {"Type" => "Catalog", "Pages" => pages, "OpenAction" => script});
    let info = document.add_object(dictionary! {"Author" => text("someone")});
    document.trailer =
        Dictionary::from_iter([("Root", Object::Reference(catalog)), ("Info", Object::Reference(info))]);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    let (clean_bytes, removed) = changed(FileKind::Pdf, &bytes);
    assert_eq!(removed, [(HiddenKind::Author, 1), (HiddenKind::Comment, 1), (HiddenKind::Script, 1)]);
    let all = String::from_utf8_lossy(&clean_bytes);
    for gone in ["someone", "doubtful", "alert"] {
        assert!(!all.contains(gone), "{gone} is still there");
    }
    assert!(all.contains("/Link"));

    let appended = [clean_bytes.clone(), b"\n7 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF".to_vec()].concat();
    let kept_earlier = clean(FileKind::Pdf, &appended);
    assert!(!matches!(kept_earlier, Cleaned::Untouched), "{kept_earlier:?}");
    let mut layered = Document::load_mem(&clean_bytes).unwrap();
    layered
        .catalog_mut()
        .unwrap()
        .set("OCProperties", dictionary! {"D" => dictionary! {"OFF" => vec![link.into()]}});
    let mut bytes = Vec::new();
    layered.save_to(&mut bytes).unwrap();
    assert!(matches!(clean(FileKind::Pdf, &bytes), Cleaned::Refused(words) if words.contains("图层")));
}
