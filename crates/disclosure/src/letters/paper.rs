//! The one form all letters have. Everything a person typed goes through [`escaped`].

use jiff::civil::Date;

/// A letter being written.
pub(super) struct Paper {
    html: String,
}

impl Paper {
    /// 机关名称、标题、文号、抬头.
    pub(super) fn new(agency: &str, title: &str, number: &str, addressee: &str) -> Paper {
        let mut html = format!(
            "<div class=\"document-head\"><p>{}</p><h2>{}</h2><p>{}</p></div>\n",
            escaped(agency),
            escaped(title),
            escaped(number),
        );
        // A cover goes to nobody.
        if !addressee.is_empty() {
            html += &format!("<p class=\"no-indent\">{}：</p>\n", escaped(addressee));
        }
        Paper { html }
    }

    /// Paragraphs that go into a letter.
    pub(super) fn blank() -> Paper {
        Paper { html: String::new() }
    }

    /// This, and then those.
    pub(super) fn with(mut self, paragraphs: Paper) -> Paper {
        self.html += &paragraphs.html;
        self
    }

    pub(super) fn paragraph(mut self, text: &str) -> Paper {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            self.html += &format!("<p>{}</p>\n", escaped(line));
        }
        self
    }

    pub(super) fn paragraph_when(self, when: bool, text: impl FnOnce() -> String) -> Paper {
        if when { self.paragraph(&text()) } else { self }
    }

    /// 一、标题, then its text.
    pub(super) fn part(mut self, heading: &str, text: &str) -> Paper {
        self.html += &format!("<h3>{}</h3>\n", escaped(heading));
        self.paragraph(text)
    }

    /// 落款; the day follows when the letter is shown.
    pub(super) fn signed(mut self, agency: &str) -> String {
        self.html += &format!("<p class=\"signature\">{}</p>\n", escaped(agency));
        self.html
    }
}

/// 2026年3月9日.
pub(super) fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// 您 or 你单位.
pub(super) fn you(is_organization: bool) -> &'static str {
    if is_organization { "你单位" } else { "您" }
}
