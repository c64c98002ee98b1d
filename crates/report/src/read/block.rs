use crate::model::Position;

/// A cell of a table row as it stands in the source.
#[derive(Debug, Clone)]
pub(super) struct RawCell {
    pub(super) text: String,
    pub(super) at: Position,
}

/// What every format is brought into: paragraphs and table rows in reading order.
#[derive(Debug, Clone)]
pub(super) enum Block {
    Paragraph { text: String, at: Position },
    Row { cells: Vec<RawCell>, at: Position },
}

/// Lines of text: a line with tabs or pipes is a row of a table, every other line a paragraph.
pub(super) fn from_text(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if is_blank(line) {
            continue;
        }
        let separator = if line.contains('\t') {
            Some(&['\t'][..])
        } else if line.contains(['|', '｜']) {
            Some(&['|', '｜'][..])
        } else {
            None
        };
        let Some(separator) = separator else {
            blocks.push(paragraph(line, number, 1));
            continue;
        };
        let mut cells = split(line, number, separator);
        if separator != ['\t'] {
            // The outer pipes are the frame of the row, not cells.
            if cells.first().is_some_and(|cell| cell.text.is_empty()) {
                cells.remove(0);
            }
            if cells.last().is_some_and(|cell| cell.text.is_empty()) {
                cells.pop();
            }
            if is_rule(&cells) {
                continue;
            }
        }
        let mut filled = cells.iter().filter(|cell| !cell.text.is_empty());
        match (filled.next(), filled.next()) {
            // An indented paragraph, not a row.
            (Some(only), None)
                if only.text.contains(['，', '。', '；']) && only.text.chars().count() > 30 =>
            {
                let only = only.clone();
                blocks.push(paragraph(&only.text, number, only.at.column));
            }
            (None, _) => {}
            _ => blocks.push(Block::Row { cells, at: Position { line: number, column: 1 } }),
        }
    }
    blocks
}

fn paragraph(text: &str, line: usize, column: usize) -> Block {
    let indent = text.chars().take_while(|c| is_space(*c)).count();
    Block::Paragraph {
        text: text.trim_matches(is_space).to_owned(),
        at: Position { line, column: column + indent },
    }
}

fn split(line: &str, number: usize, separators: &[char]) -> Vec<RawCell> {
    let mut column = 1;
    let mut cells = Vec::with_capacity(12);
    for part in line.split(separators) {
        let indent = part.chars().take_while(|c| is_space(*c)).count();
        cells.push(RawCell {
            text: part.trim_matches(is_space).to_owned(),
            at: Position { line: number, column: column + indent },
        });
        column += part.chars().count() + 1;
    }
    cells
}

/// The |---|:--:| line below a Markdown heading.
fn is_rule(cells: &[RawCell]) -> bool {
    let dashes = |text: &str| text.matches('-').count() >= 3 && text.chars().all(|c| c == '-' || c == ':');
    !cells.is_empty() && cells.iter().all(|cell| dashes(&cell.text))
}

fn is_blank(line: &str) -> bool {
    line.chars().all(is_space)
}

/// White space, with the invisible characters that word processors leave behind.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')
}
