use super::actions::{record, void};
use super::{NewPosting, PostingChannel, PostingRefusal as R, counts, items_between, of_entry};
use crate::accounts::AgencyKind;
use crate::db::testing;
use crate::error::{Failure, Refusal, Result};
use crate::files::FileStore;
use crate::testing::{complete_draft, drafted, monday, office, signed_by_all, submitted};

fn reasons<T: std::fmt::Debug>(result: Result<T, R>) -> Vec<R> {
    match result {
        Err(Failure::Refused(reasons)) => reasons,
        other => panic!("expected refusals, got {other:?}"),
    }
}

#[tokio::test]
async fn a_posting_has_a_day_a_person_and_a_proof_and_copies_are_one() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let draft = drafted(db, &office, &complete_draft("还没公开")).await;
        let (public, review) = submitted(db, &office, &complete_draft("医保缴费通知")).await;
        signed_by_all(db, &office, &review).await;
        let files = FileStore::in_folder(test.folder.path(), 1 << 20).unwrap();
        let png = files.keep("公告栏.png", &png()).await.unwrap();
        let photo = files.prepare(png).await.unwrap();
        let text = files.prepare(files.keep("a.txt", b"text").await.unwrap()).await.unwrap();

        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let blank = NewPosting { agency_id: office.agency.id.clone(), ..NewPosting::default() };
        let told = reasons(record(&mut tx, &office.officer, &blank, None).await);
        assert_eq!(told.iter().filter_map(Refusal::field).collect::<Vec<_>>(), ["title", "channel"]);
        let wrong = NewPosting {
            entry_id: draft.entry_id.clone(),
            channel: "notice_board".into(),
            posted_on: "2026-11-03".into(),
            until_on: "2026-11-01".into(),
            link: "javascript:alert(1)".into(),
            ..blank.clone()
        };
        let told = reasons(record(&mut tx, &office.officer, &wrong, Some(&text)).await);
        let fields: Vec<_> = told.iter().filter_map(Refusal::field).collect();
        assert_eq!(fields, ["entry", "place", "posted_on", "until_on", "link", "photo"]);
        assert_eq!(reasons(record(&mut tx, &office.leader, &blank, None).await), [R::Forbidden]);

        let board = |place: &str| NewPosting {
            entry_id: public.entry_id.clone(),
            channel: PostingChannel::NoticeBoard.code().into(),
            place: place.into(),
            ..blank.clone()
        };
        assert_eq!(
            reasons(record(&mut tx, &office.officer, &board("村委会公告栏"), None).await),
            [R::ProofMissing { is_online: false }]
        );
        let id = record(&mut tx, &office.officer, &board("村委会公告栏"), Some(&photo)).await.unwrap();
        record(&mut tx, &office.officer, &board("卫生室公告栏"), Some(&photo)).await.unwrap();
        let wechat = NewPosting {
            channel: "wechat".into(),
            link: "https://mp.weixin.qq.com/s/x".into(),
            place: String::new(),
            ..board("")
        };
        record(&mut tx, &office.officer, &wechat, None).await.unwrap();
        let talk = NewPosting {
            title: "森林防火宣讲".into(),
            channel: "broadcast".into(),
            place: "全镇大喇叭".into(),
            ..blank.clone()
        };
        record(&mut tx, &office.officer, &talk, Some(&photo)).await.unwrap();
        tx.commit().await.unwrap();

        // Sent twice on a bad line: once is enough, and nothing else of the change is lost.
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        assert_eq!(
            reasons(record(&mut tx, &office.officer, &board("村委会公告栏"), Some(&photo)).await),
            [R::Twice]
        );
        drop(tx);

        let mut conn = db.read().await.unwrap();
        assert_eq!(
            counts(&mut conn, &office.agency.id, "2026").await.unwrap(),
            (2, 4),
            "two things, four postings"
        );
        let items = items_between(&mut conn, &office.agency.id, "2026-01-01", "2026-12-31").await.unwrap();
        let told: Vec<_> = items.iter().map(|item| (item.channel.as_str(), item.postings)).collect();
        assert_eq!(told.len(), 3);
        assert!(told.contains(&("notice_board", 2)), "{told:?}");
        assert_eq!(of_entry(&mut conn, &public.entry_id).await.unwrap().len(), 3);
        drop(conn);

        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        assert_eq!(reasons(void(&mut tx, &office.officer, &id, " ").await).len(), 1);
        void(&mut tx, &office.officer, &id, "照片拍错了").await.unwrap();
        // The mistaken one does not stand in the way of the right one.
        record(&mut tx, &office.officer, &board("村委会公告栏"), Some(&photo)).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        assert_eq!(counts(&mut conn, &office.agency.id, "2026").await.unwrap(), (2, 4));
        assert_eq!(
            of_entry(&mut conn, &public.entry_id).await.unwrap().len(),
            4,
            "the void one is still seen"
        );
    }
}

/// One white pixel.
fn png() -> Vec<u8> {
    hex::decode(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082",
    )
    .unwrap()
}
