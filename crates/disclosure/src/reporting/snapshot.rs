//! 年终快照 — the figures of a finished year, with the records behind each, fixed under a hash.
//!
//! A snapshot is the ledger of a year in one JSON text. From it the year's ledger is built again, so the
//! report, its lists and the next year's carried-over requests come from what was fixed, whatever happens to
//! the records later; what the records say now is set beside it as differences.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_report::CellAddress;
use gongkai_report::model::{ApplicantColumn, OfficialForm, RequestRow};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::figures::{Figure, FigureAddress, Period};
use super::ledger::{Behind, Doubt, YearLedger};
use crate::accounts::Agency;
use crate::records::{Record, Register};

/// The layout of [`Body`]; a later one is read beside this.
const LAYOUT: u32 = 1;

/// What a list says of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SnapshotHead {
    pub id: String,
    pub ordinal: i64,
    pub sha256: String,
    /// Why the year was frozen again; empty for the first.
    pub reason: String,
    /// `None`: the program, at year end.
    pub frozen_by: Option<String>,
    pub frozen_at: String,
}

/// 年终快照 — with its content.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Snapshot {
    #[sqlx(flatten)]
    pub head: SnapshotHead,
    /// Canonical JSON: fields in the order of [`Body`], figures in the order of their addresses.
    pub body: String,
}

#[derive(Serialize, Deserialize)]
struct Body {
    layout: u32,
    agency_code: String,
    agency_name: String,
    year: i16,
    from: String,
    until: String,
    records: Vec<RecordLine>,
    figures: BTreeMap<String, FigureLine>,
    doubts: Vec<DoubtLine>,
}

#[derive(Serialize, Deserialize)]
struct RecordLine {
    register: String,
    id: String,
    title: String,
    detail: String,
    date: String,
}

#[derive(Serialize, Deserialize)]
struct FigureLine {
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fen: Option<i64>,
    /// Places in `records`.
    records: Vec<usize>,
}

#[derive(Serialize, Deserialize)]
struct DoubtLine {
    record: RecordLine,
    words: String,
}

/// SHA-256 over the bytes of a snapshot or a report, in hexadecimal.
pub fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// The ledger of a year as the text of a snapshot: the same ledger gives the same bytes.
pub(crate) fn written(ledger: &YearLedger) -> anyhow::Result<String> {
    let mut order: Vec<usize> = (0..ledger.records.len()).collect();
    order.sort_by_key(|at| {
        let record = &ledger.records[*at];
        (record.register, record.date.clone(), record.id.clone())
    });
    let mut place = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        place[*old] = new;
    }
    let mut figures = BTreeMap::new();
    let zeros =
        CellAddress::all(OfficialForm::for_year(ledger.period.year)).into_iter().map(FigureAddress::from);
    for address in zeros.chain(ledger.behind.keys().cloned()) {
        let mut records: Vec<usize> = ledger
            .behind
            .get(&address)
            .map_or_else(Vec::new, |b| b.records.iter().map(|at| place[*at]).collect());
        records.sort_unstable();
        let line = match ledger.counted(&address) {
            Figure::Count(count) => FigureLine { count: Some(count), fen: None, records },
            Figure::Fen(fen) => FigureLine { count: None, fen: Some(fen), records },
        };
        figures.insert(address.to_string(), line);
    }
    let body = Body {
        layout: LAYOUT,
        agency_code: ledger.agency.code.clone(),
        agency_name: ledger.agency.name.clone(),
        year: ledger.period.year,
        from: ledger.period.from.to_string(),
        until: ledger.period.until.to_string(),
        records: order.iter().map(|at| line(&ledger.records[*at])).collect(),
        figures,
        doubts: ledger
            .doubts
            .iter()
            .map(|doubt| DoubtLine { record: line(&doubt.record), words: doubt.words.clone() })
            .collect(),
    };
    Ok(serde_json::to_string(&body)?)
}

fn line(record: &Record) -> RecordLine {
    // A snapshot is for good, and what someone asked for is destroyed some day: it names the request and no more.
    let title = if record.register == Register::Requests { &record.id } else { &record.title };
    RecordLine {
        register: record.register.code().to_owned(),
        id: record.id.clone(),
        title: title.clone(),
        detail: record.detail.clone(),
        date: record.date.clone(),
    }
}

fn record(line: RecordLine) -> anyhow::Result<Record> {
    let register = Register::from_code(&line.register)
        .ok_or_else(|| anyhow::anyhow!("a snapshot names the register {:?}", line.register))?;
    Ok(Record { register, id: line.id, title: line.title, detail: line.detail, date: line.date })
}

impl Snapshot {
    /// The ledger of the year as it was fixed.
    ///
    /// # Errors
    /// The text no longer gives its hash: it was changed past the database's own refusals, and nothing is
    /// reported from it.
    pub(crate) fn ledger(&self, agency: &Agency, period: Period) -> anyhow::Result<YearLedger> {
        anyhow::ensure!(
            sha256(&self.body) == self.head.sha256,
            "the snapshot {} of {} {} does not give its hash",
            self.head.id,
            agency.code,
            period.year
        );
        let body: Body = serde_json::from_str(&self.body)?;
        let mut ledger = YearLedger::new(agency.clone(), period);
        ledger.records = body.records.into_iter().map(record).collect::<anyhow::Result<_>>()?;
        for (address, line) in body.figures {
            let address: FigureAddress = address.parse().map_err(|e| anyhow::anyhow!("{e}"))?;
            let known = line.records.iter().all(|at| *at < ledger.records.len());
            anyhow::ensure!(known, "the snapshot {} counts a record it does not hold", self.head.id);
            let figure = match (line.count, line.fen) {
                (_, Some(fen)) => Figure::Fen(fen),
                (count, None) => Figure::Count(count.unwrap_or_default()),
            };
            ledger.behind.insert(address, Behind { figure, records: line.records });
        }
        for doubt in body.doubts {
            ledger.doubts.push(Doubt { record: record(doubt.record)?, words: doubt.words });
        }
        ledger.frozen = Some(self.head.clone());
        Ok(ledger)
    }
}

/// What last year's snapshot says of requests: with what this year begins.
#[derive(Clone, Debug, Default)]
pub(crate) struct Opening {
    /// 结转下年度继续办理, by number, with the column each was reported in.
    pub carried: BTreeMap<String, (ApplicantColumn, Record)>,
    /// Reported as concluded.
    pub concluded: BTreeSet<String>,
}

impl Opening {
    pub(crate) fn of(last_year: &YearLedger) -> Opening {
        let mut opening = Opening::default();
        for &column in ApplicantColumn::KINDS {
            let carried = CellAddress::Requests(RequestRow::CarriedToNextYear, column).into();
            for record in last_year.records(&carried) {
                opening.carried.insert(record.id.clone(), (column, record.clone()));
            }
        }
        let concluded = CellAddress::Requests(RequestRow::Total, ApplicantColumn::Total).into();
        opening.concluded = last_year.records(&concluded).into_iter().map(|r| r.id.clone()).collect();
        opening
    }
}

/// A figure for which the records now say something else than the snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub figure: FigureAddress,
    pub frozen: Figure,
    pub now: Figure,
    /// Records that count now and did not.
    pub come: Vec<Record>,
    /// Records that counted and do not now.
    pub gone: Vec<Record>,
}

/// What makes a record the same one. A report that was sent again with the same number in this cell is no news:
/// its title names the agency and the number.
fn key(record: &Record) -> (Register, &str) {
    let by = if record.register == Register::Reports { &record.title } else { &record.id };
    (record.register, by)
}

/// Where the records of a year say something else than what was fixed. Totals follow and are left out.
pub fn differences(frozen: &YearLedger, now: &YearLedger) -> Vec<Difference> {
    let addresses: BTreeSet<&FigureAddress> = frozen.behind.keys().chain(now.behind.keys()).collect();
    let mut found = Vec::new();
    for figure in addresses {
        if figure.is_total() {
            continue;
        }
        let (was, is) = (frozen.counted(figure), now.counted(figure));
        let (before, after) = (frozen.records(figure), now.records(figure));
        let without = |from: &[&Record], other: &[&Record]| -> Vec<Record> {
            let known: BTreeSet<(Register, &str)> = other.iter().map(|r| key(r)).collect();
            let new = from.iter().filter(|r| !known.contains(&key(r)));
            new.map(|r| (*r).clone()).collect()
        };
        let (come, gone) = (without(&after, &before), without(&before, &after));
        if was != is || !come.is_empty() || !gone.is_empty() {
            found.push(Difference { figure: figure.clone(), frozen: was, now: is, come, gone });
        }
    }
    found
}
