//! A text being put together: runs of words under marks, blocks of them, and the HTML they make. Used by what reads a
//! paste and by what reads a docx.

/// What runs of words are marked with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub is_bold: bool,
    pub is_italic: bool,
    pub is_underlined: bool,
    pub is_low: bool,
    pub is_high: bool,
    pub href: Option<String>,
}

/// What a block of words is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tag {
    #[default]
    Paragraph,
    /// 1 is the highest; which of the page's levels it becomes is decided when all are known.
    Heading(u8),
    /// A point of a list.
    Item,
    /// A paragraph that begins with its own number or bullet.
    Numbered,
    Quote,
}

/// Words under one style, or a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    style: Style,
    /// Escaped already.
    html: String,
    is_picture: bool,
}

impl Run {
    pub(super) fn picture(address: &str, alt: &str) -> Run {
        let html = format!("<img src=\"{}\" alt=\"{}\">", escaped(address), escaped(alt));
        Run { style: Style::default(), html, is_picture: true }
    }
}

/// The words of one block.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs(Vec<Run>);

impl Runs {
    pub(super) fn push(&mut self, run: Run) {
        self.0.push(run);
    }

    pub(super) fn append(&mut self, more: Runs) {
        self.0.extend(more.0);
    }

    pub(super) fn is_blank(&self) -> bool {
        self.0.iter().all(|run| !run.is_picture && run.html.trim_matches(is_space).is_empty())
    }

    pub(super) fn push_break(&mut self) {
        self.0.push(Run { style: Style::default(), html: "<br>".into(), is_picture: false });
    }

    /// Words as they are.
    pub(super) fn push_text(&mut self, text: &str, style: &Style) {
        if text.is_empty() {
            return;
        }
        let html = escaped(text);
        match self.0.last_mut() {
            Some(last) if last.style == *style && !last.is_picture && last.html != "<br>" => {
                last.html.push_str(&html)
            }
            _ => self.0.push(Run { style: style.clone(), html, is_picture: false }),
        }
    }

    /// Words from HTML: blanks and line breaks of the source are one blank, and none between two Chinese characters.
    pub(super) fn push_collapsed(&mut self, text: &str, style: &Style) {
        let mut out = String::with_capacity(text.len());
        let mut before = self.0.last().and_then(|run| run.html.chars().next_back());
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if !is_blank(c) {
                out.push(c);
                before = Some(c);
                continue;
            }
            let mut breaks = matches!(c, '\n' | '\r');
            while let Some(next) = chars.next_if(|next| is_blank(*next)) {
                breaks |= matches!(next, '\n' | '\r');
            }
            let after = chars.peek().copied();
            let is_within_chinese = breaks && before.is_some_and(is_wide) && after.is_none_or(is_wide);
            if !is_within_chinese && before.is_some_and(|c| !is_blank(c)) {
                out.push(' ');
                before = Some(' ');
            }
        }
        self.push_text(&out, style);
    }

    fn html(&self, keeps_bold: bool) -> String {
        let mut html = String::new();
        for run in &self.0 {
            if run.is_picture || run.html == "<br>" || run.html.trim().is_empty() {
                html.push_str(&run.html);
                continue;
            }
            let s = &run.style;
            let mut close = Vec::new();
            let mut open = |tag: &'static str, html: &mut String| {
                html.push_str(&format!("<{tag}>"));
                close.push(tag);
            };
            if s.is_bold && keeps_bold {
                open("strong", &mut html);
            }
            if s.is_italic {
                open("em", &mut html);
            }
            if s.is_underlined {
                open("u", &mut html);
            }
            if s.is_high {
                open("sup", &mut html);
            } else if s.is_low {
                open("sub", &mut html);
            }
            if let Some(href) = &s.href {
                html.push_str(&format!("<a href=\"{}\">{}</a>", escaped(href), run.html));
            } else {
                html.push_str(&run.html);
            }
            for tag in close.into_iter().rev() {
                html.push_str(&format!("</{tag}>"));
            }
        }
        html
    }

    /// The block these words make; none when they are no words.
    pub(super) fn into_block(mut self, tag: Tag) -> Option<Block> {
        let is_nothing =
            |run: &Run| !run.is_picture && (run.html == "<br>" || run.html.trim_matches(is_space).is_empty());
        while self.0.last().is_some_and(is_nothing) {
            self.0.pop();
        }
        let first = self.0.iter().position(|run| !is_nothing(run))?;
        self.0.drain(..first);
        if let Some(run) = self.0.first_mut().filter(|run| !run.is_picture) {
            run.html = run.html.trim_start_matches(is_space).to_owned();
        }
        if let Some(run) = self.0.last_mut().filter(|run| !run.is_picture) {
            run.html = run.html.trim_end_matches(is_space).to_owned();
        }
        let mut tag = tag;
        if tag == Tag::Numbered {
            tag = Tag::Paragraph;
            // Bullets are drawn with letters of symbol fonts; a number is part of the text.
            if let Some(run) = self.0.first_mut() {
                let mark: String = run.html.chars().take_while(|c| !is_blank(*c)).collect();
                if matches!(
                    mark.as_str(),
                    "·" | "•"
                        | "o"
                        | "§"
                        | "Ø"
                        | "ü"
                        | "u"
                        | "l"
                        | "n"
                        | "-"
                        | "–"
                        | "●"
                        | "○"
                        | "■"
                        | "▪"
                        | "\u{f0b7}"
                        | "\u{f0a7}"
                        | "\u{f06c}"
                        | "\u{f06e}"
                        | "\u{f0d8}"
                        | "\u{f0fc}"
                ) {
                    run.html = run.html[mark.len()..].trim_start_matches(is_space).to_owned();
                    tag = Tag::Item;
                }
            }
            self.0.retain(|run| !run.html.is_empty());
            if let Some(run) = self.0.first_mut() {
                run.html = run.html.trim_start_matches(is_space).to_owned();
            }
        }
        let html = self.html(!matches!(tag, Tag::Heading(_)));
        (!html.is_empty()).then_some(Block { tag: Some(tag), html })
    }
}

/// A paragraph, heading or point with its words, or something whole: a list, a table, a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// `None`: whole already.
    tag: Option<Tag>,
    html: String,
}

impl Block {
    pub(super) fn whole(html: &str) -> Block {
        Block { tag: None, html: html.to_owned() }
    }

    pub(super) fn is_heading(&self, wanted: u8) -> bool {
        self.tag == Some(Tag::Heading(wanted))
    }

    pub(super) fn html(&self) -> &str {
        &self.html
    }
}

/// What stands in a cell or a point: paragraphs apart by line breaks, lists and tables as they are.
pub(super) fn inline(blocks: &[Block]) -> String {
    let mut html = String::new();
    let mut follows_words = false;
    for block in blocks {
        if block.tag.is_some() && follows_words {
            html.push_str("<br>");
        }
        follows_words = block.tag.is_some();
        html.push_str(&block.html);
    }
    html
}

/// The text as HTML, a block a line.
pub(super) fn serialised(blocks: &[Block]) -> String {
    let highest = blocks
        .iter()
        .filter_map(|block| match block.tag {
            Some(Tag::Heading(level)) => Some(level),
            _ => None,
        })
        .min()
        .unwrap_or(2);
    // The title of the page is the first level; the text begins below it.
    let shift = 2_u8.saturating_sub(highest);
    let mut lines: Vec<String> = Vec::new();
    let mut is_in_list = false;
    for block in blocks {
        let is_item = block.tag == Some(Tag::Item);
        if is_in_list && !is_item {
            lines.push("</ul>".into());
        } else if is_item && !is_in_list {
            lines.push("<ul>".into());
        }
        is_in_list = is_item;
        let html = &block.html;
        lines.push(match block.tag {
            None => html.clone(),
            Some(Tag::Heading(level)) => {
                let level = (level + shift).clamp(2, 4);
                format!("<h{level}>{html}</h{level}>")
            }
            Some(Tag::Item) => format!("<li>{html}</li>"),
            Some(Tag::Quote) => format!("<blockquote><p>{html}</p></blockquote>"),
            Some(Tag::Paragraph | Tag::Numbered) => format!("<p>{html}</p>"),
        });
    }
    if is_in_list {
        lines.push("</ul>".into());
    }
    lines.join("\n")
}

/// 正文中的图片: a picture of this program, named by its content. Nothing else is shown in a text.
pub(crate) fn is_picture_address(address: &str) -> bool {
    picture_hash(address).is_some()
}

/// The SHA-256 in the address of a picture.
pub(crate) fn picture_hash(address: &str) -> Option<&str> {
    let hash = address.strip_prefix("/pictures/")?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    is_hash.then_some(hash)
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What HTML takes as one blank, and the blanks that Word puts for tabs.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}' | '\u{a0}')
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{3000}' | '\u{a0}' | '\u{200b}' | '\u{feff}')
}

/// Characters between which no blank is written.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x2e80..=0x9fff | 0xf900..=0xfaff | 0xfe30..=0xfe4f | 0xff00..=0xff60 | 0x20000..=0x3ffff)
}
