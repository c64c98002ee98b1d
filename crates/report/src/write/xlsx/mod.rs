//! The report as a workbook: prose and tables part by part, totals as formulas, and a sheet that holds the tables
//! against each other.

mod check;
mod sums;
mod table;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::outline::{Part, parts, title};
use super::package::NotWritten;
use super::xml::is_legal;
use crate::model::{Paragraph, Report, Section};

/// The most characters a cell holds.
const LONGEST: usize = 32_767;
/// The highest a row can be, in points.
const HIGHEST: f64 = 409.0;
/// The height of a line of text, in points.
const LINE: f64 = 15.0;

/// The report as a workbook. Totals are formulas with their values; a stated total that its parts do not give is
/// kept as stated, in red.
pub fn xlsx(report: &Report) -> Result<Vec<u8>, NotWritten> {
    let mut workbook = Workbook::new();
    // The date is fixed: the same report gives the same bytes.
    let date = ExcelDateTime::from_ymd(2019, 5, 15)?;
    let title = clean(&title(report));
    let properties = DocProperties::new().set_title(&title).set_author("gongkai");
    workbook.set_properties(&properties.set_creation_datetime(&date));

    let parts = parts(report);
    let of = |wanted: &'static [Section]| parts.iter().filter(move |part| wanted.contains(&part.section));
    let mut first = Sheet::new("总体情况", table::PROSE)?;
    first.heading(&title, &title_format(), 30.0)?;
    first.prose(&report.lead)?;
    for part in of(&[Section::Overview]) {
        first.part(part, report)?;
    }
    workbook.push_worksheet(first.sheet);
    for (name, section, widths) in [
        ("主动公开", &[Section::Proactive], table::PROACTIVE),
        (check::REQUESTS, &[Section::Requests], table::REQUESTS),
        ("复议诉讼", &[Section::Remedies], table::REMEDIES),
    ] {
        for part in of(section) {
            let mut sheet = Sheet::new(name, widths)?;
            let places = sheet.part(part, report)?;
            workbook.push_worksheet(sheet.sheet);
            if section == &[Section::Requests] && part.grid.is_some() {
                workbook.push_worksheet(check::sheet(report, &places)?);
            }
        }
    }
    let mut last = Sheet::new("问题和其他", table::PROSE)?;
    for part in of(&[Section::ProblemsAndImprovements, Section::OtherMatters]) {
        last.part(part, report)?;
    }
    workbook.push_worksheet(last.sheet);
    Ok(workbook.save_to_buffer()?)
}

/// A sheet that is filled from top to bottom.
struct Sheet {
    sheet: Worksheet,
    /// The width of each column, in half-width characters.
    widths: &'static [u16],
    next: u32,
}

impl Sheet {
    fn new(name: &str, widths: &'static [u16]) -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        for (column, width) in (0..).zip(widths) {
            sheet.set_column_width(column, *width)?;
        }
        sheet.set_paper_size(9).set_print_fit_to_pages(1, 0).set_footer("&C第 &P 页，共 &N 页");
        sheet.set_screen_gridlines(false);
        Ok(Self { sheet, widths, next: 0 })
    }

    fn part(&mut self, part: &Part, report: &Report) -> Result<table::Places, XlsxError> {
        self.heading(part.heading(), &heading_format(), 24.0)?;
        self.prose(part.paragraphs)?;
        part.grid.as_ref().map_or(Ok(table::Places::default()), |grid| self.table(grid, report))
    }

    fn heading(&mut self, text: &str, format: &Format, height: f64) -> Result<(), XlsxError> {
        self.across(text, format)?;
        self.sheet.set_row_height(self.next - 1, height)?;
        Ok(())
    }

    /// A paragraph a row. What a cell cannot hold goes on in the next.
    fn prose(&mut self, paragraphs: &[Paragraph]) -> Result<(), XlsxError> {
        let format = prose_format();
        let width = self.widths.iter().sum();
        for paragraph in paragraphs {
            let chars: Vec<char> = clean(&paragraph.text).chars().collect();
            for piece in chars.chunks(LONGEST) {
                let text: String = piece.iter().collect();
                self.across(&text, &format)?;
                self.sheet.set_row_height(self.next - 1, height(&text, width))?;
            }
        }
        Ok(())
    }

    /// A text over the full width.
    fn across(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        match u16::try_from(self.widths.len() - 1) {
            Ok(last) if last > 0 => self.sheet.merge_range(self.next, 0, self.next, last, text, format)?,
            _ => self.sheet.write_string_with_format(self.next, 0, text, format)?,
        };
        self.next += 1;
        Ok(())
    }
}

/// How high a row must be for a wrapped text in a cell of `width`.
fn height(text: &str, width: u16) -> f64 {
    let lines: usize = text
        .split('\n')
        .map(|line| {
            let halves: usize = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
            halves.div_ceil(usize::from(width).saturating_sub(1).max(2)).max(1)
        })
        .sum();
    (f64::from(u32::try_from(lines).unwrap_or(u32::MAX)) * LINE + 3.0).min(HIGHEST)
}

fn clean(text: &str) -> String {
    text.chars().filter(|c| is_legal(*c)).collect()
}

fn base_format() -> Format {
    Format::new()
        .set_font_name("宋体")
        .set_font_size(11)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
}

fn title_format() -> Format {
    base_format().set_font_size(16).set_bold().set_align(FormatAlign::Center)
}

fn heading_format() -> Format {
    base_format().set_font_name("黑体").set_font_size(12).set_align(FormatAlign::Left)
}

fn prose_format() -> Format {
    base_format().set_align(FormatAlign::Left).set_align(FormatAlign::Top)
}

fn cell_format() -> Format {
    base_format().set_font_size(10).set_border(FormatBorder::Thin).set_align(FormatAlign::Center)
}
