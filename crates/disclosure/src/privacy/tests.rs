//! What is sealed stands nowhere in the open, and opening it leaves its row, on every engine.

use jiff::civil::date;

use super::*;
use crate::audit;
use crate::db::{Db, Engine, testing};
use crate::error::Failure;
use crate::grievances;
use crate::requests::tests::{World, filing};
use crate::requests::{self, Filing, RequestFilter};
use crate::search::Search;
use gongkai_statute::decisions::Decision;

/// Everything the database holds, as text: on SQLite the bytes of its files too.
pub(crate) async fn dump(test: &testing::TestDb) -> String {
    let mut conn = test.db.read().await.unwrap();
    let mut text = String::new();
    let tables: Vec<String> = sqlx::query_scalar(match test.db.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1"
        }
    })
    .fetch_all(&mut *conn)
    .await
    .unwrap();
    assert!(tables.iter().any(|t| t == "requests") && tables.len() > 30, "{tables:?}");
    for table in tables {
        let rows: Vec<String> = match test.db.engine() {
            Engine::Postgres => {
                let sql = format!("SELECT CAST(t AS TEXT) FROM {table} t");
                sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *conn).await.unwrap()
            }
            Engine::Sqlite => Vec::new(),
        };
        text += &rows.join("\n");
    }
    drop(conn);
    if test.db.engine() == Engine::Sqlite {
        for entry in std::fs::read_dir(test.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                text += &String::from_utf8_lossy(&std::fs::read(path).unwrap());
            }
        }
    }
    text
}

fn full() -> Filing {
    Filing { email: "hexiaozhou@mail.example".into(), address: "青禾区柳堤路77号".into(), ..filing() }
}

async fn filed(world: &World<'_>, filing: &Filing) -> String {
    let mut tx = world.db.begin(&crate::audit::Actor::Public, crate::testing::monday()).await.unwrap();
    let filed = requests::actions::submit(&mut tx, "QH", filing).await.unwrap();
    tx.commit().await.unwrap();
    filed.number
}

#[tokio::test]
async fn no_identity_number_or_contact_stands_anywhere_in_the_open() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = filed(&world, &full()).await;
        // A whole procedure, with letters, a review and the morning's jobs.
        let answered = world.answered(Decision::PartlyWithheld, date(2026, 3, 2)).await;
        let mut tx = world.tx(&world.office.officer, date(2026, 11, 3)).await;
        let reason = "核对邮寄地址";
        actions::view(&mut tx, &world.office.officer, &number, Some(Purpose::Deliver), reason).await.unwrap();
        tx.commit().await.unwrap();
        let shop = crate::jobs::Workshop {
            db: test.db.clone(),
            post_office: None,
            accounts: None,
            outgoing: Default::default(),
        };
        crate::jobs::run_due(&shop, crate::testing::monday()).await.unwrap();

        let search = Search::open(Some(&test.folder.path().join("search"))).unwrap();
        search.follow(&test.db).await.unwrap();

        let text = dump(&test).await;
        assert!(text.contains(&number) && text.contains(&answered), "the dump holds the requests");
        assert!(text.contains("危房改造补助名单"), "and reads what is not sealed");
        for secret in
            ["990102199001011237", "19900101123", "0990-6600123", "hexiaozhou@mail", "青禾区柳堤路77号"]
        {
            assert!(!text.contains(secret), "{secret} stands in the open on {}", test.db.engine().name());
        }
        let links = audit::newest(&mut test.db.read().await.unwrap(), None, None, 10_000).await.unwrap();
        assert!(links.iter().all(|link| !link.detail.contains("990102")));
    }
}

async fn view_of(
    db: &Db,
    staff: &crate::accounts::Staff,
    number: &str,
    purpose: Option<Purpose>,
    reason: &str,
) -> std::result::Result<Particulars, Vec<PrivacyRefusal>> {
    let mut tx = db.begin(&staff.actor(), crate::testing::monday()).await.unwrap();
    match actions::view(&mut tx, staff, number, purpose, reason).await {
        Ok(particulars) => {
            tx.commit().await.unwrap();
            Ok(particulars)
        }
        Err(Failure::Refused(reasons)) => Err(reasons),
        Err(Failure::Unexpected(error)) => panic!("{error:#}"),
    }
}

#[tokio::test]
async fn viewing_needs_the_right_person_and_a_purpose_and_leaves_a_row() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let office = &world.office;
        let number = filed(&world, &full()).await;
        let contact = Some(Purpose::Contact);

        for (staff, expected) in [
            (&office.administrator, PrivacyRefusal::NotFound),
            (&office.oversight_officer, PrivacyRefusal::NotFound),
            (&office.leader, PrivacyRefusal::Forbidden),
            (&office.section_head, PrivacyRefusal::Forbidden),
        ] {
            assert_eq!(view_of(&test.db, staff, &number, contact, "").await, Err(vec![expected]));
        }
        let officer = &office.officer;
        assert_eq!(
            view_of(&test.db, officer, &number, None, "").await,
            Err(vec![PrivacyRefusal::PurposeMissing])
        );
        let other = view_of(&test.db, officer, &number, Some(Purpose::Other), "看看").await;
        assert!(matches!(other.unwrap_err()[..], [PrivacyRefusal::ReasonMissing { .. }]));

        let seen = view_of(&test.db, officer, &number, contact, "").await.unwrap();
        assert_eq!(seen.identity_number, "990102199001011237");
        assert_eq!(seen.address, "青禾区柳堤路77号");
        let masked = seen.masked();
        assert_eq!(masked.identity_number, "9***************37");
        assert_eq!(
            (masked.phone.as_str(), masked.email.as_str()),
            ("099*******23", "h*********@mail.example")
        );

        let mut conn = test.db.read().await.unwrap();
        let filter = ViewingFilter { agencies: vec![office.agency.id.clone()], ..ViewingFilter::default() };
        let (rows, total) = viewings(&mut conn, &filter, 1, 10).await.unwrap();
        assert_eq!((rows.len(), total), (1, 1), "refused tries opened nothing");
        assert_eq!((rows[0].number.as_str(), rows[0].purpose), (number.as_str(), Purpose::Contact));
        assert_eq!(rows[0].by_name, officer.name);
        let nobody = viewings(&mut conn, &ViewingFilter::default(), 1, 10).await.unwrap();
        assert_eq!(nobody.1, 0, "no agency, no rows");
        let acts = audit::newest(&mut conn, Some(&office.agency.id), None, 1).await.unwrap();
        assert_eq!((acts[0].room.as_str(), acts[0].act.as_str()), ("privacy", "viewed"));
        assert!(!acts[0].detail.contains("990102"));
    }
}

#[tokio::test]
async fn many_at_once_or_in_a_day_need_a_reason() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let officer = &world.office.officer;
        let mut numbers = Vec::new();
        for _ in 0..=MANY {
            numbers.push(filed(&world, &filing()).await);
        }
        let contact = Some(Purpose::Contact);
        for number in &numbers[..usize::try_from(MANY).unwrap()] {
            view_of(&test.db, officer, number, contact, "").await.unwrap();
        }
        view_of(&test.db, officer, &numbers[0], contact, "").await.expect("one opened before");
        let last = numbers.last().unwrap();
        let refused = view_of(&test.db, officer, last, contact, "").await.unwrap_err();
        assert!(matches!(refused[..], [PrivacyRefusal::ReasonMissing { .. }]));
        view_of(&test.db, officer, last, contact, "逐件电话确认收到").await.unwrap();

        let filter =
            RequestFilter { agencies: vec![world.office.agency.id.clone()], ..RequestFilter::default() };
        let mut tx = world.tx(officer, date(2026, 11, 3)).await;
        let Err(Failure::Refused(reasons)) = actions::list(&mut tx, officer, &filter, None, "").await else {
            panic!("a list without a reason");
        };
        assert_eq!(reasons.len(), 2, "all at once: {reasons:?}");
        drop(tx);
        let mut tx = world.tx(officer, date(2026, 11, 3)).await;
        let listed = actions::list(&mut tx, officer, &filter, contact, "寄送征求意见书").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(listed.len(), numbers.len());
        let mut conn = test.db.read().await.unwrap();
        let filter = ViewingFilter {
            agencies: vec![world.office.agency.id.clone()],
            only_lists: true,
            ..ViewingFilter::default()
        };
        assert_eq!(viewings(&mut conn, &filter, 1, 100).await.unwrap().1, numbers.len() as u64);
        let often = frequent(&mut conn, &filter.agencies, "2026-01-01").await.unwrap();
        assert_eq!((often[0].lists, often[0].requests), (1, numbers.len() as i64));
        drop(conn);

        let leader = &world.office.leader;
        let mut tx = world.tx(leader, date(2026, 11, 3)).await;
        let filter = RequestFilter { agencies: filter.agencies, ..RequestFilter::default() };
        let refused = actions::list(&mut tx, leader, &filter, contact, "想知道都有谁").await;
        assert!(
            matches!(refused, Err(Failure::Refused(reasons)) if reasons == [PrivacyRefusal::NothingMatches])
        );
    }
}

/// A complaint that was heard and ended: its id.
async fn concluded(world: &World<'_>) -> String {
    let (officer, day) = (&world.office.officer, date(2026, 3, 2));
    let statement = grievances::actions::Statement {
        agency_code: "QH".into(),
        kind: Some(grievances::GrievanceKind::Complaint),
        about: "答复太慢".into(),
        person_name: "何小舟".into(),
        contact: "0990-6600123".into(),
        statement: "请督促".into(),
        received_on: Some(day),
        ..grievances::actions::Statement::default()
    };
    let ending = grievances::actions::Ending {
        outcome: Some(grievances::GrievanceOutcome::NotUpheld),
        words: "在期限内答复".into(),
        ..grievances::actions::Ending::default()
    };
    let mut tx = world.tx(officer, day).await;
    let id = grievances::actions::register(&mut tx, officer, &statement).await.unwrap().id;
    grievances::actions::conclude(&mut tx, officer, &id, &ending).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn keys_are_changed_under_the_values_and_a_wrong_key_is_told() {
    for test in testing::databases().await {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keyring::create(&folder.path().join("keys.toml")).unwrap();
        let db = test.db.clone().with_keys(keys.clone());
        let world = World::new(&db).await;
        let number = filed(&world, &filing()).await;
        let same = filed(&world, &filing()).await;
        // A letter that was signed and a complaint that has ended may not change any more, and are sealed all the same.
        let signed = world.answered(Decision::NotHeld, date(2026, 3, 2)).await;
        let complaint = concluded(&world).await;
        let (old, _) = keys.ids().unwrap();
        let new = keys.add_key().unwrap();
        let later = filed(&world, &filing()).await;
        let matches = [&number, &same, &later].map(|n| n.clone());
        let mut hashes = Vec::new();
        for number in &matches {
            hashes.push(world.dossier(number).await.request.applicant.identity_match);
        }
        assert!(hashes.windows(2).all(|two| two[0] == two[1]), "the same applicant under every key");

        let uses = key_uses(&mut db.read().await.unwrap()).await.unwrap();
        let mut counted: Vec<_> = uses.iter().map(|u| (u.key.clone(), u.sealed)).collect();
        counted.sort();
        // The particulars, the name and the key of each request; the contact of the complaint.
        let mut expected = vec![(old.clone(), 10), (new.clone(), 3)];
        expected.sort();
        assert_eq!(counted, expected);
        let mut tx = db.begin(&crate::audit::Actor::Program("keys"), crate::testing::monday()).await.unwrap();
        assert_eq!(actions::seal_again(&mut tx, 100).await.unwrap(), 3);
        assert_eq!(crate::grievances::actions::seal_again(&mut tx, 100).await.unwrap(), 1);
        tx.commit().await.unwrap();
        keys.forget_key(&old).unwrap();
        let uses = key_uses(&mut db.read().await.unwrap()).await.unwrap();
        assert_eq!(uses.iter().map(|u| u.key.as_str()).collect::<Vec<_>>(), [new.as_str()]);
        let again = world.dossier(&number).await.request.applicant_name(&keys).unwrap();
        assert_eq!(again, "何小舟", "opened by the new key");
        let letter = world.dossier(&signed).await.reply().unwrap().clone();
        assert!(letter.body_html(&keys).unwrap().contains("何小舟"), "and the letter that was signed");
        let complaint = grievances::by_id(&mut db.read().await.unwrap(), &complaint).await.unwrap().unwrap();
        assert_eq!(complaint.contact(&keys).unwrap(), "0990-6600123");
        for use_ in &uses {
            opens(&mut db.read().await.unwrap(), &keys, &use_.example).await.unwrap();
        }
        let officer = &world.office.officer;
        assert_eq!(
            view_of(&db, officer, &number, Some(Purpose::Contact), "").await.unwrap().phone,
            "0990-6600123"
        );

        let wrong = Keyring::in_memory();
        let error = opens(&mut db.read().await.unwrap(), &wrong, &uses[0].example).await.unwrap_err();
        assert!(error.to_string().contains(&new), "{error}");
        let without = db.clone().with_keys(Keyring::absent());
        let mut tx = without.begin(&crate::audit::Actor::Public, crate::testing::monday()).await.unwrap();
        let refused = requests::actions::submit(&mut tx, "QH", &filing()).await;
        assert!(
            matches!(refused, Err(Failure::Unexpected(_))),
            "nothing is kept in the open for want of a key"
        );
    }
}
