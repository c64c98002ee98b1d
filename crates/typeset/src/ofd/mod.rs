//! 版式文件 OFD, GB/T 33190-2016, from the laid out pages: an archive of XML with positions in millimetres. Typefaces
//! are named, not embedded. Experimental.

mod page;

use gongkai_report::write::{NotWritten, escaped, package};
use jiff::civil::Date;
use typst::model::Document as _;
use typst::utils::hash128;
use typst_layout::PagedDocument;

use crate::fonts::Fonts;

const NAMESPACE: &str = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

pub(crate) fn write(document: &PagedDocument, fonts: &Fonts, made_on: Date) -> Result<Vec<u8>, NotWritten> {
    let mut state = Numbering::new(fonts);
    let pages: Vec<(String, String)> = document
        .pages()
        .iter()
        .enumerate()
        .map(|(index, page)| {
            (format!("Doc_0/Pages/Page_{index}/Content.xml"), page::content(page, &mut state))
        })
        .collect();
    let entry = entry(document, made_on, &pages);
    let (faces, sizes) = (state.resources(), pages_xml(document, &mut state));
    let mut parts: Vec<(&str, &str)> =
        vec![("OFD.xml", &entry), ("Doc_0/Document.xml", &sizes), ("Doc_0/PublicRes.xml", &faces)];
    parts.extend(pages.iter().map(|(name, content)| (name.as_str(), content.as_str())));
    package(&parts)
}

/// Where a reader starts.
fn entry(document: &PagedDocument, made_on: Date, pages: &[(String, String)]) -> String {
    let title = document.info().title.as_deref().unwrap_or_default();
    let authors = document.info().author.join("、");
    // The same content has the same number.
    let id = hash128(&(title, &authors, made_on.to_string(), pages));
    format!(
        "{XML}<ofd:OFD {NAMESPACE} Version=\"1.0\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo>\
         <ofd:DocID>{id:032x}</ofd:DocID><ofd:Title>{}</ofd:Title><ofd:Author>{}</ofd:Author>\
         <ofd:CreationDate>{made_on}</ofd:CreationDate><ofd:Creator>Gongkai</ofd:Creator></ofd:DocInfo>\
         <ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        escaped(title),
        escaped(&authors),
    )
}

fn pages_xml(document: &PagedDocument, state: &mut Numbering<'_>) -> String {
    let mut list = String::new();
    for index in 0..document.pages().len() {
        let id = state.next();
        list.push_str(&format!("<ofd:Page ID=\"{id}\" BaseLoc=\"Pages/Page_{index}/Content.xml\"/>"));
    }
    let area = document.pages().first().map(page::area).unwrap_or_default();
    let last = state.next();
    format!(
        "{XML}<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>{last}</ofd:MaxUnitID>\
         <ofd:PageArea>{area}</ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>\
         <ofd:Pages>{list}</ofd:Pages></ofd:Document>"
    )
}

/// The numbers of objects, which are unique in a document, and the typefaces among them.
struct Numbering<'a> {
    fonts: &'a Fonts,
    last: u32,
    /// Name, boldness and number of each typeface, in the order of their first use.
    faces: Vec<(String, bool, u32)>,
}

impl<'a> Numbering<'a> {
    fn new(fonts: &'a Fonts) -> Numbering<'a> {
        Numbering { fonts, last: 0, faces: Vec::new() }
    }

    fn next(&mut self) -> u32 {
        self.last += 1;
        self.last
    }

    fn face(&mut self, font: &typst::text::Font) -> u32 {
        let (name, is_bold) = self.fonts.known_as(font.info());
        if let Some((_, _, id)) =
            self.faces.iter().find(|(known, bold, _)| *known == name && *bold == is_bold)
        {
            return *id;
        }
        let id = self.next();
        self.faces.push((name, is_bold, id));
        id
    }

    fn resources(&self) -> String {
        let face = |(name, is_bold, id): &(String, bool, u32)| {
            let name = escaped(name);
            let bold = if *is_bold { " Bold=\"true\"" } else { "" };
            format!("<ofd:Font ID=\"{id}\" FontName=\"{name}\" FamilyName=\"{name}\"{bold}/>")
        };
        let faces: String = self.faces.iter().map(face).collect();
        format!("{XML}<ofd:Res {NAMESPACE} BaseLoc=\"Res\"><ofd:Fonts>{faces}</ofd:Fonts></ofd:Res>")
    }
}
