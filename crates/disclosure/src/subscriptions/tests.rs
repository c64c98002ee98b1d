use jiff::SignedDuration;

use super::actions::{Wish, ask, confirm, end, seal_again, tell};
use super::{Subscription, SubscriptionRefusal, store};
use crate::accounts::AgencyKind;
use crate::audit::Actor;
use crate::db::Db;
use crate::db::testing::databases;
use crate::error::Failure;
use crate::privacy::Keyring;
use crate::search::Query;
use crate::testing::{complete_draft, monday, office, signed_by_all, submitted};

fn wish(email: &str, typed: &str) -> Wish {
    Wish {
        email: email.into(),
        query: Query { text: typed.into(), ..Query::default() },
        address: format!("/search?q={typed}"),
        words: typed.into(),
        site: "https://gongkai.example".into(),
    }
}

async fn asked(db: &Db, wish: &Wish) -> Vec<SubscriptionRefusal> {
    let mut tx = db.begin(&Actor::Public, monday()).await.unwrap();
    match ask(&mut tx, wish).await {
        Ok(()) => {
            // What is subscribed already changes nothing.
            if tx.has_recorded() {
                tx.commit().await.unwrap();
            }
            Vec::new()
        }
        Err(Failure::Refused(reasons)) => reasons,
        Err(other) => panic!("{other:?}"),
    }
}

async fn told(db: &Db, hours: i64) -> usize {
    let mut tx =
        db.begin(&Actor::Program("test"), monday() + SignedDuration::from_hours(hours)).await.unwrap();
    let told = tell(&mut tx).await.unwrap();
    if tx.has_recorded() {
        tx.commit().await.map(drop).unwrap()
    } else {
        tx.commit_bookkeeping().await.unwrap()
    }
    told
}

#[tokio::test]
async fn only_who_confirmed_is_told_and_only_once() {
    for test in databases().await {
        let db = &test.db;
        let office = office(db, "songxi", AgencyKind::Town).await;
        let (_, review) = submitted(db, &office, &complete_draft("养老服务旧办法")).await;
        signed_by_all(db, &office, &review).await;
        assert_eq!(asked(db, &wish(" Wang@Example.org ", "养老服务")).await, []);
        assert_eq!(asked(db, &wish("li@example.org", "养老服务")).await, []);
        let tokens = async || {
            let mut conn = db.read().await.unwrap();
            let all = store::all(&mut conn).await.unwrap();
            let of = |email: &str| {
                let is_theirs = |one: &&Subscription| one.address_opened(db.keys()).unwrap() == email;
                all.iter().filter(is_theirs).cloned().collect::<Vec<_>>()
            };
            (of("wang@example.org"), of("li@example.org"))
        };
        let (one, _) = tokens().await;
        let mut tx = db.begin(&Actor::Public, monday()).await.unwrap();
        confirm(&mut tx, &one[0].token).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(told(db, 1).await, 0, "what was public before is no news");

        for title in ["养老服务补贴发放办法", "危房改造名单"] {
            let (_, review) = submitted(db, &office, &complete_draft(title)).await;
            signed_by_all(db, &office, &review).await;
        }
        let _draft = submitted(db, &office, &complete_draft("养老服务草稿")).await;
        assert_eq!(told(db, 2).await, 1);
        assert_eq!(told(db, 3).await, 0, "told once");
        let letters = crate::mail::store::all(&mut db.read().await.unwrap()).await.unwrap();
        let mut last = letters.iter().find(|letter| letter.body.contains("补贴")).unwrap().clone();
        let at_rest = format!("{letters:?} {:?}", store::all(&mut db.read().await.unwrap()).await.unwrap());
        assert!(!at_rest.contains("example.org"), "no address stands open in the database: {at_rest}");
        super::address(&mut db.read().await.unwrap(), db.keys(), &mut last).await.unwrap();
        assert_eq!(last.recipient, "wang@example.org");
        let way_out = format!("https://gongkai.example/subscriptions/{}/removal", one[0].token);
        assert_eq!(last.unsubscribe, way_out);
        assert!(
            last.body.contains("养老服务补贴发放办法")
                && last.body.contains("https://gongkai.example/entries/songxi/2026-00002")
        );
        assert!(
            !last.body.contains("草稿") && !last.body.contains("危房") && last.body.contains(&one[0].token)
        );
        assert!(
            letters.iter().all(|letter| !letter.subject.contains("养老") && !letter.subject.contains('@'))
        );

        // What was never confirmed is gone after three days, what was ended at once.
        assert_eq!(told(db, 100).await, 0);
        assert!(tokens().await.1.is_empty());
        let mut tx = db.begin(&Actor::Public, monday()).await.unwrap();
        end(&mut tx, &one[0].token).await.unwrap();
        tx.commit().await.unwrap();
        assert!(tokens().await.0.is_empty());
        let left = crate::mail::store::all(&mut db.read().await.unwrap()).await.unwrap();
        assert!(left.iter().all(|letter| letter.subscription_id.is_none()), "{left:?}");
        let mut tx = db.begin(&Actor::Public, monday()).await.unwrap();
        assert!(confirm(&mut tx, &one[0].token).await.is_err());
    }
}

/// A key is changed while some wait for an answer and some have answered: neither has to subscribe again.
#[tokio::test]
async fn subscriptions_outlive_the_key_they_were_sealed_with() {
    for test in databases().await {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keyring::create(&folder.path().join("keys.toml")).unwrap();
        let db = &test.db.clone().with_keys(keys.clone());
        let office = office(db, "songxi", AgencyKind::Town).await;
        assert_eq!(asked(db, &wish("wang@example.org", "养老服务")).await, []);
        assert_eq!(asked(db, &wish("li@example.org", "养老服务")).await, []);
        let all = async || store::all(&mut db.read().await.unwrap()).await.unwrap();
        let is_wang = |one: &&Subscription| one.address_opened(&keys).unwrap() == "wang@example.org";
        let token = all().await.iter().find(is_wang).unwrap().token.clone();
        let mut tx = db.begin(&Actor::Public, monday()).await.unwrap();
        confirm(&mut tx, &token).await.unwrap();
        tx.commit().await.unwrap();

        let (old, _) = keys.ids().unwrap();
        let new = keys.add_key().unwrap();
        let mut sealed = Vec::new();
        // One at a time, as many as there are, then none.
        for _ in 0..3 {
            let mut tx = db.begin(&Actor::Program("keys"), monday()).await.unwrap();
            sealed.push(seal_again(&mut tx, 1).await.unwrap());
            match tx.has_recorded() {
                true => drop(tx.commit().await.unwrap()),
                false => drop(tx),
            }
        }
        assert_eq!(sealed, [1, 1, 0]);
        keys.forget_key(&old).unwrap();
        let mut addresses: Vec<String> =
            all().await.iter().map(|one| one.address_opened(&keys).unwrap()).collect();
        addresses.sort();
        assert_eq!(addresses, ["li@example.org", "wang@example.org"]);
        assert!(all().await.iter().all(|one| one.email.starts_with(&format!("{new}:"))));

        // Still known, so not asked to confirm again; still told.
        let letters = async || crate::mail::store::all(&mut db.read().await.unwrap()).await.unwrap();
        let before = letters().await.len();
        assert_eq!(asked(db, &wish("wang@example.org", "养老服务")).await, []);
        assert_eq!(letters().await.len(), before);
        let (_, review) = submitted(db, &office, &complete_draft("养老服务补贴发放办法")).await;
        signed_by_all(db, &office, &review).await;
        assert_eq!(told(db, 1).await, 1);
        let mut last = letters().await.into_iter().find(|letter| letter.body.contains("补贴")).unwrap();
        super::address(&mut db.read().await.unwrap(), &keys, &mut last).await.unwrap();
        assert_eq!(last.recipient, "wang@example.org");
    }
}

#[tokio::test]
async fn nobody_is_pestered_and_nonsense_is_refused() {
    for test in databases().await {
        let db = &test.db;
        for email in [
            "",
            "wang",
            "wang@",
            "@example.org",
            "wang@example",
            "wang@exa mple.org",
            "a@b..c",
            "王@example.org",
            "a@example.org\nBcc: b@example.org",
        ] {
            assert_eq!(
                asked(db, &wish(email, "养老")).await,
                [SubscriptionRefusal::EmailUnreadable],
                "{email}"
            );
        }
        assert_eq!(asked(db, &wish("wang@example.org", "")).await, [SubscriptionRefusal::NothingToSearch]);
        for n in 0..3 {
            assert_eq!(asked(db, &wish("wang@example.org", &format!("养老{n}"))).await, []);
        }
        assert_eq!(
            asked(db, &wish("wang@example.org", "养老3")).await,
            [SubscriptionRefusal::TooManyWaiting]
        );
    }
}
