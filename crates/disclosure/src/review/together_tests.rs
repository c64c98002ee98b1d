//! Several at once: all or none, each as it was shown; and what stays of a round that was sent back.

use super::actions::{OneOfMany, return_for_revision, sign_together};
use super::{ReviewRefusal, ReviewState, Signature, Signed, review, rounds};
use crate::accounts::AgencyKind;
use crate::db::testing;
use crate::publishing::actions::{ShownDraft, save_draft, submit, submit_together};
use crate::publishing::diff::{self, Paragraph};
use crate::publishing::{EditionState, PublishingRefusal, content_hash, store};
use crate::testing::{clean_checklist, complete_draft, drafted, monday, office, submitted};

#[tokio::test]
async fn several_are_signed_together_or_not_at_all() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let (_, first) = submitted(db, &office, &complete_draft("第一件")).await;
        let (_, second) = submitted(db, &office, &complete_draft("第二件")).await;
        let mut hashes = Vec::new();
        for id in [&first, &second] {
            let case = review(&mut db.read().await.unwrap(), id).await.unwrap().unwrap();
            hashes.push(case.content_hash);
        }
        let answers = clean_checklist();
        let one = |id, shown| OneOfMany {
            review_id: id,
            signature: Signature { checklist: Some(&answers), shown: Some(shown), ..Signature::default() },
        };
        // The second was shown as something else.
        let mut tx = db.begin(&office.section_head.actor(), monday()).await.unwrap();
        let cases = [one(&first, &hashes[0]), one(&second, &hashes[0])];
        let refused = sign_together(&mut tx, &office.section_head, &cases).await.unwrap().unwrap_err();
        assert_eq!(refused, [(second.clone(), vec![ReviewRefusal::NotAsShown])]);
        drop(tx);
        let case = review(&mut db.read().await.unwrap(), &first).await.unwrap().unwrap();
        assert!(case.stages.iter().all(|stage| stage.sign_off.is_none()), "not the first one alone");

        let cases = [one(&first, &hashes[0]), one(&second, &hashes[1])];
        for (staff, is_last) in
            [(&office.section_head, false), (&office.confidentiality_officer, false), (&office.leader, true)]
        {
            let mut tx = db.begin(&staff.actor(), monday()).await.unwrap();
            let signed = sign_together(&mut tx, staff, &cases).await.unwrap().unwrap();
            tx.commit().await.unwrap();
            assert_eq!(signed.len(), 2);
            assert!(signed.iter().all(|one| matches!(one, Signed::Released(_)) == is_last), "{signed:?}");
        }
        // Nothing is left to sign: each says so for itself.
        let mut tx = db.begin(&office.leader.actor(), monday()).await.unwrap();
        let refused = sign_together(&mut tx, &office.leader, &cases).await.unwrap().unwrap_err();
        let closed = ReviewRefusal::Closed(ReviewState::Signed);
        assert!(refused.iter().all(|(_, reasons)| reasons.contains(&closed)), "{refused:?}");
        assert_eq!(refused.len(), 2);
    }
}

#[tokio::test]
async fn several_are_submitted_as_they_were_shown_or_not_at_all() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let (first, second) = (
            drafted(db, &office, &complete_draft("第一稿")).await,
            drafted(db, &office, &complete_draft("第二稿")).await,
        );
        let hash = async |id: &str| {
            let mut conn = db.read().await.unwrap();
            let edition = store::edition(&mut conn, id).await.unwrap().unwrap();
            content_hash(&edition, &[])
        };
        let (seen_first, seen_second) = (hash(&first.edition_id).await, hash(&second.edition_id).await);
        let mut tx = db.begin(&office.other_officer.actor(), monday()).await.unwrap();
        let later = complete_draft("第二稿，刚刚改过");
        save_draft(&mut tx, &office.other_officer, &second.edition_id, 1, &later).await.unwrap();
        tx.commit().await.unwrap();

        let both = [
            ShownDraft { edition_id: &first.edition_id, shown: &seen_first },
            ShownDraft { edition_id: &second.edition_id, shown: &seen_second },
        ];
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let refused = submit_together(&mut tx, &office.officer, &both).await.unwrap().unwrap_err();
        assert_eq!(refused, [(second.edition_id.clone(), vec![PublishingRefusal::NotAsShown])]);
        drop(tx);
        let edition =
            store::edition(&mut db.read().await.unwrap(), &first.edition_id).await.unwrap().unwrap();
        assert_eq!(edition.state().unwrap(), EditionState::Drafting);

        let seen_second = hash(&second.edition_id).await;
        let both = [both[0], ShownDraft { edition_id: &second.edition_id, shown: &seen_second }];
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        assert_eq!(submit_together(&mut tx, &office.officer, &both).await.unwrap().unwrap().len(), 2);
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn what_was_sent_back_stays_readable_and_is_compared_with() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let (draft, case) = submitted(db, &office, &complete_draft("缴费通知")).await;
        let mut tx = db.begin(&office.section_head.actor(), monday()).await.unwrap();
        return_for_revision(&mut tx, &office.section_head, &case, "起始日期有误").await.unwrap();
        tx.acting_as(&office.officer.actor(), monday());
        let mut corrected = complete_draft("缴费通知");
        corrected.body = corrected.body.replace("11月1日", "11月5日");
        save_draft(&mut tx, &office.officer, &draft.edition_id, 1, &corrected).await.unwrap();
        let again = submit(&mut tx, &office.officer, &draft.edition_id, 2).await.unwrap();
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let old = rounds::of_case(&mut conn, &case).await.unwrap().expect("the round that was sent back");
        assert!(old.edition.body_html.contains("11月1日"));
        let hash = review(&mut conn, &case).await.unwrap().unwrap().content_hash;
        assert_eq!(content_hash(&old.edition, &old.attachments), hash, "exactly what was judged");
        assert_eq!(rounds::of_case(&mut conn, &again).await.unwrap(), None, "it is still running");
        let opened = review(&mut conn, &again).await.unwrap().unwrap().opened_at;
        let before = rounds::before(&mut conn, &draft.edition_id, &opened).await.unwrap();
        assert_eq!(before.as_ref().map(|round| &round.review_id), Some(&case));
        let now = store::edition(&mut conn, &draft.edition_id).await.unwrap().unwrap();
        let changed = diff::body_changes(&old.edition.body_html, &now.body_html);
        assert_eq!(changed.iter().filter(|one| matches!(one, Paragraph::Changed(_))).count(), 1);
        drop(conn);

        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let error =
            sqlx::query("UPDATE ended_rounds SET edition = '{}'").execute(tx.conn()).await.unwrap_err();
        assert!(crate::db::refused_by_gate(&error).is_some(), "{error}");
    }
}
