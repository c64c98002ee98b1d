//! 行政事业性收费 in the prose, against part 二: money, in 万元 or 元, with decimals.

use super::outcomes::{TableFigures, only};
use super::{Sentence, at_phrase};
use crate::lint::{Finding, Severity, form_basis};
use crate::model::{Content, ProactiveColumn, ProactiveRow, TableName};

/// “收取行政事业性收费12.5万元”, as exactly as both print it.
pub(super) fn fees(sentences: &[Sentence], table: &TableFigures) -> Vec<Finding> {
    let named = sentences.iter().filter(|sentence| sentence.text().contains("事业性收费"));
    let each = named.flat_map(|sentence| (0..sentence.quantities.len()).map(move |index| (sentence, index)));
    each.filter_map(|(sentence, index)| fee(sentence, index, table)).collect()
}

fn fee(sentence: &Sentence, index: usize, table: &TableFigures) -> Option<Finding> {
    const MANNER: [&str; 13] = [
        "全年",
        "本年度",
        "本年",
        "年度",
        "年",
        "共",
        "共计",
        "累计",
        "收取",
        "收缴",
        "征收",
        "依法",
        "我局",
    ];
    let quantity = &sentence.quantities[index];
    let label = sentence.label(index).trim_start_matches(|c: char| c.is_ascii_digit());
    let label = label.trim_end_matches(['共', '计', '为', '达', '总', '额', '金', '收', '入']);
    let front = label.strip_suffix("行政事业性收费")?;
    if !only(front, &MANNER) || quantity.vague || quantity.comparison {
        return None;
    }
    let text = sentence.rest(quantity.range.start);
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').map_or(text, |end| &text[..end]);
    let (unit, smaller) =
        [("万元", 0), ("元", 4)].into_iter().find(|(unit, _)| text[digits.len()..].starts_with(unit))?;
    let report = table.report;
    let cell = report.proactive.get(ProactiveRow::AdministrativeFees, ProactiveColumn::Amount10kCny)?;
    let Content::Amount(printed) = &cell.content else { return None };
    if Decimal::of(digits, smaller)?.agrees_with(&Decimal::of(printed, 0)?) {
        return None;
    }
    let end = quantity.range.start + digits.len() + unit.len();
    let range = sentence.passage.in_one_paragraph(quantity.label.start..end, quantity.range.start);
    let message = format!(
        "“{}”与表格不一致：第二部分的行政事业性收费是 {printed} 万元，文中写 {digits} {unit}",
        sentence.passage.quote(range.clone())
    );
    let basis = form_basis(report.proactive.form, TableName::Proactive);
    Some(Finding {
        found: Some(format!("{digits}{unit}").as_str().into()),
        expected: Some(format!("{printed}万元").as_str().into()),
        ..at_phrase("prose-proactive", Severity::Warning, sentence.passage.at(range), message, basis)
    })
}

/// An amount in 万元: its digits, and how many of them are decimals.
struct Decimal {
    digits: i128,
    places: u32,
}

impl Decimal {
    /// `smaller`: by how many places the printed unit is smaller than 万元.
    fn of(printed: &str, smaller: u32) -> Option<Self> {
        let (whole, decimals) = printed.split_once('.').unwrap_or((printed, ""));
        let digits = format!("{whole}{decimals}");
        let digits = digits.parse().ok().filter(|_| digits.len() <= 16)?;
        Some(Self { digits, places: u32::try_from(decimals.len()).ok()? + smaller })
    }

    /// Whether the one that is printed less exactly is the other, rounded.
    fn agrees_with(&self, other: &Self) -> bool {
        let (coarse, fine) = if self.places <= other.places { (self, other) } else { (other, self) };
        match 10_i128.pow(fine.places - coarse.places) {
            1 => coarse.digits == fine.digits,
            scale => (coarse.digits * scale - fine.digits).abs() * 2 <= scale,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_agree_as_far_as_both_are_printed() {
        let agree = |said: &str, smaller: u32, printed: &str| {
            Decimal::of(said, smaller).unwrap().agrees_with(&Decimal::of(printed, 0).unwrap())
        };
        assert!(agree("1.2", 0, "1.20") && agree("12345", 4, "1.23") && agree("1.2345", 0, "1.2"));
        assert!(agree("12000", 4, "1.2") && agree("0", 0, "0"));
        assert!(!agree("1.3", 0, "1.2") && !agree("12", 0, "1.2") && !agree("1.2", 4, "1.2"));
    }
}
