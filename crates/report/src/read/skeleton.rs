//! Title, agency, year, the six headings and the prose below them; the rows of tables are handed on.

use super::block::{Block, RawCell, is_space};
use super::labels::{fold, proactive_row, request_row, without_number};
use super::number::{is_amount, is_value};
use super::table_text::{is_table_text, table_within};
use crate::model::{
    ApplicantColumn, OfficialForm, Paragraph, Position, RemedyColumn, RemedyRow, Section, Sections,
};

/// A table row with the part it stands in.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) section: Option<Section>,
    pub(super) cells: Vec<RawCell>,
    pub(super) at: Position,
    /// The source itself says in which column each cell stands.
    pub(super) in_grid: bool,
}

/// What stands in a part, in its order: rows, text of a table that is no row, prose.
#[derive(Debug)]
pub(super) enum Piece {
    Row(usize),
    Text(Paragraph),
    Prose(Position),
}

#[derive(Debug, Default)]
pub(super) struct Skeleton {
    pub(super) agency: Option<String>,
    pub(super) year: Option<i16>,
    pub(super) lead: Vec<Paragraph>,
    pub(super) sections: Sections,
    pub(super) rows: Vec<Row>,
    pieces: Vec<(Option<Section>, Piece)>,
    /// How many of the six headings were found.
    pub(super) headings: usize,
    /// Whether the six headings are numbered （一） to （六）.
    bracketed: bool,
    /// Where the last heading stands, when nothing follows it.
    ends_with_heading: Option<Position>,
    /// Where a second report begins in the same file.
    pub(super) next_report: Option<Position>,
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

    /// Everything that may belong to the table of `section`, in the order of the source.
    pub(super) fn pieces_of(&self, section: Section) -> impl Iterator<Item = &Piece> {
        let headed = self.sections.paragraphs(section).is_some();
        let pieces = self.pieces.iter().filter(move |(of, _)| !headed || *of == Some(section));
        pieces.map(|(_, piece)| piece)
    }

    /// Where the text ends, when it ends in the middle of a part and no later part follows: after a heading, inside a
    /// table after which others must come or that `is_open`, or inside a sentence.
    pub(super) fn cut_off(&self, is_open: impl Fn(Section) -> bool) -> Option<(Section, Position)> {
        let found = |section: &Section| self.sections.paragraphs(*section).is_some();
        let last = Section::ALL.into_iter().rev().find(found)?;
        let paragraph = self.sections.paragraphs(last)?.last();
        if last == Section::OtherMatters {
            // Nothing ends with a comma.
            return paragraph
                .filter(|p| p.text.ends_with(['，', '、', ',']))
                .and_then(|p| Some((last, p.at?)));
        }
        let (section, piece) = self.pieces.last()?;
        if *section != Some(last) {
            // A heading, and nothing below it.
            return self
                .ends_with_heading
                .filter(|_| last < Section::ProblemsAndImprovements)
                .map(|at| (last, at));
        }
        match piece {
            Piece::Row(_) | Piece::Text(_) if last > Section::Requests && !is_open(last) => None,
            Piece::Row(index) => Some((last, self.rows[*index].at)),
            Piece::Text(paragraph) => Some((last, paragraph.at?)),
            Piece::Prose(_) => {
                let paragraph = paragraph?;
                let whole = paragraph
                    .text
                    .ends_with(['。', '！', '？', '；', '：', ':', '）', ')', '”', '日', '府', '局']);
                let long = paragraph.text.chars().count() > 20;
                // A report does not end in its first parts.
                let first_parts = last < Section::Remedies && self.prose_length() > 150;
                (long && !whole || first_parts).then_some((last, paragraph.at?))
            }
        }
    }

    /// Whether the headings found so far have nothing below them: they only listed the parts. Below the last may stand
    /// the lead.
    fn is_table_of_contents(&self) -> bool {
        let parts = Section::ALL[..5].iter().filter_map(|section| self.sections.paragraphs(*section));
        let written: usize = parts.flatten().map(|paragraph| paragraph.text.chars().count()).sum();
        self.headings >= 4 && self.rows.is_empty() && written < 60
    }

    /// Another report begins: its title and lead, already read as the end of this one, are given back.
    fn leave_to_the_next(&mut self, at: Position) {
        self.next_report = Some(at);
        for section in [Section::ProblemsAndImprovements, Section::OtherMatters] {
            let paragraphs = self.sections.paragraphs(section).unwrap_or_default();
            let is_title = |p: &Paragraph| {
                !p.text.contains(['，', '。', '；'])
                    && named_report(&fold(&p.text)).is_some_and(|(_, year)| year.is_some())
            };
            if let Some(title) = paragraphs.iter().position(is_title) {
                // The name may stand on a line of its own above it.
                let is_name = |p: &Paragraph| {
                    !p.text.contains(|c: char| c.is_ascii_digit() || "，。；：".contains(c))
                        && (2..=30).contains(&p.text.chars().count())
                };
                let named = title.checked_sub(1).filter(|above| is_name(&paragraphs[*above]));
                self.sections.truncate(section, named.unwrap_or(title));
            }
        }
    }

    /// How many characters of prose the document has, before any heading too.
    pub(super) fn prose_length(&self) -> usize {
        let parts = Section::ALL.iter().filter_map(|section| self.sections.paragraphs(*section)).flatten();
        self.lead.iter().chain(parts).map(|paragraph| paragraph.text.chars().count()).sum()
    }

    /// Whether the last thing read belongs to a table.
    pub(super) fn ends_in_table(&self) -> bool {
        matches!(self.pieces.last(), Some((_, Piece::Row(_) | Piece::Text(_))))
    }

    fn push_row(&mut self, section: Option<Section>, cells: Vec<RawCell>, at: Position, in_grid: bool) {
        self.pieces.push((section, Piece::Row(self.rows.len())));
        self.rows.push(Row { section, cells, at, in_grid });
    }
}

pub(super) fn find(blocks: &[Block]) -> Skeleton {
    let mut skeleton = Skeleton::default();
    let mut before = Vec::new();
    let mut section = None;
    'blocks: for block in blocks {
        match block {
            Block::Row { cells, at, in_grid } => match heading_row(cells) {
                Some(cell) => paragraph(&mut skeleton, &mut section, &mut before, &cell.text, cell.at),
                None => skeleton.push_row(section, cells.clone(), *at, *in_grid),
            },
            Block::Paragraph { text, at } => {
                for (start, text) in split_at_headings(text) {
                    let at = at.further(start);
                    if section > Some(Section::Overview) && begins_a_report(text) {
                        if skeleton.is_table_of_contents() {
                            let lead = skeleton.sections.paragraphs(Section::OtherMatters);
                            before.extend(lead.unwrap_or_default().iter().cloned());
                            skeleton = Skeleton::default();
                            section = None;
                        } else if section >= Some(Section::ProblemsAndImprovements) {
                            skeleton.leave_to_the_next(at);
                            break 'blocks;
                        }
                    }
                    paragraph(&mut skeleton, &mut section, &mut before, text, at);
                }
            }
        }
    }
    title(&mut skeleton, before);
    skeleton
}

/// The only filled cell of a row, where it is a heading of a part: set into the first row of its table.
fn heading_row(cells: &[RawCell]) -> Option<&RawCell> {
    let mut filled = cells.iter().filter(|cell| !cell.text.is_empty());
    let (Some(only), None) = (filled.next(), filled.next()) else { return None };
    let is_heading = heading(&only.text).is_some_and(|(_, rest)| rest.is_empty());
    (is_heading && worded_heading(without_number(&fold(&only.text))).is_some()).then_some(only)
}

fn paragraph(
    skeleton: &mut Skeleton,
    section: &mut Option<Section>,
    before: &mut Vec<Paragraph>,
    text: &str,
    at: Position,
) {
    let bracketed = bracketed_heading(text).filter(|next| match section {
        None => *next == Section::Overview,
        Some(_) => skeleton.bracketed,
    });
    skeleton.bracketed |= bracketed.is_some();
    let found = heading(text).or(bracketed.map(|section| (section, "")));
    if found.is_some_and(|(next, rest)| rest.is_empty() && *section == Some(next)) {
        // Said again, above the table or at the head of a page.
        return;
    }
    let found = found.filter(|(next, _)| section.is_none_or(|now| *next > now));
    let (text, at) = match found {
        None => (text, at),
        Some((next, rest)) => {
            *section = Some(next);
            skeleton.headings += 1;
            skeleton.sections.open(next);
            skeleton.ends_with_heading = Some(at);
            if rest.is_empty() {
                return;
            }
            let skipped = text.chars().count() - rest.chars().count();
            (rest, at.further(skipped))
        }
    };
    if let Some(cells) = spaced_row(text, at, *section) {
        skeleton.push_row(*section, cells, at, false);
        return;
    }
    let in_tables = matches!(section, Some(Section::Proactive | Section::Requests | Section::Remedies));
    let table = match in_tables || section.is_none() {
        true if in_tables && (is_table_text(text) || is_label(text)) => Some((0, text.len())),
        true if in_tables && skeleton.ends_in_table() && is_value(text) => Some((0, text.len())),
        true => table_within(text),
        false => None,
    };
    let Some((start, end)) = table else {
        prose(skeleton, *section, before, text, at);
        return;
    };
    let place = |bytes: usize| at.further(text[..bytes].chars().count());
    if !text[..start].is_empty() {
        prose(skeleton, *section, before, &text[..start], at);
    }
    let piece = Paragraph { text: text[start..end].to_owned(), at: Some(place(start)) };
    skeleton.pieces.push((*section, Piece::Text(piece)));
    if !text[end..].is_empty() {
        prose(skeleton, *section, before, &text[end..], place(end));
    }
}

fn prose(
    skeleton: &mut Skeleton,
    section: Option<Section>,
    before: &mut Vec<Paragraph>,
    text: &str,
    at: Position,
) {
    let paragraph = Paragraph { text: text.to_owned(), at: Some(at) };
    skeleton.pieces.push((section, Piece::Prose(at)));
    match section {
        Some(section) => skeleton.sections.push(section, paragraph),
        None => before.push(paragraph),
    }
}

/// Headings of the form that text follows at once, or that follow text at once, in the wordings in use.
const HEADINGS: [(Section, &[&str]); 6] = [
    (Section::Overview, &["总体情况"]),
    (Section::Proactive, &["主动公开政府信息情况", "行政机关主动公开政府信息情况"]),
    (Section::Requests, &["收到和处理政府信息公开申请情况"]),
    (
        Section::Remedies,
        &["政府信息公开行政复议、行政诉讼情况", "因政府信息公开工作被申请行政复议、提起行政诉讼情况"],
    ),
    (
        Section::ProblemsAndImprovements,
        &[
            "存在的主要问题及改进情况",
            "存在的问题及改进情况",
            "存在问题及改进情况",
            "政府信息公开工作存在的主要问题及改进情况",
        ],
    ),
    (Section::OtherMatters, &["其他需要报告的事项", "需要报告的其他事项", "需要说明的其他事项"]),
];

/// The heading whose very words the text begins with, and its length in bytes.
fn worded_heading(after_number: &str) -> Option<(Section, usize)> {
    let all = HEADINGS.iter().flat_map(|(section, words)| words.iter().map(move |word| (*section, *word)));
    all.filter(|(_, word)| after_number.starts_with(word))
        .map(|(section, word)| (section, word.len()))
        .max_by_key(|(_, length)| *length)
}

/// Cuts a paragraph that runs on over headings of the form; gives the characters before each part and the part.
fn split_at_headings(text: &str) -> Vec<(usize, &str)> {
    let mut cuts = vec![0];
    for (index, c) in text.char_indices().skip(1) {
        let Some(number) = "一二三四五六".chars().position(|numeral| numeral == c) else { continue };
        let Some(after) = text[index + c.len_utf8()..].strip_prefix(['、', '.', '．']) else { continue };
        let quoted = text[..index].ends_with(['《', '“', '"', '‘', '（', '(', '第', '十']);
        let named = worded_heading(after.trim_start_matches(is_space));
        if !quoted && named.is_some_and(|(section, _)| section as usize == number) {
            cuts.push(index);
        }
    }
    cuts.push(text.len());
    let mut characters = 0;
    let mut parts = Vec::with_capacity(cuts.len() - 1);
    for cut in cuts.windows(2) {
        let part = &text[cut[0]..cut[1]];
        parts.push((characters, part));
        characters += part.chars().count();
    }
    parts
}

/// The part a heading opens, and the text that follows it in the same paragraph.
pub(super) fn heading(text: &str) -> Option<(Section, &str)> {
    let bare = text.trim_start_matches(['#', '*', ' ', '\u{3000}']);
    // A word processor's own numbering is not part of the text.
    if let Some((section, length)) = worded_heading(bare)
        && length == bare.trim_end_matches(['*', '#', ' ']).len()
    {
        return Some((section, ""));
    }
    // 第一部分 总体情况
    let part = bare.strip_prefix('第').and_then(|rest| rest.split_once("部分"));
    let part = part.filter(|(number, _)| number.chars().count() == 1);
    let mut chars = part.map_or(bare, |(number, _)| number).chars();
    let ordinal = chars.next()?;
    let number = "一二三四五六七1234567".chars().position(|c| c == ordinal)? % 7;
    let after = part.map_or(chars.as_str(), |(_, after)| after);
    let spaced = part.is_some() || after.starts_with(is_space);
    let after = after.trim_start_matches(is_space);
    let after = match after.strip_prefix(['、', '.', '．', '，', ',', '：']) {
        Some(after) => after,
        // 一 总体情况: only the very words make it a heading.
        None if spaced => {
            let (section, length) = worded_heading(after)?;
            let whole = length == after.trim_end_matches(['*', '#', ' ']).len();
            return (whole && section as usize == number).then_some((section, ""));
        }
        None => return None,
    };
    let after = after.trim_start_matches(is_space).trim_end_matches(['*', '#', ' ']);
    let folded = fold(after);
    let expected = Section::ALL.get(number).copied();

    let core = |section: Section| section.official().chars().skip(2).collect::<String>();
    if ordinal.is_ascii_digit() {
        // 1. also numbers paragraphs: only the very words of the form make it a heading.
        return expected.filter(|&section| folded == core(section)).map(|section| (section, ""));
    }
    // A heading that its text follows at once, without a line break.
    if let Some((section, length)) = worded_heading(after) {
        let rest = after[length..].trim_start_matches(is_space);
        let remainder = rest.chars().count() <= 6 && !rest.contains(['。', '无', '第']);
        return Some((section, if remainder { "" } else { rest }));
    }
    if folded.chars().count() > 32 || folded.ends_with(['。', '；', ';']) || request_row(text).is_some() {
        return None;
    }
    let section = by_words(&folded)?;
    // Loose wording needs the right number; a wrong number needs the wording of the form.
    (expected == Some(section) || folded.contains(&core(section))).then_some((section, ""))
}

/// （一）总体情况, in the very words of the form. Such numbers are those of headings only where all six have them.
fn bracketed_heading(text: &str) -> Option<Section> {
    let folded = fold(text.trim_start_matches(['#', '*', ' ']));
    let inside = folded.strip_prefix('(')?;
    let mut chars = inside.chars();
    let ordinal = chars.next()?;
    let number = "一二三四五六".chars().position(|numeral| numeral == ordinal)?;
    let after = chars.as_str().strip_prefix(')')?;
    let (section, length) = worded_heading(after)?;
    (length == after.len() && section as usize == number).then_some(section)
}

/// 一、总体情况, in the very words: where a report begins, again.
fn begins_a_report(text: &str) -> bool {
    matches!(heading(text), Some((Section::Overview, ""))) && fold(text).contains("总体情况")
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

/// A label of the tables with nothing else, however long its explanation in brackets.
fn is_label(text: &str) -> bool {
    let sentence = text.contains(['，', '。', '；', '：', ':', '！', '？']);
    let known = proactive_row(text).is_some() || request_row(text).is_some();
    known && !sentence && text.chars().count() <= 40
}

/// A row laid out with spaces only: a label of the tables and then values, or values alone in part 四.
fn spaced_row(text: &str, at: Position, section: Option<Section>) -> Option<Vec<RawCell>> {
    let in_tables = matches!(section, Some(Section::Proactive | Section::Requests | Section::Remedies));
    let ends = |word: &str| is_figure(word) || ["万元", "元"].contains(&word);
    if !in_tables || !text.split(is_space).next_back().is_some_and(ends) {
        return None;
    }
    let mut words: Vec<RawCell> = Vec::new();
    let mut column = 0;
    for word in text.split(is_space) {
        let before = words.last_mut().filter(|before| is_figure(&before.text));
        match before.filter(|_| ["万元", "元"].contains(&word)) {
            // 27.5 万元
            Some(amount) => amount.text.push_str(word),
            None if word.is_empty() => {}
            None => words.push(RawCell { text: word.to_owned(), at: at.further(column) }),
        }
        column += word.chars().count() + 1;
    }
    let values = words.iter().rev().take_while(|word| is_figure(&word.text)).count();
    let label_words = words.len() - values;
    if values == 0 {
        return None;
    }
    if label_words == 0 {
        let whole = values == RemedyRow::ALL.len() * RemedyColumn::ALL.len();
        return (section == Some(Section::Remedies) && whole).then_some(words);
    }
    let jammed = |word: &RawCell| {
        word.text.len() > 1 && word.text.starts_with('0') && word.text.bytes().all(|b| b.is_ascii_digit())
    };
    let label_end = &words[label_words - 1].text;
    if label_end.ends_with(|c: char| c.is_ascii_digit()) || words[label_words..].iter().any(jammed) {
        return None;
    }
    let label: Vec<&str> = words[..label_words].iter().map(|word| word.text.as_str()).collect();
    let label = label.concat();
    // With more or fewer values than columns, a space may be missing as well as a value: not yet a row.
    let whole = match section {
        Some(Section::Proactive) => proactive_row(&label)
            .is_some_and(|row| OfficialForm::ALL.iter().any(|form| row.columns(*form).len() == values)),
        Some(Section::Requests) => request_row(&label).is_some() && values == ApplicantColumn::ALL.len(),
        _ => false,
    };
    if !whole {
        return None;
    }
    let mut cells = vec![RawCell { text: label, at: words[0].at }];
    cells.extend(words.drain(label_words..));
    Some(cells)
}

/// A count or an amount of money.
fn is_figure(word: &str) -> bool {
    is_value(word) || fold(word).starts_with(|c: char| c.is_ascii_digit()) && is_amount(word)
}

/// Takes agency and year from the title, which may run over several lines below the furniture of a page, and keeps
/// the rest as the lead.
fn title(skeleton: &mut Skeleton, before: Vec<Paragraph>) {
    let is_title = |p: &Paragraph| !p.text.contains(['，', '。', '；']) && p.text.chars().count() <= 80;
    let folded: Vec<String> = before.iter().map(|p| fold(p.text.trim_start_matches('#'))).collect();
    let mut best: Option<(Option<String>, Option<i16>)> = None;
    let mut kept = 0;
    // The fewest lines that give both the agency and the year.
    'lines: for lines in 1..=4 {
        for start in 0..before.len().saturating_sub(lines - 1) {
            let end = start + lines;
            if !before[start..end].iter().all(is_title) {
                continue;
            }
            let Some(named) = named_report(&folded[start..end].concat()) else { continue };
            let whole = named.0.is_some() && named.1.is_some();
            if whole || best.is_none() {
                kept = end;
                best = Some(named);
            }
            if whole {
                break 'lines;
            }
        }
    }
    let known =
        |of: &Option<(Option<String>, Option<i16>)>| of.as_ref().is_some_and(|(_, year)| year.is_some());
    if !known(&best) {
        // Only the prose names the report.
        let named = folded.iter().filter_map(|line| named_report(line));
        let named: Vec<_> = named.collect();
        let with_year = named.iter().find(|(_, year)| year.is_some());
        best = with_year.or(named.first()).cloned().or(best);
    }
    skeleton.names_a_report = best.is_some();
    if let Some((agency, year)) = best {
        skeleton.year = year;
        skeleton.agency = agency;
    }
    if skeleton.agency.is_none() {
        let named = folded.iter().find_map(|line| named_report(line).and_then(|(agency, _)| agency));
        skeleton.agency = named.or_else(|| signature(skeleton));
    }
    skeleton.lead = before.into_iter().skip(kept).collect();
}

/// Agency and year of “某某镇2031年政府信息公开工作年度报告”; a report is named when the words are there.
pub(super) fn named_report(folded: &str) -> Option<(Option<String>, Option<i16>)> {
    const NAMES: [&str; 12] = [
        "政府信息公开工作年度报告",
        "政府信息公开年度报告",
        "政府信息公开年度工作报告",
        "政府信息公开工作年报",
        "政府信息公开年报",
        "政府信息公开工作情况的报告",
        "政府信息公开工作情况报告",
        "政府信息公开工作报告",
        "政务公开工作年度报告",
        "信息公开工作年度报告",
        "信息公开年度报告",
        "信息公开工作年报",
    ];
    let mut from = 0;
    let mut named = None;
    while let Some((at, name)) =
        NAMES.iter().filter_map(|name| Some((from + folded[from..].find(name)?, *name))).min()
    {
        let before = folded[..at].rsplit(['《', '“', '>', '，', '。', '、', ':', ']', '|', '】', ';', '；']);
        let before = before.into_iter().next().unwrap_or_default();
        from = at + name.len();
        // 《……年度报告格式》 names the form, not this report.
        if folded[from..].starts_with("格式") {
            continue;
        }
        let (agency, year) = year_at_end(before);
        let agency = agency.rsplit("报告").next().unwrap_or_default();
        let (agency, year) = match year {
            Some(year) => (agency, Some(year)),
            None => year_at_start(agency),
        };
        let year = year.or_else(|| year_at_start(folded[from..].trim_start_matches(['(', '〔', '['])).1);
        let agency =
            agency.trim_start_matches("关于").trim_end_matches("关于").trim_matches(['(', ')', '-', '—']);
        // 某某镇人民政府信息公开……: the two words share a character.
        let shared = agency.ends_with("人民") && name.starts_with("政府");
        let agency = if shared { format!("{agency}政府") } else { agency.to_owned() };
        // A printed page begins with the time: 2:18PM青禾区……
        let agency = agency.trim_start_matches(|c: char| c.is_ascii()).to_owned();
        let plausible = (2..=40).contains(&agency.chars().count());
        let agency = plausible.then_some(agency);
        if year.is_some() {
            return Some((agency, year));
        }
        named.get_or_insert((agency, year));
    }
    named
}

/// Splits a trailing “2031年” or “2031年度” off, in figures or in Chinese numerals.
fn year_at_end(text: &str) -> (&str, Option<i16>) {
    let bare = text.trim_end_matches("工作").trim_end_matches(')');
    let bare = bare.strip_suffix('度').unwrap_or(bare);
    let bare = bare.strip_suffix('年').unwrap_or(bare);
    let digits = bare.chars().rev().take_while(|c| numeral(*c).is_some()).count();
    let start = bare.char_indices().rev().nth(3).map(|(index, _)| index);
    match start {
        Some(start) if digits == 4 => match year_of(&bare[start..]) {
            Some(year) => (bare[..start].trim_end_matches(['(', '〔', '[']), Some(year)),
            None => (text, None),
        },
        _ => (text, None),
    }
}

/// Splits a leading “2031年” or “2031年度” off.
fn year_at_start(text: &str) -> (&str, Option<i16>) {
    let text_after = text.strip_prefix("关于").unwrap_or(text);
    let end = text_after.char_indices().nth(4).map(|(index, _)| index);
    let split = end.map(|end| text_after.split_at(end));
    match split.and_then(|(number, rest)| Some((year_of(number)?, rest.strip_prefix('年')?))) {
        Some((year, rest)) => (rest.strip_prefix('度').unwrap_or(rest), Some(year)),
        None => (text, None),
    }
}

fn year_of(four: &str) -> Option<i16> {
    let year = four.chars().try_fold(0_i16, |year, c| year.checked_mul(10)?.checked_add(numeral(c)?))?;
    (2008..=2200).contains(&year).then_some(year)
}

fn numeral(c: char) -> Option<i16> {
    let place = |numerals: &str| numerals.chars().position(|numeral| numeral == c);
    let digit = c.to_digit(10).map(|digit| digit as usize);
    let value =
        digit.or_else(|| place("〇一二三四五六七八九")).or_else(|| "○零Ｏ".contains(c).then_some(0))?;
    i16::try_from(value).ok()
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
        for title in [
            "2031年青禾区白露镇政府信息公开工作年度报告",
            "2031年度青禾区白露镇政府信息公开工作年度报告",
            "青禾区白露镇政府信息公开工作年度报告(2031年度)",
            "青禾区白露镇二〇三一年政府信息公开工作年度报告",
            "青禾区白露镇2031年度政府信息公开年报",
            "青禾区白露镇关于2031年度政府信息公开工作情况的报告",
            "1/20/32,2:18PM青禾区白露镇2031年政府信息公开工作年度报告",
        ] {
            assert_eq!(named(title), qinghe, "{title}");
        }
        let government = Some(("白露镇人民政府".to_owned(), Some(2031)));
        assert_eq!(named("白露镇人民政府信息公开工作年度报告(2031年)"), government);
        assert_eq!(named("白露镇人民政府2031年政府信息公开工作年度报告"), government);
        assert_eq!(named("2031年政府信息公开工作年度报告"), Some((String::new(), Some(2031))));
        assert_eq!(named("白露镇购物清单"), None);
    }
}
