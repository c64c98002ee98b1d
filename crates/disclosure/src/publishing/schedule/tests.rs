use jiff::{SignedDuration, Timestamp};

use super::{clear, moment, of_edition, past_due, set, typed};
use crate::accounts::AgencyKind;
use crate::audit;
use crate::db::{Db, testing};
use crate::error::{Failure, Result};
use crate::jobs::{Workshop, run_due};
use crate::publishing::{Draft, PublishingRefusal as R, desk, public};
use crate::review::Signed;
use crate::testing::{Office, complete_draft, monday, office, signed_by_all, submitted};
use crate::word_check::actions::{TypedWord, put_words};

fn reasons<T: std::fmt::Debug>(result: Result<T, R>) -> Vec<R> {
    match result {
        Err(Failure::Refused(reasons)) => reasons,
        other => panic!("expected refusals, got {other:?}"),
    }
}

/// Tuesday at eight, in China.
const TUESDAY: &str = "2026-11-03T08:00";

fn tuesday() -> Timestamp {
    moment(TUESDAY).unwrap()
}

/// Signed by everyone on Monday, to go out on Tuesday.
async fn waiting(db: &Db, office: &Office, draft: &Draft) -> (String, String) {
    let (drafted, review) = submitted(db, office, draft).await;
    let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
    set(&mut tx, &office.officer, &drafted.edition_id, TUESDAY).await.unwrap();
    tx.commit().await.unwrap();
    let last = signed_by_all(db, office, &review).await;
    assert!(matches!(&last, Signed::Scheduled { .. }), "{last:?}");
    (drafted.entry_id, drafted.edition_id)
}

async fn is_public(db: &Db, entry_id: &str) -> bool {
    public::by_id(&mut db.read().await.unwrap(), entry_id).await.unwrap().is_some()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn it_goes_out_at_its_moment_and_once_with_two_processes() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let mut entries = Vec::new();
        for n in 0..6 {
            entries.push(waiting(db, &office, &complete_draft(&format!("定时的通知{n}"))).await.0);
        }
        let before =
            Workshop { db: db.clone(), post_office: None, accounts: None, outgoing: Default::default() };
        run_due(&before, tuesday() - SignedDuration::from_secs(1)).await.unwrap();
        for entry in &entries {
            assert!(!is_public(db, entry).await, "a second early");
        }
        let other = Workshop {
            db: Db::connect(&test.url).await.unwrap(),
            post_office: None,
            accounts: None,
            outgoing: Default::default(),
        };
        let both = [before.clone(), other].map(|shop| {
            tokio::spawn(async move {
                for _ in 0..4 {
                    run_due(&shop, tuesday()).await.unwrap();
                }
            })
        });
        for one in both {
            one.await.unwrap();
        }
        let mut conn = db.read().await.unwrap();
        for entry in &entries {
            let log = audit::history(&mut conn, entry).await.unwrap();
            let released: Vec<_> = log.iter().filter(|link| link.act == "released").collect();
            assert_eq!(released.len(), 1, "{:?}", test.db.engine());
            assert_eq!(released[0].at, crate::time::stored(tuesday()));
        }
        drop(conn);
        for entry in &entries {
            assert!(is_public(db, entry).await);
        }
    }
}

#[tokio::test]
async fn the_gate_is_asked_again_at_that_moment() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let (entry, edition) = waiting(db, &office, &complete_draft("医保缴费通知")).await;
        // After the signatures the agency learns that a word must not stand.
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        put_words(
            &mut tx,
            &office.officer,
            &office.agency.id,
            &[TypedWord {
                kind: "sensitive_word".into(),
                word: "集中缴费".into(),
                instead: String::new(),
                weight: "must".into(),
                why: "改为分批缴费".into(),
            }],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let shop =
            Workshop { db: db.clone(), post_office: None, accounts: None, outgoing: Default::default() };
        run_due(&shop, tuesday()).await.unwrap();
        assert!(!is_public(db, &entry).await);
        let mut conn = db.read().await.unwrap();
        let time = of_edition(&mut conn, &edition).await.unwrap().unwrap();
        assert!(time.refusal.is_some_and(|words| words.contains("集中缴费")));
        let log = audit::history(&mut conn, &entry).await.unwrap();
        assert!(log.iter().any(|link| link.act == "release_refused"));
        assert_eq!(crate::mail::unsent(&mut conn).await.unwrap(), 1, "its author is told");
        drop(conn);
        // Nobody lets it out by taking the moment away either.
        let mut tx = db.begin(&office.officer.actor(), tuesday()).await.unwrap();
        let told = reasons(clear(&mut tx, &office.officer, &edition).await);
        assert!(matches!(&told[..], [R::MustNotStand { .. }]), "{told:?}");
    }
}

#[tokio::test]
async fn a_moment_is_moved_and_taken_away() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let (entry, edition) = waiting(db, &office, &complete_draft("医保缴费通知")).await;
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        assert_eq!(reasons(set(&mut tx, &office.leader, &edition, TUESDAY).await), [R::Forbidden]);
        assert_eq!(reasons(set(&mut tx, &office.officer, &edition, "明天").await), [R::MomentUnreadable]);
        assert_eq!(
            reasons(set(&mut tx, &office.officer, &edition, "2026-11-02T08:59").await),
            [R::MomentPast]
        );
        set(&mut tx, &office.officer, &edition, "2026-11-04T08:00").await.unwrap();
        tx.commit().await.unwrap();
        let shop =
            Workshop { db: db.clone(), post_office: None, accounts: None, outgoing: Default::default() };
        run_due(&shop, tuesday()).await.unwrap();
        assert!(!is_public(db, &entry).await, "the old timer does nothing");
        {
            let mut conn = db.read().await.unwrap();
            let time = of_edition(&mut conn, &edition).await.unwrap().unwrap();
            assert_eq!(typed(&time.release_at), "2026-11-04T08:00");
            let entry = desk::entry(&mut conn, &office.officer, &entry).await.unwrap().unwrap();
            assert_eq!(entry.newest().unwrap().edition.state, "signed");
        }
        let mut tx = db.begin(&office.officer.actor(), tuesday()).await.unwrap();
        assert!(
            clear(&mut tx, &office.officer, &edition).await.unwrap().is_some(),
            "then it goes out at once"
        );
        tx.commit().await.unwrap();
        assert!(is_public(db, &entry).await);

        let inside = Draft {
            disclosure_class: "on_request".into(),
            class_reason: "内部管理".into(),
            ..complete_draft("内部")
        };
        let (drafted, _) = submitted(db, &office, &inside).await;
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        assert_eq!(
            reasons(set(&mut tx, &office.officer, &drafted.edition_id, TUESDAY).await),
            [R::NotForEveryone]
        );
        assert_eq!(reasons(clear(&mut tx, &office.officer, &drafted.edition_id).await), [R::NoMoment]);
    }
}

#[test]
fn a_moment_after_the_twenty_working_days_is_told() {
    // Made on 30 October 2026: the twentieth working day is 27 November.
    let calendar = gongkai_statute::calendar::Calendar::national();
    let due = past_due("2026-10-30", "", "2026-11-30T01:00:00.000Z", calendar).expect("too late");
    assert_eq!(due.to_string(), "2026-11-27");
    assert_eq!(past_due("2026-10-30", "", "2026-11-27T01:00:00.000Z", calendar), None, "the last day itself");
    let due = past_due("2026-10-30", "作出决定之日起7个工作日内", "2026-11-27T01:00:00.000Z", calendar);
    assert_eq!(due.map(|on| on.to_string()).as_deref(), Some("2026-11-10"), "the line says less");
    assert_eq!(past_due("", "", "2026-11-30T01:00:00.000Z", calendar), None);
}
