//! Web pages: the text a reader sees, and its tables as grids. Tables that only lay out the page are opened.

use ego_tree::NodeRef;
use html5ever::driver;
use html5ever::tendril::TendrilSink;
use scraper::{Html, HtmlTreeSink, Node};

use super::block::{self, Block, is_space};
use super::docx::row;

const DEPTH: usize = 200;
const COLUMNS: usize = 64;
const ROWS: usize = 1000;
const LARGEST: usize = 10 * 1024 * 1024;
/// Elements, texts and comments; a report as a page has some thousands.
const NODES: usize = 1_000_000;
/// Of one tag, or words of one comment; the parser compares each attribute with every other.
const ATTRIBUTES: usize = 8000;
/// Of all tags of a page; a picture of four megabytes has so many.
const SLASHES: usize = 60_000;
/// How deep the parser may go before it is stopped: the deeper it is, the longer each tag takes it.
const STACK: usize = 2 * DEPTH;

/// The page as blocks; the line of a position counts paragraphs and rows, its column is the cell.
pub(super) fn blocks(text: &str) -> Result<Vec<Block>, &'static str> {
    let page = parsed(text)?;
    let mut walk = Walk { blocks: Vec::new(), number: 0, text: String::new(), keeps_lines: false };
    walk.children(page.tree.root(), 0)?;
    walk.end();
    Ok(walk.blocks)
}

const TOO_DEEP: &str = "网页的标签嵌套过深，没有读取。请在浏览器中打开，全选复制到文本文件后再试";
const TOO_LARGE: &str = "网页过大，不像年度报告，没有读取。请在浏览器中打开，全选复制到文本文件后再试";

/// The tree of the page. It is parsed piece by piece, since a page of a few bytes can ask for a tree without end: what
/// was opened and not closed is opened again in every paragraph.
fn parsed(text: &str) -> Result<Html, &'static str> {
    const PIECE: usize = 4096;
    if text.len() > LARGEST {
        return Err(TOO_LARGE);
    }
    let sink = HtmlTreeSink::new(Html::new_document());
    let mut parser = driver::parse_document(sink, Default::default());
    let mut rest = text;
    let (mut before, mut words, mut slashes) = ((0, 0), 0, 0);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.ceil_char_boundary(PIECE));
        rest = after;
        parser.process(piece.into());
        let page = parser.tokenizer.sink.sink.0.borrow();
        let count = page.tree.nodes().len();
        let last = page.tree.nodes().next_back();
        if count > NODES {
            return Err(TOO_LARGE);
        }
        if last.is_some_and(|node| node.ancestors().nth(STACK).is_some()) {
            return Err(TOO_DEEP);
        }
        // Where nothing comes out, the parser is inside a tag or a comment.
        let last_text = last.and_then(|node| Some(node.value().as_text()?.len()));
        let now = (count, last_text.unwrap_or_default());
        if now == before {
            let ends_word = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'');
            words += piece.bytes().filter(ends_word).count();
            // A slash parts attributes too, but pictures within the page are full of them.
            slashes += piece.bytes().filter(|byte| *byte == b'/').count();
        } else {
            words = 0;
        }
        before = now;
        if words > ATTRIBUTES || slashes > SLASHES {
            return Err(TOO_LARGE);
        }
    }
    Ok(parser.finish())
}

struct Walk {
    blocks: Vec<Block>,
    number: usize,
    text: String,
    keeps_lines: bool,
}

impl Walk {
    fn children(&mut self, parent: NodeRef<Node>, depth: usize) -> Result<(), &'static str> {
        if depth > DEPTH {
            return Err(TOO_DEEP);
        }
        for child in parent.children() {
            self.node(child, depth)?;
        }
        Ok(())
    }

    fn node(&mut self, node: NodeRef<Node>, depth: usize) -> Result<(), &'static str> {
        let element = match node.value() {
            Node::Text(text) if self.keeps_lines => {
                self.text.push_str(text);
                return Ok(());
            }
            Node::Text(text) => {
                push_collapsed(&mut self.text, text);
                return Ok(());
            }
            Node::Element(element) => element,
            Node::Document | Node::Fragment => return self.children(node, depth + 1),
            _ => return Ok(()),
        };
        if is_hidden(element) {
            return Ok(());
        }
        match element.name() {
            "br" => self.text.push('\n'),
            "table" => {
                self.end();
                if is_layout(node) {
                    self.children(node, depth + 1)?;
                    self.end();
                } else {
                    for texts in grid(node) {
                        self.number += 1;
                        if texts.iter().any(|text| !text.is_empty()) {
                            self.blocks.push(row(texts, self.number));
                        }
                    }
                }
            }
            "pre" | "textarea" => {
                self.end();
                self.keeps_lines = true;
                self.children(node, depth + 1)?;
                self.keeps_lines = false;
                self.end();
            }
            name if is_block(name) => {
                self.end();
                self.children(node, depth + 1)?;
                self.end();
            }
            _ => self.children(node, depth + 1)?,
        }
        Ok(())
    }

    /// Ends the paragraph; what `br` parted are paragraphs of their own.
    fn end(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.chars().any(|c| !is_space(c)) {
            self.number += 1;
            self.blocks.extend(block::lines(&text, self.number));
        }
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "li"
            | "ul"
            | "ol"
            | "tr"
            | "td"
            | "th"
            | "tbody"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "nav"
            | "main"
            | "dl"
            | "dt"
            | "dd"
            | "blockquote"
            | "form"
            | "hr"
            | "center"
            | "body"
            | "caption"
            | "figure"
    )
}

fn is_hidden(element: &scraper::node::Element) -> bool {
    let style = element.attr("style").unwrap_or_default();
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    matches!(
        element.name(),
        "script" | "style" | "noscript" | "template" | "head" | "select" | "button" | "svg"
    ) || style.contains("display:none")
        || style.contains("mso-hide:all")
        || element.attr("hidden").is_some()
}

fn push_collapsed(into: &mut String, text: &str) {
    for c in text.chars() {
        if matches!(c, ' ' | '\n' | '\r' | '\t') {
            if !into.ends_with([' ', '\n']) {
                into.push(' ');
            }
        } else {
            into.push(c);
        }
    }
}

/// A table around other tables, around running text or of a single cell a row holds no figures of its own.
fn is_layout(table: NodeRef<Node>) -> bool {
    let mut cells = 0;
    let mut rows = 0;
    let mut long = false;
    for node in table.descendants().skip(1) {
        let Some(element) = node.value().as_element() else { continue };
        match element.name() {
            "table" => return true,
            "tr" => rows += 1,
            "td" | "th" => {
                cells += 1;
                let texts = node.descendants().filter_map(|inner| inner.value().as_text());
                let characters = texts.flat_map(|text| text.chars()).filter(|c| !is_space(*c));
                long = long || characters.take(121).count() > 120;
            }
            _ => {}
        }
    }
    long || cells <= rows
}

/// The grid of the table as a browser lays it out.
fn grid(table: NodeRef<Node>) -> Vec<Vec<String>> {
    let rows = table.descendants().filter(|node| name(*node) == Some("tr")).filter(|node| !hidden(*node));
    let mut grid: Vec<Vec<String>> = Vec::new();
    // How many more rows the cell above reaches down, for each column.
    let mut covered: Vec<usize> = Vec::new();
    for tr in rows.take(ROWS) {
        let mut texts: Vec<String> = Vec::new();
        let mut next = vec![0_usize; covered.len()];
        let free = |texts: &mut Vec<String>, next: &mut Vec<usize>| {
            while covered.get(texts.len()).is_some_and(|rows| *rows > 0) {
                next[texts.len()] = covered[texts.len()] - 1;
                texts.push(String::new());
            }
        };
        let cells = tr.children().filter(|node| matches!(name(*node), Some("td" | "th")) && !hidden(*node));
        for cell in cells {
            let span = |attribute: &str| {
                let element = cell.value().as_element();
                let value = element.and_then(|element| element.attr(attribute));
                value.and_then(|value| value.trim().parse::<usize>().ok())
            };
            free(&mut texts, &mut next);
            if texts.len() >= COLUMNS {
                break;
            }
            let colspan = span("colspan").unwrap_or(1).clamp(1, COLUMNS - texts.len());
            // 0 means down to the end of the table.
            let rowspan = span("rowspan").map_or(1, |rows| if rows == 0 { ROWS } else { rows.min(ROWS) });
            next.resize(next.len().max(texts.len() + colspan), 0);
            for column in 0..colspan {
                let place = texts.len();
                next[place] = rowspan - 1;
                texts.push(if column == 0 { cell_text(cell) } else { String::new() });
            }
        }
        free(&mut texts, &mut next);
        covered = next;
        grid.push(texts);
    }
    grid
}

fn name(node: NodeRef<'_, Node>) -> Option<&str> {
    node.value().as_element().map(|element| element.name())
}

fn hidden(node: NodeRef<Node>) -> bool {
    node.value().as_element().is_some_and(is_hidden)
}

/// The text of a cell on one line.
fn cell_text(cell: NodeRef<Node>) -> String {
    let mut text = String::new();
    for node in cell.descendants() {
        match node.value() {
            Node::Text(part) => {
                let inside = node.ancestors().take_while(|above| above.id() != cell.id());
                if !inside.into_iter().any(hidden) {
                    push_collapsed(&mut text, part);
                }
            }
            Node::Element(element) if element.name() == "br" || is_block(element.name()) => text.push(' '),
            _ => {}
        }
    }
    text.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
