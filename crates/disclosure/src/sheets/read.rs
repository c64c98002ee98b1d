use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use encoding_rs::{Encoding, GB18030};
use serde::{Deserialize, Serialize};

/// A table as it lies in a file, cells as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub name: String,
    /// Number as the program shows it, from 1, and cells.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// Why a file is no table; what to do.
pub type Unreadable = &'static str;

const BROKEN: Unreadable = "文件打不开，不是完好的 xlsx 表格。请用 Excel 或 WPS 打开后另存为 xlsx，再上传。";
const NOT_TEXT: Unreadable = "文件的文字编码认不出来。请用 Excel 或 WPS 打开后另存为 xlsx，再上传。";
const TOO_LARGE: Unreadable = "表格超过 50,000 行。请按年份或者按类别分成几个文件，分别导入。";
const EMPTY: Unreadable = "表格是空的。请核对是不是选错了文件。";
const ROWS: usize = 50_000;
const COLUMNS: usize = 256;

/// Reads a spreadsheet (xlsx) or a text table (CSV: comma, tab or semicolon; UTF-8 or GB18030), by its content.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    let sheets = if bytes.starts_with(b"PK") { spreadsheet(bytes)? } else { vec![text_table(bytes)?] };
    if sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        return Err(EMPTY);
    }
    if sheets.iter().map(|sheet| sheet.rows.len()).sum::<usize>() > ROWS {
        return Err(TOO_LARGE);
    }
    Ok(sheets)
}

fn spreadsheet(bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name).map_err(|_| BROKEN)?;
        let (top, left) = range.start().unwrap_or_default();
        let mut rows = Vec::new();
        for (offset, cells) in range.rows().enumerate().take(ROWS + 1) {
            let mut row = vec![String::new(); (left as usize).min(COLUMNS)];
            row.extend(cells.iter().take(COLUMNS).map(text));
            if row.iter().any(|cell| !cell.is_empty()) {
                rows.push((top as usize + offset + 1, row));
            }
        }
        sheets.push(Sheet { name, rows });
    }
    Ok(sheets)
}

/// A number without the noise of floating point, a day without its midnight.
fn text(cell: &Data) -> String {
    match cell {
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, hour, minute, _, _) = at.to_ymd_hms_milli();
            match (hour, minute) {
                (0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"),
            }
        }
        Data::DateTimeIso(at) => at.split('T').next().unwrap_or_default().to_owned(),
        other => other.to_string().trim().to_owned(),
    }
}

fn text_table(bytes: &[u8]) -> Result<Sheet, Unreadable> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned(),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => {
                let (text, is_damaged) = GB18030.decode_without_bom_handling(bytes);
                if is_damaged {
                    return Err(NOT_TEXT);
                }
                text.into_owned()
            }
        },
    };
    if text.contains('\0') {
        return Err(NOT_TEXT);
    }
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |c: char| first.matches(c).count();
    let separator = ['\t', ';', ','].into_iter().max_by_key(|c| count(*c)).unwrap_or(',');
    let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
    let (mut row, mut cell, mut is_quoted, mut line, mut begins) = (Vec::new(), String::new(), false, 1, 1);
    let mut chars = text.chars().peekable();
    let mut end = |row: &mut Vec<String>, cell: &mut String, begins: usize| {
        row.push(std::mem::take(cell).trim().to_owned());
        let cells = std::mem::take(row);
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push((begins, cells));
        }
    };
    while let Some(c) = chars.next() {
        if c == '\n' {
            line += 1;
        }
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                is_quoted = true;
            }
            c if is_quoted => cell.push(c),
            c if c == separator => row.push(std::mem::take(&mut cell).trim().to_owned()),
            '\r' => {}
            '\n' => {
                end(&mut row, &mut cell, begins);
                begins = line;
            }
            c => cell.push(c),
        }
    }
    end(&mut row, &mut cell, begins);
    Ok(Sheet { name: String::new(), rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &[u8]) -> Vec<(usize, Vec<String>)> {
        read(text).unwrap().remove(0).rows
    }

    #[test]
    fn a_text_table_with_quotes_and_line_breaks() {
        let rows = cells("名称,说明\r\n\"甲,乙\",\"他说\"\"好\"\"\n第二行\"\r\n\r\n丙,\r\n".as_bytes());
        assert_eq!(rows[1], (2, vec!["甲,乙".to_owned(), "他说\"好\"\n第二行".to_owned()]));
        assert_eq!(rows[2], (5, vec!["丙".to_owned(), String::new()]), "the place is the line in the file");
    }

    #[test]
    fn older_encodings_and_tabs() {
        let (bytes, _, _) = GB18030.encode("项目\t金额\n证照工本费\t12.50");
        assert_eq!(cells(&bytes)[1].1, ["证照工本费", "12.50"]);
        let mut with_mark = vec![0xef, 0xbb, 0xbf];
        with_mark.extend("甲;乙\n1;2".as_bytes());
        assert_eq!(cells(&with_mark)[0].1, ["甲", "乙"]);
    }

    #[test]
    fn what_is_no_table_is_refused_in_words() {
        assert!(read(b"PK\x03\x04 not really").is_err());
        assert!(read(b"").is_err());
        assert!(read(&[0xff, 0xff, 0x00, 0x01]).is_err());
    }
}
