//! 检索 through the site, over both engines: attachments, numbers, facets, days, suggestions, and what people should not send.

#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::db::testing::{TestDb, databases};
use gongkai_disclosure::files::FileStore;
use gongkai_disclosure::publishing::actions::{attach, submit};
use gongkai_disclosure::testing::{
    Office, complete_draft, drafted, monday, office, signed_by_all, submitted,
};
use gongkai_web::page::Contact;
use gongkai_web::{App, Clock, Site, Stores, site};
use tower::ServiceExt;

fn app(test: &TestDb) -> App {
    let about = Site {
        name: "青禾区政府信息公开".into(),
        organisation: "青禾区人民政府办公室".into(),
        contact: Contact { domain: "gongkai.example".into(), ..Contact::default() },
        secure_cookies: false,
    };
    let stores = Stores::in_folder(test.folder.path(), 1_000_000).unwrap();
    App::new(test.db.clone(), stores, about, Clock::new(monday), "search-test")
}

async fn read(app: &App, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).header("host", "elsewhere.example").body(Body::empty()).unwrap();
    let response = site(app.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 10_000_000).await.unwrap();
    (status, String::from_utf8_lossy(&body).into_owned())
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn search(app: &App, typed: &str, rest: &str) -> String {
    let (status, body) = read(app, &format!("/search?q={}{rest}", encoded(typed))).await;
    assert_eq!(status, StatusCode::OK, "{typed}{rest}: {body}");
    body
}

async fn publish_with_file(test: &TestDb, office: &Office, title: &str, name: &str, text: &str) {
    let draft = drafted(&test.db, office, &complete_draft(title)).await;
    let files = FileStore::in_folder(&test.folder.path().join("files"), 1_000_000).unwrap();
    let kept = files.keep(name, text.as_bytes()).await.unwrap();
    let prepared = files.prepare(kept).await.unwrap();
    let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
    attach(&mut tx, &office.officer, &draft.edition_id, &prepared).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
    let review = submit(&mut tx, &office.officer, &draft.edition_id, 1).await.unwrap();
    tx.commit().await.unwrap();
    signed_by_all(&test.db, office, &review).await;
}

#[tokio::test]
async fn a_reader_finds_what_is_public_however_it_is_typed() {
    for test in databases().await {
        let town = office(&test.db, "songxi", AgencyKind::Town).await;
        let bureau = office(&test.db, "caizheng", AgencyKind::Bureau).await;
        publish_with_file(&test, &town, "农村危房改造公示", "名单.txt", "第一批\n石桥村二组三户\n").await;
        let mut draft = complete_draft("养老服务补贴发放办法");
        draft.document_number = "青禾财发〔2026〕7号".into();
        draft.made_on = "2026-02-10".into();
        let (_, review) = submitted(&test.db, &bureau, &draft).await;
        signed_by_all(&test.db, &bureau, &review).await;
        let app = app(&test);
        app.catch_up().await.unwrap();

        let page = search(&app, "石桥村二组", "").await;
        assert!(page.contains("共找到 1 条") && page.contains("附件 名单.txt，第 2 行"), "{page}");
        assert!(page.contains("<mark>石桥村二组</mark>"));
        for typed in [
            "青禾财发[2026]第7号",
            "青禾财发（２０２６）七号",
            "caizheng/2026-1",
            "yanglaofuwu",
            "ylfw",
            "养",
            "养老 办法",
        ] {
            assert!(search(&app, typed, "").await.contains("/entries/caizheng/2026-00001"), "{typed}");
        }
        assert!(search(&app, "yanglaofuwu", "").await.contains("按拼音查找标题"));
        let page = search(&app, "养老付务补贴", "").await;
        assert!(page.contains("您是不是要找") && page.contains(">养老服务补贴</a>"), "{page}");
        assert!(
            search(&app, "办法", "&agency=caizheng&from=2026-02-10&until=2026-02-10")
                .await
                .contains("共找到 1 条")
        );
        assert!(search(&app, "办法", "&from=2026-02-11").await.contains("去掉筛选条件"));
        assert!(
            search(&app, "", "&agency=songxi").await.contains("共找到 1 条"),
            "narrowing alone is a search, too"
        );
        // Both orders by day show everything; an order nobody knows is the usual one.
        for sort in ["newest", "oldest", "'; DROP TABLE entries; --"] {
            assert!(search(&app, "办", &format!("&sort={}", encoded(sort))).await.contains("caizheng"));
        }
    }
}

#[tokio::test]
async fn nonsense_costs_little_and_gets_an_answer() {
    for test in databases().await {
        let town = office(&test.db, "songxi", AgencyKind::Town).await;
        let (_, review) = submitted(&test.db, &town, &complete_draft("农村危房改造公示")).await;
        signed_by_all(&test.db, &town, &review).await;
        let app = app(&test);
        app.catch_up().await.unwrap();
        let long = "危".repeat(5_000);
        let odd = [
            "\u{0}",
            "\u{202e}\u{200b}",
            "e\u{301}\u{327}",
            "🀄👨‍👩‍👧",
            "ﷺ",
            "\u{fffd}",
            "\u{10ffff}",
            "〔2026〕",
            "𠮷野家",
            "a\" OR \"1\"=\"1",
            "title:[* TO *]",
            "/.*/",
            "危*房?",
            "危~2",
            "(危 AND",
            "+危 -房",
            "{!lucene}",
            "<mark>",
            "%",
            "_",
            "'",
            "\\",
            ";--",
            "危^1000000",
            &long,
        ];
        for typed in odd {
            for rest in [
                "",
                "&page=99999999999999999999",
                "&page=-1&agency=%00&year=9999999",
                "&from=2026-02-30&until=0000-00-00",
            ] {
                let start = Instant::now();
                let page = search(&app, typed, rest).await;
                assert!(start.elapsed() < Duration::from_secs(2), "{typed:?}{rest}");
                assert!(!page.contains("<mark><mark>") && page.contains("</html>"));
            }
        }
        for rest in [
            "&from=2026-02-30",
            "&from=yesterday",
            "&until=2026-13-01",
            "&from=%FF%FE",
            "&from=2026-01-01T00:00",
        ] {
            assert!(
                search(&app, "危房", rest).await.contains("共找到 1 条"),
                "{rest}: what is no day narrows nothing"
            );
        }
        assert!(search(&app, "危房", "&from=2027-01-01&until=2020-01-01").await.contains("没有找到"));
        let deep = search(&app, "危房", "&page=50").await;
        assert!(deep.contains("没有找到") || deep.contains("共找到"), "{deep}");
        // Bytes that are no text, and signs that are not encoded.
        for path in [
            "/search?q=%FF%FE%80",
            "/search?q=%",
            "/search?q=%E5%8D",
            "/search?&&&===&q",
            "/search?q=a&q=b&q=c",
        ] {
            assert_eq!(read(&app, path).await.0, StatusCode::OK, "{path}");
        }
    }
}

/// A megabyte in the address is refused by the server before anything is read of it.
#[tokio::test]
async fn a_megabyte_is_refused() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let test = gongkai_disclosure::db::testing::sqlite().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(gongkai_web::serve(app(&test), listener, std::future::pending()));
    for (length, expected) in [(60_000, "200"), (1_000_000, "4")] {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = format!("GET /search?q={} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(length));
        let _ = stream.write_all(request.as_bytes()).await;
        let mut head = vec![0; 12];
        stream.read_exact(&mut head).await.unwrap();
        let status = String::from_utf8_lossy(&head[9..]).into_owned();
        assert!(status.starts_with(expected), "{length}: {status}");
    }
}

async fn send(app: &App, path: &str, form: &str) -> (StatusCode, String) {
    let request = Request::post(path)
        .header("host", "elsewhere.example")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(form.to_owned()))
        .unwrap();
    let response = site(app.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 10_000_000).await.unwrap();
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn a_search_is_had_by_mail_and_as_a_feed() {
    use gongkai_disclosure::subscriptions::all;
    for test in databases().await {
        let town = office(&test.db, "songxi", AgencyKind::Town).await;
        for title in ["养老服务补贴发放办法", "农村危房改造公示<b>&"] {
            let (_, review) = submitted(&test.db, &town, &complete_draft(title)).await;
            signed_by_all(&test.db, &town, &review).await;
        }
        let app = app(&test);
        app.catch_up().await.unwrap();
        let typed = encoded("养老服务");
        let (status, feed) = read(&app, &format!("/search.atom?q={typed}")).await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            feed.matches("<entry>").count() == 1 && feed.contains("<title>养老服务补贴发放办法</title>"),
            "{feed}"
        );
        assert!(feed.contains("http://gongkai.example/entries/") && !feed.contains("elsewhere"), "{feed}");
        let (_, feed) = read(&app, &format!("/search.atom?q={}", encoded("公示<b>&"))).await;
        assert!(feed.contains("公示&lt;b&gt;&amp;</title>") && !feed.contains("<b>"), "{feed}");

        let (status, form) = read(&app, &format!("/subscriptions/new?q={typed}&agency=songxi")).await;
        assert!(
            status == StatusCode::OK && form.contains("养老服务，") && form.contains("/search.atom?q="),
            "{form}"
        );
        let wish = |email: &str| format!("search=q%3D{}&email={email}", typed.replace('%', "%25"));
        let (status, again) = send(&app, "/subscriptions", &wish("wang%40")).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && again.contains("电子邮箱写得不对"), "{again}");
        let (status, asked) = send(&app, "/subscriptions", &wish("wang%40example.org")).await;
        assert!(status == StatusCode::OK && asked.contains("请到邮箱确认"), "{asked}");
        let one = all(&mut test.db.read().await.unwrap()).await.unwrap().remove(0);
        assert_eq!(one.address_opened(test.db.keys()).unwrap(), "wang@example.org");
        // The request called this site something else.
        assert_eq!(one.site, "http://gongkai.example");
        assert_eq!((one.words.as_str(), &one.confirmed_at), ("养老服务", &None));
        let place = format!("/subscriptions/{}", one.token);
        // Looking at the page confirms nothing: programs that read mail open every link.
        assert!(read(&app, &place).await.1.contains("确认订阅</button>"));
        assert!(all(&mut test.db.read().await.unwrap()).await.unwrap()[0].confirmed_at.is_none());
        assert_eq!(send(&app, &format!("{place}/confirmation"), "").await.0, StatusCode::SEE_OTHER);
        assert!(read(&app, &place).await.1.contains("订阅已生效"));
        // A mail program opens the way out, or ends it with one click.
        assert!(read(&app, &format!("{place}/removal")).await.1.contains("退订"));
        let one_click = send(&app, &format!("{place}/removal"), "List-Unsubscribe=One-Click").await;
        assert_eq!(one_click, (StatusCode::OK, "已退订。".into()));
        for (path, asked) in [
            (place.clone(), None),
            (format!("{place}/removal"), Some("")),
            (format!("{place}/confirmation"), Some("")),
        ] {
            let (status, _) = match asked {
                None => read(&app, &path).await,
                Some(form) => send(&app, &path, form).await,
            };
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(all(&mut test.db.read().await.unwrap()).await.unwrap(), []);
    }
}

#[tokio::test]
async fn policies_say_whom_to_ask_and_the_map_leads_everywhere() {
    for test in databases().await {
        let town = office(&test.db, "songxi", AgencyKind::Town).await;
        let mut policy = complete_draft("养老服务补贴发放办法");
        policy.genre = "policy".into();
        let (_, review) = submitted(&test.db, &town, &policy).await;
        signed_by_all(&test.db, &town, &review).await;
        let app = app(&test);
        app.catch_up().await.unwrap();
        let (_, page) = read(&app, "/policies?genre=policy").await;
        assert!(page.contains("养老服务补贴发放办法") && page.contains("咨询："), "{page}");
        assert!(
            read(&app, "/policies?genre=interpretation&agency=%00&page=999999")
                .await
                .1
                .contains("没有这样的政策")
        );
        let (_, map) = read(&app, "/site-map").await;
        let links: Vec<&str> =
            map.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        for link in links.into_iter().filter(|link| link.starts_with('/') && !link.starts_with("/display")) {
            let (status, _) = read(&app, &link.replace("&amp;", "&")).await;
            assert_eq!(status, StatusCode::OK, "{link}");
        }
    }
}
