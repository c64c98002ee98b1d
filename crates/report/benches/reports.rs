//! `cargo bench -p gongkai-report --bench reports`: ten thousand text reports from disk, read and checked with all
//! cores, beside a plain Python script over the same files in the same run; the sum over fifty thousand stored
//! reports of five years, and the curve over more. Prints figures and ratios; asserts nothing about time.
#![allow(clippy::unwrap_used)]

#[path = "../tests/layouts/mod.rs"]
mod layouts;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use gongkai_report::aggregate::{Figures, Totals};
use gongkai_report::{OfficialForm, read, write};
use layouts::dense;

const REPORTS: usize = 10_000;
const AGENCIES: usize = 50_000;
const YEARS: usize = 5;
/// Different reports; the files repeat them.
const KINDS: u64 = 500;

fn main() {
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
    let done = Command::new("python3").arg(script).arg(&folder).stdout(Stdio::piped()).output();
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
        _ => println!("python3 is not there: no ratio"),
    }
    std::fs::remove_dir_all(&folder).unwrap();
    aggregated();
}

fn written(folder: &Path) -> Vec<PathBuf> {
    let texts: Vec<String> = (0..KINDS)
        .map(|seed| {
            let mut report = dense(OfficialForm::F2021, seed);
            let words = "全年主动公开政府信息，做好政策解读，回应群众关切，规范办理公开申请，加强平台建设和监督保障。";
            report.set_section(gongkai_report::Section::Overview, &words.repeat(20));
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
