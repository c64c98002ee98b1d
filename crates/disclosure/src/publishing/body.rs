//! The text of an edition: what may be in it, and how it reads without marks.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::html_text::is_picture_address;
use super::tidying;

/// What an official text needs: headings, paragraphs, lists, tables, links, and pictures that are attachments of it.
/// No style, class, script or frame; the page gives the look.
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let tags = [
        "p",
        "br",
        "h2",
        "h3",
        "h4",
        "strong",
        "b",
        "em",
        "i",
        "u",
        "sub",
        "sup",
        "ul",
        "ol",
        "li",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "blockquote",
        "a",
        "hr",
        "img",
    ];
    let attributes: HashMap<&str, HashSet<&str>> = HashMap::from([
        ("a", HashSet::from(["href"])),
        ("th", HashSet::from(["colspan", "rowspan", "scope"])),
        ("td", HashSet::from(["colspan", "rowspan"])),
        ("ol", HashSet::from(["start"])),
        ("img", HashSet::from(["src", "alt"])),
    ]);
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(tags))
        .clean_content_tags(HashSet::from(["script", "style", "template", "noscript", "iframe", "object"]))
        .tag_attributes(attributes)
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::Custom(Box::new(own_address)))
        .link_rel(Some("noopener noreferrer"))
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("img", "src") => is_picture_address(value).then_some(Cow::Borrowed(value)),
            _ => Some(Cow::Borrowed(value)),
        });
    builder
});

/// Links within the site start with one slash; two would leave it.
fn own_address(url: &str) -> Option<Cow<'_, str>> {
    (url.starts_with('/') && !url.starts_with("//") && !url.contains('\\')).then_some(Cow::Borrowed(url))
}

/// Makes what an officer typed into what is stored and shown. Plain text becomes paragraphs, one per line.
///
/// What comes out stays as it is when it is cleaned again, so that opening a draft and saving it changes nothing.
pub fn cleaned(typed: &str) -> String {
    // Broken marks, a list item straight within a table say, are moved about by the parser and take some rounds
    // to settle. What never does keeps its words.
    const ROUNDS: usize = 8;
    if looks_like_html(typed) && tidying::is_monstrous(typed) {
        return paragraphs(&words_only(typed));
    }
    let tidied = is_foreign(typed).then(|| tidying::tidied(typed).html);
    let mut html = cleaned_once(tidied.as_deref().unwrap_or(typed));
    for _ in 0..ROUNDS {
        let again = cleaned_once(&html);
        if again == html {
            return html;
        }
        html = again;
    }
    paragraphs(&plain_text(&html))
}

fn cleaned_once(typed: &str) -> String {
    if !looks_like_html(typed) {
        return paragraphs(typed);
    }
    let html = without_blank_pictures(CLEANER.clean(typed).to_string().trim());
    if plain_text(&html).is_empty() && !html.contains("<img ") {
        // Marks around nothing are nothing.
        String::new()
    } else if looks_like_html(&html) {
        CLEANER.clean(&with_paragraphs(&html)).to_string()
    } else {
        paragraphs(&unescaped(&html))
    }
}

/// A picture whose address was refused is none.
fn without_blank_pictures(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<img") {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        out.push_str(&rest[..at]);
        if rest[at..end].contains(" src=\"/pictures/") {
            out.push_str(&rest[at..end]);
        }
        rest = &rest[end..];
    }
    out + rest
}

/// Marks that are never stored: the text comes from Word, WPS or another page, and is tidied first.
fn is_foreign(html: &str) -> bool {
    html.match_indices('<').any(|(at, _)| {
        let tag = &html[at + 1..];
        let tag = tag[..tag.find('>').unwrap_or(tag.len())].to_ascii_lowercase();
        let name = tag.trim_start_matches('/').split([' ', '/', '\n', '\t']).next().unwrap_or_default();
        // What stands in quotes is a value, whatever it looks like.
        let tag: String = tag.split('"').step_by(2).collect();
        matches!(
            name,
            "div" | "span" | "font" | "center" | "section" | "article" | "h1" | "h5" | "h6" | "pre"
        ) || name.contains(':')
            || tag.contains(" style=")
            || tag.contains(" class=")
    })
}

/// The words of marks that are not worth reading as such.
pub(super) fn words_only(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        words.push_str(&rest[..open]);
        words.push(' ');
        let Some(close) = rest[open..].find('>') else { return words };
        rest = &rest[open + close + 1..];
    }
    words + rest
}

/// The pictures shown in a text, by their SHA-256.
pub fn pictures(html: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (at, _) in html.match_indices("src=\"/pictures/") {
        let address = html[at + 5..].split('"').next().unwrap_or_default();
        if let Some(hash) = super::html_text::picture_hash(address)
            && !found.iter().any(|known| known == hash)
        {
            found.push(hash.to_owned());
        }
    }
    found
}

fn paragraphs(text: &str) -> String {
    let paragraphs: Vec<String> = text
        .lines()
        .map(|line| line.trim_matches(|c: char| c.is_whitespace() || c == '\u{3000}'))
        .filter(|line| !line.is_empty())
        .map(|line| format!("<p>{}</p>", escaped(line)))
        .collect();
    CLEANER.clean(&paragraphs.join("\n")).to_string()
}

const BLOCKS: [&str; 10] = ["p", "h2", "h3", "h4", "ul", "ol", "li", "table", "blockquote", "hr"];

/// Lines that stand between headings, lists and tables become paragraphs, as they would in plain text. What is
/// given is well nested already; where a block stands within running words it is left as it is.
fn with_paragraphs(html: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut line = String::new();
    let (mut blocks, mut inlines) = (0_u32, 0_u32);
    let mut rest = html;
    let end = |line: &mut String, parts: &mut Vec<String>| {
        let words = std::mem::take(line);
        let words = words.trim_matches(|c: char| c.is_whitespace() || c == '\u{3000}');
        if !words.is_empty() {
            parts.push(format!("<p>{words}</p>"));
        }
    };
    loop {
        let open = rest.find('<').unwrap_or(rest.len());
        for piece in rest[..open].split_inclusive('\n') {
            line.push_str(piece);
            if piece.ends_with('\n') && blocks == 0 && inlines == 0 {
                end(&mut line, &mut parts);
            }
        }
        let Some(close) = rest[open..].find('>').map(|at| open + at) else { break };
        let tag = &rest[open + 1..close];
        let is_end = tag.starts_with('/');
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        let is_block = BLOCKS.contains(&name);
        if is_block && inlines > 0 {
            return html.to_owned();
        }
        if is_block && blocks == 0 {
            end(&mut line, &mut parts);
        }
        line.push_str(&rest[open..=close]);
        match name {
            "hr" if blocks == 0 => parts.push(std::mem::take(&mut line)),
            "hr" | "br" | "img" => {}
            _ if is_block && is_end => {
                blocks = blocks.saturating_sub(1);
                if blocks == 0 {
                    parts.push(std::mem::take(&mut line));
                }
            }
            _ if is_block => blocks += 1,
            // What is within a block is its own.
            _ if blocks > 0 => {}
            _ if is_end => inlines = inlines.saturating_sub(1),
            _ => inlines += 1,
        }
        rest = &rest[close + 1..];
    }
    end(&mut line, &mut parts);
    parts.join("\n")
}

fn looks_like_html(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        text[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'))
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What the form shows for changing: plain paragraphs as plain text, anything else as the HTML it is.
pub fn for_editing(html: &str) -> String {
    let mut lines = Vec::new();
    for line in html.lines() {
        let inner = line.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
        match inner {
            Some(text) if !text.contains('<') => lines.push(unescaped(text)),
            _ => return html.to_owned(),
        }
    }
    let text = lines.join("\n");
    // Text that would read as HTML when it comes back stays HTML.
    if looks_like_html(&text) { html.to_owned() } else { text }
}

/// The words alone, one line per paragraph, heading, list item or table row; cells apart by a tab.
pub fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        push_text(&mut text, &rest[..open]);
        let Some(close) = rest[open..].find('>') else { break };
        let tag = &rest[open + 1..open + close];
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        match name {
            "td" | "th" if tag.starts_with('/') => text.push('\t'),
            "p" | "br" | "h2" | "h3" | "h4" | "li" | "tr" | "caption" | "blockquote" | "hr" => {
                end_line(&mut text)
            }
            _ => {}
        }
        rest = &rest[open + close + 1..];
    }
    push_text(&mut text, rest);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

fn end_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

fn push_text(text: &mut String, html: &str) {
    // Line breaks of the source are not line breaks of the text.
    let unescaped = unescaped(html);
    for c in unescaped.chars() {
        if matches!(c, '\n' | '\r') {
            if !text.is_empty() && !text.ends_with(['\n', ' ', '\t']) {
                text.push(' ');
            }
        } else {
            text.push(c);
        }
    }
}

/// The cleaner writes only these entities.
fn unescaped(html: &str) -> String {
    html.replace("&nbsp;", "\u{a0}")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_text_becomes_paragraphs_and_back() {
        let typed = "　　各镇人民政府：\n\n　　现将《办法》印发给你们，PM2.5 < 35、A & B。\n";
        let html = cleaned(typed);
        assert_eq!(html, "<p>各镇人民政府：</p>\n<p>现将《办法》印发给你们，PM2.5 &lt; 35、A &amp; B。</p>");
        assert_eq!(cleaned(&for_editing(&html)), html);
        assert!(!for_editing(&html).contains('<') || for_editing(&html).contains("< 35"));
    }

    #[test]
    fn only_the_shape_of_a_text_survives() {
        let typed = r##"<h2 class="x" style="color:red" onclick="a()">一</h2><script>alert(1)</script>
            <p><a href="javascript:alert(1)">坏</a><a href="https://example.org/">好</a><a href="//evil.example">坏</a>
            <a href="/entries/x">内</a><img src=x onerror=alert(1)><svg><p></svg></p><iframe src=x></iframe>
            <table border=1><tr><td colspan=2 style=x>格</td><td>二</td></tr></table>"##;
        let html = cleaned(typed);
        for gone in [
            "script",
            "alert",
            "style",
            "class",
            "onclick",
            "javascript",
            "evil",
            "img",
            "iframe",
            "svg",
            "border",
        ] {
            assert!(!html.contains(gone), "{gone} in {html}");
        }
        for kept in [
            "<h2>一</h2>",
            r#"href="https://example.org/""#,
            r#"href="/entries/x""#,
            r#"<td colspan="2">格</td>"#,
        ] {
            assert!(html.contains(kept), "{kept} not in {html}");
        }
    }

    #[test]
    fn lines_between_marks_are_paragraphs_too() {
        for (typed, stored) in [
            (
                "各镇：\n　　一、<b>加强</b>服务。\n完",
                "<p>各镇：</p>\n<p>一、<b>加强</b>服务。</p>\n<p>完</p>",
            ),
            (
                "前言\n<h2>一、目标</h2>\n到2026年<br>\n<ul><li>甲</li>\n<li>乙</li></ul>后语",
                "<p>前言</p>\n<h2>一、目标</h2>\n<p>到2026年<br></p>\n<ul><li>甲</li>\n<li>乙</li></ul>\n<p>后语</p>",
            ),
            ("<b>一行\n又一行</b>\n三", "<p><b>一行\n又一行</b></p>\n<p>三</p>"),
            ("甲<hr>乙", "<p>甲</p>\n<hr>\n<p>乙</p>"),
            ("<li><table><li>甲", "<li></li>\n<li>甲</li>\n<table></table>"),
        ] {
            assert_eq!(cleaned(typed), stored);
            assert_eq!(cleaned(stored), stored);
        }
    }

    #[test]
    fn words_alone() {
        let html = "<h2>一、目标</h2>\n<p>到2026年，\n<strong>收入</strong>增长 &gt; 5%。</p><table><tbody><tr><td>甲</td><td>1</td></tr></tbody></table>";
        assert_eq!(plain_text(html), "一、目标\n到2026年， 收入增长 > 5%。\n甲\t1");
    }

    proptest! {
        #[test]
        fn known_marks_are_stable(typed in "(</?(b|p|li|ul|h2|a|br|hr|table|tr|td|i)>|[甲乙 \n&]){0,24}") {
            let once = cleaned(&typed);
            prop_assert_eq!(&cleaned(&once), &once);
        }

        #[test]
        fn cleaning_twice_changes_nothing(typed in "(<[a-z/]{1,6}[ a-z=\"':]{0,12}>|[一-十<&a-z \n]){0,40}") {
            let once = cleaned(&typed);
            prop_assert_eq!(&cleaned(&once), &once);
            prop_assert_eq!(plain_text(&cleaned(&for_editing(&once))), plain_text(&once));
        }
    }
}
