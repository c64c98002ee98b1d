//! 移交、拆分、并案.

use gongkai_statute::deadlines::ConsultedParty;
use gongkai_statute::decisions::{Decision, Outcome};
use jiff::civil::date;

use super::tests::{World, refusal};
use super::{Event, EvidenceKind, RequestState, actions, evidence, public};
use crate::audit::Actor;
use crate::db::testing;
use crate::error::Failure;
use crate::privacy::{PrivacyRefusal, Purpose, ViewingFilter, viewings};

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
        assert!(world.text(&second.letters[0]).contains("何小舟"), "its own receipt");
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

/// What a request came with is reached from each part it was split into, by those who handle it, and each look is on record
/// at the part it was for.
#[tokio::test]
async fn the_files_of_a_request_are_within_reach_of_what_was_split_off_and_looking_is_noted_there() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let stranger =
            crate::testing::office(&test.db, "BL", crate::accounts::AgencyKind::Town).await.officer;
        let files = test.files();
        let (officer, day) = (&world.office.officer, date(2026, 3, 2));
        let (token, at) = (crate::secrets::token(), crate::time::start_of_day(day));
        let card = evidence::tests::png();
        evidence::stage(&test.db, &files, at, &token, EvidenceKind::Identity, "证件.png", &card)
            .await
            .unwrap();
        let mut tx = test.db.begin(&Actor::Public, at).await.unwrap();
        let typed = super::Filing { stage: token, ..super::tests::filing() };
        let number = actions::submit(&mut tx, "QH", &typed).await.unwrap().number;
        tx.commit().await.unwrap();
        let mut tx = world.tx(officer, day).await;
        actions::confirm_receipt(&mut tx, officer, &number, Some(day), "电话").await.unwrap();
        let texts = ["2025年危房改造补助名单".to_owned(), "2025年危房改造验收结果".to_owned()];
        actions::split(&mut tx, officer, &number, &texts).await.unwrap();
        tx.commit().await.unwrap();

        let part = world.dossier("QH-SQ-2026-0002").await.request;
        let mut conn = test.db.read().await.unwrap();
        assert_eq!(evidence::of_request(&mut conn, &part.id).await.unwrap(), [], "kept once");
        let reached = evidence::within_reach(&mut conn, &part.id).await.unwrap();
        assert_eq!(reached.len(), 1);
        drop(conn);
        for (staff, expected) in
            [(&world.office.leader, PrivacyRefusal::Forbidden), (&stranger, PrivacyRefusal::NotFound)]
        {
            let mut tx = world.tx(staff, day).await;
            let purpose = Some(Purpose::CheckIdentity);
            let look =
                evidence::open(&mut tx, &files, staff, &part.number, &reached[0].id, purpose, "").await;
            assert!(matches!(look, Err(Failure::Refused(reasons)) if reasons == [expected]));
        }
        let colleague = &world.office.other_officer;
        let mut tx = world.tx(colleague, day).await;
        let purpose = Some(Purpose::CheckIdentity);
        let seen =
            evidence::open(&mut tx, &files, colleague, &part.number, &reached[0].id, purpose, "").await;
        assert_eq!(seen.unwrap().bytes, card);
        tx.commit().await.unwrap();
        let filter = ViewingFilter {
            agencies: vec![world.office.agency.id.clone()],
            request_id: part.id,
            ..ViewingFilter::default()
        };
        let (rows, _) = viewings(&mut test.db.read().await.unwrap(), &filter, 1, 10).await.unwrap();
        assert_eq!(
            (rows.len(), rows[0].number.as_str(), &rows[0].by_name),
            (1, "QH-SQ-2026-0002", &colleague.name)
        );
    }
}

/// 联系方式 of another agency come from the register that day; who is not in it is written to on paper alone.
#[tokio::test]
async fn another_agency_is_reached_as_the_register_has_it() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let other = crate::testing::office(&test.db, "BL", crate::accounts::AgencyKind::Town).await.agency;
        let (officer, day) = (&world.office.officer, date(2026, 3, 2));
        let number = world.received(day, day).await;
        let with = Some(ConsultedParty::Agency);
        let mut tx = world.tx(officer, day).await;
        actions::consult(&mut tx, officer, &number, with, &other.name, "共同制作的名单").await.unwrap();
        actions::consult(&mut tx, officer, &number, with, "白沙州示例局", "共同制作的名单").await.unwrap();
        // A third party of the same name is not the agency.
        let third = Some(ConsultedParty::ThirdParty);
        actions::consult(&mut tx, officer, &number, third, &other.name, "名单").await.unwrap();
        tx.commit().await.unwrap();

        let asked = world.dossier(&number).await.consultations;
        let known = format!("联系电话：{}，电子邮箱：{}，地址：{}", other.phone, other.email, other.address);
        let plain = |text: &str| text.replace(['；', '，', ' ', '\n'], "");
        let contacts: Vec<String> = asked.iter().map(|one| plain(&one.contact)).collect();
        assert_eq!(contacts.iter().filter(|contact| **contact == plain(&known)).count(), 1, "{contacts:?}");
        assert_eq!(contacts.iter().filter(|contact| contact.is_empty()).count(), 2, "{contacts:?}");
        let mails: Vec<(String, String)> =
            sqlx::query_as("SELECT recipient, body FROM mails WHERE subject = '政府信息公开征求意见'")
                .fetch_all(&mut *test.db.read().await.unwrap())
                .await
                .unwrap();
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert!(mails[0].0 == other.email && mails[0].1.contains("视为同意公开"), "{mails:?}");
        assert!(
            !mails[0].1.contains("何小舟") && !mails[0].1.contains("危房"),
            "nothing personal: {mails:?}"
        );

        // The register changes; what was asked then stays as it was sent.
        let mut tx = world.tx(&world.office.administrator, day).await;
        sqlx::query("UPDATE agencies SET phone = '0990-9999999' WHERE id = $1")
            .bind(&other.id)
            .execute(tx.conn())
            .await
            .unwrap();
        tx.commit_bookkeeping().await.unwrap();
        assert_eq!(world.dossier(&number).await.consultations, asked);
    }
}
