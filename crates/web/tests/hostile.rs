//! A hostile text is harmless in every place it is shown: each page is parsed as a browser parses it, and nothing in it
//! can act. The vectors are those the cleaner is held to.

#![allow(clippy::unwrap_used)]

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::{CONTENT_TYPE, COOKIE};
use gongkai_disclosure::accounts::actions::log_in;
use gongkai_disclosure::accounts::{AgencyKind, Staff};
use gongkai_disclosure::db::testing::{TestDb, databases};
use gongkai_disclosure::publishing::Draft;
use gongkai_disclosure::secrets::digest;
use gongkai_disclosure::testing::{complete_draft, monday, office, signed_by_all, submitted};
use gongkai_web::forms::encode;
use gongkai_web::page::Contact;
use gongkai_web::{App, Clock, Site, Stores, site};
use scraper::{Html, Node};
use tower::ServiceExt;

const VECTORS: &str = include_str!("../../disclosure/src/publishing/hostile.txt");

fn app(test: &TestDb) -> App {
    let about = Site {
        name: "青禾区政府信息公开".into(),
        organisation: "青禾区人民政府办公室".into(),
        contact: Contact::default(),
        secure_cookies: false,
    };
    let stores = Stores::in_folder(test.folder.path(), 4_000).unwrap();
    App::new(test.db.clone(), stores, about, Clock::new(monday), "hostile-test")
}

/// Who is signed in: their cookie and their token.
async fn session(app: &App, staff: &Staff) -> (String, String) {
    let session = log_in(&app.db, &staff.username, "a long password".into(), monday()).await.unwrap();
    let name = format!("gongkai_{}", &digest("hostile-test")[..8]);
    (format!("{name}={}", session.token), digest(&format!("csrf {}", session.token)))
}

async fn answer(app: &App, request: Request<Body>) -> String {
    let response = site(app.clone()).oneshot(request).await.unwrap();
    let body = to_bytes(response.into_body(), 20_000_000).await.unwrap();
    String::from_utf8_lossy(&body).into_owned()
}

async fn page(app: &App, cookie: &str, path: &str) -> String {
    answer(app, Request::get(path).header(COOKIE, cookie).body(Body::empty()).unwrap()).await
}

/// What in a page could act.
fn harm(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for node in Html::parse_document(html).tree.nodes() {
        let Node::Element(element) = node.value() else { continue };
        let name = element.name();
        let is_own_script =
            name == "script" && element.attr("src").is_some_and(|src| src.starts_with("/assets/"));
        let acts = [
            "script", "iframe", "frame", "object", "embed", "applet", "base", "style", "math", "audio",
            "video",
        ];
        if acts.contains(&name) && !is_own_script {
            found.push(format!("<{name}>"));
        }
        if name == "meta" && element.attr("http-equiv").is_some() {
            found.push("<meta http-equiv>".into());
        }
        for (attribute, value) in element.attrs() {
            let value = value.trim().to_lowercase();
            let leads = ["href", "src", "action", "formaction", "srcset", "data", "poster", "background"];
            let is_bad_scheme = value.split(['/', '?', '#']).next().is_some_and(|start| {
                start.contains(':')
                    && !["http:", "https:", "mailto:", "tel:"].contains(&start)
                    && !start.starts_with("mailto:")
                    && !start.starts_with("tel:")
            });
            if attribute.starts_with("on")
                || attribute == "style"
                || leads.contains(&attribute) && is_bad_scheme
            {
                found.push(format!("<{name} {attribute}={value:?}>"));
            }
        }
    }
    found
}

#[tokio::test]
async fn a_hostile_text_is_harmless_wherever_it_is_shown() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let app = app(&test);
        let (officer, csrf) = session(&app, &office.officer).await;
        let (head, _) = session(&app, &office.section_head).await;
        let vectors: Vec<&str> = VECTORS.lines().filter(|line| !line.is_empty()).collect();
        // Fields of one line take a few vectors each; the text takes all.
        let short = |from: usize| -> String {
            vectors.iter().skip(from).filter(|vector| vector.len() < 60).take(2).copied().collect::<String>()
        };
        let draft = Draft {
            title: format!("缴费通知{}", short(0)),
            summary: format!("概述{}{}", short(40), short(3)),
            body: vectors.join("\n"),
            keywords: short(20),
            source: short(60).chars().take(99).collect(),
            document_number: "\"><script>x</script>".into(),
            ..complete_draft("x")
        };
        let (entry, review) = submitted(&test.db, &office, &draft).await;
        let desk = format!("/console/entries/{}", entry.entry_id);
        let reviewing = format!("/console/reviews/{review}");
        let mut looked_at = 0;
        let mut look = |path: &str, html: String| {
            assert!(html.contains("缴费通知"), "{path} does not show it: {}", &html[..html.len().min(600)]);
            assert_eq!(harm(&html), Vec::<String>::new(), "{path}");
            looked_at += 1;
        };
        for path in
            [desk.as_str(), "/console/entries", "/console/search?q=%E7%BC%B4%E8%B4%B9%E9%80%9A%E7%9F%A5"]
        {
            look(path, page(&app, &officer, path).await);
        }
        for path in [reviewing.as_str(), "/console/reviews", "/console"] {
            look(path, page(&app, &head, path).await);
        }
        signed_by_all(&test.db, &office, &review).await;
        app.catch_up().await.unwrap();
        for path in [
            "/",
            "/entries/songxi/2026-00001",
            "/catalogue",
            "/search?q=%E7%BC%B4%E8%B4%B9%E9%80%9A%E7%9F%A5",
            "/agencies/songxi",
        ] {
            look(path, page(&app, "", path).await);
        }

        // Revised: in the form, in its preview, refused with errors, and as a paste on its way into the editor.
        let post = |path: String, fields: Vec<(&str, String)>| {
            let mut body = format!("csrf={csrf}");
            for (name, value) in fields {
                body.push_str(&format!("&{name}={}", encode(&value)));
            }
            let request = Request::post(path).header(COOKIE, &officer);
            request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(body)).unwrap()
        };
        answer(&app, post(format!("{desk}/revision"), vec![])).await;
        look("edit", page(&app, &officer, &format!("{desk}/edit")).await);
        let typed = |then: &str| {
            vec![
                ("title", draft.title.clone()),
                ("body", draft.body.clone()),
                ("summary", draft.summary.clone()),
                ("made_on", "<script>1</script>".to_owned()),
                ("genre", "\"><img src=x onerror=window.__hurt=1>".to_owned()),
                ("then", then.to_owned()),
            ]
        };
        look("preview", answer(&app, post(format!("{desk}/edit"), typed("preview"))).await);
        look("refused", answer(&app, post("/console/entries".into(), typed("submit"))).await);
        for vector in &vectors {
            let pasted =
                answer(&app, post("/console/entries/paste".into(), vec![("html", (*vector).to_owned())]))
                    .await;
            let pasted: serde_json::Value = serde_json::from_str(&pasted).unwrap();
            let html = pasted["html"].as_str().unwrap();
            assert_eq!(harm(html), Vec::<String>::new(), "{vector}");
        }
        assert!(looked_at >= 14);
    }
}
