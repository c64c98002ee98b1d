//! Where the prose states a whole and its parts: 其中, brackets, colons, and 共计 after the parts.

use super::quantity::{Number, Quantity};
use super::{Relation, Sentence, Strength};

/// Words that begin a new statement rather than the next part.
const NEW_STATEMENT: [&str; 26] = [
    "回应", "转发", "受理", "办理", "办结", "答复", "回复", "召开", "开展", "组织", "举办", "收到", "接到",
    "累计", "共", "全年", "同时", "解读", "参加", "接受", "培训", "发放", "审核", "整改", "及时", "目前",
];
/// A list so introduced need not be whole.
const NOT_WHOLE: [&str; 8] = ["主要", "包括", "包含", "含", "涉及", "如", "重点", "最"];

#[derive(Debug)]
struct Part {
    /// Index among the quantities of the sentence.
    quantity: usize,
    /// What stands between it and the part before.
    separator: char,
}

#[derive(Debug, PartialEq, Eq)]
enum End {
    /// A full stop, a closing bracket: nothing more can follow.
    Closed,
    /// Something else follows that may or may not belong.
    Open,
    /// 等 or an unclear number: the list is not whole.
    Hedged,
}

/// Every sum that the sentence states.
pub(super) fn relations(sentence: &Sentence) -> Vec<Relation> {
    let mut relations = Vec::new();
    let text = sentence.text();
    let mut openings: Vec<(usize, usize)> = Vec::new();
    for (at, word) in text.match_indices("其中") {
        let start = sentence.start() + at;
        openings.extend(whole_before(sentence, start).map(|whole| (whole, start + word.len())));
    }
    for (index, quantity) in sentence.quantities.iter().enumerate() {
        let end = quantity.range.end;
        let rest = sentence.rest(end);
        let opening = ["（", "：", "，分别为", "，分别是"].into_iter().find(|word| rest.starts_with(word));
        if let Some(word) = opening.filter(|word| !rest[word.len()..].starts_with("其中")) {
            openings.push((index, end + word.len()));
        }
    }
    for (whole, from) in openings {
        let bracket = sentence.before(from).ends_with('（');
        if let Some(relation) = list(sentence, whole, from, bracket) {
            relations.push(relation);
        }
    }
    relations.extend(total_after(sentence));
    relations
}

/// The quantity that 其中 at `at` takes apart: the last one before it that is no share and no comparison.
fn whole_before(sentence: &Sentence, at: usize) -> Option<usize> {
    let counts =
        |quantity: &Quantity| !quantity.comparison && !matches!(quantity.number, Number::Percent { .. });
    let before =
        sentence.quantities.iter().enumerate().rev().filter(|(_, quantity)| quantity.range.end <= at);
    let (index, quantity) = before.into_iter().find(|(_, quantity)| counts(quantity))?;
    let gap = &sentence.passage.text[quantity.range.end..at];
    // In the same bracket, or in the one that opens behind the quantity.
    let closes = gap.matches('）').count() > gap.matches('（').count();
    let list_between = gap.contains(['；', '、']) && !gap.contains('（');
    (!closes && !list_between).then_some(index)
}

fn list(sentence: &Sentence, whole: usize, from: usize, bracket: bool) -> Option<Relation> {
    let (total, unit) = sentence.quantities[whole].exact()?;
    let mut parts: Vec<Part> = Vec::new();
    let mut end = End::Closed;
    let mut at = from;
    let mut first_label = "";
    let mut crosses = false;
    let depth_from = depth(sentence, from);
    for (index, quantity) in sentence.quantities.iter().enumerate() {
        if quantity.range.start < at {
            continue;
        }
        let gap = &sentence.passage.text[at..quantity.range.start];
        let level = depth(sentence, quantity.range.start);
        if level > depth_from {
            continue;
        }
        if level < depth_from || closes(gap) {
            break;
        }
        let gap = outside_brackets(gap);
        if let Some(nested) = gap.find("其中") {
            // The parts of the last part follow; a semicolon leads back to this list.
            if !parts.is_empty() && !gap[nested..].contains('；') {
                let back = sentence.rest(quantity.range.end).find('；');
                match back {
                    Some(offset) => {
                        at = quantity.range.end + offset;
                        continue;
                    }
                    None => break,
                }
            }
        }
        if matches!(quantity.number, Number::Percent { .. }) || quantity.comparison {
            at = quantity.range.end;
            continue;
        }
        let label = &sentence.passage.text[quantity.label.clone()];
        if parts.is_empty() {
            first_label = label;
            if NOT_WHOLE.iter().any(|word| gap.trim_start_matches("其中").starts_with(word)) {
                end = End::Hedged;
            }
        }
        if gap.starts_with('等') || gap.contains("等，") || gap.contains("等；") || gap.contains("等。")
        {
            end = End::Hedged;
        }
        let separator = gap.chars().find(|c| matches!(c, '；' | '，' | '、' | '。')).unwrap_or('和');
        let opens_new = |label: &str| NEW_STATEMENT.iter().find(|word| label.starts_with(**word)).copied();
        if !parts.is_empty()
            && separator != '、'
            && opens_new(label).is_some_and(|word| !first_label.starts_with(word))
        {
            end = if end == End::Hedged { end } else { End::Open };
            break;
        }
        match (quantity.exact(), quantity.number) {
            (Some((_, of)), _) if of == unit => {}
            // Another unit behind a comma: something else begins.
            (_, Number::Count { unit: of, .. }) if of != unit && !parts.is_empty() && separator != '、' => {
                end = if end == End::Hedged { end } else { End::Open };
                break;
            }
            // A number that is not certain: what the list holds cannot be told.
            _ => {
                end = End::Hedged;
                break;
            }
        }
        crosses |= sentence.continues_at.is_some_and(|next| quantity.range.start >= next && from < next);
        parts.push(Part { quantity: index, separator });
        at = quantity.range.end;
    }
    if sentence.rest(at).starts_with('等') || sentence.rest(at).starts_with("以及其他") {
        end = End::Hedged;
    }
    // Enumeration commas throughout, then a comma: the list is over.
    if end == End::Open
        && parts.len() >= 2
        && parts[1..].iter().all(|part| matches!(part.separator, '、' | '和'))
    {
        end = End::Closed;
    }
    if bracket && parts.len() < 2 || end == End::Hedged && !parts.is_empty() {
        return None;
    }
    judge(sentence, whole, total, parts, end, bracket, crosses)
}

/// Whether the parts say something about the whole, and how sure it is.
fn judge(
    sentence: &Sentence,
    whole: usize,
    total: i64,
    parts: Vec<Part>,
    end: End,
    bracket: bool,
    crosses: bool,
) -> Option<Relation> {
    let value = |part: &Part| sentence.quantities[part.quantity].exact().map_or(0, |(value, _)| value);
    let indexes = |count: usize| parts[..count].iter().map(|part| part.quantity).collect::<Vec<_>>();
    let sum = |count: usize| parts[..count].iter().map(value).sum::<i64>();
    let relation = |count, strength| Relation::Sum { total: whole, parts: indexes(count), strength };
    let n = parts.len();
    if n == 0 {
        return None;
    }
    let channels = |count: usize| {
        let named = parts[..count].iter().filter(|part| {
            super::is_channel(&sentence.passage.text[sentence.quantities[part.quantity].label.clone()])
        });
        named.count() == count
    };
    // Whatever its end is meant to be: where the parts give the whole, all is well.
    // Ways by which requests came are one list to its end.
    let one_list = channels(n);
    let may_end = |count: usize| count == n || !one_list && !matches!(parts[count].separator, '、' | '和');
    if let Some(count) = (1..=n).rev().find(|&count| may_end(count) && sum(count) == total) {
        return (count > 1).then(|| relation(count, Strength::Certain));
    }
    // The list ends where enumeration commas give way to a comma, or semicolons would lead further out.
    let natural = (2..n)
        .find(|&count| {
            let inner = parts[1..count].iter().all(|part| part.separator == '、' || part.separator == '和');
            inner && matches!(parts[count].separator, '，' | '；' | '。')
                || parts[1..count].iter().all(|part| part.separator == '，') && parts[count].separator == '；'
        })
        .unwrap_or(n);
    for count in [natural, n] {
        let (sum, closed) = (sum(count), count < n || end == End::Closed);
        // Against overshooting through what only follows: the last part alone must not be the excess.
        if sum > total && (closed || count == natural && count >= 2) {
            return Some(relation(count, if crosses { Strength::Likely } else { Strength::Certain }));
        }
        if count < 2 || !closed {
            continue;
        }
        // A list that leaves much out may only name what matters.
        let share = |per_cent: i64| sum.saturating_mul(100) >= total.saturating_mul(per_cent);
        if bracket || channels(count) || share(80) {
            return Some(relation(count, if crosses { Strength::Likely } else { Strength::Certain }));
        }
        if count >= 3 && share(50) {
            return Some(relation(count, Strength::Likely));
        }
    }
    None
}

/// “动态10条、公告20条，共计30条”: the whole stands behind its parts.
fn total_after(sentence: &Sentence) -> Option<Relation> {
    let all = &sentence.quantities;
    let text = &sentence.passage.text;
    let at =
        all.iter().position(|q| ["共", "共计", "合计", "总计", "总共"].contains(&&text[q.label.clone()]))?;
    let (total, unit) = all[at].exact()?;
    let mut parts = Vec::new();
    for index in (0..at).rev() {
        let gap = &text[all[index].range.end..all[index + 1].range.start];
        if gap.contains(['；', '（', '）', '。']) || gap.contains("其中") || gap.starts_with('等') {
            break;
        }
        match all[index].exact() {
            Some((value, of)) if of == unit => parts.push((index, value)),
            _ => break,
        }
    }
    let sum = |count: usize| parts[..count].iter().map(|(_, value)| value).sum::<i64>();
    let relation = |count: usize| {
        let mut indexes: Vec<usize> = parts[..count].iter().map(|(index, _)| *index).collect();
        indexes.reverse();
        Relation::Sum { total: at, parts: indexes, strength: Strength::Certain }
    };
    if let Some(count) = (2..=parts.len()).find(|&count| sum(count) == total) {
        return Some(relation(count));
    }
    // Only a list joined by enumeration commas from the start of the sentence is certain to be whole.
    let first = parts.last()?.0;
    let joined = (first + 1..at).all(|index| {
        let gap = &text[all[index - 1].range.end..all[index].range.start];
        gap.starts_with('、') || gap.starts_with('和')
    });
    let whole = first == 0 && joined && parts.len() >= 2;
    whole.then(|| relation(parts.len()))
}

fn depth(sentence: &Sentence, at: usize) -> usize {
    let before = sentence.before(at);
    before.matches('（').count().saturating_sub(before.matches('）').count())
}

/// Whether a bracket that was open at its start closes in the gap.
fn closes(gap: &str) -> bool {
    let mut open = 0_i32;
    for c in gap.chars() {
        open += match c {
            '（' => 1,
            '）' => -1,
            _ => 0,
        };
        if open < 0 {
            return true;
        }
    }
    false
}

fn outside_brackets(gap: &str) -> String {
    let mut open = 0_usize;
    let mut outside = String::new();
    for c in gap.chars() {
        match c {
            '（' => open += 1,
            '）' => open = open.saturating_sub(1),
            _ if open == 0 => outside.push(c),
            _ => {}
        }
    }
    outside
}

#[cfg(test)]
mod tests {
    use crate::lint::check;
    use crate::model::{Report, Section};

    fn rules(text: &str) -> Vec<&'static str> {
        let mut report = Report::new("青禾区民政局", 2031);
        report.set_section(Section::Overview, text);
        let findings = check(&report, None).into_iter();
        findings.map(|finding| finding.rule).filter(|rule| rule.starts_with("prose-")).collect()
    }

    #[test]
    fn lists_that_need_not_be_whole_are_left_alone() {
        for text in [
            "公开信息300条，其中政策文件12条、解读8条。",
            "公开信息300条，其中镇街动态100条，公告150条，回应投诉25条，转发361条。",
            "公开信息30条，其中主要包括公告20条、动态15条。",
            "公开信息约30条，其中公告20条、动态15条。",
            "公开信息30余条，其中公告20条、动态15条。",
            "公开信息64条，其中公告20条、动态15条等。",
            "公开信息64条，较上年增加10条。",
            "公开信息64条，其中公告20条，占31.25%，动态44条，占68.75%。",
            "收到建议10件，其中网上6件，其中自然人4件、企业2件；信函4件。",
            "第20条第5项，2031年1月1日至12月31日，青府发〔2031〕5号。",
            "召开会议3次，组织培训2次，共参加培训12次。",
        ] {
            assert_eq!(rules(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn what_cannot_add_up_is_told_once() {
        for text in [
            "公开信息64条，其中公告20条、动态50条。",
            "公开信息64条（公告20条、动态34条）。",
            "公告20条、动态34条，共计64条。",
            "收到建议10件，其中网上6件，其中自然人4件、企业3件；信函4件。",
            "公开信息1,203条，其中公告1,000条、动态２０４条。",
            "公开信息64条，其中公告20条、动态50条，回应投诉25条。",
            "公开信息64条。其中公告20条、动态50条，阅读3000次。",
        ] {
            assert_eq!(rules(text), ["prose-sum"], "{text}");
        }
        assert_eq!(rules("（二）依申请公开。收到建议3件，网上1件、信函3件。"), ["prose-channels"]);
    }
}
