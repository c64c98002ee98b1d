use super::actions::confirm;
use super::{RemovalState, of_entry, of_posting, open};
use crate::accounts::AgencyKind;
use crate::db::testing;
use crate::error::Failure;
use crate::publishing::actions::withdraw;
use crate::publishing::postings::actions::{record, void};
use crate::publishing::postings::{NewPosting, PostingRefusal as R};
use crate::testing::{complete_draft, monday, office, signed_by_all, submitted};

#[tokio::test]
async fn what_hangs_elsewhere_is_a_task_until_a_person_confirms_that_it_is_gone() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let (entry, review) = submitted(db, &office, &complete_draft("危房改造补助名单")).await;
        signed_by_all(db, &office, &review).await;

        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let mut ids = Vec::new();
        for (channel, place, until_on) in [
            ("notice_board", "松林村村务公开栏", ""),
            // Hung until yesterday: it is down.
            ("screen", "便民服务中心", "2026-11-01"),
            // Said and over.
            ("broadcast", "三个村", ""),
            ("short_video", "", ""),
            ("notice_board", "登记错了", ""),
        ] {
            let new = NewPosting {
                agency_id: office.agency.id.clone(),
                entry_id: entry.entry_id.clone(),
                channel: channel.into(),
                place: place.into(),
                posted_on: "2026-10-20".into(),
                until_on: until_on.into(),
                link: format!("https://example.test/{channel}/{}", place.len()),
                ..NewPosting::default()
            };
            ids.push(record(&mut tx, &office.officer, &new, None).await.unwrap());
        }
        void(&mut tx, &office.officer, &ids[4], "登记错了").await.unwrap();
        withdraw(&mut tx, &office.officer, &entry.entry_id, "third_party_rights", "含有个人隐私")
            .await
            .unwrap();
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let mut copies = of_entry(&mut conn, &entry.entry_id).await.unwrap();
        copies.sort_by(|a, b| a.channel.cmp(&b.channel));
        let told: Vec<_> = copies.iter().map(|one| (one.channel.as_str(), one.failure.as_str())).collect();
        assert_eq!(
            told,
            [("notice_board", "请到现场撤下。"), ("short_video", "不是由本系统发布的，请到平台删除。")]
        );
        assert!(copies.iter().all(|one| one.state().unwrap() == RemovalState::ByHand));
        assert_eq!(open(&mut conn, &office.officer).await.unwrap().len(), 2);
        assert!(open(&mut conn, &office.leader).await.unwrap().is_empty(), "not who could do it");
        drop(conn);

        // Only by who may, with a note that fits, and once.
        let board = &copies[0].id;
        let mut tx = db.begin(&office.leader.actor(), monday()).await.unwrap();
        let told = confirm(&mut tx, &office.leader, board, "").await;
        assert!(matches!(told, Err(Failure::Refused(why)) if why == [R::Forbidden]));
        drop(tx);
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let told = confirm(&mut tx, &office.officer, board, &"长".repeat(201)).await;
        assert!(
            matches!(told, Err(Failure::Refused(why)) if matches!(why[..], [R::TooLong { field: "note", .. }]))
        );
        confirm(&mut tx, &office.officer, board, "当面看过").await.unwrap();
        let told = confirm(&mut tx, &office.officer, board, "").await;
        assert!(matches!(told, Err(Failure::Refused(why)) if why == [R::AlreadyTakenDown]));
        // A record that turns out to be a mistake leaves nothing to take down.
        void(&mut tx, &office.officer, &ids[3], "没有发布").await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        assert!(open(&mut conn, &office.officer).await.unwrap().is_empty());
        let done = of_posting(&mut conn, &ids[0]).await.unwrap().unwrap();
        assert_eq!((done.state.as_str(), done.note.as_str()), ("confirmed", "当面看过"));
        assert_eq!(done.done_by_name.as_deref(), Some(office.officer.name.as_str()));
    }
}
