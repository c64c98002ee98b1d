//! 索引号 — the number under which an entry is found for good. Every agency has a rule for it, with the day it holds from;
//! a number is given once, from a counter of its own kind, and never again, whatever becomes of the entry.
//! 《条例》第十二条第三款.

pub mod actions;
mod refusal;
mod store;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

pub use refusal::IndexRefusal;
pub use store::{Given, Rule, given, rule_on, rules};

/// The rule of an agency that has set none.
pub const USUAL: &str = "{机关代码}/{年}-{序号:5}";

/// The longest number there may be.
const MOST: usize = 60;

/// One piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// What always stands there, such as the 统一社会信用代码.
    Fixed(String),
    AgencyCode,
    /// 行政区划代码.
    Region,
    /// 目录事项的编号.
    Line,
    Year,
    /// 年月, `202611`.
    Month,
    /// 序号, filled up with zeros to this width.
    Serial(usize),
}

/// A rule that can be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Part>);

/// What a number is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub agency_code: String,
    pub region: String,
    pub line_code: String,
}

impl Pattern {
    /// Reads a rule as an officer types it; all that is wrong with it at once.
    pub fn read(text: &str) -> Result<Pattern, Vec<IndexRefusal>> {
        use IndexRefusal as R;
        let (mut parts, mut reasons) = (Vec::new(), Vec::new());
        let mut rest = text.trim();
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('{') {
                let Some((name, after)) = inner.split_once('}') else {
                    reasons.push(R::BraceOpen);
                    break;
                };
                match part(name.trim()) {
                    Some(part) => parts.push(part),
                    None => reasons.push(R::PartUnknown(name.to_owned())),
                }
                rest = after;
            } else {
                let end = rest.find('{').unwrap_or(rest.len());
                let (fixed, after) = rest.split_at(end);
                // The number is part of an address, too.
                if let Some(c) =
                    fixed.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.' | '/'))
                {
                    reasons.push(R::Character(c));
                }
                parts.push(Part::Fixed(fixed.to_owned()));
                rest = after;
            }
        }
        let pattern = Pattern(parts);
        let serials: Vec<usize> = pattern
            .0
            .iter()
            .filter_map(|part| match part {
                Part::Serial(width) => Some(*width),
                _ => None,
            })
            .collect();
        match serials.as_slice() {
            [width] if (3..=8).contains(width) => {}
            [_] => reasons.push(R::SerialWidth),
            _ => reasons.push(R::SerialOnce),
        }
        let slashes: usize = pattern
            .0
            .iter()
            .map(|part| match part {
                Part::Fixed(text) => text.matches('/').count(),
                _ => 0,
            })
            .sum();
        let sample = pattern.sample();
        let has_both_sides =
            sample.split_once('/').is_some_and(|(head, tail)| !head.is_empty() && !tail.is_empty());
        if slashes != 1 || !has_both_sides {
            reasons.push(R::SlashOnce);
        }
        if sample.chars().count() > MOST {
            reasons.push(R::TooLong { most: MOST });
        }
        if reasons.is_empty() { Ok(pattern) } else { Err(reasons) }
    }

    fn sample(&self) -> String {
        let place = Place { agency_code: "x".repeat(12), region: "990101".into(), line_code: "x".repeat(8) };
        self.number(&place, jiff::civil::date(2026, 1, 1), 1)
    }

    /// The number of this serial, on this day.
    pub fn number(&self, place: &Place, day: Date, serial: i64) -> String {
        self.filled(place, day, |width| format!("{serial:0width$}"))
    }

    /// The counter the serial is taken from: numbers that differ in nothing else share it.
    pub fn scope(&self, place: &Place, day: Date) -> String {
        format!("index/{}", self.filled(place, day, |_| "#".to_owned()))
    }

    fn filled(&self, place: &Place, day: Date, serial: impl Fn(usize) -> String) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Part::Fixed(text) => text.clone(),
                Part::AgencyCode => place.agency_code.clone(),
                Part::Region => place.region.clone(),
                Part::Line => place.line_code.clone(),
                Part::Year => format!("{:04}", day.year()),
                Part::Month => format!("{:04}{:02}", day.year(), day.month()),
                Part::Serial(width) => serial(*width),
            })
            .collect()
    }
}

fn part(name: &str) -> Option<Part> {
    Some(match name {
        "机关代码" => Part::AgencyCode,
        "行政区划" => Part::Region,
        "事项编号" => Part::Line,
        "年" => Part::Year,
        "年月" => Part::Month,
        _ => Part::Serial(name.strip_prefix("序号")?.strip_prefix([':', '：'])?.trim().parse().ok()?),
    })
}

/// What became of a number: whether the public finds something under it, and why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    Public,
    /// 已撤回, with the reason the public reads.
    Withdrawn {
        on: String,
        reason: String,
    },
    /// 预先编号 for a draft that is not out yet.
    Awaited,
    /// It was given to a draft that was deleted.
    DraftDeleted,
    /// 预留, for something that is no entry.
    Reserved,
    /// What is live is not for everyone.
    NotForEveryone,
    /// Nothing says why it is missing.
    Unexplained,
}

impl Standing {
    pub fn is_gap(&self) -> bool {
        *self != Standing::Public
    }
}

/// A number that is missing from what the public can count through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    pub number: String,
    pub title: String,
    pub entry_id: Option<String>,
    pub standing: Standing,
    /// Who gave or reserved it, when, and why.
    pub given_by: String,
    pub given_at: String,
    pub reason: String,
}

/// 编号缺口 — every number from 1 to the last one given, in every counter of the agency, that leads the public nowhere.
pub fn gaps(given: &[Given]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut before: Option<&Given> = None;
    for one in given {
        let expected = match before {
            Some(last) if last.scope == one.scope => last.serial + 1,
            _ => 1,
        };
        for missing in expected..one.serial {
            gaps.push(Gap {
                number: one.scope.trim_start_matches("index/").replace('#', &missing.to_string()),
                title: String::new(),
                entry_id: None,
                standing: Standing::Unexplained,
                given_by: String::new(),
                given_at: String::new(),
                reason: String::new(),
            });
        }
        let standing = one.standing();
        if standing.is_gap() {
            gaps.push(Gap {
                number: one.number.clone(),
                title: one.title.clone(),
                entry_id: one.entry_id.clone().filter(|_| one.has_entry > 0),
                standing,
                given_by: one.given_by.clone(),
                given_at: one.given_at.clone(),
                reason: one.reason.clone(),
            });
        }
        before = Some(one);
    }
    gaps
}
