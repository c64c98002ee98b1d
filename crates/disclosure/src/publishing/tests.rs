//! The life of an entry, on both engines. What the database itself refuses is in `gate_tests.rs`.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::actions::{attach, detach, draft_entry, release_if_signed, revise, save_draft, submit, withdraw};
use super::desk::{self, DeskFilter, Tab};
use super::public::{self, Filter, Found, Page};
use super::verify::{self, Difference};
use super::{Draft, EditionEvent, EditionState, PublishingRefusal, content_hash, store};
use crate::accounts::AgencyKind;
use crate::audit::{Act, Actor};
use crate::db::{Engine, testing};
use crate::error::{Failure, Result};
use crate::files::FileStore;
use crate::review::actions::{return_for_revision, withdraw_from_review};
use crate::review::{ReviewRefusal, Signed};
use crate::testing::{catalogue_line, complete_draft, drafted, monday, office, signed_by_all, submitted};

fn reasons<T: std::fmt::Debug>(result: Result<T, PublishingRefusal>) -> Vec<PublishingRefusal> {
    match result {
        Err(Failure::Refused(reasons)) => reasons,
        other => panic!("expected refusals, got {other:?}"),
    }
}

#[tokio::test]
async fn from_draft_to_portal_to_tombstone() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let (draft, review) = submitted(db, &office, &complete_draft("医保缴费通知")).await;
        {
            let mut conn = db.read().await.unwrap();
            assert_eq!(public::newest(&mut conn, 10).await.unwrap(), []);
            assert_eq!(public::find(&mut conn, "SX", "2026-00001").await.unwrap(), None);
            assert_eq!(public::by_id(&mut conn, &draft.entry_id).await.unwrap(), None);
        }
        let Signed::Released(released) = signed_by_all(db, &office, &review).await else {
            panic!("not released")
        };
        assert_eq!((released.index_number.as_str(), &released.entry_id), ("SX/2026-00001", &draft.entry_id));

        let mut conn = db.read().await.unwrap();
        let Some(Found::Entry(entry)) = public::find(&mut conn, "SX", "2026-00001").await.unwrap() else {
            panic!("not public")
        };
        assert_eq!(entry.title, "医保缴费通知");
        assert_eq!(entry.first_released_on, "2026-11-02");
        assert!(entry.body_html.starts_with("<p>各村（居）民：</p>"));
        let editions = public::editions(&mut conn, &entry.id).await.unwrap();
        assert_eq!((editions.len(), editions[0].sign_offs), (1, 3));
        let listing = public::list(&mut conn, &Filter::default(), Page::new(1, 10)).await.unwrap();
        assert_eq!((listing.total, listing.lines.len()), (1, 1));
        assert_eq!(listing.years[0].value, "2026");
        let other_year = Filter { year: "2025".into(), ..Filter::default() };
        let listing = public::list(&mut conn, &other_year, Page::new(1, 10)).await.unwrap();
        assert_eq!((listing.total, listing.years.len()), (0, 1), "the facet of the year ignores the year");
        assert_eq!(public::counts(&mut conn, 2026).await.unwrap().this_year, 1);
        drop(conn);

        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        assert_eq!(
            reasons(withdraw(&mut tx, &office.officer, &draft.entry_id, "", " ").await).len(),
            2,
            "reason class and words"
        );
        assert_eq!(
            reasons(withdraw(&mut tx, &office.leader, &draft.entry_id, "mistaken", "金额有误").await),
            [PublishingRefusal::Forbidden]
        );
        withdraw(&mut tx, &office.officer, &draft.entry_id, "mistaken", "缴费标准有误，更正后重新发布。")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let found = public::find(&mut conn, "SX", "2026-00001").await.unwrap();
        assert!(matches!(found, Some(Found::Withdrawn(gone)) if gone.withdrawal_class == "mistaken"));
        assert_eq!(public::editions(&mut conn, &draft.entry_id).await.unwrap(), []);
        assert_eq!(public::newest(&mut conn, 10).await.unwrap(), []);
    }
}

#[tokio::test]
async fn everything_that_is_missing_is_said_at_once_and_a_draft_may_be_incomplete() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let draft = drafted(db, &office, &Draft { title: "只有标题".into(), ..Draft::default() }).await;
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let missing = reasons(submit(&mut tx, &office.officer, &draft.edition_id, 1).await);
        let fields: Vec<_> = missing.iter().filter_map(crate::error::Refusal::field).collect();
        assert_eq!(fields, ["summary", "source", "body", "genre", "disclosure_class", "made_on"]);

        let nonsense = Draft {
            title: " ".into(),
            genre: "poem".into(),
            made_on: "2026-02-30".into(),
            summary: "长".repeat(501),
            ..Draft::default()
        };
        let wrong = reasons(save_draft(&mut tx, &office.officer, &draft.edition_id, 1, &nonsense).await);
        assert_eq!(wrong.len(), 4, "{wrong:?}");
        let term = Draft {
            theme: "poetry".into(),
            effective_on: "2026-12-01".into(),
            expires_on: "2026-11-30".into(),
            ..complete_draft("办法")
        };
        let wrong = reasons(save_draft(&mut tx, &office.officer, &draft.edition_id, 1, &term).await);
        assert_eq!(
            wrong,
            [
                PublishingRefusal::NotInList { field: "theme", label: "主题分类" },
                PublishingRefusal::TermReversed
            ]
        );

        let document = Draft {
            genre: "normative_document".into(),
            disclosure_class: "on_request".into(),
            made_on: "2026-11-03".into(),
            ..complete_draft("办法")
        };
        save_draft(&mut tx, &office.officer, &draft.edition_id, 1, &document).await.unwrap();
        let missing = reasons(submit(&mut tx, &office.officer, &draft.edition_id, 2).await);
        let fields: Vec<_> = missing.iter().filter_map(crate::error::Refusal::field).collect();
        assert_eq!(fields, ["class_reason", "made_on", "validity", "document_number"]);
        assert_eq!(
            reasons(draft_entry(&mut tx, &office.officer, "no-line", &Draft::default()).await).len(),
            2,
            "no line and no title"
        );
        let line = catalogue_line(&mut tx, &office.agency.id).await;
        assert_eq!(
            reasons(draft_entry(&mut tx, &office.leader, &line, &complete_draft("x")).await),
            [PublishingRefusal::Forbidden]
        );
    }
}

#[tokio::test]
async fn the_second_of_two_writers_is_told_and_overwrites_nothing() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let draft = drafted(db, &office, &complete_draft("第一稿")).await;
        let mut tx = db.begin(&office.other_officer.actor(), monday()).await.unwrap();
        save_draft(&mut tx, &office.other_officer, &draft.edition_id, 1, &complete_draft("同事的稿"))
            .await
            .unwrap();
        tx.acting_as(&office.officer.actor(), monday() + SignedDuration::from_mins(1));
        let late = complete_draft("我的稿");
        let told = reasons(save_draft(&mut tx, &office.officer, &draft.edition_id, 1, &late).await);
        assert!(
            matches!(&told[..], [PublishingRefusal::ChangedMeanwhile { by, at }] if by.starts_with("政务公开专干") && at == "2026-11-02 09:00"),
            "{told:?}"
        );
        assert!(matches!(
            &reasons(submit(&mut tx, &office.officer, &draft.edition_id, 1).await)[..],
            [PublishingRefusal::ChangedMeanwhile { .. }]
        ));
        tx.commit().await.unwrap();
        let edition =
            store::edition(&mut db.read().await.unwrap(), &draft.edition_id).await.unwrap().unwrap();
        assert_eq!((edition.title.as_str(), edition.version), ("同事的稿", 2));
    }
}

#[tokio::test]
async fn who_wrote_a_word_of_it_does_not_sign_it() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let draft = drafted(db, &office, &complete_draft("第一稿")).await;
        let mut tx = db.begin(&office.section_head.actor(), monday()).await.unwrap();
        save_draft(&mut tx, &office.section_head, &draft.edition_id, 1, &complete_draft("改一字"))
            .await
            .unwrap();
        let refused = reasons(submit(&mut tx, &office.officer, &draft.edition_id, 2).await);
        assert!(
            matches!(&refused[..], [PublishingRefusal::Review(ReviewRefusal::NobodyForStage { .. })]),
            "the only section head wrote at it: {refused:?}"
        );
    }
}

#[tokio::test]
async fn a_revision_leaves_the_live_edition_in_place_until_it_is_signed() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let folder = tempfile::tempdir().unwrap();
        let files = FileStore::in_folder(folder.path(), 10_000).unwrap();
        let draft = drafted(db, &office, &complete_draft("第一版")).await;
        let file = files.keep("名单.txt", b"a list").await.unwrap();
        let file = files.prepare(file).await.unwrap();
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let attachment = attach(&mut tx, &office.officer, &draft.edition_id, &file).await.unwrap();
        assert_eq!(
            reasons(attach(&mut tx, &office.officer, &draft.edition_id, &file).await),
            [PublishingRefusal::AttachmentNameTaken("名单.txt".into())]
        );
        let review = submit(&mut tx, &office.officer, &draft.edition_id, 1).await.unwrap();
        assert!(matches!(
            &reasons(detach(&mut tx, &office.officer, &attachment).await)[..],
            [PublishingRefusal::NotInThisState { state: EditionState::InReview, .. }]
        ));
        assert_eq!(
            reasons(revise(&mut tx, &office.officer, &draft.entry_id).await),
            [PublishingRefusal::AlreadyBeingRevised]
        );
        tx.commit().await.unwrap();
        signed_by_all(db, &office, &review).await;

        let later = monday() + SignedDuration::from_hours(24);
        let mut tx = db.begin(&office.officer.actor(), later).await.unwrap();
        let second = revise(&mut tx, &office.officer, &draft.entry_id).await.unwrap();
        assert!(matches!(
            &reasons(submit(&mut tx, &office.officer, &second.edition_id, 1).await)[..],
            [PublishingRefusal::Blank { field: "change_note", .. }]
        ));
        let changed = Draft { change_note: "补充缴费地点".into(), ..complete_draft("第二版") };
        save_draft(&mut tx, &office.officer, &second.edition_id, 1, &changed).await.unwrap();
        let review = submit(&mut tx, &office.officer, &second.edition_id, 2).await.unwrap();
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let entry = public::by_id(&mut conn, &draft.entry_id).await.unwrap().unwrap();
        assert_eq!(entry.title, "第一版");
        let listed = public::attachments(&mut conn, &draft.entry_id).await.unwrap();
        assert_eq!((listed.len(), listed[0].id.as_str()), (1, attachment.as_str()));
        drop(conn);

        let mut tx = db.begin(&office.leader.actor(), later).await.unwrap();
        for staff in [&office.section_head, &office.confidentiality_officer, &office.leader] {
            tx.acting_as(&staff.actor(), later);
            let answers = crate::testing::clean_checklist();
            crate::review::actions::sign(&mut tx, staff, &review, Some(&answers), "").await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let Some(Found::Entry(entry)) = public::find(&mut conn, "SX", "2026-00001").await.unwrap() else {
            panic!("the index number stays")
        };
        assert_eq!((entry.title.as_str(), entry.ordinal), ("第二版", 2));
        assert_eq!(entry.first_released_on, "2026-11-02");
        assert_eq!(public::editions(&mut conn, &entry.id).await.unwrap().len(), 2);
        // The first edition's attachment went with it; the second carries its own.
        assert_eq!(public::attachment(&mut conn, &attachment).await.unwrap(), None);
        assert_eq!(public::attachments(&mut conn, &entry.id).await.unwrap().len(), 1);
        let desk = desk::entry(&mut conn, &office.officer, &draft.entry_id).await.unwrap().unwrap();
        let states: Vec<_> = desk.editions.iter().map(|e| e.edition.state.as_str()).collect();
        assert_eq!(states, ["released", "superseded"]);
        assert_eq!(desk.live().unwrap().edition.ordinal, 2);
    }
}

#[tokio::test]
async fn what_is_not_for_everyone_is_signed_and_stays_inside() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let inner = Draft {
            disclosure_class: "not_disclosed".into(),
            class_reason: "内部事务信息，《条例》第十六条第一款".into(),
            ..complete_draft("值班安排")
        };
        let (draft, review) = submitted(db, &office, &inner).await;
        assert_eq!(signed_by_all(db, &office, &review).await, Signed::Closed);
        let mut tx = db.begin(&office.leader.actor(), monday()).await.unwrap();
        assert_eq!(release_if_signed(&mut tx, &draft.edition_id).await.unwrap(), None);
        assert_eq!(public::by_id(tx.conn(), &draft.entry_id).await.unwrap(), None);
        let filter =
            DeskFilter { agency_id: office.agency.id.clone(), tab: Tab::Signed, ..DeskFilter::default() };
        let list = desk::list(tx.conn(), &office.leader, &filter, Page::new(1, 10)).await.unwrap();
        assert_eq!((list.total, list.count(Tab::All), list.count(Tab::Public)), (1, 1, 0));
        assert_eq!(
            reasons(withdraw(&mut tx, &office.officer, &draft.entry_id, "mistaken", "x").await),
            [PublishingRefusal::NotReleased]
        );
    }
}

#[tokio::test]
async fn lists_count_by_tab_search_titles_and_show_nothing_to_others() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        drafted(db, &office, &complete_draft("100%_达标")).await;
        let (returned, review) = submitted(db, &office, &complete_draft("防汛预案")).await;
        let mut tx = db.begin(&office.section_head.actor(), monday()).await.unwrap();
        return_for_revision(&mut tx, &office.section_head, &review, "缺附件").await.unwrap();
        tx.commit().await.unwrap();
        let (_, review) = submitted(db, &office, &complete_draft("防汛值班")).await;
        signed_by_all(db, &office, &review).await;

        let mut conn = db.read().await.unwrap();
        let all = DeskFilter { agency_id: office.agency.id.clone(), ..DeskFilter::default() };
        let page = Page::new(1, 2);
        let list = desk::list(&mut conn, &office.officer, &all, page).await.unwrap();
        assert_eq!((list.total, list.lines.len()), (3, 2));
        let counts: Vec<_> = Tab::ALL.iter().map(|tab| list.count(*tab)).collect();
        assert_eq!(counts, [3, 1, 0, 1, 0, 1, 0]);
        for (text, found) in [("防汛", 2), ("100%_", 1), ("%", 1), ("sx/2026", 1), ("没有", 0)] {
            let filter = DeskFilter { text: text.into(), ..all.clone() };
            let list = desk::list(&mut conn, &office.officer, &filter, page).await.unwrap();
            assert_eq!(list.total, found, "{text}");
        }
        let mine = desk::returned_drafts(&mut conn, &office.officer).await.unwrap();
        assert_eq!(mine.len(), 1);
        assert_eq!(mine[0].entry_id, returned.entry_id);
        let stranger = &office.oversight_officer;
        assert_eq!(desk::list(&mut conn, stranger, &all, page).await.unwrap().total, 0);
        assert_eq!(desk::entry(&mut conn, stranger, &returned.entry_id).await.unwrap(), None);
        assert!(desk::edition_for(&mut conn, stranger, &returned.edition_id).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_body_altered_behind_the_programs_back_is_not_released() {
    // The triggers refuse this too; here they are taken away to show that the program looks for itself.
    let test = testing::sqlite().await;
    let db = &test.db;
    let office = office(db, "SX", AgencyKind::Town).await;
    let (draft, review) = submitted(db, &office, &complete_draft("通知")).await;
    let mut tx = db.begin(&office.leader.actor(), monday()).await.unwrap();
    for sql in ["DROP TRIGGER editions_content_frozen", "UPDATE editions SET body_html = '<p>别的内容</p>'"]
    {
        sqlx::query(sql).execute(tx.conn()).await.unwrap();
    }
    for staff in [&office.section_head, &office.confidentiality_officer] {
        let answers = crate::testing::clean_checklist();
        crate::review::actions::sign(&mut tx, staff, &review, Some(&answers), "").await.unwrap();
    }
    let last = crate::review::actions::sign(&mut tx, &office.leader, &review, None, "").await;
    assert!(
        matches!(&last, Err(Failure::Refused(r)) if matches!(&r[..], [ReviewRefusal::NotReleased(_)])),
        "{last:?}"
    );
    assert_eq!(public::by_id(tx.conn(), &draft.entry_id).await.unwrap(), None);
}

#[tokio::test]
async fn index_numbers_are_given_in_order_and_restart_with_the_year() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let (_, first) = submitted(db, &office, &complete_draft("一")).await;
        let (_, second) = submitted(db, &office, &complete_draft("二")).await;
        let mut tx = db.begin(&office.leader.actor(), monday()).await.unwrap();
        let mut numbers = Vec::new();
        // 2026-12-31 23:30 and 2027-01-01 00:30 in China are both still 2026 in UTC.
        for (review, at) in [(second, "2026-12-31T15:30:00Z"), (first, "2026-12-31T16:30:00Z")] {
            for staff in [&office.section_head, &office.confidentiality_officer, &office.leader] {
                tx.acting_as(&staff.actor(), at.parse().unwrap());
                let answers = crate::testing::clean_checklist();
                let signed =
                    crate::review::actions::sign(&mut tx, staff, &review, Some(&answers), "").await.unwrap();
                if let Signed::Released(released) = signed {
                    numbers.push(released.index_number);
                }
            }
        }
        assert_eq!(numbers, ["SX/2026-00001", "SX/2027-00001"]);
    }
}

/// What may be done to an entry, in any order.
#[derive(Clone, Copy, Debug)]
enum Step {
    Save,
    Submit,
    SignNext,
    Return,
    TakeBack,
    Revise,
    Withdraw,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Save),
        3 => Just(Step::Submit),
        5 => Just(Step::SignNext),
        1 => Just(Step::Return),
        1 => Just(Step::TakeBack),
        2 => Just(Step::Revise),
        1 => Just(Step::Withdraw),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever is tried in whatever order: what the public reads has three signatures over its very hash,
    /// and the steps that were refused changed nothing.
    #[test]
    fn nothing_is_public_that_was_not_signed(steps in proptest::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(walk(steps));
    }
}

async fn walk(steps: Vec<Step>) {
    let test = testing::sqlite().await;
    let db = &test.db;
    let office = office(db, "SX", AgencyKind::Town).await;
    let draft = drafted(db, &office, &complete_draft("起")).await;
    let entry_id = &draft.entry_id;
    let mut at = monday();
    for (n, step) in steps.into_iter().enumerate() {
        at += SignedDuration::from_mins(7);
        let mut tx = db.begin(&office.officer.actor(), at).await.unwrap();
        let newest = store::newest_edition(tx.conn(), entry_id).await.unwrap().unwrap();
        let reviews =
            crate::review::of_subject(tx.conn(), &crate::review::Subject::Edition(newest.id.clone()))
                .await
                .unwrap();
        let review = reviews.first().map_or_else(String::new, |r| r.id.clone());
        let turn = reviews.first().and_then(|r| r.current().cloned());
        let officer = &office.officer;
        let signer = [&office.section_head, &office.confidentiality_officer, &office.leader]
            [turn.map_or(n % 3, |stage| usize::try_from(stage.stage - 1).unwrap())];
        let answers = crate::testing::clean_checklist();
        let done = match step {
            Step::Save => {
                let edit = Draft { change_note: "改".into(), ..complete_draft(&format!("第{n}稿")) };
                save_draft(&mut tx, officer, &newest.id, newest.version, &edit).await.is_ok()
            }
            Step::Submit => submit(&mut tx, officer, &newest.id, newest.version).await.is_ok(),
            Step::SignNext => {
                tx.acting_as(&signer.actor(), at);
                crate::review::actions::sign(&mut tx, signer, &review, Some(&answers), "").await.is_ok()
            }
            Step::Return => {
                tx.acting_as(&signer.actor(), at);
                return_for_revision(&mut tx, signer, &review, "再改").await.is_ok()
            }
            Step::TakeBack => withdraw_from_review(&mut tx, officer, &review).await.is_ok(),
            Step::Revise => revise(&mut tx, officer, entry_id).await.is_ok(),
            Step::Withdraw => withdraw(&mut tx, officer, entry_id, "mistaken", "有误").await.is_ok(),
        };
        if done {
            tx.commit().await.unwrap();
        } else {
            drop(tx);
        }
        let mut conn = db.read().await.unwrap();
        if let Some(public) = public::by_id(&mut conn, entry_id).await.unwrap() {
            let edition = store::edition(&mut conn, &public.edition_id).await.unwrap().unwrap();
            assert_eq!(content_hash(&edition, &[]), public.content_hash);
            assert_eq!(edition.state, "released");
            let subject = crate::review::Subject::Edition(edition.id.clone());
            let review = crate::review::signed_review(&mut conn, &subject).await.unwrap().unwrap();
            assert_eq!(review.content_hash, public.content_hash);
            assert!(review.stages.iter().all(|s| s.sign_off.is_some()));
        }
    }
    let verdict = crate::audit::verify(&mut db.read().await.unwrap()).await.unwrap();
    assert!(matches!(verdict, crate::audit::Verdict::Whole { .. }));
}

#[test]
fn the_state_machine_leads_out_only_through_a_signature() {
    use EditionEvent as E;
    use EditionState as S;
    for state in S::ALL {
        for event in E::ALL {
            match (state.after(event), event) {
                (Ok(S::Released), _) => assert_eq!((*state, event), (S::Signed, E::Release)),
                (Ok(S::Signed), _) => assert_eq!((*state, event), (S::InReview, E::Sign)),
                (Ok(S::InReview), _) => assert_eq!(event, E::Submit),
                (Ok(next), E::Write) => assert_eq!(next, *state, "writing changes no state"),
                (Ok(_), _) => {}
                (Err(reason), _) => assert!(reason.to_string().contains("现在不能")),
            }
        }
    }
    assert!(S::ALL.iter().filter(|state| state.is_open()).eq(&[S::Drafting, S::Returned]));
}

#[tokio::test]
async fn what_was_altered_behind_the_gate_is_found() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let folder = tempfile::tempdir().unwrap();
        let files = FileStore::in_folder(folder.path(), 1_000_000).unwrap();
        for title in ["医保缴费通知", "养老服务补贴发放办法"] {
            let draft = drafted(db, &office, &complete_draft(title)).await;
            let kept = files.keep("附件.txt", title.as_bytes()).await.unwrap();
            let kept = files.prepare(kept).await.unwrap();
            let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
            attach(&mut tx, &office.officer, &draft.edition_id, &kept).await.unwrap();
            let submitted = submit(&mut tx, &office.officer, &draft.edition_id, 1).await.unwrap();
            tx.commit().await.unwrap();
            signed_by_all(db, &office, &submitted).await;
        }
        let mut conn = db.read().await.unwrap();
        let whole = verify::live_editions(&mut conn, Some(&files)).await.unwrap();
        assert_eq!((whole.editions, whole.attachments, whole.altered.len()), (2, 2, 0));
        drop(conn);

        let without_gate = match db.engine() {
            Engine::Sqlite => "DROP TRIGGER editions_content_frozen",
            Engine::Postgres => "DROP TRIGGER editions_content_frozen ON editions",
        };
        let mut tx = db.begin(&Actor::Program("test"), monday()).await.unwrap();
        for sql in [without_gate, "UPDATE editions SET summary = '另一个概述' WHERE title = '医保缴费通知'"]
        {
            sqlx::query(sql).execute(tx.conn()).await.unwrap();
        }
        tx.record(Act::new("test", "altered", "", "", serde_json::json!({})));
        tx.commit().await.unwrap();
        for file in files_in(folder.path()) {
            std::fs::write(file, "别的内容").unwrap();
        }
        let mut conn = db.read().await.unwrap();
        let found = verify::live_editions(&mut conn, Some(&files)).await.unwrap();
        let content: Vec<_> = found.altered.iter().filter(|a| a.what == Difference::Content).collect();
        assert_eq!(content.iter().map(|a| a.title.as_str()).collect::<Vec<_>>(), ["医保缴费通知"]);
        assert_eq!(found.altered.len(), 3, "both attachments too");
        assert_eq!(verify::live_editions(&mut conn, None).await.unwrap().altered.len(), 1);
    }
}

fn files_in(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_in(&path) } else { vec![path] }).collect()
}
