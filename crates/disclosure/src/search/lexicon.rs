//! 词表 — names that are words of their own here (agencies, lines of the catalogue), and words that mean the same.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::text::is_blank;
use super::tokens::{compacted, words_typed};

/// One group a line, words apart by spaces; `A > B` when who looks for A also means B, but not the other way round.
const SHIPPED: &str = include_str!("data/synonyms.txt");

/// So many words at most are looked for beside one.
const MOST: usize = 6;

/// Words that say nothing alone.
const EMPTY: &str = "的了和与及或在对于为是之等个将把被让也都就而并按由从向到其";

#[derive(Default)]
pub(super) struct Lexicon {
    names: Option<AhoCorasick>,
    synonyms: HashMap<String, Vec<String>>,
}

impl Lexicon {
    /// From the names of the agencies and the words of the catalogue.
    pub(super) fn new(agencies: &[String], lines: &[String]) -> Lexicon {
        let mut lexicon = Lexicon::default();
        for line in SHIPPED.lines().filter(|line| !line.starts_with('#')) {
            match line.split_once('>') {
                Some((from, to)) => {
                    for from in from.split_whitespace() {
                        for to in to.split_whitespace() {
                            lexicon.means_also(from, to);
                        }
                    }
                }
                None => {
                    let group: Vec<&str> = line.split_whitespace().collect();
                    for one in &group {
                        for other in &group {
                            lexicon.means_also(one, other);
                        }
                    }
                }
            }
        }
        for line in lines {
            for (long, short) in called(line) {
                lexicon.means_also(&long, &short);
                lexicon.means_also(&short, &long);
            }
        }
        for agency in agencies {
            if let Some(short) = without_region(agency) {
                lexicon.means_also(agency, &short);
            }
        }
        let short_lines = lines.iter().filter(|line| (2..=10).contains(&line.chars().count()));
        let names = agencies.iter().chain(short_lines).map(|name| compacted(name));
        let names: Vec<String> =
            names.chain(lexicon.synonyms.keys().cloned()).filter(|name| name.chars().count() >= 2).collect();
        lexicon.names = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(names).ok();
        lexicon
    }

    fn means_also(&mut self, from: &str, to: &str) {
        let (from, to) = (compacted(from), compacted(to));
        let is_word = |word: &str| word.chars().count() >= 2;
        if from == to || !is_word(&from) || !is_word(&to) {
            return;
        }
        let known = self.synonyms.entry(from).or_default();
        if !known.contains(&to) && known.len() < MOST {
            known.push(to);
        }
    }

    /// What is looked for beside this word.
    pub(super) fn also(&self, word: &str) -> &[String] {
        self.synonyms.get(word).map_or(&[], Vec::as_slice)
    }

    /// The words that something typed is made of; what says nothing alone is left out, unless nothing else is there.
    pub(super) fn cut(&self, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        let mut from = 0;
        for found in self.names.iter().flat_map(|names| names.find_iter(text)) {
            words.extend(words_typed(&text[from..found.start()]));
            words.push(text[found.range()].to_owned());
            from = found.end();
        }
        words.extend(words_typed(&text[from..]));
        words.retain(|word| !(word.chars().count() == 1 && EMPTY.contains(word.as_str())));
        words.retain(|word| !word.chars().all(is_blank));
        words.dedup();
        words
    }
}

/// 最低生活保障（低保）, 最低生活保障（以下简称低保）: both names of one thing.
fn called(line: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(['（', '(']) {
        let Some((inside, tail)) = after.split_once(['）', ')']) else { break };
        rest = tail;
        let long: String =
            before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().chars().collect();
        let is_named =
            ["以下简称", "简称", "又称", "也称", "俗称", "即"].iter().find_map(|by| inside.strip_prefix(by));
        let short = is_named.unwrap_or(inside).trim_matches(|c: char| !c.is_alphanumeric());
        let length = short.chars().count();
        // A short name is made of characters of the long one; what else stands in brackets is a remark.
        let is_short =
            length >= 2 && length < long.chars().count() && short.chars().all(|c| long.contains(c));
        if is_short || is_named.is_some() && length >= 2 {
            pairs.push((long, short.to_owned()));
        }
    }
    pairs
}

/// 区财政局 of 青禾区财政局.
fn without_region(agency: &str) -> Option<String> {
    let chars: Vec<char> = agency.chars().collect();
    let at = (2..=4).find(|at| chars.get(*at).is_some_and(|c| "区县市".contains(*c)))?;
    let short: String = chars[at..].iter().collect();
    (chars.len() - at >= 4).then_some(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_place_are_words() {
        let lexicon = Lexicon::new(&["青禾区财政局".into()], &["农村危房改造".into()]);
        assert_eq!(lexicon.cut("青禾区财政局预算"), ["青禾区财政局", "预算"]);
        assert_eq!(lexicon.cut("农村危房改造补助的标准"), ["农村危房改造", "补助", "标准"]);
        assert_eq!(lexicon.also("青禾区财政局"), ["区财政局"]);
    }

    #[test]
    fn synonyms_come_from_the_list_and_from_the_catalogue() {
        let lexicon = Lexicon::new(&[], &["村集体经济（村集经）".into(), "户籍（见附件）".into()]);
        assert!(lexicon.also("低保").contains(&"最低生活保障".to_owned()));
        assert_eq!(lexicon.also("村集经"), ["村集体经济"]);
        assert!(!lexicon.also("户籍").contains(&"见附件".to_owned()));
        assert_eq!(called("社会救助（以下简称“救助”）"), [("社会救助".to_owned(), "救助".to_owned())]);
    }

    #[test]
    fn the_shipped_list_is_well_formed() {
        for line in SHIPPED.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            assert!(line.split_whitespace().filter(|word| *word != ">").count() >= 2, "{line}");
            assert!(line.split_whitespace().all(|word| word == ">" || word.chars().count() >= 2), "{line}");
        }
    }
}
