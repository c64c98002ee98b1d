use super::actions::assess;
use super::{ReassessmentRefusal, history, withheld};
use crate::accounts::AgencyKind;
use crate::db::testing::databases;
use crate::error::Failure;
use crate::publishing::actions::submit;
use crate::publishing::public;
use crate::testing::{complete_draft, monday, office, signed_by_all, submitted};
use jiff::SignedDuration;

#[tokio::test]
async fn what_is_withheld_is_looked_at_again_and_can_become_public() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let staff = &office.officer;
        let mut draft = complete_draft("镇村道路养护台账");
        draft.disclosure_class = "on_request".into();
        draft.class_reason = "涉及施工单位报价，宜依申请公开。".into();
        let (drafted, review) = submitted(&test.db, &office, &draft).await;
        signed_by_all(&test.db, &office, &review).await;
        let id = &drafted.entry_id;
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        let listed = withheld(tx.conn(), &office.agency.id).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].due_on().unwrap().to_string(), "2027-11-02");
        let Err(Failure::Refused(reasons)) = assess(&mut tx, staff, id, "", " ", "2030-01-01").await else {
            panic!("nothing was said")
        };
        assert_eq!(reasons.len(), 3, "{reasons:?}");
        assess(&mut tx, staff, id, "keep", "报价仍在保密期。", "2027-03-01").await.unwrap();
        let listed = withheld(tx.conn(), &office.agency.id).await.unwrap();
        assert_eq!(listed[0].due_on().unwrap().to_string(), "2027-03-01");
        tx.commit().await.unwrap();

        let later = monday() + SignedDuration::from_hours(24 * 150);
        let mut tx = test.db.begin(&staff.actor(), later).await.unwrap();
        let converted = assess(&mut tx, staff, id, "convert", "招标已经结束。", "").await.unwrap().unwrap();
        assert!(withheld(tx.conn(), &office.agency.id).await.unwrap().is_empty());
        let Err(Failure::Refused(reasons)) = assess(&mut tx, staff, id, "keep", "再看看", "").await else {
            panic!("it is being worked at")
        };
        assert_eq!(reasons, [ReassessmentRefusal::NotWithheld]);
        assert_eq!(history(tx.conn(), id).await.unwrap().len(), 2);
        tx.commit().await.unwrap();
        assert!(public::by_id(&mut test.db.read().await.unwrap(), id).await.unwrap().is_none());
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        let review = submit(&mut tx, staff, &converted.edition_id, 2).await.unwrap();
        tx.commit().await.unwrap();
        signed_by_all(&test.db, &office, &review).await;
        assert!(public::by_id(&mut test.db.read().await.unwrap(), id).await.unwrap().is_some());
    }
}
