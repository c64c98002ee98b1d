//! Word lists: ours to start with, the agency's over them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;

use super::scan::{Mark, plain};
use super::{Weight, WordKind};

/// 词条 — one word to watch for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub kind: WordKind,
    /// What is looked for; of a leader, the name.
    pub word: String,
    /// What to write instead; of a leader, the title that is right.
    pub instead: String,
    /// `None`: switched off.
    pub weight: Option<Weight>,
    pub why: String,
}

#[derive(Deserialize)]
struct Starting {
    words: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    kind: String,
    weight: String,
    why: String,
    pairs: Vec<(String, String)>,
}

static STARTING: LazyLock<Vec<Word>> = LazyLock::new(|| {
    let starting: Starting = toml::from_str(include_str!("data/words.toml"))
        .unwrap_or_else(|e| unreachable!("data/words.toml: {e}"));
    let mut words = Vec::new();
    for group in starting.words {
        let kind = WordKind::from_code(&group.kind);
        let weight = Weight::from_code(&group.weight);
        for (word, instead) in group.pairs {
            words.push(Word {
                kind: kind.unwrap_or_else(|| unreachable!("kind {:?}", group.kind)),
                word,
                instead,
                weight,
                why: group.why.clone(),
            });
        }
    }
    words
});

/// The words every agency starts from.
pub fn starting() -> &'static [Word] {
    &STARTING
}

/// The words of an agency, ready to be looked for.
pub struct Lists {
    words: Vec<Word>,
    /// In the order of `words`.
    patterns: AhoCorasick,
}

impl Lists {
    /// `own` go over the starting words; later ones over earlier ones.
    pub fn new(own: Vec<Word>) -> anyhow::Result<Lists> {
        let mut by_word: BTreeMap<String, Word> = BTreeMap::new();
        for word in STARTING.iter().cloned().chain(own) {
            by_word.insert(folded(&word.word), word);
        }
        let words: Vec<(String, Word)> =
            by_word.into_iter().filter(|(key, word)| word.weight.is_some() && !key.is_empty()).collect();
        let patterns = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(words.iter().map(|(key, _)| key))?;
        Ok(Lists { words: words.into_iter().map(|(_, word)| word).collect(), patterns })
    }

    /// Every word of the lists in the text, in its order.
    pub fn scan(&self, text: &str) -> Vec<Mark> {
        let (key, at) = fold(text);
        let mut marks = Vec::new();
        for found in self.patterns.find_iter(&key) {
            let word = &self.words[found.pattern().as_usize()];
            let Some(weight) = word.weight else { continue };
            let last = at[found.end() - 1];
            let range = at[found.start()]..last + text[last..].chars().next().map_or(0, char::len_utf8);
            let mark = |instead: &str, why: String| Mark {
                kind: word.kind.mark(),
                weight,
                range: range.clone(),
                instead: Some(instead.to_owned()).filter(|i| !i.is_empty()),
                why,
            };
            match word.kind {
                WordKind::Leader => {
                    if let Some(title) = wrong_title(text, range.start, range.end, &word.instead) {
                        marks.push(mark("", format!("写作“{title}”，名录上的职务是“{}”", word.instead)));
                    }
                }
                _ if is_within(&key, found.start(), found.end(), &word.instead) => {}
                _ => marks.push(mark(&word.instead, word.why.clone())),
            }
        }
        marks
    }
}

/// What is looked for is part of the right word itself: 部分 in 部份 never, 其他 in 其他人 always.
fn is_within(text: &str, from: usize, to: usize, instead: &str) -> bool {
    let right = folded(instead);
    let Some(offset) = right.find(&text[from..to]).filter(|_| !right.is_empty()) else { return false };
    from.checked_sub(offset).is_some_and(|start| text.get(start..start + right.len()) == Some(&right))
}

/// Titles that stand before or after a name.
const TITLES: [&str; 27] = [
    "书记",
    "副书记",
    "区长",
    "副区长",
    "县长",
    "副县长",
    "市长",
    "副市长",
    "镇长",
    "副镇长",
    "乡长",
    "副乡长",
    "局长",
    "副局长",
    "主任",
    "副主任",
    "主席",
    "副主席",
    "科长",
    "副科长",
    "部长",
    "副部长",
    "院长",
    "检察长",
    "常委",
    "秘书长",
    "所长",
];

/// A title right beside the name that the register does not give.
fn wrong_title(text: &str, from: usize, to: usize, right: &str) -> Option<String> {
    let longest = |is_beside: &dyn Fn(&str) -> bool| {
        TITLES.iter().filter(|title| is_beside(title)).max_by_key(|title| title.len()).copied()
    };
    let before = text[..from].trim_end_matches([' ', '\u{3000}']);
    let after = text[to..].trim_start_matches([' ', '\u{3000}']);
    let found =
        longest(&|title| before.ends_with(title)).or_else(|| longest(&|title| after.starts_with(title)))?;
    let is_right = right.split(['、', '，', ',', '；', ' ']).any(|known| {
        known.ends_with(found) && (found.starts_with('副') || !known.ends_with(&format!("副{found}")))
    });
    (!is_right).then(|| found.to_owned())
}

/// Without spaces, in plain forms, brackets of document numbers as 〔〕.
pub(super) fn folded(text: &str) -> String {
    fold(text).0
}

/// The folded text, and for each byte of it where the character begins that it came from.
fn fold(text: &str) -> (String, Vec<usize>) {
    let mut key = String::with_capacity(text.len());
    let mut at = Vec::with_capacity(text.len());
    for (offset, c) in text.char_indices() {
        let folded = match plain(c) {
            ' ' | '\t' => continue,
            '[' | '【' => '〔',
            ']' | '】' => '〕',
            '(' => '（',
            ')' => '）',
            ',' => '，',
            c => c,
        };
        for _ in 0..folded.len_utf8() {
            at.push(offset);
        }
        key.push(folded);
    }
    (key, at)
}

#[cfg(test)]
mod tests {
    use super::super::MarkKind;
    use super::*;

    fn told(own: Vec<Word>, text: &str) -> Vec<(MarkKind, String, Option<String>)> {
        let lists = Lists::new(own).unwrap();
        lists.scan(text).into_iter().map(|m| (m.kind, text[m.range].to_owned(), m.instead)).collect()
    }

    fn word(kind: WordKind, word: &str, instead: &str) -> Word {
        Word {
            kind,
            word: word.into(),
            instead: instead.into(),
            weight: Some(Weight::Must),
            why: String::new(),
        }
    }

    #[test]
    fn starting_words_are_found_and_can_be_switched_off() {
        assert!(starting().len() > 50);
        assert_eq!(told(vec![], "进行布 署。"), [(MarkKind::WrongWord, "布 署".into(), Some("部署".into()))]);
        let off = Word { weight: None, ..word(WordKind::Wrong, "布署", "") };
        assert_eq!(told(vec![off], "进行布署。"), []);
        for sound in ["自己经营", "标准统一但尚未执行", "按装机容量", "以德报怨", "已经部署"]
        {
            assert_eq!(told(vec![], sound), [], "{sound}");
        }
    }

    #[test]
    fn the_longest_word_counts_and_the_right_one_is_silent() {
        let own = || {
            vec![
                word(WordKind::Sensitive, "青禾镇", "青禾镇人民政府"),
                word(WordKind::Sensitive, "青禾镇政府", "青禾镇人民政府"),
            ]
        };
        assert_eq!(told(own(), "青禾镇政府决定")[0].1, "青禾镇政府");
        assert_eq!(told(own(), "青禾镇人民政府决定"), []);
    }

    #[test]
    fn titles_of_leaders() {
        let own = || vec![word(WordKind::Leader, "俞春山", "区委常委、副区长")];
        assert_eq!(told(own(), "副区长俞春山出席"), []);
        assert_eq!(told(own(), "区委常委俞春山"), []);
        assert_eq!(told(own(), "俞春山在会上说"), []);
        let marks = Lists::new(own()).unwrap().scan("区长俞春山出席");
        assert_eq!(marks.len(), 1);
        assert!(marks[0].why.contains("“区长”"), "{}", marks[0].why);
        assert_eq!(told(own(), "俞春山副书记").len(), 1);
    }

    #[test]
    fn numbers_of_other_documents_in_every_bracket() {
        let own = || vec![word(WordKind::NonPublicDocument, "青禾办发〔2026〕3号", "")];
        for text in
            ["青禾办发〔2026〕3号", "青禾办发[2026]3号", "青禾办发［２０２６］３号", "青禾办发【2026】 3号"]
        {
            assert_eq!(told(own(), text).len(), 1, "{text}");
        }
        assert_eq!(told(own(), "青禾办发〔2026〕13号"), []);
    }
}
