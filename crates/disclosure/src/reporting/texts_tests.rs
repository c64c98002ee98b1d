//! Texts that stay linked to the ledger, their templates, and verdicts that last.

use gongkai_report::{Section, Severity};
use jiff::civil::date;

use super::actions::{
    NewActivity, NewDecision, add_activity, add_decision, follow_ledger, judge, save_template, save_text,
};
use super::tests::{add_request, agency_with_officer, town_below};
use super::{ReportingRefusal as R, TextPart, gather, own_check};
use crate::accounts::Staff;
use crate::db::{Db, Tx, testing};
use crate::error::Failure;

const PART: TextPart = TextPart::ProblemsAndImprovements;

async fn begin(db: &Db, staff: &Staff) -> Tx {
    db.begin(&staff.actor(), "2026-01-10T01:00:00Z".parse().unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_figure_stays_linked_and_follows_when_confirmed() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, officer) = agency_with_officer(db).await;
        let today = date(2026, 1, 10);
        let mut tx = begin(db, &officer).await;
        add_request(&mut tx, &agency, "R1", Some("2025-03-01"), Some("2025-03-20"), Some("not_held")).await;
        let wrong = save_text(&mut tx, &officer, &agency, 2025, PART, "申请{新收的}件。").await;
        assert!(matches!(wrong, Err(Failure::Refused(r)) if r == [R::UnknownFigure("新收的".into())]));
        let text = "全年新收申请{新收申请}件，还有不足；无法提供{无法提供}件。";
        save_text(&mut tx, &officer, &agency, 2025, PART, text).await.unwrap();
        let ledger = gather(tx.conn(), &agency, 2025, today).await.unwrap().unwrap();
        let stored = &ledger.texts[&PART];
        assert_eq!(stored, "全年新收申请{新收申请=1}件，还有不足；无法提供{无法提供=1}件。");
        let printed = |ledger: &super::YearLedger| {
            ledger.report().sections.text(Section::ProblemsAndImprovements).unwrap()
        };
        assert_eq!(printed(&ledger), "全年新收申请1件，还有不足；无法提供1件。");

        // The ledger moves: the text stays, both are told, the report stays in the house.
        add_request(&mut tx, &agency, "R2", Some("2025-05-01"), Some("2025-05-20"), Some("provided")).await;
        let ledger = gather(tx.conn(), &agency, 2025, today).await.unwrap().unwrap();
        let moved = ledger.moved(&ledger.texts[&PART]);
        assert_eq!(moved.len(), 1);
        assert_eq!((moved[0].said.as_str(), moved[0].now.as_str()), ("1", "2"));
        assert_eq!(moved[0].sentence, "全年新收申请1件，还有不足；");
        let check = own_check(tx.conn(), &ledger, today).await.unwrap();
        let told: Vec<_> = check.items.iter().filter(|item| item.rule == "text-figure-moved").collect();
        assert_eq!((told.len(), told[0].severity, told[0].part), (1, Severity::Error, Some(PART)));
        assert!(printed(&ledger).contains("新收申请1件"), "it does not change by itself");

        assert_eq!(follow_ledger(&mut tx, &officer, &agency, 2025, PART).await.unwrap(), 1);
        let ledger = gather(tx.conn(), &agency, 2025, today).await.unwrap().unwrap();
        assert_eq!(printed(&ledger), "全年新收申请2件，还有不足；无法提供1件。");
        let again = follow_ledger(&mut tx, &officer, &agency, 2025, PART).await;
        assert!(matches!(again, Err(Failure::Refused(r)) if r == [R::NothingMoved]));
        // A number that is typed is no figure: the rules for reports look at it.
        let typed = "2025年收到政府信息公开申请9件。";
        save_text(&mut tx, &officer, &agency, 2025, TextPart::RequestsOverview, typed).await.unwrap();
        let ledger = gather(tx.conn(), &agency, 2025, today).await.unwrap().unwrap();
        let check = own_check(tx.conn(), &ledger, today).await.unwrap();
        assert!(
            check.items.iter().any(|item| item.severity == Severity::Error && item.message.contains('9')),
            "{:#?}",
            check.items
        );
    }
}

#[tokio::test]
async fn a_text_begins_with_the_agencys_template_from_the_year_it_holds() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, officer) = agency_with_officer(db).await;
        let (town, town_officer) = town_below(db, &agency).await;
        let today = date(2026, 1, 10);
        let mut tx = begin(db, &officer).await;
        add_request(&mut tx, &town, "R1", Some("2025-03-01"), None, None).await;
        let beginning = |ledger: super::YearLedger| ledger.beginning(TextPart::Supervision);
        let ledger = gather(tx.conn(), &town, 2025, today).await.unwrap().unwrap();
        assert!(beginning(ledger).starts_with("组织业务培训{业务培训=0}次"), "the common one");
        let body = "全年新收申请{新收申请=7}件。工作考核：（请填写）。";
        save_template(&mut tx, &officer, &agency, 2025, TextPart::Supervision, body).await.unwrap();
        let ledger = gather(tx.conn(), &town, 2025, today).await.unwrap().unwrap();
        assert_eq!(beginning(ledger), "全年新收申请{新收申请=1}件。工作考核：（请填写）。", "from above");
        let ledger = gather(tx.conn(), &town, 2024, today).await.unwrap().unwrap();
        assert!(beginning(ledger).starts_with("组织业务培训"), "not before its year");
        tx.acting_as(&town_officer.actor(), "2026-01-10T02:00:00Z".parse().unwrap());
        let own = "本镇结转{结转下年申请}件。";
        save_template(&mut tx, &town_officer, &town, 2025, TextPart::Supervision, own).await.unwrap();
        let ledger = gather(tx.conn(), &town, 2025, today).await.unwrap().unwrap();
        assert_eq!(beginning(ledger), "本镇结转{结转下年申请=1}件。", "its own comes first");
        let foreign = save_template(&mut tx, &town_officer, &agency, 2025, PART, own).await;
        assert!(matches!(foreign, Err(Failure::Refused(r)) if r == [R::Forbidden]));
        // What nobody wrote out does not leave the house.
        save_text(&mut tx, &town_officer, &town, 2025, PART, "存在的问题：（请填写）。").await.unwrap();
        let ledger = gather(tx.conn(), &town, 2025, today).await.unwrap().unwrap();
        let check = own_check(tx.conn(), &ledger, today).await.unwrap();
        assert!(check.items.iter().any(|item| item.rule == "text-to-fill"));
    }
}

#[tokio::test]
async fn section_one_counts_what_the_office_did() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, officer) = agency_with_officer(db).await;
        let mut tx = begin(db, &officer).await;
        for (form, title) in [
            ("interpreted_in_charts", "一图读懂"),
            ("interpreted_in_text", "问答"),
            ("interpreted_in_text", "起草说明"),
            ("notice_board", "张贴低保名单"),
            ("training", "年中培训"),
            ("meeting", "半年调度会"),
        ] {
            let new = NewActivity {
                agency_id: agency.id.clone(),
                form: form.into(),
                title: title.into(),
                note: String::new(),
                done_on: "2025-06-01".into(),
            };
            add_activity(&mut tx, &officer, new).await.unwrap();
        }
        let wrong = NewActivity { agency_id: agency.id.clone(), ..NewActivity::default() };
        let refused = add_activity(&mut tx, &officer, wrong).await;
        assert!(matches!(refused, Err(Failure::Refused(r)) if r.len() == 3));
        save_text(&mut tx, &officer, &agency, 2025, TextPart::Supervision, "社会评议良好。").await.unwrap();
        let ledger = gather(tx.conn(), &agency, 2025, date(2026, 1, 10)).await.unwrap().unwrap();
        let overview = ledger.report().sections.text(Section::Overview).unwrap();
        for words in [
            "发布政策解读：文字解读2件、图表图解1件。",
            "同时通过其他渠道公开：公告栏和信息屏1次。",
            "组织业务培训1次，召开工作会议1次。社会评议良好。",
        ] {
            assert!(overview.contains(words), "{words} is not in {overview}");
        }
        let charts = "prose/activities/interpreted_in_charts".parse().unwrap();
        assert_eq!(ledger.records(&charts)[0].title, "一图读懂");
    }
}

#[tokio::test]
async fn a_verdict_outlives_every_run_until_its_own_inputs_change() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, officer) = agency_with_officer(db).await;
        let today = date(2026, 1, 10);
        let mut tx = begin(db, &officer).await;
        super::actions::freeze(&mut tx, &officer, &agency, 2025, "").await.unwrap();
        let late = |reference: &str| NewDecision {
            agency_id: agency.id.clone(),
            kind: "penalty".into(),
            reference: reference.into(),
            subject: "占道经营".into(),
            decided_on: "2025-06-01".into(),
        };
        add_decision(&mut tx, &officer, late("1")).await.unwrap();
        let ledger = gather(tx.conn(), &agency, 2025, today).await.unwrap().unwrap();
        let check = own_check(tx.conn(), &ledger, today).await.unwrap();
        let mark = check.items.iter().find(|item| item.rule == "changed-after-freeze").unwrap();
        let mark = mark.fingerprint.clone();
        judge(&mut tx, &officer, &agency, 2025, &mark, "accepted", "送达在次年").await.unwrap();
        tx.commit().await.unwrap();

        // Other things change: texts, another year, another register.
        let mut tx = begin(db, &officer).await;
        save_text(&mut tx, &officer, &agency, 2025, PART, "更新不够及时。").await.unwrap();
        add_request(&mut tx, &agency, "R1", Some("2026-01-05"), None, None).await;
        let ledger = gather(tx.conn(), &agency, 2025, today).await.unwrap().unwrap();
        let check = own_check(tx.conn(), &ledger, today).await.unwrap();
        let item = check.items.iter().find(|item| item.fingerprint == mark).expect("still the same finding");
        assert!(!item.is_open(), "the verdict stands");
        assert_eq!(item.verdict.as_ref().unwrap().reason, "送达在次年");
        // Its own inputs change.
        add_decision(&mut tx, &officer, late("2")).await.unwrap();
        let check = own_check(tx.conn(), &ledger, today).await.unwrap();
        assert!(!check.items.iter().any(|item| item.fingerprint == mark));
        assert!(check.items.iter().any(|item| item.rule == "changed-after-freeze" && item.is_open()));
    }
}
