use super::{Chain, ChainKey, Risk, chains, preset, presets, set, set_important_genres};
use crate::accounts::{AgencyKind, Role};
use crate::db::testing;
use crate::error::{Failure, Result};
use crate::publishing::{DisclosureClass, Draft, Genre};
use crate::review::actions::sign_with;
use crate::review::{ReviewRefusal as R, Signature, Signed, Stage, SubjectKind, review};
use crate::testing::{clean_checklist, complete_draft, monday, office, signed_by_all, submitted};

fn reasons<T: std::fmt::Debug>(result: Result<T, R>) -> Vec<R> {
    match result {
        Err(Failure::Refused(reasons)) => reasons,
        other => panic!("expected refusals, got {other:?}"),
    }
}

#[test]
fn the_presets_are_all_read_and_could_be_set() {
    assert_eq!(presets().len(), include_str!("presets.toml").matches("[[preset]]").count());
    for preset in presets() {
        assert_eq!(super::problems(ChainKey::all(preset.subject), &preset.stages), [], "{}", preset.code);
    }
    assert_eq!(SubjectKind::Edition.preset().len(), 3);
    assert_eq!(SubjectKind::Letter.preset().len(), 1);
}

#[test]
fn keys_are_read_as_they_are_written() {
    let key = ChainKey {
        subject: SubjectKind::Edition,
        class: Some(DisclosureClass::Proactive),
        risk: Some(Risk::Important),
    };
    assert_eq!(ChainKey::from_code(&key.code()), Some(key));
    assert_eq!(key.label(), "主动公开的重要信息");
    for wrong in ["", "edition", "edition:x:", "letter:proactive:", "poem::"] {
        assert_eq!(ChainKey::from_code(wrong), None, "{wrong}");
    }
}

#[tokio::test]
async fn the_narrower_chain_counts_and_running_cases_keep_theirs() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let key = |risk| ChainKey { risk, ..ChainKey::all(SubjectKind::Edition) };
        let titles = async |review_id: &str| -> Vec<String> {
            let case = review(&mut db.read().await.unwrap(), review_id).await.unwrap().unwrap();
            case.stages.iter().map(|s| s.stage.title.clone()).collect()
        };
        let (_, before) = submitted(db, &office, &complete_draft("先送审的")).await;

        let two = preset("two_signatures").unwrap();
        let three = preset("three_reviews").unwrap();
        let mut tx = db.begin(&office.leader.actor(), monday()).await.unwrap();
        assert_eq!(
            reasons(set(&mut tx, &office.officer, &office.agency.id, key(None), &two.stages).await),
            [R::Forbidden]
        );
        let lone = [Stage {
            title: " ".into(),
            role: Role::DisclosureOfficer,
            working_days: Some(0),
            ..two.stages[1].clone()
        }];
        let told = reasons(set(&mut tx, &office.leader, &office.agency.id, key(None), &lone).await);
        assert_eq!(told.len(), 5, "{told:?}");
        set(&mut tx, &office.leader, &office.agency.id, key(None), &two.stages).await.unwrap();
        set(&mut tx, &office.leader, &office.agency.id, key(Some(Risk::Important)), &three.stages)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        {
            let mut conn = db.read().await.unwrap();
            let stored = chains(&mut conn, &office.agency.id).await.unwrap();
            assert!(
                stored.contains(&Chain { key: key(Some(Risk::Important)), stages: three.stages.clone() })
            );
        }

        assert_eq!(titles(&before).await, ["初审", "保密审查", "终审"], "opened before the change");
        assert!(matches!(signed_by_all(db, &office, &before).await, Signed::Released(_)));
        let (_, ordinary) = submitted(db, &office, &complete_draft("工作动态")).await;
        assert_eq!(titles(&ordinary).await.len(), 2);
        let budget = Draft { genre: Genre::Budget.code().into(), ..complete_draft("部门预算") };
        let (_, important) = submitted(db, &office, &budget).await;
        assert_eq!(titles(&important).await, ["初审初校", "复审复校（保密审查）", "终审终校"]);

        // Every point is ticked, or nothing is signed; a made-up point is not kept.
        let mut tx = db.begin(&office.section_head.actor(), monday()).await.unwrap();
        let some = &three.stages[0].checklist[1..];
        let sign = |ticked| Signature { ticked, ..Signature::default() };
        assert_eq!(
            reasons(sign_with(&mut tx, &office.section_head, &important, &sign(some)).await),
            [R::PointsUnticked]
        );
        let all = [three.stages[0].checklist.clone(), vec!["自己加的".into()]].concat();
        sign_with(&mut tx, &office.section_head, &important, &sign(&all)).await.unwrap();
        tx.acting_as(&office.confidentiality_officer.actor(), monday());
        let answers = clean_checklist();
        let signature = Signature {
            checklist: Some(&answers),
            ticked: &three.stages[1].checklist,
            ..Signature::default()
        };
        sign_with(&mut tx, &office.confidentiality_officer, &important, &signature).await.unwrap();
        tx.commit().await.unwrap();
        let case = review(&mut db.read().await.unwrap(), &important).await.unwrap().unwrap();
        assert_eq!(case.stages[0].sign_off.as_ref().unwrap().ticked, three.stages[0].checklist);
        assert_eq!(case.chain, "重要信息");
        assert_eq!(
            case.due_on(gongkai_statute::calendar::Calendar::national()),
            Some(jiff::civil::date(2026, 11, 3)),
            "one working day for the last stage"
        );

        // What counts as important is the agency's word, also when it names nothing.
        let mut tx = db.begin(&office.leader.actor(), monday()).await.unwrap();
        set_important_genres(&mut tx, &office.leader, &office.agency.id, &[]).await.unwrap();
        set(&mut tx, &office.leader, &office.agency.id, key(Some(Risk::Important)), &[]).await.unwrap();
        tx.commit().await.unwrap();
        let (_, budget) = submitted(db, &office, &Draft { title: "决算".into(), ..budget }).await;
        assert_eq!(titles(&budget).await.len(), 2);
    }
}
