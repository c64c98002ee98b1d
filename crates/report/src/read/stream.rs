//! Tables whose rows are no longer lines: one cell a line, labels wrapped around their values, everything in one
//! run. The text of a table is read as one stream of characters; the labels of the form are found in it in their
//! order, and the values are what stands between them.

use std::collections::BTreeSet;

use super::block::{RawCell, is_space};
use super::labels::{fold, fold_char, without_number};
use super::skeleton::{Piece, Skeleton};
use crate::model::{Position, Section};

/// Stands in the stream for prose: no value is taken from beyond it.
const PROSE: char = '\u{0}';
/// Stands in the stream for a cell that is there and empty.
const BLANK: char = '\u{1}';
/// Stands in the stream for a run of pipes: cells that are there and empty, no one knows how many.
const RUN: char = '\u{2}';
/// Labels found in one table, which has thirty; how they follow each other takes ever longer to tell.
const MOST_ANCHORS: usize = 1000;

#[derive(Debug, Clone, Copy)]
struct Glyph {
    c: char,
    at: Position,
    /// A space, a cell or a line ends before it.
    apart: bool,
}

#[derive(Debug)]
pub(super) struct Stream {
    glyphs: Vec<Glyph>,
}

/// A row of the form found in the stream, with what stands between its label and the next.
#[derive(Debug)]
pub(super) struct Found<R> {
    pub(super) row: R,
    pub(super) at: Position,
    pub(super) values: Vec<RawCell>,
    /// No space between the label and the first value.
    pub(super) attached: bool,
    /// Nothing but a run of empty cells stands behind the label.
    pub(super) blank: bool,
}

impl<R> Found<R> {
    /// Whether the values were printed without the spaces that kept them apart.
    pub(super) fn is_jammed(&self, columns: usize) -> bool {
        let digits: usize = self.values.iter().map(|value| value.text.len()).sum();
        let zero_before_digit = |text: &str| {
            let text = text.trim_start_matches(['-', '+']);
            text.starts_with('0') && text[1..].starts_with(|c: char| c.is_ascii_digit())
        };
        self.values.iter().any(|value| zero_before_digit(&value.text))
            || self.values.len() < columns && digits >= columns && (self.attached || self.values.len() == 1)
    }
}

impl Stream {
    pub(super) fn of(skeleton: &Skeleton, section: Section) -> Self {
        let mut stream = Self { glyphs: Vec::new() };
        for piece in skeleton.pieces_of(section) {
            match piece {
                Piece::Prose(at) => stream.mark(PROSE, *at),
                Piece::Text(paragraph) => {
                    stream.push(&paragraph.text, paragraph.at.unwrap_or(Position::new(1, 1)));
                }
                Piece::Row(index) => {
                    let cells = &skeleton.rows[*index].cells;
                    let empty = cells.iter().all(|cell| cell.text.is_empty());
                    if cells.is_empty() {
                        stream.mark(RUN, skeleton.rows[*index].at);
                    }
                    for cell in cells {
                        if empty { stream.mark(BLANK, cell.at) } else { stream.push(&cell.text, cell.at) }
                    }
                }
            }
        }
        stream
    }

    fn mark(&mut self, c: char, at: Position) {
        self.glyphs.push(Glyph { c, at, apart: true });
    }

    fn push(&mut self, text: &str, at: Position) {
        let mut apart = true;
        for (index, c) in text.chars().enumerate() {
            match fold_char(c) {
                Some(c) => {
                    let at = at.further(index);
                    self.glyphs.push(Glyph { c, at, apart });
                    apart = false;
                }
                None => apart |= is_space(c),
            }
        }
    }

    /// All text without values, to tell the form by the headings of the columns.
    pub(super) fn text(&self) -> String {
        self.glyphs.iter().map(|glyph| glyph.c).filter(|c| *c > RUN).collect()
    }

    /// Finds the labels. `words`: what only the label of the row says, no row for words that end a row. `official`
    /// is the label's full wording.
    pub(super) fn labels<R: Copy + Ord>(
        &self,
        words: &[(&'static str, Option<R>)],
        accepts: impl Fn(&Anchor<R>, Option<char>) -> bool,
        official: fn(R) -> &'static str,
    ) -> Labels<'_, R> {
        let anchors = self.anchors(words, accepts, &official);
        Labels { stream: self, chain: chain(&anchors), anchors, official }
    }

    /// How many plain numbers stand between spaces or cells, after the last prose and outside brackets.
    fn standing_alone(&self, from: usize, to: usize) -> usize {
        let mut count = 0;
        let mut depth = 0_usize;
        let mut index = from;
        while index < to.min(self.glyphs.len()) {
            let glyph = self.glyphs[index];
            match glyph.c {
                PROSE => (count, depth) = (0, 0),
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                c if c.is_ascii_digit() && glyph.apart && depth == 0 => {
                    let rest = &self.glyphs[index..];
                    let digits =
                        1 + rest[1..].iter().take_while(|g| g.c.is_ascii_digit() && !g.apart).count();
                    let alone = rest.get(digits).is_none_or(|next| next.apart);
                    count += usize::from(alone);
                    index += digits;
                    continue;
                }
                _ => {}
            }
            index += 1;
        }
        count
    }

    /// The values after the last of `heads`, up to the end of the table. The table begins with one of the heads
    /// marked `true`, which no other table has.
    pub(super) fn values_after_last(
        &self,
        heads: &[(&'static str, bool)],
    ) -> Option<(Vec<RawCell>, Position)> {
        let listed: Vec<_> = heads.iter().map(|(word, own)| (*word, Some(*own))).collect();
        let mut anchors = self.anchors(&listed, |_, _| true, &|_| "");
        anchors.drain(..anchors.iter().position(|anchor| anchor.row == Some(true))?);
        let first = anchors.first()?;
        // A value between two headings belongs to neither; the values follow the last heading that has some.
        let mut ends = anchors.iter().enumerate().rev().map(|(index, anchor)| {
            let end = anchors.get(index + 1).map_or(self.glyphs.len(), |next| next.start);
            self.values(anchor.end, end, "").0
        });
        let mut values = ends.find(|values| !values.is_empty()).unwrap_or_default();
        // The frame of its row, where the headings have it too.
        let framed = first.start > 0 && self.glyphs[first.start - 1].c == BLANK;
        if framed && values.first().is_some_and(|value| value.text.is_empty()) {
            values.remove(0);
        }
        Some((values, self.glyphs[first.start].at))
    }

    fn anchors<R: Copy + Ord>(
        &self,
        words: &[(&'static str, Option<R>)],
        accepts: impl Fn(&Anchor<R>, Option<char>) -> bool,
        official: &impl Fn(R) -> &'static str,
    ) -> Vec<Anchor<R>> {
        let mut labels: Vec<(String, &Option<R>)> = Vec::new();
        for (_, row) in words {
            let told = labels.iter().any(|(_, known)| *known == row);
            let label = row.filter(|_| !told).map(|row| fold(official(row)));
            if let Some(label) = label.filter(|label| without_number(label).len() < label.len()) {
                labels.push((label, row));
            }
        }
        // Most characters begin no word.
        let begins: BTreeSet<char> = words.iter().filter_map(|(word, _)| word.chars().next()).collect();
        let mut anchors: Vec<Anchor<R>> = Vec::new();
        let mut index = 0;
        while index < self.glyphs.len() && anchors.len() < MOST_ANCHORS {
            let start = self.ordinal_before(index);
            let listed = if begins.contains(&self.glyphs[index].c) { words } else { &[] };
            let here = listed.iter().filter(|(word, _)| self.has_at(index, word));
            let whole = here.max_by_key(|(word, _)| word.len());
            let whole = whole.map(|(word, row)| (index + word.chars().count(), row));
            let begun = (start < index).then(|| self.begun_label(start, index, &labels)).flatten();
            let Some((end, row)) = [whole, begun].into_iter().flatten().max_by_key(|(end, _)| *end) else {
                index += 1;
                continue;
            };
            let number: String = self.glyphs[start..index].iter().map(|glyph| glyph.c).collect();
            let after = self.glyphs.get(end).map(|glyph| glyph.c);
            let numbered = start < index;
            let mut anchor =
                Anchor { start, end, row: *row, numbered, weight: 1 + 2 * usize::from(numbered) };
            if let Some(row) = row {
                let official = fold(official(*row));
                anchor.weight += usize::from(numbered && official.starts_with(&number));
                anchor.weight += usize::from(self.has_at(index, without_number(&official)));
            }
            // A label that the next one follows at once has no values: a heading set beside the middle of its rows.
            if self.glyphs.get(end).is_some() && self.numbers_a_label(end) {
                anchor.weight = 1;
            }
            if accepts(&anchor, after) {
                anchors.push(anchor);
                index = end;
            } else {
                index += 1;
            }
        }
        anchors
    }

    /// A label that breaks off at its values: its number and the beginning of its words, which no other label has.
    fn begun_label<'l, R>(
        &self,
        start: usize,
        index: usize,
        labels: &[(String, &'l Option<R>)],
    ) -> Option<(usize, &'l Option<R>)> {
        const FEWEST: usize = 2;
        let shared = |label: &str| {
            let mut glyphs = self.glyphs[start..].iter();
            label.chars().take_while(|c| glyphs.next().is_some_and(|glyph| glyph.c == *c)).count()
        };
        let mut begun = labels.iter().filter(|(label, _)| shared(label) >= index - start + FEWEST);
        let ((label, row), None) = (begun.next()?, begun.next()) else { return None };
        let end = start + shared(label);
        let next = self.glyphs.get(end)?;
        (next.apart || next.c.is_ascii_digit()).then_some((end, *row))
    }

    /// Whether the number of a label begins here: 8.属于
    fn numbers_a_label(&self, index: usize) -> bool {
        let at = |further: usize| self.glyphs.get(index + further).map(|glyph| glyph.c);
        self.glyphs[index].apart
            && at(0).is_some_and(|c| ('1'..='9').contains(&c))
            && matches!(at(1), Some('.' | '、'))
            && !self.glyphs[index + 1].apart
            && at(2).is_some_and(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    /// Whether what stands before is on the same line.
    fn on_the_line_before(&self, index: usize) -> bool {
        index.checked_sub(1).is_some_and(|before| self.glyphs[before].at.line == self.glyphs[index].at.line)
    }

    fn has_at(&self, index: usize, word: &str) -> bool {
        let mut glyphs = self.glyphs[index..].iter();
        word.chars().all(|c| glyphs.next().is_some_and(|glyph| glyph.c == c))
    }

    /// Where the number of a label begins that stands right before `index`: 1. 1、 (三) 三、
    fn ordinal_before(&self, index: usize) -> usize {
        let back = |steps: usize| index.checked_sub(steps).map(|at| self.glyphs[at].c);
        let numeral = |c: char| "一二三四五六七八".contains(c);
        match (back(3), back(2), back(1)) {
            (Some('('), Some(c), Some(')')) if numeral(c) || c.is_ascii_digit() => index - 3,
            // A value may stand on the line above a label that lost its number.
            (_, Some(c), Some('.' | '、' | ')' | ','))
                if (numeral(c) || c.is_ascii_digit()) && self.on_the_line_before(index - 1) =>
            {
                index - 2
            }
            _ => index,
        }
    }

    /// The values in a stretch of the stream, and whether the first follows the text before it without a space.
    /// Text after the values that is not of the label ends them.
    fn values(&self, from: usize, to: usize, label: &str) -> (Vec<RawCell>, bool) {
        let mut values: Vec<RawCell> = Vec::new();
        let mut attached = false;
        let mut open: Option<RawCell> = None;
        let mut run = String::new();
        let close = |open: &mut Option<RawCell>, values: &mut Vec<RawCell>| {
            if let Some(mut value) = open.take() {
                if value.text.ends_with(['.', ',']) {
                    // The number of a label that was not recognised, or punctuation.
                    value.text.pop();
                    value.text.pop();
                }
                if value.text.contains(|c: char| c.is_ascii_digit()) || value.text == "-" {
                    values.push(value);
                }
            }
        };
        for index in from..to {
            let glyph = self.glyphs[index];
            // 27.5 万元
            let next = self.glyphs.get(index + 1).map(|next| next.c);
            let is_unit = glyph.c == '万' && next == Some('元') || glyph.c == '元';
            let goes_on = is_unit && self.on_the_line_before(index) && open.is_some();
            if glyph.apart && !goes_on {
                close(&mut open, &mut values);
            }
            let apart_after = self.glyphs.get(index + 1).is_none_or(|next| next.apart);
            let after_digit = open
                .as_ref()
                .is_some_and(|value| value.text.ends_with(|c: char| c.is_ascii_digit() || c == '万'));
            if self.numbers_a_label(index) {
                break;
            }
            match glyph.c {
                PROSE => break,
                BLANK => values.push(RawCell { text: String::new(), at: glyph.at }),
                // 减4
                '减' | '增' if glyph.apart && next.is_some_and(|c| c.is_ascii_digit()) => {
                    let sign = if glyph.c == '减' { "-" } else { "+" };
                    open = Some(RawCell { text: sign.to_owned(), at: glyph.at });
                    run.clear();
                    continue;
                }
                '—' | '/' | '无' if glyph.apart && apart_after => {
                    values.push(RawCell { text: glyph.c.to_string(), at: glyph.at });
                }
                c @ ('0'..='9' | '.' | ',' | '-' | '+' | '－' | '−' | '＋') => {
                    let c = match c {
                        '－' | '−' => '-',
                        '＋' => '+',
                        c => c,
                    };
                    match &mut open {
                        Some(value) => value.text.push(c),
                        None if c == '.' || c == ',' => run.clear(),
                        None if c == '-' && !glyph.apart && !values.is_empty() && !apart_after => {}
                        None => {
                            if values.is_empty() {
                                attached = !glyph.apart;
                            }
                            open = Some(RawCell { text: c.to_string(), at: glyph.at });
                            run.clear();
                        }
                    }
                    continue;
                }
                c @ ('件' | '项' | '个' | '次' | '条' | '万' | '元') if after_digit => {
                    if let Some(value) = &mut open {
                        value.text.push(c);
                    }
                    let more = c == '万' && self.glyphs.get(index + 1).is_some_and(|next| next.c == '元');
                    if !more {
                        close(&mut open, &mut values);
                    }
                }
                c => {
                    if matches!(c, '、' | ')')
                        && let Some(value) = &mut open
                    {
                        value.text.pop();
                    }
                    close(&mut open, &mut values);
                    if ('\u{4e00}'..='\u{9fff}').contains(&c) {
                        run.push(c);
                        if !values.is_empty() && run.chars().count() > 2 && !label.contains(&run) {
                            break;
                        }
                    } else {
                        run.clear();
                    }
                    continue;
                }
            }
            run.clear();
        }
        close(&mut open, &mut values);
        (values, attached)
    }
}

/// The labels of one table found in its stream.
#[derive(Debug)]
pub(super) struct Labels<'s, R> {
    stream: &'s Stream,
    anchors: Vec<Anchor<R>>,
    /// Those that follow each other in the order of the form.
    chain: Vec<usize>,
    official: fn(R) -> &'static str,
}

impl<R: Copy + Ord> Labels<'_, R> {
    /// The rows whose words are found, in the order of the form, each once.
    pub(super) fn rows(&self) -> Vec<Found<R>> {
        let (anchors, glyphs) = (&self.anchors, &self.stream.glyphs);
        let framed = self.are_framed();
        let mut rows = Vec::with_capacity(self.chain.len());
        for &index in &self.chain {
            let anchor = &anchors[index];
            let Some(row) = anchor.row else { continue };
            // More words of the same label do not end the row.
            let next = anchors[index + 1..].iter().find(|other| other.row != anchor.row);
            let end = next.map_or(glyphs.len(), |next| next.start.max(anchor.end));
            let label = fold((self.official)(row));
            let (mut values, attached) = self.stream.values(anchor.end, end, &label);
            if framed && values.last().is_some_and(|value| value.text.is_empty()) {
                values.pop();
            }
            let blank = values.is_empty() && glyphs.get(anchor.end).is_some_and(|glyph| glyph.c == RUN);
            rows.push(Found { row, at: glyphs[anchor.start].at, values, attached, blank });
        }
        rows
    }

    /// Whether what looks like an empty cell before a label is the frame of its row: most labels have it.
    fn are_framed(&self) -> bool {
        let before =
            |anchor: &Anchor<R>| anchor.start.checked_sub(1).map(|before| self.stream.glyphs[before].c);
        let is_framed = |index: &&usize| {
            let row = self.anchors[**index].row;
            self.anchors.iter().any(|anchor| anchor.row == row && before(anchor) == Some(BLANK))
        };
        let framed = self.chain.iter().filter(is_framed).count();
        framed >= 3 && framed * 5 >= self.chain.len() * 3
    }

    /// How many values stand by themselves where no label is before them: ahead of the first row, or between the
    /// headings of the columns and the next row. Where labels come first there are none.
    pub(super) fn values_ahead(&self) -> usize {
        let Some(&first) = self.chain.first() else { return 0 };
        let mut ahead = self.stream.standing_alone(0, self.anchors[first].start);
        for (index, anchor) in self.anchors.iter().enumerate().skip(first) {
            let next = self.anchors.get(index + 1);
            if let (None, Some(next)) = (anchor.row, next) {
                ahead += self.stream.standing_alone(anchor.end, next.start);
            }
        }
        ahead
    }
}

/// Words of a label found in the stream.
#[derive(Debug)]
pub(super) struct Anchor<R> {
    start: usize,
    end: usize,
    pub(super) row: Option<R>,
    pub(super) numbered: bool,
    weight: usize,
}

/// The heaviest chain of anchors whose rows follow each other in the order of the form.
fn chain<R: Copy + Ord>(anchors: &[Anchor<R>]) -> Vec<usize> {
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(anchors.len());
    for (index, anchor) in anchors.iter().enumerate() {
        let mut of = (anchor.weight, None);
        if anchor.row.is_none() {
            of = (0, None);
        } else {
            for (before, other) in anchors[..index].iter().enumerate() {
                let weight = best[before].0 + anchor.weight;
                if other.row.is_some() && other.row < anchor.row && weight > of.0 {
                    of = (weight, Some(before));
                }
            }
        }
        best.push(of);
    }
    let heaviest = best.iter().map(|(weight, _)| *weight).max().unwrap_or_default();
    let mut next = best.iter().position(|(weight, _)| *weight == heaviest && heaviest > 0);
    let mut chain = Vec::new();
    while let Some(index) = next {
        chain.push(index);
        next = best[index].1;
    }
    chain.reverse();
    chain
}
