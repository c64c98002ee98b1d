use jiff::{SignedDuration, Timestamp};

use super::{NewDeputy, appoint, end, list};
use crate::accounts::AgencyKind;
use crate::db::{refused_by_gate, testing};
use crate::error::{Failure, Result};
use crate::review::actions::sign;
use crate::review::{ReviewRefusal as R, Signed, review, waiting_for};
use crate::testing::{clean_checklist, complete_draft, monday, office, submitted};
use crate::time::stored;

fn reasons<T: std::fmt::Debug>(result: Result<T, R>) -> Vec<R> {
    match result {
        Err(Failure::Refused(reasons)) => reasons,
        other => panic!("expected refusals, got {other:?}"),
    }
}

#[tokio::test]
async fn a_deputy_signs_in_their_days_for_one_stage_and_the_record_says_for_whom() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let (_, case) = submitted(db, &office, &complete_draft("医保缴费通知")).await;
        let (_, other) = submitted(db, &office, &complete_draft("另一份")).await;
        let new = NewDeputy {
            agency_id: office.agency.id.clone(),
            principal_id: office.leader.user_id.clone(),
            deputy_id: office.confidentiality_officer.user_id.clone(),
            role: "leader".into(),
            since_on: "2026-11-02".into(),
            until_on: "2026-11-03".into(),
            reason: "出差".into(),
        };
        let mut tx = db.begin(&office.leader.actor(), monday()).await.unwrap();
        assert_eq!(reasons(appoint(&mut tx, &office.section_head, &new).await), [R::Forbidden]);
        let wrong = NewDeputy {
            deputy_id: office.other_officer.user_id.clone(),
            role: "section_head".into(),
            until_on: "2026-11-01".into(),
            reason: " ".into(),
            ..new.clone()
        };
        assert_eq!(
            reasons(appoint(&mut tx, &office.leader, &wrong).await),
            [R::DeputyRole, R::DeputyPerson, R::DeputyPeriod, R::DeputyReason]
        );
        let id = appoint(&mut tx, &office.leader, &new).await.unwrap();
        // The head signs the first stage of both, the deputy the confidentiality stage of the first.
        for one in [&case, &other] {
            sign(&mut tx, &office.section_head, one, None, "").await.unwrap();
        }
        let checklist = clean_checklist();
        sign(&mut tx, &office.confidentiality_officer, &case, Some(&checklist), "").await.unwrap();
        let second = reasons(sign(&mut tx, &office.confidentiality_officer, &case, None, "").await);
        assert!(matches!(&second[..], [R::SecondStage(_)]), "no second stage, not as a deputy either");
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let seen = async |staff, at: Timestamp, conn: &mut _| {
            waiting_for(conn, staff, &stored(at)).await.unwrap().len()
        };
        assert_eq!(seen(&office.leader, monday(), &mut conn).await, 1);
        drop(conn);

        // Another deputy: the head for the confidentiality officer, of a case whose first stage is someone else's.
        let mut tx = db.begin(&office.leader.actor(), monday()).await.unwrap();
        let for_secrets = NewDeputy {
            principal_id: office.confidentiality_officer.user_id.clone(),
            deputy_id: office.leader.user_id.clone(),
            role: "confidentiality_officer".into(),
            ..new.clone()
        };
        appoint(&mut tx, &office.administrator, &for_secrets).await.unwrap();
        let too_early = monday() - SignedDuration::from_hours(24);
        tx.acting_as(&office.leader.actor(), too_early);
        let early = reasons(sign(&mut tx, &office.leader, &other, Some(&checklist), "").await);
        assert!(matches!(&early[..], [R::NotYourStage { .. }]));
        tx.acting_as(&office.leader.actor(), monday());
        let next = sign(&mut tx, &office.leader, &other, Some(&checklist), "").await.unwrap();
        assert!(matches!(next, Signed::NextStage(_)));
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let signed = review(&mut conn, &other).await.unwrap().unwrap();
        let by = signed.stages[1].sign_off.as_ref().unwrap();
        assert_eq!(by.person_id, office.leader.user_id);
        assert_eq!(by.on_behalf_of.as_deref(), Some(office.confidentiality_officer.name.as_str()));
        assert_eq!(list(&mut conn, &office.agency.id).await.unwrap().len(), 2);
        // The leader signed a stage already: the last one waits for the leader's own deputy.
        let staff = &office.confidentiality_officer;
        let waiting = waiting_for(&mut conn, staff, &stored(monday())).await.unwrap();
        assert_eq!(waiting.len(), 1);
        assert_eq!(waiting[0].on_behalf_of.as_deref(), Some(office.leader.name.as_str()));
        assert!(waiting_for(&mut conn, staff, "2026-11-04T00:00:00.000Z").await.unwrap().is_empty(), "over");
        drop(conn);

        // By hand, after the end: the database refuses it too.
        let mut tx = db.begin(&office.leader.actor(), monday()).await.unwrap();
        end(&mut tx, &office.leader, &id).await.unwrap();
        let sql = format!(
            "INSERT INTO sign_offs (id, review_id, stage, person_id, verdict, checklist, opinion, content_hash, signed_at, on_behalf_of) \
             VALUES ('x', '{other}', 3, '{}', 'signed', '{{}}', '', '{}', '2026-11-02T02:00:00.000Z', '{}')",
            staff.user_id, signed.content_hash, office.leader.user_id
        );
        let refused = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(tx.conn()).await.unwrap_err();
        assert!(refused_by_gate(&refused).is_some(), "{refused}");
    }
}
