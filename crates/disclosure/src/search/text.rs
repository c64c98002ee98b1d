//! Text as it is compared, cut and marked.

/// A stretch of text, found or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub is_hit: bool,
}

/// One character as it is compared: full width is half width, all brackets of document numbers are one, case does not
/// matter. One character always becomes one, so places stay the same.
fn folded(c: char) -> char {
    match c {
        '〔' | '[' | '【' | '［' | '﹝' | '（' => '(',
        '〕' | ']' | '】' | '］' | '﹞' | '）' => ')',
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c).to_ascii_lowercase(),
        other => other.to_lowercase().next().unwrap_or(other),
    }
}

/// Text as it is compared.
pub fn normalised(text: &str) -> String {
    text.chars().map(folded).collect()
}

/// What a person typed, as terms that must all be found.
pub(super) fn terms(typed: &str) -> Vec<String> {
    let mut terms: Vec<String> = normalised(typed)
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | '，' | '、' | ',' | ';' | '；'))
        .filter(|term| !term.is_empty())
        .take(8)
        .map(|term| term.chars().take(60).collect())
        .collect();
    terms.dedup();
    terms
}

/// The words of clean HTML, without its tags.
pub(super) fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('<') {
            let end = rest.find('>').map_or(rest.len(), |end| end + 1);
            out.push(' ');
            rest = &rest[end..];
        } else {
            let (shown, taken) =
                [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", " ")]
                    .into_iter()
                    .find(|(entity, _)| rest.starts_with(entity))
                    .map_or(("&", 1), |(entity, shown)| (shown, entity.len()));
            out.push_str(shown);
            rest = &rest[taken..];
        }
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Marks every term in a text.
pub(super) fn marked(text: &str, terms: &[String]) -> Vec<Piece> {
    let original: Vec<char> = text.chars().collect();
    let compared: Vec<char> = original.iter().copied().map(folded).collect();
    let mut is_hit = vec![false; original.len()];
    for term in terms {
        let term: Vec<char> = term.chars().collect();
        for at in 0..compared.len() {
            if compared[at..].starts_with(&term) {
                is_hit[at..at + term.len()].fill(true);
            }
        }
    }
    let mut pieces: Vec<Piece> = Vec::new();
    for (c, hit) in original.into_iter().zip(is_hit) {
        match pieces.last_mut() {
            Some(piece) if piece.is_hit == hit => piece.text.push(c),
            _ => pieces.push(Piece { text: c.into(), is_hit: hit }),
        }
    }
    pieces
}

/// The stretch around the first hit, marked; the beginning when the words stand elsewhere.
pub(super) fn extract(text: &str, terms: &[String]) -> Vec<Piece> {
    const BEFORE: usize = 30;
    const LENGTH: usize = 120;
    let all: Vec<char> = text.chars().collect();
    let compared: Vec<char> = all.iter().copied().map(folded).collect();
    let first = terms
        .iter()
        .filter_map(|term| {
            let term: Vec<char> = term.chars().collect();
            (0..compared.len()).find(|at| compared[*at..].starts_with(&term))
        })
        .min()
        .unwrap_or(0);
    let from = first.saturating_sub(BEFORE);
    let to = (from + LENGTH).min(all.len());
    let mut cut: String = all[from..to].iter().collect();
    if from > 0 {
        cut.insert(0, '…');
    }
    if to < all.len() {
        cut.push('…');
    }
    marked(&cut, terms)
}
