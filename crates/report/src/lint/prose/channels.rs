//! 申请渠道: the ways by which requests come in.

use super::quantity::Number;
use super::{Relation, Sentence, Strength};

/// 申请渠道 — the ways by which requests come in.
pub(super) fn is_channel(label: &str) -> bool {
    let bare = label.trim_end_matches(['为', '的', '共']).trim_start_matches("通过").trim_end_matches("提交");
    let bare = bare
        .trim_end_matches("申请")
        .trim_end_matches("政府信息公开")
        .trim_end_matches(['方', '式', '渠', '道']);
    const CHANNELS: [&str; 26] = [
        "网络",
        "网上",
        "互联网",
        "网站",
        "在线",
        "信函",
        "邮寄",
        "来信",
        "书信",
        "纸质",
        "当面",
        "现场",
        "窗口",
        "上门",
        "传真",
        "邮件",
        "电子邮件",
        "邮箱",
        "电子邮箱",
        "其他",
        "网络平台",
        "网上平台",
        "在线平台",
        "信件",
        "口头",
        "邮政",
    ];
    CHANNELS.contains(&bare)
}

/// “收到申请10件，网上6件、信函4件”: the ways they came in add up, also where no 其中 says so.
pub(super) fn channels(sentence: &Sentence, sums: &[Relation]) -> Option<Relation> {
    if !sentence.on_requests {
        return None;
    }
    let all = &sentence.quantities;
    let first =
        (0..all.len()).find(|&index| is_channel(sentence.name(index)) && sentence.name(index) != "其他")?;
    let told = sums.iter().any(|sum| matches!(sum, Relation::Sum { parts, .. } if parts.contains(&first)));
    let total = first.checked_sub(1)?;
    let label = sentence.clause(total);
    if told || !["收到", "新收", "受理"].iter().any(|word| label.contains(word)) {
        return None;
    }
    let (_, unit) = all[total].exact()?;
    let mut parts = Vec::new();
    for (index, quantity) in all.iter().enumerate().skip(first) {
        if matches!(quantity.number, Number::Percent { .. }) {
            continue;
        }
        match quantity.exact() {
            Some((_, of)) if of == unit && is_channel(sentence.name(index)) => parts.push(index),
            // A number that is not certain may be one more of them.
            None if is_channel(sentence.name(index)) => return None,
            _ => break,
        }
    }
    let last = all[*parts.last()?].range.end;
    let whole = parts.len() >= 2 && !sentence.rest(last).starts_with('等');
    whole.then_some(Relation::Sum { total, parts, strength: Strength::Certain })
}
