//! `cargo bench -p gongkai-report --bench reports`: reading and checking beside the plain Python script `plain.py` over
//! the same files in the same run, in processor time: each format on one core, damaged text, and ten thousand text
//! reports from disk on all cores. Then how the cost grows with the input, and the sum over fifty thousand stored reports
//! of five years. Prints figures and ratios; asserts nothing about time.
//!
//! The script needs `pip install python-docx pdfplumber openpyxl beautifulsoup4 lxml`; GONGKAI_BENCH_PYTHON names the
//! python that has them.
#![allow(clippy::unwrap_used)]

#[path = "../tests/layouts/mod.rs"]
mod layouts;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use gongkai_report::aggregate::{Figures, Totals};
use gongkai_report::{Content, OfficialForm, read, write};
use layouts::{Layout, dense, print};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const REPORTS: usize = 10_000;
const AGENCIES: usize = 50_000;
const YEARS: usize = 5;
/// Different reports; the files repeat them.
const KINDS: u64 = 500;

fn main() {
    formats();
    curve();
    let folder = std::env::temp_dir().join(format!("gongkai-bench-reports-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let files = written(&folder);
    println!("{REPORTS} text reports on disk, {} KiB each", size(&files[0]) / 1024);

    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (begin, before) = (Instant::now(), cpu().0);
    let (read, findings) = checked(&files, threads);
    let ours = (begin.elapsed().as_secs_f64(), cpu().0 - before);
    println!(
        "read and checked, {threads} threads: {:.2} s, CPU {:.2} s ({:.2} ms a report), peak memory {} MiB; \
         {read} read, {findings} findings",
        ours.0,
        ours.1,
        ours.1 * 1e3 / REPORTS as f64,
        peak_memory()
    );
    for part in [1250, 2500, 5000] {
        let (begin, before) = (Instant::now(), cpu().0);
        checked(&files[..part], threads);
        println!(
            "  {part:>6} reports: {:.2} s, CPU {:.2} s",
            begin.elapsed().as_secs_f64(),
            cpu().0 - before
        );
    }

    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/plain.py");
    let (begin, before) = (Instant::now(), cpu().1);
    let done = python().arg(script).arg("check").arg(&folder).stdout(Stdio::piped()).output();
    match done {
        Ok(done) if done.status.success() => {
            let theirs = (begin.elapsed().as_secs_f64(), cpu().1 - before);
            println!(
                "plain Python script, all cores: {:.2} s, CPU {:.2} s; it said: {}",
                theirs.0,
                theirs.1,
                String::from_utf8_lossy(&done.stdout).trim()
            );
            println!("ratio: {:.1} × in CPU, {:.1} × on the clock", theirs.1 / ours.1, theirs.0 / ours.0);
        }
        _ => println!("{NO_PYTHON}"),
    }
    std::fs::remove_dir_all(&folder).unwrap();
    aggregated();
}

const NO_PYTHON: &str = "no ratio: the script did not run; it needs pip install python-docx pdfplumber openpyxl \
    beautifulsoup4 lxml, and GONGKAI_BENCH_PYTHON may name the python that has them";

fn python() -> Command {
    Command::new(std::env::var("GONGKAI_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned()))
}

/// Each format on one core, beside the script.
fn formats() {
    let reports: Vec<_> = (0..40)
        .map(|seed| {
            let mut report = dense(OfficialForm::F2021, seed);
            report.set_section(gongkai_report::Section::Overview, &WORDS.repeat(20));
            report
        })
        .collect();
    let clean: Vec<Vec<u8>> = reports.iter().map(|report| write::text(report).into_bytes()).collect();
    let damaged = reports.iter().enumerate();
    let damaged: Vec<Vec<u8>> = damaged
        .map(|(index, report)| print(report, Layout::ALL[index % Layout::ALL.len()]).into_bytes())
        .collect();
    let html = reports.iter().map(|report| write::html_page(report).into_bytes()).collect();
    let docx = reports.iter().map(|report| write::docx(report).unwrap()).collect();
    let xlsx = reports.iter().map(|report| write::xlsx(report).unwrap()).collect();
    let pdf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/qinghe.pdf");
    let pdf = vec![std::fs::read(pdf).unwrap(); 10];
    println!("one core, processor time a report");
    println!(
        "{:<14} {:>9} {:>9} {:>7} {:>12} {:>12}",
        "", "ours", "script", "ratio", "our cells", "its cells"
    );
    for (name, ending, files, rounds) in [
        ("clean text", "txt", clean, 50),
        ("damaged text", "txt", damaged, 50),
        ("html", "html", html, 20),
        ("docx", "docx", docx, 20),
        ("xlsx", "xlsx", xlsx, 20),
        ("pdf", "pdf", pdf, 10),
    ] {
        let before = cpu().0;
        let mut cells = 0;
        for _ in 0..rounds {
            for file in &files {
                let reading = read(file, "x").unwrap();
                reading.check(None);
                let is_known = |content: &Content| matches!(content, Content::Count(_) | Content::Amount(_));
                cells += reading.report.cells().filter(|view| is_known(&view.cell.content)).count();
            }
        }
        let ours = (cpu().0 - before) * 1e3 / (rounds * files.len()) as f64;
        let theirs = script(ending, &files);
        let told = theirs.map_or("-".to_owned(), |(ms, _)| format!("{ms:.2} ms"));
        let ratio = theirs.map_or("-".to_owned(), |(ms, _)| format!("{:.1} ×", ms / ours));
        let their_cells = theirs.map_or("-".to_owned(), |(_, cells)| format!("{cells}"));
        println!("{name:<14} {ours:>6.2} ms {told:>9} {ratio:>7} {:>12} {their_cells:>12}", cells / rounds);
    }
    if script("txt", &[b"x".to_vec()]).is_none() {
        println!("{NO_PYTHON}");
    }
}

/// Milliseconds a file, without the imports, and the cells the script read.
fn script(ending: &str, files: &[Vec<u8>]) -> Option<(f64, usize)> {
    let folder = std::env::temp_dir().join(format!("gongkai-bench-{ending}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let name = |number| folder.join(format!("{number:05}.{ending}"));
    files.iter().enumerate().for_each(|(number, file)| std::fs::write(name(number), file).unwrap());
    // Quick ones are read several times, so that the clock has something to count.
    let times = if ending == "txt" { 20 } else { 1 };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/plain.py");
    let mut command = python();
    command.arg(script).arg("time");
    for _ in 0..times {
        command.args((0..files.len()).map(name));
    }
    let done = command.output().ok().filter(|done| done.status.success());
    std::fs::remove_dir_all(&folder).unwrap();
    let told = String::from_utf8(done?.stdout).ok()?;
    let told: Vec<f64> = told.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let &[read, cells, _, seconds] = &told[..] else { return None };
    Some((seconds * 1e3 / read, cells as usize / times))
}

/// How the cost grows with the length of the prose, and with what a table repeats.
fn curve() {
    println!("cost of one text report, processor time");
    let report = write::text(&dense(OfficialForm::F2021, 1));
    let row = "一、本年新收政府信息公开申请数量\t1\t2\t3\t4\t5\t6\t21\n";
    let list = "全年公开信息64条，其中文件13条、动态48条、公告3条。";
    let (head, tail) = report.split_at(report.find("二、").unwrap());
    for times in [100, 200, 400, 800, 1600] {
        let mut told = String::new();
        for (name, text) in [
            ("sentences", format!("{head}{}\n{tail}", list.repeat(times))),
            ("paragraphs", format!("{head}{}{tail}", format!("{list}\n").repeat(times))),
            (
                "rows",
                report.replacen(row.split('\t').next().unwrap(), &(row.repeat(times) + "一、本年新收"), 1),
            ),
            ("reports", report.repeat(times / 50)),
        ] {
            let before = cpu().0;
            let rounds = 64_000 / times;
            for _ in 0..rounds {
                read(text.as_bytes(), "x").unwrap().check(None);
            }
            let ms = (cpu().0 - before) * 1e3 / rounds as f64;
            told += &format!("  {name} {:>4} KiB {ms:>6.1} ms", text.len() / 1024);
        }
        println!("{told}");
    }
}

const WORDS: &str =
    "全年主动公开政府信息，做好政策解读，回应群众关切，规范办理公开申请，加强平台建设和监督保障。";

fn written(folder: &Path) -> Vec<PathBuf> {
    let texts: Vec<String> = (0..KINDS)
        .map(|seed| {
            let mut report = dense(OfficialForm::F2021, seed);
            report.set_section(gongkai_report::Section::Overview, &WORDS.repeat(20));
            write::text(&report)
        })
        .collect();
    let name = |number| folder.join(format!("{number:05}.txt"));
    (0..REPORTS)
        .map(|number| {
            std::fs::write(name(number), &texts[number % texts.len()]).unwrap();
            name(number)
        })
        .collect()
}

fn size(file: &Path) -> u64 {
    std::fs::metadata(file).unwrap().len()
}

/// Reports that could be read, and findings in them.
fn checked(files: &[PathBuf], threads: usize) -> (usize, usize) {
    let (next, read_count, findings) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let bytes = std::fs::read(file).unwrap();
                    if let Ok(reading) = read(&bytes, &file.display().to_string()) {
                        read_count.fetch_add(1, Ordering::Relaxed);
                        findings.fetch_add(reading.check(None).len(), Ordering::Relaxed);
                    }
                }
            });
        }
    });
    (read_count.into_inner(), findings.into_inner())
}

fn aggregated() {
    let kinds: Vec<Figures> = (0..KINDS).map(|seed| Figures::of(&dense(OfficialForm::F2021, seed))).collect();
    let stored: Vec<Vec<Figures>> = (0..YEARS)
        .map(|year| (0..AGENCIES).map(|agency| kinds[(agency * 7 + year) % kinds.len()].clone()).collect())
        .collect();
    let bytes: usize = stored.iter().flatten().map(|figures| figures.as_bytes().len()).sum();
    println!("{AGENCIES} stored reports × {YEARS} years, {} MiB packed", bytes / 1024 / 1024);
    for (name, step) in [("all agencies", 1), ("every third", 3), ("every hundredth", 100)] {
        let begin = Instant::now();
        let mut sums = Vec::new();
        for year in &stored {
            let mut totals = Totals::default();
            year.iter().step_by(step).for_each(|figures| totals.add(figures));
            sums.push(totals);
        }
        let cell = "requests/received/total".parse().unwrap();
        let last = sums.last().unwrap().total(cell);
        println!("  {name}: {:.3} s, one core ({last:?})", begin.elapsed().as_secs_f64());
    }
}

/// Seconds of processor time of this process and of the ones it waited for.
fn cpu() -> (f64, f64) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let field =
        |at: usize| -> f64 { after.split_whitespace().nth(at).and_then(|f| f.parse().ok()).unwrap_or(0.0) };
    ((field(11) + field(12)) / 100.0, (field(13) + field(14)) / 100.0)
}

fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}
