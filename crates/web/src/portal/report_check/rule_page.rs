//! The page of a rule: a little Markdown, as the pages of the rules are written.

use super::marks::escape;

/// Headings, paragraphs, lists, fenced blocks, `code` and **bold**; everything else is text. The page's own first
/// heading is left out, the frame has it.
pub(super) fn html(page: &str) -> String {
    let mut out = String::new();
    let mut lines = page.lines().skip_while(|line| line.starts_with("# ")).peekable();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut items: Vec<&str> = Vec::new();
    while let Some(line) = lines.next() {
        let item = line.strip_prefix("- ");
        let is_block = line.is_empty() || line.starts_with("```") || line.starts_with('#') || item.is_some();
        if is_block {
            end_paragraph(&mut out, &mut paragraph);
        }
        if item.is_none() {
            end_list(&mut out, &mut items);
        }
        if let Some(kind) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            example(&mut out, kind, &body);
        } else if let Some(heading) = line.strip_prefix('#') {
            out.push_str("<h2>");
            inline(&mut out, heading.trim_start_matches('#').trim());
            out.push_str("</h2>\n");
        } else if let Some(item) = item {
            items.push(item);
        } else if !line.is_empty() {
            paragraph.push(line);
        }
    }
    end_paragraph(&mut out, &mut paragraph);
    end_list(&mut out, &mut items);
    out
}

fn end_paragraph(out: &mut String, lines: &mut Vec<&str>) {
    if lines.is_empty() {
        return;
    }
    out.push_str("<p>");
    inline(out, &lines.concat());
    out.push_str("</p>\n");
    lines.clear();
}

fn end_list(out: &mut String, items: &mut Vec<&str>) {
    if items.is_empty() {
        return;
    }
    out.push_str("<ul>\n");
    for item in items.drain(..) {
        out.push_str("<li>");
        inline(out, item);
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
}

/// An example: its report, and after it the places it is marked at.
fn example(out: &mut String, kind: &str, body: &[&str]) {
    let fails = kind.ends_with("fails");
    let (marked, report): (Vec<&str>, Vec<&str>) = body.iter().partition(|line| line.starts_with("=> "));
    let class = if fails { "example fails" } else { "example" };
    out.push_str(&format!("<pre class=\"{class}\" tabindex=\"0\">"));
    escape(out, &report.join("\n"));
    out.push_str("</pre>\n");
    if !marked.is_empty() {
        out.push_str("<p class=\"small\">指出的位置：");
        let places = marked.iter().map(|line| line.trim_start_matches("=> "));
        for (index, place) in places.enumerate() {
            out.push_str(if index > 0 { "、<code>" } else { "<code>" });
            escape(out, place);
            out.push_str("</code>");
        }
        out.push_str("</p>\n");
    }
}

fn inline(out: &mut String, text: &str) {
    for (index, piece) in text.split('`').enumerate() {
        if index % 2 == 1 {
            out.push_str("<code>");
            escape(out, piece);
            out.push_str("</code>");
            continue;
        }
        for (index, piece) in piece.split("**").enumerate() {
            if index % 2 == 1 {
                out.push_str("<strong>");
                escape(out, piece);
                out.push_str("</strong>");
            } else {
                escape(out, piece);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_of_all_rules_leave_no_marks_of_markdown() {
        for rule in gongkai_report::lint::rules() {
            let page = html(rule.page);
            assert!(page.contains("<p>") && page.contains("<pre"), "{}", rule.id);
            let prose: String = page.split("<pre").map(|p| p.split("</pre>").last().unwrap()).collect();
            for mark in ["```", "**", "`", "\n# ", "<p>- ", "|--"] {
                assert!(!prose.contains(mark), "{}: {mark}\n{prose}", rule.id);
            }
        }
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            html("# 题\n\n a <b> `x<y` **粗**\n"),
            "<p> a &lt;b&gt; <code>x&lt;y</code> <strong>粗</strong></p>\n"
        );
    }
}
