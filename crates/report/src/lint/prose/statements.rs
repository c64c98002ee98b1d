//! Statements without a number that the tables can contradict: 未收到申请、没有结转、没有复议诉讼.

use super::outcomes::TableFigures;
use super::{Sentence, at_phrase};
use crate::lint::words::{find, find_any};
use crate::lint::{Finding, Severity};
use crate::model::{RemedyRow, RequestRow, Section};

pub(super) fn statements(sentences: &[Sentence], table: &TableFigures) -> Vec<Finding> {
    let mut findings = Vec::new();
    for sentence in sentences {
        // 未收到, 没有结转, 无复议.
        if ["未", "没", "无"].iter().any(|no| sentence.text().contains(no)) {
            findings.extend(none_received(sentence, table));
            findings.extend(none_carried(sentence, table));
            findings.extend(no_remedies(sentence, table));
        }
        findings.extend(all_closed(sentence, table));
    }
    findings
}

/// “未收到政府信息公开申请”.
fn none_received(sentence: &Sentence, table: &TableFigures) -> Option<Finding> {
    if !sentence.on_requests || other_year(sentence) {
        return None;
    }
    let text = sentence.text();
    let words = ["未收到", "没有收到", "未接到", "未接收到", "未受理", "未接收", "未发生", "无新收"];
    let (at, word) = find_any(text, &words)?;
    let object = &text[at + word.len()..];
    let object = &object[..object.find(['，', '；', '（', '、']).unwrap_or(object.len())];
    let plain = [
        "信息公开申请",
        "申请公开申请",
        "依申请公开",
        "公开申请",
        "依申请公开信件",
        "依申请公开申请",
        "申请公开的申请",
        "公开的申请",
    ];
    if !plain.iter().any(|words| object.ends_with(words))
        || object.chars().count() > 24
        || object.contains('诉')
    {
        return None;
    }
    let count = table.row(RequestRow::Received).filter(|&count| count > 0)?;
    let from = sentence.start() + at;
    let range = from..from + word.len() + object.len();
    let message = format!(
        "“{}”与第三部分不一致：表中本年新收申请的总计是 {count}",
        sentence.passage.quote(range.clone())
    );
    Some(Finding {
        found: Some(0.into()),
        expected: Some(count.into()),
        ..at_phrase(
            "prose-requests",
            Severity::Error,
            sentence.passage.at(range),
            message,
            table.requests_basis(),
        )
    })
}

/// “无结转下年度继续办理的申请”“无上年结转申请”.
fn none_carried(sentence: &Sentence, table: &TableFigures) -> Vec<Finding> {
    if !sentence.on_requests {
        return Vec::new();
    }
    let text = sentence.text();
    let kinds = [
        (
            &["无结转下", "没有结转下", "无结转至下", "没有结转至下", "无需结转下"][..],
            RequestRow::CarriedToNextYear,
        ),
        (
            &["无上年结转", "没有上年结转", "无上年度结转", "没有上年度结转"][..],
            RequestRow::CarriedFromLastYear,
        ),
    ];
    let mut findings = Vec::new();
    for (words, row) in kinds {
        let Some((at, word)) = find_any(text, words) else { continue };
        let Some(count) = table.row(row).filter(|&count| count > 0) else { continue };
        let from = sentence.start() + at;
        let range = from..from + word.len();
        let message = format!(
            "“{}”与第三部分不一致：表中“{}”的总计是 {count}",
            sentence.passage.quote(sentence.passage.clause_around(from)),
            row.official()
        );
        findings.push(Finding {
            found: Some(0.into()),
            expected: Some(count.into()),
            ..at_phrase(
                "prose-requests",
                Severity::Error,
                sentence.passage.at(range),
                message,
                table.requests_basis(),
            )
        });
    }
    findings
}

/// “已全部办结” where the table carries requests over to the next year.
fn all_closed(sentence: &Sentence, table: &TableFigures) -> Option<Finding> {
    if !sentence.on_requests {
        return None;
    }
    let text = sentence.text();
    let words = ["已全部办结", "全部办结", "均已办结", "全部办理完毕", "均办理完毕", "均已办理完毕"];
    let (at, word) = find_any(text, &words)?;
    if other_year(sentence) {
        return None;
    }
    // The sentence may say so of something else, or tell itself what is left.
    if ["结转", "正在办理", "尚未办结", "投诉", "诉求", "留言", "热线", "信访", "提案"]
        .iter()
        .any(|word| text.contains(word))
    {
        return None;
    }
    let count = table.row(RequestRow::CarriedToNextYear).filter(|&count| count > 0)?;
    let from = sentence.start() + at;
    let range = from..from + word.len();
    let message = format!("“{word}”与第三部分不一致：表中还有 {count} 件结转下年度继续办理");
    Some(at_phrase(
        "prose-requests",
        Severity::Warning,
        sentence.passage.at(range),
        message,
        table.requests_basis(),
    ))
}

/// “没有因政府信息公开被申请行政复议、提起行政诉讼”.
fn no_remedies(sentence: &Sentence, table: &TableFigures) -> Option<Finding> {
    let text = sentence.text();
    let in_part_four = sentence.passage.section == Some(Section::Remedies);
    let told_here = matches!(sentence.passage.section, Some(Section::Overview | Section::Requests));
    let on_disclosure = in_part_four || told_here && text.contains("信息公开");
    if !on_disclosure || other_year(sentence) {
        return None;
    }
    let negations = [
        "没有",
        "未发生",
        "未出现",
        "未产生",
        "无因",
        "未被",
        "未收到",
        "无政府信息公开行政",
        "无行政复议",
        "未涉及",
        "未因",
    ];
    let (at, _) = negations.iter().filter_map(|word| Some((find(text, word)?, word))).min()?;
    let said = &text[at..];
    let said = &said[..said.find(['；', '，']).unwrap_or(said.len())];
    // “没有被纠正的复议” denies the result, not the case.
    let results = ["纠", "败诉", "维持", "撤销", "违法", "尚未", "审结", "超期", "不服"];
    if results.iter().any(|word| said.contains(word)) || said.chars().any(|c| c.is_ascii_digit() && c != '0')
    {
        return None;
    }
    let denied = |word: &str| said.contains(word);
    let mut wrong = Vec::new();
    if denied("复议") {
        let count = table.remedies(&[RemedyRow::Reconsideration]);
        wrong.extend(count.filter(|&count| count > 0).map(|count| ("行政复议", count)));
    }
    if denied("诉讼") {
        let count = table.remedies(&[RemedyRow::DirectLitigation, RemedyRow::LitigationAfterReconsideration]);
        wrong.extend(count.filter(|&count| count > 0).map(|count| ("行政诉讼", count)));
    }
    let total: i64 = wrong.iter().map(|(_, count)| count).sum();
    let listed: Vec<String> = wrong.iter().map(|(kind, count)| format!("{kind} {count} 件")).collect();
    if listed.is_empty() {
        return None;
    }
    let from = sentence.start() + at;
    let range = from..from + said.len();
    let message =
        format!("“{}”与第四部分不一致：表中有{}", sentence.passage.quote(range.clone()), listed.join("、"));
    Some(Finding {
        found: Some(0.into()),
        expected: Some(total.into()),
        ..at_phrase(
            "prose-remedies",
            Severity::Error,
            sentence.passage.at(range),
            message,
            table.remedies_basis(),
        )
    })
}

/// Whether the sentence looks back on another year.
fn other_year(sentence: &Sentence) -> bool {
    ["去年", "上一年度，", "往年"].iter().any(|word| sentence.text().contains(word))
}
