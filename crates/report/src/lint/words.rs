//! Looking for words in the prose.

/// Where the word first stands. Most words that a rule looks for are not there, and whether one is there at all is
/// told several times faster than where; `str::contains` is fast for words of up to 32 bytes.
pub(super) fn find(text: &str, word: &str) -> Option<usize> {
    let head = word.get(..30).unwrap_or(word);
    if text.contains(head) { text.find(word) } else { None }
}

/// The first of the words that stands in the text, and where.
pub(super) fn find_any<'w>(text: &str, words: &[&'w str]) -> Option<(usize, &'w str)> {
    words.iter().find_map(|word| Some((find(text, word)?, *word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_where_it_stands() {
        let long = "坚持以公开为常态、不公开为例外的原则开展工作";
        let text = format!("我局{long}，共3件");
        assert_eq!(find(&text, long), Some("我局".len()));
        assert_eq!(find(&text, "共3件"), text.find("共3件"));
        assert_eq!(find(&text, "坚持以公开为常态、不公开的原则"), None);
        assert_eq!(find_any(&text, &["没有", "公开", "我局"]), Some((text.find("公开").unwrap(), "公开")));
    }
}
