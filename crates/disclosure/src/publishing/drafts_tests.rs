//! Kept while typing, thrown away with a record; on both engines.

use jiff::SignedDuration;

use super::actions::{revise, save_draft};
use super::drafts::{self, Colleague};
use super::{Draft, PublishingRefusal, desk, store};
use crate::accounts::AgencyKind;
use crate::audit;
use crate::db::testing;
use crate::error::{Failure, Result};
use crate::files::FileStore;
use crate::testing::{complete_draft, drafted, monday, office, signed_by_all, submitted};

fn reasons<T: std::fmt::Debug>(result: Result<T, PublishingRefusal>) -> Vec<PublishingRefusal> {
    match result {
        Err(Failure::Refused(reasons)) => reasons,
        other => panic!("expected refusals, got {other:?}"),
    }
}

#[tokio::test]
async fn what_was_typed_is_kept_apart_from_the_draft_and_colleagues_are_told() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let draft = drafted(db, &office, &complete_draft("第一稿")).await;
        let id = &draft.edition_id;
        let typed = Draft { body: "写到一半".into(), ..complete_draft("第一稿") };
        let log_before = audit::newest(&mut db.read().await.unwrap(), None, None, 100).await.unwrap().len();

        drafts::keep_working(db, &office.officer, id, 1, Some(&typed), monday()).await.unwrap();
        let later = monday() + SignedDuration::from_secs(30);
        drafts::keep_working(db, &office.other_officer, id, 1, None, later).await.unwrap();
        // Looking in again keeps what was typed.
        drafts::keep_working(db, &office.officer, id, 9, None, later).await.unwrap();

        let mut conn = db.read().await.unwrap();
        let own = drafts::own_working(&mut conn, &office.officer, id).await.unwrap().unwrap();
        assert_eq!((own.version, &own.draft), (1, &typed));
        assert_eq!(drafts::own_working(&mut conn, &office.other_officer, id).await.unwrap(), None);
        assert_eq!(store::edition(&mut conn, id).await.unwrap().unwrap().body_html.find("写到一半"), None);
        let seen = drafts::colleagues(&mut conn, &office.other_officer, id, later).await.unwrap();
        assert!(matches!(&seen[..], [Colleague { is_typing: true, .. }]), "{seen:?}");
        let seen = drafts::colleagues(&mut conn, &office.officer, id, later).await.unwrap();
        assert!(matches!(&seen[..], [Colleague { is_typing: false, .. }]), "{seen:?}");
        let much_later = later + SignedDuration::from_mins(5);
        assert_eq!(drafts::colleagues(&mut conn, &office.officer, id, much_later).await.unwrap(), []);
        let log = audit::newest(&mut conn, None, None, 100).await.unwrap().len();
        assert_eq!(log, log_before, "typing is no part of the ledger");
        drop(conn);

        assert_eq!(
            reasons(drafts::keep_working(db, &office.leader, id, 1, Some(&typed), monday()).await),
            [PublishingRefusal::Forbidden]
        );
        let mut tx = db.begin(&office.officer.actor(), later).await.unwrap();
        save_draft(&mut tx, &office.officer, id, 1, &typed).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        assert_eq!(
            drafts::own_working(&mut conn, &office.officer, id).await.unwrap(),
            None,
            "it is saved now"
        );
    }
}

#[tokio::test]
async fn a_draft_is_thrown_away_with_a_record_and_what_was_judged_is_kept() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let draft = drafted(db, &office, &complete_draft("写错了目录")).await;
        let store = FileStore::in_folder(test.folder.path(), 1 << 20).unwrap();
        let file = store.keep("名单.txt", "松溪镇\n".as_bytes()).await.unwrap();
        let prepared = store.prepare(file).await.unwrap();
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        super::actions::attach(&mut tx, &office.officer, &draft.edition_id, &prepared).await.unwrap();
        tx.commit().await.unwrap();
        drafts::keep_working(db, &office.officer, &draft.edition_id, 1, Some(&complete_draft("x")), monday())
            .await
            .unwrap();

        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        assert_eq!(
            reasons(drafts::delete(&mut tx, &office.leader, &draft.edition_id, 1).await),
            [PublishingRefusal::Forbidden]
        );
        let stale = reasons(drafts::delete(&mut tx, &office.officer, &draft.edition_id, 7).await);
        assert!(matches!(&stale[..], [PublishingRefusal::ChangedMeanwhile { .. }]));
        drafts::delete(&mut tx, &office.officer, &draft.edition_id, 1).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        assert_eq!(desk::entry(&mut conn, &office.officer, &draft.entry_id).await.unwrap(), None);
        let record = audit::history(&mut conn, &draft.entry_id).await.unwrap();
        let told = record.iter().find(|link| link.act == "draft_deleted").unwrap();
        assert!(told.detail.contains("写错了目录") && told.detail.contains("名单.txt"), "{}", told.detail);
        drop(conn);

        // A revision goes, the edition that is out stays.
        let (public, review) = submitted(db, &office, &complete_draft("医保缴费通知")).await;
        signed_by_all(db, &office, &review).await;
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let submitted_once = reasons(drafts::delete(&mut tx, &office.officer, &public.edition_id, 1).await);
        assert!(matches!(&submitted_once[..], [PublishingRefusal::NotInThisState { .. }]));
        let revision = revise(&mut tx, &office.officer, &public.entry_id).await.unwrap();
        drafts::delete(&mut tx, &office.officer, &revision.edition_id, 1).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let entry = desk::entry(&mut conn, &office.officer, &public.entry_id).await.unwrap().unwrap();
        assert_eq!(entry.editions.len(), 1);
        drop(conn);

        // Sent back: the opinion on it is kept, and so is what it was about.
        let (returned, review) = submitted(db, &office, &complete_draft("退回的稿")).await;
        let mut tx = db.begin(&office.section_head.actor(), monday()).await.unwrap();
        crate::review::actions::return_for_revision(&mut tx, &office.section_head, &review, "金额不对")
            .await
            .unwrap();
        tx.acting_as(&office.officer.actor(), monday());
        assert_eq!(
            reasons(drafts::delete(&mut tx, &office.officer, &returned.edition_id, 1).await),
            [PublishingRefusal::SubmittedOnce]
        );
    }
}
