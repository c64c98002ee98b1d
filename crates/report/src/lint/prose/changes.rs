//! “较上年增加239条”: this year's number against last year's report.

use super::outcomes::TableFigures;
use super::quantity::{Number, Quantity};
use super::telling::percent_in_words;
use super::{Prose, Sentence, at_phrase, is_share, share};
use crate::lint::{Finding, Severity, contents_basis};
use crate::model::Report;

/// Changes that do not fit the number of last year: where the tables have it, or where last year's report
/// says the same words.
pub(in crate::lint) fn changes(report: &Report, prose: &Prose, previous: &Report) -> Vec<Finding> {
    let last_year = Prose::of(previous);
    let last_year = last_year.sentences();
    let (now, before) = (TableFigures::of(report), TableFigures::of(previous));
    let mut findings = Vec::new();
    for sentence in prose.sentences() {
        for index in 1..sentence.quantities.len() {
            let Some((value, unit)) = sentence.quantities[index - 1].exact() else { continue };
            let change = &sentence.quantities[index];
            let Some(grows) = direction(&sentence, index) else { continue };
            let told = before
                .same_figure(&now, &sentence, index - 1)
                .or_else(|| said(&last_year, &sentence, index - 1, unit));
            let Some(was) = told else { continue };
            findings.extend(judge(&sentence, change, (value, was), unit, grows));
        }
    }
    findings
}

fn judge(
    sentence: &Sentence,
    change: &Quantity,
    (value, was): (i64, i64),
    unit: &str,
    grows: bool,
) -> Option<Finding> {
    let (found, expected) = match change.number {
        Number::Count { value: by, unit: of } if of == unit => {
            let right = if grows { value - was } else { was - value };
            (by != right).then(|| (by.to_string(), right.to_string()))?
        }
        Number::Percent { digits, places } if was > 0 => {
            let right = if grows { value - was } else { was - value };
            if right >= 0 && is_share(right, was, digits, places) {
                return None;
            }
            let right = if right < 0 {
                "相反".to_owned()
            } else {
                percent_in_words(share(right, was, places)?, places)
            };
            (percent_in_words(digits, places), right)
        }
        _ => return None,
    };
    let range = change.label.start..change.range.end;
    let message = format!(
        "“{}”与上一年度报告对不上：上一年度是 {was}，本年是 {value}，变化应为 {expected}，文中写 {found}",
        sentence.passage.quote(range.clone())
    );
    let at = sentence.passage.at(range);
    Some(Finding {
        found: Some(found.as_str().into()),
        expected: Some(expected.as_str().into()),
        ..at_phrase("prose-change", Severity::Warning, at, message, contents_basis())
    })
}

/// Whether it grew, when the words compare with last year and nothing else.
fn direction(sentence: &Sentence, index: usize) -> Option<bool> {
    let quantity = &sentence.quantities[index];
    let label = sentence.label(index);
    let with_last_year =
        ["较上年", "较去年", "比上年", "比去年", "同比", "较上一年", "比上一年", "较往年同期"];
    let bare = with_last_year.iter().find_map(|word| label.split_once(word))?;
    // Only the comparison itself stands between the number and its change.
    (bare.0.is_empty() && !quantity.vague).then_some(())?;
    let gap = &sentence.passage.text[sentence.quantities[index - 1].range.end..quantity.label.start];
    (!gap.contains(['；', '。', '（'])).then_some(())?;
    let verb = bare.1.trim_start_matches(['度', '同', '期', '相', '比', '了']).trim_end_matches('了');
    grows(verb)
}

/// Whether a word says that it grew, or that it shrank.
pub(super) fn grows(verb: &str) -> Option<bool> {
    match verb {
        "增加" | "增长" | "上升" | "多" | "提高" | "提升" => Some(true),
        "减少" | "下降" | "降低" | "少" => Some(false),
        _ => None,
    }
}

/// What last year's report says in the same words.
fn said(last_year: &[Sentence], sentence: &Sentence, index: usize, unit: &str) -> Option<i64> {
    let words = core(sentence.label(index));
    let mut values = last_year.iter().flat_map(|other| {
        let words = words.clone();
        other.quantities.iter().enumerate().filter_map(move |(at, quantity)| {
            let (value, of) = quantity.exact()?;
            (of == unit && core(other.label(at)) == words).then_some(value)
        })
    });
    let value = values.next()?;
    // Short words, or words that stand with two numbers, may mean something else.
    (words.chars().count() >= 6 && values.all(|other| other == value)).then_some(value)
}

/// The words without the year.
fn core(label: &str) -> String {
    let bare = label
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .trim_start_matches('年')
        .trim_start_matches('度');
    bare.trim_start_matches("全年").trim_start_matches("本年度").to_owned()
}
