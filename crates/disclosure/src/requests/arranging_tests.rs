//! 移交、拆分、并案.

use gongkai_statute::decisions::{Decision, Outcome};
use jiff::civil::date;

use super::actions;
use super::tests::{World, refusal};
use super::{Event, RequestState, public};
use crate::audit::Actor;
use crate::db::testing;

#[tokio::test]
async fn a_request_goes_to_a_colleague_who_is_told_without_the_person() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let day = date(2026, 3, 2);
        let number = world.received(day, day).await;
        let (officer, other) = (&world.office.officer, &world.office.other_officer);
        let mut tx = world.tx(officer, day).await;
        let leader = &world.office.leader.user_id;
        assert!(
            refusal(actions::hand_over(&mut tx, officer, &number, leader, "").await).contains("移交的原因")
        );
        let after = actions::hand_over(&mut tx, officer, &number, &other.user_id, "下周出差").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(after.request.handler_id.as_deref(), Some(other.user_id.as_str()));
        assert_eq!(world.dossier(&number).await.events.last().unwrap().event, Event::HandOver);
        let body: String = sqlx::query_scalar("SELECT body FROM mails ORDER BY id DESC LIMIT 1")
            .fetch_one(&mut *test.db.read().await.unwrap())
            .await
            .unwrap();
        assert!(body.contains(&number) && !body.contains("何小舟") && !body.contains("危房"), "{body}");
    }
}

#[tokio::test]
async fn a_request_is_taken_apart_by_the_officer_and_the_applicant_follows_each_part() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let day = date(2026, 3, 2);
        let mut tx = test.db.begin(&Actor::Public, crate::time::start_of_day(day)).await.unwrap();
        let filed = actions::submit(&mut tx, "QH", &super::tests::filing()).await.unwrap();
        tx.commit().await.unwrap();
        let officer = &world.office.officer;
        let mut tx = world.tx(officer, date(2026, 3, 3)).await;
        actions::confirm_receipt(&mut tx, officer, &filed.number, Some(day), "电话").await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = world.tx(officer, date(2026, 3, 4)).await;
        let parts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert!(
            refusal(actions::split(&mut tx, officer, &filed.number, &parts(&["只有一件内容"])).await)
                .contains("2至6件")
        );
        let texts = parts(&["2025年危房改造补助名单", "", "2025年危房改造验收结果"]);
        actions::split(&mut tx, officer, &filed.number, &texts).await.unwrap();
        tx.commit().await.unwrap();

        let first = world.dossier(&filed.number).await;
        assert_eq!(first.request.description, "2025年危房改造补助名单");
        let second = world.dossier("QH-SQ-2026-0002").await;
        assert_eq!(second.request.description, "2025年危房改造验收结果");
        assert_eq!(second.request.received_on, Some(day));
        assert_eq!(second.request.reply_due_on, first.request.reply_due_on);
        assert_eq!(second.request.applicant_name(test.db.keys()).unwrap(), "何小舟");
        assert!(second.letters[0].body_html.contains("何小舟"), "its own receipt");
        let own = public::track(
            &mut test.db.read().await.unwrap(),
            &second.request.number,
            &filed.query_code,
            date(2026, 3, 5),
        )
        .await
        .unwrap();
        assert!(own.is_some(), "the same code opens it");
        // Later it is too late.
        let mut tx = world.tx(officer, date(2026, 3, 5)).await;
        actions::notice_supplement(&mut tx, officer, &filed.number, "请写明批次", Some(10)).await.unwrap();
        assert!(
            refusal(actions::split(&mut tx, officer, &filed.number, &texts).await).contains("不能再拆分")
        );
    }
}

#[tokio::test]
async fn the_later_of_two_alike_is_answered_with_the_earlier() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let officer = &world.office.officer;
        let early = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        let late = world.received(date(2026, 3, 4), date(2026, 3, 4)).await;
        let mut tx = world.tx(officer, date(2026, 3, 5)).await;
        assert!(refusal(actions::merge(&mut tx, officer, &early, &late).await).contains("先收到的一件"));
        assert!(refusal(actions::merge(&mut tx, officer, &late, &late).await).contains("另一件申请"));
        let merged = actions::merge(&mut tx, officer, &late, &early).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(merged.request.state, RequestState::Closed);
        let answer = merged.request.answer.unwrap();
        assert_eq!((answer.decision, answer.decision.outcome()), (Decision::Other, Outcome::Other));
        assert!(answer.reason.contains(&early));
    }
}
