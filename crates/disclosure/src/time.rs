//! Days and instants as the ledger keeps them. The clock itself is read at the edge and passed in.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

/// 北京时间 — the one civil time of the country, without daylight saving since 1992.
pub fn china() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

/// The day in China at this moment.
pub fn day_in_china(at: Timestamp) -> Date {
    at.to_zoned(china()).date()
}

/// An instant as it is stored. Always with milliseconds, so that the order of the text is the order of time.
pub fn stored(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// `2026-11-21 09:30` in China, for people.
pub fn shown(at: Timestamp) -> String {
    at.to_zoned(china()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// A stored instant as people read it; what cannot be read is shown as it stands.
pub fn shown_text(stored: &str) -> String {
    stored.parse::<Timestamp>().map_or_else(|_| stored.to_owned(), shown)
}

/// The first moment of a day in China.
pub fn start_of_day(day: Date) -> Timestamp {
    let midnight = day.to_zoned(china()).map(|zoned| zoned.timestamp());
    midnight.unwrap_or(Timestamp::MIN)
}

/// Reads a stored date.
pub fn date(stored: &str) -> anyhow::Result<Date> {
    stored.parse().map_err(|e| anyhow::anyhow!("stored date {stored:?}: {e}"))
}

/// Reads a stored date that may be missing.
pub fn optional_date(stored: Option<&str>) -> anyhow::Result<Option<Date>> {
    stored.map(date).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_instants_sort_as_text() {
        let whole: Timestamp = "2026-11-21T01:30:00Z".parse().unwrap();
        let later = whole + jiff::SignedDuration::from_millis(500);
        assert_eq!(stored(whole), "2026-11-21T01:30:00.000Z");
        assert!(stored(whole) < stored(later));
        assert_eq!(shown_text(&stored(later)), "2026-11-21 09:30");
    }
}
