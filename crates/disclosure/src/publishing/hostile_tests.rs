//! A hostile paste is harmless: known vectors, each by itself, nested in others, and cut anywhere.

use html5ever::driver;
use html5ever::tendril::TendrilSink;
use proptest::prelude::*;
use scraper::{Html, HtmlTreeSink, Node};

use super::body::{cleaned, for_editing};
use super::html_text::is_picture_address;

fn vectors() -> Vec<&'static str> {
    include_str!("hostile.txt").lines().filter(|line| !line.is_empty()).collect()
}

/// Everything that is in the tree a browser would build is on a short list of what cannot do anything.
fn harm(html: &str) -> Option<String> {
    let page = driver::parse_document(HtmlTreeSink::new(Html::new_document()), Default::default())
        .one(format!("<!doctype html><html><head></head><body><main>{html}</main></body></html>"));
    for node in page.tree.nodes() {
        let element = match node.value() {
            Node::Element(element) => element,
            Node::Comment(_) | Node::ProcessingInstruction(_) => return Some("a comment".into()),
            _ => continue,
        };
        let name = element.name();
        let allowed: &[&str] = match name {
            "html" | "head" | "body" | "main" => &[],
            "p" | "br" | "h2" | "h3" | "h4" | "strong" | "b" | "em" | "i" | "u" | "sub" | "sup" | "ul"
            | "li" | "table" | "caption" | "thead" | "tbody" | "tfoot" | "tr" | "blockquote" | "hr" => &[],
            "ol" => &["start"],
            "td" => &["colspan", "rowspan"],
            "th" => &["colspan", "rowspan", "scope"],
            "a" => &["href", "rel"],
            "img" => &["src", "alt"],
            other => return Some(format!("<{other}>")),
        };
        for (attribute, value) in element.attrs() {
            if !allowed.contains(&attribute) {
                return Some(format!("<{name} {attribute}>"));
            }
            let is_fine = match attribute {
                "href" => {
                    let own = value.starts_with('/') && !value.starts_with("//") && !value.contains('\\');
                    own || ["http://", "https://", "mailto:", "tel:"]
                        .iter()
                        .any(|s| value.to_lowercase().starts_with(s))
                }
                "src" => is_picture_address(value),
                "rel" => value == "noopener noreferrer",
                _ => true,
            };
            if !is_fine {
                return Some(format!("<{name} {attribute}={value:?}>"));
            }
        }
    }
    None
}

#[test]
fn known_vectors_do_nothing() {
    let vectors = vectors();
    assert!(vectors.len() >= 140, "{}", vectors.len());
    for vector in &vectors {
        for typed in [
            (*vector).to_owned(),
            format!("各镇：\n{vector}\n完"),
            format!("<p>前</p>{vector}<p>后</p>"),
            format!("<div class=x><span style=y>{vector}</span></div>"),
            format!("<table><tr><td>{vector}</td></tr></table>"),
            format!("<ul><li>{vector}"),
            format!("<svg>{vector}</svg>"),
            format!("<math><mtext>{vector}</mtext></math>"),
            format!("<a href='{vector}'>x</a><img alt='{vector}' src=\"/pictures/{}\">", "0".repeat(64)),
            format!("<a href=\"{vector}\">x</a>"),
        ] {
            let html = cleaned(&typed);
            assert_eq!(harm(&html), None, "{typed}\n→ {html}");
            assert_eq!(cleaned(&html), html, "{typed}");
            let again = cleaned(&for_editing(&html));
            assert_eq!(harm(&again), None, "{typed}");
        }
    }
}

#[test]
fn vectors_within_each_other_do_nothing() {
    let vectors = vectors();
    for outer in &vectors {
        for inner in vectors.iter().step_by(7) {
            for at in [outer.len() / 2, outer.len()] {
                let at = (0..=at).rev().find(|at| outer.is_char_boundary(*at)).unwrap_or(0);
                let typed = format!("{}{inner}{}", &outer[..at], &outer[at..]);
                let html = cleaned(&typed);
                assert_eq!(harm(&html), None, "{typed}\n→ {html}");
            }
        }
    }
}

proptest! {
    #[test]
    fn pieces_of_vectors_do_nothing(
        picks in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..6),
    ) {
        let vectors = vectors();
        let mut typed = String::new();
        for (which, cut) in picks {
            let vector = vectors[which.index(vectors.len())];
            let chars: Vec<char> = vector.chars().collect();
            typed.extend(&chars[cut.index(chars.len())..]);
        }
        let html = cleaned(&typed);
        prop_assert_eq!(harm(&html), None, "{}", typed);
        prop_assert_eq!(&cleaned(&html), &html);
    }
}
