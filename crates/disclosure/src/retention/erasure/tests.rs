//! One request with the applicant's name in everything that can be typed, from filing to destruction, on every engine.

use std::path::Path;

use gongkai_statute::deadlines::ConsultedParty;
use gongkai_statute::decisions::Decision;
use gongkai_statute::grounds::Ground;
use gongkai_statute::outcome_tree::Scope;
use jiff::civil::{Date, date};

use super::super::actions as retention;
use crate::db::{refused_by_gate, testing};
use crate::files::{FileStore, Prepared};
use crate::grievances::{GrievanceKind, GrievanceOutcome, actions as grievances};
use crate::letters::seals;
use crate::privacy::{Purpose, actions as privacy};
use crate::redaction::{self, Area, Kind, Marked, Workshop};
use crate::remedies::{RemedyKind, RemedyResult, actions as remedies};
use crate::requests::actions as requests;
use crate::requests::enclosures;
use crate::requests::evidence::{self, EvidenceKind};
use crate::requests::tests::{World, answer, filing, path};
use crate::requests::{Answer, DeliveryWay, Filing, Opinion, Portion, similar};
use crate::{reporting, secrets};

const NAME: &str = "何小舟";
const SECRETS: [&str; 4] = ["990102199001011237", "0990-6600123", "hexiaozhou@mail", "柳堤路77号"];
const OFFICE: &[u8] = include_bytes!("../../../../redaction/tests/samples/office.pdf");
const FILED: Date = date(2026, 3, 2);
const ANSWERED: Date = date(2026, 3, 23);

/// One act of a person on a day, committed.
macro_rules! act {
    ($world:expr, $staff:expr, $day:expr, $room:ident::$name:ident($($argument:expr),*)) => {{
        let mut tx = $world.tx($staff, $day).await;
        let done = $room::$name(&mut tx, $staff, $($argument),*).await.unwrap();
        tx.commit().await.unwrap();
        done
    }};
}

/// `何小舟` with what it is said about.
fn of(words: &str) -> String {
    format!("{NAME}{words}")
}

/// Every byte under a folder, as text.
fn bytes_under(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => text += &bytes_under(&path),
            false => text += &String::from_utf8_lossy(&std::fs::read(path).unwrap()),
        }
    }
    text
}

async fn prepared(files: &FileStore, name: &str, bytes: &[u8]) -> Prepared {
    files.prepare(files.keep(name, bytes).await.unwrap()).await.unwrap()
}

/// Filed online with a picture of the identity card, confirmed, supplemented, a third party heard and overridden, extended.
async fn in_progress(world: &World<'_>, files: &FileStore) -> String {
    let (officer, head) = (&world.office.officer, &world.office.section_head);
    let token = secrets::token();
    let card = evidence::tests::png();
    let at = crate::time::start_of_day(FILED);
    evidence::stage(world.db, files, at, &token, EvidenceKind::Identity, &of(".png"), &card).await.unwrap();
    let typed = Filing {
        description: of("家2025年农村危房改造补助的审批材料"),
        help_wanted: of("看不清小字"),
        email: "hexiaozhou@mail.example".into(),
        address: "青禾区柳堤路77号".into(),
        stage: token,
        ..filing()
    };
    let mut tx = world.db.begin(&crate::audit::Actor::Public, at).await.unwrap();
    let number = requests::submit(&mut tx, "QH", &typed).await.unwrap().number;
    tx.commit().await.unwrap();
    let colleague = world.office.other_officer.user_id.as_str();
    act!(world, officer, FILED, requests::confirm_receipt(&number, Some(FILED), &of("接电话确认")));
    act!(world, officer, FILED, requests::hand_over(&number, colleague, &of("的材料在他处")));
    act!(world, officer, FILED, requests::notice_supplement(&number, &of("请写明年度"), Some(10)));
    act!(world, officer, FILED, requests::record_supplement(&number, Some(FILED), &of("：2025年")));
    let with = Some(ConsultedParty::ThirdParty);
    let asked =
        act!(world, officer, FILED, requests::consult(&number, with, &of("之弟"), &of("家的收入情况")));
    let opinion = requests::OpinionForm {
        consultation_id: asked.consultations[0].id.clone(),
        opinion: Some(Opinion::Objects),
        answered_on: Some(FILED),
        answer: of("与我不和"),
        judgement: of("的弟弟没有讲明损害"),
    };
    act!(world, officer, FILED, requests::record_opinion(&number, &opinion));
    let told = (of("家的补助金额"), of("的邻居也要监督"));
    act!(
        world,
        officer,
        FILED,
        requests::notice_override(&number, &opinion.consultation_id, &told.0, &told.1)
    );
    act!(world, officer, FILED, requests::propose_extension(&number, &of("家的案卷在库房"), Some(20)));
    act!(world, head, FILED, requests::approve_extension(&number));
    number
}

/// What goes out with it: one file redacted, one as it is.
async fn enclosed(world: &World<'_>, files: &FileStore, number: &str) {
    let officer = &world.office.officer;
    let original = prepared(files, &of("审批表.pdf"), OFFICE).await;
    let id = act!(world, officer, ANSWERED, enclosures::add(number, &original));
    let mut given = evidence::tests::png();
    given.extend("何小舟家的房屋照片".as_bytes());
    let as_is = prepared(files, &of("家.png"), &given).await;
    act!(world, officer, ANSWERED, enclosures::add(number, &as_is));

    let workshop = Workshop::new(|| None);
    let mut tx = world.tx(officer, ANSWERED).await;
    let target =
        redaction::actions::target(tx.conn(), officer, redaction::Subject::Enclosure, &id).await.unwrap();
    let bytes = files.bytes(&target.sha256).await.unwrap();
    let pages = workshop.count(Kind::Pdf, bytes.clone()).await.unwrap();
    let draft = redaction::actions::begin(&mut tx, officer, &target, pages).await.unwrap();
    let area = Area { page: 1, left: 1_000, top: 500, right: 3_000, bottom: 800 };
    let marked = [Marked { area, ground: Ground::PersonalPrivacy }];
    redaction::actions::save(&mut tx, officer, &draft, 1, &marked).await.unwrap();
    let now = redaction::by_id(tx.conn(), &draft).await.unwrap().unwrap();
    let done = workshop.burn(Kind::Pdf, bytes, now.areas()).await.unwrap();
    let result = prepared(files, &now.usual_name(), &done.bytes).await;
    redaction::actions::apply(&mut tx, officer, &draft, now.version, &result, done.checks).await.unwrap();
    tx.commit().await.unwrap();
}

fn in_parts() -> Answer {
    let portion = |asked: &str, decision: Decision| {
        let Answer { reason, parts, .. } = answer(decision);
        let parts = parts.into_iter().map(|(part, text)| (part, of(&text))).collect();
        Portion { asked: of(asked), decision, reason: of(&reason), parts, path: path(decision, Scope::Part) }
    };
    Answer {
        decision: Decision::PartlyWithheld,
        ground: None,
        reason: String::new(),
        parts: Vec::new(),
        portions: vec![
            portion("家的审批表", Decision::Provided),
            portion("邻居的收入", Decision::PersonalPrivacy),
        ],
        path: Vec::new(),
    }
}

/// Decided part by part, signed, sealed, issued, delivered; complained about, taken to reconsideration, archived.
async fn archived(world: &World<'_>, files: &FileStore, number: &str) {
    let (officer, leader) = (&world.office.officer, &world.office.leader);
    world.decide(number, ANSWERED, &in_parts()).await.unwrap();
    let reply = world.dossier(number).await.reply().unwrap().clone();
    let mut tx = world.tx(leader, ANSWERED).await;
    let review_id = reply.review_id.as_deref().unwrap();
    crate::review::actions::sign(&mut tx, leader, review_id, None, &of("的答复同意发出")).await.unwrap();
    tx.commit().await.unwrap();
    let mut stamped = evidence::tests::png();
    stamped.extend("盖章答复何小舟".as_bytes());
    let stamped = files.keep(&of("答复书（盖章）.png"), &stamped).await.unwrap();
    act!(world, officer, ANSWERED, seals::add(number, &reply.id, &stamped));
    act!(world, officer, ANSWERED, requests::issue_reply(number, Some(DeliveryWay::InPerson)));
    act!(world, officer, ANSWERED, requests::record_delivery(number, Some(ANSWERED), &of("当面签收")));
    act!(world, officer, ANSWERED, privacy::view(number, Some(Purpose::Remedy), &of("要求核对地址")));

    let about = grievances::Statement {
        agency_code: "QH".into(),
        kind: Some(GrievanceKind::Complaint),
        about: of("的申请"),
        request_number: number.to_owned(),
        person_name: NAME.into(),
        contact: "0990-6600123".into(),
        statement: of("认为答复太慢"),
        evidence: of("的回执"),
        received_on: Some(ANSWERED),
    };
    let complaint = act!(world, officer, ANSWERED, grievances::register(&about));
    let ending = grievances::Ending {
        outcome: Some(GrievanceOutcome::NotUpheld),
        words: of("的申请在期限内答复"),
        ..grievances::Ending::default()
    };
    act!(world, officer, ANSWERED, grievances::conclude(&complaint.id, &ending));
    let case = remedies::CaseForm {
        request_number: number.to_owned(),
        kind: Some(RemedyKind::Reconsideration),
        case_number: "青禾复〔2026〕1号".into(),
        body: "青禾区人民政府".into(),
        accepted_on: Some(ANSWERED),
        note: of("不服部分公开"),
    };
    let case = act!(world, officer, ANSWERED, remedies::register(&world.office.agency.id, &case));
    let ending = remedies::Ending {
        result: Some(RemedyResult::Corrected),
        concluded_on: Some(ANSWERED),
        note: of("一案纠正"),
        demanded: of("的申请重新答复"),
        demanded_until: None,
    };
    act!(world, officer, ANSWERED, remedies::conclude(&case, &ending));
    act!(world, officer, ANSWERED, remedies::carry_out(&case, Some(ANSWERED), &of("已收到新的答复")));
    act!(world, officer, ANSWERED, requests::archive(number));
}

/// The figures of a year, as the report takes them.
async fn figures(world: &World<'_>, day: Date) -> gongkai_report::model::Report {
    let mut conn = world.db.read().await.unwrap();
    reporting::gather_now(&mut conn, &world.office.agency, 2026, day).await.unwrap().unwrap().report()
}

#[tokio::test]
async fn nothing_of_the_applicant_is_left_after_destruction_and_every_figure_stays() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let (officer, head, leader) =
            (&world.office.officer, &world.office.section_head, &world.office.leader);
        let agency = world.office.agency.id.as_str();
        let files = test.files();
        let number = in_progress(&world, &files).await;
        enclosed(&world, &files, &number).await;
        archived(&world, &files, &number).await;
        let mut tx = world.tx(officer, date(2027, 1, 5)).await;
        reporting::actions::freeze_all(&mut tx, 2026).await.unwrap();
        tx.commit().await.unwrap();
        let shop = crate::jobs::Workshop {
            db: test.db.clone(),
            post_office: None,
            accounts: None,
            outgoing: Default::default(),
        };
        crate::jobs::run_due(&shop, crate::time::start_of_day(date(2027, 1, 6))).await.unwrap();

        // While it is kept: sealed is what identifies; the chain, which nothing is ever taken out of, names nobody.
        let before = crate::privacy::tests::dump(&test).await;
        for secret in SECRETS {
            assert!(!before.contains(secret), "{secret} in the open on {}", test.db.engine().name());
        }
        let mut conn = test.db.read().await.unwrap();
        let links = crate::audit::newest(&mut conn, None, None, 10_000).await.unwrap();
        for link in &links {
            assert!(!link.detail.contains(NAME), "{} {}: {}", link.room, link.act, link.detail);
        }
        let snapshots: Vec<String> =
            sqlx::query_scalar("SELECT body FROM report_snapshots").fetch_all(&mut *conn).await.unwrap();
        assert!(snapshots.len() == 1 && snapshots[0].contains(&number) && !snapshots[0].contains(NAME));
        let letters: Vec<String> =
            sqlx::query_scalar("SELECT body_html FROM letters").fetch_all(&mut *conn).await.unwrap();
        assert!(letters.len() >= 8 && letters.iter().all(|text| hex::decode(text).is_ok()), "sealed");
        drop(conn);
        let kept = world.dossier(&number).await;
        let texts: String = kept.letters.iter().map(|letter| world.text(letter)).collect();
        assert!(texts.contains(NAME) && texts.contains("第2部分"), "and opened for who reads them");
        let hashes: Vec<_> = kept.letters.iter().map(|one| one.content_hash.clone()).collect();
        let day = date(2039, 1, 4);
        let counted = figures(&world, day).await;

        // Handed over, listed, approved by two others.
        let mut tx = world.tx(officer, date(2027, 2, 1)).await;
        let papers = retention::papers(&mut tx, &files, officer, agency, 2026).await.unwrap();
        let sha = "0".repeat(64);
        let transfer =
            retention::record_transfer(&mut tx, officer, agency, 2026, &papers, &sha).await.unwrap();
        let (got, at) = ("青档接〔2027〕1号", Some(date(2027, 2, 1)));
        retention::record_accession(&mut tx, officer, &transfer.id, got, at, "青禾区档案馆").await.unwrap();
        tx.commit().await.unwrap();
        let list = act!(world, officer, day, retention::propose(agency, "期满"));
        let by_hand = [
            "UPDATE sign_offs SET opinion = ''",
            "UPDATE enclosures SET name = ''",
            "UPDATE redactions SET name = '', result_name = ''",
            "UPDATE grievances SET about = '', person_name = '', statement = '', evidence = '', outcome_words = '', \
             referred_to = ''",
        ];
        for sql in by_hand {
            let mut tx = world.tx(officer, day).await;
            let refused = sqlx::query(sql).execute(tx.conn()).await.unwrap_err();
            assert!(refused_by_gate(&refused).is_some(), "not approved yet: {sql}");
        }
        act!(world, head, day, retention::approve(&list.id));
        act!(world, leader, day, retention::approve(&list.id));
        for sql in [
            "UPDATE sign_offs SET opinion = '', verdict = 'returned'",
            "UPDATE sign_offs SET opinion = '不同意'",
            "UPDATE enclosures SET name = '', position = 9",
            "UPDATE redactions SET name = '', result_name = '', areas = '[]'",
            "UPDATE grievances SET outcome_words = '另说'",
            "UPDATE letters SET body_html = '' WHERE kind = 'reply'",
            "INSERT INTO destruction_items (list_id, request_id, files) SELECT list_id, 'x', 0 FROM destruction_items",
            "DELETE FROM destruction_items",
        ] {
            let mut tx = world.tx(officer, day).await;
            let refused = sqlx::query(sql).execute(tx.conn()).await.unwrap_err();
            assert!(refused_by_gate(&refused).is_some(), "approved is blanking, nothing else: {sql}");
        }
        let mut tx = world.tx(officer, day).await;
        let removed = retention::carry_out(&mut tx, &files, officer, &list.id).await.unwrap();
        tx.commit().await.unwrap();
        // The card; the form as it came and as it was burned, the photo, the sealed letter.
        assert!(removed >= 5, "{removed}");
        test.db.forget_overwritten().await.unwrap();

        let after =
            crate::privacy::tests::dump(&test).await + &bytes_under(&test.folder.path().join("files"));
        assert!(after.contains(&number) && after.contains(&list.number), "the dump holds what stays");
        for gone in SECRETS.iter().copied().chain([NAME]) {
            let at = after.find(gone);
            let around = at.map(|at| {
                String::from_utf8_lossy(&after.as_bytes()[at.saturating_sub(300)..at + 60]).into_owned()
            });
            assert_eq!(around, None, "{gone} is left on {}", test.db.engine().name());
        }
        let kept = world.dossier(&number).await;
        let still: Vec<_> = kept.letters.iter().map(|one| one.content_hash.clone()).collect();
        assert_eq!(still, hashes, "which letters there were, and their hashes");
        assert!(kept.letters.iter().all(|letter| world.text(letter).contains("已按销毁清册销毁")));
        assert_eq!(kept.request.answer.as_ref().unwrap().decision, Decision::PartlyWithheld);
        assert_eq!((kept.request.received_on, kept.request.closed_on), (Some(FILED), Some(ANSWERED)));
        assert!(kept.request.description.contains("已按规定销毁"));
        similar(&mut test.db.read().await.unwrap(), &kept.request).await.unwrap();
        assert_eq!(figures(&world, day).await, counted, "the report counts as before");
    }
}

#[tokio::test]
async fn a_file_that_others_still_need_is_not_destroyed() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let officer = &world.office.officer;
        let files = test.files();
        let one = world.received(FILED, FILED).await;
        let other = world.received(FILED, FILED).await;
        let shared = prepared(&files, "名单.png", &evidence::tests::png()).await;
        act!(world, officer, FILED, enclosures::add(&one, &shared));
        act!(world, officer, FILED, enclosures::add(&other, &shared));
        let id = |number: &str| {
            let (world, number) = (&world, number.to_owned());
            async move { world.dossier(&number).await.request.id }
        };
        let mut tx = world.tx(officer, FILED).await;
        super::erase(&mut tx, &files, &id(&one).await).await.unwrap();
        assert!(files.has(&shared.file.sha256).await.unwrap(), "the other request gives it out too");
        super::erase(&mut tx, &files, &id(&other).await).await.unwrap();
        assert!(!files.has(&shared.file.sha256).await.unwrap(), "the last one takes it along");
    }
}
