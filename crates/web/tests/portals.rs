//! Portals of single agencies, over both engines: what belongs to another agency is on no public route of theirs.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, HOST, LOCATION, SET_COOKIE};
use axum::http::{Request, StatusCode};
use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::catalogue::actions::install;
use gongkai_disclosure::db::Tx;
use gongkai_disclosure::db::testing::{TestDb, databases};
use gongkai_disclosure::disclosure_log::Telling;
use gongkai_disclosure::disclosure_log::actions::propose;
use gongkai_disclosure::gazette;
use gongkai_disclosure::publishing::actions::{attach, submit, withdraw};
use gongkai_disclosure::publishing::{Draft, Genre, public};
use gongkai_disclosure::registers::actions::pair;
use gongkai_disclosure::reporting::TextPart;
use gongkai_disclosure::reporting::actions::{
    NewDocument, accept_submission, add_document, approve_submission, draft_report, freeze,
    prepare_submission, save_text,
};
use gongkai_disclosure::requests::actions as requests;
use gongkai_disclosure::requests::{Answer, DeliveryForm, DeliveryWay, Filing, by_number};
use gongkai_disclosure::testing::{
    Office, catalogue_line, complete_draft, drafted, monday, office, signed_by_all,
};
use gongkai_disclosure::{catalogue, review, subscriptions};
use gongkai_statute::applicants::ApplicantColumn;
use gongkai_statute::decisions::Decision;
use gongkai_web::auth::Access;
use gongkai_web::forms::encode;
use gongkai_web::page::Contact;
use gongkai_web::palette::Palette;
use gongkai_web::{App, Clock, House, Portal, Site, Stores, routes, site};
use tower::ServiceExt;

const MAIN: &str = "gongkai.example";
const TOWN: &str = "songxi.example";

fn about(name: &str, domain: &str) -> Site {
    Site {
        name: name.into(),
        organisation: name.into(),
        contact: Contact { domain: domain.into(), ..Contact::default() },
        secure_cookies: false,
    }
}

/// The portal of everything, and that of the town.
fn app(test: &TestDb) -> App {
    let portal =
        Portal { site: about("松溪镇公开", TOWN), agency: "songxi".into(), palette: Palette::Pine };
    let house = House { portals: vec![portal], ..House::from(about("青禾区公开", MAIN)) };
    let stores = Stores::in_folder(test.folder.path(), 1_000_000).unwrap();
    App::new(test.db.clone(), stores, house, Clock::new(monday), "portals-test")
}

struct Page {
    status: StatusCode,
    location: String,
    text: String,
}

async fn get(site: &Router, host: &str, path: &str) -> Page {
    send(site, Request::get(path).header(HOST, host).body(Body::empty()).unwrap()).await
}

async fn send(site: &Router, request: Request<Body>) -> Page {
    let answer = site.clone().oneshot(request).await.unwrap();
    let status = answer.status();
    let location = answer.headers().get(LOCATION).map_or("", |to| to.to_str().unwrap()).to_owned();
    let bytes = to_bytes(answer.into_body(), 50_000_000).await.unwrap();
    Page { status, location, text: String::from_utf8_lossy(&bytes).into_owned() }
}

/// What an agency has made public, and where it stands.
struct Published {
    code: String,
    serials: Vec<String>,
    attachment: String,
    picture: String,
    line: String,
    /// Stands in all of it.
    word: String,
    withdrawn: String,
}

impl Published {
    /// Whether something of it is shown: its words, the name of the agency, or its addresses where these were not asked for.
    fn is_in(&self, text: &str, address: &str) -> bool {
        text.contains(&self.word)
            || text.contains(&format!("（{}）", self.code))
            || (!address.contains(&self.code) && text.contains(&format!("{}/", self.code)))
    }
}

async fn tx(test: &TestDb, office: &Office) -> Tx {
    test.db.begin(&office.officer.actor(), monday()).await.unwrap()
}

/// Submits a draft, lets it be signed; its id and serial.
async fn publish(test: &TestDb, office: &Office, edition: &str, entry: &str) -> (String, String) {
    let mut tx = tx(test, office).await;
    let review = submit(&mut tx, &office.officer, edition, 1).await.unwrap();
    tx.commit().await.unwrap();
    signed_by_all(&test.db, office, &review).await;
    let entry = public::by_id(&mut test.db.read().await.unwrap(), entry).await.unwrap().unwrap();
    (entry.id, entry.index_number.split_once('/').unwrap().1.to_owned())
}

async fn published(test: &TestDb, office: &Office, draft: &Draft) -> (String, String) {
    let drafted = drafted(&test.db, office, draft).await;
    publish(test, office, &drafted.edition_id, &drafted.entry_id).await
}

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";

/// Everything an agency can show, each piece with its own word; `seek` is what one searches for to find it.
async fn fill(test: &TestDb, app: &App, office: &Office, word: &str, seek: &str) -> Published {
    let code = office.agency.code.clone();
    let mut change = tx(test, office).await;
    let mut own = catalogue::starting("common").unwrap();
    own.lines.truncate(2);
    for (line, title) in own.lines.iter_mut().zip(["事项", "年度报告"]) {
        (line.title, line.elements) = (format!("{word}{title}"), format!("{word}要素"));
    }
    install(&mut change, &office.agency.id, &own).await.unwrap();
    change.commit().await.unwrap();

    // A policy with a file and a picture.
    let policy = Draft {
        title: format!("{word}湿地{seek}栖息管理办法"),
        summary: format!("{word}的{seek}。"),
        body: format!("{word}各村：\n2026年度城乡居民基本医疗保险和{seek}保护。"),
        keywords: format!("{word} 医疗保险"),
        source: word.into(),
        document_number: format!("{word}规〔2026〕1号"),
        genre: Genre::NormativeDocument.code().into(),
        validity: "in_force".into(),
        ..complete_draft("")
    };
    let entry = drafted(&test.db, office, &policy).await;
    let mut change = tx(test, office).await;
    let text =
        app.files.keep(&format!("{word}名单.txt"), format!("{word}附件{seek}").as_bytes()).await.unwrap();
    let text = app.files.prepare(text).await.unwrap();
    let attachment = attach(&mut change, &office.officer, &entry.edition_id, &text).await.unwrap();
    // One picture is one file, whoever shows it: it is the other agency's alone.
    if code == "bailu" {
        let drawn = app.files.keep(&format!("{word}.png"), PICTURE).await.unwrap();
        let drawn = app.files.prepare(drawn).await.unwrap();
        attach(&mut change, &office.officer, &entry.edition_id, &drawn).await.unwrap();
    }
    change.commit().await.unwrap();
    let (policy_id, policy) = publish(test, office, &entry.edition_id, &entry.entry_id).await;
    let files = public::attachments(&mut test.db.read().await.unwrap(), &policy_id).await.unwrap();
    let picture = files.iter().find(|file| file.media_type == "image/png");
    let picture = picture.map_or("0".repeat(64), |file| file.file_sha256.clone());

    // What explains it, the rules of disclosure, the annual report, what was withdrawn.
    let other = |title: String, genre: Genre| Draft {
        title,
        summary: word.into(),
        genre: genre.code().into(),
        source: word.into(),
        keywords: word.into(),
        ..complete_draft("")
    };
    let (_, reading) = published(test, office, &other(format!("{word}办法解读"), Genre::Notice)).await;
    let (_, rules) = published(test, office, &other(format!("{word}公开制度"), Genre::DisclosureRules)).await;
    let report = reported(test, office, word).await;
    let (gone, withdrawn) = published(test, office, &other(format!("{word}有误的通知"), Genre::Notice)).await;
    let mut change = tx(test, office).await;
    withdraw(&mut change, &office.officer, &gone, "mistaken", &format!("{word}数字有误，已经更正。"))
        .await
        .unwrap();
    let numbers = [format!("{code}/{policy}"), format!("{code}/{reading}")];
    pair(&mut change, &office.officer, &office.agency.id, &numbers[0], &numbers[1], "text").await.unwrap();
    let document = NewDocument {
        agency_id: office.agency.id.clone(),
        kind: "normative_document".into(),
        title: format!("{word}规范性文件"),
        document_number: format!("{word}规〔2025〕1号"),
        issued_on: "2025-03-01".into(),
        entry_id: None,
    };
    add_document(&mut change, &office.officer, document).await.unwrap();
    change.commit().await.unwrap();
    let told = answered(test, office, word).await;

    let entry = public::by_id(&mut test.db.read().await.unwrap(), &policy_id).await.unwrap().unwrap();
    Published {
        serials: vec![policy, reading, rules, report, told],
        attachment,
        picture,
        line: entry.line_code,
        word: word.to_owned(),
        withdrawn,
        code,
    }
}

/// The annual report, accepted by the district and published; its serial.
async fn reported(test: &TestDb, office: &Office, word: &str) -> String {
    let (agency, officer) = (&office.agency, &office.officer);
    let mut change = tx(test, office).await;
    freeze(&mut change, officer, agency, 2025, "").await.unwrap();
    for part in [TextPart::Supervision, TextPart::ProblemsAndImprovements] {
        save_text(&mut change, officer, agency, 2025, part, &format!("{word}情况良好。")).await.unwrap();
    }
    let id = prepare_submission(&mut change, officer, agency, 2025).await.unwrap();
    approve_submission(&mut change, &office.section_head, &id).await.unwrap();
    accept_submission(&mut change, &office.oversight_officer, &id, "").await.unwrap();
    let drafted = draft_report(&mut change, officer, agency, 2025).await.unwrap();
    change.commit().await.unwrap();
    publish(test, office, &drafted.edition_id, &drafted.entry_id).await.1
}

/// 依申请公开 of which everyone is told; the serial of the entry.
async fn answered(test: &TestDb, office: &Office, word: &str) -> String {
    // The offices of tests number their letters alike: each answers in a year of its own.
    let years_ago = i64::from(office.agency.code == "songxi");
    let then = monday() - jiff::SignedDuration::from_hours(364 * 24 * years_ago);
    let filing = Filing {
        applicant_kind: Some(ApplicantColumn::NaturalPerson),
        applicant_name: "何小舟".into(),
        identity_number: "990102199001011237".into(),
        phone: "0990-6600123".into(),
        description: format!("{word}2025年农村危房改造补助名单"),
        delivery: Some(DeliveryForm::ElectronicOnline),
        ..Filing::default()
    };
    let today = gongkai_disclosure::time::day_in_china(then);
    let mut change = test.db.begin(&Actor::Public, then).await.unwrap();
    let filed = requests::submit(&mut change, &office.agency.code, &filing).await.unwrap();
    let number = filed.number;
    let officer = &office.officer;
    change.acting_as(&officer.actor(), then);
    requests::confirm_receipt(&mut change, officer, &number, Some(today), "电话").await.unwrap();
    let decision = Decision::Provided;
    let parts = decision.required_parts().iter().map(|part| (*part, format!("{word}{}", part.label())));
    let answer = Answer {
        decision,
        ground: None,
        reason: "经查，具体情况如下".into(),
        parts: parts.collect(),
        portions: Vec::new(),
        path: Vec::new(),
    };
    requests::decide(&mut change, officer, &number, &answer).await.unwrap();
    let dossier = by_number(change.conn(), &number).await.unwrap().unwrap();
    let review_id = dossier.reply().unwrap().review_id.clone().unwrap();
    change.acting_as(&office.leader.actor(), then);
    review::actions::sign(&mut change, &office.leader, &review_id, None, "同意").await.unwrap();
    change.acting_as(&officer.actor(), then);
    requests::issue_reply(&mut change, officer, &number, Some(DeliveryWay::Online)).await.unwrap();
    change.acting_as(&officer.actor(), monday());
    let line = catalogue_line(&mut change, &office.agency.id).await;
    let telling = Telling {
        title: format!("关于“{word}补助名单”的答复"),
        asked: format!("{word}2025年农村危房改造补助名单"),
        answered: format!("予以公开。{word}"),
    };
    let drafted = propose(&mut change, officer, &number, &line, &telling, &[]).await.unwrap();
    change.commit().await.unwrap();
    publish(test, office, &drafted.edition_id, &drafted.entry_id).await.1
}

/// The addresses of a route with what one agency has. A parameter that is not known here must be taught.
fn addresses(route: &str, of: &Published) -> Vec<String> {
    let mut paths = vec![String::new()];
    for part in route.split('/').skip(1) {
        let texts = |all: &[&str]| -> Vec<String> { all.iter().map(|one| (*one).to_owned()).collect() };
        let values = match part {
            "{agency}" | "{code}" => vec![of.code.clone()],
            "{serial}" => of.serials.iter().chain([&of.withdrawn]).cloned().collect(),
            "{id}" if route.starts_with("/report-check") => texts(&["1"]),
            "{id}" => vec![of.attachment.clone()],
            "{hash}" => vec![of.picture.clone()],
            "{line}" => vec![of.line.clone()],
            "{year}" => texts(&["2025", "2026"]),
            "{number}" => texts(&["1"]),
            "{format}" => texts(&["html", "docx", "pdf"]),
            "{which}" => texts(&["form", "procedure"]),
            "{token}" => texts(&["x"]),
            "{*path}" => texts(&["gongkai.css"]),
            "{name}" => texts(&[
                "entries.csv",
                "entries.jsonl",
                "entries-2026.csv",
                "agencies.csv",
                "catalogue.jsonl",
                "documents.csv",
                "annual-reports.csv",
                "entries.csv.sha256",
            ]),
            parameter if parameter.starts_with('{') => panic!("{route}: what is {parameter}?"),
            fixed => texts(&[fixed]),
        };
        paths =
            paths.iter().flat_map(|path| values.iter().map(move |value| format!("{path}/{value}"))).collect();
    }
    paths
}

/// Routes that say nothing of any agency. A new one is added here or shows the other agency's words on the main portal.
const OF_NO_AGENCY: [&str; 27] = [
    "/pictures/{hash}",
    "/assets/{*path}",
    "/display",
    "/sign-in",
    "/subscriptions/{token}",
    "/subscriptions/{token}/removal",
    "/report-check",
    "/report-check/rules",
    "/report-check/rules/{id}",
    "/help",
    "/static-copy",
    "/robots.txt",
    "/sitemaps/{number}",
    "/api",
    "/api/v1/openapi.json",
    "/healthz",
    "/interaction",
    "/interaction/track",
    "/grievances/track",
    "/requests/procedure",
    "/requests/papers/{which}/{format}",
    "/requests/{number}/receipt",
    "/requests/track",
    "/annual-reports/{agency}/{year}/download/{format}",
    "/gazette/{agency}/{year}/{number}/download/{format}",
    "/api/v1/downloads",
    "/subscriptions/new",
];

#[tokio::test]
async fn nothing_of_another_agency_is_on_any_public_route() {
    for test in databases().await {
        // The other one is the office of the district, which keeps a gazette; it is not below the town.
        let other = office(&test.db, "bailu", AgencyKind::DistrictOffice).await;
        let own = office(&test.db, "songxi", AgencyKind::Town).await;
        let app = app(&test);
        let site = site(app.clone());
        let theirs = fill(&test, &app, &other, "白鹭洲", "鹭鸶").await;
        let ours = fill(&test, &app, &own, "松溪口", "溪鱼").await;
        // Their interpretation of our policy, and our policy in their gazette.
        let mut change = tx(&test, &own).await;
        let [policy, reading] = [&ours, &theirs].map(|of| format!("{}/{}", of.code, of.serials[1]));
        pair(&mut change, &own.officer, &own.agency.id, &policy, &reading, "text").await.unwrap();
        change.commit().await.unwrap();
        let mut change = tx(&test, &other).await;
        let issue = gazette::actions::begin(&mut change, &other.officer, &other.agency.id).await.unwrap();
        for of in [&theirs, &ours] {
            let number = format!("{}/{}", of.code, of.serials[0]);
            gazette::actions::add(&mut change, &other.officer, &issue, &number).await.unwrap();
        }
        gazette::actions::publish(&mut change, &other.officer, &issue).await.unwrap();
        change.commit().await.unwrap();
        app.catch_up().await.unwrap();

        let queries = [
            String::new(),
            format!("?q={}", encode("鹭鸶")),
            format!("?q={}", encode("医疗保险")),
            format!("?q={}", encode("鹭丝栖息管理")),
            "?agency=bailu".into(),
            "?agency=bailu&year=2025".into(),
            "?year=2026".into(),
            "?standing=all".into(),
        ];
        let (mut shown_on_main, mut shown_here) = (BTreeSet::new(), BTreeMap::<&str, usize>::new());
        let mut tried = 0;
        let table = routes::table();
        for route in &table {
            if route.method != "GET" || route.access != Access::Public {
                continue;
            }
            for (of, is_theirs) in [(&theirs, true), (&ours, false)] {
                for path in addresses(route.path, of) {
                    // What is laid out on pages takes long, and no query changes it.
                    let most = if path.contains("/download/") || path.contains("/papers/") {
                        1
                    } else {
                        queries.len()
                    };
                    for query in &queries[..most] {
                        let address = format!("{path}{query}");
                        let main = get(&site, MAIN, &address).await;
                        if theirs.is_in(&main.text, &address) {
                            shown_on_main.insert(route.path);
                        }
                        let here = get(&site, TOWN, &address).await;
                        tried += 1;
                        let is_of_one =
                            ["{agency}", "{code}", "{id}", "{hash}"].iter().any(|p| route.path.contains(p))
                                && !route.path.starts_with("/report-check");
                        if is_theirs && is_of_one && main.status != StatusCode::BAD_REQUEST {
                            let (here, main) = (here.status, main.status);
                            assert_eq!(here, StatusCode::NOT_FOUND, "{address} (main: {main})");
                        }
                        assert!(!here.status.is_server_error(), "{address}: {}", here.text);
                        let mut words = vec![theirs.word.as_str(), "（bailu）"];
                        if !address.contains("bailu") {
                            words.extend(["bailu/", "=bailu", "\"bailu"]);
                        }
                        if !query.contains(&encode("鹭鸶")) {
                            words.push("鹭鸶");
                        }
                        for word in words {
                            assert!(!here.text.contains(word), "{address} shows {word}: {}", here.text);
                        }
                        *shown_here.entry(route.path).or_default() +=
                            usize::from(ours.is_in(&here.text, &address));
                    }
                }
            }
        }
        assert!(tried > 500, "{tried}");
        // Routes that show nothing of the other agency on the main portal prove nothing here.
        let proved = |path: &&str| OF_NO_AGENCY.contains(path) || shown_on_main.contains(path);
        let public = table.iter().filter(|r| r.method == "GET" && r.access == Access::Public).map(|r| r.path);
        let unproved: Vec<&str> = public.clone().filter(|path| !proved(path)).collect();
        assert!(unproved.is_empty(), "{unproved:?}");
        // The town has no gazette; everything else of its own is there.
        let is_there =
            |path: &&str| OF_NO_AGENCY.contains(path) || shown_here[*path] > 0 || path.contains("gazette");
        let empty: Vec<&str> = public.filter(|path| !is_there(path)).collect();
        assert!(empty.is_empty(), "{empty:?}");
    }
}

#[tokio::test]
async fn numbers_and_facets_are_the_portals_own() {
    for test in databases().await {
        let other = office(&test.db, "bailu", AgencyKind::Town).await;
        let own = office(&test.db, "songxi", AgencyKind::Town).await;
        let app = app(&test);
        let site = site(app.clone());
        for (office, times) in [(&other, 3), (&own, 2)] {
            for n in 0..times {
                published(&test, office, &complete_draft(&format!("医疗保险通知{n}"))).await;
            }
        }
        app.catch_up().await.unwrap();
        let json = async |host, path: &str| -> serde_json::Value {
            serde_json::from_str(&get(&site, host, path).await.text).unwrap()
        };
        let search = format!("/api/v1/search?q={}", encode("医疗保险"));
        assert_eq!(json(MAIN, &search).await["total"], 5);
        let found = json(TOWN, &search).await;
        assert_eq!(found["total"], 2, "{found}");
        assert!(!found.to_string().contains("bailu"), "{found}");
        // Narrowed to another's, nothing is left; nor does the facet count what is not there.
        let theirs = json(TOWN, &format!("{search}&agency=bailu")).await;
        assert_eq!(theirs["total"], 0, "{theirs}");
        assert_eq!(json(TOWN, "/api/v1/entries").await["items"].as_array().unwrap().len(), 2);
        let page = get(&site, TOWN, &format!("/search?q={}", encode("医疗保险"))).await.text;
        assert!(page.contains("songxi/2026-00001") && !page.contains("bailu"), "{page}");
        let sum = get(&site, TOWN, "/api/v1/downloads/entries.csv.sha256").await.text;
        assert_ne!(sum, get(&site, MAIN, "/api/v1/downloads/entries.csv.sha256").await.text);
    }
}

#[tokio::test]
async fn the_name_in_the_request_chooses_the_portal() {
    let test = gongkai_disclosure::db::testing::sqlite().await;
    let other = office(&test.db, "bailu", AgencyKind::Town).await;
    office(&test.db, "songxi", AgencyKind::Town).await;
    let app = app(&test);
    let site = site(app.clone());
    published(&test, &other, &complete_draft("白鹭的通知")).await;
    app.catch_up().await.unwrap();
    for town in [TOWN, "Songxi.Example", "songxi.example:8080"] {
        let home = get(&site, town, "/").await;
        assert!(home.text.contains("松溪镇公开") && !home.text.contains("白鹭的通知"), "{town}");
        assert!(home.text.contains("data-palette=\"pine\"") && home.text.contains("/assets/palettes.css"));
        assert!(
            home.text.contains("<link rel=\"canonical\" href=\"http://songxi.example/\">"),
            "{}",
            home.text
        );
        assert!(home.text.contains("<a href=\"http://gongkai.example/\">青禾区公开</a>"), "{}", home.text);
    }
    for main in
        [MAIN, "songxi.example.evil.example", "evil.example", "songxi.example.", "x@songxi.example", ""]
    {
        let home = get(&site, main, "/").await;
        assert!(home.text.contains("青禾区公开") && home.text.contains("白鹭的通知"), "{main}");
        assert!(!home.text.contains("data-palette"), "{main}");
    }
    let missing = get(&site, TOWN, "/entries/bailu/2026-00001").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(
        missing.text.contains("href=\"http://gongkai.example/entries/bailu/2026-00001\""),
        "{}",
        missing.text
    );
    // The console is one for all names, and a cookie belongs to the name it was given under.
    let console = get(&site, TOWN, "/console/entries").await;
    assert_eq!(console.location, "/sign-in?next=%2Fconsole%2Fentries");
    let sign_in = Request::post("/sign-in")
        .header(HOST, TOWN)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("username=bailu-officer&password=a+long+password"))
        .unwrap();
    let signed = site.clone().oneshot(sign_in).await.unwrap();
    assert_eq!(signed.status(), StatusCode::SEE_OTHER);
    let cookie = signed.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    assert!(!cookie.to_lowercase().contains("domain"), "{cookie}");
    let session = cookie.split(';').next().unwrap();
    let desk = Request::get("/console/entries").header(HOST, TOWN).header("cookie", session);
    let desk = send(&site, desk.body(Body::empty()).unwrap()).await;
    assert!(desk.status == StatusCode::OK && desk.text.contains("白鹭的通知"), "{}", desk.status);
    let feed = get(&site, TOWN, "/feed.xml").await.text;
    assert!(feed.contains("http://songxi.example/feed.xml") && !feed.contains("gongkai.example"), "{feed}");
}

#[tokio::test]
async fn forms_of_a_portal_reach_its_agencies_alone() {
    for test in databases().await {
        office(&test.db, "bailu", AgencyKind::Town).await;
        office(&test.db, "songxi", AgencyKind::Town).await;
        let app = app(&test);
        let site = site(app.clone());
        for form in ["/requests/new", "/interaction/letters", "/grievances"] {
            let page = get(&site, TOWN, form).await.text;
            assert!(page.contains("<option value=\"songxi\" selected"), "{form}: {page}");
            assert!(!page.contains("bailu"), "{form}: {page}");
        }
        let letter = |agency: &str| {
            let body = format!(
                "kind=mailbox&agency_id={agency}&subject={0}&body={0}&person_name={0}&contact=0990-6600123",
                encode("路灯不亮")
            );
            Request::post("/interaction/letters")
                .header(HOST, TOWN)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(body))
                .unwrap()
        };
        let refused = send(&site, letter("bailu")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        let taken = send(&site, letter("songxi")).await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    }
}

/// Number and code entered at another agency's door: whoever has both is shown the way, whoever has not learns nothing.
#[tokio::test]
async fn a_request_is_tracked_where_it_is_handled_and_pointed_to_from_elsewhere() {
    for test in databases().await {
        let other = office(&test.db, "bailu", AgencyKind::Town).await;
        let own = office(&test.db, "songxi", AgencyKind::Town).await;
        let site = site(app(&test));
        let filing = Filing {
            applicant_kind: Some(ApplicantColumn::NaturalPerson),
            applicant_name: "何小舟".into(),
            identity_number: "990102199001011237".into(),
            phone: "0990-6600123".into(),
            description: "白鹭的通知所附的名单".into(),
            delivery: Some(DeliveryForm::ElectronicOnline),
            ..Filing::default()
        };
        let mut filed = Vec::new();
        for office in [&own, &other] {
            let mut tx = test.db.begin(&Actor::Public, monday()).await.unwrap();
            filed.push(requests::submit(&mut tx, &office.agency.code, &filing).await.unwrap());
            tx.commit().await.unwrap();
        }
        let ask = |host: &'static str, path: &'static str, number: &str, code: &str| {
            Request::post(path)
                .header(HOST, host)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(format!("number={number}&query_code={code}&letter=x&file=x")))
                .unwrap()
        };
        let track = "/requests/track";
        for one in &filed {
            let shown = send(&site, ask(MAIN, track, &one.number, &one.query_code)).await;
            assert!(
                shown.status == StatusCode::OK && shown.text.contains("何小舟"),
                "the main portal has all"
            );
        }
        let [mine, theirs] = &filed[..] else { unreachable!() };
        let shown = send(&site, ask(TOWN, track, &mine.number, &mine.query_code)).await;
        assert!(shown.status == StatusCode::OK && shown.text.contains("何小舟"));
        let pointed = send(&site, ask(TOWN, track, &theirs.number, &theirs.query_code)).await;
        assert_eq!(pointed.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(pointed.text.contains(&other.agency.name), "{}", pointed.text);
        assert!(pointed.text.contains("http://gongkai.example/requests/track"), "{}", pointed.text);
        assert!(!pointed.text.contains("何小舟") && !pointed.text.contains("名单"), "{}", pointed.text);
        // Without the code nothing differs from a number that does not exist.
        let wrong = send(&site, ask(TOWN, track, &theirs.number, "AAAABBBBCCCC")).await.text;
        let none = send(&site, ask(TOWN, track, "BAILU-SQ-2026-9999", "AAAABBBBCCCC")).await.text;
        assert_eq!(wrong.replace(&theirs.number, "N"), none.replace("BAILU-SQ-2026-9999", "N"));
        assert!(!wrong.contains(&other.agency.name), "{wrong}");
        // Nor do the other ways in that take number and code.
        for path in [
            "/requests/track/letter",
            "/requests/track/file",
            "/requests/track/withdraw",
            "/requests/track/supplement",
        ] {
            let refused = send(&site, ask(TOWN, path, &theirs.number, &theirs.query_code)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        }
        let still = by_number(&mut test.db.read().await.unwrap(), &theirs.number).await.unwrap().unwrap();
        assert_eq!(still.request.closed_on, None, "nothing was withdrawn through the wrong door");
    }
}

#[tokio::test]
async fn a_subscription_of_a_portal_tells_its_own_news_under_its_own_name() {
    for test in databases().await {
        let other = office(&test.db, "bailu", AgencyKind::Town).await;
        let own = office(&test.db, "songxi", AgencyKind::Town).await;
        let app = app(&test);
        let site = site(app.clone());
        let ask = Request::post("/subscriptions")
            .header(HOST, TOWN)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("email=a%40b.example&search=q%3D{}", encode(&encode("医疗保险")))))
            .unwrap();
        let asked = send(&site, ask).await;
        assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
        let one = subscriptions::all(&mut test.db.read().await.unwrap()).await.unwrap().remove(0);
        assert_eq!(one.site, "http://songxi.example");
        let mut change = test.db.begin(&Actor::Public, monday()).await.unwrap();
        subscriptions::actions::confirm(&mut change, &one.token).await.unwrap();
        change.commit().await.unwrap();
        for (office, letters) in [(&other, 0), (&own, 1)] {
            published(&test, office, &complete_draft("医疗保险通知")).await;
            let mut change = test.db.begin(&Actor::Program("test"), monday()).await.unwrap();
            assert_eq!(subscriptions::actions::tell(&mut change).await.unwrap(), letters);
            change.record(gongkai_disclosure::audit::Act::new("test", "told", "", "", serde_json::json!({})));
            change.commit().await.unwrap();
        }
    }
}
