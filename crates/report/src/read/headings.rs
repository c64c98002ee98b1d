//! The headings of the six parts, however they are worded, numbered and set.

use super::block::is_space;
use super::glyphs::simplified;
use super::labels::{fold, request_row};
use crate::model::Section;

/// Headings of the form that text follows at once, or that follow text at once, in the wordings in use.
const HEADINGS: [(Section, &[&str]); 6] = [
    (Section::Overview, &["总体情况"]),
    (Section::Proactive, &["主动公开政府信息情况", "行政机关主动公开政府信息情况"]),
    (Section::Requests, &["收到和处理政府信息公开申请情况", "行政机关收到和处理政府信息公开申请情况"]),
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
pub(super) fn worded_heading(after_number: &str) -> Option<(Section, usize)> {
    let all = HEADINGS.iter().flat_map(|(section, words)| words.iter().map(move |word| (*section, *word)));
    // A character and its simplified form are equally long.
    let begins = |word: &str| {
        let mut chars = after_number.chars().map(simplified);
        word.chars().all(|c| chars.next() == Some(c))
    };
    all.filter(|(_, word)| begins(word))
        .map(|(section, word)| (section, word.len()))
        .max_by_key(|(_, length)| *length)
}

/// Cuts a paragraph that runs on over headings of the form; gives the characters before each part and the part.
pub(super) fn split_at_headings(text: &str) -> Vec<(usize, &str)> {
    let mut cuts = vec![0];
    let separators = ['、', '.', '．'].map(|separator| text.match_indices(separator));
    for (at, separator) in separators.into_iter().flatten() {
        let Some(numeral) = text[..at].chars().next_back() else { continue };
        let Some(number) = "一二三四五六".chars().position(|of| of == numeral) else { continue };
        let index = at - numeral.len_utf8();
        // ## 二、, **二、**: only the marks of Markdown stand before the heading.
        if text[..index].trim_matches(['#', '*', ' ']).is_empty() {
            continue;
        }
        let after = &text[at + separator.len()..];
        let quoted = text[..index].ends_with(['《', '“', '"', '‘', '（', '(', '第', '十']);
        let named = worded_heading(after.trim_start_matches(is_space));
        if !quoted && named.is_some_and(|(section, _)| section as usize == number) {
            cuts.push(index);
        }
    }
    cuts.push(text.len());
    cuts.sort_unstable();
    let mut characters = 0;
    let mut parts = Vec::with_capacity(cuts.len() - 1);
    for cut in cuts.windows(2) {
        let part = &text[cut[0]..cut[1]];
        parts.push((characters, part));
        if cut[1] < text.len() {
            characters += part.chars().count();
        }
    }
    parts
}

/// The part a heading opens, and the text that follows it in the same paragraph.
pub(super) fn heading(text: &str) -> Option<(Section, &str)> {
    // Converters set a colon before what stands above a table.
    let bare = text.trim_start_matches(['#', '*', ' ', ':', '\u{3000}']);
    // A word processor's own numbering is not part of the text, or only what follows the number is.
    let unnumbered = bare.trim_start_matches(['、', '.', '．']);
    if let Some((section, length)) = worded_heading(unnumbered)
        && length == unnumbered.trim_end_matches(['*', '#', ' ']).len()
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
pub(super) fn bracketed_heading(text: &str) -> Option<Section> {
    let text = text.trim_start_matches(['#', '*', ' ']);
    if !text.trim_start_matches(|c| c == '*' || is_space(c)).starts_with(['(', '（']) {
        return None;
    }
    let folded = fold(text);
    let inside = folded.strip_prefix('(')?;
    let mut chars = inside.chars();
    let ordinal = chars.next()?;
    let number = "一二三四五六".chars().position(|numeral| numeral == ordinal)?;
    let after = chars.as_str().strip_prefix(')')?;
    let (section, length) = worded_heading(after)?;
    (length == after.len() && section as usize == number).then_some(section)
}

/// 一、总体情况, in the very words: where a report begins, again.
pub(super) fn begins_a_report(text: &str) -> bool {
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

/// “Sheet 2: 主动公开”, “工作表 2: 主动公开”: what an office suite sets above each sheet of a workbook on the page it
/// makes of it.
pub(super) fn names_a_sheet(text: &str) -> bool {
    let after = ["Sheet ", "工作表 "].iter().find_map(|word| text.strip_prefix(word));
    let Some((number, name)) = after.and_then(|rest| rest.split_once(':')) else { return false };
    // No name of a sheet is longer.
    const LONGEST: usize = 31;
    (1..=3).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
        && name.starts_with(is_space)
        && name.chars().count() <= LONGEST + 1
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
            ("、行政机关收到和处理政府信息公开申请情况", Section::Requests),
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
}
