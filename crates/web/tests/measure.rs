//! Measurements, printed: `cargo test --workspace --test measure -- --ignored --nocapture --test-threads 1`.
//! They say what this machine does in this profile; docs/operating/benchmarks.md tells the method.

#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::db::testing::{TestDb, databases, sqlite};
use gongkai_disclosure::exchange::import::{COLUMNS, import};
use gongkai_disclosure::files::FileStore;
use gongkai_disclosure::letters::{LetterKind, Template, preview};
use gongkai_disclosure::publishing::public;
use gongkai_disclosure::review;
use gongkai_disclosure::sheets::{csv, read, recognise, xlsx};
use gongkai_disclosure::testing::{
    Office, catalogue_line, clean_checklist, complete_draft, monday, office, signed_by_all, submitted,
};
use gongkai_disclosure::word_check::scan::scan;
use gongkai_disclosure::word_check::words::Lists;
use gongkai_report::write::Format;
use gongkai_typeset::{Engine, FileFormat, Writing};
use gongkai_web::page::Contact;
use gongkai_web::static_site::{Order, export};
use gongkai_web::{App, Clock, Site, Stores, site};
use tower::ServiceExt;

fn app(test: &TestDb, folder: &str) -> App {
    let about = Site {
        name: "青禾区政府信息公开".into(),
        organisation: "青禾区人民政府办公室".into(),
        contact: Contact::default(),
        secure_cookies: false,
    };
    let stores = Stores::in_folder(&test.folder.path().join(folder), 1_000_000).unwrap();
    App::new(test.db.clone(), stores, about, Clock::new(monday), folder)
}

#[tokio::test]
#[ignore = "a measurement"]
async fn entries_imported_per_second() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
        let line = catalogue_line(&mut tx, &office.agency.id).await;
        tx.commit().await.unwrap();
        let body = "各村（居）民：\n2026年度城乡居民基本医疗保险集中缴费自11月1日开始。\n".repeat(20);
        let rows: Vec<Vec<String>> = (0..5_000)
            .map(|n| vec![format!("第{n}号通知"), "2026-10-30".into(), body.clone(), "主动公开".into()])
            .collect();
        let bytes = csv(&["标题", "生成日期", "正文", "公开属性"], &rows);
        let start = Instant::now();
        let table = recognise(&read(&bytes).unwrap(), &COLUMNS).unwrap();
        let parsed = start.elapsed();
        let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
        let count = import(&mut tx, &office.officer, &office.agency.id, &line, &table).await.unwrap();
        tx.commit().await.unwrap();
        let took = start.elapsed();
        println!(
            "import on {:?}: {count} entries in {took:.2?} ({:.0} a second), of which reading the table {parsed:.2?}",
            test.db.engine(),
            f64::from(u32::try_from(count).unwrap()) / took.as_secs_f64()
        );
    }
}

#[tokio::test]
#[ignore = "a measurement"]
async fn static_pages_per_second_and_what_one_change_costs() {
    let test = sqlite().await;
    let office = office(&test.db, "songxi", AgencyKind::Town).await;
    for n in 0..400 {
        let (_, review) = submitted(&test.db, &office, &complete_draft(&format!("第{n}号通知"))).await;
        signed_by_all(&test.db, &office, &review).await;
    }
    let app = app(&test, "one");
    let order = Order { folder: test.folder.path().join("copy"), ..Order::default() };
    let whole = export(&app, &order).await.unwrap();
    let (_, review) = submitted(&test.db, &office, &complete_draft("又一件通知")).await;
    signed_by_all(&test.db, &office, &review).await;
    let one = export(&app, &order).await.unwrap();
    let nothing = export(&app, &order).await.unwrap();
    for (what, run) in [("whole", whole), ("after one release", one), ("after nothing", nothing)] {
        println!(
            "static copy, {what}: {} pages rendered, {} files written in {:.2?} ({:.0} pages a second)",
            run.rendered,
            run.written,
            run.took,
            run.rendered as f64 / run.took.as_secs_f64()
        );
    }
}

/// A hundred pages as an attachment, 50,000 characters in a spreadsheet, kept, cleaned, read and gone through with the
/// patterns and the starting list of words.
#[tokio::test]
#[ignore = "a measurement"]
async fn a_hundred_pages_of_attachment_are_checked() {
    let test = sqlite().await;
    let files = FileStore::in_folder(&test.folder.path().join("files"), 50_000_000).unwrap();
    let cell =
        "松溪镇柳湾村何某，补贴金额1200元，联系电话见村公示栏，请按规定时间到镇便民服务中心办理。".to_owned();
    let row = vec![cell.clone(), cell, "13800000001".into(), "990101199003071237".into()];
    let bytes =
        xlsx("名单", &[("一", 20.0), ("二", 20.0), ("三", 12.0), ("四", 20.0)], &vec![row; 500]).unwrap();
    let start = Instant::now();
    let kept = files.keep("名单.xlsx", &bytes).await.unwrap();
    let prepared = files.prepare(kept).await.unwrap();
    let ready = start.elapsed();
    let lists = Lists::new(Vec::new()).unwrap();
    let (mut characters, mut found) = (0, 0);
    for passage in &prepared.text.passages {
        characters += passage.text.chars().count();
        found += scan(&passage.text).len() + lists.scan(&passage.text).len();
    }
    println!(
        "attachment of {characters} characters: kept, cleaned and read in {ready:.2?}, checked ({found} findings) in {:.2?}",
        start.elapsed() - ready
    );
    assert!(found >= 500);
}

/// From the last signature, committed by one process, until another one shows the page: both on one PostgreSQL.
#[tokio::test]
#[ignore = "a measurement"]
async fn from_signature_to_the_other_process() {
    for test in databases().await {
        let office: Office = office(&test.db, "songxi", AgencyKind::Town).await;
        let (here, there) = (app(&test, "one"), app(&test, "two"));
        let (drafted, first) = submitted(&test.db, &office, &complete_draft("第一件")).await;
        signed_by_all(&test.db, &office, &first).await;
        drop(drafted);
        let mut latencies = Vec::new();
        for n in 0..20 {
            let (drafted, review_id) =
                submitted(&test.db, &office, &complete_draft(&format!("第{n}件"))).await;
            let ask = |app: &App, path: String| {
                let request = Request::get(path).header("host", "x").body(Body::empty()).unwrap();
                site(app.clone()).oneshot(request)
            };
            // The other process has its lists kept and warm.
            ask(&there, "/".into()).await.unwrap();
            let mut tx = test.db.begin(&office.section_head.actor(), monday()).await.unwrap();
            for staff in [&office.section_head, &office.confidentiality_officer, &office.leader] {
                tx.acting_as(&staff.actor(), monday());
                review::actions::sign(&mut tx, staff, &review_id, Some(&clean_checklist()), "同意")
                    .await
                    .unwrap();
            }
            tx.commit().await.unwrap();
            let start = Instant::now();
            let number = {
                let mut conn = test.db.read().await.unwrap();
                public::by_id(&mut conn, &drafted.entry_id).await.unwrap().unwrap().index_number
            };
            loop {
                let home = ask(&there, "/".into()).await.unwrap();
                let body = axum::body::to_bytes(home.into_body(), 1_000_000).await.unwrap();
                let entry = ask(&there, format!("/entries/{number}")).await.unwrap();
                if entry.status() == StatusCode::OK && String::from_utf8_lossy(&body).contains(&number) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            latencies.push(start.elapsed());
        }
        latencies.sort();
        println!(
            "released here, on the home page and at its address there, on {:?}: median {:.0?}, slowest of 20 {:.0?}",
            test.db.engine(),
            latencies[10],
            latencies[19]
        );
        drop(here);
    }
}

/// What an accepted request costs with everything stored (form, token, sealed particulars, number, event, audit link,
/// commit to disk), beside the bare insert rate of the same database: one row, one transaction, same durability.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn requests_accepted_per_second_beside_bare_inserts() {
    use axum::extract::ConnectInfo;
    const REQUESTS: usize = 300;
    for test in databases().await {
        office(&test.db, "songxi", AgencyKind::Town).await;
        // Built once, as the server does.
        let site = site(app(&test, "requests"));
        let mut bare = Vec::new();
        for n in 0..REQUESTS {
            let start = Instant::now();
            gongkai_disclosure::testing::bare_insert(&test.db, n).await;
            bare.push(start.elapsed());
        }
        let fields = "agency=songxi&applicant_kind=natural_person&applicant_name=%E4%BD%95&identity_number=990102199001011237\
                      &phone=0990-6600123&delivery=electronic_online&description=";
        let mut filed = Vec::new();
        for n in 0..REQUESTS {
            let form = Request::get("/requests/new").body(Body::empty()).unwrap();
            let page = site.clone().oneshot(form).await.unwrap();
            let page = axum::body::to_bytes(page.into_body(), 1_000_000).await.unwrap();
            let page = String::from_utf8_lossy(&page).into_owned();
            let token = page
                .split("name=\"form_token\" value=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .to_owned();
            let mut post = Request::post("/requests")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from(format!("form_token={token}&{fields}request{n}-of-the-year")))
                .unwrap();
            post.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 4000))));
            let start = Instant::now();
            let answer = site.clone().oneshot(post).await.unwrap();
            filed.push(start.elapsed());
            assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        }
        let rate = |times: &[Duration]| times.len() as f64 / times.iter().sum::<Duration>().as_secs_f64();
        println!(
            "on {:?}, one after the other: {:.0} requests accepted a second with everything stored, {:.0} bare inserts a second ({:.2} of it)",
            test.db.engine(),
            rate(&filed),
            rate(&bare),
            rate(&filed) / rate(&bare)
        );
    }
}

/// Every kind of letter, written from a dossier, laid out and given out as a file.
#[tokio::test]
#[ignore = "a measurement"]
async fn letters_laid_out_per_second() {
    let test = sqlite().await;
    let office = office(&test.db, "songxi", AgencyKind::Town).await;
    let engine = Engine::new(Vec::new());
    let letters: Vec<(Writing, jiff::civil::Date)> = LetterKind::ALL
        .iter()
        .map(|kind| {
            let (number, html, day) = preview(&Template::usual(*kind), &office.agency).unwrap();
            (Writing::of_html(&number, &office.agency.name, &html), day)
        })
        .collect();
    let of = |letter: &(Writing, jiff::civil::Date), format| {
        letter.0.write(format, letter.1, &engine).unwrap().unwrap().len()
    };
    for format in [FileFormat::Pdf, FileFormat::Plain(Format::Docx)] {
        // The typefaces are read once.
        of(&letters[0], format);
        let (start, mut made, mut bytes) = (Instant::now(), 0_u32, 0_usize);
        while start.elapsed() < Duration::from_secs(15) {
            for letter in &letters {
                bytes += of(letter, format);
                made += 1;
            }
        }
        let a_second = f64::from(made) / start.elapsed().as_secs_f64();
        println!(
            "{} of all {} kinds of letter, one thread: {a_second:.1} a second, {} KB each",
            format.extension(),
            letters.len(),
            bytes / 1024 / made as usize
        );
    }
}

/// A scripted flood on the form for requests, ten a second for ten minutes by the site's clock: what of it gets through, and
/// when an honest applicant does who comes in the midst of it and waits as the page says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn the_share_of_a_flood_that_gets_through() {
    const OFFICE: [u8; 4] = [203, 0, 113, 9];
    const ELSEWHERE: [u8; 4] = [198, 51, 100, 7];
    /// Where the n-th form of the flood comes from.
    type Source = fn(u32) -> [u8; 4];
    let one: Source = |_| OFFICE;
    let many: Source = |n| [10, 0, (n / 250 % 4) as u8, (n % 250) as u8];
    let cases: [(&str, Source, bool, [u8; 4]); 5] = [
        ("one address", one, false, ELSEWHERE),
        ("one address that waits when told to", one, true, ELSEWHERE),
        ("one office's address, the applicant behind it", one, false, OFFICE),
        ("the same, and the flood waits when told to", one, true, OFFICE),
        ("a thousand addresses", many, false, ELSEWHERE),
    ];
    for (what, source, is_patient, honest) in cases {
        let flood = Flood::new().await;
        let (mut sent, mut through) = (0_u32, 0_u32);
        let mut waiting: std::collections::VecDeque<(i64, [u8; 4], String)> =
            std::collections::VecDeque::new();
        let mut person = (flood.form().await, 0_u32, None);
        for second in 0..600_i64 {
            flood.at(second);
            for _ in 0..10 {
                // A program with forms that waited long enough sends these first.
                let (from, token) = match waiting.front() {
                    Some((ready, ..)) if *ready <= second => {
                        let (_, from, token) = waiting.pop_front().unwrap();
                        (from, token)
                    }
                    _ => (source(sent), flood.form_of(second - 5).await),
                };
                sent += 1;
                match flood.send(from, &token).await {
                    Ok(()) => through += 1,
                    Err(again) if is_patient => waiting.push_back((second + 20, from, again)),
                    Err(_) => {}
                }
            }
            // The person comes after five minutes, fills the form in, and waits twenty seconds each time.
            let (token, waits, done) = &mut person;
            if done.is_none() && second >= 300 && (second - 300) % 21 == 0 {
                match flood.send(honest, &token.clone()).await {
                    Ok(()) => *done = Some(second - 300),
                    Err(again) => {
                        *token = again;
                        *waits += 1;
                    }
                }
            }
        }
        let (_, waits, done) = person;
        let in_the_end = done.map_or("not within five minutes".to_owned(), |after| {
            format!("in after {waits} waits, {after} seconds")
        });
        println!(
            "flood from {what}: {through} of {sent} got through ({:.1} %); an honest applicant is {in_the_end}",
            100.0 * f64::from(through) / f64::from(sent)
        );
    }
}

/// A site whose clock the flood moves.
struct Flood {
    site: axum::Router,
    second: std::sync::Arc<std::sync::atomic::AtomicI64>,
    _test: TestDb,
}

impl Flood {
    async fn new() -> Flood {
        let test = sqlite().await;
        office(&test.db, "songxi", AgencyKind::Town).await;
        let second = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(0));
        let moved = second.clone();
        let now = move || {
            monday() + jiff::SignedDuration::from_secs(moved.load(std::sync::atomic::Ordering::SeqCst))
        };
        let about = Site {
            name: "青禾区政府信息公开".into(),
            organisation: "青禾区人民政府办公室".into(),
            contact: Contact::default(),
            secure_cookies: false,
        };
        let stores = Stores::in_folder(&test.folder.path().join("flood"), 1_000_000).unwrap();
        let app = App::new(test.db.clone(), stores, about, Clock::new(now), "flood");
        Flood { site: site(app), second, _test: test }
    }

    fn at(&self, second: i64) {
        self.second.store(second, std::sync::atomic::Ordering::SeqCst);
    }

    /// The token of a form shown now.
    async fn form(&self) -> String {
        let form = Request::get("/requests/new").body(Body::empty()).unwrap();
        let page = self.site.clone().oneshot(form).await.unwrap();
        let page = axum::body::to_bytes(page.into_body(), 1_000_000).await.unwrap();
        token_in(&String::from_utf8_lossy(&page))
    }

    /// The token of a form shown at another second.
    async fn form_of(&self, second: i64) -> String {
        let now = self.second.swap(second, std::sync::atomic::Ordering::SeqCst);
        let token = self.form().await;
        self.at(now);
        token
    }

    /// Taken in, or the token to come again with.
    async fn send(&self, from: [u8; 4], token: &str) -> Result<(), String> {
        let fields = "agency=songxi&applicant_kind=natural_person&applicant_name=%E4%BD%95\
                      &identity_number=990102199001011237&phone=0990-6600123&delivery=electronic_online\
                      &description=the-same-again-and-again";
        let mut post = Request::post("/requests")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("form_token={token}&{fields}")))
            .unwrap();
        let from = std::net::SocketAddr::from((from, 40_000));
        post.extensions_mut().insert(axum::extract::ConnectInfo(from));
        let answer = self.site.clone().oneshot(post).await.unwrap();
        if answer.status() == StatusCode::SEE_OTHER {
            return Ok(());
        }
        let page = axum::body::to_bytes(answer.into_body(), 1_000_000).await.unwrap();
        Err(token_in(&String::from_utf8_lossy(&page)))
    }
}

fn token_in(page: &str) -> String {
    page.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}
