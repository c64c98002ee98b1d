//! The portal as files: the same pages, brought up to date, and of what is withdrawn nothing but its reason.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;

use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::db::testing::{TestDb, databases};
use gongkai_disclosure::files::FileStore;
use gongkai_disclosure::publishing::actions::{attach, revise, save_draft, submit, withdraw};
use gongkai_disclosure::publishing::public;
use gongkai_disclosure::registers::actions::pair;
use gongkai_disclosure::testing::{
    Office, complete_draft, drafted, monday, office, signed_by_all, submitted,
};
use gongkai_web::page::Contact;
use gongkai_web::static_site::{Asked, Copy, Order, export, prove};
use gongkai_web::{App, Clock, Site, Stores};

fn app(test: &TestDb) -> App {
    let about = Site {
        name: "青禾区政府信息公开".into(),
        organisation: "青禾区人民政府办公室".into(),
        contact: Contact::default(),
        secure_cookies: false,
    };
    let stores = Stores::in_folder(test.folder.path(), 1_000_000).unwrap();
    App::new(test.db.clone(), stores, about, Clock::new(monday), "static-test")
}

/// Publishes an entry with a file; returns its id and index number.
async fn published(test: &TestDb, office: &Office, title: &str, file: &[u8]) -> (String, String) {
    let files = FileStore::in_folder(&test.folder.path().join("files"), 1_000_000).unwrap();
    let drafted = drafted(&test.db, office, &complete_draft(title)).await;
    let stored = files.keep("缴费 说明.txt", file).await.unwrap();
    let prepared = files.prepare(stored).await.unwrap();
    let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
    attach(&mut tx, &office.officer, &drafted.edition_id, &prepared).await.unwrap();
    let review = submit(&mut tx, &office.officer, &drafted.edition_id, 1).await.unwrap();
    tx.commit().await.unwrap();
    signed_by_all(&test.db, office, &review).await;
    let mut conn = test.db.read().await.unwrap();
    let entry = public::by_id(&mut conn, &drafted.entry_id).await.unwrap().unwrap();
    (drafted.entry_id, entry.index_number)
}

fn text(folder: &Path, file: &str) -> String {
    std::fs::read_to_string(folder.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

fn holding(folder: &Path, words: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, words));
        } else if String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains(words) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[tokio::test]
async fn a_copy_follows_the_ledger_and_keeps_nothing_that_was_withdrawn() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let app = app(&test);
        let (first, number) = published(&test, &office, "医保缴费通知", b"one and only text").await;
        assert_eq!(number, "songxi/2026-00001");
        let (second, _) = published(&test, &office, "养老认证通知", b"another text").await;
        let home = test.folder.path().join("copy");
        let order = Order {
            folder: home.clone(),
            online: "https://gk.example".into(),
            address: "https://static.example".into(),
            anew: false,
        };
        let whole = export(&app, &order).await.unwrap();
        assert!(whole.is_whole && whole.removed == 0, "{whole:?}");
        let page = text(&home, "entries/songxi/2026-00001/index.html");
        assert!(
            page.contains("医保缴费通知") && page.contains("action=\"https://gk.example/search\""),
            "{page}"
        );
        let link =
            page.split("href=\"/entries/songxi/2026-00001/files/").nth(1).unwrap().split('"').next().unwrap();
        let (id, name) = link.split_once('/').unwrap();
        assert_eq!(name, "%E7%BC%B4%E8%B4%B9%20%E8%AF%B4%E6%98%8E.txt");
        let file = format!("entries/songxi/2026-00001/files/{id}/缴费 说明.txt");
        assert_eq!(text(&home, &file), "one and only text");
        assert!(text(&home, "catalogue/index.html").contains("href=\"/entries/songxi/2026-00001/\""));
        assert!(text(&home, "catalogue/agency-songxi/index.html").contains("医保缴费通知"));
        assert!(text(&home, "feed.xml").contains("https://static.example/entries/songxi/2026-00001"));
        assert!(home.join("assets/gongkai.css").exists() && home.join("guide/index.html").exists());

        // Nothing has happened: nothing but the few pages that stand alone is looked at, and no file is touched.
        let again = export(&app, &order).await.unwrap();
        assert!(!again.is_whole && again.written == 0 && again.removed == 0, "{again:?}");
        assert_eq!(again.files, whole.files);

        // A correction: the entry has a new page, and its reason stands on it.
        let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
        let revision = revise(&mut tx, &office.officer, &second).await.unwrap();
        let mut draft = complete_draft("养老认证通知（更正）");
        draft.change_note = "更正了认证截止日期。".into();
        save_draft(&mut tx, &office.officer, &revision.edition_id, 1, &draft).await.unwrap();
        let review = submit(&mut tx, &office.officer, &revision.edition_id, 2).await.unwrap();
        tx.commit().await.unwrap();
        signed_by_all(&test.db, &office, &review).await;
        let corrected = export(&app, &order).await.unwrap();
        assert!(!corrected.is_whole && corrected.written > 0, "{corrected:?}");
        assert!(text(&home, "entries/songxi/2026-00002/index.html").contains("更正了认证截止日期。"));

        // Withdrawn: the copy still has it until it is brought up to date, and the proof says where.
        let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
        withdraw(&mut tx, &office.officer, &first, "mistaken", "缴费标准有误，更正后重新发布。")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let asked = Asked { folders: vec![home.clone()], ..Asked::default() };
        let before = prove(&app, &asked).await.unwrap();
        assert_eq!(before.withdrawn, 1);
        assert_eq!(before.findings.len(), 1, "{:?}", before.findings);
        assert_eq!(before.findings[0].copy, Copy::Export);
        let after = export(&app, &order).await.unwrap();
        assert!(after.removed >= 1 && after.tombstones == 1, "{after:?}");
        let page = text(&home, "entries/songxi/2026-00001/index.html");
        assert!(page.contains("缴费标准有误，更正后重新发布。") && !page.contains("医保缴费通知"), "{page}");
        assert!(!home.join(&file).exists());
        assert_eq!(holding(&home, "one and only text"), Vec::<String>::new());
        assert_eq!(holding(&home, "医保缴费通知"), Vec::<String>::new());
        let proven = prove(&app, &asked).await.unwrap();
        assert!(proven.findings.is_empty(), "{:?}", proven.findings);
        assert!(
            Copy::ALL
                .iter()
                .filter(|copy| !matches!(copy, Copy::Cache | Copy::Channels))
                .all(|copy| proven.looked.contains_key(copy))
        );

        // A file that someone put back by hand is found, and gone after the next run.
        std::fs::write(home.join("stray.txt"), "one and only text").unwrap();
        assert_eq!(prove(&app, &asked).await.unwrap().findings.len(), 1);
        assert_eq!(export(&app, &order).await.unwrap().removed, 1);
        assert!(prove(&app, &asked).await.unwrap().findings.is_empty());
    }
}

#[tokio::test]
async fn a_draft_is_in_no_copy() {
    let test = &databases().await[0];
    let office = office(&test.db, "songxi", AgencyKind::Town).await;
    submitted(&test.db, &office, &complete_draft("还没有签发的通知")).await;
    let home = test.folder.path().join("copy");
    let order = Order { folder: home.clone(), ..Order::default() };
    export(&app(test), &order).await.unwrap();
    assert_eq!(holding(&home, "还没有签发的通知"), Vec::<String>::new());
    assert!(!home.join("feed.xml").exists(), "a feed needs to know how the copy is called");
    assert!(text(&home, "index.html").contains("href=\"/static-copy/\""));
}

/// Every file of a copy with its bytes; without the program's own notes.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            if !name.starts_with(".gongkai-") {
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

#[tokio::test]
async fn what_is_brought_up_to_date_is_what_would_be_made_anew() {
    for test in databases().await {
        let (db, home) = (&test.db, test.folder.path().join("copy"));
        let (town, bureau) =
            (office(db, "songxi", AgencyKind::Town).await, office(db, "caizheng", AgencyKind::Bureau).await);
        let app = app(&test);
        let order =
            Order { folder: home.clone(), address: "https://static.example".into(), ..Order::default() };
        let (document, number) = published(&test, &town, "养老服务补贴办法", b"text").await;
        let (explained, explanation) = published(&test, &town, "一图读懂养老服务补贴", b"picture").await;
        for n in 0..25 {
            let mut draft = complete_draft(&format!("第{n}号通知"));
            draft.genre = if n % 2 == 0 { "notice".into() } else { "plan".into() };
            let (_, review) = submitted(db, &bureau, &draft).await;
            signed_by_all(db, &bureau, &review).await;
        }
        export(&app, &order).await.unwrap();

        let is_as_if_made_anew = async |what: &str| {
            let done = export(&app, &order).await.unwrap();
            assert!(!done.is_whole, "{what}");
            let other = tempfile::tempdir().unwrap();
            let anew = Order { folder: other.path().to_owned(), ..order.clone() };
            export(&app, &anew).await.unwrap();
            let (updated, anew) = (tree(&home), tree(other.path()));
            let differing: Vec<&String> = anew
                .keys()
                .chain(updated.keys())
                .filter(|name| anew.get(*name) != updated.get(*name))
                .collect();
            assert!(differing.is_empty(), "{what}: {differing:?}");
            done
        };
        let mut tx = db.begin(&town.officer.actor(), monday()).await.unwrap();
        pair(&mut tx, &town.officer, &town.agency.id, &number, &explanation, "picture").await.unwrap();
        tx.commit().await.unwrap();
        is_as_if_made_anew("paired").await;
        let idle = export(&app, &order).await.unwrap();

        let (_, review) = submitted(db, &town, &complete_draft("新的一件")).await;
        signed_by_all(db, &town, &review).await;
        let released = is_as_if_made_anew("released").await;
        let more = released.rendered - idle.rendered;
        assert_eq!(
            more, 14,
            "the entry, and 13 pages of lists: not those of the bureau's plans and of its line"
        );

        let mut tx = db.begin(&town.officer.actor(), monday()).await.unwrap();
        let revision = revise(&mut tx, &town.officer, &explained).await.unwrap();
        let mut draft = complete_draft("一图读懂养老服务补贴（2026年）");
        draft.change_note = "补充标准。".into();
        save_draft(&mut tx, &town.officer, &revision.edition_id, 1, &draft).await.unwrap();
        let review = submit(&mut tx, &town.officer, &revision.edition_id, 2).await.unwrap();
        tx.commit().await.unwrap();
        signed_by_all(db, &town, &review).await;
        is_as_if_made_anew("the other of a pair corrected").await;

        let mut tx = db.begin(&town.officer.actor(), monday()).await.unwrap();
        withdraw(&mut tx, &town.officer, &explained, "mistaken", "图中数字有误。").await.unwrap();
        tx.commit().await.unwrap();
        is_as_if_made_anew("the other of a pair withdrawn").await;
        assert_eq!(holding(&home, "一图读懂"), Vec::<String>::new(), "{document}");
    }
}
