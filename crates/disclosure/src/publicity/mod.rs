//! 公示 — what is shown for a period and then taken down by the program; and lists of people made fit to be shown.

pub mod actions;
pub mod lists;
mod mask;
mod refusal;
pub(crate) mod store;
#[cfg(test)]
mod tests;

pub use mask::{Held, Shown};
pub use refusal::PublicityRefusal;
pub use store::{Candidate, Period, candidate, period, periods};

use gongkai_statute::calendar::Calendar;
use gongkai_statute::closed_list;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendars;

closed_list! {
    /// 公示期的计算 — calendar days or working days.
    pub enum PeriodUnit {
        /// 日.
        Days = "days", "日";
        /// 工作日.
        WorkingDays = "working_days", "个工作日";
    }
}

/// The last day of a period that began when the entry was released; that day is not counted.
pub fn last_day(released_on: Date, days: i64, unit: PeriodUnit, calendar: &Calendar) -> anyhow::Result<Date> {
    let days = u32::try_from(days)?;
    Ok(match unit {
        PeriodUnit::Days => released_on.checked_add(i64::from(days).days())?,
        PeriodUnit::WorkingDays => calendar.add_working_days(released_on, days),
    })
}

impl Period {
    /// The last day, once the entry is public.
    pub fn last_day(&self, national: &Calendar) -> anyhow::Result<Option<Date>> {
        let Some(released_on) = &self.first_released_on else { return Ok(None) };
        let unit = PeriodUnit::from_code(&self.unit)
            .ok_or_else(|| anyhow::anyhow!("unit of a publicity period {:?}", self.unit))?;
        let calendar = calendars::regional(national, &self.region);
        last_day(released_on.parse()?, self.days, unit, &calendar).map(Some)
    }

    /// 5 个工作日.
    pub fn length(&self) -> String {
        let unit = PeriodUnit::from_code(&self.unit).map_or("", PeriodUnit::label);
        format!("{} {unit}", self.days)
    }
}
