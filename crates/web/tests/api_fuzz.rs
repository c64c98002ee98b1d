//! Nonsense for every operation of the interface, driven by its own OpenAPI document: whatever is sent, the answer has
//! a status the document names, the media type it names for it, and the shape it promises — and never 500.
//!
//! `GONGKAI_FUZZ_SEED` and `GONGKAI_FUZZ_ROUNDS` run other and longer rounds.

#![allow(clippy::unwrap_used)]

mod schema;

use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, IF_NONE_MATCH};
use axum::http::{Method, Request};
use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::catalogue::lines;
use gongkai_disclosure::connections::actions::{NewToken, make_token};
use gongkai_disclosure::db::testing::{TestDb, databases};
use gongkai_disclosure::testing::{complete_draft, monday, office, signed_by_all, submitted};
use gongkai_web::forms::encode;
use gongkai_web::page::Contact;
use gongkai_web::{App, Clock, Site, Stores, api, site};
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
    App::new(test.db.clone(), stores, about, Clock::new(monday), "fuzz-test")
}

/// Small, and the same everywhere: xorshift64*.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % most as u64).unwrap()
    }

    fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
}

/// What breaks programs: borders of numbers, empty and huge, every Unicode oddity, words of other languages.
fn hostile(dice: &mut Dice) -> String {
    let fixed = [
        "",
        " ",
        "0",
        "-1",
        "1",
        "50",
        "51",
        "200",
        "201",
        "2026",
        "9223372036854775807",
        "9223372036854775808",
        "99999999999999999999999",
        "1e9",
        "0x10",
        "١٢",
        "１２",
        "NaN",
        "null",
        "true",
        "\0",
        "a\0b",
        "\r\n\r\nX: y",
        "\u{202e}倒",
        "\u{feff}",
        "\u{200b}",
        "e\u{301}\u{301}\u{301}",
        "👩‍👩‍👧‍👦",
        "𠮷",
        "\u{fffd}",
        "\u{10ffff}",
        "'",
        "\"",
        "';--",
        "' OR 1=1 --",
        "1); DROP TABLE entries;",
        "%",
        "_",
        "%25",
        "\\",
        "*",
        "?",
        "(",
        "((((",
        "a AND",
        "NOT",
        "title:",
        "\"未闭合",
        "~2",
        "^",
        "[* TO *]",
        "../../etc/passwd",
        "..%2f..",
        "/",
        "//",
        ".",
        "entries.csv",
        "entries.csv.sha256",
        "entries-2026.jsonl",
        ".sha256",
        "entries-9999.csv",
        "2026-02-30",
        "2026-11-02",
        "0000-00-00",
        "9999-12-31",
        "2026-11-02T01:00:00Z",
        "2026-11-02T25:00:00Z",
        "2026-11-02T01:00:00+08:00",
        "9999-12-31T23:59:59Z",
        "-009999-01-01T00:00:00Z",
        "in_force",
        "notice",
        "songxi",
        "2026-00001",
        "ff",
        "7c",
        "323032362d31312d30327c",
        "e5",
        "公开",
        "<script>",
        "{{7*7}}",
        "${x}",
    ];
    match dice.below(12) {
        0 => "长".repeat(dice.of(&[63, 64, 65, 199, 200, 201, 3_000])),
        1 => "a".repeat(dice.of(&[63, 64, 65, 400, 401, 20_000])),
        2 => (0..dice.below(20))
            .filter_map(|_| char::from_u32(u32::try_from(dice.next() % 0x11_0000).unwrap()))
            .collect(),
        3 => hex::encode(format!("{}|{}", dice.of(&fixed), dice.of(&fixed))),
        4 => hex::encode(dice.of(&fixed)),
        _ => dice.of(&fixed).to_owned(),
    }
}

/// A value of the form its schema asks for.
fn fitting(schema: &Value, dice: &mut Dice) -> String {
    if let Some(choices) = schema["enum"].as_array() {
        return dice.of(choices).as_str().unwrap().to_owned();
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("integer"), _) => {
            let (least, most) =
                (schema["minimum"].as_i64().unwrap_or(0), schema["maximum"].as_i64().unwrap_or(9));
            let between =
                least + i64::try_from(dice.next() % u64::try_from(most - least + 1).unwrap()).unwrap();
            dice.of(&[least, most, between, 2026.clamp(least, most), 1.clamp(least, most)]).to_string()
        }
        (_, Some("date")) => dice.of(&["2026-11-02", "0001-01-01", "9999-12-31", "2024-02-29"]).to_owned(),
        (_, Some("date-time")) => {
            dice.of(&["2026-11-02T01:00:00Z", "2026-11-02T09:00:00+08:00", "1970-01-01T00:00:00Z"]).to_owned()
        }
        _ if schema["pattern"].as_str().is_some_and(|p| p.contains("0-9a-f")) => {
            hex::encode(dice.of(&["2026-11-02|songxi/2026-00001", "50", "0", "|", "2026-11-02|"]))
        }
        _ if schema["pattern"].as_str().is_some_and(|p| p.contains("A-Za-z")) => dice
            .of(&["songxi", "2026-00001", "nobody", "entries.csv", "catalogue.jsonl.sha256", "a", "-", "."])
            .to_owned(),
        _ => dice.of(&["医疗保险", "a", "〔2026〕1号", "缴费 通知"]).to_owned(),
    }
}

/// An address of the operation, with most values as they should be and some as they should not.
fn address(path: &str, operation: &Value, dice: &mut Dice) -> String {
    let mut path = path.to_owned();
    let mut query = Vec::new();
    let is_wild = dice.below(3) > 0;
    for parameter in operation["parameters"].as_array().unwrap() {
        let name = parameter["name"].as_str().unwrap();
        let value =
            if is_wild && dice.below(2) == 0 { hostile(dice) } else { fitting(&parameter["schema"], dice) };
        match parameter["in"].as_str().unwrap() {
            "path" => path = path.replace(&format!("{{{name}}}"), &encode(&value)),
            "query" if parameter["required"] == true && !is_wild || dice.below(3) == 0 => {
                query.push(format!("{}={}", encode(name), encode(&value)));
                if is_wild && dice.below(10) == 0 {
                    query.push(format!("{}={}", encode(name), encode(&hostile(dice))));
                }
            }
            _ => {}
        }
    }
    if is_wild && dice.below(6) == 0 {
        query.push(
            dice.of(&["=", "&&", "a", "%", "%zz=1", "x=%ff%fe", "__proto__=1", "limit[]=1"]).to_owned(),
        );
    }
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}

/// A body: every field as the document says, left out, of another kind, or nonsense; now and then no JSON at all.
fn body(schema: &Value, line: &str, dice: &mut Dice) -> String {
    if dice.below(8) == 0 {
        return dice
            .of(&[
                "",
                "{",
                "[]",
                "null",
                "\"x\"",
                "{\"a\":1}",
                "{\"title\":\"\\ud800\"}",
                "1e999",
                "\u{feff}{}",
            ])
            .to_owned();
    }
    let mut fields = serde_json::Map::new();
    // Some are as they should be throughout, so that drafts are taken whatever fields there are.
    let is_right = dice.below(6) == 0;
    for name in schema["properties"].as_object().unwrap().keys() {
        let value = match if is_right { 6 } else { dice.below(6) } {
            0 => continue,
            1 => Value::String(hostile(dice)),
            2 if dice.below(4) == 0 => {
                dice.of(&[Value::Null, Value::Bool(true), serde_json::json!([]), serde_json::json!(7)])
            }
            _ => Value::String(match name.as_str() {
                "line" => line.to_owned(),
                "genre" => "notice".to_owned(),
                "made_on" => "2026-10-30".to_owned(),
                "disclosure_class" => "proactive".to_owned(),
                "validity" | "theme" => String::new(),
                _ => "一些文字".to_owned(),
            }),
        };
        fields.insert(name.clone(), value);
    }
    Value::Object(fields).to_string()
}

struct Told {
    status: u16,
    media_type: String,
    tag: Option<String>,
    body: Vec<u8>,
}

async fn ask(app: &App, request: Request<Body>) -> Told {
    let response = site(app.clone()).oneshot(request).await.unwrap();
    let header = |name: &str| response.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
    let (status, media_type) = (response.status().as_u16(), header("content-type").unwrap_or_default());
    let tag = header("etag");
    let body = to_bytes(response.into_body(), 50_000_000).await.unwrap().to_vec();
    Told { status, media_type, tag, body }
}

/// What is wrong with an answer by the document; `None`: nothing.
fn breach(document: &Value, operation: &Value, told: &Told) -> Option<String> {
    let answer = &operation["responses"][told.status.to_string()];
    if answer.is_null() {
        return Some(format!("status {} is not in the document", told.status));
    }
    if told.status >= 500 {
        return Some("a failure of ours".into());
    }
    let content = answer["content"].as_object()?;
    let named = content.keys().find(|name| **name == told.media_type || *name == "*/*");
    let Some(named) = named else { return Some(format!("{} is not its media type", told.media_type)) };
    let schema = &content[named]["schema"];
    if schema.is_null() {
        return None;
    }
    match serde_json::from_slice::<Value>(&told.body) {
        Ok(value) => schema::breach(document, schema, &value, "answer"),
        Err(error) => Some(format!("no JSON: {error}")),
    }
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

#[tokio::test]
async fn whatever_is_asked_the_answer_is_one_the_document_names() {
    let (seed, rounds) = (setting("GONGKAI_FUZZ_SEED", 20_260_401), setting("GONGKAI_FUZZ_ROUNDS", 100));
    let document = api::openapi::document();
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let (_, review) = submitted(&test.db, &office, &complete_draft("医疗保险缴费通知")).await;
        signed_by_all(&test.db, &office, &review).await;
        let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
        let new = NewToken {
            agency_id: office.agency.id.clone(),
            name: "办公系统".into(),
            scopes: vec!["drafts:write".into(), "drafts:read".into()],
            days: Some(30),
        };
        let token = make_token(&mut tx, &office.officer, new).await.unwrap();
        let line = lines(tx.conn(), &office.agency.id).await.unwrap()[0].code.clone();
        tx.commit().await.unwrap();
        let app = app(&test);
        app.catch_up().await.unwrap();
        let mut dice = Dice(seed);
        let mut statuses = std::collections::BTreeMap::<u16, u32>::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                for _ in 0..rounds {
                    let address = address(path, operation, &mut dice);
                    let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
                    let mut request =
                        Request::builder().method(method).uri(&address).header(HOST, "a.example");
                    if dice.below(8) == 0 {
                        let tag = dice.of(&[
                            "*",
                            "\"\"",
                            "W/",
                            ",,,,",
                            "\"a\", W/\"b\"",
                            "\u{fe}",
                            "x".repeat(5_000).leak(),
                        ]);
                        request = request.header(
                            IF_NONE_MATCH,
                            axum::http::HeaderValue::from_bytes(tag.as_bytes()).unwrap(),
                        );
                    }
                    if operation.get("security").is_some() && dice.below(6) > 0 {
                        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
                    }
                    let mut sent = Body::empty();
                    if let Some(schema) =
                        operation["requestBody"]["content"]["application/json"].get("schema")
                    {
                        if dice.below(8) > 0 {
                            request = request.header("idempotency-key", format!("k-{}", dice.below(40)));
                        }
                        let kind = if dice.below(10) > 0 { "application/json" } else { "text/plain" };
                        request = request.header(CONTENT_TYPE, kind);
                        sent = Body::from(body(schema, &line, &mut dice));
                    }
                    let Ok(request) = request.body(sent) else { continue };
                    let told = ask(&app, request).await;
                    *statuses.entry(told.status).or_default() += 1;
                    if let Some(wrong) = breach(&document, operation, &told) {
                        panic!("{address} (seed {seed}): {wrong}\n{}", String::from_utf8_lossy(&told.body));
                    }
                }
            }
        }
        // The nonsense is not all refused, and not all let through.
        for status in [200, 201, 304, 400, 401, 404, 409, 415, 422] {
            assert!(statuses.contains_key(&status), "no answer {status}: {statuses:?}");
        }
    }
}

#[tokio::test]
async fn other_methods_are_refused_as_data() {
    let document = api::openapi::document();
    let test = gongkai_disclosure::db::testing::sqlite().await;
    let app = app(&test);
    for (path, operations) in document["paths"].as_object().unwrap() {
        let path = path.replace(['{', '}'], "");
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY"] {
            if operations.get(method.to_ascii_lowercase()).is_some() {
                continue;
            }
            let request = Request::builder().method(method).uri(&path).body(Body::empty()).unwrap();
            let response = site(app.clone()).oneshot(request).await.unwrap();
            assert_eq!(response.status().as_u16(), 405, "{method} {path}");
            assert!(response.headers().contains_key("allow"), "{method} {path}: {:?}", response.headers());
            assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json", "{method} {path}");
        }
    }
    let told = ask(&app, Request::get("/api/v1/nothing").body(Body::empty()).unwrap()).await;
    assert_eq!((told.status, told.media_type.as_str()), (404, "application/problem+json"));
    assert!(
        schema::breach(
            &document,
            &document["components"]["schemas"]["Problem"],
            &serde_json::from_slice(&told.body).unwrap(),
            "answer"
        )
        .is_none()
    );
}

#[tokio::test]
async fn a_tag_that_is_known_saves_the_answer() {
    let test = gongkai_disclosure::db::testing::sqlite().await;
    let app = app(&test);
    for path in ["/api/v1/entries", "/api/v1/openapi.json", "/api/v1/gazette", "/feed.xml", "/sitemap.xml"] {
        let first =
            ask(&app, Request::get(path).header(HOST, "a.example").body(Body::empty()).unwrap()).await;
        assert_eq!(first.status, 200, "{path}");
        let tag = first.tag.unwrap();
        let again =
            Request::get(path).header(HOST, "a.example").header(IF_NONE_MATCH, &tag).body(Body::empty());
        let again = ask(&app, again.unwrap()).await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
    }
}
