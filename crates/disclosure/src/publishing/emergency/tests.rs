use super::{ask, list, of_review, sign};
use crate::accounts::AgencyKind;
use crate::db::testing;
use crate::error::{Failure, Result};
use crate::publishing::{PublishingRefusal as R, public};
use crate::review::actions::{return_for_revision, withdraw_from_review};
use crate::review::{ReviewRefusal, ReviewState};
use crate::testing::{complete_draft, monday, office, signed_by_all, submitted};

fn reasons<T: std::fmt::Debug>(result: Result<T, R>) -> Vec<R> {
    match result {
        Err(Failure::Refused(reasons)) => reasons,
        other => panic!("expected refusals, got {other:?}"),
    }
}

#[tokio::test]
async fn two_people_let_it_out_the_review_goes_on_and_decides() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        for is_upheld in [true, false] {
            let (draft, review) = submitted(db, &office, &complete_draft("山洪灾害预警")).await;
            let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
            assert_eq!(reasons(ask(&mut tx, &office.officer, &review, " ", "").await).len(), 2);
            assert_eq!(reasons(sign(&mut tx, &office.leader, &review).await), [R::EmergencyNotAsked]);
            ask(
                &mut tx,
                &office.officer,
                &review,
                "两小时内有特大暴雨",
                "情况紧急，先行发布，随后补办审查。",
            )
            .await
            .unwrap();
            assert_eq!(
                reasons(sign(&mut tx, &office.officer, &review).await),
                [R::EmergencySigner, R::Review(ReviewRefusal::OwnDraft)]
            );
            assert_eq!(
                sign(&mut tx, &office.section_head, &review).await.unwrap(),
                None,
                "one is not enough"
            );
            assert_eq!(reasons(sign(&mut tx, &office.section_head, &review).await), [R::EmergencySigned]);
            // Without a leader two are not enough either.
            assert_eq!(sign(&mut tx, &office.confidentiality_officer, &review).await.unwrap(), None);
            assert!(sign(&mut tx, &office.leader, &review).await.unwrap().is_some());
            tx.commit().await.unwrap();

            let mut conn = db.read().await.unwrap();
            assert!(public::by_id(&mut conn, &draft.entry_id).await.unwrap().is_some());
            let note = public::emergency(&mut conn, &draft.edition_id).await.unwrap().unwrap();
            assert_eq!(
                (note.review_due_on.as_str(), note.outcome),
                ("2026-11-05", None),
                "three working days"
            );
            assert_eq!(
                list(&mut conn, &office.agency.id).await.unwrap().len(),
                if is_upheld { 1 } else { 2 }
            );
            drop(conn);
            let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
            let back = withdraw_from_review(&mut tx, &office.officer, &review).await;
            assert!(matches!(back, Err(Failure::Refused(_))), "what is out is reviewed to the end");
            drop(tx);

            if is_upheld {
                signed_by_all(db, &office, &review).await;
            } else {
                let mut tx = db.begin(&office.section_head.actor(), monday()).await.unwrap();
                return_for_revision(&mut tx, &office.section_head, &review, "预警级别有误").await.unwrap();
                tx.commit().await.unwrap();
            }
            let mut conn = db.read().await.unwrap();
            let is_public = public::by_id(&mut conn, &draft.entry_id).await.unwrap().is_some();
            assert_eq!(is_public, is_upheld);
            let ended = of_review(&mut conn, &review).await.unwrap().unwrap();
            let outcome = if is_upheld { ReviewState::Signed } else { ReviewState::Returned };
            assert_eq!(ended.outcome.as_deref(), Some(outcome.code()));
        }
    }
}

#[tokio::test]
async fn the_database_asks_for_two_signatures_by_itself() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let (draft, review) = submitted(db, &office, &complete_draft("山洪灾害预警")).await;
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        ask(&mut tx, &office.officer, &review, "暴雨", "先行发布").await.unwrap();
        sign(&mut tx, &office.leader, &review).await.unwrap();
        tx.commit().await.unwrap();
        let hash = of_hash(db, &draft.edition_id).await;
        let attempts = [
            format!(
                "INSERT INTO releases (edition_id, entry_id, review_id, content_hash, released_by, released_at) VALUES ('{}', '{}', '{review}', '{hash}', 'x', '2026-11-03T00:00:00.000Z')",
                draft.edition_id, draft.entry_id
            ),
            format!(
                "INSERT INTO emergency_signatures (review_id, person_id, role, content_hash, signed_at) VALUES ('{review}', '{}', 'leader', '{hash}', '2026-11-02T00:00:00.000Z')",
                office.section_head.user_id
            ),
            format!(
                "INSERT INTO emergency_signatures (review_id, person_id, role, content_hash, signed_at) VALUES ('{review}', '{}', 'disclosure_officer', '{hash}', '2026-11-02T00:00:00.000Z')",
                office.other_officer.user_id
            ),
            format!(
                "INSERT INTO emergency_signatures (review_id, person_id, role, content_hash, signed_at) VALUES ('{review}', '{}', 'section_head', 'other', '2026-11-02T00:00:00.000Z')",
                office.section_head.user_id
            ),
            format!(
                "UPDATE emergency_signatures SET person_id = '{}' WHERE review_id = '{review}'",
                office.section_head.user_id
            ),
            format!("DELETE FROM emergency_signatures WHERE review_id = '{review}'"),
            format!("UPDATE emergency_releases SET reason = 'x' WHERE review_id = '{review}'"),
            format!("DELETE FROM emergency_releases WHERE review_id = '{review}'"),
        ];
        for sql in attempts {
            let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
            let refused = sqlx::query(sqlx::AssertSqlSafe(sql.clone())).execute(tx.conn()).await;
            let error = refused.expect_err(&sql);
            assert!(crate::db::refused_by_gate(&error).is_some(), "{sql}: {error}");
        }
    }
}

async fn of_hash(db: &crate::db::Db, edition_id: &str) -> String {
    let edition =
        crate::publishing::store::edition(&mut db.read().await.unwrap(), edition_id).await.unwrap().unwrap();
    edition.content_hash.unwrap()
}
