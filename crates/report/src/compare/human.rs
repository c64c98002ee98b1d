//! A comparison for a person at a terminal.

use super::changes::{Change, SMALLEST_BASE, changes};
use super::copied::{Copied, Library, Passage, copied};
use super::prose::Prose;
use super::rates::{RateName, SMALLEST_SAMPLE, rank};
use crate::aggregate::{cell_in_words, figure_in_words, named};
use crate::model::{Report, TableName};

/// Characters of a passage that are shown.
const SHOWN: usize = 60;
/// Pairs that are told.
const PAIRS: usize = 20;

fn name(file: &str, report: &Report) -> String {
    let agency = report.agency.as_deref().unwrap_or(file);
    match report.year {
        Some(year) => format!("{agency} {year} 年"),
        None => agency.to_owned(),
    }
}

/// Two reports: what changed from the first to the second, and what the second took over from the first.
pub fn human_pair(before: (&str, &Report), after: (&str, &Report)) -> String {
    let found = changes(before.1, after.1);
    let mut out = format!("{} → {}\n", name(before.0, before.1), name(after.0, after.1));
    for &table in TableName::ALL {
        let of_table: Vec<&Change> =
            found.changed.iter().filter(|change| change.address.table() == table).collect();
        if of_table.is_empty() {
            continue;
        }
        out.push_str(&format!("\n{}\n", table.official()));
        for change in of_table {
            out.push_str(&format!("  {}\n", change_in_words(change)));
        }
    }
    out.push_str(&format!("\n变化 {} 格，相同 {} 格", found.changed.len(), found.same));
    if !found.unknown.is_empty() {
        out.push_str(&format!("，缺数不能比较 {} 格", found.unknown.len()));
    }
    if !found.incomparable.is_empty() {
        out.push_str(&format!("，两种格式不能对应 {} 格", found.incomparable.len()));
    }
    out.push_str(&format!("（原数小于 {SMALLEST_BASE} 的不算百分比）\n"));
    if !found.unknown.is_empty() {
        out.push_str(&format!("缺数的有{}\n", named(&found.unknown)));
    }

    let copied = copied(&Prose::of(after.1), &Prose::of(before.1));
    out.push_str(&format!("\n文字：{}\n", share_in_words(&copied)));
    for passage in &copied.passages {
        out.push_str(&passage_in_words(passage));
    }
    out
}

fn change_in_words(change: &Change) -> String {
    let of = |number: i128| figure_in_words(change.address, number);
    let sign = if change.difference() > 0 { "+" } else { "" };
    let relative = change.relative.map_or_else(String::new, |thousandths| {
        format!("，{sign}{}.{}%", thousandths / 10, (thousandths % 10).abs())
    });
    // −0.3 % has no sign in its whole part.
    let relative = if change.relative.is_some_and(|t| (-9..0).contains(&t)) {
        relative.replacen('，', "，-", 1)
    } else {
        relative
    };
    format!(
        "{}：{} → {}（{sign}{}{relative}）",
        cell_in_words(change.address),
        of(change.before.into()),
        of(change.after.into()),
        of(change.difference())
    )
}

fn share_in_words(copied: &Copied) -> String {
    match copied.share() {
        None => "没有可比的文字".to_owned(),
        Some(share) => format!(
            "{}.{}% 与对方相同（数字、机关名称、书名和格式用语不计；{} 字中的 {} 字）",
            share / 10,
            share % 10,
            copied.counted,
            copied.copied
        ),
    }
}

fn passage_in_words(passage: &Passage) -> String {
    let at = |line: Option<usize>| line.map_or_else(String::new, |line| format!("第 {line} 行"));
    let text: String = passage.text.split('\n').collect();
    let mut shown: String = text.chars().take(SHOWN).collect();
    if text.chars().count() > SHOWN {
        shown.push('…');
    }
    format!(
        "  {} 字　{}{}，对方{}{}\n    {shown}\n",
        passage.length,
        passage.section.official(),
        at(passage.line),
        passage.other_section.official(),
        at(passage.other_line)
    )
}

/// Many reports: rates with places where the sample carries them, and who took over from whom.
pub fn human_many(reports: &[(String, Report)]) -> String {
    let all: Vec<&Report> = reports.iter().map(|(_, report)| report).collect();
    let names: Vec<String> = reports.iter().map(|(file, report)| name(file, report)).collect();
    let mut out = format!("{} 份报告\n", reports.len());
    for rate in RateName::ALL {
        let ranks = rank(rate, &all);
        if ranks.iter().flatten().all(|rank| rank.rate.whole == 0) {
            continue;
        }
        out.push_str(&format!("\n{}（不足 {SMALLEST_SAMPLE} 件的不排名次）\n", rate.official()));
        let mut lines: Vec<(usize, String)> = ranks
            .iter()
            .zip(&names)
            .filter_map(|(rank, name)| {
                let rank = rank.as_ref().filter(|rank| rank.rate.whole > 0)?;
                let thousandths = rank.rate.thousandths()?;
                let place = rank.place.map_or_else(|| "　 ".to_owned(), |place| format!("{place:>3}"));
                Some((
                    rank.place.unwrap_or(usize::MAX),
                    format!(
                        "  {place}  {name}：{}/{}，{}.{}%\n",
                        rank.rate.part,
                        rank.rate.whole,
                        thousandths / 10,
                        thousandths % 10
                    ),
                ))
            })
            .collect();
        lines.sort();
        lines.iter().for_each(|(_, line)| out.push_str(line));
        let unknown = ranks.iter().filter(|rank| rank.is_none()).count();
        if unknown > 0 {
            out.push_str(&format!("  另有 {unknown} 份缺数，不能计算\n"));
        }
    }
    let pairs = Library::new(all.iter().map(|report| Prose::of(report)).collect()).pairs();
    out.push_str("\n文字相同的（数字、机关名称、书名、格式用语和多数机关都写的话不计）\n");
    if pairs.is_empty() {
        out.push_str("  没有\n");
    }
    for (of, from, copied) in pairs.iter().take(PAIRS) {
        let share = copied.share().unwrap_or_default();
        out.push_str(&format!(
            "  {}.{}%  {} 与 {}，最长一段 {} 字\n",
            share / 10,
            share % 10,
            names[*of],
            names[*from],
            copied.passages.first().map_or(0, |passage| passage.length)
        ));
    }
    if pairs.len() > PAIRS {
        out.push_str(&format!("  另有 {} 对，见 --format json\n", pairs.len() - PAIRS));
    }
    out
}
