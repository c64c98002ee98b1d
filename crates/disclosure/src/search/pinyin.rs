//! 拼音 — what was typed in letters, found in titles: whole syllables, or the first letter of each character.

use std::collections::HashSet;
use std::sync::OnceLock;

use pinyin::{ToPinyin, ToPinyinMulti};
use tantivy::tokenizer::Tokenizer;

use super::text::compact;
use super::tokens::Stream;

/// Ways to cut letters into syllables that are tried.
const READINGS: usize = 6;

/// All readings of a character, without tones; ü is v, as it is typed.
fn readings(c: char) -> Vec<String> {
    let Some(all) = c.to_pinyin_multi() else { return Vec::new() };
    let mut readings: Vec<String> = all.into_iter().map(|one| typed_as(one.plain())).collect();
    readings.sort_unstable();
    readings.dedup();
    readings
}

fn typed_as(plain: &str) -> String {
    plain.replace('ü', "v").chars().filter(char::is_ascii_lowercase).collect()
}

/// The reading of a character that stands alone.
pub(super) fn reading(c: char) -> Option<String> {
    c.to_pinyin().map(|one| typed_as(one.plain()))
}

/// 全拼 — the syllables of a title, every reading of a character at its place.
#[derive(Clone, Default)]
pub(super) struct Syllables;

/// 简拼 — pairs of first letters.
#[derive(Clone, Default)]
pub(super) struct Initials;

type Known = Stream<std::vec::IntoIter<(usize, String)>>;

impl Tokenizer for Syllables {
    type TokenStream<'a> = Known;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Known {
        let chars = compact(text);
        let all =
            chars.iter().enumerate().flat_map(|(at, c)| readings(*c).into_iter().map(move |one| (at, one)));
        Stream::new(all.collect::<Vec<_>>().into_iter())
    }
}

impl Tokenizer for Initials {
    type TokenStream<'a> = Known;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Known {
        let firsts: Vec<Vec<char>> = compact(text).into_iter().map(first_letters).collect();
        let mut all = Vec::new();
        for (at, two) in firsts.windows(2).enumerate() {
            for one in &two[0] {
                all.extend(two[1].iter().map(|other| (at, format!("{one}{other}"))));
            }
        }
        Stream::new(all.into_iter())
    }
}

fn first_letters(c: char) -> Vec<char> {
    let mut letters: Vec<char> = readings(c).iter().filter_map(|one| one.chars().next()).collect();
    letters.dedup();
    letters
}

fn syllables() -> &'static HashSet<String> {
    static ALL: OnceLock<HashSet<String>> = OnceLock::new();
    ALL.get_or_init(|| ('\u{4e00}'..='\u{9fa5}').filter_map(reading).collect())
}

/// The ways letters can be cut into syllables, longest first; two at least, or it says too little.
pub(super) fn cut(letters: &str) -> Vec<Vec<String>> {
    fn go(rest: &[u8], cut: &mut Vec<String>, found: &mut Vec<Vec<String>>, tries: &mut usize) {
        if rest.is_empty() {
            found.push(cut.clone());
            return;
        }
        for length in (1..=rest.len().min(6)).rev() {
            *tries = tries.saturating_sub(1);
            if found.len() >= READINGS || *tries == 0 {
                return;
            }
            let one = String::from_utf8_lossy(&rest[..length]).into_owned();
            if syllables().contains(&one) {
                cut.push(one);
                go(&rest[length..], cut, found, tries);
                cut.pop();
            }
        }
    }
    let mut found = Vec::new();
    if letters.bytes().all(|b| b.is_ascii_lowercase()) {
        go(letters.as_bytes(), &mut Vec::new(), &mut found, &mut 3_000);
    }
    found.retain(|cut| cut.len() >= 2);
    found
}

/// Whether a character can be read like this: a syllable, or its first letter.
fn is_read(c: char, as_: &str) -> bool {
    readings(c).iter().any(|one| one == as_ || as_.len() == 1 && one.starts_with(as_))
}

/// The characters of a text that are read like this; the first place.
pub(super) fn read_as(text: &[char], syllables: &[String]) -> Option<Vec<char>> {
    text.windows(syllables.len().max(1))
        .find(|window| window.iter().zip(syllables).all(|(c, one)| is_read(*c, one)))
        .map(<[char]>::to_vec)
}

/// Whether two texts sound alike.
pub(super) fn sound_alike(one: &[char], other: &[char]) -> bool {
    one.len() == other.len()
        && one
            .iter()
            .zip(other)
            .all(|(a, b)| a == b || readings(*a).iter().any(|reading| readings(*b).contains(reading)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_cut_into_syllables() {
        assert!(cut("nongcunweifang").contains(&["nong", "cun", "wei", "fang"].map(String::from).to_vec()));
        assert!(cut("xian").contains(&["xi", "an"].map(String::from).to_vec()));
        assert!(cut("lvse").contains(&["lv", "se"].map(String::from).to_vec()));
        for no in ["ncwf", "gdp", "", "农村", "xx"] {
            assert_eq!(cut(no), Vec::<Vec<String>>::new(), "{no}");
        }
        cut(&"an".repeat(500));
    }

    #[test]
    fn characters_with_several_readings_are_found_by_each() {
        let text: Vec<char> = "重庆银行长期".chars().collect();
        let of = |syllables: &[&str]| {
            let syllables: Vec<String> = syllables.iter().map(|s| (*s).to_owned()).collect();
            read_as(&text, &syllables).map(|found| found.into_iter().collect::<String>())
        };
        assert_eq!(of(&["chong", "qing"]).as_deref(), Some("重庆"));
        assert_eq!(of(&["hang"]).as_deref(), Some("行"));
        assert_eq!(of(&["c", "q"]).as_deref(), Some("重庆"));
        assert_eq!(of(&["bei", "jing"]), None);
        assert!(sound_alike(&['危', '房'], &['威', '房']) && !sound_alike(&['危'], &['房']));
    }
}
