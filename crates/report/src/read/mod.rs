//! From the bytes of a published report to the model. Reading never fails on content: what could not be read
//! is lost in the model and told as a problem. Every format is first brought into one stream of [`block::Block`]s.

mod block;
mod decode;
mod doc;
mod docx;
mod export;
mod glyphs;
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
mod proactive;
mod remedies;
mod requests;
mod skeleton;
mod stream;
mod sums;
mod table_text;
mod xlsx;

pub(crate) use glyphs::simplified;

use std::fmt;

use crate::lint::{self, At, Finding, Severity};
use crate::model::{
    Cell, CellAddress, Content, OfficialForm, Position, ProactiveTable, RemediesTable, Report, RequestsTable,
    Section, Sections, TableName,
};
use block::Block;

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

/// The part in which the text ends.
#[derive(Debug, Clone)]
struct Cut {
    section: Section,
    /// The row of its table in which the text ends, and all below it.
    rows: Vec<(TableName, &'static str)>,
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
        told(&blocks).ok_or_else(|| refuse(NO_REPORT))?
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        let blocks = doc::blocks(bytes).map_err(refuse)?;
        told(&blocks).ok_or_else(|| refuse(NO_REPORT))?
    } else if bytes[..bytes.len().min(1024)].windows(5).any(|five| five == b"%PDF-") {
        match pdf::read(bytes).map_err(refuse)? {
            pdf::Pdf::Blocks(blocks) => told(&blocks).ok_or_else(|| refuse(NO_REPORT))?,
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
        let found = from_blocks(&blocks);
        if found.is_none() && text.bytes().filter(u8::is_ascii_digit).count() < 30 {
            // No title and no figures: nothing says that this was ever a report.
            return Err(damage.told().to_owned());
        }
        let problem = missing_in_text("text-damaged", damage.told());
        return Ok(unread(found, problem));
    }
    from_blocks(&blocks).ok_or_else(|| NO_REPORT.to_owned())
}

const SCAN: &str = "是扫描件或图片，没有文字层，读不到任何文字和数（不等于零）；请用原来的 docx 或网页，或先用文字识别软件转成 docx 再读";

/// The report of blocks that may be damaged throughout, as when a PDF file does not say which characters it draws.
fn told(blocks: &[Block]) -> Option<Reading> {
    let mut text = String::new();
    for block in blocks {
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

impl Cut {
    /// The end of the text, with the row that may have lost its end. What stands last in it is given up: the cut may
    /// have gone through the number.
    fn of(skeleton: &skeleton::Skeleton, report: &mut Report) -> Option<(Self, Position)> {
        let is_open = |section| {
            section == Section::Remedies && report.remedies.cells().any(|(.., cell)| !cell.is_known())
        };
        let (section, at) = skeleton.cut_off(is_open)?;
        let table = TableName::ALL.iter().copied().find(|&table| part_of(table) == section);
        let placed =
            report.cells().filter(|view| Some(view.address.table()) == table && view.cell.is_known());
        let last = placed.max_by_key(|view| view.cell.at).map(|view| view.address);
        let later = TableName::ALL.iter().filter(|&&other| part_of(other) > section);
        if later.into_iter().any(|&other| report.form(other).is_some()) {
            return None;
        }
        let of_table = report.cells().map(|view| view.address).filter(|cell| Some(cell.table()) == table);
        let below = of_table.skip_while(|cell| last.is_some_and(|last| last.row_code() != cell.row_code()));
        let mut rows: Vec<_> = below.map(|cell| (cell.table(), cell.row_code())).collect();
        rows.dedup();
        if let Some(last) = last.filter(|_| skeleton.ends_in_table()) {
            let row = report.cells().filter(|view| view.address.row_code() == last.row_code());
            let values: Vec<Option<i64>> = row.map(|view| view.cell.count()).collect();
            let adds_up = match &values[..] {
                [parts @ .., Some(total)] => parts.iter().copied().sum::<Option<i64>>() == Some(*total),
                _ => false,
            };
            if !adds_up || last.table() == TableName::Proactive {
                let at = report.get(last).and_then(|cell| cell.at);
                report.put(last, Cell::at(Content::Lost, at));
            }
        }
        Some((Self { section, rows }, at))
    }

    /// Whether the finding only says what a text that ends too early must lack: the parts and tables after its end, the
    /// rows below it and the rest of its last row, and statements that may stand in what is gone.
    fn explains(&self, finding: &Finding) -> bool {
        match (&finding.at, finding.rule) {
            (At::Text { section: Some(section), .. }, "section-missing") => *section > self.section,
            (At::Text { .. }, "overview-incomplete") => self.section == Section::Overview,
            (At::Text { .. }, "supervision-results-missing" | "fee-statement-missing") => true,
            (At::Text { .. }, "table-missing") => self.section <= Section::Proactive,
            (At::Table { table, .. }, "table-missing") => part_of(*table) >= self.section,
            // The headings of the last table, and then the end.
            (At::Table { table: TableName::Remedies, .. }, "table-values-lost" | "row-jammed") => {
                self.section == Section::Remedies
            }
            (At::Table { table, row: Some(row), .. }, "row-missing" | "cell-missing" | "cell-invalid") => {
                self.rows.contains(&(*table, *row))
            }
            _ => false,
        }
    }
}

fn part_of(table: TableName) -> Section {
    match table {
        TableName::Proactive => Section::Proactive,
        TableName::Requests => Section::Requests,
        TableName::Remedies => Section::Remedies,
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

fn from_blocks(blocks: &[Block]) -> Option<Reading> {
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

fn missing_in_text(rule: &'static str, message: &str) -> Finding {
    Finding {
        rule,
        severity: Severity::Warning,
        message: message.to_owned(),
        at: At::document(),
        found: None,
        expected: None,
        basis: lint::contents_basis(),
    }
}

/// The text ends in the middle of a part, and everything after it is missing.
fn cut_off(section: Section, at: Position) -> Finding {
    Finding {
        rule: "text-truncated",
        severity: Severity::Warning,
        message: format!(
            "文本到“{}”中间就断了，后面的部分都没有读到（不等于没有写，更不等于零）；请用完整的原件再读",
            section.official()
        ),
        at: At::Text { section: Some(section), position: Some(at), quote: None },
        found: None,
        expected: None,
        basis: lint::contents_basis(),
    }
}

/// The labels of a table are there and its numbers are not beside them.
fn table_lost(form: OfficialForm, table: TableName, at: Position, scattered: bool) -> Finding {
    let name = table.official();
    let (rule, message) = if scattered {
        (
            "reading-order-lost",
            format!(
                "“{name}”表的行名和数字被分开，次序已乱，无法确定哪个数属于哪一行；请用原件（docx、xlsx 或网页）再读一次"
            ),
        )
    } else {
        (
            "table-values-lost",
            format!(
                "“{name}”表的行名还在，数字在文本中丢失了（不等于零）；请用原件（docx、xlsx 或网页）再读一次"
            ),
        )
    };
    Finding {
        rule,
        severity: Severity::Warning,
        message,
        at: At::Table { table, row: None, column: None, position: Some(at) },
        found: None,
        expected: None,
        basis: lint::form_basis(Some(form), table),
    }
}

/// A row whose digits stand without spaces and can be cut in several ways, or in none.
struct Jammed<'a> {
    form: OfficialForm,
    row: CellAddress,
    at: Position,
    printed: &'a str,
    tail: &'a [block::RawCell],
    readings: &'a [place::Arrangement],
}

impl Jammed<'_> {
    fn finding(&self) -> Finding {
        const NAMED: usize = 6;
        let text = |slot: &place::Slot| match slot {
            place::Slot::Cell(index) => self.tail[*index].text.as_str(),
            place::Slot::Lost => "",
        };
        let reading = |one: &place::Arrangement| one.iter().map(text).collect::<Vec<_>>().join("/");
        let named: Vec<String> = self.readings.iter().take(NAMED).map(reading).collect();
        let more = if self.readings.len() > NAMED { "等" } else { "" };
        let how = if named.is_empty() {
            "没有一种拆法与合计相符".to_owned()
        } else {
            format!("可以读作{}{more}", named.join("、"))
        };
        let (name, printed) = (self.row.row_label(), self.printed);
        Finding {
            rule: "row-jammed",
            severity: Severity::Warning,
            message: format!(
                "“{name}”一行的数在文本中连成“{printed}”，{how}；不能确定的各格按缺失处理（不等于零），请核对原件"
            ),
            at: At::Table {
                table: self.row.table(),
                row: Some(self.row.row_code()),
                column: None,
                position: Some(self.at),
            },
            found: None,
            expected: None,
            basis: lint::form_basis(Some(self.form), self.row.table()),
        }
    }
}

/// Numbers cut out of jammed digits, told once for each table.
fn tell_reconstructed(report: &Report, problems: &mut Vec<Finding>) {
    for &table in TableName::ALL {
        let cells = report.cells().filter(|view| view.address.table() == table && view.cell.reconstructed);
        let cells: Vec<_> = cells.collect();
        let Some(first) = cells.first() else { continue };
        problems.push(Finding {
            rule: "values-reconstructed",
            severity: Severity::Info,
            message: format!(
                "“{}”表的数在文本中连在一起，其中 {} 格是按合计关系拆开的，不能再用合计验证；请与原件核对",
                table.official(),
                cells.len()
            ),
            at: At::Table { table, row: None, column: None, position: first.cell.at },
            found: None,
            expected: None,
            basis: lint::form_basis(report.form(table), table),
        });
    }
}

/// A row whose values do not fit the columns of the form, for telling what was done with it.
struct Misfit<'a> {
    form: OfficialForm,
    /// The first cell of the row.
    row: CellAddress,
    at: Position,
    cells: &'a [(CellAddress, &'a Cell)],
    /// How many values the source has.
    values: usize,
    /// Whether sums of the table decided, or only what all readings agree on was taken.
    decided: bool,
}

impl Misfit<'_> {
    /// Too many values are told once for the row; too few at each cell that is missing.
    fn tell(&self, problems: &mut Vec<Finding>) {
        let name = self.row.row_label();
        let columns = self.cells.len();
        let missing: Vec<&(CellAddress, &Cell)> =
            self.cells.iter().filter(|(_, cell)| !cell.is_known()).collect();
        let finding = |rule, column: Option<&'static str>, position, message: String| Finding {
            rule,
            severity: Severity::Warning,
            message,
            at: At::Table {
                table: self.row.table(),
                row: Some(self.row.row_code()),
                column,
                position: Some(position),
            },
            found: None,
            expected: None,
            basis: lint::form_basis(Some(self.form), self.row.table()),
        };
        let values = self.values;
        if values > columns {
            let how = if missing.is_empty() {
                "与合计对照后取用能对上的"
            } else {
                "不能确定取哪些，这几格按缺失处理"
            };
            let message = format!(
                "“{name}”一行在文本中有{values}个数，比{columns}格多{}个；{how}，请核对原件",
                values - columns
            );
            problems.push(finding("row-shape", None, self.at, message));
            return;
        }
        if values == columns {
            let message = format!(
                "“{name}”一行的数次序不对，负数不在“本年增/减”一栏；各格按缺失处理（不等于零），请核对原件"
            );
            problems.push(finding("row-shape", None, self.at, message));
            return;
        }
        let labels: Vec<&str> = missing.iter().map(|(address, _)| address.column_label()).collect();
        let message = format!(
            "“{name}”一行应有{columns}个数，在文本中有{values}个；{}“{}”缺失处理（不等于零），请核对原件",
            if self.decided { "从合计看，按" } else { "缺的是哪一格不能完全确定，暂按" },
            labels.join("、")
        );
        if missing.len() == columns {
            problems.push(finding("cell-missing", None, self.at, message));
            return;
        }
        for (address, cell) in missing {
            let position = cell.at.unwrap_or(self.at);
            problems.push(finding("cell-missing", Some(address.column_code()), position, message.clone()));
        }
    }
}
