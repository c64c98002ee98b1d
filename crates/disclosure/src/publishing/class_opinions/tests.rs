use jiff::SignedDuration;

use super::actions::{decide, lacking, propose, set_needed};
use super::{Needed, newest, of_edition};
use crate::accounts::AgencyKind;
use crate::db::testing;
use crate::error::{Failure, Result};
use crate::publishing::actions::{save_draft, submit};
use crate::publishing::{Draft, PublishingRefusal as R, store};
use crate::testing::{complete_draft, drafted, monday, office};

fn reasons<T: std::fmt::Debug>(result: Result<T, R>) -> Vec<R> {
    match result {
        Err(Failure::Refused(reasons)) => reasons,
        other => panic!("expected refusals, got {other:?}"),
    }
}

#[tokio::test]
async fn the_class_is_signed_before_submission_and_signed_anew_when_it_changes() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let mut document = complete_draft("关于印发方案的通知");
        document.document_number = "青禾测〔2026〕8号".into();
        let draft = drafted(db, &office, &document).await;
        let (officer, head) = (&office.officer, &office.section_head);
        let admin = &office.administrator;
        let mut tx = db.begin(&admin.actor(), monday()).await.unwrap();
        set_needed(&mut tx, admin, &office.agency.id, Needed::Documents.code()).await.unwrap();
        tx.acting_as(&officer.actor(), monday());
        let missing = reasons(submit(&mut tx, officer, &draft.edition_id, 1).await);
        assert_eq!(missing, [R::OpinionMissing]);
        // What bears no number is not asked for it.
        let plain = Draft { document_number: String::new(), ..document.clone() };
        save_draft(&mut tx, officer, &draft.edition_id, 1, &plain).await.unwrap();
        let edition = store::edition(tx.conn(), &draft.edition_id).await.unwrap().unwrap();
        assert_eq!(lacking(tx.conn(), &edition).await.unwrap(), None);
        save_draft(&mut tx, officer, &draft.edition_id, 2, &document).await.unwrap();

        let first = propose(&mut tx, officer, &draft.edition_id).await.unwrap();
        assert_eq!(reasons(propose(&mut tx, officer, &draft.edition_id).await), [R::OpinionWaits]);
        assert_eq!(reasons(submit(&mut tx, officer, &draft.edition_id, 3).await), [R::OpinionWaits]);
        assert_eq!(
            reasons(decide(&mut tx, officer, &first, "agreed", "").await),
            [R::Forbidden],
            "not the drafter"
        );
        tx.acting_as(&head.actor(), monday());
        assert_eq!(reasons(decide(&mut tx, head, &first, "declined", " ").await).len(), 1, "why");
        decide(&mut tx, head, &first, "agreed", "属实").await.unwrap();
        assert_eq!(reasons(decide(&mut tx, head, &first, "agreed", "").await), [R::OpinionDecided]);

        // The class is changed after it was signed: a new form is asked for.
        tx.acting_as(&officer.actor(), monday() + SignedDuration::from_mins(9));
        let inside = Draft {
            disclosure_class: "on_request".into(),
            class_reason: "涉及内部管理".into(),
            ..document.clone()
        };
        save_draft(&mut tx, officer, &draft.edition_id, 3, &inside).await.unwrap();
        assert_eq!(reasons(submit(&mut tx, officer, &draft.edition_id, 4).await), [R::OpinionOutOfDate]);
        let second = propose(&mut tx, officer, &draft.edition_id).await.unwrap();
        tx.acting_as(&head.actor(), monday() + SignedDuration::from_mins(9));
        decide(&mut tx, head, &second, "agreed", "").await.unwrap();
        tx.acting_as(&officer.actor(), monday() + SignedDuration::from_mins(9));
        submit(&mut tx, officer, &draft.edition_id, 4).await.unwrap();
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let used = of_edition(&mut conn, &draft.edition_id).await.unwrap().expect("the edition names it");
        assert_eq!((used.id.as_str(), used.disclosure_class.as_str()), (second.as_str(), "on_request"));
        assert_eq!(newest(&mut conn, &draft.entry_id).await.unwrap().unwrap().decided_by_name, head.name);
        drop(conn);
        for sql in [
            "UPDATE class_opinions SET disclosure_class = 'not_disclosed'",
            "UPDATE class_opinions SET verdict = NULL",
            "DELETE FROM class_opinions",
            "UPDATE editions SET class_opinion_id = NULL",
        ] {
            let mut tx = db.begin(&officer.actor(), monday()).await.unwrap();
            let error = sqlx::query(sql).execute(tx.conn()).await.unwrap_err();
            assert!(crate::db::refused_by_gate(&error).is_some(), "{sql}: {error}");
        }
    }
}
