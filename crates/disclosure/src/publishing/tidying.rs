//! What comes out of Word, WPS or another page, as the plain structure of a text: paragraphs, headings, lists, tables,
//! links. Only tidiness is decided here; what may be stored at all is decided by [`super::body::cleaned`].

use ego_tree::NodeRef;
use html5ever::driver;
use html5ever::tendril::TendrilSink;
use scraper::node::Element;
use scraper::{Html, HtmlTreeSink, Node};

use super::html_text::{Block, Run, Runs, Style, Tag, is_picture_address, serialised};

const DEPTH: usize = 200;
/// Elements and texts of one paste; a thick report from Word has some ten thousand.
const NODES: usize = 300_000;

/// A paste, tidied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    pub html: String,
    /// Pictures that could not be taken along: they lie on the computer they were copied on.
    pub lost_pictures: usize,
}

/// Whether the marks ask for more than a text would: then only its words are worth keeping.
pub(super) fn is_monstrous(html: &str) -> bool {
    parsed(html).is_none()
}

/// Tidies a paste.
pub fn tidied(html: &str) -> Tidied {
    let Some(page) = parsed(html) else {
        return Tidied { html: super::body::words_only(html), lost_pictures: 0 };
    };
    let mut walk = Walk::default();
    walk.children(page.tree.root(), 0, &Style::default());
    walk.end();
    Tidied { html: serialised(&walk.blocks), lost_pictures: walk.lost_pictures }
}

/// The tree, or nothing when it grows without measure: what is opened and not closed is opened again in every
/// paragraph, so a few bytes can ask for a tree without end.
fn parsed(html: &str) -> Option<Html> {
    const PIECE: usize = 4096;
    let sink = HtmlTreeSink::new(Html::new_document());
    let mut parser = driver::parse_document(sink, Default::default());
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.ceil_char_boundary(PIECE));
        rest = after;
        parser.process(piece.into());
        let page = parser.tokenizer.sink.sink.0.borrow();
        let last = page.tree.nodes().next_back();
        let is_too_deep = last.is_some_and(|node| node.ancestors().nth(DEPTH).is_some());
        if page.tree.nodes().len() > NODES || is_too_deep {
            return None;
        }
    }
    Some(parser.finish())
}

#[derive(Default)]
struct Walk {
    blocks: Vec<Block>,
    line: Runs,
    /// What the words being read will be.
    tag: Tag,
    lost_pictures: usize,
}

impl Walk {
    fn children(&mut self, parent: NodeRef<Node>, depth: usize, style: &Style) {
        if depth > 2 * DEPTH {
            return;
        }
        for child in parent.children() {
            match child.value() {
                Node::Text(text) => self.line.push_collapsed(text, style),
                Node::Element(element) => self.element(child, element, depth, style),
                Node::Document | Node::Fragment => self.children(child, depth + 1, style),
                _ => {}
            }
        }
    }

    fn element(&mut self, node: NodeRef<Node>, element: &Element, depth: usize, style: &Style) {
        let css = Css::of(element);
        if is_left_out(element, &css) {
            return;
        }
        let style = &css.on(element, style);
        let into = |walk: &mut Walk, tag: Tag| {
            walk.end();
            let outer = std::mem::replace(&mut walk.tag, tag);
            walk.children(node, depth + 1, style);
            walk.end();
            walk.tag = outer;
        };
        match element.name() {
            "br" => self.line.push_break(),
            "hr" => {
                self.end();
                self.blocks.push(Block::whole("<hr>"));
            }
            "img" => self.picture(element),
            name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => {
                let level = name.as_bytes()[1] - b'0';
                into(self, Tag::Heading(level));
            }
            "p" | "div" | "section" | "article" | "center" | "pre" | "address" | "dd" | "dt" | "figure"
            | "figcaption" | "main" | "header" | "footer" => match css.paragraph(element) {
                // A box around paragraphs is no paragraph, and changes nothing about what is in it.
                None => into(self, self.tag),
                Some(tag) => into(self, tag),
            },
            "ul" | "ol" => {
                self.end();
                let list = self.list(node, element, depth, style);
                self.blocks.extend(list.map(|html| Block::whole(&html)));
            }
            "li" => into(self, Tag::Item),
            "blockquote" => into(self, Tag::Quote),
            "table" => {
                self.end();
                let table = self.table(node, depth, style);
                self.blocks.extend(table.map(|html| Block::whole(&html)));
            }
            _ => self.children(node, depth + 1, style),
        }
    }

    fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        if let Some(block) = line.into_block(self.tag) {
            self.blocks.push(block);
        }
    }

    /// What stands within an element, by itself.
    fn within(&mut self, node: NodeRef<Node>, depth: usize, style: &Style) -> Vec<Block> {
        let mut inner = Walk::default();
        inner.children(node, depth + 1, style);
        inner.end();
        self.lost_pictures += inner.lost_pictures;
        inner.blocks
    }

    fn list(
        &mut self,
        node: NodeRef<Node>,
        element: &Element,
        depth: usize,
        style: &Style,
    ) -> Option<String> {
        if depth > DEPTH {
            return None;
        }
        let mut items = String::new();
        for child in node.children() {
            let is_list = child.value().as_element().is_some_and(|inner| matches!(inner.name(), "ul" | "ol"));
            if is_list {
                // Word puts a list within a list beside its item, not in it.
                if let Some(inner) =
                    child.value().as_element().and_then(|e| self.list(child, e, depth + 1, style))
                {
                    match items.strip_suffix("</li>\n") {
                        Some(before) => items = format!("{before}{inner}</li>\n"),
                        None => items += &format!("<li>{inner}</li>\n"),
                    }
                }
                continue;
            }
            let words = super::html_text::inline(&self.within(child, depth, style));
            if !words.is_empty() {
                items += &format!("<li>{words}</li>\n");
            }
        }
        if items.is_empty() {
            return None;
        }
        let name = element.name();
        let start = element.attr("start").filter(|_| name == "ol").and_then(|n| n.parse::<u16>().ok());
        let start = start.filter(|n| *n > 1).map_or_else(String::new, |n| format!(" start=\"{n}\""));
        Some(format!("<{name}{start}>{}</{name}>", items.trim_end()))
    }

    fn table(&mut self, node: NodeRef<Node>, depth: usize, style: &Style) -> Option<String> {
        if depth > DEPTH {
            return None;
        }
        let mut rows = String::new();
        let mut caption = String::new();
        let (mut cells_seen, mut words_seen) = (0, 0);
        let mut stack: Vec<NodeRef<Node>> = node.children().rev().collect();
        while let Some(part) = stack.pop() {
            let Some(element) = part.value().as_element() else { continue };
            match element.name() {
                "thead" | "tbody" | "tfoot" => stack.extend(part.children().rev()),
                "caption" => caption = super::html_text::inline(&self.within(part, depth, style)),
                "tr" => {
                    let mut row = String::new();
                    for cell in part.children() {
                        let Some(element) = cell.value().as_element() else { continue };
                        let name = element.name();
                        if !matches!(name, "td" | "th") {
                            continue;
                        }
                        let words = super::html_text::inline(&self.within(cell, depth, style));
                        cells_seen += 1;
                        words_seen += usize::from(!words.is_empty());
                        let span = |attribute: &str| {
                            let span = element.attr(attribute).and_then(|n| n.parse::<u16>().ok());
                            span.filter(|n| (2..=1000).contains(n))
                                .map_or_else(String::new, |n| format!(" {attribute}=\"{n}\""))
                        };
                        row += &format!("<{name}{}{}>{words}</{name}>", span("colspan"), span("rowspan"));
                    }
                    if !row.is_empty() {
                        rows += &format!("<tr>{row}</tr>\n");
                    }
                }
                _ => {}
            }
        }
        if words_seen == 0 {
            return None;
        }
        if cells_seen == 1 {
            // A frame drawn around the text.
            self.children(node, depth + 1, style);
            self.end();
            return None;
        }
        let caption =
            if caption.is_empty() { String::new() } else { format!("<caption>{caption}</caption>") };
        Some(format!("<table>{caption}<tbody>{}</tbody></table>", rows.trim_end()))
    }

    fn picture(&mut self, element: &Element) {
        let address = element.attr("src").map(|src| src.trim_start_matches("/console")).unwrap_or_default();
        if is_picture_address(address) {
            self.line.push(Run::picture(address, element.attr("alt").unwrap_or_default()));
        } else {
            self.lost_pictures += 1;
        }
    }
}

/// What the style of an element says that is more than looks.
struct Css(String);

impl Css {
    fn of(element: &Element) -> Css {
        let style = element.attr("style").unwrap_or_default().to_lowercase();
        Css(style.chars().filter(|c| !c.is_whitespace()).collect())
    }

    fn value(&self, property: &str) -> Option<&str> {
        self.0.split(';').find_map(|rule| rule.strip_prefix(property)?.strip_prefix(':'))
    }

    fn on(&self, element: &Element, outer: &Style) -> Style {
        let mut style = outer.clone();
        match element.name() {
            "b" | "strong" => style.is_bold = true,
            "i" | "em" => style.is_italic = true,
            "u" => style.is_underlined = true,
            "sub" => style.is_low = true,
            "sup" => style.is_high = true,
            "a" => style.href = element.attr("href").map(ToOwned::to_owned),
            _ => {}
        }
        match self.value("font-weight") {
            Some("normal" | "lighter" | "100" | "200" | "300" | "400" | "500") => style.is_bold = false,
            Some(_) => style.is_bold = true,
            None => {}
        }
        match self.value("font-style") {
            Some("italic" | "oblique") => style.is_italic = true,
            Some("normal") => style.is_italic = false,
            _ => {}
        }
        if self.value("text-decoration").is_some_and(|line| line.contains("underline")) {
            style.is_underlined = true;
        }
        match self.value("vertical-align") {
            Some("super") => style.is_high = true,
            Some("sub") => style.is_low = true,
            _ => {}
        }
        // A link is marked as one already.
        style.is_underlined &= style.href.is_none();
        style
    }

    /// Whether an element that may be a paragraph is one, and which.
    fn paragraph(&self, element: &Element) -> Option<Tag> {
        let class = element.attr("class").unwrap_or_default();
        let level = self.value("mso-outline-level").and_then(|level| level.parse().ok());
        if let Some(level @ 1..=6) = level {
            return Some(Tag::Heading(level));
        }
        if class.split_whitespace().any(|one| one == "MsoTitle") {
            return Some(Tag::Heading(1));
        }
        let is_listed = self.value("mso-list").is_some_and(|list| list.contains("level"));
        if is_listed {
            return Some(Tag::Numbered);
        }
        (element.name() == "p").then_some(Tag::Paragraph)
    }
}

fn is_left_out(element: &Element, css: &Css) -> bool {
    let class = element.attr("class").unwrap_or_default();
    matches!(
        element.name(),
        "head"
            | "style"
            | "script"
            | "title"
            | "meta"
            | "link"
            | "xml"
            | "template"
            | "noscript"
            | "iframe"
            | "object"
            | "embed"
            | "svg"
            | "math"
            | "select"
            | "textarea"
            | "button"
            | "input"
            | "del"
            | "video"
            | "audio"
            | "canvas"
    ) || css.value("display") == Some("none")
        || css.value("mso-hide").is_some()
        || css.0.contains("mso-element:comment")
        || css.0.contains("mso-comment-reference")
        || class.split_whitespace().any(|one| matches!(one, "msoDel" | "MsoCommentReference"))
}
