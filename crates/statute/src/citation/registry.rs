//! The provisions relied on, read from `law/`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::{Citation, Instrument};
use crate::calendar;

/// 依据的可靠程度 — how we know what we say about a provision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The full text was read.
    Read,
    /// An excerpt or a reliable account of it was seen.
    Seen,
    /// From memory only: verify before relying on it.
    Memory,
}

impl Evidence {
    /// 已读全文 · 见到摘录 · 凭记忆，待核.
    pub fn label(self) -> &'static str {
        match self {
            Evidence::Read => "已读全文",
            Evidence::Seen => "见到摘录",
            Evidence::Memory => "凭记忆，待核",
        }
    }
}

/// 条文 — one provision that the code relies on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provision {
    pub citation: Citation,
    /// What it says, in our own words.
    pub gist: String,
    pub evidence: Evidence,
}

/// 法律文件登记 — an instrument with the provisions relied on, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentRecord {
    pub instrument: Instrument,
    pub title: String,
    /// 文号.
    pub number: String,
    pub issued: Date,
    /// 施行日期.
    pub since: Date,
    /// Where the text was found.
    pub source: String,
    pub evidence: Evidence,
    /// The first is the instrument as a whole.
    pub provisions: Vec<Provision>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LawFile {
    title: String,
    number: String,
    issued: String,
    since: String,
    source: String,
    evidence: Evidence,
    about: String,
    #[serde(default)]
    provisions: BTreeMap<String, ProvisionText>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ProvisionText {
    Gist(String),
    Marked { gist: String, evidence: Evidence },
}

const LAW_FILES: [(Instrument, &str); 12] = [
    (Instrument::Ogi, include_str!("../../law/ogi.toml")),
    (Instrument::FeeMeasure, include_str!("../../law/fee_measure.toml")),
    (Instrument::ReconsiderationLaw, include_str!("../../law/reconsideration_law.toml")),
    (Instrument::LitigationLaw, include_str!("../../law/litigation_law.toml")),
    (Instrument::LitigationInterpretation, include_str!("../../law/litigation_interpretation.toml")),
    (Instrument::CivilCode, include_str!("../../law/civil_code.toml")),
    (Instrument::LegislationLaw, include_str!("../../law/legislation_law.toml")),
    (Instrument::ReportForm2019, include_str!("../../law/report_form_2019.toml")),
    (Instrument::ReportForm2021, include_str!("../../law/report_form_2021.toml")),
    (Instrument::HolidayMeasure, include_str!("../../law/holiday_measure.toml")),
    (Instrument::WorkingHours, include_str!("../../law/working_hours.toml")),
    (Instrument::SecretsLaw, include_str!("../../law/secrets_law.toml")),
];

/// Every instrument with the provisions relied on: those of `law/` first, then the holiday notices.
pub fn all_instruments() -> &'static [InstrumentRecord] {
    static ALL: OnceLock<Vec<InstrumentRecord>> = OnceLock::new();
    ALL.get_or_init(|| filed().iter().cloned().chain(calendar::notices()).collect())
}

/// The provision a citation points to, if the code is entitled to rely on it.
pub fn resolve(citation: &Citation) -> Option<&'static Provision> {
    let record = all_instruments().iter().find(|record| record.instrument == citation.instrument)?;
    record.provisions.iter().find(|provision| provision.citation == *citation)
}

/// The title of an instrument that has a record.
pub(super) fn title(instrument: Instrument) -> Option<&'static str> {
    let records = match instrument {
        Instrument::HolidayNotice(_) | Instrument::RegionalNotice(_) => all_instruments(),
        _ => filed(),
    };
    records.iter().find(|record| record.instrument == instrument).map(|record| record.title.as_str())
}

fn filed() -> &'static [InstrumentRecord] {
    static FILED: OnceLock<Vec<InstrumentRecord>> = OnceLock::new();
    FILED.get_or_init(|| LAW_FILES.iter().map(|(instrument, text)| read(*instrument, text)).collect())
}

/// Reads one embedded file. A mistake in it is a mistake in this crate, found by its first test.
fn read(instrument: Instrument, text: &str) -> InstrumentRecord {
    let code = instrument.code();
    let file: LawFile = toml::from_str(text).unwrap_or_else(|error| panic!("law/{code}.toml: {error}"));
    let date = |text: &str| text.parse().unwrap_or_else(|error| panic!("law/{code}.toml: {error}"));
    let whole =
        Provision { citation: Citation::whole(instrument), gist: file.about, evidence: file.evidence };
    let mut provisions: Vec<_> = file
        .provisions
        .into_iter()
        .map(|(locator, text)| {
            let citation = Citation::at(instrument, &locator)
                .unwrap_or_else(|| panic!("law/{code}.toml: no such place as {locator}"));
            match text {
                ProvisionText::Gist(gist) => Provision { citation, gist, evidence: file.evidence },
                ProvisionText::Marked { gist, evidence } => Provision { citation, gist, evidence },
            }
        })
        .collect();
    provisions.push(whole);
    provisions.sort_by_key(|provision| provision.citation);
    InstrumentRecord {
        instrument,
        title: file.title,
        number: file.number,
        issued: date(&file.issued),
        since: date(&file.since),
        source: file.source,
        evidence: file.evidence,
        provisions,
    }
}
