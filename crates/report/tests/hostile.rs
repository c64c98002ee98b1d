//! Files made to hurt: each is refused in one line or read, in bounded time and memory, and the process lives.
#![allow(clippy::unwrap_used, unreachable_pub, dead_code)]

#[path = "../../../fuzz/src/lib.rs"]
mod targets;

use std::io::Write;
use std::time::Duration;

use gongkai_report::{Report, Section, check, read};
use targets::{archive, pdf_file};

/// On one processor, without optimisation.
const LONGEST: Duration = Duration::from_secs(30);
/// Of the whole process, with the files themselves.
const MOST_MEMORY: u64 = 1200 * 1024 * 1024;

/// Whether the file is refused, after the bounds were held.
fn refused(name: &str, bytes: &[u8]) -> bool {
    let begin = processor_time();
    let done = read(bytes, "某文件");
    if let Ok(reading) = &done {
        reading.check(Some(&reading.report));
    }
    let took = processor_time() - begin;
    println!(
        "{name}: {} KiB, {took:.1?}, {}",
        bytes.len() / 1024,
        if done.is_ok() { "read" } else { "refused" }
    );
    assert!(took < LONGEST, "{name} took {took:?}");
    let peak = peak_memory();
    assert!(peak < MOST_MEMORY, "{name}: {} MiB", peak >> 20);
    if let Err(refusal) = &done {
        let told = refusal.to_string();
        assert!(told.lines().count() == 1 && told.contains('请'), "{name}: {told}");
    }
    done.is_err()
}

/// Time on a processor of this thread; a loaded machine takes longer on the clock.
fn processor_time() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0))
}

fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1024
}

// Archives -----------------------------------------------------------------------------------------

/// What leads to the workbook.
const ROOT: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str =
    "<workbook><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";

fn relations(targets: &[&str]) -> String {
    let one = |(index, target): (usize, &&str)| {
        let number = index + 1;
        format!(
            "<Relationship Id=\"rId{number}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"{target}\"/>"
        )
    };
    let all: String = targets.iter().enumerate().map(one).collect();
    format!("<Relationships>{all}</Relationships>")
}

fn workbook(sheet: &str, strings: &str) -> Vec<u8> {
    archive(&[
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations(&["worksheets/sheet1.xml"]).as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
    ])
}

fn deflated(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn archives_that_unpack_to_giants() {
    let zeros = vec![b' '; 60 * 1024 * 1024];
    assert!(refused("document", &deflated(&[("word/document.xml", &zeros)])));
    // What is not among the parts that are read cannot be reached through a relation either.
    let beside = deflated(&[
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations(&["../bomb.bin"]).as_bytes()),
        ("bomb.bin", &zeros),
    ]);
    assert!(refused("bomb behind a relation", &beside));
    let half = &zeros[..30 * 1024 * 1024];
    let two = deflated(&[("xl/workbook.xml", WORKBOOK.as_bytes()), ("xl/a.xml", half), ("xl/b.xml", half)]);
    assert!(refused("two halves", &two));
    // Sizes that lie: the header says ten bytes.
    let mut lies = deflated(&[("word/document.xml", &zeros)]);
    let size = (zeros.len() as u32).to_le_bytes();
    let places: Vec<usize> = (0..lies.len() - 4).filter(|&at| lies[at..at + 4] == size).collect();
    assert!(!places.is_empty());
    places.into_iter().for_each(|at| lies[at..at + 4].copy_from_slice(&10_u32.to_le_bytes()));
    assert!(refused("sizes that lie", &lies));
    let names: Vec<String> = (0..60_000).map(|number| format!("{number}.xml")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert!(refused("many entries", &archive(&many)));
}

#[test]
fn documents_of_endless_markup() {
    let document = |inner: &str| archive(&[("word/document.xml", inner.as_bytes())]);
    assert!(refused("deep tables", &document(&"<w:tbl><w:tr><w:tc>".repeat(200_000))));
    assert!(refused("deep runs", &document(&"<w:p><w:r>".repeat(300_000))));
    let attributes: String = (0..300_000).map(|number| format!(" a{number}=\"\"")).collect();
    assert!(refused("attributes", &document(&format!("<w:gridSpan{attributes}/>"))));
    let spans = "<w:tc><w:tcPr><w:gridSpan w:val=\"4294967296\"/></w:tcPr></w:tc>".repeat(20_000);
    assert!(refused("spans", &document(&format!("<w:tbl><w:tr>{spans}</w:tr></w:tbl>"))));
    assert!(refused(
        "entities",
        &document("<!DOCTYPE a [<!ENTITY b \"&c;&c;\"><!ENTITY c \"&b;&b;\">]><w:t>&b;</w:t>")
    ));
}

#[test]
fn workbooks_that_claim_what_they_do_not_hold() {
    let cells = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>";
    let sheet = |dimension: &str, rows: &str| {
        format!("<worksheet><dimension ref=\"{dimension}\"/><sheetData>{rows}</sheetData></worksheet>")
    };
    let strings = "<sst uniqueCount=\"1\"><si><t>x</t></si></sst>";
    let title = "<sst uniqueCount=\"1\"><si><t>青禾镇2031年政府信息公开工作年度报告</t></si></sst>";
    assert!(!refused("sound", &workbook(&sheet("A1", cells), title)));
    let lying = title.replace("uniqueCount=\"1\"", "uniqueCount=\"99999999999\"");
    assert!(!refused("a count that lies", &workbook(&sheet("A1", cells), &lying)));
    for count in ["99999999999", "99999999999999999", "18446744073709551615"] {
        let strings = format!("<sst count=\"{count}\" uniqueCount=\"{count}\"><si><t>x</t></si></sst>");
        assert!(refused("shared strings", &workbook(&sheet("A1", cells), &strings)));
    }
    // What a sheet says of its extent is not needed; a cell that is on no sheet is nowhere.
    for dimension in ["A1:XFD1048576", "A1:ZZZZZZZ99999999999", "XFD1048576:A1", "A0", "1", ""] {
        assert!(!refused(dimension, &workbook(&sheet(dimension, cells), title)));
        let named = sheet(dimension, cells).replace("dimension", "x:dimension");
        assert!(!refused(dimension, &workbook(&named, title)));
    }
    let further = "<row r=\"2\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    assert!(!refused("the last cell", &workbook(&sheet("A1", &format!("{cells}{further}")), title)));
    for place in ["A4294967295", "A99999999999999999999", "ZZZZZZZZZZ1", "inlineString", "1A", "", "A0"] {
        for row in [
            "<row><c s=\">\" r='{}'><v>1</v></c></row>",
            "<row r=\"1\"><c r=\"{}\"/></row>",
            "<row r=\"{}\"/>",
        ] {
            let rows = format!("{cells}{}<c><v>2</v></c>", row.replace("{}", place));
            assert!(refused(place, &workbook(&sheet("A1", &rows), title)), "{rows}");
        }
    }
    let shared = "<row r=\"1\"><c r=\"A1\"><f t=\"shared\" si=\"4294967295\" ref=\"A1:XFD1048576\">A1</f><v>1</v></c></row>";
    assert!(refused("shared formula", &workbook(&sheet("A1", shared), strings)));
    let index = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>18446744073709551615</v></c></row>";
    assert!(refused("index", &workbook(&sheet("A1", index), strings)));
    let cells = "<c><v>1</v></c>".repeat(300_000);
    assert!(refused("cells", &workbook(&sheet("A1", &format!("<row r=\"1\">{cells}</row>")), strings)));
    let merged = "<mergeCell ref=\"A1:XFD1048576\"/>".repeat(100_000);
    let merges = format!("<worksheet><sheetData/><mergeCells>{merged}</mergeCells></worksheet>");
    assert!(refused("merges", &workbook(&merges, strings)));
    // One long sheet, listed a thousand times.
    let listed: String =
        (1..=1000).map(|n| format!("<sheet name=\"s{n}\" sheetId=\"{n}\" r:id=\"rId1\"/>")).collect();
    let book = format!("<workbook><sheets>{listed}</sheets></workbook>");
    let long = sheet("A1", &" ".repeat(10_000_000));
    let many = archive(&[
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations(&["worksheets/sheet1.xml"]).as_bytes()),
        ("xl/worksheets/sheet1.xml", long.as_bytes()),
    ]);
    assert!(refused("one sheet many times", &many));
}

// Pages --------------------------------------------------------------------------------------------

#[test]
fn pages_that_ask_for_trees_without_end() {
    let opened: String = (0..2000).map(|number| format!("<b a={number}>")).collect();
    assert!(refused("reopened", format!("<html>{opened}{}", "<p>x</p>".repeat(100_000)).as_bytes()));
    let few: String = (0..150).map(|number| format!("<b a={number}>")).collect();
    assert!(refused("few reopened", format!("<html>{few}{}", "<p>x</p>".repeat(100_000)).as_bytes()));
    assert!(refused(
        "deep",
        format!("<html>{}{}", "<div>".repeat(400_000), "<p>x".repeat(400_000)).as_bytes()
    ));
    assert!(refused("deep tables", format!("<html>{}", "<table><div>".repeat(200_000)).as_bytes()));
    for between in [" ", "/", "\n", "=''", "=\"\""] {
        let attributes: String = (0..400_000).map(|number| format!("a{number}{between}")).collect();
        assert!(refused("attributes", format!("<html><p {attributes}>").as_bytes()), "{between}");
    }
    refused("comment", format!("<html><p>x</p><!--{}", "x ".repeat(1_000_000)).as_bytes());
    let cells = format!("<html><table>{}", "<tr><td rowspan=65534 colspan=1000>1".repeat(60_000));
    refused("spans", cells.as_bytes());
    let nested = format!("<html>{}", "<table><tr><td>一、总体情况".repeat(90)) + &"<td>x".repeat(300_000);
    refused("cells in nested tables", nested.as_bytes());
    assert!(refused("large", &[&b"<html>"[..], &vec![b'a'; 200 * 1024 * 1024]].concat()));
}

#[test]
fn json_without_end() {
    assert!(refused("deep", "{\"a\":[".repeat(300_000).as_bytes()));
    assert!(refused("deep objects", "{\"requests\":".repeat(300_000).as_bytes()));
    let items = "{},".repeat(3_000_000);
    assert!(refused("items", format!("{{\"sections\":[{items}{{}}]}}").as_bytes()));
    let deep = format!("{{\"sections\":{{}},\"a\":{}1{}}}", "[".repeat(120), "]".repeat(120));
    refused("as deep as may be", deep.as_bytes());
}

// Text ---------------------------------------------------------------------------------------------

#[test]
fn text_that_repeats_what_readers_look_for() {
    let title = "青禾镇2031年政府信息公开工作年度报告\n";
    let heading = "三、收到和处理政府信息公开申请情况\n";
    for (name, part, times) in [
        ("brackets", "(", 66666),
        ("pinyin", "文(wén", 13333),
        ("wide brackets", "（", 33333),
        ("quotes", "“", 33333),
        ("headings", "三、收到和处理政府信息公开申请情况\n", 1333),
        (
            "all headings",
            "一、总体情况\n二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n五、存在的主要问题及改进情况\n六、其他需要报告的事项\n",
            800,
        ),
        ("labels", "一、本年新收政府信息公开申请数量\t1\t2\t3\t4\t5\t6\t21\n", 1333),
        ("labels alone", "（七）总计\n", 3333),
        ("numbers", "1\n", 13333),
        ("jammed", "一、本年新收政府信息公开申请数量1234567890123456789012345678901234567890", 333),
        ("digits", "1", 66666),
        ("pipes", "|1", 26666),
        ("tabs", "\t1", 26666),
        ("blank lines", "\n \n", 33333),
        ("titles", "青禾镇2031年政府信息公开工作年度报告\n", 2000),
    ] {
        let text = part.repeat(times);
        refused(name, format!("{title}{text}").as_bytes());
        refused(&format!("{name} in a part"), format!("{title}{heading}{text}").as_bytes());
    }
    assert!(refused("large", &vec![b'a'; 200 * 1024 * 1024]));
}

#[test]
fn prose_that_repeats_what_rules_look_for() {
    for (name, part, times) in [
        ("list", "其中文件13条、", 666),
        ("nested", "共64条，其中", 666),
        ("brackets", "公开64条（其中", 666),
        ("sentences", "公开信息64条，其中文件13条、动态48条、公告3条。", 200),
        ("no end", "文件13条、动态48条、", 666),
        ("shares", "占比12.5%，", 666),
        ("changes", "同比增长12.5%，上年64件，", 400),
        ("ordinals", "一是二是三是", 666),
        ("requests", "收到申请7件，办结8件，答复5件，结转1件，", 200),
        ("digits", "9", 13333),
        ("chinese digits", "万", 6666),
        ("commas", "，", 13333),
        ("lines", "公开64条。\n", 1333),
        ("citations", "《中华人民共和国政府信息公开条例》（国务院令第492号）", 266),
        ("dates", "2031年2月30日", 666),
    ] {
        let begin = processor_time();
        let mut report = Report::new("青禾区白露镇", 2031);
        Section::ALL.into_iter().for_each(|section| report.set_section(section, &part.repeat(times)));
        let findings = check(&report, Some(&report));
        let took = processor_time() - begin;
        println!("{name}: {} KiB, {took:.1?}, {} findings", part.len() * times * 6 / 1024, findings.len());
        assert!(took < LONGEST, "{name} took {took:?}");
    }
}

// PDF ----------------------------------------------------------------------------------------------

const CATALOG: &[u8] = b"<</Type/Catalog/Pages 2 0 R>>";
const PAGES: &[u8] = b"<</Type/Pages/Kids[3 0 R]/Count 1>>";
const PAGE: &[u8] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
    /Resources<</Font<</F 5 0 R>>/XObject<</X 4 0 R>>>>>>";

fn zlib(content: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(content).unwrap();
    packed.finish().unwrap()
}

fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<<{entries}/Length {}>>stream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

fn packed(entries: &str, content: &[u8]) -> Vec<u8> {
    stream(&format!("{entries}/Filter/FlateDecode"), &zlib(content))
}

/// A page with this content, a font, and what the font needs.
fn page(content: Vec<u8>, font: &[u8], more: &[Vec<u8>]) -> Vec<u8> {
    let mut objects = vec![CATALOG.to_vec(), PAGES.to_vec(), PAGE.to_vec(), content, font.to_vec()];
    objects.extend_from_slice(more);
    pdf_file(&objects)
}

const FONT: &[u8] =
    b"<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[7 0 R]>>";

#[test]
fn pdf_streams_that_unpack_to_giants_or_draw_themselves() {
    let zeros = vec![b' '; 100 * 1024 * 1024];
    refused("content", &page(packed("", &zeros), FONT, &[]));
    refused(
        "twice packed",
        &page(stream("/Filter[/FlateDecode/FlateDecode]", &zlib(&zlib(&zeros))), FONT, &[]),
    );
    let form = "/Subtype/Form/Resources<</XObject<</X 4 0 R>>>>";
    assert!(refused("a form in itself", &page(packed(form, &b"/X Do ".repeat(200_000)), FONT, &[])));
    // Within itself it is not drawn: a small page would cost forty to the sixth.
    let small = page(packed(form, &b"/X Do 0 w ".repeat(40)), FONT, &[]);
    refused("a small form in itself", &small);
    let told = read(&small, "某文件").err().map(|refusal| refusal.to_string()).unwrap_or_default();
    assert!(!told.contains("内容过多"), "{told}");
    let half = [&b"/X Do ".repeat(1000)[..], &zeros[..4 * 1024 * 1024]].concat();
    assert!(refused("a giant form", &page(packed(form, &half), FONT, &[])));
    refused("operators", &page(packed("", &b"0 w ".repeat(2_000_000)), FONT, &[]));
    refused("numbers", &page(packed("", &[b"[".to_vec(), b"1 ".repeat(3_900_000)].concat()), FONT, &[]));
    refused("saved states", &page(packed("", &b"q ".repeat(2_000_000)), FONT, &[]));
    let same = [b"BT /F 9 Tf ".to_vec(), b"1 0 0 1 50 50 Tm <4e004e014e024e03> Tj ".repeat(100_000)].concat();
    refused("one place", &page(packed("", &same), FONT, &[stream("", b"")]));
    let line =
        [b"BT /F 9 Tf 1 0 0 1 50 50 Tm ".to_vec(), b"<4e004e014e02> Tj 0 .001 Td ".repeat(100_000)].concat();
    refused("one line", &page(packed("", &line), FONT, &[stream("", b"")]));
    let rules: String = (0..38_000).map(|n| format!("{} 0 m {} 800 l S ", n % 590, n % 590)).collect();
    let crossing: String = (0..3000).map(|n| format!("0 {n} m 590 {n} l S {n} 0 m {n} 800 l S ")).collect();
    refused("rules", &page(packed("", rules.as_bytes()), FONT, &[]));
    refused("crossing rules", &page(packed("", crossing.as_bytes()), FONT, &[]));
}

#[test]
fn pdf_fonts_without_end() {
    let text = b"BT /F 9 Tf <4e00> Tj ".repeat(1000);
    let ranges = [b"9 beginbfrange ".to_vec(), b"<0000> <ffff> <0000> ".repeat(100_000)].concat();
    let inner = b"<</Type/Font/W 8 0 R>>".to_vec();
    let widths = [b"[".to_vec(), b"0 65535 1 ".repeat(100_000), b"]".to_vec()].concat();
    refused("ranges", &page(stream("", &text), FONT, &[packed("", &ranges), inner.clone(), b"[]".to_vec()]));
    refused("widths", &page(stream("", &text), FONT, &[stream("", b""), inner.clone(), widths.clone()]));
    // Without a number of its own the font is not known again.
    let own =
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F<</Subtype/Type0\
        /ToUnicode 6 0 R/DescendantFonts[7 0 R]>>>>>>>>";
    let file = pdf_file(&[
        CATALOG.to_vec(),
        PAGES.to_vec(),
        own.to_vec(),
        stream("", &text),
        b"null".to_vec(),
        packed("", &ranges),
        inner,
        widths,
    ]);
    refused("a font in place", &file);
    // Two thousand fonts, one map.
    let names: String = (0..2000).map(|n| format!("/F{n} {} 0 R", n + 7)).collect();
    let all =
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<<{names}>>>>>>");
    let used: String = (0..2000).map(|n| format!("/F{n} 9 Tf ")).collect();
    let mut objects = vec![
        CATALOG.to_vec(),
        PAGES.to_vec(),
        all.into_bytes(),
        stream("", used.as_bytes()),
        b"null".to_vec(),
        packed("", &ranges),
    ];
    objects.extend(std::iter::repeat_n(FONT.to_vec(), 2000));
    assert!(refused("many fonts", &pdf_file(&objects)));
}

#[test]
fn pdf_files_that_lie_about_their_structure() {
    let text = b"BT /F 9 Tf (x) Tj ET";
    for length in ["-1", "0", "5", "99999999999999999999", "4 0 R", "6 0 R", "(x)", "null"] {
        let content = [format!("<</Length {length}>>stream\n").as_bytes(), text, b"\nendstream"].concat();
        refused(&format!("length {length}"), &page(content, b"<<>>", &[b"6 0 R".to_vec()]));
    }
    let loops: &[(&str, &[u8], &[u8])] = &[
        (
            "pages in themselves",
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>",
        ),
        ("catalog as pages", b"<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>", b"null"),
        ("references", b"2 0 R", b"1 0 R"),
    ];
    for (name, catalog, pages) in loops {
        assert!(refused(name, &pdf_file(&[catalog.to_vec(), pages.to_vec()])));
    }
    let parents = b"<</Type/Page/Parent 3 0 R/Contents 4 0 R>>";
    refused(
        "parent of itself",
        &pdf_file(&[CATALOG.to_vec(), PAGES.to_vec(), parents.to_vec(), stream("", text)]),
    );
    for (name, open, close) in [("arrays", "[", "]"), ("dictionaries", "<</A", ">>"), ("strings", "(", ")")] {
        let deep = open.repeat(200_000) + &close.repeat(200_000);
        refused(name, &pdf_file(&[CATALOG.to_vec(), deep.clone().into_bytes()]));
        let kids = format!("<</Type/Pages/Kids{deep}/Count 1>>");
        refused(name, &pdf_file(&[CATALOG.to_vec(), kids.into_bytes()]));
    }
    let file = pdf_file(&[CATALOG.to_vec(), PAGES.to_vec(), PAGE.to_vec(), stream("", text)]);
    let told = String::from_utf8(file).unwrap();
    let start = told.find("xref\n0").unwrap();
    for trailer in [
        format!("/Prev {start}"),
        "/Prev 0".into(),
        "/Prev -1".into(),
        format!("/XRefStm {start}"),
        "/Prev 99999999999".into(),
    ] {
        refused(&trailer, told.replace("/Root", &format!("{trailer}/Root")).as_bytes());
    }
    refused("a size that lies", told.replace("/Size 5", "/Size 4294967295").as_bytes());
    refused("a table that lies", told.replace("xref\n0 5", "xref\n0 4294967295").as_bytes());
    let many = format!("<</Type/Pages/Kids[{}]/Count 1>>", "3 0 R ".repeat(1_000_000));
    refused(
        "one page a million times",
        &pdf_file(&[CATALOG.to_vec(), many.into_bytes(), PAGE.to_vec(), stream("", text)]),
    );
    let contents = PAGE.to_vec();
    let contents = String::from_utf8(contents)
        .unwrap()
        .replace("4 0 R\\", "")
        .replace("/Contents 4 0 R", &format!("/Contents[{}]", "4 0 R ".repeat(300_000)));
    refused(
        "one content many times",
        &pdf_file(&[
            CATALOG.to_vec(),
            PAGES.to_vec(),
            contents.into_bytes(),
            packed("", &vec![b' '; 1_000_000]),
        ]),
    );
    refused("objects", &[b"%PDF-1.4\n".to_vec(), b"1 0 obj ".repeat(500_000)].concat());
    refused("ends", &[b"%PDF-1.4\n".to_vec(), b"endobj ".repeat(500_000)].concat());
    refused("xrefs", &[b"%PDF-1.4\n".to_vec(), b"startxref 9 trailer<< ".repeat(200_000)].concat());
    assert!(refused("large", &[b"%PDF-1.4\n".to_vec(), vec![b'a'; 200 * 1024 * 1024]].concat()));
}

/// Objects in a stream that all begin at the same place: each is read, and each is a giant.
#[test]
fn pdf_objects_that_share_their_place() {
    for (name, count, content) in [
        ("one array", 2000, format!("[{}]", "1 ".repeat(200_000))),
        ("one string", 20_000, format!("({}", "x".repeat(400_000))),
    ] {
        let head: String = (10..10 + count).map(|number| format!("{number} 0 ")).collect();
        let first = head.len();
        let objects =
            packed(&format!("/Type/ObjStm/N {count}/First {first}"), format!("{head}{content}").as_bytes());
        refused(name, &page(stream("", b""), b"<<>>", &[objects]));
    }
}

// Word 97 ------------------------------------------------------------------------------------------

fn small_doc() -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/doc/small.doc")).unwrap()
}

#[test]
fn compound_files_whose_chains_are_loops() {
    let sound = small_doc();
    assert!(!refused("sound", &sound));
    let u32_at = |at: usize| u32::from_le_bytes(sound[at..at + 4].try_into().unwrap());
    // The first sector of the allocation table; every entry of it leads back to some sector.
    let table = 512 * (u32_at(0x4c) as usize + 1);
    for to in [0_u32, 1, 2, 5, 0x7fff_ffff, 0xffff_fffa] {
        let mut looped = sound.clone();
        for entry in 0..128 {
            looped[table + entry * 4..table + entry * 4 + 4].copy_from_slice(&to.to_le_bytes());
        }
        refused(&format!("all to {to}"), &looped);
        for entry in 0..24 {
            let mut looped = sound.clone();
            looped[table + entry * 4..table + entry * 4 + 4].copy_from_slice(&to.to_le_bytes());
            refused(&format!("{entry} to {to}"), &looped);
        }
    }
    for header in [0x18, 0x1e, 0x20, 0x2c, 0x30, 0x3c, 0x40, 0x44, 0x48, 0x4c, 0x50] {
        for value in [0_u32, 1, 0xffff, u32::MAX] {
            let mut lying = sound.clone();
            lying[header..header + 4].copy_from_slice(&value.to_le_bytes());
            refused(&format!("header {header:#x} {value}"), &lying);
        }
    }
}

/// A document of these streams, with a text of so many characters.
fn word(text: &[u8], clx: &[u8], runs: &[u8], data: &[u8], characters: u32) -> Vec<u8> {
    let mut document = vec![0; 1024];
    let mut put = |at: usize, value: u32| document[at..at + 4].copy_from_slice(&value.to_le_bytes());
    put(0x4c, characters);
    put(0x102, 0);
    put(0x106, runs.len() as u32);
    put(0x1a2, runs.len() as u32);
    put(0x1a6, clx.len() as u32);
    document[..2].copy_from_slice(&0xa5ec_u16.to_le_bytes());
    document[0x0b] = 2;
    document.extend_from_slice(text);
    let table = [runs, clx].concat();
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    for (name, content) in [("/WordDocument", &document), ("/1Table", &table), ("/Data", &data.to_vec())] {
        file.create_stream(name).unwrap().write_all(content).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn pieces(pieces: &[(u32, u32)]) -> Vec<u8> {
    let mut places = vec![0_u32];
    pieces.iter().for_each(|(_, length)| places.push(places.last().unwrap().wrapping_add(*length)));
    let mut plc: Vec<u8> = places.iter().flat_map(|place| place.to_le_bytes()).collect();
    for (start, _) in pieces {
        plc.extend([0, 0]);
        plc.extend(((start * 2) | 0x4000_0000).to_le_bytes());
        plc.extend([0, 0]);
    }
    [&[2][..], &(plc.len() as u32).to_le_bytes(), &plc].concat()
}

#[test]
fn word_documents_that_name_the_same_text_again_and_again() {
    let text = vec![b'x'; 1_000_000];
    let length = text.len() as u32;
    refused("pieces", &word(&text, &pieces(&vec![(1024, length); 4000]), &[], &[], u32::MAX));
    refused("a long piece", &word(&text, &pieces(&[(1024, u32::MAX)]), &[], &[], u32::MAX));
    let fields = [[0x13, 0x14].repeat(200_000), vec![b'x'; 600_000]].concat();
    refused("fields", &word(&fields, &pieces(&[(1024, length)]), &[], &[], length));
    let cells = vec![0x07; 1_000_000];
    refused("cells", &word(&cells, &pieces(&[(1024, length)]), &[], &[], length));
    // Each of many pages of properties is the same page, and leads to the same endless properties elsewhere.
    let mut page = vec![0_u8; 512];
    page[511] = 30;
    for run in 0..30 {
        page[31 * 4 + run * 13] = 255;
    }
    page[510] = 0;
    let elsewhere: Vec<u8> = (0..80).flat_map(|_| [0x46, 0x66, 0, 0, 0, 0]).collect();
    page[520 - 512 + 440..][..elsewhere.len().min(60)].copy_from_slice(&elsewhere[..60]);
    let runs = 100_000_usize;
    let mut table = vec![0_u8; (runs + 1) * 4];
    table.extend((0..runs).flat_map(|_| 2_u32.to_le_bytes()));
    let data = [&60_000_u16.to_le_bytes()[..], &[0x16, 0x24, 1].repeat(20_000)].concat();
    refused("properties", &word(&page, &pieces(&[(1024, 10)]), &table, &data, 10));
}
