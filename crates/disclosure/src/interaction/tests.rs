use jiff::Timestamp;

use super::actions::{NewCase, record_call, reply, submit};
use super::{InteractionRefusal, case, cases, counts, tracked};
use crate::audit::Actor;
use crate::db::testing;
use crate::error::Failure;
use crate::reporting::tests::{agency_with_officer, officer_elsewhere};

fn letter(agency_id: &str) -> NewCase {
    NewCase {
        agency_id: agency_id.into(),
        kind: "mailbox".into(),
        person_name: "何小舟".into(),
        contact: "0000-8800 1234".into(),
        subject: "公交站牌".into(),
        body: "云水路站的站牌字迹看不清。\r\n请换一块。".into(),
        page: String::new(),
        is_not_a_request: false,
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_letter_is_taken_tracked_and_answered_once() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, officer) = agency_with_officer(db).await;
        let mut tx = db.begin(&Actor::Public, at("2026-03-02T01:00:00Z")).await.unwrap();
        let receipt = submit(&mut tx, letter(&agency.id)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(receipt.number, "M2026-00001");

        let mut conn = db.read().await.unwrap();
        let found = tracked(&mut conn, &receipt.number, &receipt.query_code).await.unwrap().unwrap();
        assert_eq!((found.body.as_str(), found.reply), ("云水路站的站牌字迹看不清。\n请换一块。", None));
        assert!(tracked(&mut conn, &receipt.number, "AAAAAAAAAAAA").await.unwrap().is_none());
        assert!(tracked(&mut conn, "M2026-00002", &receipt.query_code).await.unwrap().is_none());
        assert_eq!(counts(&mut conn, &agency.id).await.unwrap(), (1, 0));
        drop(conn);

        let mut tx = db.begin(&officer.actor(), at("2026-03-03T01:00:00Z")).await.unwrap();
        reply(&mut tx, &officer, &receipt.id, "已更换。").await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.begin(&officer.actor(), at("2026-03-04T01:00:00Z")).await.unwrap();
        let again = reply(&mut tx, &officer, &receipt.id, " ").await.unwrap_err();
        let Failure::Refused(reasons) = again else { panic!("{again:?}") };
        assert_eq!(reasons.len(), 2, "answered already and blank: {reasons:?}");
        drop(tx);

        let mut conn = db.read().await.unwrap();
        let found = case(&mut conn, &receipt.id).await.unwrap().unwrap();
        assert_eq!(
            (found.reply.as_deref(), found.replied_by.as_deref()),
            (Some("已更换。"), Some("政务公开专干qh"))
        );
        assert_eq!(cases(&mut conn, &agency.id, true, 10, 0).await.unwrap(), [found]);
        assert!(cases(&mut conn, &agency.id, false, 10, 0).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_said_at_once() {
    for test in testing::databases().await {
        let db = &test.db;
        agency_with_officer(db).await;
        let mut tx = db.begin(&Actor::Public, at("2026-03-02T01:00:00Z")).await.unwrap();
        let wrong = NewCase { contact: "看信封".into(), kind: "hotline".into(), ..NewCase::default() };
        let Err(Failure::Refused(reasons)) = submit(&mut tx, wrong).await else { panic!("taken") };
        let fields: Vec<_> = reasons.iter().filter_map(crate::error::Refusal::field).collect();
        assert_eq!(fields, ["person_name", "contact", "subject", "body", "kind", "agency_id"]);
    }
}

#[tokio::test]
async fn a_letter_that_asks_for_documents_is_pointed_to_requests() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, _) = agency_with_officer(db).await;
        let mut tx = db.begin(&Actor::Public, at("2026-03-02T01:00:00Z")).await.unwrap();
        let asks = NewCase { body: "申请公开土地征收批复。".into(), ..letter(&agency.id) };
        let Err(Failure::Refused(reasons)) = submit(&mut tx, asks.clone()).await else { panic!("taken") };
        assert_eq!(reasons, [InteractionRefusal::IsARequest]);
        submit(&mut tx, NewCase { is_not_a_request: true, ..asks }).await.unwrap();
    }
}

#[tokio::test]
async fn only_the_agencys_officer_answers_and_takes_calls() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, officer) = agency_with_officer(db).await;
        let stranger = officer_elsewhere(db).await;
        let mut tx = db.begin(&officer.actor(), at("2026-03-02T01:00:00Z")).await.unwrap();
        let call = record_call(&mut tx, &officer, letter(&agency.id)).await.unwrap();
        for failure in [
            record_call(&mut tx, &stranger, letter(&agency.id)).await.unwrap_err(),
            reply(&mut tx, &stranger, &call.id, "好").await.unwrap_err(),
        ] {
            assert!(matches!(failure, Failure::Refused(r) if r == [InteractionRefusal::Forbidden]));
        }
        assert_eq!(case(tx.conn(), &call.id).await.unwrap().unwrap().kind_label(), "热线电话");
    }
}

#[tokio::test]
async fn a_letter_is_overdue_after_thirty_days() {
    let test = testing::sqlite().await;
    let (agency, _) = agency_with_officer(&test.db).await;
    // 31 March, 00:30 in China.
    let mut tx = test.db.begin(&Actor::Public, at("2026-03-30T16:30:00Z")).await.unwrap();
    let receipt = submit(&mut tx, letter(&agency.id)).await.unwrap();
    let case = case(tx.conn(), &receipt.id).await.unwrap().unwrap();
    assert_eq!(case.reply_due_on().unwrap().to_string(), "2026-04-30");
    assert!(!case.is_overdue("2026-04-30".parse().unwrap()));
    assert!(case.is_overdue("2026-05-01".parse().unwrap()));
}

#[tokio::test]
async fn an_error_is_reported_without_a_name_and_tracked() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, _) = agency_with_officer(db).await;
        let report = NewCase {
            agency_id: agency.id.clone(),
            kind: "error_report".into(),
            page: "https://www.qinghe.example/entries/qh/2026-00001?x=1".into(),
            body: "第三段“公示期”写成了“公式期”，要求公开更正。".into(),
            ..NewCase::default()
        };
        let mut tx = db.begin(&Actor::Public, at("2026-03-02T01:00:00Z")).await.unwrap();
        let receipt = submit(&mut tx, report.clone()).await.unwrap();
        let wrong = NewCase { body: " ".into(), contact: "看信封".into(), ..report };
        let Err(Failure::Refused(reasons)) = submit(&mut tx, wrong).await else { panic!("taken") };
        assert_eq!(reasons.len(), 2, "{reasons:?}");
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let found = tracked(&mut conn, &receipt.number, &receipt.query_code).await.unwrap().unwrap();
        assert_eq!(found.page, "/entries/qh/2026-00001?x=1");
        assert_eq!(found.subject, "网站找错：/entries/qh/2026-00001?x=1");
        assert_eq!(super::error_reports(&mut conn, true, 10, 0).await.unwrap(), [found]);
        assert!(super::error_reports(&mut conn, false, 10, 0).await.unwrap().is_empty());
        let times = super::error_report_times(&mut conn, "2026-01-01").await.unwrap();
        assert_eq!(times.len(), 1);
    }
}
