use jiff::civil::Date;

use super::dates::{PrintedDate, dates};
use super::prose::{Passage, at_phrase};
use super::words::find;
use super::{Context, Finding, Severity, contents_basis};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let Some(year) = context.report.year else { return Vec::new() };
    let passages = &context.prose().passages;
    let hurt: Option<Finding> = passages.iter().find_map(|passage| damaged(passage, year));
    let whole = || passages.iter().find_map(|passage| period(passage, year)).flatten();
    let mut findings: Vec<Finding> = hurt.or_else(whole).into_iter().collect();
    findings.extend(passages.iter().filter_map(|passage| named_year(passage, year)));
    findings
}

/// “统计期限自2031年1月1日起至2031年12月31日止”: the first such statement of a report.
fn period(passage: &Passage, year: i16) -> Option<Option<Finding>> {
    let all = dates(&passage.text);
    let (from, to) = all.windows(2).find_map(|pair| {
        let [from, to] = pair else { return None };
        let between = &passage.text[from.range.end..to.range.start];
        let joined = between.chars().all(|c| "起至到止自—-－~～─–".contains(c)) && !between.is_empty();
        let clause = passage.clause_around(from.range.start);
        let counts =
            ["统计", "数据", "期限", "时限"].iter().any(|word| passage.text[clause.clone()].contains(word));
        (joined && counts && from.year.is_some()).then_some((from, to))
    })?;
    Some(judge(passage, year, from, to))
}

/// “20311日至20311231日”, “203131年12月31日”: characters were lost or doubled. What it was is not guessed.
fn damaged(passage: &Passage, year: i16) -> Option<Finding> {
    let text = &passage.text;
    let damaged = |(at, unit): (usize, &str)| {
        let digits = text[..at].bytes().rev().take_while(u8::is_ascii_digit).count();
        let most = if unit == "年" { 4 } else { 2 };
        if digits <= most {
            return None;
        }
        let words = &text[passage.clause_around(at)];
        let of_period = ["统计", "数据", "期限", "时限"].iter().any(|word| words.contains(word))
            && ["至", "到", "—", "-", "～", "~"].iter().any(|word| words.contains(word));
        of_period.then(|| at - digits..at + unit.len())
    };
    let units = ['年', '月', '日'].into_iter().flat_map(|unit| text.match_indices(unit));
    let range = units.filter_map(damaged).min_by_key(|range| range.start)?;
    let message = format!(
        "统计期限中的“{}”不是日期，像是丢了字或者多了字；请核对原件，应为{year}年1月1日至{year}年12月31日",
        passage.quote(range.clone())
    );
    let found = passage.quote(range.clone());
    Some(Finding {
        found: Some(found.as_str().into()),
        ..at_phrase("report-period", Severity::Warning, passage.at(range), message, contents_basis())
    })
}

fn judge(passage: &Passage, year: i16, from: &PrintedDate, to: &PrintedDate) -> Option<Finding> {
    let to = PrintedDate { year: to.year.or(from.year), ..to.clone() };
    // Another rule tells of days that the calendar has not.
    let (first, last) = (from.date()?, to.date()?);
    let running = passage.text[to.range.end..].starts_with("（今日）");
    let (right_first, right_last) = (Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?);
    if first == right_first && (last == right_last || running) {
        return None;
    }
    let range = from.range.start..to.range.end;
    let message = format!(
        "“{}”不是{year}年度的统计期限，应为{year}年1月1日至{year}年12月31日",
        passage.quote(range.clone())
    );
    // Another year cannot be true of this report; another day of this year may be meant.
    let other_year = first.year() != year || last.year() != year;
    let severity = if other_year { Severity::Error } else { Severity::Warning };
    let found = format!("{first}/{last}");
    let expected = format!("{right_first}/{right_last}");
    Some(Finding {
        found: Some(found.as_str().into()),
        expected: Some(expected.as_str().into()),
        ..at_phrase("report-period", severity, passage.at(range), message, contents_basis())
    })
}

/// “现发布……2030年政府信息公开工作年度报告” in the report on 2031.
fn named_year(passage: &Passage, year: i16) -> Option<Finding> {
    if passage.section.is_some_and(|section| section != crate::model::Section::Overview) {
        return None;
    }
    let announced = ["现发布", "现公布", "现将", "编制了", "特编制", "现编制"]
        .iter()
        .filter_map(|word| find(&passage.text, word))
        .min()?;
    let clause = passage.clause_around(announced);
    let said = &passage.text[announced..clause.end];
    let said = &said[..said.find('，').unwrap_or(said.len())];
    let title = [
        "年政府信息公开工作年度报告",
        "年度政府信息公开工作年度报告",
        "年政府信息公开年度报告",
        "年度政府信息公开工作报告",
    ]
    .into_iter()
    .filter_map(|words| Some((find(said, words)?, words)))
    .min()?;
    let (at, words) = title;
    let behind = &said[at + words.len()..];
    if ["编制", "有关", "工作的", "的通知", "的要求"].iter().any(|word| behind.starts_with(word))
    {
        return None;
    }
    let head = &said[..at];
    let digits = head.len() - head.bytes().rev().take_while(u8::is_ascii_digit).count();
    let named: i16 =
        head[digits..].parse().ok().filter(|named| (1990..2200).contains(named) && *named != year)?;
    let range = announced + digits..announced + at + words.len();
    let message = format!("“{}”与标题的{year}年不一致", passage.quote(range.clone()));
    Some(Finding {
        found: Some(i64::from(named).into()),
        expected: Some(i64::from(year).into()),
        ..at_phrase("report-period", Severity::Error, passage.at(range), message, contents_basis())
    })
}
