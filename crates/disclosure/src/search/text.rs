//! Text as it is compared, cut and marked.

/// A stretch of text, found or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub is_hit: bool,
}

/// Stands between two texts of one entry, so that nothing is found across them; no one can type it.
pub(super) const BETWEEN: char = '\u{1}';

/// One character as it is compared: full width is half width, all brackets of document numbers are one, case does not
/// matter. One character always becomes one, so places stay the same.
pub(super) fn folded(c: char) -> char {
    match c {
        '〔' | '[' | '【' | '［' | '﹝' | '（' | '〖' | '{' | '｛' => '(',
        '〕' | ']' | '】' | '］' | '﹞' | '）' | '〗' | '}' | '｝' => ')',
        '“' | '”' | '„' | '‟' | '〝' | '〞' => '"',
        '‘' | '’' | '‚' | '‛' => '\'',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '─' | '﹣' => '-',
        '〜' | '∼' => '~',
        '•' | '・' | '‧' | '⋅' => '·',
        '號' => '号',
        // Most of what is read, and what no rule is about.
        '\u{4e00}'..='\u{9fff}' => c,
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => folded(char::from_u32(c as u32 - 0xfee0).unwrap_or(' ')),
        // What a PDF makes of a character when its typeface was cut down: radicals that look like it.
        '\u{2e80}'..='\u{2fd5}' | '\u{f900}'..='\u{faff}' => compatible(c),
        '\0'..='\x7f' => c.to_ascii_lowercase(),
        other => other.to_lowercase().next().unwrap_or(other),
    }
}

fn compatible(c: char) -> char {
    let (mut first, mut count) = (c, 0);
    unicode_normalization::char::decompose_compatible(c, |one| {
        first = if count == 0 { one } else { first };
        count += 1;
    });
    if count == 1 { first } else { c }
}

/// Space of every kind, and what cannot be seen: neither is compared.
pub(super) fn is_blank(c: char) -> bool {
    if matches!(c, '\u{4e00}'..='\u{9fff}') {
        return false;
    }
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Text as it is compared.
pub fn normalised(text: &str) -> String {
    text.chars().map(folded).collect()
}

/// The characters that are compared, in their order.
pub(super) fn compact(text: &str) -> Vec<char> {
    text.chars().filter(|c| !is_blank(*c)).map(folded).collect()
}

/// The words of clean HTML, without its tags: a tag within a line parts nothing, any other makes a space. Of space that
/// follows space, or begins or ends the text, nothing is left.
fn each_shown(html: &str, mut with: impl FnMut(char)) {
    const WITHIN: [&str; 15] = [
        "a", "b", "strong", "em", "i", "u", "s", "span", "sup", "sub", "font", "small", "mark", "code", "wbr",
    ];
    const ENTITIES: [(&str, char); 6] =
        [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("quot;", '"'), ("nbsp;", ' '), ("#39;", '\'')];
    let (mut has_begun, mut is_parted) = (false, false);
    let mut show = |c: char| {
        if c.is_whitespace() {
            is_parted = has_begun;
            return;
        }
        if std::mem::take(&mut is_parted) {
            with(' ');
        }
        has_begun = true;
        with(c);
    };
    let mut chars = html.chars();
    while let Some(c) = chars.next() {
        let rest = chars.as_str();
        match c {
            '<' => {
                let (tag, after) = rest.split_once('>').unwrap_or((rest, ""));
                let tag = tag.trim_start_matches('/');
                let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
                if !WITHIN.iter().any(|within| within.eq_ignore_ascii_case(name)) {
                    show(' ');
                }
                chars = after.chars();
            }
            '&' => {
                let known = ENTITIES.iter().find_map(|(name, c)| Some((*c, rest.strip_prefix(name)?)));
                let (c, after) = known.unwrap_or(('&', rest));
                show(c);
                chars = after.chars();
            }
            c => show(c),
        }
    }
}

pub(super) fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    each_shown(html, |c| out.push(c));
    out
}

/// A text with the places of its compared characters.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Placed {
    shown: Vec<char>,
    compared: Vec<char>,
    /// Where in `shown` each compared character stands.
    places: Vec<usize>,
}

impl Placed {
    pub(super) fn new(text: &str) -> Placed {
        let mut placed = Placed::with_room(text.len());
        text.chars().for_each(|c| placed.push(c));
        placed
    }

    /// What clean HTML shows.
    pub(super) fn of_html(html: &str) -> Placed {
        let mut placed = Placed::with_room(html.len());
        each_shown(html, |c| placed.push(c));
        placed
    }

    /// For a text of so many bytes: most characters have three.
    fn with_room(bytes: usize) -> Placed {
        let room = bytes / 3 + 16;
        Placed {
            shown: Vec::with_capacity(room),
            compared: Vec::with_capacity(room),
            places: Vec::with_capacity(room),
        }
    }

    fn push(&mut self, c: char) {
        let c = if c == BETWEEN { ' ' } else { c };
        if !is_blank(c) {
            self.places.push(self.shown.len());
            self.compared.push(folded(c));
        }
        self.shown.push(c);
    }

    /// Every place where a term begins; so many at most.
    fn starts(&self, term: &[char], most: usize) -> Vec<usize> {
        let Some(first) = term.first() else { return Vec::new() };
        let all = self.compared.iter().enumerate().filter(|(_, c)| *c == first).map(|(at, _)| at);
        all.filter(|at| self.compared[*at..].starts_with(term)).take(most).collect()
    }

    /// How many of the terms stand in the text.
    pub(super) fn count(&self, terms: &[Vec<char>]) -> usize {
        terms.iter().filter(|term| !self.starts(term, 1).is_empty()).count()
    }

    /// The stretch from here to there, with every term marked.
    fn marked(&self, terms: &[Vec<char>], from: usize, to: usize) -> Vec<Piece> {
        let mut is_hit = vec![false; self.shown.len()];
        for term in terms {
            for at in self.starts(term, 2_000) {
                is_hit[self.places[at]..=self.places[at + term.len() - 1]].fill(true);
            }
        }
        let mut pieces: Vec<Piece> = Vec::new();
        for (c, hit) in self.shown.iter().zip(is_hit).take(to).skip(from) {
            match pieces.last_mut() {
                Some(piece) if piece.is_hit == hit => piece.text.push(*c),
                _ => pieces.push(Piece { text: (*c).into(), is_hit: hit }),
            }
        }
        pieces
    }

    /// The whole text, marked.
    pub(super) fn whole(&self, terms: &[Vec<char>]) -> Vec<Piece> {
        self.marked(terms, 0, self.shown.len())
    }

    /// The stretch that holds the most of the terms, marked; the beginning when they stand elsewhere.
    pub(super) fn extract(&self, terms: &[Vec<char>]) -> Vec<Piece> {
        const BEFORE: usize = 30;
        const LENGTH: usize = 120;
        let mut hits: Vec<(usize, usize)> = Vec::new();
        for (number, term) in terms.iter().enumerate() {
            hits.extend(self.starts(term, 100).into_iter().map(|at| (self.places[at], number)));
        }
        hits.sort_unstable();
        let worth = |from: usize| {
            let within = hits[from..].iter().take_while(|(at, _)| *at < hits[from].0 + LENGTH - BEFORE);
            let mut kinds: Vec<usize> = within.map(|(_, number)| *number).collect();
            kinds.sort_unstable();
            kinds.dedup();
            // The whole of what was typed comes first among the terms.
            kinds.iter().map(|number| if *number == 0 { 2 } else { 1 }).sum::<usize>()
        };
        let best = (0..hits.len()).max_by_key(|at| (worth(*at), std::cmp::Reverse(*at)));
        let first = best.map_or(0, |at| hits[at].0);
        let from = first.saturating_sub(BEFORE);
        let to = (from + LENGTH).min(self.shown.len());
        let mut pieces = self.marked(terms, from, to);
        let dots = || Piece { text: "…".into(), is_hit: false };
        if from > 0 {
            pieces.insert(0, dots());
        }
        if to < self.shown.len() {
            pieces.push(dots());
        }
        pieces
    }
}
