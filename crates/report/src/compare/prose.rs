//! The prose of a report with everything left out that says nothing about copying: numbers, names, punctuation,
//! cited titles, and the sentences the form makes everybody write.

use crate::model::{PositionKind, Report, Section};

/// Sentences with one of these are the form's or the law's, not the author's.
const BOILERPLATE: [&str; 22] = [
    "编制本报告",
    "编制本年度报告",
    "年度报告格式",
    "统计期限",
    "统计时限",
    "数据统计期",
    "电子版可",
    "电子版在",
    "可以从",
    "可在本",
    "可在政府网站",
    "如对本报告",
    "如有疑问",
    "联系电话",
    "联系地址",
    "邮政编码",
    "电子邮箱",
    "信息处理费",
    "收费通知",
    "没有其他需要报告",
    "无其他需要报告",
    "本年度没有需要报告",
];

/// How an agency speaks of itself.
const SELF: [&str; 24] = [
    "本机关",
    "本单位",
    "本部门",
    "我单位",
    "我局",
    "本局",
    "全局",
    "我镇",
    "本镇",
    "全镇",
    "我乡",
    "本乡",
    "全乡",
    "我区",
    "本区",
    "全区",
    "我县",
    "本县",
    "全县",
    "我街道",
    "本街道",
    "我办",
    "我委",
    "我中心",
];

/// A report's prose, ready to be compared.
#[derive(Debug, Clone, Default)]
pub struct Prose {
    /// What counts, without the rest.
    pub(super) chars: Vec<char>,
    /// For each of them: paragraph and character within it.
    origin: Vec<(u32, u32)>,
    paragraphs: Vec<Source>,
}

/// A paragraph as printed.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) section: Section,
    pub(super) line: Option<usize>,
    text: Vec<char>,
}

impl Prose {
    pub fn of(report: &Report) -> Self {
        let names = names(report.agency.as_deref().unwrap_or_default());
        let mut prose = Self::default();
        for section in Section::ALL {
            for paragraph in report.sections.paragraphs(section).unwrap_or_default() {
                let number = prose.paragraphs.len() as u32;
                let text: Vec<char> = paragraph.text.chars().collect();
                for at in counted(&text, &names) {
                    prose.chars.push(text[at]);
                    prose.origin.push((number, at as u32));
                }
                let line = paragraph.at.filter(|at| at.kind == PositionKind::Line).map(|at| at.line);
                prose.paragraphs.push(Source { section, line, text });
            }
        }
        prose
    }

    /// How many characters count.
    pub fn len(&self) -> usize {
        self.chars.len()
    }

    pub fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }

    /// The paragraph in which a counted character stands.
    pub(super) fn source(&self, at: usize) -> &Source {
        &self.paragraphs[self.origin[at].0 as usize]
    }

    /// The counted characters `from..to` as printed, with what stands between them.
    pub(super) fn printed(&self, from: usize, to: usize) -> String {
        let (first, last) = (self.origin[from], self.origin[to - 1]);
        let mut out = String::new();
        for number in first.0..=last.0 {
            let text = &self.paragraphs[number as usize].text;
            let start = if number == first.0 { first.1 as usize } else { 0 };
            let end = if number == last.0 { last.1 as usize + 1 } else { text.len() };
            if !out.is_empty() {
                out.push('\n');
            }
            out.extend(&text[start..end]);
        }
        out
    }
}

/// The name in all the ways a report writes it, the longest first: with and without the district, 人民政府.
fn names(agency: &str) -> Vec<Vec<char>> {
    let plain: String = agency.chars().filter(|c| !c.is_whitespace()).collect();
    let mut names = Vec::new();
    let mut rest = plain.as_str();
    loop {
        names.push(rest.to_owned());
        names.extend(rest.strip_suffix("人民政府").map(str::to_owned));
        names.extend(rest.strip_suffix("办事处").map(str::to_owned));
        let Some((at, c)) = rest.char_indices().skip(1).find(|(_, c)| "省市区县州旗".contains(*c))
        else {
            break;
        };
        let after = at + c.len_utf8();
        names.push(rest[..after].to_owned());
        rest = &rest[after..];
    }
    let mut names: Vec<Vec<char>> =
        names.iter().map(|name| name.chars().collect()).filter(|name: &Vec<char>| name.len() >= 2).collect();
    names.extend(SELF.iter().map(|name| name.chars().collect::<Vec<char>>()));
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.dedup();
    names
}

/// The positions of the characters that count.
fn counted(text: &[char], names: &[Vec<char>]) -> Vec<usize> {
    let mut counted = Vec::with_capacity(text.len());
    let mut start = 0;
    while start < text.len() {
        let length = text[start..]
            .iter()
            .position(|c| matches!(c, '。' | '；' | '！' | ';'))
            .map_or(text.len() - start, |at| at + 1);
        let sentence = &text[start..start + length];
        let words: String = sentence.iter().filter(|c| !c.is_whitespace()).collect();
        if !BOILERPLATE.iter().any(|phrase| words.contains(phrase)) {
            counted_in(sentence, start, names, &mut counted);
        }
        start += length;
    }
    counted
}

fn counted_in(sentence: &[char], start: usize, names: &[Vec<char>], counted: &mut Vec<usize>) {
    let mut at = 0;
    let mut title = 0_usize;
    while at < sentence.len() {
        let c = sentence[at];
        match c {
            '《' => title += 1,
            '》' => title = title.saturating_sub(1),
            _ => {}
        }
        if let Some(name) = names.iter().find(|name| sentence[at..].starts_with(name)) {
            at += name.len();
            continue;
        }
        if title == 0 && c.is_alphabetic() && !c.is_ascii_digit() {
            counted.push(start + at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(agency: &str, text: &str) -> String {
        let mut report = Report::new(agency, 2031);
        report.set_section(Section::Overview, text);
        Prose::of(&report).chars.into_iter().collect()
    }

    #[test]
    fn numbers_names_titles_and_boilerplate_do_not_count() {
        let text = "2031年，青禾区白露镇人民政府认真落实《条例》要求，白露镇全年公开信息１２8条（含3件）。\
            如对本报告有疑问，请联系0000-1234567。我镇持续推进。";
        assert_eq!(counts("青禾区白露镇人民政府", text), "年认真落实要求全年公开信息条含件持续推进");
        assert_eq!(
            counts("青禾区松溪镇", "青禾区松溪镇公开12条"),
            counts("青禾区白露镇人民政府", "白露镇人民政府公开7 条")
        );
    }
}
