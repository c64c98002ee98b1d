use jiff::civil::date;

use super::{EscalationRefusal as R, NewRule, in_force, set};
use crate::db::testing;
use crate::error::Failure;
use crate::jobs::{Workshop, run_due};
use crate::requests::tests::World;
use crate::time::start_of_day;

async fn letters(world: &World<'_>) -> Vec<(String, String)> {
    let conn = &mut *world.db.read().await.unwrap();
    sqlx::query_as("SELECT recipient, body FROM mails ORDER BY id").fetch_all(conn).await.unwrap()
}

#[tokio::test]
async fn a_named_deputy_is_told_when_the_handler_lets_it_run_out() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let agency_id = world.office.agency.id.clone();
        // Received on 2 March, due on 30 March.
        world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        let leader = &world.office.leader;
        let mut tx = world.tx(leader, date(2026, 3, 2)).await;
        let wrong = NewRule {
            agency_id: agency_id.clone(),
            remind_left: Some(11),
            escalate_left: Some(-1),
            deputy_id: world.office.confidentiality_officer.user_id.clone(),
        };
        let refused = set(&mut tx, leader, &wrong).await;
        assert!(
            matches!(&refused, Err(Failure::Refused(all)) if *all == [R::RemindLeft, R::EscalateLeft, R::Deputy]),
            "{refused:?}"
        );
        let rule = NewRule {
            agency_id: agency_id.clone(),
            remind_left: Some(5),
            escalate_left: Some(1),
            deputy_id: leader.user_id.clone(),
        };
        let officer = set(&mut tx, &world.office.officer, &rule).await;
        assert!(matches!(officer, Err(Failure::Refused(all)) if all == [R::Forbidden]));
        set(&mut tx, leader, &rule).await.unwrap();
        tx.commit().await.unwrap();
        let rules = in_force(&mut test.db.read().await.unwrap()).await.unwrap();
        assert_eq!(rules[&agency_id].deputy_name, leader.name);

        let shop =
            Workshop { db: test.db.clone(), post_office: None, accounts: None, outgoing: Default::default() };
        let mut told = Vec::new();
        for day in [23, 27, 31] {
            let before = letters(&world).await.len();
            let at = start_of_day(date(2026, 3, day)) + jiff::SignedDuration::from_hours(8);
            run_due(&shop, at).await.unwrap();
            let new = letters(&world).await.split_off(before);
            told.push(new.iter().filter(|(_, body)| body.contains("请督促")).count());
            assert!(
                new.iter().any(|(_, body)| body.contains("QH-SQ-2026-0001")),
                "the handler, on {day}: {new:?}"
            );
        }
        // Five days left: the handler alone. One day left, and overdue: the deputy too.
        assert_eq!(told, [0, 1, 1]);
    }
}
