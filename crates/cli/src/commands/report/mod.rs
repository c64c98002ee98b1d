//! `gongkai report`: reads, checks, writes, adds up and compares annual reports.

mod aggregate;
mod check;
mod compare;
mod files;
mod in_order;
mod output;
mod write;
mod years;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::words::say;

use clap::ValueEnum;
use gongkai_report::write::{json, text};
use gongkai_report::{Reading, lint};
use indicatif::{ProgressBar, ProgressStyle};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// 读取一份年度报告
    Read(Read),
    /// 检查年度报告，可以给多个文件或者文件夹；有错误时退出码为 1，有文件读不出时为 2
    Check(check::Args),
    /// 把各单位的年度报告逐格相加，与全区的报告核对；有缺少、不一致或者不能确定的，退出码为 1
    Aggregate(aggregate::Args),
    /// 对照两份年度报告（上年与本年，或者相邻机关）；给出更多份或者文件夹时比较比率和雷同文字
    Compare(compare::Args),
    /// 把年度报告写成 docx、pdf、ofd（试验性）、xlsx、csv、html、json 或文本，照统一格式排版
    Write(write::Args),
    /// 列出全部检查规则（Markdown）
    Rules,
}

#[derive(clap::Args)]
pub(crate) struct Read {
    /// 年度报告文件
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 输出格式：text（默认，照统一格式排出）或 json
    #[arg(
        long,
        value_enum,
        value_name = "格式",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true
    )]
    format: ReadFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum ReadFormat {
    Text,
    Json,
}

pub(crate) fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Read(args) => {
            let (reading, _) = read(&args.file)?;
            match args.format {
                ReadFormat::Text => say(&text(&reading.report)),
                ReadFormat::Json => say(&json(&reading.report, &reading.problems)),
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Check(args) => check::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Aggregate(args) => aggregate::run(&args),
        Command::Write(args) => write::run(&args),
        Command::Rules => {
            say(&lint::docs_markdown());
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Reads a report; with its text when it is text, to quote from.
fn read(path: &Path) -> anyhow::Result<(Reading, Option<String>)> {
    let bytes = files::bytes(path)?;
    let reading = gongkai_report::read(&bytes, &path.display().to_string())?;
    Ok((reading, String::from_utf8(bytes).ok()))
}

/// On a terminal, and only when there is something to wait for.
fn progress(files: usize) -> ProgressBar {
    if files < 2 {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files as u64);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} 份，还需 {eta}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
