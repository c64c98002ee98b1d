//! 政府信息公开目录 — what an agency has to publish, line by line, and how often. 《条例》第二十条、第二十一条.

pub mod actions;
mod lines;
mod refusal;
pub mod sheet;
mod starting;
mod store;
#[cfg(test)]
mod tests;

pub use lines::{LineContent, TypedLine, method_label};
pub use refusal::CatalogueRefusal;
pub use starting::{Starting, StartingLine, field_catalogues, find_starting, starting, starting_names};
pub use store::{LineVersion, all_lines, line, lines, public_lines, versions};

use gongkai_statute::duties::{Category, CountyDuty, TownshipDuty};
use jiff::ToSpan;
use jiff::civil::Date;

/// 公开事项 — a line of the catalogue, with what stands under it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Line {
    pub id: String,
    pub agency_id: String,
    pub code: String,
    /// Code of a duty in article 20 or 21; see [`category_label`].
    pub category: String,
    pub title: String,
    /// 公开内容（要素）.
    pub elements: String,
    /// 公开依据.
    pub basis: String,
    /// 公开时限.
    pub time_limit: String,
    /// A new entry is expected this often; `None`: on occasion.
    pub period_days: Option<i64>,
    /// 公开渠道和载体.
    pub channels: String,
    /// 公开责任部门.
    pub responsible_office: String,
    pub position: i64,
    /// 一级事项; may be empty.
    pub topic: String,
    /// 公开对象 — the group it is for; empty: 全社会.
    pub audience: String,
    /// 公开方式: `proactive` or `on_request`.
    pub method: String,
    /// 公开层级, `县级、乡级`; may be empty.
    pub levels: String,
    /// Since when nothing new is published under it.
    pub retired_on: Option<String>,
    pub retired_reason: String,
    /// Counts its changes.
    pub version: i64,
    /// Entries that are public now.
    pub entries: i64,
    /// The day of the newest public entry.
    pub newest_on: Option<String>,
}

/// The same for everyone: no inner office, no period.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicLine {
    pub id: String,
    pub agency_code: String,
    pub code: String,
    pub category: String,
    pub title: String,
    pub elements: String,
    pub basis: String,
    pub time_limit: String,
    pub channels: String,
    pub entries: i64,
    pub newest_on: Option<String>,
}

/// Codes of all duties of articles 20 and 21, each once, in their order.
pub fn category_codes() -> impl Iterator<Item = &'static str> {
    let own = Category::ALL.iter().map(|duty| duty.code());
    let county = CountyDuty::ALL.iter().map(|duty| duty.code());
    let is_new = |code: &&str| CountyDuty::from_code(code).is_none();
    let township = TownshipDuty::ALL.iter().map(|duty| duty.code()).filter(is_new);
    own.chain(county).chain(township)
}

/// The words of a duty of article 20 or 21; an unknown code is shown as it stands.
pub fn category_label(code: &str) -> String {
    Category::from_code(code)
        .map(Category::label)
        .or_else(|| CountyDuty::from_code(code).map(CountyDuty::label))
        .or_else(|| TownshipDuty::from_code(code).map(TownshipDuty::label))
        .unwrap_or(code)
        .to_owned()
}

/// The provision behind a duty, `《条例》第二十条第七项`.
pub fn category_provision(code: &str) -> Option<String> {
    let citation = Category::from_code(code)
        .map(Category::citation)
        .or_else(|| CountyDuty::from_code(code).map(CountyDuty::citation))
        .or_else(|| TownshipDuty::from_code(code).map(TownshipDuty::citation))?;
    Some(format!("《条例》{}", citation.place()))
}

/// 逾期未更新 — a line under which something was due and nothing came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    pub line_id: String,
    pub code: String,
    pub title: String,
    pub responsible_office: String,
    pub period_days: i64,
    /// `None`: nothing was ever published under it.
    pub newest_on: Option<Date>,
    /// When the next entry was due; `None` when there was no first one to count from.
    pub due_on: Option<Date>,
    pub days_late: i64,
}

/// Lines with a period and no entry within it, the latest first; those that never had one come before all.
pub fn gaps(lines: &[Line], today: Date) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = lines
        .iter()
        .filter_map(|line| {
            let period_days = line.period_days?;
            let newest_on = line.newest_on.as_deref().and_then(|day| day.parse::<Date>().ok());
            let due_on = newest_on.and_then(|day| day.checked_add(period_days.days()).ok());
            let days_late = due_on.map_or(0, |due| i64::from((today - due).get_days()));
            let is_gap = newest_on.is_none() || days_late > 0;
            is_gap.then(|| Gap {
                line_id: line.id.clone(),
                code: line.code.clone(),
                title: line.title.clone(),
                responsible_office: line.responsible_office.clone(),
                period_days,
                newest_on,
                due_on,
                days_late,
            })
        })
        .collect();
    gaps.sort_by(|a, b| {
        (a.newest_on.is_some(), -a.days_late, &a.code).cmp(&(b.newest_on.is_some(), -b.days_late, &b.code))
    });
    gaps
}
