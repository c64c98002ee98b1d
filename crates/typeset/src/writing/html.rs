//! Clean HTML as blocks.

use ego_tree::NodeRef;
use scraper::{ElementRef, Html, Node};

use super::{Block, Span, Table, TableCell};

/// How far marks may stand within each other; what is deeper counts as text of the deepest.
const DEEPEST: usize = 60;
/// The most columns and rows a cell may span, and columns a table may have.
const MOST: usize = 60;

pub(super) fn blocks(html: &str) -> Vec<Block> {
    let parsed = Html::parse_fragment(html);
    let mut reader = Reader { blocks: Vec::new(), spans: Vec::new() };
    for child in parsed.root_element().children() {
        reader.node(child, Context::default());
    }
    reader.end_paragraph(Context::default());
    reader.blocks
}

/// What the marks around a text make of it.
#[derive(Clone, Copy, Default)]
struct Context {
    depth: usize,
    is_bold: bool,
    is_head: bool,
    is_signature: bool,
    is_unindented: bool,
}

struct Reader {
    blocks: Vec<Block>,
    /// The paragraph that is being read.
    spans: Vec<Span>,
}

impl Reader {
    fn node(&mut self, node: NodeRef<'_, Node>, context: Context) {
        match node.value() {
            Node::Text(text) => self.text(text, context.is_bold),
            Node::Element(_) => {
                if let Some(element) = ElementRef::wrap(node) {
                    self.element(element, context);
                }
            }
            _ => {}
        }
    }

    fn element(&mut self, element: ElementRef<'_>, around: Context) {
        let has = |class: &str| element.value().classes().any(|one| one == class);
        let mut context = Context {
            depth: around.depth + 1,
            is_head: around.is_head || has("document-head"),
            is_signature: around.is_signature || has("signature"),
            is_unindented: around.is_unindented || has("no-indent"),
            ..around
        };
        match element.value().name() {
            "script" | "style" | "template" | "head" | "img" => {}
            "br" => self.text("\n", false),
            "hr" => self.end_paragraph(around),
            "b" | "strong" => {
                context.is_bold = true;
                self.children(element, context);
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end_paragraph(around);
                let text = text_of(element);
                let level = element.value().name().as_bytes()[1] - b'0';
                if !text.is_empty() {
                    // The agency stands above the title, as large.
                    let above =
                        self.blocks.pop_if(|block| context.is_head && matches!(block, Block::Centred(_)));
                    if let Some(Block::Centred(agency)) = above {
                        self.blocks.push(Block::Title(format!("{agency}\n{text}")));
                        return;
                    }
                    self.blocks.push(match (context.is_head, level) {
                        (true, _) => Block::Title(text),
                        (false, 1..=3) => Block::Heading { level: 1, text },
                        (false, _) => Block::Heading { level: 2, text },
                    });
                }
            }
            "table" => {
                self.end_paragraph(around);
                self.blocks.extend(table(element).map(Block::Table));
            }
            "ul" | "ol" => {
                self.end_paragraph(around);
                let is_numbered = element.value().name() == "ol";
                let first: i64 = element.attr("start").and_then(|start| start.parse().ok()).unwrap_or(1);
                let items = element.child_elements().filter(|child| child.value().name() == "li");
                for (number, item) in (first..).zip(items) {
                    self.text(&if is_numbered { format!("{number}. ") } else { "• ".to_owned() }, false);
                    self.children(item, context);
                    self.end_paragraph(context);
                }
            }
            "p" | "div" | "li" | "blockquote" | "section" | "article" | "pre" => {
                self.end_paragraph(around);
                self.children(element, context);
                self.end_paragraph(context);
            }
            _ => self.children(element, context),
        }
    }

    fn children(&mut self, element: ElementRef<'_>, context: Context) {
        if context.depth > DEEPEST {
            self.text(&text_of(element), context.is_bold);
            return;
        }
        for child in element.children() {
            self.node(child, context);
        }
    }

    fn text(&mut self, text: &str, is_bold: bool) {
        match self.spans.last_mut() {
            Some(last) if last.is_bold == is_bold => last.text.push_str(text),
            _ => self.spans.push(Span { text: text.to_owned(), is_bold }),
        }
    }

    /// Turns what was read since the last block into one, if it says anything.
    fn end_paragraph(&mut self, context: Context) {
        let spans = tidy(std::mem::take(&mut self.spans));
        if spans.is_empty() {
            return;
        }
        let text = || spans.iter().map(|span| span.text.as_str()).collect::<String>();
        self.blocks.push(if context.is_signature {
            Block::Signature(text())
        } else if context.is_head {
            Block::Centred(text())
        } else if context.is_unindented {
            Block::Addressee(text())
        } else {
            Block::Paragraph(spans)
        });
    }
}

/// Runs of white space are one space, none at the edges, none between characters; line breaks of `br` stay.
fn tidy(spans: Vec<Span>) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut is_start = true;
    for span in spans {
        let mut text = String::with_capacity(span.text.len());
        for c in span.text.chars() {
            let is_space = c == ' ' || c == '\t' || c == '\r' || c == '\u{a0}';
            if is_space {
                if !is_start && !text.ends_with([' ', '\n']) {
                    text.push(' ');
                }
            } else if c == '\n' {
                if !is_start {
                    text.push('\n');
                }
            } else {
                is_start = false;
                text.push(c);
            }
        }
        if !text.is_empty() {
            out.push(Span { text, ..span });
        }
    }
    while let Some(last) = out.last_mut() {
        let kept = last.text.trim_end().len();
        last.text.truncate(kept);
        if kept > 0 {
            break;
        }
        out.pop();
    }
    out
}

/// The text below an element in one line.
fn text_of(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn table(element: ElementRef<'_>) -> Option<Table> {
    let mut table = Table::default();
    let mut todo: Vec<ElementRef<'_>> = element.child_elements().collect();
    todo.reverse();
    while let Some(part) = todo.pop() {
        match part.value().name() {
            "caption" => table.caption = text_of(part),
            "thead" | "tbody" | "tfoot" => {
                todo.extend(part.child_elements().collect::<Vec<_>>().into_iter().rev())
            }
            "tr" => {
                let cells: Vec<TableCell> = part.child_elements().filter_map(table_cell).collect();
                if !cells.is_empty() {
                    table.rows.push(cells);
                }
            }
            _ => {}
        }
    }
    let columns = columns(&mut table.rows)?;
    table.columns = vec![1; columns];
    Some(table)
}

fn table_cell(cell: ElementRef<'_>) -> Option<TableCell> {
    let is_header = match cell.value().name() {
        "th" => true,
        "td" => false,
        _ => return None,
    };
    let span = |name| {
        let typed = cell.attr(name).and_then(|typed| typed.parse::<usize>().ok());
        typed.unwrap_or(1).clamp(1, MOST)
    };
    Some(TableCell {
        text: text_of(cell),
        colspan: span("colspan"),
        rowspan: span("rowspan"),
        is_header,
        is_left: false,
    })
}

/// How many columns the table has; every row is filled up to it, and no cell reaches over an edge. `None` when there is
/// nothing to show.
fn columns(rows: &mut [Vec<TableCell>]) -> Option<usize> {
    let count = rows.len();
    // How many rows below are taken in each column, from cells further up.
    let mut taken: Vec<usize> = Vec::new();
    let mut widths = Vec::with_capacity(count);
    for (index, row) in rows.iter_mut().enumerate() {
        let mut column = 0;
        for cell in row.iter_mut() {
            while taken.get(column).is_some_and(|rows| *rows > 0) {
                column += 1;
            }
            let free = taken.iter().skip(column).position(|rows| *rows > 0).unwrap_or(MOST);
            cell.colspan = cell.colspan.min(free).max(1);
            cell.rowspan = cell.rowspan.min(count - index);
            taken.resize(taken.len().max(column + cell.colspan), 0);
            taken[column..column + cell.colspan].fill(cell.rowspan);
            column += cell.colspan;
        }
        widths.push(taken.iter().filter(|rows| **rows > 0).count());
        taken.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
    }
    let most = *widths.iter().max()?;
    for (row, width) in rows.iter_mut().zip(widths) {
        row.extend((width..most).map(|_| TableCell::new("")));
    }
    (1..=MOST).contains(&most).then_some(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_becomes_its_blocks() {
        let html = "<div class=\"document-head\"><p>松溪镇人民政府</p><h2>答复书</h2><p>松溪政公复〔2026〕1号</p></div>\n\
                    <p class=\"no-indent\">何小舟：</p>\n<p>一件<b>申请</b>。<br>第二行</p><h3>理由</h3>\
                    <p class=\"signature\">松溪镇人民政府</p>";
        let span = |text: &str, is_bold| Span { text: text.into(), is_bold };
        assert_eq!(
            blocks(html),
            [
                Block::Title("松溪镇人民政府\n答复书".into()),
                Block::Centred("松溪政公复〔2026〕1号".into()),
                Block::Addressee("何小舟：".into()),
                Block::Paragraph(vec![span("一件", false), span("申请", true), span("。\n第二行", false)]),
                Block::Heading { level: 1, text: "理由".into() },
                Block::Signature("松溪镇人民政府".into()),
            ]
        );
    }

    #[test]
    fn a_ragged_table_is_filled_up() {
        let html = "<table><caption>名单</caption><tr><th>序号</th><th colspan=2>姓名</th></tr><tr><td rowspan=9>1</td></tr></table>";
        let read = blocks(html);
        let [Block::Table(table)] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!((table.caption.as_str(), table.columns.len()), ("名单", 3));
        assert_eq!(table.rows[1].len(), 3);
        assert_eq!(table.rows[1][0].rowspan, 1);
        assert_eq!(table.header_rows(), 1);
        assert_eq!(blocks("<table></table>"), []);
    }

    #[test]
    fn lists_and_deep_marks_stay_text() {
        let deep = format!("{}深{}", "<div>".repeat(5000), "</div>".repeat(5000));
        assert_eq!(blocks(&deep), [Block::paragraph("深")]);
        let list = "<ol start=3><li>甲</li><li>乙<ul><li>丙</li></ul></li></ol>";
        let shown = ["3. 甲", "4. 乙", "• 丙"].map(Block::paragraph);
        assert_eq!(blocks(list), shown);
    }
}
