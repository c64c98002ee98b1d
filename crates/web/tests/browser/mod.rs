//! A person with their browser, for the tests of the officers' pages.

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION};
use axum::http::{Request, StatusCode};
use gongkai_disclosure::accounts::Staff;
use gongkai_disclosure::accounts::actions::log_in;
use gongkai_disclosure::db::testing::TestDb;
use gongkai_disclosure::secrets::digest;
use gongkai_disclosure::testing::monday;
use gongkai_web::forms::encode;
use gongkai_web::page::Contact;
use gongkai_web::{App, Clock, Site, Stores, site};
use tower::ServiceExt;

/// The site over this database; files may be so large.
pub(crate) fn app(test: &TestDb, largest_file: u64) -> App {
    let about = Site {
        name: "青禾区政府信息公开".into(),
        organisation: "青禾区人民政府办公室".into(),
        contact: Contact::default(),
        secure_cookies: false,
    };
    let stores = Stores::in_folder(test.folder.path(), largest_file).unwrap();
    App::new(test.db.clone(), stores, about, Clock::new(monday), "desk")
}

/// A person with their browser.
pub(crate) struct Desk {
    pub(crate) app: App,
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) to: String,
    pub(crate) body: String,
}

impl Desk {
    pub(crate) async fn of(app: &App, staff: &Staff) -> Desk {
        let session = log_in(&app.db, &staff.username, "a long password".into(), monday()).await.unwrap();
        let name = format!("gongkai_{}", &digest("desk")[..8]);
        let csrf = digest(&format!("csrf {}", session.token));
        Desk { app: app.clone(), cookie: format!("{name}={}", session.token), csrf }
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = site(self.app.clone()).oneshot(request).await.unwrap();
        let status = response.status();
        let to = response.headers().get(LOCATION).map_or("", |to| to.to_str().unwrap()).to_owned();
        let body = to_bytes(response.into_body(), 10_000_000).await.unwrap();
        Answer { status, to, body: String::from_utf8_lossy(&body).into_owned() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).header(COOKIE, &self.cookie).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = format!("csrf={}", self.csrf);
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", encode(value)));
        }
        let kind = "application/x-www-form-urlencoded";
        let request = Request::post(path).header(COOKIE, &self.cookie).header(CONTENT_TYPE, kind);
        self.ask(request.body(Body::from(body)).unwrap()).await
    }
}
