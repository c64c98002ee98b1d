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

#[tokio::test]
async fn complaints_and_letters_about_no_request_are_destroyed_after_the_same_term() {
    use crate::audit::Actor;
    use crate::grievances::actions as grievances;
    use crate::grievances::{GrievanceKind, GrievanceOutcome};
    use crate::interaction::actions as interaction;

    for test in crate::db::testing::databases().await {
        let world = World::new(&test.db).await;
        let office = &world.office;
        let agency = office.agency.id.clone();
        let files = FileStore::in_folder(&test.folder.path().join("files"), DEFAULT_LIMIT).unwrap();
        let complaint = grievances::Statement {
            agency_code: office.agency.code.clone(),
            kind: Some(GrievanceKind::RecordCorrection),
            about: "低保登记中何小舟一户".into(),
            person_name: "何小舟".into(),
            contact: "0990-6600123".into(),
            statement: "登记的家庭人口与户口簿不一致，请更正。".into(),
            evidence: "户口簿复印件".into(),
            ..grievances::Statement::default()
        };
        let letter = interaction::NewCase {
            agency_id: agency.clone(),
            kind: "mailbox".into(),
            person_name: "何小舟".into(),
            contact: "0990-6600123".into(),
            subject: "公交站牌".into(),
            body: "云水路站的站牌字迹看不清，何小舟。".into(),
            page: String::new(),
            is_not_a_request: true,
        };
        // The last day of the year in China is the last but one in UTC for the office that answers early.
        let day = date(2026, 12, 31);
        let now = crate::time::start_of_day(day) + jiff::SignedDuration::from_hours(1);
        let mut tx = test.db.begin(&Actor::Public, now).await.unwrap();
        let complained = grievances::submit(&mut tx, &complaint).await.unwrap();
        let open = grievances::submit(&mut tx, &complaint).await.unwrap();
        let wrote = interaction::submit(&mut tx, letter).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = test.db.begin(&office.officer.actor(), now).await.unwrap();
        let ending = grievances::Ending {
            outcome: Some(GrievanceOutcome::Accurate),
            words: "经核对，与户口簿一致，何小舟一户。".into(),
            ..grievances::Ending::default()
        };
        grievances::conclude(&mut tx, &office.officer, &complained.id, &ending).await.unwrap();
        interaction::reply(&mut tx, &office.officer, &wrote.id, "何小舟：已更换。").await.unwrap();
        tx.commit().await.unwrap();

        let due_on = |day| {
            let (db, agency) = (&test.db, &agency);
            async move { due(&mut db.read().await.unwrap(), agency, day).await.unwrap() }
        };
        assert_eq!(due_on(date(2036, 12, 31)).await, []);
        let list: Vec<_> =
            due_on(date(2037, 1, 1)).await.into_iter().map(|item| (item.matter, item.number)).collect();
        let expected =
            [(Matter::Letter, wrote.number.clone()), (Matter::Grievance, complained.number.clone())];
        assert_eq!(list, expected, "the open one is kept");

        let day = date(2037, 1, 4);
        let mut tx = world.tx(&office.officer, day).await;
        let by_hand = sqlx::query(
            "UPDATE grievances SET about = '', person_name = '', contact = '', statement = '', \
             evidence = '', outcome_words = '', referred_to = '' WHERE outcome IS NOT NULL",
        );
        let refused = by_hand.execute(tx.conn()).await.unwrap_err();
        assert!(crate::db::refused_by_gate(&refused).is_some(), "on no approved list: {refused}");
        drop(tx);
        let mut tx = world.tx(&office.officer, day).await;
        let list = actions::propose(&mut tx, &office.officer, &agency, "期满").await.unwrap();
        tx.commit().await.unwrap();
        for staff in [&office.leader, &office.section_head] {
            let mut tx = world.tx(staff, day).await;
            actions::approve(&mut tx, staff, &list.id).await.unwrap();
            tx.commit().await.unwrap();
        }
        let mut tx = world.tx(&office.officer, day).await;
        actions::carry_out(&mut tx, &files, &office.officer, &list.id).await.unwrap();
        tx.commit().await.unwrap();

        let mut conn = test.db.read().await.unwrap();
        let gone = crate::grievances::by_id(&mut conn, &complained.id).await.unwrap().unwrap();
        let said = format!("{gone:?}");
        assert!(!said.contains("何小舟") && !said.contains("户口簿"), "{said}");
        let ended = gone.concluded.as_ref().unwrap();
        assert_eq!(
            (&gone.number, ended.on),
            (&complained.number, date(2026, 12, 31)),
            "that it was ended stays"
        );
        let letter = crate::interaction::case(&mut conn, &wrote.id).await.unwrap().unwrap();
        assert!(!format!("{letter:?}").contains("何小舟"), "{letter:?}");
        assert!(letter.replied_at.is_some() && letter.contact.is_empty());
        let kept = crate::grievances::by_id(&mut conn, &open.id).await.unwrap().unwrap();
        assert_eq!(kept.person_name, "何小舟", "what is open stays as it is");
        let list = destruction(&mut conn, &list.id).await.unwrap().unwrap();
        assert_eq!((list.items.len(), list.carried_out.is_some()), (2, true));
        assert_eq!(list.items[0].closed_on, "2026-12-31", "the day in China");
    }
}
