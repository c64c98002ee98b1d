//! The demo: made once, whole or not at all, beside others.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use gongkai_disclosure::audit::{self, Actor};
use gongkai_disclosure::db::{Conn, Db};
use gongkai_disclosure::requests::{self, Event, RequestFilter, RequestState, evidence};
use support::{Site, fresh_postgres, gongkai, run, sqlite_url, succeed, with_a_town};

/// A demo that was filled once for all tests of this file; each works on a copy. Nobody opens this one: what a
/// running program keeps beside its database comes and goes, and would be caught by half.
fn filled() -> &'static Path {
    static FILLED: OnceLock<PathBuf> = OnceLock::new();
    FILLED.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap().keep();
        succeed(&["demo", "--fill-only", "--data", folder.to_str().unwrap()]);
        folder
    })
}

fn copy() -> tempfile::TempDir {
    fn copy_all(from: &Path, to: &Path) {
        for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
            let to = to.join(entry.file_name());
            if entry.path().is_dir() {
                std::fs::create_dir(&to).unwrap();
                copy_all(&entry.path(), &to);
            } else {
                std::fs::copy(entry.path(), to).unwrap();
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    copy_all(filled(), folder.path());
    folder
}

async fn position(url: &str) -> i64 {
    let db = Db::connect(url).await.unwrap();
    let position = audit::position(&mut db.read().await.unwrap()).await.unwrap();
    db.close().await;
    position
}

#[tokio::test]
async fn a_second_run_serves_what_is_there() {
    let data = copy();
    let url = sqlite_url(data.path());
    let before = position(&url).await;
    let site = Site::start(&["demo", "--data", data.path().to_str().unwrap()]);
    assert_eq!(site.get("/sign-in").0, 200);
    let (code, _) = site.stop();
    assert_eq!(code, Some(0));
    let db = Db::connect(&url).await.unwrap();
    let mut conn = db.read().await.unwrap();
    // Serving may remind handlers, as every morning; it adds nothing of the demo.
    let added = audit::changes_after(&mut conn, before, 1000).await.unwrap();
    assert!(added.iter().all(|link| link.room == "mail"), "{added:?}");
}

#[test]
fn the_accounts_are_printed_and_work() {
    let data = copy();
    let listed = succeed(&["user", "list", "--data", data.path().to_str().unwrap()]);
    assert!(listed.contains("songxi.officer") && listed.contains("政务公开专干"), "{listed}");
    let site = Site::start(&["demo", "--data", data.path().to_str().unwrap()]);
    let sign_in = |password: &str| {
        site.post("/sign-in", &[("username", "songxi.officer"), ("password", password)]).unwrap().0
    };
    assert_eq!(sign_in("gongkai-demo"), 303);
    assert_ne!(sign_in("something else"), 303);
}

#[test]
fn the_audit_chain_of_the_demo_is_whole_and_the_doctor_finds_nothing_wrong() {
    let data = copy();
    let options = ["--data", data.path().to_str().unwrap()];
    assert!(succeed(&[&["audit", "verify"], &options[..]].concat()).contains("审计链完整"));
    let seen = succeed(&[&["doctor"], &options[..]].concat());
    assert!(!seen.contains("问题"), "{seen}");
}

/// What an evaluator looks for in the requests: handed over, taken apart, sealed, a wrong date set right.
#[tokio::test]
async fn the_demo_shows_requests_that_were_arranged_corrected_and_sealed() {
    let data = copy();
    let db = Db::connect(&sqlite_url(data.path())).await.unwrap();
    let mut conn = db.read().await.unwrap();
    let links = audit::changes_after(&mut conn, 0, 1_000_000).await.unwrap();
    let subjects = |room: &str, act: &str| -> Vec<String> {
        let found = links.iter().filter(|link| link.room == room && link.act == act);
        found.map(|link| link.subject_id.clone()).collect()
    };
    let dossier_of = async |conn: &mut Conn, id: &str| {
        let number = requests::number_of(conn, id).await.unwrap().unwrap();
        requests::by_number(conn, &number).await.unwrap().unwrap()
    };

    let split = dossier_of(&mut conn, &subjects("requests", Event::Split.code())[0]).await;
    let told = split.events.iter().find(|event| event.event == Event::Split).unwrap();
    let off = told.detail["numbers"][0].as_str().unwrap();
    let off = requests::by_number(&mut conn, off).await.unwrap().unwrap();
    assert_eq!(off.request.received_on, split.request.received_on);
    assert_ne!(off.request.description, split.request.description);
    let files = evidence::within_reach(&mut conn, &off.request.id).await.unwrap();
    assert!(!files.is_empty(), "what the whole came with is reached from the part");

    assert_eq!(subjects("requests", Event::HandOver.code()).join(" "), off.request.id);
    assert_ne!(off.request.handler_id, split.request.handler_id, "a colleague has it");

    let corrected = dossier_of(&mut conn, &subjects("requests", Event::CorrectReceipt.code())[0]).await;
    let told = corrected.events.iter().find(|event| event.event == Event::CorrectReceipt).unwrap();
    let (before, after) = (&told.detail["before"]["received_on"], &told.detail["after"]["received_on"]);
    assert_ne!(before, after);
    assert_eq!(after.as_str(), corrected.request.received_on.map(|day| day.to_string()).as_deref());

    assert!(!subjects("letters", "sealed").is_empty());
    let (rows, _) = requests::list(
        &mut conn,
        &RequestFilter {
            agencies: vec![split.request.agency_id.clone()],
            states: vec![RequestState::Replied, RequestState::Archived],
            ..RequestFilter::default()
        },
        jiff::civil::Date::MAX,
        1,
        500,
    )
    .await
    .unwrap();
    let mut sealed = 0;
    for row in rows {
        let dossier = requests::by_number(&mut conn, &row.number).await.unwrap().unwrap();
        sealed += usize::from(dossier.reply().is_some_and(|reply| reply.sealed.is_some()));
    }
    assert_eq!(sealed, 1, "one reply left with its seal");
}

#[tokio::test]
async fn audit_verify_names_the_row_that_was_altered_by_hand() {
    let data = copy();
    let db = Db::connect(&sqlite_url(data.path())).await.unwrap();
    let mut tx = db.begin(&Actor::Program("test"), jiff::Timestamp::UNIX_EPOCH).await.unwrap();
    sqlx::query("UPDATE audit_log SET detail = '{\"username\":\"someone.else\"}' WHERE seq = 9")
        .execute(tx.conn())
        .await
        .unwrap();
    let nothing = audit::Act::new("test", "altered", "", "", serde_json::json!({}));
    tx.record(nothing);
    tx.commit().await.unwrap();
    db.close().await;
    let options = ["--data", data.path().to_str().unwrap()];
    let verdict = run(&[&["audit", "verify"], &options[..]].concat());
    assert_eq!(verdict.code, 1);
    assert!(verdict.out.contains("第 9 行") && verdict.out.contains("被改动过"), "{verdict:?}");
    let doctor = run(&[&["doctor"], &options[..]].concat());
    assert!(doctor.code == 1 && doctor.out.contains("问题  审计链断开：第 9 行"), "{doctor:?}");
}

#[test]
fn a_filling_that_was_killed_leaves_nothing_and_the_next_one_starts_over() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    for life in [30, 150, 400] {
        let mut child = gongkai(&["demo", "--fill-only", "--data", data]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(life));
        child.kill().unwrap();
        child.wait().unwrap();
        if folder.path().join("gongkai.db").exists() {
            break; // a fast machine had filled it already
        }
    }
    succeed(&["demo", "--fill-only", "--data", data]);
    let left: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("filling") || name.contains("lock"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
    let other = copy();
    let other = other.path().to_str().unwrap();
    let (once, again) = (["user", "list", "--data", data], ["user", "list", "--data", other]);
    assert_eq!(succeed(&once), succeed(&again), "a mix of two fillings would have more");
}

#[test]
fn two_that_fill_one_folder_at_once_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let start = || gongkai(&["demo", "--fill-only", "--data", data]).spawn().unwrap();
    let mut both = [start(), start()];
    let codes: Vec<Option<i32>> = both.iter_mut().map(|child| child.wait().unwrap().code()).collect();
    assert!(codes.contains(&Some(0)), "{codes:?}");
    assert!(codes.iter().all(|code| matches!(code, Some(0 | 2))), "{codes:?}");
    succeed(&["demo", "--fill-only", "--data", data]);
    succeed(&["audit", "verify", "--data", data]);
}

#[test]
fn a_second_folder_is_a_second_installation() {
    let (one, two) = (copy(), copy());
    let first = Site::start(&["demo", "--data", one.path().to_str().unwrap()]);
    let second = Site::start(&["demo", "--data", two.path().to_str().unwrap()]);
    assert_ne!(first.address, second.address);
    let letter = support::send_letter(&first.address, "只在第一处").unwrap();
    assert!(support::finds(&first.address, &letter));
    assert!(!support::finds(&second.address, &letter));
}

#[test]
fn a_published_report_is_there_in_every_format() {
    let data = copy();
    let site = Site::start(&["demo", "--data", data.path().to_str().unwrap()]);
    let list = site.get("/annual-reports").1;
    let address = list
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|href| href.strip_prefix("/annual-reports/").is_some_and(|rest| rest.split('/').count() == 2));
    let address = address.expect("a published report");
    let page = site.get(address).1;
    let mut formats =
        vec![("docx", "PK"), ("xlsx", "PK"), ("html", "<!doctype html>"), ("json", "{"), ("csv", "\u{feff}")];
    let on_paper = [("pdf", "%PDF-1.7"), ("ofd", "PK")];
    for (format, _) in on_paper {
        assert_eq!(page.contains(&format!("/download/{format}\"")), cfg!(feature = "typeset"), "{format}");
    }
    if cfg!(feature = "typeset") {
        formats.extend(on_paper);
        assert!(page.contains("OFD 版式文件（试验）"));
    }
    for (format, begins) in formats {
        let file = format!("{address}/download/{format}");
        assert!(page.contains(&format!("href=\"{file}\"")), "{format} is not offered on {page}");
        let (status, body) = site.get(&file);
        assert!(status == 200 && body.starts_with(begins), "{format}: {status}");
    }
    assert_eq!(site.get(&format!("{address}/download/exe")).0, 404);
}

#[test]
fn what_is_no_demo_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    with_a_town(&["--data", data]);
    let refused = run(&["demo", "--data", data, "--listen", "127.0.0.1:0"]);
    assert_eq!((refused.code, refused.err.lines().count()), (2, 1), "{refused:?}");
    assert!(
        refused.err.contains("不是演示数据") || refused.err.contains("而不是演示数据"),
        "{}",
        refused.err
    );
}

#[tokio::test]
async fn on_postgres_an_empty_database_is_filled_and_another_refused() {
    let Some(url) = fresh_postgres("demo").await else { return };
    let folder = tempfile::tempdir().unwrap();
    let options = ["--data", folder.path().to_str().unwrap(), "--database", &url];
    succeed(&[&["demo", "--fill-only"], &options[..]].concat());
    let before = position(&url).await;
    succeed(&[&["demo", "--fill-only"], &options[..]].concat());
    assert_eq!(position(&url).await, before, "the second run adds nothing");

    let Some(url) = fresh_postgres("foreign").await else { return };
    let options = ["--data", folder.path().to_str().unwrap(), "--database", &url];
    with_a_town(&options);
    let refused = run(&[&["demo", "--fill-only"], &options[..]].concat());
    assert_eq!((refused.code, refused.err.lines().count()), (2, 1), "{refused:?}");
    assert!(refused.err.contains("不是空的"), "{}", refused.err);
}
