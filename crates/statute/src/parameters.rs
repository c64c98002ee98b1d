//! Numbers of law: read from `law/parameters.toml`, by date.
//!
//! ```
//! use gongkai_statute::parameters::Parameter;
//! use jiff::civil::date;
//! let period = Parameter::ReplyWorkingDays.on(date(2024, 3, 1)).unwrap();
//! assert_eq!(period.value, 20);
//! assert!(Parameter::ReplyWorkingDays.on(date(2010, 1, 1)).is_none(), "before the Regulations of 2019");
//! ```

use std::sync::OnceLock;

use jiff::civil::Date;
use serde::Deserialize;

use crate::citation::{Citation, Evidence};
use crate::lists::closed_list;

closed_list! {
    /// 法定数字 — every number of law the crate computes with; the code is its name in the file.
    pub enum Parameter {
        /// 答复期限. 《条例》第三十三条第二款.
        ReplyWorkingDays = "reply_working_days", "答复期限（工作日）";
        /// 最长延长. 《条例》第三十三条第二款.
        ExtensionWorkingDaysMax = "extension_working_days_max", "最长延长（工作日）";
        /// 补正告知. 《条例》第三十条.
        SupplementNoticeWorkingDays = "supplement_notice_working_days", "补正告知（工作日）";
        /// 第三方提出意见. 《条例》第三十二条.
        ThirdPartyWorkingDays = "third_party_working_days", "第三方提出意见（工作日）";
        /// 共同制作机关提出意见. 《条例》第三十四条.
        AgencyConsultationWorkingDays = "agency_consultation_working_days", "共同制作机关提出意见（工作日）";
        /// 投诉、举报、更正的承诺办结; the office's own promise, no term of law. 《条例》第五十一条.
        GrievancePromiseWorkingDays = "grievance_promise_working_days", "投诉、举报、更正的承诺办结（工作日）";
        /// 主动公开. 《条例》第二十六条.
        PublicationWorkingDays = "publication_working_days", "主动公开（工作日）";
        /// 缴费. 《信息处理费管理办法》第六条.
        FeePaymentWorkingDays = "fee_payment_working_days", "缴纳信息处理费（工作日）";
        /// 申请行政复议. 《行政复议法》第二十条.
        ReconsiderationDays = "reconsideration_days", "申请行政复议（日）";
        /// 直接起诉. 《行政诉讼法》第四十六条.
        DirectLitigationMonths = "direct_litigation_months", "直接起诉（月）";
        /// 复议后起诉. 《行政诉讼法》第四十五条.
        LitigationAfterReconsiderationDays = "litigation_after_reconsideration_days", "复议后起诉（日）";
        /// 部门年度报告. 《条例》第四十九条第一款.
        DepartmentReportDay = "department_report_day", "部门年度报告（月日）";
        /// 本级政府年度报告. 《条例》第四十九条第二款.
        GovernmentReportDay = "government_report_day", "本级政府年度报告（月日）";
    }
}

/// 有出处的数字 — a value with the day from which it holds and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    pub value: T,
    pub since: Date,
    pub citation: Citation,
    pub evidence: Evidence,
}

impl Parameter {
    /// The value in force on `date`; `None` before the first one known.
    pub fn on(self, date: Date) -> Option<&'static Sourced<u32>> {
        in_force(self.history(), date)
    }

    /// Every value known.
    pub fn history(self) -> impl Iterator<Item = &'static Sourced<u32>> {
        let mine = table().parameters.iter().filter(move |(parameter, _)| *parameter == self);
        mine.map(|(_, sourced)| sourced)
    }

    /// The newest value, for what has no date of its own.
    pub fn current(self) -> &'static Sourced<u32> {
        self.on(Date::MAX).expect("a test reads every parameter")
    }
}

/// 按件或者按量的一个收费标准 — a progressive tariff: bounded tiers, then either steps or one flat rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeSchedule {
    pub tiers: Vec<(u64, u64)>,
    pub beyond: Beyond,
}

/// 末档以上的收费 — what follows the last bounded tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// Every further `units` form a tier whose price rises by `rise`.
    Step { units: u64, rise: u64 },
    /// One price for all the rest.
    Flat(u64),
}

/// The tariff in force on `date`; `None` before the fee measure.
pub(crate) fn fee_schedule(basis: &str, date: Date) -> Option<&'static Sourced<FeeSchedule>> {
    let mine = table().fee_schedules.iter().filter(|(of, _)| of == basis);
    in_force(mine.map(|(_, sourced)| sourced), date)
}

/// 复议前置的范围 — which refusals must go to reconsideration first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReconsiderationFirstScope {
    /// Everything under the head 不予公开.
    NotDisclosed,
    /// Only refusals resting on articles 14 to 16.
    #[serde(rename = "articles_14_to_16")]
    Articles14To16,
}

/// The scope in force on `date`; `None` while the choice was free.
pub(crate) fn reconsideration_first(date: Date) -> Option<&'static Sourced<ReconsiderationFirstScope>> {
    in_force(table().reconsideration_first.iter(), date)
}

/// The entry with the latest start not after `date`.
fn in_force<'a, T>(entries: impl Iterator<Item = &'a Sourced<T>>, date: Date) -> Option<&'a Sourced<T>> {
    entries.filter(|sourced| sourced.since <= date).max_by_key(|sourced| sourced.since)
}

struct Table {
    parameters: Vec<(Parameter, Sourced<u32>)>,
    fee_schedules: Vec<(String, Sourced<FeeSchedule>)>,
    reconsideration_first: Vec<Sourced<ReconsiderationFirstScope>>,
}

/// Where a number stands; shared by the three kinds of entry.
#[derive(Deserialize)]
struct Source {
    since: Date,
    cite: String,
    evidence: Evidence,
}

impl Source {
    fn of<T>(self, value: T) -> Sourced<T> {
        let citation = Citation::parse(&self.cite)
            .unwrap_or_else(|| panic!("law/parameters.toml: no such place as {}", self.cite));
        Sourced { value, since: self.since, citation, evidence: self.evidence }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    parameter: Vec<ParameterEntry>,
    fee_schedule: Vec<FeeEntry>,
    reconsideration_first: Vec<ScopeEntry>,
}

#[derive(Deserialize)]
struct ParameterEntry {
    name: Parameter,
    value: u32,
    #[serde(flatten)]
    source: Source,
}

#[derive(Deserialize)]
struct FeeEntry {
    basis: String,
    tier: Vec<TierEntry>,
    step: Option<StepEntry>,
    above: Option<u64>,
    #[serde(flatten)]
    source: Source,
}

#[derive(Deserialize)]
struct TierEntry {
    to: u64,
    yuan: u64,
}

#[derive(Deserialize)]
struct StepEntry {
    units: u64,
    rise: u64,
}

#[derive(Deserialize)]
struct ScopeEntry {
    scope: ReconsiderationFirstScope,
    #[serde(flatten)]
    source: Source,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let file: File = toml::from_str(include_str!("../law/parameters.toml"))
            .unwrap_or_else(|error| panic!("law/parameters.toml: {error}"));
        Table {
            parameters: file.parameter.into_iter().map(|e| (e.name, e.source.of(e.value))).collect(),
            fee_schedules: file.fee_schedule.into_iter().map(FeeEntry::read).collect(),
            reconsideration_first: file
                .reconsideration_first
                .into_iter()
                .map(|e| e.source.of(e.scope))
                .collect(),
        }
    })
}

impl FeeEntry {
    fn read(self) -> (String, Sourced<FeeSchedule>) {
        let beyond = match (self.step, self.above) {
            (Some(step), None) => Beyond::Step { units: step.units, rise: step.rise },
            (None, Some(yuan)) => Beyond::Flat(yuan),
            _ => panic!("law/parameters.toml: {} needs either step or above", self.basis),
        };
        let tiers = self.tier.into_iter().map(|tier| (tier.to, tier.yuan)).collect();
        (self.basis, self.source.of(FeeSchedule { tiers, beyond }))
    }
}

/// Every provision that a number rests on, for the test that resolves them.
pub fn citations() -> Vec<Citation> {
    let table = table();
    let numbers = table.parameters.iter().map(|(_, sourced)| sourced.citation);
    let fees = table.fee_schedules.iter().map(|(_, sourced)| sourced.citation);
    let scopes = table.reconsideration_first.iter().map(|sourced| sourced.citation);
    numbers.chain(fees).chain(scopes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::resolve;
    use jiff::civil::date;

    #[test]
    fn every_number_has_a_value_and_a_provision_that_resolves() {
        for parameter in Parameter::ALL {
            assert!(parameter.current().value > 0, "{parameter:?}");
        }
        for citation in citations() {
            assert!(resolve(&citation).is_some(), "{citation}");
        }
    }

    #[test]
    fn the_value_of_the_day_is_the_newest_not_after_it() {
        let before = Parameter::ReconsiderationDays.on(date(2023, 12, 31)).unwrap();
        let after = Parameter::ReconsiderationDays.on(date(2024, 1, 1)).unwrap();
        assert!(before.since < after.since);
        assert_eq!(Parameter::FeePaymentWorkingDays.on(date(2020, 12, 31)), None);
    }
}
