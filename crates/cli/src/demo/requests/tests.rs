use std::collections::{BTreeMap, BTreeSet};

use gongkai_disclosure::db::testing;
use gongkai_disclosure::remedies::{self, RemedyFilter, RemedyKind, RemedyResult};
use gongkai_disclosure::requests::{Listed, RequestFilter, RequestState, list};

use super::*;

/// The demo holds what the pages and the report have to show.
#[tokio::test]
async fn every_state_decision_channel_and_column_is_there() {
    let test = testing::sqlite().await;
    let now: jiff::Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
    let district = crate::demo::district::fill(&test.db, now, &|_| ()).await.unwrap();
    fill(&test.db, &test.files(), &district, &|_| ()).await.unwrap();

    let agencies: Vec<String> = district.offices.iter().map(|office| office.agency.id.clone()).collect();
    let filter = RequestFilter { agencies: agencies.clone(), ..RequestFilter::default() };
    let today = day_in_china(now);
    let mut conn = test.db.read().await.unwrap();
    let (rows, total) = list(&mut conn, &filter, today, 1, 1000).await.unwrap();
    assert!(total >= 120, "{total}");

    let states: BTreeSet<_> = rows.iter().map(|row| row.state).collect();
    assert_eq!(states, RequestState::ALL.iter().copied().collect());
    let decisions: BTreeSet<_> = rows.iter().filter_map(|row| row.decision).collect();
    assert_eq!(decisions, Decision::ALL.iter().copied().collect());
    let channels: BTreeSet<_> = rows.iter().map(|row| row.channel).collect();
    assert_eq!(channels, Channel::ALL.iter().copied().collect());
    let columns: BTreeSet<_> = rows.iter().map(|row| row.applicant_kind).collect();
    assert_eq!(columns, ApplicantColumn::ALL.iter().copied().collect());

    let is_open_on = |row: &&Listed, day: Date| {
        row.received_on.is_some_and(|received| received <= day)
            && row.closed_on.is_none_or(|closed| closed > day)
    };
    for year in [2024, 2025] {
        let end = jiff::civil::date(year, 12, 31);
        assert!(rows.iter().filter(|row| is_open_on(row, end)).count() >= 3, "carried over from {year}");
    }
    let open_due: Vec<_> =
        rows.iter().filter(|row| row.closed_on.is_none()).filter_map(|row| row.reply_due_on).collect();
    assert!(open_due.iter().filter(|due| **due < today).count() >= 2, "overdue");
    assert!(open_due.contains(&today), "due today");

    let filter = RemedyFilter { agencies, ..RemedyFilter::default() };
    let cases = remedies::list(&mut conn, &filter).await.unwrap();
    assert!(cases.len() >= 12, "{}", cases.len());
    let mut by_kind: BTreeMap<RemedyKind, BTreeSet<RemedyResult>> = BTreeMap::new();
    for case in &cases {
        by_kind.entry(case.kind).or_default().insert(case.result);
    }
    for kind in RemedyKind::ALL {
        assert_eq!(
            by_kind.get(kind).map(BTreeSet::len),
            Some(RemedyResult::ALL.len()),
            "{kind:?}: {by_kind:?}"
        );
    }
}

/// Whenever it is made: on a holiday, on a Sunday, at night, in a year without an arrangement.
#[tokio::test]
async fn the_demo_can_be_made_on_any_day() {
    for now in ["2026-10-04T02:00:00Z", "2026-02-28T15:59:00Z", "2027-02-14T17:00:00Z"] {
        let test = testing::sqlite().await;
        let now: jiff::Timestamp = now.parse().unwrap();
        let district = crate::demo::district::fill(&test.db, now, &|_| ()).await.unwrap();
        fill(&test.db, &test.files(), &district, &|_| ()).await.unwrap();
        let agencies = district.offices.iter().map(|office| office.agency.id.clone()).collect();
        let filter = RequestFilter { agencies, ..RequestFilter::default() };
        let mut conn = test.db.read().await.unwrap();
        let (rows, _) = list(&mut conn, &filter, day_in_china(now), 1, 1000).await.unwrap();
        let states: BTreeSet<_> = rows.iter().map(|row| row.state).collect();
        assert_eq!(states, RequestState::ALL.iter().copied().collect(), "{now}");
    }
}
