//! The way of a request, on every engine, by the actions the pages call.

use gongkai_statute::applicants::ApplicantColumn;
use gongkai_statute::channels::Channel;
use gongkai_statute::deadlines::{ConsultedParty, Facts, rule};
use gongkai_statute::decisions::Decision;
use gongkai_statute::fees::FeeBasis;
use gongkai_statute::grounds::Ground;
use gongkai_statute::outcome_tree::{Scope, path_to};
use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::actions::{self, Filed, OpinionForm};
use super::*;
use crate::accounts::{AgencyKind, Staff};
use crate::audit::Actor;
use crate::db::{Db, Tx, refused_by_gate, testing};
use crate::error::{Failure, Result};
use crate::letters::LetterKind;
use crate::review;
use crate::testing::{Office, office};
use crate::time::start_of_day;

/// Ten o'clock in the morning of a day in China.
fn morning(day: Date) -> Timestamp {
    start_of_day(day) + jiff::SignedDuration::from_hours(10)
}

pub(crate) fn filing() -> Filing {
    Filing {
        applicant_kind: Some(ApplicantColumn::NaturalPerson),
        applicant_name: "何小舟".into(),
        identity_number: "990102199001011237".into(),
        phone: "0990-6600123".into(),
        description: "2025年农村危房改造补助名单<第二批>".into(),
        delivery: Some(DeliveryForm::ElectronicOnline),
        ..Filing::default()
    }
}

/// An answer with every part the decision asks for.
pub(crate) fn answer(decision: Decision) -> Answer {
    Answer {
        decision,
        ground: (decision == Decision::PartlyWithheld).then_some(Ground::TradeSecret),
        reason: "经查，具体情况如下".into(),
        parts: decision
            .required_parts()
            .iter()
            .map(|part| (*part, format!("说明：{}", part.label())))
            .collect(),
        portions: Vec::new(),
        path: path(decision, Scope::Whole),
    }
}

/// 判断过程, as an officer would answer.
pub(crate) fn path(decision: Decision, scope: Scope) -> Vec<String> {
    path_to(decision, scope).into_iter().map(|choice| choice.code.to_owned()).collect()
}

pub(crate) struct World<'a> {
    pub db: &'a Db,
    pub office: Office,
}

impl World<'_> {
    pub(crate) async fn new(db: &Db) -> World<'_> {
        World { db, office: office(db, "QH", AgencyKind::Town).await }
    }

    pub(crate) async fn tx(&self, by: &Staff, day: Date) -> Tx {
        self.db.begin(&by.actor(), morning(day)).await.unwrap()
    }

    /// Filed online on one day, confirmed on another.
    pub(crate) async fn received(&self, submitted_on: Date, confirmed_on: Date) -> String {
        let mut tx = self.db.begin(&Actor::Public, morning(submitted_on)).await.unwrap();
        let filed = actions::submit(&mut tx, "QH", &filing()).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = self.tx(&self.office.officer, confirmed_on).await;
        let confirmed = actions::confirm_receipt(
            &mut tx,
            &self.office.officer,
            &filed.number,
            Some(confirmed_on),
            "电话",
        )
        .await;
        confirmed.unwrap();
        tx.commit().await.unwrap();
        filed.number
    }

    /// The text of a letter.
    pub(crate) fn text(&self, letter: &crate::letters::Letter) -> String {
        letter.body_html(self.db.keys()).unwrap()
    }

    /// The dossier as stored; its stored clock must be the law's.
    pub(crate) async fn dossier(&self, number: &str) -> Dossier {
        let dossier = by_number(&mut self.db.read().await.unwrap(), number).await.unwrap().unwrap();
        let due = dossier.ruling().ok().and_then(|ruling| ruling.due_on());
        assert_eq!(dossier.request.reply_due_on, due, "the stored clock of {number}");
        dossier
    }

    pub(crate) async fn decide(
        &self,
        number: &str,
        day: Date,
        answer: &Answer,
    ) -> Result<Dossier, RequestRefusal> {
        let mut tx = self.tx(&self.office.officer, day).await;
        let decided = actions::decide(&mut tx, &self.office.officer, number, answer).await?;
        tx.commit().await.unwrap();
        Ok(decided)
    }

    pub(crate) async fn sign(&self, number: &str, day: Date) {
        let dossier = self.dossier(number).await;
        let review_id = dossier.reply().unwrap().review_id.clone().unwrap();
        let mut tx = self.tx(&self.office.leader, day).await;
        review::actions::sign(&mut tx, &self.office.leader, &review_id, None, "同意").await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn issue(&self, number: &str, day: Date) -> Result<Dossier, RequestRefusal> {
        let mut tx = self.tx(&self.office.officer, day).await;
        let issued =
            actions::issue_reply(&mut tx, &self.office.officer, number, Some(DeliveryWay::Online)).await?;
        tx.commit().await.unwrap();
        Ok(issued)
    }

    /// Answered from beginning to end.
    pub(crate) async fn answered(&self, decision: Decision, day: Date) -> String {
        let number = self.received(day, day).await;
        if decision == Decision::StillUnclear {
            act!(self, day, notice_supplement(&number, "请写明年度", Some(10)));
            act!(self, day, record_supplement(&number, Some(day), "就是那份名单"));
        }
        if decision == Decision::Excessive {
            act!(self, day, notice_reasons(&number, "本月第46件，内容相近", Some(5)));
            act!(self, day, record_reasons(&number, Some(day), "没有特别的理由"));
        }
        self.decide(&number, day, &answer(decision)).await.unwrap();
        self.sign(&number, day).await;
        self.issue(&number, day).await.unwrap();
        number
    }
}

/// One act of the officer on a day, committed.
macro_rules! act {
    ($world:expr, $day:expr, $name:ident($($argument:expr),*)) => {{
        let staff = &$world.office.officer;
        let mut tx = $world.tx(staff, $day).await;
        let done = actions::$name(&mut tx, staff, $($argument),*).await.unwrap();
        tx.commit().await.unwrap();
        done
    }};
}
use act;

/// Why the officer's act on a day is refused.
macro_rules! refused {
    ($world:expr, $staff:ident, $day:expr, $name:ident($($argument:expr),*)) => {{
        let staff = &$world.office.$staff;
        let mut tx = $world.tx(staff, $day).await;
        match actions::$name(&mut tx, staff, $($argument),*).await {
            Err(Failure::Refused(reasons)) => reasons,
            other => panic!("not refused: {other:?}"),
        }
    }};
}

fn words(reasons: &[RequestRefusal]) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What someone reads who was refused.
pub(super) fn refusal<T: std::fmt::Debug>(result: Result<T, RequestRefusal>) -> String {
    match result {
        Err(Failure::Refused(reasons)) => words(&reasons),
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_request_goes_all_the_way() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let mut tx = test.db.begin(&Actor::Public, morning(date(2026, 3, 1))).await.unwrap();
        let Filed { number, query_code } = actions::submit(&mut tx, "QH", &filing()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(number, "QH-SQ-2026-0001");
        let waiting = world.dossier(&number).await;
        assert_eq!((waiting.request.state, waiting.request.received_on), (RequestState::Submitted, None));

        act!(world, date(2026, 3, 3), confirm_receipt(&number, Some(date(2026, 3, 2)), "电话确认"));
        act!(world, date(2026, 3, 3), take_up(&number));
        let third = Some(ConsultedParty::ThirdParty);
        let asked = act!(world, date(2026, 3, 9), consult(&number, third, "青禾测绘公司", "测绘成果"));
        let form = OpinionForm {
            consultation_id: asked.consultations[0].id.clone(),
            opinion: Some(Opinion::Agrees),
            answered_on: Some(date(2026, 3, 16)),
            ..OpinionForm::default()
        };
        act!(world, date(2026, 3, 17), record_opinion(&number, &form));
        act!(world, date(2026, 3, 20), propose_extension(&number, "信息分散在多个部门", Some(20)));
        let mut tx = world.tx(&world.office.section_head, date(2026, 3, 23)).await;
        let head = &world.office.section_head;
        actions::approve_extension(&mut tx, head, &number).await.unwrap();
        tx.commit().await.unwrap();

        let facts = Facts::from_json(
            r#"{"channel": "online", "submitted_on": "2026-03-01", "confirmed_on": "2026-03-02",
                "extension": {"approved_on": "2026-03-23", "noticed_on": "2026-03-23", "working_days": 20},
                "consultations": [{"with": "third_party", "sent_on": "2026-03-09", "answered_on": "2026-03-16"}]}"#,
        )
        .unwrap();
        let law = rule(&facts, &facts.calendar()).unwrap();
        let dossier = world.dossier(&number).await;
        assert_eq!(dossier.request.reply_due_on, law.extended_reply_due_on);
        assert_eq!(dossier.ruling().unwrap().days, law.days);

        let provided = answer(Decision::Provided);
        let decided = world.decide(&number, date(2026, 4, 1), &provided).await.unwrap();
        assert_eq!(decided.request.state, RequestState::Decided);
        let before = world.issue(&number, date(2026, 4, 1)).await.unwrap_err();
        assert!(matches!(before, Failure::Refused(r) if r == [RequestRefusal::LetterNotSigned]));
        let tracked = |day| {
            let (db, number, code) = (test.db.clone(), number.clone(), query_code.to_lowercase());
            async move { public::track(&mut db.read().await.unwrap(), &number, &code, day).await.unwrap() }
        };
        let own = tracked(date(2026, 4, 1)).await.unwrap();
        assert_eq!(own.dossier.request.answer, None, "nothing is told before the letter leaves");
        assert!(own.dossier.letters.iter().all(|letter| letter.kind != LetterKind::Reply));
        assert!(own.dossier.consultations.iter().all(|c| c.party.is_empty()), "who was asked stays inside");

        world.sign(&number, date(2026, 4, 2)).await;
        world.issue(&number, date(2026, 4, 3)).await.unwrap();
        let early = refused!(world, officer, date(2026, 4, 10), archive(&number));
        assert_eq!(early, [RequestRefusal::NotDelivered]);
        let day = Some(date(2026, 4, 2));
        let before = refused!(world, officer, date(2026, 4, 10), record_delivery(&number, day, " "));
        assert!(words(&before).contains("答复书发出之日") && words(&before).contains("凭据"), "{before:?}");
        act!(
            world,
            date(2026, 4, 10),
            record_delivery(&number, Some(date(2026, 4, 7)), "申请人在查询页查看")
        );
        act!(world, date(2026, 4, 10), archive(&number));
        let own = tracked(date(2026, 4, 11)).await.unwrap();
        assert_eq!(own.dossier.request.closed_on, Some(date(2026, 4, 3)));
        assert_eq!(own.dossier.request.answer.as_ref().unwrap().decision, Decision::Provided);
        assert!(!own.can_withdraw);
        let kinds: Vec<_> = own.dossier.letters.iter().map(|letter| letter.kind).collect();
        use LetterKind::{ConsultationNotice, ExtensionNotice, Receipt, Reply};
        assert_eq!(kinds, [Receipt, ConsultationNotice, ExtensionNotice, Reply]);
        let inside = world.dossier(&number).await;
        let cover = inside.letters.iter().find(|letter| letter.kind == LetterKind::ArchiveCover).unwrap();
        assert_eq!(cover.number, "青禾测公档〔2026〕1号");
        let text = world.text(cover);
        assert!(text.contains("卷内件数：7件"), "{text}");
        let events: Vec<_> = world.dossier(&number).await.events.iter().map(|e| e.event).collect();
        use Event::*;
        assert_eq!(
            events,
            [
                Submit,
                Confirm,
                TakeUp,
                Consult,
                RecordOpinion,
                ProposeExtension,
                ApproveExtension,
                Decide,
                IssueReply,
                RecordDelivery,
                Archive
            ]
        );
    }
}

#[tokio::test]
async fn the_supplement_comes_in_time_and_once() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        // Seven working days from 2 March end on the 11th.
        let reasons =
            refused!(world, officer, date(2026, 3, 12), notice_supplement(&number, "请写明年度", Some(10)));
        assert!(
            matches!(&reasons[..], [RequestRefusal::Law(words)] if words.contains("7个工作日")),
            "{reasons:?}"
        );
        let both = refused!(world, officer, date(2026, 3, 11), notice_supplement(&number, " ", Some(2)));
        assert_eq!(both.len(), 2, "{both:?}");

        let noticed = act!(world, date(2026, 3, 11), notice_supplement(&number, "请写明年度", Some(10)));
        assert_eq!(noticed.request.reply_due_on, None, "the clock waits");
        let early = refused!(world, officer, date(2026, 3, 25), close_not_supplemented(&number, ""));
        assert_eq!(early, [RequestRefusal::SupplementNotOverdue]);
        let back = refused!(
            world,
            officer,
            date(2026, 3, 20),
            record_supplement(&number, Some(date(2026, 3, 10)), "2025年")
        );
        assert!(words(&back).contains("补正告知之日"), "{back:?}");
        let restarted =
            act!(world, date(2026, 3, 20), record_supplement(&number, Some(date(2026, 3, 18)), "2025年"));
        assert_eq!(restarted.request.state, RequestState::InProgress);
        assert_eq!(restarted.request.reply_due_on, Some(date(2026, 4, 16)));
        let twice = refused!(world, officer, date(2026, 3, 20), notice_supplement(&number, "还有", Some(10)));
        assert_eq!(twice, [RequestRefusal::SupplementedBefore]);
    }
}

#[tokio::test]
async fn an_extension_is_in_time_once_and_agreed_by_another() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        // Received on 2026-03-02, due on 2026-03-30.
        let late = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        let reasons =
            refused!(world, officer, date(2026, 3, 31), propose_extension(&late, "情况复杂", Some(20)));
        assert!(words(&reasons).contains("届满"), "{reasons:?}");
        assert!(words(&reasons).contains("第三十三条第二款"), "the law's own words: {reasons:?}");

        let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        let wrong = refused!(world, officer, date(2026, 3, 20), propose_extension(&number, "", Some(21)));
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        act!(world, date(2026, 3, 20), propose_extension(&number, "情况复杂", Some(20)));
        let pending = world.dossier(&number).await;
        assert_eq!(pending.request.reply_due_on, Some(date(2026, 3, 30)), "a proposal moves nothing");
        let own = refused!(world, officer, date(2026, 3, 23), approve_extension(&number));
        assert_eq!(own, [RequestRefusal::NotAnApprover, RequestRefusal::OwnProposal]);
        let late = refused!(world, leader, date(2026, 3, 31), approve_extension(&number));
        assert!(words(&late).contains("届满"), "{late:?}");

        let mut tx = world.tx(&world.office.leader, date(2026, 3, 24)).await;
        let approved = actions::approve_extension(&mut tx, &world.office.leader, &number).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(approved.request.reply_due_on, Some(date(2026, 4, 28)));
        let second =
            refused!(world, officer, date(2026, 4, 20), propose_extension(&number, "仍然复杂", Some(20)));
        assert_eq!(second, [RequestRefusal::ExtendedBefore]);
        // The same person on both sides is refused by the database too.
        let mut tx = world.tx(&world.office.leader, date(2026, 4, 20)).await;
        let by_hand =
            sqlx::query("UPDATE request_extensions SET approved_by = proposed_by").execute(tx.conn()).await;
        assert!(by_hand.is_err());
    }
}

#[tokio::test]
async fn a_declined_extension_leaves_room_for_another() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        act!(world, date(2026, 3, 20), propose_extension(&number, "情况复杂", Some(20)));
        let mut tx = world.tx(&world.office.leader, date(2026, 3, 23)).await;
        actions::decline_extension(&mut tx, &world.office.leader, &number, "材料已经齐备，请按期答复")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let again = act!(world, date(2026, 3, 24), propose_extension(&number, "第三方尚未答复", Some(10)));
        assert_eq!(again.extension.unwrap().working_days, 10);
    }
}

#[tokio::test]
async fn silence_is_recorded_when_the_time_is_over() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        let agency = Some(ConsultedParty::Agency);
        act!(world, date(2026, 3, 3), consult(&number, agency, "青禾区水务局", "联合发文"));
        let asked = act!(world, date(2026, 3, 4), consult(&number, agency, "青禾区民政局", "联合发文"));
        let silent = |index: usize| OpinionForm {
            consultation_id: asked.consultations[index].id.clone(),
            opinion: Some(Opinion::NoAnswer),
            ..OpinionForm::default()
        };
        let early = refused!(world, officer, date(2026, 3, 24), record_opinion(&number, &silent(0)));
        assert_eq!(early, [RequestRefusal::ConsultationRunning { due_on: date(2026, 3, 24) }]);
        let one = act!(world, date(2026, 3, 26), record_opinion(&number, &silent(0)));
        assert_eq!(one.request.state, RequestState::Consulting, "another answer is still out");
        let other = act!(world, date(2026, 3, 26), record_opinion(&number, &silent(1)));
        assert_eq!(other.request.state, RequestState::InProgress);
        let twice = refused!(world, officer, date(2026, 3, 26), record_opinion(&number, &silent(1)));
        assert!(twice.contains(&RequestRefusal::ConsultationAnswered), "{twice:?}");
    }
}

#[tokio::test]
async fn the_fee_is_the_laws_and_payment_starts_the_clock_anew() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        let by_page = Some(FeeBasis::ByPage);
        let free = refused!(world, officer, date(2026, 3, 3), notice_fee(&number, by_page, Some(30)));
        assert!(words(&free).contains("免费"), "{free:?}");
        let noticed = act!(world, date(2026, 3, 3), notice_fee(&number, by_page, Some(100)));
        assert_eq!(noticed.fee.as_ref().unwrap().amount_yuan, 700);
        let due_on = noticed.fee.as_ref().unwrap().due_on;
        assert_eq!(due_on, date(2026, 3, 31));
        let paid = act!(world, date(2026, 3, 10), record_payment(&number, Some(date(2026, 3, 9))));
        assert_eq!(paid.request.reply_due_on, Some(date(2026, 4, 7)));

        // Never both on one request: it has had its notice.
        let by_item = Some(FeeBasis::ByItem);
        let both = refused!(world, officer, date(2026, 3, 10), notice_fee(&number, by_item, None));
        assert!(both.contains(&RequestRefusal::FeeNoticedBefore), "{both:?}");

        // Ten in a month are free; the eleventh costs the first hundred. The register counts them, nobody types it.
        let mut unpaid = String::new();
        for _ in 0..10 {
            unpaid = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        }
        let next_month = world.received(date(2026, 4, 1), date(2026, 4, 1)).await;
        let first = refused!(world, officer, date(2026, 4, 1), notice_fee(&next_month, by_item, None));
        assert!(words(&first).contains("免费"), "the first of April: {first:?}");
        let typed = refused!(world, officer, date(2026, 3, 3), notice_fee(&unpaid, by_item, Some(30)));
        assert!(words(&typed).contains("第11件，不是第30件"), "{typed:?}");
        let noticed = act!(world, date(2026, 3, 3), notice_fee(&unpaid, by_item, None));
        let fee = noticed.fee.unwrap();
        assert_eq!((fee.count, fee.amount_yuan), (11, 100));
        let early = refused!(world, officer, due_on, close_fee_unpaid(&unpaid, ""));
        assert_eq!(early, [RequestRefusal::FeeNotOverdue]);
        let closed = act!(world, date(2026, 4, 1), close_fee_unpaid(&unpaid, "催缴两次"));
        assert_eq!(closed.request.answer.unwrap().decision, Decision::FeeNotPaidInTime);
        assert_eq!(closed.request.closed_on, Some(date(2026, 4, 1)));
    }
}

#[tokio::test]
async fn no_reply_leaves_without_its_signature() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        let decided = world.decide(&number, date(2026, 3, 5), &answer(Decision::NotHeld)).await.unwrap();
        let reply = decided.reply().unwrap().clone();
        let review_id = reply.review_id.clone().unwrap();

        // Neither by the drafter's own hand …
        let mut tx = world.tx(&world.office.officer, date(2026, 3, 5)).await;
        let own = review::actions::sign(&mut tx, &world.office.officer, &review_id, None, "").await;
        assert!(own.is_err());
        drop(tx);
        // … nor around the program.
        for (sql, expected) in [
            (
                "INSERT INTO letter_issues (letter_id, review_id, content_hash, issued_by, issued_at, delivery) \
                 SELECT letter_id, id, content_hash, 'x', '2026-03-06T02:00:00Z', 'online' FROM reviews",
                "no letter leaves without the signed-off review of exactly its bytes",
            ),
            (
                "INSERT INTO sign_offs (id, review_id, stage, person_id, verdict, checklist, opinion, content_hash, \
                 signed_at) SELECT 'x', v.id, 1, l.drafted_by, 'signed', '{}', '', v.content_hash, \
                 '2026-03-06T02:00:00Z' FROM reviews v JOIN letters l ON l.id = v.letter_id",
                "no one signs their own draft",
            ),
            (
                "UPDATE letters SET body_html = 'x' WHERE kind = 'reply'",
                "a letter under review cannot be changed; return it first",
            ),
        ] {
            let mut tx = world.tx(&world.office.officer, date(2026, 3, 6)).await;
            // Even a drafter who is a leader too.
            sqlx::query("INSERT INTO user_roles (user_id, agency_id, role) VALUES ($1, $2, 'leader')")
                .bind(&world.office.officer.user_id)
                .bind(&world.office.agency.id)
                .execute(tx.conn())
                .await
                .unwrap();
            let refused = sqlx::query(sql).execute(tx.conn()).await.unwrap_err();
            assert_eq!(refused_by_gate(&refused).as_deref(), Some(expected), "{refused}");
        }
        world.sign(&number, date(2026, 3, 6)).await;
        // A signed letter that no longer says what the row says stays in the house.
        let mut tx = world.tx(&world.office.officer, date(2026, 3, 6)).await;
        sqlx::query("UPDATE requests SET decision = 'provided'").execute(tx.conn()).await.unwrap();
        let outdated =
            actions::issue_reply(&mut tx, &world.office.officer, &number, Some(DeliveryWay::Online)).await;
        assert!(matches!(outdated, Err(Failure::Refused(r)) if r == [RequestRefusal::LetterOutdated]));
        drop(tx);
        world.issue(&number, date(2026, 3, 6)).await.unwrap();
        let mut tx = world.tx(&world.office.officer, date(2026, 3, 7)).await;
        let changed = sqlx::query("UPDATE letter_issues SET delivery = 'x'").execute(tx.conn()).await;
        assert!(refused_by_gate(&changed.unwrap_err()).is_some());
    }
}

#[tokio::test]
async fn a_returned_reply_is_written_anew_under_its_number() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        let first = world.decide(&number, date(2026, 3, 5), &answer(Decision::NotHeld)).await.unwrap();
        let first = first.reply().unwrap().clone();
        let again = world.decide(&number, date(2026, 3, 5), &answer(Decision::NotResponsible)).await;
        assert!(matches!(again, Err(Failure::Refused(r)) if r == [RequestRefusal::LetterInReview]));
        let mut tx = world.tx(&world.office.leader, date(2026, 3, 6)).await;
        let id = first.review_id.clone().unwrap();
        review::actions::return_for_revision(&mut tx, &world.office.leader, &id, "不归我机关").await.unwrap();
        tx.commit().await.unwrap();
        let second = world.decide(&number, date(2026, 3, 9), &answer(Decision::NeedsCreation)).await.unwrap();
        let second = second.reply().unwrap();
        assert_eq!((&second.id, &second.number), (&first.id, &first.number));
        assert_ne!(second.content_hash, first.content_hash);
        assert!(world.text(second).contains("没有现成信息"));
        world.sign(&number, date(2026, 3, 10)).await;
        world.issue(&number, date(2026, 3, 10)).await.unwrap();
    }
}

#[tokio::test]
async fn every_decision_says_its_article_and_its_remedy() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let day = date(2026, 3, 2);
        for decision in Decision::ALL.iter().copied().filter(|d| actions::is_chosen(*d)) {
            let number = world.answered(decision, day).await;
            let dossier = world.dossier(&number).await;
            assert_eq!(dossier.request.answer.as_ref().unwrap().decision, decision);
            let letter = &world.text(dossier.reply().unwrap());
            let has_article = !matches!(decision, Decision::ConfirmOrReissue | Decision::Other);
            assert!(
                !has_article || letter.contains(&decision.citation().to_string()),
                "{decision:?}: {letter}"
            );
            assert!(letter.contains(decision.label()), "{decision:?}");
            let notice = gongkai_statute::remedies::notice(
                decision,
                day,
                &world.office.agency.reconsideration_body,
                &world.office.agency.court,
            );
            assert!(letter.contains(&notice.text), "{decision:?}");
            for part in decision.required_parts() {
                assert!(
                    letter.contains(part.label()) || *part == gongkai_statute::decisions::Part::Reasons,
                    "{decision:?} lacks {part:?}"
                );
            }
            assert!(letter.contains("&lt;第二批&gt;"), "what was typed is escaped");
        }
    }
}

#[tokio::test]
async fn a_decision_lacks_nothing() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        let empty = |decision| Answer {
            decision,
            ground: None,
            reason: String::new(),
            parts: Vec::new(),
            portions: Vec::new(),
            path: Vec::new(),
        };
        let fields = |failure| match failure {
            Err(Failure::Refused(reasons)) => {
                use crate::error::Refusal;
                reasons.iter().filter_map(Refusal::field).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        let partly = world.decide(&number, date(2026, 3, 5), &empty(Decision::PartlyWithheld)).await;
        assert_eq!(fields(partly), ["ground", "reason", "information_given", "withheld_content"]);
        let unclear = world.decide(&number, date(2026, 3, 5), &answer(Decision::StillUnclear)).await;
        assert_eq!(fields(unclear), ["decision"]);
        let own_act = world.decide(&number, date(2026, 3, 5), &answer(Decision::Withdrawn)).await;
        assert_eq!(fields(own_act), ["decision"]);
    }
}

#[tokio::test]
async fn the_answers_given_are_kept_with_the_decision_they_lead_to() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        let astray =
            Answer { path: path(Decision::NotHeld, Scope::Whole), ..answer(Decision::NeedsCreation) };
        let refused = world.decide(&number, date(2026, 3, 5), &astray).await;
        assert!(
            matches!(refused, Err(Failure::Refused(r)) if r[0].to_string().contains("不通向这项处理决定"))
        );
        world.decide(&number, date(2026, 3, 5), &answer(Decision::NeedsCreation)).await.unwrap();
        let kept = world.dossier(&number).await;
        let walked = kept.request.answer.as_ref().unwrap().walked().unwrap();
        assert_eq!(walked.codes().last(), Some(&"ready.no"));
        let told = &kept.events.last().unwrap().detail["path"];
        assert_eq!(told[0], "goes_on.yes");
        assert_eq!(told.as_array().unwrap().len(), walked.answered.len());
    }
}

#[tokio::test]
async fn only_number_and_code_together_open_a_request() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let mut tx = test.db.begin(&Actor::Public, morning(date(2026, 3, 2))).await.unwrap();
        let one = actions::submit(&mut tx, "QH", &filing()).await.unwrap();
        let two = actions::submit(&mut tx, "QH", &filing()).await.unwrap();
        tx.commit().await.unwrap();
        let today = date(2026, 3, 3);
        let mut conn = test.db.read().await.unwrap();
        assert!(public::track(&mut conn, &one.number, &two.query_code, today).await.unwrap().is_none());
        assert!(public::track(&mut conn, &one.number, "", today).await.unwrap().is_none());
        let own = public::track(&mut conn, &one.number, &one.query_code, today).await.unwrap().unwrap();
        assert!(own.can_withdraw);
        drop(conn);
        let mut tx = test.db.begin(&Actor::Public, morning(today)).await.unwrap();
        let wrong = public::withdraw(&mut tx, &one.number, &two.query_code).await;
        assert!(matches!(wrong, Err(Failure::Refused(r)) if r == [RequestRefusal::WrongNumberOrCode]));
        public::withdraw(&mut tx, &one.number, &one.query_code).await.unwrap();
        tx.commit().await.unwrap();
        let closed = world.dossier(&one.number).await;
        assert_eq!(closed.request.state, RequestState::Closed);
        assert_eq!(closed.request.answer, None, "what was never received is not counted");

        // Received first, it counts as 其他处理.
        act!(world, today, confirm_receipt(&two.number, Some(today), ""));
        let mut tx = test.db.begin(&Actor::Public, morning(date(2026, 3, 4))).await.unwrap();
        public::withdraw(&mut tx, &two.number, &two.query_code).await.unwrap();
        tx.commit().await.unwrap();
        let closed = world.dossier(&two.number).await;
        assert_eq!(closed.request.answer.unwrap().decision, Decision::Withdrawn);
    }
}

#[tokio::test]
async fn paper_is_registered_with_the_day_its_channel_leaves() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let today = date(2026, 3, 5);
        let staff = &world.office.officer;
        let arrival = |channel, signed_on, confirmed_on| Arrival {
            channel: Some(channel),
            submitted_on: Some(date(2026, 3, 3)),
            signed_on,
            confirmed_on,
        };
        for (channel, signed_on, confirmed_on, received_on) in [
            (Channel::InPerson, None, None, Some(date(2026, 3, 3))),
            (Channel::Oral, None, None, Some(date(2026, 3, 3))),
            (Channel::RegisteredPost, Some(date(2026, 3, 4)), None, Some(date(2026, 3, 4))),
            (Channel::OrdinaryPost, None, Some(date(2026, 3, 5)), Some(date(2026, 3, 5))),
            (Channel::Fax, None, None, None),
        ] {
            let mut tx = world.tx(staff, today).await;
            let arrival = arrival(channel, signed_on, confirmed_on);
            let filed = actions::register(&mut tx, staff, &world.office.agency.id, &filing(), &arrival)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            let dossier = world.dossier(&filed.number).await;
            assert_eq!(dossier.request.received_on, received_on, "{channel:?}");
            let expected =
                if received_on.is_some() { RequestState::Registered } else { RequestState::Submitted };
            assert_eq!(dossier.request.state, expected);
            assert_eq!(dossier.letters.len(), usize::from(received_on.is_some()), "a receipt when received");
        }
        let stranger = &world.office.administrator;
        let mut tx = world.tx(stranger, today).await;
        let arrival = arrival(Channel::InPerson, None, None);
        let refused =
            actions::register(&mut tx, stranger, &world.office.agency.id, &filing(), &arrival).await;
        assert!(matches!(refused, Err(Failure::Refused(r)) if r == [RequestRefusal::Forbidden]));
    }
}

#[tokio::test]
async fn lists_narrow_count_and_page() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let first = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        let second = world.received(date(2026, 3, 9), date(2026, 3, 9)).await;
        let done = world.answered(Decision::NotHeld, date(2026, 3, 3)).await;
        let today = date(2026, 3, 31);
        let all =
            RequestFilter { agencies: vec![world.office.agency.id.clone()], ..RequestFilter::default() };
        let numbers = |filter: RequestFilter, page, per_page| {
            let db = test.db.clone();
            async move {
                let mut conn = db.read().await.unwrap();
                let (rows, total) = list(&mut conn, &filter, today, page, per_page).await.unwrap();
                (rows.into_iter().map(|row| row.number).collect::<Vec<_>>(), total)
            }
        };
        let everything = vec![first.clone(), second.clone(), done.clone()];
        assert_eq!(numbers(all.clone(), 1, 20).await, (everything, 3), "open by due date, answered last");
        assert_eq!(numbers(all.clone(), 2, 2).await, (vec![done.clone()], 3));
        let overdue = RequestFilter { due: Due::Overdue, ..all.clone() };
        assert_eq!(numbers(overdue, 1, 20).await, (vec![first.clone()], 1));
        let held = RequestFilter { decisions: vec![Decision::NotHeld, Decision::Provided], ..all.clone() };
        assert_eq!(numbers(held, 1, 20).await, (vec![done.clone()], 1));
        let words = RequestFilter { words: "危房改造".into(), ..all.clone() };
        assert_eq!(numbers(words, 1, 20).await.1, 3);
        let named = |typed: &str| RequestFilter {
            words: typed.into(),
            name_match: name_match(test.db.keys(), typed).unwrap(),
            ..all.clone()
        };
        assert_eq!(numbers(named(" 何小 舟"), 1, 20).await.1, 3, "found by the whole name");
        assert_eq!(numbers(named("何小"), 1, 20).await.1, 0, "and by nothing less");
        let stored: Vec<String> = sqlx::query_scalar("SELECT applicant_name FROM requests")
            .fetch_all(&mut *test.db.read().await.unwrap())
            .await
            .unwrap();
        assert!(stored.iter().all(|name| !name.contains('何') && name.contains(':')), "sealed: {stored:?}");
        assert_eq!(numbers(RequestFilter::default(), 1, 20).await.1, 0, "no agency, no row");

        let mut conn = test.db.read().await.unwrap();
        let counts = counts(&mut conn, &all.agencies, today, date(2026, 4, 7)).await.unwrap();
        assert_eq!((counts.overdue, counts.soon), (1, 1));
        assert_eq!(counts.of(&[RequestState::Registered, RequestState::Replied]), 3);
    }
}

#[tokio::test]
async fn nobody_is_called_excessive_unheard() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        let excessive = answer(Decision::Excessive);
        let refusal = |failure| match failure {
            Failure::Refused(reasons) => words(&reasons),
            other => panic!("{other:?}"),
        };
        let unheard = world.decide(&number, date(2026, 3, 3), &excessive).await.unwrap_err();
        assert!(refusal(unheard).contains("请先发出说明理由告知书"));

        let asked = act!(world, date(2026, 3, 3), notice_reasons(&number, "一季度46件", Some(5)));
        assert_eq!(asked.reasons.as_ref().unwrap().due_on, date(2026, 3, 10));
        assert_eq!(asked.request.state, RequestState::Registered, "the reply period runs on");
        let letter = asked.letters_of(LetterKind::ReasonsNotice, &world).await;
        assert!(letter.contains("一季度46件") && letter.contains("2026年3月10日前"), "{letter}");
        let early = world.decide(&number, date(2026, 3, 10), &excessive).await.unwrap_err();
        assert!(refusal(early).contains("2026-03-10前说明理由"));
        let twice = refused!(world, officer, date(2026, 3, 4), notice_reasons(&number, "又来", Some(5)));
        assert_eq!(twice, [RequestRefusal::ReasonsNoticedBefore]);
        let short =
            refused!(world, officer, date(2026, 3, 4), record_reasons(&number, Some(date(2026, 3, 1)), ""));
        assert_eq!(short.len(), 2, "{short:?}");

        // Silence: the day after the period the office may decide.
        let decided = world.decide(&number, date(2026, 3, 11), &excessive).await.unwrap();
        assert_eq!(decided.request.state, RequestState::Decided);
    }
}

#[tokio::test]
async fn a_third_party_that_objects_knows_before_the_information_is_out() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        act!(world, date(2026, 3, 2), take_up(&number));
        let third = Some(ConsultedParty::ThirdParty);
        let asked = act!(world, date(2026, 3, 3), consult(&number, third, "青禾测绘公司", "测绘成果"));
        let id = asked.consultations[0].id.clone();
        let form = OpinionForm {
            consultation_id: id.clone(),
            opinion: Some(Opinion::Objects),
            answered_on: Some(date(2026, 3, 5)),
            answer: "涉及商业秘密".into(),
            judgement: "测绘成果已在招标时公布，公开不损害其利益".into(),
        };
        let unsaid = OpinionForm { judgement: " ".into(), ..form.clone() };
        let unsaid = refused!(world, officer, date(2026, 3, 5), record_opinion(&number, &unsaid));
        assert!(words(&unsaid).contains("本机关的判断"), "{unsaid:?}");
        let judged = act!(world, date(2026, 3, 5), record_opinion(&number, &form));
        let told = world.dossier(&judged.request.number).await.events.last().unwrap().detail.clone();
        assert!(told["judgement"].as_str().unwrap().contains("招标"), "{told}");
        world.decide(&number, date(2026, 3, 6), &answer(Decision::Provided)).await.unwrap();
        world.sign(&number, date(2026, 3, 9)).await;
        let Err(Failure::Refused(early)) = world.issue(&number, date(2026, 3, 9)).await else { panic!() };
        assert_eq!(early, [RequestRefusal::ObjectionUnanswered { party: "青禾测绘公司".into() }]);

        let blank = refused!(world, officer, date(2026, 3, 9), notice_override(&number, &id, "", " "));
        assert_eq!(blank.len(), 2, "{blank:?}");
        let told =
            act!(world, date(2026, 3, 9), notice_override(&number, &id, "测绘成果全文", "关系堤防安全"));
        let letter = told.letters_of(LetterKind::OverrideNotice, &world).await;
        for words in ["青禾测绘公司：", "测绘成果全文", "关系堤防安全", "第三十二条", "救济途径"]
        {
            assert!(letter.contains(words), "{letter}");
        }
        let again = refused!(world, officer, date(2026, 3, 9), notice_override(&number, &id, "全文", "堤防"));
        assert!(again.contains(&RequestRefusal::NoObjection));
        let issued = world.issue(&number, date(2026, 3, 10)).await.unwrap();
        assert_eq!(issued.request.state, RequestState::Replied);
        assert_eq!(world.dossier(&number).await.consultations, told.consultations);
    }
}

#[tokio::test]
async fn earlier_requests_for_the_same_are_found() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let first = world.answered(Decision::Provided, date(2026, 3, 2)).await;
        let again = world.received(date(2026, 3, 16), date(2026, 3, 16)).await;
        let other = {
            let filing = Filing {
                applicant_name: "沈望山".into(),
                identity_number: "护照E1".into(),
                description: "农村危房改造补助名单（第二批）2025年".into(),
                ..filing()
            };
            let mut tx = world.db.begin(&Actor::Public, morning(date(2026, 3, 17))).await.unwrap();
            let filed = actions::submit(&mut tx, "QH", &filing).await.unwrap();
            tx.commit().await.unwrap();
            filed.number
        };
        let request = world.dossier(&again).await.request;
        let mut conn = world.db.read().await.unwrap();
        let found = similar(&mut conn, &request).await.unwrap();
        let numbers: Vec<_> = found.iter().map(|one| (&one.number, one.is_same_applicant)).collect();
        assert_eq!(numbers, [(&first, true), (&other, false)]);
        assert_eq!(found[0].decision, Some(Decision::Provided));
        let reply = world.dossier(&first).await.reply().unwrap().number.clone();
        assert_eq!(found[0].reply, Some((reply, date(2026, 3, 2))));
        assert_eq!(found[1].reply, None);
        assert_eq!(item_of_month(&mut conn, &request).await.unwrap(), Some(2));
        let waiting = world.dossier(&other).await.request;
        assert_eq!(item_of_month(&mut conn, &waiting).await.unwrap(), None, "not received yet");
    }
}

#[tokio::test]
async fn what_was_offered_before_sending_stays_on_record() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let one = |index_number: &str, mark| offers::Offered { index_number: index_number.into(), mark };
        let offered = vec![
            one("QH-2026-00001", offers::Mark::Missed),
            one("QH-2026-00002", offers::Mark::Helped),
            one("QH-2026-00003", offers::Mark::None),
        ];
        let filing = Filing { offered: offered.clone(), ..filing() };
        let mut tx = world.db.begin(&Actor::Public, morning(date(2026, 3, 2))).await.unwrap();
        let filed = actions::submit(&mut tx, "QH", &filing).await.unwrap();
        tx.commit().await.unwrap();
        let events = world.dossier(&filed.number).await.events;
        assert_eq!(events[0].detail["offered"].as_array().unwrap().len(), 3);
        assert_eq!(events[0].detail["helped"], serde_json::json!(["QH-2026-00002"]));

        // Two leave without asking; the third of the month finds nothing that helps.
        let found = [one("QH-2026-00002", offers::Mark::Helped), one("QH-2026-00001", offers::Mark::Helped)];
        for offered in [&found[..], &found[..1], &[one("QH-2026-00001", offers::Mark::None)]] {
            offers::leave(&test.db, morning(date(2026, 3, 5)), "QH", offered).await.unwrap();
        }
        let counts = offers::counts(&mut world.db.read().await.unwrap(), "2026-03").await.unwrap();
        let told: Vec<_> = counts
            .iter()
            .map(|one| (one.index_number.as_str(), one.shown, one.helped, one.missed, one.spared))
            .collect();
        assert_eq!(
            told,
            [("QH-2026-00002", 3, 3, 0, 2), ("QH-2026-00001", 3, 1, 1, 0), ("QH-2026-00003", 1, 0, 0, 0)]
        );
        assert_eq!(offers::counts(&mut world.db.read().await.unwrap(), "2026-04").await.unwrap(), []);
        let mut conn = world.db.read().await.unwrap();
        assert_eq!(
            public::already_public(&mut conn, "QH", &filing.description).await.unwrap(),
            [],
            "nothing is public yet"
        );
    }
}

impl Dossier {
    /// The text of its letter of this kind, as stored.
    async fn letters_of(&self, kind: LetterKind, world: &World<'_>) -> String {
        let stored = world.dossier(&self.request.number).await;
        world.text(stored.letters.iter().find(|letter| letter.kind == kind).unwrap())
    }
}
