/// Where something stands in the source text: line and column count from 1, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub line: usize,
    pub column: usize,
    pub kind: PositionKind,
}

/// What a person can look up of a position. What has no lines still has an order, which the line then gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PositionKind {
    /// Line and column of a text.
    Line,
    /// The line counts paragraphs and rows, the column cells.
    Block,
    /// The same, on this page.
    Page(usize),
}

impl Position {
    pub fn new(line: usize, column: usize) -> Self {
        Self { line, column, kind: PositionKind::Line }
    }

    pub fn page(self) -> Option<usize> {
        match self.kind {
            PositionKind::Page(page) => Some(page),
            PositionKind::Line | PositionKind::Block => None,
        }
    }

    /// The place so many characters further on the same line.
    pub fn further(self, characters: usize) -> Self {
        Self { column: self.column + characters, ..self }
    }
}

/// What stands in a cell. Zero, blank, explicit none and lost are four different things and stay so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A whole number of 件, items or projects.
    Count(i64),
    /// Money: the decimal in 万元 of 行政事业性收费, or the printed text of 采购总金额 with its unit.
    Amount(String),
    /// The cell is there and nothing stands in it.
    Blank,
    /// 无、—、/ — the author wrote that there is none.
    ExplicitNone,
    /// The cell or its value did not survive in the source; what it held is unknown.
    Lost,
}

/// One cell: its content and where it was read.
///
/// Two cells are equal when they hold the same; the position is provenance, not identity.
#[derive(Debug, Clone)]
pub struct Cell {
    pub content: Content,
    pub at: Option<Position>,
    /// The text as printed, kept when it could not be taken as a value.
    pub printed: Option<String>,
    /// The value was cut out of digits printed without spaces, or given to its row by its place, such that the sums
    /// hold: they then prove nothing about it.
    pub reconstructed: bool,
    /// The label of its row is lost; only its place in the table says which row it is. Reconstructed as well.
    pub by_position: bool,
}

impl Cell {
    pub fn new(content: Content) -> Self {
        Self::at(content, None)
    }

    pub fn at(content: Content, at: Option<Position>) -> Self {
        Self { content, at, printed: None, reconstructed: false, by_position: false }
    }

    pub fn count(&self) -> Option<i64> {
        match self.content {
            Content::Count(count) => Some(count),
            _ => None,
        }
    }

    /// True when what stands in the cell is known: a number, an amount or an explicit none.
    pub fn is_known(&self) -> bool {
        !matches!(self.content, Content::Blank | Content::Lost)
    }
}

impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        self.content == other.content
    }
}

impl Eq for Cell {}
