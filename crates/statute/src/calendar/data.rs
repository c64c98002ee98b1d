//! Reads the calendar files of `law/calendar/`.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::Deserialize;

use super::{Arranged, days_after};
use crate::citation::{Citation, Evidence, Instrument, InstrumentRecord, Provision};

const YEARS: [&str; 8] = [
    include_str!("../../law/calendar/2019.toml"),
    include_str!("../../law/calendar/2020.toml"),
    include_str!("../../law/calendar/2021.toml"),
    include_str!("../../law/calendar/2022.toml"),
    include_str!("../../law/calendar/2023.toml"),
    include_str!("../../law/calendar/2024.toml"),
    include_str!("../../law/calendar/2025.toml"),
    include_str!("../../law/calendar/2026.toml"),
];
const REGIONS: [&str; 1] = [include_str!("../../law/calendar/region-640000.toml")];
const CORE: &str = include_str!("../../law/calendar/core.toml");

/// One year's arrangement.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    year: i16,
    evidence: Evidence,
    notice: Vec<Notice>,
    holiday: Vec<Holiday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Notice {
    number: String,
    issued: Date,
    source: String,
}

/// Days off from the first to the last date, and the weekends worked in exchange.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    name: String,
    off: (Date, Date),
    #[serde(default)]
    work: Vec<Date>,
}

impl Holiday {
    fn days_off(&self) -> impl Iterator<Item = Date> {
        let (first, last) = self.off;
        std::iter::once(first).chain(days_after(first)).take_while(move |day| *day <= last)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionFile {
    region: u32,
    name: String,
    title: String,
    number: String,
    issued: Date,
    source: String,
    evidence: Evidence,
    holiday: Vec<Holiday>,
}

impl RegionFile {
    fn province(&self) -> u8 {
        (self.region / 10_000) as u8
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CoreFile {
    #[serde(rename = "evidence")]
    _evidence: Evidence,
    year: Vec<CoreYear>,
}

/// The festivals of a year that follow the moon and the sun.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CoreYear {
    year: i16,
    spring_festival_eve: Date,
    qingming: Date,
    dragon_boat: Date,
    mid_autumn: Date,
}

/// The files are part of the crate: a mistake in one is found by the first test.
fn read<'a, T: Deserialize<'a>>(text: &'a str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("law/calendar: {error}\n{text}"))
}

fn years() -> impl Iterator<Item = YearFile> {
    YEARS.into_iter().map(read)
}

fn regions() -> impl Iterator<Item = RegionFile> {
    REGIONS.into_iter().map(read)
}

pub(super) fn known_years() -> RangeInclusive<i16> {
    let known: Vec<i16> = years().map(|file| file.year).collect();
    known[0]..=known[known.len() - 1]
}

pub(super) fn national_arrangements() -> HashMap<Date, Arranged> {
    let mut arranged = HashMap::new();
    for file in years() {
        let by = Instrument::HolidayNotice(file.year);
        for holiday in &file.holiday {
            for day in holiday.days_off() {
                arranged.insert(day, Arranged::Off { festival: holiday.name.clone(), by });
            }
            for day in &holiday.work {
                arranged.insert(*day, Arranged::MakeUp { festival: holiday.name.clone(), by });
            }
        }
    }
    arranged
}

pub(super) fn regional_days_off(province: u8) -> Vec<(Date, String)> {
    let Some(file) = regions().find(|file| file.province() == province) else { return Vec::new() };
    let days =
        file.holiday.iter().flat_map(|holiday| holiday.days_off().map(|day| (day, holiday.name.clone())));
    days.collect()
}

/// The statutory festival on `day` when no arrangement is known: those with a fixed date for every year,
/// the others as far as `core.toml` reaches. 《全国年节及纪念日放假办法》第二条.
pub(super) fn statutory_festival(day: Date) -> Option<&'static str> {
    match (day.month(), day.day()) {
        (1, 1) => return Some("元旦"),
        (5, 1 | 2) => return Some("劳动节"),
        (10, 1..=3) => return Some("国庆节"),
        _ => {}
    }
    static CORE_YEARS: std::sync::OnceLock<Vec<CoreYear>> = std::sync::OnceLock::new();
    let core = CORE_YEARS.get_or_init(|| read::<CoreFile>(CORE).year);
    let year = core.iter().find(|core| core.year == day.year())?;
    let spring_ends = year.spring_festival_eve.saturating_add(3.days());
    match day {
        day if year.spring_festival_eve <= day && day <= spring_ends => Some("春节"),
        day if day == year.qingming => Some("清明节"),
        day if day == year.dragon_boat => Some("端午节"),
        day if day == year.mid_autumn => Some("中秋节"),
        _ => None,
    }
}

pub(super) fn notices() -> Vec<InstrumentRecord> {
    let national = years().map(|file| {
        let instrument = Instrument::HolidayNotice(file.year);
        let join = |field: fn(&Notice) -> &str| file.notice.iter().map(field).collect::<Vec<_>>().join("、");
        InstrumentRecord {
            instrument,
            title: format!("国务院办公厅关于{}年部分节假日安排的通知", file.year),
            number: join(|notice| &notice.number),
            issued: file.notice[0].issued,
            since: date(file.year, 1, 1),
            source: join(|notice| &notice.source),
            evidence: file.evidence,
            provisions: vec![Provision {
                citation: Citation::whole(instrument),
                gist: format!("{}年的放假和调休。", file.year),
                evidence: file.evidence,
            }],
        }
    });
    let regional = regions().map(|file| {
        let instrument = Instrument::RegionalNotice(file.province());
        InstrumentRecord {
            instrument,
            title: file.title,
            number: file.number,
            issued: file.issued,
            since: file.holiday[0].off.0,
            source: file.source,
            evidence: file.evidence,
            provisions: vec![Provision {
                citation: Citation::whole(instrument),
                gist: format!("{}自行规定的节日放假。", file.name),
                evidence: file.evidence,
            }],
        }
    });
    national.chain(regional).collect()
}
