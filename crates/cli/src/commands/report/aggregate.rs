//! `gongkai report aggregate`: a district as the sum of its parts.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use gongkai_report::aggregate::{self, Addition, Question, Source, add_up, compare_with};
use gongkai_report::{Report, read};
use sha2::{Digest, Sha256};

use super::in_order::in_order;
use super::output::Output;
use super::{files, progress};
use crate::words::one_line;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// 各单位年度报告所在的文件夹，也可以列出文件
    #[arg(value_name = "文件夹", required = true)]
    files: Vec<PathBuf>,
    /// 本级机关自己的报告，一并计入
    #[arg(long, value_name = "文件")]
    own: Option<PathBuf>,
    /// 全区已经公布（或者准备公布）的报告，逐格核对
    #[arg(long, value_name = "文件")]
    stated: Option<PathBuf>,
    /// 应当报告的机关名单，一行一个
    #[arg(long, value_name = "文件")]
    expect: Option<PathBuf>,
    /// 汇总哪一年；不写时取多数报告的年份
    #[arg(long, value_name = "年份")]
    year: Option<i16>,
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

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let format = args.format.unwrap_or_else(|| by_ending(args.output.as_deref()));
    if format == Format::Xlsx && args.output.is_none() {
        anyhow::bail!("表格要写入文件，请加上 -o 汇总.xlsx。");
    }
    let expected = match &args.expect {
        Some(path) => names(&crate::commands::read_text(path)?),
        None => Vec::new(),
    };
    let stated = args.stated.as_deref().map(|path| source(path, false)).transpose()?;
    let own = args.own.as_deref().map(|path| source(path, true)).transpose()?;

    let mut found = files::find(&args.files);
    let apart: Vec<PathBuf> =
        args.own.iter().chain(&args.stated).filter_map(|path| path.canonicalize().ok()).collect();
    found.reports.retain(|path| path.canonicalize().map_or(true, |path| !apart.contains(&path)));
    if found.reports.is_empty() {
        anyhow::bail!("没有找到各单位的年度报告，请核对文件夹。");
    }
    let bar = progress(found.reports.len());
    let mut sources: Vec<Source> = own.into_iter().collect();
    let mut unreadable: Vec<(String, String)> = Vec::new();
    in_order(
        &found.reports,
        |path| source(path, false),
        |path, read| {
            bar.inc(1);
            match read {
                Ok(source) => sources.push(source),
                Err(error) => {
                    let reason = one_line(&error);
                    bar.suspend(|| eprintln!("{reason}"));
                    unreadable.push((path.display().to_string(), reason));
                }
            }
            Ok::<(), anyhow::Error>(())
        },
    )?;
    bar.finish_and_clear();

    let whole = stated.as_ref().and_then(|source| source.report.agency.clone());
    let could_read_all = unreadable.is_empty();
    let addition = add_up(&Question { year: args.year, expected, whole, unreadable }, sources);
    let stated = stated.as_ref().map(|source| (source.file.as_str(), &source.report));
    let mut output = Output::to(args.output.as_deref())?;
    match format {
        Format::Human => output.write(aggregate::human(&addition, stated).as_bytes())?,
        Format::Json => {
            output.write(format!("{:#}\n", aggregate::to_value(&addition, stated)).as_bytes())?;
        }
        Format::Xlsx => output.write(&aggregate::sheet(&addition, stated)?)?,
    }
    output.finish()?;
    Ok(match (could_read_all, agrees(&addition, stated.map(|(_, report)| report))) {
        (true, true) => ExitCode::SUCCESS,
        (true, false) => ExitCode::from(1),
        (false, _) => ExitCode::from(crate::COULD_NOT),
    })
}

/// Complete, every part right in itself, and the stated report the sum of its parts.
fn agrees(addition: &Addition, stated: Option<&Report>) -> bool {
    let is_sum = stated.is_none_or(|report| compare_with(addition, report).0.is_empty());
    is_sum && addition.is_complete() && addition.members.iter().all(|member| member.errors == 0)
}

fn by_ending(output: Option<&Path>) -> Format {
    let ending = output.and_then(Path::extension).map(|e| e.to_string_lossy().to_ascii_lowercase());
    match ending.as_deref() {
        Some("json") => Format::Json,
        Some("xlsx") => Format::Xlsx,
        _ => Format::Human,
    }
}

fn source(path: &Path, own: bool) -> anyhow::Result<Source> {
    let bytes = files::bytes(path)?;
    let file = path.display().to_string();
    let report = read(&bytes, &file)?.report;
    Ok(Source { file, version: format!("sha256:{}", hex::encode(Sha256::digest(&bytes))), own, report })
}

/// One name a line; blank lines and lines that begin with # are no names.
fn names(list: &str) -> Vec<String> {
    let lines = list.trim_start_matches('\u{feff}').lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}
