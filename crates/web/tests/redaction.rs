//! From a file added to a request to the burned one in the applicant's hands, through the pages.

#![allow(clippy::unwrap_used)]

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION};
use axum::http::{Request, StatusCode};
use gongkai_disclosure::accounts::actions::log_in;
use gongkai_disclosure::accounts::{AgencyKind, Staff};
use gongkai_disclosure::db::testing::{TestDb, databases};
use gongkai_disclosure::redaction;
use gongkai_disclosure::requests::{Arrival, DeliveryForm, Filing, actions, by_number};
use gongkai_disclosure::secrets::digest;
use gongkai_disclosure::testing::{monday, office};
use gongkai_statute::applicants::ApplicantColumn;
use gongkai_statute::channels::Channel;
use gongkai_web::forms::encode;
use gongkai_web::page::Contact;
use gongkai_web::{App, Clock, Site, Stores, site};
use tower::ServiceExt;

const FORM: &[u8] = include_bytes!("../../redaction/tests/samples/office.pdf");
const NUMBER: &str = "990101199003071234";

fn app(test: &TestDb) -> App {
    let about = Site {
        name: "青禾区政府信息公开".into(),
        organisation: "青禾区人民政府办公室".into(),
        contact: Contact::default(),
        secure_cookies: false,
    };
    let stores = Stores::in_folder(test.folder.path(), 4_000_000).unwrap();
    App::new(test.db.clone(), stores, about, Clock::new(monday), "redaction-test")
}

struct Desk {
    app: App,
    cookie: String,
    csrf: String,
}

struct Answer {
    status: StatusCode,
    to: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Desk {
    async fn of(app: &App, staff: &Staff) -> Desk {
        let session = log_in(&app.db, &staff.username, "a long password".into(), monday()).await.unwrap();
        let name = format!("gongkai_{}", &digest("redaction-test")[..8]);
        let csrf = digest(&format!("csrf {}", session.token));
        Desk { app: app.clone(), cookie: format!("{name}={}", session.token), csrf }
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = site(self.app.clone()).oneshot(request).await.unwrap();
        let status = response.status();
        let to = response.headers().get(LOCATION).map_or("", |to| to.to_str().unwrap()).to_owned();
        let body = to_bytes(response.into_body(), 50_000_000).await.unwrap().to_vec();
        Answer { status, to, body }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).header(COOKIE, &self.cookie).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = format!("csrf={}", self.csrf);
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", encode(value)));
        }
        let kind = "application/x-www-form-urlencoded";
        let request = Request::post(path).header(COOKIE, &self.cookie).header(CONTENT_TYPE, kind);
        self.ask(request.body(Body::from(body)).unwrap()).await
    }

    async fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> Answer {
        let head =
            format!("--cut\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n");
        let body = [head.as_bytes(), bytes, b"\r\n--cut--\r\n"].concat();
        let request = Request::post(format!("{path}?csrf={}", self.csrf))
            .header(COOKIE, &self.cookie)
            .header(CONTENT_TYPE, "multipart/form-data; boundary=cut");
        self.ask(request.body(Body::from(body)).unwrap()).await
    }
}

#[tokio::test]
async fn what_is_marked_by_words_and_coordinates_is_burned_and_nothing_else_goes_out() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let stranger = gongkai_disclosure::testing::office(&test.db, "bailu", AgencyKind::Town).await;
        let app = app(&test);
        let filing = Filing {
            applicant_kind: Some(ApplicantColumn::NaturalPerson),
            applicant_name: "白大山".into(),
            identity_number: "990102199001011237".into(),
            phone: "0990-6600123".into(),
            description: "农村危房改造审批表".into(),
            delivery: Some(DeliveryForm::ElectronicOnline),
            ..Filing::default()
        };
        let day = Some(jiff::civil::date(2026, 11, 2));
        let arrival = Arrival { channel: Some(Channel::InPerson), submitted_on: day, ..Arrival::default() };
        let mut tx = app.db.begin(&office.officer.actor(), monday()).await.unwrap();
        let filed = actions::register(&mut tx, &office.officer, &office.agency.id, &filing, &arrival).await;
        let number = filed.unwrap().number;
        tx.commit().await.unwrap();

        let desk = Desk::of(&app, &office.officer).await;
        let other = Desk::of(&app, &stranger.officer).await;
        let request = format!("/console/requests/{number}");
        let files = format!("{request}/enclosures");
        assert_eq!(other.upload(&files, "a.pdf", FORM).await.status, StatusCode::NOT_FOUND);
        assert_eq!(desk.upload(&files, "何小舟的审批表.pdf", FORM).await.status, StatusCode::SEE_OTHER);
        let dossier = by_number(&mut app.db.read().await.unwrap(), &number).await.unwrap().unwrap();
        let file = dossier.enclosures[0].clone();
        assert!(desk.get(&request).await.text().contains("何小舟的审批表.pdf"));
        assert_eq!(other.get(&format!("{files}/{}", file.id)).await.status, StatusCode::NOT_FOUND);

        let of = [("subject", "enclosure"), ("id", file.id.as_str())];
        assert_eq!(other.post("/console/redactions", &of).await.status, StatusCode::NOT_FOUND);
        let page = desk.post("/console/redactions", &of).await.to;
        let shown = desk.get(&page).await;
        assert!(shown.text().contains("按文字查找"), "{}", shown.text());
        assert_eq!(other.get(&page).await.status, StatusCode::NOT_FOUND);
        let picture = desk.get(&format!("{page}/pages/1")).await;
        assert!(picture.body.starts_with(b"\x89PNG"), "{}", picture.text());

        // By words, in both pages; by coordinates; what is off the page is refused and nothing typed is lost.
        let ground = ("ground", "personal_privacy");
        let found = [("version", "1"), ("act", "find"), ground, ("words", "9901 0119 9003 0712 34")];
        assert_eq!(desk.post(&page, &found).await.status, StatusCode::SEE_OTHER);
        let id = page.rsplit('/').next().unwrap().to_owned();
        let read = async || redaction::by_id(&mut app.db.read().await.unwrap(), &id).await.unwrap().unwrap();
        assert_eq!(read().await.marked.len(), 3);
        let values: Vec<String> = read()
            .await
            .marked
            .iter()
            .map(|one| {
                let a = &one.area;
                format!("{},{},{},{},{},{}", a.page, a.left, a.top, a.right, a.bottom, one.ground.code())
            })
            .collect();
        let kept: Vec<(&str, &str)> = values.iter().map(|value| ("area", value.as_str())).collect();
        let sides = [("left", "1"), ("top", "1"), ("right", "300"), ("bottom", "2")];
        let typed = [&kept[..], &[("version", "2"), ("act", "add"), ground], &sides].concat();
        let refused = desk.post(&page, &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("0 到 100 的百分数") && refused.text().contains("value=\"300\""));
        let late = desk.post(&page, &[("version", "1"), ("act", "save")]).await;
        assert!(late.text().contains("刚刚保存了"), "{}", late.text());

        // One of the three is left out: what is covered there still stands here.
        let fewer = [&kept[..2], &[("version", "2"), ("act", "apply")]].concat();
        let refused = desk.post(&page, &fewer).await;
        assert!(refused.text().contains("在别处还露着"), "{}", refused.text());
        let all = [&kept[..2], &[("version", "3"), ("act", "everywhere")]].concat();
        assert_eq!(desk.post(&page, &all).await.status, StatusCode::SEE_OTHER);
        assert_eq!(read().await.marked.len(), 3);

        // The name of the file says nothing that is covered.
        let found = [&kept[..], &[("version", "4"), ("act", "find"), ground, ("words", "何小舟")]].concat();
        assert_eq!(desk.post(&page, &found).await.status, StatusCode::SEE_OTHER);
        let now = read().await;
        let values: Vec<String> = now
            .marked
            .iter()
            .map(|one| {
                let a = &one.area;
                format!("{},{},{},{},{},{}", a.page, a.left, a.top, a.right, a.bottom, one.ground.code())
            })
            .collect();
        let kept: Vec<(&str, &str)> = values.iter().map(|value| ("area", value.as_str())).collect();
        let apply = [&kept[..], &[("version", "5"), ("act", "apply")]].concat();
        let refused = desk.post(&page, &apply).await;
        assert!(refused.text().contains("文件名里还有已经遮盖的“何小舟”"), "{}", refused.text());
        let apply =
            [&kept[..], &[("version", "6"), ("act", "apply"), ("result_name", "审批表（已遮盖）.pdf")]]
                .concat();
        let done = desk.post(&page, &apply).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        let shown = desk.get(&page).await.text();
        for words in ["遮盖完成", "没有文字层", "个人隐私"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        let out = desk.get(&format!("{files}/{}", file.id)).await.body;
        assert!(out.starts_with(b"%PDF") && out != FORM);
        assert!(!String::from_utf8_lossy(&out).contains(NUMBER));
        let certificate = desk.get(&format!("{page}/certificate/docx")).await;
        assert!(certificate.body.starts_with(b"PK"), "{}", certificate.text());
        let again = desk.post(&page, &[("version", "7"), ("act", "save")]).await;
        assert!(again.text().contains("已经完成"), "{}", again.text());
        assert!(desk.upload(&files, "原件.pdf", FORM).await.text().contains("已经封存"));
    }
}
