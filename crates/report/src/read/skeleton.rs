//! Title, agency, year, the six headings and the prose below them; the rows of tables are handed on.

use std::cell::LazyCell;

use super::block::{Block, RawCell, is_space};
use super::headings::{
    begins_a_report, bracketed_heading, heading, names_a_sheet, split_at_headings, worded_heading,
};
use super::labels::{fold, proactive_row, request_row, without_number};
use super::number::{is_amount, is_value};
use super::table_text::{is_table_text, table_within};
use super::title::{named_report, year_of_period, year_spoken_of};
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
    /// has no such heading, all that stand before the heading of a later part.
    pub(super) fn rows_of(&self, section: Section) -> impl Iterator<Item = &Row> {
        let may_hold = self.may_hold(section);
        self.rows.iter().filter(move |row| may_hold(row.section))
    }

    /// Whether what stands below the heading of a part, or before all headings, may be the table of `section`.
    fn may_hold(&self, section: Section) -> impl Fn(Option<Section>) -> bool + use<> {
        let headed = self.sections.paragraphs(section).is_some();
        move |of| if headed { of == Some(section) } else { of < Some(section) }
    }

    /// Everything that may belong to the table of `section`, in the order of the source.
    pub(super) fn pieces_of(&self, section: Section) -> impl Iterator<Item = &Piece> {
        let may_hold = self.may_hold(section);
        let pieces = self.pieces.iter().filter(move |(of, _)| may_hold(*of));
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
        const FEW: usize = 60;
        let parts = Section::ALL[..5].iter().filter_map(|section| self.sections.paragraphs(*section));
        let written = || parts.flatten().flat_map(|paragraph| paragraph.text.chars()).take(FEW).count();
        self.headings >= 4 && self.rows.is_empty() && written() < FEW
    }

    /// 总体情况 stood in a list above the title: what was read as the first part is what stands before all parts.
    fn take_back_what_precedes_the_title(&mut self, before: &mut Vec<Paragraph>) {
        let read = self.sections.paragraphs(Section::Overview).unwrap_or_default();
        let is_title = |p: &Paragraph| {
            !p.text.contains(['，', '。', '；'])
                && named_report(&fold(&p.text)).is_some_and(|(_, year)| year.is_some())
        };
        if self.headings == 1 && self.rows.is_empty() && read.iter().any(is_title) {
            before.extend(read.iter().cloned());
            self.sections.truncate(Section::Overview, 0);
        }
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

pub(super) fn find(blocks: Vec<Block>) -> Skeleton {
    let mut skeleton = Skeleton::default();
    let mut before = Vec::new();
    let mut section = None;
    'blocks: for block in blocks {
        match block {
            Block::Row { cells, at, in_grid } => match heading_row(&cells) {
                Some(cell) => paragraph(&mut skeleton, &mut section, &mut before, &cell.text, cell.at),
                None => skeleton.push_row(section, cells, at, in_grid),
            },
            Block::Paragraph { text, at } => {
                for (start, text) in split_at_headings(&text) {
                    let at = at.further(start);
                    if section == Some(Section::Overview) && begins_a_report(text) {
                        skeleton.take_back_what_precedes_the_title(&mut before);
                    }
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
    if names_a_sheet(text) {
        return;
    }
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
    // What the title does not tell, the prose below the first heading may.
    let overview = skeleton.sections.paragraphs(Section::Overview).unwrap_or_default();
    let prose: LazyCell<Vec<String>, _> =
        LazyCell::new(|| overview.iter().take(40).map(|p| fold(&p.text)).collect());
    let in_prose =
        || prose.iter().take(6).filter_map(|text| named_report(text)).filter(|(agency, _)| agency.is_some());
    let agency = skeleton.agency.take().or_else(|| {
        let named = folded.iter().find_map(|line| named_report(line).and_then(|(agency, _)| agency));
        named
            .or_else(|| in_prose().next().and_then(|(agency, _)| agency))
            .or_else(|| signature(skeleton))
            .or_else(|| publisher(&before, &skeleton.rows))
    });
    let texts = || folded.iter().chain(prose.iter()).map(String::as_str);
    let says_report = |text: &str| text.contains("政府信息公开") && text.contains("年度报告");
    skeleton.names_a_report = skeleton.names_a_report || skeleton.headings > 0 && texts().any(says_report);
    skeleton.year = skeleton
        .year
        .or_else(|| in_prose().find_map(|(_, year)| year))
        .or_else(|| texts().find_map(year_of_period))
        .or_else(|| year_spoken_of(texts()));
    skeleton.agency = agency;
    skeleton.lead = before.into_iter().skip(kept).collect();
}

/// The name below the text, where the title has none.
fn signature(skeleton: &Skeleton) -> Option<String> {
    const ENDINGS: [&str; 8] = ["人民政府", "街道办事处", "局", "委员会", "厅", "办公室", "管委会", "中心"];
    let last = Section::ALL
        .into_iter()
        .rev()
        .find_map(|s| skeleton.sections.paragraphs(s).filter(|p| !p.is_empty()))?;
    let short = |text: &String| {
        let is_name = !text.contains(|c: char| c.is_ascii_digit() || ",。;:、我".contains(c));
        is_name && text.chars().count() <= 30 && ENDINGS.iter().any(|end| text.ends_with(end))
    };
    last.iter().rev().take(3).map(|p| fold(&p.text)).find(short)
}

/// The name beside 发布机构 in the table of what the page is.
fn publisher(before: &[Paragraph], rows: &[Row]) -> Option<String> {
    const LABELS: [&str; 5] = ["发布机构", "发文机关", "发布单位", "发文单位", "发文机构"];
    const ENDINGS: [&str; 10] =
        ["局", "镇", "乡", "街道", "委员会", "办事处", "管委会", "厅", "中心", "人民政府"];
    let is_name = |name: &str| {
        (3..=30).contains(&name.chars().count()) && ENDINGS.iter().any(|end| name.ends_with(end))
    };
    let beside =
        rows.iter().filter(|row| row.section.is_none()).flat_map(|row| row.cells.windows(2)).map(|pair| {
            let label = fold(&pair[0].text);
            (label.trim_end_matches(':').to_owned(), fold(&pair[1].text))
        });
    let behind = before.iter().filter_map(|paragraph| {
        let folded = fold(&paragraph.text);
        folded.split_once(':').map(|(label, name)| (label.to_owned(), name.to_owned()))
    });
    let mut named =
        beside.chain(behind).filter(|(label, name)| LABELS.contains(&label.as_str()) && is_name(name));
    named.next().map(|(_, name)| name)
}
