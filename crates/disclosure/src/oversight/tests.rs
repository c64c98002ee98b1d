use jiff::Timestamp;
use jiff::civil::Date;

use super::actions::{NewRectification, answer, close, demand, send_back};
use super::{Concern, OversightRefusal, RectificationState, gather, oversees, rectification, rectifications};
use crate::accounts::{Agency, AgencyKind};
use crate::audit::Actor;
use crate::db::testing;
use crate::db::{Db, Tx};
use crate::error::Failure;
use crate::interaction::actions::{NewCase, submit};
use crate::reporting::tests::{add_request, agency_with_officer, town_below};
use crate::testing::office;

const TODAY: &str = "2026-06-30T04:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn program(db: &Db) -> Tx {
    db.begin(&Actor::Program("test"), at(TODAY)).await.unwrap()
}

async fn sql(tx: &mut Tx, text: String) {
    sqlx::query(sqlx::AssertSqlSafe(text)).execute(tx.conn()).await.unwrap();
}

/// A catalogue line expected every 30 days, with nothing under it.
async fn empty_line(tx: &mut Tx, agency: &Agency) {
    let agency = &agency.id;
    sql(
        tx,
        format!(
            "INSERT INTO catalogue_lines (id, agency_id, code, category, title, elements, basis, time_limit, \
             period_days, channels, responsible_office, position) \
             VALUES ('line', '{agency}', '07', 'budget', '财政预决算', '', '', '', 30, '', '', 0)"
        ),
    )
    .await;
}

#[tokio::test]
async fn each_figure_is_the_number_of_its_records() {
    for test in testing::databases().await {
        let db = &test.db;
        let (town, _) = agency_with_officer(db).await;
        let mut tx = program(db).await;
        add_request(&mut tx, &town, "R1", Some("2026-06-01"), None, None).await;
        add_request(&mut tx, &town, "R2", Some("2026-05-01"), None, None).await;
        add_request(&mut tx, &town, "R3", Some("2026-05-01"), Some("2026-05-20"), Some("provided")).await;
        sql(&mut tx, "UPDATE requests SET reply_due_on = '2026-06-30' WHERE number = 'R1'".into()).await;
        sql(&mut tx, "UPDATE requests SET reply_due_on = '2026-06-29' WHERE number = 'R2'".into()).await;
        empty_line(&mut tx, &town).await;
        tx.record(crate::audit::Act::new("test", "filled", &town.id, "", serde_json::json!({})));
        tx.commit().await.unwrap();
        for (received, number) in [("2026-05-30T01:00:00Z", 1), ("2026-06-20T01:00:00Z", 2)] {
            let mut tx = db.begin(&Actor::Public, at(received)).await.unwrap();
            let letter = NewCase {
                agency_id: town.id.clone(),
                kind: "mailbox".into(),
                person_name: "何小舟".into(),
                contact: "a@example.com".into(),
                subject: format!("来信 {number}"),
                body: "路灯不亮。".into(),
                page: String::new(),
                is_not_a_request: false,
            };
            submit(&mut tx, letter).await.unwrap();
            tx.commit().await.unwrap();
        }

        let today: Date = "2026-06-30".parse().unwrap();
        let mut conn = db.read().await.unwrap();
        let oversight = gather(&mut conn, vec![town.clone()], today).await.unwrap();
        let titles = |concern| -> Vec<&str> {
            oversight.records(&town.id, concern).iter().map(|record| record.title.as_str()).collect()
        };
        assert_eq!(titles(Concern::OpenRequests), ["R2", "R1"]);
        assert_eq!(titles(Concern::OverdueRequests), ["R2"]);
        assert_eq!(titles(Concern::OverdueLines), ["07 财政预决算"]);
        assert_eq!(titles(Concern::OverdueCases), ["M2026-00001 来信 1"]);
        assert!(titles(Concern::SlowReviews).is_empty());
        let overdue = &oversight.records(&town.id, Concern::OverdueRequests)[0];
        assert_eq!(overdue.detail, "2026-06-29 到期，已逾期 1 天");

        let elsewhere = gather(&mut conn, Vec::new(), today).await.unwrap();
        assert!(elsewhere.records(&town.id, Concern::OpenRequests).is_empty(), "only the agencies asked for");
    }
}

#[tokio::test]
async fn a_demand_is_answered_by_the_agency_and_closed_from_above() {
    for test in testing::databases().await {
        let db = &test.db;
        let district = office(db, "qh", AgencyKind::DistrictOffice).await;
        let (town, officer) = town_below(db, &district.agency).await;
        let other = office(db, "other", AgencyKind::Town).await.agency;
        let above = district.oversight_officer;
        assert!(oversees(&above, &town) && oversees(&above, &district.agency) && !oversees(&above, &other));

        let mut tx = db.begin(&above.actor(), at(TODAY)).await.unwrap();
        let wrong = NewRectification {
            agency_id: town.id.clone(),
            due_on: "2026-06-30".into(),
            ..Default::default()
        };
        let Err(Failure::Refused(reasons)) = demand(&mut tx, &above, wrong).await else { panic!("made") };
        assert_eq!(reasons.len(), 3, "{reasons:?}");
        let new = NewRectification {
            agency_id: town.id.clone(),
            concerns: Concern::OverdueLines.code().into(),
            subject_id: String::new(),
            demand: "请在期限内更新。".into(),
            due_on: "2026-07-10".into(),
        };
        let foreign = NewRectification { agency_id: other.id.clone(), ..new.clone() };
        assert!(
            matches!(demand(&mut tx, &above, foreign).await, Err(Failure::Refused(r)) if r == [OversightRefusal::Forbidden])
        );
        assert!(
            matches!(demand(&mut tx, &officer, new.clone()).await, Err(Failure::Refused(r)) if r == [OversightRefusal::Forbidden])
        );
        let id = demand(&mut tx, &above, new).await.unwrap();
        assert!(
            matches!(close(&mut tx, &above, &id).await, Err(Failure::Refused(r)) if r == [OversightRefusal::NotAnswered])
        );
        assert!(
            matches!(answer(&mut tx, &above, &id, "好").await, Err(Failure::Refused(r)) if r == [OversightRefusal::Forbidden])
        );

        answer(&mut tx, &officer, &id, "已更新。").await.unwrap();
        assert!(
            matches!(answer(&mut tx, &officer, &id, "再次").await, Err(Failure::Refused(r)) if r == [OversightRefusal::AlreadyAnswered])
        );
        send_back(&mut tx, &above, &id).await.unwrap();
        answer(&mut tx, &officer, &id, "已全部更新。").await.unwrap();
        close(&mut tx, &above, &id).await.unwrap();
        assert!(
            matches!(answer(&mut tx, &officer, &id, "再次").await, Err(Failure::Refused(r)) if r == [OversightRefusal::AlreadyClosed])
        );
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let done = rectification(&mut conn, &id).await.unwrap().unwrap();
        assert_eq!(
            (done.state(), done.answer.as_deref()),
            (RectificationState::Closed, Some("已全部更新。"))
        );
        assert_eq!(rectifications(&mut conn, &town.id).await.unwrap(), [done]);
        assert!(rectifications(&mut conn, &other.id).await.unwrap().is_empty());
    }
}
