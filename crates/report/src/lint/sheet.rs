//! Findings as a spreadsheet: one row a finding, for the clerk who sends each agency its own.

use rust_xlsxwriter::{Color, Format, FormatAlign, Worksheet, XlsxError};

use super::{Finding, Rule, Scalar, Severity, place_in_words};
use crate::model::Report;
use crate::sheet;

const HEADER: [(&str, f64); 13] = [
    ("文件", 30.0),
    ("机关", 22.0),
    ("年度", 7.0),
    ("级别", 7.0),
    ("规则", 24.0),
    ("规则名称", 22.0),
    ("位置", 42.0),
    ("行", 6.0),
    ("说明", 70.0),
    ("填写", 12.0),
    ("应为", 12.0),
    ("依据", 32.0),
    ("原文", 40.0),
];

/// Findings below the header on one sheet, before the next sheet is begun.
const ROWS_ON_A_SHEET: u32 = 1_000_000;

/// A workbook of findings, filled report by report: a sheet 问题 with a frozen header and a filter, and a sheet of
/// the files that could not be read when there are any.
pub struct FindingsSheet {
    full: Vec<Worksheet>,
    current: Worksheet,
    row: u32,
    unreadable: Vec<(String, String)>,
    wrapped: Format,
    levels: [Format; 3],
    failed: Option<XlsxError>,
}

impl Default for FindingsSheet {
    fn default() -> Self {
        Self::new()
    }
}

impl FindingsSheet {
    pub fn new() -> Self {
        let level = |color: u32| Format::new().set_align(FormatAlign::Top).set_font_color(Color::RGB(color));
        Self {
            full: Vec::new(),
            current: sheet::list("问题", &HEADER),
            row: 0,
            unreadable: Vec::new(),
            wrapped: Format::new().set_align(FormatAlign::Top).set_text_wrap(),
            levels: [level(0xB3_26_1E), level(0x8A_5A_00), level(0x3B_5B_7A)],
            failed: None,
        }
    }

    pub fn add(&mut self, file: &str, report: &Report, findings: &[Finding]) {
        for finding in findings {
            if self.row == ROWS_ON_A_SHEET {
                let name = format!("问题 {}", self.full.len() + 2);
                let full = std::mem::replace(&mut self.current, sheet::list(&name, &HEADER));
                self.full.push(sheet::filtered(full, self.row, HEADER.len()));
                self.row = 0;
            }
            self.row += 1;
            if let Err(error) = self.write(file, report, finding) {
                self.failed.get_or_insert(error);
            }
        }
    }

    /// A file that could not be read, with the reason.
    pub fn add_unreadable(&mut self, file: &str, reason: &str) {
        self.unreadable.push((file.to_owned(), reason.to_owned()));
    }

    fn write(&mut self, file: &str, report: &Report, finding: &Finding) -> Result<(), XlsxError> {
        let (row, sheet, wrapped) = (self.row, &mut self.current, &self.wrapped);
        let level = match finding.severity {
            Severity::Error => &self.levels[0],
            Severity::Warning => &self.levels[1],
            Severity::Info => &self.levels[2],
        };
        sheet.write_string_with_format(row, 0, sheet::text(file), wrapped)?;
        sheet.write_string_with_format(
            row,
            1,
            sheet::text(report.agency.as_deref().unwrap_or_default()),
            wrapped,
        )?;
        if let Some(year) = report.year {
            sheet.write_number_with_format(row, 2, f64::from(year), wrapped)?;
        }
        sheet.write_string_with_format(row, 3, finding.severity.official(), level)?;
        sheet.write_string_with_format(row, 4, finding.rule, wrapped)?;
        let title = Rule::by_id(finding.rule).map_or("", Rule::title);
        sheet.write_string_with_format(row, 5, title, wrapped)?;
        let place = place_in_words(&finding.at).unwrap_or_else(|| "全文".to_owned());
        sheet.write_string_with_format(row, 6, sheet::text(&place), wrapped)?;
        if let Some(position) = finding.at.in_lines() {
            sheet.write_number_with_format(row, 7, position.line as f64, wrapped)?;
        } else if let Some(page) = finding.at.page() {
            sheet.write_string_with_format(row, 7, format!("第{page}页"), wrapped)?;
        }
        sheet.write_string_with_format(row, 8, sheet::text(&finding.message), wrapped)?;
        for (column, value) in [(9, &finding.found), (10, &finding.expected)] {
            match value {
                Some(Scalar::Number(number)) => {
                    sheet.write_number_with_format(row, column, *number as f64, wrapped)?;
                }
                Some(Scalar::Text(words)) => {
                    sheet.write_string_with_format(row, column, sheet::text(words), wrapped)?;
                }
                None => {}
            }
        }
        sheet.write_string_with_format(row, 11, sheet::text(&finding.basis), wrapped)?;
        if let super::At::Text { quote: Some(quote), .. } = &finding.at {
            sheet.write_string_with_format(row, 12, sheet::text(quote), wrapped)?;
        }
        Ok(())
    }

    /// The bytes of the workbook; the same findings give the same bytes.
    pub fn finish(self) -> Result<Vec<u8>, XlsxError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let mut sheets = self.full;
        sheets.push(sheet::filtered(self.current, self.row, HEADER.len()));
        if !self.unreadable.is_empty() {
            let mut list = sheet::list("读不出的文件", &[("文件", 50.0), ("原因", 90.0)]);
            for (row, (file, reason)) in (1..).zip(&self.unreadable) {
                list.write_string_with_format(row, 0, sheet::text(file), &self.wrapped)?;
                list.write_string_with_format(row, 1, sheet::text(reason), &self.wrapped)?;
            }
            sheets.push(list);
        }
        sheet::workbook(sheets)
    }
}
