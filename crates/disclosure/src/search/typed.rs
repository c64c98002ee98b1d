//! What a person typed: terms that must all be found. There is one operator, quotation marks: what stands in them is
//! looked for as it stands. Everything else is text.

use super::text::{folded, is_blank};

/// What is read of a query; the rest is left out.
const LONGEST: usize = 200;
const MOST: usize = 8;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// As it is compared, without blanks; never empty.
    pub chars: Vec<char>,
    /// In quotation marks: not cut into words, no synonyms.
    pub is_exact: bool,
}

impl Term {
    pub(super) fn text(&self) -> String {
        self.chars.iter().collect()
    }
}

pub(super) fn terms(typed: &str) -> Vec<Term> {
    let chars: Vec<char> =
        typed.chars().take(LONGEST).map(|c| if is_space(c) { ' ' } else { folded(c) }).collect();
    let mut terms: Vec<Term> = Vec::new();
    let mut take = |chars: &mut Vec<char>, is_exact: bool| {
        chars.retain(|c| !is_blank(*c));
        let term = Term { chars: std::mem::take(chars), is_exact };
        if !term.chars.is_empty()
            && terms.len() < MOST
            && !terms.iter().any(|known| known.chars == term.chars)
        {
            terms.push(term);
        }
    };
    let (mut open, mut at) = (Vec::new(), 0);
    while let Some(c) = chars.get(at) {
        let quoted = (*c == '"').then(|| chars[at + 1..].iter().position(|c| *c == '"')).flatten();
        match quoted.map(|length| &chars[at + 1..at + 1 + length]) {
            Some(inside) if inside.iter().any(|c| !is_blank(*c)) => {
                take(&mut open, false);
                take(&mut inside.to_vec(), true);
                at += inside.len() + 2;
                continue;
            }
            _ if *c == ' ' => take(&mut open, false),
            _ => open.push(*c),
        }
        at += 1;
    }
    take(&mut open, false);
    terms
}

/// Space that parts two terms; what cannot be seen parts nothing.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_part_and_quotation_marks_hold_together() {
        let of = |typed: &str| -> Vec<(String, bool)> {
            terms(typed).iter().map(|term| (term.text(), term.is_exact)).collect()
        };
        let plain = |text: &str| (text.to_owned(), false);
        let exact = |text: &str| (text.to_owned(), true);
        assert_eq!(of("危房　改造"), [plain("危房"), plain("改造")]);
        assert_eq!(of("“危房 改造”标准"), [exact("危房改造"), plain("标准")]);
        assert_eq!(of("所称“低保"), [plain("所称\"低保")]);
        assert_eq!(of("\"\""), [plain("\"\"")]);
        assert_eq!(of("ＧＤＰ\u{200b}总量"), [plain("gdp总量")]);
        assert_eq!(of(" \u{feff}\t"), []);
        assert_eq!(
            of("a AND b OR title:c*"),
            [plain("a"), plain("and"), plain("b"), plain("or"), plain("title:c*")]
        );
        assert_eq!(terms(&"长 ".repeat(10_000)).len(), 1);
        assert_eq!(terms(&"长".repeat(10_000))[0].chars.len(), LONGEST);
    }
}
