//! “43件，较2030年的34件增加9件，增长26.47%”: both years and their difference in one sentence.

use super::changes::grows;
use super::quantity::Number;
use super::{Relation, Sentence};

pub(super) fn relations(sentence: &Sentence) -> Vec<Relation> {
    let mut relations = Vec::new();
    for now in 0..sentence.quantities.len().saturating_sub(2) {
        let (then, by) = (now + 1, now + 2);
        let Some((_, unit)) = sentence.quantities[now].exact() else { continue };
        let of_unit = |index: usize| {
            let quantity = &sentence.quantities[index];
            matches!(quantity.number, Number::Count { unit: of, .. } if of == unit) && !quantity.vague
        };
        let Some(grows) = direction(sentence, by).filter(|_| of_unit(then) && of_unit(by)) else { continue };
        let compared = between(sentence, now, then);
        let gap = between(sentence, then, by);
        let plain = !compared.contains(['；', '。', '、']) && !gap.contains(['；', '。', '、']);
        let earlier = ["上年", "去年", "上一年", "同期", "年的", "年（", "年度的", "年度（"];
        let is_compared = ["较", "比", "同比"].iter().any(|word| compared.contains(word))
            && earlier.iter().any(|word| compared.contains(word));
        let behind: String = gap.chars().filter(|c| !"），".contains(*c)).collect();
        if !plain || !is_compared || behind != sentence.label(by) {
            continue;
        }
        relations.push(Relation::Change { now, then, by, grows });
        let percent = by + 1;
        let share = sentence.quantities.get(percent).filter(|quantity| !quantity.vague);
        if share.is_some_and(|quantity| matches!(quantity.number, Number::Percent { .. }))
            && between(sentence, by, percent).starts_with('，')
            && direction(sentence, percent) == Some(grows)
        {
            let (wholes, elsewhere) = (vec![vec![then]], Vec::new());
            relations.push(Relation::Share { part: Some(by), wholes, elsewhere, percent, rate: false });
        }
    }
    relations
}

fn between<'s>(sentence: &'s Sentence, one: usize, other: usize) -> &'s str {
    let text = &sentence.passage.text;
    &text[sentence.quantities[one].range.end..sentence.quantities[other].range.start]
}

/// Whether the words before the number are those of growth, or of decline, and nothing else.
fn direction(sentence: &Sentence, index: usize) -> Option<bool> {
    let label = sentence.label(index).trim_start_matches("同比").trim_end_matches(['了', '率', '为', '达']);
    if label == "新增" { Some(true) } else { grows(label) }
}
