//! From the archived request to the record that its personal data is gone, on every engine.

use jiff::civil::date;

use super::*;
use crate::error::Failure;
use crate::files::{DEFAULT_LIMIT, FileStore};
use crate::privacy::{Particulars, key_uses};
use crate::requests::evidence::{self, EvidenceKind};
use crate::requests::tests::World;
use crate::requests::{actions as requests, similar};
use crate::secrets;
use gongkai_statute::decisions::Decision;

macro_rules! refusals {
    ($outcome:expr) => {
        match $outcome {
            Err(Failure::Refused(reasons)) => reasons,
            Err(Failure::Unexpected(error)) => panic!("{error:#}"),
            Ok(_) => panic!("not refused"),
        }
    };
}

#[tokio::test]
async fn personal_data_is_destroyed_after_its_term_by_three_people_and_the_list_stays() {
    for test in crate::db::testing::databases().await {
        let world = World::new(&test.db).await;
        let office = &world.office;
        let agency = office.agency.id.clone();
        let files = FileStore::in_folder(&test.folder.path().join("files"), DEFAULT_LIMIT).unwrap();
        let number = world.answered(Decision::Provided, date(2026, 3, 2)).await;
        let other = world.answered(Decision::Provided, date(2026, 3, 9)).await;
        // A paper that came with it.
        let token = secrets::token();
        let png = evidence::tests::png();
        let kind = EvidenceKind::Identity;
        evidence::stage(&test.db, &files, crate::testing::monday(), &token, kind, "何小舟.png", &png)
            .await
            .unwrap();
        let mut tx = world.tx(&office.officer, date(2026, 4, 20)).await;
        evidence::add(&mut tx, &office.officer, &number, &token).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = world.tx(&office.officer, date(2026, 4, 20)).await;
        let early = actions::papers(&mut tx, &files, &office.officer, &agency, 2026).await;
        assert_eq!(refusals!(early), [RetentionRefusal::NothingToTransfer], "not archived yet");
        drop(tx);
        for one in [&number, &other] {
            let mut tx = world.tx(&office.officer, date(2026, 4, 21)).await;
            let today = Some(tx.today());
            requests::record_delivery(&mut tx, &office.officer, one, today, "挂号信回执").await.unwrap();
            requests::archive(&mut tx, &office.officer, one).await.unwrap();
            tx.commit().await.unwrap();
        }
        let mut tx = world.tx(&office.officer, date(2027, 1, 10)).await;
        let papers = actions::papers(&mut tx, &files, &office.officer, &agency, 2026).await.unwrap();
        assert_eq!(papers.len(), 2);
        assert_eq!(papers[0].particulars.as_ref().unwrap().identity_number, "990102199001011237");
        assert_eq!(papers[0].files[0].1.bytes, png);
        let sha = "0".repeat(64);
        let transfer =
            actions::record_transfer(&mut tx, &office.officer, &agency, 2026, &papers, &sha).await.unwrap();
        tx.commit().await.unwrap();

        // Term over, but the archive has not given its receipt.
        let due_on = |day| {
            let (db, agency) = (&test.db, &agency);
            async move { due(&mut db.read().await.unwrap(), agency, day).await.unwrap().len() }
        };
        assert_eq!(due_on(date(2037, 1, 1)).await, 0);
        let mut tx = world.tx(&office.officer, date(2027, 1, 20)).await;
        let faults = actions::record_accession(&mut tx, &office.officer, &transfer.id, "", None, "").await;
        assert_eq!(refusals!(faults).len(), 3);
        drop(tx);
        let mut tx = world.tx(&office.officer, date(2027, 1, 20)).await;
        let (no, by) = ("青档接〔2027〕3号", "青禾区档案馆 陆知夏");
        let day = Some(date(2027, 1, 20));
        actions::record_accession(&mut tx, &office.officer, &transfer.id, no, day, by).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(due_on(date(2036, 12, 31)).await, 0, "ten years from the first of January after");
        assert_eq!(due_on(date(2037, 1, 1)).await, 2);

        let mut tx = world.tx(&office.leader, date(2036, 12, 1)).await;
        actions::set_term(&mut tx, &office.leader, &agency, Some(12), "保管期限表").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(due_on(date(2037, 1, 1)).await, 0, "the office has a longer term");
        let day = date(2039, 1, 4);
        let mut tx = world.tx(&office.officer, day).await;
        let list = actions::propose(&mut tx, &office.officer, &agency, "期满，档案馆已经接收").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((list.items.len(), list.items[0].files), (2, 1));
        assert_eq!(due_on(day).await, 0, "on a list already");

        let mut tx = world.tx(&office.officer, day).await;
        let early = actions::carry_out(&mut tx, &files, &office.officer, &list.id).await;
        assert_eq!(refusals!(early), [RetentionRefusal::NotApproved]);
        drop(tx);
        for (staff, expected) in [
            (&office.officer, Some(RetentionRefusal::Forbidden)),
            (&office.administrator, Some(RetentionRefusal::NotFound)),
            (&office.leader, None),
            (&office.leader, Some(RetentionRefusal::ApprovedBefore)),
            (&office.section_head, None),
        ] {
            let mut tx = world.tx(staff, day).await;
            match (actions::approve(&mut tx, staff, &list.id).await, expected) {
                (Ok(_), None) => drop(tx.commit().await.unwrap()),
                (outcome, expected) => assert_eq!(refusals!(outcome), [expected.unwrap()]),
            }
        }
        // By hand as well: the proposer is never an approver.
        let mut tx = world.tx(&office.officer, day).await;
        let by_hand =
            sqlx::query("UPDATE destruction_lists SET second_by = proposed_by").execute(tx.conn()).await;
        assert!(by_hand.is_err());
        drop(tx);

        let mut conn = test.db.read().await.unwrap();
        let dossier = crate::requests::by_number(&mut conn, &number).await.unwrap().unwrap();
        let kept = evidence::of_request(&mut conn, &dossier.request.id).await.unwrap();
        drop(conn);
        assert!(files.has_sealed(&kept[0].id).await.unwrap());
        let mut tx = world.tx(&office.officer, day).await;
        assert_eq!(actions::carry_out(&mut tx, &files, &office.officer, &list.id).await.unwrap(), 1);
        tx.commit().await.unwrap();

        assert!(!files.has_sealed(&kept[0].id).await.unwrap(), "the bytes are gone");
        let mut conn = test.db.read().await.unwrap();
        assert_eq!(key_uses(&mut conn).await.unwrap(), [], "no sealed value is left");
        let dossier = crate::requests::by_number(&mut conn, &number).await.unwrap().unwrap();
        let applicant = &dossier.request.applicant;
        let opened =
            Particulars::opened(test.db.keys(), &dossier.request.id, &applicant.particulars).unwrap();
        assert_eq!((opened, applicant.identity_match.as_str()), (None, ""));
        assert!(!dossier.letters.is_empty(), "that the office wrote stays");
        similar(&mut conn, &dossier.request).await.unwrap();
        let kept = destruction(&mut conn, &list.id).await.unwrap().unwrap();
        assert_eq!((kept.items.len(), kept.approvals.len()), (2, 2));
        assert_eq!(kept.carried_out.unwrap().0, office.officer.name);
        drop(conn);
        let mut tx = world.tx(&office.officer, day).await;
        let view = crate::privacy::actions::view(
            &mut tx,
            &office.officer,
            &number,
            Some(crate::privacy::Purpose::Contact),
            "",
        )
        .await;
        assert!(
            matches!(view, Err(Failure::Refused(reasons)) if reasons == [crate::privacy::PrivacyRefusal::Destroyed])
        );
        drop(tx);
        let mut tx = world.tx(&office.officer, day).await;
        let again = actions::carry_out(&mut tx, &files, &office.officer, &list.id).await;
        assert_eq!(refusals!(again), [RetentionRefusal::CarriedOutBefore]);
    }
}
