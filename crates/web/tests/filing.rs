//! The public form as the attack surface it is: files, bodies that never end, floods, guesses — and the honest applicant
//! in the midst of it.

#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{Request, StatusCode};
use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::db::testing::{TestDb, databases, sqlite};
use gongkai_disclosure::requests::offers::counts;
use gongkai_disclosure::requests::public::already_public;
use gongkai_disclosure::requests::{by_number, evidence};
use gongkai_disclosure::testing::{Office, complete_draft, monday, office, signed_by_all, submitted};
use gongkai_web::page::Contact;
use gongkai_web::{App, Clock, Site, Stores, site};
use jiff::{SignedDuration, Timestamp};
use tower::ServiceExt;

/// A site whose clock the test moves.
struct World {
    test: TestDb,
    office: Office,
    app: App,
    seconds: Arc<AtomicI64>,
}

impl World {
    async fn new(test: TestDb) -> World {
        let office = office(&test.db, "QH", AgencyKind::Town).await;
        let about = Site {
            name: "青禾区政府信息公开".into(),
            organisation: "青禾区人民政府办公室".into(),
            contact: Contact::default(),
            secure_cookies: false,
        };
        let seconds = Arc::new(AtomicI64::new(0));
        let moved = seconds.clone();
        let now = move || -> Timestamp { monday() + SignedDuration::from_secs(moved.load(Ordering::SeqCst)) };
        let stores = Stores::in_folder(test.folder.path(), 1_000_000).unwrap();
        let app = App::new(test.db.clone(), stores, about, Clock::new(now), "filing-test");
        World { test, office, app, seconds }
    }

    fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    async fn send(
        &self,
        from: [u8; 4],
        mut request: Request<Body>,
    ) -> (StatusCode, axum::http::HeaderMap, String) {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((from, 40_000))));
        let response = site(self.app.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 20_000_000).await.unwrap();
        (parts.status, parts.headers, String::from_utf8_lossy(&body).into_owned())
    }

    /// The hidden fields of a fresh form: its token and the token of its files.
    async fn form(&self, from: [u8; 4]) -> (String, String) {
        let (_, _, page) = self.send(from, Request::get("/requests/new").body(Body::empty()).unwrap()).await;
        hidden(&page)
    }

    async fn requests(&self) -> i64 {
        let mut conn = self.test.db.read().await.unwrap();
        let filter = gongkai_disclosure::requests::RequestFilter {
            agencies: gongkai_disclosure::accounts::agencies(&mut conn)
                .await
                .unwrap()
                .into_iter()
                .map(|a| a.id)
                .collect(),
            ..Default::default()
        };
        let today = gongkai_disclosure::time::day_in_china(monday());
        let (_, total) = gongkai_disclosure::requests::list(&mut conn, &filter, today, 1, 1).await.unwrap();
        i64::try_from(total).unwrap()
    }
}

fn hidden(page: &str) -> (String, String) {
    let value = |name: &str| {
        let mark = format!("name=\"{name}\" value=\"");
        let at = page.find(&mark).unwrap_or_else(|| panic!("no {name} in {page}")) + mark.len();
        page[at..].split('"').next().unwrap().to_owned()
    };
    (value("form_token"), value("stage"))
}

const HONEST: [u8; 4] = [198, 51, 100, 7];

fn typed(token: &str, stage: &str) -> Vec<(&'static str, String)> {
    [
        ("form_token", token),
        ("stage", stage),
        ("agency", "QH"),
        ("applicant_kind", "natural_person"),
        ("applicant_name", "何小舟"),
        ("identity_number", "990102199001011237"),
        ("phone", "0990-6600123"),
        ("description", "2025年农村危房改造补助名单（第二批）"),
        ("delivery", "electronic_online"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

fn multipart(fields: &[(&str, String)], files: &[(&str, &str, &[u8])]) -> Request<Body> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .bytes(),
        );
    }
    for (name, file, bytes) in files {
        let head = format!(
            "--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: image/jpeg\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--b0undary--\r\n");
    Request::post("/requests")
        .header(CONTENT_TYPE, "multipart/form-data; boundary=b0undary")
        .body(Body::from(body))
        .unwrap()
}

const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 not much of a picture \xff\xd9";

#[tokio::test]
async fn a_file_that_passed_is_not_chosen_again_when_a_field_was_wrong() {
    for test in databases().await {
        let world = World::new(test).await;
        let (token, stage) = world.form(HONEST).await;
        world.pass(60);
        let mut wrong = typed(&token, &stage);
        wrong.retain(|(name, _)| *name != "phone");
        let files = [("file_identity", "C:\\证件\\身份证.jpg", JPEG), ("file_attachment", "a.jpg.exe", JPEG)];
        let (status, _, page) = world.send(HONEST, multipart(&wrong, &files)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("“身份证.jpg”") && page.contains("格式不能提交"), "{page}");
        assert!(page.contains("请填写联系电话或者电子邮箱"), "everything is said at once");
        assert!(page.contains("value=\"何小舟\""), "kept as typed");
        assert_eq!(world.requests().await, 0);

        let (token, again) = hidden(&page);
        assert_eq!(again, stage);
        let (status, headers, page) = world.send(HONEST, multipart(&typed(&token, &stage), &[])).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        let to = headers[LOCATION].to_str().unwrap().to_owned();
        let number = to.split('/').nth(2).unwrap().to_owned();
        let cookie = headers[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        let mut conn = world.test.db.read().await.unwrap();
        let dossier = by_number(&mut conn, &number).await.unwrap().unwrap();
        let kept = evidence::of_request(&mut conn, &dossier.request.id).await.unwrap();
        drop(conn);
        assert_eq!((kept.len(), kept[0].kind), (1, evidence::EvidenceKind::Identity));

        // A double click is one request, and its answer the same receipt.
        let (status, headers, _) = world.send(HONEST, multipart(&typed(&token, &stage), &[])).await;
        assert_eq!((status, headers[LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, to.as_str()));
        assert_eq!(world.requests().await, 1);
        let receipt = Request::get(&to).header(COOKIE, cookie).body(Body::empty()).unwrap();
        let (status, _, page) = world.send(HONEST, receipt).await;
        assert!(status == StatusCode::OK && page.contains(&number));
    }
}

#[tokio::test]
async fn a_form_without_files_or_script_still_works_and_a_trap_closes() {
    let world = World::new(sqlite().await).await;
    let (token, stage) = world.form(HONEST).await;
    world.pass(60);
    let encoded = |fields: &[(&str, String)]| {
        let pairs: Vec<String> =
            fields.iter().map(|(n, v)| format!("{n}={}", gongkai_web::forms::encode(v))).collect();
        Request::post("/requests")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(pairs.join("&")))
            .unwrap()
    };
    let mut trapped = typed(&token, &stage);
    trapped.push(("homepage", "http://spam.example".into()));
    let (status, _, _) = world.send(HONEST, encoded(&trapped)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, _, _) = world.send(HONEST, encoded(&typed(&token, &stage))).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let mut unsigned = typed("", "");
    unsigned.remove(0);
    let (status, _, page) = world.send(HONEST, encoded(&unsigned)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "a form that never was ours");
    assert!(page.contains("填写的内容都还在"));
    assert_eq!(world.requests().await, 1);
}

#[tokio::test]
async fn two_gigabytes_are_refused_before_they_are_read() {
    const TWO_GB: u64 = 2 * 1024 * 1024 * 1024;
    let world = World::new(sqlite().await).await;
    let sent = Arc::new(AtomicUsize::new(0));
    // Chunks of 64 KB, made one by one as they are asked for.
    let endless = |sent: Arc<AtomicUsize>| {
        let head = "--b0undary\r\nContent-Disposition: form-data; name=\"file_identity\"; filename=\"a.jpg\"\r\n\r\n";
        let chunk = Bytes::from(vec![0xff; 64 * 1024]);
        let chunks = std::iter::once(Bytes::from(head)).chain(std::iter::repeat_n(chunk, 32 * 1024)).map(
            move |bytes| {
                sent.fetch_add(bytes.len(), Ordering::SeqCst);
                Ok::<_, std::io::Error>(bytes)
            },
        );
        Body::from_stream(Pieces(Box::new(chunks)))
    };
    let request = |body| {
        Request::post("/requests").header(CONTENT_TYPE, "multipart/form-data; boundary=b0undary").body(body)
    };
    let mut announced = request(endless(sent.clone())).unwrap();
    announced.headers_mut().insert(CONTENT_LENGTH, TWO_GB.into());
    let (status, _, page) = world.send(HONEST, announced).await;
    assert_eq!(
        (status, sent.load(Ordering::SeqCst)),
        (StatusCode::PAYLOAD_TOO_LARGE, 0),
        "not a byte was read"
    );
    assert!(page.contains("提交的内容过大"));

    let (status, _, _) = world.send(HONEST, request(endless(sent.clone())).unwrap()).await;
    let read = sent.load(Ordering::SeqCst);
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(read < 90 * 1024 * 1024, "{read} bytes were read of a body that said nothing of its length");
    let files = std::fs::read_dir(world.test.folder.path().join("files")).map(Iterator::count).unwrap_or(0);
    assert_eq!(files, 0, "nothing of it was kept");

    // One large file among good ones: refused by itself, the others are kept.
    let large = vec![0xff; evidence::LARGEST + 1];
    let (token, stage) = world.form(HONEST).await;
    let files = [("file_identity", "a.jpg", JPEG), ("file_attachment", "b.jpg", &large[..])];
    let (status, _, page) = world.send(HONEST, multipart(&typed(&token, &stage), &files)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("“b.jpg”超过10 MB") && page.contains("“a.jpg”"), "{page}");
}

type Piece = Result<Bytes, std::io::Error>;

/// A stream out of what is at hand.
struct Pieces(Box<dyn Iterator<Item = Piece> + Send>);

impl futures_core::Stream for Pieces {
    type Item = Piece;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Piece>> {
        std::task::Poll::Ready(self.0.next())
    }
}

#[tokio::test]
async fn a_flood_from_one_address_is_held_and_an_honest_applicant_behind_it_gets_through() {
    const OFFICE: [u8; 4] = [203, 0, 113, 9];
    let world = World::new(sqlite().await).await;
    let (honest, stage) = world.form(OFFICE).await;
    let mut through = 0;
    const SENT: i64 = 200;
    for n in 0..SENT {
        // Each with a fresh form, filled in a plausible time, from a program that does not wait when told to.
        let (token, stage) = world.form(OFFICE).await;
        if n % 5 == 0 {
            world.pass(4);
        }
        let (status, _, _) = world.send(OFFICE, multipart(&typed(&token, &stage), &[])).await;
        through += i64::from(status == StatusCode::SEE_OTHER);
    }
    assert!(through * 20 <= SENT, "{through} of {SENT} got through");
    let (status, headers, page) = world.send(OFFICE, multipart(&typed(&honest, &stage), &[])).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(headers["retry-after"], "20");
    assert!(page.contains("value=\"何小舟\"") && page.contains("等20秒"), "nothing is lost");
    world.pass(21);
    let (token, stage) = hidden(&page);
    let (status, _, _) = world.send(OFFICE, multipart(&typed(&token, &stage), &[])).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "the honest applicant is through after one short wait");
    let (token, stage) = world.form(HONEST).await;
    world.pass(4);
    let (status, _, _) = world.send(HONEST, multipart(&typed(&token, &stage), &[])).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "others notice nothing");
}

#[tokio::test]
async fn a_wrong_code_and_a_wrong_number_are_answered_alike_by_every_way_in() {
    let world = World::new(sqlite().await).await;
    let (token, stage) = world.form(HONEST).await;
    world.pass(10);
    let (_, headers, _) = world.send(HONEST, multipart(&typed(&token, &stage), &[])).await;
    let number = headers[LOCATION].to_str().unwrap().split('/').nth(2).unwrap().to_owned();
    let guess = |number: &str| {
        let body = format!("number={number}&query_code=ABCDEFGH2345");
        Request::post("/requests/track")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap()
    };
    let (status, _, there) = world.send([203, 0, 113, 1], guess(&number)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, _, nowhere) = world.send([203, 0, 113, 2], guess("QH-SQ-2026-9999")).await;
    assert_eq!(there.replace(&number, "N"), nowhere.replace("QH-SQ-2026-9999", "N"));
    // The receipt is a way in as well: guesses in its cookie count, and an address that guesses has to rest.
    let by_cookie = || {
        Request::get(format!("/requests/{number}/receipt"))
            .header(COOKIE, "gongkai_receipt=ABCDEFGH2345")
            .body(Body::empty())
            .unwrap()
    };
    let from = [203, 0, 113, 3];
    for _ in 0..3 {
        let (status, headers, _) = world.send(from, by_cookie()).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(headers[LOCATION].to_str().unwrap().starts_with("/requests/track"));
    }
    let start = std::time::Instant::now();
    for _ in 0..2 {
        world.send(from, guess(&number)).await;
    }
    world.send(from, by_cookie()).await;
    assert!(start.elapsed().as_millis() >= 900, "the sixth guess is slower, whichever way it comes");
}

/// Those who find what they seek among what is offered leave without a request: it is counted, and nothing of theirs kept.
#[tokio::test]
async fn an_applicant_whom_an_offer_helps_leaves_without_asking() {
    for test in databases().await {
        let world = World::new(test).await;
        let title = "2025年农村危房改造补助名单（第二批）";
        let number = published(&world, title).await;
        let (token, stage) = world.form(HONEST).await;
        world.pass(60);
        let files = [("file_identity", "身份证.jpg", JPEG)];
        let (status, _, page) = world.send(HONEST, multipart(&typed(&token, &stage), &files)).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("这些信息已经公开") && page.contains(title), "{page}");
        assert_eq!(world.requests().await, 0);
        let (token, stage) = hidden(&page);
        let mark = format!("mark-{number}");
        assert!(page.contains(&format!("name=\"{mark}\"")), "{page}");

        let mut leaving = typed(&token, &stage);
        leaving.push(("leaves", "1".into()));
        let mut body: Vec<(&str, String)> = leaving.clone();
        body.push((mark.as_str(), "helped".into()));
        let (status, _, page) = world.send(HONEST, multipart(&body, &[])).await;
        assert!(status == StatusCode::OK && page.contains("没有提交申请") && page.contains(title), "{page}");
        let waits = evidence::staged(&mut world.test.db.read().await.unwrap(), &stage).await.unwrap();
        assert_eq!((waits.len(), world.requests().await), (0, 0), "nothing of theirs is kept");
        // The same form again counts nothing more: its token is used up.
        world.send(HONEST, multipart(&body, &[])).await;
        let counted = counts(&mut world.test.db.read().await.unwrap(), "").await.unwrap();
        assert_eq!(counted.len(), 1);
        assert_eq!((counted[0].shown, counted[0].helped, counted[0].spared), (1, 1, 1));

        // Another goes on all the same, and says that it was not it.
        let (token, stage) = world.form(HONEST).await;
        world.pass(60);
        let mut on = typed(&token, &stage);
        on.push(("went_on", "1".into()));
        let mut body: Vec<(&str, String)> = on.clone();
        body.push((mark.as_str(), "missed".into()));
        body.push(("mark-NOBODY-2026-1", "helped".into()));
        let (status, _, page) = world.send(HONEST, multipart(&body, &[])).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        let counted = counts(&mut world.test.db.read().await.unwrap(), "").await.unwrap();
        assert_eq!(counted.len(), 1, "what was not offered is not counted");
        assert_eq!((counted[0].shown, counted[0].missed, counted[0].spared), (2, 1, 1));

        // A program that leaves again and again counts for little.
        const BUSY: [u8; 4] = [203, 0, 113, 40];
        for _ in 0..100 {
            let (token, stage) = world.form(BUSY).await;
            world.pass(4);
            let mut leaving = typed(&token, &stage);
            leaving.push(("leaves", "1".into()));
            let mut body: Vec<(&str, String)> = leaving.clone();
            body.push((mark.as_str(), "helped".into()));
            world.send(BUSY, multipart(&body, &[])).await;
        }
        let counted = counts(&mut world.test.db.read().await.unwrap(), "").await.unwrap();
        assert!(counted[0].spared < 50, "{counted:?}");
    }
}

/// Something public, signed by all; its index number.
async fn published(world: &World, title: &str) -> String {
    let (_, review) = submitted(&world.test.db, &world.office, &complete_draft(title)).await;
    signed_by_all(&world.test.db, &world.office, &review).await;
    let mut conn = world.test.db.read().await.unwrap();
    already_public(&mut conn, "QH", title).await.unwrap().remove(0).index_number
}

/// 投诉举报 stands behind the same door as requests. 《条例》第五十一条.
#[tokio::test]
async fn a_flood_of_complaints_is_held_and_an_honest_one_gets_through() {
    const OFFICE: [u8; 4] = [203, 0, 113, 9];
    let world = World::new(sqlite().await).await;
    let token = async |from| {
        let (_, _, page) = world.send(from, Request::get("/grievances").body(Body::empty()).unwrap()).await;
        token_of(&page)
    };
    let complaint = |token: &str| {
        let fields = [
            ("form_token", token),
            ("agency", "QH"),
            ("kind", "complaint"),
            ("about", "青禾区测试机关"),
            ("statement", "申请公开的信息逾期没有答复"),
            ("person_name", "何小舟"),
            ("contact", "0990-6600123"),
        ];
        let pairs: Vec<String> =
            fields.iter().map(|(n, v)| format!("{n}={}", gongkai_web::forms::encode(v))).collect();
        Request::post("/grievances")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(pairs.join("&")))
            .unwrap()
    };
    let honest = token(OFFICE).await;
    const SENT: i64 = 200;
    let mut through = 0;
    for n in 0..SENT {
        let fresh = token(OFFICE).await;
        if n % 5 == 0 {
            world.pass(4);
        }
        let (status, _, _) = world.send(OFFICE, complaint(&fresh)).await;
        through += i64::from(status == StatusCode::OK);
    }
    assert!(through > 0 && through * 5 < SENT, "{through} of {SENT} got through");
    let (status, headers, page) = world.send(OFFICE, complaint(&honest)).await;
    assert_eq!((status, headers["retry-after"].to_str().unwrap()), (StatusCode::TOO_MANY_REQUESTS, "20"));
    assert!(page.contains("value=\"何小舟\""), "nothing is lost");
    world.pass(21);
    let (status, _, page) = world.send(OFFICE, complaint(&token_of(&page))).await;
    assert!(status == StatusCode::OK && page.contains("查询码"), "through after one short wait: {page}");
    let elsewhere = token(HONEST).await;
    world.pass(4);
    let (status, _, _) = world.send(HONEST, complaint(&elsewhere)).await;
    assert_eq!(status, StatusCode::OK, "others notice nothing");
    // Nobody is counted twice for what was never taken.
    let mut conn = world.test.db.read().await.unwrap();
    let agency = gongkai_disclosure::accounts::agencies(&mut conn).await.unwrap().remove(0);
    let kept = gongkai_disclosure::grievances::list(&mut conn, &agency.id, "").await.unwrap();
    assert_eq!(i64::try_from(kept.len()).unwrap(), through + 2);
}

fn token_of(page: &str) -> String {
    let at = page.find("name=\"form_token\" value=\"").unwrap_or_else(|| panic!("no token in {page}"));
    page[at..].split('"').nth(3).unwrap().to_owned()
}

/// A body that comes, and then comes no more.
struct Stops(Option<Bytes>);

impl futures_core::Stream for Stops {
    type Item = Piece;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Piece>> {
        match self.0.take() {
            Some(bytes) => std::task::Poll::Ready(Some(Ok(bytes))),
            None => std::task::Poll::Pending,
        }
    }
}

#[tokio::test]
async fn a_sender_that_stops_is_not_waited_for_and_holds_nobody_up() {
    let world = World::new(sqlite().await).await;
    let stalled = || {
        let head = "--b0undary\r\nContent-Disposition: form-data; name=\"file_identity\"; filename=\"a.jpg\"\r\n\r\n";
        Request::post("/requests")
            .header(CONTENT_TYPE, "multipart/form-data; boundary=b0undary")
            .body(Body::from_stream(Stops(Some(Bytes::from(head)))))
            .unwrap()
    };
    let start = std::time::Instant::now();
    let (token, stage) = world.form(HONEST).await;
    world.pass(60);
    let honest = async {
        let answer = world.send(HONEST, multipart(&typed(&token, &stage), &[])).await;
        (answer.0, start.elapsed().as_secs())
    };
    let slow = futures_util::future::join_all((0..20).map(|n| world.send([203, 0, 113, n], stalled())));
    let (answers, (status, after)) = tokio::join!(slow, honest);
    assert!(status == StatusCode::SEE_OTHER && after < 10, "the honest one waits for nobody: {after} s");
    for (status, _, page) in answers {
        assert!(status.is_client_error() && page.contains("没有传完"), "{status}: {page}");
    }
    assert!((15..40).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    assert_eq!(world.requests().await, 1);
}
