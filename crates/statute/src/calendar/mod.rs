//! 工作日历 — which days count as working days, and why.
//!
//! A day counts when it is a Monday to Friday that no holiday notice gives off, or a weekend day that a
//! notice makes a working day. A year whose notice is not known is counted by its weekdays and statutory
//! festivals only, and every day of it is `provisional`.

mod data;
mod notice;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::citation::{Citation, Instrument, InstrumentRecord};
use crate::cite;
pub use notice::{Arrangement, Holiday, NoticeFault, weekday_name};

/// 日历上的一天 — one calendar day with the reason why it counts or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub date: Date,
    /// 是否工作日.
    pub counts: bool,
    /// 工作日, 工作日（调休上班）, 周六, 国庆节放假 …
    pub why: String,
    pub citation: Citation,
    /// The arrangement of this year is not known yet, so this may still change.
    pub provisional: bool,
}

/// What a notice says about one date.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Arranged {
    Off { festival: String, by: Instrument },
    MakeUp { festival: String, by: Instrument },
}

/// 工作日历 — the national calendar, or that of a region with its own declared days off.
///
/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Calendar {
    arranged: Arc<HashMap<Date, Arranged>>,
    years: std::ops::RangeInclusive<i16>,
    region: Option<u8>,
}

impl Calendar {
    /// The calendar of the State Council's notices.
    pub fn national() -> &'static Calendar {
        static NATIONAL: OnceLock<Calendar> = OnceLock::new();
        NATIONAL.get_or_init(|| Calendar {
            arranged: Arc::new(data::national_arrangements()),
            years: data::known_years(),
            region: None,
        })
    }

    /// The national calendar with the days off that a region declares for itself, as far as known.
    /// `code` is an administrative division code: 640000 and any division within it mean 宁夏.
    pub fn for_region(code: u32) -> Calendar {
        Calendar::national().in_region(code)
    }

    /// This calendar with the days off that a region declares for itself, see [`Calendar::for_region`].
    pub fn in_region(&self, code: u32) -> Calendar {
        let mut calendar = self.clone();
        let province = u8::try_from(code / 10_000).ok();
        if let Some(region) = province {
            calendar.region = province;
            let days = data::regional_days_off(region);
            if !days.is_empty() {
                let arranged = Arc::make_mut(&mut calendar.arranged);
                for (date, festival) in days {
                    let by = Instrument::RegionalNotice(region);
                    arranged.entry(date).or_insert(Arranged::Off { festival, by });
                }
            }
        }
        calendar
    }

    /// This calendar with the notice of a year, which takes the place of an earlier one of the same year.
    ///
    /// A year beyond the next unknown one leaves a gap that stays provisional, so its days count as arranged only
    /// once the years before it are known.
    pub fn with(&self, arrangement: &Arrangement) -> Calendar {
        let mut calendar = self.clone();
        let by = Instrument::HolidayNotice(arrangement.year);
        let arranged = Arc::make_mut(&mut calendar.arranged);
        arranged.retain(|_, said| !matches!(said, Arranged::Off { by: of, .. } | Arranged::MakeUp { by: of, .. } if *of == by));
        for holiday in &arrangement.holidays {
            for day in holiday.days_off() {
                arranged.insert(day, Arranged::Off { festival: holiday.name.clone(), by });
            }
            for day in &holiday.work {
                arranged.insert(*day, Arranged::MakeUp { festival: holiday.name.clone(), by });
            }
        }
        if arrangement.year == calendar.years.end() + 1 {
            calendar.years = *calendar.years.start()..=arrangement.year;
        }
        calendar
    }

    /// The years whose arrangement is known.
    pub fn known_years(&self) -> std::ops::RangeInclusive<i16> {
        self.years.clone()
    }

    /// Whether this region has declared days off of its own that are not known here for `year`.
    pub fn lacks_regional_days(&self, year: i16) -> bool {
        self.region.is_some_and(|region| {
            let known: Vec<_> =
                data::regional_days_off(region).into_iter().map(|(date, _)| date.year()).collect();
            !known.is_empty() && !known.contains(&year)
        })
    }

    /// 某日是否计入 — the day with its reason.
    pub fn day(&self, date: Date) -> Day {
        let known = self.years.contains(&date.year());
        let provisional = !known;
        let day = |counts, why: String, citation| Day { date, counts, why, citation, provisional };
        match self.arranged.get(&date) {
            Some(Arranged::Off { festival, by }) => {
                return day(false, format!("{festival}放假"), Citation::whole(*by));
            }
            Some(Arranged::MakeUp { by, .. }) => {
                return day(true, "工作日（调休上班）".into(), Citation::whole(*by));
            }
            None => {}
        }
        if !known && let Some(festival) = data::statutory_festival(date) {
            return day(false, format!("{festival}（法定节日，放假安排待公布）"), cite!(HolidayMeasure, 2));
        }
        match date.weekday() {
            Weekday::Saturday => day(false, "周六".into(), cite!(WorkingHours, 7, 1)),
            Weekday::Sunday => day(false, "周日".into(), cite!(WorkingHours, 7, 1)),
            _ if known => day(true, "工作日".into(), cite!(WorkingHours, 7, 1)),
            _ => day(true, "工作日（放假安排待公布，暂定）".into(), cite!(WorkingHours, 7, 1)),
        }
    }

    /// 调休 — the holiday a weekend is worked for, as the notice has it; `None` for other days.
    pub fn make_up_for(&self, date: Date) -> Option<&str> {
        match self.arranged.get(&date) {
            Some(Arranged::MakeUp { festival, .. }) => Some(festival),
            _ => None,
        }
    }

    pub fn is_working_day(&self, date: Date) -> bool {
        self.day(date).counts
    }

    /// The `n`-th working day after `date`, which itself is day 0. 《民法典》第二百零一条.
    pub fn add_working_days(&self, date: Date, n: u32) -> Date {
        let mut day = date;
        for _ in 0..n {
            day = self.next_working_day(day);
        }
        day
    }

    /// The first working day after `date`.
    pub fn next_working_day(&self, date: Date) -> Date {
        days_after(date).find(|day| self.is_working_day(*day)).unwrap_or(Date::MAX)
    }

    /// Working days after `from` up to and including `to`; 0 when `to` is not later.
    pub fn working_days_between(&self, from: Date, to: Date) -> u32 {
        let days = days_after(from).take_while(|day| *day <= to);
        days.map(|day| u32::from(self.is_working_day(day))).sum()
    }

    /// Whether any day after `from` up to `to` lies in a year whose arrangement is not known.
    pub fn is_provisional(&self, from: Date, to: Date) -> bool {
        days_after(from).take_while(|day| *day <= to).any(|day| !self.years.contains(&day.year()))
    }
}

/// The calendar days after `date`.
pub(crate) fn days_after(date: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(date.checked_add(1.day()).ok(), |day| day.checked_add(1.day()).ok())
}

/// The holiday notices as instruments of law.
pub(crate) fn notices() -> Vec<InstrumentRecord> {
    data::notices()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_says_why_it_counts() {
        let calendar = Calendar::national();
        let why = |y, m, d| (calendar.day(date(y, m, d)).counts, calendar.day(date(y, m, d)).why);
        assert_eq!(why(2024, 9, 27), (true, "工作日".into()));
        assert_eq!(why(2024, 9, 28), (false, "周六".into()));
        assert_eq!(why(2024, 9, 29), (true, "工作日（调休上班）".into()));
        assert_eq!(why(2024, 10, 1), (false, "国庆节放假".into()));
        assert_eq!(why(2025, 10, 6), (false, "国庆节、中秋节放假".into()));
        assert_eq!(
            calendar.day(date(2024, 10, 1)).citation,
            Citation::whole(Instrument::HolidayNotice(2024))
        );
    }

    /// Totals per year as counted independently from the notices.
    #[test]
    fn working_days_per_year() {
        let totals = [250, 249, 250, 249, 249, 251, 248, 248];
        for (year, total) in (2019..=2026).zip(totals) {
            let count = Calendar::national().working_days_between(date(year - 1, 12, 31), date(year, 12, 31));
            assert_eq!(count, total, "{year}");
        }
        assert_eq!(Calendar::national().known_years(), 2019..=2026);
    }

    #[test]
    fn make_up_days_are_weekends_and_days_off_are_in_their_year() {
        for (date, arranged) in Calendar::national().arranged.iter() {
            if let Arranged::MakeUp { .. } = arranged {
                assert!(matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday), "{date}");
            }
        }
    }

    #[test]
    fn a_year_without_arrangement_is_provisional() {
        let calendar = Calendar::national();
        assert!(!calendar.day(date(2026, 12, 31)).provisional);
        for (month, day) in [(1, 1), (2, 5), (2, 8), (4, 5), (6, 9), (9, 15), (10, 3)] {
            let day = calendar.day(date(2027, month, day));
            assert!(day.provisional && !day.counts, "{day:?}");
        }
        assert!(calendar.day(date(2027, 3, 1)).counts);
        assert!(calendar.day(date(2027, 3, 1)).provisional);
    }

    #[test]
    fn a_region_adds_its_own_days() {
        let ningxia = Calendar::for_region(640_104);
        assert!(!ningxia.is_working_day(date(2020, 5, 25)));
        assert!(Calendar::national().is_working_day(date(2020, 5, 25)));
        assert_eq!(ningxia.day(date(2020, 5, 25)).why, "开斋节放假");
        assert!(ningxia.lacks_regional_days(2024) && !ningxia.lacks_regional_days(2020));
        assert!(!Calendar::for_region(110_000).lacks_regional_days(2024));
    }
}
