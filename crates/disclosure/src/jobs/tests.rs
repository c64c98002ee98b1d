use jiff::{SignedDuration, Timestamp};

use super::worker::{Outcome, Workshop, run_due};
use super::{Kind, TRIES, actions, failed, overview};
use crate::accounts::{self, AgencyKind};
use crate::audit::Actor;
use crate::db::{Db, testing};
use crate::mail::{self, PostOffice, Security, SmtpSettings};
use crate::review::SubjectKind;
use crate::review::chains::{self, ChainKey};
use crate::testing::{complete_draft, monday, office, signed_by_all, submitted};

/// A Friday morning in China: 2026-11-20 08:00.
fn morning() -> Timestamp {
    "2026-11-20T00:00:00Z".parse().unwrap()
}

async fn post_letters(db: &Db, count: usize) {
    let mut tx = db.begin(&Actor::Program("test"), morning()).await.unwrap();
    for _ in 0..count {
        mail::actions::post(&mut tx, "a@qinghe.example", "测试", "正文").await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn claim_all(db: Db) -> Vec<String> {
    let mut ids = Vec::new();
    loop {
        let jobs = actions::claim(&db, morning(), 3).await.unwrap();
        if jobs.is_empty() {
            return ids;
        }
        for job in jobs {
            ids.push(job.id.clone());
            let tx = db.begin(&Actor::Program("test"), morning()).await.unwrap();
            actions::finish(tx, &job).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_share_the_jobs_and_each_is_done_once() {
    for test in testing::databases().await {
        post_letters(&test.db, 40).await;
        let other = Db::connect(&test.url).await.unwrap();
        let (one, two) = (tokio::spawn(claim_all(test.db.clone())), tokio::spawn(claim_all(other)));
        let mut ids = one.await.unwrap();
        ids.extend(two.await.unwrap());
        assert_eq!(ids.len(), 40, "{:?}", test.db.engine());
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 40);
    }
}

#[tokio::test]
async fn a_claim_that_ran_out_goes_to_another_and_its_first_holder_changes_nothing() {
    for test in testing::databases().await {
        post_letters(&test.db, 1).await;
        let first = actions::claim(&test.db, morning(), 9).await.unwrap().remove(0);
        assert_eq!(actions::claim(&test.db, morning(), 9).await.unwrap(), vec![]);
        let later = morning() + SignedDuration::from_mins(6);
        let second = actions::claim(&test.db, later, 9).await.unwrap().remove(0);
        assert_eq!((second.id.as_str(), second.attempts), (first.id.as_str(), 2));

        let mut tx = test.db.begin(&Actor::Program("test"), later).await.unwrap();
        let letter = mail::letter(tx.conn(), &first.payload).await.unwrap().unwrap();
        mail::actions::note_sent(&mut tx, &letter).await.unwrap();
        assert!(actions::finish(tx, &first).await.is_err());
        assert_eq!(mail::unsent(&mut test.db.read().await.unwrap()).await.unwrap(), 1);
    }
}

/// A workshop whose mail server is not there.
fn with_dead_server(db: &Db) -> Workshop {
    let settings = SmtpSettings {
        host: "127.0.0.1".into(),
        port: 1,
        security: Security::None,
        username: String::new(),
        password: String::new(),
        from: "gongkai@qinghe.example".into(),
    };
    let office = PostOffice::new(&settings).unwrap();
    Workshop {
        db: db.clone(),
        post_office: Some(std::sync::Arc::new(office)),
        accounts: None,
        outgoing: Default::default(),
    }
}

#[tokio::test]
async fn a_job_that_fails_comes_back_later_and_at_last_waits_for_a_person() {
    for test in testing::databases().await {
        post_letters(&test.db, 1).await;
        let shop = with_dead_server(&test.db);
        let mut now = morning() - SignedDuration::from_hours(2); // before the reminders of the day are due
        let mut tries = 0;
        for _ in 0..2000 {
            now += SignedDuration::from_mins(1);
            // Only this letter: the timers of later days are another test's.
            for job in actions::claim(&test.db, now.max(morning()), 9).await.unwrap() {
                tries += 1;
                actions::fail(&test.db, &job, "没有人应答", now.max(morning())).await.unwrap();
            }
        }
        assert_eq!(tries, TRIES);
        let mut conn = test.db.read().await.unwrap();
        let gave_up = failed(&mut conn, 10).await.unwrap();
        assert_eq!(gave_up.len(), 1);
        assert_eq!(gave_up[0].last_error.as_deref(), Some("没有人应答"));
        drop(conn);

        assert_eq!(actions::retry_failed(&test.db, now).await.unwrap(), 1);
        let outcomes = run_due(&shop, now).await.unwrap();
        assert!(outcomes.iter().any(|o| matches!(o, Outcome::Failed(_))), "{outcomes:?}");
    }
}

#[tokio::test]
async fn without_a_mail_server_letters_wait_and_no_try_is_counted() {
    for test in testing::databases().await {
        post_letters(&test.db, 1).await;
        let shop =
            Workshop { db: test.db.clone(), post_office: None, accounts: None, outgoing: Default::default() };
        let mut now = morning();
        for _ in 0..TRIES + 3 {
            let outcomes = run_due(&shop, now).await.unwrap();
            assert!(outcomes.contains(&Outcome::Postponed), "{outcomes:?}");
            now += SignedDuration::from_mins(11);
        }
        let mut conn = test.db.read().await.unwrap();
        assert_eq!(mail::unsent(&mut conn).await.unwrap(), 1);
        assert_eq!(overview(&mut conn).await.unwrap().failed, 0);
    }
}

async fn town(db: &Db) -> (String, String) {
    let office = office(db, "songxi", AgencyKind::Town).await;
    let mut tx = db.begin(&Actor::Program("test"), Timestamp::UNIX_EPOCH).await.unwrap();
    let username = &office.officer.username;
    accounts::actions::set_email(&mut tx, username, Some("officer@qinghe.example")).await.unwrap();
    tx.commit().await.unwrap();
    (office.agency.id, office.officer.user_id)
}

async fn request(
    db: &Db,
    agency_id: &str,
    number: &str,
    due_on: &str,
    closed_on: Option<&str>,
    handler: Option<&str>,
) {
    let mut tx = db.begin(&Actor::Program("test"), Timestamp::UNIX_EPOCH).await.unwrap();
    sqlx::query(
        "INSERT INTO requests (id, agency_id, number, query_code_hash, channel, applicant_kind, applicant_name, \
         particulars, identity_match, description, delivery, help_wanted, submitted_on, reply_due_on, \
         state, closed_on, handler_id, created_at) VALUES ($1, $2, $1, '', 'in_person', 'natural_person', '某甲', \
         '', '', '财政预算', 'post', '', '2026-11-01', $3, 'registered', $4, $5, '2026-11-01T00:00:00Z')",
    )
    .bind(number)
    .bind(agency_id)
    .bind(due_on)
    .bind(closed_on)
    .bind(handler)
    .execute(tx.conn())
    .await
    .unwrap();
    tx.record(crate::audit::Act::new("requests", "test", agency_id, number, serde_json::json!({})));
    tx.commit().await.unwrap();
}

async fn letters(db: &Db) -> Vec<(String, String)> {
    sqlx::query_as("SELECT recipient, body FROM mails ORDER BY recipient")
        .fetch_all(&mut *db.read().await.unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn handlers_are_told_once_a_day_what_falls_due_within_three_working_days() {
    for test in testing::databases().await {
        let (agency, officer) = town(&test.db).await;
        let officer = Some(officer.as_str());
        request(&test.db, &agency, "逾期", "2026-11-18", None, officer).await;
        request(&test.db, &agency, "今天", "2026-11-20", None, officer).await;
        request(&test.db, &agency, "周三", "2026-11-25", None, officer).await; // Mon, Tue, Wed
        request(&test.db, &agency, "周四", "2026-11-26", None, officer).await;
        request(&test.db, &agency, "办结", "2026-11-20", Some("2026-11-19"), officer).await;
        request(&test.db, &agency, "未分", "2026-11-24", None, None).await;

        let shop =
            Workshop { db: test.db.clone(), post_office: None, accounts: None, outgoing: Default::default() };
        let early = morning() - SignedDuration::from_hours(2);
        run_due(&shop, early).await.unwrap();
        assert_eq!(letters(&test.db).await, vec![], "nothing before seven o'clock");
        let other = Workshop {
            db: Db::connect(&test.url).await.unwrap(),
            post_office: None,
            accounts: None,
            outgoing: Default::default(),
        };
        for hour in 0..6 {
            let now = morning() + SignedDuration::from_hours(hour);
            run_due(&shop, now).await.unwrap();
            run_due(&other, now).await.unwrap();
        }
        let letters = letters(&test.db).await;
        assert_eq!(letters.len(), 2, "{letters:?}");
        let (to, body) = &letters[1];
        assert_eq!(to, "officer@qinghe.example");
        for words in [
            "逾期：2026-11-18 到期，已逾期",
            "今天：2026-11-20 到期，今天到期",
            "周三：2026-11-25 到期，还剩3个工作日",
        ] {
            assert!(body.contains(words), "{body}");
        }
        assert!(!body.contains("周四") && !body.contains("办结") && !body.contains("某甲"), "{body}");
        assert_eq!(letters[0].0, "office@qinghe.example");
        let subjects: Vec<String> = sqlx::query_scalar("SELECT DISTINCT subject FROM mails")
            .fetch_all(&mut *test.db.read().await.unwrap())
            .await
            .unwrap();
        assert_eq!(
            subjects,
            ["政府信息公开申请到期提醒"],
            "no number, no name, nothing asked for in a subject line"
        );
        assert!(
            letters.iter().all(|(_, body)| !body.contains("财政预算")),
            "nor what is asked for in the body"
        );
        assert!(letters[0].1.contains("未分：2026-11-24 到期，还剩2个工作日"), "{}", letters[0].1);
    }
}

#[tokio::test]
async fn no_reminders_on_a_day_off() {
    let test = testing::sqlite().await;
    let (agency, officer) = town(&test.db).await;
    request(&test.db, &agency, "今天", "2026-11-20", None, Some(&officer)).await;
    let shop =
        Workshop { db: test.db.clone(), post_office: None, accounts: None, outgoing: Default::default() };
    let saturday = morning() + SignedDuration::from_hours(24);
    // The others: what ends with the day, and what subscribers are told.
    assert_eq!(run_due(&shop, saturday).await.unwrap(), vec![Outcome::Done; 3]);
    assert_eq!(letters(&test.db).await, vec![]);
}

#[tokio::test]
async fn whoever_holds_up_a_review_is_reminded_when_the_stage_reaches_its_limit() {
    for test in testing::databases().await {
        let office = office(&test.db, "SX", AgencyKind::Town).await;
        let mut stages = SubjectKind::Edition.preset();
        stages[0].working_days = Some(2);
        let key = ChainKey { subject: SubjectKind::Edition, class: None, risk: None };
        let mut tx = test.db.begin(&office.leader.actor(), monday()).await.unwrap();
        chains::set(&mut tx, &office.administrator, &office.agency.id, key, &stages).await.unwrap();
        tx.commit().await.unwrap();
        let (_, review) = submitted(&test.db, &office, &complete_draft("停水通知")).await;
        let shop =
            Workshop { db: test.db.clone(), post_office: None, accounts: None, outgoing: Default::default() };
        let about = |letters: Vec<(String, String)>| -> Vec<String> {
            letters.into_iter().map(|(_, body)| body).filter(|body| body.contains("停水通知")).collect()
        };
        // Submitted on Monday with two working days: due on Wednesday.
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        run_due(&shop, at("2026-11-03T00:10:00Z")).await.unwrap();
        let told = about(letters(&test.db).await);
        assert_eq!(told.len(), 1, "the section head, and nobody else");
        assert!(told[0].contains("“初审”环节：2026-11-04 前签署，下一个工作日到期"), "{told:?}");
        assert!(told[0].starts_with(&office.section_head.name), "{told:?}");
        run_due(&shop, at("2026-11-05T00:10:00Z")).await.unwrap();
        let told = about(letters(&test.db).await);
        assert!(told.len() == 2 && told.iter().any(|body| body.contains("已超过时限")), "{told:?}");

        // Signed: the next stage has no limit, and nobody is reminded.
        signed_by_all(&test.db, &office, &review).await;
        run_due(&shop, at("2026-11-06T00:10:00Z")).await.unwrap();
        assert_eq!(about(letters(&test.db).await).len(), 2);
    }
}

#[test]
fn kinds_have_their_codes() {
    for kind in Kind::ALL {
        assert_eq!(Kind::from_code(kind.code()), Some(kind));
    }
}
