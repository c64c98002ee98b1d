//! The check with its exceptions, on both engines.

use super::actions::{self, TypedWord};
use super::{MarkKind, Weight, WordCheckRefusal, check};
use crate::accounts::AgencyKind;
use crate::db::testing;
use crate::error::{Failure, Result};
use crate::files::{FileStore, Passage};
use crate::publishing::actions::{attach, save_draft, submit};
use crate::publishing::{Draft, PublishingRefusal, store};
use crate::testing::{complete_draft, drafted, monday, office};

fn refusals<T: std::fmt::Debug, R: crate::error::Refusal>(result: Result<T, R>) -> Vec<R> {
    match result {
        Err(Failure::Refused(reasons)) => reasons,
        other => panic!("expected refusals, got {other:?}"),
    }
}

fn with_phone() -> Draft {
    Draft {
        body: "<p>联系人：田小满，电话<b>13800001234</b>，全年布署如下。</p>".into(),
        ..complete_draft("养老服务补贴名单")
    }
}

#[tokio::test]
async fn what_must_not_stand_holds_up_submission_until_a_second_person_agrees() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let draft = drafted(db, &office, &with_phone()).await;
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let edition = store::edition(tx.conn(), &draft.edition_id).await.unwrap().unwrap();
        let found = check(tx.conn(), &edition).await.unwrap();
        let kinds: Vec<_> = found.iter().map(|f| (f.kind, f.weight)).collect();
        assert_eq!(kinds, [(MarkKind::MobilePhone, Weight::Must), (MarkKind::WrongWord, Weight::Must)]);
        assert_eq!(found[0].places[0].part, "正文");
        assert!(!format!("{:?}", found[0].places).contains("13800001234"), "masked wherever it is shown");

        let reasons = refusals(submit(&mut tx, &office.officer, &draft.edition_id, edition.version).await);
        assert_eq!(reasons.len(), 2, "{reasons:?}");
        assert!(
            matches!(&reasons[0], PublishingRefusal::MustNotStand { shown, .. } if shown == "138****1234")
        );

        let phone = found[0].fingerprint();
        assert_eq!(
            refusals(actions::ask(&mut tx, &office.officer, &draft.edition_id, &phone, " ").await),
            [WordCheckRefusal::ReasonMissing]
        );
        actions::ask(&mut tx, &office.officer, &draft.edition_id, &phone, "公开的办公联系电话")
            .await
            .unwrap();
        assert_eq!(
            refusals(actions::ask(&mut tx, &office.officer, &draft.edition_id, &phone, "再来").await),
            [WordCheckRefusal::AlreadyAsked]
        );
        let exception = super::exceptions(tx.conn(), &draft.entry_id).await.unwrap().remove(0);
        assert_eq!(exception.shown, "138****1234");
        assert_eq!(
            refusals(actions::agree(&mut tx, &office.officer, &exception.id).await),
            [WordCheckRefusal::OwnText]
        );
        assert_eq!(
            refusals(actions::agree(&mut tx, &office.administrator, &exception.id).await),
            [WordCheckRefusal::Forbidden]
        );
        actions::agree(&mut tx, &office.section_head, &exception.id).await.unwrap();

        // The wrong word is put right with one click; the rest of the text stays as it is.
        actions::replace(&mut tx, &office.officer, &draft.edition_id, &found[1].fingerprint()).await.unwrap();
        let edition = store::edition(tx.conn(), &draft.edition_id).await.unwrap().unwrap();
        assert!(
            edition.body_html.contains("全年部署如下") && edition.body_html.contains("<b>13800001234</b>")
        );
        submit(&mut tx, &office.officer, &draft.edition_id, edition.version).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn another_number_needs_an_exception_of_its_own() {
    let test = testing::sqlite().await;
    let office = office(&test.db, "SX", AgencyKind::Town).await;
    let draft = drafted(&test.db, &office, &with_phone()).await;
    let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
    let edition = store::edition(tx.conn(), &draft.edition_id).await.unwrap().unwrap();
    let phone = check(tx.conn(), &edition).await.unwrap()[0].fingerprint();
    actions::ask(&mut tx, &office.officer, &draft.edition_id, &phone, "办公电话").await.unwrap();
    let exception = super::exceptions(tx.conn(), &draft.entry_id).await.unwrap().remove(0);
    actions::agree(&mut tx, &office.leader, &exception.id).await.unwrap();
    let other = Draft { body: "电话138 0000 1234、13800004321。".into(), ..edition.draft() };
    save_draft(&mut tx, &office.officer, &draft.edition_id, edition.version, &other).await.unwrap();
    let edition = store::edition(tx.conn(), &draft.edition_id).await.unwrap().unwrap();
    let open: Vec<_> =
        check(tx.conn(), &edition).await.unwrap().into_iter().filter(super::Found::is_open).collect();
    assert_eq!(open.len(), 1, "the same number in groups is the same number: {open:?}");
    assert_eq!(open[0].shown, "138****4321");
    // Someone who wrote at the text is no second person, whoever asked.
    actions::ask(&mut tx, &office.other_officer, &draft.edition_id, &open[0].fingerprint(), "也是办公电话")
        .await
        .unwrap();
    let all = super::exceptions(tx.conn(), &draft.entry_id).await.unwrap();
    let exception = all.into_iter().find(|exception| !exception.is_agreed()).unwrap();
    assert_eq!(
        refusals(actions::agree(&mut tx, &office.officer, &exception.id).await),
        [WordCheckRefusal::OwnText]
    );
    actions::end(&mut tx, &office.officer, &exception.id).await.unwrap();
    assert_eq!(super::exceptions(tx.conn(), &draft.entry_id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn attachments_are_read_and_what_cannot_be_is_said() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let draft = drafted(db, &office, &complete_draft("补贴名单")).await;
        let files = FileStore::in_folder(test.folder.path(), 100_000).unwrap();
        let list = files.keep("名单.txt", "姓名\t电话\n某某\t13800001234\n".as_bytes()).await.unwrap();
        let list = files.prepare(list).await.unwrap();
        assert_eq!(
            list.text.passages[1],
            Passage { place: "第 2 行".into(), text: "某某\t13800001234".into() }
        );
        let picture = files.keep("现场.png", b"\x89PNG\r\n\x1a\n\0\0\0\0IENDcrc!").await.unwrap();
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        attach(&mut tx, &office.officer, &draft.edition_id, &list).await.unwrap();
        let picture = files.prepare(picture).await.unwrap();
        attach(&mut tx, &office.officer, &draft.edition_id, &picture).await.unwrap();
        let edition = store::edition(tx.conn(), &draft.edition_id).await.unwrap().unwrap();
        let found = check(tx.conn(), &edition).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].places[0].part, "附件“名单.txt”第 2 行");
        assert!(!found[0].is_replaceable(), "a file is corrected by hand");
        let unread = super::unread_files(tx.conn(), &draft.edition_id).await.unwrap();
        assert_eq!(unread.len(), 1);
        assert_eq!(unread[0].0, "现场.png");
    }
}

#[tokio::test]
async fn an_agency_keeps_its_own_words_and_numbers_of_closed_documents_come_by_themselves() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let closed = Draft {
            document_number: "青禾测〔2026〕7号".into(),
            disclosure_class: "not_disclosed".into(),
            class_reason: "内部管理".into(),
            ..complete_draft("内部通报")
        };
        drafted(db, &office, &closed).await;
        let open = Draft {
            body: "根据青禾测[2026]7号文件，松西镇帐户如下。".into(),
            ..complete_draft("公告")
        };
        let draft = drafted(db, &office, &open).await;
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let word = |word: &str, instead: &str, weight: &str| TypedWord {
            kind: "wrong_word".into(),
            word: word.into(),
            instead: instead.into(),
            weight: weight.into(),
            why: String::new(),
        };
        let wrong = [word("", "", "must"), word("松西镇", "松溪镇", "sometimes")];
        assert_eq!(
            refusals(actions::put_words(&mut tx, &office.officer, &office.agency.id, &wrong).await).len(),
            2,
            "each row by its number, and nothing of it is kept"
        );
        let words = [word("松西镇", "松溪镇", "hint"), word("帐户", "账户", "off")];
        actions::put_words(&mut tx, &office.officer, &office.agency.id, &words).await.unwrap();
        let edition = store::edition(tx.conn(), &draft.edition_id).await.unwrap().unwrap();
        let found = check(tx.conn(), &edition).await.unwrap();
        let told: Vec<_> = found.iter().map(|f| (f.kind, f.quote.as_str(), f.weight)).collect();
        assert_eq!(
            told,
            [
                (MarkKind::NonPublicDocument, "青禾测[2026]7号", Weight::Must),
                (MarkKind::WrongWord, "松西镇", Weight::Hint)
            ]
        );
        actions::remove_word(&mut tx, &office.officer, &office.agency.id, "帐户").await.unwrap();
        assert_eq!(check(tx.conn(), &edition).await.unwrap().len(), 3, "the starting word counts again");
    }
}
