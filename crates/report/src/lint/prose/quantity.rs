//! Quantities in Chinese prose: number, unit, the words before it, and whether it is meant exactly.

use std::ops::Range;

/// A number with its unit. Offsets are bytes of the passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lint) struct Quantity {
    /// From the first digit to the end of the unit.
    pub(in crate::lint) range: Range<usize>,
    /// What is counted: the words between the last separator and the number.
    pub(in crate::lint) label: Range<usize>,
    pub(in crate::lint) number: Number,
    /// Said with 约、余、近 or rounded to 万: a size, not a count.
    pub(in crate::lint) vague: bool,
    /// A comparison with another year, no count of this one.
    pub(in crate::lint) comparison: bool,
    /// Taken for a comparison only because another year is named before it: 2030年年报1条 may be of this year.
    pub(in crate::lint) other_year: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum Number {
    Count {
        value: i64,
        unit: &'static str,
    },
    /// A percentage in units of its last printed digit: 71.43% is 7143 with two places.
    Percent {
        digits: i64,
        places: u32,
    },
    /// A number with no unit we know, or one we cannot take for certain.
    Unclear,
}

/// Longer units first.
const UNITS: [&str; 42] = [
    "件次", "条次", "人次", "场次", "批次", "万元", "亿元", "篇次", "条", "件", "次", "篇", "份", "人", "名",
    "个", "项", "期", "场", "起", "宗", "家", "例", "户", "幅", "块", "页", "封", "批", "类", "部", "元",
    "台", "组", "套", "册", "本", "处", "张", "轮", "种", "则",
];
/// A number before one of these is a date, a document or an ordinal.
const NO_QUANTITY: [&str; 16] =
    ["年", "月", "日", "号", "时", "点", "分", "度", "级", "〕", "】", "]", "：", "”", "\"", "—"];
const VAGUE_BEFORE: [&str; 10] = ["约", "近", "超", "超过", "逾", "至少", "不少于", "大约", "达到近", "高达"];
const VAGUE_AFTER: [&str; 5] = ["左右", "以上", "以内", "以下", "余"];

impl Quantity {
    /// The count, when it is one of this year and meant exactly.
    pub(in crate::lint) fn exact(&self) -> Option<(i64, &'static str)> {
        match self.number {
            Number::Count { value, unit } if !self.vague && !self.comparison => Some((value, unit)),
            _ => None,
        }
    }
}

/// Whether requests or cases may be counted in both: 受理29例，其中网络25件.
pub(super) fn counts_alike(one: &str, other: &str) -> bool {
    const CASES: [&str; 5] = ["件", "例", "宗", "起", "份"];
    one == other || CASES.contains(&one) && CASES.contains(&other)
}

/// The quantities of one sentence. `year` is the year reported on.
pub(super) fn quantities(text: &str, sentence: Range<usize>, year: Option<i16>) -> Vec<Quantity> {
    let mut found: Vec<Quantity> = Vec::new();
    let mut last_year_named = None;
    let (mut opened, mut closed) = (0_usize, 0_usize);
    let mut bracket_of_year: Option<usize> = None;
    let (mut at, mut counted) = (sentence.start, sentence.start);
    while let Some(offset) = text.as_bytes()[at..sentence.end].iter().position(u8::is_ascii_digit) {
        let start = at + offset;
        opened += text[counted..start].matches('（').count();
        closed += text[counted..start].matches('）').count();
        counted = start;
        let depth = opened.saturating_sub(closed);
        let (end, number) = number(text, start, sentence.end);
        at = end;
        let before = &text[sentence.start..start];
        let after = &text[end..sentence.end];
        if after.starts_with('年') {
            // 较2030年增加2件, 结转到2032年2件: not the year spoken of.
            let not_spoken_of = ["较", "比", "与", "同", "结转", "结转到", "结转至"];
            let carried = &after['年'.len_utf8()..];
            let carried = carried.strip_prefix('度').unwrap_or(carried);
            // 2030年结转2件: counted in the year reported on.
            if not_spoken_of.iter().any(|word| before.ends_with(word))
                || ["结转", "转结"].iter().any(|word| carried.starts_with(word))
            {
                continue;
            }
            bracket_of_year = (depth > 0).then_some(depth);
            last_year_named = text[start..end]
                .parse::<i16>()
                .ok()
                .filter(|year| (1990..=2200).contains(year))
                .or(last_year_named);
            continue;
        }
        // “（2030年31件）”: what is said of another year ends with its bracket.
        if bracket_of_year.is_some_and(|bracket| depth < bracket) {
            (last_year_named, bracket_of_year) = (None, None);
        }
        if before.ends_with(['第', '〔', '[', '【', '-', '/', '“', '"', '月'])
            || before.ends_with(|c: char| c.is_ascii_alphanumeric())
            || NO_QUANTITY.iter().any(|word| after.starts_with(word))
            || after.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            continue;
        }
        let limit = found.last().map_or(sentence.start, |last| last.range.end);
        let label_start = text[limit..start]
            .char_indices()
            .rfind(|(_, c)| matches!(c, '、' | '，' | '；' | '：' | '（' | '）' | '。'))
            .map_or(limit, |(i, c)| limit + i + c.len_utf8());
        let label = trim_label(text, label_start..start);
        let mut end = end;
        let mut vague = VAGUE_BEFORE.iter().any(|word| text[label.clone()].ends_with(word));
        let mut value = number;
        if let Some(rest) = text[end..sentence.end].strip_prefix('万').filter(|rest| !rest.starts_with('元'))
        {
            vague = true;
            end = sentence.end - rest.len();
        }
        if let Some(word) = ["余", "多"].into_iter().find(|word| text[end..sentence.end].starts_with(word))
        {
            vague = true;
            end += word.len();
        }
        let rest = &text[end..sentence.end];
        let number = if rest.starts_with('%') {
            end += 1;
            value.take().map_or(Number::Unclear, |(digits, places)| Number::Percent { digits, places })
        } else if rest.starts_with("个百分点") {
            at = end;
            continue;
        } else {
            match (UNITS.into_iter().find(|unit| rest.starts_with(unit)), value) {
                (Some(unit), Some((value, 0))) => {
                    end += unit.len();
                    Number::Count { value, unit }
                }
                _ => Number::Unclear,
            }
        };
        vague |= VAGUE_AFTER.iter().any(|word| text[end..sentence.end].starts_with(word));
        let words = &text[label.clone()];
        let compared = ["较", "同比", "环比", "比上", "比去", "增长", "下降", "上升"];
        let of_another_year = ["去年", "上年", "上一年"].iter().any(|word| words.contains(word))
            && !["结转", "转结"].iter().any(|word| words.contains(word));
        let is_compared = compared.iter().any(|word| words.contains(word))
            || ["增加", "减少", "增加了", "减少了"].iter().any(|word| words.ends_with(word))
            || of_another_year;
        let other_year =
            !is_compared && last_year_named.is_some_and(|named| year.is_some_and(|year| named != year));
        let comparison = is_compared || other_year;
        found.push(Quantity { range: start..end, label, number, vague, comparison, other_year });
        at = end;
    }
    found
}

/// The digits at `start`: where they end, and value and decimal places when they are one number for certain.
fn number(text: &str, start: usize, limit: usize) -> (usize, Option<(i64, u32)>) {
    let bytes = text.as_bytes();
    let digits_from = |from: usize| (from..limit).take_while(|&i| bytes[i].is_ascii_digit()).count();
    let mut end = start + digits_from(start);
    let mut certain = true;
    let mut printed = text[start..end].to_owned();
    // 1,203: groups of three behind a comma. A blank between digits is never certain.
    while end < limit && matches!(bytes[end], b',' | b' ') {
        let group = digits_from(end + 1);
        certain &= bytes[end] == b',' && group == 3 && printed.len() <= 12;
        printed.push_str(&text[end + 1..end + 1 + group]);
        end += 1 + group;
    }
    // １，２０３ with a full-width comma may be one number or two.
    if text[end..limit].starts_with('，') && digits_from(end + '，'.len_utf8()) == 3 && printed.len() <= 3 {
        let after = end + '，'.len_utf8() + 3;
        if UNITS.iter().any(|unit| text[after..limit].starts_with(unit)) {
            return (after, None);
        }
    }
    let mut places = 0;
    if end + 1 < limit && bytes[end] == b'.' && bytes[end + 1].is_ascii_digit() {
        let decimals = digits_from(end + 1);
        printed.push_str(&text[end + 1..end + 1 + decimals]);
        places = decimals;
        end += 1 + decimals;
        certain &= !(end < limit && bytes[end] == b'.');
    }
    let value = printed.parse().ok().filter(|_| certain && printed.len() <= 12);
    (end, value.and_then(|value| Some((value, u32::try_from(places).ok()?))))
}

/// Without the words that only join: 其中、和、以及.
fn trim_label(text: &str, label: Range<usize>) -> Range<usize> {
    let mut start = label.start;
    while let Some(word) = ["其中", "以及", "和", "及", "与", "："]
        .into_iter()
        .find(|word| text[start..label.end].starts_with(word))
    {
        start += word.len();
    }
    start..label.end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Number, bool, bool)> {
        let all = quantities(text, 0..text.len(), Some(2031));
        all.into_iter().map(|q| (text[q.label.clone()].to_owned(), q.number, q.vague, q.comparison)).collect()
    }

    fn count(value: i64, unit: &'static str) -> Number {
        Number::Count { value, unit }
    }

    #[test]
    fn numbers_units_and_labels() {
        let found = read(
            "2031年1月5日，按第20条和青府发〔2031〕3号公开信息1,203条，其中动态12条和公告50条，占71.43%",
        );
        let label = |n: usize| found[n].0.as_str();
        assert_eq!(
            found.iter().map(|q| q.1).collect::<Vec<_>>(),
            [
                count(1203, "条"),
                count(12, "条"),
                count(50, "条"),
                Number::Percent { digits: 7143, places: 2 },
            ]
        );
        assert_eq!([label(1), label(2), label(3)], ["动态", "公告", "占"]);
    }

    #[test]
    fn what_is_not_exact_says_so() {
        for (text, vague, comparison) in [
            ("学习10余次", true, false),
            ("阅读约300人次", true, false),
            ("点击1.2万次", true, false),
            ("公开50条左右", true, false),
            ("较上年增加239条", false, true),
            ("2030年收到5件", false, true),
            ("上年结转2件", false, false),
        ] {
            let found = read(text);
            assert_eq!((found[0].2, found[0].3), (vague, comparison), "{text}");
        }
        assert_eq!(read("共１ 2条").len(), 1);
        assert_eq!(read("共1 2条")[0].1, Number::Unclear);
        assert_eq!(read("共1，203条")[0].1, Number::Unclear);
        assert_eq!(read("通过“12345”平台"), []);
    }
}
