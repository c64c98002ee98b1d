//! 公文 — a letter, a form or an entry on paper: a run of blocks, taken from clean HTML or put together, given out as Word
//! document, PDF or OFD. All three show the same blocks.

mod docx;
mod html;

use gongkai_report::write::{NotWritten, is_legal};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::{Document, Engine, FileFormat, NoFile, NotLaidOut, Template};

const TEMPLATE: Template = Template { name: "writing", source: include_str!("../../templates/writing.typ") };

/// A text to be put on paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writing {
    /// What the file calls itself.
    pub title: String,
    /// The agency.
    pub author: String,
    pub blocks: Vec<Block>,
}

/// One piece of a writing, from top to bottom. Texts may have line breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// 标题, in the middle, the agency's name on a line above it where it has one.
    Title(String),
    /// 发文字号 and whatever else stands in the middle below the title.
    Centred(String),
    /// 抬头: from the edge.
    Addressee(String),
    Paragraph(Vec<Span>),
    /// 一级 or 二级标题.
    Heading {
        level: u8,
        text: String,
    },
    /// 落款.
    Signature(String),
    Table(Table),
}

/// Text of one weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub is_bold: bool,
}

/// Rows of cells, each cell where it starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub caption: String,
    /// How wide the columns are beside each other.
    pub columns: Vec<u16>,
    pub rows: Vec<Vec<TableCell>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableCell {
    pub text: String,
    pub colspan: usize,
    pub rowspan: usize,
    pub is_header: bool,
    /// Running text: from the left edge, not in the middle.
    pub is_left: bool,
}

impl Block {
    pub fn paragraph(text: impl Into<String>) -> Block {
        Block::Paragraph(vec![Span { text: text.into(), is_bold: false }])
    }
}

impl TableCell {
    pub fn new(text: impl Into<String>) -> TableCell {
        TableCell { text: text.into(), colspan: 1, rowspan: 1, is_header: false, is_left: false }
    }

    pub fn header(text: impl Into<String>) -> TableCell {
        TableCell { is_header: true, ..TableCell::new(text) }
    }

    /// Running text, several lines of it.
    pub fn running(text: impl Into<String>) -> TableCell {
        TableCell { is_left: true, ..TableCell::new(text) }
    }

    pub fn across(self, colspan: usize) -> TableCell {
        TableCell { colspan, ..self }
    }
}

impl Table {
    /// The first rows that have nothing but header cells: they repeat on every page.
    fn header_rows(&self) -> usize {
        self.rows.iter().take_while(|row| row.iter().all(|cell| cell.is_header)).count()
    }
}

impl Writing {
    /// Of HTML that was cleaned before: what is no block of text is left out. In a `document-head` the `h2` (or `h1`) is
    /// the title.
    pub fn of_html(title: &str, author: &str, html: &str) -> Writing {
        Writing { title: title.into(), author: author.into(), blocks: html::blocks(html) }
    }

    /// The formats a writing is given out in, by this program.
    pub fn formats() -> impl Iterator<Item = FileFormat> {
        FileFormat::offered().filter(|format| {
            matches!(format, FileFormat::Plain(gongkai_report::write::Format::Docx)) || format.is_on_paper()
        })
    }

    /// The bytes of a file; `None` for a format that shows no writing.
    pub fn write(
        &self,
        format: FileFormat,
        made_on: Date,
        engine: &Engine,
    ) -> Option<Result<Vec<u8>, NoFile>> {
        use gongkai_report::write::Format;
        Some(match format {
            FileFormat::Pdf => self.lay_out(engine).and_then(|laid| laid.pdf(made_on)).map_err(NoFile::from),
            FileFormat::Ofd => self.lay_out(engine).and_then(|laid| laid.ofd(made_on)).map_err(NoFile::from),
            FileFormat::Plain(Format::Docx) => self.docx().map_err(NoFile::from),
            FileFormat::Plain(_) => return None,
        })
    }

    pub fn lay_out<'a>(&self, engine: &'a Engine) -> Result<Document<'a>, NotLaidOut> {
        engine.lay_out(TEMPLATE, &self.data())
    }

    pub fn docx(&self) -> Result<Vec<u8>, NotWritten> {
        docx::write(self)
    }

    fn data(&self) -> Value {
        let blocks: Vec<Value> = self.blocks.iter().map(data_of).collect();
        json!({ "title": printable(&self.title), "author": printable(&self.author), "blocks": blocks })
    }
}

fn data_of(block: &Block) -> Value {
    let plain = |kind: &str, text: &str| json!({ "kind": kind, "text": printable(text) });
    match block {
        Block::Title(text) => plain("title", text),
        Block::Centred(text) => plain("centred", text),
        Block::Addressee(text) => plain("addressee", text),
        Block::Signature(text) => plain("signature", text),
        Block::Heading { level, text } => {
            json!({ "kind": "heading", "level": level, "text": printable(text) })
        }
        Block::Paragraph(spans) => {
            let spans: Vec<Value> = spans
                .iter()
                .map(|span| json!({ "text": printable(&span.text), "bold": span.is_bold }))
                .collect();
            json!({ "kind": "paragraph", "spans": spans })
        }
        Block::Table(table) => {
            let heads = table.header_rows();
            let rows: Vec<Value> = table.rows.iter().map(|row| row.iter().map(cell_data).collect()).collect();
            json!({
                "kind": "table",
                "caption": printable(&table.caption),
                "columns": table.columns,
                "heads": rows[..heads],
                "rows": rows[heads..],
            })
        }
    }
}

fn cell_data(cell: &TableCell) -> Value {
    json!({
        "text": printable(&cell.text),
        "colspan": cell.colspan,
        "rowspan": cell.rowspan,
        "header": cell.is_header,
        "left": cell.is_left,
    })
}

/// Without characters that no typeface shows: a control character would be an empty box.
pub(crate) fn printable(text: &str) -> String {
    text.chars().filter(|c| is_legal(*c)).map(|c| if c == '\t' { ' ' } else { c }).collect()
}
