use gongkai_report::model::{ApplicantColumn, OfficialForm, RequestRow};
use gongkai_report::{CellAddress, Content, Severity};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::actions::{NewDecision, add_decision, freeze, freeze_all};
use super::ledger::KnownRequest;
use super::snapshot::{Opening, written};
use super::tests::{add_request, agency_with_officer, officer_elsewhere};
use super::{
    Figure, FigureAddress, Period, ReportingRefusal, Snapshot, SnapshotHead, YearLedger, differences, gather,
    gather_now, sha256, snapshot, snapshots,
};
use crate::accounts::{Agency, Staff};
use crate::audit::Actor;
use crate::db::{Db, Tx, testing};
use crate::error::Failure;
use crate::records::{Record, Register};

async fn begin(db: &Db, staff: &Staff, now: &str) -> Tx {
    db.begin(&staff.actor(), now.parse().unwrap()).await.unwrap()
}

fn refused<T: std::fmt::Debug>(result: crate::error::Result<T, ReportingRefusal>) -> Vec<ReportingRefusal> {
    match result {
        Err(Failure::Refused(reasons)) => reasons,
        other => panic!("not refused: {other:?}"),
    }
}

async fn run(tx: &mut Tx, sql: &'static str, number: &str) {
    sqlx::query(sql).bind(number.to_owned()).execute(tx.conn()).await.unwrap();
}

fn penalties() -> FigureAddress {
    "proactive/penalties/decisions".parse().unwrap()
}

async fn add_penalty(tx: &mut Tx, officer: &Staff, agency: &Agency, decided_on: &str) {
    let new = NewDecision {
        agency_id: agency.id.clone(),
        kind: "penalty".into(),
        reference: "青罚〔2025〕1号".into(),
        subject: "占道经营".into(),
        decided_on: decided_on.into(),
    };
    add_decision(tx, officer, new).await.unwrap();
}

#[tokio::test]
async fn a_frozen_year_keeps_its_figures_and_shows_what_moved() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, officer) = agency_with_officer(db).await;
        let stranger = officer_elsewhere(db).await;
        let mut tx = begin(db, &officer, "2025-12-31T01:00:00Z").await;
        add_penalty(&mut tx, &officer, &agency, "2025-03-01").await;
        assert_eq!(
            refused(freeze(&mut tx, &officer, &agency, 2025, "").await),
            [ReportingRefusal::StillRunning(2025)],
            "the last day is part of the year"
        );
        tx.commit().await.unwrap();

        let mut tx = begin(db, &officer, "2026-01-02T01:00:00Z").await;
        assert_eq!(
            refused(freeze(&mut tx, &stranger, &agency, 2025, "").await),
            [ReportingRefusal::Forbidden]
        );
        let hash = freeze(&mut tx, &officer, &agency, 2025, "").await.unwrap();
        assert_eq!(
            refused(freeze(&mut tx, &officer, &agency, 2025, "补登").await),
            [ReportingRefusal::NothingChanged]
        );
        add_penalty(&mut tx, &officer, &agency, "2025-12-30").await;
        tx.commit().await.unwrap();

        let today = date(2026, 1, 10);
        let mut conn = db.read().await.unwrap();
        let stored: Snapshot = snapshot(&mut conn, &agency.id, 2025).await.unwrap().unwrap();
        assert_eq!(sha256(&stored.body), hash);
        let frozen = gather(&mut conn, &agency, 2025, today).await.unwrap().unwrap();
        let now = gather_now(&mut conn, &agency, 2025, today).await.unwrap().unwrap();
        assert_eq!(frozen.figure(&penalties()), Figure::Count(1));
        assert_eq!(frozen.records(&penalties()).len(), 1);
        assert_eq!(now.figure(&penalties()), Figure::Count(2));
        let moved = differences(&frozen, &now);
        assert_eq!(moved.len(), 1, "{moved:?}");
        assert_eq!((moved[0].come.len(), moved[0].gone.len()), (1, 0));
        assert_eq!(moved[0].come[0].date, "2025-12-30");
        drop(conn);

        let mut tx = begin(db, &officer, "2026-01-11T01:00:00Z").await;
        assert_eq!(
            refused(freeze(&mut tx, &officer, &agency, 2025, "  ").await),
            [ReportingRefusal::AlreadyFrozen]
        );
        let again = freeze(&mut tx, &officer, &agency, 2025, "十二月的处罚决定补登").await.unwrap();
        assert_ne!(again, hash);
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let all: Vec<SnapshotHead> = snapshots(&mut conn, &agency.id, 2025).await.unwrap();
        assert_eq!(all.iter().map(|head| head.ordinal).collect::<Vec<_>>(), [2, 1], "the first one stays");
        let frozen = gather(&mut conn, &agency, 2025, today).await.unwrap().unwrap();
        assert_eq!(frozen.figure(&penalties()), Figure::Count(2));
        assert!(frozen.frozen.is_some_and(|head| head.sha256 == again));
    }
}

#[tokio::test]
async fn the_next_year_begins_with_what_was_frozen() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, officer) = agency_with_officer(db).await;
        let mut tx = begin(db, &officer, "2026-01-02T01:00:00Z").await;
        for number in ["kept", "closed", "lost", "moved"] {
            add_request(&mut tx, &agency, number, Some("2025-12-20"), None, None).await;
        }
        add_request(&mut tx, &agency, "done", Some("2025-03-01"), Some("2025-03-20"), Some("not_held")).await;
        freeze(&mut tx, &officer, &agency, 2025, "").await.unwrap();
        // After the freeze the records of last year are changed in every way there is.
        run(
            &mut tx,
            "UPDATE requests SET closed_on = '2025-12-29', decision = 'provided' WHERE number = $1",
            "closed",
        )
        .await;
        run(&mut tx, "DELETE FROM requests WHERE number = $1", "lost").await;
        run(
            &mut tx,
            "UPDATE requests SET received_on = '2026-01-05', applicant_kind = 'other' WHERE number = $1",
            "moved",
        )
        .await;
        run(&mut tx, "UPDATE requests SET closed_on = NULL, decision = NULL WHERE number = $1", "done").await;
        add_request(&mut tx, &agency, "late", Some("2025-12-30"), None, None).await;
        tx.commit().await.unwrap();

        let today = date(2026, 3, 1);
        let mut conn = db.read().await.unwrap();
        let before = gather(&mut conn, &agency, 2025, today).await.unwrap().unwrap();
        let after = gather(&mut conn, &agency, 2026, today).await.unwrap().unwrap();
        let ids = |ledger: &YearLedger, row, column| -> Vec<String> {
            let cell = CellAddress::Requests(row, column);
            let mut ids: Vec<String> = ledger.records(&cell.into()).iter().map(|r| r.id.clone()).collect();
            ids.sort();
            ids
        };
        let natural = ApplicantColumn::NaturalPerson;
        assert_eq!(ids(&before, RequestRow::CarriedToNextYear, natural), ["closed", "kept", "lost", "moved"]);
        assert_eq!(
            ids(&before, RequestRow::CarriedToNextYear, natural),
            ids(&after, RequestRow::CarriedFromLastYear, natural)
        );
        assert_eq!(
            ids(&after, RequestRow::Disclosed, natural),
            ["closed"],
            "closed in this year at the earliest"
        );
        assert_eq!(ids(&after, RequestRow::CarriedToNextYear, natural), ["kept", "late", "lost", "moved"]);
        assert_eq!(ids(&after, RequestRow::Received, natural), ["late"]);
        assert_eq!(after.doubts.len(), 5, "each oddity is told: {:#?}", after.doubts);
        let findings = gongkai_report::check(&after.report(), Some(&before.report()));
        assert!(findings.iter().all(|f| f.severity != Severity::Error), "{findings:#?}");

        // And a year from which the next has begun is not frozen again.
        let mut tx = begin(db, &officer, "2027-01-02T01:00:00Z").await;
        assert_eq!(freeze_all(&mut tx, 2026).await.unwrap(), 1);
        assert_eq!(freeze_all(&mut tx, 2026).await.unwrap(), 0, "once");
        assert_eq!(
            refused(freeze(&mut tx, &officer, &agency, 2025, "补登").await),
            [ReportingRefusal::NextYearFrozen(2026)]
        );
    }
}

#[tokio::test]
async fn the_database_refuses_to_change_a_snapshot() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, officer) = agency_with_officer(db).await;
        let mut tx = begin(db, &officer, "2026-01-02T01:00:00Z").await;
        freeze(&mut tx, &officer, &agency, 2025, "").await.unwrap();
        tx.commit().await.unwrap();
        for sql in [
            "UPDATE report_snapshots SET body = '{}'",
            "UPDATE report_snapshots SET sha256 = ''",
            "DELETE FROM report_snapshots",
            "INSERT INTO report_snapshots SELECT 'x', agency_id, year, 3, body, sha256, 'why', frozen_by, frozen_on, frozen_at FROM report_snapshots",
            "INSERT INTO report_snapshots SELECT 'x', agency_id, year, 2, body, sha256, '', frozen_by, frozen_on, frozen_at FROM report_snapshots",
            "INSERT INTO report_snapshots SELECT 'x', agency_id, 2026, 1, body, sha256, '', frozen_by, frozen_on, frozen_at FROM report_snapshots",
        ] {
            let mut tx = db.begin(&Actor::Program("test"), jiff::Timestamp::UNIX_EPOCH).await.unwrap();
            let tried = sqlx::query(sql).execute(tx.conn()).await;
            assert!(tried.is_err(), "{sql}");
        }
    }
}

// Random ledgers, frozen year by year while their records change -------------------------------------

#[derive(Clone, Debug)]
struct Life {
    applicant: usize,
    received: i32,
    /// Days from receipt to reply and the outcome's place; none: never closed.
    closed: Option<(i32, usize)>,
    /// What somebody changes at the end of which year, after the freeze.
    change: (u8, u8),
}

fn lives() -> impl Strategy<Value = Vec<Life>> {
    let life =
        (0..6_usize, 0..1400_i32, proptest::option::of((-5..500_i32, 0..100_usize)), (0..4_u8, 0..6_u8));
    let life =
        life.prop_map(|(applicant, received, closed, change)| Life { applicant, received, closed, change });
    proptest::collection::vec(life, 0..40)
}

fn outcomes() -> Vec<RequestRow> {
    let in_form = |row: &RequestRow| row.is_outcome() && row.is_in(OfficialForm::F2021);
    RequestRow::ALL.iter().copied().filter(in_form).collect()
}

/// The request as the records have it after the changes up to the end of `year`.
fn recorded(life: &Life, number: usize, year: i16) -> Option<KnownRequest> {
    let outcomes = outcomes();
    let first = date(2022, 3, 1);
    let mut known = KnownRequest {
        number: number.to_string(),
        applicant: ApplicantColumn::KINDS[life.applicant],
        received_on: Some(first + life.received.days()),
        closed: life
            .closed
            .map(|(days, row)| (first + (life.received + days).days(), outcomes[row % outcomes.len()])),
    };
    if 2022 + i16::from(life.change.0) >= year {
        return Some(known);
    }
    match life.change.1 {
        0 => known.closed = None,
        1 => known.received_on = known.received_on.map(|on| on + 200.days()),
        2 => known.received_on = known.received_on.map(|on| on - 200.days()),
        3 => known.applicant = ApplicantColumn::KINDS[(life.applicant + 1) % 6],
        4 => return None,
        _ => known.closed = Some((first + life.received.days(), RequestRow::Repeated)),
    }
    Some(known)
}

fn ledger_of(lives: &[Life], year: i16, agency: &Agency, opening: Option<&Opening>) -> YearLedger {
    let period = Period::of(year, date(2027, 6, 1)).unwrap();
    let mut ledger = YearLedger::new(agency.clone(), period);
    for (number, life) in lives.iter().enumerate() {
        let record = Record {
            register: Register::Requests,
            id: number.to_string(),
            title: String::new(),
            detail: String::new(),
            date: String::new(),
        };
        match recorded(life, number, year) {
            Some(known) => ledger.add_request(known, record, opening),
            // The record is gone: what was carried on is still there.
            None => {
                if let Some((applicant, record)) =
                    opening.and_then(|opening| opening.carried.get(&number.to_string()))
                {
                    let lost = KnownRequest {
                        number: number.to_string(),
                        applicant: *applicant,
                        received_on: None,
                        closed: None,
                    };
                    ledger.add_request(lost, record.clone(), opening);
                }
            }
        }
    }
    ledger
}

fn frozen(ledger: &YearLedger) -> YearLedger {
    let body = written(ledger).unwrap();
    let head = SnapshotHead {
        id: "1".into(),
        ordinal: 1,
        sha256: sha256(&body),
        reason: String::new(),
        frozen_by: None,
        frozen_at: String::new(),
    };
    let snapshot = Snapshot { head, body };
    let restored = snapshot.ledger(&ledger.agency, ledger.period).unwrap();
    assert_eq!(written(&restored).unwrap(), snapshot.body, "the same ledger gives the same bytes");
    restored
}

fn test_agency() -> Agency {
    Agency {
        id: "1".into(),
        code: "qh".into(),
        name: "青禾区财政局".into(),
        kind: "bureau".into(),
        parent_id: None,
        region: "990101".into(),
        address: String::new(),
        office_hours: String::new(),
        phone: String::new(),
        email: String::new(),
        reconsideration_body: String::new(),
        court: String::new(),
        document_word: String::new(),
        position: 0,
    }
}

proptest! {
    /// Whatever is changed behind a frozen year: each request of a year came in by exactly one row and went
    /// out by exactly one, in one column; last year's end is this year's beginning; all totals hold.
    #[test]
    fn every_request_is_in_exactly_one_row(lives in lives()) {
        let agency = test_agency();
        let mut before: Option<YearLedger> = None;
        for year in 2022..=2026 {
            let opening = before.as_ref().map(Opening::of);
            let ledger = frozen(&ledger_of(&lives, year, &agency, opening.as_ref()));
            let cell = |row, column| FigureAddress::from(CellAddress::Requests(row, column));
            let mut came = vec![0; lives.len()];
            let mut went = vec![0; lives.len()];
            for &column in ApplicantColumn::KINDS {
                for row in [RequestRow::Received, RequestRow::CarriedFromLastYear] {
                    for record in ledger.records(&cell(row, column)) {
                        came[record.id.parse::<usize>().unwrap()] += 1;
                    }
                }
                for row in outcomes().into_iter().chain([RequestRow::CarriedToNextYear]) {
                    for record in ledger.records(&cell(row, column)) {
                        went[record.id.parse::<usize>().unwrap()] += 1;
                    }
                }
            }
            prop_assert_eq!(&came, &went, "what comes in goes out, {}", year);
            prop_assert!(came.iter().all(|times| *times <= 1), "nothing twice, {}", year);

            let report = ledger.report();
            for address in CellAddress::all(OfficialForm::F2021) {
                let records = ledger.records(&address.into()).len() as i64;
                if address.table() == gongkai_report::model::TableName::Requests {
                    prop_assert_eq!(&report.get(address).unwrap().content, &Content::Count(records), "{}", address);
                }
            }
            let previous = before.as_ref().map(YearLedger::report);
            let findings = gongkai_report::check(&report, previous.as_ref());
            prop_assert!(findings.iter().all(|f| f.severity != Severity::Error), "{year}: {findings:#?}");
            before = Some(ledger);
        }
    }

    /// Without any change behind a frozen year, nobody who was there is missing, and nothing is told.
    #[test]
    fn an_unchanged_ledger_freezes_to_itself(lives in lives()) {
        let lives: Vec<Life> = lives.into_iter().map(|life| Life { change: (9, 0), ..life }).collect();
        let agency = test_agency();
        let mut opening = None;
        for year in 2022..=2026 {
            let plain = ledger_of(&lives, year, &agency, None);
            let from_frozen = frozen(&ledger_of(&lives, year, &agency, opening.as_ref()));
            let moved = differences(&from_frozen, &plain);
            prop_assert!(moved.is_empty(), "{year}: {moved:#?}");
            prop_assert!(from_frozen.doubts.is_empty(), "{:?}", from_frozen.doubts);
            let period = from_frozen.period;
            let touched = lives.iter().enumerate().filter(|(number, life)| {
                let known = recorded(life, *number, year).unwrap();
                let end = known.closed.map(|(on, _)| on.max(known.received_on.unwrap()));
                known.received_on.unwrap() <= period.until && end.is_none_or(|on: Date| on >= period.from)
            });
            let total = |row| from_frozen.count(&CellAddress::Requests(row, ApplicantColumn::Total).into());
            prop_assert_eq!(
                touched.count() as i64,
                total(RequestRow::Received) + total(RequestRow::CarriedFromLastYear)
            );
            opening = Some(Opening::of(&from_frozen));
        }
    }
}
