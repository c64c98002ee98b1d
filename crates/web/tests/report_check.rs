//! A report tried without an account: what comes back, what is refused, and that nothing stays.
#![allow(clippy::unwrap_used)]

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use gongkai_disclosure::db::testing;
use gongkai_report::{Cell, Content, Report, write};
use gongkai_web::page::Contact;
use gongkai_web::{App, Clock, Site, Stores, site};
use jiff::Timestamp;
use tower::ServiceExt;

async fn installation() -> (testing::TestDb, App) {
    let test = testing::sqlite().await;
    let about = Site {
        name: "青禾区政府信息公开".into(),
        organisation: "青禾区人民政府办公室".into(),
        contact: Contact::default(),
        secure_cookies: false,
    };
    let stores = Stores::in_folder(test.folder.path(), 1_000_000).unwrap();
    let now = Timestamp::from_second(1_790_000_000).unwrap();
    let app = App::new(test.db.clone(), stores, about, Clock::new(move || now), "report-check-test");
    (test, app)
}

const EDGE: &str = "----qinghe";

fn form(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
        let head = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
    body
}

struct Answer {
    status: StatusCode,
    kind: String,
    cache: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

async fn send(app: &App, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
    send_from(app, parts, "same-origin").await
}

async fn send_from(app: &App, parts: &[(&str, Option<&str>, &[u8])], from: &str) -> Answer {
    let request = Request::post("/report-check")
        .header("content-type", format!("multipart/form-data; boundary={EDGE}"))
        .header("sec-fetch-site", from)
        .body(Body::from(form(parts)))
        .unwrap();
    let response = site(app.clone()).oneshot(request).await.unwrap();
    let header = |name: &str| {
        response.headers().get(name).map_or(String::new(), |value| value.to_str().unwrap().to_owned())
    };
    let (kind, cache, status) = (header("content-type"), header("cache-control"), response.status());
    Answer { status, kind, cache, body: to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec() }
}

fn wrong() -> String {
    let mut report = Report::new("青禾区白露镇人民政府", 2031);
    report.set_count("requests/received/other".parse().unwrap(), 3).unwrap();
    report.set_count("requests/disclosed/other".parse().unwrap(), 3).unwrap();
    report.derive_totals();
    report.put("requests/disclosed/total".parse().unwrap(), Cell::new(Content::Count(71_234)));
    write::text(&report)
}

#[tokio::test]
async fn a_report_comes_back_marked_and_nothing_stays() {
    let (test, app) = installation().await;
    let before = size_of(test.folder.path());
    let answer =
        send(&app, &[("report", Some("白露镇.txt"), wrong().as_bytes()), ("answer", None, b"page")]).await;
    let page = answer.text();
    assert_eq!((answer.status, answer.cache.as_str()), (StatusCode::OK, "no-store"), "{page}");
    assert!(page.contains("71234<a class=\"mark-number error\" id=\"m"), "the cell is marked: {page}");
    assert!(page.contains("href=\"/report-check/rules/requests-row-total\""));
    assert!(page.contains("data:application/vnd.openxmlformats") && page.contains("没有留存"));
    assert_eq!(size_of(test.folder.path()), before, "nothing is written");
    let mut conn = test.db.read().await.unwrap();
    assert_eq!(gongkai_disclosure::audit::position(&mut conn).await.unwrap(), 0, "nothing is recorded");
}

#[tokio::test]
async fn one_address_is_told_when_it_may_go_on_and_others_are_not_held_up() {
    let (_test, app) = installation().await;
    let from = |last: u8| {
        let mut request = Request::post("/report-check")
            .header("content-type", format!("multipart/form-data; boundary={EDGE}"))
            .header("content-length", 11 * 1024 * 1024)
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(form(&[("pasted", None, b"x")])))
            .unwrap();
        let peer = std::net::SocketAddr::from(([192, 0, 2, last], 4000));
        request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        site(app.clone()).oneshot(request)
    };
    for _ in 0..9 {
        assert_ne!(from(1).await.unwrap().status(), StatusCode::TOO_MANY_REQUESTS);
    }
    let refused = from(1).await.unwrap();
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["retry-after"], "600");
    let page = to_bytes(refused.into_body(), usize::MAX).await.unwrap();
    let page = String::from_utf8(page.to_vec()).unwrap();
    assert!(page.contains("分钟后再提交") && page.contains("gongkai report check"), "{page}");
    assert_ne!(from(2).await.unwrap().status(), StatusCode::TOO_MANY_REQUESTS);
}

/// The bytes of every file below.
fn size_of(folder: &std::path::Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|e| if e.path().is_dir() { size_of(&e.path()) } else { e.metadata().unwrap().len() }).sum()
}

#[tokio::test]
async fn pasted_text_downloads_and_last_years_report() {
    let (_test, app) = installation().await;
    let wrong = wrong();
    let parts: [(&str, Option<&str>, &[u8]); 3] =
        [("report", Some(""), b""), ("pasted", None, wrong.as_bytes()), ("answer", None, b"json")];
    let json = send(&app, &parts).await;
    assert_eq!((json.status, json.kind.as_str()), (StatusCode::OK, "application/json"));
    let findings: serde_json::Value = serde_json::from_slice(&json.body).unwrap();
    assert_eq!(findings["agency"], "青禾区白露镇人民政府");
    let xlsx = send(&app, &[("pasted", None, wrong.as_bytes()), ("answer", None, b"xlsx")]).await;
    assert!(xlsx.status == StatusCode::OK && xlsx.body.starts_with(b"PK"));

    let mut last = Report::new("青禾区白露镇人民政府", 2030);
    last.set_count("requests/received/other".parse().unwrap(), 9).unwrap();
    last.set_count("requests/carried_to_next_year/other".parse().unwrap(), 9).unwrap();
    last.derive_totals();
    let last = write::text(&last);
    let with =
        send(&app, &[("pasted", None, wrong.as_bytes()), ("previous", Some("去年.txt"), last.as_bytes())])
            .await;
    assert!(with.text().contains("/report-check/rules/requests-carried-over"), "{}", with.text());
}

#[tokio::test]
async fn what_is_refused_says_why_and_what_to_do() {
    let (_test, app) = installation().await;
    let nothing = send(&app, &[("report", Some(""), b""), ("pasted", None, b"  ")]).await;
    assert!(
        nothing.status == StatusCode::UNPROCESSABLE_ENTITY
            && nothing.text().contains("请选择一份年度报告文件")
    );
    let other = send(&app, &[("report", Some("x.txt"), "今天天气很好".as_bytes())]).await;
    assert!(other.status == StatusCode::UNPROCESSABLE_ENTITY && other.text().contains("请确认选对了文件"));
    let large = vec![b'a'; 11 * 1024 * 1024];
    let large = send(&app, &[("report", Some("x.txt"), &large)]).await;
    assert!(large.status == StatusCode::PAYLOAD_TOO_LARGE && large.text().contains("超过 10 MB"));
    let huge = vec![b'a'; 40 * 1024 * 1024];
    let huge = send(&app, &[("report", Some("x.txt"), &huge)]).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(huge.text().contains("超过 10 MB"), "{}", huge.text());
    let foreign = send_from(&app, &[("pasted", None, wrong().as_bytes())], "cross-site").await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let hostile = "青禾区<script>alert(1)</script>镇2031年政府信息公开工作年度报告\n一、总体情况\n<img src=x onerror=alert(1)>共5条，其中甲1条、乙2条。\n五、存在的主要问题及改进情况\n无";
    let hostile = send(&app, &[("report", Some("\"><script>.txt"), hostile.as_bytes())]).await;
    assert!(hostile.status == StatusCode::OK);
    assert!(!hostile.text().contains("<script") && !hostile.text().contains("<img"), "{}", hostile.text());
}

#[tokio::test]
async fn every_rule_has_its_page() {
    let (_test, app) = installation().await;
    for rule in gongkai_report::lint::rules() {
        let request = Request::get(format!("/report-check/rules/{}", rule.id)).body(Body::empty()).unwrap();
        assert_eq!(site(app.clone()).oneshot(request).await.unwrap().status(), StatusCode::OK, "{}", rule.id);
    }
    let request = Request::get("/report-check/rules/no-such-rule").body(Body::empty()).unwrap();
    assert_eq!(site(app.clone()).oneshot(request).await.unwrap().status(), StatusCode::NOT_FOUND);
}
