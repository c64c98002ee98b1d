use std::collections::BTreeMap;

use super::prose::{Sentence, at_phrase};
use super::{Context, Finding, Severity, contents_basis};

/// A number that begins its sentence, and the words before it.
struct Statement<'s, 'p> {
    sentence: &'s Sentence<'p>,
    /// What is counted: the words and the unit.
    counts: (&'s str, &'static str),
    value: i64,
}

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let sentences = context.prose().sentences();
    let mut said: BTreeMap<(&str, &str), Statement> = BTreeMap::new();
    let mut findings = Vec::new();
    for statement in sentences.iter().filter_map(statement) {
        match said.get(&statement.counts) {
            Some(first) if first.value != statement.value => findings.push(tell(first, &statement)),
            Some(_) => {}
            None => {
                said.insert(statement.counts, statement);
            }
        }
    }
    findings
}

/// The first number of a sentence, meant exactly and of this year, with words enough to know what it counts.
fn statement<'s, 'p>(sentence: &'s Sentence<'p>) -> Option<Statement<'s, 'p>> {
    const SURE: usize = 8;
    let (value, unit) = sentence.quantities.first()?.exact()?;
    let before = sentence.before(sentence.quantities[0].range.start);
    let mut words = before.trim_start_matches(|c: char| c.is_ascii_digit() || "年度，".contains(c));
    loop {
        let shorter = ["全年", "本年", "本年度", "今年", "以来", "累计", "共", "，", "度"]
            .iter()
            .find_map(|word| words.strip_prefix(word));
        match shorter {
            Some(shorter) => words = shorter,
            None => break,
        }
    }
    let words = words.trim_end_matches(['共', '计', '为', '达']);
    // Numbers within the words part one count from another: 第一季度.
    let plain = !words.contains(|c: char| c.is_ascii_digit() || "第季月旬".contains(c))
        && !["其中", "去年", "上年", "新增", "截至"].iter().any(|word| words.contains(word));
    (plain && words.chars().count() >= SURE).then_some(Statement { sentence, counts: (words, unit), value })
}

fn tell(first: &Statement, second: &Statement) -> Finding {
    let range = |statement: &Statement| {
        let quantity = &statement.sentence.quantities[0];
        quantity.label.start..quantity.range.end
    };
    let (earlier, passage) = (first.sentence.passage, second.sentence.passage);
    let message = format!(
        "“{}”与前面的“{}”说的是同一件事，数却不同",
        passage.quote(range(second)),
        earlier.quote(range(first))
    );
    let at = passage.at(range(second));
    Finding {
        found: Some(second.value.into()),
        expected: Some(first.value.into()),
        ..at_phrase("prose-twice", Severity::Warning, at, message, contents_basis())
    }
}
