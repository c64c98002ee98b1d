//! From the bytes of a published report to the model. Reading never fails on content: what could not be read
//! is lost in the model and told as a problem. Every format is first brought into one stream of [`block::Block`]s.

mod block;
mod cut;
mod decode;
mod doc;
mod docx;
mod export;
mod glyphs;
mod headings;
mod heads;
mod html;
mod jam;
mod joint;
mod json;
mod labels;
mod number;
mod package;
mod pdf;
mod place;
mod positions;
mod proactive;
mod remedies;
mod requests;
mod settle;
mod skeleton;
mod stream;
mod sums;
mod table_text;
mod telling;
mod title;
mod xlsx;

pub(crate) use glyphs::simplified;

use std::fmt;

use crate::lint::{self, At, Finding};
use crate::model::{
    Content, OfficialForm, ProactiveTable, RemediesTable, Report, RequestsTable, Sections, TableName,
};
use block::Block;
use cut::Cut;
use telling::{cut_off, missing_in_text, table_lost, tell_reconstructed};

/// What was read: the report, and everything that stood in the way.
#[derive(Debug, Clone)]
pub struct Reading {
    pub report: Report,
    /// What could not be read, or only with doubt: each with its place.
    pub problems: Vec<Finding>,
    /// The same, cell by cell.
    told: Vec<Finding>,
    /// Where the text ends before its end.
    cut: Option<Cut>,
}

impl Reading {
    /// The problems of reading and the findings of the rules, each told once, in the order of the source.
    pub fn check(&self, previous: Option<&Report>) -> Vec<Finding> {
        let mut findings = self.told.clone();
        add_untold(&mut findings, lint::each(&self.report, previous), self.cut.as_ref());
        lint::fold(&self.report, &mut findings);
        findings
    }

    fn of(report: Report, told: Vec<Finding>, cut: Option<Cut>) -> Self {
        Self { report, problems: Vec::new(), told, cut }
    }
}

/// The file is no annual report, or none that can be read; says what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAReport {
    pub file: String,
    pub reason: String,
}

impl fmt::Display for NotAReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}：{}", self.file, self.reason)
    }
}

impl std::error::Error for NotAReport {}

/// A page larger than this is no report.
const LARGEST_PAGE: usize = 20 * 1024 * 1024;
/// A report is some ten kilobytes of text.
const LARGEST_TEXT: usize = 4 * 1024 * 1024;
const TOO_LARGE: &str = "文件过大，不像年度报告，没有读取。请确认选对了文件";

/// Reads one report. `file_name` only names the file in messages; the format is told by the content.
pub fn read(bytes: &[u8], file_name: &str) -> Result<Reading, NotAReport> {
    let refuse = |reason: &str| NotAReport { file: file_name.to_owned(), reason: reason.to_owned() };
    if let Some(reason) = unsupported(bytes) {
        return Err(refuse(reason));
    }
    let mut reading = if bytes.starts_with(b"PK\x03\x04") {
        let blocks = match package::open(bytes).map_err(refuse)? {
            package::Office::Docx(document) => docx::blocks(&document).map_err(refuse)?,
            package::Office::Xlsx(workbook) => xlsx::blocks(&workbook).map_err(refuse)?,
        };
        told(blocks).ok_or_else(|| refuse(NO_REPORT))?
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        let blocks = doc::blocks(bytes).map_err(refuse)?;
        told(blocks).ok_or_else(|| refuse(NO_REPORT))?
    } else if bytes[..bytes.len().min(1024)].windows(5).any(|five| five == b"%PDF-") {
        match pdf::read(bytes).map_err(refuse)? {
            pdf::Pdf::Blocks(blocks) => told(blocks).ok_or_else(|| refuse(NO_REPORT))?,
            pdf::Pdf::Scan => unread(None, missing_in_text("text-layer-missing", SCAN)),
        }
    } else {
        read_text(bytes).map_err(|reason| refuse(&reason))?
    };
    add_untold(&mut reading.told, lint::missing(&reading.report), reading.cut.as_ref());
    reading.problems = reading.told.clone();
    lint::fold(&reading.report, &mut reading.problems);
    Ok(reading)
}

/// The text of a PDF file page by page, of any document; a page without a text layer is empty.
pub fn page_texts(bytes: &[u8]) -> Result<Vec<String>, &'static str> {
    pdf::page_texts(bytes)
}

const NO_REPORT: &str =
    "没有找到年度报告的标题、六个部分和三张表，看来不是政府信息公开工作年度报告。请确认选对了文件";

fn read_text(bytes: &[u8]) -> Result<Reading, String> {
    if bytes.len() > LARGEST_PAGE {
        return Err(TOO_LARGE.to_owned());
    }
    let text = decode::decode(bytes);
    let text = glyphs::sound(&text);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if text.trim().is_empty() {
        return Err("文件是空的。请确认选对了文件".to_owned());
    }
    let has_lines = !is_markup(text);
    if has_lines && text.len() > LARGEST_TEXT {
        return Err(TOO_LARGE.to_owned());
    }
    if text.trim_start().starts_with('{') {
        return json::read(text);
    }
    let blocks = if has_lines { block::from_text(text) } else { html::blocks(text)? };
    if let Some(damage) = decode::damage(text) {
        let found = from_blocks(blocks);
        if found.is_none() && text.bytes().filter(u8::is_ascii_digit).count() < 30 {
            // No title and no figures: nothing says that this was ever a report.
            return Err(damage.told().to_owned());
        }
        let problem = missing_in_text("text-damaged", damage.told());
        return Ok(unread(found, problem));
    }
    from_blocks(blocks).ok_or_else(|| NO_REPORT.to_owned())
}

const SCAN: &str = "是扫描件或图片，没有文字层，读不到任何文字和数（不等于零）；请用原来的 docx 或网页，或先用文字识别软件转成 docx 再读";

/// The report of blocks that may be damaged throughout, as when a PDF file does not say which characters it draws.
fn told(blocks: Vec<Block>) -> Option<Reading> {
    let mut text = String::new();
    for block in &blocks {
        match block {
            Block::Paragraph { text: paragraph, .. } => text.push_str(paragraph),
            Block::Row { cells, .. } => cells.iter().for_each(|cell| text.push_str(&cell.text)),
        }
    }
    let reading = from_blocks(blocks);
    match decode::damage(&text) {
        Some(damage) => Some(unread(reading, missing_in_text("text-damaged", damage.told()))),
        None => reading,
    }
}

/// A report of which nothing could be read but, perhaps, the title.
fn unread(reading: Option<Reading>, problem: Finding) -> Reading {
    let (agency, year) = reading.map_or((None, None), |of| (of.report.agency, of.report.year));
    let form = year.map_or(OfficialForm::F2021, OfficialForm::for_year);
    let report = Report {
        agency,
        year,
        lead: Vec::new(),
        sections: Sections::default(),
        proactive: ProactiveTable::absent(form),
        requests: RequestsTable::absent(form),
        remedies: RemediesTable::absent(form),
    };
    Reading::of(report, vec![problem], None)
}

/// A page, or a text that holds tables in tags.
fn is_markup(text: &str) -> bool {
    if !text.contains('<') {
        return false;
    }
    let start: String = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    let tag = |tag: &str| text.contains(tag) || text.contains(&tag.to_ascii_uppercase());
    ["<!doctype html", "<html", "<?xml", "<head", "<body", "<div", "<meta"]
        .iter()
        .any(|open| start.starts_with(open))
        || tag("</td>") && tag("</tr>")
        || tag("</p>") && tag("<p")
}

/// What reading has told of a place already, with its reason, the rules do not tell again.
fn add_untold(told: &mut Vec<Finding>, findings: Vec<Finding>, cut: Option<&Cut>) {
    for finding in findings {
        if cut.is_some_and(|cut| cut.explains(&finding)) {
            continue;
        }
        if !told.iter().any(|other| covers(other, &finding)) {
            told.push(finding);
        }
    }
}

/// Whether what has been told says all that the finding would say.
fn covers(told: &Finding, finding: &Finding) -> bool {
    let place = |at: &At| match at {
        At::Table { table, row, .. } => Some((*table, *row)),
        At::Text { .. } => None,
    };
    let (one, other) = (place(&told.at), place(&finding.at));
    let about_cells = ["table-missing", "row-missing", "cell-missing"].contains(&finding.rule);
    match told.rule {
        "table-values-lost" | "reading-order-lost" if about_cells => {
            one.map(|(table, _)| table) == other.map(|(table, _)| table)
        }
        // Part 四 is one row of the source.
        "row-jammed" if about_cells => {
            one == other
                || one
                    .zip(other)
                    .is_some_and(|((table, _), (other, _))| table == other && table == TableName::Remedies)
        }
        // Told of the fifteen values together.
        "cell-missing"
            if about_cells
                && matches!(told.at, At::Table { table: TableName::Remedies, column: None, .. }) =>
        {
            one.map(|(table, _)| table) == other.map(|(table, _)| table)
        }
        "body-missing" | "text-damaged" | "text-layer-missing" => {
            about_cells || finding.rule == "section-missing"
        }
        // A row with too many values, none or some of which were taken.
        "row-shape"
            if finding.rule == "cell-missing" && matches!(told.at, At::Table { row: Some(_), .. }) =>
        {
            one == other
        }
        // Rows of a table that lost their places.
        "row-shape" if finding.rule == "cell-missing" && matches!(told.at, At::Table { row: None, .. }) => {
            one.map(|(table, _)| table) == other.map(|(table, _)| table)
        }
        rule => rule == finding.rule && told.at.is_same_place(&finding.at),
    }
}

/// Formats that are recognised and cannot be read, each with the way out.
fn unsupported(bytes: &[u8]) -> Option<&'static str> {
    const PICTURES: [&[u8]; 6] = [b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM\x36", b"II*\0", b"MM\0*"];
    if bytes.starts_with(b"{\\rtf") {
        Some("是 RTF 格式。请用 Word 或 WPS 打开后另存为 docx 再试")
    } else if PICTURES.iter().any(|start| bytes.starts_with(start)) {
        Some(
            "是图片或扫描件，里面没有文字。请找到原来的 docx 或网页；只有扫描件时，请先用文字识别软件转成 docx",
        )
    } else {
        None
    }
}

fn from_blocks(blocks: Vec<Block>) -> Option<Reading> {
    let skeleton = skeleton::find(blocks);
    let mut problems = Vec::new();
    let proactive = proactive::read(&skeleton, &mut problems);
    let requests = requests::read(&skeleton, &mut problems);
    let remedies = remedies::read(&skeleton, &mut problems);
    let proactive = proactive.map(|(table, by_order)| {
        // Where the rows of one table are out of order, the order of another table's values proves nothing.
        let mixed = |problem: &Finding| problem.rule == "reading-order-lost" && is_of_requests(problem);
        match table.form.zip(table.first_at()).filter(|_| by_order && problems.iter().any(mixed)) {
            Some((form, at)) => {
                problems.push(table_lost(form, TableName::Proactive, at, true));
                ProactiveTable::filled(form, Content::Lost)
            }
            None => table,
        }
    });
    let tables = [proactive.is_some(), requests.is_some(), remedies.is_some()];
    if !skeleton.names_a_report && !tables.contains(&true) && skeleton.headings < 2 {
        return None;
    }

    // A table that the source lacks stands in the model with every cell lost, never with zeros.
    let by_year = skeleton.year.map(OfficialForm::for_year);
    let found =
        requests.as_ref().and_then(|table| table.form).or(proactive.as_ref().and_then(|table| table.form));
    let fallback = by_year.or(found).unwrap_or(OfficialForm::F2021);
    let mut remedies = remedies.unwrap_or_else(|| RemediesTable::absent(fallback));
    if remedies.form.is_some() {
        // The form of this table never changed; it follows the others.
        remedies.form = found.or(Some(fallback));
    }
    if !tables.contains(&true) && skeleton.headings == 0 && skeleton.prose_length() < 400 {
        problems.push(missing_in_text(
            "body-missing",
            "文件里只有标题，没有正文；正文可能是附件，请找到附件再读（没有读到不等于没有写，更不等于零）",
        ));
    }
    if let Some(at) = skeleton.next_report {
        problems.push(Finding {
            at: At::Text { section: None, position: Some(at), quote: None },
            ..missing_in_text(
                "second-report",
                "文件里不止一份报告，只读了第一份；从这里开始是另一份，请分成两个文件再读",
            )
        });
    }
    if skeleton.agency.is_none() {
        problems.push(missing_in_text("title-incomplete", "没有找到机关名称。请在标题中写明机关名称和年份"));
    }
    if skeleton.year.is_none() {
        problems.push(missing_in_text(
            "title-incomplete",
            "没有找到报告年份。请在标题中写明“××××年政府信息公开工作年度报告”",
        ));
    }
    let mut report = Report {
        agency: skeleton.agency.clone(),
        year: skeleton.year,
        lead: skeleton.lead.clone(),
        sections: skeleton.sections.clone(),
        proactive: proactive.unwrap_or_else(|| ProactiveTable::absent(fallback)),
        requests: requests.unwrap_or_else(|| RequestsTable::absent(fallback)),
        remedies,
    };
    let cut = Cut::of(&skeleton, &mut report);
    if let Some((cut, at)) = &cut {
        problems.retain(|problem| !cut.explains(problem));
        problems.push(cut_off(cut.section, *at));
    }
    let cut = cut.map(|(cut, _)| cut);
    tell_reconstructed(&report, &mut problems);
    Some(Reading::of(report, problems, cut))
}

fn is_of_requests(problem: &Finding) -> bool {
    matches!(problem.at, At::Table { table: TableName::Requests, .. })
}
