//! `gongkai report check`: any number of reports, findings in the order of the files.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use gongkai_report::lint::{self, FindingsSheet, SarifLog};
use gongkai_report::{Finding, Report, Severity};

use super::in_order::in_order;
use super::output::Output;
use super::{files, progress, read, years};
use crate::words::one_line;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// 年度报告文件或者文件夹（连同其下所有文件夹），可以多个
    #[arg(value_name = "文件", required = true)]
    files: Vec<PathBuf>,
    /// 同一机关上一年度的报告，用于核对年度之间的数字；不写时，在给出的文件里找
    #[arg(long, value_name = "文件")]
    previous: Option<PathBuf>,
    /// 输出格式：human（默认）、json、sarif 或 xlsx；不写时按 -o 的扩展名
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
    Sarif,
    Xlsx,
}

/// A report that was read, with what was found in it.
struct Checked {
    source: Option<String>,
    report: Report,
    findings: Vec<Finding>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let format = args.format.unwrap_or_else(|| by_ending(args.output.as_deref()));
    if format == Format::Xlsx && args.output.is_none() {
        anyhow::bail!("表格要写入文件，请加上 -o 问题清单.xlsx。");
    }
    let previous = args.previous.as_deref().map(read).transpose()?.map(|(reading, _)| reading.report);
    let found = files::find(&args.files);
    if found.reports.is_empty() {
        anyhow::bail!("文件夹里没有可以读取的年度报告（txt、md、html、docx、pdf、xlsx、json），请核对路径。");
    }
    // A folder may hold several years of an agency: each is held against the one before.
    // Their names are read ahead of the check, which reads again: the memory is that of a few reports, however many there
    // are, and a second reading is cheap beside keeping ten thousand.
    let by_year = match (&previous, found.reports.len()) {
        (None, 2..) => years::previous(&found.reports),
        _ => BTreeMap::new(),
    };
    let bar = progress(found.reports.len());
    let mut printer = Printer::new(format, Output::to(args.output.as_deref())?, found.reports.len() > 1);
    printer.start()?;
    in_order(
        &found.reports,
        |path| {
            let before = by_year.get(path).and_then(|before| Some(read(before).ok()?.0.report));
            checked(path, previous.as_ref().or(before.as_ref()))
        },
        |path, answer| {
            bar.inc(1);
            let file = path.display().to_string();
            bar.suspend(|| match answer {
                Ok(checked) => printer.report(&file, checked),
                Err(reason) => {
                    eprintln!("{reason}");
                    printer.unreadable(file, reason);
                    Ok(())
                }
            })
        },
    )?;
    bar.finish_and_clear();
    let counts = printer.finish()?;
    if args.output.is_some() || found.others + found.links > 0 || !by_year.is_empty() {
        let mut skipped = String::new();
        if found.others > 0 {
            skipped += &format!("；另有 {} 个文件不是报告的格式，没有看", found.others);
        }
        if found.links > 0 {
            skipped += &format!("；{} 个链接指向别的文件夹，没有跟着去看", found.links);
        }
        let paired = match by_year.len() {
            0 => String::new(),
            pairs => format!("；其中 {pairs} 份与同一机关上一年度的报告作了核对"),
        };
        eprintln!("{}{paired}{skipped}。", counts.in_words());
    }
    Ok(counts.exit_code())
}

fn by_ending(output: Option<&Path>) -> Format {
    let ending = output.and_then(Path::extension).map(|e| e.to_string_lossy().to_ascii_lowercase());
    match ending.as_deref() {
        Some("json") => Format::Json,
        Some("sarif") => Format::Sarif,
        Some("xlsx") => Format::Xlsx,
        _ => Format::Human,
    }
}

/// Reads and checks one file. Whatever happens with it, the others go on.
fn checked(path: &Path, previous: Option<&Report>) -> Result<Checked, String> {
    let work = || {
        let (reading, source) = read(path)?;
        let findings = reading.check(previous);
        Ok(Checked { source, report: reading.report, findings })
    };
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => done.map_err(|error: anyhow::Error| one_line(&error)),
        Err(_) => Err(format!("{}：检查时程序出错，没有结果。请把这个文件报告给维护人员。", path.display())),
    }
}

/// How many files, and what was found in all of them.
#[derive(Default)]
struct Counts {
    reports: usize,
    clean: usize,
    unreadable: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
}

impl Counts {
    fn add(&mut self, findings: &[Finding]) {
        self.reports += 1;
        self.clean += usize::from(findings.is_empty());
        for finding in findings {
            match finding.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Info => self.infos += 1,
            }
        }
    }

    fn in_words(&self) -> String {
        let Self { reports, clean, unreadable, errors, warnings, infos } = self;
        let unreadable =
            if *unreadable > 0 { format!("，读不出 {unreadable} 份") } else { String::new() };
        format!(
            "共检查 {reports} 份{unreadable}；没有问题的 {clean} 份；错误 {errors} 处，警告 {warnings} 处，提示 {infos} 处"
        )
    }

    fn exit_code(&self) -> ExitCode {
        match (self.unreadable, self.errors) {
            (0, 0) => ExitCode::SUCCESS,
            (0, _) => ExitCode::from(1),
            _ => ExitCode::from(crate::COULD_NOT),
        }
    }
}

/// Writes the findings in one of the formats, report by report.
struct Printer {
    output: Output,
    form: Form,
    counts: Counts,
    /// What could not be read, for the formats that list it.
    unreadable: Vec<(String, String)>,
    has_sum: bool,
}

enum Form {
    Human,
    Json,
    Sarif(SarifLog),
    Xlsx(Box<FindingsSheet>),
}

impl Printer {
    fn new(format: Format, output: Output, has_sum: bool) -> Self {
        let form = match format {
            Format::Human => Form::Human,
            Format::Json => Form::Json,
            Format::Sarif => Form::Sarif(SarifLog::new()),
            Format::Xlsx => Form::Xlsx(Box::default()),
        };
        Self { output, form, counts: Counts::default(), unreadable: Vec::new(), has_sum }
    }

    fn start(&mut self) -> anyhow::Result<()> {
        match &self.form {
            Form::Json => self.output.write(b"["),
            Form::Sarif(log) => self.output.write(log.head().as_bytes()),
            Form::Human | Form::Xlsx(_) => Ok(()),
        }
    }

    fn report(&mut self, file: &str, checked: Checked) -> anyhow::Result<()> {
        let Checked { source, report, findings } = checked;
        match &mut self.form {
            Form::Human => {
                let text = lint::human(file, source.as_deref(), &findings);
                self.output.write(text.as_bytes())?;
            }
            Form::Json => {
                let object = serde_json::to_string_pretty(&lint::findings_json(file, &report, &findings))?;
                let separator = if self.counts.reports > 0 { ",\n  " } else { "\n  " };
                self.output.write(separator.as_bytes())?;
                // A line break inside a JSON string is written \n, so each one here is layout.
                self.output.write(object.replace('\n', "\n  ").as_bytes())?;
            }
            Form::Sarif(log) => self.output.write(log.file(file, &findings).as_bytes())?,
            Form::Xlsx(sheet) => sheet.add(file, &report, &findings),
        }
        self.counts.add(&findings);
        Ok(())
    }

    fn unreadable(&mut self, file: String, reason: String) {
        self.counts.unreadable += 1;
        if !matches!(self.form, Form::Human | Form::Json) {
            self.unreadable.push((file, reason));
        }
    }

    fn finish(mut self) -> anyhow::Result<Counts> {
        match self.form {
            Form::Human if self.has_sum => {
                self.output.write(format!("\n{}。\n", self.counts.in_words()).as_bytes())?;
            }
            Form::Human => {}
            Form::Json => {
                let end: &[u8] = if self.counts.reports > 0 { b"\n]\n" } else { b"]\n" };
                self.output.write(end)?;
            }
            Form::Sarif(log) => self.output.write(log.tail(&self.unreadable).as_bytes())?,
            Form::Xlsx(mut sheet) => {
                for (file, reason) in &self.unreadable {
                    sheet.add_unreadable(file, reason);
                }
                self.output.write(&sheet.finish()?)?;
            }
        }
        self.output.finish()?;
        Ok(self.counts)
    }
}
