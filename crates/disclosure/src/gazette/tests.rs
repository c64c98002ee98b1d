use super::actions::{add, begin, publish, remove};
use super::{GazetteRefusal, issue, public_issue, public_issues, public_items};
use crate::accounts::AgencyKind;
use crate::db::testing::databases;
use crate::error::Failure;
use crate::publishing::actions::withdraw;
use crate::publishing::public;
use crate::testing::{complete_draft, monday, office, signed_by_all, submitted};

#[tokio::test]
async fn an_issue_is_numbered_fixed_and_loses_what_is_withdrawn() {
    for test in databases().await {
        let district = office(&test.db, "qinghe", AgencyKind::DistrictOffice).await;
        let town = office(&test.db, "songxi", AgencyKind::Town).await;
        let mut numbers = Vec::new();
        for title in ["关于印发养老服务补贴办法的通知", "关于印发防汛预案的通知"] {
            let (drafted, review) = submitted(&test.db, &town, &complete_draft(title)).await;
            signed_by_all(&test.db, &town, &review).await;
            let mut conn = test.db.read().await.unwrap();
            let entry = public::by_id(&mut conn, &drafted.entry_id).await.unwrap().unwrap();
            numbers.push((drafted.entry_id, entry.index_number));
        }
        let staff = &district.officer;
        let mut tx = test.db.begin(&town.officer.actor(), monday()).await.unwrap();
        let Err(Failure::Refused(reasons)) = begin(&mut tx, &town.officer, &town.agency.id).await else {
            panic!("a town keeps no gazette")
        };
        assert_eq!(reasons, [GazetteRefusal::KeepsNone]);
        drop(tx);
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        let id = begin(&mut tx, staff, &district.agency.id).await.unwrap();
        assert!(publish(&mut tx, staff, &id).await.is_err(), "an empty issue");
        assert!(add(&mut tx, staff, &id, "songxi/2026-09999").await.is_err());
        for (_, number) in &numbers {
            add(&mut tx, staff, &id, number).await.unwrap();
        }
        assert!(add(&mut tx, staff, &id, &numbers[0].1).await.is_err(), "twice");
        remove(&mut tx, staff, &id, &numbers[0].0).await.unwrap();
        add(&mut tx, staff, &id, &numbers[0].1).await.unwrap();
        assert!(public_issues(tx.conn()).await.unwrap().is_empty());
        publish(&mut tx, staff, &id).await.unwrap();
        assert!(remove(&mut tx, staff, &id, &numbers[0].0).await.is_err(), "published is fixed");
        let shown = issue(tx.conn(), &id).await.unwrap().unwrap();
        assert_eq!((shown.year, shown.number, shown.items), (2026, 1, 2));
        tx.commit().await.unwrap();
        let mut conn = test.db.read().await.unwrap();
        assert!(public_issue(&mut conn, "qinghe", 2026, 1).await.unwrap().is_some());
        let titles: Vec<String> =
            public_items(&mut conn, &id).await.unwrap().into_iter().map(|item| item.title).collect();
        assert_eq!(titles, ["关于印发防汛预案的通知", "关于印发养老服务补贴办法的通知"]);
        drop(conn);
        let mut tx = test.db.begin(&town.officer.actor(), monday()).await.unwrap();
        withdraw(&mut tx, &town.officer, &numbers[1].0, "mistaken", "内容有误。").await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = test.db.read().await.unwrap();
        assert_eq!(public_items(&mut conn, &id).await.unwrap().len(), 1);
    }
}
