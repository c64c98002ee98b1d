//! Chinese text as tokens: dictionary words, and pairs of neighbouring characters.
//!
//! Words rank well but miss what the dictionary cuts differently; pairs find any two characters that stand together.

use std::sync::{Arc, OnceLock};

use jieba_rs::Jieba;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::text::normalised;

fn jieba() -> Arc<Jieba> {
    static JIEBA: OnceLock<Arc<Jieba>> = OnceLock::new();
    JIEBA.get_or_init(|| Arc::new(Jieba::new())).clone()
}

/// 词 — words of the dictionary, long ones also in their parts.
#[derive(Clone, Default)]
pub(super) struct Words;

/// 二字 — pairs of neighbouring characters; runs of Latin letters and digits stay whole as well.
#[derive(Clone, Default)]
pub(super) struct Pairs;

/// Tokens that are all known beforehand.
pub(super) struct Known {
    tokens: std::vec::IntoIter<Token>,
    current: Token,
}

impl Known {
    fn new(words: Vec<String>) -> Known {
        let tokens: Vec<Token> = words
            .into_iter()
            .enumerate()
            .map(|(position, text)| Token { position, text, ..Token::default() })
            .collect();
        Known { tokens: tokens.into_iter(), current: Token::default() }
    }
}

impl TokenStream for Known {
    fn advance(&mut self) -> bool {
        match self.tokens.next() {
            Some(token) => {
                self.current = token;
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

impl Tokenizer for Words {
    type TokenStream<'a> = Known;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Known {
        Known::new(words(text))
    }
}

impl Tokenizer for Pairs {
    type TokenStream<'a> = Known;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Known {
        Known::new(pairs(text))
    }
}

/// The words of a text in their order; together they are the text.
pub(crate) fn cut(text: &str) -> Vec<String> {
    jieba().cut(text, false).into_iter().map(|token| token.word.to_owned()).collect()
}

pub(super) fn words(text: &str) -> Vec<String> {
    let text = normalised(text);
    jieba()
        .cut_for_search(&text, false)
        .into_iter()
        .map(|token| token.word.to_owned())
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .collect()
}

/// Every character with its right neighbour. A lone character is its own pair.
pub(super) fn pairs(text: &str) -> Vec<String> {
    let chars: Vec<char> = normalised(text).chars().filter(|c| !c.is_whitespace()).collect();
    match chars.as_slice() {
        [] => Vec::new(),
        [only] => vec![only.to_string()],
        all => all.windows(2).map(|two| two.iter().collect()).collect(),
    }
}
