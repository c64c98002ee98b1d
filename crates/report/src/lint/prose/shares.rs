//! Percentages: the share of a part in a whole, and the rate of what was done.

use super::quantity::{Number, Quantity, counts_alike};
use super::{Elsewhere, Relation, Sentence};

/// Words between 占 and the number that leave open no other whole than the one just counted.
const OF_THE_WHOLE: [&str; 20] = [
    "政府信息公开",
    "信息公开",
    "申请",
    "总数",
    "总量",
    "总件数",
    "总",
    "全部",
    "全年",
    "办结",
    "收到",
    "受理",
    "信息",
    "公开",
    "比例",
    "比",
    "数量",
    "数",
    "量",
    "的",
];
const RATES: [&str; 9] =
    ["办理答复率", "办结率", "回复率", "答复率", "办复率", "回应率", "办理率", "处理率", "处置率"];
const DONE: [&str; 8] = ["办结", "办理", "回复", "答复", "回应", "办复", "处理", "处置"];
const COME: [&str; 9] = ["收到", "受理", "接到", "接收", "新收", "接", "交办", "承办", "转办"];

/// `elsewhere`: what other sentences count in the same unit.
pub(super) fn relations(sentence: &Sentence, elsewhere: impl Fn(&'static str) -> Elsewhere) -> Vec<Relation> {
    let percents = sentence.quantities.iter().enumerate().filter(|(_, quantity)| {
        matches!(quantity.number, Number::Percent { .. }) && !quantity.vague && !quantity.comparison
    });
    percents
        .filter_map(|(index, percent)| {
            share(sentence, index, percent, &elsewhere)
                .or_else(|| rate(sentence, index, percent, &elsewhere))
                .or_else(|| above_all(sentence, index))
        })
        .collect()
}

fn share(
    sentence: &Sentence,
    percent: usize,
    quantity: &Quantity,
    elsewhere: &impl Fn(&'static str) -> Elsewhere,
) -> Option<Relation> {
    let text = &sentence.passage.text;
    let label = &text[quantity.label.clone()];
    let (subject, of) = label.split_once('占')?;
    let mut of = of.to_owned();
    for word in OF_THE_WHOLE {
        of = of.replace(word, "");
    }
    if !of.is_empty() {
        return None;
    }
    let before = percent.checked_sub(1)?;
    let (value, unit) = sentence.quantities[before].exact()?;
    let gap = &text[sentence.quantities[before].range.end..quantity.range.start];
    if gap.contains(['。', '；']) || unit.contains('元') {
        return None;
    }
    let wholes = |from: usize| -> Vec<Vec<usize>> {
        let earlier = sentence.quantities[..from].iter().enumerate();
        let same_unit = earlier
            .filter_map(|(index, q)| Some((index, q.exact()?)))
            .filter(|(_, (_, of))| counts_alike(of, unit));
        same_unit.map(|(index, _)| vec![index]).collect()
    };
    if subject.is_empty() {
        // “150件，占71.43%”: nothing else stands between the part and its share.
        if !matches!(gap.strip_suffix(label), Some("" | "，" | "、" | "（" | "，（")) {
            return None;
        }
        let wholes: Vec<Vec<usize>> = wholes(before)
            .into_iter()
            .filter(|whole| sentence.quantities[whole[0]].exact().is_some_and(|(whole, _)| whole >= value))
            .collect();
        // “收到申请210件。网上150件，占71.43%”: the whole may stand in the sentence before.
        let Elsewhere { stated, all } = elsewhere(unit);
        let stated = stated.filter(|whole| *whole >= value);
        let elsewhere: Vec<i64> = stated.into_iter().chain(all).filter(|whole| *whole >= value).collect();
        return (!wholes.is_empty() || stated.is_some()).then_some(Relation::Share {
            part: Some(before),
            wholes,
            elsewhere,
            percent,
            rate: false,
        });
    }
    // “收到申请7件，其中网上申请占50%”: the part itself is not told.
    let named = gap.contains("其中");
    named.then(|| Relation::Share {
        part: None,
        wholes: wholes(before + 1),
        elsewhere: Vec::new(),
        percent,
        rate: false,
    })
}

/// A rate or a share of more than everything.
fn above_all(sentence: &Sentence, percent: usize) -> Option<Relation> {
    let label = sentence.label(percent).trim_end_matches(['达', '到', '为', '是', '均', '至', '了']);
    let Number::Percent { digits, places } = sentence.quantities[percent].number else { return None };
    let kind = label.trim_start_matches("按期").trim_start_matches("按时").trim_start_matches("依法");
    let named = RATES.contains(&kind) || label == "占" || label.ends_with("满意率");
    let above = named && i128::from(digits) > super::scale(places);
    above.then_some(Relation::Share {
        part: None,
        wholes: Vec::new(),
        elsewhere: Vec::new(),
        percent,
        rate: label != "占",
    })
}

fn rate(
    sentence: &Sentence,
    percent: usize,
    quantity: &Quantity,
    elsewhere: &impl Fn(&'static str) -> Elsewhere,
) -> Option<Relation> {
    let text = &sentence.passage.text;
    let label = text[quantity.label.clone()].trim_end_matches(['达', '到', '为', '是', '均']);
    if !RATES.contains(&label) {
        return None;
    }
    let has = |quantity: &Quantity, words: &[&str]| {
        words.iter().any(|word| text[quantity.label.clone()].contains(word))
    };
    let all: Vec<(usize, &Quantity)> = sentence.quantities[..percent].iter().enumerate().collect();
    let is_done = |quantity: &Quantity| {
        has(quantity, &DONE) && !has(quantity, &["收到", "受理", "接到", "新收", "不予"])
    };
    let (done, found) = all.iter().rev().find(|(_, quantity)| is_done(quantity))?;
    let (value, unit) = found.exact()?;
    let same = |quantity: &Quantity| quantity.exact().is_some_and(|(_, of)| of == unit);
    // What came, alone, with what was carried over, or as all that was counted before.
    let come: Vec<usize> = all[..*done]
        .iter()
        .filter(|(_, q)| has(q, &COME) && !is_done(q) && same(q))
        .map(|(index, _)| *index)
        .collect();
    let nearest = *come.last()?;
    // More was done than came: the table has what was carried over, and the rate is of both.
    let came = sentence.quantities[nearest].exact().map_or(0, |(came, _)| came);
    if value > came && sentence.on_requests && elsewhere(unit).all.contains(&value) {
        return None;
    }
    let mut wholes = vec![vec![nearest]];
    let carried = all[..*done].iter().find(|(_, q)| has(q, &["结转"]) && same(q)).map(|(index, _)| *index);
    wholes.extend(carried.map(|carried| vec![nearest, carried]));
    if come.len() > 1 {
        wholes.extend(come.iter().map(|&index| vec![index]));
        wholes.push(come);
    }
    let counted: Vec<usize> = all[..*done].iter().filter(|(_, q)| same(q)).map(|(index, _)| *index).collect();
    if counted.len() > 1 {
        wholes.push(counted);
    }
    Some(Relation::Share { part: Some(*done), wholes, elsewhere: Vec::new(), percent, rate: true })
}

#[cfg(test)]
mod tests {
    use crate::lint::{Severity, check};
    use crate::model::{Report, Section};

    fn told(text: &str) -> Vec<(&'static str, Severity)> {
        let mut report = Report::new("青禾区民政局", 2031);
        report.set_section(Section::Overview, text);
        let findings = check(&report, None).into_iter();
        let of_shares = findings.filter(|finding| finding.rule == "prose-percentage");
        of_shares.map(|finding| (finding.rule, finding.severity)).collect()
    }

    #[test]
    fn a_share_of_what_the_sentence_before_counts() {
        for text in [
            "全年公开信息210条。动态150条，占71.43%。",
            "全年公开信息210条。动态150条，占71.43%；公告60条，占28.57%。",
            // Of all that two sentences count, of something said later, of nothing that was said.
            "全年公开信息210条。公开文件90条。动态150条，占50%。",
            "全年公开信息210条。动态150条，占50%。各类信息一共300条。",
            "公告200条。动态150条，占50%。",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
        for (text, severity) in [
            ("全年公开信息210条。动态150条，占72.43%。", Severity::Warning),
            // Cut off instead of rounded, of the whole that stands in the sentence before.
            ("全年公开信息805条。动态258条，占32.05%；公告35条，占4.34%。", Severity::Warning),
            ("全年公开信息210条，其中动态150条，占73.43%。", Severity::Error),
        ] {
            assert_eq!(told(text), [("prose-percentage", severity)], "{text}");
        }
    }
}
