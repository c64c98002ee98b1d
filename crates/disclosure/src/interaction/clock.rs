//! How long a message of the public may wait, as dated data with its source.

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// 留言答复时限 — from which day which length of waiting fails the inspection of government websites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyClock {
    pub since: Date,
    pub months: i32,
    pub source: &'static str,
}

/// 单项否决：一年内有有效留言超过 3 个月未回应. Newest last.
pub const SITE_MESSAGES: [ReplyClock; 1] = [ReplyClock {
    since: date(2019, 4, 1),
    months: 3,
    source: "《政府网站与政务新媒体检查指标》（国办秘函〔2019〕19号）",
}];

impl ReplyClock {
    /// The rule in force on a day.
    pub fn on(day: Date) -> Option<&'static ReplyClock> {
        SITE_MESSAGES.iter().rev().find(|clock| clock.since <= day)
    }

    /// The last day on which an answer is still in time for the inspection.
    pub fn last_day(&self, received: Date) -> Option<Date> {
        received.checked_add(self.months.months()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_months_are_counted_by_the_calendar() {
        let clock = ReplyClock::on(date(2026, 11, 30)).unwrap();
        assert_eq!(clock.last_day(date(2026, 11, 30)), Some(date(2027, 2, 28)));
        assert_eq!(ReplyClock::on(date(2019, 3, 31)), None, "before the rule there was none");
    }
}
