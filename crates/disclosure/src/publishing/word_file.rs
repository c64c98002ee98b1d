//! 从 Word 文件取正文 — the text of a docx as the plain structure it is stored in. What a reader of the page would not
//! see is left out: deleted and hidden text, comments, headers and footers.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::html_text::{Block, Run, Runs, Style, Tag, inline, serialised};

/// All parts of one file unpacked; a small archive can unpack to a giant.
const UNPACKED: u64 = 64 * 1024 * 1024;
/// One picture of a text.
const LARGEST_PICTURE: u64 = 10 * 1024 * 1024;
const MOST_PICTURES: usize = 50;
/// Elements of one part, and how deep they may stand in each other.
const NODES: usize = 2_000_000;
const DEPTH: usize = 120;

/// What a docx gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordText {
    /// What the file calls its title: its first paragraph in a title style, or its first heading.
    pub title: String,
    /// Pictures stand in it under the name of their bytes.
    pub html: String,
    pub pictures: Vec<Picture>,
    /// What was not taken along, in words.
    pub notes: Vec<String>,
}

/// A picture of the text, with its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub name: String,
    pub sha256: String,
    pub bytes: Vec<u8>,
}

/// Reads a docx.
///
/// # Errors
/// Why it cannot be read, in words, with what to do.
pub fn read(bytes: &[u8]) -> Result<WordText, &'static str> {
    const BROKEN: &str = "这个文件不是完好的 docx，读不出正文。请在 Word 或 WPS 里另存为 docx 后再试。";
    let mut package = Package::open(bytes).ok_or(BROKEN)?;
    let document = package.part("word/document.xml").ok_or(BROKEN)?;
    let document = tree(&document).ok_or(BROKEN)?;
    let body = document.child("body").ok_or(BROKEN)?;
    let part = |package: &mut Package<'_>, name: &str| package.part(name).and_then(|xml| tree(&xml));
    let styles = part(&mut package, "word/styles.xml").map(|xml| Styles::of(&xml)).unwrap_or_default();
    let numbering =
        part(&mut package, "word/numbering.xml").map(|xml| Numbering::of(&xml)).unwrap_or_default();
    let relations =
        part(&mut package, "word/_rels/document.xml.rels").map(|xml| relations(&xml)).unwrap_or_default();
    let mut reading = Reading { styles, numbering, relations, ..Reading::of(package) };
    let blocks = reading.blocks(body, 0);
    let title = reading.title.clone().or_else(|| {
        let first = blocks.iter().find(|block| block.is_heading(1)).or_else(|| blocks.first())?;
        Some(super::body::plain_text(first.html())).filter(|text| text.chars().count() <= 100)
    });
    Ok(WordText {
        title: title.unwrap_or_default(),
        html: super::body::cleaned(&serialised(&blocks)),
        notes: reading.notes(),
        pictures: reading.pictures,
    })
}

struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
}

impl<'a> Package<'a> {
    fn open(bytes: &'a [u8]) -> Option<Package<'a>> {
        Some(Package { archive: ZipArchive::new(Cursor::new(bytes)).ok()?, left: UNPACKED })
    }

    fn bytes(&mut self, name: &str, most: u64) -> Option<Vec<u8>> {
        let mut member = self.archive.by_name(name).ok()?;
        let most = most.min(self.left);
        let mut content = Vec::new();
        let read = member.by_ref().take(most + 1).read_to_end(&mut content).ok()? as u64;
        self.left = self.left.saturating_sub(read);
        (read <= most).then_some(content)
    }

    fn part(&mut self, name: &str) -> Option<String> {
        String::from_utf8(self.bytes(name, UNPACKED)?).ok()
    }
}

/// An element with its children; texts are children without a name.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
    text: String,
}

impl Element {
    fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// `<w:b/>` is on, `<w:b w:val="0"/>` is off.
    fn is_on(&self, name: &str) -> Option<bool> {
        let child = self.child(name)?;
        Some(!matches!(child.attribute("val"), Some("0" | "false" | "off" | "none")))
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.child(name)?.attribute("val")
    }

    fn find<'a>(&'a self, name: &str, depth: usize) -> Option<&'a Element> {
        if self.name == name {
            return Some(self);
        }
        (depth > 0).then(|| self.children.iter().find_map(|child| child.find(name, depth - 1))).flatten()
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn started(start: &BytesStart<'_>) -> Element {
    let attributes = start
        .attributes()
        .filter_map(Result::ok)
        .map(|a| {
            let value = quick_xml::escape::unescape(&a.value)
                .map_or_else(|_| a.value.to_string(), |v| v.into_owned());
            (local(a.key.as_ref()).to_owned(), value)
        })
        .collect();
    Element { name: local(start.name().as_ref()).to_owned(), attributes, ..Element::default() }
}

fn tree(xml: &str) -> Option<Element> {
    let mut reader = Reader::from_str(xml);
    let mut open: Vec<Element> = vec![Element::default()];
    let mut nodes = 0;
    loop {
        nodes += 1;
        if nodes > NODES || open.len() > DEPTH {
            return None;
        }
        match reader.read_event().ok()? {
            Event::Start(start) => open.push(started(&start)),
            Event::Empty(empty) => open.last_mut()?.children.push(started(&empty)),
            Event::End(_) => {
                let done = open.pop()?;
                open.last_mut()?.children.push(done);
            }
            Event::Text(text) => open.last_mut()?.text.push_str(&text),
            Event::CData(text) => open.last_mut()?.text.push_str(&text),
            Event::GeneralRef(reference) => {
                let written = format!("&{};", &*reference);
                let meant =
                    quick_xml::escape::unescape(&written).map_or_else(|_| String::new(), |t| t.into_owned());
                open.last_mut()?.text.push_str(&meant);
            }
            Event::Eof => return open.pop()?.children.into_iter().next(),
            _ => {}
        }
    }
}

fn relations(xml: &Element) -> HashMap<String, String> {
    let of = |relation: &Element| {
        Some((relation.attribute("Id")?.to_owned(), relation.attribute("Target")?.to_owned()))
    };
    xml.children.iter().filter_map(of).collect()
}

/// Paragraph styles: which are headings, which the title, which are numbered.
#[derive(Default)]
struct Styles {
    levels: HashMap<String, u8>,
    titles: Vec<String>,
    numbers: HashMap<String, (String, usize)>,
}

impl Styles {
    fn of(xml: &Element) -> Styles {
        let mut styles = Styles::default();
        let mut bases: HashMap<String, String> = HashMap::new();
        for style in xml.children.iter().filter(|style| style.name == "style") {
            let Some(id) = style.attribute("styleId") else { continue };
            let name = style.value("name").unwrap_or_default().to_lowercase();
            let properties = style.child("pPr");
            let outline = properties.and_then(|p| p.value("outlineLvl")).and_then(|l| l.parse::<u8>().ok());
            let by_name = name.strip_prefix("heading ").and_then(|level| level.parse::<u8>().ok());
            if let Some(level) = by_name.or(outline.map(|level| level + 1)).filter(|level| *level <= 6) {
                styles.levels.insert(id.to_owned(), level);
            }
            if name == "title" {
                styles.titles.push(id.to_owned());
            }
            if let Some(number) = properties.and_then(|p| p.child("numPr")).and_then(numbered) {
                styles.numbers.insert(id.to_owned(), number);
            }
            if let Some(base) = style.value("basedOn") {
                bases.insert(id.to_owned(), base.to_owned());
            }
        }
        // A style says nothing itself where the one it is based on says it.
        for id in bases.keys() {
            let mut at = id;
            for _ in 0..10 {
                let Some(base) = bases.get(at) else { break };
                if let (None, Some(level)) = (styles.levels.get(id), styles.levels.get(base).copied()) {
                    styles.levels.insert(id.clone(), level);
                }
                at = base;
            }
        }
        styles
    }
}

fn numbered(properties: &Element) -> Option<(String, usize)> {
    let level = properties.value("ilvl").and_then(|level| level.parse().ok()).unwrap_or(0);
    Some((properties.value("numId")?.to_owned(), level))
}

/// How the levels of a list are numbered.
#[derive(Default)]
struct Numbering {
    /// By number: its levels as (format, text, start).
    lists: HashMap<String, Vec<(String, String, u32)>>,
    counts: HashMap<String, Vec<u32>>,
}

/// What stands before a numbered paragraph.
enum Mark {
    Bullet,
    Number(String),
}

impl Numbering {
    fn of(xml: &Element) -> Numbering {
        let levels = |list: &Element| -> Vec<(String, String, u32)> {
            let of = |level: &Element| {
                (
                    level.value("numFmt").unwrap_or("decimal").to_owned(),
                    level.value("lvlText").unwrap_or_default().to_owned(),
                    level.value("start").and_then(|n| n.parse().ok()).unwrap_or(1),
                )
            };
            list.children.iter().filter(|child| child.name == "lvl").map(of).collect()
        };
        let forms: HashMap<&str, Vec<(String, String, u32)>> = xml
            .children
            .iter()
            .filter(|child| child.name == "abstractNum")
            .filter_map(|form| Some((form.attribute("abstractNumId")?, levels(form))))
            .collect();
        let lists = xml
            .children
            .iter()
            .filter(|child| child.name == "num")
            .filter_map(|list| {
                let form = forms.get(list.value("abstractNumId")?)?;
                Some((list.attribute("numId")?.to_owned(), form.clone()))
            })
            .collect();
        Numbering { lists, counts: HashMap::new() }
    }

    fn next(&mut self, list: &str, level: usize) -> Option<Mark> {
        let levels = self.lists.get(list)?;
        let (format, text, _) = levels.get(level)?;
        if format == "bullet" {
            return Some(Mark::Bullet);
        }
        if format == "none" {
            return None;
        }
        let counts = self.counts.entry(list.to_owned()).or_default();
        while counts.len() <= level {
            let start = levels.get(counts.len()).map_or(1, |(_, _, start)| *start);
            counts.push(start.saturating_sub(1));
        }
        counts.truncate(level + 1);
        if let Some(count) = counts.last_mut() {
            *count = count.saturating_add(1);
        }
        let mut mark = text.clone();
        for (place, count) in (1..).zip(counts.iter()) {
            let format = levels.get(place - 1).map_or("decimal", |(format, _, _)| format.as_str());
            mark = mark.replace(&format!("%{place}"), &counted(*count, format));
        }
        Some(Mark::Number(mark))
    }
}

/// A count as the list writes it.
fn counted(count: u32, format: &str) -> String {
    let letter = |first: char| {
        let at = u32::from(first) + (count.saturating_sub(1)) % 26;
        char::from_u32(at).unwrap_or(first).to_string()
    };
    match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCountingThousand"
        | "taiwaneseCounting"
        | "ideographDigital"
        | "chineseLegalSimplified" => chinese(count),
        "lowerLetter" => letter('a'),
        "upperLetter" => letter('A'),
        "lowerRoman" => roman(count).to_lowercase(),
        "upperRoman" => roman(count),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if (1..=20).contains(&count) => {
            char::from_u32(0x245f + count).map(String::from).unwrap_or_default()
        }
        _ => count.to_string(),
    }
}

/// 一百二十三.
fn chinese(count: u32) -> String {
    const FIGURES: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    if count == 0 || count >= 1000 {
        return count.to_string();
    }
    let (hundreds, tens, ones) = (count / 100, count / 10 % 10, count % 10);
    let mut out = String::new();
    if hundreds > 0 {
        out += &format!("{}百", FIGURES[hundreds as usize]);
    }
    match (hundreds, tens) {
        (0, 0) => {}
        (0, 1) => out.push('十'),
        (_, 0) if ones > 0 => out.push('零'),
        (_, 0) => {}
        (_, tens) => out += &format!("{}十", FIGURES[tens as usize]),
    }
    if ones > 0 {
        out += FIGURES[ones as usize];
    }
    out
}

fn roman(mut count: u32) -> String {
    let mut out = String::new();
    for (value, letters) in
        [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    {
        while count >= value && out.len() < 40 {
            out += letters;
            count -= value;
        }
    }
    out
}

struct Reading<'a> {
    package: Package<'a>,
    styles: Styles,
    numbering: Numbering,
    relations: HashMap<String, String>,
    title: Option<String>,
    pictures: Vec<Picture>,
    lost_pictures: usize,
    deleted: usize,
    hidden: usize,
    comments: usize,
    notes_below: usize,
    boxes: usize,
}

impl<'a> Reading<'a> {
    fn of(package: Package<'a>) -> Reading<'a> {
        Reading {
            package,
            styles: Styles::default(),
            numbering: Numbering::default(),
            relations: HashMap::new(),
            title: None,
            pictures: Vec::new(),
            lost_pictures: 0,
            deleted: 0,
            hidden: 0,
            comments: 0,
            notes_below: 0,
            boxes: 0,
        }
    }

    fn blocks(&mut self, parent: &Element, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        if depth > DEPTH {
            return blocks;
        }
        for child in &parent.children {
            match child.name.as_str() {
                "p" => blocks.extend(self.paragraph(child)),
                "tbl" => blocks.extend(self.table(child, depth + 1)),
                "sdt" => {
                    if let Some(content) = child.child("sdtContent") {
                        blocks.extend(self.blocks(content, depth + 1));
                    }
                }
                "ins" | "moveTo" | "customXml" | "smartTag" => blocks.extend(self.blocks(child, depth + 1)),
                _ => {}
            }
        }
        blocks
    }

    fn paragraph(&mut self, p: &Element) -> Option<Block> {
        let properties = p.child("pPr");
        let style = properties.and_then(|pr| pr.value("pStyle")).unwrap_or_default().to_owned();
        let own = properties.and_then(|pr| pr.value("outlineLvl")).and_then(|l| l.parse::<u8>().ok());
        let own_level = own.map(|level| level + 1).filter(|level| *level <= 6);
        let level = own_level.or_else(|| self.styles.levels.get(&style).copied());
        let number = properties
            .and_then(|pr| pr.child("numPr"))
            .and_then(numbered)
            .or_else(|| self.styles.numbers.get(&style).cloned());
        let mut line = Runs::default();
        let mark = number.and_then(|(list, at)| self.numbering.next(&list, at));
        let mut tag = level.map_or(Tag::Paragraph, Tag::Heading);
        let mut words = Runs::default();
        self.runs(p, &Style::default(), &mut words, 0);
        match mark {
            Some(Mark::Bullet) if level.is_none() => tag = Tag::Item,
            Some(Mark::Number(number)) if !words.is_blank() => line.push_text(&number, &Style::default()),
            _ => {}
        }
        line.append(words);
        if self.title.is_none() && self.styles.titles.contains(&style) {
            let block = line.into_block(Tag::Paragraph)?;
            self.title = Some(super::body::plain_text(block.html()));
            // It is the title of the entry, not a part of its text.
            return None;
        }
        line.into_block(tag)
    }

    fn runs(&mut self, parent: &Element, style: &Style, line: &mut Runs, depth: usize) {
        if depth > DEPTH {
            return;
        }
        for child in &parent.children {
            match child.name.as_str() {
                "r" => self.run(child, style, line),
                "hyperlink" => {
                    let target = child.attribute("id").and_then(|id| self.relations.get(id)).cloned();
                    let href = target.filter(|href| href.starts_with("http"));
                    self.runs(child, &Style { href, ..style.clone() }, line, depth + 1);
                }
                "del" | "moveFrom" => self.deleted += 1,
                "ins" | "moveTo" | "smartTag" | "fldSimple" | "customXml" => {
                    self.runs(child, style, line, depth + 1)
                }
                "sdt" => {
                    if let Some(content) = child.child("sdtContent") {
                        self.runs(content, style, line, depth + 1);
                    }
                }
                "oMath" | "oMathPara" => {
                    let mut words = String::new();
                    collect(child, "t", &mut words);
                    line.push_text(&words, style);
                }
                _ => {}
            }
        }
    }

    fn run(&mut self, r: &Element, style: &Style, line: &mut Runs) {
        let mut style = style.clone();
        if let Some(properties) = r.child("rPr") {
            if properties.is_on("vanish") == Some(true) {
                self.hidden += 1;
                return;
            }
            style.is_bold = properties.is_on("b").unwrap_or(false);
            style.is_italic = properties.is_on("i").unwrap_or(false);
            style.is_underlined = properties.is_on("u").unwrap_or(false) && style.href.is_none();
            style.is_high = properties.value("vertAlign") == Some("superscript");
            style.is_low = properties.value("vertAlign") == Some("subscript");
        }
        for part in &r.children {
            match part.name.as_str() {
                "t" => line.push_text(&part.text, &style),
                "tab" => line.push_text(" ", &style),
                "br" if part.attribute("type") == Some("page") => {}
                "br" | "cr" => line.push_break(),
                "noBreakHyphen" => line.push_text("-", &style),
                "commentReference" => self.comments += 1,
                "footnoteReference" | "endnoteReference" => self.notes_below += 1,
                "drawing" | "pict" | "object" | "AlternateContent" => self.drawing(part, line),
                _ => {}
            }
        }
    }

    fn drawing(&mut self, drawing: &Element, line: &mut Runs) {
        if drawing.find("txbxContent", DEPTH).is_some() {
            self.boxes += 1;
            return;
        }
        let blip = drawing.find("blip", DEPTH).and_then(|blip| blip.attribute("embed"));
        let image = || drawing.find("imagedata", DEPTH).and_then(|image| image.attribute("id"));
        let Some(id) = blip.or_else(image) else { return };
        let alt = drawing.find("docPr", DEPTH).and_then(|of| of.attribute("descr")).unwrap_or_default();
        match self.picture(id) {
            Some(address) => line.push(Run::picture(&address, alt)),
            None => self.lost_pictures += 1,
        }
    }

    fn picture(&mut self, relation: &str) -> Option<String> {
        use sha2::{Digest, Sha256};
        let target = self.relations.get(relation)?;
        let path = target.strip_prefix('/').map_or_else(|| format!("word/{target}"), ToOwned::to_owned);
        let bytes = self.package.bytes(&path, LARGEST_PICTURE)?;
        let kind = match bytes.as_slice() {
            [0x89, b'P', b'N', b'G', ..] => "png",
            [0xff, 0xd8, 0xff, ..] => "jpg",
            // Drawings of Windows and others no browser shows.
            _ => return None,
        };
        let sha256 = hex::encode(Sha256::digest(&bytes));
        if !self.pictures.iter().any(|known| known.sha256 == sha256) {
            if self.pictures.len() >= MOST_PICTURES {
                return None;
            }
            let name = format!("正文图片{}.{kind}", self.pictures.len() + 1);
            self.pictures.push(Picture { name, sha256: sha256.clone(), bytes });
        }
        Some(format!("/pictures/{sha256}"))
    }

    fn table(&mut self, table: &Element, depth: usize) -> Option<Block> {
        struct Cell {
            html: String,
            column: usize,
            columns: usize,
            rows: usize,
            is_continued: bool,
        }
        if depth > DEPTH {
            return None;
        }
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for row in table.children.iter().filter(|row| row.name == "tr") {
            let skipped =
                row.child("trPr").and_then(|pr| pr.value("gridBefore")).and_then(|n| n.parse().ok());
            let mut column: usize = skipped.unwrap_or(0);
            let mut cells = Vec::new();
            let of_row = row.children.iter().flat_map(|cell| match cell.name.as_str() {
                "sdt" => cell.child("sdtContent").map_or(&[][..], |content| &content.children[..]),
                _ => std::slice::from_ref(cell),
            });
            for cell in of_row.filter(|cell| cell.name == "tc") {
                let properties = cell.child("tcPr");
                let columns = properties.and_then(|pr| pr.value("gridSpan")).and_then(|n| n.parse().ok());
                let columns: usize = columns.unwrap_or(1).clamp(1, 200);
                let merge = properties.and_then(|pr| pr.child("vMerge"));
                let is_continued = merge.is_some_and(|merge| merge.attribute("val") != Some("restart"));
                let html = inline(&self.blocks(cell, depth + 1));
                cells.push(Cell { html, column, columns, rows: 1, is_continued });
                column += columns;
            }
            rows.push(cells);
        }
        for at in (1..rows.len()).rev() {
            let (above, below) = rows.split_at_mut(at);
            let (Some(above), Some(below)) = (above.last_mut(), below.first()) else { continue };
            for cell in below.iter().filter(|cell| cell.is_continued) {
                if let Some(upper) = above.iter_mut().find(|upper| upper.column == cell.column) {
                    upper.rows += cell.rows;
                }
            }
        }
        let all = || rows.iter().flatten();
        if all().all(|cell| cell.html.is_empty()) {
            return None;
        }
        let mut html = String::new();
        for row in &rows {
            html += "<tr>";
            for cell in row.iter().filter(|cell| !cell.is_continued) {
                let span = |name: &str, n: usize| {
                    if n > 1 { format!(" {name}=\"{n}\"") } else { String::new() }
                };
                html += &format!(
                    "<td{}{}>{}</td>",
                    span("colspan", cell.columns),
                    span("rowspan", cell.rows),
                    cell.html
                );
            }
            html += "</tr>\n";
        }
        Some(Block::whole(&format!("<table><tbody>{}</tbody></table>", html.trim_end())))
    }

    /// What was not taken along.
    fn notes(&self) -> Vec<String> {
        [
            (self.deleted, "处修订中已删除的文字没有带入"),
            (self.hidden, "处隐藏文字没有带入"),
            (self.comments, "条批注没有带入"),
            (self.notes_below, "条脚注或者尾注没有带入，需要的请写进正文"),
            (self.boxes, "个文本框没有带入，其中的文字请自行复制"),
            (self.lost_pictures, "张图片不是 PNG 或 JPEG，没有带入，请另存后用“图片”按钮上传"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}。"))
        .collect()
    }
}

fn collect(element: &Element, name: &str, words: &mut String) {
    if element.name == name {
        words.push_str(&element.text);
    }
    for child in &element.children {
        collect(child, name, words);
    }
}
