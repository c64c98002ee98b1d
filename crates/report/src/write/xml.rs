//! Text inside markup.

/// Appends text as the content of an element or attribute. Control characters, which no XML can hold and no reader
/// sees, are left out.
pub fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if is_legal(c) => out.push(c),
            _ => {}
        }
    }
}

/// The same as a text of its own.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    escape(&mut out, text);
    out
}

/// What XML 1.0 can hold, without the control characters that it only tolerates.
pub fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n') || !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_harmless() {
        let hostile = "a<b>&\"c\"\0\u{b}\u{1b}\u{9f}\u{ffff}\r𠮷\u{e000}";
        assert_eq!(escaped(hostile), "a&lt;b&gt;&amp;&quot;c&quot;𠮷\u{e000}");
    }
}
