//! `gongkai deadline`: the reply period of a request, day by day.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::words::say;

use gongkai_statute::deadlines::{Facts, rule};

use super::Format;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// 写有事实的 JSON 文件；写 - 从标准输入读取
    #[arg(value_name = "文件")]
    facts: PathBuf,
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
    let facts = Facts::from_json(&super::read_text(&args.facts)?)?;
    let ruling = rule(&facts, &facts.calendar())?;
    match args.format {
        Format::Human => say(&ruling.human()),
        Format::Json => say(&serde_json::to_string_pretty(&ruling)?),
    }
    Ok(if ruling.refusals.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
