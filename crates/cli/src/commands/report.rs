//! `gongkai report`: reads and checks annual reports.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::words::say;

use clap::ValueEnum;
use gongkai_report::{Finding, Reading, Severity, lint, write};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// 读取一份年度报告
    Read(Read),
    /// 检查年度报告；有错误时退出码为 1，有文件读不出时为 2
    Check(Check),
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

#[derive(clap::Args)]
pub(crate) struct Check {
    /// 年度报告文件，可以多个
    #[arg(value_name = "文件", required = true)]
    files: Vec<PathBuf>,
    /// 同一机关上一年度的报告，用于核对年度之间的数字
    #[arg(long, value_name = "文件")]
    previous: Option<PathBuf>,
    /// 输出格式：human（默认）、json 或 sarif
    #[arg(
        long,
        value_enum,
        value_name = "格式",
        default_value = "human",
        hide_default_value = true,
        hide_possible_values = true
    )]
    format: CheckFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum ReadFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    Human,
    Json,
    Sarif,
}

pub(crate) fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Read(args) => {
            let (reading, _) = read(&args.file)?;
            match args.format {
                ReadFormat::Text => say(&write::text(&reading.report)),
                ReadFormat::Json => say(&write::json(&reading.report, &reading.problems)),
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Check(args) => check(&args),
        Command::Rules => {
            say(&lint::docs_markdown());
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// A file that could be read, with what was found in it.
struct Checked {
    file: String,
    source: Option<String>,
    reading: Reading,
    findings: Vec<Finding>,
}

fn check(args: &Check) -> anyhow::Result<ExitCode> {
    let previous = args.previous.as_deref().map(read).transpose()?.map(|(reading, _)| reading.report);
    let mut checked = Vec::new();
    let mut is_any_unreadable = false;
    for path in &args.files {
        match read(path) {
            Ok((reading, source)) => {
                let findings = reading.check(previous.as_ref());
                checked.push(Checked { file: path.display().to_string(), source, reading, findings });
            }
            Err(error) => {
                eprintln!("{error:#}");
                is_any_unreadable = true;
            }
        }
    }
    match args.format {
        CheckFormat::Human => {
            for c in &checked {
                say(&lint::human(&c.file, c.source.as_deref(), &c.findings));
            }
        }
        CheckFormat::Json => {
            let files: Vec<_> = checked
                .iter()
                .map(|c| lint::findings_json(&c.file, &c.reading.report, &c.findings))
                .collect();
            say(&serde_json::to_string_pretty(&files)?);
        }
        CheckFormat::Sarif => {
            let files: Vec<_> = checked.iter().map(|c| (c.file.as_str(), c.findings.as_slice())).collect();
            say(&lint::sarif(&files));
        }
    }
    let is_any_wrong = checked.iter().flat_map(|c| &c.findings).any(|f| f.severity == Severity::Error);
    Ok(match (is_any_unreadable, is_any_wrong) {
        (true, _) => ExitCode::from(crate::COULD_NOT),
        (false, true) => ExitCode::from(1),
        (false, false) => ExitCode::SUCCESS,
    })
}

/// Reads a report; with its text when it is text, to quote from.
fn read(path: &Path) -> anyhow::Result<(Reading, Option<String>)> {
    let bytes = super::read_bytes(path)?;
    let reading = gongkai_report::read(&bytes, &path.display().to_string())?;
    Ok((reading, String::from_utf8(bytes).ok()))
}
