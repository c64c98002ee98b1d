//! What a signer is told, over a letter (one stage) and a plain edition (three).

use jiff::Timestamp;

use super::actions::{open, return_for_revision, sign, withdraw_from_review};
use super::{ConfidentialityChecklist, ReviewRefusal, ReviewState, Signed, Subject};
use crate::accounts::{AgencyKind, Role, Staff};
use crate::db::{Db, Tx, testing};
use crate::error::Failure;
use crate::publishing::actions::save_draft;
use crate::testing::{clean_checklist, complete_draft, monday, office, submitted};

async fn begin(db: &Db, staff: &Staff) -> Tx {
    db.begin(&staff.actor(), monday()).await.unwrap()
}

fn reasons<T: std::fmt::Debug>(result: crate::error::Result<T, ReviewRefusal>) -> Vec<ReviewRefusal> {
    match result {
        Err(Failure::Refused(reasons)) => reasons,
        other => panic!("expected refusals, got {other:?}"),
    }
}

#[tokio::test]
async fn three_people_sign_one_after_the_other() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "QH", AgencyKind::Bureau).await;
        let (draft, id) = submitted(db, &office, &complete_draft("通知")).await;
        let subject = Subject::Edition(draft.edition_id.clone());

        let queue = |staff: Staff| async move {
            super::waiting_for(&mut db.read().await.unwrap(), &staff, "2026-11-02T01:00:00.000Z")
                .await
                .unwrap()
                .len()
        };
        assert_eq!(queue(office.section_head.clone()).await, 1);
        assert_eq!(queue(office.leader.clone()).await, 0);

        let mut tx = begin(db, &office.leader).await;
        assert!(matches!(
            &reasons(sign(&mut tx, &office.leader, &id, None, "").await)[..],
            [ReviewRefusal::NotYourStage { role: Role::SectionHead, .. }]
        ));
        assert_eq!(reasons(sign(&mut tx, &office.officer, &id, None, "").await), [ReviewRefusal::Forbidden]);
        let next = sign(&mut tx, &office.section_head, &id, None, "同意").await.unwrap();
        assert!(matches!(next, Signed::NextStage(stage) if stage.title == "保密审查"));

        let second = reasons(sign(&mut tx, &office.section_head, &id, None, "").await);
        assert!(second.contains(&ReviewRefusal::SecondStage("初审".into())), "{second:?}");

        let empty = ConfidentialityChecklist::default();
        let unanswered = reasons(sign(&mut tx, &office.confidentiality_officer, &id, Some(&empty), "").await);
        assert_eq!(unanswered.len(), 5, "four questions and the ground: {unanswered:?}");
        assert_eq!(
            reasons(sign(&mut tx, &office.confidentiality_officer, &id, None, "").await),
            [ReviewRefusal::ChecklistMissing]
        );
        let secret = ConfidentialityChecklist { state_secrets: Some(true), ..clean_checklist() };
        assert!(matches!(
            &reasons(sign(&mut tx, &office.confidentiality_officer, &id, Some(&secret), "").await)[..],
            [ReviewRefusal::InvolvesSecrets { field: "state_secrets", .. }]
        ));
        sign(&mut tx, &office.confidentiality_officer, &id, Some(&clean_checklist()), "").await.unwrap();
        let last = sign(&mut tx, &office.leader, &id, None, "同意公开").await.unwrap();
        assert!(matches!(last, Signed::Released(released) if released.index_number == "QH/2026-00001"));
        assert_eq!(
            reasons(sign(&mut tx, &office.leader, &id, None, "").await),
            [ReviewRefusal::Closed(ReviewState::Signed)]
        );
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let review = super::review(&mut conn, &id).await.unwrap().unwrap();
        assert_eq!(review.state, ReviewState::Signed);
        assert_eq!(review.stages[1].sign_off.as_ref().unwrap().checklist, Some(clean_checklist()));
        assert!(super::is_signed(&mut conn, &subject).await.unwrap());
    }
}

#[tokio::test]
async fn a_returned_edition_can_be_written_at_and_a_reason_is_needed() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "QH", AgencyKind::Bureau).await;
        let (draft, id) = submitted(db, &office, &complete_draft("通知")).await;
        let subject = Subject::Edition(draft.edition_id.clone());
        let mut tx = begin(db, &office.section_head).await;
        assert_eq!(
            reasons(return_for_revision(&mut tx, &office.section_head, &id, "  ").await),
            [ReviewRefusal::OpinionMissing]
        );
        return_for_revision(&mut tx, &office.section_head, &id, "缺少附件").await.unwrap();
        let edit = complete_draft("改过的通知");
        save_draft(&mut tx, &office.officer, &draft.edition_id, 1, &edit).await.unwrap();
        assert_eq!(
            reasons(return_for_revision(&mut tx, &office.section_head, &id, "再退").await),
            [ReviewRefusal::Closed(ReviewState::Returned)]
        );
        assert!(!super::is_signed(tx.conn(), &subject).await.unwrap());
    }
}

#[tokio::test]
async fn a_submission_can_be_taken_back_by_the_office_only() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "QH", AgencyKind::Bureau).await;
        let (draft, id) = submitted(db, &office, &complete_draft("通知")).await;
        let subject = Subject::Edition(draft.edition_id.clone());
        let mut tx = begin(db, &office.other_officer).await;
        assert_eq!(
            reasons(withdraw_from_review(&mut tx, &office.leader, &id).await),
            [ReviewRefusal::Forbidden]
        );
        assert_eq!(
            reasons(open(&mut tx, &office.agency.id, &subject, "h").await.map(drop)),
            [ReviewRefusal::AlreadyOpen]
        );
        drop(tx);
        let mut tx = begin(db, &office.other_officer).await;
        withdraw_from_review(&mut tx, &office.other_officer, &id).await.unwrap();
        tx.commit().await.unwrap();
        let review = super::review(&mut db.read().await.unwrap(), &id).await.unwrap().unwrap();
        assert_eq!(review.state, ReviewState::Withdrawn);
    }
}

#[tokio::test]
async fn an_agency_without_a_confidentiality_officer_is_told_at_submission() {
    for test in testing::databases().await {
        let office = office(&test.db, "QH", AgencyKind::Bureau).await;
        let mut tx = begin(&test.db, &office.officer).await;
        sqlx::query("DELETE FROM user_roles WHERE role = 'confidentiality_officer'")
            .execute(tx.conn())
            .await
            .unwrap();
        let subject = Subject::Edition("none".into());
        let refused = reasons(open(&mut tx, &office.agency.id, &subject, "h").await);
        assert!(matches!(
            &refused[..],
            [ReviewRefusal::NobodyForStage { role: Role::ConfidentialityOfficer, .. }]
        ));
    }
}

#[tokio::test]
async fn acts_of_several_people_in_one_change_keep_their_names_and_moments() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "QH", AgencyKind::Bureau).await;
        let (draft, id) = submitted(db, &office, &complete_draft("通知")).await;
        let mut tx = begin(db, &office.section_head).await;
        sign(&mut tx, &office.section_head, &id, None, "").await.unwrap();
        let later: Timestamp = monday() + jiff::SignedDuration::from_hours(2);
        tx.acting_as(&office.confidentiality_officer.actor(), later);
        sign(&mut tx, &office.confidentiality_officer, &id, Some(&clean_checklist()), "").await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let story = crate::audit::history(&mut conn, &draft.edition_id).await.unwrap();
        let last: Vec<_> = story.iter().rev().take(2).map(|l| (&*l.actor_id, &*l.at)).collect();
        assert_eq!(
            last,
            [
                (&*office.confidentiality_officer.user_id, "2026-11-02T03:00:00.000Z"),
                (&*office.section_head.user_id, "2026-11-02T01:00:00.000Z")
            ]
        );
        assert!(matches!(
            crate::audit::verify(&mut conn).await.unwrap(),
            crate::audit::Verdict::Whole { .. }
        ));
    }
}
