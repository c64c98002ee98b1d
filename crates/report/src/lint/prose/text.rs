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
    /// Where each character of `text` comes from, in order.
    origin: Vec<Origin>,
    paragraphs: Vec<Paragraph>,
}

/// A character of a passage: where it stands in the text, and where it was printed.
#[derive(Debug, Clone, Copy)]
struct Origin {
    byte: u32,
    paragraph: u32,
    character: u32,
}

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
            origin: Vec::with_capacity(length / 3),
            paragraphs: paragraphs.to_vec(),
        };
        let mut chars = Vec::new();
        for (number, paragraph) in paragraphs.iter().enumerate() {
            if number > 0 && !continues(&paragraphs[number - 1].text, &paragraph.text) {
                passage.push('\n', (number, 0));
            } else if passage.text.ends_with(|c: char| c.is_ascii_digit())
                && paragraph.text.starts_with(|c: char| c.is_numeric() || is_blank(c))
            {
                // A line that breaks between digits may part two numbers or cut one.
                passage.push(' ', (number, 0));
            }
            chars.clear();
            chars.extend(paragraph.text.chars());
            let (mut before, mut next) = (None, 0);
            for (index, &c) in chars.iter().enumerate() {
                if let '\u{4e00}'..='\u{9fff}' = c {
                    passage.push(simplified(c), (number, index));
                    before = Some(c);
                    continue;
                }
                if next <= index {
                    let blanks = chars[index + 1..].iter().take_while(|c| is_blank(**c)).count();
                    next = index + 1 + blanks;
                }
                if let Some(c) = clean(c, before, chars.get(next).copied()) {
                    passage.push(c, (number, index));
                }
                before = Some(c).filter(|c| !is_blank(*c)).or(before);
            }
        }
        passage
    }

    fn push(&mut self, c: char, (paragraph, character): (usize, usize)) {
        // A passage is shorter than the largest text that is read, by far.
        let [byte, paragraph, character] =
            [self.text.len(), paragraph, character].map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        self.text.push(c);
        self.origin.push(Origin { byte, paragraph, character });
    }

    /// Paragraph and character within it, of any byte of the text.
    fn origin(&self, byte: usize) -> Option<(usize, usize)> {
        if byte >= self.text.len() {
            return None;
        }
        let behind = self.origin.partition_point(|origin| origin.byte as usize <= byte);
        let origin = self.origin.get(behind.checked_sub(1)?)?;
        Some((origin.paragraph as usize, origin.character as usize))
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
        let (Some((first, from)), Some((end, to))) = (self.origin(range.start), self.origin(last)) else {
            return String::new();
        };
        let mut quote = String::new();
        for number in first..=end {
            let text = &self.paragraphs[number].text;
            let skip = if number == first { from } else { 0 };
            let take = if number == end { (to + 1).saturating_sub(skip) } else { usize::MAX };
            quote.extend(text.chars().skip(skip).take(take));
        }
        quote
    }

    pub(in crate::lint) fn position(&self, byte: usize) -> Option<Position> {
        let (paragraph, offset) = self.origin(byte)?;
        let at = self.paragraphs[paragraph].at?;
        Some(at.further(offset))
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
        let paragraph = |byte: usize| self.origin(byte).map(|(paragraph, _)| paragraph);
        let start = range.clone().find(|&byte| paragraph(byte) == paragraph(at)).unwrap_or(range.start);
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

fn clean(c: char, before: Option<char>, after: Option<char>) -> Option<char> {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || ('０'..='９').contains(&c));
    Some(match c {
        // Blanks between two digits may part two numbers: kept, so that neither is taken for certain.
        _ if is_blank(c) => {
            return (digit(before) && digit(after)).then_some(' ');
        }
        '*' => return None,
        '０'..='９' => char::from(b'0' + u8::try_from(u32::from(c) - u32::from('０')).unwrap_or(0)),
        '％' => '%',
        '．' => '.',
        ',' if !(digit(before) && digit(after)) => '，',
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
