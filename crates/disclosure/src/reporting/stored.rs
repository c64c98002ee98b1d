//! 年度报告数据 — the figures of every published report, packed when it is released, so that a sum over any agencies and
//! years is one scan. 《条例》第四十九条第二款.
//!
//! The report itself stays where it is published; these are its figures a second time, each with its state: a number,
//! blank, an explicit none, or not known.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use gongkai_report::aggregate::{Figures, Totals};
use gongkai_report::{Report, read};

use super::{report_of, store, year_in_title};
use crate::db::{Conn, Tx};
use crate::publishing::{Edition, Genre};

/// The sums of every cell, for each of the years in which an agency of the set has published its report.
pub async fn totals(
    conn: &mut Conn,
    is_wanted: impl Fn(&str) -> bool,
    years: RangeInclusive<i16>,
) -> sqlx::Result<BTreeMap<i16, Totals>> {
    let mut totals: BTreeMap<i16, Totals> = BTreeMap::new();
    let mut bytes = Vec::new();
    for (agency_id, text) in store::all_years(conn).await? {
        if !is_wanted(&agency_id) {
            continue;
        }
        let is_whole = unpacked(&text, &mut bytes).is_some_and(|records| {
            records
                .filter(|(year, _)| years.contains(year))
                .all(|(year, packed)| totals.entry(year).or_default().add_packed(packed))
        });
        if !is_whole {
            let told = format!("the stored figures of agency {agency_id} are not whole");
            return Err(sqlx::Error::Decode(told.into()));
        }
    }
    Ok(totals)
}

/// Keeps the figures of an annual report that goes out; a corrected edition replaces them.
pub(crate) async fn released(tx: &mut Tx, edition: &Edition) -> anyhow::Result<()> {
    if edition.genre != Genre::AnnualReport.code() {
        return Ok(());
    }
    let compiled = store::compiled_body(tx.conn(), &edition.id).await?;
    let found = match &compiled {
        Some((year, body)) => i16::try_from(*year).ok().zip(Some(report_of(body)?)),
        // Written by hand: its figures are read as anybody would read them.
        None => year_in_title(&edition.title).zip(read_entry(&edition.title, &edition.body_html)),
    };
    let Some((year, report)) = found else { return Ok(()) };
    change(tx.conn(), &edition.agency_id, year, Some(&Figures::of(&report))).await?;
    Ok(())
}

/// Forgets the figures of an annual report that was taken off the site.
pub(crate) async fn withdrawn(tx: &mut Tx, edition: &Edition) -> anyhow::Result<()> {
    let Some(year) = year_in_title(&edition.title) else { return Ok(()) };
    if edition.genre == Genre::AnnualReport.code() {
        change(tx.conn(), &edition.agency_id, year, None).await?;
    }
    Ok(())
}

fn read_entry(title: &str, body_html: &str) -> Option<Report> {
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    let page = format!("<!doctype html><html><body><h1>{title}</h1>{body_html}</body></html>");
    Some(read(page.as_bytes(), &title).ok()?.report)
}

/// Puts the figures of one year in place of what is stored for it, or takes them away.
pub(crate) async fn change(
    conn: &mut Conn,
    agency_id: &str,
    year: i16,
    figures: Option<&Figures>,
) -> sqlx::Result<()> {
    let stored = store::locked_years(conn, agency_id).await?;
    let mut bytes = Vec::new();
    let mut years: BTreeMap<i16, Vec<u8>> = match unpacked(&stored, &mut bytes) {
        Some(records) => records.map(|(year, packed)| (year, packed.to_vec())).collect(),
        None => BTreeMap::new(),
    };
    match figures {
        Some(figures) => drop(years.insert(year, figures.as_bytes().to_vec())),
        None => drop(years.remove(&year)),
    }
    store::set_years(conn, agency_id, &packed(&years)).await
}

/// Each year with the length of its figures before them; the bytes as text, a character each, since text is what both
/// databases store alike. Most bytes are small and stay one byte; the zero byte, which no text may hold, becomes one.
pub(super) fn packed(years: &BTreeMap<i16, Vec<u8>>) -> String {
    let records = years.iter().flat_map(|(year, figures)| {
        let length = u16::try_from(figures.len()).unwrap_or(u16::MAX).to_be_bytes();
        year.to_be_bytes().into_iter().chain(length).chain(figures.iter().copied())
    });
    records.filter_map(|byte| char::from_u32(u32::from(byte) + 1)).collect()
}

/// A year with its figures.
type Record<'b> = (i16, &'b [u8]);

/// The years with their figures, in `bytes`; `None` when the text is not whole.
fn unpacked<'b>(text: &str, bytes: &'b mut Vec<u8>) -> Option<impl Iterator<Item = Record<'b>>> {
    bytes.clear();
    for c in text.chars() {
        bytes.push(u8::try_from(u32::from(c).checked_sub(1)?).ok()?);
    }
    let next = |rest: &'b [u8]| -> Option<(Record<'b>, &'b [u8])> {
        let (head, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let (figures, rest) = rest.split_at_checked(length)?;
        Some(((i16::from_be_bytes([head[0], head[1]]), figures), rest))
    };
    let mut rest = &bytes[..];
    while !rest.is_empty() {
        rest = next(rest)?.1;
    }
    let mut rest = &bytes[..];
    Some(std::iter::from_fn(move || {
        let (record, after) = next(rest)?;
        rest = after;
        Some(record)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing;
    use gongkai_report::aggregate::{Figure, Total};
    use gongkai_report::{Cell, CellAddress, Content};

    fn report(seed: i64) -> Report {
        let mut report = Report::new("青禾区松溪镇", 2025);
        let received: CellAddress = "requests/received/natural_person".parse().unwrap();
        report.set_count(received, seed).unwrap();
        report.put("requests/received/other".parse().unwrap(), Cell::new(Content::Blank));
        report.put("requests/disclosed/other".parse().unwrap(), Cell::new(Content::ExplicitNone));
        report.put("requests/partly_disclosed/other".parse().unwrap(), Cell::new(Content::Lost));
        report
    }

    #[test]
    fn any_bytes_come_back_and_broken_text_is_seen() {
        let years: BTreeMap<i16, Vec<u8>> = [(2021, (0..=255).collect()), (2025, Vec::new())].into();
        let (text, mut bytes) = (packed(&years), Vec::new());
        let back: BTreeMap<i16, Vec<u8>> =
            unpacked(&text, &mut bytes).unwrap().map(|(year, packed)| (year, packed.to_vec())).collect();
        assert_eq!(back, years);
        let cut: String = text.chars().take(20).collect();
        for broken in [cut.as_str(), "汉", "\u{0}", "\u{1}"] {
            assert!(unpacked(broken, &mut bytes).is_none(), "{broken:?}");
        }
        assert_eq!(unpacked("", &mut bytes).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn sums_over_any_agencies_and_years_keep_what_is_not_known() {
        for test in testing::databases().await {
            let db = &test.db;
            let office = crate::testing::office(db, "qh", crate::accounts::AgencyKind::Bureau).await;
            let id = office.agency.id.as_str();
            let now = "2026-01-10T01:00:00Z".parse().unwrap();
            let mut tx = db.begin(&office.officer.actor(), now).await.unwrap();
            for (year, seed) in [(2023, 5), (2024, 7), (2025, 11), (2024, 8)] {
                change(tx.conn(), id, year, Some(&Figures::of(&report(seed)))).await.unwrap();
            }
            change(tx.conn(), id, 2023, None).await.unwrap();
            let all = totals(tx.conn(), |_| true, 2020..=2025).await.unwrap();
            assert_eq!(all.keys().copied().collect::<Vec<_>>(), [2024, 2025]);
            let of = |address: &str| all[&2024].total(address.parse().unwrap());
            assert_eq!(of("requests/received/natural_person"), Total::Exact(8), "the corrected one");
            assert_eq!(of("requests/disclosed/other"), Total::Exact(0));
            assert_eq!(of("requests/received/other"), Total::Unknown);
            assert_eq!(of("requests/partly_disclosed/other"), Total::Unknown);
            let sum = |address: &str| all[&2024].sum(address.parse().unwrap());
            assert_eq!((sum("requests/disclosed/other").none, sum("requests/received/other").blank), (1, 1));
            assert_eq!(sum("requests/partly_disclosed/other").blank, 0);
            assert!(totals(tx.conn(), |other| other != id, 2020..=2025).await.unwrap().is_empty());
            assert_eq!(totals(tx.conn(), |_| true, 2025..=2030).await.unwrap().len(), 1);
        }
        let figures = Figures::of(&report(3));
        assert_eq!(figures.figure("requests/received/other".parse().unwrap()), Some(Figure::Blank));
    }
}
