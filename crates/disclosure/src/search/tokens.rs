//! Chinese text as tokens: dictionary words, pairs of neighbouring characters, single characters.
//!
//! Words rank well but miss what the dictionary cuts differently; pairs find whatever stands together.

use std::sync::OnceLock;

use jieba_rs::Jieba;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::text::{BETWEEN, compact, folded, is_blank, normalised};

pub(super) fn jieba() -> &'static Jieba {
    static JIEBA: OnceLock<Jieba> = OnceLock::new();
    JIEBA.get_or_init(Jieba::new)
}

/// 词 — words of the dictionary, long ones also in their parts.
#[derive(Clone, Default)]
pub(super) struct Words;

/// 二字 — every character with its right neighbour.
#[derive(Clone, Default)]
pub(super) struct Pairs;

/// 单字 — every character.
#[derive(Clone, Default)]
pub(super) struct Characters;

/// Tokens with their positions, one after the other.
pub(super) struct Stream<I> {
    tokens: I,
    current: Token,
}

impl<I> Stream<I> {
    pub(super) fn new(tokens: I) -> Stream<I> {
        Stream { tokens, current: Token::default() }
    }
}

impl<I: Iterator<Item = (usize, String)>> TokenStream for Stream<I> {
    fn advance(&mut self) -> bool {
        match self.tokens.next() {
            Some((position, text)) => {
                self.current.position = position;
                self.current.text = text;
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}

type Known = Stream<std::iter::Enumerate<std::vec::IntoIter<String>>>;

impl Tokenizer for Words {
    type TokenStream<'a> = Known;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Known {
        Stream::new(words(text).into_iter().enumerate())
    }
}

impl Tokenizer for Pairs {
    type TokenStream<'a> = Stream<PairsOf>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<PairsOf> {
        Stream::new(PairsOf { chars: separated(text), at: 0 })
    }
}

impl Tokenizer for Characters {
    type TokenStream<'a> = Known;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Known {
        let all: Vec<String> =
            separated(text).into_iter().filter(|c| *c != BETWEEN).map(String::from).collect();
        Stream::new(all.into_iter().enumerate())
    }
}

pub(super) struct PairsOf {
    chars: Vec<char>,
    at: usize,
}

impl Iterator for PairsOf {
    type Item = (usize, String);

    fn next(&mut self) -> Option<(usize, String)> {
        let pair = self.chars.get(self.at..self.at + 2)?;
        self.at += 1;
        Some((self.at - 1, pair.iter().collect()))
    }
}

/// What is compared of several texts in a row, each kept apart from the next.
fn separated(text: &str) -> Vec<char> {
    text.chars().filter(|c| *c == BETWEEN || !is_blank(*c)).map(folded).collect()
}

/// The words of a text in their order; together they are the text.
pub(crate) fn cut(text: &str) -> Vec<String> {
    jieba().cut(text, false).into_iter().map(|token| token.word.to_owned()).collect()
}

fn words(text: &str) -> Vec<String> {
    let text = normalised(text);
    jieba()
        .cut_for_search(&text, false)
        .into_iter()
        .map(|token| token.word)
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(str::to_owned)
        .collect()
}

/// The words of what was typed, not cut again into their parts.
pub(super) fn words_typed(text: &str) -> Vec<String> {
    cut(text).into_iter().filter(|word| word.chars().any(char::is_alphanumeric)).collect()
}

/// The pairs that together say that these characters stand together, with the place of each: every second one is enough.
pub(super) fn pairs_typed(chars: &[char]) -> Vec<(usize, String)> {
    let last = chars.len().saturating_sub(2);
    let mut places: Vec<usize> = (0..=last).step_by(2).collect();
    if chars.len() >= 2 && places.last() != Some(&last) {
        places.push(last);
    }
    places.into_iter().filter_map(|at| Some((at, chars.get(at..at + 2)?.iter().collect()))).collect()
}

/// The pairs that stand between those of [`pairs_typed`].
pub(super) fn pairs_between(chars: &[char]) -> impl Iterator<Item = String> {
    let last = chars.len().saturating_sub(2);
    chars.windows(2).take(last).skip(1).step_by(2).map(|pair| pair.iter().collect())
}

/// As [`compact`], as text.
pub(super) fn compacted(text: &str) -> String {
    compact(text).into_iter().collect()
}
