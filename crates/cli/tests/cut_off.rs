//! A process that is killed while it publishes leaves what was there before, or what comes after: nothing half.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::db::Db;
use gongkai_disclosure::files::FileStore;
use gongkai_disclosure::publishing::actions::{attach, submit, withdraw};
use gongkai_disclosure::publishing::{public, schedule};
use gongkai_disclosure::testing::{Office, complete_draft, drafted, monday, office, signed_by_all};
use sqlx::Connection;
use support::{Site, fresh_postgres, gongkai, sqlite_url, succeed};

/// Drafts, each with a file, submitted; edition and review.
async fn submitted(
    db: &Db,
    data: &Path,
    office: &Office,
    titles: &[String],
) -> Vec<(String, String, String)> {
    let files = FileStore::in_folder(&data.join("files"), 1 << 20).unwrap();
    let mut all = Vec::new();
    for title in titles {
        let drafted = drafted(db, office, &complete_draft(title)).await;
        let kept = files.keep("说明.txt", format!("{title}的说明。").repeat(2_000).as_bytes()).await.unwrap();
        let prepared = files.prepare(kept).await.unwrap();
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        attach(&mut tx, &office.officer, &drafted.edition_id, &prepared).await.unwrap();
        let review = submit(&mut tx, &office.officer, &drafted.edition_id, 1).await.unwrap();
        tx.commit().await.unwrap();
        all.push((drafted.entry_id, drafted.edition_id, review));
    }
    all
}

fn titles(of: &str, count: usize) -> Vec<String> {
    (0..count).map(|n| format!("{of}第{n}号")).collect()
}

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

fn copy_of(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_of(&path, &there);
        } else {
            std::fs::copy(&path, &there).unwrap();
        }
    }
}

/// Links to no file of a copy, on the pages that a reader comes to from its first one.
fn dead_links(tree: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut dead = Vec::new();
    let mut found = vec!["index.html".to_owned()];
    let mut at = 0;
    while let Some(name) = found.get(at).cloned() {
        at += 1;
        let page = String::from_utf8_lossy(&tree[&name]).into_owned();
        for link in page.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next()) {
            let path = decoded(link.split(['#', '?']).next().unwrap_or_default());
            let file =
                if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path };
            if !tree.contains_key(&file) {
                dead.push(format!("{name} → /{link}"));
            } else if file.ends_with(".html") && !found.contains(&file) {
                found.push(file);
            }
        }
    }
    dead
}

fn decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'%', [high, low, after @ ..]) => {
                let pair = [*high, *low];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap());
                rest = after;
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_cut_off_is_whole_page_by_page() {
    let data = tempfile::tempdir().unwrap();
    let options = ["--data", data.path().to_str().unwrap()];
    succeed(&[&["migrate"], &options[..]].concat());
    let db = Db::connect(&sqlite_url(data.path())).await.unwrap();
    let town = office(&db, "songxi", AgencyKind::Town).await;
    let first = submitted(&db, data.path(), &town, &titles("通知", 24)).await;
    for (_, _, review) in &first {
        signed_by_all(&db, &town, review).await;
    }
    let export = |to: &Path| {
        let to = to.to_str().unwrap().to_owned();
        gongkai(
            &[&["export", "site", "--to", &to, "--address", "https://static.example"], &options[..]].concat(),
        )
    };
    let run = |to: &Path| assert!(export(to).stdout(Stdio::null()).status().unwrap().success());
    let old = data.path().join("old");
    run(&old);
    assert!(dead_links(&tree(&old)).is_empty(), "{:?}", dead_links(&tree(&old)));

    // What comes next: more entries, and two that are withdrawn.
    for (_, _, review) in submitted(&db, data.path(), &town, &titles("公告", 24)).await {
        signed_by_all(&db, &town, &review).await;
    }
    let mut tx = db.begin(&town.officer.actor(), monday()).await.unwrap();
    for (entry, _, _) in &first[..2] {
        withdraw(&mut tx, &town.officer, entry, "mistaken", "内容有误。").await.unwrap();
    }
    tx.commit().await.unwrap();
    db.close().await;
    let new = data.path().join("new");
    copy_of(&old, &new);
    run(&new);
    let (before, after) = (tree(&old), tree(&new));
    let added: Vec<&String> = after.keys().filter(|name| !before.contains_key(*name)).collect();

    const PARTS: usize = 14;
    let mut mixed = 0;
    for part in 0..=PARTS {
        let work = data.path().join(format!("work-{part}"));
        copy_of(&old, &work);
        let mut child = export(&work).stdout(Stdio::null()).spawn().unwrap();
        // By what it has written, not by the time: that depends on what else the machine does.
        let there = || added.iter().filter(|name| work.join(name).exists()).count();
        while there() < added.len() * part / PARTS && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let now = tree(&work);
        for (name, bytes) in &now {
            let is_whole = before.get(name) == Some(bytes) || after.get(name) == Some(bytes);
            assert!(is_whole, "{name} is neither the old nor the new one");
        }
        let gone: Vec<&String> =
            before.keys().filter(|name| after.contains_key(*name) && !now.contains_key(*name)).collect();
        assert!(gone.is_empty(), "{gone:?}");
        assert!(dead_links(&now).is_empty(), "cut off at part {part}: {:?}", dead_links(&now));
        mixed += usize::from(now != before && now != after);
        // The next run finds out and makes it whole.
        run(&work);
        assert!(tree(&work) == after, "the run after the one that was cut off");
        std::fs::remove_dir_all(&work).unwrap();
    }
    assert!(mixed > 0, "no run was cut off in the middle: nothing was tested");
}

/// Editions that wait for their moment are let out by a process that is killed again and again.
async fn released_while_it_is_killed(url: &str, data: &Path, options: &[&str]) {
    succeed(&[&["migrate"], options].concat());
    let db = Db::connect(url).await.unwrap();
    let town = office(&db, "songxi", AgencyKind::Town).await;
    let all = submitted(&db, data, &town, &titles("到时公开的通知", 30)).await;
    for (_, edition, review) in &all {
        let mut tx = db.begin(&town.officer.actor(), monday()).await.unwrap();
        schedule::set(&mut tx, &town.officer, edition, "2026-11-02T09:30").await.unwrap();
        tx.commit().await.unwrap();
        signed_by_all(&db, &town, review).await;
    }
    let out = async || {
        let mut conn = db.read().await.unwrap();
        let mut out = Vec::new();
        for (entry, _, _) in &all {
            if let Some(found) = public::by_id(&mut conn, entry).await.unwrap() {
                assert_eq!(public::attachments(&mut conn, entry).await.unwrap().len(), 1, "with its file");
                out.push(found.index_number);
            }
        }
        out
    };
    assert!(out().await.is_empty(), "before their moment");
    let mut stopped_in_the_middle = 0;
    let mut so_far = 0;
    for round in 0..40_u64 {
        let mut child = gongkai(&[&["work"], options].concat()).stdout(Stdio::null()).spawn().unwrap();
        // At any moment after the first of this round is out.
        let patience = Instant::now();
        while out().await.len() == so_far && patience.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(7 * (round % 5)));
        child.kill().unwrap();
        child.wait().unwrap();
        so_far = out().await.len();
        stopped_in_the_middle += usize::from(so_far < all.len());
        // What the killed one had claimed is free again after a while; here, at once.
        let mut conn = sqlx::AnyConnection::connect(url).await.unwrap();
        sqlx::query("UPDATE jobs SET state = 'ready', claimed_until = NULL WHERE state = 'running'")
            .execute(&mut conn)
            .await
            .unwrap();
        conn.close().await.unwrap();
        if so_far == all.len() {
            break;
        }
    }
    assert!(stopped_in_the_middle > 0, "no process was killed in the middle");
    let mut numbers = out().await;
    assert_eq!(numbers.len(), all.len(), "every one is out in the end");
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), all.len(), "each under a number of its own");
    db.close().await;
    // The pages are whole, and so is the record.
    let site = Site::start(&[&["serve"], options].concat());
    for number in &numbers {
        let (status, page) = site.get(&format!("/entries/{number}"));
        assert!(
            status == 200 && page.contains("特此通知") && page.contains("说明.txt"),
            "{number}: {status}"
        );
    }
    drop(site);
    succeed(&[&["audit", "verify"], options].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_has_published_an_entry_or_not_on_sqlite() {
    let data = tempfile::tempdir().unwrap();
    let options = ["--data", data.path().to_str().unwrap()];
    released_while_it_is_killed(&sqlite_url(data.path()), data.path(), &options).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_has_published_an_entry_or_not_on_postgres() {
    let Some(url) = fresh_postgres("cut_off").await else { return };
    let data = tempfile::tempdir().unwrap();
    let options = ["--data", data.path().to_str().unwrap(), "--database", &url];
    released_while_it_is_killed(&url, data.path(), &options).await;
}
