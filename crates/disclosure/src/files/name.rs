//! Names as they are offered for download.

/// Longer names are cut in the middle; the extension stays.
const LONGEST: usize = 120;

/// A name without folders, control and direction marks, or characters that a file system refuses; `None` when
/// nothing is left.
pub(crate) fn sanitised(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_direction_mark(*c))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    let kept = kept.trim_matches(|c: char| c.is_whitespace() || c == '.').to_owned();
    if kept.is_empty() {
        return None;
    }
    let length = kept.chars().count();
    if length <= LONGEST {
        return Some(kept);
    }
    let (stem, extension) = kept.rsplit_once('.').unwrap_or((&kept, ""));
    let extension: String = extension.chars().take(10).collect();
    let stem: String = stem.chars().take(LONGEST - 11).collect();
    Some(format!("{stem}.{extension}").trim_end_matches('.').to_owned())
}

/// Marks that make `gnp.exe` read as `exe.png`.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for (given, kept) in [
            ("附件1.docx", Some("附件1.docx")),
            ("C:\\用户\\a.pdf", Some("a.pdf")),
            ("../../etc/passwd.txt", Some("passwd.txt")),
            ("a\u{202e}fdp.exe", Some("afdp.exe")),
            ("a\"b\r\n.pdf", Some("a_b.pdf")),
            (" .. ", None),
            ("", None),
        ] {
            assert_eq!(sanitised(given).as_deref(), kept, "{given:?}");
        }
        let long = format!("{}.docx", "长".repeat(300));
        let kept = sanitised(&long).unwrap();
        assert!(kept.chars().count() <= LONGEST && kept.ends_with(".docx"), "{kept}");
    }
}
