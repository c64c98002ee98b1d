//! Invented reports, and the ways agencies lay their tables out in text.
#![allow(clippy::unwrap_used, dead_code, unreachable_pub)]

use gongkai_report::model::{
    ApplicantColumn, Cell, CellAddress, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow, RequestRow,
    TableName,
};
use gongkai_report::{Content, OfficialForm, Report, Section, write};

/// A small generator of numbers: the same seed gives the same report everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x1234_5678_9abc_def1))
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// A report that is right, with few zeros.
pub fn dense(form: OfficialForm, seed: u64) -> Report {
    let mut dice = Dice::new(seed);
    let year = if form == OfficialForm::F2019 { 2020 } else { 2031 };
    let mut report = Report::new("青禾区白露镇", year);
    let cells: Vec<CellAddress> = report.cells().map(|view| view.address).collect();
    for address in cells {
        if address.is_derived() {
            continue;
        }
        let content = match address {
            CellAddress::Proactive(ProactiveRow::Rules, _) => Content::Count(0),
            CellAddress::Proactive(_, ProactiveColumn::Amount10kCny) => {
                Content::Amount(format!("{}.{}", dice.below(400), 1 + dice.below(9)))
            }
            CellAddress::Proactive(_, ProactiveColumn::Amount) => {
                Content::Amount(format!("{}万元", 3 + dice.below(99)))
            }
            CellAddress::Proactive(_, ProactiveColumn::Change) => Content::Count(dice.below(9) as i64 - 4),
            // Stocks above what was issued or newly disclosed.
            CellAddress::Proactive(_, ProactiveColumn::InForce | ProactiveColumn::TotalDisclosed) => {
                Content::Count(40 + dice.below(60) as i64)
            }
            _ => Content::Count(if dice.below(5) == 0 { 0 } else { 1 + dice.below(37) as i64 }),
        };
        report.set(address, content).unwrap();
    }
    report.derive_totals();
    for &column in ApplicantColumn::KINDS {
        let of = |row| report.requests.count(row, column).unwrap();
        let carried = of(RequestRow::CarriedFromLastYear).min(of(RequestRow::Total));
        let received = of(RequestRow::Total) + of(RequestRow::CarriedToNextYear) - carried;
        report.set_count(CellAddress::Requests(RequestRow::CarriedFromLastYear, column), carried).unwrap();
        report.set_count(CellAddress::Requests(RequestRow::Received, column), received).unwrap();
    }
    report.derive_totals();
    for section in Section::ALL {
        report.set_section(section, "");
    }
    report.set_section(
        Section::Overview,
        "（一）主动公开。全年公开信息64条。\n（二）依申请公开情况见第三部分。",
    );
    report.set_section(Section::Requests, "该部分以表格形式报告。表格如下：");
    report.set_section(Section::OtherMatters, "本年未收取信息处理费。");
    report
}

#[derive(Debug, Clone, Copy)]
pub enum Layout {
    /// Tabs over the full grid, as this crate writes it.
    Grid,
    /// Tabs from a PDF: ten wide, values right after the label, page breaks that drop labels to the left.
    RaggedTabs,
    /// The same with the empty cells at the end of the line cut.
    TrimmedTabs,
    /// Pipes, a trailing pipe, group labels on the first row of the group only.
    Pipes,
    /// Markdown with leading pipes and a rule below the heading.
    Markdown,
    /// Columns set apart by spaces.
    Spaces,
}

impl Layout {
    pub const ALL: [Layout; 6] = [
        Layout::Grid,
        Layout::RaggedTabs,
        Layout::TrimmedTabs,
        Layout::Pipes,
        Layout::Markdown,
        Layout::Spaces,
    ];
}

pub fn print(report: &Report, layout: Layout) -> String {
    if matches!(layout, Layout::Grid) {
        return write::text(report);
    }
    let mut out = format!(
        "\n\n{}\n\n{}年政府信息公开工作年度报告\n",
        report.agency.as_deref().unwrap(),
        report.year.unwrap()
    );
    for section in Section::ALL {
        out += &format!("\n{}\n", section.official());
        for paragraph in report.sections.paragraphs(section).unwrap() {
            out += &format!("\n{}\n", paragraph.text);
        }
        let rows = match section {
            Section::Proactive => proactive_rows(report),
            Section::Requests => request_rows(report),
            Section::Remedies => remedy_rows(report),
            _ => continue,
        };
        out.push('\n');
        for (index, row) in rows.iter().enumerate() {
            out += &line(row, layout, index == 0);
            out.push('\n');
        }
    }
    out
}

fn line(cells: &[String], layout: Layout, first: bool) -> String {
    let filled = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    let lead = cells.iter().take_while(|cell| cell.is_empty()).count();
    match layout {
        Layout::Grid | Layout::RaggedTabs => cells.join("\t"),
        Layout::TrimmedTabs => cells[..filled].join("\t"),
        Layout::Pipes => {
            // Empty cells inside the labels are not printed, blank values are.
            let label = cells.iter().rposition(|cell| !cell.is_ascii()).unwrap_or(0);
            let kept = cells[..filled].iter().enumerate();
            let kept = kept
                .filter(|(index, cell)| *index > label || !cell.is_empty())
                .map(|(_, cell)| cell.as_str());
            let kept: Vec<&str> = kept.collect();
            let after = kept.iter().position(|cell| cell.is_empty()).filter(|_| cells.len() == 10);
            let mut kept: Vec<&str> = kept;
            if let Some(gap) = after {
                kept.remove(gap);
            }
            format!("{} |", kept.join(" | "))
        }
        Layout::Markdown => {
            let rule = if first { format!("\n|{}", "---|".repeat(cells.len())) } else { String::new() };
            format!("| {} |{rule}", cells.join(" | "))
        }
        Layout::Spaces => {
            cells[lead..filled].iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join("  ")
        }
    }
}

fn page_head(report: &Report) -> String {
    format!("{}{}年政府信息公开工作年度报告", report.agency.as_deref().unwrap(), report.year.unwrap())
}

/// Layouts in which the rows of the tables are no longer lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loose {
    /// One cell per line, a line with a pipe after each.
    PipeLines,
    /// One cell per line that ends in a pipe.
    CellPipes,
    /// The same indented with tabs, the pipe after blanks.
    IndentedCells,
    /// A pipe on a line of its own before each row.
    FramedCells,
    /// A pipe before the first cell of a row and, on a line of its own, behind each cell; a run of them ends the row.
    OpenRows,
    /// One row per line, its last pipe on the next.
    BrokenRows,
    /// Each table in one line, its cells set apart by spaces.
    OneRun,
    /// One cell per paragraph with blank lines and no-break spaces; long labels broken over two paragraphs.
    Paragraphs,
    /// Fixed width: labels wrapped around their numbers, a vertical group label, page numbers, repeated headings.
    FixedWidth,
    /// A PDF without lines around the cells: labels broken in a narrow column, their values beside the middle.
    NarrowLabels,
    /// One row per line, cells run together.
    JammedRows,
    /// The whole document in one run.
    Jammed,
    /// Cells run together here and there.
    JammedHere,
    /// Labels only, and each line once.
    NoRepeats,
    /// Labels first, then columns of numbers.
    ByColumn,
    /// The values of each row before its label, as a PDF gives a label that is set lower.
    LabelsLast,
}

impl Loose {
    pub const ALL: [Loose; 16] = [
        Loose::PipeLines,
        Loose::CellPipes,
        Loose::IndentedCells,
        Loose::FramedCells,
        Loose::OpenRows,
        Loose::BrokenRows,
        Loose::OneRun,
        Loose::Paragraphs,
        Loose::FixedWidth,
        Loose::NarrowLabels,
        Loose::JammedRows,
        Loose::Jammed,
        Loose::JammedHere,
        Loose::NoRepeats,
        Loose::ByColumn,
        Loose::LabelsLast,
    ];
}

pub fn print_loose(report: &Report, layout: Loose) -> String {
    let mut out = page_head(report);
    let end = if layout == Loose::Jammed { "" } else { "\n" };
    out += "\n";
    for section in Section::ALL {
        out += section.official();
        out += end;
        for paragraph in report.sections.paragraphs(section).unwrap() {
            out += &paragraph.text;
            out += end;
        }
        let rows = match section {
            Section::Proactive => proactive_rows(report),
            Section::Requests => request_rows(report),
            Section::Remedies => remedy_rows(report),
            _ => continue,
        };
        out += &loose_table(&rows, layout, section);
    }
    if layout == Loose::NoRepeats {
        let mut seen = std::collections::BTreeSet::new();
        let lines: Vec<&str> = out.lines().filter(|line| seen.insert(*line)).collect();
        return lines.join("\n");
    }
    out
}

fn loose_table(rows: &[Vec<String>], layout: Loose, section: Section) -> String {
    let mut out = String::new();
    let filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>();
    let is_label = |cell: &String| !cell.is_ascii() && !cell.ends_with("万元");
    for (index, row) in rows.iter().enumerate() {
        let cells = filled(row);
        match layout {
            Loose::PipeLines => cells.iter().for_each(|cell| out += &format!("{cell}\n|\n")),
            Loose::CellPipes => {
                cells.iter().for_each(|cell| out += &format!("{cell} |\n"));
                if cells.len() == 1 {
                    out += "|||\n";
                }
            }
            Loose::IndentedCells => {
                out += &format!("{}  | \n\t\t\n", cells.join("  | \n\t\t\t"));
            }
            Loose::FramedCells => out += &format!("| \n {}  | \n", cells.join("  | \n ")),
            Loose::OpenRows => {
                // Only the rows of part 三 have merged cells at their end.
                let merged = if section == Section::Requests { row.len() - cells.len() } else { 0 };
                let rest = "|".repeat(merged);
                out += &format!("| {}\n|\n{rest}\n", cells.join("\n|\n"));
            }
            Loose::BrokenRows => out += &format!("{}\n|\n", cells.join(" | ")),
            Loose::OneRun => out += &format!("{} ", cells.join(" ")),
            Loose::NoRepeats => cells.iter().for_each(|cell| out += &format!("{cell}\n")),
            Loose::Paragraphs => {
                for cell in &cells {
                    let chars: Vec<char> = cell.chars().collect();
                    if is_label(cell) && chars.len() > 14 && !cell.contains("勾稽") {
                        let (one, two) = chars.split_at(chars.len() / 2 + 1);
                        out += &format!("{}\n\n{}\n\n", String::from_iter(one), String::from_iter(two));
                    } else {
                        out += &format!("\u{a0}{cell} \n\n");
                    }
                }
            }
            Loose::JammedRows => out += &format!("{}\n", cells.concat()),
            Loose::Jammed => out += &cells.concat(),
            Loose::JammedHere => {
                let labels = cells.iter().take_while(|cell| is_label(cell)).count();
                out += &cells[..labels].concat();
                for (column, value) in cells[labels..].iter().enumerate() {
                    if (column * 7 + index * 3) % 4 != 0 {
                        out.push(' ');
                    }
                    out += value;
                }
                out.push('\n');
            }
            Loose::FixedWidth => out += &fixed_width(&cells, index, section),
            Loose::NarrowLabels => out += &narrow_labels(&cells, section),
            Loose::LabelsLast => {
                cells.iter().filter(|cell| !is_label(cell)).for_each(|cell| out += &format!("{cell}\n"));
                cells.iter().filter(|cell| is_label(cell)).for_each(|cell| out += &format!("{cell}\n"));
            }
            Loose::ByColumn => {
                cells.iter().filter(|cell| is_label(cell)).for_each(|cell| out += &format!("{cell}\n"));
            }
        }
    }
    if layout == Loose::OneRun {
        out.push('\n');
    }
    if layout == Loose::ByColumn {
        let values: Vec<Vec<String>> =
            rows.iter().map(|row| filled(row).into_iter().filter(|cell| !is_label(cell)).collect()).collect();
        for column in 0..15 {
            for row in &values {
                row.get(column).into_iter().for_each(|value| out += &format!("{value}\n"));
            }
        }
    }
    out
}

fn narrow_labels(cells: &[String], section: Section) -> String {
    let is_label = |cell: &String| !cell.is_ascii() && !cell.ends_with("万元");
    let labels = cells.iter().take_while(|cell| is_label(cell)).count();
    let values = cells[labels..].join("  ");
    let label = cells[..labels].last().filter(|_| section == Section::Requests && !values.is_empty());
    let Some(label) = label else { return format!("{}  {values}\n", cells[..labels].join("  ")) };
    let characters: Vec<char> = label.chars().collect();
    let mut lines: Vec<String> = characters.chunks(6).map(String::from_iter).collect();
    let middle = lines.len() / 2;
    if lines.len().is_multiple_of(2) {
        lines.insert(middle, values);
    } else {
        lines[middle] += &format!("  {values}");
    }
    format!("{}\n", lines.join("\n"))
}

fn fixed_width(cells: &[String], index: usize, section: Section) -> String {
    let is_label = |cell: &String| !cell.is_ascii() && !cell.ends_with("万元");
    let labels: Vec<String> = cells.iter().take_while(|cell| is_label(cell)).cloned().collect();
    let values: String = cells[labels.len()..].iter().map(|value| format!("{value:>7}")).collect();
    if values.is_empty() || labels.is_empty() || section != Section::Requests {
        return format!("{}{values}\n", labels.join("     "));
    }
    let vertical = "三、本年度办理结果".chars().nth(index % 12);
    let margin = vertical.map_or("      ".to_owned(), |c| format!("{c}     "));
    let group =
        if labels.len() > 1 { format!("{}  ", labels[labels.len() - 2]) } else { "        ".to_owned() };
    let group = if group.starts_with('三') { "        ".to_owned() } else { group };
    let label: Vec<char> = labels[labels.len() - 1].chars().collect();
    let mut out = String::new();
    if index % 9 == 5 {
        out += "                       -3-\n（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）  申请人情况\n自然人  商业企业  科研机构  社会公益组织  法律服务机构  其他  总计\n";
    }
    let lines: Vec<String> = label.chunks(12).map(String::from_iter).collect();
    match &lines[..] {
        [one] => out += &format!("{margin}{group}{one}      {values}\n"),
        [one, two] if index.is_multiple_of(2) => {
            out += &format!("        {group}{one}\n{:30}{values}\n{margin}        {two}\n", "");
        }
        [one, rest @ ..] => {
            out += &format!("        {group}{one}\n{margin}        {}      {values}\n", rest[0]);
            rest[1..].iter().for_each(|line| out += &format!("                {line}\n"));
        }
        [] => {}
    }
    out
}

fn text(report: &Report, address: CellAddress) -> String {
    match &report.get(address).unwrap().content {
        Content::Count(count) => count.to_string(),
        Content::Amount(amount) => amount.clone(),
        Content::ExplicitNone => "-".to_owned(),
        Content::Blank | Content::Lost => String::new(),
    }
}

fn row(labels: &[&str], values: impl IntoIterator<Item = String>, width: usize) -> Vec<String> {
    let mut cells: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
    cells.extend(values);
    cells.resize(width.max(cells.len()), String::new());
    cells
}

fn proactive_rows(report: &Report) -> Vec<Vec<String>> {
    let grid = write::grid(report, TableName::Proactive);
    grid.rows.iter().map(|cells| row(&[], cells.iter().map(|cell| cell.text.clone()), 4)).collect()
}

/// The tables of the real reports: ten columns, values close to their label, one group member at column 1.
fn request_rows(report: &Report) -> Vec<Vec<String>> {
    let mut rows = vec![
        row(
            &[
                "(本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和)",
                "",
                "申请人情况",
                "",
                "",
                "",
                "",
                "",
                "总计",
            ],
            [],
            10,
        ),
        row(&["", "", "自然人", "法人或其他组织"], [], 10),
        row(&["", "", "", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"], [], 10),
    ];
    let mut group = None;
    for of in report.requests.rows() {
        let values =
            ApplicantColumn::ALL.iter().map(|&column| text(report, CellAddress::Requests(of, column)));
        let label = of.official().replace('（', "(").replace('）', ") ").trim_end().to_owned();
        let heading = of.group().filter(|_| group != of.group()).unwrap_or_default();
        group = of.group();
        rows.push(match of {
            RequestRow::Disclosed => row(&["三、本年度办理结果", &label], values, 10),
            RequestRow::PartlyDisclosed => row(&["", &label], values, 10),
            RequestRow::Other | RequestRow::CarriedToNextYear => row(&[&label, ""], values, 10),
            RequestRow::Total | RequestRow::OtherHandling => row(&[&label], values, 10),
            _ if of.is_outcome() => row(&["", heading, &label], values, 10),
            _ => row(&[&label, ""], values, 10),
        });
    }
    rows
}

fn remedy_rows(report: &Report) -> Vec<Vec<String>> {
    let addresses = RemedyRow::ALL
        .iter()
        .flat_map(|&r| RemedyColumn::ALL.iter().map(move |&c| CellAddress::Remedies(r, c)));
    vec![
        row(&["行政复议", "", "", "", "", "行政诉讼"], [], 15),
        row(
            &[
                "结果 维持",
                "结果 纠正",
                "其他 结果",
                "尚未 审结",
                "总计",
                "未经复议直接起诉",
                "",
                "",
                "",
                "",
                "复议后起诉",
            ],
            [],
            15,
        ),
        row(&[], addresses.map(|address| text(report, address)), 15),
    ]
}

pub fn put(report: &mut Report, address: CellAddress, content: Content) {
    assert!(report.put(address, Cell::new(content)));
}
