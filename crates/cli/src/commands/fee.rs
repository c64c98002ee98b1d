//! `gongkai fee`: the information processing fee, tier by tier.

use std::process::ExitCode;

use crate::words::say;

use gongkai_statute::fees::{FeeBasis, fee};
use jiff::civil::Date;

use super::{Format, typed_date};
use crate::clock;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// 计收标准：by_item（一个申请人一个自然月内的件数）或 by_page（一件申请的页数）
    #[arg(long, value_name = "标准", value_parser = basis)]
    basis: FeeBasis,
    /// 件数或页数
    #[arg(long, value_name = "数量", value_parser = count)]
    count: u64,
    /// 按哪一天的收费标准（默认今天）
    #[arg(long, value_name = "日期", value_parser = typed_date)]
    on: Option<Date>,
    /// 输出格式：human（默认）或 json
    #[arg(
        long,
        value_enum,
        value_name = "格式",
        default_value = "human",
        hide_default_value = true,
        hide_possible_values = true
    )]
    format: Format,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let ruling = fee(args.basis, args.count, args.on.unwrap_or_else(clock::today))?;
    match args.format {
        Format::Human => say(&ruling.human()),
        Format::Json => say(&serde_json::to_string_pretty(&ruling)?),
    }
    Ok(ExitCode::SUCCESS)
}

fn basis(text: &str) -> Result<FeeBasis, String> {
    FeeBasis::from_code(text).ok_or_else(|| "可以是 by_item（按件）或 by_page（按页）".to_owned())
}

fn count(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "请写成不带小数的数字".to_owned())
}
