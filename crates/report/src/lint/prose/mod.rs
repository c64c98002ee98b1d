//! The arithmetic of the prose, and where a contradiction has its root.
//!
//! Sentences state relations between numbers: a whole and its parts, a share, a rate, a number and the cell of
//! the table that it repeats. A wrong number breaks every relation it stands in. The number whose correction
//! heals most of them is told, once, with the rest as its consequences. What is not understood for certain is
//! left alone.

mod applicants;
mod cases;
mod changes;
mod channels;
mod fees;
mod outcomes;
mod quantity;
mod shares;
mod statements;
mod sums;
mod telling;
mod text;
mod volumes;
mod years;

use std::ops::Range;

pub(super) use changes::changes;
pub(super) use outcomes::TableFigures;
pub(super) use quantity::{Number, Quantity};
pub(super) use text::{Passage, passages};

use super::{At, Finding, Severity};
use crate::model::{Report, Section};

/// One sentence and its quantities.
#[derive(Debug)]
pub(super) struct Sentence<'a> {
    pub(super) passage: &'a Passage,
    range: Range<usize>,
    pub(super) quantities: &'a [Quantity],
    /// Where the next sentence begins that goes on with the same list.
    continues_at: Option<usize>,
    /// Whether it speaks of requests: by its own words or by the heading it stands under.
    pub(super) on_requests: bool,
}

impl<'a> Sentence<'a> {
    fn of(passage: &'a Passage, said: &'a Said) -> Self {
        let Said { range, quantities, continues_at, on_requests } = said;
        let (continues_at, on_requests) = (*continues_at, *on_requests);
        Self { passage, range: range.clone(), quantities, continues_at, on_requests }
    }

    pub(super) fn text(&self) -> &str {
        &self.passage.text[self.range.clone()]
    }

    pub(super) fn start(&self) -> usize {
        self.range.start
    }

    pub(super) fn rest(&self, at: usize) -> &str {
        &self.passage.text[at..self.range.end]
    }

    pub(super) fn before(&self, at: usize) -> &str {
        &self.passage.text[self.range.start..at]
    }

    /// The words before the number, an enumeration of who or what included.
    pub(super) fn clause(&self, index: usize) -> &str {
        let end = self.quantities[index].range.start;
        let from = index.checked_sub(1).map_or(self.range.start, |before| self.quantities[before].range.end);
        let text = &self.passage.text[from.min(end)..end];
        let start = text
            .char_indices()
            .rfind(|(_, c)| matches!(c, '，' | '；' | '：' | '（' | '）' | '。'))
            .map_or(0, |(at, c)| at + c.len_utf8());
        text[start..].trim_start_matches(['、', '和'])
    }

    pub(super) fn label(&self, index: usize) -> &str {
        &self.passage.text[self.quantities[index].label.clone()]
    }

    /// What is counted, on whichever side of the number it stands: 网络申请2件, 2件为网络申请, 网络申请（2件）.
    pub(super) fn name(&self, index: usize) -> &str {
        let Range { start, end } = self.quantities[index].range;
        let label = self.label(index);
        if !["", "其中", "有", "另有", "分别有", "共", "共有"].contains(&label) {
            return label;
        }
        let (before, behind) = (self.before(start), self.rest(end));
        if let Some(before) = before.strip_suffix('（').filter(|_| behind.starts_with('）')) {
            let from = before.rfind(['，', '；', '、', '：', '（', '）']);
            let name = from
                .map_or(before, |at| before[at..].trim_start_matches(['，', '；', '、', '：', '（', '）']));
            let has_number = name.contains(|c: char| c.is_ascii_digit());
            return if has_number { label } else { name.strip_prefix("其中").unwrap_or(name) };
        }
        let name = &behind[..behind.find(['，', '；', '、', '：', '（', '）', '。']).unwrap_or(behind.len())];
        let has_number = name.contains(|c: char| c.is_ascii_digit());
        if name.is_empty() || has_number {
            return label;
        }
        ["为", "系", "是"].iter().find_map(|word| name.strip_prefix(word)).unwrap_or(name)
    }
}

/// How sure it is that a relation must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strength {
    Certain,
    Likely,
    /// Said with 等 or 包括: a number to look at.
    Hint,
}

/// What must hold between numbers; the indexes are those of the quantities.
#[derive(Debug, Clone)]
pub(super) enum Relation {
    Sum {
        total: usize,
        parts: Vec<usize>,
        strength: Strength,
    },
    /// Part of any of the wholes, each a sum; without a part: that any part can give the share at all.
    Share {
        part: Option<usize>,
        wholes: Vec<Vec<usize>>,
        /// What other sentences count, which the part may be of as well; the nearest first.
        elsewhere: Vec<i64>,
        percent: usize,
        rate: bool,
    },
    /// “43件，较2030年的34件增加9件”: the numbers of both years and what lies between them.
    Change {
        now: usize,
        then: usize,
        by: usize,
        grows: bool,
    },
    /// The table says one of these; the first is the cell of the same name.
    Table {
        quantity: usize,
        allowed: Vec<i64>,
        cell: String,
        rule: &'static str,
        basis: String,
    },
}

impl Relation {
    fn members(&self) -> Vec<usize> {
        match self {
            Self::Sum { total, parts, .. } => std::iter::once(*total).chain(parts.iter().copied()).collect(),
            Self::Share { part, wholes, percent, .. } => {
                let wholes = wholes.iter().flatten().copied();
                std::iter::once(*percent).chain(*part).chain(wholes).collect()
            }
            Self::Change { now, then, by, .. } => vec![*now, *then, *by],
            Self::Table { quantity, .. } => vec![*quantity],
        }
    }

    fn holds(&self, value: &dyn Fn(usize) -> i64, places: &dyn Fn(usize) -> u32) -> bool {
        let sum = |indexes: &[usize]| indexes.iter().map(|&index| value(index)).sum::<i64>();
        match self {
            Self::Sum { total, parts, .. } => value(*total) == sum(parts),
            Self::Share { part, wholes, elsewhere, percent, rate } => {
                let wholes = wholes.iter().map(|whole| sum(whole)).chain(elsewhere.iter().copied());
                let (digits, places) = (value(*percent), places(*percent));
                wholes.into_iter().any(|whole| match part {
                    // A rate of 100% says that everything was done; rounding does not reach it.
                    Some(part) if *rate && i128::from(digits) == scale(places) => value(*part) == whole,
                    Some(part) => is_share(value(*part), whole, digits, places),
                    None => share_is_possible(whole, digits, places),
                })
            }
            Self::Change { now, then, by, grows } => {
                let sign = if *grows { 1 } else { -1 };
                value(*then).saturating_add(sign * value(*by)) == value(*now)
            }
            Self::Table { quantity, allowed, .. } => allowed.contains(&value(*quantity)),
        }
    }

    /// What `index` would have to be for the relation to hold, when that is one number.
    fn correction(
        &self,
        index: usize,
        value: &dyn Fn(usize) -> i64,
        places: &dyn Fn(usize) -> u32,
    ) -> Option<i64> {
        let sum = |indexes: &[usize]| indexes.iter().map(|&index| value(index)).sum::<i64>();
        let corrected = match self {
            Self::Sum { total, parts, .. } if *total == index => sum(parts),
            Self::Sum { total, parts, .. } => value(*total) - (sum(parts) - value(index)),
            Self::Share { part: Some(part), wholes, elsewhere, percent, .. } => {
                let (digits, places) = (value(*percent), places(*percent));
                let whole =
                    meant(wholes.iter().map(|whole| sum(whole)), elsewhere, value(*part), digits, places)?;
                if index == *percent {
                    share(value(*part), whole, places)?
                } else if index == *part {
                    part_of(whole, digits, places)?
                } else {
                    return None;
                }
            }
            Self::Share { .. } => return None,
            Self::Change { now, then, by, grows } => {
                let sign = if *grows { 1 } else { -1 };
                match index {
                    _ if index == *now => value(*then).saturating_add(sign * value(*by)),
                    _ if index == *then => value(*now).saturating_sub(sign * value(*by)),
                    _ if index == *by => sign * value(*now).saturating_sub(value(*then)),
                    _ => return None,
                }
            }
            Self::Table { quantity, allowed, .. } if *quantity == index => *allowed.first()?,
            Self::Table { .. } => return None,
        };
        (corrected >= 0).then_some(corrected)
    }
}

/// Of the wholes that a share may be of, the one whose share comes within one unit of the printed one; else the first.
fn meant(
    wholes: impl Iterator<Item = i64>,
    elsewhere: &[i64],
    part: i64,
    digits: i64,
    places: u32,
) -> Option<i64> {
    let all: Vec<i64> = wholes.chain(elsewhere.iter().copied()).collect();
    let near = |whole: &&i64| share(part, **whole, places).is_some_and(|right| (right - digits).abs() <= 1);
    all.iter().find(near).or(all.first()).copied()
}

fn scale(places: u32) -> i128 {
    10_i128.pow((places + 2).min(12))
}

/// Whether `digits` is the share at its printed precision; an exact half may be rounded either way.
fn is_share(part: i64, whole: i64, digits: i64, places: u32) -> bool {
    let (part, whole, digits) = (i128::from(part), i128::from(whole), i128::from(digits));
    whole > 0 && (digits * whole - part * scale(places)).abs() * 2 <= whole || whole == 0 && part == 0
}

fn share(part: i64, whole: i64, places: u32) -> Option<i64> {
    let (part, whole) = (i128::from(part), i128::from(whole));
    if whole <= 0 {
        return None;
    }
    i64::try_from((part * scale(places) * 2 + whole) / (whole * 2)).ok()
}

/// The part that gives the share, when only one does.
fn part_of(whole: i64, digits: i64, places: u32) -> Option<i64> {
    let near = i64::try_from(i128::from(digits) * i128::from(whole) / scale(places)).ok()?;
    let mut fitting =
        (near - 1..=near + 2).filter(|&part| part >= 0 && is_share(part, whole, digits, places));
    fitting.next().filter(|_| fitting.next().is_none())
}

fn share_is_possible(whole: i64, digits: i64, places: u32) -> bool {
    let Ok(near) = i64::try_from(i128::from(digits) * i128::from(whole) / scale(places)) else { return true };
    (near - 1..=near + 2).any(|part| (0..=whole).contains(&part) && is_share(part, whole, digits, places))
}

/// Everything that the prose says, taken apart once for all rules.
#[derive(Debug)]
pub(super) struct Prose {
    pub(super) passages: Vec<Passage>,
    /// The sentences of each passage.
    said: Vec<Vec<Said>>,
}

/// What a [`Sentence`] is made of.
#[derive(Debug)]
struct Said {
    range: Range<usize>,
    quantities: Vec<Quantity>,
    continues_at: Option<usize>,
    on_requests: bool,
}

impl Prose {
    pub(super) fn of(report: &Report) -> Self {
        let passages = passages(report);
        let said = passages.iter().map(|passage| said(passage, report.year)).collect();
        Self { passages, said }
    }

    pub(super) fn sentences(&self) -> Vec<Sentence<'_>> {
        let said = self.passages.iter().zip(&self.said);
        said.flat_map(|(passage, said)| said.iter().map(move |said| Sentence::of(passage, said))).collect()
    }
}

/// A sentence with more numbers than these is a table that lost its lines: its words say nothing about them.
const MOST_QUANTITIES: usize = 150;
/// So far the sentences of a part are looked through for what a share may be of.
const MOST_SENTENCES: usize = 200;
/// What one sentence states of its numbers; it would take ever longer to weigh more against each other.
const MOST_RELATIONS: usize = 60;

fn said(passage: &Passage, year: Option<i16>) -> Vec<Said> {
    let ranges = passage.sentences();
    let in_part_three = passage.section == Some(Section::Requests);
    let mut under_requests = in_part_three;
    let mut said = Vec::with_capacity(ranges.len());
    let mut next = 0;
    while let Some(range) = ranges.get(next).cloned() {
        next += 1;
        let mut range = range;
        let mut continues_at = None;
        // 其中通过甲10条。通过乙20条。 goes on with its list.
        while passage.text[range.clone()].contains("其中通过")
            && ranges.get(next).is_some_and(|next| passage.text[next.clone()].starts_with("通过"))
        {
            continues_at = continues_at.or(Some(ranges[next].start));
            range.end = ranges[next].end;
            next += 1;
        }
        let text = &passage.text[range.clone()];
        if text.starts_with('（')
            || text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().nth(1) == Some('.')
        {
            under_requests = in_part_three || text.chars().take(14).collect::<String>().contains("申请公开");
        }
        let names_them = ["信息公开申请", "依申请公开", "公开申请"].iter().any(|word| text.contains(word));
        let on_requests = match passage.section {
            Some(Section::Overview | Section::Requests) => under_requests || names_them,
            Some(Section::OtherMatters) => names_them,
            _ => false,
        };
        let mut quantities = quantity::quantities(&passage.text, range.clone(), year);
        if quantities.len() > MOST_QUANTITIES {
            quantities.clear();
        }
        said.push(Said { range, quantities, continues_at, on_requests });
    }
    said
}

/// What the prose contradicts, itself or the tables.
pub(super) fn contradictions(prose: &Prose, table: &TableFigures) -> Vec<Finding> {
    let sentences = prose.sentences();
    let mut findings = of_numbers(&sentences, table);
    findings.extend(fees::fees(&sentences, table));
    findings.extend(statements::statements(&sentences, table));
    findings
}

/// The contradictions in the numbers of the prose, each told once. Each sentence is weighed for itself; only what a
/// share is of may stand in another.
fn of_numbers(sentences: &[Sentence], table: &TableFigures) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, sentence) in sentences.iter().enumerate() {
        // What the tables say comes first: the rest may follow from it.
        let mut relations = table.relations(sentence);
        let sums = sums::relations(sentence);
        relations.extend(channels::channels(sentence, &sums));
        relations.extend(sums);
        relations.extend(years::relations(sentence));
        relations.extend(shares::relations(sentence, |unit| counted_elsewhere(sentences, at, unit, table)));
        relations.truncate(MOST_RELATIONS);
        contradictions_in(sentence, relations, &mut findings);
    }
    findings
}

/// What other sentences count in the unit of a part whose share is told.
#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    /// The whole that the sentence before states, in so many words.
    stated: Option<i64>,
    /// Whatever else the share may be of.
    all: Vec<i64>,
}

/// What the other sentences of the part count in this unit, alone and two by two, and what the table counts.
fn counted_elsewhere(
    sentences: &[Sentence],
    at: usize,
    unit: &'static str,
    table: &outcomes::TableFigures,
) -> Elsewhere {
    const WHOLE: [&str; 9] = ["收到", "受理", "接收", "新收", "共", "全年", "累计", "总计", "合计"];
    let here = &sentences[at];
    let of = |sentence: &Sentence| -> Vec<i64> {
        let counts = sentence.quantities.iter().filter_map(Quantity::exact);
        counts.filter(|(_, of)| *of == unit).map(|(value, _)| value).collect()
    };
    let same_part = |sentence: &&Sentence| std::ptr::eq(sentence.passage, here.passage);
    let before = at.checked_sub(1).map(|before| &sentences[before]).filter(same_part);
    let stated = before.and_then(|before| {
        let of_unit = |index: &usize| before.quantities[*index].exact().is_some_and(|(_, of)| of == unit);
        let index = (0..before.quantities.len()).find(of_unit)?;
        let is_whole = WHOLE.iter().any(|word| before.label(index).contains(word));
        before.quantities[index].exact().filter(|_| is_whole).map(|(value, _)| value)
    });
    let first = sentences.iter().position(|sentence| same_part(&sentence)).unwrap_or(at);
    let others = sentences[first..].iter().take_while(same_part).take(MOST_SENTENCES);
    let others: Vec<i64> = others.filter(|sentence| !std::ptr::eq(*sentence, here)).flat_map(of).collect();
    let mut all = others.clone();
    all.extend(others.windows(2).filter_map(|two| two[0].checked_add(two[1])));
    if here.on_requests {
        use crate::model::RequestRow as Row;
        let rows = [Row::Received, Row::CarriedFromLastYear, Row::Total];
        let [received, carried, total] = rows.map(|row| table.row(row));
        all.extend([received, total, received.zip(carried).map(|(one, other)| one + other)].iter().flatten());
    }
    Elsewhere { stated, all }
}

fn contradictions_in(sentence: &Sentence, mut relations: Vec<Relation>, findings: &mut Vec<Finding>) {
    let terms: Vec<(&Passage, &Quantity)> =
        sentence.quantities.iter().map(|quantity| (sentence.passage, quantity)).collect();
    let mut values: Vec<i64> = terms
        .iter()
        .map(|(_, quantity)| match quantity.number {
            Number::Count { value, .. } => value,
            Number::Percent { digits, .. } => digits,
            Number::Unclear => 0,
        })
        .collect();
    let places = |index: usize| match terms[index].1.number {
        Number::Percent { places, .. } => places,
        _ => 0,
    };
    let printed = values.clone();
    drop_what_tables_explain(&mut relations, &values);
    while let Some((index, corrected, healed)) = root(&relations, &values, &places) {
        let broken: Vec<&Relation> = healed.iter().map(|&at| &relations[at]).collect();
        findings.push(telling::tell(&terms, &printed, index, corrected, &broken));
        if let Some(corrected) = corrected {
            values[index] = corrected;
        }
        for at in healed.into_iter().rev() {
            relations.remove(at);
        }
        // A rate of a number that was told already says nothing more.
        // Nor does a list that only the wrong number made look whole.
        relations.retain(|relation| match relation {
            Relation::Share { rate: true, .. } => !relation.members().contains(&index),
            Relation::Sum { total, parts, strength } if relation.members().contains(&index) => {
                let sum: i64 = parts.iter().map(|&part| values[part]).sum();
                *strength == Strength::Certain || sum > values[*total]
            }
            _ => true,
        });
    }
}

/// A list whose every number a table has too: where the tables do not add up to the whole, the words did not mean
/// that they do.
fn drop_what_tables_explain(relations: &mut Vec<Relation>, values: &[i64]) {
    let by_table: Vec<(usize, i64)> = relations
        .iter()
        .filter_map(|relation| match relation {
            Relation::Table { quantity, allowed, .. } => {
                let confirmed = allowed.contains(&values[*quantity]).then(|| values[*quantity]);
                Some((*quantity, confirmed.or(allowed.first().copied())?))
            }
            _ => None,
        })
        .collect();
    let of = |index: usize| by_table.iter().find(|(of, _)| *of == index).map(|(_, value)| *value);
    relations.retain(|relation| match relation {
        Relation::Sum { total, parts, .. } => {
            let sum: Option<i64> = parts.iter().map(|&part| of(part)).sum();
            of(*total).zip(sum).is_none_or(|(total, sum)| total == sum)
        }
        _ => true,
    });
}

type Root = (usize, Option<i64>, Vec<usize>);

/// The number whose correction heals most broken relations without breaking another; where a single relation
/// is broken, the number a person would recalculate: the whole, the percentage, the one the table has too.
fn root(relations: &[Relation], values: &[i64], places: &dyn Fn(usize) -> u32) -> Option<Root> {
    let value = |index: usize| values[index];
    let broken: Vec<usize> =
        (0..relations.len()).filter(|&at| !relations[at].holds(&value, places)).collect();
    let first = *broken.first()?;
    let members: Vec<Vec<usize>> = relations.iter().map(Relation::members).collect();
    let mut best: Option<(usize, bool, Root)> = None;
    for &at in &broken {
        for &index in &members[at] {
            let Some(corrected) = relations[at].correction(index, &value, places) else { continue };
            let with = |other: usize| if other == index { corrected } else { values[other] };
            let touching: Vec<usize> =
                (0..relations.len()).filter(|&other| members[other].contains(&index)).collect();
            if !touching.iter().all(|&other| relations[other].holds(&with, places) || broken.contains(&other))
            {
                continue;
            }
            let healed: Vec<usize> = touching
                .into_iter()
                .filter(|other| broken.contains(other) && relations[*other].holds(&with, places))
                .collect();
            let stated = match &relations[at] {
                Relation::Sum { total, .. } => *total == index,
                Relation::Share { percent, .. } => *percent == index,
                Relation::Change { by, .. } => *by == index,
                Relation::Table { .. } => true,
            };
            if best
                .as_ref()
                .is_none_or(|(count, was_stated, _)| (healed.len(), stated) > (*count, *was_stated))
            {
                best = Some((healed.len(), stated, (index, Some(corrected), healed)));
            }
        }
    }
    match best {
        Some((_, _, root)) if !root.2.is_empty() => Some(root),
        // Nothing would heal it: told where it is stated.
        _ => {
            let index = match &relations[first] {
                Relation::Sum { total, .. } => *total,
                Relation::Share { percent, .. } => *percent,
                Relation::Change { by, .. } => *by,
                Relation::Table { quantity, .. } => *quantity,
            };
            Some((index, None, vec![first]))
        }
    }
}

/// A finding at a phrase.
pub(super) fn at_phrase(
    rule: &'static str,
    severity: Severity,
    at: At,
    message: String,
    basis: String,
) -> Finding {
    Finding { rule, severity, message, at, found: None, expected: None, basis }
}
