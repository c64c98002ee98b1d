use gongkai_statute::decisions::Decision;
use jiff::civil::date;

use super::actions::{CaseForm, Ending, carry_out, conclude, register};
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
        let upheld = Ending { result: Some(RemedyResult::Upheld), ..Ending::default() };
        assert!(conclude(&mut tx, staff, &id, &upheld).await.is_err(), "no day");
        let day = Some(date(2026, 3, 22));
        let bare = Ending { result: Some(RemedyResult::Corrected), concluded_on: day, ..Ending::default() };
        let unsaid = conclude(&mut tx, staff, &id, &bare).await;
        assert!(
            matches!(unsaid, Err(Failure::Refused(r)) if matches!(r[..], [RemedyRefusal::Field { field: "demanded", .. }]))
        );
        let corrected = Ending {
            demanded: "撤销原答复，重新答复".into(),
            demanded_until: Some(date(2026, 4, 20)),
            ..bare.clone()
        };
        let backwards = Ending { demanded_until: Some(date(2026, 3, 1)), ..corrected.clone() };
        assert!(conclude(&mut tx, staff, &id, &backwards).await.is_err());
        let early = carry_out(&mut tx, staff, &id, day, "重新答复").await;
        assert!(matches!(early, Err(Failure::Refused(r)) if r == [RemedyRefusal::NothingDemanded]));
        conclude(&mut tx, staff, &id, &corrected).await.unwrap();
        tx.commit().await.unwrap();

        // What was asked for waits until it is done, once.
        let demand = by_id(&mut test.db.read().await.unwrap(), &id).await.unwrap().unwrap();
        assert_eq!(demand.open_demand().unwrap().until, Some(date(2026, 4, 20)));
        let mut tx = world.tx(staff, date(2026, 4, 2)).await;
        for wrong in [None, Some(date(2026, 3, 21)), Some(date(2026, 4, 3))] {
            assert!(carry_out(&mut tx, staff, &id, wrong, "重新答复").await.is_err(), "{wrong:?}");
        }
        let done = Some(date(2026, 4, 1));
        assert!(carry_out(&mut tx, staff, &id, done, " ").await.is_err());
        carry_out(&mut tx, staff, &id, done, "青禾测公复〔2026〕9号重新答复").await.unwrap();
        assert!(carry_out(&mut tx, staff, &id, done, "再来一次").await.is_err());
        tx.commit().await.unwrap();
        let case = by_id(&mut test.db.read().await.unwrap(), &id).await.unwrap().unwrap();
        assert_eq!(case.open_demand(), None);
        assert_eq!(case.demand.unwrap().carried_out.unwrap().0, date(2026, 4, 1));

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
        let refused = conclude(&mut tx, leader, &id, &corrected).await;
        assert!(matches!(refused, Err(Failure::Refused(r)) if r == [RemedyRefusal::Forbidden]));
    }
}
