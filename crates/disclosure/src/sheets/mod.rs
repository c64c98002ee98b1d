//! 表格 — spreadsheets in and out: one way to read a file, to recognise its columns, to say what an import would do, and
//! to name the place of what is wrong.
//!
//! Every import is rehearsed by doing it in a transaction that is not committed, so a rehearsal cannot promise what the
//! import does not keep.

mod columns;
mod dbf;
mod read;
mod rehearsal;
mod write;

pub use columns::{Column, Kind, Row, Table, recognise};
pub use dbf::{DbfField, dbf};
pub use read::{Sheet, Unreadable, read};
pub use rehearsal::{Change, Rehearsal, Wrong};
pub use write::{csv, xlsx};

/// A day however a table writes it — 2026/3/1, 2026年3月1日, 2026.3.1, 20260301 — as `2026-03-01`; what is no day stays
/// as it is, to be refused where it is used.
pub fn day(text: &str) -> String {
    let text = text.trim();
    let text = text.split([' ', 'T']).next().unwrap_or(text);
    let digits: Vec<&str> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let joined = match digits[..] {
        [year, month, day] => format!("{year:0>4}-{month:0>2}-{day:0>2}"),
        [all] if all.len() == 8 && all == text => format!("{}-{}-{}", &all[..4], &all[4..6], &all[6..]),
        _ => return text.to_owned(),
    };
    match joined.parse::<jiff::civil::Date>() {
        Ok(date) if joined.len() == 10 => date.to_string(),
        _ => text.to_owned(),
    }
}

/// The letters a spreadsheet shows above a column, from 0: A, B … Z, AA.
pub fn letters(column: usize) -> String {
    let mut left = column + 1;
    let mut out = Vec::new();
    while left > 0 {
        left -= 1;
        out.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    out.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_however_they_are_written() {
        for text in ["2026-03-01", "2026/3/1", "2026年3月1日", "2026.03.01", "20260301", " 2026-3-1 00:00:00"]
        {
            assert_eq!(day(text), "2026-03-01", "{text}");
        }
        for text in ["", "2026-02-30", "三月一日", "2026", "202603"] {
            assert_eq!(day(text), text.trim(), "{text}");
        }
    }

    #[test]
    fn columns_are_called_as_programs_show_them() {
        assert_eq!([0, 25, 26, 27, 701, 702].map(letters), ["A", "Z", "AA", "AB", "ZZ", "AAA"]);
    }
}
