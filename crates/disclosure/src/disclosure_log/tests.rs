//! From an answered request to what everyone reads, without the person.

use gongkai_statute::decisions::Decision;
use jiff::civil::date;

use super::actions::propose;
use super::public::{LogFilter, count, list, years};
use super::*;
use crate::db::testing;
use crate::error::Failure;
use crate::publishing::actions::submit;
use crate::requests::tests::World;
use crate::testing::{catalogue_line, signed_by_all};

#[tokio::test]
async fn an_answered_request_is_told_without_the_person_and_only_through_the_gate() {
    let day = date(2026, 3, 9);
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let officer = &world.office.officer;
        let open = world.received(day, day).await;
        let number = world.answered(Decision::Provided, day).await;
        let dossier = world.dossier(&number).await;
        let mut tx = world.tx(officer, day).await;
        let line = &catalogue_line(&mut tx, &world.office.agency.id).await;
        let person = &dossier.request.applicant;
        let known =
            Particulars::opened(tx.keys(), &dossier.request.id, &person.particulars).unwrap().unwrap();
        let names = super::names_of(&dossier, tx.keys()).unwrap();
        let telling = prefilled(&dossier, &known, &names);
        for words in [&names[0], &known.phone, &known.identity_number, &number] {
            let text = format!("{telling:?}");
            assert!(!text.contains(words.as_str()), "{words}: {text}");
        }
        assert!(telling.asked.contains("农村危房改造补助名单"));

        let early = propose(&mut tx, officer, &open, line, &telling, &[]).await;
        assert!(
            matches!(&early, Err(Failure::Refused(why)) if why == &[LogRefusal::NotAnswered]),
            "{early:?}"
        );
        let spaced: String = names[0].chars().flat_map(|c| [c, ' ']).collect();
        let named = Telling { answered: format!("已答复{spaced}"), ..telling.clone() };
        let refused = propose(&mut tx, officer, &number, "", &named, &[]).await;
        let Err(Failure::Refused(why)) = refused else { panic!("the name of the person") };
        assert_eq!(why.len(), 2, "{why:?}");
        let drafted = propose(&mut tx, officer, &number, line, &telling, &[]).await.unwrap();
        let twice = propose(&mut tx, officer, &number, line, &telling, &[]).await;
        assert!(
            matches!(&twice, Err(Failure::Refused(why)) if why == &[LogRefusal::ToldBefore]),
            "{twice:?}"
        );
        tx.commit().await.unwrap();

        let all = LogFilter::default();
        let mut conn = test.db.read().await.unwrap();
        assert_eq!(count(&mut conn, &all).await.unwrap(), 0, "a draft is not public");
        drop(conn);
        let mut tx = test.db.begin(&officer.actor(), crate::testing::monday()).await.unwrap();
        let review = submit(&mut tx, officer, &drafted.edition_id, 1).await.unwrap();
        tx.commit().await.unwrap();
        signed_by_all(&test.db, &world.office, &review).await;
        let mut conn = test.db.read().await.unwrap();
        let lines = list(&mut conn, &all, 10, 0).await.unwrap();
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].answered_on, "2026-03-09");
        assert_eq!(years(&mut conn).await.unwrap(), ["2026"]);
        let other = LogFilter { year: "2025".into(), ..all };
        assert_eq!(count(&mut conn, &other).await.unwrap(), 0);
    }
}
