use gongkai_report::model::{ApplicantColumn, RequestRow, Section};
use gongkai_report::{CellAddress, Content};
use jiff::civil::date;

use super::actions::{NewAdjustment, confirm_adjustment, end_adjustment, freeze, propose_adjustment};
use super::tests::add_request;
use super::{AdjustmentState, Figure, FigureAddress, ReportingRefusal, gather};
use crate::accounts::{AgencyKind, Staff};
use crate::audit::Actor;
use crate::db::{Db, Tx, testing};
use crate::error::Failure;
use crate::testing::office;

async fn begin(db: &Db, staff: &Staff) -> Tx {
    db.begin(&staff.actor(), "2026-01-05T01:00:00Z".parse().unwrap()).await.unwrap()
}

fn new(cell: &str, value: &str, reason: &str) -> NewAdjustment {
    NewAdjustment { cell: cell.into(), value: value.into(), reason: reason.into() }
}

fn refused<T: std::fmt::Debug>(result: crate::error::Result<T, ReportingRefusal>) -> Vec<ReportingRefusal> {
    match result {
        Err(Failure::Refused(reasons)) => reasons,
        other => panic!("not refused: {other:?}"),
    }
}

const RECEIVED: &str = "requests/received/natural_person";
const DISCLOSED: &str = "requests/disclosed/natural_person";

#[tokio::test]
async fn an_adjustment_needs_a_reason_and_a_second_person_and_moves_the_totals() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "qh", AgencyKind::Bureau).await;
        let (agency, officer) = (&office.agency, &office.officer);
        let mut tx = begin(db, officer).await;
        add_request(&mut tx, agency, "R1", Some("2025-03-01"), Some("2025-03-20"), Some("provided")).await;
        let early = propose_adjustment(&mut tx, officer, agency, 2025, &new(RECEIVED, "2", "另有一件")).await;
        assert_eq!(refused(early), [ReportingRefusal::NotFrozen(2025)]);
        freeze(&mut tx, officer, agency, 2025, "").await.unwrap();
        let bad = propose_adjustment(&mut tx, officer, agency, 2025, &new(RECEIVED, "-1", " ")).await;
        assert_eq!(
            refused(bad),
            [
                ReportingRefusal::ValueUnreadable { is_money: false },
                ReportingRefusal::Blank { field: "reason", label: "原因" }
            ]
        );
        let total = new("requests/total/natural_person", "3", "合计");
        assert_eq!(
            refused(propose_adjustment(&mut tx, officer, agency, 2025, &total).await),
            [ReportingRefusal::TotalCell]
        );
        let same = new(RECEIVED, "1", "一样");
        assert_eq!(
            refused(propose_adjustment(&mut tx, officer, agency, 2025, &same).await),
            [ReportingRefusal::SameAsLedger]
        );
        let head = &office.section_head;
        let by_head = propose_adjustment(&mut tx, head, agency, 2025, &new(RECEIVED, "2", "x")).await;
        assert_eq!(refused(by_head), [ReportingRefusal::Forbidden]);

        let reason = "机构改革划入的一件申请登记在原机关";
        let first =
            propose_adjustment(&mut tx, officer, agency, 2025, &new(RECEIVED, "2", reason)).await.unwrap();
        let second =
            propose_adjustment(&mut tx, officer, agency, 2025, &new(DISCLOSED, "2", reason)).await.unwrap();
        assert_eq!(
            refused(propose_adjustment(&mut tx, officer, agency, 2025, &new(RECEIVED, "3", "x")).await),
            [ReportingRefusal::AlreadyAdjusted]
        );
        assert_eq!(
            refused(confirm_adjustment(&mut tx, &office.other_officer, &first).await),
            [ReportingRefusal::NotApprover]
        );
        let today = date(2026, 1, 6);
        let ledger = gather(tx.conn(), agency, 2025, today).await.unwrap().unwrap();
        let received: FigureAddress = RECEIVED.parse().unwrap();
        assert_eq!(ledger.figure(&received), Figure::Count(1), "proposed is not in force");
        confirm_adjustment(&mut tx, head, &first).await.unwrap();
        confirm_adjustment(&mut tx, head, &second).await.unwrap();
        assert_eq!(
            refused(confirm_adjustment(&mut tx, head, &second).await),
            [ReportingRefusal::AdjustmentDecided]
        );
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let ledger = gather(&mut conn, agency, 2025, today).await.unwrap().unwrap();
        assert_eq!(
            (ledger.figure(&received), ledger.counted(&received)),
            (Figure::Count(2), Figure::Count(1))
        );
        assert_eq!(ledger.records(&received).len(), 1, "the records stay what they are");
        let report = ledger.report();
        for (row, column) in [
            (RequestRow::Received, ApplicantColumn::Total),
            (RequestRow::Disclosed, ApplicantColumn::Total),
            (RequestRow::Total, ApplicantColumn::NaturalPerson),
            (RequestRow::Total, ApplicantColumn::Total),
        ] {
            let cell = CellAddress::Requests(row, column);
            assert_eq!(report.get(cell).unwrap().content, Content::Count(2), "{cell}");
            assert_eq!(ledger.figure(&cell.into()), Figure::Count(2), "{cell}");
        }
        let overview = report.sections.text(Section::Overview).unwrap();
        assert!(overview.contains("新收政府信息公开申请2件"), "{overview}");
        assert!(
            gongkai_report::check(&report, None)
                .iter()
                .all(|f| f.severity != gongkai_report::Severity::Error)
        );
        drop(conn);

        // When the ledger moves on, the adjustment no longer holds.
        let mut tx = begin(db, officer).await;
        add_request(&mut tx, agency, "R2", Some("2025-04-01"), Some("2025-04-20"), Some("provided")).await;
        freeze(&mut tx, officer, agency, 2025, "补登").await.unwrap();
        let ledger = gather(tx.conn(), agency, 2025, today).await.unwrap().unwrap();
        assert_eq!(ledger.figure(&received), Figure::Count(2), "what two records give");
        assert_eq!(ledger.state_of(&ledger.adjustments[0]), AdjustmentState::Lapsed);
        end_adjustment(&mut tx, officer, &first, "已补登").await.unwrap();
        let again = propose_adjustment(&mut tx, officer, agency, 2025, &new(RECEIVED, "3", "又一件")).await;
        assert!(again.is_ok(), "the cell is free again: {again:?}");
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn the_database_refuses_an_adjustment_of_one_person() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "qh", AgencyKind::Bureau).await;
        let mut tx = begin(db, &office.officer).await;
        freeze(&mut tx, &office.officer, &office.agency, 2025, "").await.unwrap();
        propose_adjustment(&mut tx, &office.officer, &office.agency, 2025, &new(RECEIVED, "2", "x"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for sql in [
            "UPDATE report_adjustments SET confirmed_by = proposed_by, confirmed_at = proposed_at",
            "UPDATE report_adjustments SET value = '9'",
            "UPDATE report_adjustments SET reason = 'another'",
            "DELETE FROM report_adjustments",
            "INSERT INTO report_adjustments SELECT 'x', agency_id, year, 'requests/received/other', ledger_value, value, '', proposed_by, proposed_at, NULL, NULL, NULL, NULL, NULL FROM report_adjustments",
            "INSERT INTO report_adjustments SELECT 'x', agency_id, 2024, cell, ledger_value, value, reason, proposed_by, proposed_at, NULL, NULL, NULL, NULL, NULL FROM report_adjustments",
            "INSERT INTO report_adjustments SELECT 'x', agency_id, year, cell, ledger_value, value, reason, proposed_by, proposed_at, NULL, NULL, NULL, NULL, NULL FROM report_adjustments",
            "INSERT INTO report_adjustments SELECT 'x', agency_id, year, 'requests/received/other', ledger_value, value, reason, proposed_by, proposed_at, (SELECT id FROM users WHERE username = 'qh-head'), proposed_at, NULL, NULL, NULL FROM report_adjustments",
        ] {
            let mut tx = db.begin(&Actor::Program("test"), jiff::Timestamp::UNIX_EPOCH).await.unwrap();
            let tried = sqlx::query(sql).execute(tx.conn()).await;
            assert!(tried.is_err(), "{sql}");
        }
    }
}
