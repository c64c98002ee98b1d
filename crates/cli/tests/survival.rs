//! A killed process loses no change that it acknowledged.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Mutex;
use std::time::Duration;

use support::{Letter, Site, finds, fresh_postgres, run, send_letter, succeed, with_a_town};

/// Letters are written from four sides while the process is killed, again and again.
fn write_while_it_is_killed(options: &[&str]) {
    let acknowledged: Mutex<Vec<Letter>> = Mutex::new(Vec::new());
    for (round, life) in [40, 90, 150, 230, 320, 60].into_iter().enumerate() {
        let mut site = Site::start(&[&["serve"], options].concat());
        let address = site.address.clone();
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let (address, acknowledged) = (&address, &acknowledged);
                scope.spawn(move || {
                    let mut letters =
                        (0..).map(|n| send_letter(address, &format!("来信 {round}-{writer}-{n}")));
                    while let Some(Some(letter)) = letters.next() {
                        acknowledged.lock().unwrap().push(letter);
                    }
                });
            }
            // At least one answer, then any moment.
            let before = acknowledged.lock().unwrap().len();
            while acknowledged.lock().unwrap().len() == before {
                std::thread::sleep(Duration::from_millis(2));
            }
            std::thread::sleep(Duration::from_millis(life));
            site.kill();
        });
    }
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() >= 12, "only {} letters were acknowledged", acknowledged.len());
    let site = Site::start(&[&["serve"], options].concat());
    let lost: Vec<&str> =
        acknowledged.iter().filter(|l| !finds(&site.address, l)).map(|l| l.number.as_str()).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let mut numbers: Vec<&str> = acknowledged.iter().map(|l| l.number.as_str()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), acknowledged.len(), "no number was given twice");
    let (code, _) = site.stop();
    assert_eq!(code, Some(0));
    let verdict = run(&[&["audit", "verify"], options].concat());
    assert_eq!(verdict.code, 0, "{verdict:?}");
}

#[test]
fn kill_minus_nine_loses_nothing_on_sqlite() {
    let data = tempfile::tempdir().unwrap();
    let options = ["--data", data.path().to_str().unwrap()];
    with_a_town(&options);
    write_while_it_is_killed(&options);
}

#[tokio::test]
async fn kill_minus_nine_loses_nothing_on_postgres() {
    let Some(url) = fresh_postgres("survival").await else { return };
    let data = tempfile::tempdir().unwrap();
    let options = ["--data", data.path().to_str().unwrap(), "--database", &url];
    with_a_town(&options);
    write_while_it_is_killed(&options);
}

#[test]
fn a_stop_lets_answers_finish_and_ends_cleanly() {
    let data = tempfile::tempdir().unwrap();
    let options = ["--data", data.path().to_str().unwrap()];
    with_a_town(&options);
    let site = Site::start(&[&["serve"], &options[..]].concat());
    let letter = send_letter(&site.address, "停止之前").unwrap();
    let (code, _) = site.stop();
    assert_eq!(code, Some(0));
    assert!(!data.path().join("gongkai.db-wal").exists(), "everything is in one file after a clean stop");
    let site = Site::start(&[&["serve"], &options[..]].concat());
    assert!(finds(&site.address, &letter));
    succeed(&[&["audit", "verify"], &options[..]].concat());
}
