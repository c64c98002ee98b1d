//! Complaints and corrections, on every engine.

use jiff::civil::date;

use super::actions::{Ending, Statement, conclude, register, submit};
use super::public::tracked;
use super::*;
use crate::audit::Actor;
use crate::db::{refused_by_gate, testing};
use crate::error::Failure;
use crate::requests::tests::World;
use crate::secrets::digest;

fn statement(kind: GrievanceKind) -> Statement {
    Statement {
        agency_code: "QH".into(),
        kind: Some(kind),
        about: "青禾区测试机关的低保登记".into(),
        person_name: "何小舟".into(),
        contact: "0990-6600123".into(),
        statement: "登记的家庭人口与户口簿不一致，请更正。".into(),
        evidence: "户口簿复印件".into(),
        received_on: Some(date(2026, 3, 9)),
        ..Statement::default()
    }
}

#[tokio::test]
async fn a_matter_has_its_own_day_and_ends_once_with_reasons() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let (officer, day) = (&world.office.officer, date(2026, 3, 9));
        let mut tx = test.db.begin(&Actor::Public, crate::time::start_of_day(day)).await.unwrap();
        let blank = submit(
            &mut tx,
            &Statement { kind: Some(GrievanceKind::RecordCorrection), ..Statement::default() },
        )
        .await;
        let Err(Failure::Refused(why)) = blank else { panic!("nothing was typed") };
        assert_eq!(why.len(), 6, "everything at once: {why:?}");
        let taken = submit(&mut tx, &statement(GrievanceKind::RecordCorrection)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(taken.number, "QH-GZ-2026-0001");
        // Twenty working days, 清明 between.
        assert_eq!(taken.due_on, date(2026, 4, 7));

        let mut conn = test.db.read().await.unwrap();
        assert_eq!(tracked(&mut conn, &taken.number, &digest("another")).await.unwrap(), None);
        let one = tracked(&mut conn, &taken.number, &digest(&taken.query_code)).await.unwrap().unwrap();
        drop(conn);
        assert!(!one.contact.contains("6600123"), "sealed at rest");
        assert_eq!(one.contact(test.db.keys()).unwrap(), "0990-6600123");
        assert!(one.is_overdue(date(2026, 4, 8)) && !one.is_overdue(date(2026, 4, 7)));

        let mut tx = world.tx(officer, day).await;
        let wrong = Ending { outcome: Some(GrievanceOutcome::Upheld), ..Ending::default() };
        let Err(Failure::Refused(why)) = conclude(&mut tx, officer, &taken.id, &wrong).await else {
            panic!("a correction is not upheld")
        };
        assert_eq!(why.len(), 2, "{why:?}");
        let nowhere = Ending {
            outcome: Some(GrievanceOutcome::Referred),
            words: "登记由区民政局掌握。".into(),
            ..Ending::default()
        };
        assert!(conclude(&mut tx, officer, &taken.id, &nowhere).await.is_err());
        let ending = Ending { referred_to: "青禾区民政局，0990-6600200".into(), ..nowhere };
        let done = conclude(&mut tx, officer, &taken.id, &ending).await.unwrap();
        tx.commit().await.unwrap();
        let letter = done.letter().unwrap();
        let heads: Vec<&str> = letter.iter().map(|(head, _)| *head).collect();
        assert_eq!(heads, ["收到的事项", "处理结果", "理由和依据", "有权处理的机关", "救济途径"]);
        assert!(letter[1].1.contains("第四十一条"));
        assert_eq!(done.concluded.unwrap().letter_number, "青禾测更〔2026〕1号");
        let mut tx = world.tx(officer, day).await;
        assert!(conclude(&mut tx, officer, &taken.id, &ending).await.is_err(), "once");
        let by_hand = sqlx::query("UPDATE grievances SET outcome = 'accurate' WHERE id = $1").bind(&taken.id);
        assert!(refused_by_gate(&by_hand.execute(tx.conn()).await.unwrap_err()).is_some());
        drop(tx);

        let mut tx = world.tx(officer, day).await;
        let complaint = register(&mut tx, officer, &statement(GrievanceKind::Complaint)).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = test.db.read().await.unwrap();
        let agency = &world.office.agency.id;
        assert_eq!(list(&mut conn, agency, "").await.unwrap().len(), 2);
        assert_eq!(list(&mut conn, agency, "complaint").await.unwrap()[0].id, complaint.id);
    }
}
