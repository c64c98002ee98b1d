//! Title, agency, year, the six headings and the prose below them; the rows of tables are handed on.

use super::block::{Block, RawCell, is_space};
use super::labels::{fold, is_table_text, proactive_row, request_row};
use super::number::{is_amount, is_value};
use crate::model::{Paragraph, Position, Section, Sections};

/// A table row with the part it stands in.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) section: Option<Section>,
    pub(super) cells: Vec<RawCell>,
    pub(super) at: Position,
}

#[derive(Debug, Default)]
pub(super) struct Skeleton {
    pub(super) agency: Option<String>,
    pub(super) year: Option<i16>,
    pub(super) lead: Vec<Paragraph>,
    pub(super) sections: Sections,
    pub(super) rows: Vec<Row>,
    /// How many of the six headings were found.
    pub(super) headings: usize,
    /// Whether the text calls itself an annual report on disclosure.
    pub(super) names_a_report: bool,
}

impl Skeleton {
    /// The rows that may belong to the table of `section`: those below its heading, or, where the document
    /// has no such heading, all.
    pub(super) fn rows_of(&self, section: Section) -> impl Iterator<Item = &Row> {
        let headed = self.sections.paragraphs(section).is_some();
        self.rows.iter().filter(move |row| !headed || row.section == Some(section))
    }
}

pub(super) fn find(blocks: &[Block]) -> Skeleton {
    let mut skeleton = Skeleton::default();
    let mut section = None;
    let mut before = Vec::new();
    for block in blocks {
        match block {
            Block::Row { cells, at } => skeleton.rows.push(Row { section, cells: cells.clone(), at: *at }),
            Block::Paragraph { text, at } => {
                if let Some((next, rest)) =
                    heading(text).filter(|(next, _)| section.is_none_or(|now| *next > now))
                {
                    section = Some(next);
                    skeleton.headings += 1;
                    skeleton.sections.open(next);
                    if !rest.is_empty() {
                        let skipped = text.chars().count() - rest.chars().count();
                        let at = Position { line: at.line, column: at.column + skipped };
                        skeleton.sections.push(next, Paragraph { text: rest.to_owned(), at: Some(at) });
                    }
                    continue;
                }
                if let Some(cells) = spaced_row(text, *at, section) {
                    skeleton.rows.push(Row { section, cells, at: *at });
                    continue;
                }
                let in_tables =
                    matches!(section, Some(Section::Proactive | Section::Requests | Section::Remedies));
                if in_tables && is_table_text(text) {
                    continue;
                }
                let paragraph = Paragraph { text: text.clone(), at: Some(*at) };
                match section {
                    Some(section) => skeleton.sections.push(section, paragraph),
                    None => before.push(paragraph),
                }
            }
        }
    }
    title(&mut skeleton, before);
    skeleton
}

/// The part a heading opens, and the text that follows it in the same paragraph.
fn heading(text: &str) -> Option<(Section, &str)> {
    let bare = text.trim_start_matches(['#', '*', ' ', '\u{3000}']);
    let mut chars = bare.chars();
    let ordinal = chars.next()?;
    let number = "一二三四五六七1234567".chars().position(|c| c == ordinal)? % 7;
    let after = chars.as_str().trim_start_matches(is_space);
    let after = after.strip_prefix(['、', '.', '．', '，', ','])?;
    let after = after.trim_start_matches(is_space).trim_end_matches(['*', '#', ' ']);
    let folded = fold(after);
    let expected = Section::ALL.get(number).copied();

    let core = |section: Section| section.official().chars().skip(2).collect::<String>();
    if ordinal.is_ascii_digit() {
        // 1. also numbers paragraphs: only the very words of the form make it a heading.
        return expected.filter(|&section| folded == core(section)).map(|section| (section, ""));
    }
    // A heading that its text follows at once, without a line break.
    if let Some(section) = Section::ALL.into_iter().find(|&section| after.starts_with(&core(section))) {
        let rest = &after[core(section).len()..];
        let rest = rest.trim_start_matches(is_space);
        return Some((section, if rest.chars().count() <= 6 && !rest.contains('。') { "" } else { rest }));
    }
    if folded.chars().count() > 32 || folded.ends_with(['。', '；', ';']) || request_row(text).is_some() {
        return None;
    }
    let section = by_words(&folded)?;
    // Loose wording needs the right number; a wrong number needs the wording of the form.
    (expected == Some(section) || folded.contains(&core(section))).then_some((section, ""))
}

fn by_words(folded: &str) -> Option<Section> {
    let has = |words: &str| folded.contains(words);
    if has("复议") || has("诉讼") {
        Some(Section::Remedies)
    } else if has("存在") && has("问题") || has("问题及改进") {
        Some(Section::ProblemsAndImprovements)
    } else if has("需要报告") || has("需要说明") || has("其他事项") {
        Some(Section::OtherMatters)
    } else if has("申请") && !has("主动公开") {
        Some(Section::Requests)
    } else if has("主动公开") {
        Some(Section::Proactive)
    } else if has("总体") || has("概述") || has("基本情况") || has("概况") {
        Some(Section::Overview)
    } else {
        None
    }
}

/// A row laid out with spaces only: a label of the tables and then values, or values alone in part 四.
fn spaced_row(text: &str, at: Position, section: Option<Section>) -> Option<Vec<RawCell>> {
    let in_tables = matches!(section, Some(Section::Proactive | Section::Requests | Section::Remedies));
    if !in_tables || !text.split(is_space).next_back().is_some_and(is_figure) {
        return None;
    }
    let mut words: Vec<RawCell> = Vec::new();
    let mut column = 0;
    for word in text.split(is_space) {
        if !word.is_empty() {
            let at = Position { line: at.line, column: at.column + column };
            words.push(RawCell { text: word.to_owned(), at });
        }
        column += word.chars().count() + 1;
    }
    let values = words.iter().rev().take_while(|word| is_figure(&word.text)).count();
    let label_words = words.len() - values;
    if values == 0 {
        return None;
    }
    if label_words == 0 {
        return (section == Some(Section::Remedies) && values >= 5).then_some(words);
    }
    let label: Vec<&str> = words[..label_words].iter().map(|word| word.text.as_str()).collect();
    let label = label.concat();
    let known = match section {
        Some(Section::Proactive) => proactive_row(&label).is_some(),
        Some(Section::Requests) => request_row(&label).is_some(),
        _ => false,
    };
    if !known {
        return None;
    }
    let mut cells = vec![RawCell { text: label, at: words[0].at }];
    cells.extend(words.drain(label_words..));
    Some(cells)
}

/// A count or an amount of money.
fn is_figure(word: &str) -> bool {
    is_value(word) || word.starts_with(|c: char| c.is_ascii_digit()) && is_amount(word)
}

/// Takes agency and year from the title, which may run over several lines, and keeps the rest as the lead.
fn title(skeleton: &mut Skeleton, before: Vec<Paragraph>) {
    let is_title = |p: &Paragraph| !p.text.contains(['，', '。', '；']) && p.text.chars().count() <= 80;
    let title_lines = before.iter().take_while(|p| is_title(p)).count();
    let joined: String = before[..title_lines].iter().map(|p| fold(p.text.trim_start_matches('#'))).collect();
    let mut found = named_report(&joined);
    skeleton.names_a_report = found.is_some();
    let mut kept = if found.is_some() { title_lines } else { 0 };
    if found.is_none() {
        kept = 0;
        for paragraph in &before {
            if let Some(named) = named_report(&fold(&paragraph.text)) {
                skeleton.names_a_report = true;
                found = Some(named);
                break;
            }
        }
    }
    if let Some((agency, year)) = found {
        skeleton.year = year;
        skeleton.agency = agency;
    }
    if skeleton.agency.is_none() {
        let named = before.iter().find_map(|p| named_report(&fold(&p.text)).and_then(|(agency, _)| agency));
        skeleton.agency = named.or_else(|| signature(skeleton));
    }
    skeleton.lead = before.into_iter().skip(kept).collect();
}

/// Agency and year of “某某镇2031年政府信息公开工作年度报告”; a report is named when the words are there.
fn named_report(folded: &str) -> Option<(Option<String>, Option<i16>)> {
    const NAMES: [&str; 4] =
        ["政府信息公开工作年度报告", "政府信息公开年度报告", "政务公开工作年度报告", "信息公开工作年报"];
    let mut from = 0;
    let mut named = None;
    while let Some((at, name)) =
        NAMES.iter().filter_map(|name| Some((from + folded[from..].find(name)?, *name))).min()
    {
        let before = &folded[..at];
        let (until_year, year) = year_at_end(before);
        let agency = until_year.rsplit(['《', '“', '>', '，', '。', '、', ':']).next().unwrap_or_default();
        let agency = agency.rsplit("报告").next().unwrap_or_default();
        from = at + name.len();
        // 《……年度报告格式》 names the form, not this report.
        if year.is_none() && folded[from..].starts_with("格式") {
            continue;
        }
        let plausible = (2..=40).contains(&agency.chars().count());
        let agency = plausible.then(|| agency.to_owned());
        if year.is_some() {
            return Some((agency, year));
        }
        named.get_or_insert((agency, year));
    }
    named
}

/// Splits a trailing “2031年” or “2031年度” off.
fn year_at_end(text: &str) -> (&str, Option<i16>) {
    let bare = text.strip_suffix('度').unwrap_or(text);
    let bare = bare.strip_suffix('年').unwrap_or(bare);
    let digits = bare.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (before, number) = bare.split_at(bare.len() - digits);
    match number.parse() {
        Ok(year @ 2008..=2200) if digits == 4 => (before, Some(year)),
        _ => (text, None),
    }
}

/// The name below the text, where the title has none.
fn signature(skeleton: &Skeleton) -> Option<String> {
    const ENDINGS: [&str; 8] = ["人民政府", "街道办事处", "局", "委员会", "厅", "办公室", "管委会", "中心"];
    let last = Section::ALL
        .into_iter()
        .rev()
        .find_map(|s| skeleton.sections.paragraphs(s).filter(|p| !p.is_empty()))?;
    let short = |text: &String| text.chars().count() <= 30 && ENDINGS.iter().any(|end| text.ends_with(end));
    last.iter().rev().take(3).map(|p| fold(&p.text)).find(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_by_wording_and_number() {
        for (text, section) in [
            ("一、总体情况", Section::Overview),
            ("## 一、 总体情况", Section::Overview),
            ("1、 总体情况", Section::Overview),
            ("一、工作基本情况", Section::Overview),
            ("二、行政机关主动公开政府信息情况", Section::Proactive),
            ("三、收到和处理政府信息公开申请情况", Section::Requests),
            ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", Section::Remedies),
            ("五、存在的问题及改进情况", Section::ProblemsAndImprovements),
            ("六、需要说明的其他事项与附表", Section::OtherMatters),
        ] {
            assert_eq!(heading(text).map(|(section, _)| section), Some(section), "{text}");
        }
        for text in [
            "三、本年度办理结果",
            "四、结转下年度继续办理",
            "一、本年新收政府信息公开申请数量",
            "1. 主动公开的政府信息数量。2031年，",
            "（一）主动公开",
            "一是加强组织领导",
        ] {
            assert_eq!(heading(text), None, "{text}");
        }
        assert_eq!(
            heading("一、总体情况（一）主动公开。全年。"),
            Some((Section::Overview, "（一）主动公开。全年。"))
        );
    }

    #[test]
    fn agency_and_year_of_a_title() {
        let named = |text| named_report(text).map(|(agency, year)| (agency.unwrap_or_default(), year));
        let qinghe = Some(("青禾区白露镇".to_owned(), Some(2031)));
        assert_eq!(named("青禾区白露镇2031年政府信息公开工作年度报告"), qinghe);
        assert_eq!(named("青禾区白露镇2031年度政府信息公开工作年度报告"), qinghe);
        assert_eq!(
            named(
                "根据《政府信息公开工作年度报告格式》，现发布《青禾区白露镇2031年政府信息公开工作年度报告》"
            ),
            qinghe
        );
        assert_eq!(named("2031年政府信息公开工作年度报告"), Some((String::new(), Some(2031))));
        assert_eq!(named("白露镇购物清单"), None);
    }
}
