//! Sixty-four clients read from two processes while entries are released anew and withdrawn: nothing fails, and once a
//! change is acknowledged nobody is shown what was before it.

#![allow(clippy::unwrap_used)]

use std::io::Read;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::{ACCEPT_ENCODING, ETAG, IF_NONE_MATCH, VARY};
use flate2::read::GzDecoder;
use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::db::Db;
use gongkai_disclosure::db::testing::databases;
use gongkai_disclosure::files::FileStore;
use gongkai_disclosure::publishing::WithdrawalClass;
use gongkai_disclosure::publishing::actions::{revise, save_draft, submit, withdraw};
use gongkai_disclosure::search::Search;
use gongkai_disclosure::testing::{complete_draft, monday, office, signed_by_all, submitted};
use gongkai_web::page::Contact;
use gongkai_web::{App, Clock, Site, Stores, site};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

const ENTRY: &str = "/entries/songxi/2026-00001";

fn process(db: Db, folder: &std::path::Path) -> App {
    let about = Site {
        name: "青禾区政府信息公开".into(),
        organisation: "青禾区人民政府办公室".into(),
        contact: Contact::default(),
        secure_cookies: false,
    };
    let mut stores = Stores::in_folder(folder, 1_000_000).unwrap();
    stores.files = FileStore::in_folder(&folder.join("files"), 1_000_000).unwrap();
    stores.search = Search::open(None).unwrap();
    App::new(db, stores, about, Clock::new(monday), "two-processes")
}

async fn read(app: &App, path: &str) -> (u16, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = site(app.clone()).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 10_000_000).await.unwrap();
    (status, String::from_utf8_lossy(&body).into_owned())
}

/// Serves on a port of its own, as the program does.
async fn served(app: &App) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(gongkai_web::serve(app.clone(), listener, std::future::pending()));
    address
}

/// Status, headers and body of an answer over a connection.
async fn asked(at: SocketAddr, path: &str, headers: &[(&str, &str)]) -> (u16, Vec<String>, Vec<u8>) {
    let mut request = format!("GET {path} HTTP/1.1\r\nhost: {at}\r\nconnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    let (status, headers) = head.split_once("\r\n").unwrap();
    let status = status.split(' ').nth(1).unwrap().parse().unwrap();
    (status, headers.split("\r\n").map(ToOwned::to_owned).collect(), answer[end + 4..].to_vec())
}

async fn read_at(at: SocketAddr, path: &str) -> (u16, String) {
    let (status, _, body) = asked(at, path, &[]).await;
    (status, String::from_utf8_lossy(&body).into_owned())
}

/// Which version of the entry a page shows: its title ends with 第N次.
fn version(body: &str) -> usize {
    let (_, rest) = body.split_once("缴费通知第").unwrap_or_else(|| panic!("no title on {body}"));
    rest.split('次').next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_fails_and_nothing_is_stale_after_its_acknowledgement() {
    for test in databases().await {
        let town = office(&test.db, "songxi", AgencyKind::Town).await;
        let (drafted, review) = submitted(&test.db, &town, &complete_draft("缴费通知第0次")).await;
        signed_by_all(&test.db, &town, &review).await;
        let here = process(test.db.clone(), test.folder.path());
        let there = process(Db::connect(&test.url).await.unwrap(), test.folder.path());
        let (at_here, at_there) = (served(&here).await, served(&there).await);
        let stop = Arc::new(AtomicBool::new(false));
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let clients: Vec<_> = (0..64)
            .map(|number| {
                let at = if number % 2 == 0 { at_here } else { at_there };
                let (stop, acknowledged) = (stop.clone(), acknowledged.clone());
                tokio::spawn(async move {
                    let mut reads = 0;
                    while !stop.load(Ordering::Acquire) {
                        let least = acknowledged.load(Ordering::Acquire);
                        let path = ["/", ENTRY, "/catalogue", "/api/v1/entries"][(number / 2 + reads) % 4];
                        let (status, body) = read_at(at, path).await;
                        assert_eq!(status, 200, "{path}: {body}");
                        let shown = version(&body);
                        assert!(shown >= least, "{path} shows {shown}, {least} was acknowledged");
                        reads += 1;
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                    reads
                })
            })
            .collect();
        for number in 1..=4 {
            let mut tx = test.db.begin(&town.officer.actor(), monday()).await.unwrap();
            let edition = revise(&mut tx, &town.officer, &drafted.entry_id).await.unwrap().edition_id;
            let mut draft = complete_draft(&format!("缴费通知第{number}次"));
            draft.change_note = "更正时间。".into();
            save_draft(&mut tx, &town.officer, &edition, 1, &draft).await.unwrap();
            let review = submit(&mut tx, &town.officer, &edition, 2).await.unwrap();
            tx.commit().await.unwrap();
            signed_by_all(&test.db, &town, &review).await;
            here.acknowledge().await.unwrap();
            acknowledged.store(number, Ordering::Release);
            for at in [at_here, at_there] {
                assert_eq!(version(&read_at(at, ENTRY).await.1), number);
            }
        }
        stop.store(true, Ordering::Release);
        for client in clients {
            assert!(client.await.unwrap() > 0, "every client has read");
        }
        let mut tx = test.db.begin(&town.officer.actor(), monday()).await.unwrap();
        let class = WithdrawalClass::ALL[0].code();
        withdraw(&mut tx, &town.officer, &drafted.entry_id, class, "数字有误。").await.unwrap();
        tx.commit().await.unwrap();
        here.acknowledge().await.unwrap();
        for at in [at_here, at_there] {
            assert_eq!(read_at(at, ENTRY).await.0, 410);
            assert!(!read_at(at, "/api/v1/entries").await.1.contains("缴费通知第"));
        }
    }
}

/// What is answered before the site is reached is what the site would answer.
#[tokio::test]
async fn what_is_at_hand_is_what_the_site_answers() {
    for test in databases().await {
        let town = office(&test.db, "songxi", AgencyKind::Town).await;
        let (drafted, review) = submitted(&test.db, &town, &complete_draft("缴费通知第0次")).await;
        signed_by_all(&test.db, &town, &review).await;
        let app = process(test.db.clone(), test.folder.path());
        let at = served(&app).await;
        let tag = {
            let (_, headers, _) = asked(at, ENTRY, &[]).await;
            headers.iter().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned()
        };
        for path in ["/", ENTRY, "/catalogue", "/help", "/api/v1/entries", "/console", "/nowhere"] {
            for headers in [
                &[][..],
                &[("accept-encoding", "gzip")],
                &[("if-none-match", &*tag)],
                &[("cookie", "gongkai_size=large")],
                &[("cookie", "gongkai_theme=dark; other=1"), ("accept-encoding", "gzip")],
            ] {
                let mut request = Request::get(path).header("host", at.to_string());
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                let expected = site(app.clone()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
                let status = expected.status().as_u16();
                let mut lines: Vec<String> = expected
                    .headers()
                    .iter()
                    .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
                    .collect();
                let body = to_bytes(expected.into_body(), 10_000_000).await.unwrap();
                let (got, mut got_lines, got_body) = asked(at, path, headers).await;
                // What the connection adds.
                let of_connection = ["connection: ", "date: ", "content-length: "];
                for lines in [&mut lines, &mut got_lines] {
                    lines.retain(|line| !of_connection.iter().any(|name| line.starts_with(name)));
                    lines.sort();
                }
                assert_eq!((got, got_lines), (status, lines), "{path} {headers:?}");
                assert_eq!(got_body, body, "{path} {headers:?}");
            }
        }
        // A change in this process is seen as soon as it is acknowledged.
        let mut tx = test.db.begin(&town.officer.actor(), monday()).await.unwrap();
        let class = WithdrawalClass::ALL[0].code();
        withdraw(&mut tx, &town.officer, &drafted.entry_id, class, "数字有误。").await.unwrap();
        tx.commit().await.unwrap();
        app.acknowledge().await.unwrap();
        assert_eq!(asked(at, ENTRY, &[]).await.0, 410);
    }
}

#[tokio::test]
async fn what_is_read_travels_compressed() {
    for test in databases().await {
        let town = office(&test.db, "songxi", AgencyKind::Town).await;
        let (_, review) = submitted(&test.db, &town, &complete_draft("缴费通知第0次")).await;
        signed_by_all(&test.db, &town, &review).await;
        let app = process(test.db.clone(), test.folder.path());
        app.catch_up().await.unwrap();
        let style = "/assets/gongkai.css";
        for (path, known, used) in [
            (ENTRY, "br, gzip", "gzip"),
            (style, "br, gzip", "br"),
            (style, "gzip", "gzip"),
            ("/search?q=%E7%BC%B4%E8%B4%B9", "br, gzip", "gzip"),
            ("/requests/track", "br, gzip", "gzip"),
        ] {
            let plain = read(&app, path).await.1;
            let request = Request::get(path).header(ACCEPT_ENCODING, known).body(Body::empty()).unwrap();
            let response = site(app.clone()).oneshot(request).await.unwrap();
            let headers = response.headers().clone();
            assert_eq!(headers["content-encoding"], used, "{path} to who reads {known}");
            assert!(headers[VARY].to_str().unwrap().contains("accept-encoding"), "{path}: {headers:?}");
            let body = to_bytes(response.into_body(), 10_000_000).await.unwrap();
            let mut unpacked = String::new();
            match used {
                "br" => brotli::Decompressor::new(&body[..], 4_096).read_to_string(&mut unpacked).unwrap(),
                _ => GzDecoder::new(&body[..]).read_to_string(&mut unpacked).unwrap(),
            };
            assert_eq!(unpacked, plain, "{path}");
            assert!(body.len() < plain.len(), "{path}");
        }
    }
}

#[tokio::test]
async fn conditional_requests_with_nonsense_get_the_page() {
    for test in databases().await {
        let town = office(&test.db, "songxi", AgencyKind::Town).await;
        let (_, review) = submitted(&test.db, &town, &complete_draft("缴费通知第0次")).await;
        signed_by_all(&test.db, &town, &review).await;
        let app = process(test.db.clone(), test.folder.path());
        let long = "\"x\",".repeat(2_000);
        for (name, value) in [
            (IF_NONE_MATCH, ""),
            (IF_NONE_MATCH, ",,,"),
            (IF_NONE_MATCH, "W/"),
            (IF_NONE_MATCH, "\""),
            (IF_NONE_MATCH, "\u{fe}\u{ff}"),
            (IF_NONE_MATCH, long.as_str()),
            (ACCEPT_ENCODING, "gzip;q=abc, ;;;, br;q=9"),
            (ACCEPT_ENCODING, "*;q=0"),
        ] {
            let value = axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap();
            let request =
                Request::get(ENTRY).header(name.clone(), value.clone()).body(Body::empty()).unwrap();
            let response = site(app.clone()).oneshot(request).await.unwrap();
            assert_eq!(response.status().as_u16(), 200, "{name}: {value:?}");
            assert!(response.headers().contains_key(ETAG) && response.headers().contains_key(VARY));
        }
        for path in [
            "/entries/%00/%00",
            "/entries/songxi/%F0%9F",
            "/agencies/%00",
            "/gazette/%00/1/1",
            "/annual-reports/%00/2025",
        ] {
            let (status, _) = read(&app, path).await;
            assert!(status < 500, "{path}: {status}");
        }
    }
}
