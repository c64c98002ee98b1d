use super::Source;

const LONGEST: usize = 900;

/// Scripts and styles come from files, as the content security policy demands.
pub(super) fn templates_are_plain(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources.iter().filter(|s| s.path.contains("/templates/") && s.path.ends_with(".html")) {
        for (number, line) in source.text.lines().enumerate().map(|(at, line)| (at + 1, line)) {
            if line.contains("<style") {
                breaches.push(source.breach(number, "a style element"));
            }
            if line.contains("<script") && !line.contains(" src=") {
                breaches.push(source.breach(number, "a script without src"));
            }
            if line.contains("javascript:") {
                breaches.push(source.breach(number, "a javascript: address"));
            }
            if let Some(name) = attributes(line).find(|name| *name == "style" || is_handler(name)) {
                breaches.push(source.breach(number, format!("the attribute {name}")));
            }
        }
    }
    breaches
}

/// Names that stand before `="`.
fn attributes(line: &str) -> impl Iterator<Item = &str> {
    line.split("=\"")
        .filter_map(|before| before.rsplit([' ', '\t', '"']).next())
        .filter(|name| !name.is_empty())
}

fn is_handler(name: &str) -> bool {
    name.strip_prefix("on")
        .is_some_and(|event| event.len() > 2 && event.chars().all(|c| c.is_ascii_lowercase()))
}

/// A file that one reads in one sitting.
pub(super) fn files_are_short(sources: &[Source]) -> Vec<String> {
    let long = sources.iter().filter(|s| s.is_rust() && s.text.lines().count() > LONGEST);
    long.map(|s| {
        s.breach(1, format!("{} lines, more than {LONGEST}; split it by meaning", s.text.lines().count()))
    })
    .collect()
}

/// The closed lists of the law are read beside the law: their doc comments open with the Chinese term.
pub(super) fn closed_lists_open_in_chinese(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources.iter().filter(|s| s.path.starts_with("crates/statute/src/") && !s.is_test()) {
        let lines: Vec<(usize, &str)> = source.program().collect();
        for (at, (number, line)) in lines.iter().enumerate() {
            let declares =
                ["pub enum ", "pub struct "].iter().find_map(|word| line.trim_start().strip_prefix(word));
            let Some(name) = declares.filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase()))
            else {
                continue;
            };
            let above = lines[..at].iter().rev().map(|(_, l)| l.trim_start());
            let comment: Vec<&str> = above
                .take_while(|l| l.starts_with("///") || l.starts_with("#["))
                .filter(|l| l.starts_with("///"))
                .collect();
            let opens =
                comment.last().and_then(|first| first.trim_start_matches('/').trim_start().chars().next());
            let is_about_law =
                opens.is_some_and(|c| ('\u{4e00}'..='\u{9fff}').contains(&c) || matches!(c, '《' | '“'));
            if !is_about_law {
                let name: String = name.chars().take_while(|c| c.is_alphanumeric()).collect();
                breaches.push(source.breach(*number, format!("{name} does not open with its Chinese term")));
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    #[test]
    fn inline_scripts_and_styles_are_seen() {
        let at = "crates/web/templates/portal/x.html";
        let breaches = |text: &str| templates_are_plain(&source(at, text)).len();
        assert_eq!(breaches("<p class=\"a\" data-on=\"x\">one=\"two\"</p>"), 0);
        assert_eq!(breaches("<script src=\"/assets/a.js\"></script>"), 0);
        for text in
            ["<p style=\"color:red\">", "<a onclick=\"x()\">", "<script>x()</script>", "<style>p{}</style>"]
        {
            assert_eq!(breaches(text), 1, "{text}");
        }
    }

    #[test]
    fn a_list_without_its_term_is_seen() {
        let at = "crates/statute/src/x.rs";
        assert_eq!(
            closed_lists_open_in_chinese(&source(
                at,
                "/// 补正 — supplement.\n#[derive(Debug)]\npub struct Supplement {}\n"
            ))
            .len(),
            0
        );
        assert_eq!(
            closed_lists_open_in_chinese(&source(at, "/// A supplement.\npub struct Supplement {}\n")).len(),
            1
        );
    }
}
