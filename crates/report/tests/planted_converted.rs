//! Errors planted in reports that an office suite or another converter then brought into another format: each is told
//! there too, once, and nothing else is. What a conversion loses of a table is lost and told; an error that hangs on a
//! lost cell is counted as such, never read as something else.
//!
//! Uses LibreOffice, pandoc and pdftotext where the machine has them and says what it skips.
#![allow(clippy::unwrap_used)]

mod layouts;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gongkai_report::model::{ApplicantColumn, CellAddress, RemedyColumn, RemedyRow, RequestRow};
use gongkai_report::{Content, Finding, OfficialForm, Report, Scalar, Section, check, read, write};
use layouts::{dense, put};

/// What one finding says, without where in the file it stands.
type Told = (&'static str, Option<CellAddress>, String);

fn told(finding: &Finding) -> Told {
    let values = format!("{:?} instead of {:?}", finding.found, finding.expected);
    (finding.rule, finding.at.address(), values)
}

/// An error and the cells without which no one can see it.
struct Planted {
    told: Told,
    cells: Vec<CellAddress>,
}

struct Sample {
    name: String,
    report: Report,
    planted: Vec<Planted>,
}

fn count(report: &Report, cell: CellAddress) -> i64 {
    report.get(cell).unwrap().count().unwrap()
}

fn overview(received: i64, disclosed: i64, items: i64, share: &str) -> String {
    [
        &format!("（一）主动公开。全年公开信息{items}条，其中公告20条、动态34条、政策10条。其中动态34条，占{share}%。"),
        &format!("（二）依申请公开。全年收到政府信息公开申请{received}件，予以公开{disclosed}件。"),
        "（三）政府信息管理。严格落实保密审查制度，信息发布前逐条审核。",
        "（四）平台建设。调整门户网站栏目3个，及时维护政务新媒体。",
        "（五）监督保障。组织培训2次，将政务公开纳入年度考核，开展社会评议，未发生责任追究情况。",
    ]
    .join("\n")
}

/// A right report, and reports with several errors that have nothing to do with each other.
fn samples() -> Vec<Sample> {
    let (to_all, of_all) = (RequestRow::Disclosed, ApplicantColumn::Total);
    let (received, disclosed) =
        (CellAddress::Requests(RequestRow::Received, of_all), CellAddress::Requests(to_all, of_all));
    let right = |form, seed| {
        let mut report = dense(form, seed);
        let text = overview(count(&report, received), count(&report, disclosed), 64, "53.13");
        report.set_section(Section::Overview, &text);
        report
    };
    let off = |report: &mut Report, cell, by| {
        let wrong = count(report, cell) + by;
        put(report, cell, Content::Count(wrong));
        format!("{:?} instead of {:?}", Some(Scalar::from(wrong)), Some(Scalar::from(wrong - by)))
    };
    let number = |n: i64| Some(Scalar::from(n));
    let mut samples = Vec::new();
    for (form, seed) in [(OfficialForm::F2021, 61), (OfficialForm::F2019, 62)] {
        let report = right(form, seed);
        samples.push(Sample { name: format!("right-{seed}"), report, planted: Vec::new() });
    }
    for (form, seed) in [(OfficialForm::F2021, 63), (OfficialForm::F2019, 64)] {
        // The total of a row, the total of a block of part 四, and a number of the prose that is not the table's.
        let mut report = right(form, seed);
        let mut planted = Vec::new();
        let cell = CellAddress::Requests(RequestRow::NotHeld, of_all);
        let values = off(&mut report, cell, 10);
        planted.push(Planted {
            told: ("requests-row-total", Some(cell), values),
            cells: row(RequestRow::NotHeld).collect(),
        });
        let cell = CellAddress::Remedies(RemedyRow::DirectLitigation, RemedyColumn::Total);
        let values = off(&mut report, cell, 3);
        planted.push(Planted {
            told: ("remedies-block-total", Some(cell), values),
            cells: block(RemedyRow::DirectLitigation).collect(),
        });
        let (came, given) = (count(&report, received), count(&report, disclosed));
        report.set_section(Section::Overview, &overview(came + 1, given, 65, "53.13"));
        planted.push(Planted {
            told: ("prose-requests", None, format!("{:?} instead of {:?}", number(came + 1), number(came))),
            cells: vec![received],
        });
        planted.push(Planted {
            told: ("prose-sum", None, format!("{:?} instead of {:?}", number(65), number(64))),
            cells: Vec::new(),
        });
        samples.push(Sample { name: format!("totals-{seed}"), report, planted });

        // The total of a column, what was said of an outcome, a share, and more new documents than there are.
        let mut report = right(form, seed + 2);
        let mut planted = Vec::new();
        let cell = CellAddress::Requests(RequestRow::Total, ApplicantColumn::CommercialEnterprise);
        let values = off(&mut report, cell, 7);
        let column = report.requests.rows().collect::<Vec<_>>().into_iter();
        let column = column.map(|row| CellAddress::Requests(row, ApplicantColumn::CommercialEnterprise));
        planted
            .push(Planted { told: ("requests-column-total", Some(cell), values), cells: column.collect() });
        let (came, given) = (count(&report, received), count(&report, disclosed));
        report.set_section(Section::Overview, &overview(came, given + 2, 64, "54.13"));
        planted.push(Planted {
            told: ("prose-outcomes", None, format!("{:?} instead of {:?}", number(given + 2), number(given))),
            cells: vec![disclosed],
        });
        let percent = |text: &str| Some(Scalar::from(text));
        planted.push(Planted {
            told: (
                "prose-percentage",
                None,
                format!("{:?} instead of {:?}", percent("54.13%"), percent("53.13%")),
            ),
            cells: Vec::new(),
        });
        samples.push(Sample { name: format!("columns-{seed}"), report, planted });
    }
    samples.extend(of_real_reports());
    samples
}

/// Two real reports, where they are at hand, each with two totals made wrong.
fn of_real_reports() -> Vec<Sample> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("GONGKAI_SHARED").map_or(beside, PathBuf::from).join("reports");
    if !folder.is_dir() {
        println!("skipped: no real reports at {} (set GONGKAI_SHARED)", folder.display());
        return Vec::new();
    }
    let mut samples = Vec::new();
    for file in files(&folder) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        // The other one has lost cells itself.
        if !["000", "002"].iter().any(|number| name.starts_with(number)) {
            continue;
        }
        let mut report = read(&std::fs::read(&file).unwrap(), &name).unwrap().report;
        let before = check(&report, None);
        let mut cells = vec![
            CellAddress::Requests(RequestRow::NotHeld, ApplicantColumn::Total),
            CellAddress::Remedies(RemedyRow::Reconsideration, RemedyColumn::Total),
        ];
        for &cell in &cells {
            let wrong = count(&report, cell) + 10;
            put(&mut report, cell, Content::Count(wrong));
        }
        cells.extend(row(RequestRow::NotHeld).chain(block(RemedyRow::Reconsideration)));
        let after = check(&report, None);
        assert_eq!(after.len(), before.len() + 2, "{after:#?}");
        let planted = |finding| Planted { told: told(finding), cells: cells.clone() };
        let planted = after.iter().map(planted).collect();
        samples.push(Sample { name: name[..3].to_owned(), report, planted });
    }
    samples
}

fn row(row: RequestRow) -> impl Iterator<Item = CellAddress> {
    ApplicantColumn::ALL.iter().map(move |&column| CellAddress::Requests(row, column))
}

fn block(row: RemedyRow) -> impl Iterator<Item = CellAddress> {
    RemedyColumn::ALL.iter().map(move |&column| CellAddress::Remedies(row, column))
}

/// One conversion of all files of a folder.
struct Step {
    from: &'static str,
    to: &'static str,
    by: By,
}

enum By {
    /// The filter of the result; the filter of the source where it has to be named.
    Office(&'static str, Option<&'static str>),
    Pandoc(&'static str, &'static str),
    PdfText(&'static [&'static str]),
}

const STEPS: [Step; 16] = [
    Step { from: "docx", to: "docx-pdf", by: By::Office("pdf", None) },
    Step { from: "docx", to: "docx-html", by: By::Office("html", None) },
    Step { from: "docx", to: "docx-doc", by: By::Office("doc", None) },
    Step { from: "xlsx", to: "xlsx-ods", by: By::Office("ods", None) },
    Step { from: "xlsx-ods", to: "xlsx-ods-xlsx", by: By::Office("xlsx", None) },
    Step { from: "xlsx", to: "xlsx-html", by: By::Office("html", None) },
    Step { from: "xlsx", to: "xlsx-pdf", by: By::Office("pdf", None) },
    Step {
        from: "html",
        to: "html-docx",
        by: By::Office("docx:MS Word 2007 XML", Some("HTML (StarWriter)")),
    },
    Step { from: "docx", to: "docx-md", by: By::Pandoc("docx", "gfm") },
    Step { from: "docx", to: "docx-html-pandoc", by: By::Pandoc("docx", "html") },
    Step { from: "docx", to: "docx-plain", by: By::Pandoc("docx", "plain") },
    Step { from: "html", to: "html-md", by: By::Pandoc("html", "gfm") },
    Step { from: "html", to: "html-docx-pandoc", by: By::Pandoc("html", "docx") },
    Step { from: "docx-pdf", to: "docx-pdf-layout", by: By::PdfText(&["-layout"]) },
    Step { from: "docx-pdf", to: "docx-pdf-text", by: By::PdfText(&[]) },
    Step { from: "docx-pdf", to: "docx-pdf-raw", by: By::PdfText(&["-raw"]) },
];

impl Step {
    fn tool(&self) -> &'static str {
        match self.by {
            By::Office(..) => "soffice",
            By::Pandoc(..) => "pandoc",
            By::PdfText(_) => "pdftotext",
        }
    }

    fn run(&self, folder: &Path) {
        let target = folder.join(self.to);
        std::fs::create_dir_all(&target).unwrap();
        let sources = files(&folder.join(self.from));
        match self.by {
            By::Office(filter, of_source) => {
                let mut office = Command::new("soffice");
                let profile = folder.join("profile");
                office.arg(format!("-env:UserInstallation=file://{}", profile.display()));
                office.args(["--headless", "--norestore"]);
                office.args(of_source.map(|filter| format!("--infilter={filter}")));
                finish(office.args(["--convert-to", filter, "--outdir"]).arg(&target).args(&sources));
            }
            By::Pandoc(from, to) => {
                let end = match to {
                    "gfm" => "md",
                    "plain" => "txt",
                    same => same,
                };
                for source in &sources {
                    let result = target.join(source.file_stem().unwrap()).with_extension(end);
                    finish(
                        Command::new("pandoc")
                            .args(["-s", "-f", from, "-t", to, "-o"])
                            .arg(result)
                            .arg(source),
                    );
                }
            }
            By::PdfText(options) => {
                for source in &sources {
                    let result = target.join(source.file_stem().unwrap()).with_extension("txt");
                    finish(Command::new("pdftotext").args(options).arg(source).arg(result));
                }
            }
        }
    }
}

/// The files of a folder in the order of their names, without what an office suite puts beside them.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|end| end != "png")).collect();
    files.sort();
    files
}

/// Runs to its end, but not for ever.
fn finish(command: &mut Command) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_secs(300) {
            child.kill().unwrap();
            panic!("{command:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn is_there(tool: &str) -> bool {
    let version = Command::new(tool).arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok()
}

/// What reading tells where a conversion lost something.
const OF_LOSS: [&str; 8] = [
    "cell-missing",
    "row-missing",
    "row-shape",
    "row-jammed",
    "values-reconstructed",
    "table-values-lost",
    "reading-order-lost",
    "table-missing",
];

#[derive(Debug, Default)]
struct Tally {
    told: usize,
    lost_with_cells: usize,
    cells: usize,
    lost_cells: usize,
}

/// What is wrong with the reading of one converted file.
fn judge(sample: &Sample, bytes: &[u8], file: &str, tally: &mut Tally) -> Vec<String> {
    let mut wrong = Vec::new();
    let reading = match read(bytes, file) {
        Ok(reading) => reading,
        Err(refused) => return vec![refused.to_string()],
    };
    for view in sample.report.cells() {
        let cell = reading.report.get(view.address).unwrap();
        tally.cells += 1;
        match &cell.content {
            same if *same == view.cell.content => {}
            Content::Blank | Content::Lost => tally.lost_cells += 1,
            other => {
                wrong.push(format!("{} was {:?}, is read as {other:?}", view.address, view.cell.content))
            }
        }
    }
    let findings = reading.check(None);
    let mut found: Vec<Told> = Vec::new();
    let mut losses = 0;
    for finding in &findings {
        if OF_LOSS.contains(&finding.rule) {
            losses += 1;
        } else {
            found.push(told(finding));
        }
    }
    for planted in &sample.planted {
        let at = found.iter().position(|told| *told == planted.told);
        if let Some(at) = at {
            found.remove(at);
            tally.told += 1;
            continue;
        }
        let is_gone = |cell: &CellAddress| {
            let cell = reading.report.get(*cell).unwrap();
            !cell.is_known() || cell.reconstructed
        };
        if !planted.cells.iter().any(is_gone) || losses == 0 {
            wrong.push(format!("{:?} is not told", planted.told));
        }
        tally.lost_with_cells += 1;
    }
    wrong.extend(found.iter().map(|told| format!("{told:?} is not planted")));
    wrong.iter().map(|wrong| format!("{file}: {wrong}")).collect()
}

#[test]
fn planted_errors_are_told_after_every_conversion() {
    let begun = Instant::now();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("planted_converted");
    let _ = std::fs::remove_dir_all(&folder);
    let samples = samples();
    for end in ["docx", "xlsx", "html"] {
        std::fs::create_dir_all(folder.join(end)).unwrap();
    }
    for (index, Sample { name, report, .. }) in samples.iter().enumerate() {
        let path = |end: &str| folder.join(end).join(name).with_extension(end);
        std::fs::write(path("docx"), write::docx(report).unwrap()).unwrap();
        std::fs::write(path("html"), write::html(report)).unwrap();
        // Workbooks take an office suite longest.
        if index % 2 == 0 {
            std::fs::write(path("xlsx"), write::xlsx(report).unwrap()).unwrap();
        }
    }
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut wrong: Vec<String> = Vec::new();
    let mut judge_all = |kind: &'static str| {
        for path in files(&folder.join(kind)) {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let sample = samples.iter().find(|sample| sample.name == name).unwrap();
            let bytes = std::fs::read(&path).unwrap();
            let tally = tallies.entry(kind).or_default();
            wrong.extend(judge(sample, &bytes, &format!("{kind}/{name}"), tally));
        }
    };
    ["docx", "xlsx", "html"].into_iter().for_each(&mut judge_all);
    for step in &STEPS {
        if !is_there(step.tool()) {
            println!("skipped: {} (no {} on this machine)", step.to, step.tool());
            continue;
        }
        if !folder.join(step.from).is_dir() {
            println!("skipped: {} (made from {}, which was skipped)", step.to, step.from);
            continue;
        }
        let before = begun.elapsed();
        step.run(&folder);
        let made = [step.from, step.to].map(|kind| files(&folder.join(kind)).len());
        assert_eq!(made[0], made[1], "{}: the converter left files out", step.to);
        println!("{}: {:.1} s", step.to, (begun.elapsed() - before).as_secs_f32());
        // Only a way to others.
        if step.to != "xlsx-ods" {
            judge_all(step.to);
        }
    }
    let (mut all, mut of_lost_cells) = (0, 0);
    for (kind, tally) in &tallies {
        println!("{kind}: {tally:?}");
        // The columns of a page as blocks one after the other: which values belong together is gone.
        if *kind != "docx-pdf-text" {
            all += tally.told + tally.lost_with_cells;
            of_lost_cells += tally.lost_with_cells;
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(of_lost_cells * 20 <= all, "{of_lost_cells} of {all} planted errors went with their cells");
    std::fs::remove_dir_all(&folder).unwrap();
}
