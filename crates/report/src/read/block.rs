use crate::model::{Position, PositionKind};

/// A cell of a table row as it stands in the source.
#[derive(Debug, Clone)]
pub(super) struct RawCell {
    pub(super) text: String,
    pub(super) at: Position,
}

/// What every format is brought into: paragraphs and table rows in reading order.
#[derive(Debug, Clone)]
pub(super) enum Block {
    Paragraph {
        text: String,
        at: Position,
    },
    /// `in_grid`: the source itself says in which column each cell stands. Without cells: a run of pipes on a line
    /// of its own, which stands for empty cells.
    Row {
        cells: Vec<RawCell>,
        at: Position,
        in_grid: bool,
    },
}

impl Block {
    /// Changes every position of the block.
    pub(super) fn place(&mut self, mut change: impl FnMut(&mut Position)) {
        match self {
            Self::Paragraph { at, .. } => change(at),
            Self::Row { cells, at, .. } => {
                change(at);
                cells.iter_mut().for_each(|cell| change(&mut cell.at));
            }
        }
    }
}

/// Lines of text: a line with tabs or pipes is a row of a table, every other line a paragraph.
pub(super) fn from_text(text: &str) -> Vec<Block> {
    let mut lines = Lines::default();
    for (index, line) in text.lines().enumerate() {
        lines.push(line, index + 1);
    }
    lines.blocks
}

/// The lines of one paragraph of a document whose paragraphs and rows are numbered instead of lines.
pub(super) fn lines(text: &str, number: usize) -> Vec<Block> {
    let mut lines = Lines::default();
    text.lines().for_each(|line| lines.push(line, number));
    lines.blocks.iter_mut().for_each(|block| block.place(|at| at.kind = PositionKind::Block));
    lines.blocks
}

#[derive(Default)]
struct Lines {
    blocks: Vec<Block>,
    /// The last line was a cell whose closing pipe may stand on a line of its own.
    open_cell: bool,
}

impl Lines {
    fn ends_with_one_cell(&self) -> bool {
        matches!(self.blocks.last(), Some(Block::Row { cells, .. }) if cells.len() == 1 && !cells[0].text.is_empty())
    }

    fn push(&mut self, line: &str, number: usize) {
        if is_blank(line) || is_page_number(line) || is_division(line) {
            return;
        }
        if line.chars().all(|c| is_space(c) || is_pipe(c)) {
            // A pipe closes the cell on the line before it, or one that is empty. Several are what is left of
            // cells that were merged or squeezed out: how many there were is not known.
            let pipes = line.chars().filter(|c| is_pipe(*c)).count();
            if pipes == 1 && !self.open_cell {
                let at = Position::new(number, 1);
                self.blocks.push(Block::Row {
                    cells: vec![RawCell { text: String::new(), at }],
                    at,
                    in_grid: false,
                });
            } else if pipes > 1 && self.ends_with_one_cell() {
                // Where a label stands before them, all cells of its row are empty.
                let at = Position::new(number, 1);
                self.blocks.push(Block::Row { cells: Vec::new(), at, in_grid: false });
            }
            self.open_cell = false;
            return;
        }
        let has_pipes = line.contains('|') || line.contains("｜");
        self.open_cell = !line.trim_end_matches(is_space).ends_with(is_pipe);
        // Tabs before a cell that ends with a pipe only indent it.
        let has_tabs = match has_pipes {
            true => line.trim_matches(is_space).contains('\t'),
            false => line.contains('\t'),
        };
        if !has_tabs && !has_pipes {
            self.blocks.push(paragraph(line, number, 1));
            return;
        }
        let mut cells =
            if has_tabs { cells(line.split('\t'), number) } else { cells(line.split(is_pipe), number) };
        if !has_tabs {
            // The outer pipes are the frame of the row, not cells.
            if cells.first().is_some_and(|cell| cell.text.is_empty()) {
                cells.remove(0);
            }
            if cells.last().is_some_and(|cell| cell.text.is_empty()) {
                cells.pop();
            }
            if is_rule(&cells) {
                return;
            }
        }
        let mut filled = cells.iter().filter(|cell| !cell.text.is_empty());
        match (filled.next(), filled.next()) {
            // An indented paragraph, not a row.
            (Some(only), None)
                if only.text.contains(['，', '。', '；']) && only.text.chars().count() > 30 =>
            {
                let only = only.clone();
                self.blocks.push(paragraph(&only.text, number, only.at.column));
            }
            (None, _) => {}
            _ => self.blocks.push(Block::Row { cells, at: Position::new(number, 1), in_grid: false }),
        }
    }
}

fn paragraph(text: &str, line: usize, column: usize) -> Block {
    let indent = text.chars().take_while(|c| is_space(*c)).count();
    Block::Paragraph {
        text: text.trim_matches(is_space).to_owned(),
        at: Position::new(line, column + indent),
    }
}

/// The cells of line `number`, from what stands between its separators.
fn cells<'l>(parts: impl Iterator<Item = &'l str>, number: usize) -> Vec<RawCell> {
    let mut column = 1;
    let mut cells = Vec::with_capacity(12);
    for part in parts {
        let indent = part.chars().take_while(|c| is_space(*c)).count();
        cells.push(RawCell {
            text: plain(part.trim_matches(is_space)),
            at: Position::new(number, column + indent),
        });
        column += part.chars().count() + 1;
    }
    cells
}

/// The text of a cell without the marks of Markdown and the entities of HTML that converters leave in it.
fn plain(cell: &str) -> String {
    if !cell.bytes().any(|byte| matches!(byte, b'*' | b'\\' | b'&' | b'<' | b'_')) {
        return cell.to_owned();
    }
    let mut text = cell.replace("**", "").replace("__", "").replace("&nbsp;", " ").replace("&amp;", "&");
    for line_break in ["<br>", "<br/>", "<br />", "<BR>"] {
        text = text.replace(line_break, "");
    }
    // 3\.其他
    let mut chars = text.chars().peekable();
    let mut kept = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        let is_escape = c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation);
        if !is_escape {
            kept.push(c);
        }
    }
    kept.trim_matches(is_space).to_owned()
}

/// The |---|:--:| line below a Markdown heading.
fn is_rule(cells: &[RawCell]) -> bool {
    let dashes = |text: &str| text.matches('-').count() >= 3 && text.chars().all(|c| c == '-' || c == ':');
    !cells.is_empty() && cells.iter().all(|cell| dashes(&cell.text))
}

/// <div class="…">, </div>, ::: — what converters leave of a page around its text.
fn is_division(line: &str) -> bool {
    let bare = line.trim_matches(is_space);
    let tag = bare.starts_with("<div") || bare.starts_with("</div") || bare.starts_with(":::");
    tag && (bare.starts_with(":::") || bare.ends_with('>') && bare.matches('>').count() == 1)
}

fn is_pipe(c: char) -> bool {
    matches!(c, '|' | '｜')
}

/// - 3 -, —3—, 第3页 on a line of its own.
pub(super) fn is_page_number(line: &str) -> bool {
    let begins = |c: char| c == '第' || matches!(c, '-' | '—' | '–' | '－' | '―');
    let bare = line.trim_start_matches(is_space);
    if !bare.starts_with(begins) || !line.bytes().any(|b| b.is_ascii_digit()) || line.trim().len() > 60 {
        return false;
    }
    let bare: String = line.chars().filter(|c| !is_space(*c)).collect();
    let digits = |text: &str| !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    let dash = ['-', '—', '–', '－', '―'];
    let dashed = bare.trim_start_matches(dash).trim_end_matches(dash);
    let both = bare.starts_with(dash) && bare.ends_with(dash);
    let page = bare.strip_prefix('第').and_then(|rest| rest.split_once('页')).map(|(number, _)| number);
    both && digits(dashed) || page.is_some_and(digits) && bare.chars().count() <= 10
}

fn is_blank(line: &str) -> bool {
    line.chars().all(is_space)
}

/// White space, with the invisible characters that word processors leave behind.
pub(super) fn is_space(c: char) -> bool {
    // Nearly every character is one of these.
    if ('\u{3001}'..'\u{feff}').contains(&c) || c.is_ascii_digit() {
        return false;
    }
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')
}
