//! 政务新媒体, against local servers that speak the protocols of the platforms.

#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::{Request, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::accounts::actions::log_in;
use gongkai_disclosure::db::testing::{TestDb, databases};
use gongkai_disclosure::files::FileStore;
use gongkai_disclosure::jobs::{Outcome, Workshop, run_due};
use gongkai_disclosure::publishing::official_accounts::{Accounts, OfficialAccount, of_entry, wechat, weibo};
use gongkai_disclosure::publishing::{drafts, postings};
use gongkai_disclosure::secrets::digest;
use gongkai_disclosure::testing::{
    Office, complete_draft, drafted, monday, office, signed_by_all, submitted,
};
use gongkai_web::page::Contact;
use gongkai_web::static_site::{Asked, Copy, prove};
use gongkai_web::{App, Clock, Site, Stores, site};
use serde_json::{Value, json};
use tower::ServiceExt;

/// What a platform was sent, in order: what, and the body.
type Seen = Arc<Mutex<Vec<(String, String)>>>;

#[derive(Clone, Default)]
struct Platform {
    seen: Seen,
    /// The IP of the office is not let in.
    is_closed: bool,
    /// WeChat lets nobody delete; on Weibo someone has deleted already.
    keeps: bool,
}

impl Platform {
    fn note(&self, what: &str, body: &[u8]) -> usize {
        let mut seen = self.seen.lock().unwrap();
        seen.push((what.to_owned(), String::from_utf8_lossy(body).into_owned()));
        seen.iter().filter(|(known, _)| known == what).count()
    }

    fn times(&self, what: &str) -> usize {
        self.seen.lock().unwrap().iter().filter(|(known, _)| known == what).count()
    }

    fn body(&self, what: &str) -> String {
        self.seen.lock().unwrap().iter().find(|(known, _)| known == what).unwrap().1.clone()
    }
}

#[derive(serde::Deserialize)]
struct Token {
    access_token: String,
}

async fn token(State(p): State<Platform>, Json(asked): Json<Value>) -> Json<Value> {
    p.note("token", asked.to_string().as_bytes());
    if p.is_closed {
        return Json(json!({"errcode": 40164, "errmsg": "invalid ip 10.0.0.1, not in whitelist"}));
    }
    match (asked["appid"].as_str(), asked["secret"].as_str(), asked["grant_type"].as_str()) {
        (Some("wx1"), Some("s3cret"), Some("client_credential")) => {
            Json(json!({"access_token": "T", "expires_in": 7200}))
        }
        _ => Json(json!({"errcode": 40125, "errmsg": "invalid appsecret"})),
    }
}

fn wrong_token() -> Json<Value> {
    Json(json!({"errcode": 40001, "errmsg": "invalid credential"}))
}

async fn picture(State(p): State<Platform>, Query(t): Query<Token>, body: Bytes) -> Json<Value> {
    p.note("uploadimg", &body);
    if t.access_token != "T" {
        return wrong_token();
    }
    Json(json!({"url": "http://mmbiz.qpic.cn/mmbiz_png/1/0"}))
}

async fn material(State(p): State<Platform>, Query(t): Query<Token>, body: Bytes) -> Json<Value> {
    p.note("add_material", &body);
    if t.access_token != "T" {
        return wrong_token();
    }
    Json(json!({"media_id": "COVER", "url": "http://mmbiz.qpic.cn/2"}))
}

async fn draft(State(p): State<Platform>, Query(t): Query<Token>, Json(body): Json<Value>) -> Json<Value> {
    p.note("draft", body.to_string().as_bytes());
    if t.access_token != "T" {
        return wrong_token();
    }
    let one = &body["articles"][0];
    if one["thumb_media_id"] != "COVER" || one["title"].as_str().is_none_or(str::is_empty) {
        return Json(json!({"errcode": 40007, "errmsg": "invalid media_id"}));
    }
    Json(json!({"media_id": "DRAFT-1"}))
}

async fn publish(State(p): State<Platform>, Query(_): Query<Token>, Json(body): Json<Value>) -> Json<Value> {
    p.note("submit", body.to_string().as_bytes());
    if body["media_id"] != "DRAFT-1" {
        return Json(json!({"errcode": 40007, "errmsg": "invalid media_id"}));
    }
    Json(json!({"errcode": 0, "errmsg": "ok", "publish_id": "100000001"}))
}

async fn result(State(p): State<Platform>, Query(_): Query<Token>, Json(body): Json<Value>) -> Json<Value> {
    // Still at it the first time.
    if p.note("get", body.to_string().as_bytes()) == 1 {
        return Json(json!({"publish_id": "100000001", "publish_status": 1}));
    }
    Json(json!({
        "publish_id": "100000001", "publish_status": 0, "article_id": "A",
        "article_detail": {"count": 1, "item": [{"idx": 1, "article_url": "http://mp.weixin.qq.com/s/abc"}]}
    }))
}

async fn delete(State(p): State<Platform>, Query(t): Query<Token>, Json(body): Json<Value>) -> Json<Value> {
    p.note("delete", body.to_string().as_bytes());
    if t.access_token != "T" {
        return wrong_token();
    }
    if p.keeps {
        return Json(json!({"errcode": 48001, "errmsg": "api unauthorized"}));
    }
    match body["article_id"].as_str() {
        Some("A") => Json(json!({"errcode": 0, "errmsg": "ok"})),
        _ => Json(json!({"errcode": 53600, "errmsg": "invalid article_id"})),
    }
}

async fn destroy(State(p): State<Platform>, body: Bytes) -> (StatusCode, Json<Value>) {
    p.note("destroy", &body);
    if p.keeps {
        let told = json!({"error": "target weibo does not exist!", "error_code": 20101});
        return (StatusCode::BAD_REQUEST, Json(told));
    }
    if String::from_utf8_lossy(&body) != "access_token=W&id=4600000000000001" {
        return (StatusCode::BAD_REQUEST, Json(json!({"error": "auth faild", "error_code": 21301})));
    }
    (StatusCode::OK, Json(json!({"id": 4600000000000001_i64, "idstr": "4600000000000001"})))
}

async fn share(State(p): State<Platform>, body: Bytes) -> (StatusCode, Json<Value>) {
    p.note("share", &body);
    if p.is_closed {
        let told =
            json!({"error": "expired_token", "error_code": 21327, "request": "/2/statuses/share.json"});
        return (StatusCode::BAD_REQUEST, Json(told));
    }
    (
        StatusCode::OK,
        Json(json!({"id": 4600000000000001_i64, "idstr": "4600000000000001", "user": {"id": 7}})),
    )
}

/// Serves both platforms; returns where.
async fn serve(platform: Platform) -> String {
    let router = Router::new()
        .route("/cgi-bin/stable_token", post(token))
        .route("/cgi-bin/media/uploadimg", post(picture))
        .route("/cgi-bin/material/add_material", post(material))
        .route("/cgi-bin/draft/add", post(draft))
        .route("/cgi-bin/freepublish/submit", post(publish))
        .route("/cgi-bin/freepublish/get", post(result))
        .route("/cgi-bin/freepublish/delete", post(delete))
        .route("/2/statuses/share.json", post(share))
        .route("/2/statuses/destroy.json", post(destroy))
        .with_state(platform);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn accounts(test: &TestDb, address: &str) -> Arc<Accounts> {
    let wechat = wechat::Settings {
        address: address.into(),
        app_id: "wx1".into(),
        app_secret: "s3cret".into(),
        cover_media_id: String::new(),
    };
    let weibo = weibo::Settings { address: address.into(), access_token: "W".into() };
    let list: Vec<(String, Box<dyn OfficialAccount>)> = vec![
        ("songxi".into(), Box::new(wechat::WeChat::new(wechat))),
        ("songxi".into(), Box::new(weibo::Weibo::new(weibo))),
    ];
    let files = FileStore::in_folder(&test.folder.path().join("files"), 4_000_000).unwrap();
    Arc::new(Accounts::new(list, files, "https://gk.example/"))
}

/// An entry with a picture in its text, public since Monday; its id.
async fn with_picture(test: &TestDb, office: &Office, accounts: &Accounts) -> String {
    let draft = drafted(&test.db, office, &complete_draft("停水通知")).await;
    let chunk = |kind: &[u8], data: &[u8]| {
        [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], kind, data, &[0; 4]].concat()
    };
    let png = [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", b"...."), &chunk(b"IEND", b"")].concat();
    let files = FileStore::in_folder(&test.folder.path().join("files"), 4_000_000).unwrap();
    let kept = files.keep("示意图.png", &png).await.unwrap();
    let prepared = files.prepare(kept).await.unwrap();
    let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
    let address =
        drafts::attach_picture(&mut tx, &office.officer, &draft.edition_id, &prepared).await.unwrap();
    let mut text = complete_draft("停水通知");
    text.body =
        format!("<p>各村（居）民：</p><p><img src=\"{address}\" alt=\"停水范围\"></p><p>特此通知。</p>");
    use gongkai_disclosure::publishing::actions::{save_draft, submit};
    save_draft(&mut tx, &office.officer, &draft.edition_id, 1, &text).await.unwrap();
    let review = submit(&mut tx, &office.officer, &draft.edition_id, 2).await.unwrap();
    tx.commit().await.unwrap();
    signed_by_all(&test.db, office, &review).await;
    assert_eq!(accounts.channels("songxi").len(), 2);
    draft.entry_id
}

struct Desk {
    app: App,
    cookie: String,
    csrf: String,
}

impl Desk {
    async fn of(test: &TestDb, office: &Office, accounts: Option<Arc<Accounts>>) -> Desk {
        let about = Site {
            name: "青禾区政府信息公开".into(),
            organisation: "青禾区人民政府办公室".into(),
            contact: Contact::default(),
            secure_cookies: false,
        };
        let mut stores = Stores::in_folder(test.folder.path(), 4_000_000).unwrap();
        stores.accounts = accounts;
        let app = App::new(test.db.clone(), stores, about, Clock::new(monday), "accounts-test");
        let staff = &office.officer;
        let session = log_in(&test.db, &staff.username, "a long password".into(), monday()).await.unwrap();
        let name = format!("gongkai_{}", &digest("accounts-test")[..8]);
        let csrf = digest(&format!("csrf {}", session.token));
        Desk { app, cookie: format!("{name}={}", session.token), csrf }
    }

    async fn ask(&self, request: Request<Body>) -> (StatusCode, Vec<u8>) {
        let response = site(self.app.clone()).oneshot(request).await.unwrap();
        let status = response.status();
        (status, to_bytes(response.into_body(), 10_000_000).await.unwrap().to_vec())
    }

    async fn get(&self, path: &str) -> (StatusCode, Vec<u8>) {
        self.ask(Request::get(path).header(COOKIE, &self.cookie).body(Body::empty()).unwrap()).await
    }

    async fn page(&self, path: &str) -> String {
        String::from_utf8(self.get(path).await.1).unwrap()
    }

    async fn publish(&self, entry: &str, channel: &str) -> StatusCode {
        self.post(&format!("/console/entries/{entry}/accounts"), &format!("channel={channel}")).await
    }

    async fn withdraw(&self, entry: &str) -> StatusCode {
        let why = "withdrawal_class=mistaken&withdrawal_reason=%E6%9C%89%E8%AF%AF";
        self.post(&format!("/console/entries/{entry}/withdrawal"), why).await
    }

    async fn post(&self, path: &str, fields: &str) -> StatusCode {
        let body = format!("csrf={}&{fields}", self.csrf);
        let request = Request::post(path)
            .header(COOKIE, &self.cookie)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(body)).unwrap()).await.0
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_goes_out_on_wechat_and_weibo_and_becomes_postings_with_links() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let platform = Platform::default();
        let accounts = accounts(&test, &serve(platform.clone()).await);
        let entry = with_picture(&test, &office, &accounts).await;
        let desk = Desk::of(&test, &office, Some(accounts.clone())).await;
        let path = format!("/console/entries/{entry}");
        assert!(desk.page(&path).await.contains("发布到微信"));
        for channel in ["wechat", "weibo"] {
            assert_eq!(desk.publish(&entry, channel).await, StatusCode::SEE_OTHER);
            // Asked for twice, sent once.
            assert_eq!(desk.publish(&entry, channel).await, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(
            desk.publish(&entry, "broadcast").await,
            StatusCode::UNPROCESSABLE_ENTITY,
            "no such account"
        );

        let shop = Workshop {
            db: test.db.clone(),
            post_office: None,
            accounts: Some(accounts),
            outgoing: Default::default(),
        };
        let outcomes = run_due(&shop, monday()).await.unwrap();
        assert!(outcomes.iter().all(|one| !matches!(one, Outcome::Failed(_))), "{outcomes:?}");
        run_due(&shop, monday()).await.unwrap();
        // Each call asks for the token anew: two pictures, the draft, its publication, and how it stands, twice.
        for (what, times) in [("token", 6), ("draft", 1), ("submit", 1), ("get", 2), ("share", 1)] {
            assert_eq!(platform.times(what), times, "{what}");
        }
        let draft: Value = serde_json::from_str(&platform.body("draft")).unwrap();
        let one = &draft["articles"][0];
        assert_eq!(one["title"], "停水通知");
        assert!(one["content"].as_str().unwrap().contains("http://mmbiz.qpic.cn/mmbiz_png/1/0"), "{one}");
        assert!(!one["content"].as_str().unwrap().contains("/pictures/"), "only the platform's pictures");
        assert_eq!(one["content_source_url"], "https://gk.example/entries/songxi/2026-00001");
        assert!(platform.body("share").contains("https://gk.example/entries/songxi/2026-00001"));
        assert!(platform.body("share").contains("name=\"pic\""));

        let mut conn = test.db.read().await.unwrap();
        let shown = postings::of_entry(&mut conn, &entry).await.unwrap();
        let mut links: Vec<(&str, &str)> =
            shown.iter().map(|one| (one.channel.as_str(), one.link.as_str())).collect();
        links.sort_unstable();
        assert_eq!(
            links,
            [
                ("wechat", "http://mp.weixin.qq.com/s/abc"),
                ("weibo", "https://m.weibo.cn/status/4600000000000001")
            ]
        );
        assert_eq!(shown[0].owner, office.officer.name);
        drop(conn);
        assert!(desk.page(&path).await.contains("http://mp.weixin.qq.com/s/abc"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_in_words_and_what_may_have_gone_out_is_not_sent_again() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let platform = Platform { is_closed: true, ..Platform::default() };
        let closed = accounts(&test, &serve(platform.clone()).await);
        let entry = with_picture(&test, &office, &closed).await;
        let desk = Desk::of(&test, &office, Some(closed.clone())).await;
        for channel in ["wechat", "weibo"] {
            assert_eq!(desk.publish(&entry, channel).await, StatusCode::SEE_OTHER);
        }
        let shop = Workshop {
            db: test.db.clone(),
            post_office: None,
            accounts: Some(closed),
            outgoing: Default::default(),
        };
        run_due(&shop, monday()).await.unwrap();
        let page = desk.page(&format!("/console/entries/{entry}")).await;
        assert!(page.contains("不在公众号的白名单里"), "{page}");
        assert!(page.contains("微博的授权已失效"), "{page}");
        assert!(postings::of_entry(&mut test.db.read().await.unwrap(), &entry).await.unwrap().is_empty());

        // A failed one can be asked for again; where nobody answers, a draft is tried again and a status is not.
        let nowhere = accounts(&test, "http://127.0.0.1:9");
        let desk = Desk::of(&test, &office, Some(nowhere.clone())).await;
        for channel in ["wechat", "weibo"] {
            assert_eq!(desk.publish(&entry, channel).await, StatusCode::SEE_OTHER);
        }
        let shop = Workshop { accounts: Some(nowhere), ..shop };
        let outcomes = run_due(&shop, monday()).await.unwrap();
        assert_eq!(
            outcomes.iter().filter(|one| matches!(one, Outcome::Failed(_))).count(),
            1,
            "{outcomes:?}"
        );
        let posts = of_entry(&mut test.db.read().await.unwrap(), &entry).await.unwrap();
        let mut newest: Vec<(&str, &str)> = posts
            .iter()
            .filter(|one| one.state != "failed")
            .map(|one| (one.channel.as_str(), one.state.as_str()))
            .collect();
        newest.sort_unstable();
        assert_eq!(newest, [("wechat", "sending"), ("weibo", "uncertain")]);
    }
}

#[tokio::test]
async fn without_an_account_the_article_is_a_file_with_its_pictures() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let some = accounts(&test, "http://127.0.0.1:9");
        let entry = with_picture(&test, &office, &some).await;
        let desk = Desk::of(&test, &office, None).await;
        let page = desk.page(&format!("/console/entries/{entry}")).await;
        assert!(page.contains("导出图文稿") && !page.contains("发布到微信"), "{page}");
        let (status, bytes) = desk.get(&format!("/console/entries/{entry}/article")).await;
        assert_eq!(status, StatusCode::OK);
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        assert_eq!(zip.len(), 3, "the page, the words to paste, the picture");
        let mut html = String::new();
        std::io::Read::read_to_string(&mut zip.by_name("图文.html").unwrap(), &mut html).unwrap();
        assert!(html.contains("<h1>停水通知</h1>") && html.contains("src=\"图片/"), "{html}");
        // A draft is nobody's article.
        let draft = submitted(&test.db, &office, &complete_draft("没有公开")).await.0;
        let (status, _) = desk.get(&format!("/console/entries/{}/article", draft.entry_id)).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
}

/// Published on both, then withdrawn; the jobs of both are done.
async fn published_and_withdrawn(
    test: &TestDb,
    office: &Office,
    platform: &Platform,
) -> (Desk, Workshop, String) {
    let accounts = accounts(test, &serve(platform.clone()).await);
    let entry = with_picture(test, office, &accounts).await;
    let desk = Desk::of(test, office, Some(accounts.clone())).await;
    for channel in ["wechat", "weibo"] {
        assert_eq!(desk.publish(&entry, channel).await, StatusCode::SEE_OTHER);
    }
    let shop = Workshop {
        db: test.db.clone(),
        post_office: None,
        accounts: Some(accounts),
        outgoing: Default::default(),
    };
    run_due(&shop, monday()).await.unwrap();
    assert_eq!(desk.withdraw(&entry).await, StatusCode::SEE_OTHER);
    (desk, shop, entry)
}

async fn what_is_left(desk: &Desk) -> Vec<String> {
    let proof = prove(&desk.app, &Asked::default()).await.unwrap();
    assert_eq!(proof.looked[&Copy::Channels], 2, "both copies were looked at");
    let left = proof.findings.iter().filter(|one| one.copy == Copy::Channels);
    left.map(|one| one.detail.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_here_is_deleted_there() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let platform = Platform::default();
        let (desk, shop, entry) = published_and_withdrawn(&test, &office, &platform).await;
        // Until the platforms have done it, the copies are known and told.
        assert_eq!(what_is_left(&desk).await.len(), 2);
        let outcomes = run_due(&shop, monday()).await.unwrap();
        assert!(outcomes.iter().all(|one| !matches!(one, Outcome::Failed(_))), "{outcomes:?}");
        assert_eq!((platform.times("delete"), platform.times("destroy")), (1, 1));
        assert_eq!(platform.body("delete"), r#"{"article_id":"A"}"#);
        assert!(what_is_left(&desk).await.is_empty());
        assert!(desk.page(&format!("/console/entries/{entry}")).await.contains("平台已删除"));
        assert!(desk.page("/console/postings/removals").await.contains("没有待撤下的副本"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_platform_keeps_is_a_task_until_a_person_confirms() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let platform = Platform { keeps: true, ..Platform::default() };
        let (desk, mut shop, _) = published_and_withdrawn(&test, &office, &platform).await;
        // Nobody answers: tried again, and in the end a person's.
        let means = shop.accounts.replace(accounts(&test, "http://127.0.0.1:9"));
        let outcomes = run_due(&shop, monday()).await.unwrap();
        let failed = outcomes.iter().filter(|one| matches!(one, Outcome::Failed(_))).count();
        assert_eq!(failed, 2, "{outcomes:?}");
        assert!(desk.page("/console/postings/removals").await.contains("正在请平台删除"));
        shop.accounts = means;
        let later = monday() + jiff::SignedDuration::from_hours(1);
        run_due(&shop, later).await.unwrap();
        // What was deleted there already is gone; what the platform keeps is a task with its reason.
        let left = what_is_left(&desk).await;
        assert_eq!(left.len(), 1, "{left:?}");
        assert!(left[0].contains("微信") && left[0].contains("待人工撤下"), "{left:?}");
        let page = desk.page("/console/postings/removals").await;
        assert!(page.contains("没有使用发布接口的权限") && page.contains(&office.officer.name), "{page}");
        assert!(desk.page("/console").await.contains("待撤下的副本"));
        let action = page.split("action=\"").find(|part| part.contains("/confirmation\"")).unwrap();
        let action = action.split('"').next().unwrap();
        assert_eq!(desk.post(action, "").await, StatusCode::SEE_OTHER);
        assert_eq!(desk.post(action, "").await, StatusCode::UNPROCESSABLE_ENTITY, "confirmed once");
        assert!(what_is_left(&desk).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_account_or_an_answer_the_copies_are_a_persons() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let (desk, mut shop, _) = published_and_withdrawn(&test, &office, &Platform::default()).await;
        shop.accounts = Some(accounts(&test, "http://127.0.0.1:9"));
        let mut now = monday();
        for _ in 0..10 {
            run_due(&shop, now).await.unwrap();
            now += jiff::SignedDuration::from_hours(48);
        }
        let page = desk.page("/console/postings/removals").await;
        assert_eq!(page.matches("多次请求，平台都没有回答").count(), 2, "{page}");
    }
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let (desk, mut shop, _) = published_and_withdrawn(&test, &office, &Platform::default()).await;
        shop.accounts = None;
        run_due(&shop, monday()).await.unwrap();
        let page = desk.page("/console/postings/removals").await;
        assert_eq!(page.matches("没有配置这个账号的官方接口").count(), 2, "{page}");
    }
}
