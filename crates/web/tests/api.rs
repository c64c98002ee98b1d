//! The interface for other programs, over both engines: all that is public, and nothing else.

#![allow(clippy::unwrap_used)]

use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HOST};
use axum::http::{Request, StatusCode};
use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::db::testing::{TestDb, databases};
use gongkai_disclosure::publishing::actions::withdraw;
use gongkai_disclosure::publishing::{Draft, WithdrawalClass};
use gongkai_disclosure::secrets::digest;
use gongkai_disclosure::testing::{
    Office, complete_draft, drafted, monday, office, signed_by_all, submitted,
};
use gongkai_web::forms::encode;
use gongkai_web::page::Contact;
use gongkai_web::portal::data::EXAMPLES;
use gongkai_web::{App, Clock, Site, Stores, api, routes, site};
use serde_json::Value;
use tower::ServiceExt;

fn app(test: &TestDb) -> App {
    let about = Site {
        name: "青禾区政府信息公开".into(),
        organisation: "青禾区人民政府办公室".into(),
        contact: Contact::default(),
        secure_cookies: false,
    };
    let stores = Stores::in_folder(test.folder.path(), 1_000_000).unwrap();
    App::new(test.db.clone(), stores, about, Clock::new(monday), "api-test")
}

async fn read(app: &App, path: &str) -> (StatusCode, String, String) {
    let request = Request::get(path).header(HOST, "gongkai.example").body(Body::empty()).unwrap();
    let response = site(app.clone()).oneshot(request).await.unwrap();
    let kind = response.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
    let status = response.status();
    let body = to_bytes(response.into_body(), 10_000_000).await.unwrap();
    (status, kind, String::from_utf8(body.to_vec()).unwrap())
}

async fn json(app: &App, path: &str) -> Value {
    let (status, _, body) = read(app, path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    serde_json::from_str(&body).unwrap()
}

async fn publish(test: &TestDb, office: &Office, draft: &Draft) -> String {
    let (drafted, review) = submitted(&test.db, office, draft).await;
    signed_by_all(&test.db, office, &review).await;
    drafted.entry_id
}

#[tokio::test]
async fn what_is_public_is_read_and_what_is_not_is_nowhere() {
    for test in databases().await {
        let town = office(&test.db, "songxi", AgencyKind::Town).await;
        let app = app(&test);
        drafted(&test.db, &town, &complete_draft("机密的草稿")).await;
        submitted(&test.db, &town, &complete_draft("待审的稿子")).await;
        let first = publish(&test, &town, &complete_draft("医疗保险缴费通知")).await;
        for n in 0..4 {
            publish(&test, &town, &complete_draft(&format!("通知之{n}"))).await;
        }
        app.catch_up().await.unwrap();

        // Two at a time to the end: five entries, none twice.
        let (mut address, mut numbers) = ("/api/v1/entries?limit=2&agency=songxi".to_owned(), Vec::new());
        loop {
            let page = json(&app, &address).await;
            let items = page["items"].as_array().unwrap();
            numbers.extend(items.iter().map(|item| item["index_number"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => next.clone_into(&mut address),
                None => break,
            }
        }
        assert_eq!(numbers.len(), 5, "{numbers:?}");
        numbers.dedup();
        assert_eq!(numbers.len(), 5);

        let entry = json(&app, "/api/v1/entries/songxi/2026-00001").await;
        assert_eq!(entry["title"], "医疗保险缴费通知");
        assert!(entry["body_text"].as_str().unwrap().contains("集中缴费自11月1日开始"));
        assert_eq!(entry["editions"].as_array().unwrap().len(), 1);
        let found = json(&app, &format!("/api/v1/search?q={}", encode("医疗保险缴费通知"))).await;
        assert_eq!(found["items"][0]["index_number"], "songxi/2026-00001", "{found}");

        for example in EXAMPLES {
            let (status, kind, body) = read(&app, example.path).await;
            assert_eq!(
                (status, kind.as_str()),
                (StatusCode::OK, example.media_type),
                "{}: {body}",
                example.path
            );
            for hidden in ["机密的草稿", "待审的稿子"] {
                assert!(!body.contains(hidden), "{}: {body}", example.path);
            }
        }
        for path in ["/api/v1/downloads/entries.jsonl", "/feed.xml", "/agencies/songxi/feed.xml"] {
            let (_, _, body) = read(&app, path).await;
            assert!(
                body.contains("医疗保险缴费通知") && !body.contains("草稿") && !body.contains("待审"),
                "{path}"
            );
        }

        let mut tx = test.db.begin(&town.officer.actor(), monday()).await.unwrap();
        withdraw(&mut tx, &town.officer, &first, WithdrawalClass::ALL[0].code(), "数字有误，正在更正。")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        app.catch_up().await.unwrap();
        let (status, kind, body) = read(&app, "/api/v1/entries/songxi/2026-00001").await;
        assert_eq!((status, kind.as_str()), (StatusCode::GONE, "application/problem+json"));
        assert!(body.contains("数字有误"), "{body}");
        for path in ["/api/v1/entries", "/api/v1/downloads/entries.csv", "/feed.xml", "/sitemap.xml"] {
            let (_, _, body) = read(&app, path).await;
            assert!(!body.contains("songxi/2026-00001") && !body.contains("医疗保险缴费通知"), "{path}");
        }
    }
}

#[tokio::test]
async fn whole_files_are_what_their_checksums_say() {
    for test in databases().await {
        let town = office(&test.db, "songxi", AgencyKind::Town).await;
        let app = app(&test);
        for n in 0..3 {
            publish(&test, &town, &complete_draft(&format!("=通知之{n}"))).await;
        }
        app.catch_up().await.unwrap();
        let list = json(&app, "/api/v1/downloads").await;
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), 12, "five tables, one year of entries, each in two forms: {list}");
        for item in items {
            let (status, kind, body) = read(&app, item["href"].as_str().unwrap()).await;
            assert_eq!(
                (status, kind.as_str()),
                (StatusCode::OK, item["media_type"].as_str().unwrap()),
                "{item}"
            );
            let (_, _, told) = read(&app, item["checksum"].as_str().unwrap()).await;
            let name = item["name"].as_str().unwrap();
            assert_eq!(told, format!("{}  {name}\n", digest(&body)));
            if let Some(rows) = item["rows"].as_i64() {
                let head = i64::from(name.ends_with(".csv"));
                assert_eq!(body.lines().count() as i64 - head, rows, "{name}: {body}");
            }
            if name.ends_with(".jsonl") {
                for line in body.lines() {
                    serde_json::from_str::<Value>(line).unwrap();
                }
            }
        }
        let (_, _, csv) = read(&app, "/api/v1/downloads/entries-2026.csv").await;
        assert!(
            csv.starts_with("\u{feff}索引号,标题") && csv.contains("'=通知之0"),
            "no cell is a formula: {csv}"
        );
        publish(&test, &town, &complete_draft("又一件")).await;
        let (_, _, body) = read(&app, "/api/v1/downloads/entries.csv").await;
        let (_, _, told) = read(&app, "/api/v1/downloads/entries.csv.sha256").await;
        assert!(told.starts_with(&digest(&body)), "the checksum follows what is published");
    }
}

#[tokio::test]
async fn feeds_are_kept_apart() {
    let test = gongkai_disclosure::db::testing::sqlite().await;
    let town = office(&test.db, "songxi", AgencyKind::Town).await;
    let bureau = office(&test.db, "caizheng", AgencyKind::Bureau).await;
    let app = app(&test);
    publish(&test, &town, &complete_draft("镇里的<通知>")).await;
    publish(&test, &bureau, &complete_draft("局里的通知")).await;
    app.catch_up().await.unwrap();
    let entry = json(&app, "/api/v1/entries/songxi/2026-00001").await;
    let line = entry["line"]["code"].as_str().unwrap();
    for path in ["/agencies/songxi/feed.xml".to_owned(), format!("/agencies/songxi/lines/{line}/feed.xml")] {
        let (_, kind, body) = read(&app, &path).await;
        assert_eq!(kind, "application/atom+xml; charset=utf-8");
        assert!(body.contains("镇里的&lt;通知&gt;") && !body.contains("局里的通知"), "{path}: {body}");
        assert!(body.contains(&format!("<id>http://gongkai.example{path}</id>")), "{body}");
    }
    for path in
        ["/agencies/nobody/feed.xml", "/agencies/songxi/lines/nothing/feed.xml", "/sitemaps/2", "/sitemaps/x"]
    {
        assert_eq!(read(&app, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_read_it() {
    let test = gongkai_disclosure::db::testing::sqlite().await;
    let request =
        Request::get("/api/v1/openapi.json").header(ACCEPT_ENCODING, "gzip").body(Body::empty()).unwrap();
    let response = site(app(&test)).oneshot(request).await.unwrap();
    assert_eq!(response.headers()[CONTENT_ENCODING], "gzip");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert!(response.headers()["vary"].to_str().unwrap().contains("accept-encoding"));
}

#[test]
fn the_document_names_every_address_and_no_other() {
    let mut routed: Vec<(String, String)> = routes::table()
        .iter()
        .filter(|route| route.path.starts_with("/api/v1/"))
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    let mut told: Vec<(String, String)> =
        api::operations().iter().map(|o| (o.method.to_owned(), o.path.to_owned())).collect();
    routed.sort();
    told.sort();
    assert_eq!(routed, told);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    if std::env::var_os("GONGKAI_UPDATE").is_some() {
        std::fs::write(&path, api::openapi::text()).unwrap();
    }
    assert!(std::fs::read_to_string(&path).unwrap() == api::openapi::text(), "run cargo xtask generate");
}

mod writing {
    use axum::http::header::AUTHORIZATION;
    use gongkai_disclosure::connections::actions::{NewToken, make_token};
    use gongkai_disclosure::publishing::actions::submit;

    use super::*;

    async fn token(test: &TestDb, office: &Office, scopes: &[&str]) -> String {
        let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
        let new = NewToken {
            agency_id: office.agency.id.clone(),
            name: "办公系统".into(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            days: Some(30),
        };
        let token = make_token(&mut tx, &office.officer, new).await.unwrap();
        tx.commit().await.unwrap();
        token
    }

    struct Sent {
        status: u16,
        replayed: Option<String>,
        body: Value,
    }

    async fn send(app: &App, token: &str, key: &str, body: &str) -> Sent {
        let request = Request::post("/api/v1/drafts")
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(CONTENT_TYPE, "application/json")
            .header("idempotency-key", key)
            .body(Body::from(body.to_owned()));
        let response = site(app.clone()).oneshot(request.unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let replayed = response.headers().get("idempotency-replayed").map(|v| v.to_str().unwrap().to_owned());
        let bytes = to_bytes(response.into_body(), 1_000_000).await.unwrap();
        Sent { status, replayed, body: serde_json::from_slice(&bytes).unwrap() }
    }

    #[tokio::test]
    async fn a_system_sends_a_draft_once_and_the_review_decides() {
        for test in databases().await {
            let town = office(&test.db, "songxi", AgencyKind::Town).await;
            let mut tx = test.db.begin(&town.officer.actor(), monday()).await.unwrap();
            let line = gongkai_disclosure::testing::catalogue_line(&mut tx, &town.agency.id).await;
            tx.commit().await.unwrap();
            let lines =
                gongkai_disclosure::catalogue::lines(&mut test.db.read().await.unwrap(), &town.agency.id)
                    .await
                    .unwrap();
            let code = &lines.iter().find(|one| one.id == line).unwrap().code;
            let app = app(&test);
            let token = token(&test, &town, &["drafts:write", "drafts:read"]).await;
            let d = complete_draft("系统报送的通知");
            let body =
                serde_json::json!({"line": code, "title": d.title, "summary": d.summary, "body": d.body,
                "genre": d.genre, "keywords": d.keywords, "source": d.source, "made_on": d.made_on})
                .to_string();

            let first = send(&app, &token, "oa-1", &body).await;
            assert_eq!((first.status, first.replayed.as_deref()), (201, Some("false")), "{}", first.body);
            let again = send(&app, &token, "oa-1", &body).await;
            assert_eq!(
                (again.status, again.replayed.as_deref(), &again.body),
                (201, Some("true"), &first.body)
            );
            let other = send(&app, &token, "oa-1", &body.replace("通知", "公告")).await;
            assert_eq!((other.status, other.body["code"].as_str()), (409, Some("idempotency_conflict")));
            // Sixteen at once under one key are one draft.
            let at_once: Vec<_> = (0..16)
                .map(|_| {
                    let (app, token, body) = (app.clone(), token.clone(), body.clone());
                    tokio::spawn(async move { send(&app, &token, "oa-2", &body).await })
                })
                .collect();
            let mut ids = Vec::new();
            for one in at_once {
                let one = one.await.unwrap();
                assert_eq!(one.status, 201, "{}", one.body);
                ids.push(one.body["id"].as_str().unwrap().to_owned());
            }
            ids.dedup();
            assert_eq!(ids.len(), 1, "one draft");

            // Not public before the gate opens, by whichever way in.
            app.catch_up().await.unwrap();
            let (_, _, list) = read(&app, "/api/v1/entries").await;
            assert!(!list.contains("系统报送的通知"));
            let edition = first.body["id"].as_str().unwrap();
            let mut tx = test.db.begin(&town.officer.actor(), monday()).await.unwrap();
            let review = submit(&mut tx, &town.officer, edition, 1).await.unwrap();
            tx.commit().await.unwrap();
            signed_by_all(&test.db, &town, &review).await;
            let told = Request::get(format!("/api/v1/drafts/{edition}"))
                .header(AUTHORIZATION, format!("Bearer {token}"));
            let told = site(app.clone()).oneshot(told.body(Body::empty()).unwrap()).await.unwrap();
            let told: Value =
                serde_json::from_slice(&to_bytes(told.into_body(), 9_999).await.unwrap()).unwrap();
            assert_eq!(
                (told["state"]["code"].as_str(), told["index_number"].as_str()),
                (Some("released"), Some("songxi/2026-00001"))
            );
        }
    }

    #[tokio::test]
    async fn what_is_wrong_is_told_all_at_once() {
        let test = gongkai_disclosure::db::testing::sqlite().await;
        let town = office(&test.db, "songxi", AgencyKind::Town).await;
        drafted(&test.db, &town, &complete_draft("占位")).await;
        let app = app(&test);
        let token = token(&test, &town, &["drafts:read"]).await;
        assert_eq!(send(&app, "gk_wrong", "k", "{}").await.status, 401);
        assert_eq!(send(&app, &token, "k", "{}").await.status, 403);
        let token = super::writing::token(&test, &town, &["drafts:write"]).await;
        assert_eq!(send(&app, &token, "", "{}").await.status, 400);
        assert_eq!(send(&app, &token, "k", "[").await.status, 400);
        let told = send(&app, &token, "k", "{\"titel\": \"x\", \"title\": 5, \"made_on\": null}").await;
        assert_eq!(told.status, 422);
        let fields: Vec<_> =
            told.body["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["titel", "title", "made_on"]);
        let told = send(&app, &token, "k", "{\"line\": \"no-such-line\", \"title\": \"x\"}").await;
        assert_eq!((told.status, told.body["errors"][0]["field"].as_str()), (422, Some("line")));
        let huge = format!("{{\"body\": \"{}\"}}", "长".repeat(900_000));
        assert_eq!(send(&app, &token, "k", &huge).await.status, 413);
    }
}
