//! `gongkai report write`: a report in another format, laid out by the official form.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use gongkai_report::write;
use gongkai_typeset::{Engine, FileFormat};

use super::output::Output;
use super::read;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// 年度报告文件（txt、md、html、docx、doc、pdf、xlsx、json）
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 写成哪种格式：docx、pdf、ofd（试验性）、xlsx、csv、html、json 或 text；不写时按 -o 的扩展名
    #[arg(long, value_enum, value_name = "格式", hide_possible_values = true)]
    format: Option<Format>,
    /// 写入这个文件，不显示在屏幕上
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
    /// 放有字体（仿宋_GB2312、方正小标宋等）的文件夹，pdf 和 ofd 用，可以给多个；没有的字体用自带的思源宋体代替
    #[arg(long, value_name = "文件夹", value_parser = existing_folder)]
    font_dir: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Docx,
    Pdf,
    Ofd,
    Xlsx,
    Csv,
    Html,
    Json,
    #[value(alias = "txt")]
    Text,
}

impl Format {
    fn of_file(path: &Path) -> Option<Self> {
        Self::from_str(&path.extension()?.to_string_lossy(), true).ok()
    }

    fn is_for_the_screen(self) -> bool {
        !matches!(self, Self::Docx | Self::Pdf | Self::Ofd | Self::Xlsx)
    }
}

impl From<Format> for FileFormat {
    fn from(format: Format) -> Self {
        Self::Plain(match format {
            Format::Pdf => return Self::Pdf,
            Format::Ofd => return Self::Ofd,
            Format::Docx => write::Format::Docx,
            Format::Xlsx => write::Format::Xlsx,
            Format::Csv => write::Format::Csv,
            Format::Html => write::Format::Html,
            Format::Json => write::Format::Json,
            Format::Text => write::Format::Text,
        })
    }
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let output = args.output.as_deref();
    let Some(format) = args.format.or_else(|| output.and_then(Format::of_file)) else {
        anyhow::bail!(
            "没有说写成哪种格式。请加上 --format docx（或 pdf、ofd、xlsx、csv、html、json、text），或者 -o 年报.docx。"
        );
    };
    if output.is_none() && !format.is_for_the_screen() {
        anyhow::bail!("这种格式要写入文件，请加上 -o 年报.{}。", FileFormat::from(format).extension());
    }
    if output.is_some_and(|output| is_same_file(output, &args.file)) {
        anyhow::bail!("-o 指的就是原来的文件，没有写。请换一个文件名，原件不会被覆盖。");
    }
    let (reading, _) = read(&args.file)?;
    let bytes = FileFormat::from(format).write(&reading.report, None, &Engine::new(args.font_dir.clone()))?;
    let mut to = Output::to(output)?;
    to.write(&bytes)?;
    to.finish()?;
    if !reading.problems.is_empty() {
        eprintln!(
            "读取时有 {} 处不能确定，没有读到的数字写作〔缺〕；逐处说明请看 gongkai report check。",
            reading.problems.len()
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn existing_folder(text: &str) -> Result<PathBuf, String> {
    let folder = PathBuf::from(text);
    if folder.is_dir() { Ok(folder) } else { Err("没有这个文件夹，请核对路径".to_owned()) }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}
