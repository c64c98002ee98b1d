use gongkai_statute::decisions::Decision;
use jiff::civil::date;

use super::actions::{CaseForm, conclude, register};
use super::*;
use crate::db::testing;
use crate::error::Failure;
use crate::requests::tests::World;

#[tokio::test]
async fn a_case_is_registered_and_concluded() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.answered(Decision::NotHeld, date(2026, 3, 2)).await;
        let (staff, agency) = (&world.office.officer, world.office.agency.id.clone());
        let form = CaseForm {
            request_number: number.clone(),
            kind: Some(RemedyKind::Reconsideration),
            case_number: "青禾复〔2026〕3号".into(),
            body: "青禾区人民政府".into(),
            accepted_on: Some(date(2026, 3, 20)),
            note: String::new(),
        };
        let mut tx = world.tx(staff, date(2026, 3, 23)).await;
        let empty = register(&mut tx, staff, &agency, &CaseForm::default()).await;
        assert!(matches!(empty, Err(Failure::Refused(reasons)) if reasons.len() == 4));
        let early = CaseForm { accepted_on: Some(date(2026, 3, 1)), ..form.clone() };
        assert!(register(&mut tx, staff, &agency, &early).await.is_err());
        let id = register(&mut tx, staff, &agency, &form).await.unwrap();
        let no_day = conclude(&mut tx, staff, &id, Some(RemedyResult::Upheld), None, "").await;
        assert!(no_day.is_err());
        let day = Some(date(2026, 3, 22));
        conclude(&mut tx, staff, &id, Some(RemedyResult::Corrected), day, "责令重新答复").await.unwrap();
        tx.commit().await.unwrap();

        let mut conn = test.db.read().await.unwrap();
        let filter = RemedyFilter { agencies: vec![agency], ..RemedyFilter::default() };
        let cases = list(&mut conn, &filter).await.unwrap();
        assert_eq!(cases.len(), 1);
        assert_eq!((cases[0].result, cases[0].concluded_on), (RemedyResult::Corrected, day));
        assert_eq!(cases[0].request_number.as_deref(), Some(&*number));
        let pending = RemedyFilter { result: Some(RemedyResult::Pending), ..filter };
        assert!(list(&mut conn, &pending).await.unwrap().is_empty());

        let leader = &world.office.leader;
        let mut tx = world.tx(leader, date(2026, 3, 24)).await;
        let refused = conclude(&mut tx, leader, &id, Some(RemedyResult::Upheld), day, "").await;
        assert!(matches!(refused, Err(Failure::Refused(r)) if r == [RemedyRefusal::Forbidden]));
    }
}
