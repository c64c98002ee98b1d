//! `gongkai report compare`: what changed, what was copied, and how rates compare.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use gongkai_report::{Report, compare, read};

use super::in_order::in_order;
use super::output::Output;
use super::{files, progress};
use crate::words::one_line;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// 年度报告文件：两份时先给原来的；更多份或者文件夹时一起比较
    #[arg(value_name = "文件", required = true)]
    files: Vec<PathBuf>,
    /// 输出格式：human（默认）、json 或 xlsx；不写时按 -o 的扩展名
    #[arg(long, value_enum, value_name = "格式", hide_possible_values = true)]
    format: Option<Format>,
    /// 写入这个文件，不显示在屏幕上
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
    Xlsx,
}

impl Format {
    fn by_ending(output: Option<&Path>) -> Self {
        let ending = output.and_then(Path::extension).map(|e| e.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("json") => Self::Json,
            Some("xlsx") => Self::Xlsx,
            _ => Self::Human,
        }
    }
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let format = args.format.unwrap_or_else(|| Format::by_ending(args.output.as_deref()));
    if format == Format::Xlsx && args.output.is_none() {
        anyhow::bail!("表格要写入文件，请加上 -o 对照.xlsx。");
    }
    let found = files::find(&args.files);
    let bar = progress(found.reports.len());
    let mut reports: Vec<(String, Report)> = Vec::new();
    let mut unreadable = 0;
    in_order(
        &found.reports,
        |path| -> anyhow::Result<Report> {
            Ok(read(&files::bytes(path)?, &path.display().to_string())?.report)
        },
        |path, report| {
            bar.inc(1);
            match report {
                Ok(report) => reports.push((path.display().to_string(), report)),
                Err(error) => {
                    unreadable += 1;
                    bar.suspend(|| eprintln!("{}", one_line(&error)));
                }
            }
            Ok::<(), anyhow::Error>(())
        },
    )?;
    bar.finish_and_clear();
    let answer = match (reports.as_slice(), format) {
        ([] | [_], _) if unreadable > 0 => return Ok(ExitCode::from(crate::COULD_NOT)),
        ([] | [_], _) => anyhow::bail!("至少要两份年度报告才能对照，请再给一份。"),
        ([one, other], Format::Human) => {
            compare::human_pair((&one.0, &one.1), (&other.0, &other.1)).into_bytes()
        }
        ([one, other], Format::Json) => {
            format!("{:#}\n", compare::pair_to_value((&one.0, &one.1), (&other.0, &other.1))).into_bytes()
        }
        ([one, other], Format::Xlsx) => compare::sheet_pair((&one.0, &one.1), (&other.0, &other.1))?,
        (many, Format::Human) => compare::human_many(many).into_bytes(),
        (many, Format::Json) => format!("{:#}\n", compare::many_to_value(many)).into_bytes(),
        (many, Format::Xlsx) => compare::sheet_many(many)?,
    };
    let mut output = Output::to(args.output.as_deref())?;
    output.write(&answer)?;
    output.finish()?;
    Ok(if unreadable > 0 { ExitCode::from(crate::COULD_NOT) } else { ExitCode::SUCCESS })
}
