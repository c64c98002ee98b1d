//! What of a text belongs to a table and what is prose.

use std::sync::LazyLock;

use super::block::is_space;
use super::labels::{fold, fold_char, without_number};
use super::number::is_value;
use crate::model::{ApplicantColumn, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow, RequestRow};

static WORDS: LazyLock<Vec<String>> = LazyLock::new(words_of_the_tables);
/// All words in one text, to look up a fragment of any of them.
static ALL_WORDS: LazyLock<String> = LazyLock::new(|| WORDS.join("\n"));

/// Only a table says this.
const MARKS: [&str; 6] = [
    "信息内容",
    "申请人情况",
    "本列数据的",
    "本年新收政府信息公开申请",
    "结果维持结果纠正",
    "行政复议行政诉讼",
];

/// Whether the text is nothing but headings, labels and values of the three tables, or a fragment of a label that
/// was broken over lines: a row that lost its cells, not prose.
pub(super) fn is_table_text(text: &str) -> bool {
    if text.contains(['。', '；', '！', '？']) {
        return false;
    }
    let pieces = || text.split(is_space).filter(|piece| !piece.is_empty());
    if pieces().next().is_none() {
        return false;
    }
    // The end of a label that was broken over lines, however short, before the values of its row.
    let (figures, words): (Vec<&str>, Vec<&str>) = pieces().partition(|piece| is_value(piece));
    let letters: usize = words.iter().map(|word| word.chars().count()).sum();
    figures.len() >= 5 && letters <= 16 && !text.contains(['，', '、']) || pieces().all(is_table_piece)
}

fn is_table_piece(piece: &str) -> bool {
    if piece == crate::write::LOST {
        return true;
    }
    let folded: String = fold(piece);
    if let Some(label) = behind_a_vertical_label(&folded) {
        return is_table_piece(label);
    }
    let known = known_chars(&folded);
    let all = folded.chars().count();
    if known == all || known >= 6 && known * 100 >= all * 85 {
        return true;
    }
    let bare = folded.trim_matches(|c: char| c.is_ascii_digit() || "-.,".contains(c));
    let vertical = bare.chars().count() == 1 && bare != "无" && ALL_WORDS.contains(bare);
    vertical || bare.chars().count() >= 2 && ALL_WORDS.contains(bare) && !bare.contains('\n')
}

/// 度办理结(二)部分公开: what follows a piece of a label that runs down the side of the table.
fn behind_a_vertical_label(folded: &str) -> Option<&str> {
    let at = folded.find(['(', '1', '2', '3', '4', '5', '6', '7', '8']).filter(|at| *at > 0)?;
    let (piece, label) = folded.split_at(at);
    let numbered = label.len() > 3
        && ["(二", "(三", "(四", "(五", "(六", "(一"].iter().any(|n| label.starts_with(n))
        || label[1..].starts_with('.');
    let short = piece.chars().count() <= 5;
    (numbered && short && ["三、本年度办理结果", "本年度办理结果"].iter().any(|word| word.contains(piece)))
        .then_some(label)
}

/// How many characters are words of the tables, digits or marks.
fn known_chars(folded: &str) -> usize {
    let mut rest = folded;
    let mut known = 0;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = WORDS.iter().find_map(|word| rest.strip_prefix(word.as_str())) {
            known += rest[..rest.len() - after.len()].chars().count();
            rest = after;
        } else {
            known += usize::from(c.is_ascii_digit() || "-.,()—/|".contains(c));
            rest = &rest[c.len_utf8()..];
        }
    }
    known
}

/// The part of a paragraph that is a table run together with prose, as byte positions.
pub(super) fn table_within(text: &str) -> Option<(usize, usize)> {
    let folded: Vec<(usize, char)> =
        text.char_indices().filter_map(|(index, c)| Some((index, fold_char(c)?))).collect();
    let plain: String = folded.iter().map(|(_, c)| *c).collect();
    if !MARKS.iter().any(|mark| plain.contains(mark)) {
        return None;
    }
    // Longest stretch in which unknown text never runs over more than a few characters.
    const GAP: usize = 6;
    let (mut best, mut start, mut last, mut gap) = ((0, 0), None, 0, 0);
    let mut index = 0;
    let mut at = 0;
    while at < folded.len() {
        let rest = &plain[index..];
        let word = WORDS.iter().find(|word| rest.starts_with(word.as_str()));
        let (bytes, chars) = match word {
            Some(word) => (word.len(), word.chars().count()),
            None => (folded[at].1.len_utf8(), 1),
        };
        // A note in brackets within the headings: 本年增/减(指2031年增加或减少的事项数).
        if word.is_none() && folded[at].1 == '(' && start.is_some() && gap == 0 {
            let note = folded[at..].iter().take(70).position(|(_, c)| *c == ')');
            if let Some(length) = note {
                index += folded[at..=at + length].iter().map(|(_, c)| c.len_utf8()).sum::<usize>();
                at += length + 1;
                last = at;
                continue;
            }
        }
        // 251000元
        let is_unit = folded[at].1 == '元' && at > 0 && folded[at - 1].1.is_ascii_digit();
        let digit = folded[at].1.is_ascii_digit() || "-.".contains(folded[at].1) || is_unit;
        if word.is_some() || digit && start.is_some() {
            start.get_or_insert(at);
            gap = 0;
            last = at + chars;
        } else {
            gap += if folded[at].1 == '。' { GAP + 1 } else { 1 };
            if gap > GAP {
                start = None;
            }
        }
        if let Some(start) = start
            && last - start > best.1 - best.0
        {
            best = (start, last);
        }
        index += bytes;
        at += chars;
    }
    let inside: String = folded[best.0..best.1].iter().map(|(_, c)| *c).collect();
    let begin = folded.get(best.0)?.0;
    let end = folded.get(best.1).map_or(text.len(), |(index, _)| *index);
    MARKS.iter().any(|mark| inside.contains(mark)).then_some((begin, end))
}

/// Every wording of the tables, longest first, with and without its number.
fn words_of_the_tables() -> Vec<String> {
    let mut words: Vec<String> = [
        "(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)",
        "(本列数据的钩稽关系为:第一项加第二项之和,等于第三项加第四项之和)",
        "申请人情况",
        "法人或其他组织",
        "三、本年度办理结果",
        "本年度办理结果",
        "信息内容",
        "处理决定数量",
        "规范性文件",
        "行政诉讼",
        "(单位:万元)",
        "本年收费金额",
        "本列数据的勾稽关系为:",
        "本年新公开数量",
        "本年公开数量",
        "本年新",
        "制作数量",
        "处理决定",
        "采购总金额",
        "万元",
        "规章(",
        "其他主动公开文件",
        "(区分处理的,只计这一情形,不计其他情形)",
        "法律法规禁止公开",
        "不再受理其政府信息公开申请",
    ]
    .map(str::to_owned)
    .to_vec();
    let mut add = |official: &str| {
        let folded = fold(official);
        words.push(without_number(&folded).to_owned());
        words.push(folded);
    };
    ProactiveRow::ALL.iter().for_each(|row| {
        add(row.official());
        add(row.block());
    });
    ProactiveColumn::ALL.iter().for_each(|column| add(column.official()));
    RequestRow::ALL.iter().for_each(|row| {
        add(row.official());
        row.group().into_iter().for_each(&mut add);
    });
    ApplicantColumn::ALL.iter().for_each(|column| add(column.official()));
    RemedyRow::ALL.iter().for_each(|row| add(row.official()));
    RemedyColumn::ALL.iter().for_each(|column| add(column.official()));
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words
}
