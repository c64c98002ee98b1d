//! One contradiction of the prose in words, at the number in which it has its root.

use std::ops::Range;

use super::quantity::Number;
use super::{Passage, Quantity, Relation, Strength, channels, meant, share};
use crate::lint::{Finding, Severity, contents_basis};

/// One contradiction in words, at its root; the relations it breaks follow one another.
pub(super) fn tell(
    terms: &[(&Passage, &Quantity)],
    values: &[i64],
    index: usize,
    corrected: Option<i64>,
    broken: &[&Relation],
) -> Finding {
    let rank = |relation: &Relation| match relation {
        Relation::Table { .. } => 0,
        Relation::Sum { .. } => 1,
        Relation::Share { .. } => 2,
        Relation::Change { .. } => 3,
    };
    let mut broken = broken.to_vec();
    broken.sort_by_key(|relation| rank(relation));
    let mut sentences: Vec<String> = Vec::new();
    for relation in &broken {
        let words = in_words(terms, values, relation);
        if !sentences.contains(&words) {
            sentences.push(words);
        }
    }
    let (passage, quantity) = &terms[index];
    let (rule, severity, basis) = match broken[0] {
        // The prose may speak of one office where the table has all.
        Relation::Table { rule: "prose-proactive", basis, .. } => {
            ("prose-proactive", Severity::Warning, basis.clone())
        }
        Relation::Table { rule, basis, .. } => (*rule, Severity::Error, basis.clone()),
        Relation::Sum { parts, strength, .. } => {
            let label = |part: &usize| &terms[*part].0.text[terms[*part].1.label.clone()];
            let rule = if parts.iter().all(|part| channels::is_channel(label(part))) {
                "prose-channels"
            } else {
                "prose-sum"
            };
            let severity = match strength {
                Strength::Certain => Severity::Error,
                Strength::Likely => Severity::Warning,
                Strength::Hint => Severity::Info,
            };
            (rule, severity, contents_basis())
        }
        Relation::Change { .. } => ("prose-change", Severity::Warning, contents_basis()),
        Relation::Share { rate, .. } => {
            let rule = if *rate { "prose-rate" } else { "prose-percentage" };
            // One unit of the last place: cut off instead of rounded, or evened out to 100%.
            let by_one = matches!(quantity.number, Number::Percent { .. })
                && corrected.is_some_and(|corrected| (corrected - values[index]).abs() <= 1)
                && broken.len() == 1;
            let certain = !matches!(broken[0], Relation::Share { wholes, .. } if wholes.is_empty());
            let severity = if by_one || !certain { Severity::Warning } else { Severity::Error };
            (rule, severity, contents_basis())
        }
    };
    let (found, expected) = match quantity.number {
        Number::Percent { places, .. } => (
            Some(percent_in_words(values[index], places).as_str().into()),
            corrected.map(|digits| percent_in_words(digits, places).as_str().into()),
        ),
        _ => (Some(values[index].into()), corrected.map(Into::into)),
    };
    Finding {
        rule,
        severity,
        message: sentences.join("；"),
        at: passage.at(quoted(passage, quantity)),
        found,
        expected,
        basis,
    }
}

/// The label with its number, as far as both stand in one paragraph: what a person looks for on the page.
fn quoted(passage: &Passage, quantity: &Quantity) -> Range<usize> {
    passage.in_one_paragraph(quantity.label.start..quantity.range.end, quantity.range.start)
}

fn in_words(terms: &[(&Passage, &Quantity)], values: &[i64], relation: &Relation) -> String {
    let quote = |index: usize| terms[index].0.quote(quoted(terms[index].0, terms[index].1));
    let sum = |indexes: &[usize]| indexes.iter().map(|&index| values[index]).sum::<i64>();
    match relation {
        Relation::Sum { total, parts, .. } => {
            let added: Vec<String> = parts.iter().map(|&part| values[part].to_string()).collect();
            let (found, sum) = (values[*total], sum(parts));
            let added =
                if parts.len() > 1 { format!("{} = {sum}", added.join("+")) } else { sum.to_string() };
            let difference = (found - sum).abs();
            format!("“{}”与所列各项不符：{added}，与 {found} 相差 {difference}", quote(*total))
        }
        Relation::Share { part: Some(part), wholes, elsewhere, percent, rate } => {
            let Number::Percent { places, .. } = terms[*percent].1.number else { return String::new() };
            let (counted, digits) = (wholes.iter().map(|whole| sum(whole)), values[*percent]);
            let whole = meant(counted, elsewhere, values[*part], digits, places).unwrap_or_default();
            let right = share(values[*part], whole, places).map_or("算不出比例".to_owned(), |digits| {
                format!("{}÷{whole} = {}", values[*part], percent_in_words(digits, places))
            });
            let kind = if *rate { "办理比率" } else { "占比" };
            format!(
                "“{}”的{kind}与数量不符：{right}，文中写 {}",
                quote(*percent),
                percent_in_words(values[*percent], places)
            )
        }
        Relation::Share { wholes, percent, .. } if wholes.is_empty() => {
            format!("“{}”不可能成立：比率不会超过 100%", quote(*percent))
        }
        Relation::Share { wholes, percent, .. } => {
            let whole = wholes.first().map_or(0, |whole| sum(whole));
            format!("“{}”不可能成立：总数是 {whole}，没有一个整数的占比是这个数", quote(*percent))
        }
        Relation::Change { now, then, by, grows } => {
            let (more, less) = if *grows { (now, then) } else { (then, now) };
            let (more, less) = (values[*more], values[*less]);
            format!(
                "“{}”与前后两年的数不符：{more}-{less} = {}，文中写 {}",
                quote(*by),
                more - less,
                values[*by]
            )
        }
        Relation::Table { quantity, allowed, cell, .. } => {
            let expected = allowed.first().copied().unwrap_or_default();
            format!("“{}”与表格不一致：{cell}是 {expected}，文中写 {}", quote(*quantity), values[*quantity])
        }
    }
}

pub(super) fn percent_in_words(digits: i64, places: u32) -> String {
    let scale = 10_i64.pow(places.min(9));
    match places {
        0 => format!("{digits}%"),
        _ => format!("{}.{:0width$}%", digits / scale, digits % scale, width = places as usize),
    }
}
