//! What the prose says of 信息处理费 against the tables.

use super::prose::{Number, Sentence, TableFigures, at_phrase};
use super::words::find_any;
use super::{Context, Finding, Severity, form_basis};
use crate::model::{Content, ProactiveColumn, ProactiveRow, Report, RequestRow, TableName};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let report = context.report;
    let says_so = |words| context.prose().passages.iter().any(|passage| passage.text.contains(words));
    if !says_so("收费通知") && !says_so("处理费") {
        return Vec::new();
    }
    let figures = context.table_figures();
    let mut findings = Vec::new();
    for sentence in context.prose().sentences() {
        findings.extend(notices(&sentence, &figures));
        findings.extend(received(&sentence, report));
    }
    findings
}

/// “未发出收费通知” where requests were closed because a notice was not paid.
fn notices(sentence: &Sentence, figures: &TableFigures) -> Option<Finding> {
    let text = sentence.text();
    let denials = [
        "未发出收费通知",
        "没有发出收费通知",
        "未发收费通知",
        "收费通知0件",
        "收费通知0份",
        "未产生信息处理费",
    ];
    let (at, word) = find_any(text, &denials)?;
    let unpaid = figures.row(RequestRow::FeeNotPaidInTime).filter(|&count| count > 0)?;
    let start = sentence.start() + at;
    let range = start..start + word.len();
    let message = format!(
        "“{}”与第三部分不符：表中有 {unpaid} 件因逾期未按收费通知缴费不再处理，应当先有收费通知（上一年发出的请写明）",
        sentence.passage.quote(range.clone())
    );
    Some(at_phrase(
        "prose-fee",
        Severity::Warning,
        sentence.passage.at(range),
        message,
        figures.requests_basis(),
    ))
}

/// “收取信息处理费12000元” is a part of 行政事业性收费, in 万元 as the table prints it.
fn received(sentence: &Sentence, report: &Report) -> Option<Finding> {
    let (quantity, fen) = sentence.quantities.iter().find_map(|quantity| {
        let label = &sentence.passage.text[quantity.label.clone()];
        let paid = label.contains("处理费")
            && ["收取", "收到", "实收", "收入"].iter().any(|word| label.contains(word));
        match quantity.number {
            Number::Count { value, unit: "元" } if paid && !quantity.vague => {
                Some((quantity, value.checked_mul(100)?))
            }
            _ => None,
        }
    })?;
    let cell = report.proactive.get(ProactiveRow::AdministrativeFees, ProactiveColumn::Amount10kCny)?;
    let printed = match &cell.content {
        Content::Amount(amount) => amount.clone(),
        Content::Count(count) => count.to_string(),
        _ => return None,
    };
    let places = printed.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let hundred_million: i64 = 100_000_000;
    let unit = hundred_million.checked_div(10_i64.checked_pow(u32::try_from(places).ok()?)?)?;
    let digits: i64 = printed.replace('.', "").parse().ok()?;
    // In hundredths of a yuan: 1 万元 is 10^6 分; half of the last printed digit may be rounded away.
    let most = (digits * unit + unit / 2) / 100;
    (fen > most).then_some(())?;
    let range = quantity.label.start..quantity.range.end;
    let message = format!(
        "“{}”多于第二部分的行政事业性收费 {printed} 万元；信息处理费应当计入行政事业性收费",
        sentence.passage.quote(range.clone())
    );
    let basis = form_basis(report.proactive.form, TableName::Proactive);
    Some(Finding {
        found: Some((fen / 100).into()),
        ..at_phrase("prose-fee", Severity::Warning, sentence.passage.at(range), message, basis)
    })
}
