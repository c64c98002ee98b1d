//! The officers' pages for requests, over both engines: letters are looked at before they leave, the questions are walked part
//! by part, and what was destroyed says so.

#![allow(clippy::unwrap_used)]

mod browser;

use axum::http::StatusCode;
use browser::{Answer, Desk};
use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::db::testing::{TestDb, databases};
use gongkai_disclosure::letters::LetterKind;
use gongkai_disclosure::requests::{self, DeliveryForm, Dossier, Filing, RequestState, actions, by_number};
use gongkai_disclosure::review;
use gongkai_disclosure::testing::{Office, monday, office};
use gongkai_disclosure::time::day_in_china;
use gongkai_statute::applicants::ApplicantColumn;
use gongkai_statute::decisions::{Decision, Outcome};
use gongkai_web::App;

const NAME: &str = "何小舟";

impl Answer {
    fn has(&self, words: &str) -> &Answer {
        assert!(self.body.contains(words), "{words} is not on the page ({}): {}", self.status, self.body);
        self
    }

    /// Where the link with these words leads.
    fn link(&self, words: &str) -> String {
        let at = self.body.find(&format!(">{words}</a>"));
        let before = &self.body[..at.unwrap_or_else(|| panic!("no link {words}: {}", self.body))];
        let href = before.rsplit_once("href=\"").unwrap().1.split('"').next().unwrap();
        href.replace("&amp;", "&").replace("&#38;", "&")
    }

    /// The hidden fields of the form.
    fn hidden(&self) -> Vec<(String, String)> {
        let value = |tag: &str, name: &str| {
            let rest = tag.split_once(&format!("{name}=\""))?.1;
            Some(rest.split('"').next()?.to_owned())
        };
        let tags = self.body.split("<input type=\"hidden\"").skip(1);
        tags.filter_map(|tag| Some((value(tag, "name")?, value(tag, "value")?))).collect()
    }
}

fn app(test: &TestDb) -> App {
    browser::app(test, 100_000)
}

/// Filed online and confirmed today.
async fn received(test: &TestDb, office: &Office) -> String {
    let filing = Filing {
        applicant_kind: Some(ApplicantColumn::NaturalPerson),
        applicant_name: NAME.into(),
        identity_number: "990102199001011237".into(),
        phone: "0990-6600123".into(),
        description: "2025年危房改造的补助名单和验收记录".into(),
        delivery: Some(DeliveryForm::ElectronicOnline),
        ..Filing::default()
    };
    let mut tx = test.db.begin(&Actor::Public, monday()).await.unwrap();
    let number = actions::submit(&mut tx, &office.agency.code, &filing).await.unwrap().number;
    tx.commit().await.unwrap();
    let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
    let today = Some(day_in_china(monday()));
    actions::confirm_receipt(&mut tx, &office.officer, &number, today, "电话").await.unwrap();
    tx.commit().await.unwrap();
    number
}

async fn dossier(test: &TestDb, number: &str) -> Dossier {
    by_number(&mut test.db.read().await.unwrap(), number).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_letter_is_looked_at_before_it_leaves_and_looking_leaves_nothing() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let number = received(&test, &office).await;
        let desk = Desk::of(&app(&test), &office.officer).await;
        let path = format!("/console/requests/{number}");
        let before = dossier(&test, &number).await;
        let typed = [
            ("supplement-items", "请写明是哪一批的名单"),
            ("supplement-working_days", "15"),
            ("supplement-preview", "1"),
        ];
        let shown = desk.post(&format!("{path}/supplement"), &typed).await;
        assert_eq!(shown.status, StatusCode::OK);
        shown.has("预览：").has("还没有发出").has("请写明是哪一批的名单").has("第三十条").has(NAME);
        // What was typed is still in the form, to be changed or sent.
        shown.has("value=\"15\"");
        let after = dossier(&test, &number).await;
        assert_eq!((&after.letters, after.events.len()), (&before.letters, before.events.len()));
        assert_eq!((after.supplement, after.request.state), (None, before.request.state));

        // A preview of what would be refused is refused.
        let blank =
            [("supplement-items", " "), ("supplement-working_days", "15"), ("supplement-preview", "1")];
        let refused = desk.post(&format!("{path}/supplement"), &blank).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!refused.body.contains("预览："), "{}", refused.body);

        // Sent, it says what was shown; its number is the one the preview bore, for no number was used up.
        let sent = desk.post(&format!("{path}/supplement"), &typed[..2]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let after = dossier(&test, &number).await;
        let notice = after.letters.iter().find(|one| one.kind == LetterKind::SupplementNotice).unwrap();
        shown.has(&notice.number);
        let own = desk.get(&format!("{path}/letters/{}", notice.id)).await;
        own.has("请写明是哪一批的名单").has(NAME);
        // Who may not read requests does not get the letter by its address.
        let stranger = Desk::of(&app(&test), &office.administrator).await;
        let hidden = stranger.get(&format!("{path}/letters/{}", notice.id)).await;
        assert!(!hidden.body.contains(NAME) && hidden.status != StatusCode::OK, "{}", hidden.status);
    }
}

#[tokio::test]
async fn each_part_is_judged_question_by_question_up_to_the_signed_letter() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let number = received(&test, &office).await;
        let desk = Desk::of(&app(&test), &office.officer).await;
        let path = format!("/console/requests/{number}");
        let mut page = desk.get(&format!("{path}/decision")).await;
        page = desk.get(&page.link("内容可以分开、各部分结果不同的，分项判断")).await;
        page.has("第1部分");
        let usual = ["没有主动公开，或者公开的不是所申请的全部内容", "没有另外的规定"];
        let held = ["制作了，或者保存着", "有现成的信息"];
        let walk = async |mut page: Answer, answers: &[&str]| {
            for answer in answers {
                page = desk.get(&page.link(answer)).await;
                assert_eq!(page.status, StatusCode::OK, "after {answer}");
            }
            page
        };
        // From wherever the tree of a part begins up to the questions of the middle.
        let begin = async |mut page: Answer| {
            for answer in [
                "应当继续办理",
                "明确，或者补正后已经明确",
                "要求提供政府信息",
                "没有答复过，或者不是相同的信息",
                "没有超过，或者申请人说明的理由合理",
                "由本机关负责公开",
            ] {
                if page.body.contains(&format!(">{answer}</a>")) {
                    page = desk.get(&page.link(answer)).await;
                }
            }
            page
        };
        page = begin(page).await;
        page = walk(page, &[&usual[..], &held[..], &["没有"]].concat()).await;
        page.has("年报计入").has("予以公开");
        page = desk.get(&page.link("接着判断第2部分")).await;
        page.has("已经判断的部分");
        page = begin(page).await;
        page = walk(page, &[&usual[..], &["经检索没有"]].concat()).await;
        page = desk.get(&page.link("填写各部分的答复")).await;
        page.has("第1部分：").has("第2部分：").has("判断过程").has("部分公开");

        // Blank: every part says what it lacks. Filled in: looked at, then sent.
        let hidden = page.hidden();
        let mut fields: Vec<(&str, &str)> =
            hidden.iter().filter(|(name, _)| name != "csrf").map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let action = format!("{path}/decision/portions");
        let blank = desk.post(&action, &fields).await;
        assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY);
        let names: Vec<String> = ["p0-", "p1-"]
            .iter()
            .flat_map(|part| {
                let mark = format!("name=\"{part}");
                let names = page.body.split(&mark).skip(1);
                names.map(|rest| format!("{part}{}", rest.split('"').next().unwrap())).collect::<Vec<_>>()
            })
            .collect();
        assert!(names.len() >= 4, "{names:?}");
        let texts: Vec<String> = names.iter().map(|name| format!("所填的{name}")).collect();
        fields.extend(names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())));
        let shown = desk.post(&action, &[fields.as_slice(), &[("preview", "1")]].concat()).await;
        assert_eq!(shown.status, StatusCode::OK);
        shown.has("预览：").has("第1部分").has("所填的p1-asked").has(NAME);
        assert_eq!(dossier(&test, &number).await.reply(), None, "looking keeps nothing");
        let sent = desk.post(&action, &fields).await;
        assert!(sent.status == StatusCode::SEE_OTHER && sent.to.starts_with(&path), "{}", sent.body);

        let decided = dossier(&test, &number).await;
        assert_eq!(decided.request.state, RequestState::Decided);
        let answer = decided.request.answer.as_ref().unwrap();
        assert_eq!(answer.decisions(), [Decision::Provided, Decision::NotHeld]);
        assert_eq!(answer.decision.outcome(), Outcome::PartlyDisclosed);
        assert!(answer.portions.iter().all(|portion| portion.walked().is_some()), "each with its path");
        let letter = decided.reply().unwrap().body_html(test.db.keys()).unwrap();
        assert!(letter.contains("所填的p0-asked") && letter.contains("所填的p1-asked"), "{letter}");
        // The signer reads the same letter and how each part was judged.
        let signer = Desk::of(&app(&test), &office.leader).await;
        let review = decided.reply().unwrap().review_id.clone().unwrap();
        signer.get(&format!("/console/reviews/{review}")).await.has("所填的p1-asked").has(NAME);
        signer.get(&path).await.has("经检索没有").has("有现成的信息");
    }
}

/// Answered and out of the house.
async fn answered(test: &TestDb, office: &Office) -> String {
    let number = received(test, office).await;
    let decision = Decision::NotHeld;
    let answer = requests::Answer {
        decision,
        ground: None,
        reason: "经检索没有".into(),
        parts: decision.required_parts().iter().map(|part| (*part, "档案室和业务系统".into())).collect(),
        portions: Vec::new(),
        path: Vec::new(),
    };
    let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
    let decided = actions::decide(&mut tx, &office.officer, &number, &answer).await.unwrap();
    tx.commit().await.unwrap();
    let review = decided.reply().unwrap().review_id.clone().unwrap();
    let mut tx = test.db.begin(&office.leader.actor(), monday()).await.unwrap();
    review::actions::sign(&mut tx, &office.leader, &review, None, "同意").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
    let way = Some(requests::DeliveryWay::Online);
    actions::issue_reply(&mut tx, &office.officer, &number, way).await.unwrap();
    tx.commit().await.unwrap();
    number
}

/// Table four's cells are lists, and what a decision demands waits on the officer's desk until it is done.
#[tokio::test]
async fn a_case_stands_in_its_cell_and_what_it_demands_is_carried_out() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let number = answered(&test, &office).await;
        let desk = Desk::of(&app(&test), &office.officer).await;
        let today = day_in_china(monday()).to_string();
        let typed = [
            ("kind", "reconsideration"),
            ("case_number", "青禾复〔2026〕3号"),
            ("body", "青禾区人民政府"),
            ("accepted_on", today.as_str()),
            ("request_number", number.as_str()),
        ];
        let case = desk.post("/console/remedies", &typed).await.to;
        let table = desk.get("/console/remedies").await;
        let cells: Vec<&str> = table.body.matches("/cells/remedies/").collect();
        assert_eq!(cells.len(), 15, "three kinds, four results and their sum");
        let at = |result: &str| {
            format!("/console/annual-reports/songxi/2026/cells/remedies/reconsideration/{result}")
        };
        desk.get(&at("pending")).await.has("青禾复〔2026〕3号");

        let corrected = [("result", "corrected"), ("concluded_on", today.as_str())];
        let unsaid = desk.post(&case, &corrected).await;
        assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
        unsaid.has("要求本机关做什么");
        let demand = [("demanded", "撤销原答复，重新答复"), ("demanded_until", "2026-11-30")];
        let done = desk.post(&case, &[&corrected[..], &demand[..]].concat()).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        desk.get(&at("corrected")).await.has("青禾复〔2026〕3号");
        assert!(!desk.get(&at("pending")).await.body.contains("青禾复〔2026〕3号"));
        desk.get("/console").await.has("复议诉讼要求履行的事项").has("重新答复");
        desk.get("/console/remedies").await.has("待履行，至 2026-11-30");

        let undated = desk.post(&format!("{case}/renewal"), &[("received_on", "")]).await;
        assert_eq!(undated.status, StatusCode::UNPROCESSABLE_ENTITY);
        undated.has("请填写日期");
        let fresh = desk.post(&format!("{case}/renewal"), &[("received_on", today.as_str())]).await;
        assert_eq!(fresh.status, StatusCode::SEE_OTHER, "{}", fresh.body);
        let page = desk.get(&fresh.to).await;
        page.has("行政复议决定（青禾复〔2026〕3号）").has("规定的期限至11月30日届满").has(&number);
        desk.get(&format!("/console/requests/{number}")).await.has("重新办理").has(&fresh.to);
        assert!(!desk.get(&case).await.body.contains("重新办理所涉申请"), "once");

        let blank = [("carried_out_on", today.as_str()), ("carried_out", " ")];
        let refused = desk.post(&format!("{case}/carried-out"), &blank).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.has("请写明怎样履行的");
        let how = [("carried_out_on", today.as_str()), ("carried_out", "已重新答复并送达")];
        let done = desk.post(&format!("{case}/carried-out"), &how).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        desk.get(&case).await.has("已重新答复并送达");
        assert!(!desk.get("/console/remedies").await.body.contains("待履行"));
    }
}
