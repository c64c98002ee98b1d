//! What the public reads, over both engines: what is released is everywhere it should be, what is not is nowhere.

#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, ETAG, HOST, IF_NONE_MATCH,
};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::accounts::actions::log_in;
use gongkai_disclosure::db::testing::{TestDb, databases};
use gongkai_disclosure::files::FileStore;
use gongkai_disclosure::publishing::actions::{attach, revise, save_draft, submit, withdraw};
use gongkai_disclosure::publishing::{Draft, Genre, WithdrawalClass, public};
use gongkai_disclosure::secrets::digest;
use gongkai_disclosure::testing::{
    Office, complete_draft, drafted, monday, office, signed_by_all, submitted,
};
use gongkai_web::page::Contact;
use gongkai_web::{App, Clock, Site, Stores, routes, site};
use tower::ServiceExt;

fn app(test: &TestDb) -> App {
    let about = Site {
        name: "青禾区政府信息公开".into(),
        organisation: "青禾区人民政府办公室".into(),
        contact: Contact::default(),
        secure_cookies: false,
    };
    let stores = Stores::in_folder(test.folder.path(), 1_000_000).unwrap();
    App::new(test.db.clone(), stores, about, Clock::new(monday), "portal-test")
}

async fn ask(app: &App, path: &str, headers: &[(axum::http::HeaderName, &str)]) -> Response {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    site(app.clone()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn read(app: &App, path: &str) -> (StatusCode, String) {
    let response = ask(app, path, &[(HOST, "gongkai.example")]).await;
    let status = response.status();
    let body = to_bytes(response.into_body(), 10_000_000).await.unwrap();
    (status, String::from_utf8_lossy(&body).into_owned())
}

async fn page(app: &App, path: &str) -> String {
    let (status, body) = read(app, path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

/// Drafts, submits, signs: the index number it got.
async fn publish(test: &TestDb, office: &Office, draft: &Draft) -> (String, String) {
    let (drafted, review) = submitted(&test.db, office, draft).await;
    signed_by_all(&test.db, office, &review).await;
    let mut conn = test.db.read().await.unwrap();
    let entry = public::by_id(&mut conn, &drafted.entry_id).await.unwrap().expect("a released entry");
    (drafted.entry_id, entry.index_number)
}

/// Where a title could appear.
async fn places(app: &App, office: &Office) -> Vec<(String, String)> {
    let code = &office.agency.code;
    let paths = [
        "/".to_owned(),
        "/catalogue".to_owned(),
        format!("/catalogue?agency={code}"),
        "/catalogue?sort=made".to_owned(),
        format!("/agencies/{code}"),
        "/search?q=%E5%8C%BB%E4%BF%9D%E7%BC%B4%E8%B4%B9".to_owned(), // 医保缴费
    ];
    let mut seen = Vec::new();
    for path in paths {
        let body = page(app, &path).await;
        seen.push((path, body));
    }
    seen
}

#[tokio::test]
async fn what_is_released_is_everywhere() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let app = app(&test);
        for (path, body) in places(&app, &office).await {
            assert!(!body.contains("医保缴费通知"), "{path}");
        }
        let (_, number) = publish(&test, &office, &complete_draft("医保缴费通知")).await;
        assert_eq!(number, "songxi/2026-00001");
        app.catch_up().await.unwrap();
        for (path, body) in places(&app, &office).await {
            let shown = body.replace("<mark>", "").replace("</mark>", "");
            assert!(shown.contains("医保缴费通知"), "{path}: {body}");
            assert!(body.contains("/entries/songxi/2026-00001"), "{path}");
        }
        let entry = page(&app, "/entries/songxi/2026-00001").await;
        for word in [
            "医保缴费通知",
            "songxi/2026-00001",
            "告知缴费时间和地点。",
            "2026-10-30",
            "集中缴费自11月1日开始",
            "第 1 版",
            "初审",
            "保密审查",
        ] {
            assert!(entry.contains(word), "{word}");
        }
        let map = page(&app, "/sitemap.xml").await;
        assert!(map.contains("<loc>http://gongkai.example/entries/songxi/2026-00001</loc>"), "{map}");
    }
}

#[tokio::test]
async fn what_is_not_released_is_nowhere() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let app = app(&test);
        let (_, number) = publish(&test, &office, &complete_draft("公开的通知")).await;
        let hidden = Draft { keywords: "绝密词".into(), ..complete_draft("不该看到的草稿") };
        let draft = drafted(&test.db, &office, &hidden).await;
        let (in_review, _) = submitted(&test.db, &office, &Draft { ..hidden.clone() }).await;
        // A revision of what is public, with other words and a file of its own.
        let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
        let entry_id = {
            let (agency, serial) = number.split_once('/').unwrap();
            match public::find(tx.conn(), agency, serial).await.unwrap() {
                Some(public::Found::Entry(entry)) => entry.id,
                other => panic!("{other:?}"),
            }
        };
        let revision = revise(&mut tx, &office.officer, &entry_id).await.unwrap();
        let words = Draft { change_note: "改".into(), ..hidden.clone() };
        save_draft(&mut tx, &office.officer, &revision.edition_id, 1, &words).await.unwrap();
        let files = FileStore::in_folder(&test.folder.path().join("files"), 1_000_000).unwrap();
        let file = files.keep("不该看到的草稿.txt", "秘密".as_bytes()).await.unwrap();
        let file = files.prepare(file).await.unwrap();
        let attachment = attach(&mut tx, &office.officer, &revision.edition_id, &file).await.unwrap();
        tx.commit().await.unwrap();
        app.catch_up().await.unwrap();

        let ids = [&draft.entry_id, &draft.edition_id, &in_review.entry_id, &in_review.edition_id];
        let mut tried = 0;
        for route in routes::table() {
            if route.method != "GET" || route.path.starts_with("/console") {
                continue;
            }
            let fillings: Vec<Vec<&str>> = ids
                .iter()
                .map(|id| vec!["songxi", id.as_str(), attachment.as_str()])
                .chain([vec!["songxi", "2026-00001", &attachment], vec!["songxi", "2026-00002", &attachment]])
                .chain(ids.iter().map(|id| vec![id.as_str(), "2026", attachment.as_str()]))
                .collect();
            for filling in fillings {
                let mut parts = filling.iter();
                let path: Vec<&str> = route
                    .path
                    .split('/')
                    .map(|part| if part.starts_with('{') { parts.next().unwrap_or(&"x") } else { part })
                    .collect();
                let path = path.join("/");
                let queries =
                    ["", "?q=%E4%B8%8D%E8%AF%A5%E7%9C%8B%E5%88%B0", "?q=%E7%BB%9D%E5%AF%86%E8%AF%8D"];
                for query in queries {
                    let (_, body) = read(&app, &format!("{path}{query}")).await;
                    let typed = body.replace("value=\"不该看到\"", "").replace("value=\"绝密词\"", "");
                    // The feed of a search says what was asked, too.
                    let typed = typed.replace("：不该看到</title>", "");
                    let typed = typed.replace("“不该看到”", "").replace("不该看到 的搜索结果", "");
                    for word in ["不该看到", "秘密", "2026-00002"] {
                        let leaks = typed.contains(word) && !path.contains("2026-00002");
                        assert!(!leaks, "{path}{query} shows {word}: {typed}");
                    }
                    tried += 1;
                }
            }
        }
        assert!(tried > 300, "the walk must reach the routes: {tried}");
        let (status, _) = read(&app, &format!("/entries/songxi/2026-00001/files/{attachment}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_withdrawn_entry_leaves_its_reason() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let app = app(&test);
        let (entry_id, _) = publish(&test, &office, &complete_draft("医保缴费通知")).await;
        app.catch_up().await.unwrap();
        page(&app, "/entries/songxi/2026-00001").await;
        let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
        let class = WithdrawalClass::Mistaken.code();
        withdraw(&mut tx, &office.officer, &entry_id, class, "缴费地点有误，将重新发布。").await.unwrap();
        tx.commit().await.unwrap();
        app.catch_up().await.unwrap();
        let (status, body) = read(&app, "/entries/songxi/2026-00001").await;
        assert_eq!(status, StatusCode::GONE);
        assert!(body.contains("内容有误") && body.contains("缴费地点有误，将重新发布。"), "{body}");
        assert!(!body.contains("集中缴费"), "{body}");
        for (path, body) in places(&app, &office).await {
            assert!(!body.contains("songxi/2026-00001"), "{path}: {body}");
        }
        assert_eq!(read(&app, "/entries/songxi/2026-00099").await.0, StatusCode::NOT_FOUND);
        assert_eq!(read(&app, "/agencies/nowhere").await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn hostile_text_is_inert() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let app = app(&test);
        let evil = "<script>alert(1)</script>";
        let draft = Draft {
            title: format!("医保{evil}"),
            summary: format!("概述{evil}\"'"),
            keywords: evil.into(),
            body: format!(
                "<p onclick=\"x()\">正文{evil}<img src=x onerror=x()></p><a href=\"javascript:x()\">链接</a>"
            ),
            ..complete_draft("")
        };
        publish(&test, &office, &draft).await;
        app.catch_up().await.unwrap();
        let paths = [
            "/",
            "/catalogue",
            "/agencies/songxi",
            "/entries/songxi/2026-00001",
            "/search?q=%E5%8C%BB%E4%BF%9D",
            "/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E&agency=%22%3E%3Cscript%3E",
            "/catalogue?agency=%22%3E%3Cscript%3E&category=%3Cscript%3E&year=%3Cscript%3E&line=%3Cscript%3E",
        ];
        for path in paths {
            let body = page(&app, path).await;
            for live in ["<script", "<img", "javascript:", "onclick=\"", "onerror=x"] {
                assert!(!body.contains(live), "{path} holds {live}: {body}");
            }
        }
        let entry = page(&app, "/entries/songxi/2026-00001").await;
        assert!(entry.contains("正文") && entry.contains("&#60;script&#62;"), "{entry}");
    }
}

#[tokio::test]
async fn attachments_come_with_their_name_and_kind() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let app = app(&test);
        let drafted = drafted(&test.db, &office, &complete_draft("医保缴费通知")).await;
        let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
        let file = app.files.keep("缴费 名单(1).txt", "张三 380元".as_bytes()).await.unwrap();
        let file = app.files.prepare(file).await.unwrap();
        let id = attach(&mut tx, &office.officer, &drafted.edition_id, &file).await.unwrap();
        let review = submit(&mut tx, &office.officer, &drafted.edition_id, 1).await.unwrap();
        tx.commit().await.unwrap();
        let address = format!("/entries/songxi/2026-00001/files/{id}");
        assert_eq!(read(&app, &address).await.0, StatusCode::NOT_FOUND, "not released yet");
        signed_by_all(&test.db, &office, &review).await;
        app.catch_up().await.unwrap();

        let entry = page(&app, "/entries/songxi/2026-00001").await;
        assert!(entry.contains(&address) && entry.contains("缴费 名单(1).txt"), "{entry}");
        let response = ask(&app, &address, &[]).await;
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(
            header("content-disposition"),
            "attachment; filename=\"______1_.txt\"; \
             filename*=UTF-8''%E7%BC%B4%E8%B4%B9%20%E5%90%8D%E5%8D%95%281%29.txt"
        );
        let body = to_bytes(response.into_body(), 1_000).await.unwrap();
        assert_eq!(body, "张三 380元".as_bytes());
        let (_, second) = publish(&test, &office, &complete_draft("另一条")).await;
        assert_eq!(second, "songxi/2026-00002");
        let other = address.replace("2026-00001", "2026-00002");
        assert_eq!(read(&app, &other).await.0, StatusCode::NOT_FOUND, "under another entry's address");
    }
}

#[tokio::test]
async fn a_page_is_kept_and_says_so() {
    let test = gongkai_disclosure::db::testing::sqlite().await;
    let office = office(&test.db, "songxi", AgencyKind::Town).await;
    let app = app(&test);
    publish(&test, &office, &complete_draft("医保缴费通知")).await;
    let address = "/entries/songxi/2026-00001";
    let first = ask(&app, address, &[]).await;
    let tag = first.headers()[ETAG].to_str().unwrap().to_owned();
    assert_eq!(ask(&app, address, &[(IF_NONE_MATCH, &tag)]).await.status(), StatusCode::NOT_MODIFIED);

    let compressed = ask(&app, address, &[(ACCEPT_ENCODING, "gzip, br")]).await;
    assert_eq!(compressed.headers()[CONTENT_ENCODING], "gzip");
    assert_eq!(compressed.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
    let bytes = to_bytes(compressed.into_body(), 1_000_000).await.unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut text).unwrap();
    assert_eq!(text, page(&app, address).await);

    let large = ask(&app, address, &[(COOKIE, "gongkai_size=large")]).await;
    assert_ne!(large.headers()[ETAG].to_str().unwrap(), tag, "large print is a page of its own");
    let flash = hex::encode("已保存");
    let personal = ask(&app, address, &[(COOKIE, &format!("gongkai_flash={flash}"))]).await;
    assert!(personal.headers().get(ETAG).is_none(), "what is said once to one visitor is not kept");
    let body = to_bytes(personal.into_body(), 1_000_000).await.unwrap();
    assert!(String::from_utf8_lossy(&body).contains("已保存"));
    assert!(!page(&app, address).await.contains("已保存"));
}

#[tokio::test]
async fn one_process_shows_what_another_publishes_within_a_second() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let (here, elsewhere) = (app(&test), app(&test));
        let followers = [&here, &elsewhere].map(|app| tokio::spawn(gongkai_web::follow_changes(app.clone())));
        // Both have looked, and keep a page that the change makes old.
        let (first_id, _) = publish(&test, &office, &complete_draft("第一条")).await;
        for app in [&here, &elsewhere] {
            assert!(page(app, "/entries/songxi/2026-00001").await.contains("第一条"));
            assert!(!page(app, "/").await.contains("医保缴费通知"));
        }
        publish(&test, &office, &complete_draft("医保缴费通知")).await;
        let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
        withdraw(&mut tx, &office.officer, &first_id, "mistaken", "有误。").await.unwrap();
        tx.commit().await.unwrap();
        here.catch_up().await.unwrap();
        assert_eq!(
            read(&here, "/entries/songxi/2026-00001").await.0,
            StatusCode::GONE,
            "its own change at once"
        );

        let since = Instant::now();
        let search = "/search?q=%E5%8C%BB%E4%BF%9D%E7%BC%B4%E8%B4%B9";
        loop {
            let is_seen = page(&elsewhere, "/").await.contains("医保缴费通知")
                && page(&elsewhere, search).await.contains("/entries/songxi/2026-00002")
                && read(&elsewhere, "/entries/songxi/2026-00001").await.0 == StatusCode::GONE;
            if is_seen {
                break;
            }
            assert!(since.elapsed() < Duration::from_secs(1), "not seen after {:?}", since.elapsed());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        followers.iter().for_each(|follower| follower.abort());
    }
}

#[tokio::test]
async fn lists_are_narrowed_sorted_and_paged() {
    for test in databases().await {
        let songxi = office(&test.db, "songxi", AgencyKind::Town).await;
        let finance = office(&test.db, "finance", AgencyKind::Bureau).await;
        let app = app(&test);
        for n in 1..=22 {
            let made_on = format!("2026-09-{:02}", 23 - n);
            let draft = Draft { made_on, ..complete_draft(&format!("松溪第{n:02}号")) };
            publish(&test, &songxi, &draft).await;
        }
        let budget = Draft { genre: Genre::Budget.code().into(), ..complete_draft("财政预算") };
        publish(&test, &finance, &budget).await;

        let all = page(&app, "/catalogue").await;
        assert!(all.contains("共 23 条") && all.contains("page=2"), "{all}");
        let second = page(&app, "/catalogue?page=2").await;
        assert_eq!(second.matches("class=\"entry-title\"").count(), 3);
        assert_eq!(page(&app, "/catalogue?page=999").await.matches("class=\"entry-title\"").count(), 3);
        let made = page(&app, "/catalogue?sort=made&agency=songxi").await;
        assert!(
            made.find("松溪第01号").unwrap() < made.find("松溪第02号").unwrap(),
            "made last stands first"
        );
        let released = page(&app, "/catalogue?agency=songxi").await;
        assert!(released.find("松溪第22号").unwrap() < released.find("松溪第21号").unwrap());
        let narrowed = page(&app, "/catalogue?genre=budget").await;
        assert!(narrowed.contains("财政预算") && !narrowed.contains("松溪第"));
        let empty = page(&app, "/catalogue?genre=budget&agency=songxi").await;
        assert!(empty.contains("这样筛选没有公开的信息"), "{empty}");

        app.catch_up().await.unwrap();
        let found = page(&app, "/search?q=%E6%9D%BE%E6%BA%AA&page=2").await; // 松溪
        assert!(found.contains("共 2") && found.contains("<mark>松溪</mark>"), "{found}");
        let one = page(&app, "/search?q=%E9%A2%84%E7%AE%97&agency=finance").await; // 预算
        assert_eq!(one.matches("class=\"entry-title\"").count(), 1);
        let none = page(&app, "/search?q=%E9%A2%84%E7%AE%97&agency=songxi").await;
        assert!(none.contains("没有找到") && none.contains("去掉筛选条件"), "{none}");
        assert!(page(&app, "/search").await.contains("输入要找的内容"));
        assert!(page(&app, "/search?q=%28%5B%2A").await.contains("没有找到"), "odd signs are only text");
    }
}

#[tokio::test]
async fn annual_reports_stand_by_year() {
    for test in databases().await {
        let songxi = office(&test.db, "songxi", AgencyKind::Town).await;
        office(&test.db, "finance", AgencyKind::Bureau).await;
        let app = app(&test);
        assert!(page(&app, "/annual-reports").await.contains("这一年度还没有公布的报告"));
        let report = Draft {
            genre: Genre::AnnualReport.code().into(),
            body: gongkai_report::write::body_html(&{
                let mut report = gongkai_report::Report::new("松溪镇人民政府", 2025);
                report.derive_totals();
                for (part, text) in [
                    (
                        gongkai_report::Section::Overview,
                        "2025年本镇主动公开信息133条。工作考核：良好。社会评议：满意。责任追究：没有被追究责任的情况。",
                    ),
                    (gongkai_report::Section::ProblemsAndImprovements, "更新不够及时，已明确专人。"),
                    (gongkai_report::Section::OtherMatters, "2025年未发出收费通知，未收取信息处理费。"),
                ] {
                    report.set_section(part, text);
                }
                report
            }),
            ..complete_draft("松溪镇人民政府2025年政府信息公开工作年度报告")
        };
        publish(&test, &songxi, &report).await;
        app.catch_up().await.unwrap();
        let list = page(&app, "/annual-reports").await;
        assert!(list.contains("/annual-reports/songxi/2025") && list.contains("尚未公布"), "{list}");
        assert!(list.contains("1 月 31 日") && list.contains("3 月 31 日"));
        let shown = page(&app, "/annual-reports/songxi/2025").await;
        assert!(shown.contains("本镇主动公开信息133条。") && shown.contains("<table>"), "{shown}");
        assert!(page(&app, "/").await.contains("2025 年度"));
        for missing in
            ["/annual-reports/songxi/2024", "/annual-reports/finance/2025", "/annual-reports/songxi/x"]
        {
            assert_eq!(read(&app, missing).await.0, StatusCode::NOT_FOUND, "{missing}");
        }
    }
}

#[tokio::test]
async fn the_guide_says_who_and_what_it_costs() {
    let test = gongkai_disclosure::db::testing::sqlite().await;
    office(&test.db, "songxi", AgencyKind::Town).await;
    let app = app(&test);
    let guide = page(&app, "/guide").await;
    for word in ["0990-0000001", "青禾区青禾路1号", "20 个工作日", "第 11 至 30 件每件 100 元", "第四十二条"]
    {
        assert!(guide.contains(word), "{word}");
    }
    assert!(page(&app, "/help").await.contains("长辈模式"));
    assert_eq!(page(&app, "/healthz").await, "ok\n");
    assert!(page(&app, "/robots.txt").await.contains("Sitemap: http://gongkai.example/sitemap.xml"));
    let odd_host = ask(&app, "/sitemap.xml", &[(HOST, "evil\"><x")]).await;
    assert_eq!(odd_host.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn officers_see_their_own_change_at_once() {
    let test = gongkai_disclosure::db::testing::sqlite().await;
    let office = office(&test.db, "songxi", AgencyKind::Town).await;
    let app = app(&test);
    assert!(!page(&app, "/").await.contains("医保缴费通知"));
    publish(&test, &office, &complete_draft("医保缴费通知")).await;
    // Any form of an officer brings this process up to date, whatever it did.
    let session = log_in(&app.db, "songxi-officer", "a long password".into(), app.now()).await.unwrap();
    let form = Request::post("/sign-out")
        .header(COOKIE, format!("gongkai_{}={}", &digest("portal-test")[..8], session.token))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("csrf={}", digest(&format!("csrf {}", session.token)))))
        .unwrap();
    assert_eq!(site(app.clone()).oneshot(form).await.unwrap().status(), StatusCode::SEE_OTHER);
    assert!(page(&app, "/").await.contains("医保缴费通知"));
    assert!(page(&app, "/search?q=%E5%8C%BB%E4%BF%9D%E7%BC%B4%E8%B4%B9").await.contains("songxi/2026-00001"));
}

#[tokio::test]
async fn an_address_that_cannot_be_read_has_a_page_too() {
    let test = gongkai_disclosure::db::testing::sqlite().await;
    let app = app(&test);
    for odd in ["/entries/%ff/1", "/entries/a/%00", "/agencies/%E4%BD", "/entries/a/b/files/%ff", "/nowhere"]
    {
        let (status, body) = read(&app, odd).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{odd}");
        assert!(body.contains("没有找到这个页面"), "{odd}: {body}");
    }
}
