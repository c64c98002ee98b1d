//! A comparison as a workbook: what changed and what was copied, a row each.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use super::changes::{Change, Changes, changes};
use super::copied::{Library, copied};
use super::prose::Prose;
use super::rates::{RateName, rank};
use crate::aggregate::figure_in_words;
use crate::model::{CellAddress, Report};
use crate::sheet::{filtered, list, text, workbook};

/// Two reports: what changed from the first to the second, what could not be compared, and what the second took over
/// from the first.
pub fn sheet_pair(before: (&str, &Report), after: (&str, &Report)) -> Result<Vec<u8>, XlsxError> {
    let found = changes(before.1, after.1);
    workbook(vec![changed(before.1, after.1, &found)?, not_compared(&found)?, passages(before.1, after.1)?])
}

/// Many reports: rates with places, and who took over from whom.
pub fn sheet_many(reports: &[(String, Report)]) -> Result<Vec<u8>, XlsxError> {
    workbook(vec![rates(reports)?, pairs(reports)?])
}

fn wrapped() -> Format {
    Format::new().set_align(FormatAlign::Top).set_text_wrap()
}

fn changed(before: &Report, after: &Report, found: &Changes) -> Result<Worksheet, XlsxError> {
    let year = |report: &Report| report.year.map_or("年份不明".to_owned(), |year| format!("{year} 年"));
    let (one, other) = (year(before), year(after));
    let header: [(&str, f64); 7] = [
        ("表", 30.0),
        ("行", 44.0),
        ("列", 18.0),
        (&one, 12.0),
        (&other, 12.0),
        ("变化", 12.0),
        ("百分比", 10.0),
    ];
    let mut sheet = list("变化", &header);
    let wrapped = wrapped();
    let percent = Format::new().set_num_format("+0.0%;-0.0%;0.0%").set_align(FormatAlign::Top);
    for (row, change) in (1..).zip(&found.changed) {
        let Change { address, .. } = *change;
        place(&mut sheet, row, address, &wrapped)?;
        for (column, number) in
            [(3, change.before.into()), (4, change.after.into()), (5, change.difference())]
        {
            figure(&mut sheet, row, column, &figure_in_words(address, number), &wrapped)?;
        }
        if let Some(thousandths) = change.relative {
            sheet.write_number_with_format(row, 6, thousandths as f64 / 1000.0, &percent)?;
        }
    }
    Ok(filtered(sheet, u32::try_from(found.changed.len()).unwrap_or_default(), header.len()))
}

/// The cells without a number on one side or the other, so that none of them is taken for unchanged.
fn not_compared(found: &Changes) -> Result<Worksheet, XlsxError> {
    let header = [("表", 30.0), ("行", 44.0), ("列", 18.0), ("原因", 24.0)];
    let mut sheet = list("没有比较的格", &header);
    let wrapped = wrapped();
    let unknown = found.unknown.iter().map(|cell| (cell, "至少一份没有这个数"));
    let other_form = found.incomparable.iter().map(|cell| (cell, "两种格式不能对应"));
    let mut rows = 0;
    for (row, (&address, why)) in (1..).zip(unknown.chain(other_form)) {
        place(&mut sheet, row, address, &wrapped)?;
        sheet.write_string_with_format(row, 3, why, &wrapped)?;
        rows = row;
    }
    Ok(filtered(sheet, rows, header.len()))
}

fn place(sheet: &mut Worksheet, row: u32, address: CellAddress, format: &Format) -> Result<(), XlsxError> {
    let group = address.group_label().map(|group| format!("{group} · ")).unwrap_or_default();
    sheet.write_string_with_format(row, 0, address.table().official(), format)?;
    sheet.write_string_with_format(row, 1, group + address.row_label(), format)?;
    sheet.write_string_with_format(row, 2, address.column_label(), format)?;
    Ok(())
}

/// A number as a number, an amount with its unit as it is printed.
fn figure(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    words: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    match words.parse::<f64>() {
        Ok(number) => sheet.write_number_with_format(row, column, number, format)?,
        Err(_) => sheet.write_string_with_format(row, column, text(words), format)?,
    };
    Ok(())
}

fn passages(before: &Report, after: &Report) -> Result<Worksheet, XlsxError> {
    let header =
        [("字数", 8.0), ("部分", 34.0), ("本报告的文字", 80.0), ("对方的部分", 34.0), ("对方的文字", 80.0)];
    let mut sheet = list("相同的文字", &header);
    let wrapped = wrapped();
    let copied = copied(&Prose::of(after), &Prose::of(before));
    for (row, passage) in (1..).zip(&copied.passages) {
        sheet.write_number_with_format(row, 0, passage.length as f64, &wrapped)?;
        sheet.write_string_with_format(row, 1, passage.section.official(), &wrapped)?;
        sheet.write_string_with_format(row, 2, text(&passage.text), &wrapped)?;
        sheet.write_string_with_format(row, 3, passage.other_section.official(), &wrapped)?;
        sheet.write_string_with_format(row, 4, text(&passage.other_text), &wrapped)?;
    }
    Ok(filtered(sheet, u32::try_from(copied.passages.len()).unwrap_or_default(), header.len()))
}

fn rates(reports: &[(String, Report)]) -> Result<Worksheet, XlsxError> {
    let header = [
        ("文件", 36.0),
        ("机关", 28.0),
        ("年度", 8.0),
        ("比率", 26.0),
        ("件数", 8.0),
        ("总数", 8.0),
        ("百分比", 9.0),
        ("名次", 7.0),
    ];
    let mut sheet = list("比率", &header);
    let (wrapped, percent) = (wrapped(), Format::new().set_num_format("0.0%"));
    let all: Vec<&Report> = reports.iter().map(|(_, report)| report).collect();
    let mut row = 0;
    for name in RateName::ALL {
        for (rank, (file, report)) in rank(name, &all).into_iter().zip(reports) {
            let Some(rank) = rank.filter(|rank| rank.rate.whole > 0) else { continue };
            row += 1;
            sheet.write_string_with_format(row, 0, text(file), &wrapped)?;
            sheet.write_string_with_format(
                row,
                1,
                text(report.agency.as_deref().unwrap_or_default()),
                &wrapped,
            )?;
            if let Some(year) = report.year {
                sheet.write_number_with_format(row, 2, f64::from(year), &wrapped)?;
            }
            sheet.write_string_with_format(row, 3, name.official(), &wrapped)?;
            sheet.write_number_with_format(row, 4, rank.rate.part as f64, &wrapped)?;
            sheet.write_number_with_format(row, 5, rank.rate.whole as f64, &wrapped)?;
            if let Some(thousandths) = rank.rate.thousandths() {
                sheet.write_number_with_format(row, 6, thousandths as f64 / 1000.0, &percent)?;
            }
            if let Some(place) = rank.place {
                sheet.write_number_with_format(row, 7, place as f64, &wrapped)?;
            }
        }
    }
    Ok(filtered(sheet, row, header.len()))
}

fn pairs(reports: &[(String, Report)]) -> Result<Worksheet, XlsxError> {
    let header = [("文件", 40.0), ("与之相同的文件", 40.0), ("相同的份额", 11.0), ("最长一段字数", 12.0)];
    let mut sheet = list("相同的文字", &header);
    let (wrapped, percent) = (wrapped(), Format::new().set_num_format("0.0%"));
    let found = Library::new(reports.iter().map(|(_, report)| Prose::of(report)).collect()).pairs();
    for (row, (of, from, copied)) in (1..).zip(&found) {
        sheet.write_string_with_format(row, 0, text(&reports[*of].0), &wrapped)?;
        sheet.write_string_with_format(row, 1, text(&reports[*from].0), &wrapped)?;
        if let Some(share) = copied.share() {
            sheet.write_number_with_format(row, 2, share as f64 / 1000.0, &percent)?;
        }
        let longest = copied.passages.first().map_or(0, |passage| passage.length);
        sheet.write_number_with_format(row, 3, longest as f64, &wrapped)?;
    }
    Ok(filtered(sheet, u32::try_from(found.len()).unwrap_or_default(), header.len()))
}
