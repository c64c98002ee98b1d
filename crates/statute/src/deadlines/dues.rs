//! Single periods: in working days under the Regulations, in calendar days and months under the remedies.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::facts::ConsultedParty;
use crate::agencies::AgencyKind;
use crate::calendar::Calendar;
use crate::citation::Citation;
use crate::cite;
use crate::parameters::{Parameter, Sourced};

/// 期限 — the last day of a period, with its provision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    pub on: Date,
    pub citation: Citation,
    /// A day of the count lies in a year whose arrangement is not known.
    pub provisional: bool,
    /// Why the day is not the plain result of the count, where it is not.
    pub why: Option<String>,
}

fn working_days(from: Date, period: &Sourced<u32>, calendar: &Calendar) -> Due {
    let on = calendar.add_working_days(from, period.value);
    Due { on, citation: period.citation, provisional: calendar.is_provisional(from, on), why: None }
}

/// 补正告知期限 — 7 working days from receipt. 《条例》第三十条.
pub fn supplement_notice_due(received_on: Date, calendar: &Calendar) -> Due {
    working_days(received_on, in_force(Parameter::SupplementNoticeWorkingDays, received_on), calendar)
}

/// 征求意见期限 — 15 working days for a third party or another agency, from the day it received the letter.
/// 《条例》第三十二条、第三十四条.
pub fn consultation_due(with: ConsultedParty, letter_received_on: Date, calendar: &Calendar) -> Due {
    working_days(letter_received_on, in_force(with.parameter(), letter_received_on), calendar)
}

/// 缴费期限 — 20 working days from the day after the notice was received; `None` before the fee measure.
/// 《信息处理费管理办法》第六条.
pub fn fee_payment_due(noticed_on: Date, calendar: &Calendar) -> Option<Due> {
    let period = Parameter::FeePaymentWorkingDays.on(noticed_on)?;
    Some(working_days(noticed_on, period, calendar))
}

/// 主动公开期限 — 20 working days from the day the information was made or changed; `None` before the
/// Regulations of 2019. Another law may set a different period. 《条例》第二十六条.
pub fn publish_due(made_on: Date, calendar: &Calendar) -> Option<Due> {
    let period = Parameter::PublicationWorkingDays.on(made_on)?;
    Some(working_days(made_on, period, calendar))
}

/// 剩余工作日 — working days left after `today` up to `due_on`; negative when overdue, 0 on the last day.
pub fn days_left(today: Date, due_on: Date, calendar: &Calendar) -> i64 {
    if today <= due_on {
        i64::from(calendar.working_days_between(today, due_on))
    } else {
        -i64::from(calendar.working_days_between(due_on, today))
    }
}

/// 年度报告公布期限 — the last day for publishing the report on `year`. 《条例》第四十九条. For townships and
/// subdistricts the article names no day; they follow the departments' in practice, and `why` says so.
pub fn report_due(kind: AgencyKind, year: i16) -> Due {
    let parameter = match kind {
        AgencyKind::ProvincialGovernment | AgencyKind::Government => Parameter::GovernmentReportDay,
        _ => Parameter::DepartmentReportDay,
    };
    let practice = matches!(kind, AgencyKind::Township | AgencyKind::Subdistrict)
        .then(|| "条例未单独规定，按实践中与部门相同的日期".to_owned());
    let period = parameter.current();
    let (month, day) = ((period.value / 100) as i8, (period.value % 100) as i8);
    Due {
        on: Date::new(year.saturating_add(1), month, day).unwrap_or(Date::MAX),
        citation: period.citation,
        provisional: false,
        why: practice,
    }
}

/// 申请行政复议期限 — 60 days from knowing of the decision. 《行政复议法》第二十条.
pub fn reconsideration_due(known_on: Date, calendar: &Calendar) -> Due {
    calendar_days(known_on, in_force(Parameter::ReconsiderationDays, known_on), calendar)
}

/// 直接起诉期限 — 6 months from knowing of the decision. 《行政诉讼法》第四十六条.
pub fn direct_litigation_due(known_on: Date, calendar: &Calendar) -> Due {
    let period = in_force(Parameter::DirectLitigationMonths, known_on);
    // The day of the same number in the last month, else that month's last: 《民法典》第二百零二条.
    let nominal = known_on.saturating_add(i64::from(period.value).months());
    past_days_off(nominal, period.citation, calendar)
}

/// 复议后起诉期限 — 15 days from receiving the reconsideration decision. 《行政诉讼法》第四十五条.
pub fn litigation_after_reconsideration_due(received_on: Date, calendar: &Calendar) -> Due {
    calendar_days(received_on, in_force(Parameter::LitigationAfterReconsiderationDays, received_on), calendar)
}

/// 自然日期间 — the first day is not counted. 《民法典》第二百零一条.
fn calendar_days(from: Date, period: &Sourced<u32>, calendar: &Calendar) -> Due {
    let nominal = from.saturating_add(i64::from(period.value).days());
    past_days_off(nominal, period.citation, calendar)
}

/// A period that ends on a day off ends on the next working day. 《民法典》第二百零三条.
fn past_days_off(nominal: Date, citation: Citation, calendar: &Calendar) -> Due {
    let day = calendar.day(nominal);
    if day.counts {
        return Due { on: nominal, citation, provisional: day.provisional, why: None };
    }
    let on = calendar.next_working_day(nominal);
    let why = format!("期满日{nominal}是{}，顺延至{on}（{}）", day.why, cite!(CivilCode, 203, 1));
    Due { on, citation, provisional: calendar.is_provisional(nominal, on), why: Some(why) }
}

/// The number of the day; for days before the first one known, the current number.
fn in_force(parameter: Parameter, date: Date) -> &'static Sourced<u32> {
    parameter.on(date).unwrap_or_else(|| parameter.current())
}
