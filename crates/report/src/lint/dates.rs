//! Dates in prose, as printed: 2031年1月25日, 1月25日.

use std::ops::Range;

use jiff::civil::Date;

/// A day as printed, possible or not. Offsets are bytes of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PrintedDate {
    pub(super) range: Range<usize>,
    pub(super) year: Option<i16>,
    pub(super) month: i8,
    pub(super) day: i8,
}

impl PrintedDate {
    /// The day, when the year is printed and the calendar has it.
    pub(super) fn date(&self) -> Option<Date> {
        Date::new(self.year?, self.month, self.day).ok()
    }

    /// Whether no calendar has such a day; without a year, 29 February may be.
    pub(super) fn is_impossible(&self) -> bool {
        Date::new(self.year.unwrap_or(2000), self.month, self.day).is_err()
    }
}

/// Every day named with month and day. A number that a blank cuts in two is left out.
pub(super) fn dates(text: &str) -> Vec<PrintedDate> {
    text.match_indices('月').filter_map(|(at, month)| day_at(text, at, at + month.len())).collect()
}

fn day_at(text: &str, before: usize, after: usize) -> Option<PrintedDate> {
    let start = digits_before(text, before)?;
    let month = text[start..before].parse::<i8>().ok().filter(|_| before - start <= 2)?;
    let length = text[after..].bytes().take_while(u8::is_ascii_digit).count();
    let day = text[after..after + length].parse::<i8>().ok().filter(|_| (1..=2).contains(&length))?;
    let end = after + length;
    text[end..].starts_with('日').then_some(())?;
    let end = end + '日'.len_utf8();
    let mut range = start..end;
    let mut year = None;
    if let Some(head) = text[..start].strip_suffix('年') {
        let digits = digits_before(text, head.len()).filter(|&digits| head.len() - digits == 4)?;
        year = text[digits..head.len()].parse().ok();
        range.start = digits;
    }
    Some(PrintedDate { range, year, month, day })
}

/// Where the digits that end at `end` begin, when they are a number of their own.
fn digits_before(text: &str, end: usize) -> Option<usize> {
    let length = text[..end].bytes().rev().take_while(u8::is_ascii_digit).count();
    let start = end - length;
    let cut = text[..start].ends_with([' ', '.', '-', '/', '，', ','])
        && text[..start].trim_end_matches([' ', '.', '-', '/', ',']).ends_with(|c: char| c.is_ascii_digit());
    (length > 0 && !cut).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_printed() {
        let text = "2031年1月5日至12月31日，2月30日，1 2月31日，3月，第5月刊，2030年2月29日";
        let found: Vec<_> = dates(text).iter().map(|d| (d.year, d.month, d.day, d.is_impossible())).collect();
        assert_eq!(
            found,
            [
                (Some(2031), 1, 5, false),
                (None, 12, 31, false),
                (None, 2, 30, true),
                (Some(2030), 2, 29, true),
            ]
        );
    }
}
