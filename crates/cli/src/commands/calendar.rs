//! `gongkai calendar`: which days are working days.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use gongkai_statute::calendar::{Arrangement, Calendar, Day};
use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::typed_date;
use crate::words::{self, say};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// 年份（列出全年的放假和调休）或日期（说明这一天）
    #[arg(value_name = "年份或日期", value_parser = when)]
    when: When,
    /// 从这一天起第几个工作日，当天不计
    #[arg(long, value_name = "天数", value_parser = clap::value_parser!(u32).range(1..=1000))]
    add: Option<u32>,
    /// 六位行政区划代码：加上该地区自行规定的放假
    #[arg(long, value_name = "代码", value_parser = clap::value_parser!(u32).range(110_000..=999_999))]
    region: Option<u32>,
    /// 程序还不知道的放假安排：通知原文的文本文件，年份按“年份或日期”
    #[arg(long, value_name = "文件")]
    notice: Option<PathBuf>,
}

#[derive(Clone, Copy)]
enum When {
    Year(i16),
    Day(Date),
}

fn when(text: &str) -> Result<When, String> {
    match text.parse::<i16>() {
        Ok(year) if text.len() == 4 => Ok(When::Year(year)),
        _ => typed_date(text).map(When::Day),
    }
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut calendar = Calendar::national().clone();
    if let Some(file) = &args.notice {
        calendar = calendar.with(&read_notice(file, args.when)?);
    }
    let calendar = args.region.map_or(calendar.clone(), |region| calendar.in_region(region));
    match (args.when, args.add) {
        (When::Year(_), Some(_)) => {
            anyhow::bail!("--add 要从某一天算起，请给出日期，例如 gongkai calendar 2026-03-01 --add 20。")
        }
        (When::Year(year), None) => say(&whole_year(&calendar, year)?),
        (When::Day(day), None) => say(&told(&calendar.day(day))),
        (When::Day(day), Some(n)) => {
            let end = calendar.add_working_days(day, n);
            say(&format!("{day} 起第 {n} 个工作日是 {}", told(&calendar.day(end))));
            if calendar.is_provisional(day, end) {
                say("其间有尚未公布放假安排的年份，日期暂定，安排公布后须重新计算。");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The notice of the year asked about.
fn read_notice(file: &Path, when: When) -> anyhow::Result<Arrangement> {
    let year = match when {
        When::Year(year) => year,
        When::Day(day) => day.year(),
    };
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("读不了 {}，请确认文件在那里，并且是 UTF-8 编码的文本。", file.display()))?;
    Arrangement::parse(year, &text).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{} 里的放假安排有问题：\n{}", file.display(), faults.join("\n"))
    })
}

fn told(day: &Day) -> String {
    let counts = if day.counts { "计入" } else { "不计入" };
    format!("{}：{counts}，{}（{}）", day.date, day.why, day.citation)
}

/// The days on which a year departs from its weeks, and how many working days it has.
fn whole_year(calendar: &Calendar, year: i16) -> anyhow::Result<String> {
    let known = calendar.known_years();
    if !known.contains(&year) {
        anyhow::bail!(
            "没有{year}年的放假安排，已知的是{}年至{}年。放假安排一般在上一年十一月公布；单独一天可以先查暂定结果，例如 gongkai calendar {year}-03-01。",
            known.start(),
            known.end()
        );
    }
    let (first, last) = (date(year, 1, 1), date(year, 12, 31));
    let days = first.series(1.day()).take_while(|d| *d <= last).map(|d| calendar.day(d));
    let is_plain = |day: &Day| matches!(day.why.as_str(), "工作日" | "周六" | "周日");
    let rows: Vec<[String; 3]> = days
        .filter(|day| !is_plain(day))
        .map(|day| [day.date.to_string(), if day.counts { "上班" } else { "放假" }.into(), day.why])
        .collect();
    let total = calendar.working_days_between(first.saturating_sub(1.day()), last);
    Ok(format!("{}\n{year}年共 {total} 个工作日。\n", words::table(&rows)))
}
