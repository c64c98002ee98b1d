use gongkai_statute::calendar::{Arrangement, Calendar};
use gongkai_statute::channels::Channel;
use gongkai_statute::deadlines::Facts;
use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::actions::{NewNotice, adopt, dismiss, propose};
use super::recount::{OpenRequest, compare};
use super::{CalendarRefusal as R, Clock, NoticeState, Rehearsal, list, national, rehearse};
use crate::accounts::{AgencyKind, Staff};
use crate::db::testing::databases;
use crate::db::{Conn, Db};
use crate::error::Failure;
use crate::privacy::Particulars;
use crate::testing::{Office, office};
use crate::time::optional_date;

/// Made up: nobody has announced 2027 here.
const TEXT: &str = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。";

/// 2027-01-11 09:00 in China: a Monday before the holidays.
fn january() -> Timestamp {
    "2027-01-11T01:00:00Z".parse().unwrap()
}

fn typed() -> NewNotice {
    NewNotice {
        year: "2027".into(),
        number: "国办发明电〔2026〕0号".into(),
        issued_on: "2026-11-20".into(),
        text: TEXT.into(),
    }
}

/// An open request that came in on `day`, its clock as the calendar without the notice gives it.
async fn request(conn: &mut Conn, office: &Office, number: &str, day: Date) {
    let facts = Facts {
        submitted_on: Some(day),
        confirmed_on: Some(day),
        signed_on: Some(day),
        ..Facts::new(Channel::InPerson)
    };
    let ruling = gongkai_statute::deadlines::rule(&facts, Calendar::national()).unwrap();
    sqlx::query(
        "INSERT INTO requests (id, agency_id, number, query_code_hash, channel, applicant_kind, applicant_name, \
         particulars, identity_match, description, delivery, help_wanted, submitted_on, signed_on, confirmed_on, \
         received_on, reply_due_on, is_due_provisional, state, created_at) VALUES ($1, $2, $1, '', 'in_person', \
         'natural_person', '何小舟', '', '', '名单', 'paper', '', $3, $3, $3, $4, $5, $6, 'in_progress', '')",
    )
    .bind(number)
    .bind(&office.agency.id)
    .bind(day.to_string())
    .bind(ruling.received_on.to_string())
    .bind(ruling.due_on().map(|due| due.to_string()))
    .bind(i64::from(ruling.provisional))
    .execute(&mut *conn)
    .await
    .unwrap();
}

async fn clock(db: &Db, number: &str) -> (Option<Date>, i64) {
    let mut conn = db.read().await.unwrap();
    let (due, provisional): (Option<String>, i64) =
        sqlx::query_as("SELECT reply_due_on, is_due_provisional FROM requests WHERE number = $1")
            .bind(number)
            .fetch_one(&mut *conn)
            .await
            .unwrap();
    (optional_date(due.as_deref()).unwrap(), provisional)
}

async fn refused_proposal(db: &Db, staff: &Staff, typed: &NewNotice) -> Vec<R> {
    let mut tx = db.begin(&staff.actor(), january()).await.unwrap();
    match propose(&mut tx, staff, typed).await {
        Err(Failure::Refused(reasons)) => reasons,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_notice_moves_the_clocks_only_when_a_second_person_adopts_the_list_seen() {
    for test in databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Government).await;
        let mut tx = db.begin(&office.officer.actor(), january()).await.unwrap();
        // Overdue since November, due in the holidays to come, far behind them.
        request(tx.conn(), &office, "late", date(2026, 11, 2)).await;
        request(tx.conn(), &office, "spring", date(2027, 1, 11)).await;
        request(tx.conn(), &office, "sure", date(2026, 12, 21)).await;
        sqlx::query(
            "INSERT INTO request_supplements (request_id, noticed_on, due_on, items) VALUES ('spring', \
             '2027-01-25', '2027-02-12', '请写明年份')",
        )
        .execute(tx.conn())
        .await
        .unwrap();
        let left = Particulars { email: "zhou@mail.example".into(), ..Particulars::default() };
        let sealed = left.sealed(tx.keys(), "spring").unwrap();
        sqlx::query("UPDATE requests SET particulars = $1 WHERE id = 'spring'")
            .bind(sealed)
            .execute(tx.conn())
            .await
            .unwrap();
        tx.record(crate::audit::Act::new("test", "filled", "", "", serde_json::json!({})));
        tx.commit().await.unwrap();
        let before = clock(db, "late").await;

        assert_eq!(refused_proposal(db, &office.officer, &typed()).await, [R::Forbidden]);
        let wrong = NewNotice {
            text: TEXT.replace("2月5日（周五）", "2月5日（周四）"),
            number: String::new(),
            ..typed()
        };
        let faults = refused_proposal(db, &office.oversight_officer, &wrong).await;
        assert!(matches!(faults[..], [R::NoNumber, R::Fault(_)]), "{faults:?}");
        let far = NewNotice { year: "2035".into(), ..typed() };
        assert!(
            refused_proposal(db, &office.oversight_officer, &far)
                .await
                .iter()
                .any(|fault| matches!(fault, R::YearOutOfReach { to: 2028, .. }))
        );

        let mut tx = db.begin(&office.oversight_officer.actor(), january()).await.unwrap();
        let id = propose(&mut tx, &office.oversight_officer, &typed()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(refused_proposal(db, &office.administrator, &typed()).await, [R::AlreadyProposed]);
        assert_eq!(clock(db, "late").await, before, "a proposal moves nothing");

        let today = date(2027, 1, 11);
        let mut conn = db.read().await.unwrap();
        assert!(national(&mut conn).await.unwrap().day(date(2027, 3, 1)).provisional);
        let waiting = list(&mut conn)
            .await
            .unwrap()
            .into_iter()
            .find(|one| one.state == NoticeState::Proposed)
            .unwrap();
        let seen = rehearse(&mut conn, &waiting.arrangement, today).await.unwrap();
        drop(conn);
        let told: Vec<_> =
            seen.changes.iter().map(|c| (c.number.as_str(), c.clock, c.before, c.after)).collect();
        // Twenty working days from 11 January: the days before the festival fall away, two weekends are worked.
        assert_eq!(
            told,
            [
                ("spring", Clock::Reply, date(2027, 2, 10), date(2027, 2, 12)),
                ("spring", Clock::Supplement, date(2027, 2, 12), date(2027, 2, 16)),
            ],
            "{seen:?}"
        );
        assert_eq!(seen.settled, ["sure"]);

        let attempt = async |staff: &Staff, fingerprint: &str| {
            let mut tx = db.begin(&staff.actor(), january()).await.unwrap();
            let done = adopt(&mut tx, staff, &id, fingerprint).await;
            if done.is_ok() {
                tx.commit().await.unwrap();
            }
            done
        };
        let is = |done: crate::error::Result<usize, R>, reason: R| match done {
            Err(Failure::Refused(reasons)) => assert_eq!(reasons, [reason]),
            other => panic!("{other:?}"),
        };
        is(attempt(&office.oversight_officer, &seen.fingerprint()).await, R::SamePerson);
        is(attempt(&office.administrator, &Rehearsal::default().fingerprint()).await, R::ListChanged);
        assert_eq!(attempt(&office.administrator, &seen.fingerprint()).await.unwrap(), 2);
        is(attempt(&office.administrator, &seen.fingerprint()).await, R::AlreadyDecided);

        assert_eq!(clock(db, "late").await, before, "what is overdue stays overdue");
        assert_eq!(clock(db, "spring").await, (Some(date(2027, 2, 12)), 0));
        assert_eq!(clock(db, "sure").await.1, 0);
        let mut conn = db.read().await.unwrap();
        assert!(!national(&mut conn).await.unwrap().day(date(2027, 3, 1)).provisional);
        let moved = super::changes_of_request(&mut conn, "spring").await.unwrap();
        assert_eq!(
            moved.iter().map(|m| m.due_after.as_str()).collect::<Vec<_>>(),
            ["2027-02-12", "2027-02-16"]
        );
        let letters: Vec<(String, String)> =
            sqlx::query_as("SELECT recipient, body FROM mails WHERE subject = '申请办理期限按放假安排重算'")
                .fetch_all(&mut *conn)
                .await
                .unwrap();
        let [(recipient, body)] = &letters[..] else { panic!("{letters:?}") };
        assert_eq!(recipient, "office@qinghe.example");
        assert!(
            body.contains("spring") && body.contains("2027-02-10 → 2027-02-12") && !body.contains("何小舟")
        );
        // The applicant who left an address has one letter with both days; the address stands in no outbox.
        let letters: Vec<(String, String)> = sqlx::query_as(
            "SELECT recipient, body FROM mails WHERE subject = '政府信息公开申请的期限有变化'",
        )
        .fetch_all(&mut *conn)
        .await
        .unwrap();
        let [(recipient, body)] = &letters[..] else { panic!("{letters:?}") };
        assert_eq!(recipient, "");
        assert!(
            body.contains("2027-02-10 → 2027-02-12") && body.contains("2027-02-12 → 2027-02-16"),
            "{body}"
        );
        assert!(
            body.contains("编号 spring") && !body.contains("何小舟") && !body.contains("zhou@"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn what_was_not_adopted_counts_for_nothing_and_makes_room() {
    for test in databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Government).await;
        for _ in 0..2 {
            let mut tx = db.begin(&office.administrator.actor(), january()).await.unwrap();
            let id = propose(&mut tx, &office.administrator, &typed()).await.unwrap();
            dismiss(&mut tx, &office.administrator, &id).await.unwrap();
            tx.commit().await.unwrap();
        }
        let mut conn = db.read().await.unwrap();
        assert_eq!(*national(&mut conn).await.unwrap().known_years().end(), 2026);
        let states: Vec<NoticeState> =
            super::list(&mut conn).await.unwrap().iter().map(|n| n.state).collect();
        assert_eq!(states, [NoticeState::Dismissed, NoticeState::Dismissed]);
    }
}

/// The database itself refuses one person for both.
#[tokio::test]
async fn no_one_adopts_their_own_notice_by_hand() {
    for test in databases().await {
        let office = office(&test.db, "SX", AgencyKind::Government).await;
        let mut tx = test.db.begin(&office.administrator.actor(), january()).await.unwrap();
        let id = propose(&mut tx, &office.administrator, &typed()).await.unwrap();
        let by_hand = sqlx::query(
            "UPDATE holiday_notices SET state = 'adopted', decided_by = proposed_by WHERE id = $1",
        )
        .bind(&id)
        .execute(tx.conn())
        .await;
        assert!(by_hand.is_err());
    }
}

/// How long a hundred thousand open clocks take: `cargo test --release -- --ignored --nocapture many_clocks`.
#[test]
#[ignore = "measures"]
fn many_clocks() {
    let now = Calendar::national().clone();
    let then = now.with(&Arrangement::parse(2027, TEXT).unwrap());
    let requests: Vec<OpenRequest> = (0..100_000)
        .map(|n: i64| {
            let day = date(2026, 12, 1).saturating_add(jiff::ToSpan::days(n % 60));
            let facts = Facts { submitted_on: Some(day), ..Facts::new(Channel::InPerson) };
            let due = gongkai_statute::deadlines::rule(&facts, &now).ok().and_then(|ruling| ruling.due_on());
            OpenRequest {
                id: n.to_string(),
                number: n.to_string(),
                agency_id: String::new(),
                region: ["640104", "110000"][usize::try_from(n % 2).unwrap()].into(),
                mailbox: String::new(),
                facts,
                reply_due_on: due,
                is_provisional: true,
                limits: Vec::new(),
            }
        })
        .collect();
    let begin = std::time::Instant::now();
    let rehearsal = compare(requests, &now, &then, date(2026, 12, 1));
    println!("100,000 clocks in {:?}, {} moved", begin.elapsed(), rehearsal.changes.len());
}
