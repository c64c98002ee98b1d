//! `cargo bench -p gongkai-typeset`: a report as PDF, cold and warm with changing figures, beside the docx and the HTML of
//! the same reports and, where it is installed, LibreOffice turning that docx into PDF. Prints figures; asserts nothing
//! about time.
#![allow(clippy::unwrap_used)]

#[path = "../../report/tests/layouts/mod.rs"]
mod layouts;

use std::process::{Command, Stdio};
use std::time::Instant;

use gongkai_report::{OfficialForm, Report, Section};
use gongkai_typeset::{Engine, FileFormat};
use layouts::dense;

const ROUNDS: u64 = 40;

fn main() {
    let engine = Engine::new(Vec::new());
    let reports: Vec<Report> = (0..ROUNDS).map(report).collect();
    let begin = Instant::now();
    let first = FileFormat::Pdf.write(&reports[0], None, &engine).unwrap();
    println!(
        "first PDF, typeface found and all laid out anew: {:.0} ms, {} KiB",
        ms(begin),
        first.len() / 1024
    );
    for format in ["pdf", "ofd", "docx", "xlsx", "html"] {
        let format = FileFormat::from_extension(format).unwrap();
        let mut times: Vec<f64> = reports
            .iter()
            .map(|report| {
                let begin = Instant::now();
                std::hint::black_box(format.write(report, None, &engine).unwrap());
                ms(begin)
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let of = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
        println!(
            "{:<5} warm, other figures each time: median {:.1} ms, slowest {:.1} ms, {} KiB",
            format.extension(),
            of(0.5),
            of(1.0),
            format.write(&reports[0], None, &engine).unwrap().len() / 1024
        );
    }
    office(&reports[0]);
}

/// What a clerk has: the same report as docx through the office suite.
fn office(report: &Report) {
    let folder = tempfile::tempdir().unwrap();
    let docx = FileFormat::from_extension("docx").unwrap();
    let path = folder.path().join("report.docx");
    std::fs::write(&path, docx.write(report, None, &Engine::new(Vec::new())).unwrap()).unwrap();
    let begin = Instant::now();
    let done = Command::new("soffice")
        .args(["--headless", "--convert-to", "pdf", "--outdir"])
        .arg(folder.path())
        .arg(&path)
        .env("HOME", folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match done {
        Ok(done) if done.success() => println!("LibreOffice, docx to PDF, one start: {:.0} ms", ms(begin)),
        _ => println!("LibreOffice is not installed: no comparison"),
    }
}

fn report(seed: u64) -> Report {
    let mut report = dense(OfficialForm::F2021, seed);
    let words =
        "全年主动公开政府信息，做好政策解读，回应群众关切，规范办理公开申请，加强平台建设和监督保障。";
    report.set_section(Section::Overview, &format!("{}（{seed}）", words.repeat(20)));
    report
}

fn ms(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64() * 1e3
}
