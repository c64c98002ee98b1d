//! The catalogue as the customary spreadsheet of standard catalogues, in and out. 国办发〔2019〕54号.
//!
//! Others' tables have one or two header rows, merged cells, tick columns and boxes (■ chosen, □ offered); ours has the
//! same columns, and three more so that it can be read back as it was.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use super::lines::{LineContent, TypedLine, method_label};

/// A row of a spreadsheet, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    pub sheet: String,
    /// From 1, as the program shows it.
    pub row: usize,
    pub line: TypedLine,
}

/// Why a file is no catalogue; what to do.
pub type NoCatalogue = &'static str;

const BROKEN: NoCatalogue = "文件打不开，不是完好的 xlsx。请用 Excel 或 WPS 打开后重新保存，再上传。";
const NO_TABLE: NoCatalogue = "没有找到标准目录的表头（公开事项、公开内容、公开依据、公开时限）。请用本页导出的表格作样子，把目录贴进去再上传。";
/// No catalogue has more.
const ROWS: usize = 5000;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Code,
    Category,
    Topic,
    Title,
    Elements,
    Basis,
    TimeLimit,
    Period,
    Office,
    Channels,
    Everyone,
    Group,
    Audience,
    Proactive,
    OnRequest,
    Method,
    Level(&'static str),
    Levels,
}

fn column(head: &str) -> Option<Column> {
    let head: String = head
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| {
            if c == '(' {
                '（'
            } else if c == ')' {
                '）'
            } else {
                c
            }
        })
        .collect();
    Some(match head.as_str() {
        "编号" => Column::Code,
        "条例规定的类别" | "类别" => Column::Category,
        "一级事项" | "一级公开事项" => Column::Topic,
        "二级事项" | "公开事项" | "二级公开事项" | "事项名称" | "公开事项名称" => {
            Column::Title
        }
        "公开内容（要素）" | "公开内容" | "内容（要素）" | "公开内容要素" => {
            Column::Elements
        }
        "公开依据" | "依据" => Column::Basis,
        "公开时限" | "时限" => Column::TimeLimit,
        "更新周期（天）" => Column::Period,
        "责任部门" | "公开主体" | "责任主体" | "公开责任主体" | "公开责任部门" => {
            Column::Office
        }
        "公开渠道和载体" | "公开渠道" | "渠道和载体" | "公开渠道及载体" => {
            Column::Channels
        }
        "全社会" => Column::Everyone,
        "特定群体" | "特定群众" | "特定对象" => Column::Group,
        "公开对象" => Column::Audience,
        "主动" | "主动公开" => Column::Proactive,
        "依申请" | "依申请公开" => Column::OnRequest,
        "公开方式" => Column::Method,
        "县级" | "县（区）级" | "区级" => Column::Level("县级"),
        "乡级" | "乡（镇）级" | "镇级" | "乡、村级" | "乡镇级" => Column::Level("乡级"),
        "村级" | "村（社区）级" => Column::Level("村级"),
        "公开层级" => Column::Levels,
        _ => return None,
    })
}

/// Reads every sheet that holds such a table. `category` is what lines fall under whose table does not say.
pub fn read(bytes: &[u8], category: &str) -> Result<Vec<SheetRow>, NoCatalogue> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
    let mut rows = Vec::new();
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name).map_err(|_| BROKEN)?;
        rows.extend(sheet(&name, &range, category));
    }
    if rows.is_empty() { Err(NO_TABLE) } else { Ok(rows) }
}

fn text(range: &Range<Data>, row: u32, column: u32) -> String {
    range.get_value((row, column)).map(ToString::to_string).unwrap_or_default().trim().to_owned()
}

fn sheet(name: &str, range: &Range<Data>, category: &str) -> Vec<SheetRow> {
    let (Some((first, left)), Some((last, right))) = (range.start(), range.end()) else { return Vec::new() };
    let right = right.min(left + 63);
    let named = |row: u32| -> Vec<(u32, Column)> {
        (left..=right).filter_map(|at| Some((at, column(&text(range, row, at))?))).collect()
    };
    // The row itself names what it holds; a title above it does not.
    let in_every_head = [Column::Elements, Column::Basis, Column::TimeLimit];
    let is_head = |row: &u32| {
        let columns = named(*row);
        in_every_head.iter().all(|needed| columns.iter().any(|(_, column)| column == needed))
    };
    let Some(head) = (first..=last.min(first + 10)).find(is_head) else { return Vec::new() };
    let mut columns = named(head);
    // A second row of names stands below where the first is merged downwards, and says more where it says something.
    let has_second = columns
        .iter()
        .filter(|(_, column)| in_every_head.contains(column))
        .all(|(at, _)| text(range, head + 1, *at).is_empty());
    if has_second {
        let below = named(head + 1);
        columns.retain(|(at, _)| !below.iter().any(|(other, _)| other == at));
        columns.extend(below);
    }
    if !columns.iter().any(|(_, column)| *column == Column::Title) {
        return Vec::new();
    }
    let mut rows = Vec::new();
    let mut above = TypedLine::default();
    for row in head + 1 + u32::from(has_second)..=last {
        if rows.len() >= ROWS {
            break;
        }
        let cell = |wanted: Column| {
            columns
                .iter()
                .find(|(_, column)| *column == wanted)
                .map(|(at, _)| text(range, row, *at))
                .unwrap_or_default()
        };
        let mut line = line(&columns, &cell);
        if [&line.title, &line.elements, &line.basis].iter().all(|text| text.is_empty()) {
            continue;
        }
        // Cells that are merged downwards hold their text in the first row only.
        for (own, above) in [
            (&mut line.topic, &above.topic),
            (&mut line.title, &above.title),
            (&mut line.basis, &above.basis),
            (&mut line.time_limit, &above.time_limit),
            (&mut line.office, &above.office),
            (&mut line.channels, &above.channels),
        ] {
            if own.is_empty() {
                own.clone_from(above);
            }
        }
        if line.category.is_empty() {
            category.clone_into(&mut line.category);
        }
        above = line.clone();
        rows.push(SheetRow { sheet: name.to_owned(), row: row as usize + 1, line });
    }
    rows
}

fn line(columns: &[(u32, Column)], cell: &dyn Fn(Column) -> String) -> TypedLine {
    let has = |wanted: Column| columns.iter().any(|(_, column)| *column == wanted);
    let time_limit = cell(Column::TimeLimit);
    let group = cell(Column::Group);
    let audience = match cell(Column::Audience).as_str() {
        _ if is_ticked(&group) => "特定群体".to_owned(),
        _ if !group.is_empty() && !is_unticked(&group) => group.clone(),
        "" | "全社会" => String::new(),
        named => named.to_owned(),
    };
    let is_on_request = cell(Column::Method) == method_label("on_request")
        || is_ticked(&cell(Column::OnRequest)) && !is_ticked(&cell(Column::Proactive));
    let levels = if has(Column::Levels) && !columns.iter().any(|(_, c)| matches!(c, Column::Level(_))) {
        cell(Column::Levels)
    } else {
        let ticked: Vec<&str> = ["县级", "乡级", "村级"]
            .into_iter()
            .filter(|level| {
                columns.iter().any(|(_, column)| match column {
                    Column::Level(of) => of == level && is_ticked(&cell(*column)),
                    _ => false,
                })
            })
            .collect();
        ticked.join("、")
    };
    TypedLine {
        code: cell(Column::Code),
        category: cell(Column::Category),
        topic: cell(Column::Topic),
        title: cell(Column::Title),
        elements: cell(Column::Elements),
        basis: cell(Column::Basis),
        period: if has(Column::Period) { cell(Column::Period) } else { period_of(&time_limit) },
        time_limit,
        channels: chosen(&cell(Column::Channels)),
        office: cell(Column::Office),
        audience,
        method: if is_on_request { "on_request" } else { "proactive" }.to_owned(),
        levels,
    }
}

fn is_ticked(cell: &str) -> bool {
    matches!(cell, "√" | "✓" | "✔" | "■" | "☑" | "是" | "1" | "Y" | "y" | "V" | "v")
}

fn is_unticked(cell: &str) -> bool {
    matches!(cell, "" | "□" | "☐" | "否" | "0" | "×" | "/" | "—" | "-")
}

/// 更新周期 as the time limit words it; most lines are published when something is made.
fn period_of(time_limit: &str) -> String {
    let days = [
        (&["每日", "每天"][..], 1),
        (&["每周"], 7),
        (&["每月", "按月"], 31),
        (&["每季", "按季"], 92),
        (&["每半年", "半年一次"], 184),
        (&["每年", "按年", "一年一次"], 366),
    ];
    days.iter()
        .find(|(words, _)| words.iter().any(|word| time_limit.contains(word)))
        .map(|(_, days)| days.to_string())
        .unwrap_or_default()
}

/// Of a list of boxes only what is chosen; a list without boxes as it stands.
fn chosen(channels: &str) -> String {
    if !channels.contains(['■', '☑']) {
        return channels.split_whitespace().collect::<Vec<_>>().join("、");
    }
    let mut kept = Vec::new();
    let mut rest = channels;
    while let Some(at) = rest.find(['■', '☑']) {
        let after = &rest[at + rest[at..].chars().next().map_or(0, char::len_utf8)..];
        let end = after.find(['■', '☑', '□', '☐']).unwrap_or(after.len());
        let name = after[..end].trim().trim_matches(['、', '，', ',', '；', ';']).trim();
        if !name.is_empty() {
            kept.push(name);
        }
        rest = &after[end..];
    }
    kept.join("、")
}

/// The catalogue of an agency in the customary columns.
pub fn write(agency: &str, lines: &[LineContent]) -> Result<Vec<u8>, XlsxError> {
    let heads = [
        ("编号", 9.0),
        ("条例规定的类别", 24.0),
        ("一级事项", 16.0),
        ("公开事项", 20.0),
        ("公开内容（要素）", 40.0),
        ("公开依据", 36.0),
        ("公开时限", 24.0),
        ("更新周期（天）", 9.0),
        ("责任部门", 16.0),
        ("公开渠道和载体", 24.0),
        ("公开对象", 12.0),
        ("公开方式", 12.0),
        ("公开层级", 12.0),
    ];
    let border = |format: Format| {
        format.set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter)
    };
    let (head, body) =
        (border(Format::new().set_bold().set_align(FormatAlign::Center)), border(Format::new()));
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("公开目录")?;
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, 12, &format!("{agency}政府信息主动公开目录"), &title)?;
    for (at, (name, width)) in (0..).zip(heads) {
        sheet.write_with_format(1, at, name, &head)?;
        sheet.set_column_width(at, width)?;
    }
    for (row, line) in (2..).zip(lines) {
        for (at, (_, value)) in (0..).zip(line.fields()) {
            match value.parse::<u32>() {
                Ok(days) if at == 7 => sheet.write_with_format(row, at, days, &body)?,
                _ => sheet.write_with_format(row, at, &value, &body)?,
            };
        }
    }
    sheet.set_freeze_panes(2, 4)?;
    sheet.set_landscape().set_repeat_rows(0, 1)?.set_print_fit_to_pages(1, 0);
    workbook.save_to_buffer()
}

/// What reading a file gave, against what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rehearsal {
    pub added: Vec<LineContent>,
    /// The line, and what it becomes.
    pub changed: Vec<(String, LineContent, LineContent)>,
    pub unchanged: usize,
    /// Lines that the file does not name; they stay.
    pub absent: Vec<String>,
    /// Place and reason of every row that cannot be taken.
    pub wrong: Vec<String>,
}

/// Holds the rows of a file against the catalogue. `existing`: id and content of every line.
pub fn rehearse(rows: &[SheetRow], existing: &[(String, LineContent)]) -> Rehearsal {
    let mut rehearsal = Rehearsal::default();
    let mut seen: Vec<String> = Vec::new();
    let mut codes: Vec<String> = existing.iter().map(|(_, line)| line.code.clone()).collect();
    for SheetRow { sheet, row, line } in rows {
        let place = format!("工作表“{sheet}”第 {row} 行");
        let mut content = match line.read() {
            Ok(content) => content,
            Err(reasons) => {
                rehearsal.wrong.extend(reasons.iter().map(|reason| format!("{place}：{reason}")));
                continue;
            }
        };
        let same = |(_, known): &&(String, LineContent)| match content.code.as_str() {
            "" => known.title == content.title && (content.topic.is_empty() || known.topic == content.topic),
            code => known.code == code,
        };
        match existing.iter().find(same) {
            Some((id, _)) if seen.contains(id) => {
                rehearsal
                    .wrong
                    .push(format!("{place}：与前面的一行是同一事项“{}”，请删去一行。", content.title));
            }
            Some((id, known)) => {
                seen.push(id.clone());
                content.code.clone_from(&known.code);
                if *known == content {
                    rehearsal.unchanged += 1;
                } else {
                    rehearsal.changed.push((id.clone(), known.clone(), content));
                }
            }
            None => {
                if content.code.is_empty() {
                    content.code = next_code(&codes);
                }
                if codes.contains(&content.code) {
                    rehearsal.wrong.push(format!("{place}：编号“{}”重复，请换一个编号。", content.code));
                    continue;
                }
                codes.push(content.code.clone());
                rehearsal.added.push(content);
            }
        }
    }
    rehearsal.absent = existing
        .iter()
        .filter(|(id, _)| !seen.contains(id))
        .map(|(_, line)| format!("{}　{}", line.code, line.title))
        .collect();
    rehearsal
}

/// The next free code of the agency's own: Z01, Z02 …
pub(super) fn next_code(taken: &[String]) -> String {
    let last = taken.iter().filter_map(|code| code.strip_prefix('Z')?.parse::<u32>().ok()).max().unwrap_or(0);
    format!("Z{:02}", last + 1)
}
