//! “43件，较2030年的34件增加9件，增长26.47%”: both years and their difference in one sentence.

use super::quantity::Number;
use super::{Relation, Sentence};

const GROWS: [&str; 7] = ["增加", "增长", "上升", "多", "提高", "提升", "新增"];
const SHRINKS: [&str; 4] = ["减少", "下降", "降低", "少"];

pub(super) fn relations(sentence: &Sentence) -> Vec<Relation> {
    let mut relations = Vec::new();
    for then in 1..sentence.quantities.len().saturating_sub(1) {
        let Some((now, by)) = (then.checked_sub(1)).zip(Some(then + 1)) else { continue };
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
            && matches!(between(sentence, by, percent), gap if gap.strip_prefix('，').is_some())
            && direction(sentence, percent) == Some(grows)
        {
            let wholes = vec![vec![then]];
            let elsewhere = Vec::new();
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
    let grows = GROWS.contains(&label);
    (grows || SHRINKS.contains(&label)).then_some(grows)
}
