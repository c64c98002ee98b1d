//! Where the prose states a whole and its parts: 其中, brackets, colons, and 共计 after the parts.

use super::quantity::{Number, Quantity, counts_alike};
use super::{Relation, Sentence, Strength};

/// Words that begin a new statement rather than the next part.
const NEW_STATEMENT: [&str; 30] = [
    "发生", "引起", "引发", "因", "回应", "转发", "受理", "办理", "办结", "答复", "回复", "召开", "开展",
    "组织", "举办", "收到", "接到", "累计", "共", "全年", "同时", "解读", "参加", "接受", "培训", "发放",
    "审核", "整改", "及时", "目前",
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
    /// 等、包括: the list need not be whole, but it cannot hold more than the whole.
    Partial,
    /// An unclear number: what the list holds cannot be told.
    Hedged,
}

/// Where a list begins, and what it takes apart.
#[derive(Debug, Clone, Copy)]
struct Opening {
    whole: usize,
    from: usize,
    /// In brackets of its own.
    bracket: bool,
    /// 包括: the list need not be whole.
    partial: bool,
}

/// Every sum that the sentence states.
pub(super) fn relations(sentence: &Sentence) -> Vec<Relation> {
    let mut openings: Vec<Opening> = Vec::new();
    for (at, word) in sentence.text().match_indices("其中") {
        let start = sentence.start() + at;
        if let Some(whole) = whole_before(sentence, start) {
            openings.push(Opening { whole, from: start + word.len(), bracket: false, partial: false });
        }
    }
    for (index, quantity) in sentence.quantities.iter().enumerate() {
        let end = quantity.range.end;
        let rest = sentence.rest(end);
        let opening =
            ["（", "：", "，分别为", "，分别是", "，包括"].into_iter().find(|word| rest.starts_with(word));
        if let Some(word) = opening.filter(|word| !rest[word.len()..].starts_with("其中")) {
            let from = end + word.len();
            openings
                .push(Opening { whole: index, from, bracket: word == "（", partial: word == "，包括" });
        }
    }
    let mut relations: Vec<Relation> =
        openings.into_iter().filter_map(|opening| list(sentence, opening)).collect();
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
    // “275条，52条。其中……” may take either apart.
    let one_of_several = gap.contains('。')
        && sentence.quantities[..index].iter().any(|other| same_unit(other, quantity) && !other.comparison);
    (!closes && !list_between && !one_of_several).then_some(index)
}

fn same_unit(one: &Quantity, other: &Quantity) -> bool {
    match (one.number, other.number) {
        (Number::Count { unit, .. }, Number::Count { unit: of, .. }) => unit == of,
        _ => false,
    }
}

fn list(sentence: &Sentence, opening: Opening) -> Option<Relation> {
    let Opening { whole, from, bracket, partial } = opening;
    let (total, unit) = sentence.quantities[whole].exact()?;
    let mut parts: Vec<Part> = Vec::new();
    let mut end = if partial { End::Partial } else { End::Closed };
    let open = |end: End| if matches!(end, End::Hedged | End::Partial) { end } else { End::Open };
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
        if gap.contains('。') && !parts.is_empty() && sentence.continues_at.is_none() {
            break;
        }
        // 机构类信息20条，内有……
        let inner = ["其中", "内有", "内含", "，含", "，包括", "，包含"]
            .into_iter()
            .filter_map(|word| gap.find(word))
            .min();
        if let Some(nested) = inner {
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
        if quantity.other_year {
            end = End::Hedged;
            break;
        }
        if matches!(quantity.number, Number::Percent { .. }) || quantity.comparison {
            at = quantity.range.end;
            continue;
        }
        let label = &sentence.passage.text[quantity.label.clone()];
        if parts.is_empty() {
            first_label = label;
            if NOT_WHOLE.iter().any(|word| gap.trim_start_matches("其中").starts_with(word)) {
                end = End::Partial;
            }
        }
        if gap.starts_with('等') || gap.contains("等，") || gap.contains("等；") || gap.contains("等。")
        {
            end = End::Partial;
        }
        let separator = gap.chars().find(|c| matches!(c, '；' | '，' | '、' | '。')).unwrap_or('和');
        // 解读类信息 is a kind of information, 解读 alone something done.
        let kind = label.trim_end_matches(['共', '合', '计', '为']);
        let is_kind = kind.starts_with("解读")
            && ["信息", "类", "材料", "文件"].iter().any(|word| kind.ends_with(word));
        let said = label.trim_start_matches(['已', '均']);
        let opens_new = NEW_STATEMENT.iter().find(|word| said.starts_with(**word) && !is_kind);
        let another_kind = ["行政复议", "行政诉讼"].iter().any(|kind| label.ends_with(kind))
            && !["复议", "诉讼", "起诉"].iter().any(|kind| first_label.contains(kind));
        // 政策文件12条，其中图解5条；转载信息160条: more than the whole, and something done.
        let done = ["转载", "发布", "公开", "推送", "转发", "通过"].iter().any(|word| said.starts_with(word));
        let beyond = separator == '；' && done && quantity.exact().is_some_and(|(value, _)| value > total);
        if !parts.is_empty()
            && separator != '、'
            && (another_kind || beyond || opens_new.is_some_and(|word| !first_label.starts_with(*word)))
        {
            end = open(end);
            break;
        }
        match (quantity.exact(), quantity.number) {
            (Some((_, of)), _) if of == unit || sentence.on_requests && counts_alike(of, unit) => {}
            // Another unit behind a comma: something else begins.
            (_, Number::Count { unit: of, .. }) if of != unit && !parts.is_empty() && separator != '、' => {
                end = open(end);
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
    if (sentence.rest(at).starts_with('等') || sentence.rest(at).starts_with("以及其他"))
        && end != End::Hedged
    {
        end = End::Partial;
    }
    // Enumeration commas throughout, then a comma: the list is over.
    if end == End::Open
        && parts.len() >= 2
        && parts[1..].iter().all(|part| matches!(part.separator, '、' | '和'))
    {
        end = End::Closed;
    }
    if bracket && parts.len() < 2 || end == End::Hedged {
        return None;
    }
    if end == End::Partial {
        return partial_list(sentence, whole, total, &parts);
    }
    judge(sentence, whole, total, parts, end, bracket, crosses)
}

/// A list that need not be whole: it holds no more than the whole, and exactly that where 其他 ends it.
fn partial_list(sentence: &Sentence, whole: usize, total: i64, parts: &[Part]) -> Option<Relation> {
    let value = |part: &Part| sentence.quantities[part.quantity].exact().map_or(0, |(value, _)| value);
    let sum: i64 = parts.iter().map(value).sum();
    let label = |part: &Part| sentence.label(part.quantity);
    let ends =
        parts.last().is_some_and(|part| label(part).starts_with("其他") || label(part).starts_with("其它"));
    let alike =
        parts.get(1..).unwrap_or_default().windows(2).all(|pair| pair[0].separator == pair[1].separator);
    let exceeds = parts.iter().any(|part| value(part) > total);
    let broken = sum > total && alike || sum < total && ends && alike && parts.len() >= 3;
    (broken && parts.len() >= 2).then(|| Relation::Sum {
        total: whole,
        parts: parts.iter().map(|part| part.quantity).collect(),
        strength: if exceeds || ends { Strength::Likely } else { Strength::Hint },
    })
}

/// Labels that name where something was published: the same thing may stand in several places.
fn is_platform(label: &str) -> bool {
    [
        "网站",
        "公众号",
        "微博",
        "公开栏",
        "公示栏",
        "抖音",
        "视频号",
        "新媒体",
        "显示屏",
        "平台",
        "微信",
        "媒体",
    ]
    .iter()
    .any(|word| label.contains(word))
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
    // “上年结转7件，新收581件，其中：318件予以公开……” takes both apart.
    // So does “收到申请9件，上年结转1件，其中：……”.
    let first = parts.first().map_or(whole, |part| part.quantity);
    let around = sentence.quantities[..first].iter().enumerate().filter(|(index, _)| *index != whole);
    let others: Vec<i64> = around
        .filter_map(|(_, quantity)| {
            let label = &sentence.passage.text[quantity.label.clone()];
            let carried = ["结转", "转结"].iter().any(|word| label.contains(word)) && !label.contains('下');
            match quantity.number {
                Number::Count { value, .. } if carried => Some(value),
                _ => None,
            }
        })
        .collect();
    let of_both = sentence.label(whole).contains("结转") || sentence.label(whole).contains("转结");
    let received =
        whole.checked_sub(1).and_then(|before| sentence.quantities[before].exact()).filter(|_| of_both);
    let mut both = others.into_iter().chain(received.map(|(value, _)| value));
    if both.any(|other| (1..=n).any(|count| sum(count) == total + other)) {
        return None;
    }
    let channels = |count: usize| {
        let named =
            parts[..count].iter().filter(|part| super::channels::is_channel(sentence.name(part.quantity)));
        named.count() == count
    };
    // Whatever its end is meant to be: where the parts give the whole, all is well.
    // Ways by which requests came are one list to its end.
    let one_list = channels(n);
    let may_end = |count: usize| count == n || !one_list && !matches!(parts[count].separator, '、' | '和');
    if let Some(count) = (1..=n).rev().find(|&count| may_end(count) && sum(count) == total) {
        return (count > 1).then(|| relation(count, Strength::Certain));
    }
    // “动态10条，调整栏目3个，微博20条”: what is counted in between does not end the list where it gives the whole.
    if goes_on_to(sentence, &parts, total) {
        return None;
    }
    // The list ends where enumeration commas give way to a comma, or semicolons would lead further out.
    let natural = (2..n)
        .find(|&count| {
            let inner = parts[1..count].iter().all(|part| part.separator == '、' || part.separator == '和');
            inner && matches!(parts[count].separator, '，' | '；' | '。')
                || parts[1..count].iter().all(|part| part.separator == '，') && parts[count].separator == '；'
        })
        .unwrap_or(n);
    let platforms = parts.iter().filter(|part| is_platform(sentence.label(part.quantity))).count();
    let doubtful = crosses || platforms * 2 > n;
    for count in [natural, n] {
        let names =
            |word: &str| parts[..count].iter().any(|part| sentence.label(part.quantity).contains(word));
        let both_years = names("上年结转") && (names("新收") || names("收到"));
        let (sum, closed) = (sum(count), count < n || end == End::Closed || both_years);
        // Against overshooting through what only follows: the last part alone must not be the excess.
        if sum > total && (closed || count == natural && count >= 2) {
            return Some(relation(count, if doubtful { Strength::Likely } else { Strength::Certain }));
        }
        // A digit too many: no list leaves out nine tenths to the unit.
        let tenfold = sum.checked_mul(10) == Some(total) || sum.checked_mul(100) == Some(total);
        if count >= 3 && tenfold {
            return Some(relation(count, Strength::Likely));
        }
        if count < 2 || !closed {
            continue;
        }
        // The more a list leaves out, the more likely it only names what matters.
        let share = |per_cent: i64| sum.saturating_mul(100) >= total.saturating_mul(per_cent);
        let last = sentence.label(parts[count - 1].quantity);
        let whole_list =
            last.starts_with("其他") || last.starts_with("其它") || channels(count) || both_years;
        if whole_list || share(95) {
            return Some(relation(count, if doubtful { Strength::Likely } else { Strength::Certain }));
        }
        if share(80) {
            return Some(relation(count, Strength::Likely));
        }
        if bracket || count >= 3 && share(50) {
            return Some(relation(count, Strength::Hint));
        }
    }
    None
}

/// Whether the parts give the whole together with what follows them in the same unit, after something else.
fn goes_on_to(sentence: &Sentence, parts: &[Part], total: i64) -> bool {
    let Some((last, unit)) =
        parts.last().and_then(|part| Some((part.quantity, sentence.quantities[part.quantity].exact()?.1)))
    else {
        return false;
    };
    let value = |part: &Part| sentence.quantities[part.quantity].exact().map_or(0, |(value, _)| value);
    let mut sum: i64 = parts.iter().map(value).sum();
    let behind = sentence.quantities[last + 1..].iter().filter_map(Quantity::exact);
    behind.filter(|(_, of)| *of == unit).any(|(value, _)| {
        sum = sum.saturating_add(value);
        sum == total
    })
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
    // 收到13件，上年结转2件，共15件.
    let names = |words: &[&str]| {
        parts.iter().any(|(index, _)| words.iter().any(|word| sentence.label(*index).contains(word)))
    };
    let both_years = parts.len() == 2 && names(&["上年结转"]) && names(&["收到", "新收"]);
    let whole = first == 0 && (joined || both_years) && parts.len() >= 2;
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
    use crate::lint::{Finding, Severity, check};
    use crate::model::{Report, Section};

    fn rules(text: &str) -> Vec<&'static str> {
        findings(text).iter().map(|finding| finding.rule).collect()
    }

    fn findings(text: &str) -> Vec<Finding> {
        let mut report = Report::new("青禾区民政局", 2031);
        report.set_section(Section::Overview, text);
        let findings = check(&report, None).into_iter();
        findings.filter(|finding| finding.rule.starts_with("prose-")).collect()
    }

    #[test]
    fn lists_that_need_not_be_whole_are_left_alone() {
        for text in [
            "公开信息300条，其中政策文件12条、解读8条。",
            "公开信息300条，其中镇街动态100条，公告150条，回应投诉25条，转发361条。",
            "公开信息50条，其中主要包括公告20条、动态15条。",
            "公开信息32条，其中公告20条、动态11条、2030年年报1条。",
            "公开信息50条。其中机构类20条，内有领导10条、机构10条；工作类30条，其中动态13条、公告17条。",
            "公开信息275条，互动信息52条。其中预算53条，许可22条，建议19条。",
            "上年结转7件，新收申请81件，其中：38件予以公开，50件部分公开。",
            "新收申请581件；办理结果588件。其中，予以公开318件，占54.08%。",
            "答复申请45件，包括上年结转申请3件。其中，予以公开30件，占66.67%；不予公开15件，占33.33%。",
            "公开信息约30条，其中公告20条、动态15条。",
            "公开信息30余条，其中公告20条、动态15条。",
            "公开信息64条，其中公告20条、动态15条等。",
            "公开信息64条，较上年增加10条。",
            "公开信息64条，其中公告20条，占31.25%，动态44条，占68.75%。",
            "收到建议10件，其中网上6件，其中自然人4件、企业2件；信函4件。",
            "第20条第5项，2031年1月1日至12月31日，青府发〔2031〕5号。",
            "召开会议3次，组织培训2次，共参加培训12次。",
            "收到申请9件，上年转结1件，其中网上申请5件，信函申请5件，已按程序办理，发生行政复议1件。",
            "公开政策文件12条，其中图解5条；转载信息160条，发布重点信息481条；通过网站公开13762条。",
            "公开信息95条，其中要闻50条、公告20条、其他12条，调整栏目3个，微信公众号：10条，微博3条。",
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
        for text in [
            "公开信息640条，其中公告20条、动态34条、解读10条。",
            "公开信息640条，其中公告20条，动态34条，政策10条，回应投诉25条。",
        ] {
            assert_eq!(rules(text), ["prose-sum"], "{text}");
        }
        // A list that need not be whole gives a hint, or a warning where one part alone is more than the whole.
        for (text, severity) in [
            ("公开信息30条，其中主要包括公告20条、动态15条。", Severity::Info),
            ("公开信息30条，包括公告20条、动态300条。", Severity::Warning),
            ("公开信息30条，包括：公告20条、动态4条、其他信息9条。", Severity::Warning),
        ] {
            let found: Vec<_> = findings(text).iter().map(|finding| finding.severity).collect();
            assert_eq!(found, [severity], "{text}");
        }
        assert_eq!(rules("（二）依申请公开。收到建议3件，网上1件、信函3件。"), ["prose-channels"]);
    }
}
