//! The registers, the report, letters from the public, oversight, audit and accounts, walked through as the
//! people who use them.

#![allow(clippy::unwrap_used)]

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use gongkai_disclosure::accounts::actions::{add_agency, add_user, log_in};
use gongkai_disclosure::accounts::{self, Agency, AgencyKind, Role, Staff, actions::NewUser};
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::db::testing;
use gongkai_disclosure::publishing::{Draft, Genre};
use gongkai_disclosure::secrets;
use gongkai_disclosure::testing::{catalogue_line, complete_draft, monday, office, signed_by_all, submitted};
use gongkai_report::{Report, Section as Part, write};
use gongkai_web::forms::encode;
use gongkai_web::page::Contact;
use gongkai_web::{App, Clock, Site, Stores, site};
use tower::ServiceExt;

struct House {
    _test: testing::TestDb,
    app: App,
    district_oversight: Staff,
    district_admin: Staff,
    district_leader: Staff,
    town_officer: String,
    town_head: String,
}

/// A district office and a town below it. Today is 2 November 2026.
async fn house() -> House {
    let test = testing::sqlite().await;
    let district = office(&test.db, "qh", AgencyKind::DistrictOffice).await;
    let mut tx = test.db.begin(&Actor::Program("test"), monday()).await.unwrap();
    let town = Agency {
        code: "yx".into(),
        name: "云溪镇人民政府".into(),
        kind: AgencyKind::Town.code().into(),
        parent_id: Some(district.agency.id.clone()),
        ..district.agency.clone()
    };
    let town = add_agency(&mut tx, town).await.unwrap();
    let officer = NewUser {
        username: "yx.officer".into(),
        name: "何小舟".into(),
        title: "科员".into(),
        agency_id: town.id.clone(),
        password: "a long password".into(),
        grants: vec![(town.id.clone(), Role::DisclosureOfficer)],
    };
    add_user(&mut tx, officer).await.unwrap();
    let head = NewUser {
        username: "yx.section".into(),
        name: "林晓禾".into(),
        title: "党政办主任".into(),
        agency_id: town.id.clone(),
        password: "a long password".into(),
        grants: vec![(town.id.clone(), Role::SectionHead)],
    };
    add_user(&mut tx, head).await.unwrap();
    tx.commit().await.unwrap();
    let about = Site {
        name: "青禾区政府信息公开".into(),
        organisation: "青禾区人民政府办公室".into(),
        contact: Contact::default(),
        secure_cookies: false,
    };
    let stores = Stores::in_folder(test.folder.path(), 1_000_000).unwrap();
    let app = App::new(test.db.clone(), stores, about, Clock::new(monday), "reporting-test");
    House {
        _test: test,
        app,
        district_oversight: district.oversight_officer,
        district_admin: district.administrator,
        district_leader: district.leader,
        town_officer: "yx.officer".into(),
        town_head: "yx.section".into(),
    }
}

/// Someone at a browser: signed in or not.
struct Visitor {
    app: App,
    cookie: String,
    csrf: String,
}

struct Page {
    status: StatusCode,
    location: String,
    /// What the browser is told to call the file.
    disposition: String,
    html: String,
}

impl Visitor {
    fn public(house: &House) -> Visitor {
        Visitor { app: house.app.clone(), cookie: String::new(), csrf: String::new() }
    }

    async fn sign_in(house: &House, username: &str, password: &str) -> Visitor {
        let session = log_in(&house.app.db, username, password.into(), monday()).await.unwrap();
        let name = format!("gongkai_{}", &secrets::digest("reporting-test")[..8]);
        Visitor {
            app: house.app.clone(),
            cookie: format!("{name}={}", session.token),
            csrf: secrets::digest(&format!("csrf {}", session.token)),
        }
    }

    async fn get(&self, path: &str) -> Page {
        let request = Request::get(path).header("cookie", &self.cookie).body(Body::empty()).unwrap();
        self.send(request).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut body = format!("csrf={}", self.csrf);
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", encode(value)));
        }
        let request = Request::post(path)
            .header("cookie", &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    async fn send(&self, request: Request<Body>) -> Page {
        let response = site(self.app.clone()).oneshot(request).await.unwrap();
        let status = response.status();
        let header = |name| response.headers().get(name).map_or("", |to| to.to_str().unwrap()).to_owned();
        let (location, disposition) = (header("location"), header("content-disposition"));
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Page { status, location, disposition, html: String::from_utf8_lossy(&body).into_owned() }
    }
}

impl Page {
    #[track_caller]
    fn shows(&self, words: &[&str]) -> &Page {
        for word in words {
            let main = self.html.split("<main").nth(1).unwrap_or(&self.html);
            let beginning: String = main.chars().take(1500).collect();
            assert!(self.html.contains(word), "{} lacks {word:?}:\n{beginning}", self.status);
        }
        self
    }

    #[track_caller]
    fn is(&self, status: StatusCode) -> &Page {
        assert_eq!(self.status, status, "{}", self.html);
        self
    }
}

/// What article 50 asks of a town: assessment, public opinion, accountability.
const SUPERVISION: &str =
    "工作考核：接受区政府考核。社会评议：没有收到不满意评价。责任追究：没有被追究责任的情况。";

#[tokio::test]
async fn a_number_of_the_report_opens_its_records() {
    let house = house().await;
    let officer = Visitor::sign_in(&house, &house.town_officer, "a long password").await;

    let wrong =
        [("kind", "penalty"), ("reference", ""), ("subject", "占道经营"), ("decided_on", "2026-13-01")];
    let page = officer.post("/console/registers/decisions", &wrong).await;
    page.is(StatusCode::UNPROCESSABLE_ENTITY).shows(&[
        "请填写决定文书号",
        "写成 2026-03-01 的样子",
        "占道经营",
    ]);

    let right = [
        ("kind", "penalty"),
        ("reference", "云罚〔2026〕1号"),
        ("subject", "占道经营"),
        ("decided_on", "2026-03-05"),
    ];
    let page = officer.post("/console/registers/decisions", &right).await;
    page.is(StatusCode::SEE_OTHER);
    officer.get(&page.location).await.is(StatusCode::OK).shows(&["云罚〔2026〕1号", "行政处罚"]);

    let base = "/console/annual-reports/yx/2026";
    let report = officer.get(base).await;
    report.is(StatusCode::OK).shows(&[
        "云溪镇人民政府2026年政府信息公开工作年度报告",
        "截至今日",
        "/console/annual-reports/yx/2026/cells/proactive/penalties/decisions",
        "/console/annual-reports/yx/2026/cells/requests/not_disclosed.state_secret/total",
    ]);
    let cell = officer.get(&format!("{base}/cells/proactive/penalties/decisions")).await;
    cell.is(StatusCode::OK).shows(&["行政处罚，本年处理决定数量：1", "占道经营", "云罚〔2026〕1号"]);
    let zero = officer.get(&format!("{base}/cells/proactive/licenses/decisions")).await;
    zero.is(StatusCode::OK).shows(&[
        "没有符合的记录，所以这个数字是零",
        "云溪镇人民政府2026年1月1日至11月2日（截至今日）作出的行政许可决定，以决定日期计。",
        "查了许可、处罚、强制决定台账中与 2026 年度有关的记录 1 件，符合的有 0。",
    ]);
    officer.get(&format!("{base}/cells/prose/fees/received")).await.is(StatusCode::OK);
    officer.get(&format!("{base}/cells/no/such/cell")).await.is(StatusCode::NOT_FOUND);
    officer.get("/console/annual-reports/yx/2027").await.is(StatusCode::NOT_FOUND);
    officer.get("/console/annual-reports/qh/2026").await.is(StatusCode::FORBIDDEN);

    let texts = [("supervision", SUPERVISION), ("problems_and_improvements", "更新不够及时。")];
    officer.post(&format!("{base}/texts"), &texts).await.is(StatusCode::SEE_OTHER);
    officer.get(base).await.shows(&[&format!("（五）监督保障情况。{SUPERVISION}"), "校验通过"]);
    let json = officer.get(&format!("{base}/download/json")).await;
    let value: serde_json::Value = serde_json::from_str(&json.html).unwrap();
    assert_eq!(value["proactive"]["penalties"]["decisions"], 1);
    assert_eq!(value["requests"]["not_processed.repeated"]["total"], 0);
    let word = officer.get(&format!("{base}/download/docx")).await;
    word.is(StatusCode::OK);
    let named = encode("云溪镇人民政府2026年政府信息公开工作年度报告.docx");
    assert!(word.html.starts_with("PK"));
    assert_eq!(word.disposition.split("UTF-8''").nth(1), Some(named.as_str()), "{}", word.disposition);
    officer.get(&format!("{base}/download/exe")).await.is(StatusCode::NOT_FOUND);
    officer.get(&format!("{base}/print")).await.is(StatusCode::OK).shows(&["<table", "更新不够及时。"]);

    officer
        .post(&format!("{base}/draft"), &[])
        .await
        .is(StatusCode::CONFLICT)
        .shows(&["2026 年还没有结束", "公开目录里没有"]);
    let mut tx = house.app.db.begin(&Actor::Program("test"), monday()).await.unwrap();
    let town = accounts::agency_by_code(tx.conn(), "yx").await.unwrap().unwrap();
    catalogue_line(&mut tx, &town.id).await;
    tx.commit().await.unwrap();
    let last = "/console/annual-reports/yx/2025";
    officer.get(last).await.shows(&["现在还不能送审"]);
    officer.post(&format!("{last}/texts"), &texts).await.is(StatusCode::SEE_OTHER);
    officer
        .post(&format!("{last}/draft"), &[])
        .await
        .is(StatusCode::CONFLICT)
        .shows(&["还没有报送上级主管部门"]);
    officer.post(&format!("{last}/freeze"), &[]).await.is(StatusCode::SEE_OTHER);
    officer.post(&format!("{last}/submissions"), &[]).await.is(StatusCode::SEE_OTHER);
    let head = Visitor::sign_in(&house, &house.town_head, "a long password").await;
    let above = Visitor::sign_in(&house, &house.district_oversight.username, "a long password").await;
    let page = officer.get(last).await;
    let sent = page.html.split("href=\"").find(|rest| rest.starts_with(&format!("{last}/submissions/")));
    let sent = sent.unwrap().split('"').next().unwrap();
    head.post(&format!("{sent}/approve"), &[]).await.is(StatusCode::SEE_OTHER);
    above.post(&format!("{sent}/accept"), &[]).await.is(StatusCode::SEE_OTHER);
    officer.get(last).await.shows(&["起草公开", "上级通过"]);
    let drafted = officer.post(&format!("{last}/draft"), &[]).await;
    drafted.is(StatusCode::SEE_OTHER);
    assert!(drafted.location.starts_with("/console/entries/"), "{}", drafted.location);
    let entry = drafted.location.clone();
    officer.get(last).await.is(StatusCode::OK).shows(&["起草中", &entry]);

    // The oversight officer above reads it and does not write it.
    let above = Visitor::sign_in(&house, &house.district_oversight.username, "a long password").await;
    above.get("/console/annual-reports?year=2026").await.shows(&["云溪镇人民政府", "校验通过"]);
    let read = above.get(base).await;
    read.is(StatusCode::OK);
    assert!(!read.html.contains("name=\"supervision\""));
    above.post(&format!("{base}/texts"), &texts).await.is(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_letter_is_written_answered_and_read() {
    let house = house().await;
    let citizen = Visitor::public(&house);
    citizen.get("/interaction").await.is(StatusCode::OK).shows(&["/requests"]);
    citizen.get("/interaction/letters?kind=mailbox").await.is(StatusCode::OK).shows(&["云溪镇人民政府"]);
    let half =
        [("kind", "mailbox"), ("subject", "路灯"), ("body", "申请公开路灯采购合同"), ("contact", "不留")];
    citizen.post("/interaction/letters", &half).await.is(StatusCode::UNPROCESSABLE_ENTITY).shows(&[
        "请填写姓名",
        "联系方式应是电话号码或者电子邮箱",
        "请从列表中选择受理机关",
        "这不是政府信息公开申请，请作为来信办理",
        "申请公开路灯采购合同",
    ]);
    let whole = [
        ("kind", "mailbox"),
        ("agency_id", "yx"),
        ("subject", "路灯"),
        ("body", "云水路的路灯不亮。"),
        ("person_name", "何小舟"),
        ("contact", "0000-8800 1234"),
    ];
    let receipt = citizen.post("/interaction/letters", &whole).await;
    receipt.is(StatusCode::OK).shows(&["M2026-00001"]);
    let code = receipt.html.split("查询码</dt><dd><strong>").nth(1).unwrap()[..12].to_owned();
    let key = [("number", "m2026-00001"), ("query_code", &code)];
    citizen
        .post("/interaction/track", &key)
        .await
        .is(StatusCode::OK)
        .shows(&["云水路的路灯不亮。", "办理中"]);
    let guess = [("number", "M2026-00001"), ("query_code", "AAAAAAAAAAAA")];
    let refused = citizen.post("/interaction/track", &guess).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).shows(&["编号或者查询码不正确"]);
    assert!(!refused.html.contains("路灯"));

    let officer = Visitor::sign_in(&house, &house.town_officer, "a long password").await;
    let list = officer.get("/console/interaction").await;
    list.is(StatusCode::OK).shows(&["M2026-00001", "2026-12-02 前答复"]);
    let href = list.html.split("href=\"/console/interaction/").find(|s| s.starts_with("0")).unwrap();
    let href = format!("/console/interaction/{}", href.split('"').next().unwrap());
    officer.get(&href).await.is(StatusCode::OK).shows(&["云水路的路灯不亮。", "0000-8800 1234"]);
    officer
        .post(&format!("{href}/reply"), &[("reply", " ")])
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .shows(&["请填写答复内容"]);
    officer.post(&format!("{href}/reply"), &[("reply", "已修好。")]).await.is(StatusCode::SEE_OTHER);
    citizen.post("/interaction/track", &key).await.is(StatusCode::OK).shows(&["已修好。", "已答复"]);

    // It counts in part one of the report.
    officer
        .get("/console/annual-reports/yx/2026")
        .await
        .shows(&["收到公众来信1件，其中网上信箱1件，已答复1件"]);
    officer
        .get("/console/annual-reports/yx/2026/cells/prose/letters/mailbox")
        .await
        .is(StatusCode::OK)
        .shows(&["M2026-00001 路灯"]);

    let call =
        [("person_name", "周敏"), ("contact", "0000-88001235"), ("subject", "水压"), ("body", "水压低。")];
    officer.post("/console/interaction/calls", &call).await.is(StatusCode::OK).shows(&["M2026-00002"]);
}

#[tokio::test]
async fn what_oversight_demands_is_answered_and_closed() {
    let house = house().await;
    let above = Visitor::sign_in(&house, &house.district_oversight.username, "a long password").await;
    let officer = Visitor::sign_in(&house, &house.town_officer, "a long password").await;
    above.get("/console/oversight").await.is(StatusCode::OK).shows(&[
        "云溪镇人民政府",
        "/console/oversight/figures/yx/overdue_requests",
        "没有正在进行的整改",
    ]);
    let figure = "/console/oversight/figures/yx/overdue_requests";
    above.get(figure).await.is(StatusCode::OK).shows(&["没有符合的记录，所以这个数字是零"]);
    officer.get(figure).await.is(StatusCode::FORBIDDEN);
    above
        .post(figure, &[("demand", ""), ("due_on", "2026-11-01")])
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .shows(&["请填写整改要求", "整改期限应晚于今天"]);
    let made = above.post(figure, &[("demand", "请逐件答复。"), ("due_on", "2026-11-20")]).await;
    made.is(StatusCode::SEE_OTHER);

    officer.get("/console/oversight").await.is(StatusCode::SEE_OTHER);
    officer.get("/console/oversight/rectifications").await.shows(&["请逐件答复。", "待整改"]);
    officer.get(&made.location).await.is(StatusCode::OK).shows(&["反馈整改情况"]);
    officer.post(&format!("{}/close", made.location), &[]).await.is(StatusCode::FORBIDDEN);
    officer
        .post(&format!("{}/answer", made.location), &[("answer", "已全部答复。")])
        .await
        .is(StatusCode::SEE_OTHER);
    above.get(&made.location).await.shows(&["已全部答复。", "核实无误，办结"]);
    above.post(&format!("{}/close", made.location), &[]).await.is(StatusCode::SEE_OTHER);
    officer.get(&made.location).await.shows(&["已办结"]);
}

#[tokio::test]
async fn the_audit_page_tells_who_did_what_and_whether_the_chain_is_whole() {
    let house = house().await;
    let officer = Visitor::sign_in(&house, &house.town_officer, "a long password").await;
    let fee = [("item", "占道费"), ("amount", "12.5"), ("collected_on", "2026-10-01")];
    officer.post("/console/registers/fees", &fee).await.is(StatusCode::SEE_OTHER);
    officer.get("/console/audit").await.is(StatusCode::FORBIDDEN);

    let leader = Visitor::sign_in(&house, &house.district_leader.username, "a long password").await;
    let changes = leader.get("/console/audit?agency=yx").await;
    changes.is(StatusCode::OK).shows(&["登记收费", "何小舟", "云溪镇人民政府"]);
    let href =
        changes.html.split("href=\"/console/audit/records/").nth(1).unwrap().split('"').next().unwrap();
    leader.get(&format!("/console/audit/records/{href}")).await.is(StatusCode::OK);
    leader.get("/console/audit/records/none").await.is(StatusCode::NOT_FOUND);
    leader.get("/console/audit?agency=none").await.is(StatusCode::NOT_FOUND);
    leader.get("/console/audit/chain").await.is(StatusCode::OK).shows(&["逐条相连"]);
}

#[tokio::test]
async fn the_administrator_keeps_accounts_here_and_below() {
    let house = house().await;
    let admin = Visitor::sign_in(&house, &house.district_admin.username, "a long password").await;
    let wrong = [("agency", "yx"), ("username", "A B"), ("name", ""), ("password", "short")];
    admin.post("/console/accounts", &wrong).await.is(StatusCode::UNPROCESSABLE_ENTITY).shows(&[
        "请填写姓名",
        "用户名只能用",
        "密码至少 10 个字符",
        "请至少选择一个角色",
    ]);
    let right = [
        ("agency", "yx"),
        ("username", "yx.head"),
        ("name", "周敏"),
        ("title", "主任"),
        ("password", "another password"),
        ("role", "section_head"),
        ("role", "leader"),
    ];
    admin.post("/console/accounts", &right).await.is(StatusCode::SEE_OTHER);
    admin.get("/console/accounts?agency=yx").await.shows(&["周敏", "科室负责人、分管领导"]);

    let head = Visitor::sign_in(&house, "yx.head", "another password").await;
    head.get("/console").await.is(StatusCode::OK);
    admin.post("/console/accounts/yx.head/stop", &[]).await.is(StatusCode::SEE_OTHER);
    head.get("/console").await.is(StatusCode::SEE_OTHER);
    admin.get("/console/accounts/yx.head").await.shows(&["已停用", "恢复账号"]);
    admin.post("/console/accounts/yx.head/restore", &[]).await.is(StatusCode::SEE_OTHER);
    admin
        .post("/console/accounts/yx.head/password", &[("password", "short")])
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .shows(&["密码至少 10 个字符"]);
    let new = [("password", "a third password")];
    admin.post("/console/accounts/yx.head/password", &new).await.is(StatusCode::SEE_OTHER);
    Visitor::sign_in(&house, "yx.head", "a third password").await;

    let own = format!("/console/accounts/{}/stop", house.district_admin.username);
    admin.post(&own, &[]).await.is(StatusCode::CONFLICT).shows(&["不能停用自己的账号"]);
    admin.get("/console/accounts/nobody").await.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_year_is_frozen_and_shows_what_moved() {
    let house = house().await;
    let officer = Visitor::sign_in(&house, &house.town_officer, "a long password").await;
    let penalty = |reference: &'static str| {
        [("kind", "penalty"), ("reference", reference), ("subject", "占道经营"), ("decided_on", "2025-03-05")]
    };
    officer.post("/console/registers/decisions", &penalty("云罚〔2025〕1号")).await.is(StatusCode::SEE_OTHER);
    let base = "/console/annual-reports/yx/2025";
    officer.get(base).await.shows(&["冻结年终数据"]);
    officer.post(&format!("{base}/freeze"), &[]).await.is(StatusCode::SEE_OTHER);
    officer.get(base).await.is(StatusCode::OK).shows(&["SHA-256", "冻结以后台账没有变动"]);
    let body = officer.get(&format!("{base}/snapshot")).await;
    let value: serde_json::Value = serde_json::from_str(&body.html).unwrap();
    assert_eq!(value["figures"]["proactive/penalties/decisions"]["count"], 1);

    officer.post("/console/registers/decisions", &penalty("云罚〔2025〕2号")).await.is(StatusCode::SEE_OTHER);
    officer.get(base).await.shows(&["台账有变动的数字　1 处", "云罚〔2025〕2号", "台账 2", "重新冻结"]);
    let cell = officer.get(&format!("{base}/cells/proactive/penalties/decisions")).await;
    cell.shows(&["本年处理决定数量：1", "云罚〔2025〕1号"]);
    let blank = officer.post(&format!("{base}/freeze"), &[("reason", " ")]).await;
    blank.is(StatusCode::UNPROCESSABLE_ENTITY).shows(&["请写明原因"]);
    let again = [("reason", "三月的处罚决定补登")];
    officer.post(&format!("{base}/freeze"), &again).await.is(StatusCode::SEE_OTHER);
    officer.get(base).await.shows(&["第 2 次", "三月的处罚决定补登", "第 1 次", "冻结以后台账没有变动"]);
    let oversight = Visitor::sign_in(&house, &house.district_oversight.username, "a long password").await;
    oversight.post(&format!("{base}/freeze"), &again).await.is(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_figure_that_must_differ_needs_a_second_person() {
    let house = house().await;
    let officer = Visitor::sign_in(&house, &house.town_officer, "a long password").await;
    let head = Visitor::sign_in(&house, &house.town_head, "a long password").await;
    let base = "/console/annual-reports/yx/2025";
    let cell = format!("{base}/cells/remedies/reconsideration/upheld");
    officer.post(&format!("{base}/freeze"), &[]).await.is(StatusCode::SEE_OTHER);
    officer.get(&cell).await.shows(&["报告须与台账不同"]);
    let propose = format!("{base}/adjustments");
    let typed = |value: &'static str, reason: &'static str| {
        [("cell", "remedies/reconsideration/upheld"), ("value", value), ("reason", reason)]
    };
    let wrong = officer.post(&propose, &typed("一", "")).await;
    wrong.is(StatusCode::UNPROCESSABLE_ENTITY).shows(&["不小于零的整数", "请填写原因", "value=\"一\""]);
    let page = officer.post(&propose, &typed("1", "复议决定由区政府办代收")).await;
    page.is(StatusCode::SEE_OTHER);
    officer.get(&page.location).await.shows(&["待另一人确认", "复议决定由区政府办代收", "结果维持：0"]);
    let seen = head.get(base).await;
    seen.shows(&["与台账不同的数字　1 处", "确认这项调整"]);
    let action = seen.html.split("action=\"").find_map(|rest| {
        let action = rest.split('"').next().unwrap_or_default();
        action.ends_with("/confirm").then(|| action.to_owned())
    });
    let action = action.expect("a form to confirm");
    officer.post(&action, &[]).await.is(StatusCode::FORBIDDEN);
    head.post(&action, &[]).await.is(StatusCode::SEE_OTHER);
    officer.get(&cell).await.shows(&["结果维持：1", "台账为 0，经调整报告写 1", "林晓禾"]);
    officer.get(base).await.shows(&["台账 0，已调整"]);
    let total = officer.get(&format!("{base}/cells/remedies/reconsideration/total")).await;
    total.shows(&["总计：1", "台账为 0，经调整报告写 1"]);
    let end = action.replace("/confirm", "/end");
    officer.post(&end, &[("reason", "已补登")]).await.is(StatusCode::SEE_OTHER);
    officer.get(&cell).await.shows(&["结果维持：0"]);
}

/// The address of a form whose action ends so.
fn action(page: &Page, ends_with: &str) -> String {
    let actions = page.html.split("action=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
    let found = actions.into_iter().find(|action| action.ends_with(ends_with));
    found.unwrap_or_else(|| panic!("no form to {ends_with} in {}", page.html)).to_owned()
}

async fn a_penalty_in_the_register(officer: &Visitor) {
    let penalty = [
        ("kind", "penalty"),
        ("reference", "云罚〔2025〕1号"),
        ("subject", "占道经营"),
        ("decided_on", "2025-03-05"),
    ];
    officer.post("/console/registers/decisions", &penalty).await.is(StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_report_is_checked_submitted_returned_and_accepted() {
    let house = house().await;
    let officer = Visitor::sign_in(&house, &house.town_officer, "a long password").await;
    let head = Visitor::sign_in(&house, &house.town_head, "a long password").await;
    let oversight = Visitor::sign_in(&house, &house.district_oversight.username, "a long password").await;
    let base = "/console/annual-reports/yx/2025";
    officer.get(base).await.shows(&["现在还不能送审", "2026-01-31 前报送并公开", "第四十九条第一款"]);
    let early = officer.post(&format!("{base}/submissions"), &[]).await;
    early.is(StatusCode::CONFLICT).shows(&["还没有冻结", "第五部分：存在的主要问题及改进情况还没有写"]);
    officer.post(&format!("{base}/freeze"), &[]).await.is(StatusCode::SEE_OTHER);
    let texts = [("supervision", SUPERVISION), ("problems_and_improvements", "更新不够及时。")];
    officer.post(&format!("{base}/texts"), &texts).await.is(StatusCode::SEE_OTHER);
    a_penalty_in_the_register(&officer).await;
    let page = officer.get(base).await;
    page.shows(&["还有 1 处警告没有说明", "冻结以后台账有 1 处变动"]);
    let mark = page
        .html
        .split("name=\"fingerprint\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let verdict = [("fingerprint", mark.as_str()), ("verdict", "accepted"), ("reason", "登记有误，另行更正")];
    officer.post(&format!("{base}/verdicts"), &verdict).await.is(StatusCode::SEE_OTHER);
    officer.get(base).await.shows(&["说明后接受：登记有误，另行更正", "送审报送"]);
    officer.post(&format!("{base}/submissions"), &[]).await.is(StatusCode::SEE_OTHER);

    let report = head.get(base).await;
    let to = report.html.split("href=\"").find_map(|rest| {
        let href = rest.split('"').next().unwrap_or_default();
        href.contains("/submissions/").then(|| href.to_owned())
    });
    let to = to.expect("a link to the submission");
    let page = head.get(&to).await;
    page.is(StatusCode::OK).shows(&["SHA-256", "同意并报送", "登记有误，另行更正", "更新不够及时。"]);
    officer.post(&format!("{to}/approve"), &[]).await.is(StatusCode::FORBIDDEN);
    head.post(&action(&page, "/approve"), &[]).await.is(StatusCode::SEE_OTHER);
    officer.get(&to).await.shows(&["回执号", "NB-2026-0001", "已报送，待接收"]);
    head.post(&format!("{to}/accept"), &[]).await.is(StatusCode::FORBIDDEN);
    let list = oversight.get("/console/annual-reports/submissions?year=2025").await;
    list.is(StatusCode::OK).shows(&[
        "云溪镇人民政府",
        "逾期 275 天报送",
        "NB-2026-0001",
        "2026-03-31 前公布",
    ]);
    let page = oversight.get(&to).await;
    let blank = oversight.post(&action(&page, "/return"), &[("opinion", " ")]).await;
    blank.is(StatusCode::CONFLICT).shows(&["请填写退回意见"]);
    oversight.post(&format!("{to}/return"), &[("opinion", "请写明整改时限")]).await.is(StatusCode::SEE_OTHER);
    officer.get(base).await.shows(&["上级退回", "请写明整改时限", "送审报送"]);
    officer.get("/console/annual-reports/submissions").await.is(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_text_stays_linked_to_the_ledger_in_its_editor() {
    let house = house().await;
    let officer = Visitor::sign_in(&house, &house.town_officer, "a long password").await;
    let base = "/console/annual-reports/yx/2025";
    let editor = format!("{base}/texts/problems_and_improvements");
    officer.get(base).await.shows(&["文字部分", "由台账生成", &editor]);
    let page = officer.get(&editor).await;
    page.is(StatusCode::OK).shows(&["{新收申请=0}", "（请填写本年度的实际问题）", "可以插入的数字"]);
    let wrong = officer.post(&editor, &[("body", "处罚{没有}件"), ("then", "save")]).await;
    wrong.is(StatusCode::UNPROCESSABLE_ENTITY).shows(&["没有叫“没有”的联动数字", "处罚{没有}件"]);
    let body = "全年作出行政处罚{行政处罚·本年处理决定数量}件，更新不够及时，三个村的公开栏没有按时张贴，已同村委会约定每月五日前张贴并留照片。";
    officer.post(&editor, &[("body", body), ("then", "save")]).await.is(StatusCode::SEE_OTHER);
    officer.get(base).await.shows(&["全年作出行政处罚0件，更新不够及时，"]);
    a_penalty_in_the_register(&officer).await;
    let moved = officer.get(&editor).await;
    moved.shows(&["<del>0</del> → <ins>1</ins>", "确认跟随台账", "cells/proactive/penalties/decisions"]);
    officer.get(base).await.shows(&["全年作出行政处罚0件", "1 处数字与台账不同", "台账现在是 1"]);
    officer.post(&format!("{editor}/follow"), &[]).await.is(StatusCode::SEE_OTHER);
    officer.get(base).await.shows(&["全年作出行政处罚1件，更新不够及时，"]);
    // As a template it keeps the names; next year begins with them.
    officer.post(&editor, &[("body", body), ("then", "template")]).await.is(StatusCode::SEE_OTHER);
    let next = officer.get("/console/annual-reports/yx/2026/texts/problems_and_improvements").await;
    next.shows(&["{行政处罚·本年处理决定数量=0}", "带入上年文字"]);
    let last =
        officer.get("/console/annual-reports/yx/2026/texts/problems_and_improvements?from=last-year").await;
    last.shows(&["下面是 2025 年度的文字", "与上年相同"]);
    let head = Visitor::sign_in(&house, &house.town_head, "a long password").await;
    head.get(&editor).await.is(StatusCode::FORBIDDEN);
    // A record of what the office did beside entries and requests counts in section one.
    let activity = [("form", "training"), ("title", "业务培训"), ("done_on", "2025-06-01")];
    officer.post("/console/registers/activities", &activity).await.is(StatusCode::SEE_OTHER);
    officer.get("/console/registers/activities").await.shows(&["业务培训", "2025-06-01"]);
    officer.get(&format!("{base}/cells/prose/activities/training")).await.shows(&["业务培训：1"]);
}

#[tokio::test]
async fn reports_stand_among_the_tasks_with_their_due_day() {
    let house = house().await;
    let officer = Visitor::sign_in(&house, &house.town_officer, "a long password").await;
    let head = Visitor::sign_in(&house, &house.town_head, "a long password").await;
    let oversight = Visitor::sign_in(&house, &house.district_oversight.username, "a long password").await;
    let base = "/console/annual-reports/yx/2025";
    officer.get("/console").await.shows(&["待编制送审", "2026-01-31 到期，逾期 275 天", base]);
    officer.post(&format!("{base}/freeze"), &[]).await.is(StatusCode::SEE_OTHER);
    let texts = [("supervision", SUPERVISION), ("problems_and_improvements", "更新不够及时。")];
    officer.post(&format!("{base}/texts"), &texts).await.is(StatusCode::SEE_OTHER);
    officer.post(&format!("{base}/submissions"), &[]).await.is(StatusCode::SEE_OTHER);
    let page = head.get("/console").await;
    page.shows(&["待审核报送", "云溪镇人民政府2025年度报告"]);
    let to = page.html.split("href=\"").find_map(|rest| {
        let href = rest.split('"').next().unwrap_or_default();
        href.contains("/submissions/").then(|| href.to_owned())
    });
    let to = to.expect("the task leads to the submission");
    head.post(&format!("{to}/approve"), &[]).await.is(StatusCode::SEE_OTHER);
    oversight.get("/console").await.shows(&["待接收", &to]);
    oversight.post(&format!("{to}/return"), &[("opinion", "请写明时限")]).await.is(StatusCode::SEE_OTHER);
    officer.get("/console").await.shows(&["被退回，待修改：请写明时限"]);
}

#[tokio::test]
async fn published_figures_are_summed_over_chosen_agencies_and_years() {
    let house = house().await;
    let bureau = office(&house.app.db, "cz", AgencyKind::Bureau).await;
    for (year, received) in [(2023, 4), (2025, 5)] {
        let mut report = Report::new(&bureau.agency.name, year);
        for row in ["received", "disclosed"] {
            let cell = format!("requests/{row}/natural_person").parse().unwrap();
            report.set_count(cell, received).unwrap();
        }
        report.derive_totals();
        report
            .set_section(Part::Overview, "主动公开、依申请公开、政府信息管理、平台建设、监督保障情况良好。");
        report.set_section(Part::ProblemsAndImprovements, "更新不够及时，已明确专人。");
        report.set_section(Part::OtherMatters, "未发出收费通知，未收取信息处理费。");
        let title = format!("{}{year}年政府信息公开工作年度报告", bureau.agency.name);
        let draft = Draft {
            body: write::body_html(&report),
            genre: Genre::AnnualReport.code().into(),
            ..complete_draft(&title)
        };
        let (_, review) = submitted(&house.app.db, &bureau, &draft).await;
        signed_by_all(&house.app.db, &bureau, &review).await;
    }
    let above = Visitor::sign_in(&house, &bureau.oversight_officer.username, "a long password").await;
    let address = "/console/oversight/annual-reports/sums";
    let all = above.get(&format!("{address}?from=2023&to=2025")).await;
    all.is(StatusCode::OK).shows(&["2023 年（1 份）", "2025 年（1 份）", ">9</td>"]);
    let one = above.get(&format!("{address}?from=2025&to=2025&agency=cz")).await;
    one.shows(&["2025 年（1 份）", ">5</td>"]);
    assert!(!one.html.contains("2023 年（") && !one.html.contains(">9</td>"));
    above.get(&format!("{address}?from=2025&to=2025&agency=none")).await.shows(&["没有可以相加的报告"]);
    above.get(&format!("{address}?from=2025&to=2023")).await.shows(&["起始年份在截止年份之后"]);
    let officer = Visitor::sign_in(&house, &house.town_officer, "a long password").await;
    officer.get(address).await.is(StatusCode::FORBIDDEN);
}
