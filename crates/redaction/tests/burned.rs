//! What is burned out is gone, what is not stays, and a result that still holds something is refused.
#![allow(clippy::unwrap_used)]

use std::io::Cursor;
use std::sync::Arc;

use gongkai_redaction::{
    Area, CheckKind, Faces, Kind, Refusal, burn, covered, elsewhere, find, open, partly_covered, picture_of,
    prove, text_of,
};
use gongkai_typeset::{Engine, FileFormat, Writing};
use image::{ImageFormat, RgbImage};
use jiff::civil::date;
use lopdf::xref::XrefType;
use lopdf::{Document, Object, Stream, dictionary};

/// Made by LibreOffice of an invented text; its fonts are embedded.
const OFFICE: &[u8] = include_bytes!("samples/office.pdf");
const NUMBER: &str = "990101199003071234";

fn faces() -> Faces {
    let font = concat!(env!("CARGO_MANIFEST_DIR"), "/../typeset/fonts/NotoSerifSC_400Regular.ttf");
    Faces(std::fs::read(font).ok().map(Arc::new).into_iter().collect())
}

fn typst() -> Vec<u8> {
    let html = format!("<p>申请人何小舟，身份证号码{NUMBER}，住松溪镇柳湾村。</p><p>经审核，予以补助。</p>");
    let writing = Writing::of_html("审批表", "松溪镇人民政府", &html);
    writing.write(FileFormat::Pdf, date(2026, 3, 6), &Engine::new(Vec::new())).unwrap().unwrap()
}

/// A page that names 宋体 and brings no typeface along, the way older programs write.
fn not_embedded(encoding: &str, ordering: &str, text: &[u8]) -> Vec<u8> {
    let mut pdf = Document::with_version("1.4");
    let pages = pdf.new_object_id();
    let descriptor = pdf.add_object(dictionary! {
        "Type" => "FontDescriptor", "FontName" => "SimSun", "Flags" => 6, "ItalicAngle" => 0,
        "FontBBox" => vec![0.into(), (-200).into(), 1000.into(), 900.into()],
        "Ascent" => 880, "Descent" => -120, "CapHeight" => 700, "StemV" => 80,
    });
    let info = dictionary! {
        "Registry" => Object::string_literal("Adobe"), "Ordering" => Object::string_literal(ordering), "Supplement" => 2,
    };
    let cid = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "CIDFontType0", "BaseFont" => "SimSun",
        "CIDSystemInfo" => info, "FontDescriptor" => descriptor, "DW" => 1000,
    });
    let font = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "SimSun", "Encoding" => Object::Name(encoding.into()),
        "DescendantFonts" => vec![cid.into()],
    });
    let hex: String = text.iter().map(|byte| format!("{byte:02x}")).collect();
    let content = format!("BT /F1 24 Tf 72 700 Td <{hex}> Tj ET");
    let content = pdf.add_object(Stream::new(dictionary! {}, content.into_bytes()));
    let page = pdf.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
    });
    let all = dictionary! { "Type" => "Pages", "Count" => 1, "Kids" => vec![page.into()] };
    pdf.objects.insert(pages, all.into());
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    pdf.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).unwrap();
    bytes
}

/// How dark a part of a page is: 0 white, 1 black.
fn darkness(pdf: &[u8], area: &Area) -> f64 {
    let png = picture_of(Kind::Pdf, pdf, area.page, 1000, &faces()).unwrap();
    let picture = image::load_from_memory_with_format(&png, ImageFormat::Png).unwrap().into_luma8();
    let (width, height) = picture.dimensions();
    let at = |part: u32, of: u32| part * of / 10_000;
    let mut dark = 0.0;
    let mut all = 0.0;
    for y in at(area.top, height)..at(area.bottom, height) {
        for x in at(area.left, width)..at(area.right, width) {
            all += 1.0;
            dark += 1.0 - f64::from(picture.get_pixel(x, y).0[0]) / 255.0;
        }
    }
    dark / all
}

#[test]
fn words_are_found_where_they_stand_in_files_of_different_makers() {
    for (name, pdf, places) in [("office", OFFICE.to_vec(), 3), ("typst", typst(), 1)] {
        let texts = text_of(Kind::Pdf, &pdf, &faces()).unwrap();
        // In the table of the office file the number goes over two lines.
        let found = find(&texts, NUMBER);
        assert_eq!(found.len(), places, "{name}: {found:?}");
        for area in &found {
            let ink = darkness(&pdf, area);
            assert!((0.05..0.7).contains(&ink), "{name}: there is writing at {area:?}: {ink}");
        }
    }
}

#[test]
fn a_page_without_its_typeface_is_shown_when_its_codes_say_what_is_meant() {
    // 何小舟 in GBK.
    let pdf = not_embedded("GBK-EUC-H", "GB1", &[0xba, 0xce, 0xd0, 0xa1, 0xd6, 0xdb]);
    if !faces().0.is_empty() {
        let texts = text_of(Kind::Pdf, &pdf, &faces()).unwrap();
        let found = find(&texts, "何小舟");
        assert_eq!(found.len(), 1);
        assert!(darkness(&pdf, &found[0]) > 0.05);
        let burned = burn(Kind::Pdf, &pdf, &found, &faces()).unwrap();
        assert!(prove(Kind::Pdf, &pdf, &burned.bytes, &found, &texts).is_ok());
    }
    let bare = text_of(Kind::Pdf, &pdf, &Faces::default());
    assert!(matches!(bare, Err(Refusal::NotFaithful { page: 1, .. })), "{bare:?}");
    let unknown = not_embedded("Identity-H", "Identity", &[0x12, 0x34, 0x05, 0x67]);
    let why = burn(Kind::Pdf, &unknown, &[], &faces()).unwrap_err();
    assert!(why.to_string().contains("没有嵌入的字体“SimSun”"), "{why}");
}

#[test]
fn burned_is_gone_from_every_layer_and_the_rest_still_shows() {
    for (name, pdf) in [("office", OFFICE.to_vec()), ("typst", typst())] {
        let texts = text_of(Kind::Pdf, &pdf, &faces()).unwrap();
        let areas = find(&texts, NUMBER);
        let kept = find(&texts, "松溪镇").into_iter().next().unwrap();
        let burned = burn(Kind::Pdf, &pdf, &areas, &faces()).unwrap();
        let checks = prove(Kind::Pdf, &pdf, &burned.bytes, &areas, &texts).unwrap();
        let kinds: Vec<CheckKind> = checks.iter().map(|check| check.kind).collect();
        for kind in [CheckKind::Pages, CheckKind::Pixels, CheckKind::TextLayer, CheckKind::Words] {
            assert!(kinds.contains(&kind), "{name}: {kind:?}");
        }
        for area in &areas {
            assert!(
                darkness(&burned.bytes, area) > 0.93,
                "{name}: {area:?} {}",
                darkness(&burned.bytes, area)
            );
        }
        let (before, after) = (darkness(&pdf, &kept), darkness(&burned.bytes, &kept));
        assert!((before - after).abs() < 0.05, "{name}: {before} {after}");
        assert_eq!(open(Kind::Pdf, &pdf).unwrap().sizes.len(), burned.pages as usize);
        assert_eq!(
            burned.bytes,
            burn(Kind::Pdf, &pdf, &areas, &faces()).unwrap().bytes,
            "the same every time"
        );
    }
}

#[test]
fn what_is_covered_here_and_open_there_is_said() {
    let texts = text_of(Kind::Pdf, OFFICE, &faces()).unwrap();
    let all = find(&texts, NUMBER);
    let (second, first): (Vec<Area>, Vec<Area>) = all.iter().partition(|area| area.page == 2);
    assert_eq!((first.len(), second.len()), (2, 1));
    let words: String = covered(&texts, &first).into_iter().map(|(_, run)| run).collect();
    assert_eq!(words, NUMBER);
    let open_elsewhere = elsewhere(&texts, &second);
    assert!(
        open_elsewhere.iter().any(|(words, area)| words == NUMBER && area.page == 1),
        "{open_elsewhere:?}"
    );
    assert_eq!(elsewhere(&texts, &all), []);
    // Half a line shows what it says.
    let half = Area { bottom: second[0].top + (second[0].bottom - second[0].top) / 2, ..second[0] };
    assert!(partly_covered(&texts, &[half]).iter().any(|cut| cut.page == 2 && cut.text.contains('9')));
    assert_eq!(partly_covered(&texts, &all), []);
}

/// A change to a result that [`prove`] must see.
fn spoiled(bytes: &[u8], change: impl FnOnce(&mut Document)) -> Vec<u8> {
    let mut document = Document::load_mem(bytes).unwrap();
    document.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
    change(&mut document);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn every_kind_of_residue_is_seen() {
    let pdf = typst();
    let texts = text_of(Kind::Pdf, &pdf, &faces()).unwrap();
    let areas = find(&texts, NUMBER);
    let good = burn(Kind::Pdf, &pdf, &areas, &faces()).unwrap().bytes;
    let said = |bytes: &[u8]| match prove(Kind::Pdf, &pdf, bytes, &areas, &texts) {
        Err(Refusal::Residue(found)) => found.join("；"),
        other => format!("{other:?}"),
    };
    let page = |d: &Document| d.get_pages()[&1];
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("标记的区域没有全部涂黑", burn(Kind::Pdf, &pdf, &[], &faces()).unwrap().bytes),
        (
            "文件属性",
            spoiled(&good, |d| {
                let info = d.add_object(dictionary! { "Author" => Object::string_literal("x") });
                d.trailer.set("Info", info);
            }),
        ),
        (
            "批注",
            spoiled(&good, |d| {
                let note = d.add_object(dictionary! { "Type" => "Annot", "Subtype" => "Text" });
                let page = page(d);
                d.get_dictionary_mut(page).unwrap().set("Annots", vec![note.into()]);
            }),
        ),
        ("隐藏的图层", spoiled(&good, |d| d.catalog_mut().unwrap().set("OCProperties", dictionary! {}))),
        ("表单", spoiled(&good, |d| d.catalog_mut().unwrap().set("AcroForm", dictionary! {}))),
        ("嵌入的文件或者脚本", spoiled(&good, |d| d.catalog_mut().unwrap().set("Names", dictionary! {}))),
        (
            "页面用不到的对象",
            spoiled(&good, |d| {
                d.add_object(Stream::new(dictionary! {}, b"left over".to_vec()));
            }),
        ),
        (
            "图像以外的内容",
            spoiled(&good, |d| {
                let page = page(d);
                d.change_page_content(page, b"BT (x) Tj ET".to_vec()).unwrap();
            }),
        ),
        ("此前的版本", [good.as_slice(), b"\nstartxref\n0\n%%EOF\n"].concat()),
        ("被遮盖的文字", [good.as_slice(), b"%", NUMBER.as_bytes(), b"\n%%EOF"].concat()),
        ("文件不能重新打开", good[..good.len() / 2].to_vec()),
        ("原件为", burn(Kind::Pdf, OFFICE, &[], &faces()).unwrap().bytes),
    ];
    assert!(prove(Kind::Pdf, &pdf, &good, &areas, &texts).is_ok());
    for (words, bytes) in cases {
        let found = said(&bytes);
        assert!(found.contains(words), "{words}: {found}");
    }
}

#[test]
fn pictures_lose_what_is_covered_and_what_they_carry() {
    let mut picture = RgbImage::from_fn(400, 300, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 120]));
    picture.put_pixel(0, 0, image::Rgb([255, 255, 255]));
    let area = Area { page: 1, left: 2_500, top: 2_500, right: 5_000, bottom: 5_000 };
    for (kind, format) in [(Kind::Png, ImageFormat::Png), (Kind::Jpeg, ImageFormat::Jpeg)] {
        let mut bytes = Vec::new();
        picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        if kind == Kind::Jpeg {
            // 何人何时何地 in a comment.
            bytes.splice(2..2, [0xff, 0xfe, 0, 8, b's', b'e', b'c', b'r', b'e', b't']);
        }
        let burned = burn(kind, &bytes, &[area], &faces()).unwrap();
        assert!(prove(kind, &bytes, &burned.bytes, &[area], &[]).is_ok());
        assert!(!burned.bytes.windows(6).any(|six| six == b"secret"));
        let after = image::load_from_memory_with_format(&burned.bytes, format).unwrap().into_rgb8();
        assert!(after.get_pixel(150, 100).0.iter().all(|channel| *channel < 30));
        let kept = after.get_pixel(300, 200).0;
        assert!(kept[0].abs_diff(44) < 30 && kept[2].abs_diff(120) < 30, "{kept:?}");
        if kind == Kind::Jpeg {
            assert!(matches!(prove(kind, &bytes, &bytes, &[], &[]), Err(Refusal::Residue(_))));
        }
    }
}

#[test]
fn hostile_files_are_refused_in_words_and_in_time() {
    let began = std::time::Instant::now();
    let huge = spoiled(&typst(), |d| {
        let page = d.get_pages()[&1];
        let sides = vec![0.into(), 0.into(), 1_000_000.into(), 1_000_000.into()];
        d.get_dictionary_mut(page).unwrap().set("MediaBox", sides);
    });
    assert_eq!(open(Kind::Pdf, &huge), Err(Refusal::TooLarge { page: 1 }));
    let many = spoiled(&typst(), |d| {
        let (id, page) =
            (d.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap(), d.get_pages()[&1]);
        d.get_dictionary_mut(id).unwrap().set("Kids", vec![Object::Reference(page); 5_000]);
    });
    assert!(matches!(open(Kind::Pdf, &many), Err(Refusal::TooManyPages(_))), "{:?}", open(Kind::Pdf, &many));
    // A form that draws itself.
    let endless = spoiled(&typst(), |d| {
        let form = d.new_object_id();
        let inner = dictionary! {
            "Type" => "XObject", "Subtype" => "Form", "BBox" => vec![0.into(), 0.into(), 99.into(), 99.into()],
            "Resources" => dictionary! { "XObject" => dictionary! { "F" => form } },
        };
        d.objects.insert(form, Stream::new(inner, b"/F Do /F Do".to_vec()).into());
        let page = d.get_pages()[&1];
        let resources = dictionary! { "XObject" => dictionary! { "F" => form } };
        d.get_dictionary_mut(page).unwrap().set("Resources", resources);
        d.change_page_content(page, b"/F Do".to_vec()).unwrap();
    });
    assert_eq!(burn(Kind::Pdf, &endless, &[], &faces()), Err(Refusal::TooSlow));
    // A picture that says it is larger than any.
    let mut png = Vec::new();
    RgbImage::new(2, 2).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
    png[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    assert!(open(Kind::Png, &png).is_err());
    for cut in [0, 5, 100, 1000] {
        assert!(open(Kind::Pdf, &OFFICE[..cut]).is_err(), "{cut}");
    }
    let off = Area { page: 3, left: 0, top: 0, right: 10, bottom: 10 };
    assert_eq!(burn(Kind::Pdf, OFFICE, &[off], &faces()), Err(Refusal::AreaOff { page: 3 }));
    assert!(began.elapsed().as_secs() < 60);
}
