//! 更正收件情况: the day of receipt follows from channel and evidence, whenever they are set right.

use gongkai_statute::channels::Channel;
use gongkai_statute::decisions::Decision;
use jiff::civil::{Date, date};

use super::tests::{World, answer, refusal};
use super::{Arrival, Event, RequestState, actions};
use crate::db::testing;
use crate::letters::LetterKind;
use crate::review;

fn arrival(channel: Channel, submitted_on: Date) -> Arrival {
    Arrival { channel: Some(channel), submitted_on: Some(submitted_on), ..Arrival::default() }
}

#[tokio::test]
async fn what_was_recorded_wrongly_is_set_right_and_the_clock_moves_with_it() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let officer = &world.office.officer;
        let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        assert_eq!(world.dossier(&number).await.request.reply_due_on, Some(date(2026, 3, 30)));
        let day = date(2026, 3, 6);

        let mut tx = world.tx(officer, day).await;
        let same =
            Arrival { confirmed_on: Some(date(2026, 3, 2)), ..arrival(Channel::Online, date(2026, 3, 2)) };
        let nothing = actions::correct_receipt(&mut tx, officer, &number, &same, "核对").await;
        assert!(refusal(nothing).contains("没有改动"));
        let blank =
            actions::correct_receipt(&mut tx, officer, &number, &arrival(Channel::Fax, day), " ").await;
        let blank = refusal(blank);
        assert!(blank.contains("更正的原因"), "{blank}");
        let post = Arrival {
            signed_on: Some(date(2026, 3, 4)),
            ..arrival(Channel::RegisteredPost, date(2026, 3, 4))
        };
        let after = actions::correct_receipt(&mut tx, officer, &number, &post, "实为挂号信").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(after.request.received_on, Some(date(2026, 3, 4)));
        assert_eq!(after.request.state, RequestState::Registered);

        let stored = world.dossier(&number).await;
        assert_eq!(stored.request.channel, Channel::RegisteredPost);
        assert_eq!(stored.request.reply_due_on, Some(date(2026, 4, 1)));
        let event = stored.events.last().unwrap();
        assert_eq!((event.event, event.detail["why"].as_str()), (Event::CorrectReceipt, Some("实为挂号信")));
        assert_eq!(event.detail["before"]["received_on"], "2026-03-02");
        assert_eq!(event.detail["after"]["received_on"], "2026-03-04");
        let receipts: Vec<_> = stored.letters.iter().filter(|one| one.kind == LetterKind::Receipt).collect();
        assert_eq!(receipts.len(), 2, "the applicant gets one that is right");
        let text = world.text(receipts[1]);
        assert!(text.contains("2026年3月4日"), "{text}");

        // Work goes on: a correction cannot take the day of receipt away.
        let mut tx = world.tx(officer, date(2026, 3, 9)).await;
        let unknown = arrival(Channel::Fax, date(2026, 3, 4));
        let lost = actions::correct_receipt(&mut tx, officer, &number, &unknown, "实为传真").await;
        assert!(refusal(lost).contains("收到申请之日就不能确定"));
    }
}

#[tokio::test]
async fn a_correction_that_would_make_a_notice_late_is_refused() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let officer = &world.office.officer;
        let number = world.received(date(2026, 3, 6), date(2026, 3, 6)).await;
        let mut tx = world.tx(officer, date(2026, 3, 17)).await;
        actions::notice_supplement(&mut tx, officer, &number, "请写明年度", Some(10)).await.unwrap();
        let earlier =
            Arrival { confirmed_on: Some(date(2026, 3, 3)), ..arrival(Channel::Online, date(2026, 3, 3)) };
        let late = actions::correct_receipt(&mut tx, officer, &number, &earlier, "电话记录为3月3日").await;
        assert!(refusal(late).contains("7个工作日"));
    }
}

/// The number says under which head the request counts, so an answer under another head gets another number.
#[tokio::test]
async fn an_answer_under_another_head_is_a_letter_of_another_series() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        let send_back = async |day: Date| {
            let id = world.dossier(&number).await.reply().unwrap().review_id.clone().unwrap();
            let mut tx = world.tx(&world.office.leader, day).await;
            review::actions::return_for_revision(&mut tx, &world.office.leader, &id, "请再核").await.unwrap();
            tx.commit().await.unwrap();
        };
        let decide = async |decision: Decision, day: Date| {
            let decided = world.decide(&number, day, &answer(decision)).await.unwrap();
            let reply = decided.reply().unwrap();
            (reply.kind, reply.number.clone())
        };
        let first = decide(Decision::NotHeld, date(2026, 3, 3)).await;
        assert_eq!(first, (LetterKind::Reply, "青禾测公无〔2026〕1号".into()));
        send_back(date(2026, 3, 4)).await;
        let second = decide(Decision::NotResponsible, date(2026, 3, 5)).await;
        assert_eq!(second, (LetterKind::TransferAdvice, "青禾测公转〔2026〕1号".into()));
        send_back(date(2026, 3, 6)).await;
        let third = decide(Decision::TradeSecret, date(2026, 3, 9)).await;
        assert_eq!(third.1, "青禾测公否〔2026〕1号");
        send_back(date(2026, 3, 10)).await;
        // Back to what it was: the number there was, not another.
        assert_eq!(decide(Decision::NotHeld, date(2026, 3, 11)).await, first);
        world.sign(&number, date(2026, 3, 12)).await;
        let issued = world.issue(&number, date(2026, 3, 12)).await.unwrap();
        assert_eq!(issued.request.state, RequestState::Replied);
        let letters = world.dossier(&number).await.letters;
        let left = letters.iter().filter(|one| one.kind.is_reply() && one.issued_on().is_some());
        assert_eq!(left.count(), 1, "the others never left");
    }
}
