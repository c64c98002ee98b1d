//! The count itself: day by day from the day after receipt.

use jiff::civil::Date;

use super::ruling::CountedDay;
use crate::calendar::{Calendar, days_after};
use crate::citation::Citation;
use crate::cite;

/// A count of working days with its restart and the days left out.
pub(super) struct Count<'a> {
    calendar: &'a Calendar,
    pub(super) received_on: Date,
    reply_days: u32,
    restart: Option<Restart>,
    excluded: Vec<Exclusion>,
}

/// The count starts the day after `on`; earlier days have no number.
struct Restart {
    on: Date,
    why: &'static str,
    citation: Citation,
}

/// 不计算在期限内的时间 — the days after `after` up to and including `until`.
struct Exclusion {
    after: Date,
    until: Date,
    why: String,
}

impl<'a> Count<'a> {
    pub(super) fn new(calendar: &'a Calendar, received_on: Date, reply_days: u32) -> Self {
        Count { calendar, received_on, reply_days, restart: None, excluded: Vec::new() }
    }

    /// Starts the count again; the later of two restarts holds.
    pub(super) fn restart(&mut self, on: Date, why: &'static str, citation: Citation) {
        if self.restart.as_ref().is_none_or(|restart| restart.on <= on) {
            self.restart = Some(Restart { on, why, citation });
        }
    }

    pub(super) fn exclude(&mut self, after: Date, until: Date, why: String) {
        self.excluded.push(Exclusion { after, until, why });
    }

    /// The last day of the ordinary period.
    pub(super) fn due(&self) -> Date {
        self.due_with(0)
    }

    /// The last day when `extra` working days are added.
    pub(super) fn due_with(&self, extra: u32) -> Date {
        let length = self.reply_days.saturating_add(extra);
        self.days().find(|day| day.number == Some(length)).map_or(Date::MAX, |day| day.date)
    }

    pub(super) fn days_until(&self, last: Date) -> Vec<CountedDay> {
        self.days().take_while(|day| day.date <= last).collect()
    }

    /// Every day after receipt, numbered where it counts. A day is left out once, whatever the number of
    /// consultations under way.
    fn days(&self) -> impl Iterator<Item = CountedDay> {
        let mut number = 0;
        days_after(self.received_on).map(move |date| {
            let left_out = |why: &str, citation| CountedDay {
                date,
                counts: false,
                number: None,
                why: why.to_owned(),
                citation,
            };
            if let Some(restart) = self.restart.as_ref().filter(|restart| date <= restart.on) {
                return left_out(restart.why, restart.citation);
            }
            if let Some(exclusion) = self.excluded.iter().find(|e| e.after < date && date <= e.until) {
                return left_out(&exclusion.why, cite!(Ogi, 33, 3));
            }
            let day = self.calendar.day(date);
            if day.counts {
                number += 1;
            }
            let number = day.counts.then_some(number);
            CountedDay { date, counts: day.counts, number, why: day.why, citation: day.citation }
        })
    }
}
