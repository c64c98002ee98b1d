//! Every route as every role, compared with the committed table `routes.txt`.
//!
//! `GONGKAI_UPDATE=1 cargo test -p gongkai-web --test routes` writes the table anew; read the difference.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use gongkai_disclosure::accounts::actions::{NewUser, add_agency, add_user, log_in};
use gongkai_disclosure::accounts::{Agency, Role};
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::db::testing;
use gongkai_disclosure::secrets;
use gongkai_web::auth::Access;
use gongkai_web::page::Contact;
use gongkai_web::{App, Clock, Site, Stores, routes, site};
use jiff::Timestamp;
use tower::ServiceExt;

const PASSWORD: &str = "qinghe-2026";

fn town() -> Agency {
    Agency {
        id: String::new(),
        code: "sx".into(),
        name: "松溪镇人民政府".into(),
        kind: "town".into(),
        parent_id: None,
        region: "990101".into(),
        address: "松溪镇".into(),
        office_hours: "工作日".into(),
        phone: "0000-1".into(),
        email: "a@example.invalid".into(),
        reconsideration_body: "青禾区人民政府".into(),
        court: "青禾区人民法院".into(),
        document_word: "青禾测".into(),
        position: 1,
    }
}

async fn installation() -> (testing::TestDb, App) {
    let test = testing::sqlite().await;
    let now = Timestamp::from_second(1_790_000_000).unwrap();
    let mut tx = test.db.begin(&Actor::Program("test"), now).await.unwrap();
    let agency = add_agency(&mut tx, town()).await.unwrap();
    for role in Role::ALL {
        let new = NewUser {
            username: role.code().replace('_', "-"),
            name: role.label().into(),
            title: role.label().into(),
            agency_id: agency.id.clone(),
            password: PASSWORD.into(),
            grants: vec![(agency.id.clone(), role)],
        };
        add_user(&mut tx, new).await.unwrap();
    }
    tx.commit().await.unwrap();
    let about = Site {
        name: "青禾区政府信息公开".into(),
        organisation: "青禾区人民政府办公室".into(),
        contact: Contact::default(),
        secure_cookies: false,
    };
    let stores = Stores::in_folder(test.folder.path(), 1_000_000).unwrap();
    let app = App::new(test.db.clone(), stores, about, Clock::new(move || now), "routes-test");
    (test, app)
}

/// What a route answers to this person: in, to the door, or out.
async fn answer(app: &App, method: &str, path: &str, role: Option<Role>) -> &'static str {
    let concrete: String = path
        .split('/')
        .map(|part| if part.starts_with('{') { "1" } else { part })
        .collect::<Vec<_>>()
        .join("/");
    let mut request = Request::builder().method(method);
    let mut body = String::new();
    if let Some(role) = role {
        let name = role.code().replace('_', "-");
        let session = log_in(&app.db, &name, PASSWORD.into(), app.now()).await.unwrap();
        let cookie = format!("gongkai_{}", &secrets::digest("routes-test")[..8]);
        request = request.header("cookie", format!("{cookie}={}", session.token));
        body = format!("csrf={}", secrets::digest(&format!("csrf {}", session.token)));
    }
    let request = request
        .uri(&concrete)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap();
    let response = site(app.clone()).oneshot(request).await.unwrap();
    let to_the_door =
        response.headers().get("location").is_some_and(|to| to.to_str().unwrap().starts_with("/sign-in?"));
    match response.status() {
        _ if to_the_door => "sign in",
        StatusCode::UNAUTHORIZED => "sign in",
        StatusCode::FORBIDDEN => "no",
        status if status.is_server_error() => panic!("{method} {path} as {role:?} failed: {status}"),
        _ => "yes",
    }
}

#[tokio::test]
async fn every_route_as_every_role_is_as_committed() {
    let (_test, app) = installation().await;
    let mut table = String::from("method path | public");
    for role in Role::ALL {
        write!(table, " {}", role.code()).unwrap();
    }
    table.push('\n');
    for route in routes::table() {
        write!(table, "{} {} |", route.method, route.path).unwrap();
        for role in [None].into_iter().chain(Role::ALL.into_iter().map(Some)) {
            let seen = answer(&app, route.method, route.path, role).await;
            let allowed = match (route.access, role) {
                (Access::Public, _) | (Access::AnyStaff, Some(_)) => "yes",
                (_, None) | (Access::Token, _) => "sign in",
                (Access::Staff(permission), Some(role)) if role.permissions().contains(&permission) => "yes",
                (Access::Staff(_), Some(_)) => "no",
            };
            // An action may refuse more than the route does, never less.
            let as_the_matrix_says = seen == allowed || (allowed == "yes" && seen == "no");
            assert!(
                as_the_matrix_says,
                "{} {} as {role:?}: {seen}, the matrix says {allowed}",
                route.method, route.path
            );
            write!(table, " {seen}").unwrap();
        }
        table.push('\n');
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/routes.txt");
    if std::env::var_os("GONGKAI_UPDATE").is_some() {
        std::fs::write(file, &table).unwrap();
    }
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        committed == table,
        "routes × roles differ from {file}; if the change is meant, write it anew:\n{table}"
    );
}

#[tokio::test]
async fn a_form_without_its_token_is_refused() {
    let (_test, app) = installation().await;
    let session = log_in(&app.db, "administrator", PASSWORD.into(), app.now()).await.unwrap();
    let cookie = format!("gongkai_{}={}", &secrets::digest("routes-test")[..8], session.token);
    for body in ["", "csrf=", "csrf=0000"] {
        let request = Request::post("/sign-out")
            .header("cookie", &cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        assert_eq!(site(app.clone()).oneshot(request).await.unwrap().status(), StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let (_test, app) = installation().await;
    for (header, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let request = Request::post("/sign-in")
            .header("host", "gongkai.example")
            .header(header, value)
            .body(Body::from("username=a&password=b"))
            .unwrap();
        assert_eq!(site(app.clone()).oneshot(request).await.unwrap().status(), StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let (_test, app) = installation().await;
    for path in ["/", "/sign-in", "/no-such-page", "/assets/gongkai.css"] {
        let response =
            site(app.clone()).oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        let csp = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(csp.contains("script-src 'self'") && !csp.contains("unsafe"), "{path}: {csp}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{path}");
    }
}
