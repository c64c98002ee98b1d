use gongkai_statute::cite;
use jiff::civil::Date;

use super::agency::AgencyKind;
use super::dates::dates;
use super::prose::{Passage, at_phrase};
use super::{Context, Finding, Severity};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let report = context.report;
    let Some(year) = report.year else { return Vec::new() };
    let Some((passage, range, signed)) = signed(context) else { return Vec::new() };
    let kind = report.agency.as_deref().map_or(AgencyKind::Unknown, AgencyKind::of);
    let Some((severity, message, basis)) = judge(year, signed, kind) else { return Vec::new() };
    vec![at_phrase("report-date", severity, passage.at(range), message, basis)]
}

fn judge(year: i16, signed: Date, kind: AgencyKind) -> Option<(Severity, String, String)> {
    let of_next_year = |month, day| Date::new(year + 1, month, day).ok();
    let (january, march) = (of_next_year(1, 31)?, of_next_year(3, 31)?);
    let said = format!("{}年{}月{}日", signed.year(), signed.month(), signed.day());
    if signed.year() <= year {
        let message = format!("落款日期是{said}，{year}年还没有结束，全年数据此时不可能有；请核对年份");
        return Some((Severity::Warning, message, cite!(Ogi, 49, 1).to_string()));
    }
    if signed <= january {
        return None;
    }
    match kind {
        AgencyKind::Government if signed <= march => None,
        AgencyKind::Government => {
            let message = format!("落款日期是{said}，晚于3月31日；本级政府的报告应当在每年3月31日前公布");
            Some((Severity::Warning, message, cite!(Ogi, 49, 2).to_string()))
        }
        AgencyKind::Department => {
            let message = format!("落款日期是{said}，晚于1月31日；政府部门的报告应当在每年1月31日前公布");
            Some((Severity::Warning, message, cite!(Ogi, 49, 1).to_string()))
        }
        AgencyKind::Town | AgencyKind::Unknown => {
            let message = format!("落款日期是{said}，晚于1月31日；请核对是否按上级规定的期限公布");
            Some((Severity::Info, message, cite!(Ogi, 49, 1).to_string()))
        }
    }
}

/// The date below the report: a line of its own among the last.
fn signed<'a>(context: &Context<'a>) -> Option<(&'a Passage, std::ops::Range<usize>, Date)> {
    let passage = context.prose().passages.iter().rev().find(|passage| !passage.text.trim().is_empty())?;
    let mut end = passage.text.len();
    for line in passage.text.rsplit('\n').take(4) {
        let start = end - line.len();
        if let [only] = dates(line).as_slice()
            && only.range == (0..line.len())
            && let Some(date) = only.date()
        {
            return Some((passage, start..end, date));
        }
        end = start.saturating_sub(1);
    }
    None
}
