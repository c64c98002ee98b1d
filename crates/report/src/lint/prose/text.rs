//! The prose of one part as a clean string, each character of which knows where it was printed.

use std::ops::Range;

use super::super::At;
use crate::model::{Paragraph, Position, Report, Section};
use crate::read::simplified;

/// The paragraphs of one part (or of the lead), joined: blanks and Markdown marks left out, full-width digits
/// and half-width punctuation brought to one shape. A line feed stands where a paragraph truly ends.
#[derive(Debug)]
pub(in crate::lint) struct Passage {
    pub(in crate::lint) section: Option<Section>,
    pub(in crate::lint) text: String,
    /// Where the characters of `text` were printed.
    stretches: Vec<Stretch>,
    paragraphs: Vec<Paragraph>,
}

/// Where a stretch of a passage begins, in its text and in print: as far as the next, the characters of the passage are
/// those that were printed.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    start: usize,
    printed: Printed,
}

/// A character of a paragraph.
#[derive(Debug, Clone, Copy)]
struct Printed {
    paragraph: usize,
    character: usize,
    byte: usize,
}

/// No stretch has more characters, so that a place in it is soon found.
const LONGEST_STRETCH: usize = 256;

/// The lead and the parts that have prose.
pub(in crate::lint) fn passages(report: &Report) -> Vec<Passage> {
    let lead = Some((None, report.lead.as_slice()));
    let parts =
        Section::ALL.into_iter().map(|section| Some((Some(section), report.sections.paragraphs(section)?)));
    let all = std::iter::once(lead).chain(parts).flatten();
    all.map(|(section, paragraphs)| Passage::new(section, paragraphs)).collect()
}

impl Passage {
    fn new(section: Option<Section>, paragraphs: &[Paragraph]) -> Self {
        let length = paragraphs.iter().map(|paragraph| paragraph.text.len() + 1).sum();
        let mut passage = Self {
            section,
            text: String::with_capacity(length),
            stretches: Vec::new(),
            paragraphs: paragraphs.to_vec(),
        };
        for (number, paragraph) in paragraphs.iter().enumerate() {
            let start = Printed { paragraph: number, character: 0, byte: 0 };
            passage.begin(start);
            if number > 0 && !continues(&paragraphs[number - 1].text, &paragraph.text) {
                passage.text.push('\n');
            } else if passage.text.ends_with(|c: char| c.is_ascii_digit())
                && paragraph.text.starts_with(|c: char| c.is_numeric() || is_blank(c))
            {
                // A line that breaks between digits may part two numbers or cut one.
                passage.text.push(' ');
            }
            passage.push(start, &paragraph.text);
        }
        passage
    }

    /// Adds one paragraph.
    fn push(&mut self, mut open: Printed, text: &str) {
        self.begin(open);
        let (mut before, mut behind_blanks) = (None, 0);
        for (character, (byte, c)) in text.char_indices().enumerate() {
            let end = byte + c.len_utf8();
            let kept = if let '\u{4e00}'..='\u{9fff}' = c {
                before = Some(c);
                Some(simplified(c))
            } else {
                let after = || {
                    if behind_blanks < end {
                        behind_blanks = text.len() - text[end..].trim_start_matches(is_blank).len();
                    }
                    text[behind_blanks..].chars().next()
                };
                let kept = clean(c, before, after);
                before = Some(c).filter(|c| !is_blank(*c)).or(before);
                kept
            };
            if kept == Some(c) && character - open.character < LONGEST_STRETCH {
                continue;
            }
            self.text.push_str(&text[open.byte..byte]);
            self.begin(Printed { character, byte, ..open });
            self.text.extend(kept);
            open = Printed { character: character + 1, byte: end, ..open };
            self.begin(open);
        }
        self.text.push_str(&text[open.byte..]);
    }

    /// What is added next was printed here.
    fn begin(&mut self, printed: Printed) {
        let start = self.text.len();
        if self.stretches.last().is_some_and(|stretch| stretch.start == start) {
            self.stretches.pop();
        }
        self.stretches.push(Stretch { start, printed });
    }

    /// Where the character was printed that a byte of the text belongs to.
    fn printed(&self, byte: usize) -> Option<Printed> {
        let byte = self.text.floor_char_boundary(byte);
        if byte == self.text.len() {
            return None;
        }
        let behind = self.stretches.partition_point(|stretch| stretch.start <= byte);
        let Stretch { start, printed } = *self.stretches.get(behind.checked_sub(1)?)?;
        let further = &self.text[start..byte];
        Some(Printed {
            character: printed.character + further.chars().count(),
            byte: printed.byte + further.len(),
            ..printed
        })
    }

    /// The sentences: a full stop before 其中 does not end what it counts.
    pub(super) fn sentences(&self) -> Vec<Range<usize>> {
        let mut sentences = Vec::new();
        let mut start = 0;
        for (at, c) in self.text.char_indices() {
            let end = at + c.len_utf8();
            if matches!(c, '\n' | '！' | '？') || c == '。' && !self.text[end..].starts_with("其中") {
                sentences.push(start..at);
                start = end;
            }
        }
        sentences.push(start..self.text.len());
        sentences.retain(|range| !range.is_empty());
        sentences
    }

    /// The words as printed.
    pub(in crate::lint) fn quote(&self, range: Range<usize>) -> String {
        let Some(last) = range.end.checked_sub(1) else { return String::new() };
        let (Some(first), Some(last)) = (self.printed(range.start), self.printed(last)) else {
            return String::new();
        };
        let mut quote = String::new();
        for (number, paragraph) in
            self.paragraphs.iter().enumerate().take(last.paragraph + 1).skip(first.paragraph)
        {
            let text = &paragraph.text;
            let start = if number == first.paragraph { first.byte } else { 0 };
            let end =
                if number == last.paragraph { text.ceil_char_boundary(last.byte + 1) } else { text.len() };
            quote.push_str(text.get(start..end).unwrap_or_default());
        }
        quote
    }

    pub(in crate::lint) fn position(&self, byte: usize) -> Option<Position> {
        let printed = self.printed(byte)?;
        let at = self.paragraphs[printed.paragraph].at?;
        Some(at.further(printed.character))
    }

    pub(in crate::lint) fn at(&self, range: Range<usize>) -> At {
        At::Text {
            section: self.section,
            position: self.position(range.start),
            quote: Some(self.quote(range)),
        }
    }

    /// The range without what stands in paragraphs before that of `at`.
    pub(super) fn in_one_paragraph(&self, range: Range<usize>, at: usize) -> Range<usize> {
        let paragraph = |byte: usize| self.printed(byte).map(|printed| printed.paragraph);
        let of = paragraph(at);
        let start = range.clone().find(|&byte| paragraph(byte) == of).unwrap_or(range.start);
        start..range.end
    }

    /// The sentence or paragraph around a place.
    pub(in crate::lint) fn clause_around(&self, at: usize) -> Range<usize> {
        let ends = ['。', '；', '\n', '！', '？'];
        let start = self.text[..at]
            .rfind(ends)
            .map_or(0, |found| found + self.text[found..].chars().next().map_or(1, char::len_utf8));
        let end = self.text[at..].find(ends).map_or(self.text.len(), |found| at + found);
        start..end
    }
}

/// Whether a paragraph goes on in the next: a page broke in the middle of a sentence.
fn continues(text: &str, next: &str) -> bool {
    let ended = text.trim_end().ends_with(['。', '；', '：', '！', '？', ';', ':', '”', '）', '|']);
    let begins = next.trim_start_matches(['*', '#', ' ']);
    let bracketed = begins.strip_prefix(['（', '(']).is_some_and(|inside| {
        inside.starts_with(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
    });
    // 22.44% goes on with a number, 2. begins a paragraph.
    let numbered = bracketed
        || begins.starts_with(['#', '●', '·'])
        || begins.split_once(['、', '.', '．']).is_some_and(|(number, rest)| {
            number.chars().count() <= 2 && !rest.starts_with(|c: char| c.is_ascii_digit())
        });
    let open = text.trim_end().ends_with(['，', '、', ',']);
    let cut = open || text.contains(['，', '。', '；', '、']);
    !ended && !numbered && cut && text.chars().count() >= 20
}

/// How a character is kept, if at all; `after` is what follows it behind blanks.
fn clean(c: char, before: Option<char>, after: impl FnOnce() -> Option<char>) -> Option<char> {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || ('０'..='９').contains(&c));
    Some(match c {
        // Blanks between two digits may part two numbers: kept, so that neither is taken for certain.
        _ if is_blank(c) => {
            return (digit(before) && digit(after())).then_some(' ');
        }
        '*' => return None,
        '０'..='９' => char::from(b'0' + u8::try_from(u32::from(c) - u32::from('０')).unwrap_or(0)),
        '％' => '%',
        '．' => '.',
        ',' if !(digit(before) && digit(after())) => '，',
        ';' => '；',
        ':' => '：',
        '(' => '（',
        ')' => '）',
        '〈' => '<',
        '〉' => '>',
        _ => simplified(c),
    })
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')
}
