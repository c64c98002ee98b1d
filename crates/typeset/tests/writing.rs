//! A letter on paper: the same blocks in every format, and hostile texts are only text.
#![cfg(feature = "typst")]
#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Read};
use std::sync::LazyLock;

use gongkai_typeset::writing::{Block, Table, TableCell};
use gongkai_typeset::{Engine, FileFormat, Writing};
use jiff::civil::date;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Vec::new()));

const LETTER: &str = "<div class=\"document-head\"><p>松溪镇人民政府</p><h2>政府信息公开申请答复书</h2><p>松溪政公复〔2026〕1号</p></div>\
    <p class=\"no-indent\">何小舟：</p><p>本机关于2026年3月2日收到您的申请。</p><h3>提供的信息</h3>\
    <table><tr><th>项目</th><th>金额（元）</th></tr><tr><td>危房改造</td><td>35000</td></tr></table>\
    <p>#set page(fill: red) $x$ &lt;w:p&gt; *不加粗* \\ // 注</p><p class=\"signature\">松溪镇人民政府</p><p class=\"signature\">2026年3月6日</p>";

fn file(writing: &Writing, format: FileFormat) -> Vec<u8> {
    writing.write(format, date(2026, 3, 6), &ENGINE).unwrap().unwrap()
}

fn part(archive: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_letter_is_whole_in_every_format() {
    let letter = Writing::of_html("答复书", "松溪镇人民政府", LETTER);
    for format in Writing::formats() {
        let bytes = file(&letter, format);
        assert_eq!(bytes, file(&letter, format), "{format:?}: the same every time");
        let text = match format {
            FileFormat::Pdf => {
                let pdf = lopdf::Document::load_mem(&bytes).unwrap();
                assert_eq!(pdf.get_pages().len(), 1);
                pdf.extract_text(&[1]).unwrap()
            }
            FileFormat::Ofd => part(&bytes, "Doc_0/Pages/Page_0/Content.xml"),
            FileFormat::Plain(_) => part(&bytes, "word/document.xml"),
        };
        let shown: String = text.split(['<', '>']).map(str::trim).collect();
        for words in [
            "政府信息公开申请答复书",
            "何小舟：",
            "危房改造",
            "35000",
            "2026年3月6日",
            "#set page(fill: red) $x$",
        ] {
            let squeezed = |text: &str| text.replace([' ', '\n'], "");
            assert!(squeezed(&shown).contains(&squeezed(words)), "{format:?} lacks {words}: {shown}");
        }
    }
}

#[test]
fn a_form_with_merged_cells_is_laid_out() {
    let mut table = Table { caption: "审核表".into(), columns: vec![2, 3, 2, 3], rows: Vec::new() };
    table.rows.push(vec![TableCell::header("标题"), TableCell::new("").across(3)]);
    table.rows.push(vec![
        TableCell { rowspan: 2, ..TableCell::header("审核意见") },
        TableCell::new("初审").across(2),
        TableCell::new("同意"),
    ]);
    table.rows.push(vec![TableCell::new("终审").across(2), TableCell::new("同意")]);
    let form = Writing {
        title: "审核表".into(),
        author: "松溪镇人民政府".into(),
        blocks: vec![Block::Title("审核表".into()), Block::Table(table)],
    };
    assert!(file(&form, FileFormat::Pdf).starts_with(b"%PDF"));
    let document = part(&form.docx().unwrap(), "word/document.xml");
    assert_eq!(document.matches("<w:vMerge").count(), 2);
    assert_eq!(document.matches("<w:gridSpan").count(), 3);
}
